/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's disk service: makes, extends and deletes disks, and its other actions. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { TOKEN_LIFE_S = 86400 };

yyjson_mut_val *emu_jd_disk_shown(struct emu_world *world, struct emu_object *disk)
{
    emu_object_polled(world, disk);
    return emu_seen(world, disk);
}

bool emu_jd_check_disk_spec(struct emu_jd_call *call, yyjson_mut_val *spec, const char *az,
                            bool inside)
{
    const char *type = emu_get_text(spec, "diskType"), *name = emu_get_str(spec, "name");
    bool io = strcmp(type, "ssd.io1") == 0 || strcmp(type, "ssd.io2") == 0;

    if (!inside && (!name || !*az))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter diskSpec.%s is required",
                           name ? "az" : "name");
    if (!emu_jd_zone_known(call->region, az))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "az %s is not in region %s", az,
                           call->region);
    if (emu_get(spec, "snapshotId") || emu_get(spec, "policyId"))
        return emu_jd_fail(call, 404, "NOT_FOUND", "the snapshot or policy is not found");
    if (emu_get(spec, "iops") &&
        (!io || emu_get_int(spec, "iops", 0) % 10 || emu_get_int(spec, "iops", 0) < 200))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "iops is for ssd.io1 only, from 200 in steps of 10");
    if (emu_is_sold_out(call->world, type))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "diskType %s is sold out", type);
    return emu_jd_check_disk_size(call, type, emu_get_int(spec, "diskSizeGB", 0)) &&
           (!name || emu_jd_check_name(call, name, 32, "diskSpec.name")) &&
           emu_jd_check_description(call, emu_get_str(spec, "description")) &&
           emu_jd_check_charge(call, emu_get(spec, "charge"));
}

struct emu_object *emu_jd_disk_new(struct emu_jd_call *call, yyjson_mut_val *spec, const char *az,
                                   const char *name)
{
    struct emu_world *world = call->world;
    const char *id = emu_new_id(world, "vol-", 10);
    int64_t size = emu_get_int(spec, "diskSizeGB", 0);
    yyjson_mut_val *body = emu_obj(world);

    emu_set_str(world, body, "diskId", id);
    emu_set_str(world, body, "az", az);
    emu_set_str(world, body, "name", name);
    emu_set_str(world, body, "description", emu_get_text(spec, "description"));
    emu_set_str(world, body, "diskType", emu_get_text(spec, "diskType"));
    emu_set_int(world, body, "diskSizeGB", size);
    emu_set_int(world, body, "iops", emu_get_int(spec, "iops", 1800 + 30 * size));
    emu_set_int(world, body, "throughput", 120 + size / 2);
    emu_set_str(world, body, "status", "creating");
    emu_set(world, body, "attachments", emu_arr(world));
    emu_set_str(world, body, "snapshotId", "");
    emu_set_bool(world, body, "multiAttachable", emu_get_bool(spec, "multiAttachable", false));
    emu_set_bool(world, body, "encrypted", emu_get_bool(spec, "encrypt", false));
    emu_set_bool(world, body, "enabled", true);
    emu_set_bool(world, body, "canPutInRecycleBin", true);
    emu_set_str(world, body, "createTime", emu_time_iso(world, emu_now(world)));
    emu_set_str(world, body, "resourceGroupId", emu_get_text(call->params, "resourceGroupId"));
    emu_set_str(world, body, "trashTime", "");
    emu_set(world, body, "tags",
            emu_get(call->params, "userTags")
                ? emu_json_copy(world, emu_get(call->params, "userTags"))
                : emu_arr(world));
    emu_set(world, body, "snapshotPolicies", emu_arr(world));
    return emu_object_add(world, EMU_JD, "disk", id, call->request->account, call->region, body);
}

void emu_jd_describeDisk(struct emu_jd_call *call)
{
    struct emu_object *disk = emu_jd_need(call, "disk", call->id);

    if (disk && emu_is_hidden(call->world, disk))
        emu_jd_fail(call, 404, "NOT_FOUND", "disk %s is not found", call->id);
    else if (disk)
        emu_set(call->world, call->result, "disk",
                emu_shown(call->world, emu_jd_disk_shown(call->world, disk)));
}

/* clang-format off */
static const struct emu_jd_filter disk_filters[] = {
    { "diskId", NULL, 0 }, { "diskType", NULL, 0 },
    { "instanceId", "attachments.instanceId", 0 },
    { "instanceType", "attachments.instanceType", 0 },
    { "status", NULL, 0 }, { "az", NULL, 0 }, { "name", NULL, EMU_JD_SUBSTRING | EMU_JD_ONE },
    { "multiAttach", "multiAttachable", EMU_JD_ONE }, { "encrypted", NULL, EMU_JD_ONE },
    { "policyId", "snapshotPolicies.id", 0 }, { "notPolicyId", "snapshotPolicies.id", EMU_JD_NOT },
    { 0 }
};
/* clang-format on */

static yyjson_mut_val *reversed(struct emu_world *world, yyjson_mut_val *list)
{
    yyjson_mut_val *ret = emu_arr(world), *item;
    size_t i, count;

    yyjson_mut_arr_foreach(list, i, count, item)
        yyjson_mut_arr_prepend(ret, emu_json_copy(world, item));
    return ret;
}

void emu_jd_describeDisks(struct emu_jd_call *call)
{
    static const struct emu_jd_list list = { "disks", disk_filters, true };
    yyjson_mut_val *all = emu_arr(call->world), *groups = emu_get(call->params, "resourceGroupIds");
    yyjson_mut_val *order = yyjson_mut_arr_get_first(emu_get(call->params, "orders"));
    struct emu_object **disks;
    size_t count = emu_jd_mine(call, "disk", &disks);

    if (order &&
        (!emu_jd_check_word(call, "orders.name", emu_get_text(order, "name"),
                            " create_time trash_time ") ||
         !emu_jd_check_int(call, "orders.direction", emu_get_int(order, "direction", 0), 0, 1)))
        return;
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *shown;

        if (emu_is_hidden(call->world, disks[i]))
            continue;
        shown = emu_jd_disk_shown(call->world, disks[i]);
        if (strcmp(emu_jd_status(disks[i]), "deleted") != 0 && !disks[i]->removed &&
            (!groups || emu_has_str(groups, emu_get_text(shown, "resourceGroupId"))))
            emu_push(all, shown);
    }
    if (order && emu_get_int(order, "direction", 0) == 1)
        all = reversed(call->world, all);
    emu_jd_answer_list(call, all, &list);
}

static int64_t disks_used(struct emu_jd_call *call)
{
    struct emu_object **disks;
    size_t count = emu_jd_mine(call, "disk", &disks);
    int64_t ret = 0;

    for (size_t i = 0; i < count; i++)
        ret += !emu_get(disks[i]->body, "_system_of") &&
               strcmp(emu_jd_status(disks[i]), "deleted") != 0;
    return ret;
}

void emu_jd_describeQuota(struct emu_jd_call *call)
{
    const char *type = emu_get_text(call->params, "type");
    yyjson_mut_val *quota = emu_obj(call->world);

    if (!emu_jd_check_word(call, "type", type, " disk snapshot snapshot_policy "))
        return;
    emu_set_int(call->world, quota, "limit", emu_jd_quota_limit(call->world, type));
    emu_set_int(call->world, quota, "used", strcmp(type, "disk") == 0 ? disks_used(call) : 0);
    emu_set(call->world, call->result, "quota", quota);
}

static void make_disks(struct emu_jd_call *call, int64_t count, const char *token)
{
    yyjson_mut_val *spec = emu_get(call->params, "diskSpec"), *charge = emu_get(spec, "charge");
    bool prepaid = strcmp(emu_get_text(charge, "chargeMode"), "prepaid_by_duration") == 0;
    struct emu_jd_line *lines = emu_alloc(call->world, (size_t)count * sizeof(*lines));
    struct emu_object **disks = emu_alloc(call->world, (size_t)count * sizeof(struct emu_object *));
    const char *name = emu_get_text(spec, "name");

    for (int64_t i = 0; i < count; i++) {
        struct emu_jd_goods goods;

        disks[i] = emu_jd_disk_new(
            call, spec, emu_get_text(spec, "az"),
            count > 1 ? emu_text(call->world, "%s-%lld", name, (long long)i + 1) : name);
        goods = emu_jd_goods_of(disks[i]);
        emu_jd_price_term(call->world, &goods,
                          strcmp(emu_get_text(charge, "chargeUnit"), "year") == 0,
                          emu_get_int(charge, "chargeDuration", 1), &lines[i]);
        lines[i].resource_id = disks[i]->id;
        emu_push_str(call->world, emu_get(call->result, "diskIds"), disks[i]->id);
    }
    if (prepaid && !emu_jd_pay(call->world, call, call->request->account, call->region, "create",
                               lines, (size_t)count, token))
        return;
    for (int64_t i = 0; i < count; i++) {
        emu_jd_charge_start(call->world, disks[i], charge);
        emu_transition_begin(call->world, disks[i], "create_disk", NULL);
    }
}

void emu_jd_createDisks(struct emu_jd_call *call)
{
    yyjson_mut_val *spec = emu_get(call->params, "diskSpec");
    int64_t count = emu_get_int(call->params, "maxCount", 0);
    const char *token = emu_get_text(call->params, "clientToken");
    const char *scope =
        emu_text(call->world, "disk/%s/createDisks/%s", call->region, call->request->account);
    size_t size;
    const char *text = emu_json_write(call->world, call->params, &size);
    struct emu_token known;

    if (emu_token_find(call->world, scope, token, TOKEN_LIFE_S, &known)) {
        if (strcmp(known.digest, emu_sha256_hex(call->world, text, size)) == 0)
            call->result = emu_json_read(call->world, known.result, strlen(known.result), NULL);
        else
            emu_jd_fail(call, 409, "ALREADY_EXISTS", "clientToken was used with other parameters");
        return;
    }
    if (!emu_jd_check_int(call, "maxCount", count, 1, 100) ||
        !emu_jd_check_disk_spec(call, spec, emu_get_text(spec, "az"), false))
        return;
    if (disks_used(call) + count > emu_jd_quota_limit(call->world, "disk")) {
        emu_jd_fail(call, 429, "QUOTA_EXCEEDED", "the quota of disks is used up");
        return;
    }
    emu_set(call->world, call->result, "diskIds", emu_arr(call->world));
    emu_set(call->world, call->result, "policyRelations", emu_arr(call->world));
    emu_set_str(call->world, call->result, "tagmsg", "");
    make_disks(call, count, token);
    emu_token_put(call->world, scope, token, emu_sha256_hex(call->world, text, size),
                  emu_json_write(call->world, call->result, NULL));
}

static struct emu_object *need_available(struct emu_jd_call *call)
{
    struct emu_object *ret = emu_jd_need(call, "disk", call->id);

    if (!ret || !emu_jd_idle(call, ret))
        return NULL;
    if (strcmp(emu_jd_status(ret), "available") == 0)
        return ret;
    emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is %s, not available", ret->id,
                emu_jd_status(ret));
    return NULL;
}

void emu_jd_extendDisk(struct emu_jd_call *call)
{
    struct emu_object *disk = need_available(call);
    int64_t size = emu_get_int(call->params, "diskSizeGB", 0);
    struct emu_jd_goods goods = { .service = "disk", .value = size };
    struct emu_jd_line line = { 0 };

    if (!disk || !emu_jd_check_disk_size(call, emu_get_text(disk->body, "diskType"), size))
        return;
    if (size <= emu_get_int(disk->body, "diskSizeGB", 0)) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "diskSizeGB must be more than it is");
        return;
    }
    goods.key = emu_get_text(disk->body, "diskType");
    emu_jd_price_change(call->world, disk, &goods, &line);
    if (emu_jd_is_prepaid(disk) &&
        !emu_jd_pay(call->world, call, disk->account, disk->region, "upgrade", &line, 1, NULL))
        return;
    emu_set_int(call->world, disk->body, "_extending", size);
    emu_jd_set_status(call->world, disk, "extending");
    emu_transition_begin(call->world, disk, "extend", NULL);
}

void emu_jd_deleteDisk(struct emu_jd_call *call)
{
    struct emu_object *disk = emu_jd_need(call, "disk", call->id);

    if (!disk || !emu_jd_idle(call, disk))
        return;
    if (!strstr(" available error_create error_extend error_delete ",
                emu_text(call->world, " %s ", emu_jd_status(disk)))) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is %s, not available", disk->id,
                    emu_jd_status(disk));
        return;
    }
    if (emu_jd_is_prepaid(disk) && emu_jd_is_paid_up(disk)) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is prepaid until %s", disk->id,
                    emu_get_text(disk->body, "charge.chargeExpiredTime"));
        return;
    }
    emu_jd_set_status(call->world, disk, "deleting");
    emu_transition_begin(call->world, disk, "delete_disk",
                         emu_get_bool(call->params, "putInRecycleBin", false) ? "bin" : NULL);
}

void emu_jd_modifyDiskAttribute(struct emu_jd_call *call)
{
    struct emu_object *disk = emu_jd_need(call, "disk", call->id);
    const char *name = emu_get_str(call->params, "name"),
               *text = emu_get_str(call->params, "description");

    if (!disk || (name && !emu_jd_check_name(call, name, 32, "name")) ||
        !emu_jd_check_description(call, text))
        return;
    if (!name && !text) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "neither name nor description is given");
        return;
    }
    if (name)
        emu_set_str(call->world, disk->body, "name", name);
    if (text)
        emu_set_str(call->world, disk->body, "description", text);
    emu_object_save(call->world, disk);
}
