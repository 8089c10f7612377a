/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the emulator's faults, its control API, HTTP on a real socket, and worlds that processes
 * share. */
#include "tests/emulator/jdcloud_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BODY \
    "{\"instanceSpec\":{\"name\":\"vm\",\"az\":\"cn-north-1a\",\"instanceType\":\"g.n2.medium\"," \
    "\"imageId\":\"img-demoubuntu22\"," \
    "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":1}," \
    "\"primaryNetworkInterface\":{\"networkInterface\":{\"subnetId\":\"subnet-demo000001\"}}}}"

static int64_t instances(struct jd_client *c)
{
    jd_call(c, "vm", "GET", "v1/instances", NULL);
    return jd_int(c, "/result/totalCount");
}

static void test_fault__each_kind_does_what_it_says(void **state)
{
    static const struct {
        const char *more;
        enum cloud_emulator_wire wire;
        int status;
        int applied;
    } cases[] = {
        { "\"kind\":\"refuse\"", CLOUD_EMULATOR_REFUSED, 0, 0 },
        { "\"kind\":\"reset\"", CLOUD_EMULATOR_RESET, 0, 0 },
        { "\"kind\":\"drop_before_apply\"", CLOUD_EMULATOR_LOST, 0, 0 },
        { "\"kind\":\"drop_after_apply\"", CLOUD_EMULATOR_LOST, 0, 1 },
        { "\"kind\":\"truncate\",\"bytes\":20", CLOUD_EMULATOR_CUT, 200, 1 },
        { "\"kind\":\"garbage\"", CLOUD_EMULATOR_ANSWERED, 200, 1 },
        { "\"kind\":\"wrong_type\"", CLOUD_EMULATOR_ANSWERED, 200, 1 },
        { "\"kind\":\"huge\",\"bytes\":100000", CLOUD_EMULATOR_ANSWERED, 200, 1 },
        { "\"kind\":\"delay\",\"delay_ms\":70", CLOUD_EMULATOR_ANSWERED, 200, 1 },
        { "\"kind\":\"http\",\"status\":502", CLOUD_EMULATOR_ANSWERED, 502, 0 },
        { "\"kind\":\"http\",\"status\":503,\"apply\":true,\"retry_after\":7",
          CLOUD_EMULATOR_ANSWERED, 503, 1 },
        { "\"code\":\"RATE_LIMIT\"", CLOUD_EMULATOR_ANSWERED, 429, 0 },
        { "\"kind\":\"duplicate\"", CLOUD_EMULATOR_ANSWERED, 200, 2 },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        jd_control(c, "POST", "reset", NULL);
        assert_int_equal(
            jd_control(c, "POST", "fail", "{\"action\":\"CREATEinstances\",%s}", cases[i].more),
            200);
        assert_int_equal(instances(c), 0); /* another action: no fault */
        jd_call(c, "vm", "POST", "v1/instances", BODY);
        if (c->wire != cases[i].wire || c->status != cases[i].status)
            fail_msg("%s: wire %d status %d", cases[i].more, (int)c->wire, c->status);
        if (strstr(cases[i].more, "truncate"))
            assert_int_equal(c->size, 20);
        if (strstr(cases[i].more, "garbage"))
            assert_null(c->json);
        if (strstr(cases[i].more, "wrong_type"))
            assert_true(yyjson_is_str(yyjson_doc_ptr_get(c->json, "/result")));
        if (strstr(cases[i].more, "huge"))
            assert_true(c->size > 100000 && c->json);
        if (strstr(cases[i].more, "delay"))
            assert_int_equal(c->delay_ms, 70);
        if (strstr(cases[i].more, "retry_after"))
            assert_non_null(strstr(c->headers, "Retry-After: 7\r\n"));
        assert_int_equal(instances(c), cases[i].applied);
        assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", BODY), 200); /* used up */
    }
}

static void test_fault__times_skip_and_service(void **state)
{
    struct jd_client *c = *state;
    static const int wanted[] = { 200, 500, 500, 200 };

    jd_control(c, "POST", "fail",
               "{\"action\":\"*\",\"code\":\"UNKNOWN\",\"skip\":1,\"times\":2,\"service\":\"vm\"}");
    assert_int_equal(jd_call(c, "disk", "GET", "v1/disks", NULL), 200);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), wanted[i]);
    jd_control(
        c, "POST", "fail",
        "{\"action\":\"*\",\"code\":\"MINE\",\"status\":418,\"message\":\"hello\",\"times\":9}");
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), 418);
    assert_string_equal(jd_text(c, "/error/status"), "MINE");
    assert_string_equal(jd_text(c, "/error/message"), "hello");
    assert_int_equal(jd_int(c, "/error/code"), 418);
    jd_control(c, "DELETE", "fail", NULL);
    assert_int_equal(jd_call(c, "vm", "GET", "v1/instances", NULL), 200);
}

static void test_control__each_mistake_is_named(void **state)
{
    static const struct {
        const char *method, *path, *body, *named;
        int status;
    } cases[] = {
        { "POST", "fail", "{\"action\":\"x\",\"kind\":\"refuse\",\"tmes\":1}", "tmes", 400 },
        { "POST", "fail", "{\"kind\":\"refuse\"}", "action", 400 },
        { "POST", "fail", "{\"action\":\"x\",\"kind\":\"explode\"}", "explode", 400 },
        { "POST", "fail", "{\"action\":\"x\",\"kind\":\"truncate\"}", "bytes", 400 },
        { "POST", "fail", "{\"action\":\"x\",\"kind\":\"refuse\",\"times\":0}", "times", 400 },
        { "POST", "fail", "not json", "JSON", 400 },
        { "POST", "clock", "{\"advance_s\":-1}", "advance_s", 400 },
        { "POST", "clock", "{}", "advance_s", 400 },
        { "POST", "timeline", "{\"seconds\":1}", "transition", 400 },
        { "POST", "timeline", "{\"transition\":\"x\"}", "seconds", 400 },
        { "POST", "timeline", "{\"transition\":\"x\",\"polls\":1,\"seconds\":1}", "polls", 400 },
        { "POST", "timeline", "{\"transition\":\"x\",\"outcome\":\"fine\"}", "outcome", 400 },
        { "POST", "world", "{\"balance\":12}", "balance", 400 },
        { "POST", "world", "{\"colour\":12}", "colour", 400 },
        { "GET", "nothing", NULL, "nothing", 404 },
        { "DELETE", "ledger", NULL, "ledger", 405 },
    };
    struct jd_client *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].body)
            jd_control(c, cases[i].method, cases[i].path, "%s", cases[i].body);
        else
            jd_control(c, cases[i].method, cases[i].path, NULL);
        if (c->status != cases[i].status || !strstr(jd_text(c, "/error"), cases[i].named))
            fail_msg("%s %s: %d %s", cases[i].path, cases[i].body ? cases[i].body : "", c->status,
                     c->text);
    }
}

static void test_control__log_has_no_secret(void **state)
{
    struct jd_client *c = *state;

    jd_call(c, "vm", "POST", "v1/instances/i-1:modifyInstancePassword",
            "{\"password\":\"C4nary!secret\"}");
    assert_int_equal(c->status, 404);
    assert_int_equal(jd_control(c, "GET", "requests", NULL), 200);
    assert_string_equal(jd_text(c, "/requests/0/action"), "modifyInstancePassword");
    assert_string_equal(jd_text(c, "/requests/0/service"), "vm");
    assert_int_equal(jd_int(c, "/requests/0/status"), 404);
    assert_null(strstr(c->text, "C4nary"));
    assert_non_null(strstr(c->text, "***"));
    assert_null(strstr(c->text, CLOUD_EMULATOR_KEY_SECRET));
}

static void test_keys__first_secret_wins(void **state)
{
    struct jd_client *c = *state;

    assert_int_equal(cloud_emulator_add_key(c->emulator, "A", "one"), 0);
    assert_int_equal(cloud_emulator_add_key(c->emulator, "A", "one"), 0);
    assert_int_equal(cloud_emulator_add_key(c->emulator, "A", "two"), -1);
    assert_int_equal(cloud_emulator_add_key(c->emulator, "", "two"), -1);
    c->key_id = "A";
    c->secret = "one";
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", BODY), 200);
    c->key_id = CLOUD_EMULATOR_KEY_ID;
    c->secret = CLOUD_EMULATOR_KEY_SECRET;
    assert_int_equal(instances(c), 0); /* another account */
}

static int connect_to(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* Sends a signed request over TCP. Returns the size of the reply, or -errno. */
static long exchange(struct jd_client *c, int port, const char *method, const char *path,
                     const char *body, char *ret, size_t capacity)
{
    struct jd_request request;
    char text[8192];
    int fd = connect_to(port), size;
    size_t got = 0;
    ssize_t more;

    jd_sign(c, "vm", method, path, body, time(NULL), &request);
    size = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\n", method, strstr(request.url, "/v1"));
    for (size_t i = 0; i < 5; i++)
        size += snprintf(text + size, sizeof(text) - (size_t)size, "%s\r\n", request.headers[i]);
    size += snprintf(text + size, sizeof(text) - (size_t)size,
                     "Connection: close\r\nContent-Length: %zu\r\n\r\n%s", body ? strlen(body) : 0,
                     body ? body : "");
    jd_request_clear(&request);
    more = send(fd, text, (size_t)size, MSG_NOSIGNAL);
    while (more > 0 && got + 1 < capacity &&
           (more = recv(fd, ret + got, capacity - got - 1, 0)) > 0)
        got += (size_t)more;
    ret[got] = '\0';
    more = more < 0 ? -errno : (ssize_t)got;
    close(fd);
    return (long)more;
}

static void test_http__faults_are_seen_on_the_socket(void **state)
{
    struct jd_client *c = *state;
    char reply[65536], message[128], *body;
    struct timespec before, after;
    int port;

    assert_int_equal(
        cloud_emulator_listen(c->emulator, "127.0.0.1:0", &port, message, sizeof(message)), 0);
    assert_int_equal(
        cloud_emulator_listen(c->emulator, "127.0.0.1:0", &port, message, sizeof(message)), -1);
    assert_true(exchange(c, port, "GET", "v1/instances?pageSize=10", NULL, reply, sizeof(reply)) >
                0);
    assert_memory_equal(reply, "HTTP/1.1 200", 12);
    assert_non_null(strstr(reply, "\"totalCount\":0"));
    assert_non_null(strstr(reply, "Date: "));
    assert_non_null(strstr(reply, "application/json"));
    jd_control(c, "POST", "fail", "{\"action\":\"createInstances\",\"kind\":\"refuse\"}");
    assert_int_equal(exchange(c, port, "POST", "v1/instances", BODY, reply, sizeof(reply)),
                     -ECONNRESET);
    jd_control(c, "POST", "fail", "{\"action\":\"createInstances\",\"kind\":\"reset\"}");
    assert_int_equal(exchange(c, port, "POST", "v1/instances", BODY, reply, sizeof(reply)),
                     -ECONNRESET);
    assert_int_equal(instances(c), 0);
    jd_control(c, "POST", "fail", "{\"action\":\"createInstances\",\"kind\":\"drop_after_apply\"}");
    assert_true(exchange(c, port, "POST", "v1/instances", BODY, reply, sizeof(reply)) <= 0);
    assert_int_equal(instances(c), 1);
    jd_control(c, "POST", "fail",
               "{\"action\":\"createInstances\",\"kind\":\"truncate\",\"bytes\":30}");
    exchange(c, port, "POST", "v1/instances", BODY, reply, sizeof(reply));
    body = strstr(reply, "\r\n\r\n");
    assert_non_null(body);
    assert_int_equal(strlen(body + 4), 30);
    assert_true(atol(strcasestr(reply, "content-length:") + 15) > 30);
    jd_control(c, "POST", "fail",
               "{\"action\":\"describeInstances\",\"kind\":\"delay\",\"delay_ms\":150}");
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_true(exchange(c, port, "GET", "v1/instances", NULL, reply, sizeof(reply)) > 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(
        (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 149);
    cloud_emulator_stop(c->emulator);
    assert_int_equal(cloud_emulator_listen(c->emulator, "localhost:0", NULL, NULL, 0), 0);
}

static void test_http__only_loopback(void **state)
{
    static const char *const bad[] = { "0.0.0.0:0",   "192.0.2.1:80",    "127.0.0.1", "127.0.0.1:",
                                       "127.0.0.1:x", "127.0.0.1:65536", ":0",        "[::]:0" };
    struct jd_client *c = *state;
    char message[128];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        message[0] = '\0';
        assert_int_equal(cloud_emulator_listen(c->emulator, bad[i], NULL, message, sizeof(message)),
                         -1);
        assert_non_null(strstr(message, "loopback"));
    }
}

struct worker {
    struct jd_client *client;
    int port;
};

static void *work(void *user_data)
{
    struct worker *worker = user_data;
    struct jd_client own = *worker->client; /* its key and nonces; the socket is its own */
    char reply[16384];

    own.nonce = 1000000;
    for (int i = 0; i < 10; i++)
        exchange(&own, worker->port, "POST", "v1/instances", BODY, reply, sizeof(reply));
    return NULL;
}

static void test_http__many_threads_lose_nothing(void **state)
{
    struct jd_client *c = *state;
    struct worker worker = { .client = c };
    pthread_t threads[4];

    assert_int_equal(jd_control(c, "POST", "world", "{\"quota\":{\"instance\":100}}"), 200);
    assert_int_equal(cloud_emulator_listen(c->emulator, "127.0.0.1:0", &worker.port, NULL, 0), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &worker), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    cloud_emulator_stop(c->emulator);
    assert_int_equal(instances(c), 40);
}

enum { CHILDREN = 3, EACH = 6 };

static void child(const char *path)
{
    struct jd_client c;
    int wrong = 0;

    jd_open(&c, path);
    for (int i = 0; i < EACH; i++)
        wrong += jd_call(&c, "vm", "POST", "v1/instances", BODY) != 200;
    jd_close(&c);
    _exit(wrong);
}

static void test_world__processes_share_a_file(void **state)
{
    char directory[] = "/tmp/emulator-world-XXXXXX", path[64], other[80];
    struct jd_client c;
    pid_t pids[CHILDREN];
    int status;

    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/world", directory);
    for (int i = 0; i < CHILDREN; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (!pids[i])
            child(path);
    }
    for (int i = 0; i < CHILDREN; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    jd_open(&c, path);
    assert_int_equal(instances(&c), CHILDREN * EACH);
    jd_control(&c, "GET", "ledger", NULL);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c.json, "/charges")), 2 * CHILDREN * EACH);
    jd_close(&c);
    for (int i = 0; i < 3; i++) {
        static const char *const ends[] = { "", "-wal", "-shm" };

        snprintf(other, sizeof(other), "%s%s", path, ends[i]);
        unlink(other);
    }
    assert_int_equal(rmdir(directory), 0);
}

static void test_world__an_error_names_the_path(void **state)
{
    struct cloud_emulator *emulator = NULL;
    char message[256] = "";

    (void)state;
    assert_int_equal(cloud_emulator_open("/nonexistent/world", &emulator, message, sizeof(message)),
                     -1);
    assert_null(emulator);
    assert_non_null(strstr(message, "/nonexistent/world"));
    assert_int_equal(cloud_emulator_open("/nonexistent/world", &emulator, NULL, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JD_WORLD(test_fault__each_kind_does_what_it_says),
        JD_WORLD(test_fault__times_skip_and_service),
        JD_WORLD(test_control__each_mistake_is_named),
        JD_WORLD(test_control__log_has_no_secret),
        JD_WORLD(test_keys__first_secret_wins),
        JD_WORLD(test_http__faults_are_seen_on_the_socket),
        JD_WORLD(test_http__only_loopback),
        JD_WORLD(test_http__many_threads_lose_nothing),
        cmocka_unit_test(test_world__processes_share_a_file),
        cmocka_unit_test(test_world__an_error_names_the_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
