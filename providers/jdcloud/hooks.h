/* SPDX-License-Identifier: Apache-2.0 */
/* The hooks of JD Cloud, by the rows of ops.c that name them. */
#ifndef JDCLOUD_HOOKS_H
#define JDCLOUD_HOOKS_H

#include "providers/jdcloud/jdcloud.h"

/* the cloud disk to buy when no type is named: general purpose SSD */
#define JDCLOUD_DISK_TYPE "ssd.gp1"

extern const struct cc_word jdcloud_stop_charging[];

/* checks before anything is sent */
int jdcloud_check_purchase(struct cc_hook *hook);
int jdcloud_check_auto_renew(struct cc_hook *hook);

/* purchase */
int jdcloud_system_disk(struct cc_hook *hook);
int jdcloud_image_source(struct cc_hook *hook);
int jdcloud_check_stock(struct cc_hook *hook);
int jdcloud_quota_filter(struct cc_hook *hook);
int jdcloud_check_quota(struct cc_hook *hook);
int jdcloud_check_price(struct cc_hook *hook);

/* orders of calculateTotalPrice, and what the answer is for */
int jdcloud_order_new(struct cc_hook *hook);
int jdcloud_order_renew(struct cc_hook *hook);
int jdcloud_order_change(struct cc_hook *hook);
int jdcloud_price_new(struct cc_hook *hook);
int jdcloud_price_renew(struct cc_hook *hook);
int jdcloud_price_change(struct cc_hook *hook);

/* renewal */
bool jdcloud_has_prepaid_disks(const struct cc_hook *hook);
int jdcloud_disk_ids(struct cc_hook *hook);
int jdcloud_disks_ordered(struct cc_hook *hook);
int jdcloud_renewal_set(struct cc_hook *hook);

/* change */
int jdcloud_disk_of(struct cc_hook *hook);
int jdcloud_until_available(struct cc_hook *hook);
int jdcloud_until_in_use(struct cc_hook *hook);
int jdcloud_zone_of(struct cc_hook *hook);
int jdcloud_targets(struct cc_hook *hook);
bool jdcloud_has_targets(const struct cc_hook *hook);
int jdcloud_image_constraints(struct cc_hook *hook);

int jdcloud_regions(struct cc_hook *hook);
int jdcloud_console(struct cc_hook *hook);

#endif
