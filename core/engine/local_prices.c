/* SPDX-License-Identifier: Apache-2.0 */
/* Answers the price operations from the price book, with rows that send no request. pricing/ has
 * the arithmetic. */
#include "core/engine/local_prices.h"

#include <string.h>

#include "core/base/error.h"
#include "core/pricing/price_book.h"
#include "core/base/time.h"

static int check_book(struct cc_hook *hook)
{
    return hook->price_book
               ? CLOUD_OK
               : cc_fail_param(
                     hook->err, "price_book",
                     "no price book: name one with price_book in the cloud's configuration");
}

static struct cc_price_item item_of_params(const struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    return (struct cc_price_item){
        .cloud = hook->provider->name,
        .region = hook->region,
        .zone = p->zone,
        .instance_type = p->instance_type,
        .family = p->family,
        .cpu = p->cpu,
        .memory_mb = p->memory_gb * 1024,
        .gpu = p->gpu,
        .public_mbps = p->public_mbps,
        .count = p->count,
    };
}

static struct cc_price_item item_of_instance(const struct cc_hook *hook,
                                             const struct cloud_instance *instance)
{
    return (struct cc_price_item){
        .cloud = hook->provider->name,
        .region = hook->region,
        .zone = instance->zone,
        .instance_type = instance->instance_type,
        .family = instance->family,
        .cpu = instance->cpu,
        .memory_mb = instance->memory_mb,
        .gpu = instance->gpu,
    };
}

static void add_disk(struct cc_price_item *item, struct cloud_disk_spec *disks, const char *type,
                     int size_gb)
{
    if (size_gb)
        disks[item->disk_count++] = (struct cloud_disk_spec){ .type = type, .size_gb = size_gb };
    item->disks = disks;
}

static int price_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cc_price_item item = item_of_params(hook);
    struct cloud_disk_spec *disks = cc_hook_alloc(hook, p->data_disk_count + 1, sizeof(*disks));
    int rc = check_book(hook);

    if (rc || !disks)
        return rc ? rc : CLOUD_ENOMEM;
    add_disk(&item, disks, p->system_disk_type, p->system_disk_gb);
    for (size_t i = 0; i < p->data_disk_count; i++)
        add_disk(&item, disks, p->data_disks[i].type, p->data_disks[i].size_gb);
    return cc_pricebook_price(hook->price_book, &item, p->period, p->charge_mode, hook->now,
                              hook->arena, &hook->result->price, hook->err);
}

static int add_instance_disks(struct cc_hook *hook, const struct cloud_instance *instance,
                              struct cc_price_item *item)
{
    struct cloud_disk_spec *disks =
        cc_hook_alloc(hook, instance->data_disk_count + 1, sizeof(*disks));

    if (!disks)
        return CLOUD_ENOMEM;
    add_disk(item, disks, instance->system_disk.type, instance->system_disk.size_gb);
    for (size_t i = 0; i < instance->data_disk_count; i++)
        add_disk(item, disks, instance->data_disks[i].type, instance->data_disks[i].size_gb);
    return CLOUD_OK;
}

static int price_renewal(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cc_price_item item = item_of_instance(hook, instance);
    int rc = check_book(hook);

    if (!rc)
        rc = add_instance_disks(hook, instance, &item);
    return rc ? rc
              : cc_pricebook_price(hook->price_book, &item, hook->params->period,
                                   CLOUD_CHARGE_PREPAID, hook->now, hook->arena,
                                   &hook->result->price, hook->err);
}

static int price_upgrade(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cc_price_item current = item_of_instance(hook, instance), target;
    int rc = check_book(hook);

    if (!rc)
        rc = cc_parse_need_term(hook);
    if (!rc)
        rc = add_instance_disks(hook, instance, &current);
    target = current;
    if (!rc)
        rc = add_instance_disks(hook, instance, &target);
    if (rc)
        return rc;
    target.instance_type =
        p->instance_type || p->family || p->cpu ? p->instance_type : target.instance_type;
    target.family = p->family ? p->family : target.family;
    target.cpu = p->cpu ? p->cpu : target.cpu;
    target.memory_mb = p->memory_gb ? p->memory_gb * 1024 : target.memory_mb;
    target.gpu = p->gpu ? p->gpu : target.gpu;
    if (p->system_disk_gb && target.disk_count)
        ((struct cloud_disk_spec *)target.disks)[0].size_gb = p->system_disk_gb;
    return cc_pricebook_upgrade(hook->price_book, &current, &target, hook->now,
                                instance->expires_at ? instance->expires_at : p->expires_at,
                                hook->arena, &hook->result->price, hook->err);
}

static const struct cc_step price_steps[] = { { .parse = price_purchase } };
static const struct cc_step renew_steps[] = { { .parse = price_renewal } };
static const struct cc_step upgrade_steps[] = { { .parse = price_upgrade } };

/* reads all parameters: a price may depend on any of them */
#define LOCAL_PRICE_ROW(steps_) \
    { \
        .support = CLOUD_DERIVED, CC_STEPS(steps_), .keeps_result = true, .reads = ~UINT64_C(0) \
    }
static const struct cc_op_row price_row = LOCAL_PRICE_ROW(price_steps),
                              renew_row = LOCAL_PRICE_ROW(renew_steps),
                              upgrade_row = LOCAL_PRICE_ROW(upgrade_steps);

const struct cc_op_row *cc_local_price_row(const struct cc_call *call, enum cloud_op op)
{
    const struct cc_op_row *provider_row = &call->client->provider->ops[op];

    if (call->params.price_source != CLOUD_PRICE_BOOK)
        return provider_row;
    switch (op) {
    case CLOUD_OP_DESCRIBE_PRICE: return &price_row;
    case CLOUD_OP_DESCRIBE_RENEW_PRICE: return &renew_row;
    case CLOUD_OP_DESCRIBE_UPGRADE_PRICE: return &upgrade_row;
    default: return provider_row;
    }
}
