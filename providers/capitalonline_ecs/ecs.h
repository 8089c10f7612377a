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

/* hooks.c. Check before anything is sent: force and stop_charging exclude each other */
int ecs_check_stop(struct cc_hook *hook);
/* after capitalonline_take_configuration(): the size is another one, and not smaller if the
 * instance is prepaid */
int ecs_need_larger_size(struct cc_hook *hook);
/* the object anywhere in @value whose member @name is @text; NULL: none */
const struct cc_value *ecs_seek(const struct cc_value *value, const char *name, const char *text);
/* the stock that the vendor returned for the types is that of params->zone */
int ecs_types_here(struct cc_hook *hook);
/* the system disk's growth in steps, within the free GB of its type (max_gb of the disk ranges
 * found, which then go) */
int ecs_growth_within(struct cc_hook *hook, int step_gb);
/* Dry runs: the stock of family, cpu, memory_gb and gpu; the price; the disks of type @usual that
   params asks for, against the free GB of the disk ranges found */
int ecs_check_size(struct cc_hook *hook);
int ecs_check_price(struct cc_hook *hook);
int ecs_check_disk_quota(struct cc_hook *hook, const char *usual);

#endif
