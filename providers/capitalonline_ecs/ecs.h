/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of CapitalOnline ECS share: the catalogue, the words, the operations. */
#ifndef CAPITALONLINE_ECS_H
#define CAPITALONLINE_ECS_H

#include "providers/capitalonline/capitalonline.h"

enum { SERVICE_ECS, SERVICE_ECS11, SERVICE_EBS };

enum ecs_action {
#define ECS_ACTION(name, ...) ECS_##name,
#define ECS_NAMED(id, name, ...) ECS_##id,
#include "providers/capitalonline_ecs/actions.def"
#undef ECS_ACTION
#undef ECS_NAMED
    ECS__COUNT
};

/* provider.c */
extern const struct cc_action capitalonline_ecs_actions[];
extern const struct cc_word capitalonline_ecs_states[], capitalonline_ecs_billing[],
    capitalonline_ecs_disk_states[];
/* ops.c */
extern const struct cc_op_row capitalonline_ecs_ops[CLOUD_OP__COUNT];

#endif
