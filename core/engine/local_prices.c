/* SPDX-License-Identifier: Apache-2.0 */
/* The price operations answered from the price book: rows that send nothing. The arithmetic is in
 * pricebook.c. */
#include "core/engine/local_prices.h"

#include <string.h>

#include "core/base/error.h"
#include "core/pricing/price_book.h"
#include "core/base/time.h"

static int need_book(struct cc_hook *hook)
{
    return hook->price_book
               ? CLOUD_OK
               : cc_fail_param(
                     hook->err, "price_book",
                     "no price book: name one with price_book in the cloud's configuration");
}

static struct cc_price_item shape_of_params(const struct cc_hook *hook)
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

static struct cc_price_item shape_of_instance(const struct cc_hook *hook,
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

static void add_disk(struct cc_price_item *shape, struct cloud_disk_spec *disks, const char *type,
                     int size_gb)
{
    if (size_gb)
        disks[shape->disk_count++] = (struct cloud_disk_spec){ .type = type, .size_gb = size_gb };
    shape->disks = disks;
}

static int book_price(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cc_price_item shape = shape_of_params(hook);
    struct cloud_disk_spec *disks = cc_hook_alloc(hook, p->data_disk_count + 1, sizeof(*disks));
    int rc = need_book(hook);

    if (rc || !disks)
        return rc ? rc : CLOUD_ENOMEM;
    add_disk(&shape, disks, p->system_disk_type, p->system_disk_gb);
    for (size_t i = 0; i < p->data_disk_count; i++)
        add_disk(&shape, disks, p->data_disks[i].type, p->data_disks[i].size_gb);
    return cc_pricebook_price(hook->price_book, &shape, p->period, p->charge_mode, hook->now,
                              hook->arena, &hook->result->price, hook->err);
}

static int disks_of_instance(struct cc_hook *hook, const struct cloud_instance *instance,
                             struct cc_price_item *shape)
{
    struct cloud_disk_spec *disks =
        cc_hook_alloc(hook, instance->data_disk_count + 1, sizeof(*disks));

    if (!disks)
        return CLOUD_ENOMEM;
    add_disk(shape, disks, instance->system_disk.type, instance->system_disk.size_gb);
    for (size_t i = 0; i < instance->data_disk_count; i++)
        add_disk(shape, disks, instance->data_disks[i].type, instance->data_disks[i].size_gb);
    return CLOUD_OK;
}

static int book_renew(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cc_price_item shape = shape_of_instance(hook, instance);
    int rc = need_book(hook);

    if (!rc)
        rc = disks_of_instance(hook, instance, &shape);
    return rc ? rc
              : cc_pricebook_price(hook->price_book, &shape, hook->params->period,
                                   CLOUD_CHARGE_PREPAID, hook->now, hook->arena,
                                   &hook->result->price, hook->err);
}

static int book_upgrade(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cc_price_item was = shape_of_instance(hook, instance), becomes;
    int rc = need_book(hook);

    if (!rc)
        rc = cc_parse_need_term(hook);
    if (!rc)
        rc = disks_of_instance(hook, instance, &was);
    becomes = was;
    if (!rc)
        rc = disks_of_instance(hook, instance, &becomes);
    if (rc)
        return rc;
    becomes.instance_type =
        p->instance_type || p->family || p->cpu ? p->instance_type : becomes.instance_type;
    becomes.family = p->family ? p->family : becomes.family;
    becomes.cpu = p->cpu ? p->cpu : becomes.cpu;
    becomes.memory_mb = p->memory_gb ? p->memory_gb * 1024 : becomes.memory_mb;
    becomes.gpu = p->gpu ? p->gpu : becomes.gpu;
    if (p->system_disk_gb && becomes.disk_count)
        ((struct cloud_disk_spec *)becomes.disks)[0].size_gb = p->system_disk_gb;
    return cc_pricebook_upgrade(hook->price_book, &was, &becomes, hook->now,
                                instance->expires_at ? instance->expires_at : p->expires_at,
                                hook->arena, &hook->result->price, hook->err);
}

static const struct cc_step price_steps[] = { { .parse = book_price } };
static const struct cc_step renew_steps[] = { { .parse = book_renew } };
static const struct cc_step upgrade_steps[] = { { .parse = book_upgrade } };

/* reads all that a price could depend on */
#define BOOK_ROW(steps_) \
    { \
        .support = CLOUD_DERIVED, CC_STEPS(steps_), .keeps_result = true, .reads = ~UINT64_C(0) \
    }
static const struct cc_op_row price_row = BOOK_ROW(price_steps), renew_row = BOOK_ROW(renew_steps),
                              upgrade_row = BOOK_ROW(upgrade_steps);

const struct cc_op_row *cc_price_row(const struct cc_call *call, enum cloud_op op)
{
    const struct cc_op_row *own = &call->client->provider->ops[op];

    if (call->params.price_source != CLOUD_PRICE_BOOK)
        return own;
    switch (op) {
    case CLOUD_OP_DESCRIBE_PRICE: return &price_row;
    case CLOUD_OP_DESCRIBE_RENEW_PRICE: return &renew_row;
    case CLOUD_OP_DESCRIBE_UPGRADE_PRICE: return &upgrade_row;
    default: return own;
    }
}
