/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens a client of the emulator: in this process ("emulator:PATH"), or over HTTP on a loopback
 * port. The provider is JD Cloud when the options name none. The test also controls the world of
 * that client: its clock, its faults and its ledger, which has the real charges.
 */
#ifndef TESTS_EMULATOR_CLIENT_H
#define TESTS_EMULATOR_CLIENT_H

#include "core/engine/client.h"
#include "include/cloud_emulator.h"

struct emulated {
    struct cloud_emulator *emulator;
    struct cloud_client *client;
    char directory[40];
    char endpoint[80];
    char log[65536]; /* every log line; those that do not fit are dropped */
};

/* One charge of the ledger. */
struct emulated_charge {
    char kind[24], resource[48], order[48], token[80];
    int64_t micros;
};

/* Opens a world and a client. @options may be NULL; its log callback is replaced. Calls have no
 * deadline that a slow machine could miss, unless the options set one. */
void emulated_open(struct emulated *emulated, bool http,
                   const struct cloud_client_options *options);
void emulated_close(struct emulated *emulated);
/* Replaces the client by another one of the same world. */
void emulated_client(struct emulated *emulated, const struct cloud_client_options *options);

/* Sends POST (or GET, without a body) to /_emulator/@path. Returns the reply as text, to be freed
 * with free(). An error reply ends the test. */
char *emulated_control(struct emulated *emulated, const char *path, const char *body);
/* Reads the ledger into @ret, an array of @max charges. Returns how many there are. */
size_t emulated_ledger(struct emulated *emulated, struct emulated_charge *ret, size_t max);
/* Returns the sum of charges[from..count). */
int64_t emulated_sum(const struct emulated_charge *charges, size_t from, size_t count);
/* Returns how many requests the emulator has received so far, those it refused included. */
long emulated_requests(struct emulated *emulated);
/* Returns a purchase that the emulator accepts: prepaid, one month, a system disk of 40 GB. */
struct cloud_params emulated_purchase(const char *name);

#endif
