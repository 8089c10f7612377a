/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The provider of Acme Servers, an imaginary small vendor, as a plug-in.
 * docs/extend/adding-a-provider.md walks through it. Its tables follow Acme's page, which
 * emulator.py implements.
 */
#include <cloud_provider.h>
#include <stdio.h>

/* clang-format off */

/* Services and actions: a row an action, and a table of its parameters */

static const struct cc_service services[] = {
    { .name = "servers", .host = "api.acme.example", .path = "/v1" },
    { 0 }
};

#define PATH(name_)                  { .name = name_, .where = CC_PATH, .required = true }
#define QUERY(name_, type_)          { .name = name_, .where = CC_QUERY, .type = CC_##type_ }
#define QUERY_REQUIRED(name_, type_) \
    { .name = name_, .where = CC_QUERY, .type = CC_##type_, .required = true }
#define BODY(name_, type_)           { .name = name_, .where = CC_BODY, .type = CC_##type_ }
#define BODY_REQUIRED(name_, type_) \
    { .name = name_, .where = CC_BODY, .type = CC_##type_, .required = true }
#define BODY_SECRET_REQUIRED(name_) \
    { .name = name_, .where = CC_BODY, .secret = true, .required = true }

static const struct cc_action_param no_params[] = {
    { 0 }
};
static const struct cc_action_param list_params[] = {
    QUERY("page", INT),
    QUERY("size", INT),
    { 0 }
};
static const struct cc_action_param id_params[] = {
    PATH("id"),
    { 0 }
};
static const struct cc_action_param create_params[] = {
    BODY_REQUIRED("name", STRING),
    BODY_REQUIRED("plan", STRING),
    BODY_REQUIRED("image", STRING),
    BODY_SECRET_REQUIRED("password"),
    BODY("months", INT),
    BODY("token", STRING),
    { 0 }
};
static const struct cc_action_param password_params[] = {
    PATH("id"),
    BODY_SECRET_REQUIRED("password"),
    { 0 }
};
static const struct cc_action_param renew_params[] = {
    PATH("id"),
    BODY_REQUIRED("months", INT),
    { 0 }
};
static const struct cc_action_param cost_params[] = {
    QUERY_REQUIRED("plan", STRING),
    QUERY("months", INT),
    { 0 }
};

enum action {
    LIST_SERVERS, SHOW_SERVER, CREATE_SERVER, START_SERVER, STOP_SERVER, REBOOT_SERVER,
    SET_PASSWORD, RENEW_SERVER, DELETE_SERVER, LIST_PLANS, LIST_IMAGES, PRICE,
    ACTION__COUNT
};
#define ACTION(id_, name_, effect_, method_, path_, params_, ...) \
    [id_] = { .name = name_, .effect = CLOUD_##effect_, .method = method_, .path = path_, \
              .params = params_, __VA_ARGS__ }
static const struct cc_action actions[] = {
    /* number, name, effect, method, path, parameters */
    ACTION(LIST_SERVERS,  "ListServers",   READS,   "GET",    "/servers",              list_params),
    ACTION(SHOW_SERVER,   "ShowServer",    READS,   "GET",    "/servers/{id}",         id_params),
    ACTION(CREATE_SERVER, "CreateServer",  SPENDS,  "POST",   "/servers",
           create_params, .token = "token"),
    ACTION(START_SERVER,  "StartServer",   CHANGES, "POST",   "/servers/{id}/start",   id_params),
    ACTION(STOP_SERVER,   "StopServer",    CHANGES, "POST",   "/servers/{id}/stop",    id_params),
    ACTION(REBOOT_SERVER, "RestartServer", CHANGES, "POST",   "/servers/{id}/restart", id_params),
    ACTION(SET_PASSWORD,  "SetPassword",   CHANGES, "POST",   "/servers/{id}/password",
           password_params),
    ACTION(RENEW_SERVER,  "RenewServer",   SPENDS,  "POST",   "/servers/{id}/renew",
           renew_params),
    ACTION(DELETE_SERVER, "DeleteServer",  CHANGES, "DELETE", "/servers/{id}",         id_params),
    ACTION(LIST_PLANS,    "ListPlans",     READS,   "GET",    "/plans",                no_params),
    ACTION(LIST_IMAGES,   "ListImages",    READS,   "GET",    "/images",               no_params),
    ACTION(PRICE,         "Price",         READS,   "GET",    "/price",                cost_params),
    [ACTION__COUNT] = { 0 }
};

/* State maps, other words, errors */

static const struct cc_word instance_states[] = {
    { "building",   CLOUD_STATE_CREATING,  NULL },
    { "on",         CLOUD_STATE_RUNNING,   NULL },
    { "off",        CLOUD_STATE_STOPPED,   NULL },
    { "booting",    CLOUD_STATE_STARTING,  NULL },
    { "halting",    CLOUD_STATE_STOPPING,  NULL },
    { "restarting", CLOUD_STATE_REBOOTING, NULL },
    { "broken",     CLOUD_STATE_ERROR,     "the host failed" },
    { 0 }
};
static const struct cc_word image_states[] = {
    { "ready", CLOUD_IMAGE_AVAILABLE, NULL },
    { 0 }
};
static const struct cc_word charge_modes[] = {
    { "monthly", CLOUD_CHARGE_PREPAID,  NULL },
    { "hourly",  CLOUD_CHARGE_POSTPAID, NULL },
    { 0 }
};
static const struct cc_error_row errors[] = {
    /* HTTP, code, part of the message, meaning, proof: the page says that these change nothing */
    { 0, "not_found",     NULL, CLOUD_ENOTFOUND,  CC_REFUSED },
    { 0, "wrong_state",   NULL, CLOUD_ESTATE,     CC_REFUSED },
    { 0, "bad_value",     NULL, CLOUD_EINVAL,     CC_REFUSED },
    { 0, "bad_signature", NULL, CLOUD_EAUTH,      CC_REFUSED },
    { 0, "too_fast",      NULL, CLOUD_ETHROTTLED, CC_REFUSED },
    { 0, "no_money",      NULL, CLOUD_EBALANCE,   CC_REFUSED },
    { 0 }
};

/* Field rows: which member of an answer fills which member of the result */

#define INSTANCE_TEXT(path, member)          CC_TEXT(struct cloud_instance, path, member)
#define INSTANCE_TEXT_REQUIRED(path, member) CC_TEXT_REQUIRED(struct cloud_instance, path, member)
#define INSTANCE_INT(path, member)           CC_NUMBER_INT(struct cloud_instance, path, member)
#define INSTANCE_MB_FROM_GB(path, member)    CC_GIB_AS_MIB(struct cloud_instance, path, member)
#define INSTANCE_TIME(path, member)          CC_TIME(struct cloud_instance, path, member)

static const struct cc_field server[] = {
    INSTANCE_TEXT_REQUIRED("id", id),
    INSTANCE_TEXT("name", name),
    INSTANCE_TEXT_REQUIRED("status", vendor_state),
    CC_WORD(struct cloud_instance, "status", state, enum cloud_instance_state, instance_states),
    CC_REASON(struct cloud_instance, "status", state_reason, instance_states),
    INSTANCE_TEXT("plan", instance_type),
    CC_WORD(struct cloud_instance, "paid", charge_mode, enum cloud_charge_mode, charge_modes),
    INSTANCE_TEXT("paid", vendor_charge_mode),
    INSTANCE_INT("cores", cpu),
    INSTANCE_MB_FROM_GB("memory_gb", memory_mb),
    INSTANCE_TEXT("image", image_id),
    INSTANCE_TEXT("address", public_ip),
    INSTANCE_TIME("created", created_at),
    INSTANCE_TIME("until", expires_at),
    { 0 }
};
static const struct cc_list servers =
    CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, server);
static const struct cc_field found_servers[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "servers|server", instances, &servers),
    { 0 }
};
static const struct cc_paging server_pages = {
    .page_param = "page",
    .size_param = "size",
    .size = 50,
    .total = "total",
    CC_COLLECT(instances, instance_count),
};

static const struct cc_field plan[] = {
    CC_TEXT_REQUIRED(struct cloud_instance_type, "plan", instance_type),
    CC_NUMBER_INT(struct cloud_instance_type, "cores", cpu),
    CC_GIB_AS_MIB(struct cloud_instance_type, "memory_gb", memory_mb),
    { 0 }
};
static const struct cc_list plans =
    CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, plan);
static const struct cc_field found_plans[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "plans", types, &plans),
    { 0 }
};

static const struct cc_field image[] = {
    CC_TEXT_REQUIRED(struct cloud_image, "image", id),
    CC_TEXT(struct cloud_image, "title", name),
    CC_TEXT(struct cloud_image, "status", vendor_state),
    CC_WORD(struct cloud_image, "status", state, enum cloud_image_state, image_states),
    { 0 }
};
static const struct cc_list images =
    CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, image);
static const struct cc_field found_images[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "images", images, &images),
    { 0 }
};

static const struct cc_field price[] = {
    CC_AMOUNT_REQUIRED(struct cloud_result, "price", price.total),
    { 0 }
};
static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
static const struct cc_field created[] = {
    CC_TEXTS(struct cloud_result, "id", ids, &ids),
    { 0 }
};

/* Argument rows: which of the caller's parameters fills which parameter of an action */

static const struct cc_arg by_id[] = {
    CC_ARG("id", INSTANCE_ID),
    { 0 }
};
static const struct cc_arg set_password[] = {
    CC_ARG("id", INSTANCE_ID),
    CC_ARG("password", PASSWORD),
    { 0 }
};
static const struct cc_arg renew[] = {
    CC_ARG("id", INSTANCE_ID),
    CC_ARG_PERIOD_MONTHS("months"),
    { 0 }
};
static const struct cc_arg price_query[] = {
    CC_ARG("plan", INSTANCE_TYPE),
    CC_ARG_PERIOD_MONTHS("months"),
    { 0 }
};
static const struct cc_arg create[] = {
    CC_ARG("name", NAME),
    CC_ARG("plan", INSTANCE_TYPE),
    CC_ARG("image", IMAGE_ID),
    CC_ARG("password", PASSWORD),
    CC_ARG_PERIOD_MONTHS("months"),
    CC_ARG_CLIENT_TOKEN("token"),
    { 0 }
};
/* clang-format on */

/* Operations: a hook, the steps, and a row an operation */

/* a price on demand is for an hour */
static int read_price(struct cc_hook *hook)
{
    static const struct cloud_period hour = { 1, CLOUD_PERIOD_HOUR };
    struct cloud_period period = hook->params->period;

    return cc_hook_price(hook, period.unit ? period : hour, "the server and its disk");
}

/* clang-format off */

/* one step: an action, its arguments, and what its answer fills */
#define STEP(action_, ...) \
    .step_count = 1, \
    .steps = (const struct cc_step[]){ { .action = &actions[action_], __VA_ARGS__ } }
/* the answer is about the server that was asked for */
#define SAME_SERVER .id_sent = "id", .id_answered = "server.id|servers.id"
#define NATIVE(...) .support = CLOUD_NATIVE, STEP(__VA_ARGS__)

static const struct cc_op_row ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE] = { NATIVE(START_SERVER, .args = by_id) },
    [CLOUD_OP_STOP_INSTANCE] = { NATIVE(STOP_SERVER, .args = by_id) },
    [CLOUD_OP_REBOOT_INSTANCE] = { NATIVE(REBOOT_SERVER, .args = by_id) },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { NATIVE(SET_PASSWORD, .args = set_password) },
    [CLOUD_OP_DESCRIBE_PRICE] = {
        NATIVE(PRICE, .args = price_query, .fields = price, .parse = read_price),
        .required = CC_BIT(INSTANCE_TYPE),
    },
    [CLOUD_OP_CREATE_INSTANCE] = {
        NATIVE(CREATE_SERVER, .args = create, .fields = created),
        .required = CC_BIT(NAME) | CC_BIT(INSTANCE_TYPE) | CC_BIT(IMAGE_ID) | CC_BIT(PASSWORD),
    },
    [CLOUD_OP_RENEW_INSTANCE] = { NATIVE(RENEW_SERVER, .args = renew) },
    [CLOUD_OP_DESCRIBE_INSTANCES] = {
        NATIVE(LIST_SERVERS, .fields = found_servers, .paging = &server_pages),
    },
    [CLOUD_OP_DESCRIBE_INSTANCE] = {
        NATIVE(SHOW_SERVER, .args = by_id, .fields = found_servers, SAME_SERVER),
    },
    [CLOUD_OP_DELETE_INSTANCE] = { NATIVE(DELETE_SERVER, .args = by_id) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { NATIVE(LIST_PLANS, .fields = found_plans) },
    [CLOUD_OP_DESCRIBE_IMAGES] = { NATIVE(LIST_IMAGES, .fields = found_images) },
    [CLOUD_OP_DESCRIBE_TASK] = {
        .support = CLOUD_COMPOSED,
        .why = "Acme has no tasks; the server itself is followed",
        STEP(SHOW_SERVER, .args = by_id, .fields = found_servers, SAME_SERVER,
             .parse = cc_parse_instance_task),
        .required = CC_BIT(INSTANCE_ID),
    },
    [CLOUD_OP_DESCRIBE_REGIONS] = {
        .support = CLOUD_UNSUPPORTED,
        .why = "Acme has only one region",
    },
    [CLOUD_OP_INVOKE] = { .support = CLOUD_NATIVE },
};

/* Rules for parameters */

static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH, CLOUD_PARAM_NAME, .min = 1, .max = 40 },
    { 0 }
};
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1, 12, 0 },
    { CLOUD_PERIOD_YEAR,  1, 1,  0 },
    { 0 }
};
static const struct cc_password_policy password = {
    .min = 8,
    .max = 32,
    .classes = 3,
    .specials = "!#%+-_",
};
/* clang-format on */

/* Signing and envelope */

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
    ret->failed = http_status >= 400 || cc_value_find(root, "error");
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
