/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends every request that the vendors' documents print through cloud_invoke() to the emulator. The
 * reply must have the structure of the reply printed next to it: the same keys, nesting and types.
 * Requests are in tests/fixtures/actions/documents/, replies in tests/fixtures/vendor_examples/.
 * The arguments are pairs of files, REQUESTS REPLIES.
 *
 *   request   the printed request
 *   put       values that replace printed ones: ids, or others with a reason in "why"
 *   with      a request of our own, where the document prints only a table, or for preparation
 *   like      the printed reply that is compared
 *   maps      members that are maps: any key, values of one structure
 *   unlike    places where reply and document differ, and why; an unused entry is a failure
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

struct comparison {
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

/* Returns whether the path matches: "/Data/EcsList/0/EipInfo" matches "/Data/EcsList/ * /EipInfo"
 * (without the spaces). */
static bool matches(const char *path, const char *pattern)
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

static bool is_map(const struct comparison *comparison, const char *path)
{
    yyjson_val *pattern;

    for (size_t i = 0; (pattern = yyjson_arr_get(comparison->maps, i)); i++) {
        if (matches(path, yyjson_get_str(pattern)))
            return true;
    }
    return false;
}

/* Reports a difference at @path, unless it is explained. */
static void differ(struct comparison *comparison, const char *path, const char *found,
                   const char *printed)
{
    yyjson_val *entry;

    for (size_t i = 0; (entry = yyjson_arr_get(comparison->unlike, i)); i++) {
        if (!strcmp(play_text(entry, "like"), comparison->what) &&
            matches(path, play_text(entry, "at"))) {
            assert_true(i < CC_COUNT(comparison->used) && *play_text(entry, "why"));
            comparison->used[i] = true;
            return;
        }
    }
    fail_msg("%s: %s is %s, %s in the document", comparison->what, path, found, printed);
}

static void compare(struct comparison *comparison, const char *path, yyjson_val *printed,
                    yyjson_val *got);

static void compare_members(struct comparison *comparison, const char *path, yyjson_val *printed,
                            yyjson_val *got)
{
    bool map = is_map(comparison, path);
    yyjson_val *key, *value, *first = NULL;
    yyjson_obj_iter iter;
    char longer[256];

    yyjson_obj_iter_init(printed, &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        value = yyjson_obj_iter_get_val(key);
        first = first ? first : value;
        snprintf(longer, sizeof(longer), "%s/%s", path, yyjson_get_str(key));
        if (!map)
            compare(comparison, longer, value, yyjson_obj_get(got, yyjson_get_str(key)));
    }
    yyjson_obj_iter_init(got, &iter);
    while ((key = yyjson_obj_iter_next(&iter))) {
        value = yyjson_obj_iter_get_val(key);
        snprintf(longer, sizeof(longer), "%s/%s", path, yyjson_get_str(key));
        if (map)
            compare(comparison, longer, first, value);
        else if (!yyjson_obj_get(printed, yyjson_get_str(key)))
            differ(comparison, longer, kind_of(value), "missing");
    }
}

static void compare(struct comparison *comparison, const char *path, yyjson_val *printed,
                    yyjson_val *got)
{
    yyjson_val *element;
    char longer[256];

    if (got && yyjson_is_null(printed))
        return; /* null does not show the type */
    if (strcmp(kind_of(printed), kind_of(got)) != 0) {
        differ(comparison, path, kind_of(got), kind_of(printed));
        return;
    }
    if (yyjson_is_obj(printed))
        compare_members(comparison, path, printed, got);
    if (yyjson_arr_size(printed) && !yyjson_arr_size(got))
        differ(comparison, path, "an empty list", "one with elements");
    for (size_t i = 0; (element = yyjson_arr_get(got, i)); i++) {
        snprintf(longer, sizeof(longer), "%s/%zu", path, i);
        if (yyjson_arr_size(printed))
            compare(comparison, longer, yyjson_arr_get_first(printed), element);
    }
}

/* A replaced value must be an id of the emulated world, or have a reason. */
static void check_explained(yyjson_val *step, yyjson_val *value)
{
    cc_auto_free char *text = yyjson_val_write(value, 0, NULL);

    if (!strchr(text, '$') && !*play_text(step, "why"))
        fail_msg("%s: %s replaces a value; give the reason in \"why\"", play_text(step, "action"),
                 text);
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
    /* { "with": the request }, because play_parameters() reads a member of a step */
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

static void compare_reply(struct play *play, struct comparison *comparison, yyjson_val *replies,
                          const char *like)
{
    yyjson_doc *reply = yyjson_read(play->result.reply, strlen(play->result.reply), 0);
    yyjson_val *printed = yyjson_obj_get(replies, like);

    if (!printed)
        fail_msg("no reply is printed for %s", like);
    comparison->what = like;
    compare(comparison, "", printed, yyjson_doc_get_root(reply));
    yyjson_doc_free(reply);
}

static bool play_step(struct play *play, struct comparison *comparison, yyjson_val *replies,
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
        compare_reply(play, comparison, replies, play_text(step, "like"));
    play_save(play, step);
    play_advance(play, step);
    return printed;
}

static void play_pair(const char *requests, const char *replies)
{
    struct comparison comparison = { 0 };
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
    comparison.maps = yyjson_obj_get(play.root, "maps");
    comparison.unlike = yyjson_obj_get(play.root, "unlike");
    for (size_t i = 0; (step = yyjson_arr_get(yyjson_obj_get(play.root, "steps"), i)); i++)
        printed += play_step(&play, &comparison, examples, step);
    assert_int_equal(printed, yyjson_get_uint(yyjson_obj_get(play.root, "requests")));
    for (size_t i = 0; (step = yyjson_arr_get(comparison.unlike, i)); i++) {
        if (!comparison.used[i])
            fail_msg("%s: the explanation of %s is not used; remove it", play_text(step, "like"),
                     play_text(step, "at"));
    }
    yyjson_doc_free(doc);
    play_close(&play);
}

static void test_document_examples__replies_have_the_printed_structure(void **state)
{
    (void)state;
    for (size_t i = 0; i < pairs; i++)
        play_pair(arguments[2 * i], arguments[2 * i + 1]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_examples__replies_have_the_printed_structure),
    };

    if (argc < 3 || argc % 2 == 0) {
        fprintf(stderr, "usage: %s REQUESTS REPLIES...\n", argv[0]);
        return 2;
    }
    arguments = argv + 1;
    pairs = (size_t)(argc - 1) / 2;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
