/* SPDX-License-Identifier: Apache-2.0 */
/* What JD Cloud's emulator must hold: signatures, states, tokens, lists, money, time, bad input. */
#include "tests/test_emulator_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char *vectors_path;

static int open_world(void **state)
{
    struct jd_client *client = calloc(1, sizeof(*client));

    jd_open(client, NULL);
    *state = client;
    return 0;
}

static int close_world(void **state)
{
    jd_close(*state);
    free(*state);
    return 0;
}

#define NETWORK \
    "\"primaryNetworkInterface\":{\"networkInterface\":{\"subnetId\":\"subnet-demo000001\"}}"
#define SPEC(more) \
    "{\"instanceSpec\":{\"name\":\"vm\",\"az\":\"cn-north-1a\",\"instanceType\":\"g.n2.medium\"," \
    "\"imageId\":\"img-demoubuntu22\"," NETWORK more "}"
#define PREPAID \
    ",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeUnit\":\"month\"," \
    "\"chargeDuration\":1}"

static void at_once(struct jd_client *c)
{
    assert_int_equal(jd_control(c, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":0}"),
                     200);
}

static void advance(struct jd_client *c, long seconds)
{
    assert_int_equal(jd_control(c, "POST", "clock", "{\"advance_s\":%ld}", seconds), 200);
}

/* The id of a new instance. */
static void create(struct jd_client *c, const char *spec, char ret[64])
{
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", "%s", spec), 200);
    snprintf(ret, 64, "%s", jd_text(c, "/result/instanceIds/0"));
    assert_true(ret[0] == 'i');
}

static const char *path_of(const char *id, const char *action)
{
    static char ret[128];

    snprintf(ret, sizeof(ret), "v1/instances/%s%s", id, action);
    return ret;
}

static const char *status_of(struct jd_client *c, const char *id)
{
    jd_call(c, "vm", "GET", path_of(id, ""), NULL);
    return jd_text(c, "/result/instance/status");
}

static int act(struct jd_client *c, const char *id, const char *action)
{
    return jd_call(c, "vm", "POST", path_of(id, action), "{}");
}

/* ---- signatures ----------------------------------------------------------------------------- */

static void refused_when_changed(struct jd_client *c, struct jd_request *request, char *text)
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
    refused_when_changed(c, &request, strstr(request.url, "/v1"));
    refused_when_changed(c, &request, strchr(request.headers[1], ':') + 2);
    refused_when_changed(c, &request, strchr(request.headers[2], ':') + 2);
    refused_when_changed(c, &request, strchr(request.headers[3], ':') + 2);
    refused_when_changed(c, &request, strchr(request.headers[4], ':') + 2);
    refused_when_changed(c, &request, request.body);
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
    c->key_id = "nobody";
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

/* ---- states --------------------------------------------------------------------------------- */

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

    create(c, SPEC("}"), id);
    assert_string_equal(status_of(c, id), "pending");
    assert_int_equal(jd_call(c, "vm", "DELETE", path_of(id, ""), NULL), 403);
    advance(c, 2);
    assert_string_equal(status_of(c, id), "running");
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(
            jd_call(c, "vm", "POST", path_of(id, steps[i].action), "%s", steps[i].body), 200);
        assert_string_equal(status_of(c, id), steps[i].during);
        assert_int_equal(act(c, id, ":rebootInstance"), 400); /* busy */
        assert_string_equal(jd_text(c, "/error/status"), "FAILED_PRECONDITION");
        advance(c, 2);
        assert_string_equal(status_of(c, id), steps[i].after);
    }
    assert_string_equal(jd_text(c, "/result/instance/instanceType"), "g.n2.large");
    assert_string_equal(jd_text(c, "/result/instance/platform"), "CentOS");
    assert_int_equal(jd_call(c, "vm", "DELETE", path_of(id, ""), NULL), 200);
    assert_string_equal(status_of(c, id), "deleting");
    advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "GET", path_of(id, ""), NULL), 404);
    assert_string_equal(jd_text(c, "/error/status"), "NOT_FOUND");
}

static void test_states__wrong_state_is_refused_and_changes_nothing(void **state)
{
    static const char *const of_running[] = { ":startInstance", ":resizeInstance",
                                              ":rebuildInstance" };
    static const char *const of_stopped[] = { ":stopInstance", ":rebootInstance" };
    struct jd_client *c = *state;
    char id[64];

    at_once(c);
    create(c, SPEC("}"), id);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(jd_call(c, "vm", "POST", path_of(id, of_running[i]), "%s",
                                 i == 1 ? "{\"instanceType\":\"g.n2.large\"}" : "{}"),
                         400);
        assert_string_equal(status_of(c, id), "running");
    }
    assert_int_equal(jd_call(c, "vm", "GET", path_of(id, "/vnc"), NULL), 200);
    assert_int_equal(act(c, id, ":stopInstance"), 200);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(act(c, id, of_stopped[i]), 400);
    assert_int_equal(jd_call(c, "vm", "GET", path_of(id, "/vnc"), NULL), 400);
    assert_string_equal(status_of(c, id), "stopped");
}

static void test_states__timeline_by_seconds_polls_and_failure(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    at_once(c);
    create(c, SPEC(PREPAID "}"), id);
    jd_control(c, "POST", "timeline", "{\"transition\":\"stop\",\"seconds\":30}");
    act(c, id, ":stopInstance");
    advance(c, 25);
    assert_string_equal(status_of(c, id), "stopping");
    advance(c, 6);
    assert_string_equal(status_of(c, id), "stopped");
    jd_control(c, "POST", "timeline", "{\"transition\":\"start\",\"polls\":2}");
    act(c, id, ":startInstance");
    advance(c, 100);
    assert_string_equal(status_of(c, id), "starting");
    assert_string_equal(status_of(c, id), "starting");
    assert_string_equal(status_of(c, id), "running");
    jd_control(c, "POST", "timeline", "{\"transition\":\"create\",\"outcome\":\"error\"}");
    create(c, SPEC(PREPAID "}"), id);
    assert_string_equal(status_of(c, id), "error");
    jd_control(c, "GET", "ledger", NULL);
    assert_string_equal(jd_text(c, "/totals/CNY"), "131.80"); /* the first VM only */
    advance(c, 61);
    assert_string_equal(status_of(c, id), "");
    create(c, SPEC(PREPAID "}"), id);
    assert_string_equal(status_of(c, id), "running");
}

static void test_disk__states_and_attachment(void **state)
{
    struct jd_client *c = *state;
    char id[64], disk[64], path[128];

    at_once(c);
    create(c, SPEC("}"), id);
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
    advance(c, 2);
    assert_int_equal(jd_call(c, "vm", "POST", path_of(id, ":attachDisk"),
                             "{\"diskId\":\"%s\",\"autoDelete\":true}", disk),
                     200);
    jd_call(c, "disk", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/disk/status"), "in-use");
    assert_string_equal(jd_text(c, "/result/disk/attachments/0/status"), "attaching");
    assert_int_equal(jd_call(c, "vm", "POST", path_of(id, ":stopInstance"), "{}"), 400);
    advance(c, 2);
    jd_call(c, "vm", "GET", path_of(id, ""), NULL);
    assert_string_equal(jd_text(c, "/result/instance/dataDisks/0/cloudDisk/diskId"), disk);
    assert_string_equal(jd_text(c, "/result/instance/dataDisks/0/deviceName"), "vdb");
    assert_int_equal(jd_call(c, "disk", "DELETE", path, NULL), 400);
    assert_int_equal(jd_call(c, "vm", "DELETE", path_of(id, ""), NULL), 200);
    advance(c, 2);
    assert_int_equal(jd_call(c, "disk", "GET", path, NULL), 200);
    assert_string_equal(jd_text(c, "/result/disk/status"),
                        "deleted"); /* went with its VM, still seen */
    jd_call(c, "disk", "GET", "v1/disks", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 0);
}

/* ---- tokens, lists -------------------------------------------------------------------------- */

static void test_token__equal_request_creates_once(void **state)
{
    struct jd_client *c = *state;
    char first[64], again[64];

    at_once(c);
    create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), first);
    create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), again);
    assert_string_equal(first, again);
    assert_int_equal(
        jd_call(c, "vm", "POST", "v1/instances", SPEC("},\"clientToken\":\"order-1\"")), 409);
    assert_string_equal(jd_text(c, "/error/status"), "ALREADY_EXISTS");
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_int_equal(jd_int(c, "/result/totalCount"), 1);
    advance(c, 86401);
    create(c, SPEC(PREPAID "},\"clientToken\":\"order-1\""), again);
    assert_string_not_equal(first, again);
    /* A refused call leaves no trace of its token. */
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances",
                             SPEC(",\"password\":\"short\"},\"clientToken\":\"order-2\"")),
                     400);
    create(c, SPEC("},\"clientToken\":\"order-2\""), again);
}

static void test_list__pages_and_filters(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    at_once(c);
    create(c, SPEC(",\"userTags\":[{\"key\":\"k\",\"value\":\"v\"}]},\"maxCount\":12"), id);
    create(c,
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

/* ---- money ---------------------------------------------------------------------------------- */

#define ENTRY(service, more) \
    "{\"serviceCode\":\"" service "\",\"region\":\"cn-north-1\",\"billingType\":3," more "}"
#define FORMULA(key, value) "\"formula\":[{\"key\":\"" key "\",\"value\":" value ",\"number\":1}]"

/* What calculateTotalPrice says is to be paid, as "123.45". */
static void quote(struct jd_client *c, int cmd, const char *entries, char ret[32])
{
    assert_int_equal(jd_call(c, "billing", "POST", "v1/calculateTotalPrice",
                             "{\"cmd\":%d,\"packageCount\":1,\"orderList\":[%s]}", cmd, entries),
                     200);
    jd_digits(c, "discountedTotalPrice", ret);
}

/* The sum of the ledger's lines of that kind. */
static void charged(struct jd_client *c, const char *kind, char ret[32])
{
    long long cents = 0;
    size_t i, count;
    yyjson_val *charge;

    jd_control(c, "GET", "ledger", NULL);
    yyjson_arr_foreach(yyjson_doc_ptr_get(c->json, "/charges"), i, count, charge)
    {
        const char *amount = yyjson_get_str(yyjson_obj_get(charge, "amount"));

        if (strcmp(yyjson_get_str(yyjson_obj_get(charge, "kind")), kind) == 0) {
            assert_int_equal(strlen(strchr(amount, '.')), 3); /* whole cents */
            cents += atoll(amount) * 100 + atoll(strchr(amount, '.') + 1);
        }
    }
    snprintf(ret, 32, "%lld.%02lld", cents / 100, cents % 100);
}

static void test_money__ledger_is_what_was_quoted(void **state)
{
    static const char *const discounts[] = { "1", "0.8765" };
    char id[64], entries[512], asked[32], paid[32];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct jd_client world, *c = &world;

        jd_open(c, NULL);
        at_once(c);
        jd_control(c, "POST", "world", "{\"switches\":{\"discount\":\"%s\"}}", discounts[i]);
        quote(c, 1,
              ENTRY("vm", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("g.n2.medium", "1")) "," ENTRY(
                  "disk", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("hdd.std1", "40")),
              asked);
        create(c,
               SPEC(",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeUnit\":\"year\","
                    "\"chargeDuration\":1}}"),
               id);
        charged(c, "create", paid);
        assert_string_equal(asked, paid);
        if (!i)
            assert_string_equal(asked, "1318.00"); /* ten months of 119.80 and 40 x 0.30 */
        advance(c, 100 * 86400 + 5);
        act(c, id, ":stopInstance");
        snprintf(entries, sizeof(entries),
                 ENTRY("vm", "\"resourceId\":\"%s\"," FORMULA("m.n2.xlarge", "1")), id);
        quote(c, 3, entries, asked);
        assert_int_equal(jd_call(c, "vm", "POST", path_of(id, ":resizeInstance"),
                                 "{\"instanceType\":\"m.n2.xlarge\"}"),
                         200);
        charged(c, "upgrade", paid);
        assert_string_equal(asked, paid);
        snprintf(entries, sizeof(entries),
                 ENTRY("vm", "\"resourceId\":\"%s\",\"timeSpan\":3,\"timeUnit\":3"), id);
        quote(c, 2, entries, asked);
        assert_int_equal(jd_call(c, "renewal", "POST", "v2/instances:renew",
                                 "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":"
                                 "\"vm\",\"timeUnit\":\"MONTH\","
                                 "\"timeSpan\":3,\"instanceIds\":\"%s\"}}",
                                 id),
                         200);
        charged(c, "renew", paid);
        assert_string_equal(asked, paid);
        jd_close(c);
    }
}

static void test_money__growing_a_prepaid_disk_costs_the_quote(void **state)
{
    struct jd_client *c = *state;
    char disk[64], path[128], entries[512], asked[32], paid[32];

    at_once(c);
    jd_call(c, "disk", "POST", "v1/disks",
            "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"data\",\"diskType\":\"ssd.gp1\","
            "\"diskSizeGB\":20,"
            "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":2}},"
            "\"maxCount\":1,\"clientToken\":\"d\"}");
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/diskIds/0"));
    advance(c, 7 * 86400);
    snprintf(entries, sizeof(entries),
             ENTRY("disk", "\"resourceId\":\"%s\"," FORMULA("ssd.gp1", "130")), disk);
    quote(c, 3, entries, asked);
    snprintf(path, sizeof(path), "v1/disks/%s:extend", disk);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":130}"), 200);
    charged(c, "upgrade", paid);
    assert_string_equal(asked, paid);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":130}"), 400);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":145}"), 400);
}

static void test_money__years_cents_and_a_short_balance(void **state)
{
    struct jd_client *c = *state;
    char digits[32];

    jd_control(c, "POST", "world", "{\"switches\":{\"discount\":\"0.3333\"}}");
    quote(c, 1, ENTRY("vm", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("g.n2.medium", "1")), digits);
    assert_string_equal(digits, "399.29"); /* 1198 x 0.3333 = 399.2934: cut, not rounded */
    jd_digits(c, "totalPrice", digits);
    assert_string_equal(digits, "1198.000000");
    jd_digits(c, "totalOriginalPrice", digits);
    assert_string_equal(digits, "1437.600000");
    jd_digits(c, "afterFavorableTotalPrice", digits);
    assert_string_equal(digits, "399.293400");
    jd_digits(c, "eraseTotalPrice", digits);
    assert_string_equal(digits, "0.003400");
    /* A VM and its disk: 131.80 x 0.3333 = 43.92894. */
    assert_int_equal(jd_control(c, "POST", "world", "{\"balance\":\"43.91\"}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC(PREPAID "}")), 400);
    assert_non_null(strstr(jd_text(c, "/error/message"), "balance"));
    assert_int_equal(jd_control(c, "POST", "world", "{\"balance\":\"43.92\"}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC(PREPAID "}")), 200);
    jd_control(c, "GET", "world", NULL);
    assert_non_null(strstr(c->text, "\"balance\":\"0.00\""));
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC("}")),
                     400); /* postpaid wants 50 */
}

/* ---- time ----------------------------------------------------------------------------------- */

static void test_time__expiry_stops_renewal_starts_neglect_releases(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    at_once(c);
    create(c, SPEC(PREPAID "}"), id);
    assert_int_equal(jd_call(c, "vm", "DELETE", path_of(id, ""), NULL), 400);
    advance(c, 32 * 86400);
    assert_string_equal(status_of(c, id), "stopped");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "overdue");
    assert_int_equal(act(c, id, ":startInstance"), 400);
    assert_int_equal(jd_call(c, "renewal", "POST", "v2/instances:renew",
                             "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":"
                             "\"vm\",\"timeUnit\":\"MONTH\","
                             "\"timeSpan\":1,\"instanceIds\":\"%s\",\"autoPay\":true}}",
                             id),
                     200);
    assert_true(*jd_text(c, "/result/orderNumber"));
    assert_string_equal(status_of(c, id), "running");
    advance(c, 40 * 86400);
    assert_int_equal(jd_call(c, "vm", "GET", path_of(id, ""), NULL), 404);
}

static void test_time__automatic_renewal_pays(void **state)
{
    struct jd_client *c = *state;
    char id[64], paid[32];

    at_once(c);
    create(c, SPEC(PREPAID "}"), id);
    assert_int_equal(jd_call(c, "renewal", "PUT", "v2/instances:autoRenewStatus",
                             "{\"setRenewalParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
                             "\"instanceIds\":\"%s\","
                             "\"autoRenewStatus\":\"OPEN\",\"timeUnit\":\"MONTH\",\"timeSpan\":1,"
                             "\"allAutoPay\":\"BIND\"}}",
                             id),
                     200);
    assert_string_equal(jd_text(c, "/result/stringResult"), "1");
    jd_call(c, "renewal", "POST", "v2/instances",
            "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
            "\"renewStatus\":\"AUTO\"}}");
    assert_string_equal(jd_text(c, "/result/listQueries/0/autoRenewStatus"), "OPENED");
    advance(c, 70 * 86400);
    assert_string_equal(status_of(c, id), "running");
    charged(c, "auto_renew", paid);
    assert_string_equal(paid, "263.60"); /* VM and disk, twice */
}

static void test_time__arrears_stop_and_money_starts(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    at_once(c);
    create(c, SPEC("}"), id);
    advance(c, 3 * 3600 + 1);
    jd_control(c, "GET", "ledger", NULL);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/charges")), 6);
    assert_string_equal(jd_text(c, "/totals/CNY"), "0.915222"); /* 3 x (0.277314 + 40 x 0.000694) */
    jd_control(c, "POST", "world", "{\"balance\":\"0.00\"}");
    advance(c, 3600);
    assert_string_equal(status_of(c, id), "stopped");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "arrear");
    jd_control(c, "POST", "world", "{\"balance\":\"10.00\"}");
    advance(c, 3600);
    assert_string_equal(status_of(c, id), "running");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "normal");
}

/* ---- bad input ------------------------------------------------------------------------------ */

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
        { SPEC(",\"password\":\"Xk7#mQ9$123p\"}"), "password" }, /* a run of digits */
        { SPEC(",\"password\":\"Xk7#mQ9$CBAp\"}"), "password" },
        { SPEC(",\"password\":\"Xk7#mQ9$qazp\"}"), "password" }, /* down the keyboard */
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
#define WORLD(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(test_signature__any_changed_byte_is_refused),
        WORLD(test_signature__date_window_and_skew),
        WORLD(test_signature__scope_must_fit_the_path),
        cmocka_unit_test(test_signature__every_vector_verifies),
        WORLD(test_states__each_passes_through_its_own),
        WORLD(test_states__wrong_state_is_refused_and_changes_nothing),
        WORLD(test_states__timeline_by_seconds_polls_and_failure),
        WORLD(test_disk__states_and_attachment),
        WORLD(test_token__equal_request_creates_once),
        WORLD(test_list__pages_and_filters),
        cmocka_unit_test(test_money__ledger_is_what_was_quoted),
        WORLD(test_money__growing_a_prepaid_disk_costs_the_quote),
        WORLD(test_money__years_cents_and_a_short_balance),
        WORLD(test_time__expiry_stops_renewal_starts_neglect_releases),
        WORLD(test_time__automatic_renewal_pays),
        WORLD(test_time__arrears_stop_and_money_starts),
        WORLD(test_input__each_mistake_is_named),
        WORLD(test_input__names_and_nulls),
        WORLD(test_input__quota_and_sold_out_are_kept_apart),
    };

    vectors_path = argc > 1 ? argv[1] : "tests/vectors/jdcloud-signing.json";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
