/* SPDX-License-Identifier: Apache-2.0 */
/* A small CapitalOnline client for the emulator's own tests. It signs as the vendor's pages
 * describe, with OpenSSL and without the library, and passes requests to the emulator in this
 * process. */
#ifndef TESTS_EMULATOR_CAPITALONLINE_CLIENT_H
#define TESTS_EMULATOR_CAPITALONLINE_CLIENT_H

#include "include/cloud_emulator.h"

#include <stdbool.h>
#include <stdint.h>
#include <yyjson.h>

struct co_client {
    struct cloud_emulator *emulator;
    const char *key_id, *secret;
    int status; /* of the last reply, like the next members */
    char *text;
    yyjson_doc *json;
    unsigned nonce;
};

void co_open(struct co_client *client, const char *path); /* @path of the world; NULL: in memory */
void co_close(struct co_client *client);

/* Returns the URL of a signed request; the caller frees it. @path is the product's ("/ccs"), @query
 * a JSON object with the members of the query, or NULL. */
char *co_sign(struct co_client *client, const char *method, const char *path, const char *action,
              const char *query);
int co_send(struct co_client *client, const char *method, const char *url, const char *body);
/* Makes a call and returns the status. @format makes a JSON object, or is NULL. It is the body of a
 * POST and the query of a GET, where lists and objects are written as JSON. */
int co_call(struct co_client *client, const char *method, const char *path, const char *action,
            const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Calls the control API /_emulator/... and returns the status. */
int co_control(struct co_client *client, const char *method, const char *path, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* Members of the last reply by JSON pointer ("/Data/Instances/0/InstanceId"). */
const char *co_text(const struct co_client *client, const char *pointer); /* "" when absent */
int64_t co_int(const struct co_client *client, const char *pointer);      /* -1 when absent */
size_t co_count(const struct co_client *client, const char *pointer);     /* elements of a list */
/* Returns the code, under the key "Code" or "code"; "" when absent. */
const char *co_code(const struct co_client *client);
/* Returns an amount, which may be a number or a text, in 10^-6; INT64_MIN if it is no amount. */
int64_t co_money(const struct co_client *client, const char *pointer);

#endif
