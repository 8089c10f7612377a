/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud, who it is: services, signing, envelope, rules. What it does is in ops.c, its words in words.c. */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */
static const struct cc_service services[] = {
    [JDCLOUD_VM]      = { .name = "vm",      .host = "vm.jdcloud-api.com",      .path = "/v1" },
    [JDCLOUD_DISK]    = { .name = "disk",    .host = "disk.jdcloud-api.com",    .path = "/v1" },
    [JDCLOUD_RENEWAL] = { .name = "renewal", .host = "renewal.jdcloud-api.com", .path = "/v2" },
    [JDCLOUD_BILLING] = { .name = "billing", .host = "billing.jdcloud-api.com", .path = "/v1" },
    { 0 }
};

static const struct cc_arg common[] = { CC_ARG_OF_REGION("regionId"), { 0 } };

/* models "InstanceSpec", "DiskSpec", "ElasticIpSpec"; 3-byte and longer characters are the vendor's to judge */
#define ODD " !\"#$%&'()*+,/:;<=>?@\\^`{|}~"
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME, .min = 2, .max = 128 },
    { CC_RULE_PATTERN, CLOUD_PARAM_NAME, .pattern = "^[^]." ODD "[[:cntrl:]]([^]" ODD "[[:cntrl:]]|\\[[0-9]{1,4}\\])*$",
      .text = "letters, digits, Chinese, _ - and dots, not beginning with a dot; [n] numbers several" },
    { CC_RULE_PATTERN, CLOUD_PARAM_NAME, .pattern = "[^.]$", .text = "it must not end with a dot" },
    { CC_RULE_LENGTH,  CLOUD_PARAM_DESCRIPTION, .max = 256 },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT, .min = 1, .max = 100 },
    { CC_RULE_RANGE,   CLOUD_PARAM_PUBLIC_MBPS, .min = 1, .max = 1000 },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB, .min = 40, .max = 500 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 20, .max = 16000, .step = 10 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 20, .max = 1000, .step = 10, .text = "ssd" },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 20, .max = 3000, .step = 10, .text = "premium-hdd" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE, .pattern = "^(instance_type|system_disk)$",
      .text = "it is instance_type or system_disk" },
    { 0 }
};

/* model "ChargeSpec" and renewal's timeUnit: the same lengths */
static const struct cc_legal_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1, 9, 0 },
    { CLOUD_PERIOD_YEAR,  1, 3, 0 },
    { 0 }
};

/* "common parameter rules", password */
static const char *const forbidden[] = {
    "jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD", NULL
};
static const char *const keyboard[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm", NULL };
static const struct cc_password_policy password = {
    .min = 8, .max = 30, .classes = 3, .specials = "()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/",
    .forbidden = forbidden, .runs = 3, .keyboard = keyboard,
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
    .errors = jdcloud_errors,
    .rules = rules,
    .periods = periods,
    .password = &password,
    .currency = "CNY", /* billing, calculateTotalPrice: yuan [inferred from its decimals] */
    .utc_offset_s = 8 * 3600,
    .needs_region = true,
    .sign = cc_sign_jdcloud3,
    .sign_name = "JDCLOUD3",
    .sign_other = cc_sign_jdcloud2,
    .sign_other_name = "JDCLOUD2",
    .envelope = envelope,
};
