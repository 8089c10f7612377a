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

/* hooks.c. After capitalonline_take_configuration(): CLOUD_EINVAL when the parameter is still not
 * known */
int ccs_need_known(struct cc_hook *hook, enum cloud_param param);
/* Filters: instances whose name contains params->name, types that are not smaller than the instance
   and not its own, each image once and of these only params->image_id; a parameter that was not
   given keeps all */
int ccs_keep_named(struct cc_hook *hook);
int ccs_keep_larger(struct cc_hook *hook);
int ccs_keep_image(struct cc_hook *hook);
/* the disks of the instances found become the result's */
int ccs_disks_of_instances(struct cc_hook *hook);

#endif
