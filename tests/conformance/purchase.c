/* SPDX-License-Identifier: Apache-2.0 */
/* Buys instances for the cases, brings them into a state, and deletes them at the end. */
#include "tests/conformance/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static void add_facts(struct kit *kit, const char *group, struct kit_params *ret)
{
    yyjson_val *rows = kit_fact(kit, kit_text(kit, "usual.%s", group)), *name, *value;
    size_t i, count;

    yyjson_obj_foreach(rows, i, count, name, value)
    {
        const struct cloud_param_info *info = cloud_param_find(yyjson_get_str(name));

        if (info)
            kit_set(ret, info->param, yyjson_get_str(value));
    }
}

/* Chooses the first instance type on sale, if facts and the cloud's defaults name none. */
static void add_size(struct kit *kit, struct kit_params *ret)
{
    struct kit_call call = { 0 };

    if (kit_get(ret, CLOUD_PARAM_INSTANCE_TYPE) || kit_get(ret, CLOUD_PARAM_CPU))
        return;
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE_TYPES, NULL, &call);
    if (!call.code && call.result.type_count) {
        const struct cloud_instance_type *type = &call.result.types[0];

        if (type->instance_type) {
            kit_set(ret, CLOUD_PARAM_INSTANCE_TYPE, kit_text(kit, "%s", type->instance_type));
        } else {
            kit_set(ret, CLOUD_PARAM_FAMILY, kit_text(kit, "%s", type->family));
            kit_set(ret, CLOUD_PARAM_CPU, kit_text(kit, "%d", type->cpu));
            kit_set(ret, CLOUD_PARAM_MEMORY_GB, kit_text(kit, "%d", type->memory_mb / 1024));
        }
    }
    kit_call_clear(&call);
}

/* Returns a value for a required parameter that the cloud's defaults do not set. */
static const char *find_value_for(struct kit *kit, enum cloud_param param)
{
    struct kit_call call = { 0 };
    const char *found = NULL;

    if (param == CLOUD_PARAM_IMAGE_ID) {
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_IMAGES, NULL, &call);
        found = call.result.image_count ? kit_text(kit, "%s", call.result.images[0].id) : NULL;
    } else if (param == CLOUD_PARAM_ZONE) {
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_REGIONS, NULL, &call);
        found = call.result.region_count && call.result.regions[0].zone_count
                    ? kit_text(kit, "%s", call.result.regions[0].zones[0].id)
                    : NULL;
    } else if (param == CLOUD_PARAM_SYSTEM_DISK_GB) {
        found = "40";
    } else if (param == CLOUD_PARAM_PASSWORD) {
        found = KIT_PASSWORD;
    } else if (param == CLOUD_PARAM_NAME) {
        found = "kit-instance";
    }
    kit_call_clear(&call);
    return found;
}

static void add_missing(struct kit *kit, struct kit_params *params)
{
    enum cloud_op op = kit_offers(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
                           ? CLOUD_OP_CREATE_INSTANCE_DRY_RUN
                           : CLOUD_OP_DESCRIBE_PRICE;

    for (int tries = 0; tries < 6; tries++) {
        struct kit_call call = { 0 };
        const struct cloud_param_info *missing;
        const char *found;

        kit_call_op_directly(kit, op, params, &call);
        missing = call.code == CLOUD_EINVAL && !call.err.http_status
                      ? cloud_param_find(call.err.parameter)
                      : NULL;
        kit_call_clear(&call);
        found = missing ? find_value_for(kit, missing->param) : NULL;
        if (!found)
            return;
        kit_set(params, missing->param, found);
    }
}

static void add_purchase(struct kit *kit, enum cloud_op op, struct kit_params *ret)
{
    uint64_t takes = cloud_op_info(op)->required | cloud_op_info(op)->optional;

    if (!kit->options.real)
        add_facts(kit, "create", ret);
    kit_set(ret, CLOUD_PARAM_NAME, "kit-instance");
    if (!kit_get(ret, CLOUD_PARAM_PASSWORD))
        kit_set(ret, CLOUD_PARAM_PASSWORD, KIT_PASSWORD);
    add_size(kit, ret);
    if (!kit->no_defaults)
        add_missing(kit, ret);
    for (size_t i = ret->count; i-- > 0;) {
        if (!(takes >> ret->rows[i].param & 1))
            kit_set(ret, ret->rows[i].param, NULL);
    }
}

static void add_upgrade(struct kit *kit, const char *id, struct kit_params *ret)
{
    struct kit_params about = { 0 };
    struct kit_call call = { 0 };

    if (!kit->options.real)
        add_facts(kit, "upgrade", ret);
    if (ret->count > 1 || !id)
        return;
    kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, &about, &call);
    if (!call.code && call.result.type_count && call.result.types[0].instance_type)
        kit_set(ret, CLOUD_PARAM_INSTANCE_TYPE,
                kit_text(kit, "%s", call.result.types[0].instance_type));
    else if (!call.code && call.result.disk_range_count)
        kit_set(ret, CLOUD_PARAM_SYSTEM_DISK_GB,
                kit_text(kit, "%d", call.result.disk_ranges[0].min_gb));
    kit_call_clear(&call);
}

void kit_usual_params(struct kit *kit, enum cloud_op op, const char *id, struct kit_params *ret)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    const char *period = kit_fact_text(kit, "usual.period");

    *ret = (struct kit_params){ 0 };
    if (info->required >> CLOUD_PARAM_INSTANCE_ID & 1)
        kit_set(ret, CLOUD_PARAM_INSTANCE_ID, id ? id : "i-none");
    if (info->required >> CLOUD_PARAM_PASSWORD & 1)
        kit_set(ret, CLOUD_PARAM_PASSWORD, KIT_PASSWORD);
    if (info->required >> CLOUD_PARAM_PERIOD & 1)
        kit_set(ret, CLOUD_PARAM_PERIOD, period ? period : "1 month");
    if (op == CLOUD_OP_DESCRIBE_PRICE || op == CLOUD_OP_CREATE_INSTANCE ||
        op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        add_purchase(kit, op, ret);
    if (op == CLOUD_OP_UPGRADE_INSTANCE || op == CLOUD_OP_DESCRIBE_UPGRADE_PRICE)
        add_upgrade(kit, id, ret);
    if (op == CLOUD_OP_DESCRIBE_TASK)
        kit_set(ret, CLOUD_PARAM_INSTANCE_ID, id);
    if (!kit->options.real)
        add_facts(kit, info->word, ret);
}

void kit_add_id(struct kit *kit, const char *id)
{
    if (kit->id_count < KIT_COUNT(kit->ids))
        kit->ids[kit->id_count++] = ctl_strdup(id);
}

void kit_remove_id(struct kit *kit, const char *id)
{
    for (size_t i = 0; i < kit->id_count; i++) {
        if (!strcmp(kit->ids[i], id)) {
            free(kit->ids[i]);
            kit->ids[i] = kit->ids[--kit->id_count];
            return;
        }
    }
}

/* A real run buys only with a price, and only up to --max-charge for all purchases together. */
static bool may_buy(struct kit *kit, struct kit_params *params)
{
    struct kit_params priced;
    struct kit_call call = { 0 };
    char text[CLOUD_MONEY_MAX];
    bool allowed;

    if (!kit->options.real)
        return true;
    kit_usual_params(kit, CLOUD_OP_DESCRIBE_PRICE, NULL, &priced);
    if (kit_get(params, CLOUD_PARAM_PERIOD))
        kit_set(&priced, CLOUD_PARAM_PERIOD, kit_get(params, CLOUD_PARAM_PERIOD));
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_PRICE, &priced, &call);
    allowed = !call.code &&
              !strcmp(call.result.price.total.currency, kit->options.max_charge.currency) &&
              kit->spent + call.result.price.total.micros <= kit->options.max_charge.micros;
    if (allowed) {
        kit->spent += call.result.price.total.micros;
        kit_set(params, CLOUD_PARAM_MAX_CHARGE,
                kit_text(kit, "%.*s",
                         (int)strcspn(cloud_money_format(call.result.price.total, text), " "),
                         text));
    } else if (call.code) {
        kit_skip(kit, "nothing is bought without a price: %s", call.err.message);
    } else {
        kit_skip(kit, "it costs %s, which is more than --max-charge leaves",
                 cloud_money_format(call.result.price.total, text));
    }
    kit_call_clear(&call);
    return allowed;
}

/* Returns the id of a bought instance. A reply without it is followed by its task, then by name. */
static const char *find_bought_id(struct kit *kit, const struct kit_call *bought)
{
    struct kit_call call = { 0 };
    const char *id = NULL,
               *task = bought->result.task_id ? kit_text(kit, "%s", bought->result.task_id) : NULL;

    if (bought->result.id_count)
        return kit_text(kit, "%s", bought->result.ids[0]);
    if (task && !kit_wait(kit, task, NULL, &call) && call.result.task.resource_id_count)
        id = kit_text(kit, "%s", call.result.task.resource_ids[0]);
    if (!id) {
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
        for (size_t i = 0; i < call.result.instance_count; i++) {
            const struct cloud_instance *found = &call.result.instances[i];
            bool known = !found->name || strncmp(found->name, "kit-", 4);

            for (size_t n = 0; n < kit->id_count; n++)
                known |= !strcmp(kit->ids[n], found->id);
            if (!known)
                id = kit_text(kit, "%s", found->id);
        }
    }
    kit_call_clear(&call);
    return id;
}

const char *kit_buy(struct kit *kit, bool prepaid)
{
    const char *period = kit_fact_text(kit, "usual.period"), *id = NULL;
    struct kit_params params;
    struct kit_call call = { 0 }, waited = { 0 };

    if (kit->options.real && prepaid) {
        kit_skip(kit, "a real run buys no prepaid instances, because they cannot be returned");
        return NULL;
    }

    kit_usual_params(kit, CLOUD_OP_CREATE_INSTANCE, NULL, &params);
    kit_set(&params, CLOUD_PARAM_CHARGE_MODE, prepaid ? "prepaid" : "postpaid");
    kit_set(&params, CLOUD_PARAM_PERIOD, prepaid ? (period ? period : "1 month") : NULL);
    if (!may_buy(kit, &params))
        return NULL;
    kit_call_op_directly(kit, CLOUD_OP_CREATE_INSTANCE, &params, &call);
    if (call.code)
        kit_fail(kit, "no instance could be bought for the case: %s %s", cloud_code_name(call.code),
                 call.err.message);
    else
        id = find_bought_id(kit, &call);
    if (id) {
        kit_add_id(kit, id);
        if (kit_wait(kit, NULL, id, &waited))
            kit_fail(kit, "%s was bought, but did not reach a stable state: %s", id,
                     waited.err.message);
    } else if (!call.code) {
        kit_fail(kit, "the bought instance cannot be found");
    }
    kit_call_clear(&call);
    kit_call_clear(&waited);
    return id;
}

enum cloud_instance_state kit_state(struct kit *kit, const char *id)
{
    struct kit_params params = { 0 };
    struct kit_call call = { 0 };
    enum cloud_instance_state state;

    kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &params, &call);
    state = call.result.instance_count ? call.result.instances[0].state : CLOUD_STATE_UNKNOWN;
    if (call.code == CLOUD_ENOTFOUND)
        state = CLOUD_STATE_DELETED;
    kit_call_clear(&call);
    return state;
}

bool kit_bring_to(struct kit *kit, const char *id, enum cloud_instance_state wanted)
{
    enum cloud_op op =
        wanted == CLOUD_STATE_STOPPED ? CLOUD_OP_STOP_INSTANCE : CLOUD_OP_START_INSTANCE;
    enum cloud_instance_state state = kit_state(kit, id);
    struct kit_params params;
    struct kit_call call = { 0 };

    if (state != wanted && !cloud_state_is_settled(state)) {
        kit_wait(kit, NULL, id, &call);
        state = kit_state(kit, id);
    }
    if (state != wanted) {
        kit_usual_params(kit, op, id, &params);
        kit_call_op_directly(kit, op, &params, &call);
        /* Work that no state shows takes real time where the kit does not control the clock. */
        for (int tries = 0; call.code == CLOUD_ESTATE && !kit->wire_seen && tries < 30; tries++) {
            sleep(2);
            kit_call_op_directly(kit, op, &params, &call);
        }
        if (call.code)
            kit_fail(kit, "%s is %s, and %s failed: %s", id, cloud_instance_state_name(state),
                     cloud_op_info(op)->word, call.err.message);
        else
            kit_wait(kit, NULL, id, &call);
        state = kit_state(kit, id);
    }
    kit_call_clear(&call);
    return state == wanted;
}

static bool is_prepaid(struct kit *kit, const char *id)
{
    struct kit_params params = { 0 };
    struct kit_call call = { 0 };
    bool prepaid;

    kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &params, &call);
    prepaid =
        call.result.instance_count && call.result.instances[0].charge_mode == CLOUD_CHARGE_PREPAID;
    kit_call_clear(&call);
    return prepaid;
}

const char *kit_instance_for(struct kit *kit, enum cloud_op op)
{
    return kit_instance_paid(kit, op,
                             op == CLOUD_OP_RENEW_INSTANCE || op == CLOUD_OP_DESCRIBE_RENEW_PRICE ||
                                 op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE);
}

const char *kit_instance_paid(struct kit *kit, enum cloud_op op, bool prepaid)
{
    enum cloud_instance_state state =
        cloud_state_can(CLOUD_STATE_RUNNING, op) ? CLOUD_STATE_RUNNING : CLOUD_STATE_STOPPED;
    const char *wanted = kit_fact_text(kit, kit_text(kit, "state.%s", cloud_op_info(op)->word));
    const char *id = NULL;

    if (wanted && !strcmp(wanted, "stopped"))
        state = CLOUD_STATE_STOPPED;
    for (size_t i = 0; !id && i < kit->id_count; i++) {
        if (kit_state(kit, kit->ids[i]) == CLOUD_STATE_DELETED)
            kit_remove_id(kit, kit->ids[i--]);
        else if (is_prepaid(kit, kit->ids[i]) == prepaid)
            id = kit_text(kit, "%s", kit->ids[i]);
    }
    if (!id)
        id = kit_buy(kit, prepaid);
    if (id && !kit_bring_to(kit, id, state)) {
        kit_fail(kit, "%s cannot be brought into state %s: it is %s", id,
                 cloud_instance_state_name(state), cloud_instance_state_name(kit_state(kit, id)));
        return NULL;
    }
    return id;
}

const char *kit_absent_id(struct kit *kit, const char *id)
{
    char *absent = kit_text(kit, "%s", id);
    size_t length = strlen(absent);

    for (size_t i = length > 6 ? length - 6 : 0; i < length; i++)
        absent[i] = absent[i] == '-' ? '-' : '0';
    return absent;
}

void kit_add_created(struct kit *kit, const struct kit_call *call)
{
    for (size_t n = 0; !(kit->own_world && kit->has_control) && n < call->result.id_count; n++)
        kit_add_id(kit, call->result.ids[n]);
}

void kit_empty_world(struct kit *kit)
{
    if (!kit->own_world || !kit->has_control)
        return;
    free(kit_proxy_control("POST", "reset", NULL));
    free(kit_proxy_control(
        "POST", "world",
        "{\"quota\":{\"instance\":100000,\"ecs\":100000,\"ebs\":10000000,\"disk\":100000}}"));
    while (kit->id_count)
        kit_remove_id(kit, kit->ids[0]);
}

void kit_delete_all(struct kit *kit, bool report)
{
    while (kit->id_count) {
        const char *id = kit->ids[kit->id_count - 1];
        struct kit_params params = { 0 };
        struct kit_call call = { 0 };

        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
        kit_call_op_directly(kit, CLOUD_OP_DELETE_INSTANCE, &params, &call);
        if (report && call.code && call.code != CLOUD_ENOTFOUND)
            fprintf(stderr, "left at %s: instance %s, which could not be deleted: %s\n",
                    kit->run->cloud, id, call.err.message);
        else if (report)
            fprintf(stderr, "deleted at %s: instance %s\n", kit->run->cloud, id);
        kit_call_clear(&call);
        kit_remove_id(kit, id);
    }
}
