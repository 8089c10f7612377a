/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that names that differ only in case are different names when both are present: members of a
 * reply, found one by one or by an index, and parameters of an action in a query and in a body.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/engine/encode.h"
#include "core/json/json.h"

static void test_names__an_index_and_a_path_find_the_same(void **state)
{
    static const struct {
        const char *json, *path, *value; /* NULL: none */
    } rows[] = {
        { "{\"Iops\":1,\"IOPS\":2}", "IOPS", "2" },
        { "{\"Iops\":1,\"IOPS\":2}", "Iops", "1" },
        { "{\"IOPS\":2,\"Iops\":1}", "Iops", "1" },
        { "{\"Iops\":1,\"IOPS\":2}", "iops", NULL },
        { "{\"Iops\":1}", "IOPS", "1" },
        { "{\"Iops\":null,\"IOPS\":2}", "Iops", NULL },
        { "{\"IOPS\":2,\"Iops\":null}", "Iops", NULL },
        { "{\"Iops\":null,\"Iops\":2}", "Iops", "2" },
        { "{\"Iops\":1,\"IOPS\":2,\"IopsSize\":3}", "iops|IopsSize", "3" },
        { "{\"A\":{\"b\":1},\"a\":{\"b\":2}}", "a.b", "2" },
        { "{\"A\":{\"b\":1},\"a\":{\"b\":2}}", "A.b", "1" },
        { "{\"A\":{\"b\":1}}", "a.B", "1" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_json_index *index = cc_json_index_new();
        const struct cc_value *found[1] = { NULL };
        struct cc_doc *doc;
        char text[128] = "";

        strcpy(text, rows[i].json);
        assert_int_equal(cc_doc_parse(text, strlen(text), &doc, NULL), CLOUD_OK);
        assert_true(cc_json_index_add(index, rows[i].path, 0));
        if (!cc_json_index_find(index, cc_doc_root(doc), found, 1))
            found[0] = cc_value_find(cc_doc_root(doc), rows[i].path);
        assert_ptr_equal(found[0], cc_value_find(cc_doc_root(doc), rows[i].path));
        if (rows[i].value ? !found[0] || strcmp(cc_value_text(found[0]), rows[i].value) != 0
                          : found[0] != NULL)
            fail_msg("row %zu: %s", i, found[0] ? cc_value_text(found[0]) : "nothing");
        cc_doc_free(doc);
        cc_json_index_free(index);
    }
}

static const struct cc_service services[] = { { "vm", "vm.example", "/v1", NULL }, { 0 } };
static const struct cloud_provider provider = { CLOUD_PROVIDER_INIT, .services = services };
static const struct cc_action_param params[] = {
    { .name = "b", .where = CC_QUERY, .required = true },
    { .name = "B", .where = CC_QUERY },
    { .name = "c" },
    { .name = "C" },
    { 0 },
};
static const struct cc_action action = {
    .name = "Do", .method = "POST", .path = "/do", .params = params
};

/* writes the request of an action with these parameters, each the text "1", "2", ... */
static int write_request(const char *const names[], struct cc_request *request)
{
    struct cc_tree *tree = cc_tree_new();
    char text[] = "1";
    int rc;

    assert_true(cc_request_reset(request));
    for (size_t i = 0; names[i]; i++, text[0]++)
        cc_tree_set_text(tree, cc_tree_root(tree), names[i], text);
    rc = cc_request_write(&provider, &action, NULL, NULL, tree, request, NULL);
    cc_tree_free(tree);
    return rc;
}

static void test_names__parameters_of_an_action_are_distinguished(void **state)
{
    struct cc_request request = { 0 };

    (void)state;
    assert_int_equal(write_request((const char *const[]){ "B", "b", "C", "c", NULL }, &request),
                     CLOUD_OK);
    assert_int_equal(request.query.count, 2);
    assert_string_equal(request.query.items[0].name, "b");
    assert_string_equal(request.query.items[0].value, "2");
    assert_string_equal(request.query.items[1].name, "B");
    assert_string_equal(request.query.items[1].value, "1");
    assert_string_equal(cc_buf_text(&request.body), "{\"C\":\"3\",\"c\":\"4\"}");
    /* B is not the required b */
    assert_int_equal(write_request((const char *const[]){ "B", NULL }, &request), CLOUD_EINVAL);
    cc_request_clear(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__an_index_and_a_path_find_the_same),
        cmocka_unit_test(test_names__parameters_of_an_action_are_distinguished),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
