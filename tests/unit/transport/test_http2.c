/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests HTTP/2 where the server offers it. Reads of several clients share one connection
 * concurrently, and their signatures are valid. A change must not be sent twice, so it uses
 * HTTP/1.1 and a connection of its own. tests/unit/transport/with_http2.sh runs this program; its
 * log says how each request arrived.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "include/cloud_batch.h"

enum { FEW = 60, MANY = 350, STREAMS = 100 /* concurrent streams of a connection */ };

/* The requests that the log got since it was last read. */
struct seen {
    int http2, http1;   /* requests */
    int connections;    /* with HTTP/2 */
    int most_in_flight; /* at the same time */
};

static struct seen read_log(void)
{
    static long read_to;
    FILE *log = fopen(getenv("CLOUD_TEST_HTTP2_LOG"), "r");
    struct seen ret = { 0 };
    int port, in_flight, ports[MANY];
    char version[8], line[512];

    assert_non_null(log);
    fseek(log, read_to, SEEK_SET);
    while (fgets(line, sizeof(line), log)) {
        int known = 0;

        assert_int_equal(sscanf(line, "%7s %d %d", version, &port, &in_flight), 3);
        ret.most_in_flight = in_flight > ret.most_in_flight ? in_flight : ret.most_in_flight;
        if (strcmp(version, "2") != 0) {
            ret.http1++;
            continue;
        }
        ret.http2++;
        while (known < ret.connections && ports[known] != port)
            known++;
        if (known == ret.connections && ret.connections < MANY)
            ports[ret.connections++] = port;
    }
    read_to = ftell(log);
    fclose(log);
    return ret;
}

static struct cloud_client *new_client(void)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client;
    struct cloud_error err;

    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = getenv("CLOUD_TEST_HTTP2");
    options.ca_file = getenv("CLOUD_TEST_CA");
    options.access_key_id = "http2";
    options.access_key_secret = "secret";
    options.timeout_ms = 600000;
    if (cloud_client_new(&options, &client, &err))
        fail_msg("%s", err.message);
    return client;
}

static void buy(struct cloud_client *client, char ret_id[64])
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;

    params.name = "web";
    params.zone = "cn-north-1a";
    params.instance_type = "g.n2.medium";
    params.image_id = "img-demoubuntu22";
    params.subnet_id = "subnet-demo000001";
    params.system_disk_gb = 40;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    if (cloud_create_instance(client, &params, &result, &err))
        fail_msg("%s", err.message);
    snprintf(ret_id, 64, "%s", result.ids[0]);
    cloud_result_clear(&result);
}

static void describe_many(struct cloud_client *clients[2], const char *id, int count)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;
    int good = 0;

    options.no_coalescing = true;
    options.max_in_flight = MANY;
    params.instance_id = id;
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    for (int i = 0; i < count; i++)
        assert_int_equal(cloud_batch_add(batch, clients[i % 2], CLOUD_OP_DESCRIBE_INSTANCE, &params,
                                         NULL, NULL, &err),
                         CLOUD_OK);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            if (done.code)
                fail_msg("%s", done.error.message);
            assert_string_equal(done.result.instances[0].id, id);
            good++;
        }
    }
    assert_int_equal(good, count);
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
}

static void test_http2__reads_share_a_connection_and_changes_do_not(void **state)
{
    struct cloud_client *clients[2] = { new_client(), new_client() };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct seen seen;
    char id[64];

    (void)state;
    buy(clients[0], id);
    seen = read_log();
    assert_int_equal(seen.http1, 1);
    assert_int_equal(seen.http2, 0);
    describe_many(clients, id, FEW);
    seen = read_log();
    assert_int_equal(seen.http2, FEW);
    assert_int_equal(seen.http1, 0);
    assert_int_equal(seen.connections, 1);
    assert_in_range(seen.most_in_flight, 2, FEW); /* they did not wait for each other */
    /* more than the streams of one connection */
    describe_many(clients, id, MANY);
    seen = read_log();
    assert_int_equal(seen.http2, MANY);
    assert_in_range(seen.connections, 1, MANY / STREAMS + 2);
    /* two blocking calls and a listing */
    for (int i = 0; i < 2; i++)
        assert_int_equal(cloud_describe_instance(clients[1], id, &result, &err), CLOUD_OK);
    assert_int_equal(cloud_describe_instances(clients[1], NULL, &result, &err), CLOUD_OK);
    assert_int_equal(result.instance_count, 1);
    seen = read_log();
    assert_int_equal(seen.http2, 3);
    assert_int_equal(seen.connections, 1);
    cloud_result_clear(&result);
    for (int i = 0; i < 2; i++)
        cloud_client_free(clients[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http2__reads_share_a_connection_and_changes_do_not),
    };

    if (!getenv("CLOUD_TEST_HTTP2")) {
        fprintf(stderr, "this is run by tests/unit/transport/with_http2.sh\n");
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
