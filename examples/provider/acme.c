/* SPDX-License-Identifier: Apache-2.0 */
/* Acme Servers, an imaginary small vendor, as a provider to be loaded.
 * docs/extend/adding-a-provider.md walks through it. */
#include <cloud_provider.h>
#include <stdio.h>

/* clang-format off */
static const struct cc_service services[] = { { .name = "servers", .host = "api.acme.example", .path = "/v1" }, { 0 } };

static const struct cc_action_param no_params[] = { { 0 } }, by_id[] = { { .name = "id", .where = CC_PATH, .required = true }, { 0 } },
    page[] = { { .name = "page", .where = CC_QUERY, .type = CC_INT }, { .name = "size", .where = CC_QUERY, .type = CC_INT }, { 0 } },
    secret[] = { { .name = "id", .where = CC_PATH, .required = true }, { .name = "password", .required = true, .secret = true }, { 0 } },
    more[] = { { .name = "id", .where = CC_PATH, .required = true }, { .name = "months", .type = CC_INT, .required = true }, { 0 } },
    cost[] = { { .name = "plan", .where = CC_QUERY, .required = true }, { .name = "months", .where = CC_QUERY, .type = CC_INT }, { 0 } },
    order[] = { { .name = "name", .required = true }, { .name = "plan", .required = true }, { .name = "image", .required = true },
                { .name = "password", .required = true, .secret = true }, { .name = "months", .type = CC_INT }, { .name = "token" }, { 0 } };
enum { LIST, SHOW, CREATE, START, STOP, REBOOT, PASSWORD, RENEW, DELETE, PLANS, IMAGES, PRICE };
#define ONE "/servers/{id}"
#define DO(name_, effect_, method_, path_, params_, token_) \
    { .name = name_, .effect = effect_, .method = method_, .path = path_, .params = params_, .token = token_ }
static const struct cc_action actions[] = {
    [LIST]     = DO("ListServers",   CLOUD_READS,   "GET",    "/servers",      page, NULL),
    [SHOW]     = DO("ShowServer",    CLOUD_READS,   "GET",    ONE,             by_id, NULL),
    [CREATE]   = DO("CreateServer",  CLOUD_SPENDS,  "POST",   "/servers",      order, "token"),
    [START]    = DO("StartServer",   CLOUD_CHANGES, "POST",   ONE "/start",    by_id, NULL),
    [STOP]     = DO("StopServer",    CLOUD_CHANGES, "POST",   ONE "/stop",     by_id, NULL),
    [REBOOT]   = DO("RestartServer", CLOUD_CHANGES, "POST",   ONE "/restart",  by_id, NULL),
    [PASSWORD] = DO("SetPassword",   CLOUD_CHANGES, "POST",   ONE "/password", secret, NULL),
    [RENEW]    = DO("RenewServer",   CLOUD_SPENDS,  "POST",   ONE "/renew",    more, NULL),
    [DELETE]   = DO("DeleteServer",  CLOUD_CHANGES, "DELETE", ONE,             by_id, NULL),
    [PLANS]    = DO("ListPlans",     CLOUD_READS,   "GET",    "/plans",        no_params, NULL),
    [IMAGES]   = DO("ListImages",    CLOUD_READS,   "GET",    "/images",       no_params, NULL),
    [PRICE]    = DO("Price",         CLOUD_READS,   "GET",    "/price",        cost, NULL),
    { 0 }
};
static const struct cc_word states[] = {
    { "building", CLOUD_STATE_CREATING, NULL }, { "on", CLOUD_STATE_RUNNING, NULL }, { "off", CLOUD_STATE_STOPPED, NULL },
    { "booting", CLOUD_STATE_STARTING, NULL }, { "halting", CLOUD_STATE_STOPPING, NULL }, { "restarting", CLOUD_STATE_REBOOTING, NULL },
    { "broken", CLOUD_STATE_ERROR, "the host failed" }, { 0 }
}, paid[] = { { "monthly", CLOUD_CHARGE_PREPAID, NULL }, { "hourly", CLOUD_CHARGE_POSTPAID, NULL }, { 0 } },
   image_states[] = { { "ready", CLOUD_IMAGE_AVAILABLE, NULL }, { 0 } };
static const struct cc_error_row errors[] = {
    { 0, "not_found", NULL, CLOUD_ENOTFOUND }, { 0, "wrong_state", NULL, CLOUD_ESTATE }, { 0, "bad_value", NULL, CLOUD_EINVAL },
    { 0, "bad_signature", NULL, CLOUD_EAUTH }, { 0, "too_fast", NULL, CLOUD_ETHROTTLED }, { 0, "no_money", NULL, CLOUD_EBALANCE }, { 0 }
};

#define I(kind, path, member) CC_##kind(struct cloud_instance, path, member)
static const struct cc_field server[] = {
    I(TEXT_REQUIRED, "id", id), I(TEXT, "name", name), I(TEXT_REQUIRED, "status", vendor_state),
    CC_WORD(struct cloud_instance, "status", state, enum cloud_instance_state, states), I(TEXT, "plan", instance_type),
    CC_REASON(struct cloud_instance, "status", state_reason, states),
    CC_WORD(struct cloud_instance, "paid", charge_mode, enum cloud_charge_mode, paid), I(TEXT, "paid", vendor_charge_mode),
    I(NUMBER_INT, "cores", cpu), I(GIB_AS_MIB, "memory_gb", memory_mb), I(TEXT, "image", image_id), I(TEXT, "address", public_ip),
    I(TIME, "created", created_at), I(TIME, "until", expires_at), { 0 }
};
static const struct cc_list servers = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, server);
static const struct cc_field found[] = { CC_ARRAY_REQUIRED(struct cloud_result, "servers|server", instances, &servers), { 0 } };
static const struct cc_paging pages = {
    .page_param = "page", .size_param = "size", .size = 50, .total = "total", .element_size = sizeof(struct cloud_instance),
    .count_at = offsetof(struct cloud_result, instance_count), .array_at = offsetof(struct cloud_result, instances),
};
static const struct cc_field plan[] = {
    CC_TEXT_REQUIRED(struct cloud_instance_type, "plan", instance_type), CC_NUMBER_INT(struct cloud_instance_type, "cores", cpu),
    CC_GIB_AS_MIB(struct cloud_instance_type, "memory_gb", memory_mb), { 0 }
}, image[] = {
    CC_TEXT_REQUIRED(struct cloud_image, "image", id), CC_TEXT(struct cloud_image, "title", name), CC_TEXT(struct cloud_image, "status", vendor_state),
    CC_WORD(struct cloud_image, "status", state, enum cloud_image_state, image_states), { 0 }
};
static const struct cc_list plans = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, plan),
    images = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, image), ids = CC_STRING_LIST(struct cloud_result, id_count);
static const struct cc_field found_plans[] = { CC_ARRAY_REQUIRED(struct cloud_result, "plans", types, &plans), { 0 } },
    found_images[] = { CC_ARRAY_REQUIRED(struct cloud_result, "images", images, &images), { 0 } },
    price[] = { CC_AMOUNT_REQUIRED(struct cloud_result, "price", price.total), { 0 } }, created[] = { CC_TEXTS(struct cloud_result, "id", ids, &ids), { 0 } };

static const struct cc_arg id[] = { CC_ARG("id", INSTANCE_ID), { 0 } }, passwd[] = { CC_ARG("id", INSTANCE_ID), CC_ARG("password", PASSWORD), { 0 } },
    renew[] = { CC_ARG("id", INSTANCE_ID), CC_ARG_PERIOD_MONTHS("months"), { 0 } }, priced[] = { CC_ARG("plan", INSTANCE_TYPE), CC_ARG_PERIOD_MONTHS("months"), { 0 } },
    create[] = { CC_ARG("name", NAME), CC_ARG("plan", INSTANCE_TYPE), CC_ARG("image", IMAGE_ID), CC_ARG("password", PASSWORD),
                 CC_ARG_PERIOD_MONTHS("months"), CC_ARG_CLIENT_TOKEN("token"), { 0 } };

#define STEP(action_, ...) .steps = (const struct cc_step[]){ { .action = &actions[action_], __VA_ARGS__ } }, .step_count = 1
static int priced_for(struct cc_hook *hook)
{
    static const struct cloud_period hour = { 1, CLOUD_PERIOD_HOUR };

    return cc_hook_price(hook, hook->params->period.unit ? hook->params->period : hour, "the server and its disk");
}
static const struct cc_op_row ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE]          = { CLOUD_NATIVE, NULL, STEP(START, .args = id) },
    [CLOUD_OP_STOP_INSTANCE]           = { CLOUD_NATIVE, NULL, STEP(STOP, .args = id) },
    [CLOUD_OP_REBOOT_INSTANCE]         = { CLOUD_NATIVE, NULL, STEP(REBOOT, .args = id) },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD]  = { CLOUD_NATIVE, NULL, STEP(PASSWORD, .args = passwd) },
    [CLOUD_OP_DESCRIBE_PRICE]          = { CLOUD_NATIVE, NULL, STEP(PRICE, .args = priced, .fields = price, .parse = priced_for), .required = CC_BIT(INSTANCE_TYPE) },
    [CLOUD_OP_CREATE_INSTANCE]         = { CLOUD_NATIVE, NULL, STEP(CREATE, .args = create, .fields = created),
                                           .required = CC_BIT(NAME) | CC_BIT(INSTANCE_TYPE) | CC_BIT(IMAGE_ID) | CC_BIT(PASSWORD) },
    [CLOUD_OP_RENEW_INSTANCE]          = { CLOUD_NATIVE, NULL, STEP(RENEW, .args = renew) },
    [CLOUD_OP_DESCRIBE_INSTANCES]      = { CLOUD_NATIVE, NULL, STEP(LIST, .fields = found, .paging = &pages) },
    [CLOUD_OP_DESCRIBE_INSTANCE]       = { CLOUD_NATIVE, NULL, STEP(SHOW, .args = id, .fields = found) },
    [CLOUD_OP_DELETE_INSTANCE]         = { CLOUD_NATIVE, NULL, STEP(DELETE, .args = id) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { CLOUD_NATIVE, NULL, STEP(PLANS, .fields = found_plans) },
    [CLOUD_OP_DESCRIBE_IMAGES]         = { CLOUD_NATIVE, NULL, STEP(IMAGES, .fields = found_images) },
    [CLOUD_OP_DESCRIBE_TASK]           = { CLOUD_COMPOSED, "Acme has no tasks: the server itself is followed", STEP(SHOW, .args = id, .fields = found, .parse = cc_parse_instance_task),
                                           .required = CC_BIT(INSTANCE_ID) },
    [CLOUD_OP_DESCRIBE_REGIONS]        = { .support = CLOUD_UNSUPPORTED, .why = "Acme has one place" },
    [CLOUD_OP_INVOKE]                  = { .support = CLOUD_NATIVE },
};

static const struct cc_rule rules[] = { { CC_RULE_LENGTH, CLOUD_PARAM_NAME, .min = 1, .max = 40 }, { 0 } };
static const struct cc_allowed_period periods[] = { { CLOUD_PERIOD_MONTH, 1, 12, 0 }, { CLOUD_PERIOD_YEAR, 1, 1, 0 }, { 0 } };
static const struct cc_password_policy password = { .min = 8, .max = 32, .classes = 3, .specials = "!#%+-_" };
/* clang-format on */

/* Authorization: ACME id:hex(HMAC-SHA256(secret, "METHOD path?query date body")) */
static int sign(struct cc_request *request, const struct cc_signing *signing,
                struct cloud_error *err)
{
    cc_auto_buf struct cc_buf text = { 0 }, line = { 0 };
    unsigned char mac[32];
    char hex[65], date[24];

    snprintf(date, sizeof(date), "%lld", (long long)signing->time);
    cc_buf_clear(&request->query_text);
    cc_encode_pairs(&request->query_text, request->query.items, request->query.count);
    cc_buf_printf(&text, "%s %s?%s %s %s", request->method, request->path,
                  cc_buf_text(&request->query_text), date, cc_buf_text(&request->body));
    if (text.failed ||
        !cc_hmac_sha256(signing->credentials->secret, strlen(signing->credentials->secret),
                        text.data, text.len, mac))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    cc_hex(mac, sizeof(mac), hex);
    cc_buf_printf(&line, "ACME %s:%s", signing->credentials->id, hex);
    cc_pairs_set(&request->headers, "Authorization", cc_buf_text(&line));
    cc_pairs_set(&request->headers, "X-Acme-Date", date);
    return request->headers.failed || line.failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory")
                                                  : CLOUD_OK;
}

static void envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret)
{
    ret->failed = http_status >= 400;
    ret->code = cc_value_text(cc_value_find(root, "error.code"));
    ret->message = cc_value_text(cc_value_find(root, "error.message"));
    ret->request_id = cc_value_text(cc_value_find(root, "request"));
    ret->data = root;
}

static const struct cloud_provider acme = {
    CLOUD_PROVIDER_INIT,   .name = "acme",     .title = "Acme Servers",
    .services = services,  .actions = actions, .ops = ops,
    .errors = errors,      .rules = rules,     .periods = periods,
    .password = &password, .currency = "EUR",  .sign = sign,
    .envelope = envelope,
};
CLOUD_PROVIDER_EXPORT(acme)
