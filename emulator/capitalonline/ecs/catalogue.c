/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of what CapitalOnline sells as ECS: places, families with prices, images, networks, and
 * the Chinese texts of the documents. Ids of places that the documents show are theirs, the others
 * are ours. The prices are ours too: no document has a price list. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

/* clang-format off */

#define CHINA "中国", "408fd19e-fa78-11e6-bd9a-30b49e091019"
#define AMERICA "北美", "40a0c4e2-fa78-11e6-bd9a-30b49e091019"
#define HUHHOT "CN_Huhhot", "呼和浩特", "cdc9be22-a6f8-11eb-be28-ca1003d55bcc", CHINA
#define DONGGUAN "CN_Dongguan", "东莞", "bd477d6e-7f42-11ec-9e90-36a0465df1a6", CHINA
#define SUQIAN "CN_Suqian", "宿迁", "39c6ed64-8d5f-11ec-9247-5293695d0ddd", CHINA

/* The zones of a region, and the regions of a group, are next to each other. */
const struct emu_ecs_zone emu_ecs_zones[] = {
    { "CN_Hohhot_B",    "呼和浩特B", "e5aa47be-da46-11ec-bad2-defff767b3b5", HUHHOT },
    { "CN_Dongguan_A",  "东莞A",     "ab806602-7f44-11ec-a36f-325a386f61c1", DONGGUAN },
    { "CN_Suqian_A",    "宿迁A",     "f7c3c7a6-8d5f-11ec-9311-5293695d0ddd", SUQIAN },
    { "CN_Suqian_B",    "宿迁B",     "09a38804-c1ee-11ec-bd22-4641dfd57315", SUQIAN },
    { "CN_Suqian_C",    "宿迁C",     "1b7c0a4e-c1ee-11ec-8f0d-4641dfd57315", SUQIAN },
    { "CN_HongKong_B",  "香港B",     "2f61d0c8-0e11-11ed-9a56-0a58ac140b01", "CN_HongKong",
      "中国香港",
      "2e0b7d52-0e11-11ed-9a56-0a58ac140b01", CHINA },
    { "CN_Xinchuang_A", "信创A",     "5d1c9b3a-0e12-11ed-8c77-0a58ac140b02", "CN_Xinchuang", "信创",
      "5c06f1de-0e12-11ed-8c77-0a58ac140b02", CHINA },
    { "CN_Wenchang_A",  "文昌A",     "7a93e6f4-0e13-11ed-b1d8-0a58ac140b03", "CN_Wenchang", "文昌",
      "7980c2a0-0e13-11ed-b1d8-0a58ac140b03", CHINA },
    { "CN_Qingyang_A",  "庆阳A",     "9c4e2b16-0e14-11ed-a3e9-0a58ac140b04", "CN_Qingyang", "庆阳",
      "9b3d88c2-0e14-11ed-a3e9-0a58ac140b04", CHINA },
    { "US_Dallas_N",    "达拉斯N",   "be0f7058-0e15-11ed-95fa-0a58ac140b05", "US_Dallas", "达拉斯",
      "bcfecd04-0e15-11ed-95fa-0a58ac140b05", AMERICA },
    { 0 }
};

const struct emu_ecs_vpc emu_ecs_vpcs[] = {
    { "11111111-1111-4111-8111-111111111111", "呼和浩特B-VPC", "CN_Huhhot",    "10.15.0.0/16" },
    { "7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1", "GPU服务器",     "CN_Huhhot",    "10.1.0.0/16" },
    { "11111111-1111-4111-8111-111111111102", "东莞-VPC",      "CN_Dongguan",  "10.16.0.0/16" },
    { "11111111-1111-4111-8111-111111111103", "宿迁-VPC",      "CN_Suqian",    "10.16.0.0/14" },
    { "11111111-1111-4111-8111-111111111104", "香港-VPC",      "CN_HongKong",  "10.20.0.0/16" },
    { "11111111-1111-4111-8111-111111111105", "信创-VPC",      "CN_Xinchuang", "10.21.0.0/16" },
    { "11111111-1111-4111-8111-111111111106", "文昌-VPC",      "CN_Wenchang",  "10.22.0.0/16" },
    { "11111111-1111-4111-8111-111111111107", "庆阳-VPC",      "CN_Qingyang",  "10.23.0.0/16" },
    { "11111111-1111-4111-8111-111111111108", "达拉斯-VPC",    "US_Dallas",    "10.24.0.0/16" },
    { 0 }
};

const struct emu_ecs_subnet emu_ecs_subnets[] = {
    { "22222222-2222-4222-8222-222222222222", "默认子网", "11111111-1111-4111-8111-111111111111",
      "CN_Hohhot_B",    "10.15" },
    { "2cee7596-bbbb-11ec-a287-debf4cca37ce", "test-kvm", "7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1",
      "CN_Hohhot_B",    "10.1" },
    { "22222222-2222-4222-8222-222222222202", "默认子网", "11111111-1111-4111-8111-111111111102",
      "CN_Dongguan_A",  "10.16" },
    { "22222222-2222-4222-8222-222222222203", "默认子网", "11111111-1111-4111-8111-111111111103",
      "CN_Suqian_A",    "10.17" },
    { "22222222-2222-4222-8222-222222222204", "默认子网", "11111111-1111-4111-8111-111111111103",
      "CN_Suqian_B",    "10.18" },
    { "22222222-2222-4222-8222-222222222205", "默认子网", "11111111-1111-4111-8111-111111111103",
      "CN_Suqian_C",    "10.19" },
    { "22222222-2222-4222-8222-222222222206", "默认子网", "11111111-1111-4111-8111-111111111104",
      "CN_HongKong_B",  "10.20" },
    { "22222222-2222-4222-8222-222222222207", "默认子网", "11111111-1111-4111-8111-111111111105",
      "CN_Xinchuang_A", "10.21" },
    { "22222222-2222-4222-8222-222222222208", "默认子网", "11111111-1111-4111-8111-111111111106",
      "CN_Wenchang_A",  "10.22" },
    { "22222222-2222-4222-8222-222222222209", "默认子网", "11111111-1111-4111-8111-111111111107",
      "CN_Qingyang_A",  "10.23" },
    { "22222222-2222-4222-8222-222222222210", "默认子网", "11111111-1111-4111-8111-111111111108",
      "US_Dallas_N",    "10.24" },
    { 0 }
};

#define NO_GPU "", "", "", ""
#define A5000 "NVIDIA RTX A5000", "6d103608-79ba-11ec-b4f5-0456e530f43e", "Datacenter", "专业显卡"
#define GEFORCE "NVIDIA RTX 3090", "8f2d4a10-79ba-11ec-b4f5-0456e530f43e", "Geforce", "极速显卡"
#define GEN8 "Intel第八代处理器"
#define GEN6 "Intel第六代处理器"

/* Prices in cents: a month for a core, a GB and a card, then a day for each. */
const struct emu_ecs_family emu_ecs_families[] = {
    { "Cpu计算型C4",     "a1a5d2f0-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN8, 3600, 1800, 0,
      180,
      90, 0,
      { { 1, 2, 0 }, { 2, 4, 0 }, { 4, 8, 0 }, { 8, 16, 0 }, { 16, 32, 0 } } },
    { "Cpu计算型C3",     "a86f3c1e-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN8, 3200, 1600, 0,
      160,
      80, 0,
      { { 2, 4, 0 }, { 4, 8, 0 }, { 8, 16, 0 } } },
    { "CPU计算型C1",     "af38a64c-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN6, 2400, 1200, 0,
      120,
      60, 0,
      { { 2, 4, 0 }, { 4, 8, 0 } } },
    { "Cpu密集计算型I3", "bd1a7a0a-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN8, 2800, 1400, 0,
      140,
      70, 0,
      { { 1, 1, 0 }, { 2, 2, 0 }, { 4, 4, 0 }, { 8, 8, 0 } } },
    { "优化型M2",        "c3e3e438-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN6, 3000, 1500, 0,
      150,
      75, 0,
      { { 2, 16, 0 }, { 4, 32, 0 } } },
    { "优化型M6",        "caad4e66-f29f-11ec-a66c-7a4c8683bd6c", NO_GPU, GEN8, 3400, 1700, 0,
      170,
      85, 0,
      { { 2, 16, 0 }, { 4, 32, 0 }, { 8, 64, 0 } } },
    { "极速渲染型re3",   "d176b894-f29f-11ec-a66c-7a4c8683bd6c", GEFORCE, GEN8, 3000, 1500, 120000,
      150,
      75, 6000,
      { { 12, 24, 1 }, { 24, 48, 2 } } },
    { "专业渲染型rp3",   "d84022c2-f29f-11ec-a66c-7a4c8683bd6c", A5000, GEN8, 3000, 1500, 180000,
      150,
      75, 9000,
      { { 16, 32, 1 }, { 32, 64, 2 }, { 12, 24, 1 } } },
    { "专业渲染型rp2",   "df098cf0-f29f-11ec-a66c-7a4c8683bd6c", A5000, GEN6, 2800, 1400, 150000,
      140,
      70, 7500,
      { { 16, 32, 1 }, { 32, 64, 2 } } },
    { 0 }
};

/* One size is sold out from the start, as in the example of DescribeZoneInstanceType. */
static const struct emu_ecs_spec sold_out_spec = { 12, 24, 1 };
static const char sold_out_zone[] = "CN_Suqian_B", sold_out_family[] = "专业渲染型rp3";

const struct emu_ecs_image emu_ecs_images[] = {
    { "img-demo000000000001", "Ubuntu 20.04 64位", "Ubuntu", "20.04", "", "root", 24, 0 },
    { "img-demo000000000002", "Ubuntu 22.04 64位", "Ubuntu", "22.04", "", "root", 24, 0 },
    { "img-demo000000000003", "Centos 7.4 64位", "Centos", "7.4", "", "root", 24, 0 },
    { "img-demo000000000004", "Centos 7.9 64位", "Centos", "7.9", "", "root", 24, 0 },
    { "img-demo000000000005", "Debian 12.4 64位", "Debian", "12.4", "", "root", 24, 0 },
    { "img-demo000000000006", "Windows 2019 64位", "Windows", "2019", "", "Administrator", 40, 0 },
    { "667a49df-20ff-4569-9cdc-35180b28d16f", "Ubuntu 20.04 64位-GPU-Datacenter", "Ubuntu", "20.04",
      "Datacenter", "root", 24, 1 },
    { "img-demo000000000007", "Windows 10 64位-GPU-Geforce", "Windows", "10", "Geforce",
      "Administrator", 40, 1 },
    { 0 }
};

/* The default group, and both spellings of the group in the sample of CreateInstance. */
const char *const emu_ecs_security_groups[] = {
    "sg-demo000000000001", "sg-p9fpfbrg6r1ft5vs", "sg-p9fpfbrg6r1ft5vs1", NULL,
};

/* From the example of DescribeAccountSubject. */
const struct emu_ecs_subject emu_ecs_subjects[] = {
    { "BMSTEST", "2022-01-11", "2023-01-11", INT64_C(3000000000), 0,                   365 },
    { "kvmtest", "2022-03-02", "2022-12-29", INT64_C(1100010000), INT64_C(1000010000), 302 },
    { 0 }
};

/* Public addresses that every account has. */
const char *const emu_ecs_eips[][3] = {
    { "66666666-6666-4666-8666-666666666601", "192.0.2.1", "移动" },
    { "66666666-6666-4666-8666-666666666602", "192.0.2.2", "电信" },
    { NULL, NULL, NULL }
};

static const struct display {
    const char *table, *word, *text;
} displays[] = {
    { "instance", "building", "创建中" },       { "instance", "running", "运行中" },
    { "instance", "restarting", "重启中" },     { "instance", "shutting_down", "关机中" },
    { "instance", "shutdown", "已关机" },       { "instance", "starting_up", "开机中" },
    { "instance", "deleting", "删除中" },       { "instance", "deleted", "已删除" },
    { "instance", "destroying", "销毁中" },     { "instance", "destroy", "已销毁" },
    { "instance", "recovering", "恢复中" },     { "instance", "updating", "更新中" },
    { "instance", "error", "错误" },            { "instance", "failed", "创建失败" },
    { "instance", "recycling", "回收中" },      { "instance", "cancel_recycling", "取消回收中" },
    { "instance", "creating_image", "定制镜像中" },
    { "disk", "building", "创建中" },           { "disk", "build_fail", "创建失败" },
    { "disk", "running", "使用中" },            { "disk", "mounting", "挂载中" },
    { "disk", "unmounting", "卸载中" },         { "disk", "waiting", "待挂载" },
    { "disk", "updating", "更新中" },           { "disk", "error", "错误" },
    { "disk", "recovering", "恢复中" },         { "disk", "cancel_recycling", "取消回收中" },
    { "disk", "recycling", "欠费回收中" },      { "disk", "creating_snapshot", "创建快照中" },
    { "disk", "rollback", "回滚中" },           { "disk", "deleting", "删除中" },
    { "image", "running", "可用" },             { "image", "building", "创建中" },
    { "image", "deleting", "删除中" },          { "image", "updating", "同步中" },
    { "image", "error", "错误" },
    { "event", "init", "初始化" },              { "event", "doing", "进行中" },
    { "event", "success", "成功" },             { "event", "failed", "失败" },
    { "event", "part_fail", "部分失败" },
    { "resource", "ecs", "云服务器" },          { "resource", "disk", "云盘" },
    { "resource", "image", "镜像" },
    { "task", "create_ecs", "创建云服务器" },   { "task", "start_up_ecs", "云服务器开机" },
    { "task", "shutdown_ecs", "云服务器关机" }, { "task", "hard_shutdown_ecs", "云服务器强制关机" },
    { "task", "free_shutdown_ecs", "云服务器关机不计费" }, { "task", "restart_ecs",
      "云服务器重启" },
    { "task", "delete_ecs", "删除云服务器" },   { "task", "reset_password", "重置云服务器密码" },
    { "task", "change_configure", "变更云服务器规格" },
    { "task", "create_image", "创建镜像" },     { "task", "delete_image", "删除镜像" },
    { "task", "sync_image", "同步镜像" },       { "task", "create_disk", "创建云盘" },
    { "task", "delete_disk", "删除云盘" },      { "task", "mount_disk", "挂载云盘" },
    { "task", "unmount_disk", "卸载云盘" },     { "task", "extend_disk", "扩容云盘" },
    { "billing", "0", "按需计费" },             { "billing", "1", "包年包月" },
    { "billing", "3", "竞价计费" },
    { "disk_type", "local", "本地盘" },         { "disk_type", "ssd", "SSD云盘" },
};
/* clang-format on */

const char *emu_ecs_display(const char *table, const char *word)
{
    for (size_t i = 0; i < EMU_COUNT(displays); i++) {
        if (strcmp(displays[i].table, table) == 0 && strcmp(displays[i].word, word) == 0)
            return displays[i].text;
    }
    return "";
}

const struct emu_ecs_zone *emu_ecs_zone_find(const char *code)
{
    const struct emu_ecs_zone *row = emu_ecs_zones;

    while (row->code && emu_ascii_casecmp(row->code, code) != 0)
        row++;
    return row->code ? row : NULL;
}

const struct emu_ecs_subject *emu_ecs_subject_find(const char *name)
{
    const struct emu_ecs_subject *row = emu_ecs_subjects;

    while (row->name && strcmp(row->name, name) != 0)
        row++;
    return row->name ? row : NULL;
}

char *emu_ecs_subject_payer(struct emu_world *world, const char *name)
{
    return emu_text(world, "subject/%s", name);
}

const struct emu_ecs_vpc *emu_ecs_vpc_find(const char *id)
{
    const struct emu_ecs_vpc *row = emu_ecs_vpcs;

    while (row->id && strcmp(row->id, id) != 0)
        row++;
    return row->id ? row : NULL;
}

const struct emu_ecs_subnet *emu_ecs_subnet_find(const char *id)
{
    const struct emu_ecs_subnet *row = emu_ecs_subnets;

    while (row->id && strcmp(row->id, id) != 0)
        row++;
    return row->id ? row : NULL;
}

const struct emu_ecs_family *emu_ecs_family_find(const char *name)
{
    const struct emu_ecs_family *row = emu_ecs_families;

    /* The documents write one name in two cases, and "Ram" for the "GPU" of the GPU families. */
    while (row->name && emu_ascii_casecmp(row->name, name) != 0 &&
           !(row->card[0] && strncmp(name, "Ram", 3) == 0 &&
             emu_ascii_casecmp(row->name, name + 3) == 0))
        row++;
    return row->name ? row : NULL;
}

bool emu_ecs_family_has(const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu)
{
    for (const struct emu_ecs_spec *spec = family->specs; spec->cpu; spec++) {
        if (spec->cpu == cpu && spec->ram == ram && spec->gpu == gpu)
            return true;
    }
    return false;
}

bool emu_ecs_sold_out(struct emu_world *world, const struct emu_ecs_zone *zone,
                      const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu)
{
    if (strcmp(zone->code, sold_out_zone) == 0 && strcmp(family->name, sold_out_family) == 0 &&
        cpu == sold_out_spec.cpu && ram == sold_out_spec.ram && gpu == sold_out_spec.gpu)
        return true;
    return emu_is_sold_out(world, zone->code) || emu_is_sold_out(world, family->name) ||
           emu_is_sold_out(world, emu_text(world, "%s/%s", zone->code, family->name));
}
