/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks every fact from the vendor's documents: states, members of replies, places of parameters,
 * errors. Facts are written from the documents, never from the provider's tables.
 *
 *   "words":   [[OPERATION, MEMBER, PATH, { VENDOR STATE: NAME, ... }], ...]
 *              a vendor state at PATH of the reply is NAME at MEMBER of the result; `wait` is about
 *              the last task, or about the instance if there is a 5th element
 *   "members": [[OPERATION, MEMBER, PATH, PUT, GET], ...]
 *              PUT at PATH of the reply is GET at MEMBER of the result
 *   "answered_ids": [[OPERATION, PATH, OTHER], ...]
 *              OTHER at PATH of the reply is CLOUD_EPROTOCOL
 *   "sent":    [[OPERATION, { PARAMETER: TEXT, ... }, PLACE, VALUE], ...]
 *              PLACE: "body.a.b", "query.a", "path", "method"
 *   "errors":  { "body": TEMPLATE, "rows": [[HTTP, CODE, MESSAGE, MEANS], ...],
 *              "unproven": CODE }
 */
#include "tests/conformance/kit.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct probe {
    const char *path;
    yyjson_val *leaf;
};

static void put_leaf(yyjson_mut_doc *doc, void *data)
{
    const struct probe *probe = data;

    kit_put(doc, probe->path, probe->leaf);
}

static const char *id_for(struct kit *kit, const struct cloud_op_info *info)
{
    bool about_one = (info->required | info->optional) >> CLOUD_PARAM_INSTANCE_ID & 1;

    return about_one || info->op == CLOUD_OP_DESCRIBE_INSTANCES ? kit_instance_for(kit, info->op)
                                                                : NULL;
}

static void check_read(struct kit *kit, const struct cloud_op_info *info,
                       const struct kit_params *params, const char *member, struct probe *probe,
                       const char *expected)
{
    struct kit_call call = { 0 };

    kit_proxy_modify(put_leaf, probe);
    kit_call_op(kit, info->op, params, &call);
    kit_proxy_modify(NULL, NULL);
    if (call.code && info->effect == CLOUD_READS)
        kit_fail(kit, "%s ended as %s: %s", probe->path, cloud_code_name(call.code),
                 call.err.message);
    else if (!call.code)
        KIT_CHECK(kit, !strcmp(kit_member(kit, &call, member), expected),
                  "%s is \"%s\", not \"%s\"", member, kit_member(kit, &call, member), expected);
    kit_call_clear(&call);
}

static void check_state_maps(struct kit *kit)
{
    yyjson_val *rows = kit_fact(kit, "words"), *row, *word, *name;
    size_t i, count, n, pair_count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        const struct cloud_op_info *info = cloud_op_find(yyjson_get_str(kit_at(row, "0")));
        const char *member = yyjson_get_str(kit_at(row, "1"));
        struct kit_params params;

        if (!info || !kit_offers(kit, info->op) ||
            !kit_begin(kit,
                       "every state of the vendor's documents is read as the state it describes",
                       "a wrong state bills or starts the wrong instance", "%s/words-%s",
                       info->word, member))
            continue;
        kit_usual_params(kit, info->op, id_for(kit, info), &params);
        if (info->op == CLOUD_OP_DESCRIBE_TASK && !kit_at(row, "4") && kit->task) {
            kit_set(&params, CLOUD_PARAM_INSTANCE_ID, NULL);
            kit_set(&params, CLOUD_PARAM_TASK_ID, kit->task);
        }
        yyjson_obj_foreach(kit_at(row, "3"), n, pair_count, word, name)
        {
            struct probe probe = { yyjson_get_str(kit_at(row, "2")), word };

            check_read(kit, info, &params, member, &probe, yyjson_get_str(name));
        }
        kit_end(kit);
    }
}

static void check_members(struct kit *kit)
{
    yyjson_val *rows = kit_fact(kit, "members"), *row;
    size_t i, count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        const struct cloud_op_info *info = cloud_op_find(yyjson_get_str(kit_at(row, "0")));
        const char *member = yyjson_get_str(kit_at(row, "1")),
                   *got = yyjson_get_str(kit_at(row, "4"));
        struct probe probe = { yyjson_get_str(kit_at(row, "2")), kit_at(row, "3") };
        ctl_auto_free char *same = kit_leaf_text(probe.leaf);
        struct kit_params params;

        if (!info || !kit_offers(kit, info->op) ||
            !kit_begin(
                kit, "a member of the result has the value that the vendor's document describes",
                "a swapped field bills the wrong resource", "%s/reads-%s", info->word, member))
            continue;
        kit_usual_params(kit, info->op, id_for(kit, info), &params);
        check_read(kit, info, &params, member, &probe, got ? got : same);
        kit_end(kit);
    }
}

/* an answer that was mixed up with another request's */
static void answered_ids(struct kit *kit)
{
    yyjson_val *rows = kit_fact(kit, "answered_ids"), *row;
    size_t i, count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        const struct cloud_op_info *info = cloud_op_find(yyjson_get_str(kit_at(row, "0")));
        struct probe probe = { yyjson_get_str(kit_at(row, "1")), kit_at(row, "2") };
        struct kit_params params;
        struct kit_call call = { 0 };

        if (!info || !kit_offers(kit, info->op) ||
            !kit_begin(kit, "an answer about another id than the request's is an error",
                       "the wrong instance would be billed or stopped", "%s/another-id",
                       info->word))
            continue;
        kit_usual_params(kit, info->op, id_for(kit, info), &params);
        kit_proxy_modify(put_leaf, &probe);
        kit_call_op(kit, info->op, &params, &call);
        kit_proxy_modify(NULL, NULL);
        KIT_CHECK(kit, call.code == CLOUD_EPROTOCOL, "another id at %s ended as %s", probe.path,
                  cloud_code_name(call.code));
        kit_call_clear(&call);
        kit_end(kit);
    }
}

static char *query_value(const char *url, const char *name)
{
    const char *at = strchr(url, '?');
    size_t length = strlen(name);

    while (at) {
        ctl_auto_free char *key = ctl_format("%.*s", (int)strcspn(at + 1, "=&"), at + 1);
        char *plain = curl_easy_unescape(NULL, key, 0, NULL);
        bool same = plain && strlen(plain) == length && !strcmp(plain, name);

        curl_free(plain);
        if (same) {
            const char *value = at + 1 + strcspn(at + 1, "=&");
            ctl_auto_free char *raw = ctl_format("%.*s", (int)strcspn(value + (*value == '='), "&"),
                                                 value + (*value == '='));
            char *decoded = curl_easy_unescape(NULL, raw, 0, NULL),
                 *copy = ctl_strdup(decoded ? decoded : "");

            curl_free(decoded);
            return copy;
        }
        at = strchr(at + 1, '&');
    }
    return NULL;
}

/* Returns the value at a place of a request, or NULL. The caller frees it. */
static char *value_at(const struct kit_request *request, const char *place)
{
    const char *path =
        strchr(strstr(request->url, "://") ? strstr(request->url, "://") + 3 : request->url, '/');
    yyjson_doc *doc;
    char *text;

    if (!strcmp(place, "method"))
        return ctl_strdup(request->method);
    if (!strcmp(place, "path"))
        return ctl_format("%.*s", (int)strcspn(path ? path : "", "?"), path ? path : "");
    if (!strncmp(place, "query.", 6))
        return query_value(request->url, place + 6);
    doc = yyjson_read(request->body, strlen(request->body), 0);
    text = kit_at(yyjson_doc_get_root(doc), place + strlen("body."))
               ? kit_leaf_text(kit_at(yyjson_doc_get_root(doc), place + strlen("body.")))
               : NULL;
    yyjson_doc_free(doc);
    return text;
}

static bool is_sent(const char *place, const char *expected, const char *id, char **ret_other)
{
    ctl_auto_free char *wanted = NULL;
    const char *mark = strstr(expected, "$id");

    wanted = mark && id ? ctl_format("%.*s%s%s", (int)(mark - expected), expected, id, mark + 3)
                        : ctl_strdup(expected);
    for (size_t n = 0; n < kit_proxy_count(); n++) {
        char *found = kit_proxy_request(n) ? value_at(kit_proxy_request(n), place) : NULL;
        bool same = found && !strcmp(found, wanted);

        if (found && !same) {
            free(*ret_other);
            *ret_other = found;
        } else {
            free(found);
        }
        if (same)
            return true;
    }
    return false;
}

static void set_all(struct kit *kit, yyjson_val *given, struct kit_params *params)
{
    yyjson_val *name, *value;
    size_t i, count;

    yyjson_obj_foreach(given, i, count, name, value)
    {
        const struct cloud_param_info *param = cloud_param_find(yyjson_get_str(name));

        KIT_CHECK(kit, param, "the facts name an unknown parameter %s", yyjson_get_str(name));
        if (param)
            kit_set(params, param->param, yyjson_get_str(value)); /* null removes it */
    }
}

static void check_sent(struct kit *kit)
{
    yyjson_val *rows = kit_fact(kit, "sent"), *row;
    size_t i, count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        const struct cloud_op_info *info = cloud_op_find(yyjson_get_str(kit_at(row, "0")));
        const char *place = yyjson_get_str(kit_at(row, "2")), *id;
        ctl_auto_free char *other = NULL;
        ctl_auto_free char *expected = kit_leaf_text(kit_at(row, "3"));
        struct kit_params params;
        struct kit_call call = { 0 };

        if (!info || !kit_offers(kit, info->op) ||
            !kit_begin(kit, "a parameter is sent at the place that the vendor's document names",
                       "the vendor drops a parameter at another place silently", "%s/sends-%s-%zu",
                       info->word, place, i))
            continue;
        id = id_for(kit, info);
        kit_usual_params(kit, info->op, id, &params);
        set_all(kit, kit_at(row, "1"), &params);
        kit_proxy_reset();
        kit_call_op(kit, info->op, &params, &call);
        KIT_CHECK(kit, is_sent(place, expected, id, &other), "%s was %s%s%s, not %s%s%s", place,
                  other ? "\"" : "", other ? other : "not sent", other ? "\"" : "", expected,
                  call.code ? "; it ended as " : "", call.code ? call.err.message : "");
        kit_add_created(kit, &call);
        kit_call_clear(&call);
        kit_clock_advance(600000);
        if (id && info->op == CLOUD_OP_UPGRADE_INSTANCE)
            kit_remove_id(kit, id); /* it has the new size already */
        kit_end(kit);
    }
}

char *kit_fill_in(const char *template, int http, const char *code, const char *message)
{
    char *text = ctl_strdup(template);
    ctl_auto_free char *digits = ctl_format("%d", http);
    const char *marks[][2] = { { "$http", digits }, { "$code", code }, { "$message", message } };

    for (size_t i = 0; i < KIT_COUNT(marks); i++) {
        char *at = strstr(text, marks[i][0]), *next;

        if (!at)
            continue;
        next =
            ctl_format("%.*s%s%s", (int)(at - text), text, marks[i][1], at + strlen(marks[i][0]));
        free(text);
        text = next;
    }
    return text;
}

static void check_errors(struct kit *kit)
{
    yyjson_val *rows = kit_fact(kit, "errors.rows"), *row;
    const char *template = kit_fact_text(kit, "errors.body"),
               *id = kit->id_count ? kit->ids[0] : "i-none";
    size_t i, count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        int http = yyjson_get_int(kit_at(row, "0"));
        const char *code = yyjson_get_str(kit_at(row, "1")),
                   *means = yyjson_get_str(kit_at(row, "3"));
        ctl_auto_free char *body =
            kit_fill_in(template ? template : "", http, code, yyjson_get_str(kit_at(row, "2")));
        struct kit_params params = { 0 };
        struct kit_call call = { 0 };

        if (!kit_begin(kit,
                       "an error of the vendor's documents has the code that says what to do, and "
                       "the vendor's own code is kept",
                       "to wait, to pay and to fix a parameter are different reactions",
                       "error/%s-%zu", code, i))
            continue;
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
        kit_proxy_error(http, body);
        kit_proxy_fault(KIT_VENDOR, 1, 0);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCE, &params, &call);
        KIT_CHECK(kit, !strcmp(cloud_code_name(call.code), means), "HTTP %d %s is %s, not %s", http,
                  code, cloud_code_name(call.code), means);
        KIT_CHECK(kit, !strcmp(call.err.vendor_code, code),
                  "the vendor's code is returned as \"%s\"", call.err.vendor_code);
        KIT_CHECK(kit, call.err.http_status == http, "the HTTP status is returned as %d",
                  call.err.http_status);
        KIT_CHECK(kit,
                  !kit_fact(kit, "errors.request_id") ||
                      !strcmp(call.err.request_id, kit_fact_text(kit, "errors.request_id")),
                  "the request id is returned as \"%s\"", call.err.request_id);
        kit_call_clear(&call);
        kit_end(kit);
    }
}

void kit_cases_facts(struct kit *kit)
{
    if (!kit->wire_seen || !kit->facts)
        return;
    check_state_maps(kit);
    check_members(kit);
    answered_ids(kit);
    check_sent(kit);
    check_errors(kit);
}
