/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays exchange files: makes the call, compares each request byte by byte, gives the reply, and
 * compares the result. CLOUD_TEST_REGENERATE=1 rewrites the requests and results; read the
 * difference before you commit it.
 *
 *   provider jdcloud signature=JDCLOUD2 region=cn-south-1
 *   call     stop-instance instance_id=i-1 force=no
 *   --- request
 *   (written by this program: the whole request, signature included)
 *   --- reply 400
 *   {"requestId":"r-7","error":{...}}
 *   --- result
 *   (written by this program: the members of the error or of the result)
 *
 * signature and region may be left out. "--- reply unsent" and "--- reply lost" are failures of the
 * transport.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/result_fields.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/support/fake_transport.h"

struct exchange {
    char *text;  /* the file */
    char *heads; /* its lines before the first section */
    struct fake_reply replies[FAKE_MAX];
    char *names[FAKE_MAX]; /* "400", "unsent" */
    size_t count;
};

static void read_reply(struct exchange *x, char *name, char *body)
{
    struct fake_reply *reply = &x->replies[x->count];

    x->names[x->count++] = name;
    reply->status = atoi(name);
    reply->body = body;
    if (!strcmp(name, "unsent"))
        *reply = (struct fake_reply){ .wire = CC_WIRE_UNSENT, .code = CLOUD_ENETWORK };
    if (!strcmp(name, "lost"))
        *reply = (struct fake_reply){ .wire = CC_WIRE_LOST, .code = CLOUD_ETIMEDOUT };
}

static void cut_sections(struct exchange *x)
{
    char *at = strstr(x->heads, "\n--- ");

    while (at) {
        char *title = at + 5, *body = strchr(title, '\n'), *next;

        *at = '\0';
        if (!body)
            return;
        next = strstr(body, "\n--- ");
        *body = '\0';
        if (next)
            *next = '\0';
        if (!strncmp(title, "reply ", 6) && x->count < FAKE_MAX)
            read_reply(x, title + 6, next == body ? NULL : body + 1);
        at = next;
    }
}

static void dump(struct cc_buf *out, const struct ctl_type *type, const void *object,
                 const char *prefix);

static void dump_list(struct cc_buf *out, const struct ctl_field *field, const void *object,
                      const char *prefix)
{
    for (size_t i = 0; i < ctl_count_at(field, object); i++) {
        char longer[128];

        snprintf(longer, sizeof(longer), "%s%s.%zu.", prefix, field->name, i);
        dump(out, field->type, (const char *)ctl_pointer_at(field, object) + i * field->type->size,
             longer);
    }
}

static void dump_field(struct cc_buf *out, const struct ctl_field *field, const void *object,
                       const char *prefix)
{
    char longer[128];
    char *text;

    snprintf(longer, sizeof(longer), "%s%s.", prefix, field->name);
    switch (field->kind) {
    case CTL_LIST: dump_list(out, field, object, prefix); return;
    case CTL_OBJECT: dump(out, field->type, (const char *)object + field->at, longer); return;
    case CTL_POINTED: dump(out, field->type, ctl_pointer_at(field, object), longer); return;
    default:
        text = ctl_field_text(field, object);
        cc_buf_printf(out, "%s%s: %s\n", prefix, field->name, text);
        free(text);
    }
}

static void dump(struct cc_buf *out, const struct ctl_type *type, const void *object,
                 const char *prefix)
{
    for (const struct ctl_field *field = type->fields; field->name; field++) {
        if (!ctl_field_is_empty(field, object))
            dump_field(out, field, object, prefix);
    }
}

static void dump_result(struct cc_buf *out, int rc, const struct cloud_result *result,
                        const struct cloud_error *err)
{
    if (rc)
        cc_buf_printf(out, "error %s, %s: %d %s %s \"%s\"%s%s\n", cloud_code_name(rc),
                      cloud_outcome_name(err->outcome), err->http_status,
                      *err->vendor_code ? err->vendor_code : "-",
                      *err->request_id ? err->request_id : "-", err->message,
                      *err->parameter ? " parameter " : "", err->parameter);
    if (result->storage)
        dump(out, &ctl_result_type, result, "");
}

static int fill(struct cloud_params *params, char *words, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    for (char *word; !rc && (word = strsep(&words, " ")) != NULL;) {
        char *value = strchr(word, '=');
        const struct cloud_param_info *info;

        if (!value)
            continue;
        *value++ = '\0';
        for (char *p = value; *p; p++)
            *p = *p == '~' ? ' ' : *p; /* a space in a value */
        info = cloud_param_find(word);
        rc = info ? cloud_params_set(params, info->param, value, err)
                  : cc_fail(err, CLOUD_EINVAL, "no parameter %s", word);
    }
    return rc;
}

static const char *after(const char *text, const char *key)
{
    const char *at = strstr(text, key);

    return at ? at + strlen(key) + strspn(at + strlen(key), " ") : "";
}

static char *play(struct exchange *x)
{
    cc_auto_buf struct cc_buf out = { 0 };
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct fake *script = malloc(sizeof(*script));
    char provider[64] = "", word[64] = "", signature[32] = "", region[32] = "";
    char *call = strdup(after(x->heads, "call "));
    const struct cloud_op_info *op;
    int rc;

    sscanf(after(x->heads, "provider "), "%63s signature=%31s", provider, signature);
    options.signature = *signature ? signature : NULL;
    sscanf(after(x->heads, " region="), "%31s", region);
    options.region = *region ? region : NULL;
    sscanf(call, "%63s", word);
    call[strcspn(call, "\n")] = '\0';
    op = cloud_op_find(word);
    fake_open(script, provider, &options);
    fake_play(script, x->replies, x->count);
    rc = op ? fill(&params, call, &err) : cc_fail(&err, CLOUD_EINVAL, "no operation %s", word);
    if (!rc)
        rc = cloud_call(script->client, op->op, &params, &result, &err);
    cc_buf_printf(&out, "%s\n", x->heads);
    for (size_t i = 0; i < script->sent || i < x->count; i++) {
        if (i < script->sent)
            cc_buf_printf(&out, "--- request\n%s\n", script->requests[i]);
        if (i < x->count)
            cc_buf_printf(&out, "--- reply %s\n%s%s", x->names[i],
                          x->replies[i].body ? x->replies[i].body : "",
                          x->replies[i].body ? "\n" : "");
    }
    cc_buf_puts(&out, "--- result\n");
    dump_result(&out, rc, &result, &err);
    cloud_result_clear(&result);
    cloud_params_clear(&params);
    fake_close(script);
    free(script);
    free(call);
    return cc_buf_take(&out);
}

static void show_difference(const char *path, const char *expected, const char *actual)
{
    int line = 1;

    while (*expected && *expected == *actual) {
        line += *expected == '\n';
        expected++;
        actual++;
    }
    while (line > 1 && expected[-1] != '\n') {
        expected--;
        actual--;
    }
    fprintf(stderr, "%s:%d:\n  expected %.*s\n  got      %.*s\n", path, line,
            (int)strcspn(expected, "\n"), expected, (int)strcspn(actual, "\n"), actual);
}

static bool run(const char *path)
{
    struct exchange x = { 0 };
    char *actual;
    bool same;

    x.text = cc_file_read(path, 1 << 20);
    if (!x.text) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    x.heads = strdup(x.text);
    cut_sections(&x);
    actual = play(&x);
    same = !strcmp(x.text, actual);
    if (!same && getenv("CLOUD_TEST_REGENERATE")) {
        FILE *file = fopen(path, "w");

        same = file && fputs(actual, file) >= 0;
        same &= !file || !fclose(file);
    } else if (!same) {
        show_difference(path, x.text, actual);
    }
    free(actual);
    free(x.heads);
    free(x.text);
    return same;
}

int main(int argc, char **argv)
{
    int passed = 0;

    for (int i = 1; i < argc; i++)
        passed += run(argv[i]);
    printf("%d passed, %d failed\n", passed, argc - 1 - passed);
    return argc < 2 || passed < argc - 1;
}
