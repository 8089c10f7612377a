/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request that the vendors' documents print, sent through cloud_invoke() to the emulator,
 * gives a reply of the shape printed beside it: the same keys, the same nesting, the same types.
 * Requests stand in tests/fixtures/actions/documents/, replies in tests/fixtures/vendor_examples/:
 * arguments are pairs of files, REQUESTS REPLIES.
 *
 *   request, put     as printed, and what is put in its place: ids, or, with a reason in "why",
 * other values with             of our own, where the document prints a table but no request, and
 * for what must be done before like             the reply to hold it against maps members that are
 * maps: any key, values alike unlike           where reply and document differ, and why; an entry
 * that nothing needs is a failure
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/providers/play_actions.h"

static char **arguments;
static size_t pairs;

struct shapes {
    yyjson_val *maps, *unlike;
    bool used[64]; /* entries of unlike */
    const char *what;
};

static const char *kind_of(yyjson_val *value)
{
    if (!value)
        return "missing";
    return yyjson_is_num(value)    ? "number"
           : yyjson_is_bool(value) ? "bool"
                                   : yyjson_get_type_desc(value);
}

/* "/Data/EcsList/0/EipInfo" fits "/Data/EcsList/ * /EipInfo" */
static bool fits(const char *path, const char *pattern)
{
    while (*pattern) {
        if (*pattern == '*') {
            path += strcspn(path, "/");
            pattern++;
        } else if (*path++ != *pattern++) {
            return false;
        }
    }
    return !*path;
}

static bool is_map(const struct shapes *shapes, const char *path)
{
    yyjson_val *pattern;

    for (size_t i = 0; (pattern = yyjson_arr_get(shapes->maps, i)); i++) {
        if (fits(path, yyjson_get_str(pattern)))
            return true;
    }
    return false;
}

/* a difference at @path: a failure unless it is explained */
static void differ(struct shapes *shapes, const char *path, const char *found, const char *printed)
{
    yyjson_val *entry;

    for (size_t i = 0; (entry = yyjson_arr_get(shapes->unlike, i)); i++) {
        if (!strcmp(play_text(entry, "like"), shapes->what) && fits(path, play_text(entry, "at"))) {
            assert_true(i < CC_COUNT(shapes->used) && *play_text(entry, "why"));
            shapes->used[i] = true;
            return;
        }
    }
    fail_msg("%s: %s is %s, %s in the document", shapes->what, path, found, printed);
}

static void compare(struct shapes *shapes, const char *path, yyjson_val *printed, yyjson_val *got);

static void compare_members(struct shapes *shapes, const char *path, yyjson_val *printed,
                            yyjson_val *got)
{
    bool map = is_map(shapes, path);
    yyjson_val *key, *value, *first = NULL;
    yyjson_obj_iter iter;
    char longer[256];

    yyjson_obj_iter_init(printed, &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        value = yyjson_obj_iter_get_val(key);
        first = first ? first : value;
        snprintf(longer, sizeof(longer), "%s/%s", path, yyjson_get_str(key));
        if (!map)
            compare(shapes, longer, value, yyjson_obj_get(got, yyjson_get_str(key)));
    }
    yyjson_obj_iter_init(got, &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        value = yyjson_obj_iter_get_val(key);
        snprintf(longer, sizeof(longer), "%s/%s", path, yyjson_get_str(key));
        if (map)
            compare(shapes, longer, first, value);
        else if (!yyjson_obj_get(printed, yyjson_get_str(key)))
            differ(shapes, longer, kind_of(value), "missing");
    }
}

static void compare(struct shapes *shapes, const char *path, yyjson_val *printed, yyjson_val *got)
{
    yyjson_val *element;
    char longer[256];

    if (got && yyjson_is_null(printed))
        return; /* says nothing of the type */
    if (strcmp(kind_of(printed), kind_of(got)) != 0) {
        differ(shapes, path, kind_of(got), kind_of(printed));
        return;
    }
    if (yyjson_is_obj(printed))
        compare_members(shapes, path, printed, got);
    if (yyjson_arr_size(printed) && !yyjson_arr_size(got))
        differ(shapes, path, "an empty list", "one with elements");
    for (size_t i = 0; (element = yyjson_arr_get(got, i)); i++) {
        snprintf(longer, sizeof(longer), "%s/%zu", path, i);
        if (yyjson_arr_size(printed))
            compare(shapes, longer, yyjson_arr_get_first(printed), element);
    }
}

/* every value that is put in must be an id of the pretended world, or be explained */
static void check_explained(yyjson_val *step, yyjson_val *value)
{
    cc_auto_free char *text = yyjson_val_write(value, 0, NULL);

    if (!strchr(text, '$') && !*play_text(step, "why"))
        fail_msg("%s: %s is put in without a reason", play_text(step, "action"), text);
}

static char *request_text(struct play *play, yyjson_val *step)
{
    yyjson_val *request = yyjson_obj_get(step, "request"), *key, *value;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_val_mut_copy(doc, request);
    yyjson_doc *frozen;
    char *text, *ret;
    yyjson_obj_iter iter;

    yyjson_obj_iter_init(yyjson_obj_get(step, "put"), &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        value = yyjson_obj_iter_get_val(key);
        check_explained(step, value);
        yyjson_mut_obj_remove_key(root, yyjson_get_str(key));
        if (!yyjson_is_null(value))
            yyjson_mut_obj_add(root, yyjson_val_mut_copy(doc, key),
                               yyjson_val_mut_copy(doc, value));
    }
    /* { "with": the request }, so that names are put in like everywhere */
    yyjson_mut_doc_set_root(doc, yyjson_mut_obj(doc));
    yyjson_mut_obj_add_val(doc, yyjson_mut_doc_get_root(doc), "with", root);
    text = yyjson_mut_write(doc, 0, NULL);
    yyjson_mut_doc_free(doc);
    frozen = yyjson_read(text, strlen(text), 0);
    ret = play_parameters(play, yyjson_doc_get_root(frozen), "with");
    yyjson_doc_free(frozen);
    free(text);
    return ret;
}

static void hold_against(struct play *play, struct shapes *shapes, yyjson_val *replies,
                         const char *like)
{
    yyjson_doc *reply = yyjson_read(play->result.reply, strlen(play->result.reply), 0);
    yyjson_val *printed = yyjson_obj_get(replies, like);

    if (!printed)
        fail_msg("no reply is printed for %s", like);
    shapes->what = like;
    compare(shapes, "", printed, yyjson_doc_get_root(reply));
    yyjson_doc_free(reply);
}

static bool play_step(struct play *play, struct shapes *shapes, yyjson_val *replies,
                      yyjson_val *step)
{
    bool printed = yyjson_obj_get(step, "request");
    cc_auto_free char *parameters =
        printed ? request_text(play, step) : play_parameters(play, step, "with");

    play_prepare(play, step);
    if (play_invoke(play, play_text(step, "action"), parameters))
        fail_msg("%s %s: %s: %s", play_text(step, "action"), parameters, play->err.vendor_code,
                 play->err.message);
    if (*play_text(step, "like"))
        hold_against(play, shapes, replies, play_text(step, "like"));
    play_save(play, step);
    play_advance(play, step);
    return printed;
}

static void play_pair(const char *requests, const char *replies)
{
    struct shapes shapes = { 0 };
    struct play play;
    yyjson_val *step, *examples;
    yyjson_doc *doc;
    size_t printed = 0;

    play_open(&play, requests, false);
    doc = yyjson_read_file(replies, 0, NULL, NULL);
    assert_non_null(doc);
    examples = yyjson_obj_get(yyjson_doc_get_root(doc), "examples");
    if (!examples)
        examples = yyjson_obj_get(yyjson_doc_get_root(doc), "replies");
    shapes.maps = yyjson_obj_get(play.root, "maps");
    shapes.unlike = yyjson_obj_get(play.root, "unlike");
    for (size_t i = 0; (step = yyjson_arr_get(yyjson_obj_get(play.root, "steps"), i)); i++)
        printed += play_step(&play, &shapes, examples, step);
    assert_int_equal(printed, yyjson_get_uint(yyjson_obj_get(play.root, "requests")));
    for (size_t i = 0; (step = yyjson_arr_get(shapes.unlike, i)); i++) {
        if (!shapes.used[i])
            fail_msg("%s: nothing needs the explanation of %s", play_text(step, "like"),
                     play_text(step, "at"));
    }
    yyjson_doc_free(doc);
    play_close(&play);
}

static void test_actions__printed_requests_get_replies_of_the_printed_shape(void **state)
{
    (void)state;
    for (size_t i = 0; i < pairs; i++)
        play_pair(arguments[2 * i], arguments[2 * i + 1]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions__printed_requests_get_replies_of_the_printed_shape),
    };

    if (argc < 3 || argc % 2 == 0) {
        fprintf(stderr, "usage: %s REQUESTS REPLIES...\n", argv[0]);
        return 2;
    }
    arguments = argv + 1;
    pairs = (size_t)(argc - 1) / 2;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
