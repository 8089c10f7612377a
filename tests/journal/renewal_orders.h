/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the journal and JD Cloud's orders share: a world with an instance, and renewals
 * of it whose orders become what the test says. With CLOUD_TEST_POSTGRES the store is that. */
#ifndef TESTS_JOURNAL_ORDERS_H
#define TESTS_JOURNAL_ORDERS_H

#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SETTLED_S 1300 /* past the signature's life and the vendor's lag */
#define EACH 2         /* charges of one renewal: the instance, and its disk */

struct orders {
    struct journal_env world;
    char id[128];
    struct cloud_error err;
    const char *statuses[2]; /* of the first order and of the second, set as they leave */
    int changes, refuse_at;
    int lose_at; /* the answer to this one is lost */
};
int orders_open(void **state);
int orders_close(void **state);

/* what becomes of the orders from now on */
void orders_pay_as(struct orders *o, const char *status);
/* for a month, under the key */
int orders_renew(struct orders *o, const char *key);
void orders_resolve(struct orders *o);
/* sets o->statuses as the orders leave, refuses and loses what is to be; NULLs: as it is */
void orders_watch(struct orders *o, const char *first, const char *second);

/* a key as the journal has it */
struct last {
    enum cloud_journal_state state;
    int attempt;
    char orders[200], reason[600], warning[600];
};
struct last orders_last(struct orders *o, const char *key);
/* the key as it stands, and what was charged for renewals in all */
void orders_stand(struct orders *o, const char *key, enum cloud_journal_state state, int charges);

/* runs the tests, named by what and by the store */
#define orders_run(what, tests) \
    cmocka_run_group_tests_name(getenv("CLOUD_TEST_POSTGRES") ? what " on PostgreSQL" \
                                                              : what " on SQLite", \
                                tests, NULL, NULL)

#endif
