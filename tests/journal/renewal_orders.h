/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the fixture of the tests of JD Cloud's orders: an instance, and renewals of it whose
 * orders get a status from the test. With CLOUD_TEST_POSTGRES the store is that database. */
#ifndef TESTS_RENEWAL_ORDERS_H
#define TESTS_RENEWAL_ORDERS_H

#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SETTLED_S 1300    /* longer than the signature's life and the vendor's lag */
#define RENEWAL_CHARGES 2 /* the instance and its disk */

struct orders {
    struct journal_env env;
    char id[128];
    struct cloud_error err;
    const char *statuses[2]; /* of the first and the second order, set before they are sent */
    int changes, refuse_at;
    int lose_at; /* the reply to this order is lost */
};
int orders_open(void **state);
int orders_close(void **state);

/* sets the status of the orders from now on */
void orders_set_status(struct orders *o, const char *status);
/* renews for a month with the key */
int orders_renew(struct orders *o, const char *key);
void orders_resolve(struct orders *o);
/* Sets the status of each order before it is sent, and refuses or loses the order of o->refuse_at
 * or o->lose_at. NULL: the status stays. */
void orders_set_hook(struct orders *o, const char *first, const char *second);

/* the last attempt at a key in the journal */
struct last {
    enum cloud_journal_state state;
    int attempt;
    char orders[200], reason[600], warning[600];
};
struct last orders_last(struct orders *o, const char *key);
/* asserts the state of the key, and the number of all charges for renewals */
void orders_assert(struct orders *o, const char *key, enum cloud_journal_state state, int charges);

/* runs the tests; the name of the group includes the store */
#define orders_run(what, tests) \
    cmocka_run_group_tests_name(getenv("CLOUD_TEST_POSTGRES") ? what " on PostgreSQL" \
                                                              : what " on SQLite", \
                                tests, NULL, NULL)

#endif
