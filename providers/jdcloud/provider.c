/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud, who it is: services, catalogue, words, errors, rules, regions, envelope. What it does
 * is in ops.c. */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */
static const struct cc_service services[] = {
    [JDCLOUD_VM]      = { .name = "vm",      .host = "vm.jdcloud-api.com",      .path = "/v1" },
    [JDCLOUD_DISK]    = { .name = "disk",    .host = "disk.jdcloud-api.com",    .path = "/v1" },
    [JDCLOUD_RENEWAL] = { .name = "renewal", .host = "renewal.jdcloud-api.com", .path = "/v2" },
    [JDCLOUD_BILLING] = { .name = "billing", .host = "billing.jdcloud-api.com", .path = "/v1" },
    [JDCLOUD_ORDER]   = { .name = "order",   .host = "order.jdcloud-api.com",   .path = "/v2" },
    { 0 }
};

static const struct cc_arg common[] = { CC_ARG_OF_REGION("regionId"), { 0 } };

#define PATH(name_)      { .name = name_, .where = CC_PATH, .required = true }
#define Q(name_, type_)  { .name = name_, .where = CC_QUERY, .type = CC_##type_ }
#define QR(name_, type_) { .name = name_, .where = CC_QUERY, .type = CC_##type_, .required = true }
#define B(name_, type_)  { .name = name_, .type = CC_##type_ }
#define BR(name_, type_) { .name = name_, .type = CC_##type_, .required = true }
/* may stand for a required one */
#define QI(name_, type_, instead_) { .name = name_, .where = CC_QUERY, .type = CC_##type_, .instead = instead_ }
#define HIDDEN(name_)    { .name = name_, .secret = true }
#define SECRET(name_)    { .name = name_, .required = true, .secret = true }
#define JDCLOUD_ACTION(name_, service_, effect_, method_, path_, token_, about_, ...)                                \
    [JDCLOUD_##name_] = { .name = #name_, .service = JDCLOUD_##service_, .effect = CLOUD_##effect_,                  \
                          .method = method_, .path = "/regions/{regionId}" path_, .token = token_, .about = about_,  \
                          .params = (const struct cc_action_param[]){ PATH("regionId"), __VA_ARGS__, { 0 } } },
const struct cc_action jdcloud_actions[] = {
#include "providers/jdcloud/actions.def"
    [JDCLOUD__COUNT] = { 0 }, /* ends the table */
};

#define V(word, state) { word, CLOUD_STATE_##state, NULL }
#define D(word, state) { word, CLOUD_DISK_##state, NULL }
/* pages "Vm_Status" and "lifecycle"; the status page misprints rebuildin */
const struct cc_word jdcloud_instance_states[] = {
    V("pending", CREATING), V("starting", STARTING), V("running", RUNNING), V("stopping", STOPPING), V("stopped", STOPPED), V("rebooting", REBOOTING),
    V("reboot", REBOOTING), V("deleting", DELETING), V("terminated", DELETED), V("error", ERROR), { "resizing", CLOUD_STATE_UPDATING, "changing size" },
    { "rebuilding", CLOUD_STATE_UPDATING, "installing an image" }, { "rebuildin", CLOUD_STATE_UPDATING, "installing an image" }, { 0 }
};
/* model "Disk", status */
const struct cc_word jdcloud_disk_states[] = {
    D("creating", CREATING), D("available", AVAILABLE), D("in-use", IN_USE), D("deleting", DELETING), D("deleted", DELETED),
    { "extending",     CLOUD_DISK_UPDATING, "extending" },                   { "restoring",    CLOUD_DISK_UPDATING, "restoring a snapshot" },
    { "in-recyclebin", CLOUD_DISK_DELETED,  "in the recycle bin" },          { "error_create", CLOUD_DISK_ERROR,    "creation failed" },
    { "error_restore", CLOUD_DISK_ERROR,    "restoring a snapshot failed" }, { "error_delete", CLOUD_DISK_ERROR,    "deletion failed" },
    { "error_extend",  CLOUD_DISK_ERROR,    "extending failed" },            { 0 }
};
/* model "InstanceDiskAttachment", status */
const struct cc_word jdcloud_attachment_states[] = {
    D("attaching", ATTACHING), D("attached", IN_USE), D("detaching", DETACHING), D("detached", AVAILABLE),
    { "error_attach", CLOUD_DISK_ERROR, "attaching failed" }, { "error_detach", CLOUD_DISK_ERROR, "detaching failed" }, { 0 }
};
/* page "Image_Status" */
const struct cc_word jdcloud_image_states[] = {
    { "pending",  CLOUD_IMAGE_CREATING, NULL }, { "ready", CLOUD_IMAGE_AVAILABLE, NULL },
    { "deleting", CLOUD_IMAGE_DELETING, NULL }, { "error", CLOUD_IMAGE_ERROR,     NULL }, { 0 }
};
/* model "Charge", chargeStatus and chargeMode */
const struct cc_word jdcloud_billing_states[] = {
    { "normal", CLOUD_BILLING_ACTIVE, NULL }, { "overdue", CLOUD_BILLING_OVERDUE, NULL }, { "arrear", CLOUD_BILLING_ARREARS, NULL }, { 0 }
};
const struct cc_word jdcloud_charge_modes[] = {
    { "prepaid_by_duration", CLOUD_CHARGE_PREPAID,  NULL }, { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL },
    { "postpaid_by_usage",   CLOUD_CHARGE_POSTPAID, NULL }, { "postpaid_by_spot",     CLOUD_CHARGE_SPOT,     NULL }, { 0 }
};

/*
 * The common error table, by its words: an answer may come with an error behind HTTP 200, as the vendor's own SDKs
 * expect. 429 is quota or throttling, told apart by the word. No word is documented for lack of balance or stock: the
 * message is what there is to go by, in Chinese or English. Below the words, what a gateway answers without one.
 */
#define E(code, means) { 0, code, NULL, CLOUD_E##means }
#define TOLD(http, code, part, means) { http, code, part, CLOUD_E##means }
static const struct cc_error_row errors[] = {
    TOLD(0, "QUOTA_EXCEEDED", "sold", SOLDOUT), TOLD(0, "QUOTA_EXCEEDED", "stock", SOLDOUT), E("QUOTA_EXCEEDED", QUOTA), E("RATE_LIMIT", THROTTLED),
    TOLD(400, NULL, "balance", BALANCE), TOLD(400, NULL, "余额", BALANCE),
    TOLD(400, NULL, "sold out", SOLDOUT), TOLD(400, NULL, "out of stock", SOLDOUT), TOLD(400, NULL, "售罄", SOLDOUT),
    E("INVALID_ARGUMENT", INVAL), E("FAILED_PRECONDITION", STATE), E("OUT_OF_RANGE", INVAL), E("UNAUTHENTICATED", AUTH), E("ACCESS_ERROR", AUTH),
    E("HTTP_FORBIDDEN", DENIED), TOLD(0, "PERMISSION_DENIED", "no charged resource", STATE), /* deleteInstance before billing knows it; it works later */
    E("PERMISSION_DENIED", DENIED), E("NOT_FOUND", NOTFOUND), E("ABORTED", CONFLICT), E("ALREADY_EXISTS", CONFLICT), E("CANCELLED", VENDOR),
    E("UNKNOWN", VENDOR), E("INTERNAL", VENDOR), E("INNER_ERROR", VENDOR), /* billing's */ E("NOT_IMPLEMENTED", UNSUPPORTED),
    E("SOURCE_UNAVAILABLE", VENDOR), E("UNAVAILABLE", VENDOR), TOLD(501, NULL, NULL, UNSUPPORTED), { 0 }
};

/* models "InstanceSpec", "DiskSpec", "ElasticIpSpec"; 3-byte and longer characters are the vendor's to judge */
#define ODD " !\"#$%&'()*+,/:;<=>?@\\^`{|}~"
#define R(kind_, PARAM, ...) { .kind = CC_RULE_##kind_, .param = CLOUD_PARAM_##PARAM, __VA_ARGS__ }
static const struct cc_rule rules[] = {
    R(LENGTH, NAME, .min = 2, .max = 128), R(LENGTH, DESCRIPTION, .max = 256), R(RANGE, COUNT, .min = 1, .max = 100),
    R(PATTERN, NAME, .pattern = "^[^]." ODD "[[:cntrl:]]([^]" ODD "[[:cntrl:]]|\\[[0-9]{1,4}\\])*$",
      .text = "letters, digits, Chinese, _ - and dots, not beginning with a dot; [n] numbers several"),
    R(PATTERN, NAME, .pattern = "[^.]$", .text = "it must not end with a dot"), R(RANGE, PUBLIC_MBPS, .min = 1, .max = 1000),
    R(RANGE, SYSTEM_DISK_GB, .min = 40, .max = 500), R(RANGE, DATA_DISKS, .min = 20, .max = 16000, .step = 10),
    R(RANGE, DATA_DISKS, .min = 20, .max = 1000, .step = 10, .text = "ssd"), R(RANGE, DATA_DISKS, .min = 20, .max = 3000, .step = 10, .text = "premium-hdd"),
    R(PATTERN, RESOURCE, .pattern = "^(instance_type|system_disk)$", .text = "it is instance_type or system_disk"), { 0 }
};

/* model "ChargeSpec" and renewal's timeUnit: the same lengths */
static const struct cc_allowed_period periods[] = { { CLOUD_PERIOD_MONTH, 1, 9, 0 }, { CLOUD_PERIOD_YEAR, 1, 3, 0 }, { 0 } };

/* "common parameter rules", password */
static const char *const forbidden[] = { "jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD", NULL };
static const char *const keyboard[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm", NULL };
static const struct cc_password_policy password = {
    .min = 8, .max = 30, .classes = 3, .specials = "()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/",
    .forbidden = forbidden, .runs = 3, .keyboard = keyboard,
};

/* pages "Regions and availability zones"; no action lists them */
#define ZONE(id_) { .id = id_, .name = id_ }
#define REGION(id_, name_, ...) \
    { .id = id_, .name = name_, .zones = (struct cloud_zone[]){ __VA_ARGS__ }, .zone_count = CC_COUNT(((struct cloud_zone[]){ __VA_ARGS__ })) }
static struct cloud_region regions[] = {
    REGION("cn-north-1", "North China - Beijing", ZONE("cn-north-1a"), ZONE("cn-north-1b"), ZONE("cn-north-1c")),
    REGION("cn-east-1", "East China - Suqian", ZONE("cn-east-1a")),
    REGION("cn-east-2", "East China - Shanghai", ZONE("cn-east-2a"), ZONE("cn-east-2b")),
    REGION("cn-south-1", "South China - Guangzhou", ZONE("cn-south-1a")),
    { 0 }
};
/* clang-format on */

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
    .currency = "CNY", /* billing, calculateTotalPrice: yuan [inferred from its decimals] */
    .utc_offset_s = 8 * 3600,
    .needs_region = true,
    .sign = cc_sign_jdcloud3,
    .sign_name = "JDCLOUD3",
    .sign_other = cc_sign_jdcloud2,
    .sign_other_name = "JDCLOUD2",
    .envelope = envelope,
};
