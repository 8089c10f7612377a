/* SPDX-License-Identifier: Apache-2.0 */
/* Plays the steps of a file against the emulator. */
#include "tests/providers/play_actions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const char *play_text(yyjson_val *step, const char *name)
{
    const char *text = yyjson_get_str(yyjson_obj_get(step, name));

    return text ? text : "";
}

void play_open(struct play *play, const char *path, bool http)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    yyjson_read_err why;

    memset(play, 0, sizeof(*play));
    play->file = yyjson_read_file(path, 0, NULL, &why);
    if (!play->file)
        fail_msg("%s, byte %zu: %s", path, why.pos, why.msg);
    play->root = yyjson_doc_get_root(play->file);
    play->provider = play_text(play->root, "provider");
    play->saved = yyjson_mut_doc_new(NULL);
    assert_non_null(play->saved);
    yyjson_mut_doc_set_root(play->saved, yyjson_mut_obj(play->saved));
    options.provider = play->provider;
    options.region = *play_text(play->root, "region") ? play_text(play->root, "region") : NULL;
    options.attempts = 1;
    emulated_open(&play->emulated, http, &options);
    play->result = (struct cloud_result)CLOUD_RESULT_INIT;
}

void play_close(struct play *play)
{
    cloud_result_clear(&play->result);
    emulated_close(&play->emulated);
    yyjson_mut_doc_free(play->saved);
    yyjson_doc_free(play->file);
}

static const char *saved(struct play *play, const char *name, size_t len)
{
    const char *text =
        yyjson_mut_get_str(yyjson_mut_obj_getn(yyjson_mut_doc_get_root(play->saved), name, len));

    if (!text)
        fail_msg("no earlier step saved $%.*s", (int)len, name);
    return text;
}

char *play_parameters(struct play *play, yyjson_val *step, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    yyjson_val *object = yyjson_obj_get(step, name);
    char *text = object ? yyjson_val_write(object, 0, NULL) : strdup("{}");
    cc_auto_buf struct cc_buf out = { 0 };

    assert_non_null(text);
    for (const char *at = text; *at;) {
        size_t plain = strcspn(at, "$"), len;

        cc_buf_add(&out, at, plain);
        at += plain;
        if (!*at)
            break;
        len = strspn(at + 1, letters);
        cc_buf_puts(&out, saved(play, at + 1, len));
        at += 1 + len;
    }
    free(text);
    cc_buf_puts(&out, "");
    assert_false(out.failed);
    return cc_buf_take(&out);
}

int play_invoke(struct play *play, const char *action, const char *parameters)
{
    return cloud_invoke(play->emulated.client, action, parameters, &play->result, &play->err);
}

static char *scalar(yyjson_val *value)
{
    char digits[40];

    if (yyjson_is_str(value))
        return strdup(yyjson_get_str(value));
    snprintf(digits, sizeof(digits), "%lld", (long long)yyjson_get_sint(value));
    return yyjson_is_int(value) ? strdup(digits) : NULL;
}

static void save_value(struct play *play, const char *name, const char *text)
{
    yyjson_mut_obj_put(yyjson_mut_doc_get_root(play->saved), yyjson_mut_strcpy(play->saved, name),
                       yyjson_mut_strcpy(play->saved, text));
}

void play_save(struct play *play, yyjson_val *step)
{
    yyjson_doc *data = yyjson_read(play->result.json, strlen(play->result.json), 0);
    yyjson_obj_iter iter;
    yyjson_val *key;

    yyjson_obj_iter_init(yyjson_obj_get(step, "save"), &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        yyjson_val *path = yyjson_obj_iter_get_val(key);
        cc_auto_free char *text = scalar(yyjson_doc_ptr_get(data, yyjson_get_str(path)));

        if (!text)
            fail_msg("%s: no %s in %s", play_text(step, "action"), yyjson_get_str(path),
                     play->result.json);
        save_value(play, yyjson_get_str(key), text);
    }
    if (*play_text(step, "save_task")) {
        assert_non_null(play->result.task_id);
        save_value(play, play_text(step, "save_task"), play->result.task_id);
    }
    yyjson_doc_free(data);
}

void play_prepare(struct play *play, yyjson_val *step)
{
    static const char *const controls[] = { "world", "timeline" };

    for (size_t i = 0; i < CC_COUNT(controls); i++) {
        if (yyjson_obj_get(step, controls[i])) {
            cc_auto_free char *text = play_parameters(play, step, controls[i]);

            free(emulated_control(&play->emulated, controls[i], text));
        }
    }
}

void play_advance(struct play *play, yyjson_val *step)
{
    char text[48];

    if (!yyjson_obj_get(step, "advance"))
        return;
    snprintf(text, sizeof(text), "{\"advance_s\":%lld}",
             (long long)yyjson_get_sint(yyjson_obj_get(step, "advance")));
    free(emulated_control(&play->emulated, "clock", text));
}
