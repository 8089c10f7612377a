/* SPDX-License-Identifier: Apache-2.0 */
/* CapitalOnline CCS, who it is: services, catalogue, words, errors, rules, places. What it does is
 * in ops.c. */
#include "providers/capitalonline_ccs/ccs.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
#define HIDDEN(name_) { .name = name_, .secret = true }
#define CCS_ACTION(name_, service_, effect_, method_, about_, ...) \
    [CCS_##name_] = CAPITALONLINE_ACTION(#name_, SERVICE_##service_, effect_, method_, about_, __VA_ARGS__),
const struct cc_action capitalonline_ccs_actions[] = {
#include "providers/capitalonline_ccs/actions.def"
    [CCS_ModifyInstanceChargeType].guard = &capitalonline_ccs_charge_guard,
    [CCS__COUNT] = { 0 }, /* ends the table */
};

/* DeleteInstance, ModifyInstanceAttribute and the dedicated hosts print api.capitalonline.net: every SDK sends them here */
static const struct cc_service services[] = {
    [SERVICE_CCS]     = { "ccs",     "cdsapi.capitalonline.net", "/ccs",     "2019-08-08" },
    [SERVICE_NETWORK] = { "network", "cdsapi.capitalonline.net", "/network", "2019-08-08" },
    { 0 }
};

/* no table lists InstanceStatus: the words of the page's examples, of the vendor's terraform, of one reader in production */
const struct cc_word capitalonline_ccs_states[] = {
    { "running",  CLOUD_STATE_RUNNING,  NULL }, { "stop",     CLOUD_STATE_STOPPED,  NULL },
    { "updating", CLOUD_STATE_UPDATING, NULL }, { "starting", CLOUD_STATE_STARTING, NULL },
    { "stopping", CLOUD_STATE_STOPPING, NULL }, { "creating", CLOUD_STATE_CREATING, NULL },
    { "error",    CLOUD_STATE_ERROR,    NULL }, { 0 }
};
const struct cc_word capitalonline_ccs_billing[] = { { "success", CLOUD_BILLING_ACTIVE, NULL }, { 0 } };
const struct cc_word capitalonline_ccs_charge_modes[] = {
    { "PrePaid", CLOUD_CHARGE_PREPAID, NULL }, { "PostPaid", CLOUD_CHARGE_POSTPAID, NULL }, { 0 }
};

static const struct cc_error_row errors[] = {
    { 0, "IncorrectInstanceStatus",   NULL, CLOUD_ESTATE },    { 0, "IncorrectVdcStatus",    NULL, CLOUD_ESTATE },
    { 0, "InstanceNotFound",          NULL, CLOUD_ENOTFOUND }, { 0, "VDCNotFound",           NULL, CLOUD_ENOTFOUND },
    { 0, "InvalidLaunchTemplateVersion.NotFound", NULL, CLOUD_ENOTFOUND }, /* the image */
    { 0, "InvalidInstanceType.ValueUnauthorized",     NULL, CLOUD_EDENIED },
    { 0, "InvalidInstanceTypeDisk.ValueUnauthorized", NULL, CLOUD_EDENIED },
    { 0, "InvalidPrivateIpAddress.Duplicated", NULL, CLOUD_ECONFLICT },
    { 0, "InvalidPublicIpAddress.Duplicated",  NULL, CLOUD_ECONFLICT },
    { 0, "InvalidIp.IpAssigned",      NULL, CLOUD_ECONFLICT },
    { 0, "NotEnoughBalance",          NULL, CLOUD_EBALANCE },  { 0, "Account.Arrearage",     NULL, CLOUD_EBALANCE },
    { 0, "Zone.NotOnSale",            NULL, CLOUD_ESOLDOUT },  { 0, "Region.NotOnSale",      NULL, CLOUD_ESOLDOUT },
    { 0, "QuotaExceed*",              NULL, CLOUD_EQUOTA },    { 0, "InvalidAccessKeyId",    NULL, CLOUD_EAUTH },
    { 0, "Invalid*",                  NULL, CLOUD_EINVAL }, /* ids, names, passwords, addresses, sizes: 400, and 403 for some */
    { 0, "IncompleteParamter",        NULL, CLOUD_EINVAL },    { 0, "20101",                 NULL, CLOUD_ESTATE }, /* DeleteTag: in use */
    CAPITALONLINE_AUTH_ERRORS,
    { 0 }
};

/*
 * Page "CreateInstance"; the name's length is terraform's. What disks may measure is the zone's to say: here stand the
 * largest sizes that are printed anywhere, and steps are the vendor's to judge, as its own examples break them.
 */
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME, .min = 1, .max = 128 },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT, .min = 1, .max = 99 },
    { CC_RULE_ONE_OF,  CLOUD_PARAM_CPU, .text = "1, 2, 4, 8, 10, 16, 32" },
    { CC_RULE_ONE_OF,  CLOUD_PARAM_MEMORY_GB, .text = "1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128" },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB, .min = 1, .max = 500 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 1, .max = 4000 },
    { CC_RULE_PATTERN, CLOUD_PARAM_SYSTEM_DISK_TYPE, .pattern = "^(ssd_)?system_disk$", .text = "it is system_disk or ssd_system_disk" },
    { CC_RULE_PATTERN, CLOUD_PARAM_INSTANCE_ID, .pattern = "^[^,]+$", .text = "it is one id: a comma would make it several" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE, .pattern = "^(instance_type|system_disk)$", .text = "it is instance_type or system_disk" },
    { CC_RULE_PATTERN, CLOUD_PARAM_IMAGE_SOURCE, .pattern = "^(public|private)$", .text = "it is public or private" },
    { 0 }
};

/* no maximum of PrepaidMonth is printed: that of its neighbours, ECS and dedicated hosts */
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1, 12, 0 }, { CLOUD_PERIOD_MONTH, 24, 24, 0 }, { CLOUD_PERIOD_MONTH, 36, 36, 0 }, { CLOUD_PERIOD_YEAR, 1, 3, 0 }, { 0 }
};

/* Appendix 1. What the vendor calls a RegionId is what others call a zone: each is a region whose only zone is itself. */
#define PLACE(id_, name_, stock_) { .id = id_, .name = name_, .zones = (struct cloud_zone[]){ { id_, name_, stock_ } }, .zone_count = 1 }
#define R(id_, name_) PLACE(id_, name_, CLOUD_STOCK_UNKNOWN)
static struct cloud_region places[] = {
    R("CN_Beijing_A", "北京A"), R("CN_Beijing_B", "北京B"), R("CN_Beijing_C", "北京C"), R("CN_Beijing_E", "北京E"), R("CN_Beijing_H", "北京H"),
    R("CN_Beijing_I", "北京I"), R("CN_Beijing_J", "北京J"), R("CN_Beijing_Y", "北京Y"), R("CN_Beijing_Z", "北京Z"), R("CN_Guangzhou_A", "广州A"),
    R("CN_Shanghai_A", "上海A"), R("CN_Shanghai_C", "上海C"), R("CN_Shanghai_D", "上海D"), R("CN_Taipei_A", "台北A"), R("CN_Wuxi_A", "无锡A"),
    R("CN_Wuxi_B", "无锡B"), R("CN_Hongkong_A", "香港A"), R("CN_Huhehaote_A", "呼和浩特A"), R("CN_Huhehaote_B", "呼和浩特B"),
    R("CN_Suzhou_A", "苏州A"), R("CN_Changsha_A", "长沙A"), R("CN_Suqian_B", "宿迁B"), R("US_Dallas_A", "达拉斯A"), R("US_Dallas_B", "达拉斯B"),
    R("US_Dallas_C", "达拉斯C"), R("US_Dallas_D", "达拉斯D"), R("US_Dallas_E", "达拉斯E"), R("US_Dallas_F", "达拉斯F"), R("US_Dallas_G", "达拉斯G"),
    R("US_Dallas_H", "达拉斯H"), R("US_Dallas_I", "达拉斯I"), R("US_Dallas_J", "达拉斯J"), R("US_Dallas_L", "达拉斯L"), R("US_Dallas_N", "达拉斯N"),
    R("US_Miami_A", "迈阿密A"), R("US_LosAngeles_A", "洛杉矶A"), R("US_Virginia_A", "弗吉尼亚A"), R("EUR_Germany_A", "德国A"),
    R("EUR_Germany_B", "德国B"), R("EUR_Germany_C", "德国C"), R("EUR_Netherlands_A", "荷兰A"), R("EUR_Marseilles_A", "马赛A"),
    R("APAC_Tokyo_A", "东京A"), R("APAC_Seoul_A", "首尔A"), R("APAC_Singapore_A", "新加坡A"), R("APAC_Singapore_B", "新加坡B"),
    R("APAC_Singapore_C", "新加坡C"), R("APAC_Singapore_D", "新加坡D"), R("APAC_SGSIN_E", "新加坡E"), R("APAC_Mumbai_A", "孟买A"),
    PLACE("APAC_Mumbai_B", "孟买B(已下线)", CLOUD_STOCK_SOLD_OUT), /* taken off sale */
    R("APAC_Mumbai_C", "孟买C"), R("APAC_Jakarta_A", "雅加达A"), R("APAC_HoChiMinh_A", "胡志明A"), R("SR_SaintPaul_A", "圣保罗A"),
    { 0 }
};
/* clang-format on */

/* page "endpoints": the area picks the host; South America's is not said */
static const char *host(const struct cc_service *service, const char *region)
{
    static const char *const hosts[][2] = {
        { "APAC_", "cdsapi-asia.capitalonline.net" },
        { "EUR_", "cdsapi-us.capitalonline.net" },
        { "US_", "cdsapi-us.capitalonline.net" },
    };

    for (size_t i = 0; region && i < CC_COUNT(hosts); i++) {
        if (!strncasecmp(region, hosts[i][0], strlen(hosts[i][0])))
            return hosts[i][1];
    }
    return service->host;
}

const struct cloud_provider cc_capitalonline_ccs = {
    CLOUD_PROVIDER_INIT,
    .name = "capitalonline_ccs",
    .title = "CapitalOnline CCS",
    .services = services,
    .actions = capitalonline_ccs_actions,
    .ops = capitalonline_ccs_ops,
    .errors = errors,
    .rules = rules,
    .periods = periods,
    .password = &capitalonline_password,
    .regions = places,
    .currency = "CNY", /* DescribeInstancePrice names none [inferred: ECS's yuan] */
    .utc_offset_s = CAPITALONLINE_UTC_OFFSET_S,
    .no_expiry = CAPITALONLINE_NO_EXPIRY,
    .zone_is_region = true,
    .sign = cc_sign_capitalonline,
    .sign_name = "HMAC-SHA1",
    .envelope = capitalonline_envelope,
    .host = host,
};
