/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/json/: reads, searches and writes JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/json/json.h"

/* A document and the text that it was read from, which it borrows. */
struct text_doc {
    struct cc_buf text;
    struct cc_doc *doc;
    struct cloud_error err;
};

static const struct cc_value *parse(struct text_doc *it, const char *text)
{
    *it = (struct text_doc){ 0 };
    cc_buf_puts(&it->text, text);
    if (cc_doc_parse(it->text.data, it->text.len, &it->doc, &it->err))
        return NULL;
    return cc_doc_root(it->doc);
}

static void free_text_doc(struct text_doc *it)
{
    cc_doc_free(it->doc);
    cc_buf_clear(&it->text);
}

static void test_json__numbers_keep_their_digits(void **state)
{
    static const char *const numbers[] = { "0",     "-0",        "1.10",
                                           "1e400", "-12.34E-7", "123456789012345678901234567890" };
    struct text_doc it;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(numbers); i++) {
        const struct cc_value *root = parse(&it, numbers[i]);

        assert_int_equal(cc_value_kind(root), CC_JSON_NUMBER);
        assert_string_equal(cc_value_text(root), numbers[i]);
        free_text_doc(&it);
    }
}

static void test_json__paths_find_alternatives_and_other_cases(void **state)
{
    struct text_doc it;
    const struct cc_value *root =
        parse(&it, "{\"Data\":{\"id\":null,\"ID\":\"upper\",\"DiskId\":\"d\",\"n\":5,\"t\":true,"
                   "\"list\":[1,2]},\"code\":\"low\",\"Code\":\"High\",\"dup\":1,\"dup\":2}");

    (void)state;
    assert_ptr_equal(cc_value_find(root, ""), root);
    assert_string_equal(cc_value_text(cc_value_find(root, "Data.id")), "upper");
    assert_string_equal(cc_value_text(cc_value_find(root, "data.Nope|DISKID")), "d");
    assert_string_equal(cc_value_text(cc_value_find(root, "Nope|Data.DiskId|id")), "d");
    assert_string_equal(cc_value_text(cc_value_find(root, "Code")), "High");
    assert_string_equal(cc_value_text(cc_value_find(root, "code")), "low");
    assert_string_equal(cc_value_text(cc_value_find(root, "CODE")), "low");
    assert_string_equal(cc_value_text(cc_value_find(root, "dup")), "1");
    assert_string_equal(cc_value_text(cc_value_find(root, "Data.n")), "5");
    assert_string_equal(cc_value_text(cc_value_find(root, "Data.t")), "true");
    assert_null(cc_value_text(cc_value_find(root, "Data.list")));
    assert_string_equal(cc_value_text(cc_value_find(root, "Data.list.0")), "1");
    assert_string_equal(cc_value_text(cc_value_find(root, "Data.LIST.1")), "2");
    assert_null(cc_value_find(root, "Data.list.2"));
    assert_null(cc_value_find(root, "Data.list.-1"));
    assert_null(cc_value_find(root, "Data.list.9999999999999999999999"));
    assert_null(cc_value_find(root, "Data.list.x"));
    assert_null(cc_value_find(root, "Data.n.x"));
    assert_null(cc_value_find(root, "Dat"));
    assert_null(cc_value_find(root, "Data.Id."
                                    "x"));
    assert_null(cc_value_find(NULL, "Data"));
    assert_null(cc_value_text(NULL));
    free_text_doc(&it);
}

static void test_json__iteration_walks_lists_and_objects(void **state)
{
    struct text_doc it;
    const struct cc_value *root = parse(&it, "{\"a\":[{\"x\":[]},[3],\"s\"],\"b\":2,\"c\":{}}");
    struct cc_iter each = { .container = root };
    const char *name;

    (void)state;
    assert_int_equal(cc_value_count(cc_iter_next(&each, &name)), 3);
    assert_string_equal(name, "a");
    assert_string_equal(cc_value_text(cc_iter_next(&each, &name)), "2");
    assert_string_equal(name, "b");
    assert_int_equal(cc_value_kind(cc_iter_next(&each, &name)), CC_JSON_OBJECT);
    assert_null(cc_iter_next(&each, &name));
    each = (struct cc_iter){ .container = cc_value_find(root, "a") };
    assert_int_equal(cc_value_kind(cc_iter_next(&each, &name)), CC_JSON_OBJECT);
    assert_null(name);
    assert_int_equal(cc_value_count(cc_iter_next(&each, NULL)), 1);
    assert_string_equal(cc_value_text(cc_iter_next(&each, NULL)), "s");
    assert_null(cc_iter_next(&each, NULL));
    each = (struct cc_iter){ .container = cc_value_find(root, "b") };
    assert_null(cc_iter_next(&each, NULL));
    each = (struct cc_iter){ .container = NULL };
    assert_null(cc_iter_next(&each, NULL));
    free_text_doc(&it);
}

static void test_json__a_text_truncated_at_any_byte_is_refused(void **state)
{
    static const char text[] =
        "{\"a\":[1.5e3,-2,true,null,\"\\u4e2d\\ud83d\\ude00\\n\xe4\xb8\xad\"],"
        "\"b\":{\"c\":false}}";

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        /* memory of exactly the required size, so that a sanitizer reports a longer read */
        char *copy = malloc(len + CC_JSON_PADDING);
        struct cc_doc *doc = NULL;
        struct cloud_error err;

        assert_non_null(copy);
        memcpy(copy, text, len);
        memset(copy + len, 0, CC_JSON_PADDING);
        assert_int_equal(cc_doc_parse(copy, len, &doc, &err), CLOUD_EPROTOCOL);
        assert_null(doc);
        assert_true(strlen(err.message) > 0);
        free(copy);
    }
}

static void test_json__a_text_that_is_no_json_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "<html>",
        "{} x",
        "{}{}",
        "{\"a\":1,,}",
        "[1,,]",
        "{'a':1}",
        "{a:1}",
        "NaN",
        "Infinity",
        "01",
        "1.",
        ".5",
        "+1",
        "0x10",
        "\"\\ud800\"",
        "\"\\x\"",
        "\"a\\u0000b\"",
        "// c\n1",
        "tru",
        "\xef\xbb\xbf{}",
        "\x01",
    };
    struct text_doc it;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        assert_null(parse(&it, texts[i]));
        assert_int_equal(it.err.code, CLOUD_EPROTOCOL);
        free_text_doc(&it);
    }
    assert_null(parse(&it, "{\"a\":tru}"));
    assert_non_null(strstr(it.err.message, "at byte 5"));
    free_text_doc(&it);
}

static void nest(struct cc_buf *out, int depth)
{
    for (int i = 0; i < depth; i++)
        cc_buf_puts(out, "[");
    for (int i = 0; i < depth; i++)
        cc_buf_puts(out, "]");
}

static void test_json__depth_is_limited(void **state)
{
    cc_auto_buf struct cc_buf deep = { 0 };
    struct text_doc it;

    (void)state;
    nest(&deep, 64);
    assert_non_null(parse(&it, deep.data));
    free_text_doc(&it);
    cc_buf_reset(&deep);
    nest(&deep, 65);
    assert_null(parse(&it, deep.data));
    assert_non_null(strstr(it.err.message, "deeper"));
    free_text_doc(&it);
    cc_buf_reset(&deep);
    nest(&deep, 1000000);
    assert_null(parse(&it, deep.data));
    free_text_doc(&it);
    assert_non_null(parse(&it,
                          "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                          "[[[[\\\"[[[[\"]")); /* brackets in strings do not count */
    free_text_doc(&it);
}

static void test_json__a_value_is_written_as_it_was_read(void **state)
{
    struct text_doc it;
    const struct cc_value *root =
        parse(&it, " {\"a\" : [1.50, \"\\u4e2d\\\"\"], \"b\":{\"c\":null}} ");
    cc_auto_free char *whole = cc_value_write(root);
    cc_auto_free char *part = cc_value_write(cc_value_find(root, "a"));
    cc_auto_free char *none = cc_value_write(NULL);

    (void)state;
    assert_string_equal(whole, "{\"a\":[1.50,\"\xe4\xb8\xad\\\"\"],\"b\":{\"c\":null}}");
    assert_string_equal(part, "[1.50,\"\xe4\xb8\xad\\\"\"]");
    assert_string_equal(none, "null");
    free_text_doc(&it);
}

static void assert_written(struct cc_tree *tree, const char *expected)
{
    size_t len = 0;
    cc_auto_free char *text = cc_tree_write(tree, NULL, &len);

    assert_non_null(text);
    assert_string_equal(text, expected);
    assert_int_equal(len, strlen(expected));
}

static void test_json__a_tree_creates_the_nodes_of_a_path(void **state)
{
    struct cc_tree *tree = cc_tree_new();
    struct cc_node *root = cc_tree_root(tree);
    struct cc_node *item;

    (void)state;
    assert_written(tree, "{}");
    cc_tree_set_text(tree, root, "Vpc.Id", "v\"1");
    cc_tree_set_int(tree, root, "Vpc.n", INT64_MIN);
    cc_tree_set_number(tree, root, "price", "12.30");
    cc_tree_set_bool(tree, root, "on", true);
    item = cc_tree_append(tree, root, "disks");
    cc_tree_set_text(tree, item, "type", "ssd");
    item = cc_tree_append(tree, root, "disks");
    cc_tree_set_int(tree, item, "spec.size", 40);
    cc_tree_append_text(tree, root, "ids.list", "a");
    cc_tree_append_text(tree, root, "ids.list", "b");
    cc_tree_set_text(tree, root, "on", "replaced");
    assert_written(tree,
                   "{\"Vpc\":{\"Id\":\"v\\\"1\",\"n\":-9223372036854775808},\"price\":12.30,"
                   "\"on\":\"replaced\",\"disks\":[{\"type\":\"ssd\"},{\"spec\":{\"size\":40}}],"
                   "\"ids\":{\"list\":[\"a\",\"b\"]}}");
    cc_node_remove(root, "disks");
    cc_node_remove(root, "ids");
    cc_tree_set_int(tree, root, "price.deep", 1);
    assert_written(tree, "{\"Vpc\":{\"Id\":\"v\\\"1\",\"n\":-9223372036854775808},"
                         "\"price\":{\"deep\":1},\"on\":\"replaced\"}");
    cc_tree_free(tree);
    cc_tree_free(NULL);
}

static void test_json__a_tree_is_read_like_a_document(void **state)
{
    struct text_doc it;
    const struct cc_value *value = parse(&it, "{\"A\":{\"b\":[1.0,true,\"x\",null]},\"z\":7}");
    struct cc_tree *tree = cc_tree_new();
    struct cc_node_iter each;
    const char *name;

    (void)state;
    cc_tree_set_value(tree, cc_tree_root(tree), "", value);
    free_text_doc(&it); /* the tree holds a copy */
    assert_written(tree, "{\"A\":{\"b\":[1.0,true,\"x\",null]},\"z\":7}");
    assert_string_equal(cc_node_text(cc_node_find(cc_tree_root(tree), "y|Z")), "7");
    assert_null(cc_node_find(cc_tree_root(tree), "A.c"));
    assert_int_equal(cc_node_kind(cc_node_find(cc_tree_root(tree), "a.b")), CC_JSON_LIST);
    assert_int_equal(cc_node_count(cc_tree_root(tree)), 2);

    each = (struct cc_node_iter){ .container = cc_tree_root(tree) };
    assert_int_equal(cc_node_kind(cc_node_next(&each, &name)), CC_JSON_OBJECT);
    assert_string_equal(name, "A");
    assert_string_equal(cc_node_text(cc_node_next(&each, &name)), "7");
    assert_string_equal(name, "z");
    assert_null(cc_node_next(&each, &name));

    each = (struct cc_node_iter){ .container = cc_node_find(cc_tree_root(tree), "A.b") };
    assert_string_equal(cc_node_text(cc_node_next(&each, &name)), "1.0");
    assert_null(name);
    assert_string_equal(cc_node_text(cc_node_next(&each, NULL)), "true");
    assert_string_equal(cc_node_text(cc_node_next(&each, NULL)), "x");
    assert_int_equal(cc_node_kind(cc_node_next(&each, NULL)), CC_JSON_NULL);
    assert_null(cc_node_next(&each, NULL));
    cc_tree_free(tree);
}

static void test_json__a_tree_refuses_values_that_are_no_json(void **state)
{
    static const char *const numbers[] = { "",   "-",   "01",  "1.", ".5", "+1",
                                           "1e", "1e+", "0x1", "1 ", "NaN" };
    static const char *const good[] = { "0", "-0", "10", "0.5", "1e5", "1E-5", "-1.25e+10" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(numbers); i++) {
        struct cc_tree *tree = cc_tree_new();

        cc_tree_set_number(tree, cc_tree_root(tree), "n", numbers[i]);
        assert_null(cc_tree_write(tree, NULL, NULL));
        cc_tree_free(tree);
    }
    for (size_t i = 0; i < CC_COUNT(good); i++) {
        struct cc_tree *tree = cc_tree_new();
        cc_auto_free char *text = NULL;

        cc_tree_set_number(tree, cc_tree_root(tree), "n", good[i]);
        text = cc_tree_write(tree, cc_node_find(cc_tree_root(tree), "n"), NULL);
        assert_string_equal(text, good[i]);
        cc_tree_free(tree);
    }
    {
        struct cc_tree *tree = cc_tree_new();

        cc_tree_set_text(tree, cc_tree_root(tree), "t", "\xff");
        cc_tree_set_text(tree, NULL, "t", "x");
        assert_null(cc_tree_append(tree, cc_tree_root(tree), "l"));
        assert_null(cc_tree_write(tree, NULL, NULL));
        cc_tree_free(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__numbers_keep_their_digits),
        cmocka_unit_test(test_json__paths_find_alternatives_and_other_cases),
        cmocka_unit_test(test_json__iteration_walks_lists_and_objects),
        cmocka_unit_test(test_json__a_text_truncated_at_any_byte_is_refused),
        cmocka_unit_test(test_json__a_text_that_is_no_json_is_refused),
        cmocka_unit_test(test_json__depth_is_limited),
        cmocka_unit_test(test_json__a_value_is_written_as_it_was_read),
        cmocka_unit_test(test_json__a_tree_creates_the_nodes_of_a_path),
        cmocka_unit_test(test_json__a_tree_is_read_like_a_document),
        cmocka_unit_test(test_json__a_tree_refuses_values_that_are_no_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
