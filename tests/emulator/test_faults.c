/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the faults that change an answer, at every vendor, in this process and over HTTP. */
#include "tests/emulator/capitalonline_client.h"
#include "tests/emulator/jdcloud_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The names and the order of one vendor. A pointer is a JSON pointer, a path that of a fault. */
struct vendor {
    const char *name;
    const char *buy, *list;                   /* actions */
    const char *order;                        /* body of the purchase */
    const char *path;                         /* CapitalOnline: of the URL; NULL: JD Cloud */
    const char *list_method;                  /* CapitalOnline */
    const char *records, *total;              /* pointers in a listing */
    const char *records_path, *total_path;    /* paths in a listing */
    const char *id, *state;                   /* members of a record */
    const char *code, *number_code, *message; /* pointers in an error */
};

static const struct vendor vendors[] = {
    { .name = "jdcloud",
      .buy = "createInstances",
      .list = "describeInstances",
      .order = "{\"instanceSpec\":{\"name\":\"vm\",\"az\":\"cn-north-1a\","
               "\"instanceType\":\"g.n2.medium\",\"imageId\":\"img-demoubuntu22\","
               "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":1},"
               "\"primaryNetworkInterface\":{\"networkInterface\":"
               "{\"subnetId\":\"subnet-demo000001\"}}}}",
      .records = "/result/instances",
      .total = "/result/totalCount",
      .records_path = "result.instances",
      .total_path = "result.totalCount",
      .id = "instanceId",
      .state = "status",
      .code = "/error/status",
      .number_code = "/error/code",
      .message = "/error/message" },
    { .name = "capitalonline_ccs",
      .buy = "CreateInstance",
      .list = "DescribeInstances",
      .order = "{\"RegionId\":\"CN_Beijing_A\",\"Cpu\":4,\"Ram\":8,\"InstanceType\":\"CCS.C3\","
               "\"ImageId\":\"Ubuntu_20.04_64\",\"SystemDisk\":{\"Size\":60,"
               "\"Type\":\"ssd_system_disk\"},"
               "\"VdcId\":\"33333333-3333-4333-8333-333333333333\",\"InstanceName\":\"web\","
               "\"Password\":\"123abc,.;\",\"InstanceChargeType\":\"PrePaid\","
               "\"PrepaidMonth\":1}",
      .path = "/ccs",
      .list_method = "POST",
      .records = "/Data/Instances",
      .total = "/Data/Total",
      .records_path = "Data.Instances",
      .total_path = "Data.Total",
      .id = "InstanceId",
      .state = "InstanceStatus",
      .code = "/Code",
      .number_code = "/Code",
      .message = "/Message" },
    { .name = "capitalonline_ecs",
      .buy = "CreateInstance",
      .list = "DescribeInstanceList",
      .order = "{\"BillingMethod\":\"1\",\"Duration\":1,\"AvailableZoneCode\":\"CN_Hohhot_B\","
               "\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":2,\"Ram\":4,"
               "\"VpcInfo\":{\"VpcId\":\"11111111-1111-4111-8111-111111111111\"},"
               "\"SubnetInfo\":{\"SubnetId\":\"22222222-2222-4222-8222-222222222222\"},"
               "\"SystemDisk\":{\"DiskFeature\":\"ssd\",\"Size\":40},"
               "\"Password\":\"123QWEqwe\",\"ImageId\":\"img-demo000000000001\"}",
      .path = "/ecs/v1",
      .list_method = "GET",
      .records = "/Data/EcsList",
      .total = "/TotalCount",
      .records_path = "Data.EcsList",
      .total_path = "TotalCount",
      .id = "EcsId",
      .state = "Status",
      .code = "/Code",
      .number_code = "/Code",
      .message = "/Msg" },
};

/* A world with one vendor's client, and the last reply. */
struct fixture {
    const struct vendor *vendor;
    bool over_http;
    int port;
    struct jd_client client; /* signs for JD Cloud; owns the emulator */
    struct co_client signer; /* signs for CapitalOnline */
    int status;
    char *headers, *body;
    size_t body_size;
    yyjson_doc *json;
};

static void forget(struct fixture *f)
{
    yyjson_doc_free(f->json);
    free(f->headers);
    free(f->body);
    f->json = NULL;
    f->headers = f->body = NULL;
}

static void keep(struct fixture *f, int status, const char *headers, const char *body, size_t size)
{
    forget(f);
    f->status = status;
    f->headers = strdup(headers);
    f->body = calloc(1, size + 1);
    memcpy(f->body, body, size);
    f->body_size = size;
    f->json = yyjson_read(f->body, size, YYJSON_READ_NOFLAG);
}

/* Sends one request on a socket of its own and reads the answer to its end. */
static void send_http(struct fixture *f, const struct cloud_emulator_request *request)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)f->port) };
    size_t capacity = 1 << 20, got = 0, size;
    char *text = calloc(1, capacity), *end;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ssize_t more;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    size = (size_t)snprintf(text, capacity, "%s %s HTTP/1.1\r\nConnection: close\r\n",
                            request->method, strchr(request->url + strlen("http://"), '/'));
    for (size_t i = 0; request->headers[i]; i++)
        size += (size_t)snprintf(text + size, capacity - size, "%s\r\n", request->headers[i]);
    size += (size_t)snprintf(text + size, capacity - size, "Content-Length: %zu\r\n\r\n%s",
                             request->body_size, request->body ? (const char *)request->body : "");
    assert_int_equal(send(fd, text, size, MSG_NOSIGNAL), size);
    memset(text, 0, capacity);
    while ((more = recv(fd, text + got, capacity - 1 - got, 0)) > 0)
        got += (size_t)more;
    close(fd);
    end = strstr(text, "\r\n\r\n");
    assert_non_null(end);
    end[2] = '\0';
    keep(f, atoi(text + strlen("HTTP/1.1 ")), text, end + 4, got - (size_t)(end + 4 - text));
    free(text);
}

static void send_in_process(struct fixture *f, const struct cloud_emulator_request *request)
{
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };

    assert_int_equal(cloud_emulator_handle(f->client.emulator, request, &reply), 0);
    assert_int_equal(reply.wire, CLOUD_EMULATOR_ANSWERED);
    keep(f, reply.status, reply.headers, reply.body, reply.body_size);
    cloud_emulator_reply_clear(&reply);
}

static void send_vendor(struct fixture *f, const char *method, const char *url,
                        const char *const *headers, const char *body)
{
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = method,
                                              .url = url,
                                              .headers = headers,
                                              .body = body,
                                              .body_size = body ? strlen(body) : 0 };

    if (f->over_http)
        send_http(f, &request);
    else
        send_in_process(f, &request);
}

static void call_jdcloud(struct fixture *f, const char *method, const char *path, const char *body)
{
    const char *headers[JD_HEADERS + 1] = { NULL };
    struct jd_request request;

    jd_sign(&f->client, "vm", method, path, body, time(NULL), &request);
    for (size_t i = 0; i < JD_HEADERS && request.headers[i][0]; i++)
        headers[i] = request.headers[i];
    send_vendor(f, method, request.url, headers, body);
    jd_request_clear(&request);
}

static void call_capitalonline(struct fixture *f, const char *method, const char *action,
                               const char *params)
{
    static const char *const headers[] = { "Host: localhost", "Content-Type: application/json",
                                           NULL };
    bool get = strcmp(method, "GET") == 0;
    char *url = co_sign(&f->signer, method, f->vendor->path, action, get ? params : NULL);

    send_vendor(f, method, url, headers, get ? NULL : params);
    free(url);
}

static void buy(struct fixture *f)
{
    if (f->vendor->path)
        call_capitalonline(f, "POST", f->vendor->buy, f->vendor->order);
    else
        call_jdcloud(f, "POST", "v1/instances", f->vendor->order);
}

static void list(struct fixture *f, int page, int size)
{
    char text[80];

    snprintf(text, sizeof(text),
             f->vendor->path ? "{\"PageNumber\":%d,\"PageSize\":%d}"
                             : "v1/instances?pageNumber=%d&pageSize=%d",
             page, size);
    if (f->vendor->path)
        call_capitalonline(f, f->vendor->list_method, f->vendor->list, text);
    else
        call_jdcloud(f, "GET", text, NULL);
}

static yyjson_val *at(const struct fixture *f, const char *pointer)
{
    return yyjson_doc_ptr_get(f->json, pointer);
}

static size_t record_count(const struct fixture *f)
{
    return yyjson_arr_size(at(f, f->vendor->records));
}

static const char *record_id(const struct fixture *f, size_t number)
{
    char pointer[80];

    snprintf(pointer, sizeof(pointer), "%s/%zu/%s", f->vendor->records, number, f->vendor->id);
    return yyjson_get_str(at(f, pointer));
}

/* Lists up to 100 on page 1 and returns the number of records, which has to be the total. */
static size_t listed(struct fixture *f)
{
    list(f, 1, 100);
    assert_int_equal(f->status, 200);
    assert_int_equal(yyjson_get_int(at(f, f->vendor->total)), record_count(f));
    return record_count(f);
}

/* Requests a fault; @format makes the members that follow the action. */
__attribute__((format(printf, 3, 4))) static void fail_with(struct fixture *f, const char *action,
                                                            const char *format, ...)
{
    char more[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(more, sizeof(more), format, args);
    va_end(args);
    if (jd_control(&f->client, "POST", "fail", "{\"action\":\"%s\",%s}", action, more) != 200)
        fail_msg("%s: %s", more, f->client.text);
}

/* How often fault @number was applied, by the control API. */
static int64_t times_applied(struct fixture *f, size_t number)
{
    char pointer[40];

    snprintf(pointer, sizeof(pointer), "/faults/%zu/applied", number);
    assert_int_equal(jd_control(&f->client, "GET", "fail", NULL), 200);
    return jd_int(&f->client, pointer);
}

static size_t charges(struct fixture *f)
{
    assert_int_equal(jd_control(&f->client, "GET", "ledger", NULL), 200);
    return yyjson_arr_size(yyjson_doc_ptr_get(f->client.json, "/charges"));
}

/* NULL when the last reply has no such header. */
static const char *header_of(const struct fixture *f, const char *name)
{
    static char ret[128];
    size_t size = strlen(name);

    for (const char *line = f->headers; *line; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, name, size) != 0 || line[size] != ':')
            continue;
        line += size + 2;
        snprintf(ret, sizeof(ret), "%.*s", (int)strcspn(line, "\r\n"), line);
        return ret;
    }
    return NULL;
}

/* A value of the last reply as it was written: 3.0 stays 3.0. "" when it is absent. */
static const char *written(const struct fixture *f, const char *pointer)
{
    static char ret[128];
    yyjson_doc *doc = yyjson_read(f->body, f->body_size, YYJSON_READ_NUMBER_AS_RAW);
    char *text = yyjson_val_write(yyjson_doc_ptr_get(doc, pointer), 0, NULL);

    snprintf(ret, sizeof(ret), "%s", text ? text : "");
    free(text);
    yyjson_doc_free(doc);
    return ret;
}

/* Runs a test at every vendor, in this process and over HTTP, each time in a new world. */
static void everywhere(void (*test)(struct fixture *f))
{
    char message[256] = "";

    for (size_t i = 0; i < 2 * COUNT(vendors); i++) {
        struct fixture f = { .vendor = &vendors[i / 2], .over_http = i % 2 };

        jd_open(&f.client, NULL);
        f.signer = (struct co_client){ .key_id = f.client.key_id, .secret = f.client.secret };
        if (f.over_http && cloud_emulator_listen(f.client.emulator, "127.0.0.1:0", &f.port, message,
                                                 sizeof(message)) != 0)
            fail_msg("%s", message);
        print_message("%s%s\n", f.vendor->name, f.over_http ? " over HTTP" : "");
        jd_at_once(&f.client);
        test(&f);
        forget(&f);
        jd_close(&f.client);
    }
}

static void error_after_apply(struct fixture *f)
{
    static const struct {
        const char *code; /* JSON; NULL: not given */
        int status;
    } cases[] = {
        { "\"InternalError\"", 200 },
        { "\"Unheard.Of\"", 400 },
        { "\"SUCCESS\"", 403 },
        { "\"\"", 500 },
        { "0", 200 },
        { "200", 403 },
        { "1.50", 400 },
        { "null", 200 },
        { NULL, 500 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *code = cases[i].code ? cases[i].code : "";
        size_t before = charges(f);

        fail_with(f, f->vendor->buy,
                  "\"kind\":\"error_after_apply\",\"status\":%d,\"message\":\"broken\"%s%s",
                  cases[i].status, *code ? ",\"code\":" : "", code);
        buy(f);
        assert_int_equal(f->status, cases[i].status);
        assert_string_equal(written(f, f->vendor->message), "\"broken\"");
        assert_string_equal(written(f, *code == '"' ? f->vendor->code : f->vendor->number_code),
                            code);
        assert_true(charges(f) > before);
        assert_int_equal(listed(f), i + 1);
        assert_int_equal(times_applied(f, i), 1);
    }
    fail_with(f, f->vendor->buy, "\"kind\":\"error_after_apply\",\"status\":400");
    buy(f);
    assert_string_equal(written(f, f->vendor->message), "");
    buy(f); /* every fault is used up */
    assert_int_equal(f->status, 200);
}

static void test_error_after_apply__is_charged_and_answers_an_error(void **state)
{
    (void)state;
    everywhere(error_after_apply);
}

/* A refusal of the vendor's own stays: nothing was applied, and the fault waits. */
static void error_after_refusal(struct fixture *f)
{
    struct vendor other = *f->vendor;

    other.order = "{}";
    f->vendor = &other;
    fail_with(f, other.buy, "\"kind\":\"error_after_apply\",\"status\":200,\"code\":\"Mine\"");
    buy(f);
    assert_true(f->status >= 400);
    assert_null(strstr(f->body, "Mine"));
    assert_int_equal(times_applied(f, 0), 0);
    assert_int_equal(charges(f), 0);
}

static void test_error_after_apply__waits_for_a_request_that_is_applied(void **state)
{
    (void)state;
    everywhere(error_after_refusal);
}

static void edit(struct fixture *f)
{
    static const char *const values[] = { "null", "[]",   "{}",        "\"\"", "3.0",
                                          "1e2",  "0.10", "\"other\"", "\"$\"" };
    const struct vendor *v = f->vendor;
    char pointer[80];

    buy(f);
    buy(f);
    assert_int_equal(listed(f), 2);
    snprintf(pointer, sizeof(pointer), "%s/0/%s", v->records, v->state);
    for (size_t i = 0; i < COUNT(values); i++) {
        fail_with(f, v->list,
                  "\"kind\":\"edit\",\"set\":{\"%s.0.%s\":%s,\"%s\":%s},\"remove\":[\"%s.1.%s\"]",
                  v->records_path, v->state, values[i], v->total_path, values[i], v->records_path,
                  v->id);
        list(f, 1, 100);
        assert_int_equal(f->status, 200);
        assert_string_equal(written(f, pointer), values[i]);
        assert_string_equal(written(f, v->total), values[i]);
        assert_non_null(record_id(f, 0));
        assert_null(record_id(f, 1));
    }
    assert_int_equal(listed(f), 2);
}

static void test_edit__sets_and_removes_members(void **state)
{
    (void)state;
    everywhere(edit);
}

/* Elements can be replaced, removed and added; a member can be new; the status can be another. */
static void edit_lists(struct fixture *f)
{
    const struct vendor *v = f->vendor;
    char first[64], pointer[80];

    buy(f);
    buy(f);
    list(f, 1, 100);
    snprintf(first, sizeof(first), "%s", record_id(f, 0));
    fail_with(f, v->list, "\"kind\":\"edit\",\"status\":403,\"set\":{\"%s.2\":{\"%s\":\"third\"}}",
              v->records_path, v->id);
    list(f, 1, 100);
    assert_int_equal(f->status, 403);
    assert_string_equal(record_id(f, 0), first);
    assert_string_equal(record_id(f, 2), "third");
    fail_with(f, v->list, "\"kind\":\"edit\",\"remove\":[\"%s.0\"],\"set\":{\"%s.1.ID\":\"x\"}",
              v->records_path, v->records_path);
    list(f, 1, 100);
    assert_int_equal(record_count(f), 1);
    assert_string_not_equal(record_id(f, 0), first);
    snprintf(pointer, sizeof(pointer), "%s/0/ID", v->records);
    assert_string_equal(written(f, pointer), "\"x\"");
}

static void test_edit__changes_lists_and_adds_members(void **state)
{
    (void)state;
    everywhere(edit_lists);
}

/* The fault is applied whole or not at all, and waits for a reply that has its paths. */
static void edit_nothing(struct fixture *f)
{
    static const char *const paths[] = { ".1",  ".0.nothing", ".0.nothing.more", ".x", ".0x",
                                         ".-1", ".0." };
    const struct vendor *v = f->vendor;

    buy(f);
    for (size_t i = 0; i < COUNT(paths); i++) {
        fail_with(f, v->list,
                  "\"kind\":\"edit\",\"delay_ms\":5,\"set\":{\"%s\":77},\"remove\":[\"%s%s\"]",
                  v->total_path, v->records_path, paths[i]);
        assert_int_equal(listed(f), 1);
        assert_int_equal(times_applied(f, 0), 0);
        jd_control(&f->client, "DELETE", "fail", NULL);
    }
    fail_with(f, v->list, "\"kind\":\"edit\",\"set\":{\"%s.1.%s\":\"odd\"}", v->records_path,
              v->state);
    assert_int_equal(listed(f), 1);
    buy(f);
    list(f, 1, 100);
    assert_non_null(strstr(f->body, "\"odd\""));
    assert_int_equal(times_applied(f, 0), 1);
}

static void test_edit__waits_for_a_reply_that_has_the_path(void **state)
{
    (void)state;
    everywhere(edit_nothing);
}

static void headers(struct fixture *f)
{
    static const char *const waits[] = { "Sun, 06 Nov 2033 08:49:37 GMT",
                                         "Sunday, 06-Nov-33 08:49:37 GMT",
                                         "Sun Nov  6 08:49:37 2033", "2.5", "soon" };

    list(f, 1, 100);
    assert_null(header_of(f, "Retry-After"));
    assert_string_equal(header_of(f, "Content-Type"), "application/json");
    assert_non_null(header_of(f, "Date"));
    for (size_t i = 0; i < COUNT(waits); i++) {
        fail_with(f, f->vendor->list,
                  "\"kind\":\"headers\",\"status\":429,\"headers\":{\"Retry-After\":\"%s\","
                  "\"content-TYPE\":null,\"DATE\":\"%s\",\"Content-Encoding\":\"gzip\"}",
                  waits[i], waits[i]);
        list(f, 1, 100);
        assert_int_equal(f->status, 429);
        assert_string_equal(header_of(f, "Retry-After"), waits[i]);
        assert_string_equal(header_of(f, "Date"), waits[i]);
        assert_string_equal(header_of(f, "Content-Encoding"), "gzip");
        assert_null(header_of(f, "Content-Type"));
        assert_int_equal(record_count(f), 0);
    }
    fail_with(f, f->vendor->list,
              "\"kind\":\"headers\",\"headers\":{\"Date\":null,\"Content-Type\":\"text/html\"}");
    list(f, 1, 100);
    assert_null(header_of(f, "Date"));
    assert_string_equal(header_of(f, "Content-Type"), "text/html");
}

static void test_headers__are_set_replaced_and_removed(void **state)
{
    (void)state;
    everywhere(headers);
}

static void body(struct fixture *f)
{
    static const char page[] = "<html><body>Sign in</body></html>\n";
    char *plain;
    size_t size;

    list(f, 1, 100);
    plain = strdup(f->body);
    size = f->body_size;
    fail_with(f, f->vendor->list, "\"kind\":\"body\",\"body_prefix\":\"\\ufeff\"");
    list(f, 1, 100);
    assert_int_equal(f->body_size, size + 3);
    assert_memory_equal(f->body, "\xef\xbb\xbf{", 4);
    /* The ids of two requests differ. */
    assert_memory_equal(f->body + 3, plain, 10);
    free(plain);
    fail_with(f, f->vendor->list,
              "\"kind\":\"body\",\"body\":\"<html><body>Sign in</body></html>\\n\","
              "\"headers\":{\"Content-Type\":\"text/html\"}");
    list(f, 1, 100);
    assert_int_equal(f->status, 200);
    assert_string_equal(f->body, page);
    assert_string_equal(header_of(f, "Content-Type"), "text/html");
    fail_with(f, f->vendor->list, "\"kind\":\"body\",\"body\":\"\"");
    list(f, 1, 100);
    assert_int_equal(f->body_size, 0);
    fail_with(f, f->vendor->list, "\"kind\":\"body\",\"body_base64\":\"H4sIAP8=\"");
    list(f, 1, 100);
    assert_int_equal(f->body_size, 5);
    assert_memory_equal(f->body, "\x1f\x8b\x08\x00\xff", 5);
}

static void test_body__is_replaced_and_prefixed(void **state)
{
    (void)state;
    everywhere(body);
}

/* Buys @count servers, and keeps their ids in the order of the listing. */
static void buy_many(struct fixture *f, size_t count, char ids[][64])
{
    assert_int_equal(jd_control(&f->client, "POST", "world",
                                "{\"balance\":\"1000000.00\",\"quota\":{\"instance\":100}}"),
                     200);
    for (size_t i = 0; i < count; i++)
        buy(f);
    assert_int_equal(listed(f), count);
    for (size_t i = 0; i < count; i++)
        snprintf(ids[i], 64, "%s", record_id(f, i));
}

static void page_cap(struct fixture *f)
{
    char ids[12][64];

    buy_many(f, 12, ids);
    fail_with(f, f->vendor->list, "\"kind\":\"page_cap\",\"page_size\":5,\"times\":3");
    for (int page = 1; page <= 3; page++) {
        list(f, page, 100);
        assert_int_equal(yyjson_get_int(at(f, f->vendor->total)), 12);
        assert_int_equal(record_count(f), page < 3 ? 5 : 2);
        for (size_t i = 0; i < record_count(f); i++)
            assert_string_equal(record_id(f, i), ids[(size_t)(page - 1) * 5 + i]);
    }
    assert_int_equal(times_applied(f, 0), 3);
    assert_int_equal(listed(f), 12);
}

static void test_page_cap__shows_fewer_than_asked_for(void **state)
{
    (void)state;
    everywhere(page_cap);
}

static void repeat_page(struct fixture *f)
{
    char ids[12][64];

    buy_many(f, 12, ids);
    fail_with(f, f->vendor->list, "\"kind\":\"repeat_page\",\"times\":3");
    for (int page = 1; page <= 3; page++) {
        list(f, page, 10);
        assert_int_equal(record_count(f), 10);
        assert_string_equal(record_id(f, 0), ids[0]);
        assert_int_equal(yyjson_get_int(at(f, f->vendor->total)), 12);
    }
    fail_with(f, f->vendor->list,
              "\"kind\":\"repeat_page\",\"pages\":2,\"page_size\":3,\"times\":4");
    for (int page = 1; page <= 4; page++) {
        list(f, page, 10);
        assert_int_equal(record_count(f), 3);
        assert_string_equal(record_id(f, 0), ids[page % 2 ? 0 : 3]);
    }
    list(f, 2, 10);
    assert_int_equal(record_count(f), 2);
}

static void test_repeat_page__goes_in_a_circle(void **state)
{
    (void)state;
    everywhere(repeat_page);
}

/* An action without pages does not use the fault up. */
static void no_listing(struct fixture *f)
{
    fail_with(f, "*", "\"kind\":\"page_cap\",\"page_size\":1");
    buy(f);
    assert_int_equal(f->status, 200);
    assert_int_equal(times_applied(f, 0), 0);
    buy(f);
    list(f, 1, 100);
    assert_int_equal(record_count(f), 1);
    assert_int_equal(times_applied(f, 0), 1);
}

static void test_page_cap__waits_for_a_listing(void **state)
{
    (void)state;
    everywhere(no_listing);
}

/* Every kind that answers counts requests with "skip" and "times". */
static void counts(struct fixture *f)
{
    static const char *const kinds[] = {
        "\"kind\":\"error_after_apply\",\"status\":418",
        "\"kind\":\"edit\",\"set\":{\"new\":1},\"status\":418",
        "\"kind\":\"headers\",\"headers\":{\"X\":\"y\"},\"status\":418",
        "\"kind\":\"body\",\"body\":\"x\",\"status\":418",
        "\"kind\":\"page_cap\",\"page_size\":1,\"status\":418",
        "\"kind\":\"repeat_page\",\"status\":418",
    };

    for (size_t i = 0; i < COUNT(kinds); i++) {
        static const int wanted[] = { 200, 418, 418, 200 };

        fail_with(f, f->vendor->list, "%s,\"skip\":1,\"times\":2,\"service\":\"%s\"", kinds[i],
                  f->vendor->name);
        for (size_t j = 0; j < COUNT(wanted); j++) {
            list(f, 1, 100);
            assert_int_equal(f->status, wanted[j]);
        }
        assert_int_equal(times_applied(f, i), 2);
    }
}

static void test_faults__count_times_and_skip(void **state)
{
    (void)state;
    everywhere(counts);
}

/* "set", "remove", "headers" and "body_prefix" change what another kind answers. */
static void combined(struct fixture *f)
{
    fail_with(f, f->vendor->buy,
              "\"kind\":\"error_after_apply\",\"status\":400,\"code\":1.50,\"delay_ms\":5,"
              "\"set\":{\"Iops\":1,\"IOPS\":2.0},\"headers\":{\"Retry-After\":\"0.5\"},"
              "\"body_prefix\":\" \"");
    buy(f);
    assert_int_equal(f->status, 400);
    assert_string_equal(written(f, f->vendor->number_code), "1.50");
    assert_string_equal(written(f, "/Iops"), "1");
    assert_string_equal(written(f, "/IOPS"), "2.0");
    assert_string_equal(header_of(f, "Retry-After"), "0.5");
    assert_int_equal(f->body[0], ' ');
    assert_int_equal(listed(f), 1);
    fail_with(f, f->vendor->list,
              "\"kind\":\"http\",\"status\":407,\"headers\":{\"Proxy-Authenticate\":\"Basic\"}");
    list(f, 1, 100);
    assert_int_equal(f->status, 407);
    assert_string_equal(header_of(f, "Proxy-Authenticate"), "Basic");
}

static void test_faults__change_the_answers_of_other_kinds(void **state)
{
    (void)state;
    everywhere(combined);
}

/* The log names a fault only when it was applied. */
static void logged(struct fixture *f)
{
    fail_with(f, f->vendor->list, "\"kind\":\"edit\",\"remove\":[\"nothing\"]");
    list(f, 1, 100);
    jd_control(&f->client, "GET", "requests", NULL);
    assert_string_equal(jd_text(&f->client, "/requests/0/fault"), "");
    fail_with(f, f->vendor->buy, "\"kind\":\"error_after_apply\",\"status\":500");
    buy(f);
    jd_control(&f->client, "GET", "requests", NULL);
    assert_string_equal(jd_text(&f->client, "/requests/1/fault"), "error_after_apply");
    assert_int_equal(jd_int(&f->client, "/requests/1/status"), 500);
    assert_true(yyjson_get_bool(yyjson_doc_ptr_get(f->client.json, "/requests/1/applied")));
}

static void test_faults__are_logged_when_they_were_applied(void **state)
{
    (void)state;
    everywhere(logged);
}

static void test_faults__are_listed_as_requested(void **state)
{
    struct jd_client *c = *state;

    jd_control(c, "POST", "fail",
               "{\"action\":\"describeInstances\",\"kind\":\"edit\",\"times\":3,"
               "\"set\":{\"result.totalCount\":120.0}}");
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    assert_int_equal(jd_control(c, "GET", "fail", NULL), 200);
    assert_string_equal(c->text, "{\"faults\":[{\"action\":\"describeInstances\",\"kind\":\"edit\","
                                 "\"times\":3,\"set\":{\"result.totalCount\":120.0},\"id\":1,"
                                 "\"applied\":1}]}");
    jd_control(c, "DELETE", "fail", NULL);
    jd_control(c, "GET", "fail", NULL);
    assert_string_equal(c->text, "{\"faults\":[]}");
}

static void test_faults__each_mistake_is_named(void **state)
{
    static const struct {
        const char *members, *named;
    } cases[] = {
        { "\"kind\":\"error_after_apply\"", "needs status" },
        { "\"kind\":\"edit\"", "needs one of set remove status" },
        { "\"kind\":\"edit\",\"set\":[1]", "set is not an object" },
        { "\"kind\":\"edit\",\"remove\":\"x\"", "remove is not a list" },
        { "\"kind\":\"edit\",\"remove\":[1]", "remove is not a list" },
        { "\"kind\":\"headers\"", "needs headers" },
        { "\"kind\":\"headers\",\"headers\":{\"Retry-After\":5}", "Retry-After" },
        { "\"kind\":\"headers\",\"headers\":{\"Retry-After\":\"\"}", "Retry-After" },
        { "\"kind\":\"headers\",\"headers\":{\"Date\":\"a\\r\\nb\"}", "Date" },
        { "\"kind\":\"headers\",\"headers\":{\"a b\":\"c\"}", "a b" },
        { "\"kind\":\"headers\",\"headers\":{\"content-length\":\"3\"}", "content-length" },
        { "\"kind\":\"body\"", "needs one of body body_base64 body_prefix" },
        { "\"kind\":\"body\",\"body\":3", "body is not text" },
        { "\"kind\":\"body\",\"body_base64\":\"?\"", "body_base64 is not base64" },
        { "\"kind\":\"body\",\"body\":\"a\",\"body_base64\":\"YQ==\"", "together" },
        { "\"kind\":\"page_cap\"", "needs page_size" },
        { "\"kind\":\"page_cap\",\"page_size\":0", "page_size" },
        { "\"kind\":\"page_cap\",\"page_size\":2.5", "page_size" },
        { "\"kind\":\"repeat_page\",\"pages\":0", "pages" },
        { "\"kind\":\"refuse\",\"headers\":{\"X\":\"y\"}", "headers" },
        { "\"kind\":\"drop_after_apply\",\"set\":{}", "set" },
        { "\"kind\":\"http\",\"status\":502,\"remove\":[]", "remove" },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        jd_control(c, "POST", "fail", "{\"action\":\"*\",%s}", cases[i].members);
        if (c->status != 400 || !strstr(jd_text(c, "/error"), cases[i].named))
            fail_msg("%s: %d %s", cases[i].members, c->status, c->text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_after_apply__is_charged_and_answers_an_error),
        cmocka_unit_test(test_error_after_apply__waits_for_a_request_that_is_applied),
        cmocka_unit_test(test_edit__sets_and_removes_members),
        cmocka_unit_test(test_edit__changes_lists_and_adds_members),
        cmocka_unit_test(test_edit__waits_for_a_reply_that_has_the_path),
        cmocka_unit_test(test_headers__are_set_replaced_and_removed),
        cmocka_unit_test(test_body__is_replaced_and_prefixed),
        cmocka_unit_test(test_page_cap__shows_fewer_than_asked_for),
        cmocka_unit_test(test_page_cap__waits_for_a_listing),
        cmocka_unit_test(test_repeat_page__goes_in_a_circle),
        cmocka_unit_test(test_faults__count_times_and_skip),
        cmocka_unit_test(test_faults__change_the_answers_of_other_kinds),
        cmocka_unit_test(test_faults__are_logged_when_they_were_applied),
        JD_WORLD(test_faults__are_listed_as_requested),
        JD_WORLD(test_faults__each_mistake_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
