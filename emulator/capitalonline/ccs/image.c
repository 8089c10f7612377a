/* SPDX-License-Identifier: Apache-2.0 */
/* Images of CCS, public ones and the account's own templates; ResetImage, DescribeInstanceType,
 * DescribeAvailableResource. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

/* Returns whether the template is the account's own, or the one that every account has. */
static bool is_visible(const struct emu_co *call, const struct emu_object *template)
{
    return !*template->account || strcmp(template->account, call->account) == 0;
}

static struct emu_object *find_template(struct emu_co *call, const char *id)
{
    struct emu_object *ret = emu_object_find(call->world, EMU_CCS, "template", id);

    return ret && is_visible(call, ret) ? ret : NULL;
}

static size_t list_templates(struct emu_co *call, struct emu_object ***ret)
{
    size_t all = emu_object_list(call->world, EMU_CCS, "template", NULL, NULL, ret), count = 0;

    for (size_t i = 0; i < all; i++) {
        if (is_visible(call, (*ret)[i]))
            (*ret)[count++] = (*ret)[i];
    }
    return count;
}

bool emu_ccs_picture(struct emu_co *call, const char *id, struct emu_ccs_picture *ret)
{
    const char *public = emu_ccs_image(id);
    struct emu_object *template = public ? NULL : find_template(call, id);

    if (public) {
        *ret = (struct emu_ccs_picture){ public, public, emu_ccs_image_disk_gb(public) };
    } else if (template) {
        *ret = (struct emu_ccs_picture){ template->id, emu_get_text(template->body, "Name"),
                                         emu_get_int(template->body, "_disk_gb", 0) };
    } else {
        return emu_co_fail(call, "InvalidLaunchTemplateVersion.NotFound",
                           emu_text(call->world, "The image %s was not found.", id));
    }
    return true;
}

void emu_ccs_reset_image(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call);
    const char *running = emu_switch(world, "ccs_change_running"),
               *lax = emu_switch(world, "ccs_go_example");
    const char *password = emu_get_str(call->params, "Password");
    struct emu_ccs_change change = { .name = "rebuild", .change = emu_obj(world) };
    yyjson_mut_val *image = emu_obj(world);
    struct emu_ccs_picture picture;

    if (!instance)
        return;
    if (!emu_ccs_picture(call, emu_get_text(call->params, "ImageId"), &picture))
        return;
    if ((!password && !(lax && *lax == '1' && emu_get(call->params, "PublicKey"))) ||
        (!emu_ccs_image(picture.id) && !emu_get(call->params, "ImagePassword"))) {
        emu_co_fail(call, "IncompleteParamter", NULL);
        return;
    }
    if (password && !emu_co_password_good(password)) {
        emu_co_fail(call, "InvalidPassword.Malformed", NULL);
        return;
    }
    if (!emu_ccs_state_good(call, instance, running && *running == '1' ? "stop running" : "stop"))
        return;
    if (picture.disk_gb > emu_get_int(instance->body, "Disks.SystemDisk.Size", 0)) {
        emu_co_fail(call, "InvalidDiskSize.TooSmall", NULL);
        return;
    }
    emu_set_str(world, image, "ImageName", picture.name);
    emu_set(world, change.change, "ImageInfo", image);
    emu_set_str(world, change.change, "_image", picture.id);
    if (password)
        emu_set_str(world, change.change, "_password", password);
    emu_ccs_change_one(call, instance, true, &change);
}

/* The display name of "Centos_8.0_64": "Centos 8.0 64位". */
static const char *display_name(struct emu_world *world, const char *image)
{
    char *text = emu_text_n(world, image, strlen(image));
    const char *bits = strstr(text, "_64");

    for (char *p = text; *p; p++) {
        if (*p == '_')
            *p = ' ';
    }
    return bits ? emu_text(world, "%.*s 64位%s", (int)(bits - text), text, bits + strlen("_64"))
                : text;
}

static void add_region(struct emu_world *world, yyjson_mut_val *list, const char *id)
{
    yyjson_mut_val *region = emu_obj(world);

    emu_set_str(world, region, "Status", "normal");
    emu_set_str(world, region, "RegionId", id);
    emu_set_str(world, region, "RegionName", emu_ccs_zone_name(world, emu_ccs_zone(id)));
    emu_push(list, region);
}

static void add_template(struct emu_world *world, const char *id, const char *account,
                         const char *region, const char *name, const char *image, int64_t disk_gb)
{
    yyjson_mut_val *body = emu_obj(world), *regions = emu_arr(world);

    add_region(world, regions, region);
    emu_set_int(world, body, "Count", 1);
    emu_set_str(world, body, "Status", "normal");
    emu_set_str(world, body, "Name", name);
    emu_set(world, body, "Region", regions);
    emu_set_str(world, body, "TemplateId", id);
    emu_set_str(world, body, "OSType", emu_lower(world, display_name(world, image)));
    emu_set_str(world, body, "CreateTime", emu_co_time(world, emu_now(world)));
    emu_set_int(world, body, "_disk_gb", disk_gb);
    emu_object_add(world, EMU_CCS, "template", id, account, region, body);
}

void emu_ccs_image_seed(struct emu_world *world)
{
    add_template(world, EMU_CCS_TEMPLATE, "", "CN_Beijing_A", "demo-template", "Centos_7.4_64", 20);
}

void emu_ccs_create_template(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call), *task;
    const char *id = emu_co_uuid(world);

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    add_template(world, id, call->account, instance->region,
                 emu_get_text(call->params, "DisplayName"),
                 emu_get_text(instance->body, "ImageInfo.ImageName"),
                 emu_get_int(instance->body, "Disks.SystemDisk.Size", 0));
    task = emu_ccs_task_new(call, "newOrderUpdateVM", false);
    emu_ccs_task_covers(world, task, id, false);
    emu_co_answer(call, NULL);
}

/* Returns the template that the parameters name, and their zone; NULL when the call has failed. */
static struct emu_object *named_template(struct emu_co *call, const struct emu_ccs_zone **ret_zone)
{
    struct emu_object *ret = find_template(call, emu_get_text(call->params, "TemplateId"));

    *ret_zone = emu_ccs_zone(emu_get_text(call->params, "RegionId"));
    if (ret && *ret->account && *ret_zone)
        return ret;
    /* The template that every account has cannot be changed. */
    emu_co_fail(call,
                !*ret_zone ? "InvalidRegionID.Malformed"
                : ret      ? "IncorrectInstanceStatus"
                           : "InvalidLaunchTemplateVersion.NotFound",
                NULL);
    return NULL;
}

/* The regions without that one; *ret_found says whether it was among them. */
static yyjson_mut_val *regions_without(struct emu_world *world, const struct emu_object *template,
                                       const char *id, bool *ret_found)
{
    yyjson_mut_val *ret = emu_arr(world), *region;
    size_t i, count;

    *ret_found = false;
    yyjson_mut_arr_foreach(emu_get(template->body, "Region"), i, count, region)
    {
        if (strcmp(emu_get_text(region, "RegionId"), id) == 0)
            *ret_found = true;
        else
            emu_push(ret, emu_json_copy(world, region));
    }
    return ret;
}

/* Stores @regions, removes a template without regions, and answers. */
static void template_done(struct emu_co *call, struct emu_object *template, yyjson_mut_val *regions)
{
    struct emu_world *world = call->world;
    struct emu_object *task = emu_ccs_task_new(call, "newOrderUpdateVM", false);

    emu_ccs_task_covers(world, task, template->id, false);
    emu_set_int(world, template->body, "Count", (int64_t)yyjson_mut_arr_size(regions));
    emu_set(world, template->body, "Region", regions);
    if (yyjson_mut_arr_size(regions))
        emu_object_save(world, template);
    else
        emu_object_remove(world, template);
    emu_co_answer(call, NULL);
}

void emu_ccs_delete_template(struct emu_co *call)
{
    const struct emu_ccs_zone *zone;
    struct emu_object *template = named_template(call, &zone);
    yyjson_mut_val *left;
    bool found;

    if (!template)
        return;
    left = regions_without(call->world, template, zone->id, &found);
    if (found)
        template_done(call, template, left);
    else
        emu_co_fail(call, "InvalidLaunchTemplateVersion.NotFound", NULL);
}

void emu_ccs_sync_template(struct emu_co *call)
{
    const struct emu_ccs_zone *zone;
    struct emu_object *template = named_template(call, &zone);
    yyjson_mut_val *regions;
    bool found;

    if (!template)
        return;
    regions = regions_without(call->world, template, zone->id, &found);
    add_region(call->world, regions, zone->id);
    template_done(call, template, regions);
}

void emu_ccs_describe_templates(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_page page = emu_ccs_page_read(call, 10);
    yyjson_mut_val *data = emu_obj(world), *shown = emu_arr(world);
    struct emu_object **list;
    size_t all = list_templates(call, &list), count = 0;

    for (size_t i = 0; i < all; i++) {
        if (strstr(emu_get_text(list[i]->body, "Name"), emu_get_text(call->params, "Keyword")))
            list[count++] = list[i];
    }
    for (size_t i = page.first; i < count && i < page.end; i++)
        emu_push(shown, emu_shown(world, list[i]->body));
    emu_set_int(world, data, "TotalPage", ((int64_t)count + page.size - 1) / page.size);
    emu_set(world, data, "TemplateList", shown);
    emu_co_answer(call, data);
}

void emu_ccs_describe_types(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const struct emu_ccs_type *type = emu_ccs_type(emu_get_text(call->params, "InstanceType"));
    yyjson_mut_val *data = emu_arr(world), *config;

    if (!emu_ccs_zone(emu_get_text(call->params, "RegionId")) || !type) {
        emu_co_fail(call,
                    type ? "InvalidRegionID.Malformed" : "InvalidInstanceType.ValueUnauthorized",
                    NULL);
        return;
    }
    for (const int64_t *cpu = emu_ccs_cpus; *cpu; cpu++) {
        for (const int64_t *ram = emu_ccs_rams; *ram; ram++) {
            if (!emu_ccs_size_sold(type, *cpu, *ram))
                continue;
            config = emu_obj(world);
            emu_set_int(world, config, "Cpu", *cpu);
            emu_set_str(world, config, "Name", emu_text(world, "%d核%dG", (int)*cpu, (int)*ram));
            emu_set_int(world, config, "Ram", *ram);
            emu_push(data, config);
        }
    }
    emu_co_answer(call, data);
}

static yyjson_mut_val *wan_goods(struct emu_world *world)
{
    static const struct {
        const char *type, *key;
        int64_t most;
    } rows[] = {
        { "Bandwidth_BGP", "DataPackage", 51200 },
        { "Bandwidth_BGP", "BandwIdth", 500 },
        { "Bandwidth_BGP", "Traffic", 500 },
        { "Bandwidth_China_Telecom", "Traffic", 500 },
    };
    yyjson_mut_val *ret = emu_arr(world), *goods = NULL, *method;

    for (size_t i = 0; i < EMU_COUNT(rows); i++) {
        if (!goods || strcmp(emu_get_text(goods, "Type"), rows[i].type) != 0) {
            goods = emu_obj(world);
            emu_set(world, goods, "BillingMethod", emu_arr(world));
            emu_set_str(world, goods, "Type", rows[i].type);
            emu_push(ret, goods);
        }
        method = emu_obj(world);
        emu_set_int(world, method, "MaxQos", rows[i].most);
        emu_set_str(world, method, "Key", rows[i].key);
        emu_push(emu_get(goods, "BillingMethod"), method);
    }
    return ret;
}

static yyjson_mut_val *disk_goods(struct emu_world *world, bool system)
{
    yyjson_mut_val *ret = emu_arr(world), *goods;

    for (const struct emu_ccs_disk *disk = emu_ccs_disks; disk->id; disk++) {
        if (disk->system != system)
            continue;
        goods = emu_obj(world);
        emu_set_int(world, goods, "MinSize", disk->least);
        emu_set_int(world, goods, "MaxSize", disk->most);
        emu_set_str(world, goods, "Type", disk->id);
        emu_set_int(world, goods, "Step", disk->step);
        emu_push(ret, goods);
    }
    return ret;
}

static yyjson_mut_val *image_goods(struct emu_co *call, const char *region)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *ret = emu_obj(world), *public = emu_arr(world), *private = emu_arr(world),
                   *image;
    struct emu_object **list;
    size_t count = list_templates(call, &list);
    bool here;

    for (size_t i = 0; emu_ccs_images[i]; i++) {
        const char *name = emu_lower(world, emu_ccs_images[i]);

        image = emu_obj(world);
        emu_set_str(world, image, "GicDisplayName", display_name(world, emu_ccs_images[i]));
        emu_set_str(world, image, "ImageType", emu_text_n(world, name, strcspn(name, "_")));
        emu_set_str(world, image, "ImageId", emu_ccs_images[i]);
        emu_push(public, image);
    }
    for (size_t i = 0; i < count; i++) {
        regions_without(world, list[i], region, &here);
        if (!here)
            continue;
        image = emu_obj(world);
        emu_set_str(world, image, "GicDisplayName", emu_get_text(list[i]->body, "Name"));
        emu_set_str(world, image, "ImageType", emu_get_text(list[i]->body, "OSType"));
        emu_set_str(world, image, "ImageId", list[i]->id);
        emu_push(private, image);
    }
    emu_set(world, ret, "PublicImage", public);
    /* Without any it is null, as in the example. */
    emu_set(world, ret, "PrivateImages",
            yyjson_mut_arr_size(private) ? private : yyjson_mut_null(world->doc));
    return ret;
}

void emu_ccs_describe_available(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const struct emu_ccs_zone *zone = emu_ccs_zone(emu_get_text(call->params, "RegionId"));
    yyjson_mut_val *data = emu_obj(world), *list = emu_arr(world), *images, *goods;
    bool open;

    if (!zone) {
        emu_co_fail(call, "InvalidRegionID.Malformed", NULL);
        return;
    }
    open = !zone->closed && !emu_is_sold_out(world, zone->id);
    images = image_goods(call, zone->id);
    for (const struct emu_ccs_type *type = emu_ccs_types; open && type->id; type++) {
        if (emu_is_sold_out(world, type->id) ||
            emu_is_sold_out(world, emu_text(world, "%s/%s", zone->id, type->id)))
            continue;
        goods = emu_obj(world);
        emu_set(world, goods, "ImageGoods", emu_json_copy(world, images));
        emu_set(world, goods, "DiskGoods", disk_goods(world, false));
        emu_set_str(world, goods, "InstanceType", type->id);
        emu_set(world, goods, "SystemDiskGoods", disk_goods(world, true));
        emu_push(list, goods);
    }
    emu_set_str(world, data, "RegionStatus", open ? "1" : "0");
    emu_set_str(world, data, "RegionStatusZh", open ? "正常" : "停售");
    emu_set_str(world, data, "RegionId", zone->id);
    emu_set(world, data, "WanGoods", wan_goods(world));
    emu_set(world, data, "InstanceGoods", list);
    emu_set_str(world, data, "RegionName", emu_ccs_zone_name(world, zone));
    emu_co_answer(call, data);
}
