/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs RPC requests, as CapitalOnline defines it (its page "签名机制"). All signed data is in the
 * query, and its HMAC-SHA1 is the last parameter. Path, headers and body are not signed.
 */
#include "core/base/error.h"
#include "core/sign/sign.h"
#include "core/base/time.h"

static int by_name(const void *left, const void *right)
{
    const struct cc_pair *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order : strcmp(a->value, b->value);
}

/* Sorts by the names before they are encoded: the order after encoding differs ('~' and '%'). */
static bool write_canonical(const struct cc_pairs *pairs, struct cc_buf *out)
{
    cc_auto_free struct cc_pair *sorted = calloc(pairs->count + 1, sizeof(*sorted));

    if (!sorted || pairs->failed)
        return false;
    if (pairs->count > 0) {
        memcpy(sorted, pairs->items, pairs->count * sizeof(*sorted));
        qsort(sorted, pairs->count, sizeof(*sorted), by_name);
    }
    cc_encode_pairs(out, sorted, pairs->count);
    return !out->failed;
}

int cc_rpc_sign(const char *method, const struct cc_pairs *pairs, const char *secret,
                struct cc_rpc_stages *ret_stages, struct cloud_error *err)
{
    struct cc_rpc_stages *stages = ret_stages;
    struct cc_buf *text = &stages->string_to_sign;

    *stages = (struct cc_rpc_stages){ 0 };
    if (write_canonical(pairs, &stages->canonical_query)) {
        cc_buf_puts(text, method);
        cc_buf_puts(text, "&%2F&");
        cc_encode(text, cc_buf_text(&stages->canonical_query), stages->canonical_query.len, NULL);
        if (!text->failed &&
            cc_hmac_sha1_base64(secret, strlen(secret), text->data, text->len, stages->signature))
            return CLOUD_OK;
    }
    cc_rpc_stages_clear(stages);
    return cc_fail(err, CLOUD_ENOMEM, "out of memory while signing");
}

void cc_rpc_stages_clear(struct cc_rpc_stages *stages)
{
    cc_buf_clear(&stages->canonical_query);
    cc_buf_clear(&stages->string_to_sign);
    cc_wipe(stages->signature, sizeof(stages->signature));
}

/*
 * Collects the common parameters, then those of the action. A parameter of the action replaces the
 * common one of the same name, as in all of the vendor's own code except its Python SDK. The action
 * cannot set "Signature".
 */
static void gather(const struct cc_request *request, const struct cc_signing *signing,
                   struct cc_pairs *all)
{
    char timestamp[CC_TIME_ISO_MAX];
    const struct cc_pair common[] = {
        { "Action", signing->action },      { "AccessKeyId", signing->credentials->id },
        { "SignatureMethod", "HMAC-SHA1" }, { "SignatureNonce", signing->nonce },
        { "SignatureVersion", "1.0" },      { "Timestamp", timestamp },
        { "Version", signing->version },
    };

    cc_time_iso(signing->time, timestamp);
    for (size_t i = 0; i < CC_COUNT(common); i++) {
        const char *value = common[i].value;

        for (size_t n = 0; n < request->query.count; n++) {
            if (strcmp(request->query.items[n].name, common[i].name) == 0)
                value = request->query.items[n].value;
        }
        cc_pairs_add(all, common[i].name, value);
    }
    for (size_t n = 0; n < request->query.count; n++) {
        const struct cc_pair *own = &request->query.items[n];
        bool known = strcmp(own->name, "Signature") == 0;

        for (size_t i = 0; i < CC_COUNT(common); i++)
            known = known || strcmp(own->name, common[i].name) == 0;
        if (!known)
            cc_pairs_add(all, own->name, own->value);
    }
    all->failed = all->failed || request->query.failed;
}

int cc_sign_capitalonline(struct cc_request *request, const struct cc_signing *signing,
                          struct cloud_error *err)
{
    struct cc_rpc_stages stages;
    struct cc_pairs all = { 0 };
    int code;

    gather(request, signing, &all);
    code = cc_rpc_sign(request->method, &all, signing->credentials->secret, &stages, err);
    if (!code) {
        cc_pairs_add(&all, "Signature", stages.signature);
        cc_buf_reset(&request->query_text);
        cc_encode_pairs(&request->query_text, all.items, all.count);
        if (all.failed || request->query_text.failed)
            code = cc_fail(err, CLOUD_ENOMEM, "out of memory while signing");
        cc_rpc_stages_clear(&stages);
    }
    cc_pairs_clear(&all);
    return code;
}
