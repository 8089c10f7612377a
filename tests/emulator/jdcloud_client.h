/* SPDX-License-Identifier: Apache-2.0 */
/* A small JD Cloud client for the emulator's own tests. It signs as the vendor's pages describe,
 * with OpenSSL and without the library, and passes requests to the emulator in this process. */
#ifndef TESTS_EMULATOR_JDCLOUD_CLIENT_H
#define TESTS_EMULATOR_JDCLOUD_CLIENT_H

#include "include/cloud_emulator.h"

#include <stdbool.h>
#include <stdint.h>
#include <yyjson.h>

enum { JD_HEADERS = 6 };

/* A signed request. A test may change each part before it sends it. */
struct jd_request {
    char method[8];
    char url[1024];
    char headers[JD_HEADERS][512];
    char *body;
};

struct jd_client {
    struct cloud_emulator *emulator;
    const char *key_id, *secret, *region;
    enum cloud_emulator_wire wire; /* of the last reply, like the next members */
    int status, delay_ms;
    char *headers, *text;
    size_t size;
    yyjson_doc *json;
    unsigned nonce;
};

void jd_open(struct jd_client *client, const char *path);
void jd_close(struct jd_client *client);

/* @path is the version and the path after /regions/REGION: "v1/instances?pageSize=20". @body may be
 * NULL. @format makes the body. */
void jd_sign(struct jd_client *client, const char *service, const char *method, const char *path,
             const char *body, int64_t when, struct jd_request *ret);
void jd_send(struct jd_client *client, const struct jd_request *request);
void jd_request_clear(struct jd_request *request);
int jd_call(struct jd_client *client, const char *service, const char *method, const char *path,
            const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Calls the control API /_emulator/... and returns the status. */
int jd_control(struct jd_client *client, const char *method, const char *path, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* Members of the last reply by JSON pointer ("/result/instanceIds/0"). */
const char *jd_text(const struct jd_client *client, const char *pointer); /* "" when absent */
int64_t jd_int(const struct jd_client *client, const char *pointer);      /* -1 when absent */
/* Returns the digits of a number as the reply has them; "" when absent. */
void jd_digits(const struct jd_client *client, const char *member, char ret[32]);

/* A cmocka test with its own world in *state. */
#define JD_WORLD(name) cmocka_unit_test_setup_teardown(name, jd_open_world, jd_close_world)

/* clang-format off */
#define NETWORK \
    "\"primaryNetworkInterface\":{\"networkInterface\":{\"subnetId\":\"subnet-demo000001\"}}"
#define SPEC(more) \
    "{\"instanceSpec\":{\"name\":\"vm\",\"az\":\"cn-north-1a\",\"instanceType\":\"g.n2.medium\"," \
    "\"imageId\":\"img-demoubuntu22\"," NETWORK more "}"
#define PREPAID \
    ",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeUnit\":\"month\"," \
    "\"chargeDuration\":1}"
/* clang-format on */

int jd_open_world(void **state);
int jd_close_world(void **state);
void jd_at_once(struct jd_client *c);
void jd_advance(struct jd_client *c, long seconds);
/* Creates an instance from a SPEC and returns its id. */
void jd_create(struct jd_client *c, const char *spec, char ret[64]);
const char *jd_path_of(const char *id, const char *action);
const char *jd_status_of(struct jd_client *c, const char *id);
int jd_act(struct jd_client *c, const char *id, const char *action);

#endif
