/* SPDX-License-Identifier: Apache-2.0 */
/* Images of ECS: public ones exist in every zone, the account's own where they were made or synced
 * to. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

struct record {
    const char *type, *id, *name, *status, *os_type, *os_version, *driver, *user, *created;
    int64_t os_size, optimized;
    bool is_gpu;
};

static yyjson_mut_val *shown(struct emu_world *world, const struct record *record,
                             const struct emu_ecs_zone *zone)
{
    yyjson_mut_val *ret = emu_obj(world), *support = emu_arr(world);

    emu_set_str(world, ret, "TemplateType", record->type);
    emu_set_str(world, ret, "ImageId", record->id);
    emu_set_str(world, ret, "ImageName", record->name);
    emu_set_str(world, ret, "Status", record->status);
    emu_set_str(world, ret, "OsType", record->os_type);
    emu_set_int(world, ret, "OsBit", 64);
    emu_set_str(world, ret, "StatusDisplay", emu_ecs_display("image", record->status));
    emu_set_str(world, ret, "AzId", zone->id);
    emu_set_str(world, ret, "AzName", zone->name);
    emu_set_str(world, ret, "SupportGpuDriver", record->driver);
    emu_set_str(world, ret, "Username", record->user);
    emu_push_str(world, support, record->is_gpu ? "gpu" : "cpu");
    emu_set(world, ret, "SupportType", support);
    emu_set_str(world, ret, "OsVersion", record->os_version);
    emu_set_str(world, ret, "CreateTime", record->created);
    emu_set_int(world, ret, "OsSize", record->os_size);
    emu_set_str(world, ret, "AvailableZoneCode", zone->code);
    emu_set_int(world, ret, "IsOptimized", record->optimized);
    return ret;
}

static struct record record_of(const struct emu_ecs_image *image)
{
    return (struct record){ "public",
                            image->id,
                            image->name,
                            "running",
                            image->os_type,
                            image->os_version,
                            image->driver,
                            image->user,
                            "2022-01-24 17:46:17",
                            image->os_size,
                            1,
                            image->is_gpu != 0 };
}

static struct record record_of_own(struct emu_world *world, const struct emu_object *image)
{
    yyjson_mut_val *body = image->body;
    const struct emu_ecs_family *family = emu_ecs_family_find(emu_get_text(body, "family"));

    return (struct record){ "private",
                            image->id,
                            emu_get_text(body, "name"),
                            emu_ecs_status(image),
                            emu_get_text(body, "os_type"),
                            emu_get_text(body, "os_version"),
                            family->driver,
                            strcmp(emu_get_text(body, "os_type"), "Windows") == 0 ? "Administrator"
                                                                                  : "root",
                            emu_co_time(world, emu_get_int(body, "created", 0)),
                            emu_get_int(body, "size", 0),
                            emu_get_int(body, "optimized", 0),
                            family->card[0] != '\0' };
}

yyjson_mut_val *emu_ecs_image_find(struct emu_co *call, const struct emu_ecs_zone *zone,
                                   const char *word)
{
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, "image", call->account, NULL, &all);

    for (const struct emu_ecs_image *row = emu_ecs_images; row->id; row++) {
        if (strcmp(row->id, word) == 0 || strcmp(row->name, word) == 0) {
            struct record record = record_of(row);

            return shown(call->world, &record, zone);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct record record = record_of_own(call->world, all[i]);

        if ((strcmp(record.id, word) == 0 || strcmp(record.name, word) == 0) &&
            strcmp(record.status, "running") == 0 &&
            emu_has_str(emu_get(all[i]->body, "zones"), zone->code))
            return shown(call->world, &record, zone);
    }
    return NULL;
}

static void list_zone(struct emu_co *call, const struct emu_ecs_zone *zone, yyjson_mut_val *list)
{
    yyjson_mut_val *ids = emu_get(call->params, "ImageIds");
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, "image", call->account, NULL, &all);

    for (const struct emu_ecs_image *row = emu_ecs_images; row->id; row++) {
        struct record record = record_of(row);

        if (!ids || emu_has_str(ids, row->id))
            emu_push(list, shown(call->world, &record, zone));
    }
    for (size_t i = 0; i < count; i++) {
        struct record record = record_of_own(call->world, all[i]);

        if ((!ids || emu_has_str(ids, record.id)) &&
            emu_has_str(emu_get(all[i]->body, "zones"), zone->code))
            emu_push(list, shown(call->world, &record, zone));
    }
}

void emu_ecs_describe_images(struct emu_co *call)
{
    const char *code = emu_get_text(call->params, "AvailableZoneCode");
    yyjson_mut_val *data = emu_obj(call->world), *list = emu_arr(call->world);
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, "image", call->account, NULL, &all);

    if (*code && !emu_ecs_zone_find(code)) {
        emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
        return;
    }
    for (size_t i = 0; i < count; i++)
        emu_object_polled(call->world, all[i]);
    for (const struct emu_ecs_zone *zone = emu_ecs_zones; zone->code; zone++) {
        if (!*code || emu_ascii_casecmp(code, zone->code) == 0)
            list_zone(call, zone, list);
    }
    emu_set(call->world, data, "ImageList", emu_ecs_page(call, list));
    emu_co_answer(call, data);
}

void emu_ecs_create_image(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance =
        emu_ecs_find(call, "instance", emu_get_str(call->params, "EcsId"));
    yyjson_mut_val *body = emu_obj(world), *zones = emu_arr(world), *data;
    struct emu_object *event, *image, **disks;

    if (!instance || emu_ecs_is(instance, " deleted ")) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    if (!emu_ecs_batch_in(call, &instance, 1, " shutdown "))
        return;
    emu_push_str(world, zones, instance->region);
    emu_set(world, body, "zones", zones);
    emu_set_str(world, body, "name", emu_get_text(call->params, "Name"));
    emu_set_str(world, body, "family", emu_get_text(instance->body, "family"));
    emu_set_str(world, body, "os_type", emu_get_text(instance->body, "os_type"));
    emu_set_str(world, body, "os_version", emu_get_text(instance->body, "os_version"));
    emu_set_int(world, body, "optimized", emu_get_int(call->params, "IsOptimized", 0));
    emu_set_int(world, body, "created", emu_now(world));
    if (emu_ecs_disks_of(world, instance, &disks))
        emu_set_int(world, body, "size", emu_get_int(disks[0]->body, "size", 0));
    image = emu_object_add(world, EMU_ECS, "image", emu_new_id(world, "img-", 16), call->account,
                           instance->region, body);
    event = emu_ecs_event_new(call, "create_image");
    emu_ecs_begin(world, event, image, emu_ecs_work_find("create_image"));
    emu_ecs_begin(world, NULL, instance, emu_ecs_work_find("image_source"));
    data = emu_ecs_event_data(world, event);
    emu_set_str(world, data, "ImageId", image->id);
    emu_co_answer(call, data);
}

/* Returns an image of the account that is ready; public ones cannot be deleted or synced. */
static struct emu_object *own_image(struct emu_co *call, const char *id)
{
    struct emu_object *ret = emu_ecs_find(call, "image", id);

    for (const struct emu_ecs_image *row = emu_ecs_images; row->id && !ret; row++) {
        if (strcmp(row->id, id) == 0) {
            emu_co_fail(call, "InvalidOperation", "A public image.");
            return NULL;
        }
    }
    if (!ret) {
        emu_co_fail(call, "InvalidImage.NotFound", id);
        return NULL;
    }
    if (!emu_ecs_is(ret, " running error ")) {
        emu_co_fail(call, "InvalidOperation", "The image is being worked on.");
        return NULL;
    }
    return ret;
}

void emu_ecs_delete_image(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *code = emu_get_text(call->params, "AvailableZoneCode");
    const struct emu_ecs_zone *zone = emu_ecs_zone_find(code);
    struct emu_object *event;
    size_t i, count;
    yyjson_mut_val *id;

    if (*code && !zone) {
        emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
        return;
    }
    event = emu_ecs_event_new(call, "delete_image");
    yyjson_mut_arr_foreach(emu_get(call->params, "ImageIds"), i, count, id)
    {
        struct emu_object *image = own_image(call, yyjson_mut_get_str(id));

        if (!image)
            return;
        if (zone && !emu_has_str(emu_get(image->body, "zones"), zone->code)) {
            emu_co_fail(call, "InvalidImage.NotFound", "It is not in that zone.");
            return;
        }
        emu_set_str(world, image->body, "delete_zone", zone ? zone->code : "");
        emu_ecs_begin(world, event, image, emu_ecs_work_find("delete_image"));
    }
    emu_co_answer(call, emu_ecs_event_data(world, event));
}

void emu_ecs_sync_image(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *image = own_image(call, emu_get_text(call->params, "ImageId")), *event;
    yyjson_mut_val *zones = emu_arr(world), *code;
    size_t i, count;

    if (!image)
        return;
    yyjson_mut_arr_foreach(emu_get(call->params, "AvailableZoneCodes"), i, count, code)
    {
        const struct emu_ecs_zone *zone = emu_ecs_zone_find(yyjson_mut_get_str(code));

        if (!zone) {
            emu_co_fail(call, "InvalidAvailableZone.NotFound", yyjson_mut_get_str(code));
            return;
        }
        emu_push_str(world, zones, zone->code);
    }
    emu_set(world, image->body, "next_zones", zones);
    event = emu_ecs_event_new(call, "sync_image");
    emu_ecs_begin(world, event, image, emu_ecs_work_find("sync_image"));
    emu_co_answer(call, emu_ecs_event_data(world, event));
}
