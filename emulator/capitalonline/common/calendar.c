/* SPDX-License-Identifier: Apache-2.0 */
/* CapitalOnline's calendar (UTC+8, months and their ends), amounts, and checks of texts that its
 * products share. */
#include "emulator/capitalonline/common/capitalonline.h"

#include <string.h>
#include <time.h>

enum { ZONE_S = 8 * 3600, DAY_S = 86400, CENT = 10000 };

char *emu_co_uuid(struct emu_world *world)
{
    unsigned char bytes[16];
    char *hex;

    emu_random(bytes, sizeof(bytes));
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    hex = emu_hex(world, bytes, sizeof(bytes));
    return emu_text(world, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

char *emu_co_time(struct emu_world *world, int64_t seconds)
{
    return emu_time_text(world, "%Y-%m-%d %H:%M:%S", seconds, ZONE_S);
}

int64_t emu_co_months_later(int64_t start, int64_t months)
{
    return emu_time_add_months(start + ZONE_S, (int)months) - ZONE_S;
}

/* The first midnight of the month that is @months after that of @start. */
static int64_t month_start(int64_t start, int64_t months)
{
    time_t local = (time_t)(start + ZONE_S);
    struct tm parts;

    gmtime_r(&local, &parts);
    parts =
        (struct tm){ .tm_year = parts.tm_year, .tm_mon = parts.tm_mon + (int)months, .tm_mday = 1 };
    return (int64_t)timegm(&parts) - ZONE_S;
}

int64_t emu_co_month_end(int64_t start, int64_t further_months)
{
    return month_start(start, 1 + further_months);
}

int64_t emu_co_cents(int64_t micros)
{
    return micros - micros % CENT;
}

int64_t emu_co_rest_of_month(int64_t month_micros, int64_t now)
{
    int64_t end = month_start(now, 1);
    int64_t days = (end - month_start(now, 0)) / DAY_S;
    int64_t left = (end - now + DAY_S - 1) / DAY_S;

    return emu_co_cents(month_micros * left / days);
}

int64_t emu_co_upgrade_price(int64_t old_month_micros, int64_t new_month_micros, int64_t now,
                             int64_t expiry)
{
    int64_t days = expiry > now ? (expiry - now + DAY_S - 1) / DAY_S : 0;

    if (new_month_micros <= old_month_micros)
        return 0;
    return emu_co_cents((new_month_micros - old_month_micros) * days / 30);
}

bool emu_co_password_good(const char *text)
{
    static const char special[] = "()`~!@#$%^&*-+=_|{}[]:;,.?/";
    bool upper = false, lower = false, digit = false, other = false;

    for (const char *p = text; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            upper = true;
        else if (*p >= 'a' && *p <= 'z')
            lower = true;
        else if (*p >= '0' && *p <= '9')
            digit = true;
        else if (strchr(special, *p))
            other = true;
        else
            return false;
    }
    return strlen(text) >= 8 && strlen(text) <= 30 && upper + lower + digit + other >= 3;
}

size_t emu_co_length(const char *text)
{
    size_t ret = 0;

    for (; *text; text++)
        ret += ((unsigned char)*text & 0xc0) != 0x80;
    return ret;
}
