/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of JD Cloud share: the catalogue, the words, the operations. */
#ifndef JDCLOUD_H
#define JDCLOUD_H

#include "include/cloud_provider.h"

enum { JDCLOUD_VM, JDCLOUD_DISK, JDCLOUD_RENEWAL, JDCLOUD_BILLING, JDCLOUD_ORDER };

enum jdcloud_action {
#define JDCLOUD_ACTION(name, ...) JDCLOUD_##name,
#include "providers/jdcloud/actions.def"
#undef JDCLOUD_ACTION
    JDCLOUD__COUNT
};

/* provider.c */
extern const struct cc_action jdcloud_actions[JDCLOUD__COUNT + 1];
extern const struct cc_word jdcloud_instance_states[], jdcloud_disk_states[],
    jdcloud_attachment_states[], jdcloud_image_states[], jdcloud_billing_states[],
    jdcloud_charge_modes[];
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
