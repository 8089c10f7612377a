/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of what CCS sells: the zones, instance types and public images of the appendices of
 * 首云OpenAPI(v1.2), the disks of DescribeAvailableResource, and a price list of our own. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

/* clang-format off */
const struct emu_ccs_zone emu_ccs_zones[] = { /* 附件一 */
    { "CN_Beijing_A", "北京", "A", false },       { "CN_Beijing_B", "北京", "B", false },
    { "CN_Beijing_C", "北京", "C", false },       { "CN_Beijing_E", "北京", "E", false },
    { "CN_Beijing_H", "北京", "H", false },       { "CN_Beijing_I", "北京", "I", false },
    { "CN_Beijing_J", "北京", "J", false },       { "CN_Beijing_Y", "北京", "Y", false },
    { "CN_Beijing_Z", "北京", "Z", false },       { "CN_Guangzhou_A", "广州", "A", false },
    { "CN_Shanghai_A", "上海", "A", false },      { "CN_Shanghai_C", "上海", "C", false },
    { "CN_Shanghai_D", "上海", "D", false },      { "CN_Taipei_A", "台北", "A", false },
    { "CN_Wuxi_A", "无锡", "A", false },          { "CN_Wuxi_B", "无锡", "B", false },
    { "CN_Hongkong_A", "香港", "A", false },      { "CN_Huhehaote_A", "呼和浩特", "A", false },
    { "CN_Huhehaote_B", "呼和浩特", "B", false }, { "CN_Suzhou_A", "苏州", "A", false },
    { "CN_Changsha_A", "长沙", "A", false },      { "CN_Suqian_B", "宿迁", "B", false },
    { "US_Dallas_A", "达拉斯", "A", false },      { "US_Dallas_B", "达拉斯", "B", false },
    { "US_Dallas_C", "达拉斯", "C", false },      { "US_Dallas_D", "达拉斯", "D", false },
    { "US_Dallas_E", "达拉斯", "E", false },      { "US_Dallas_F", "达拉斯", "F", false },
    { "US_Dallas_G", "达拉斯", "G", false },      { "US_Dallas_H", "达拉斯", "H", false },
    { "US_Dallas_I", "达拉斯", "I", false },      { "US_Dallas_J", "达拉斯", "J", false },
    { "US_Dallas_L", "达拉斯", "L", false },      { "US_Dallas_N", "达拉斯", "N", false },
    { "US_Miami_A", "迈阿密", "A", false },       { "US_LosAngeles_A", "洛杉矶", "A", false },
    { "US_Virginia_A", "弗吉尼亚", "A", false },  { "EUR_Germany_A", "德国", "A", false },
    { "EUR_Germany_B", "德国", "B", false },      { "EUR_Germany_C", "德国", "C", false },
    { "EUR_Netherlands_A", "荷兰", "A", false },  { "EUR_Marseilles_A", "马赛", "A", false },
    { "APAC_Tokyo_A", "东京", "A", false },       { "APAC_Seoul_A", "首尔", "A", false },
    { "APAC_Singapore_A", "新加坡", "A", false }, { "APAC_Singapore_B", "新加坡", "B", false },
    { "APAC_Singapore_C", "新加坡", "C", false }, { "APAC_Singapore_D", "新加坡", "D", false },
    { "APAC_SGSIN_E", "新加坡", "E", false },     { "APAC_Mumbai_A", "孟买", "A", false },
    { "APAC_Mumbai_B", "孟买", "B", true },       { "APAC_Mumbai_C", "孟买", "C", false },
    { "APAC_Jakarta_A", "雅加达", "A", false },   { "APAC_HoChiMinh_A", "胡志明", "A", false },
    { "SR_SaintPaul_A", "圣保罗", "A", false },   { NULL, NULL, NULL, false },
};

/* [CONV] The memory that a core may have, and the monthly price of both. On demand a day costs a
 * twenty-fifth of the month (ccs_bill.c). */
static const struct emu_ccs_class any     = { 1, 8, 42000000, 15000000 };
static const struct emu_ccs_class dense   = { 1, 1, 38000000, 14000000 };
static const struct emu_ccs_class compute = { 1, 2, 45000000, 16000000 };
static const struct emu_ccs_class general = { 2, 4, 48000000, 17000000 };
static const struct emu_ccs_class memory  = { 4, 8, 50000000, 18000000 };
static const struct emu_ccs_class gpu     = { 1, 8, 260000000, 20000000 };

const struct emu_ccs_type emu_ccs_types[] = { /* 附件二; high_ccs is from terraform */
    { "IO", &any }, { "High", &any }, { "Standard", &any }, { "General", &any },
    { "Balance", &any },
    { "Compact", &any }, { "Memory", &any }, { "Exclusive", &any }, { "HighIO", &any },
    { "Compute", &any }, { "high_ccs", &any },
    { "G2_General", &general }, { "G2_Compute", &compute }, { "G2_Memory", &memory },
    { "G2L_General", &general }, { "G2L_Compute", &compute }, { "G2L_Memory", &memory },
    { "G2L_Dense", &any },
    { "CCS.IC3", &dense }, { "CCS.C3", &compute }, { "CCS.G3", &general }, { "CCS.R3", &memory },
    { "CCS.iC2", &dense }, { "CCS.C2", &compute }, { "CCS.G2", &general }, { "CCS.R2", &memory },
    { "CCS.IC1", &dense }, { "CCS.C1", &compute }, { "CCS.G1", &general }, { "CCS.R1", &memory },
    { "CCS.HFC3", &compute }, { "CCS.HFG3", &general }, { "CCS.HFR3", &memory },
    { "CCS.IC3V2", &dense }, { "CCS.C3V2", &compute }, { "CCS.G3V2", &general },
    { "CCS.R3V2", &memory },
    { "CCS.IC2V2", &dense }, { "CCS.C2V2", &compute }, { "CCS.G2V2", &general },
    { "CCS.R2V2", &memory },
    { "CCS.IC1V2", &dense }, { "CCS.C1V2", &compute }, { "CCS.G1V2", &general },
    { "CCS.R1V2", &memory },
    { "CCS.C3NE3", &compute }, { "CCS.G3NE3", &general }, { "CCS.R3NE3", &memory },
    { "CCS.G2NE", &general }, { "CCS.G1NE", &general }, { "CCS.C2NE", &compute },
    { "CCS.IC2NE", &dense },
    { "CCS.C1NE", &compute }, { "CCS.IC1NE", &dense }, { "CCS.R2NE", &memory },
    { "CCS.R1NE", &memory },
    { "CCS.IC1A", &dense }, { "CCS.HC1", &compute }, { "CCS.HG1", &general },
    { "CCS.HR1", &memory },
    { "CCS.HIC1", &dense }, { "CCS.HG3", &general }, { "CCS.HC3", &compute },
    { "CCS.HIC3", &dense },
    { "CCS.HR3", &memory },
    { "CCS.C1CL", &compute }, { "CCS.IC3CL", &dense }, { "CCS.IC1CL", &dense },
    { "CCS.IC2CL", &dense },
    { "CCS.C2CL", &compute }, { "CCS.C3CL", &compute }, { "CCS.G3CL", &general },
    { "CCS.G2CL", &general },
    { "CCS.R3CL", &memory }, { "CCS.R2CL", &memory }, { "CCS.GC3", &gpu },
    { NULL, NULL },
};

/* Sizes from the example of DescribeAvailableResource. Prices: ours. */
const struct emu_ccs_disk emu_ccs_disks[] = {
    { "high_disk",       false, 100, 4000, 100, 300000, 1000, false },
    { "ssd_disk",        false, 50,  4000, 50,  800000, 3000, true },
    { "system_disk",     true,  0,   500,  10,  300000, 600,  false },
    { "ssd_system_disk", true,  0,   500,  10,  800000, 3000, true },
    { NULL, false, 0, 0, 0, 0, 0, false },
};
const int64_t emu_ccs_pack_month = 5000000;
const int64_t emu_ccs_pack_iops = 1000;

const char *const emu_ccs_images[] = { /* 附件四 */
    "AnolisOS_8.6_64", "RockyLinux_9.3_64", "RockyLinux_9.0_64", "RockyLinux_8.6_64",
    "RockyLinux_8.5_64", "Centos_Stream_8", "Centos_8.2_64", "Centos_8.1_64", "Centos_8.0_64",
    "Centos_7.9_64", "Centos_7.8_64", "Centos_7.6_64", "Centos_7.5_64", "Centos_7.4_64",
    "Centos_7.3_64", "Centos_7.2_64", "Centos_6.10_64", "Centos_6.9_64", "Centos_6.8_64",
    "Centos_6.7_64", "Centos_6.6_64", "Centos_6.5_64", "Centos_6.4_64", "Centos_5.9_64",
    "Debian_12.4_64", "Debian_11.3_64", "Debian_10.2_64", "Debian_9.11_64", "Debian_9.8_64",
    "Debian_8.11_64", "Debian_8.1_64", "Debian_7.4_64", "Redhat_7.4_64", "Redhat_6.5_64",
    "Ubuntu_22.04_64", "Ubuntu_20.04_64", "Ubuntu_18.04_64", "Ubuntu_16.04_64", "Ubuntu_14.04_64",
    "Windows_2019_Datacenter_64_CN", "Windows_2019_Datacenter_64_EN",
    "Windows_2016_Datacenter_64_EN", "Windows_2016_Datacenter_64_CN",
    "Windows_2012_Standard_64_EN", "Windows_2012_Standard_64_CN",
    "Windows_2012_R2_Standard_64_EN", "Windows_2012_R2_Standard_64_CN",
    "Windows_2012_R2_Datacenter_64_EN", "Windows_2012_R2_Datacenter_64_CN",
    "Windows_2012_Datacenter_64_EN", "Windows_2012_Datacenter_64_CN",
    "Windows_2008_R2_Enterprise_64_CN", NULL,
};

const int64_t emu_ccs_cpus[] = { 1, 2, 4, 8, 10, 16, 32, 0 };
const int64_t emu_ccs_rams[] = { 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 0 };
/* clang-format on */

const struct emu_ccs_zone *emu_ccs_zone(const char *id)
{
    for (const struct emu_ccs_zone *zone = emu_ccs_zones; id && zone->id; zone++) {
        if (emu_ascii_casecmp(zone->id, id) == 0)
            return zone;
    }
    return NULL;
}

const struct emu_ccs_type *emu_ccs_type(const char *id)
{
    for (const struct emu_ccs_type *type = emu_ccs_types; id && type->id; type++) {
        if (strcmp(type->id, id) == 0)
            return type;
    }
    return NULL;
}

const struct emu_ccs_disk *emu_ccs_disk(const char *id)
{
    for (const struct emu_ccs_disk *disk = emu_ccs_disks; id && disk->id; disk++) {
        if (strcmp(disk->id, id) == 0)
            return disk;
    }
    return NULL;
}

const char *emu_ccs_image(const char *name)
{
    for (size_t i = 0; name && emu_ccs_images[i]; i++) {
        if (strcmp(emu_ccs_images[i], name) == 0)
            return emu_ccs_images[i];
    }
    return NULL;
}

int64_t emu_ccs_image_disk_gb(const char *image)
{
    /* 20 is terraform's default; [CONV] Windows needs twice that. */
    return strncmp(image, "Windows", strlen("Windows")) == 0 ? 40 : 20;
}

static bool among(const int64_t *list, int64_t number)
{
    while (*list && *list != number)
        list++;
    return *list != 0;
}

bool emu_ccs_size_sold(const struct emu_ccs_type *type, int64_t cpu, int64_t ram)
{
    return among(emu_ccs_cpus, cpu) && among(emu_ccs_rams, ram) &&
           ram >= cpu * type->sold_as->least_ram && ram <= cpu * type->sold_as->most_ram;
}

const char *emu_ccs_zone_name(struct emu_world *world, const struct emu_ccs_zone *zone)
{
    return emu_text(world, "%s-可用区%s", zone->city, zone->letter);
}
