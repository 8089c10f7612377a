/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client, of JD Cloud when the options name no provider, in front of the emulator: in this
 * process ("emulator:PATH"), or over HTTP on a loopback port. The test has a handle on the same
 * world: its clock, its faults, and the ledger that tells the truth.
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
    char log[65536]; /* every log line; full: the rest is dropped */
};

/* One charge of the ledger. */
struct emulated_charge {
    char kind[24], resource[48], order[48], token[80];
    int64_t micros;
};

/* Opens a world and a client; @options may be NULL: its members other than log hold. */
void emulated_open(struct emulated *emulated, bool http,
                   const struct cloud_client_options *options);
void emulated_close(struct emulated *emulated);
/* another client of the same world, in place of the one there is */
void emulated_client(struct emulated *emulated, const struct cloud_client_options *options);

/* POST (or, without a body, GET) to /_emulator/@path: the answer as text, to free(); a refusal ends
 * the test */
char *emulated_ask(struct emulated *emulated, const char *path, const char *body);
/* The ledger; @ret has room for @max charges. Returns how many there are. */
size_t emulated_ledger(struct emulated *emulated, struct emulated_charge *ret, size_t max);
/* the sum of charges[from..count) */
int64_t emulated_sum(const struct emulated_charge *charges, size_t from, size_t count);
/* how many requests the vendor has seen so far, refused ones too */
long emulated_requests(struct emulated *emulated);
/* a purchase that the emulator accepts: prepaid, a month, system disk of 40 GB */
struct cloud_params emulated_purchase(const char *name);

#endif
