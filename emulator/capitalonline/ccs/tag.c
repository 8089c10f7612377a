/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of CCS: they belong to an account and are attached to instances. Their ids are numbers in
 * DescribeTags and strings everywhere else. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <stdlib.h>
#include <string.h>

static struct emu_object *find_tag(struct emu_co *call, const char *member, const char *value)
{
    struct emu_object **list;
    size_t count = emu_object_list(call->world, EMU_CCS, "tag", call->account, NULL, &list);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text(list[i]->body, member), value) == 0)
            return list[i];
    }
    return NULL;
}

static struct emu_object *add_tag(struct emu_co *call, const char *name)
{
    struct emu_world *world = call->world;
    int64_t number = emu_setting_int(world, "ccs_last_tag", 256) + 1;
    const char *id = emu_text(world, "%lld", (long long)number);
    yyjson_mut_val *body = emu_obj(world);

    emu_setting_put(world, "ccs_last_tag", id);
    emu_set_str(world, body, "TagId", id);
    emu_set_str(world, body, "TagName", name);
    return emu_object_add(world, EMU_CCS, "tag", id, call->account, "", body);
}

yyjson_mut_val *emu_ccs_tag(struct emu_co *call, const char *name)
{
    struct emu_object *tag = find_tag(call, "TagName", name);

    return emu_json_copy(call->world, (tag ? tag : add_tag(call, name))->body);
}

void emu_ccs_describe_tags(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object **list;
    size_t count = emu_object_list(world, EMU_CCS, "tag", call->account, NULL, &list);
    yyjson_mut_val *data = emu_arr(world), *shown;

    for (size_t i = 0; i < count; i++) {
        shown = emu_obj(world);
        emu_set_int(world, shown, "TagId", strtoll(list[i]->id, NULL, 10));
        emu_set_str(world, shown, "TagName", emu_get_text(list[i]->body, "TagName"));
        emu_push(data, shown);
    }
    emu_co_answer(call, data);
}

void emu_ccs_create_tag(struct emu_co *call)
{
    const char *name = emu_get_text(call->params, "TagName");

    /* [CONV] A name that exists already does not change. */
    emu_ccs_tag(call, name);
    emu_co_answer(call, NULL);
}

/* Returns whether the instance has the tag; with @take removes it. */
static bool wears(struct emu_world *world, struct emu_object *instance, const char *id, bool take)
{
    yyjson_mut_val *left = emu_arr(world), *tag;
    size_t i, count;
    bool ret = false;

    yyjson_mut_arr_foreach(emu_get(instance->body, "Tags"), i, count, tag)
    {
        if (strcmp(emu_get_text(tag, "TagId"), id) == 0)
            ret = true;
        else
            emu_push(left, emu_json_copy(world, tag));
    }
    if (ret && take)
        emu_set(world, instance->body, "Tags", left);
    return ret;
}

void emu_ccs_delete_tag(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *tag = find_tag(call, "TagId", emu_get_text(call->params, "TagId")), **list;
    size_t count;

    if (!tag) {
        emu_co_fail(call, "InvalidTagID.Malformed", NULL);
        return;
    }
    count = emu_object_list(world, EMU_CCS, "instance", call->account, NULL, &list);
    for (size_t i = 0; i < count; i++) {
        if (wears(world, list[i], tag->id, false)) {
            emu_co_fail(call, "20101",
                        emu_text(world, "当前有云主机 %s 正在使用标签",
                                 emu_get_text(list[i]->body, "InstanceName")));
            return;
        }
    }
    emu_object_remove(world, tag);
    emu_co_answer(call, NULL);
}

/* AddInstancesTags and DeleteInstancesTags. */
void emu_ccs_tag_instances(struct emu_co *call)
{
    struct emu_world *world = call->world;
    bool add = strcmp(call->action->name, "AddInstancesTags") == 0;
    yyjson_mut_val *ids = emu_get(call->params, add ? "AddTagIds" : "DelTagIds"), *id;
    struct emu_object **list, *tag;
    size_t count = emu_ccs_instances(call, &list), k, id_count;

    if (!count)
        return;
    yyjson_mut_arr_foreach(ids, k, id_count, id)
    {
        tag = find_tag(call, "TagId", yyjson_mut_get_str(id));
        if (!tag) {
            emu_co_fail(call, "InvalidTagID.Malformed", NULL);
            return;
        }
        for (size_t i = 0; i < count; i++) {
            if (!wears(world, list[i], tag->id, !add) && add)
                emu_push(emu_get(list[i]->body, "Tags"), emu_json_copy(world, tag->body));
        }
    }
    for (size_t i = 0; i < count; i++)
        emu_object_save(world, list[i]);
    emu_co_answer(call, NULL);
}
