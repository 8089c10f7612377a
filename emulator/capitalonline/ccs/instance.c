/* SPDX-License-Identifier: Apache-2.0 */
/* Actions on an existing instance of CCS: list, power, name, size, password, protection, deletion.
 * ccs_task.c has the changes themselves. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <stdlib.h>
#include <string.h>

static bool is_listed(struct emu_world *world, const struct emu_object *instance)
{
    int64_t age_ms = emu_now_ms(world) - emu_get_int(instance->body, "_made_ms", 0);
    const char *change = emu_transition_of(world, instance);

    /* An instance that is being created is in no list before its task has started. */
    if (change && strcmp(change, "create") == 0 && age_ms < emu_ccs_task_start_ms(world))
        return false;
    return !emu_is_hidden(world, instance);
}

static bool has_address(yyjson_mut_val *cards, const char *member, yyjson_mut_val *wanted)
{
    yyjson_mut_val *card;
    size_t i, count;

    yyjson_mut_arr_foreach(cards, i, count, card)
    {
        if (*emu_get_text(card, member) && emu_has_str(wanted, emu_get_text(card, member)))
            return true;
    }
    return false;
}

static bool has_tag(yyjson_mut_val *tags, const char *name)
{
    yyjson_mut_val *tag;
    size_t i, count;

    yyjson_mut_arr_foreach(tags, i, count, tag)
    {
        if (strcmp(emu_get_text(tag, "TagName"), name) == 0)
            return true;
    }
    return false;
}

static const char *vdc_name(struct emu_world *world, const struct emu_object *instance)
{
    struct emu_object *vdc =
        emu_object_find(world, EMU_CCS, "vdc", emu_get_text(instance->body, "VdcId"));

    return vdc ? emu_get_text(vdc->body, "VdcName") : "";
}

static bool is_wanted(struct emu_co *call, const struct emu_object *instance)
{
    static const char *const same[] = { "InstanceId", "VdcId", "RegionId" };
    yyjson_mut_val *params = call->params, *body = instance->body, *ipv6 = emu_arr(call->world);
    const char *tag = emu_get_str(params, "TagName"), *vdc = emu_get_str(params, "VdcName");
    yyjson_mut_val *public = emu_get(body, "PublicNetworkInterface");

    for (size_t i = 0; i < EMU_COUNT(same); i++) {
        if (emu_get(params, same[i]) &&
            strcmp(emu_get_text(params, same[i]), emu_get_text(body, same[i])) != 0)
            return false;
    }
    emu_push_str(call->world, ipv6, emu_get_text(params, "PublicIpv6"));
    return (!tag || has_tag(emu_get(body, "Tags"), tag)) &&
           (!vdc || strcmp(vdc, vdc_name(call->world, instance)) == 0) &&
           (!emu_get(params, "PublicIp") ||
            has_address(public, "IP", emu_get(params, "PublicIp"))) &&
           (!emu_get(params, "PublicIpv6") || has_address(public, "IPv6", ipv6)) &&
           is_listed(call->world, instance);
}

/* Chooses one of the documents' forms for an answer, besides what capitalonline_reply.c varies. */
static int64_t form_of(struct emu_world *world)
{
    const char *word = emu_switch(world, "capitalonline_types");

    if (!word)
        return 0;
    return strcmp(word, "vary") == 0 ? emu_setting_int(world, "capitalonline_turn", 0) % 4
                                     : strtoll(word, NULL, 10);
}

/* The document prints {IOPS, Size}, an older example {Size, IopsSize}; gic reads {DiskType, Size,
 * IopsSize, Iops}. The first form has all of them, because the vendor's own readers need what they
 * read. */
static yyjson_mut_val *shown_system_disk(struct emu_world *world, yyjson_mut_val *disk,
                                         int64_t form)
{
    yyjson_mut_val *ret = emu_json_copy(world, disk);

    if (form == 0 || form == 3)
        emu_set_int(world, ret, "IOPS", emu_get_int(disk, "Iops", 0));
    if (form == 1) {
        emu_set(world, ret, "DiskType", NULL);
        emu_set(world, ret, "Iops", NULL);
    }
    return ret;
}

static yyjson_mut_val *shown_instance(struct emu_world *world, const struct emu_object *instance)
{
    int64_t form = form_of(world);
    yyjson_mut_val *ret = emu_shown(world, emu_seen(world, instance)),
                   *disks = emu_get(ret, "Disks");
    yyjson_mut_val *public = emu_get(ret, "PublicNetworkInterface");
    size_t disk_count = yyjson_mut_arr_size(emu_get(disks, "DataDisks"));

    emu_set_str(world, ret, "VdcName", vdc_name(world, instance));
    emu_set(world, disks, "SystemDisk",
            shown_system_disk(world, emu_get(disks, "SystemDisk"), form));
    emu_set_int(world, disks, "LeftDataDiskNum", EMU_CCS_MOST_DATA_DISKS - (int64_t)disk_count);
    /* A list in the document, one object in the older example, a string in the tables. */
    if (form == 1 && yyjson_mut_arr_size(public) == 1)
        emu_set(world, ret, "PublicNetworkInterface",
                emu_json_copy(world, yyjson_mut_arr_get_first(public)));
    else if (form == 3 && yyjson_mut_arr_size(public) == 0)
        emu_set_str(world, ret, "PublicNetworkInterface", "");
    return ret;
}

void emu_ccs_describe_instances(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_page page = emu_ccs_page_read(call, 10);
    const char *id = emu_get_str(call->params, "InstanceId");
    yyjson_mut_val *data = emu_obj(world), *shown = emu_arr(world);
    struct emu_object **list;
    size_t all, count = 0;

    if (id && !emu_ccs_id_good(id)) {
        emu_co_fail(call, "InvalidInstanceID.Malformed", NULL);
        return;
    }
    all = emu_object_list(world, EMU_CCS, "instance", call->account, NULL, &list);
    for (size_t i = 0; i < all; i++) {
        if (is_wanted(call, list[i]))
            list[count++] = list[i];
    }
    for (size_t i = page.first; i < count && i < page.end; i++) {
        emu_object_polled(world, list[i]);
        if (!list[i]->removed)
            emu_push(shown, shown_instance(world, list[i]));
    }
    emu_set(world, data, "Instances", shown);
    emu_set_int(world, data, "PageNumber", page.number);
    emu_set_int(world, data, "PageCount", ((int64_t)count + page.size - 1) / page.size);
    emu_set_int(world, data, "Total", (int64_t)count);
    emu_co_answer(call, data);
}

static const struct power {
    const char *action, *batch, *from, *during, *then, *name;
    bool uuid; /* the form of the task's id in the example */
} powers[] = {
    { "StartInstance", "StartInstances", "stop", "starting", "running", "start", true },
    { "StopInstance", "StopInstances", "running", "stopping", "stop", "stop", true },
    { "RebootInstance", "RebootInstances", "running", "updating", "running", "reboot", false },
};

void emu_ccs_power(struct emu_co *call)
{
    const struct power *power = powers;
    struct emu_object **list, *task;
    const char *how = emu_get_str(call->params, "StopType");
    size_t count = 1;
    bool batch;

    while (strcmp(power->action, call->action->name) != 0 &&
           strcmp(power->batch, call->action->name) != 0)
        power++;
    batch = strcmp(power->batch, call->action->name) == 0;
    list = emu_alloc(call->world, sizeof(*list));
    if (batch)
        count = emu_ccs_instances(call, &list);
    else
        list[0] = emu_ccs_instance(call);
    if (!count || !list[0])
        return;
    if (how && strcmp(how, "SOFT") != 0 && strcmp(how, "HARD") != 0) {
        emu_co_fail(call, "InvalidStopType.Malformed", NULL);
        return;
    }
    /* All or none. */
    for (size_t i = 0; i < count; i++) {
        if (!emu_ccs_state_good(call, list[i], power->from))
            return;
    }
    task = emu_ccs_task_new(call, "newOrderUpdateVM", power->uuid);
    for (size_t i = 0; i < count; i++) {
        struct emu_ccs_change change = { .name = power->name,
                                         .during = power->during,
                                         .then = power->then };

        emu_ccs_change(call, list[i], task, &change);
    }
    emu_co_answer(call, NULL);
}

void emu_ccs_delete_instance(struct emu_co *call)
{
    struct emu_object **list, *task;
    size_t count = emu_ccs_instances(call, &list);

    for (size_t i = 0; i < count; i++) {
        if (!emu_ccs_state_good(call, list[i], "running stop error unpaid"))
            return;
        if (emu_get_bool(list[i]->body, "_protected", false)) {
            emu_ccs_wrong_state(call);
            return;
        }
    }
    if (!count)
        return;
    task = emu_ccs_task_new(call, "newOrderUpdateVM", true);
    for (size_t i = 0; i < count; i++) {
        struct emu_ccs_change change = { .name = "delete" };

        emu_ccs_change(call, list[i], task, &change);
    }
    emu_co_answer(call, NULL);
}

void emu_ccs_modify_attribute(struct emu_co *call)
{
    struct emu_object **list;
    size_t count = emu_ccs_instances(call, &list);

    for (size_t i = 0; i < count; i++) {
        emu_set_bool(call->world, list[i]->body, "_protected",
                     emu_get_bool(call->params, "DeletionProtection", false));
        emu_object_save(call->world, list[i]);
    }
    if (count)
        emu_co_answer(call, NULL);
}

void emu_ccs_modify_name(struct emu_co *call)
{
    enum { MOST_NAME = 128 };
    struct emu_object *instance = emu_ccs_instance(call);
    const char *name = emu_get_text(call->params, "InstanceName");

    if (!instance || !emu_ccs_state_good(call, instance, "running stop unpaid"))
        return;
    if (emu_co_length(name) > MOST_NAME) {
        emu_co_fail(call, "InvalidInstanceName.Malformed", NULL);
        return;
    }
    emu_set_str(call->world, instance->body, "InstanceName", name);
    emu_object_save(call->world, instance);
    emu_co_answer(call, NULL);
}

/* From gic: a host name in the guest; no answer shows it. */
void emu_ccs_modify_host_name(struct emu_co *call)
{
    struct emu_object *instance = emu_ccs_instance(call);
    const char *name = emu_get_text(call->params, "HostName");
    size_t size = strlen(name);

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    if (size > 64 || strchr(".-", name[0]) || strchr(".-", name[size - 1]) || strstr(name, "..") ||
        strstr(name, "--") ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != size) {
        emu_co_fail(call, "InvalidHostName.Malformed", NULL);
        return;
    }
    emu_set_str(call->world, instance->body, "_host_name", name);
    emu_object_save(call->world, instance);
    emu_co_answer(call, NULL);
}

void emu_ccs_reset_password(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *password = emu_get_text(call->params, "Password");
    yyjson_mut_val *data = emu_arr(world), *row;
    struct emu_object **list, *task;
    size_t count = emu_ccs_instances(call, &list);

    if (!count)
        return;
    if (!emu_co_password_good(password)) {
        emu_co_fail(call, "InvalidPassword.Malformed", NULL);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!emu_ccs_state_good(call, list[i], "running stop"))
            return;
    }
    /* One task each. Only here its id is a number. */
    for (size_t i = 0; i < count; i++) {
        struct emu_ccs_change change = { .name = "password", .change = emu_obj(world) };

        emu_set_str(world, change.change, "_password", password);
        task = emu_ccs_task_new(call, "newOrderUpdateVM", false);
        emu_ccs_change(call, list[i], task, &change);
        row = emu_obj(world);
        emu_set_str(world, row, "InstanceId", list[i]->id);
        emu_set_int(world, row, "TaskId", strtoll(task->id, NULL, 10));
        emu_push(data, row);
    }
    emu_co_answer(call, data);
}

void emu_ccs_console_url(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call);
    yyjson_mut_val *data = emu_obj(world);
    const char *image;

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    image = emu_lower(world, emu_get_text(instance->body, "ImageInfo.ImageName"));
    emu_set_str(
        world, data, "URL",
        emu_text(world,
                 "https://console.capitalonline.net/web_console/%s?os_type=%s&instance=%s&info=%s",
                 emu_new_id(world, "", 16), emu_text_n(world, image, strcspn(image, "_")),
                 instance->id, emu_new_id(world, "", 32)));
    emu_co_answer(call, data);
}

void emu_ccs_modify_spec(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call), *task;
    const char *running = emu_switch(world, "ccs_change_running");
    const char *type = emu_get_str(call->params, "InstanceType");
    struct emu_ccs_change change = { .name = "resize", .change = emu_obj(world) };
    yyjson_mut_val *config;
    int64_t cpu, ram;

    if (!instance ||
        !emu_ccs_state_good(call, instance, running && *running == '1' ? "stop running" : "stop"))
        return;
    type = type ? type : emu_get_text(instance->body, "InstanceType");
    cpu = emu_get_int(call->params, "Cpu", emu_get_int(instance->body, "Cpu", 0));
    ram = emu_get_int(call->params, "Ram", emu_get_int(instance->body, "Ram", 0));
    if (!emu_ccs_type(type) || !emu_ccs_size_sold(emu_ccs_type(type), cpu, ram) ||
        emu_is_sold_out(world, type)) {
        emu_co_fail(call, "InvalidInstanceType.ValueUnauthorized", NULL);
        return;
    }
    config = emu_json_copy(world, instance->body);
    emu_set_str(world, change.change, "InstanceType", type);
    emu_set_int(world, change.change, "Cpu", cpu);
    emu_set_int(world, change.change, "Ram", ram);
    emu_set_str(world, config, "InstanceType", type);
    emu_set_int(world, config, "Cpu", cpu);
    emu_set_int(world, config, "Ram", ram);
    /* [CONV] The page calls it an upgrade (配置升级): a prepaid instance does not become cheaper.
     */
    if (emu_ccs_is_prepaid(instance) &&
        emu_ccs_month_price(config) < emu_ccs_month_price(instance->body)) {
        emu_co_fail(call, "InvalidInstanceType.ValueUnauthorized", NULL);
        return;
    }
    task = emu_ccs_task_new(call, "newOrderUpdateVM", true);
    if (!emu_ccs_bill_upgrade(call, instance, config, task->id, &change.spent))
        return;
    emu_ccs_change(call, instance, task, &change);
    emu_co_answer(call, NULL);
}
