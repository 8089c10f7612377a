/* SPDX-License-Identifier: Apache-2.0 */
/* The action catalogue, the tables and the hooks that the files of CapitalOnline CCS share. */
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

/* provider.c: the catalogue, the state maps, and words that both answers and requests have */
extern const struct cc_action ccs_actions[];
extern const struct cc_word ccs_instance_states[];
extern const struct cc_word ccs_billing_states[];
extern const struct cc_word ccs_charge_modes[];
extern const struct cc_word ccs_task_states[];
extern const struct cc_word ccs_template_states[];

/* fields.c: what is read from answers */
extern const struct cc_field ccs_found_instances[];
extern const struct cc_field ccs_found_task[];
extern const struct cc_field ccs_found_types[];
extern const struct cc_field ccs_found_families[];
extern const struct cc_field ccs_found_goods[];
extern const struct cc_field ccs_found_public_images[];
extern const struct cc_field ccs_found_templates[];
extern const struct cc_field ccs_price[];
extern const struct cc_field ccs_console[];
extern const struct cc_paging ccs_instance_pages;
extern const struct cc_paging ccs_template_pages;

/* arguments.c: what is sent */
extern const struct cc_arg ccs_by_id[];
extern const struct cc_arg ccs_by_ids[];
extern const struct cc_arg ccs_by_joined_ids[];
extern const struct cc_arg ccs_stop[];
extern const struct cc_arg ccs_stop_many[];
extern const struct cc_arg ccs_set_password[];
extern const struct cc_arg ccs_price_query[];
extern const struct cc_arg ccs_create[];
extern const struct cc_arg ccs_dry_run[];
extern const struct cc_arg ccs_change_size[];
extern const struct cc_arg ccs_extend_system_disk[];
extern const struct cc_arg ccs_list_instances[];
extern const struct cc_arg ccs_in_zone[];
extern const struct cc_arg ccs_in_zone_of_instance[];
extern const struct cc_arg ccs_one_family[];
extern const struct cc_arg ccs_one_family_in_zone_of_instance[];
extern const struct cc_arg ccs_by_task[];

/* ops.c; the guard looks the instance up before ModifyInstanceChargeType is invoked */
extern const struct cc_op_row ccs_ops[CLOUD_OP__COUNT];
extern const struct cc_step ccs_charge_type_guard;

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
