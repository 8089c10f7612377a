/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of CapitalOnline CCS share: the catalogue, the words, the operations. */
#ifndef CAPITALONLINE_CCS_H
#define CAPITALONLINE_CCS_H

#include "providers/capitalonline/capitalonline.h"

enum { SERVICE_CCS, SERVICE_NETWORK };

enum ccs_action {
#define CCS_ACTION(name, ...) CCS_##name,
#include "providers/capitalonline_ccs/actions.def"
#undef CCS_ACTION
    CCS__COUNT
};

/* provider.c */
extern const struct cc_action capitalonline_ccs_actions[];
extern const struct cc_word capitalonline_ccs_states[], capitalonline_ccs_billing[],
    capitalonline_ccs_charge_modes[];

/* ops.c; the guard looks at the instance before ModifyInstanceChargeType is invoked */
extern const struct cc_op_row capitalonline_ccs_ops[CLOUD_OP__COUNT];
extern const struct cc_step capitalonline_ccs_charge_guard;

#endif
