/* SPDX-License-Identifier: Apache-2.0 */
/* The action catalogue, the tables and the hooks that the files of JD Cloud share. */
#ifndef JDCLOUD_H
#define JDCLOUD_H

#include "providers/rows.h"

enum { JDCLOUD_VM, JDCLOUD_DISK, JDCLOUD_RENEWAL, JDCLOUD_BILLING, JDCLOUD_ORDER };

enum jdcloud_action {
#define JDCLOUD_ACTION(name, ...) JDCLOUD_##name,
#define JDCLOUD_ACTION_WITH_TOKEN(name, ...) JDCLOUD_##name,
#include "providers/jdcloud/actions.def"
#undef JDCLOUD_ACTION
#undef JDCLOUD_ACTION_WITH_TOKEN
    JDCLOUD__COUNT
};

/* the cloud disk to buy when no type is given: general purpose SSD */
#define JDCLOUD_DISK_TYPE "ssd.gp1"

/* provider.c: the catalogue, the state maps, and words that both answers and requests have */
extern const struct cc_action jdcloud_actions[JDCLOUD__COUNT + 1];
extern const struct cc_word jdcloud_instance_states[];
extern const struct cc_word jdcloud_disk_states[];
extern const struct cc_word jdcloud_attachment_states[];
extern const struct cc_word jdcloud_image_states[];
extern const struct cc_word jdcloud_order_states[];
extern const struct cc_word jdcloud_billing_states[];
extern const struct cc_word jdcloud_charge_modes[];
extern const struct cc_word jdcloud_stop_charging[];

/* fields.c: what is read from answers */
extern const struct cc_field jdcloud_found_instance[];
extern const struct cc_field jdcloud_found_instances[];
extern const struct cc_field jdcloud_found_disk[];
extern const struct cc_field jdcloud_found_disks[];
extern const struct cc_field jdcloud_found_types[];
extern const struct cc_field jdcloud_found_images[];
extern const struct cc_field jdcloud_found_order[];
extern const struct cc_field jdcloud_created[];
extern const struct cc_field jdcloud_ordered[];
extern const struct cc_field jdcloud_ordered_more[];
extern const struct cc_field jdcloud_console[];
extern const struct cc_field jdcloud_price[];
extern const struct cc_paging jdcloud_instance_pages;
extern const struct cc_paging jdcloud_type_total;
extern const struct cc_paging jdcloud_disk_pages;
extern const struct cc_paging jdcloud_image_pages;

/* arguments.c: what is sent */
extern const struct cc_arg jdcloud_by_id[];
extern const struct cc_arg jdcloud_by_ids[];
extern const struct cc_arg jdcloud_stop[];
extern const struct cc_arg jdcloud_set_password[];
extern const struct cc_arg jdcloud_create[];
extern const struct cc_arg jdcloud_renew[];
extern const struct cc_arg jdcloud_renew_disks[];
extern const struct cc_arg jdcloud_auto_renew[];
extern const struct cc_arg jdcloud_resize[];
extern const struct cc_arg jdcloud_detach_system_disk[];
extern const struct cc_arg jdcloud_system_disk[];
extern const struct cc_arg jdcloud_extend_system_disk[];
extern const struct cc_arg jdcloud_attach_system_disk[];
extern const struct cc_arg jdcloud_price_new[];
extern const struct cc_arg jdcloud_price_renewal[];
extern const struct cc_arg jdcloud_price_change[];
extern const struct cc_arg jdcloud_list_instances[];
extern const struct cc_arg jdcloud_list_disks[];
extern const struct cc_arg jdcloud_list_images[];
extern const struct cc_arg jdcloud_in_zone[];
extern const struct cc_arg jdcloud_one_type[];
extern const struct cc_arg jdcloud_one_image[];
extern const struct cc_arg jdcloud_image_of_instance[];
extern const struct cc_arg jdcloud_instance_quota[];
extern const struct cc_arg jdcloud_by_order[];

/* ops.c */
extern const struct cc_op_row jdcloud_ops[CLOUD_OP__COUNT];

/* hooks.c. Checks before anything is sent: a size and a system disk are given as the vendor wants
 * them */
int jdcloud_check_purchase(struct cc_hook *hook);
/* Dry runs: the stock of params->instance_type; the quota of instances, @limit and @used as the
 * vendor's digits or NULL */
int jdcloud_check_type(struct cc_hook *hook);
int jdcloud_check_quota(struct cc_hook *hook, const char *limit, const char *used);
/* Sizes: keeps the types of params->family if it is given, and those that a list of names has or
 * has not */
int jdcloud_keep_family(struct cc_hook *hook);
int jdcloud_keep_types(struct cc_hook *hook, const struct cc_value *list, bool named);
/* there are types left, and the image of the instance, which may exclude some, is known */
bool jdcloud_when_targets(const struct cc_hook *hook);
/* the instance to change was found: takes its zone and the charge mode of the part that changes */
int jdcloud_found_to_change(struct cc_hook *hook);
/* repeats the step until the disk found is in that state; CLOUD_EFAILED when the disk is broken */
int jdcloud_until_available(struct cc_hook *hook);
int jdcloud_until_in_use(struct cc_hook *hook);

#endif
