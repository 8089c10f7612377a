/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the environment of the journal's tests: a world of the emulator in this process, a
 * client of a vendor in it, and a journal in a store. CLOUD_TEST_POSTGRES is the URI of a
 * PostgreSQL database that the tests may write to; without it they use SQLite only.
 */
#ifndef TESTS_JOURNAL_ENV_H
#define TESTS_JOURNAL_ENV_H

#include "include/cloud_emulator.h"
#include "include/cloud_journal.h"

/* The parameters of a purchase at a vendor. */
struct vendor_row {
    const char *provider, *region;
    const char *params[16][2]; /* of the smallest instance */
    const char *bigger[4][2];  /* a size that it can be upgraded to */
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
    char *reply; /* of the last journal_control() */
};

/* the attempts of its clients at a request; 0: the default */
extern int journal_attempts;
/* Opens a world of @provider, where all changes are immediate, with an empty journal in the store.
 */
void journal_env_open(struct journal_env *env, const char *provider, bool postgres);
void journal_env_close(struct journal_env *env);
/* closes the journal and opens it again, as after a restart */
void journal_env_reopen(struct journal_env *env, const struct cloud_journal_options *options);
/* Sends a request to /_emulator/... Returns the status; the reply is in env->reply. */
int journal_control(struct journal_env *env, const char *method, const char *path,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* charges of @kind ("create", "renew", …; NULL: any) in the ledger */
int journal_charges(struct journal_env *env, const char *kind);
/* moves the vendor's clock forward, also the one in its replies and signatures */
void journal_advance(struct journal_env *env, long seconds);
/* buys an instance without the journal; returns its id */
void journal_buy(struct journal_env *env, char ret_id[128]);

#endif
