/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity of CapitalOnline CCS: services, action catalogue, state maps, errors, rules for
 * parameters, regions and their hosts. The operations are in ops.c.
 */
#include "providers/capitalonline_ccs/ccs.h"

#include <string.h>

/* clang-format off */

/*
 * Services and actions
 *
 * The sections of DeleteInstance, ModifyInstanceAttribute and the dedicated hosts print the host
 * api.capitalonline.net; every SDK sends these actions to the host below, and so do we.
 */
static const struct cc_service services[] = {
    [SERVICE_CCS]     = { "ccs",     "cdsapi.capitalonline.net", "/ccs",     "2019-08-08" },
    [SERVICE_NETWORK] = { "network", "cdsapi.capitalonline.net", "/network", "2019-08-08" },
    { 0 }
};

#define CCS_ACTION(name_, service_, effect_, method_, about_, ...) \
    [CCS_##name_] = \
        CAPITALONLINE_ACTION(#name_, SERVICE_##service_, effect_, method_, about_, __VA_ARGS__),
const struct cc_action ccs_actions[] = {
#include "providers/capitalonline_ccs/actions.def"
    [CCS_ModifyInstanceChargeType].guard = &ccs_charge_type_guard,
    [CCS__COUNT] = { 0 }, /* ends the table */
};

/* State maps: a vendor state, our state, and a reason where our state does not say it */

/*
 * Open: no table lists InstanceStatus. These are from the page's examples, the vendor's terraform
 * ("starting", "stopping", "error") and one reader in production ("creating"). Any other is
 * unknown, which no operation takes for a stable state.
 */
const struct cc_word ccs_instance_states[] = {
    { "running",  CLOUD_STATE_RUNNING,  NULL },
    { "stop",     CLOUD_STATE_STOPPED,  NULL },
    { "updating", CLOUD_STATE_UPDATING, NULL },
    { "starting", CLOUD_STATE_STARTING, NULL },
    { "stopping", CLOUD_STATE_STOPPING, NULL },
    { "error",    CLOUD_STATE_ERROR,    NULL },
    { "creating", CLOUD_STATE_CREATING, NULL },
    { 0 }
};
/* section "DescribeTask" */
const struct cc_word ccs_task_states[] = {
    { "NEW",    CLOUD_TASK_PENDING,   NULL },
    { "DOING",  CLOUD_TASK_RUNNING,   NULL },
    { "FINISH", CLOUD_TASK_SUCCEEDED, NULL },
    { "ERROR",  CLOUD_TASK_FAILED,    NULL },
    { 0 }
};
/* section "DescribeTemplateInfo". Open: only this one is printed; others are unknown */
const struct cc_word ccs_template_states[] = {
    { "normal", CLOUD_IMAGE_AVAILABLE, NULL },
    { 0 }
};

/* Other words */

/*
 * section "DescribeInstances", InstanceChargeStatus. Open: only this one is printed; others are
 * unknown
 */
const struct cc_word ccs_billing_states[] = {
    { "success", CLOUD_BILLING_ACTIVE, NULL },
    { 0 }
};
/* section "CreateInstance", InstanceChargeType */
const struct cc_word ccs_charge_modes[] = {
    { "PrePaid",  CLOUD_CHARGE_PREPAID,  NULL },
    { "PostPaid", CLOUD_CHARGE_POSTPAID, NULL },
    { 0 }
};

/*
 * Errors of pages "云主机概览" and "首云OpenAPI(v1.2)"; the first row that matches decides
 *
 * Open: the codes of an internal error and of throttling; the pages have none. A code that is in no
 * row proves nothing: the outcome of a change is then unknown, and it is not repeated.
 */

static const struct cc_error_row errors[] = {
    /* HTTP, code, part of the message, meaning, proof */
    { 0, "IncorrectInstanceStatus",                   NULL, CLOUD_ESTATE,    CC_REFUSED },
    { 0, "IncorrectVdcStatus",                        NULL, CLOUD_ESTATE,    CC_REFUSED },
    { 0, "InstanceNotFound",                          NULL, CLOUD_ENOTFOUND, CC_REFUSED },
    { 0, "VDCNotFound",                               NULL, CLOUD_ENOTFOUND, CC_REFUSED },
    /* the image */
    { 0, "InvalidLaunchTemplateVersion.NotFound",     NULL, CLOUD_ENOTFOUND, CC_REFUSED },
    { 0, "InvalidInstanceType.ValueUnauthorized",     NULL, CLOUD_EDENIED,   CC_REFUSED },
    { 0, "InvalidInstanceTypeDisk.ValueUnauthorized", NULL, CLOUD_EDENIED,   CC_REFUSED },
    { 0, "InvalidPrivateIpAddress.Duplicated",        NULL, CLOUD_ECONFLICT, CC_REFUSED },
    { 0, "InvalidPublicIpAddress.Duplicated",         NULL, CLOUD_ECONFLICT, CC_REFUSED },
    { 0, "InvalidIp.IpAssigned",                      NULL, CLOUD_ECONFLICT, CC_REFUSED },
    { 0, "NotEnoughBalance",                          NULL, CLOUD_EBALANCE,  CC_REFUSED },
    { 0, "Account.Arrearage",                         NULL, CLOUD_EBALANCE,  CC_REFUSED },
    { 0, "Zone.NotOnSale",                            NULL, CLOUD_ESOLDOUT,  CC_REFUSED },
    { 0, "Region.NotOnSale",                          NULL, CLOUD_ESOLDOUT,  CC_REFUSED },
    { 0, "QuotaExceed*",                              NULL, CLOUD_EQUOTA,    CC_REFUSED },
    { 0, "InvalidAccessKeyId",                        NULL, CLOUD_EAUTH,     CC_REFUSED },
    /* ids, names, passwords, addresses, sizes: HTTP 400, and 403 for some */
    { 0, "Invalid*",                                  NULL, CLOUD_EINVAL,    CC_REFUSED },
    /* sic */
    { 0, "IncompleteParamter",                        NULL, CLOUD_EINVAL,    CC_REFUSED },
    /* DeleteTag: in use */
    { 0, "20101",                                     NULL, CLOUD_ESTATE,    CC_REFUSED },
    CAPITALONLINE_TEXT_ERRORS,
    CAPITALONLINE_COMMON_ERRORS,
    { 0 }
};

/*
 * Rules for parameters
 *
 * Source: section "CreateInstance". The length of a name is that of the vendor's terraform.
 *
 * Open: the sizes of disks, which depend on the zone. The limits here are the largest sizes that
 * are printed anywhere. Steps are not checked, as the vendor's own examples break them; the vendor
 * refuses what it does not sell.
 */
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME,             .min = 1, .max = 128 },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT,            .min = 1, .max = 99 },
    { CC_RULE_ONE_OF,  CLOUD_PARAM_CPU,              .text = "1, 2, 4, 8, 10, 16, 32" },
    { CC_RULE_ONE_OF,  CLOUD_PARAM_MEMORY_GB,
      .text = "1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128" },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB,   .min = 1, .max = 500 },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,       .min = 1, .max = 4000 },
    { CC_RULE_PATTERN, CLOUD_PARAM_SYSTEM_DISK_TYPE, .pattern = "^(ssd_)?system_disk$",
      .text = "it is system_disk or ssd_system_disk" },
    { CC_RULE_PATTERN, CLOUD_PARAM_INSTANCE_ID,      .pattern = "^[^,]+$",
      .text = "it is one id; a comma would make it several" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE,         .pattern = "^(instance_type|system_disk)$",
      .text = "it is instance_type or system_disk" },
    { CC_RULE_PATTERN, CLOUD_PARAM_IMAGE_SOURCE,     .pattern = "^(public|private)$",
      .text = "it is public or private" },
    { 0 }
};

/*
 * Open: the maximum of PrepaidMonth. We allow the lengths of ECS and of dedicated hosts; a length
 * that the vendor does not sell is refused there.
 */
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1,  12, 0 },
    { CLOUD_PERIOD_MONTH, 24, 24, 0 },
    { CLOUD_PERIOD_MONTH, 36, 36, 0 },
    { CLOUD_PERIOD_YEAR,  1,  3,  0 },
    { 0 }
};

/*
 * Regions: page "附件一". A RegionId of this vendor is a zone at other vendors. Here each one is a
 * region whose only zone is itself.
 */
#define REGION_WITH_STOCK(id_, name_, stock_) \
    { .id = id_, .name = name_, .zone_count = 1, \
      .zones = (struct cloud_zone[]){ { id_, name_, stock_ } } }
#define REGION(id_, name_)          REGION_WITH_STOCK(id_, name_, CLOUD_STOCK_UNKNOWN)
#define REGION_OFF_SALE(id_, name_) REGION_WITH_STOCK(id_, name_, CLOUD_STOCK_SOLD_OUT)
static struct cloud_region regions[] = {
    /* 中国大陆 */
    REGION("CN_Beijing_A",      "北京A"),
    REGION("CN_Beijing_B",      "北京B"),
    REGION("CN_Beijing_C",      "北京C"),
    REGION("CN_Beijing_E",      "北京E"),
    REGION("CN_Beijing_H",      "北京H"),
    REGION("CN_Beijing_I",      "北京I"),
    REGION("CN_Beijing_J",      "北京J"),
    REGION("CN_Beijing_Y",      "北京Y"),
    REGION("CN_Beijing_Z",      "北京Z"),
    REGION("CN_Guangzhou_A",    "广州A"),
    REGION("CN_Shanghai_A",     "上海A"),
    REGION("CN_Shanghai_C",     "上海C"),
    REGION("CN_Shanghai_D",     "上海D"),
    REGION("CN_Taipei_A",       "台北A"),
    REGION("CN_Wuxi_A",         "无锡A"),
    REGION("CN_Wuxi_B",         "无锡B"),
    REGION("CN_Hongkong_A",     "香港A"),
    REGION("CN_Huhehaote_A",    "呼和浩特A"),
    REGION("CN_Huhehaote_B",    "呼和浩特B"),
    REGION("CN_Suzhou_A",       "苏州A"),
    REGION("CN_Changsha_A",     "长沙A"),
    REGION("CN_Suqian_B",       "宿迁B"),
    /* 北美地区 */
    REGION("US_Dallas_A",       "达拉斯A"),
    REGION("US_Dallas_B",       "达拉斯B"),
    REGION("US_Dallas_C",       "达拉斯C"),
    REGION("US_Dallas_D",       "达拉斯D"),
    REGION("US_Dallas_E",       "达拉斯E"),
    REGION("US_Dallas_F",       "达拉斯F"),
    REGION("US_Dallas_G",       "达拉斯G"),
    REGION("US_Dallas_H",       "达拉斯H"),
    REGION("US_Dallas_I",       "达拉斯I"),
    REGION("US_Dallas_J",       "达拉斯J"),
    REGION("US_Dallas_L",       "达拉斯L"),
    REGION("US_Dallas_N",       "达拉斯N"),
    REGION("US_Miami_A",        "迈阿密A"),
    REGION("US_LosAngeles_A",   "洛杉矶A"),
    REGION("US_Virginia_A",     "弗吉尼亚A"),
    /* 欧洲地区 */
    REGION("EUR_Germany_A",     "德国A"),
    REGION("EUR_Germany_B",     "德国B"),
    REGION("EUR_Germany_C",     "德国C"),
    REGION("EUR_Netherlands_A", "荷兰A"),
    REGION("EUR_Marseilles_A",  "马赛A"),
    /* 亚太地区 */
    REGION("APAC_Tokyo_A",      "东京A"),
    REGION("APAC_Seoul_A",      "首尔A"),
    REGION("APAC_Singapore_A",  "新加坡A"),
    REGION("APAC_Singapore_B",  "新加坡B"),
    REGION("APAC_Singapore_C",  "新加坡C"),
    REGION("APAC_Singapore_D",  "新加坡D"),
    REGION("APAC_SGSIN_E",      "新加坡E"),
    REGION("APAC_Mumbai_A",     "孟买A"),
    REGION_OFF_SALE("APAC_Mumbai_B",     "孟买B(已下线)"),
    REGION("APAC_Mumbai_C",     "孟买C"),
    REGION("APAC_Jakarta_A",    "雅加达A"),
    REGION("APAC_HoChiMinh_A",  "胡志明A"),
    /* 南美地区 */
    REGION("SR_SaintPaul_A",    "圣保罗A"),
    { 0 }
};
/* clang-format on */

/*
 * page "endpoints": the area of the region selects the host. Open: South America's; the default is
 * used
 */
static const char *host(const struct cc_service *service, const char *region)
{
    static const char *const hosts[][2] = {
        { "APAC_", "cdsapi-asia.capitalonline.net" },
        { "EUR_", "cdsapi-us.capitalonline.net" },
        { "US_", "cdsapi-us.capitalonline.net" },
    };

    for (size_t i = 0; region && i < CC_COUNT(hosts); i++) {
        if (!cc_ascii_ncasecmp(region, hosts[i][0], strlen(hosts[i][0])))
            return hosts[i][1];
    }
    return service->host;
}

const struct cloud_provider cc_capitalonline_ccs = {
    CLOUD_PROVIDER_INIT,
    .name = "capitalonline_ccs",
    .title = "CapitalOnline CCS",
    .services = services,
    .actions = ccs_actions,
    .ops = ccs_ops,
    .errors = errors,
    .rules = rules,
    .periods = periods,
    .password = &capitalonline_password,
    .regions = regions,
    .currency = "CNY", /* section "DescribeInstancePrice" names none [inferred: that of ECS] */
    .utc_offset_s = CAPITALONLINE_UTC_OFFSET_S,
    .no_expiry = CAPITALONLINE_NO_EXPIRY,
    .zone_is_region = true,
    .sign = cc_sign_capitalonline,
    .sign_name = "HMAC-SHA1",
    .envelope = capitalonline_envelope,
    .host = host,
};
