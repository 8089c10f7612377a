/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/config/yaml.c: errors name file, line and key; ceilings hold; the nearest key is
 * suggested. */
#include "core/base/error.h"
#include "core/config/yaml.h"
#include "tests/support/alloc_fail.h"
#include "tests/support/temp_directory.h"

static struct cloud_error err;

static int load(const char *path)
{
    struct cc_yaml *yaml = NULL;
    int r;

    memset(&err, 0xff, sizeof(err));
    r = cc_yaml_load(path, &yaml, &err);
    assert_int_equal(!yaml, r != CLOUD_OK);
    cc_yaml_free(yaml);
    return r;
}

/* Loading must fail with "c.yaml:LINE: KEY: …SAYS…" and the key as parameter. */
static void expect_refused(int line, const char *key, const char *says)
{
    char begin[300];

    assert_int_equal(load("c.yaml"), CLOUD_ECONFIG);
    snprintf(begin, sizeof(begin), "c.yaml:%d: %s%s", line, key, *key ? ": " : "");
    if (strncmp(err.message, begin, strlen(begin)) != 0 || !strstr(err.message, says))
        fail_msg("expected \"%s…%s…\", got \"%s\"", begin, says, err.message);
    assert_int_equal(err.code, CLOUD_ECONFIG);
    assert_memory_equal(err.parameter, key, strnlen(key, sizeof(err.parameter) - 1));
}

static void expect_mistake(const char *text, int line, const char *key, const char *says)
{
    write_text("c.yaml", text);
    expect_refused(line, key, says);
}

#define MAP "clouds:\n  a:\n    region: r\n" /* lines 1 to 3 */

static void test_yaml__syntax_errors_name_line_and_key(void **state)
{
    (void)state;
    expect_mistake("", 1, "", "empty");
    expect_mistake("# only a comment\n", 1, "", "empty");
    expect_mistake("- a\n", 1, "", "a list");
    expect_mistake("just words\n", 1, "", "a text");
    expect_mistake("clouds:\n  a:\n    region: [x\n", 4, "clouds.a.region", "not YAML");
    expect_mistake("clouds:\n  a:\n\tregion: x\n", 3, "clouds.a", "no tabs");
    expect_mistake("clouds:\n  a:\n    region: \"x\n", 4, "clouds.a.region", "not YAML");
    expect_mistake("clouds:\n  a: 1\n b: 2\n", 3, "", "not YAML");
    expect_mistake("clouds:\n  a:\n    access_key_secret s3cret\n    region: x\n", 4, "clouds",
                   "not YAML");
    assert_null(strstr(err.message, "s3cret"));
    expect_mistake("clouds:\n  ? [a]\n  : b\n", 2, "clouds", "keys are texts");
    expect_mistake("clouds:\n  ? {a: b}\n  : b\n", 2, "clouds", "keys are texts");
    expect_mistake("clouds:\n  \"\": b\n", 2, "clouds", "a key is empty");
    expect_mistake("clouds:\n  a:\n    region: \"x\\0y\"\n", 3, "clouds.a.region", "zero byte");
}

static void test_yaml__the_error_of_a_duplicate_key_names_both_lines(void **state)
{
    (void)state;
    expect_mistake(MAP "    region: x\n", 4, "clouds.a.region", "first on line 3");
    expect_mistake(MAP "  a: {}\n", 4, "clouds.a", "first on line 2");
    expect_mistake("defaults: {}\n" MAP "defaults: {}\n", 5, "defaults", "first on line 1");
}

static void test_yaml__anchors_aliases_tags_and_documents_are_refused(void **state)
{
    (void)state;
    expect_mistake("x: &a [1, 2]\n", 1, "x", "anchors");
    expect_mistake("clouds:\n  a: &base\n    region: x\n  b: *base\n", 2, "clouds.a", "anchors");
    expect_mistake("clouds:\n  b: *base\n", 2, "clouds.b", "aliases");
    expect_mistake("clouds:\n  a:\n    <<: *base\n", 3, "clouds.a.<<", "aliases");
    expect_mistake("clouds:\n  a:\n    region: !!str x\n", 3, "clouds.a.region", "tags");
    expect_mistake("clouds:\n  a:\n    region: !secret x\n", 3, "clouds.a.region", "tags");
    expect_mistake("clouds: !!map {}\n", 1, "clouds", "tags");
    expect_mistake(MAP "---\n" MAP, 4, "", "second document");
}

/* Nine lines of aliases would expand to 10^9 texts. */
static void test_yaml__an_alias_bomb_is_refused_at_once(void **state)
{
    cc_auto_buf struct cc_buf text = { 0 };

    (void)state;
    cc_buf_puts(&text, "a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c <= 'i'; c++)
        cc_buf_printf(&text, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1,
                      c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
    expect_mistake(text.data, 1, "a", "anchors");
}

static void test_yaml__ceilings_hold(void **state)
{
    cc_auto_buf struct cc_buf text = { 0 };

    (void)state;
    cc_buf_puts(&text, "clouds: ");
    for (int i = 0; i < 5000; i++)
        cc_buf_putc(&text, '[');
    write_text("c.yaml", text.data);
    expect_refused(1, "clouds[0][0][0][0][0][0][0][0][0][0][0][0][0][0]", "too deep");

    cc_buf_reset(&text);
    cc_buf_puts(&text, "clouds: [");
    for (int i = 0; i < 200000; i++)
        cc_buf_puts(&text, "x,");
    write_text("c.yaml", text.data);
    expect_refused(1, "clouds", "is one value too many");

    cc_buf_reset(&text);
    for (int i = 0; i < 3000; i++)
        cc_buf_printf(&text, "k%d: x\n", i);
    write_text("c.yaml", text.data);
    expect_refused(2001, "k2000", "one key too many");

    cc_buf_reset(&text);
    while (text.len <= 4 * 1024 * 1024)
        cc_buf_puts(&text, "# a comment that makes the file long, and longer, and longer still\n");
    write_text("c.yaml", text.data);
    assert_int_equal(load("c.yaml"), CLOUD_ECONFIG);
    assert_string_equal(err.message, "c.yaml cannot be read: it is larger than 4 MiB");
}

static void test_yaml__bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    write_bytes("c.yaml", "clouds:\n  a: \"\xff\"\n", 16, 0600);
    expect_refused(2, "", "UTF-8"); /* libyaml finds it before it returns the key */
    write_bytes("c.yaml", "clouds:\n  a: x\x01y\n", 17, 0600);
    expect_refused(2, "", "UTF-8"); /* libyaml finds it before it returns the key */
    write_bytes("c.yaml", "clouds:\n\0", 9, 0600);
    assert_int_equal(load("c.yaml"), CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "c.yaml cannot be read: it has a zero byte"));
    assert_int_equal(load(directory), CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "cannot be read: Is a directory"));
}

static void test_yaml__nodes_know_their_lines(void **state)
{
    struct cc_yaml *yaml = NULL;
    const struct cc_yaml_node *a, *list;

    (void)state;
    write_text("c.yaml",
               "# c\na:\n  - x\n  - {b: 1,\n     c: }\nd: 'null'\ne: |\n  two\n  lines\nf: ~\n");
    assert_int_equal(cc_yaml_load("c.yaml", &yaml, &err), CLOUD_OK);
    a = cc_yaml_find(yaml->root, "a");
    assert_int_equal(a->line, 2);
    assert_int_equal(a->kind, CC_YAML_LIST);
    list = a->first->next;
    assert_int_equal(list->line, 4);
    assert_int_equal(list->index, 1);
    assert_int_equal(cc_yaml_find(list, "c")->line, 5);
    assert_null(cc_yaml_find(list, "c")->text);
    assert_string_equal(cc_yaml_find(list, "b")->text, "1");
    assert_null(cc_yaml_find(list, "d"));
    assert_null(cc_yaml_find(a, "d"));
    assert_string_equal(cc_yaml_find(yaml->root, "d")->text, "null");
    assert_string_equal(cc_yaml_find(yaml->root, "e")->text, "two\nlines\n");
    assert_null(cc_yaml_find(yaml->root, "f")->text);
    cc_yaml_fail(yaml, cc_yaml_find(list, "c"), "d", &err, "why");
    assert_string_equal(err.message, "c.yaml:5: a[1].c.d: why");
    cc_yaml_free(yaml);
    cc_yaml_free(NULL);
}

static void test_yaml__the_nearest_key_is_found(void **state)
{
    static const char *const words[] = { "region", "zone", "mode", "attempts" };
    static const struct {
        const char *word, *nearest;
        size_t distance;
    } cases[] = { { "regoin", "region", 2 },
                  { "zones", "zone", 1 },
                  { "mod", "mode", 1 },
                  { "attempts", "attempts", 0 },
                  { "", "zone", 4 } };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct cc_nearest nearest = { .word = cases[i].word };

        for (size_t w = 0; w < CC_COUNT(words); w++)
            cc_nearest_try(&nearest, words[w]);
        assert_string_equal(nearest.best, cases[i].nearest);
        assert_int_equal(nearest.distance, cases[i].distance);
    }
}

static void test_yaml__every_failed_allocation_is_survived(void **state)
{
    int r = CLOUD_ENOMEM, tries = 0;

    (void)state;
    write_text("c.yaml", "a:\n  - x\n  - { b: 1 }\nc: d\n");
    for (; r == CLOUD_ENOMEM; tries++) {
        alloc_fail_left = tries;
        r = load("c.yaml");
        alloc_fail_left = -1;
        assert_int_equal(err.code, r == CLOUD_OK ? -1 : r);
    }
    assert_int_equal(r, CLOUD_OK);
    assert_true(tries > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yaml__syntax_errors_name_line_and_key),
        cmocka_unit_test(test_yaml__the_error_of_a_duplicate_key_names_both_lines),
        cmocka_unit_test(test_yaml__anchors_aliases_tags_and_documents_are_refused),
        cmocka_unit_test(test_yaml__an_alias_bomb_is_refused_at_once),
        cmocka_unit_test(test_yaml__ceilings_hold),
        cmocka_unit_test(test_yaml__bytes_that_are_no_text_are_refused),
        cmocka_unit_test(test_yaml__nodes_know_their_lines),
        cmocka_unit_test(test_yaml__the_nearest_key_is_found),
        cmocka_unit_test(test_yaml__every_failed_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
