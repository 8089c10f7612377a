/* SPDX-License-Identifier: Apache-2.0 */
/* What can be refused before anything is sent: parameters against the operation, the provider's
 * rows and rules. */
#ifndef CC_CHECK_H
#define CC_CHECK_H

#include "core/model/provider.h"

/* bits of the parameters that the provider's row for @op reads */
uint64_t cc_row_reads(const struct cc_op_row *row);
/*
 * Completes and checks @params for @op: fills in @defaults where nothing was given and the provider
 * reads it, settles the charge mode, then refuses by name what is foreign, missing, out of range or
 * illegal.
 */
int cc_check_params(const struct cloud_provider *provider, enum cloud_op op,
                    const struct cloud_params *defaults, struct cloud_params *params,
                    struct cloud_error *err);

#endif
