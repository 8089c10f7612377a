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

#endif
