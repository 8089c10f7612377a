/* SPDX-License-Identifier: Apache-2.0 */
/* The action catalogue, the tables and the hooks that the files of CapitalOnline ECS share. */
#ifndef CAPITALONLINE_ECS_H
#define CAPITALONLINE_ECS_H

#include "providers/capitalonline/capitalonline.h"

enum { SERVICE_ECS, SERVICE_ECS11, SERVICE_EBS };

enum ecs_action {
#define ECS_ACTION(name, ...) ECS_##name,
#define ECS_ACTION_NAMED(identifier, name, ...) ECS_##identifier,
#include "providers/capitalonline_ecs/actions.def"
#undef ECS_ACTION
#undef ECS_ACTION_NAMED
    ECS__COUNT
};

/* the disk to buy when no type is given */
#define ECS_DISK_TYPE "ssd"

/* provider.c: the catalogue and the state maps */
extern const struct cc_action ecs_actions[];
extern const struct cc_word ecs_instance_states[];
extern const struct cc_word ecs_billing_states[];
extern const struct cc_word ecs_disk_states[];
extern const struct cc_word ecs_image_states[];
extern const struct cc_word ecs_event_states[];

/* fields.c: what is read from answers */
extern const struct cc_field ecs_found_instance[];
extern const struct cc_field ecs_found_instances[];
extern const struct cc_field ecs_found_states[];
extern const struct cc_field ecs_found_disks[];
extern const struct cc_field ecs_found_regions[];
extern const struct cc_field ecs_found_families[];
extern const struct cc_field ecs_found_stock[];
extern const struct cc_field ecs_found_images[];
extern const struct cc_field ecs_found_event[];
extern const struct cc_field ecs_found_quota[];
extern const struct cc_field ecs_created[];
extern const struct cc_field ecs_console[];
extern const struct cc_field ecs_price[];
extern const struct cc_paging ecs_disk_pages;
extern const struct cc_paging ecs_disk_total;
extern const struct cc_paging ecs_image_total;
extern const struct cc_paging ecs_instance_total;

/* arguments.c: what is sent */
extern const struct cc_arg ecs_by_id[];
extern const struct cc_arg ecs_by_ids[];
extern const struct cc_arg ecs_start[];
extern const struct cc_arg ecs_stop[];
extern const struct cc_arg ecs_reboot[];
extern const struct cc_arg ecs_set_password[];
extern const struct cc_arg ecs_delete[];
extern const struct cc_arg ecs_price_query[];
extern const struct cc_arg ecs_create[];
extern const struct cc_arg ecs_change_size[];
extern const struct cc_arg ecs_extend_system_disk[];
extern const struct cc_arg ecs_in_zone[];
extern const struct cc_arg ecs_list_instances[];
extern const struct cc_arg ecs_disks_of_instance[];
extern const struct cc_arg ecs_one_family[];
extern const struct cc_arg ecs_one_size[];
extern const struct cc_arg ecs_families_on_sale[];
extern const struct cc_arg ecs_list_images[];
extern const struct cc_arg ecs_by_event[];

/* ops.c */
extern const struct cc_op_row ecs_ops[CLOUD_OP__COUNT];

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
