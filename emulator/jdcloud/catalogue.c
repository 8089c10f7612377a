/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's catalogue: regions and zones, instance and disk types with list prices. The names
 * are the vendor's, the prices are ours. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdio.h>
#include <string.h>

#define YUAN(whole, cents) (INT64_C(1000000) * (whole) + INT64_C(10000) * (cents))

/* clang-format off */
const struct emu_jd_type emu_jd_types[] = {
    /* name            family  description         cpu  MB  nic dsk gen loc month   hour */
    { "g.s1.micro",   "g.s1", "General, shared",  1,   1024, 1,  4, 1, 0, YUAN(42, 0),      97222 },
    { "g.n1.medium",  "g.n1", "General I, local", 1,   4096, 2,  8, 1, 1, YUAN(128, 50),   297453 },
    { "g.n1.large",   "g.n1", "General I, local", 2,   8192, 2,  8, 1, 1, YUAN(257, 0),    594907 },
    { "g.n2.medium",  "g.n2", "General II",       1,   4096, 2,  8, 2, 0, YUAN(119, 80),   277314 },
    { "g.n2.large",   "g.n2", "General II",       2,   8192, 2,  8, 2, 0, YUAN(239, 60),   554629 },
    { "g.n2.xlarge",  "g.n2", "General II",       4,  16384, 3, 16, 2, 0, YUAN(479, 20),  1109259 },
    { "g.n2.2xlarge", "g.n2", "General II",       8,  32768, 4, 16, 2, 0, YUAN(958, 40),  2218518 },
    { "c.n2.large",   "c.n2", "Compute II",       2,   4096, 2,  8, 2, 0, YUAN(178, 40),   412962 },
    { "c.n2.xlarge",  "c.n2", "Compute II",       4,   8192, 3, 16, 2, 0, YUAN(356, 80),   825925 },
    { "c.n2.2xlarge", "c.n2", "Compute II",       8,  16384, 4, 16, 2, 0, YUAN(713, 60),  1651851 },
    { "m.n2.large",   "m.n2", "Memory II",        2,  16384, 2,  8, 2, 0, YUAN(331, 20),   766666 },
    { "m.n2.xlarge",  "m.n2", "Memory II",        4,  32768, 3, 16, 2, 0, YUAN(662, 40),  1533333 },
    { 0 }
};

const struct emu_jd_disk_type emu_jd_disk_types[] = {
    /* name          most GiB  a month each GiB  an hour */
    { "ssd.gp1",     16000,    YUAN(0, 70),       1620 },
    { "ssd.gp2",     16000,    YUAN(0, 75),       1736 },
    { "ssd.io1",     16000,    YUAN(1, 0),        2314 },
    { "ssd.io2",     16000,    YUAN(1, 10),       2546 },
    { "hdd.std1",    16000,    YUAN(0, 30),        694 },
    { "ssd",         1000,     YUAN(0, 80),       1851 },
    { "premium-hdd", 3000,     YUAN(0, 35),        810 },
    { 0 }
};

static const struct { const char *region, *az; } zones[] = {
    { "cn-north-1", "cn-north-1a" }, { "cn-north-1", "cn-north-1b" },
    { "cn-north-1", "cn-north-1c" },
    { "cn-east-1",  "cn-east-1a" },
    { "cn-east-2",  "cn-east-2a" },  { "cn-east-2",  "cn-east-2b" },
    { "cn-south-1", "cn-south-1a" },
};
/* clang-format on */

const struct emu_jd_type *emu_jd_type_find(const char *name)
{
    for (const struct emu_jd_type *row = emu_jd_types; name && row->name; row++) {
        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

const struct emu_jd_disk_type *emu_jd_disk_type_find(const char *name)
{
    for (const struct emu_jd_disk_type *row = emu_jd_disk_types; name && row->name; row++) {
        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

bool emu_jd_region_known(const char *region)
{
    for (size_t i = 0; i < EMU_COUNT(zones); i++) {
        if (region && strcmp(zones[i].region, region) == 0)
            return true;
    }
    return false;
}

bool emu_jd_zone_known(const char *region, const char *az)
{
    for (size_t i = 0; i < EMU_COUNT(zones); i++) {
        if (az && strcmp(zones[i].region, region) == 0 && strcmp(zones[i].az, az) == 0)
            return true;
    }
    return false;
}
