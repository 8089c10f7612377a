/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's images, the vendor's and the account's: create, copy, share, constraints. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

static bool is_public(const struct emu_object *image)
{
    return !*image->account;
}

static bool is_mine(struct emu_jd_call *call, const struct emu_object *image)
{
    return strcmp(image->account, call->request->account) == 0 &&
           strcmp(image->region, call->region) == 0;
}

static bool is_shared_with_me(struct emu_jd_call *call, const struct emu_object *image)
{
    return strcmp(image->region, call->region) == 0 &&
           emu_has_str(emu_get(image->body, "_pins"), call->request->account);
}

static struct emu_object *need_image(struct emu_jd_call *call, const char *id)
{
    struct emu_object *ret = emu_jd_find(call->world, "image", id);

    if (ret && (is_public(ret) || is_mine(call, ret) || is_shared_with_me(call, ret)))
        return ret;
    emu_jd_fail(call, 404, "NOT_FOUND", "image %s is not found", id ? id : "");
    return NULL;
}

/* Only the account's own private images can be changed. */
static struct emu_object *need_own(struct emu_jd_call *call, const char *id)
{
    struct emu_object *ret = need_image(call, id);

    if (!ret || is_mine(call, ret))
        return ret;
    emu_jd_fail(call, 403, "HTTP_FORBIDDEN", "image %s is not your private image", id);
    return NULL;
}

struct emu_object *emu_jd_image_for(struct emu_jd_call *call, const char *image_id,
                                    const char *type)
{
    struct emu_object *ret = need_image(call, image_id);
    const struct emu_jd_type *row = emu_jd_type_find(type);
    bool local = ret && strcmp(emu_get_text(ret->body, "rootDeviceType"), "localDisk") == 0;
    const char *excluded = ret ? emu_get_str(ret->body, "_excludes") : NULL;

    if (!ret)
        return NULL;
    if (emu_get_bool(ret->body, "offline", false) || strcmp(emu_jd_status(ret), "ready") != 0)
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "image %s is offline or not ready", image_id);
    else if ((local && !row->local_disks) || (excluded && strcmp(excluded, type) == 0))
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "image %s does not support instanceType %s",
                    image_id, type);
    return emu_jd_failed(call) ? NULL : ret;
}

static yyjson_mut_val *image_shown(struct emu_jd_call *call, struct emu_object *image)
{
    yyjson_mut_val *ret;

    emu_object_polled(call->world, image);
    ret = emu_json_copy(call->world, image->body);
    if (!is_public(image) && !is_mine(call, image))
        emu_set_str(call->world, ret, "imageSource", "shared");
    return ret;
}

void emu_jd_describeImage(struct emu_jd_call *call)
{
    struct emu_object *image = need_image(call, call->id);
    yyjson_mut_val *shown = image ? image_shown(call, image) : NULL;

    if (image && image->removed)
        emu_jd_fail(call, 404, "NOT_FOUND", "image %s is not found", call->id);
    else if (shown)
        emu_set(call->world, call->result, "image", emu_shown(call->world, shown));
}

/* Returns whether one of the instances in instanceIds was made from the image. */
static bool is_of_instances(struct emu_jd_call *call, const char *image_id)
{
    yyjson_mut_val *ids = emu_get(call->params, "instanceIds"), *id;
    size_t i, count;

    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *instance = emu_jd_find(call->world, "instance", yyjson_mut_get_str(id));

        if (instance && strcmp(emu_get_text(instance->body, "imageId"), image_id) == 0)
            return true;
    }
    return !ids;
}

static bool image_fits(struct emu_jd_call *call, yyjson_mut_val *image)
{
    static const char *const exact[] = { "platform",   "rootDeviceType", "launchPermission",
                                         "status",     "architecture",   "bootMode",
                                         "imageSource" };
    yyjson_mut_val *params = call->params, *ids = emu_get(params, "ids");
    const char *name = emu_get_str(params, "imageName");

    for (size_t i = 0; i < EMU_COUNT(exact); i++) {
        const char *wanted = emu_get_str(params, exact[i]);

        if (wanted && strcmp(wanted, emu_get_text(image, exact[i])) != 0)
            return false;
    }
    if (ids ? !emu_has_str(ids, emu_get_text(image, "imageId"))
            : emu_get_bool(image, "offline", false) != emu_get_bool(params, "offline", false))
        return false;
    return (!name || strstr(emu_get_text(image, "name"), name)) &&
           is_of_instances(call, emu_get_text(image, "imageId"));
}

void emu_jd_describeImages(struct emu_jd_call *call)
{
    static const struct emu_jd_list list = { "images", NULL, true };
    const char *source = emu_get_str(call->params, "imageSource");
    yyjson_mut_val *all = emu_arr(call->world);
    struct emu_object **images;
    size_t count = emu_object_list(call->world, EMU_JD, "image", NULL, NULL, &images);

    if (!source && !emu_get(call->params, "ids")) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter imageSource is required without ids");
        return;
    }
    if (source && !emu_jd_check_word(call, "imageSource", source,
                                     " public thirdparty private shared community "))
        return;
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *shown;

        if (!is_public(images[i]) && !is_mine(call, images[i]) &&
            !is_shared_with_me(call, images[i]))
            continue;
        shown = image_shown(call, images[i]);
        if (!images[i]->removed && image_fits(call, shown))
            emu_push(all, shown);
    }
    emu_jd_answer_list(call, all, &list);
}

static yyjson_mut_val *constraint_of(struct emu_jd_call *call, struct emu_object *image)
{
    yyjson_mut_val *ret = emu_obj(call->world), *types = emu_obj(call->world),
                   *names = emu_arr(call->world);
    const char *excluded = emu_get_str(image->body, "_excludes");

    if (excluded)
        emu_push_str(call->world, names, excluded);
    emu_set_str(call->world, types, "constraintsType", "excludes");
    emu_set(call->world, types, "instanceTypes", names);
    emu_set_str(call->world, ret, "imageId", image->id);
    emu_set(call->world, ret, "imageInstanceTypeConstraint", types);
    return ret;
}

void emu_jd_describeImageConstraints(struct emu_jd_call *call)
{
    struct emu_object *image = need_image(call, call->id);

    if (image)
        emu_set(call->world, call->result, "imageConstraints", constraint_of(call, image));
}

void emu_jd_describeImageConstraintsBatch(struct emu_jd_call *call)
{
    yyjson_mut_val *all = emu_arr(call->world), *id;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(call->params, "ids"), i, count, id)
    {
        struct emu_object *image = need_image(call, yyjson_mut_get_str(id));

        if (!image)
            return;
        emu_push(all, constraint_of(call, image));
    }
    emu_set(call->world, call->result, "imageConstraints", all);
}

void emu_jd_image_event(struct emu_world *world, const struct emu_event *event)
{
    if (strcmp(event->name, "delete_image") == 0 && !event->failed) {
        emu_object_remove(world, event->object);
        return;
    }
    emu_set_str(world, event->object->body, "progress", event->failed ? "0" : "100");
    emu_jd_set_status(world, event->object, event->failed ? "error" : "ready");
}

/* Makes a private image with the texts of its source. */
static struct emu_object *new_image(struct emu_jd_call *call, yyjson_mut_val *from,
                                    const char *name, const char *text, const char *region)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_json_copy(world, from);
    const char *id = emu_new_id(world, "img-", 10);

    emu_set_str(world, body, "imageId", id);
    emu_set_str(world, body, "name", name);
    emu_set_str(world, body, "desc", text ? text : "");
    emu_set_str(world, body, "imageSource", "private");
    emu_set_str(world, body, "launchPermission", "ownerOnly");
    emu_set_str(world, body, "ownerPin", call->request->account);
    emu_set_str(world, body, "status", "pending");
    emu_set_str(world, body, "progress", "0");
    emu_set_str(world, body, "createTime", emu_time_iso(world, emu_now(world)));
    emu_set(world, body, "_pins", emu_arr(world));
    return emu_object_add(world, EMU_JD, "image", id, call->request->account, region, body);
}

static bool image_quota(struct emu_jd_call *call, const char *region, size_t more)
{
    struct emu_object **images;
    size_t used =
        emu_object_list(call->world, EMU_JD, "image", call->request->account, region, &images);

    if ((int64_t)(used + more) <= emu_jd_quota_limit(call->world, "image"))
        return true;
    return emu_jd_fail(call, 429, "QUOTA_EXCEEDED", "the quota of private images is used up");
}

void emu_jd_createImage(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped "), *from, *image;
    const char *name = emu_get_text(call->params, "name"),
               *text = emu_get_str(call->params, "description");

    if (!instance || !emu_jd_check_name(call, name, 32, "name") ||
        !emu_jd_check_description(call, text) || !image_quota(call, call->region, 1))
        return;
    if (emu_get(instance->body, "systemDisk") && strcmp(emu_jd_status(instance), "stopped") != 0) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "a local system disk needs a stopped instance");
        return;
    }
    from = emu_jd_find(call->world, "image", emu_get_text(instance->body, "imageId"));
    image = new_image(call, from ? from->body : emu_obj(call->world), name, text, call->region);
    emu_set_str(call->world, image->body, "instanceId", instance->id);
    emu_set_str(call->world, image->body, "_excludes", NULL);
    emu_object_save(call->world, image);
    emu_transition_begin(call->world, image, "create_image", NULL);
    emu_jd_instance_begin(call->world, instance, "image", NULL);
    emu_set_str(call->world, call->result, "imageId", image->id);
}

void emu_jd_copyImages(struct emu_jd_call *call)
{
    yyjson_mut_val *ids = emu_get(call->params, "sourceImageIds"), *id,
                   *copies = emu_arr(call->world);
    const char *region = emu_get_text(call->params, "destinationRegion"),
               *name = emu_get_str(call->params, "name");
    size_t i, count = yyjson_mut_arr_size(ids);

    if (!count || count > 10 || !emu_jd_region_known(region) || strcmp(region, call->region) == 0) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                    "1 to 10 sourceImageIds and another destinationRegion are wanted");
        return;
    }
    if ((name && !emu_jd_check_name(call, name, 32, "name")) || !image_quota(call, region, count))
        return;
    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *from = need_own(call, yyjson_mut_get_str(id)), *copy;
        yyjson_mut_val *entry = emu_obj(call->world);

        if (!from)
            return;
        if (strcmp(emu_get_text(from->body, "rootDeviceType"), "cloudDisk") != 0 ||
            strcmp(emu_jd_status(from), "ready") != 0) {
            emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                        "image %s is not ready, or not of a cloudDisk", from->id);
            return;
        }
        copy = new_image(call, from->body, name ? name : emu_get_text(from->body, "name"),
                         emu_get_str(call->params, "description"), region);
        emu_transition_begin(call->world, copy, "copy_image", NULL);
        emu_set_str(call->world, entry, "destinationImageId", copy->id);
        emu_set_str(call->world, entry, "sourceImageId", from->id);
        emu_push(copies, entry);
    }
    emu_set(call->world, call->result, "copyImages", copies);
}

void emu_jd_deleteImage(struct emu_jd_call *call)
{
    struct emu_object *image = need_own(call, call->id);

    if (!image || !emu_jd_idle(call, image))
        return;
    if (yyjson_mut_arr_size(emu_get(image->body, "_pins"))) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "image %s is shared", image->id);
        return;
    }
    emu_jd_set_status(call->world, image, "deleting");
    emu_transition_begin(call->world, image, "delete_image", NULL);
}

void emu_jd_modifyImageAttribute(struct emu_jd_call *call)
{
    struct emu_object *image = need_own(call, call->id);
    const char *name = emu_get_str(call->params, "name"),
               *text = emu_get_str(call->params, "description");

    if (!image || (name && !emu_jd_check_name(call, name, 32, "name")) ||
        !emu_jd_check_description(call, text))
        return;
    if (name)
        emu_set_str(call->world, image->body, "name", name);
    if (text)
        emu_set_str(call->world, image->body, "desc", text);
    emu_object_save(call->world, image);
}

/* The accounts of a call: pins and login names. Here an account's login name is its pin. */
static yyjson_mut_val *accounts(struct emu_jd_call *call)
{
    static const char *const lists[] = { "pins", "loginNames" };
    yyjson_mut_val *ret = emu_arr(call->world), *item;
    size_t i, count;

    for (size_t l = 0; l < EMU_COUNT(lists); l++) {
        yyjson_mut_arr_foreach(emu_get(call->params, lists[l]), i, count, item)
        {
            if (!emu_has_str(ret, yyjson_mut_get_str(item)))
                emu_push_str(call->world, ret, yyjson_mut_get_str(item));
        }
    }
    if (!yyjson_mut_arr_size(ret))
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "neither pins nor loginNames are given");
    return ret;
}

static void set_pins(struct emu_jd_call *call, struct emu_object *image, yyjson_mut_val *pins)
{
    emu_set_str(call->world, image->body, "launchPermission",
                yyjson_mut_arr_size(pins) ? "specifiedUsers" : "ownerOnly");
    emu_set(call->world, image->body, "_pins", pins);
    emu_object_save(call->world, image);
}

void emu_jd_shareImage(struct emu_jd_call *call)
{
    struct emu_object *image = need_own(call, call->id);
    yyjson_mut_val *more = accounts(call), *pins, *pin;
    size_t i, count;

    if (!image || emu_jd_failed(call))
        return;
    pins = emu_json_copy(call->world, emu_get(image->body, "_pins"));
    if (emu_has_str(more, call->request->account) || strcmp(emu_jd_status(image), "ready") != 0) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "a ready image is shared, and with others only");
        return;
    }
    yyjson_mut_arr_foreach(more, i, count, pin)
    {
        if (!emu_has_str(pins, yyjson_mut_get_str(pin)))
            emu_push_str(call->world, pins, yyjson_mut_get_str(pin));
    }
    if ((int64_t)yyjson_mut_arr_size(pins) > emu_jd_quota_limit(call->world, "imageShare"))
        emu_jd_fail(call, 429, "QUOTA_EXCEEDED", "an image is shared with at most %lld accounts",
                    (long long)emu_jd_quota_limit(call->world, "imageShare"));
    else
        set_pins(call, image, pins);
}

void emu_jd_unShareImage(struct emu_jd_call *call)
{
    struct emu_object *image = need_own(call, call->id);
    yyjson_mut_val *less = accounts(call), *pins = emu_arr(call->world), *pin;
    size_t i, count;

    if (!image || emu_jd_failed(call))
        return;
    yyjson_mut_arr_foreach(emu_get(image->body, "_pins"), i, count, pin)
    {
        if (!emu_has_str(less, yyjson_mut_get_str(pin)))
            emu_push_str(call->world, pins, yyjson_mut_get_str(pin));
    }
    set_pins(call, image, pins);
}

void emu_jd_describeImageMembers(struct emu_jd_call *call)
{
    struct emu_object *image = need_own(call, call->id);

    if (!image)
        return;
    emu_set(call->world, call->result, "pins",
            emu_json_copy(call->world, emu_get(image->body, "_pins")));
    emu_set(call->world, call->result, "loginNames",
            emu_json_copy(call->world, emu_get(image->body, "_pins")));
}
