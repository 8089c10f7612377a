/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the validation of parameters before anything is sent. */
#ifndef CC_VALIDATE_H
#define CC_VALIDATE_H

#include "core/model/provider.h"

/* bits of the parameters that the provider's row for @op reads */
uint64_t cc_row_reads(const struct cc_op_row *row);
/*
 * Completes and checks @params for @op: fills in @defaults for parameters that are missing and that
 * the provider reads, completes the charge mode, then refuses parameters that are unsupported,
 * missing or not allowed. The error names the parameter.
 */
int cc_check_params(const struct cloud_provider *provider, enum cloud_op op,
                    const struct cloud_params *defaults, struct cloud_params *params,
                    struct cloud_error *err);

#endif
