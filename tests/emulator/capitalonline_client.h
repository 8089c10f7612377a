/* SPDX-License-Identifier: Apache-2.0 */
/* A small client of CapitalOnline for the emulator's own tests: it signs as the vendor's pages say,
 * with OpenSSL and nothing of the library, and hands requests to the emulator in this process. */
#ifndef TEST_EMULATOR_CO_CLIENT_H
#define TEST_EMULATOR_CO_CLIENT_H

#include "include/cloud_emulator.h"

#include <stdbool.h>
#include <stdint.h>
#include <yyjson.h>

struct co_client {
    struct cloud_emulator *emulator;
    const char *key_id, *secret;
    int status; /* of the last reply, like what follows */
    char *text;
    yyjson_doc *json;
    unsigned nonce;
};

void co_open(struct co_client *client, const char *path); /* of the world; NULL: in memory */
void co_close(struct co_client *client);

/* The URL of a signed request: @path is the product's ("/ccs"), @query a JSON object of what the
 * action has in the query, or NULL. The caller frees it. */
char *co_sign(struct co_client *client, const char *method, const char *path, const char *action,
              const char *query);
int co_send(struct co_client *client, const char *method, const char *url, const char *body);
/* One call; @format makes a JSON object, or is NULL. Of a GET it goes into the query: texts and
 * numbers as they are, lists and objects as JSON; of a POST it is the body. Returns the status. */
int co_call(struct co_client *client, const char *method, const char *path, const char *action,
            const char *format, ...) __attribute__((format(printf, 5, 6)));
/* /_emulator/...; returns the status. */
int co_control(struct co_client *client, const char *method, const char *path, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* Members of the last reply by JSON pointer ("/Data/Instances/0/InstanceId"). */
const char *co_text(const struct co_client *client, const char *pointer); /* "" when absent */
int64_t co_int(const struct co_client *client, const char *pointer);      /* -1 when absent */
size_t co_count(const struct co_client *client, const char *pointer);     /* of a list */
/* The code, whatever its key is written like; "" when there is none. */
const char *co_code(const struct co_client *client);
/* A sum as the reply wrote it, number or text, in millionths; INT64_MIN when it is none. */
int64_t co_money(const struct co_client *client, const char *pointer);

#endif
