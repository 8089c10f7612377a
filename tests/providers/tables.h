/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the tables of every provider; prints and counts the errors. */
#ifndef TESTS_TABLES_H
#define TESTS_TABLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/model/operations.h"
#include "core/model/provider.h"

static const struct cloud_provider *provider; /* the current one */
static int wrong;

#define WRONG(...) \
    (wrong++, print_error("%s: ", provider->name), print_error(__VA_ARGS__), print_error("\n"))

static void each_provider(void (*check)(void))
{
    wrong = 0;
    for (size_t n = 0; (provider = cc_provider_at(n)); n++)
        check();
    assert_int_equal(wrong, 0);
}

static inline void each_step(void (*check)(enum cloud_op op, const struct cc_op_row *row,
                                           const struct cc_step *step))
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cc_op_row *row = &provider->ops[op];

        for (size_t i = 0; i < row->step_count; i++)
            check((enum cloud_op)op, row, &row->steps[i]);
    }
}

#endif
