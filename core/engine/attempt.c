/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes one attempt of a step: builds and signs its request for the transport, and reads the reply
 * up to its envelope, which says whether the vendor accepted the request.
 */
#include <stdio.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"
#include "core/engine/decode.h"
#include "core/engine/encode.h"
#include "core/hooks/hooks.h"

static int sign(struct cc_call *call, const struct cc_action *action)
{
    struct cloud_client *client = call->client;
    const struct cc_service *service = &client->provider->services[action->service];
    char nonce[37];
    struct cc_signing signing = {
        .credentials = &client->credentials,
        .region = client->options.region,
        .service = service->name,
        .action = action->name,
        .version = service->version,
        .time = call->now,
        .nonce = nonce,
        .cache = action->service < CC_SERVICES_MAX ? &client->keys[action->service] : NULL,
        .work = &call->reuse.sign_work,
    };

    client->env.nonce(client->env.data, nonce);
    return cc_hook_code(client->provider, "sign",
                        client->sign(&call->reuse.request, &signing, &call->error), &call->error);
}

static int build(struct cc_call *call, const struct cc_step *step)
{
    struct cc_request *request = &call->reuse.request;
    struct cc_tree *tree = cc_tree_new();
    struct cc_hook hook = cc_call_hook(call);
    int rc;

    if (!tree)
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    hook.tree = tree;
    hook.root = cc_tree_root(tree);
    rc = cc_args_write(step, &hook, call->token);
    if (!rc && step->paging)
        cc_listing_add_page(call, &hook);
    if (!rc && !cc_answered_id_expect(call, step, hook.root))
        rc = cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    if (!rc && !cc_request_reset(request))
        rc = cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    if (!rc)
        rc = cc_request_write(call->client->provider, step->action, call->client->options.region,
                              call->client->endpoint, tree, request, &call->error);
    cc_tree_free(tree);
    return rc ? rc : sign(call, step->action);
}

int cc_attempt_begin(struct cc_call *call)
{
    const struct cloud_client_options *options = &call->client->options;
    const struct cc_request *request = &call->reuse.request;
    const struct cc_step *step = cc_call_step(call);
    int64_t left = cc_call_left_ms(call);
    int rc;

    if (left <= 0)
        return cc_call_fail_deadline(call);
    cc_call_read_clock(call);
    rc = build(call, step);
    if (rc)
        return rc;
    call->attempt.exchange = (struct cc_exchange){
        .request = request,
        .reply = &call->attempt.reply,
        .timeout_ms = left,
        .stated_ms = cc_call_timeout_ms(call),
        .connect_timeout_ms =
            options->connect_timeout_ms < left ? options->connect_timeout_ms : left,
        .max_reply_bytes = (size_t)options->max_reply_bytes,
        .ca_file = options->ca_file,
        .fresh = cc_call_effect(call) != CLOUD_READS,
    };
    cc_client_log(call->client, CLOUD_LOG_DEBUG, "%s: %s, attempt %d: %s %s%s",
                  call->client->provider->name, step->action->name, cc_retry_attempt(call),
                  request->method, request->base, request->path);
    return CLOUD_OK;
}

void cc_attempt_unsent(struct cc_call *call, int code, const char *reason)
{
    struct cc_reply *reply = &call->attempt.reply;

    cc_reply_clear(reply);
    reply->wire = CC_WIRE_UNSENT;
    reply->code = code;
    CC_ERROR_SET(reply->reason, reason);
}

/* Names the form of a body that is no JSON; "": not known. */
static void name_form(const struct cc_reply *reply, char ret_form[64])
{
    static const struct {
        const char *begins, *form;
    } forms[] = {
        { "\x1f\x8b", "is compressed (gzip)" },
        { "\x28\xb5\x2f\xfd", "is compressed (zstd)" },
        { "\x78\x01", "is compressed (deflate)" },
        { "\x78\x9c", "is compressed (deflate)" },
        { "\x78\xda", "is compressed (deflate)" },
        { "\xef\xbb\xbf", "begins with a byte order mark" },
        { "\xff\xfe", "begins with a byte order mark" },
        { "\xfe\xff", "begins with a byte order mark" },
        { "<?xml", "is XML" },
        { "<", "is HTML" },
    };
    const char *encoding = reply->content_encoding, *body = cc_buf_text(&reply->body);

    *ret_form = '\0';
    if (*encoding && cc_ascii_casecmp(encoding, "identity")) {
        snprintf(ret_form, 64, "is compressed (%.40s)", encoding);
        return;
    }
    body += strspn(body, " \t\r\n");
    for (size_t i = 0; i < CC_COUNT(forms); i++) {
        if (!strncmp(body, forms[i].begins, strlen(forms[i].begins))) {
            snprintf(ret_form, 64, "%s", forms[i].form);
            return;
        }
    }
}

/* adds the form to the message of an answer that is no JSON */
static void add_form(struct cc_call *call, const char *form)
{
    char text[sizeof(call->error.message)];

    snprintf(text, sizeof(text), "%.400s; the answer %s", call->error.message, form);
    CC_ERROR_SET(call->error.message, text);
}

/*
 * Parses the body, and moves it to the arena of the result, whose strings point into it. @ret_form:
 * of a body that is no JSON, "" when it is not known.
 */
static int parse_body(struct cc_call *call, char ret_form[64], struct cc_doc **ret_doc)
{
    struct cc_reply *reply = &call->attempt.reply;
    size_t len = reply->body.len;
    const struct cc_value *root;
    char *text;
    int rc;

    name_form(reply, ret_form);
    if (!len)
        return reply->status == 204 ? CLOUD_OK
                                    : cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer is empty");
    text = cc_buf_take(&reply->body);
    if (!text || !cc_arena_adopt(call->arena, text, cc_free_large)) {
        free(text);
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    }
    rc = cc_doc_parse_answer(text, len, ret_doc, &call->error);
    if (rc == CLOUD_EPROTOCOL && *ret_form)
        return cc_fail(&call->error, rc,
                       "not JSON: the answer %s; check the endpoint and the proxies on the way",
                       ret_form);
    if (rc)
        return rc;
    root = cc_doc_root(*ret_doc);
    if (cc_value_kind(root) != CC_JSON_OBJECT)
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer is %s, not an object",
                       cc_json_kind_name(cc_value_kind(root)));
    return CLOUD_OK;
}

static bool has_text(const char *text)
{
    return text && *text;
}

/* what every vendor adds to a success: an answer without it may be of something in between */
static int check_success(struct cc_call *call, const struct cc_envelope *envelope)
{
    if (cc_call_effect(call) != CLOUD_SPENDS || has_text(envelope->code) ||
        has_text(envelope->request_id))
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_EPROTOCOL,
                   "the answer has neither a code nor a request id, so it does not prove that %s "
                   "was done",
                   cc_call_step(call)->action->name);
}

/* reads the envelope: CLOUD_OK, or the code of a refusal or of an unusable reply */
static int read_envelope(struct cc_call *call, struct cc_doc **ret_doc,
                         struct cc_envelope *ret_envelope)
{
    const struct cloud_provider *provider = call->client->provider;
    const struct cc_reply *reply = &call->attempt.reply;
    char form[64];
    int status = reply->status, rc = parse_body(call, form, ret_doc);
    const struct cc_value *root = cc_doc_root(*ret_doc);

    if (status < 200 || (status >= 300 && status < 400))
        return cc_fail(&call->error, CLOUD_EPROTOCOL,
                       "HTTP %d from %s: redirects are not followed, check the endpoint", status,
                       call->reuse.request.host);
    if (rc && (status < 400 || rc == CLOUD_ENOMEM))
        return rc;
    if (!rc)
        provider->envelope(root, status, ret_envelope);
    ret_envelope->root = root;
    if (!ret_envelope->request_id && reply->request_id[0])
        ret_envelope->request_id = cc_arena_strdup(call->arena, reply->request_id);
    if (status < 400 && !ret_envelope->failed)
        return check_success(call, ret_envelope);
    call->attempt.proof = cc_vendor_error_proof(provider, status, ret_envelope);
    rc = cc_vendor_error_read(provider, status, ret_envelope, &call->error);
    if (*form && !root)
        add_form(call, form);
    cc_name_parameter(call);
    return rc;
}

void cc_attempt_note(struct cc_call *call, const struct cc_envelope *envelope)
{
    const struct cc_reply *reply = &call->attempt.reply;

    if (!call->error.request_id[0])
        CC_ERROR_SET(call->error.request_id,
                     envelope->request_id ? envelope->request_id : reply->request_id);
    if (!call->error.http_status)
        call->error.http_status = reply->status;
}

int cc_attempt_end(struct cc_call *call, struct cc_doc **ret_doc, struct cc_envelope *ret_envelope)
{
    const struct cc_reply *reply = &call->attempt.reply;
    int rc;

    *ret_envelope = (struct cc_envelope){ 0 };
    call->attempt.proof = CC_UNPROVEN;
    cc_error_clear(&call->error);
    cc_call_read_clock(call);
    if (reply->wire == CC_WIRE_ANSWERED)
        rc = read_envelope(call, ret_doc, ret_envelope);
    else if (reply->code == CLOUD_ETIMEDOUT && call->retry.last[0] && cc_call_left_ms(call) <= 0)
        rc = cc_call_fail_deadline(call);
    else
        rc = cc_fail(&call->error, reply->code, "%s", reply->reason);
    cc_attempt_note(call, ret_envelope);
    cc_call_scrub_all(call);
    cc_client_log(call->client, rc ? CLOUD_LOG_INFO : CLOUD_LOG_DEBUG,
                  "%s: %s, attempt %d: %s, HTTP %d %s %s", call->client->provider->name,
                  cc_call_step(call)->action->name, cc_retry_attempt(call),
                  rc ? cloud_code_name(rc) : "ok", reply->status, call->error.vendor_code,
                  call->error.request_id);
    return rc;
}
