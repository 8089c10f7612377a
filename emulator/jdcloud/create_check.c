/* SPDX-License-Identifier: Apache-2.0 */
/* createInstances before anything is made: checks every parameter and refuses it by name. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { LEAST_BALANCE = 50 * 1000000 };

static bool need_member(struct emu_jd_call *call, yyjson_mut_val *spec, const char *name)
{
    if (emu_get(spec, name))
        return true;
    return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter instanceSpec.%s is required",
                       name);
}

/* Refuses what a spec may name but no world has. */
static bool check_absent(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    static const char *const names[] = { "agId", "instanceTemplateId", "dedicatedPoolId",
                                         "dedicatedHostId", "autoImagePolicyId" };

    for (size_t i = 0; i < EMU_COUNT(names); i++) {
        if (emu_get(spec, names[i]))
            return emu_jd_fail(call, 404, "NOT_FOUND", "%s %s is not found", names[i],
                               emu_get_text(spec, names[i]));
    }
    return true;
}

static bool check_login(struct emu_jd_call *call, const struct emu_jd_plan *plan)
{
    const char *password = emu_get_str(plan->spec, "password"),
               *hostname = emu_get_str(plan->spec, "hostname");
    const char *by_password = emu_get_str(plan->spec, "passwordAuth");

    if (by_password && !emu_jd_check_word(call, "passwordAuth", by_password, " yes no "))
        return false;
    if (!emu_jd_check_keys(call, emu_get(plan->spec, "keyNames"), plan->windows))
        return false;
    if (hostname && !emu_jd_check_hostname(call, hostname, plan->windows))
        return false;
    return !password ||
           emu_jd_check_password(call, password, plan->windows ? "administrator" : "root");
}

static bool check_texts(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    yyjson_mut_val *tag;
    size_t i, count;
    const char *stopped = emu_get_str(spec, "chargeOnStopped");

    if (!emu_jd_check_description(call, emu_get_str(spec, "description")))
        return false;
    if (stopped &&
        !emu_jd_check_word(call, "chargeOnStopped", stopped, " keepCharging stopCharging "))
        return false;
    if (yyjson_mut_arr_size(emu_get(spec, "userTags")) > 10 ||
        yyjson_mut_arr_size(emu_get(spec, "metadata")) > 40)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "at most 10 userTags and 40 metadata");
    yyjson_mut_arr_foreach(emu_get(spec, "userTags"), i, count, tag)
    {
        const char *key = emu_get_text(tag, "key");

        if (strncmp(key, "jrn:", 4) == 0 || strncmp(key, "jdc-", 4) == 0)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "userTags key %s is reserved", key);
    }
    yyjson_mut_arr_foreach(emu_get(spec, "userdata"), i, count, tag)
    {
        char *bytes;
        size_t size;

        if (strcmp(emu_get_text(tag, "key"), "launch-script") != 0 ||
            !emu_base64_decode(call->world, emu_get_text(tag, "value"), &bytes, &size) ||
            size > 16384)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                               "userdata takes launch-script, base64 of at most 16 KB");
    }
    return true;
}

static bool check_system_disk(struct emu_jd_call *call, const struct emu_jd_plan *plan)
{
    yyjson_mut_val *disk = emu_get(plan->spec, "systemDisk"),
                   *spec = emu_get(disk, "cloudDiskSpec");
    const char *category = emu_get_str(disk, "diskCategory"),
               *device = emu_get_str(disk, "deviceName");
    int64_t least = emu_get_int(plan->image->body, "systemDiskSizeGB", 40), size;

    if (category && strcmp(category, plan->cloud ? "cloud" : "local") != 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "systemDisk.diskCategory %s does not fit the image", category);
    if (device && strcmp(device, "vda") != 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "systemDisk.deviceName can only be vda");
    size = emu_get_int(spec, "diskSizeGB", least);
    if (!plan->cloud || !spec)
        return true;
    if (!emu_jd_check_int(call, "systemDisk.diskSizeGB", size, least > 40 ? least : 40, 500))
        return false;
    return emu_jd_check_disk_size(
        call, emu_get_str(spec, "diskType") ? emu_get_str(spec, "diskType") : "hdd.std1", size);
}

static bool check_data_disks(struct emu_jd_call *call, const struct emu_jd_plan *plan)
{
    yyjson_mut_val *disks = emu_get(plan->spec, "dataDisks"), *disk, *names = emu_arr(call->world);
    size_t i, count, most = (size_t)plan->type->disks - (plan->cloud ? 1 : 0);

    if (yyjson_mut_arr_size(disks) > most)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "at most %zu dataDisks with this type",
                           most);
    yyjson_mut_arr_foreach(disks, i, count, disk)
    {
        const char *category = emu_get_str(disk, "diskCategory"),
                   *device = emu_get_str(disk, "deviceName");

        if (category && !emu_jd_check_word(call, "dataDisks.diskCategory", category, " cloud "))
            return false;
        if (!emu_get(disk, "cloudDiskSpec"))
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                               "parameter dataDisks.cloudDiskSpec is required");
        if (device && (strlen(device) != 3 || strncmp(device, "vd", 2) != 0 || device[2] < 'b' ||
                       device[2] > 'm' || emu_has_str(names, device)))
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                               "dataDisks.deviceName %s is not a free one of vdb to vdm", device);
        if (device)
            emu_push_str(call->world, names, device);
        if (!emu_jd_check_disk_spec(call, emu_get(disk, "cloudDiskSpec"), plan->az, true))
            return false;
    }
    return true;
}

static bool check_place(struct emu_jd_call *call, struct emu_jd_plan *plan)
{
    plan->az = emu_get_text(plan->spec, "az");
    plan->type = emu_jd_type_find(emu_get_text(plan->spec, "instanceType"));
    if (!emu_jd_zone_known(call->region, plan->az))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "az %s is not in region %s", plan->az,
                           call->region);
    if (!plan->type)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "instanceType %s is not sold",
                           emu_get_text(plan->spec, "instanceType"));
    if (emu_is_sold_out(call->world, plan->type->name))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s is sold out",
                           plan->type->name);
    plan->image = emu_jd_image_for(call, emu_get_text(plan->spec, "imageId"), plan->type->name);
    if (!plan->image)
        return false;
    plan->windows = strcmp(emu_get_text(plan->image->body, "osType"), "windows") == 0;
    plan->cloud = strcmp(emu_get_text(plan->image->body, "rootDeviceType"), "cloudDisk") == 0;
    return true;
}

static bool check_charge(struct emu_jd_call *call, struct emu_jd_plan *plan)
{
    yyjson_mut_val *charge = emu_get(plan->spec, "charge");
    const char *mode = emu_get_text(charge, "chargeMode");

    if (!emu_jd_check_charge(call, charge))
        return false;
    if (strcmp(mode, "postpaid_by_usage") == 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "charge.chargeMode of a VM cannot be postpaid_by_usage");
    plan->prepaid = strcmp(mode, "prepaid_by_duration") == 0;
    if (emu_get(plan->spec, "chargeOnStopped") && (plan->prepaid || !plan->cloud) &&
        strcmp(emu_get_text(plan->spec, "chargeOnStopped"), "stopCharging") == 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "stopCharging is for postpaid VMs with a cloud system disk");
    if (!plan->prepaid && emu_balance(call->world, EMU_JD, call->request->account) < LEAST_BALANCE)
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "a balance of 50 yuan is needed for postpaid resources");
    return true;
}

static bool check_quota(struct emu_jd_call *call, const struct emu_jd_plan *plan)
{
    struct emu_object **list;
    int64_t used = (int64_t)emu_jd_mine(call, "instance", &list);

    if (used + plan->count > emu_jd_quota_limit(call->world, "instance"))
        return emu_jd_fail(call, 429, "QUOTA_EXCEEDED",
                           "the quota of instances is used up: %lld of %lld", (long long)used,
                           (long long)emu_jd_quota_limit(call->world, "instance"));
    return true;
}

bool emu_jd_check_plan(struct emu_jd_call *call, struct emu_jd_plan *plan)
{
    static const char *const needed[] = { "az", "instanceType", "imageId",
                                          "primaryNetworkInterface" };

    plan->spec = emu_get(call->params, "instanceSpec");
    plan->name = emu_get_text(plan->spec, "name");
    plan->count = emu_get_int(call->params, "maxCount", 1);
    if (!emu_jd_check_int(call, "maxCount", plan->count, 1, 100) ||
        !check_absent(call, plan->spec) ||
        !emu_jd_check_name(call, plan->name, 128, "instanceSpec.name"))
        return false;
    for (size_t i = 0; i < EMU_COUNT(needed); i++) {
        if (!need_member(call, plan->spec, needed[i]))
            return false;
    }
    if (plan->count > 1 &&
        emu_get(plan->spec, "primaryNetworkInterface.networkInterface.primaryIpAddress"))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "primaryIpAddress allows a maxCount of 1 only");
    return check_place(call, plan) && check_charge(call, plan) && check_login(call, plan) &&
           check_texts(call, plan->spec) && check_system_disk(call, plan) &&
           check_data_disks(call, plan) && check_quota(call, plan);
}
