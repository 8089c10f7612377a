/* SPDX-License-Identifier: Apache-2.0 */
/* Adds what every new world has of JD Cloud: public images and networks. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

/* clang-format off */
#define U     "Ubuntu"
#define W     "Windows Server"
#define CLOUD "cloudDisk"
#define LOCAL "localDisk"
#define TINY  "g.s1.micro"

static const struct image {
    const char *id, *name, *platform, *version, *os, *root;
    const char *excludes; /* an instance type it cannot run on */
    int disk_gb;
    bool offline;
} images[] = {
    { "img-demoubuntu22", "Ubuntu 22.04 64-bit", U, "22.04", "linux", CLOUD, NULL, 40, false },
    { "img-demoubuntu24", "Ubuntu 24.04 64-bit", U, "24.04", "linux", CLOUD, NULL, 40, false },
    { "img-democentos79", "CentOS 7.9 64-bit", "CentOS", "7.9", "linux", CLOUD, NULL, 40, false },
    { "img-demowin2019x", "Windows Server 2019", W, "2019", "windows", CLOUD, TINY, 60, false },
    { "img-demowin2022x", "Windows Server 2022", W, "2022", "windows", CLOUD, TINY, 60, false },
    { "img-demolocal20x", "Ubuntu 20.04 (local)", U, "20.04", "linux", LOCAL, NULL, 40, false },
    { "img-demoold1404x", "Ubuntu 14.04 64-bit", U, "14.04", "linux", CLOUD, NULL, 40, true },
};
/* clang-format on */

/* Public images are the vendor's in every region: account and region are empty. */
static void seed_image(struct emu_world *world, const struct image *image)
{
    yyjson_mut_val *body = emu_obj(world), *disk = emu_obj(world), *spec = emu_obj(world);
    bool cloud = strcmp(image->root, "cloudDisk") == 0;

    emu_set_str(world, body, "imageId", image->id);
    emu_set_str(world, body, "name", image->name);
    emu_set_str(world, body, "platform", image->platform);
    emu_set_str(world, body, "osVersion", image->version);
    emu_set_str(world, body, "architecture", "x86_64");
    emu_set_str(world, body, "osType", image->os);
    emu_set_str(world, body, "imageSource", "public");
    emu_set_str(world, body, "status", "ready");
    emu_set_str(world, body, "createTime", "2024-03-15T08:15:30Z");
    emu_set_str(world, body, "desc", image->name);
    emu_set_str(world, body, "launchPermission", "all");
    emu_set_str(world, body, "rootDeviceType", image->root);
    emu_set_str(world, body, "progress", "100");
    emu_set_str(world, body, "bootMode", "bios");
    emu_set_int(world, body, "systemDiskSizeGB", image->disk_gb);
    emu_set_int(world, body, "sizeMB", 1024L * image->disk_gb / 4);
    emu_set_bool(world, body, "offline", image->offline);
    emu_set_bool(world, body, "imported", false);
    emu_set_str(world, body, "_excludes", image->excludes);
    emu_set_str(world, disk, "diskCategory", cloud ? "cloud" : "local");
    emu_set_str(world, disk, "deviceName", "vda");
    emu_set_bool(world, disk, "autoDelete", true);
    emu_set_str(world, spec, "diskType", cloud ? "hdd.std1" : "premium-hdd");
    emu_set_int(world, spec, "diskSizeGB", image->disk_gb);
    emu_set(world, disk, cloud ? "cloudDisk" : "localDisk", spec);
    emu_set(world, body, "systemDisk", disk);
    emu_set(world, body, "dataDisks", emu_arr(world));
    emu_object_add(world, EMU_JD, "image", image->id, "", "", body);
}

void emu_jd_seed(struct emu_world *world)
{
    for (size_t i = 0; i < EMU_COUNT(images); i++)
        seed_image(world, &images[i]);
    emu_jd_seed_network(world);
}
