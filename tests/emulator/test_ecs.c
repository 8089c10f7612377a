/* SPDX-License-Identifier: Apache-2.0 */
/* Tests requests to CapitalOnline's ECS and EBS emulator: signatures (the argument is the file of
 * vectors), actions, parameters, error codes. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *vectors_path;

static yyjson_doc *read_vectors(void)
{
    yyjson_doc *ret = yyjson_read_file(vectors_path, 0, NULL, NULL);

    if (!ret)
        fail_msg("cannot read %s", vectors_path);
    return ret;
}

static int64_t time_of(const char *stamp)
{
    struct tm parts = { 0 };

    assert_non_null(strptime(stamp, "%Y-%m-%dT%H:%M:%SZ", &parts));
    return (int64_t)timegm(&parts);
}

/* Resets the world, which also forgets nonces, and sets its clock. */
static void reset_to(struct co_client *client, int64_t when)
{
    assert_int_equal(co_control(client, "POST", "reset", "{}"), 200);
    assert_int_equal(
        co_control(client, "POST", "clock", "{\"skew_s\":%lld}", (long long)(when - time(NULL))),
        200);
}

/* The path is not signed, so every vector can use a path of this emulator. */
static int send_vector(struct co_client *client, const char *method, const char *url)
{
    char *own;

    assert_true(asprintf(&own, "http://localhost/ecs/v1/%s", strchr(url, '?')) >= 0);
    co_send(client, method, own, NULL);
    free(own);
    return client->status;
}

static char *with_signature(const char *url, const char *signature)
{
    size_t keep = (size_t)(strstr(url, "&Signature=") - url);
    char *ret;

    assert_true(asprintf(&ret, "%.*s&Signature=%s", (int)keep, url, signature) >= 0);
    return ret;
}

/* Encodes Base64 for a query. */
static void encode(const char *text, char *ret)
{
    for (; *text; text++) {
        if (strchr("+/=", *text))
            ret += sprintf(ret, "%%%02X", *text);
        else
            *ret++ = *text;
    }
    *ret = '\0';
}

static void check_deviations(struct co_client *client, yyjson_val *vector, const char *method,
                             const char *url, int64_t when, size_t *ret_count)
{
    size_t i, max;
    yyjson_val *deviation;

    yyjson_arr_foreach(yyjson_obj_get(vector, "deviations"), i, max, deviation)
    {
        char signature[64], *wrong;

        encode(yyjson_get_str(yyjson_obj_get(deviation, "signature")), signature);
        wrong = with_signature(url, signature);
        reset_to(client, when);
        assert_int_equal(send_vector(client, method, wrong), 401);
        assert_string_equal(co_code(client), "SignatureDoesNotMatch");
        assert_int_equal(co_control(client, "POST", "world", "{\"go_sdk_space\":1}"), 200);
        assert_int_not_equal(send_vector(client, method, wrong), 401);
        free(wrong);
        (*ret_count)++;
    }
}

static void test_ecs__vectors_verify_and_deviations_do_not(void **state)
{
    struct co_client *client = *state;
    yyjson_doc *doc = read_vectors();
    yyjson_val *vectors = yyjson_obj_get(yyjson_doc_get_root(doc), "vectors"), *vector;
    size_t i, max, deviations = 0;

    assert_true(yyjson_arr_size(vectors) >= 38);
    yyjson_arr_foreach(vectors, i, max, vector)
    {
        yyjson_val *input = yyjson_obj_get(vector, "input"),
                   *expect = yyjson_obj_get(vector, "expect");
        const char *method = yyjson_get_str(yyjson_obj_get(input, "method"));
        const char *url = yyjson_get_str(yyjson_obj_get(expect, "final_url"));
        const char *go = yyjson_get_str(yyjson_obj_get(expect, "final_url_go_sdk"));
        int64_t when = time_of(yyjson_get_str(yyjson_obj_get(input, "timestamp")));

        assert_int_equal(
            cloud_emulator_add_key(client->emulator,
                                   yyjson_get_str(yyjson_obj_get(input, "access_key_id")),
                                   yyjson_get_str(yyjson_obj_get(input, "access_key_secret"))),
            0);
        reset_to(client, when);
        if (send_vector(client, method, url) == 401)
            fail_msg("%s: %s", yyjson_get_str(yyjson_obj_get(vector, "id")), client->text);
        reset_to(client, when);
        if (go && send_vector(client, method, go) == 401)
            fail_msg("%s, go-sdk: %s", yyjson_get_str(yyjson_obj_get(vector, "id")), client->text);
        check_deviations(client, vector, method, url, when, &deviations);
    }
    assert_true(deviations > 0);
    yyjson_doc_free(doc);
}

static void test_ecs__any_changed_byte_of_the_query_is_refused(void **state)
{
    static const char pairs[] = "{\"SearchInfo\":\"web server+01/中\",\"PageNumber\":1}";
    struct co_client *client = *state;
    char *url = co_sign(client, "GET", ECS, "DescribeInstanceList", pairs);
    char *query = strchr(url, '?') + 1;

    for (char *p = query; *p; p++) {
        char kept = *p;

        *p = kept == 'x' ? 'y' : 'x';
        co_send(client, "GET", url, NULL);
        if (client->status != 401)
            fail_msg("changed at %d: %s gave %d", (int)(p - query), query, client->status);
        *p = kept;
    }
    co_send(client, "POST", url, "{}");
    assert_int_equal(client->status, 401);
    co_send(client, "GET", url, NULL);
    assert_int_equal(client->status, 200);
    free(url);
}

static void test_ecs__a_nonce_is_good_once(void **state)
{
    struct co_client *client = *state;
    char *url = co_sign(client, "GET", ECS, "DescribeRegions", NULL);

    co_send(client, "GET", url, NULL);
    assert_int_equal(client->status, 200);
    co_send(client, "GET", url, NULL);
    assert_int_equal(client->status, 401);
    assert_string_equal(co_code(client), "AccessDenied");
    free(url);
}

/* Calls with the vendor's clock ahead of ours. */
static int try_ahead(struct co_client *client, int64_t seconds)
{
    assert_int_equal(co_control(client, "POST", "clock", "{\"skew_s\":%lld}", (long long)seconds),
                     200);
    return co_call(client, "GET", ECS, "DescribeRegions", NULL);
}

static void test_ecs__the_window_is_fifteen_minutes(void **state)
{
    struct co_client *client = *state;

    assert_int_equal(try_ahead(client, 890), 200);
    assert_int_equal(try_ahead(client, -890), 200);
    assert_int_equal(try_ahead(client, 910), 401);
    assert_string_equal(co_code(client), "RequestExpired");
    assert_int_equal(try_ahead(client, -910), 401);
}

/* "/?" and "?", "+" and "%20", and a repeated pair. */
static void test_ecs__spellings_of_a_query(void **state)
{
    struct co_client *client = *state;
    char *url = co_sign(client, "GET", ECS, "DescribeInstanceList", "{\"SearchInfo\":\"a b\"}");
    const char *query = strchr(url, '?'), *space = strstr(url, "%20");
    char *other;

    assert_int_equal(co_send(client, "GET", url, NULL), 200);
    assert_true(asprintf(&other, "http://localhost/ecs/v1%s", query) >= 0);
    assert_int_equal(co_control(client, "POST", "reset", "{}"), 200);
    assert_int_equal(co_send(client, "GET", other, NULL), 200);
    free(other);
    assert_true(asprintf(&other, "%.*s+%s&SearchInfo=a+b", (int)(space - url), url, space + 3) >=
                0);
    assert_int_equal(co_control(client, "POST", "reset", "{}"), 200);
    assert_int_equal(co_send(client, "GET", other, NULL), 200);
    free(other);
    assert_true(asprintf(&other, "%s&SearchInfo=c", url) >= 0);
    assert_int_equal(co_control(client, "POST", "reset", "{}"), 200);
    assert_int_equal(co_send(client, "GET", other, NULL), 401);
    free(other);
    free(url);
}

static void test_ecs__unknown_key_and_wrong_secret_are_refused(void **state)
{
    struct co_client *client = *state;

    client->secret = "another secret";
    assert_int_equal(co_call(client, "GET", ECS, "DescribeRegions", NULL), 401);
    assert_string_equal(co_code(client), "SignatureDoesNotMatch");
    client->key_id = "unknown";
    assert_int_equal(co_call(client, "GET", ECS, "DescribeRegions", NULL), 401);
    assert_string_equal(co_code(client), "InvalidAccessKeyId");
}

/* The first of two equal members counts. So each order is wrong in one member: the one before
 * ORDER. */
#define ORDER_WITH(member) "{\"BillingMethod\":\"0\"," member "," ORDER "}"
#define CREATE_DISK(members) \
    "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskFeature\":\"SSD\"," members "}"

static const struct refusal {
    const char *method, *path, *action, *body;
    int status;
    const char *code;
} refusals[] = {
    { "GET", "/ecs/v2", "DescribeRegions", "", 404, "InvalidEvent.InvalidUrl.NotFound" },
    { "GET", ECS, "DescribeNothing", "", 400, "UnsupportedAction" },
    { "GET", ECS, "DescribeImages", "", 400, "UnsupportedAction" },
    { "GET", ECS, "CreateInstance", "", 400, "UnsupportedHTTPMethod" },
    { "POST", ECS, "DescribeRegions", "{}", 400, "UnsupportedHTTPMethod" },
    { "POST", ECS, "CreateInstance", "{not json", 400, "ParamParseError" },
    { "POST", ECS, "CreateInstance", "[1]", 400, "ParamParseError" },
    { "POST", ECS, "CreateInstance", "", 400, "MissingParameter" },
    { "POST", ECS, "CreateInstance", "{\"AvailableZoneCode\":\"\"}", 400,
      "InvalidParameter.IsNull" },
    { "POST", ECS, "CreateInstance", "{\"AvailableZoneCode\":null}", 400,
      "InvalidParameter.IsNull" },
    { "POST", ECS, "CreateInstance", "{\"AvailableZoneCode\":7}", 400, "ParamParseError" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":0," ORDER "}", 400, "ParamParseError" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":\"2\"," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":\"1\",\"Duration\":13," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":\"1\",\"Duration\":0," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":\"1\",\"Duration\":48," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Number\":101"), 400, "MaxEcsCountExceed" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"StartNumber\":9223372036854775807"), 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", "{\"BillingMethod\":\"1\",\"IsToMonth\":2," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "DeleteInstance", "{\"EcsIds\":[\"ins-none\"],\"DeleteEip\":2}", 400,
      "InvalidParameter" },
    { "POST", EBS, "AttachDisk", "{\"DiskIds\":[\"d\"],\"EcsId\":\"e\",\"ReleaseWithInstance\":-1}",
      400, "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Number\":0"), 400, "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Password\":\"short1A\""), 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Password\":\"onlylower1\""), 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Password\":\"KVMV587!\\t\""), 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"ImageId\":\"img-none\""), 404,
      "InvalidImage.NotFound" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"AvailableZoneCode\":\"CN_None_A\""), 404,
      "InvalidAvailableZone.NotFound" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"AvailableZoneCode\":\"CN_Suqian_A\""), 403,
      "InvalidOperation.AzMismatch" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"EcsFamilyName\":\"none\""), 400,
      "InvalidInstanceType.ValueNotSupported" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"Cpu\":3"), 400,
      "InvalidInstanceSpec.ValueNotSupported" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"VpcInfo\":{\"VpcId\":\"none\"}"), 404,
      "InvalidVpc.NotFound" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"VpcInfo\":{}"), 400, "InvalidParameter.IsNull" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"VpcInfo\":{\"a\":1}"), 400, "MissingParameter" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"VpcInfo\":{\"VpcId\":\"7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1\"}"), 403,
      "InvalidOperation.VpcMismatch" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"SubnetInfo\":{\"SubnetId\":\"none\"}"), 404,
      "InvalidResourceId.NotFound" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"SystemDisk\":{\"DiskFeature\":\"ssd\",\"Size\":16}"), 400, "MinDiskSizeLess" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"SystemDisk\":{\"DiskFeature\":\"ssd\",\"Size\":508}"), 400,
      "MaxDiskSizeExceed" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"SystemDisk\":{\"DiskFeature\":\"ssd\",\"Size\":41}"), 400,
      "InvalidDiskSize.ValueNotSupported" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"DataDisk\":[{\"DiskFeature\":\"ssd\",\"Size\":10}]"), 400, "MinDiskSizeLess" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"DataDisk\":[{\"DiskFeature\":\"ssd\",\"Size\":33}]"), 400,
      "InvalidDiskSize.ValueNotSupported" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"DataDisk\":[{\"DiskFeature\":\"local\",\"Size\":48}]"), 400,
      "UnSupportedMixingLocalAndEbs" },
    { "POST", ECS, "CreateInstance",
      ORDER_WITH("\"SystemDisk\":{\"DiskFeature\":\"local\",\"Size\":50},\"DataDisk\":{"
                 "\"DiskFeature\":\"ssd\",\"Size\":48}"),
      400, "UnSupportedMixingLocalAndEbs" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"DnsList\":[\"1.1.1.1\"]"), 400,
      "InvalidParameter" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"TestAccount\":\"unknown\""), 404,
      "InvalidAccount.NotFound" },
    { "POST", ECS, "CreateInstance", ORDER_WITH("\"TestAccount\":\"BMSTEST\""), 403,
      "InvalidOperation" },
    { "POST", ECS, "CreateInstance",
      "{\"BillingMethod\":\"3\",\"SpotType\":\"bid\",\"SpotAmount\":\"99999\"," ORDER "}", 400,
      "InvalidParameter" },
    { "POST", ECS, "DescribePrice",
      "{" SPEC ",\"BillingMethod\":\"1\",\"SystemDiskInfo\":{\"DiskFeature\":\"ssd\",\"Size\":40},"
      "\"Duration\":13}",
      400, "InvalidParameter" },
    { "POST", ECS, "DescribePrice", "{" SPEC ",\"BillingMethod\":\"1\"}", 400, "MissingParameter" },
    { "POST", ECS, "OperateInstance", "{\"EcsIds\":[\"ins-none\"],\"OpType\":\"shutdown_ecs\"}",
      404, "InvalidResourceId.NotFound" },
    { "POST", ECS, "OperateInstance", "{\"EcsIds\":[],\"OpType\":\"shutdown_ecs\"}", 400,
      "InvalidParameter.IsNull" },
    { "POST", ECS, "OperateInstance", "{\"EcsIds\":[7],\"OpType\":\"shutdown_ecs\"}", 400,
      "ParamParseError" },
    { "POST", ECS, "OperateInstance", "{\"EcsIds\":[\"ins-none\"],\"OpType\":\"dance\"}", 400,
      "InvalidParameter" },
    { "GET", ECS, "DescribeInstance", "", 400, "MissingParameter" },
    { "GET", ECS, "DescribeInstance", "{\"EcsId\":\"ins-none\"}", 404,
      "InvalidResourceId.NotFound" },
    { "GET", ECS, "DescribeInstance", "{\"EcsId\":\"\"}", 400, "InvalidParameter.IsNull" },
    { "GET", ECS, "DescribeEvent", "{\"EventId\":\"none\"}", 404, "InvalidEvent.NotFound" },
    { "GET", ECS, "DescribeInstanceVncUrl", "{\"EcsId\":\"ins-none\"}", 404,
      "InvalidResourceId.NotFound" },
    { "GET", ECS, "DescribeInstanceList", "{\"PageNumber\":\"one\"}", 400, "ParamParseError" },
    { "GET", ECS, "DescribeZoneInstanceType", "{\"EcsFamilyName\":\"x\"}", 400,
      "MissingParameter" },
    { "GET", "/ecs/v1.1", "DescribeImages", "{\"AvailableZoneCode\":\"CN_None_A\"}", 404,
      "InvalidAvailableZone.NotFound" },
    { "POST", ECS, "CreateImage", "{\"EcsId\":\"ins-none\",\"Name\":\"x\"}", 404,
      "InvalidResourceId.NotFound" },
    { "POST", ECS, "DeleteImage", "{\"ImageIds\":[\"img-none\"]}", 404, "InvalidImage.NotFound" },
    { "POST", ECS, "DeleteImage", "{\"ImageIds\":[\"img-demo000000000001\"]}", 403,
      "InvalidOperation" },
    { "POST", ECS, "SyncImage",
      "{\"ImageId\":\"img-none\",\"AvailableZoneCodes\":[\"CN_Suqian_A\"]}", 404,
      "InvalidImage.NotFound" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":16"), 400, "MinDiskSizeLess" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":9000"), 400, "MaxDiskSizeExceed" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":30"), 400,
      "InvalidDiskSize.ValueNotSupported" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":1000,\"Number\":11"), 400,
      "InvalidDiskSize.ValueNotSupported" },
    { "POST", EBS, "CreateDisk",
      "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskFeature\":\"HDD\",\"Size\":32}", 400,
      "InvalidParameter" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":32,\"BillingMethod\":\"1\""), 400,
      "InvalidParameter" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":32,\"DiskName\":\"1abc\""), 400,
      "InvalidParameter" },
    { "POST", EBS, "CreateDisk", CREATE_DISK("\"Size\":32,\"SnapshotId\":\"s-none\""), 404,
      "InvalidResourceId.NotFound" },
    { "POST", EBS, "AttachDisk", "{\"DiskIds\":[\"disk-none\"]}", 400, "MissingParameter" },
    { "POST", EBS, "DeleteDisk", "{\"DiskIds\":[\"disk-none\"]}", 404,
      "InvalidResourceId.NotFound" },
    { "POST", EBS, "ExtendDisk", "{\"DiskId\":\"disk-none\",\"ExtendedSize\":64}", 404,
      "InvalidResourceId.NotFound" },
    { "GET", EBS, "DescribeDisk", "{\"DiskId\":\"disk-none\"}", 400, "InvalidParameter" },
    { "GET", EBS, "DescribeDiskQuota", "{\"AvailableZoneCode\":\"none\"}", 404,
      "InvalidAvailableZone.NotFound" },
    { "GET", EBS, "DescribeDiskList", "{\"RegionCode\":\"CN_None\"}", 404,
      "InvalidRegion.NotFound" },
    { "GET", ECS, "DescribeInstanceList", "{\"AvailableZoneCode\":\"none\"}", 404,
      "InvalidAvailableZone.NotFound" },
    { "POST", "/vpc", "DescribeSubnet", "{\"RegionCode\":\"CN_None\"}", 404,
      "InvalidRegion.NotFound" },
    { "GET", EBS, "DescribeEcsAttachDisks", "", 400, "MissingParameter" },
};

static void test_ecs__each_refusal_has_its_code(void **state)
{
    struct co_client *client = *state;

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *row = &refusals[i];

        co_call(client, row->method, row->path, row->action, *row->body ? "%s" : NULL, row->body);
        if (client->status != row->status || strcmp(co_text(client, "/Code"), row->code) != 0)
            fail_msg("%s %s gave %d %s", row->action, row->body, client->status, client->text);
        assert_true(*co_text(client, "/Msg"));
        assert_true(yyjson_is_obj(at(client, "/Data")));
        assert_int_equal(strlen(co_text(client, "/RequestId")), 32);
    }
    co_control(client, "GET", "world", NULL);
    assert_null(at(client, "/objects/capitalonline_ecs~1instance"));
    assert_null(at(client, "/objects/capitalonline_ecs~1event"));
    co_control(client, "GET", "ledger", NULL);
    assert_int_equal(co_count(client, "/charges"), 0);
}

static void test_ecs__sold_out_types_and_used_quota(void **state)
{
    struct co_client *client = *state;

    co_control(client, "POST", "world", "{\"sold_out\":[\"CN_Hohhot_B/Cpu计算型C4\"]}");
    assert_int_equal(
        co_call(client, "POST", ECS, "CreateInstance", "{" ORDER ",\"BillingMethod\":\"0\"}"), 403);
    assert_string_equal(co_code(client), "InvalidOperation");
    co_call(
        client, "GET", ECS, "DescribeZoneInstanceType",
        "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":\"2\"}");
    assert_string_equal(co_text(client, "/Data/0/SpecList/0/Status"), "SELLOUT");
    assert_int_equal(co_count(client, "/Data/0/SpecList"), 1);
    co_control(client, "POST", "world",
               "{\"sold_out\":[],\"quota\":{\"ecs\":1},\"balance\":\"5.00\"}");
    assert_int_equal(co_call(client, "POST", ECS, "CreateInstance",
                             "{" ORDER ",\"BillingMethod\":\"0\",\"Number\":2}"),
                     400);
    assert_string_equal(co_code(client), "MaxEcsCountExceed");
    assert_int_equal(
        co_call(client, "POST", ECS, "CreateInstance", "{" ORDER ",\"BillingMethod\":\"0\"}"), 403);
    assert_string_equal(co_code(client), "InvalidOperation");
    co_control(client, "POST", "world", "{\"quota\":{\"ebs\":32},\"balance\":\"500.00\"}");
    assert_int_equal(
        co_call(client, "POST", ECS, "CreateInstance", "{" ORDER ",\"BillingMethod\":\"0\"}"), 400);
    assert_string_equal(co_code(client), "InvalidDiskSize.ValueNotSupported");
}

static void test_ecs__lists_in_every_spelling(void **state)
{
    static const char *const spellings[] = {
        "\"ImageIds\":[\"img-demo000000000001\",\"img-demo000000000003\"]",
        "\"ImageIds\":\"img-demo000000000001,img-demo000000000003\"",
        "\"ImageIds.0\":\"img-demo000000000001\",\"ImageIds.1\":\"img-demo000000000003\"",
    };
    struct co_client *client = *state;

    for (size_t i = 0; i < 3; i++) {
        co_call(client, "GET", "/ecs/v1.1", "DescribeImages",
                "{\"AvailableZoneCode\":\"cn_hohhot_b\",%s}", spellings[i]);
        assert_int_equal(client->status, 200);
        assert_int_equal(co_int(client, "/TotalCount"), 2);
        assert_string_equal(co_text(client, "/Data/ImageList/1/ImageName"), "Centos 7.4 64位");
    }
    co_call(client, "POST", "/ecs/v1.1", "DescribeImages",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"ImageIds\":[\"img-demo000000000003\"]}");
    assert_int_equal(co_int(client, "/TotalCount"), 1);
}

/* cck-sdk-go sends a GET with its parameters in an unsigned body. cds-python-sdk sends a POST with
 * all of them in the query too, as flattened text. */
static void test_ecs__parameters_on_either_side(void **state)
{
    struct co_client *client = *state;
    char *url = co_sign(client, "GET", EBS, "DescribeDiskQuota", NULL);

    assert_int_equal(co_send(client, "GET", url, "{\"AvailableZoneCode\":\"CN_Hohhot_B\"}"), 200);
    free(url);
    url = co_sign(
        client, "POST", ECS, "DescribePrice",
        "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"Cpu\":2,\"Ram\":4,\"BillingMethod\":\"0\","
        "\"SystemDiskInfo.DiskFeature\":\"ssd\",\"SystemDiskInfo.Size\":40,"
        "\"DataDiskInfo.0.DiskFeature\":\"ssd\",\"DataDiskInfo.0.Size\":24}");
    assert_int_equal(co_send(client, "POST", url, NULL), 200);
    assert_int_equal(co_money(client, "/Data/TotalPrice"), (2 * 180 + 4 * 90 + 64 * 4) * CENT);
    free(url);
}

static void test_ecs__types_vary_on_request(void **state)
{
    static const struct {
        const char *code, *message;
        bool number_is_text;
    } expected[] = { { "code", "Message", false },
                     { "Code", "Msg", false },
                     { "Code", "Msg", true },
                     { "code", "message", false } };
    struct co_client *client = *state;

    for (int i = 0; i < 8; i++) {
        int reading = i % 4;
        yyjson_val *root;

        if (i < 4)
            co_control(client, "POST", "world", "{\"capitalonline_types\":%d}", reading);
        else if (i == 4)
            co_control(client, "POST", "world",
                       "{\"switches\":{\"capitalonline_types\":\"vary\"}}");
        assert_int_equal(co_call(client, "GET", ECS, "DescribeInstanceList", NULL), 200);
        root = yyjson_doc_get_root(client->json);
        assert_non_null(yyjson_obj_get(root, expected[reading].code));
        assert_non_null(yyjson_obj_get(root, expected[reading].message));
        assert_int_equal(yyjson_is_str(yyjson_obj_get(root, "TotalCount")),
                         expected[reading].number_is_text);
        assert_string_equal(co_code(client), reading == 3 ? "success" : "Success");
        assert_int_equal(yyjson_obj_get(root, "RequestId") != NULL, reading != 3);
    }
}

static void test_ecs__faults_have_the_vendors_codes(void **state)
{
    struct co_client *client = *state;

    co_control(client, "POST", "fail",
               "{\"action\":\"DescribeRegions\",\"code\":\"InternalError\"}");
    assert_int_equal(co_call(client, "GET", ECS, "DescribeRegions", NULL), 500);
    assert_string_equal(co_code(client), "InternalError");
    co_control(
        client, "POST", "fail",
        "{\"action\":\"DescribeRegions\",\"code\":\"Busy\",\"status\":429,\"message\":\"later\"}");
    assert_int_equal(co_call(client, "GET", ECS, "DescribeRegions", NULL), 429);
    assert_string_equal(co_text(client, "/Msg"), "later");
    assert_int_equal(co_call(client, "GET", ECS, "DescribeRegions", NULL), 200);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ecs__vectors_verify_and_deviations_do_not),
        TEST(test_ecs__any_changed_byte_of_the_query_is_refused),
        TEST(test_ecs__a_nonce_is_good_once),
        TEST(test_ecs__the_window_is_fifteen_minutes),
        TEST(test_ecs__spellings_of_a_query),
        TEST(test_ecs__unknown_key_and_wrong_secret_are_refused),
        TEST(test_ecs__each_refusal_has_its_code),
        TEST(test_ecs__sold_out_types_and_used_quota),
        TEST(test_ecs__lists_in_every_spelling),
        TEST(test_ecs__parameters_on_either_side),
        TEST(test_ecs__types_vary_on_request),
        TEST(test_ecs__faults_have_the_vendors_codes),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    vectors_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
