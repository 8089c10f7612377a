/* SPDX-License-Identifier: Apache-2.0 */
/* Checks what JD Cloud accepts as a name, a password, a size, a charge. Each check refuses by the
 * parameter's name. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdio.h>
#include <string.h>

size_t emu_jd_letters(const char *text)
{
    size_t ret = 0;

    for (; *text; text++)
        ret += ((unsigned char)*text & 0xC0) != 0x80;
    return ret;
}

static bool bad(struct emu_jd_call *call, const char *what, const char *why)
{
    return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "%s %s", what, why);
}

/* Returns the bytes of one character of a name; 0 when it is not allowed. Chinese is U+4E00 to
 * U+9FFF. */
static size_t name_letter(const unsigned char *p)
{
    if (*p < 128)
        return emu_ascii_is_alnum((char)*p) || strchr("_-.", *p) ? 1 : 0;
    if (p[0] >= 0xE4 && p[0] <= 0xE9 && p[1] && p[2] && (p[0] > 0xE4 || p[1] >= 0xB8))
        return 3;
    return 0;
}

/* Returns the bytes of "[001]", 1 to 4 digits, which may be anywhere but at the start. */
static size_t numbering(const char *p)
{
    size_t digits = strspn(p + 1, "0123456789");

    return *p == '[' && digits >= 1 && digits <= 4 && p[digits + 1] == ']' ? digits + 2 : 0;
}

bool emu_jd_check_name(struct emu_jd_call *call, const char *name, size_t most, const char *what)
{
    size_t letters = emu_jd_letters(name), size = strlen(name);

    if (letters < 2 || letters > most)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "%s must have 2 to %zu characters", what,
                           most);
    if (name[0] == '.' || name[size - 1] == '.')
        return bad(call, what, "must neither begin nor end with a dot");
    for (const char *p = name; *p;) {
        size_t step = name_letter((const unsigned char *)p);

        if (!step && p > name)
            step = numbering(p);
        if (!step)
            return bad(call, what, "may hold Chinese, letters, digits and _-. only");
        p += step;
    }
    return true;
}

bool emu_jd_check_description(struct emu_jd_call *call, const char *text)
{
    if (text && emu_jd_letters(text) > 256)
        return bad(call, "description", "must not have more than 256 characters");
    return true;
}

bool emu_jd_check_keys(struct emu_jd_call *call, yyjson_mut_val *names, bool windows)
{
    const char *name = yyjson_mut_get_str(yyjson_mut_arr_get_first(names));

    if (yyjson_mut_arr_size(names) > 1 || (windows && name))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "keyNames takes one key, on Linux only");
    if (name && strcmp(name, EMU_JD_KEY) != 0)
        return emu_jd_fail(call, 404, "NOT_FOUND", "keypair %s is not found", name);
    return true;
}

yyjson_mut_val *emu_jd_keys_shown(struct emu_world *world, yyjson_mut_val *names)
{
    return names ? emu_json_copy(world, names) : emu_arr(world);
}

/* Passwords follow the common parameter page. This rule finds three characters that rise or fall by
 * one, like "abc" or "321". */
static bool has_run(const char *password)
{
    for (const char *p = password; p[0] && p[1] && p[2]; p++) {
        bool alike = (emu_ascii_is_digit(p[0]) && emu_ascii_is_digit(p[2])) ||
                     (emu_ascii_is_letter(p[0]) && emu_ascii_is_letter(p[2]));
        int step = p[1] - p[0];

        if (alike && (step == 1 || step == -1) && p[2] - p[1] == step)
            return true;
    }
    return false;
}

/* Finds three neighbours on the keyboard, along a row or down a column, in either direction. */
static bool has_keyboard(const char *password)
{
    static const char *const lines[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm", "qaz", "wsx",
                                         "edc",        "rfv",       "tgb",     "yhn", "ujm" };

    for (const char *p = password; p[0] && p[1] && p[2]; p++) {
        char there[4] = { p[0], p[1], p[2], 0 }, back[4] = { p[2], p[1], p[0], 0 };

        for (size_t i = 0; i < EMU_COUNT(lines); i++) {
            if (emu_ascii_contains(lines[i], there) || emu_ascii_contains(lines[i], back))
                return true;
        }
    }
    return false;
}

static bool has_word(const char *password, const char *user)
{
    static const char *const words[] = { "jd",  "JD",    "360",   "bug",      "BUG",     "com",
                                         "COM", "cloud", "CLOUD", "password", "PASSWORD" };

    for (size_t i = 0; i < EMU_COUNT(words); i++) {
        if (strstr(password, words[i]))
            return true;
    }
    return emu_ascii_contains(password, user);
}

bool emu_jd_check_password(struct emu_jd_call *call, const char *password, const char *user)
{
    int upper = 0, lower = 0, digit = 0, special = 0;

    if (strlen(password) < 8 || strlen(password) > 30)
        return bad(call, "password", "must have 8 to 30 characters");
    for (const char *p = password; *p; p++) {
        if (emu_ascii_is_upper(*p))
            upper = 1;
        else if (emu_ascii_is_lower(*p))
            lower = 1;
        else if (emu_ascii_is_digit(*p))
            digit = 1;
        else if (strchr("()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/", *p))
            special = 1;
        else
            return bad(call, "password", "has a character that is not allowed");
    }
    if (upper + lower + digit + special < 3)
        return bad(call, "password",
                   "needs three of upper case, lower case, digit, special character");
    if (has_word(password, user))
        return bad(call, "password", "contains a word that is not allowed");
    if (has_run(password))
        return bad(call, "password", "contains three digits or letters in a row");
    if (has_keyboard(password))
        return bad(call, "password", "contains three neighbouring keys");
    return true;
}

bool emu_jd_check_hostname(struct emu_jd_call *call, const char *name, bool windows)
{
    size_t size = strlen(name);
    bool letters = false;

    if (size < 2 || size > (windows ? 15u : 64u))
        return bad(call, "hostname",
                   windows ? "must have 2 to 15 characters" : "must have 2 to 64 characters");
    for (const char *p = name; *p; p++) {
        if (!emu_ascii_is_alnum(*p) && *p != '-' && (windows || *p != '.') && !numbering(p) &&
            *p != '[' && *p != ']')
            return bad(call, "hostname", "has a character that is not allowed");
        letters = letters || !emu_ascii_is_digit(*p);
    }
    if (windows && !letters)
        return bad(call, "hostname", "must not be all digits");
    return true;
}

bool emu_jd_check_int(struct emu_jd_call *call, const char *name, int64_t value, int64_t least,
                      int64_t most)
{
    if (value >= least && value <= most)
        return true;
    return emu_jd_fail(call, 400, "OUT_OF_RANGE", "%s %lld is not within [%lld, %lld]", name,
                       (long long)value, (long long)least, (long long)most);
}

bool emu_jd_check_word(struct emu_jd_call *call, const char *name, const char *value,
                       const char *words)
{
    if (*value && !strchr(value, ' ') && strstr(words, emu_text(call->world, " %s ", value)))
        return true;
    return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "%s \"%s\" is not one of:%s", name, value,
                       words);
}

bool emu_jd_check_disk_size(struct emu_jd_call *call, const char *type, int64_t size_gb)
{
    const struct emu_jd_disk_type *row = emu_jd_disk_type_find(type);

    if (!row)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "diskType \"%s\" is not sold", type);
    if (!emu_jd_check_int(call, "diskSizeGB", size_gb, 20, row->most_gb))
        return false;
    if (size_gb % 10)
        return bad(call, "diskSizeGB", "must be a multiple of 10");
    return true;
}

bool emu_jd_check_charge(struct emu_jd_call *call, yyjson_mut_val *charge)
{
    const char *mode = emu_get_str(charge, "chargeMode"), *unit = emu_get_str(charge, "chargeUnit");
    bool year = unit && strcmp(unit, "year") == 0;

    if (mode && !emu_jd_check_word(call, "chargeMode", mode,
                                   " prepaid_by_duration postpaid_by_usage postpaid_by_duration "))
        return false;
    if (unit && !emu_jd_check_word(call, "chargeUnit", unit, " month year "))
        return false;
    if (emu_get_bool(charge, "autoChangeChargeMode", false))
        return bad(call, "autoChangeChargeMode", "is not open to this account");
    if (!mode || strcmp(mode, "prepaid_by_duration") != 0)
        return true;
    if (!emu_get(charge, "chargeDuration"))
        return bad(call, "chargeDuration", "is required for prepaid_by_duration");
    return emu_jd_check_int(call, "chargeDuration", emu_get_int(charge, "chargeDuration", 0), 1,
                            year ? 3 : 9);
}
