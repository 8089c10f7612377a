/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client, of JD Cloud when the options name no provider, in front of the emulator: in this
 * process ("emulator:PATH"), or over HTTP on a loopback port. The test has a handle on the same
 * world: its clock, its faults, and the ledger that tells the truth.
 */
#ifndef TESTS_PRETEND_H
#define TESTS_PRETEND_H

#include "core/client.h"
#include "include/cloud_emulator.h"

struct pretend {
    struct cloud_emulator *emulator;
    struct cloud_client *client;
    char directory[40];
    char endpoint[80];
    char log[65536]; /* every log line; full: the rest is dropped */
};

/* One charge of the ledger. */
struct pretend_charge {
    char kind[24], resource[48], order[48], token[80];
    int64_t micros;
};

/* Opens a world and a client; @options may be NULL: its members other than log hold. */
void pretend_open(struct pretend *pretend, bool http, const struct cloud_client_options *options);
void pretend_close(struct pretend *pretend);
/* another client of the same world, in place of the one there is */
void pretend_client(struct pretend *pretend, const struct cloud_client_options *options);

/* POST (or, without a body, GET) to /_emulator/@path: the answer as text, to free(); a refusal ends
 * the test */
char *pretend_ask(struct pretend *pretend, const char *path, const char *body);
/* The ledger; @ret has room for @max charges. Returns how many there are. */
size_t pretend_ledger(struct pretend *pretend, struct pretend_charge *ret, size_t max);
/* the sum of charges[from..count) */
int64_t pretend_sum(const struct pretend_charge *charges, size_t from, size_t count);
/* how many requests the vendor has seen so far, refused ones too */
long pretend_requests(struct pretend *pretend);
/* a purchase that the emulator accepts: prepaid, a month, system disk of 40 GB */
struct cloud_params pretend_purchase(const char *name);

#endif
