/* SPDX-License-Identifier: Apache-2.0 */
/* Tests JD Cloud's emulator: signatures, states, client tokens, lists, invalid input. */
#include "tests/emulator/jdcloud_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *vectors_path;

static void check_changed_byte(struct jd_client *c, struct jd_request *request, char *text)
{
    for (char *p = text; *p; p++) {
        char was = *p;

        *p = (char)(was ^ 1);
        jd_send(c, request);
        if (c->status != 401)
            fail_msg("status %d with '%c' for '%c' in %s", c->status, *p, was, text);
        assert_string_equal(jd_text(c, "/error/status"), "ACCESS_ERROR");
        assert_int_equal(strlen(jd_text(c, "/requestId")), 32);
        *p = was;
    }
}

static void test_signature__any_changed_byte_is_refused(void **state)
{
    struct jd_client *c = *state;
    struct jd_request request;

    jd_sign(c, "vm", "POST", "v1/instances?clientToken=t-1", SPEC(PREPAID "}"), time(NULL),
            &request);
    check_changed_byte(c, &request, strstr(request.url, "/v1"));
    check_changed_byte(c, &request, strchr(request.headers[1], ':') + 2);
    check_changed_byte(c, &request, strchr(request.headers[2], ':') + 2);
    check_changed_byte(c, &request, strchr(request.headers[3], ':') + 2);
    check_changed_byte(c, &request, strchr(request.headers[4], ':') + 2);
    check_changed_byte(c, &request, request.body);
    jd_send(c, &request);
    assert_int_equal(c->status, 200);
    jd_send(c, &request);
    assert_int_equal(c->status, 401); /* the nonce is used up */
    jd_request_clear(&request);
}

static void test_signature__date_window_and_skew(void **state)
{
    struct jd_client *c = *state;
    struct jd_request request;
    static const struct {
        int offset, status;
    } cases[] = { { -890, 200 }, { 890, 200 }, { -910, 401 }, { 910, 401 } };

    for (size_t i = 0; i < 4; i++) {
        jd_sign(c, "vm", "GET", "v1/instances", NULL, time(NULL) + cases[i].offset, &request);
        jd_send(c, &request);
        assert_int_equal(c->status, cases[i].status);
    }
    assert_int_equal(jd_control(c, "POST", "clock", "{\"skew_s\":3600}"), 200);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), 401);
    jd_sign(c, "vm", "GET", "v1/instances", NULL, time(NULL) + 3600, &request);
    jd_send(c, &request);
    assert_int_equal(c->status, 200);
}

static void test_signature__scope_must_fit_the_path(void **state)
{
    struct jd_client *c = *state;
    struct jd_request request;
    char *region;

    assert_int_equal(jd_call(c, "disk", "GET", "v1/instances", NULL), 401);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/quotas", NULL), 200);
    assert_int_equal(jd_call(c, "disk", "GET", "v1/quotas?type=disk", NULL), 200);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/nothing", NULL), 404);
    jd_sign(c, "vm", "GET", "v1/instances", NULL, time(NULL), &request);
    region = strstr(request.url, "cn-north-1");
    memcpy(region, "cn-south-1", 10);
    jd_send(c, &request);
    assert_int_equal(c->status, 401);
    c->secret = "another";
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), 401);
    c->key_id = "unknown";
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), 401);
}

static const char *member(yyjson_val *object, const char *name)
{
    const char *ret = yyjson_get_str(yyjson_obj_get(object, name));

    assert_non_null(ret);
    return ret ? ret : "";
}

static const char *element(yyjson_val *array, size_t i)
{
    const char *ret = yyjson_get_str(yyjson_arr_get(array, i));

    assert_non_null(ret);
    return ret ? ret : "";
}

static bool vector_verifies(yyjson_val *vector)
{
    yyjson_val *input = yyjson_obj_get(vector, "input"), *pair;
    const char *date = member(input, "date"), *lines[32] = { NULL };
    char *url = NULL, *texts[32] = { NULL };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };
    struct jd_client c;
    struct tm parts = { 0 };
    size_t i, count, used = 0;
    bool ret;

    jd_open(&c, ":memory:");
    strptime(date, "%Y%m%dT%H%M%SZ", &parts);
    jd_control(&c, "POST", "clock", "{\"skew_s\":%ld}", (long)(timegm(&parts) - time(NULL)));
    assert_int_equal(cloud_emulator_add_key(c.emulator, member(input, "access_key"),
                                            member(input, "secret_key")),
                     0);
    yyjson_arr_foreach(yyjson_ptr_get(vector, "/expect/emitted_headers"), i, count, pair)
    {
        assert_true(asprintf(&texts[used], "%s: %s", element(pair, 0), element(pair, 1)) > 0);
        used += strncasecmp(texts[used], "host:", 5) != 0 || (free(texts[used]), false);
    }
    assert_true(asprintf(&texts[used++], "Host: %s", member(input, "host_header")) > 0);
    assert_true(asprintf(&url, "http://x%s", member(vector, "wire_target")) > 0);
    for (i = 0; i < used; i++)
        lines[i] = texts[i];
    cloud_emulator_handle(c.emulator,
                          &(struct cloud_emulator_request){
                              .size = sizeof(struct cloud_emulator_request),
                              .method = member(input, "method"),
                              .url = url,
                              .headers = lines,
                              .body = member(input, "body"),
                              .body_size = yyjson_get_len(yyjson_obj_get(input, "body")) },
                          &reply);
    jd_control(&c, "GET", "requests", NULL);
    ret = yyjson_get_bool(yyjson_doc_ptr_get(c.json, "/requests/0/verified"));
    if (!ret)
        print_message("%s: %s\n", member(vector, "id"), (char *)reply.body);
    cloud_emulator_reply_clear(&reply);
    for (i = 0; i < used; i++)
        free(texts[i]);
    free(url);
    jd_close(&c);
    return ret;
}

static void test_signature__every_vector_verifies(void **state)
{
    yyjson_doc *doc = yyjson_read_file(vectors_path, 0, NULL, NULL);
    size_t i, count = 0, wrong = 0;
    yyjson_val *vector;

    (void)state;
    assert_non_null(doc);
    yyjson_arr_foreach(yyjson_doc_ptr_get(doc, "/vectors"), i, count, vector) wrong +=
        !vector_verifies(vector);
    assert_int_equal(count, 40);
    assert_int_equal(wrong, 0);
    yyjson_doc_free(doc);
}

static void test_states__each_passes_through_its_own(void **state)
{
    static const struct {
        const char *action, *body, *during, *after;
    } steps[] = {
        { ":stopInstance", "{}", "stopping", "stopped" },
        { ":startInstance", "{}", "starting", "running" },
        { ":rebootInstance", "{}", "rebooting", "running" },
        { ":stopInstance", "{}", "stopping", "stopped" },
        { ":resizeInstance", "{\"instanceType\":\"g.n2.large\"}", "resizing", "stopped" },
        { ":rebuildInstance", "{\"imageId\":\"img-democentos79\"}", "rebuilding", "stopped" },
    };
    struct jd_client *c = *state;
    char id[64];

    jd_create(c, SPEC("}"), id);
    assert_string_equal(jd_status_of(c, id), "pending");
    assert_int_equal(jd_call(c, "vm", "DELETE", jd_path_of(id, ""), NULL), 403);
    jd_advance(c, 2);
    assert_string_equal(jd_status_of(c, id), "running");
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(
            jd_call(c, "vm", "POST", jd_path_of(id, steps[i].action), "%s", steps[i].body), 200);
        assert_string_equal(jd_status_of(c, id), steps[i].during);
        assert_int_equal(jd_act(c, id, ":rebootInstance"), 400); /* busy */
        assert_string_equal(jd_text(c, "/error/status"), "FAILED_PRECONDITION");
        jd_advance(c, 2);
        assert_string_equal(jd_status_of(c, id), steps[i].after);
    }
    assert_string_equal(jd_text(c, "/result/instance/instanceType"), "g.n2.large");
    assert_string_equal(jd_text(c, "/result/instance/platform"), "CentOS");
    assert_int_equal(jd_call(c, "vm", "DELETE", jd_path_of(id, ""), NULL), 200);
    assert_string_equal(jd_status_of(c, id), "deleting");
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL), 404);
    assert_string_equal(jd_text(c, "/error/status"), "NOT_FOUND");
}

static void test_states__wrong_state_is_refused_and_changes_nothing(void **state)
{
    static const char *const of_running[] = { ":startInstance", ":resizeInstance",
                                              ":rebuildInstance" };
    static const char *const of_stopped[] = { ":stopInstance", ":rebootInstance" };
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, of_running[i]), "%s",
                                 i == 1 ? "{\"instanceType\":\"g.n2.large\"}" : "{}"),
                         400);
        assert_string_equal(jd_status_of(c, id), "running");
    }
    assert_int_equal(jd_call(c, "vm", "GET", jd_path_of(id, "/vnc"), NULL), 200);
    assert_int_equal(jd_act(c, id, ":stopInstance"), 200);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(jd_act(c, id, of_stopped[i]), 400);
    assert_int_equal(jd_call(c, "vm", "GET", jd_path_of(id, "/vnc"), NULL), 400);
    assert_string_equal(jd_status_of(c, id), "stopped");
}

static void test_states__timeline_by_seconds_polls_and_failure(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_control(c, "POST", "timeline", "{\"transition\":\"stop\",\"seconds\":30}");
    jd_act(c, id, ":stopInstance");
    jd_advance(c, 25);
    assert_string_equal(jd_status_of(c, id), "stopping");
    jd_advance(c, 6);
    assert_string_equal(jd_status_of(c, id), "stopped");
    jd_control(c, "POST", "timeline", "{\"transition\":\"start\",\"polls\":2}");
    jd_act(c, id, ":startInstance");
    jd_advance(c, 100);
    assert_string_equal(jd_status_of(c, id), "starting");
    assert_string_equal(jd_status_of(c, id), "starting");
    assert_string_equal(jd_status_of(c, id), "running");
    jd_control(c, "POST", "timeline", "{\"transition\":\"create\",\"outcome\":\"error\"}");
    jd_create(c, SPEC(PREPAID "}"), id);
    assert_string_equal(jd_status_of(c, id), "error");
    jd_control(c, "GET", "ledger", NULL);
    assert_string_equal(jd_text(c, "/totals/CNY"), "131.80"); /* the first VM only */
    jd_advance(c, 61);
    assert_string_equal(jd_status_of(c, id), "");
    jd_create(c, SPEC(PREPAID "}"), id);
    assert_string_equal(jd_status_of(c, id), "running");
}

static void test_disk__states_and_attachment(void **state)
{
    struct jd_client *c = *state;
    char id[64], disk[64], path[128];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    jd_control(c, "DELETE", "timeline", NULL);
    assert_int_equal(
        jd_call(c, "disk", "POST", "v1/disks",
                "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"data\",\"diskType\":\"ssd.gp1\","
                "\"diskSizeGB\":20},\"maxCount\":1,\"clientToken\":\"d\"}"),
        200);
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/diskIds/0"));
    snprintf(path, sizeof(path), "v1/disks/%s", disk);
    jd_call(c, "disk", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/disk/status"), "creating");
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":attachDisk"),
                             "{\"diskId\":\"%s\",\"autoDelete\":true}", disk),
                     200);
    jd_call(c, "disk", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/disk/status"), "in-use");
    assert_string_equal(jd_text(c, "/result/disk/attachments/0/status"), "attaching");
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":stopInstance"), "{}"), 400);
    jd_advance(c, 2);
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    assert_string_equal(jd_text(c, "/result/instance/dataDisks/0/cloudDisk/diskId"), disk);
    assert_string_equal(jd_text(c, "/result/instance/dataDisks/0/deviceName"), "vdb");
    assert_int_equal(jd_call(c, "disk", "DELETE", path, NULL), 400);
    assert_int_equal(jd_call(c, "vm", "DELETE", jd_path_of(id, ""), NULL), 200);
    jd_advance(c, 2);
    assert_int_equal(jd_call(c, "disk", "GET", path, NULL), 200);
    assert_string_equal(jd_text(c, "/result/disk/status"),
                        "deleted"); /* deleted with its VM, still visible */
    jd_call(c, "disk", "GET", "v1/disks", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 0);
}

static void test_token__equal_request_creates_once(void **state)
{
    struct jd_client *c = *state;
    char first[64], again[64];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), first);
    jd_create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), again);
    assert_string_equal(first, again);
    assert_int_equal(
        jd_call(c, "vm", "POST", "v1/instances", SPEC("},\"clientToken\":\"order-1\"")), 409);
    assert_string_equal(jd_text(c, "/error/status"), "ALREADY_EXISTS");
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    jd_advance(c, 86401);
    jd_create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), again);
    assert_string_not_equal(first, again);
    /* A refused call does not use its client token. */
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances",
                             SPEC(",\"password\":\"short\"},\"clientToken\":\"order-2\"")),
                     400);
    jd_create(c, SPEC("},\"clientToken\":\"order-2\""), again);
}

static void test_list__pages_and_filters(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC(",\"userTags\":[{\"key\":\"k\",\"value\":\"v\"}]},\"maxCount\":12"), id);
    jd_create(c,
              "{\"instanceSpec\":{\"name\":\"other-[007]\",\"az\":\"cn-north-1b\",\"instanceType\":"
              "\"c.n2.large\","
              "\"imageId\":\"img-democentos79\"," NETWORK "}}",
              id);
    jd_call(c, "vm", "GET", "v1/instances?pageNumber=2&pageSize=10", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 13);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/result/instances")), 3);
    jd_call(c, "vm", "GET", "v1/instances?pageNumber=9&pageSize=10", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 13);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/result/instances")), 0);
    jd_call(c, "vm", "GET",
            "v1/instances?filters.1.name=name&filters.1.operator=eq&filters.1.values.1=ther", NULL);
    assert_string_equal(jd_text(c, "/result/instances/0/instanceName"), "other-007");
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    jd_call(
        c, "vm", "GET",
        "v1/"
        "instances?filters.1.name=az&filters.1.values.1=cn-north-1a&filters.1.values.2=cn-north-1b"
        "&filters.2.name=status&filters.2.values.1=stopped",
        NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 0);
    jd_call(c, "vm", "GET", "v1/instances?tags.1.key=k&tags.1.values.1=v", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 12);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances?pageSize=9", NULL), 400);
    assert_string_equal(jd_text(c, "/error/status"), "OUT_OF_RANGE");
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances?pageSize=101", NULL), 400);
    assert_int_equal(
        jd_call(c, "vm", "GET", "v1/instances?filters.1.name=nope&filters.1.values.1=x", NULL),
        400);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances?page=1", NULL), 400);
    c->region = "cn-east-2";
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 0);
}

static void test_input__each_mistake_is_named(void **state)
{
    static const struct {
        const char *body, *named;
    } cases[] = {
        { "{", "JSON" },
        { "[]", "JSON" },
        { "{}", "instanceSpec" },
        { SPEC("}") "x", "JSON" },
        { SPEC("},\"maxCount\":101"), "maxCount" },
        { SPEC("},\"maxCount\":0"), "maxCount" },
        { SPEC("},\"maxCount\":\"1\""), "maxCount" },
        { SPEC("},\"instanceName\":\"x\""), "instanceName" },
        { SPEC(",\"Password\":\"x\"}"), "Password" },
        { SPEC(",\"password\":\"Ab3$efg\"}"), "password" }, /* 7 characters */
        { SPEC(",\"password\":\"abcdefgh\"}"), "password" },
        { SPEC(",\"password\":\"Xk7#mQ9$123p\"}"), "password" }, /* consecutive digits */
        { SPEC(",\"password\":\"Xk7#mQ9$CBAp\"}"), "password" },
        { SPEC(",\"password\":\"Xk7#mQ9$qazp\"}"),
          "password" }, /* consecutive keys of the keyboard */
        { SPEC(",\"password\":\"Xk7#mQ9$jdLp\"}"), "password" },
        { SPEC(",\"password\":\"Xk7#mQ9$rootp\"}"), "password" },
        { SPEC(",\"systemDisk\":{\"cloudDiskSpec\":{\"diskSizeGB\":30}}}"), "diskSizeGB" },
        { SPEC(",\"systemDisk\":{\"cloudDiskSpec\":{\"diskSizeGB\":510}}}"), "diskSizeGB" },
        { SPEC(",\"systemDisk\":{\"diskCategory\":\"local\"}}"), "diskCategory" },
        { SPEC(",\"dataDisks\":[{\"cloudDiskSpec\":{\"diskType\":\"ssd\",\"diskSizeGB\":25}}]}"),
          "diskSizeGB" },
        { SPEC(",\"dataDisks\":[{\"cloudDiskSpec\":{\"diskType\":\"ssd\",\"diskSizeGB\":1010}}]}"),
          "diskSizeGB" },
        { SPEC(",\"dataDisks\":[{\"cloudDiskSpec\":{\"diskType\":\"gold\",\"diskSizeGB\":20}}]}"),
          "diskType" },
        { SPEC(",\"dataDisks\":[{\"deviceName\":\"vdn\",\"cloudDiskSpec\":{\"diskType\":\"ssd\","
               "\"diskSizeGB\":20}}]}"),
          "deviceName" },
        { SPEC(",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":10}}"),
          "chargeDuration" },
        { SPEC(",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeUnit\":\"year\","
               "\"chargeDuration\":4}}"),
          "chargeDuration" },
        { SPEC(",\"charge\":{\"chargeMode\":\"postpaid_by_usage\"}}"), "chargeMode" },
        { SPEC(",\"charge\":{\"chargeMode\":\"free\"}}"), "chargeMode" },
        { SPEC(",\"hostname\":\"a\"}"), "hostname" },
        { SPEC(",\"hostname\":\"a_b\"}"), "hostname" },
        { SPEC(",\"userTags\":[{\"key\":\"jdc-x\",\"value\":\"v\"}]}"), "userTags" },
        { SPEC("},\"clientToken\":\"\""), "clientToken" },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        jd_call(c, "vm", "POST", "v1/instances", "%s", cases[i].body);
        if (c->status != 400 || !strstr(jd_text(c, "/error/message"), cases[i].named))
            fail_msg("%s: %d %s", cases[i].body, c->status, c->text);
    }
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 0);
    jd_control(c, "GET", "ledger", NULL);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/charges")), 0);
}

static void test_input__names_and_nulls(void **state)
{
    static const struct {
        const char *name;
        int status;
    } cases[] = {
        { "\xe4\xba\x91\xe4\xb8\xbb\xe6\x9c\xba", 200 },
        { "a.b_c-1", 200 },
        { "a", 400 },
        { ".ab", 400 },
        { "ab.", 400 },
        { "a b", 400 },
        { "[1]ab", 400 },
        { "a[12345]", 400 },
        { "a[01]", 200 },
        { "a/b", 400 },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int status = jd_call(c, "vm", "POST", "v1/instances",
                             "{\"regionId\":\"cn-north-1\",\"maxCount\":null,\"instanceSpec\":{"
                             "\"name\":\"%s\",\"az\":\"cn-north-1a\","
                             "\"agId\":null,\"instanceType\":\"g.n2.medium\",\"imageId\":\"img-"
                             "demoubuntu22\"," NETWORK "}}",
                             cases[i].name);

        if (status != cases[i].status)
            fail_msg("%s: %d", cases[i].name, status);
    }
}

static void test_input__quota_and_sold_out_are_kept_apart(void **state)
{
    struct jd_client *c = *state;

    jd_control(c, "POST", "world", "{\"quota\":{\"instance\":1}}");
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC("},\"maxCount\":2")), 429);
    assert_string_equal(jd_text(c, "/error/status"), "QUOTA_EXCEEDED");
    jd_control(c, "POST", "world", "{\"sold_out\":[\"g.n2.medium\"]}");
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC("}")), 400);
    assert_non_null(strstr(jd_text(c, "/error/message"), "sold out"));
    jd_call(c, "vm", "GET",
            "v1/instanceTypes?filters.1.name=instanceTypes&filters.1.values.1=g.n2.medium", NULL);
    assert_false(
        yyjson_get_bool(yyjson_doc_ptr_get(c->json, "/result/instanceTypes/0/state/0/inStock")));
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        JD_WORLD(test_signature__any_changed_byte_is_refused),
        JD_WORLD(test_signature__date_window_and_skew),
        JD_WORLD(test_signature__scope_must_fit_the_path),
        cmocka_unit_test(test_signature__every_vector_verifies),
        JD_WORLD(test_states__each_passes_through_its_own),
        JD_WORLD(test_states__wrong_state_is_refused_and_changes_nothing),
        JD_WORLD(test_states__timeline_by_seconds_polls_and_failure),
        JD_WORLD(test_disk__states_and_attachment),
        JD_WORLD(test_token__equal_request_creates_once),
        JD_WORLD(test_list__pages_and_filters),
        JD_WORLD(test_input__each_mistake_is_named),
        JD_WORLD(test_input__names_and_nulls),
        JD_WORLD(test_input__quota_and_sold_out_are_kept_apart),
    };

    vectors_path = argc > 1 ? argv[1] : "tests/fixtures/vectors/jdcloud-signing.json";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
