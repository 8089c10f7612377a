/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity of JD Cloud: services, action catalogue, state maps, errors, rules for parameters,
 * regions, and the envelope of answers. The operations are in ops.c.
 */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */

/* Services and actions: hosts and versions are from the vendor's documentation and SDKs */

static const struct cc_service services[] = {
    [JDCLOUD_VM]      = { .name = "vm",      .host = "vm.jdcloud-api.com",      .path = "/v1" },
    [JDCLOUD_DISK]    = { .name = "disk",    .host = "disk.jdcloud-api.com",    .path = "/v1" },
    [JDCLOUD_RENEWAL] = { .name = "renewal", .host = "renewal.jdcloud-api.com", .path = "/v2" },
    [JDCLOUD_BILLING] = { .name = "billing", .host = "billing.jdcloud-api.com", .path = "/v1" },
    [JDCLOUD_ORDER]   = { .name = "order",   .host = "order.jdcloud-api.com",   .path = "/v2" },
    { 0 }
};

static const struct cc_arg common[] = { CC_ARG_OF_REGION("regionId"), { 0 } };

#define JDCLOUD_ACTION_WITH_TOKEN(name_, service_, effect_, method_, path_, token_, about_, ...) \
    [JDCLOUD_##name_] = { \
        .name = #name_, .service = JDCLOUD_##service_, .effect = CLOUD_##effect_, \
        .method = method_, .path = "/regions/{regionId}" path_, .token = token_, .about = about_, \
        .params = (const struct cc_action_param[]){ PATH("regionId"), __VA_ARGS__, { 0 } } },
#define JDCLOUD_ACTION(name_, service_, effect_, method_, path_, ...) \
    JDCLOUD_ACTION_WITH_TOKEN(name_, service_, effect_, method_, path_, NULL, __VA_ARGS__)
const struct cc_action jdcloud_actions[] = {
#include "providers/jdcloud/actions.def"
    [JDCLOUD__COUNT] = { 0 }, /* ends the table */
};

/* State maps: a vendor state, our state, and a reason where our state does not say it */

/* pages "Vm_Status" and "lifecycle"; "rebuildin" is a misprint of the first */
const struct cc_word jdcloud_instance_states[] = {
    { "pending",    CLOUD_STATE_CREATING,  NULL },
    { "starting",   CLOUD_STATE_STARTING,  NULL },
    { "running",    CLOUD_STATE_RUNNING,   NULL },
    { "stopping",   CLOUD_STATE_STOPPING,  NULL },
    { "stopped",    CLOUD_STATE_STOPPED,   NULL },
    { "rebooting",  CLOUD_STATE_REBOOTING, NULL },
    { "reboot",     CLOUD_STATE_REBOOTING, NULL }, /* on no page; from a reader in production */
    { "rebuilding", CLOUD_STATE_UPDATING,  "installing an image" },
    { "rebuildin",  CLOUD_STATE_UPDATING,  "installing an image" },
    { "resizing",   CLOUD_STATE_UPDATING,  "changing size" },
    { "deleting",   CLOUD_STATE_DELETING,  NULL },
    { "error",      CLOUD_STATE_ERROR,     NULL },
    { "terminated", CLOUD_STATE_DELETED,   NULL }, /* on no page; from the vendor's terraform */
    { 0 }
};
/* model "Disk", status */
const struct cc_word jdcloud_disk_states[] = {
    { "available",     CLOUD_DISK_AVAILABLE, NULL },
    { "in-use",        CLOUD_DISK_IN_USE,    NULL },
    { "deleted",       CLOUD_DISK_DELETED,   NULL },
    { "in-recyclebin", CLOUD_DISK_DELETED,   "in the recycle bin" },
    { "creating",      CLOUD_DISK_CREATING,  NULL },
    { "extending",     CLOUD_DISK_UPDATING,  "extending" },
    { "restoring",     CLOUD_DISK_UPDATING,  "restoring a snapshot" },
    { "deleting",      CLOUD_DISK_DELETING,  NULL },
    { "error_create",  CLOUD_DISK_ERROR,     "creation failed" },
    { "error_delete",  CLOUD_DISK_ERROR,     "deletion failed" },
    { "error_restore", CLOUD_DISK_ERROR,     "restoring a snapshot failed" },
    { "error_extend",  CLOUD_DISK_ERROR,     "extending failed" },
    { 0 }
};
/* model "InstanceDiskAttachment", status */
const struct cc_word jdcloud_attachment_states[] = {
    { "attaching",    CLOUD_DISK_ATTACHING, NULL },
    { "detaching",    CLOUD_DISK_DETACHING, NULL },
    { "attached",     CLOUD_DISK_IN_USE,    NULL },
    { "detached",     CLOUD_DISK_AVAILABLE, NULL },
    { "error_attach", CLOUD_DISK_ERROR,     "attaching failed" },
    { "error_detach", CLOUD_DISK_ERROR,     "detaching failed" },
    { 0 }
};
/* page "Image_Status" */
const struct cc_word jdcloud_image_states[] = {
    { "pending",  CLOUD_IMAGE_CREATING,  NULL },
    { "ready",    CLOUD_IMAGE_AVAILABLE, NULL },
    { "deleting", CLOUD_IMAGE_DELETING,  NULL },
    { "error",    CLOUD_IMAGE_ERROR,     NULL },
    { 0 }
};
/*
 * queryOrder, status [no page: from the vendor's SDKs]. An order that was refunded had been paid,
 * so it counts as succeeded: a settlement must not report a charge that happened as not applied.
 */
const struct cc_word jdcloud_order_states[] = {
    { "PAID",        CLOUD_TASK_SUCCEEDED, NULL },
    { "FAILED",      CLOUD_TASK_FAILED,    "the order failed" },
    { "NO_PAY",      CLOUD_TASK_PENDING,   NULL },
    { "DEALING",     CLOUD_TASK_RUNNING,   NULL },
    { "CANCELED",    CLOUD_TASK_FAILED,    "the order was cancelled without payment" },
    { "REFUND_PART", CLOUD_TASK_SUCCEEDED, NULL },
    { "REFUND_ALL",  CLOUD_TASK_SUCCEEDED, NULL },
    { 0 }
};

/* Other words */

/* model "Charge", chargeStatus */
const struct cc_word jdcloud_billing_states[] = {
    { "normal",  CLOUD_BILLING_ACTIVE,  NULL },
    { "overdue", CLOUD_BILLING_OVERDUE, NULL },
    { "arrear",  CLOUD_BILLING_ARREARS, NULL },
    { 0 }
};
/* model "Charge", chargeMode */
const struct cc_word jdcloud_charge_modes[] = {
    { "prepaid_by_duration",  CLOUD_CHARGE_PREPAID,  NULL },
    { "postpaid_by_usage",    CLOUD_CHARGE_POSTPAID, NULL },
    { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL },
    { "postpaid_by_spot",     CLOUD_CHARGE_SPOT,     NULL },
    { 0 }
};
/* page "stopInstance", chargeOnStopped */
const struct cc_word jdcloud_stop_charging[] = {
    { "stopCharging", CLOUD_YES, NULL },
    { "keepCharging", CLOUD_NO,  NULL },
    { 0 }
};

/*
 * Errors; the first row that matches decides
 *
 * Source: the common error table. An error may come with HTTP 200, as the vendor's own SDKs expect,
 * so rows go by the status word. HTTP 429 is a quota or throttling; only the word separates them.
 *
 * Open: the words for lack of balance and of stock. The message decides, in Chinese or English.
 *
 * Open: what ABORTED and NOT_IMPLEMENTED say about a change. We read them as unproven. A word that
 * is in no row proves nothing either: the outcome of a change is then unknown, and it is not
 * repeated.
 */
static const struct cc_error_row errors[] = {
    /* HTTP, status word, part of the message, meaning, proof */
    {   0, "QUOTA_EXCEEDED",      "sold",                CLOUD_ESOLDOUT,     CC_REFUSED },
    {   0, "QUOTA_EXCEEDED",      "stock",               CLOUD_ESOLDOUT,     CC_REFUSED },
    {   0, "QUOTA_EXCEEDED",      NULL,                  CLOUD_EQUOTA,       CC_REFUSED },
    {   0, "RATE_LIMIT",          NULL,                  CLOUD_ETHROTTLED,   CC_REFUSED },
    { 400, NULL,                  "!load balance",       CLOUD_EBALANCE,     CC_REFUSED },
    { 400, NULL,                  "余额",                CLOUD_EBALANCE,     CC_REFUSED },
    { 400, NULL,                  "sold out",            CLOUD_ESOLDOUT,     CC_REFUSED },
    { 400, NULL,                  "out of stock",        CLOUD_ESOLDOUT,     CC_REFUSED },
    { 400, NULL,                  "售罄",                CLOUD_ESOLDOUT,     CC_REFUSED },
    {   0, "INVALID_ARGUMENT",    NULL,                  CLOUD_EINVAL,       CC_REFUSED },
    {   0, "FAILED_PRECONDITION", NULL,                  CLOUD_ESTATE,       CC_REFUSED },
    {   0, "OUT_OF_RANGE",        NULL,                  CLOUD_EINVAL,       CC_REFUSED },
    {   0, "UNAUTHENTICATED",     NULL,                  CLOUD_EAUTH,        CC_REFUSED },
    {   0, "ACCESS_ERROR",        NULL,                  CLOUD_EAUTH,        CC_REFUSED },
    {   0, "HTTP_FORBIDDEN",      NULL,                  CLOUD_EDENIED,      CC_REFUSED },
    /* deleteInstance before billing knows the instance; it works later [vendor's terraform] */
    {   0, "PERMISSION_DENIED",   "no charged resource", CLOUD_ESTATE,       CC_REFUSED },
    {   0, "PERMISSION_DENIED",   NULL,                  CLOUD_EDENIED,      CC_REFUSED },
    {   0, "NOT_FOUND",           NULL,                  CLOUD_ENOTFOUND,    CC_REFUSED },
    {   0, "ABORTED",             NULL,                  CLOUD_ECONFLICT,    CC_UNPROVEN },
    {   0, "ALREADY_EXISTS",      NULL,                  CLOUD_ECONFLICT,    CC_REFUSED },
    {   0, "CANCELLED",           NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    {   0, "UNKNOWN",             NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    {   0, "INTERNAL",            NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    /* of billing */
    {   0, "INNER_ERROR",         NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    {   0, "NOT_IMPLEMENTED",     NULL,                  CLOUD_EUNSUPPORTED, CC_UNPROVEN },
    {   0, "SOURCE_UNAVAILABLE",  NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    {   0, "UNAVAILABLE",         NULL,                  CLOUD_EVENDOR,      CC_UNPROVEN },
    /* Without a word. The table has 401 for refusals only; 429 alone may be the answer of a
     * gateway, so a change behind it is not taken for refused. */
    { 401, NULL,                  NULL,                  CLOUD_EAUTH,        CC_REFUSED },
    { 429, NULL,                  NULL,                  CLOUD_ETHROTTLED,   CC_UNPROVEN },
    /* a gateway's answer, without a word */
    { 501, NULL,                  NULL,                  CLOUD_EUNSUPPORTED, CC_UNPROVEN },
    { 0 }
};

/*
 * Rules for parameters
 *
 * Source: models "InstanceSpec", "DiskSpec", "ElasticIpSpec". Characters of three bytes and more in
 * a name are not checked here; the vendor decides about them.
 */
#define PUNCTUATION " !\"#$%&'()*+,/:;<=>?@\\^`{|}~"
#define NAME_PATTERN \
    "^[^]." PUNCTUATION "[[:cntrl:]]([^]" PUNCTUATION "[[:cntrl:]]|\\[[0-9]{1,4}\\])*$"
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME,           .min = 2, .max = 128 },
    { CC_RULE_LENGTH,  CLOUD_PARAM_DESCRIPTION,    .max = 256 },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT,          .min = 1, .max = 100 },
    { CC_RULE_PATTERN, CLOUD_PARAM_NAME,           .pattern = NAME_PATTERN,
      .text = "letters, digits, Chinese, _ - and dots, not beginning with a dot; [n] numbers "
              "the names of a batch" },
    { CC_RULE_PATTERN, CLOUD_PARAM_NAME,           .pattern = "[^.]$",
      .text = "it must not end with a dot" },
    { CC_RULE_RANGE,   CLOUD_PARAM_PUBLIC_MBPS,    .min = 1,  .max = 1000 },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB, .min = 40, .max = 500 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,     .min = 20, .max = 16000, .step = 10 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,     .min = 20, .max = 1000,  .step = 10,
      .text = "ssd" },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,     .min = 20, .max = 3000,  .step = 10,
      .text = "premium-hdd" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE,       .pattern = "^(instance_type|system_disk)$",
      .text = "it is instance_type or system_disk" },
    { 0 }
};

/* model "ChargeSpec"; page "renewInstance", timeUnit: the same lengths */
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1, 9, 0 },
    { CLOUD_PERIOD_YEAR,  1, 3, 0 },
    { 0 }
};

/* page "common parameter rules", password */
static const char *const forbidden_words[] = {
    "jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD",
    NULL
};
static const char *const keyboard_rows[] = {
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm",
    NULL
};
static const struct cc_password_policy password = {
    .min = 8,
    .max = 30,
    .classes = 3,
    .specials = "()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/",
    .forbidden = forbidden_words,
    .runs = 3,
    .keyboard = keyboard_rows,
};

/* Regions: page "Regions and availability zones"; no action lists them */

#define ZONE(id_) { .id = id_, .name = id_ }
#define REGION(id_, name_, ...) \
    { .id = id_, .name = name_, .zones = (struct cloud_zone[]){ __VA_ARGS__ }, \
      .zone_count = CC_COUNT(((struct cloud_zone[]){ __VA_ARGS__ })) }
static struct cloud_region regions[] = {
    REGION("cn-north-1", "North China - Beijing",
           ZONE("cn-north-1a"), ZONE("cn-north-1b"), ZONE("cn-north-1c")),
    REGION("cn-east-1",  "East China - Suqian",     ZONE("cn-east-1a")),
    REGION("cn-east-2",  "East China - Shanghai",   ZONE("cn-east-2a"), ZONE("cn-east-2b")),
    REGION("cn-south-1", "South China - Guangzhou", ZONE("cn-south-1a")),
    { 0 }
};
/* clang-format on */

/* Envelope: model "Err"; the vendor's SDKs go by the member "error", not by the HTTP status */

static void envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret)
{
    const struct cc_value *error = cc_value_find(root, "error");

    (void)http_status;
    ret->failed = error != NULL;
    ret->code = cc_value_text(cc_value_find(error, "status|code"));
    ret->message = cc_value_text(cc_value_find(error, "message"));
    ret->request_id = cc_value_text(cc_value_find(root, "requestId"));
    ret->data = cc_value_find(root, "result");
}

const struct cloud_provider cc_jdcloud = {
    CLOUD_PROVIDER_INIT,
    .name = "jdcloud",
    .title = "JD Cloud",
    .services = services,
    .actions = jdcloud_actions,
    .common = common,
    .ops = jdcloud_ops,
    .errors = errors,
    .rules = rules,
    .periods = periods,
    .password = &password,
    .regions = regions,
    .currency = "CNY", /* page "calculateTotalPrice": yuan [inferred from its decimals] */
    .utc_offset_s = 8 * 3600,
    .needs_region = true,
    .sign = cc_sign_jdcloud3,
    .sign_name = "JDCLOUD3",
    .sign_other = cc_sign_jdcloud2,
    .sign_other_name = "JDCLOUD2",
    .envelope = envelope,
};
