/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the journal's tests share: a world of the emulator in this process, a client of a vendor in
 * it, and a journal in any store. CLOUD_TEST_POSTGRES names a PostgreSQL that may be written to;
 * without it the store is SQLite only.
 */
#ifndef TESTS_JOURNAL_ENV_H
#define TESTS_JOURNAL_ENV_H

#include "include/cloud_emulator.h"
#include "include/cloud_journal.h"

/* What buying needs at a vendor. */
struct vendor_row {
    const char *provider, *region;
    const char *params[16][2]; /* of what is bought, the smallest */
    const char *bigger[4][2];  /* what it can be upgraded to */
    bool renews;
};
extern const struct vendor_row vendor_rows[];
const struct vendor_row *vendor_find(const char *provider);
void vendor_params(const struct vendor_row *row, bool bigger, struct cloud_params *ret_params);

struct journal_env {
    char directory[64];
    char uri[512];
    const struct vendor_row *vendor;
    struct cloud_emulator *emulator;
    struct cloud_client *client;
    struct cloud_journal *journal;
    long ahead_s;
    char *answer; /* of the last journal_ask() */
};

/* Opens a world of @provider with an empty journal in the store; everything happens at once in it.
 */
/* how often its clients try; 0: as often as any */
extern int journal_attempts;
void journal_env_open(struct journal_env *w, const char *provider, bool postgres);
void journal_env_close(struct journal_env *w);
/* closes the journal and opens it again, as after a restart */
void journal_env_reopen(struct journal_env *w, const struct cloud_journal_options *options);
/* /_emulator/...; the status, the answer in w->answer */
int journal_ask(struct journal_env *w, const char *method, const char *path, const char *format,
                ...) __attribute__((format(printf, 4, 5)));
/* charges of @kind ("create", "renew", …; NULL: any) in the ledger */
int journal_charges(struct journal_env *w, const char *kind);
/* moves the vendor's clock, also the one it tells and signs by */
void journal_advance(struct journal_env *w, long seconds);
/* buys an instance past the journal; its id */
void journal_buy(struct journal_env *w, char ret_id[128]);

#endif
