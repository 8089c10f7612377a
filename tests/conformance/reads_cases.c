/* SPDX-License-Identifier: Apache-2.0 */
/* Checks listings: complete over several pages or an error, also while instances are deleted;
 * unknown vendor states; filters. */
#include "tests/conformance/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { MANY = 110 };

/* Buys until there are @minimum instances, more than fit on a page. */
static bool create_instances(struct kit *kit, size_t minimum)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *most = kit_fact_text(kit, "most_at_once");
    size_t count;

    kit_empty_world(kit); /* networks hold a limited number of instances */
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
    count = call.result.instance_count;
    for (int tries = 0; !call.code && count < minimum && tries < MANY; tries++) {
        kit_usual_params(kit, CLOUD_OP_CREATE_INSTANCE, NULL, &params);
        kit_set(&params, CLOUD_PARAM_NAME, kit_text(kit, "kit-many-%d", tries));
        if (most)
            kit_set(&params, CLOUD_PARAM_COUNT, most);
        kit_call_op_directly(kit, CLOUD_OP_CREATE_INSTANCE, &params, &call);
        count += !call.code ? (most ? strtoul(most, NULL, 10) : 1) : 0;
    }
    KIT_CHECK(kit, !call.code, "not enough instances could be bought: %s", call.err.message);
    kit_clock_advance(600000);
    kit_call_clear(&call);
    return count >= minimum;
}

static size_t count_distinct(const struct cloud_result *result)
{
    size_t distinct = 0;

    for (size_t i = 0; i < result->instance_count; i++) {
        bool seen = false;

        for (size_t n = 0; n < i && !seen; n++)
            seen = !strcmp(result->instances[n].id, result->instances[i].id);
        distinct += !seen;
    }
    return distinct;
}

static void list_is_complete(struct kit *kit, size_t minimum)
{
    struct kit_call call = { 0 };

    if (!kit_begin(kit, "a list over several pages has every instance once",
                   "a missing instance is not billed", "list/pages"))
        return;
    if (create_instances(kit, minimum))
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
    KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code), call.err.message);
    KIT_CHECK(kit, call.result.instance_count >= minimum, "%zu were listed of %zu",
              call.result.instance_count, minimum);
    KIT_CHECK(kit, count_distinct(&call.result) == call.result.instance_count,
              "the list has an instance twice");
    if (kit_fact_text(kit, "unpaged"))
        kit_skip(kit, "%s", kit_fact_text(kit, "unpaged"));
    else
        KIT_CHECK(kit, call.requests > 1,
                  "%zu instances came in one page, so the case proves nothing",
                  call.result.instance_count);
    kit_call_clear(&call);
    kit_end(kit);
}

struct deletion {
    struct cloud_client *other;
    size_t at; /* number of the request before which it happens */
    char *id;
    bool done;
};

/* Another client deletes an instance of the first page between two pages. */
static void delete_between_pages(size_t n, void *data)
{
    struct deletion *deletion = data;

    if (n < deletion->at || deletion->done)
        return;
    deletion->done = true;
    kit_proxy_pause(true);
    cloud_delete_instance(deletion->other, deletion->id, NULL);
    free(kit_proxy_control("POST", "clock", "{\"advance_s\":600}"));
    kit_proxy_pause(false);
}

static struct cloud_client *new_second_client(struct kit *kit)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client = NULL;

    options.provider = kit->provider;
    options.region = kit_fact_text(kit, "region");
    options.endpoint = "emulator:";
    return kit->no_defaults && !cloud_client_new(&options, &client, NULL) ? client : NULL;
}

static bool has_id(const struct cloud_result *result, const char *id)
{
    for (size_t i = 0; i < result->instance_count; i++) {
        if (!strcmp(result->instances[i].id, id))
            return true;
    }
    return false;
}

static void list_while_it_changes(struct kit *kit)
{
    struct deletion deletion = { .at = 2 };
    struct kit_call before = { 0 }, call = { 0 };

    if (!kit_begin(
            kit, "a list that is read while an instance is deleted has all others, or is an error",
            "the second page begins one instance later, so one would be lost silently",
            "list/changing"))
        return;
    deletion.other = new_second_client(kit);
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &before);
    if (!deletion.other || !before.result.instance_count) {
        kit_skip(kit,
                 "the case needs a second client, which only the emulator in this process has");
    } else {
        for (size_t i = before.result.instance_count; i-- > 0;) {
            if (before.result.instances[i].charge_mode != CLOUD_CHARGE_PREPAID && i < 50)
                deletion.id = ctl_strdup(before.result.instances[i].id), i = 0;
        }
        kit_proxy_before(delete_between_pages, &deletion);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
        kit_proxy_before(NULL, NULL);
        for (size_t i = 0; !call.code && i < before.result.instance_count; i++) {
            const char *id = before.result.instances[i].id;

            KIT_CHECK(kit, !strcmp(id, deletion.id) || has_id(&call.result, id),
                      "%s is missing without an error", id);
        }
        KIT_CHECK(kit, !call.code || call.code == CLOUD_ECONFLICT, "it ended as %s: %s",
                  cloud_code_name(call.code), call.err.message);
        KIT_CHECK(kit, call.code || count_distinct(&call.result) == call.result.instance_count,
                  "the list has an instance twice");
    }
    cloud_client_free(deletion.other);
    free(deletion.id);
    kit_call_clear(&before);
    kit_call_clear(&call);
    kit_end(kit);
}

struct replace {
    const char *path;
    yyjson_val *leaf;
};

static void replace_leaf(yyjson_mut_doc *doc, void *data)
{
    const struct replace *replace = data;

    kit_put(doc, replace->path, replace->leaf);
}

/* The fact "state_path" is the path of the first instance's state in the reply. */
static void unknown_states(struct kit *kit)
{
    static const char *const states[] = {
        "kit-unknown-state", "RUNNING2", " ",       "a\tb", "\xe8\xbf\x90\xe8\xa1\x8c\xe4\xb8\xad",
        "running;drop",      "%s%n",     "\\u0000", "1"
    };
    const char *path = kit_fact_text(kit, "state_path");
    char *longest = ctl_alloc(4097);

    memset(longest, 'x', 4096);
    if (!kit_begin(kit,
                   "an unknown vendor state becomes CLOUD_STATE_UNKNOWN, is kept, and the rest of "
                   "the list is complete",
                   "vendors add states without notice; an error or a guess would stop or mislead "
                   "the marketplace",
                   "list/unknown-state")) {
        free(longest);
        return;
    }
    kit_instance_for(kit, CLOUD_OP_STOP_INSTANCE);
    if (!path)
        kit_skip(kit, "the facts of %s have no state_path", kit->provider);
    for (size_t i = 0; path && i <= KIT_COUNT(states); i++) {
        const char *word = i < KIT_COUNT(states) ? states[i] : longest;
        yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
        yyjson_doc *leaf;
        struct replace replace = { .path = path };
        struct kit_call plain = { 0 }, call = { 0 };

        yyjson_mut_doc_set_root(doc, yyjson_mut_str(doc, word));
        leaf = yyjson_mut_doc_imut_copy(doc, NULL);
        yyjson_mut_doc_free(doc);
        replace.leaf = yyjson_doc_get_root(leaf);
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &plain);
        kit_proxy_modify(replace_leaf, &replace);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
        kit_proxy_modify(NULL, NULL);
        KIT_CHECK(kit, !call.code, "\"%.40s\" ended it as %s: %s", word, cloud_code_name(call.code),
                  call.err.message);
        KIT_CHECK(kit, call.code || !strcmp(kit_member(kit, &call, "instances.0.state"), "unknown"),
                  "\"%.40s\" became %s", word, kit_member(kit, &call, "instances.0.state"));
        KIT_CHECK(kit, call.code || !strcmp(call.result.instances[0].vendor_state, word),
                  "\"%.40s\" was kept as \"%.40s\"", word,
                  kit_member(kit, &call, "instances.0.vendor_state"));
        KIT_CHECK(kit, call.code || call.result.instance_count == plain.result.instance_count,
                  "%zu of %zu are left", call.result.instance_count, plain.result.instance_count);
        kit_call_clear(&plain);
        kit_call_clear(&call);
        yyjson_doc_free(leaf);
    }
    free(longest);
    kit_end(kit);
}

struct duplicate {
    const char *path;
    yyjson_doc *id;
    size_t replies;
};

static void repeat_first(yyjson_mut_doc *doc, void *data)
{
    struct duplicate *duplicate = data;

    if (++duplicate->replies % 2 == 0)
        kit_put(doc, duplicate->path, yyjson_doc_get_root(duplicate->id));
}

static void list_with_duplicate(struct kit *kit)
{
    struct duplicate duplicate = { .path = kit_fact_text(kit, "id_path") };
    struct kit_call plain = { 0 }, call = { 0 };
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);

    if (!duplicate.path || kit_fact_text(kit, "unpaged") ||
        !kit_begin(kit, "an instance on two pages is never listed twice",
                   "another instance, which moved to an earlier page, would be missing",
                   "list/twice")) {
        yyjson_mut_doc_free(doc);
        return;
    }
    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &plain);
    yyjson_mut_doc_set_root(
        doc, yyjson_mut_str(doc, plain.result.instance_count ? plain.result.instances[0].id : ""));
    duplicate.id = yyjson_mut_doc_imut_copy(doc, NULL);
    kit_proxy_modify(repeat_first, &duplicate);
    kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
    kit_proxy_modify(NULL, NULL);
    KIT_CHECK(kit, call.code == CLOUD_ECONFLICT, "it ended as %s with %zu instances",
              cloud_code_name(call.code), call.result.instance_count);
    yyjson_mut_doc_free(doc);
    yyjson_doc_free(duplicate.id);
    kit_call_clear(&plain);
    kit_call_clear(&call);
    kit_end(kit);
}

static void disks_of_one(struct kit *kit)
{
    struct kit_params params = { 0 };
    struct kit_call all = { 0 }, call = { 0 };
    const char *id;

    if (!kit_offers(kit, CLOUD_OP_DESCRIBE_DISKS) ||
        !kit_begin(kit, "the disks of one instance are its own, and fewer than all disks",
                   "another customer's disk must not be shown", "disks/of-one"))
        return;
    id = kit_instance_for(kit, CLOUD_OP_STOP_INSTANCE);
    if (id) {
        kit_buy(kit, false);
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_DISKS, NULL, &all);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_DISKS, &params, &call);
        KIT_CHECK(kit, !all.code && !call.code, "%s%s", all.err.message, call.err.message);
        KIT_CHECK(kit, call.result.disk_count && call.result.disk_count < all.result.disk_count,
                  "%zu of one, %zu of all", call.result.disk_count, all.result.disk_count);
        for (size_t i = 0; i < call.result.disk_count; i++)
            KIT_CHECK(kit,
                      call.result.disks[i].instance_id &&
                          !strcmp(call.result.disks[i].instance_id, id),
                      "disk %s is attached to %s", call.result.disks[i].id,
                      call.result.disks[i].instance_id ? call.result.disks[i].instance_id
                                                       : "nothing that is known");
    }
    kit_call_clear(&all);
    kit_call_clear(&call);
    kit_end(kit);
}

static void list_by_name(struct kit *kit)
{
    struct kit_params params = { 0 };
    struct kit_call call = { 0 };

    if (!kit_begin(kit, "a list by name has only instances with that name",
                   "a search that ignores the name misleads", "list/by-name"))
        return;
    kit_set(&params, CLOUD_PARAM_NAME, "kit-no-such-name");
    kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, &params, &call);
    if (call.code == CLOUD_EINVAL && !call.err.http_status)
        kit_skip(kit, "not offered: %s", call.err.message);
    else
        KIT_CHECK(kit, !call.code && !call.result.instance_count,
                  "%zu were found with a name that no instance has: %s", call.result.instance_count,
                  call.err.message);
    if (!call.code) {
        kit_set(&params, CLOUD_PARAM_NAME, "kit-instance");
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, &params, &call);
        KIT_CHECK(kit, !call.code && call.result.instance_count,
                  "none was found with a name that some instances have: %s", call.err.message);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void types_of_family(struct kit *kit)
{
    struct kit_params params = { 0 };
    struct kit_call all = { 0 }, call = { 0 };

    if (!kit_offers(kit, CLOUD_OP_DESCRIBE_INSTANCE_TYPES) ||
        !kit_begin(kit, "the types of a family are those of all types that belong to it",
                   "a form would offer types that are not sold", "types/of-family"))
        return;
    kit_usual_params(kit, CLOUD_OP_DESCRIBE_INSTANCE_TYPES, NULL, &params);
    kit_set(&params, CLOUD_PARAM_FAMILY, NULL);
    kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCE_TYPES, &params, &all);
    if (all.code || !all.result.type_count || !all.result.types[all.result.type_count - 1].family) {
        kit_skip(kit, "the vendor's instance types have no families");
    } else {
        const char *family =
            kit_text(kit, "%s", all.result.types[all.result.type_count - 1].family);
        size_t expected = 0;

        for (size_t i = 0; i < all.result.type_count; i++)
            expected += all.result.types[i].family && !strcmp(all.result.types[i].family, family);
        kit_set(&params, CLOUD_PARAM_FAMILY, family);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCE_TYPES, &params, &call);
        if (call.code == CLOUD_EINVAL && !call.err.http_status)
            kit_skip(kit, "not offered: %s", call.err.message);
        else
            KIT_CHECK(kit, !call.code && call.result.type_count == expected, "%zu of %zu of %s: %s",
                      call.result.type_count, expected, family, call.err.message);
    }
    kit_call_clear(&all);
    kit_call_clear(&call);
    kit_end(kit);
}

void kit_cases_reads(struct kit *kit)
{
    size_t minimum = MANY;

    if (!kit->options.real && kit_offers(kit, CLOUD_OP_CREATE_INSTANCE)) {
        disks_of_one(kit);
        list_by_name(kit);
        types_of_family(kit);
    }
    if (kit->wire_seen)
        unknown_states(kit);
    if (!kit->own_world || !kit->no_defaults || !kit_offers(kit, CLOUD_OP_CREATE_INSTANCE))
        return;
    if (kit_fact_text(kit, "page_size"))
        minimum = strtoul(kit_fact_text(kit, "page_size"), NULL, 10) + 10;
    list_is_complete(kit, minimum);
    list_with_duplicate(kit);
    list_while_it_changes(kit);
}
