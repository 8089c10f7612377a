/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks that both products of CapitalOnline use: conditions of steps, the configuration of an
 * instance as parameters, sizes family by family, and prices of a renewal or a change from prices
 * of purchases.
 */

#include "providers/capitalonline/capitalonline.h"

bool capitalonline_when_instance(const struct cc_hook *hook)
{
    return hook->params->instance_id && !hook->params->task_id;
}

bool capitalonline_when_no_instance(const struct cc_hook *hook)
{
    return !hook->params->instance_id;
}

bool capitalonline_when_family(const struct cc_hook *hook)
{
    return hook->params->family;
}

bool capitalonline_when_no_family(const struct cc_hook *hook)
{
    return !hook->params->family;
}

int capitalonline_keep_source(struct cc_hook *hook)
{
    const char *source = hook->params->image_source;
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->image_count; i++) {
        if (!source ||
            (result->images[i].source && !cc_ascii_casecmp(result->images[i].source, source)))
            result->images[kept++] = result->images[i];
    }
    result->image_count = kept;
    return CLOUD_OK;
}

/* the given value, else the instance's own, else the default of the client */
static const char *known(const char *given, const char *own, const char *usual)
{
    if (given)
        return given;
    return own ? own : usual;
}

static int take_data_disks(struct cc_hook *hook, const struct cloud_instance *instance)
{
    struct cloud_disk_spec *disks = cc_hook_alloc(hook, instance->data_disk_count, sizeof(*disks));

    if (!disks)
        return CLOUD_ENOMEM;
    for (size_t i = 0; i < instance->data_disk_count; i++) {
        const struct cloud_disk *disk = &instance->data_disks[i];

        if (!disk->type || !disk->size_gb)
            return cc_fail(hook->err, CLOUD_EUNSUPPORTED,
                           "%s does not say what kind of disk %s is, so it cannot be priced",
                           hook->provider->title, disk->id ? disk->id : "a data disk");
        disks[i] = (struct cloud_disk_spec){ .type = disk->type, .size_gb = disk->size_gb };
    }
    hook->params->data_disks = disks;
    hook->params->data_disk_count = instance->data_disk_count;
    return CLOUD_OK;
}

int capitalonline_take_configuration(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *usual = hook->defaults;
    struct cloud_params *p = hook->params;

    p->zone = instance->zone;
    p->family = known(p->family, instance->family, usual->family);
    p->image_id = known(instance->image_id, instance->image_name, usual->image_id);
    p->system_disk_type = known(NULL, instance->system_disk.type, usual->system_disk_type);
    p->cpu = p->cpu ? p->cpu : instance->cpu;
    p->memory_gb = p->memory_gb ? p->memory_gb : instance->memory_mb / 1024;
    p->gpu = p->gpu ? p->gpu : instance->gpu;
    p->system_disk_gb = p->system_disk_gb ? p->system_disk_gb : instance->system_disk.size_gb;
    return take_data_disks(hook, instance);
}

int capitalonline_families(struct cc_hook *hook)
{
    struct capitalonline_families *families = hook->scratch;
    struct cloud_result *result = hook->result;

    for (size_t i = 0; i < result->type_count; i++) {
        bool known = !result->types[i].family;

        for (size_t k = 0; !known && k < families->count; k++)
            known = !cc_ascii_casecmp(result->types[k].family, result->types[i].family);
        if (!known)
            result->types[families->count++] = result->types[i];
    }
    result->type_count = families->count;
    if (families->count)
        hook->params->family = result->types[0].family;
    return CLOUD_OK;
}

bool capitalonline_when_families(const struct cc_hook *hook)
{
    const struct capitalonline_families *families = hook->scratch;

    return families->asked < families->count;
}

int capitalonline_next_family(struct cc_hook *hook)
{
    struct capitalonline_families *families = hook->scratch;
    struct cloud_result *result = hook->result;
    const char *name;

    /* one of several that this account may not have, or that is listed and not known, is left out
     */
    if (hook->refused &&
        ((hook->refused != CLOUD_EDENIED && hook->refused != CLOUD_EINVAL) || !families->count))
        return hook->refused;
    name = cc_arena_strdup(hook->arena, hook->params->family); /* it may be the caller's */
    for (size_t i = families->count; i < result->type_count; i++)
        result->types[i].family = result->types[i].family ? result->types[i].family : name;
    if (++families->asked < families->count) {
        hook->params->family = result->types[families->asked].family;
        hook->again_ms = 0;
        return CLOUD_OK;
    }
    result->types += families->count;
    result->type_count -= families->count;
    return CLOUD_OK;
}

/* A price covers what capitalonline_take_configuration() took from the defaults: the text names it.
 */
static int add_assumptions(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;
    struct cloud_price *price = &hook->result->price;

    if (instance->family && (instance->image_id || instance->image_name) &&
        instance->system_disk.type)
        return CLOUD_OK;
    price->covers = cc_arena_printf(
        hook->arena,
        "%s; where %s does not tell what it has: as family %s, image %s, system disk %s",
        price->covers, hook->provider->title, p->family, p->image_id,
        p->system_disk_type ? p->system_disk_type : "of the default type");
    return price->covers ? CLOUD_OK : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}

int capitalonline_price_renew(struct cc_hook *hook)
{
    cc_hook_price(hook, hook->params->period,
                  "an estimate: what the same size with the same disks costs when bought anew; "
                  "discounts of the order are not known");
    return add_assumptions(hook);
}

bool capitalonline_when_size(const struct cc_hook *hook)
{
    return ((const struct capitalonline_change *)hook->scratch)->size;
}

bool capitalonline_when_disk(const struct cc_hook *hook)
{
    return !capitalonline_when_size(hook);
}

int capitalonline_price_after(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct capitalonline_change *change = hook->scratch;
    struct cloud_params *p = hook->params;
    const char *zone = p->zone;
    int rc = cc_parse_need_term(hook);

    if (rc)
        return rc;
    if (instance->charge_mode != CLOUD_CHARGE_PREPAID) {
        rc = cc_parse_price_new(hook);
        hook->result->price.covers =
            "on demand the change itself is free: this is what it costs from then on";
        hook->finish = true;
        return rc ? rc : add_assumptions(hook);
    }
    change->after = hook->result->price.total;
    hook->result->price = (struct cloud_price){ 0 };
    p->family = NULL;
    p->cpu = p->memory_gb = p->gpu = p->system_disk_gb = 0;
    rc = capitalonline_take_configuration(hook);
    p->zone = zone;
    return rc;
}

int capitalonline_price_before(struct cc_hook *hook)
{
    const struct capitalonline_change *change = hook->scratch;
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cloud_price *price = &hook->result->price;
    struct cloud_money more = change->after;
    char text[CLOUD_MONEY_MAX];
    int days, rc;

    more.micros -= price->total.micros; /* neither is below zero */
    rc = cc_price_prorate(more, hook->now, instance->expires_at, &price->total, &days, hook->err);
    if (rc)
        return rc;
    price->period = (struct cloud_period){ days, days ? CLOUD_PERIOD_DAY : CLOUD_PERIOD_NONE };
    price->source = CLOUD_PRICE_COMPUTED;
    if (more.micros <= 0)
        price->covers =
            "it costs no more a month than now: nothing is charged, and nothing given back";
    else
        price->covers = cc_arena_printf(
            hook->arena,
            "%s more a month, for %d days of 30: size and disks; discounts are not known",
            cloud_money_format(more, text), days);
    return price->covers ? add_assumptions(hook)
                         : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}
