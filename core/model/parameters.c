/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the parameters: their names and members, and how text becomes a value and back. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/model/operations.h"
#include "core/model/provider.h"

struct param_row {
    struct cloud_param_info info;
    enum cc_param_kind kind;
    size_t at;
    const char *hint;
};

#define AT(member, ctype) CC_AT(struct cloud_params, member, ctype)
/* clang-format off */
#define ROW(PARAM, member, kind_, ctype, value_, summary_, ...) \
    [CLOUD_PARAM_##PARAM] = { .info = { .param = CLOUD_PARAM_##PARAM, .name = #member, \
                                        .value = value_, .summary = summary_ }, \
                              .kind = kind_, .at = AT(member, ctype), __VA_ARGS__ }
#define TEXT(PARAM, member, value_, summary_, ...) \
    ROW(PARAM, member, CC_PARAM_TEXT, const char *, value_, summary_, __VA_ARGS__)
#define INT(PARAM, member, value_, summary_, ...) \
    ROW(PARAM, member, CC_PARAM_INT, int, value_, summary_, __VA_ARGS__)
#define FLAG(PARAM, member, summary_, ...) \
    ROW(PARAM, member, CC_PARAM_FLAG, enum cloud_flag, NULL, summary_, __VA_ARGS__)

static const struct param_row rows[] = {
    TEXT(INSTANCE_ID, instance_id, "ID", "the vendor's instance id",
         .hint = "`cloudctl list` shows them"),
    TEXT(TASK_ID, task_id, "ID", "the id of asynchronous work, from an earlier result"),
    TEXT(NAME, name, "NAME", "the instance's name"),
    TEXT(DESCRIPTION, description, "TEXT",
         "a description that the vendor stores with the instance"),
    INT(COUNT, count, "N", "number of instances; 1 when not given"),
    TEXT(ZONE, zone, "ZONE", "availability zone", .hint = "`cloudctl regions` lists them"),
    TEXT(INSTANCE_TYPE, instance_type, "TYPE", "the size by name, where the vendor names sizes",
         .hint = "`cloudctl types` lists them"),
    TEXT(FAMILY, family, "FAMILY", "the family of sizes; with cpu and memory_gb it names one",
         .hint = "`cloudctl types` lists them"),
    INT(CPU, cpu, "N", "virtual cores", .hint = "`cloudctl types` lists the sizes"),
    INT(MEMORY_GB, memory_gb, "GB", "memory in GiB", .hint = "`cloudctl types` lists the sizes"),
    INT(GPU, gpu, "N", "GPU cards"),
    TEXT(IMAGE_ID, image_id, "ID", "image to install", .hint = "`cloudctl images` lists them"),
    TEXT(VPC_ID, vpc_id, "ID", "private cloud network (CapitalOnline CCS: the VDC)",
         .hint = "the vendor's console shows it, under networks"),
    TEXT(SUBNET_ID, subnet_id, "ID", "subnet (CapitalOnline CCS: the private network of the VDC)",
         .hint = "the vendor's console shows it, under networks"),
    TEXT(SECURITY_GROUP_ID, security_group_id, "ID", "security group"),
    INT(PUBLIC_MBPS, public_mbps, "MBPS", "bandwidth of a new public address; none when not given"),
    TEXT(PASSWORD, password, "PASSWORD", "administrator's password, by the vendor's rules",
         .info.secret = true),
    TEXT(KEY_NAME, key_name, "NAME", "SSH key pair"),
    TEXT(SYSTEM_DISK_TYPE, system_disk_type, "TYPE",
         "type of the system disk, as the vendor names it"),
    INT(SYSTEM_DISK_GB, system_disk_gb, "GB", "size of the system disk in GiB"),
    ROW(DATA_DISKS, data_disks, CC_PARAM_DISKS, const struct cloud_disk_spec *, "TYPE:GB,...",
        "data disks, for example ssd:100,ssd:200; TYPE: may be left out"),
    ROW(CHARGE_MODE, charge_mode, CC_PARAM_CHARGE, enum cloud_charge_mode, "prepaid|postpaid|spot",
        "how to pay; prepaid when a period is given"),
    ROW(PERIOD, period, CC_PARAM_PERIOD, struct cloud_period, "PERIOD",
        "how long to buy: 1month, 3months, 1year"),
    FLAG(TO_MONTH_END, to_month_end, "buy to the end of the calendar month"),
    FLAG(AUTO_RENEW, auto_renew, "the vendor's own automatic renewal"),
    FLAG(FORCE, force, "cut the power instead of shutting down"),
    FLAG(STOP_CHARGING, stop_charging,
         "release cores and memory while stopped, and stop paying for them"),
    TEXT(OPERATION_KEY, operation_key, "KEY",
         "your own name for this purchase, for example its order number"),
    ROW(MAX_CHARGE, max_charge, CC_PARAM_MONEY, struct cloud_money, "AMOUNT",
        "refuse when the price is above this"),
    ROW(IF_EXPIRY, if_expiry, CC_PARAM_TIME, int64_t, "TIME",
        "renew only while the instance expires at this time, 2026-12-01T00:00:00Z"),
    ROW(PRICE_SOURCE, price_source, CC_PARAM_SOURCE, enum cloud_price_source, "SOURCE",
        "any, vendor or price_book"),
    TEXT(RESOURCE, resource, "RESOURCE", "instance_type or system_disk; both when not given"),
    TEXT(IMAGE_SOURCE, image_source, "SOURCE", "public, private, …: as the vendor names it"),
    TEXT(ACTION, action, "ACTION", "the action as the vendor spells it"),
    TEXT(PARAMETERS, parameters, "JSON", "the action's parameters, a JSON object"),
    ROW(EXPIRES_AT, expires_at, CC_PARAM_TIME, int64_t, "TIME",
        "when a prepaid term ends, for vendors that do not report it"),
};
/* clang-format on */
_Static_assert(CC_COUNT(rows) == CLOUD_PARAM__COUNT, "a row for every parameter");

const struct cloud_param_info *cloud_param_info(enum cloud_param param)
{
    return (unsigned)param < CLOUD_PARAM__COUNT ? &rows[param].info : NULL;
}

const struct cloud_param_info *cloud_param_find(const char *name)
{
    for (size_t i = 0; name && i < CC_COUNT(rows); i++) {
        if (cc_name_equal(name, rows[i].info.name))
            return &rows[i].info;
    }
    return NULL;
}

enum cc_param_kind cc_param_kind(enum cloud_param param)
{
    return rows[param].kind;
}

const char *cc_param_hint(enum cloud_param param)
{
    return rows[param].hint;
}

const char *cc_param_name(enum cloud_param param)
{
    return rows[param].info.name;
}

static const size_t kind_size[] = {
    [CC_PARAM_TEXT] = sizeof(const char *),
    [CC_PARAM_INT] = sizeof(int),
    [CC_PARAM_FLAG] = sizeof(enum cloud_flag),
    [CC_PARAM_PERIOD] = sizeof(struct cloud_period),
    [CC_PARAM_MONEY] = sizeof(struct cloud_money),
    [CC_PARAM_TIME] = sizeof(int64_t),
    [CC_PARAM_CHARGE] = sizeof(enum cloud_charge_mode),
    [CC_PARAM_SOURCE] = sizeof(enum cloud_price_source),
    [CC_PARAM_DISKS] = sizeof(const struct cloud_disk_spec *),
};

static const void *member(const struct cloud_params *params, enum cloud_param param)
{
    return (const char *)params + rows[param].at;
}

static void *member_of(struct cloud_params *params, enum cloud_param param)
{
    return (char *)params + rows[param].at;
}

const char *cc_params_text(const struct cloud_params *params, enum cloud_param param)
{
    const char *text;

    memcpy(&text, member(params, param), sizeof(text));
    return text;
}

int cc_params_int(const struct cloud_params *params, enum cloud_param param)
{
    int value;

    _Static_assert(sizeof(int) == sizeof(enum cloud_flag), "enums are read as int");
    memcpy(&value, member(params, param), sizeof(value));
    return value;
}

void cc_params_read(struct cloud_params *to, const struct cloud_params *from)
{
    *to = (struct cloud_params)CLOUD_PARAMS_INIT;
    if (!from)
        return;
    memcpy(to, from, from->size < sizeof(*to) ? from->size : sizeof(*to));
    to->size = sizeof(*to);
}

/* Has a branch for each size that members have, so that the compiler makes no call. */
static inline __attribute__((always_inline)) bool is_zero(const void *at, size_t size)
{
    uint64_t words[2] = { 0 };
    uint32_t half;

    _Static_assert(sizeof(struct cloud_money) <= sizeof(words), "the largest member");
    if (size == sizeof(half)) {
        memcpy(&half, at, sizeof(half));
        return !half;
    }
    if (size == sizeof(words[0]))
        memcpy(words, at, sizeof(words[0]));
    else
        memcpy(words, at, size < sizeof(words) ? size : sizeof(words));
    return !(words[0] | words[1]);
}

/* whether the caller's structure, which may be of an older version, has the member */
static inline __attribute__((always_inline)) bool fits(const struct cloud_params *params, int param)
{
    return rows[param].at + kind_size[rows[param].kind] <= params->size;
}

static inline __attribute__((always_inline)) bool has(const struct cloud_params *params, int param)
{
    const struct param_row *row = &rows[param];

    return fits(params, param) && !is_zero((const char *)params + row->at, kind_size[row->kind]);
}

bool cloud_params_has(const struct cloud_params *params, enum cloud_param param)
{
    return params && (unsigned)param < CLOUD_PARAM__COUNT && has(params, (int)param);
}

uint64_t cc_params_given(const struct cloud_params *params)
{
    uint64_t given = 0;

    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        given |= (uint64_t)has(params, i) << i;
    }
    return given;
}

void cc_params_copy_one(struct cloud_params *to, const struct cloud_params *from,
                        enum cloud_param param)
{
    memcpy(member_of(to, param), member(from, param), kind_size[rows[param].kind]);
    if (rows[param].kind == CC_PARAM_DISKS)
        to->data_disk_count = from->data_disk_count;
}

void cc_params_keep(struct cloud_params *params, uint64_t mask)
{
    static const struct cloud_params none = CLOUD_PARAMS_INIT;

    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        if (!(mask >> i & 1))
            cc_params_copy_one(params, &none, (enum cloud_param)i);
    }
}

size_t cc_params_bytes(const struct cloud_params *from)
{
    const size_t slack = 16; /* bytes that an arena may add to each piece */
    struct cloud_params params;
    size_t bytes = 0;

    cc_params_read(&params, from);
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const char *text =
            rows[i].kind == CC_PARAM_TEXT ? cc_params_text(&params, (enum cloud_param)i) : NULL;

        bytes += text ? strlen(text) + slack : 0;
    }
    return bytes;
}

static bool dup_disks(struct cloud_params *params, struct cc_arena *arena)
{
    struct cloud_disk_spec *disks;

    if (!params->data_disks)
        return true;
    disks = cc_arena_alloc(arena, params->data_disk_count * sizeof(*disks) + 1);
    if (!disks)
        return false;
    for (size_t i = 0; i < params->data_disk_count; i++) {
        disks[i].size_gb = params->data_disks[i].size_gb;
        disks[i].type = cc_arena_strdup(arena, params->data_disks[i].type);
        if (params->data_disks[i].type && !disks[i].type)
            return false;
    }
    params->data_disks = disks;
    return true;
}

bool cc_params_dup(struct cloud_params *to, const struct cloud_params *from, struct cc_arena *arena)
{
    cc_params_read(to, from);
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const char *text;

        if (rows[i].kind != CC_PARAM_TEXT)
            continue;
        text = cc_params_text(to, (enum cloud_param)i);
        if (!text)
            continue;
        text = cc_arena_strdup(arena, text);
        if (!text)
            return false;
        memcpy(member_of(to, (enum cloud_param)i), &text, sizeof(text));
    }
    return dup_disks(to, arena);
}

static int read_int(const char *text, int *ret_value)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < 0 || value > INT_MAX ||
        !strchr("+-0123456789", *text)) /* strtol() skips what is a blank in the locale */
        return CLOUD_EINVAL;
    *ret_value = (int)value;
    return CLOUD_OK;
}

static const struct cc_word flag_words[] = {
    { "yes", CLOUD_YES, NULL }, { "true", CLOUD_YES, NULL }, { "on", CLOUD_YES, NULL },
    { "1", CLOUD_YES, NULL },   { "no", CLOUD_NO, NULL },    { "false", CLOUD_NO, NULL },
    { "off", CLOUD_NO, NULL },  { "0", CLOUD_NO, NULL },     { 0 },
};

static const struct cc_word charge_words[] = {
    { "prepaid", CLOUD_CHARGE_PREPAID, NULL },
    { "postpaid", CLOUD_CHARGE_POSTPAID, NULL },
    { "spot", CLOUD_CHARGE_SPOT, NULL },
    { 0 },
};

static const struct cc_word source_words[] = {
    { "any", CLOUD_PRICE_ANY, NULL },
    { "vendor", CLOUD_PRICE_VENDOR, NULL },
    { "price_book", CLOUD_PRICE_BOOK, NULL },
    { 0 },
};

/* the currency of an amount that names none */
#define CURRENCY "CNY"

/* Reads "120.50" or "120.50 USD". */
static bool read_money(const char *text, struct cloud_money *ret_money)
{
    char digits[CLOUD_MONEY_MAX] = "";
    size_t len = strcspn(text, " ");
    const char *currency = text[len] ? text + len + 1 : CURRENCY;

    if (len >= sizeof(digits))
        return false;
    memcpy(digits, text, len);
    return !cloud_money_parse(digits, currency, ret_money, NULL);
}

static int set_word(void *to, const struct cc_word *words, const char *text, const char *name,
                    struct cloud_error *err)
{
    char allowed[128] = "";

    for (const struct cc_word *w = words; w->word; w++) {
        if (!cc_ascii_casecmp(w->word, text)) {
            memcpy(to, &w->value, sizeof(w->value));
            return CLOUD_OK;
        }
        if (strlen(allowed) + strlen(w->word) + 3 < sizeof(allowed)) {
            strcat(allowed, *allowed ? ", " : "");
            strcat(allowed, w->word);
        }
    }
    return cc_fail_param(err, name, "%s is \"%.40s\"; it can be %s", name, text, allowed);
}

static int disk_error(struct cloud_error *err, const char *text)
{
    return cc_fail_param(
        err, "data_disks",
        "data_disks is \"%.80s\"; write TYPE:GB,TYPE:GB, for example ssd:100,ssd:200", text);
}

/*
 * Reads "ssd:100,200". The disks and the names of their types are in one allocation, so that one
 * free() is enough.
 */
static int set_disks(struct cloud_params *params, const char *text, struct cloud_error *err)
{
    size_t count = 1;
    struct cloud_disk_spec *disks;
    char *at;

    for (const char *p = text; *p; p++)
        count += *p == ',';
    disks = calloc(1, count * sizeof(*disks) + strlen(text) + 1);
    if (!disks)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    at = strcpy((char *)(disks + count), text);
    for (size_t i = 0; i < count; i++) {
        char *item = strsep(&at, ",");
        char *colon = strrchr(item, ':');

        if (colon)
            *colon = '\0';
        if (read_int(colon ? colon + 1 : item, &disks[i].size_gb) || !disks[i].size_gb ||
            (colon && colon == item)) {
            free(disks);
            return disk_error(err, text);
        }
        disks[i].type = colon ? item : NULL;
    }
    free((void *)params->data_disks);
    params->data_disks = disks;
    params->data_disk_count = count;
    return CLOUD_OK;
}

/* "1m" may mean a minute or a month. A purchase must not depend on which. */
static int set_period(struct cloud_period *to, const char *text, const char *name,
                      struct cloud_error *err)
{
    const char *unit = text + strspn(text, "0123456789 ");

    if (*unit && !unit[1] && (*unit == 'm' || *unit == 'M'))
        return cc_fail_param(err, name,
                             "%s is \"%.40s\"; m may be minutes or months, write %.*smonth", name,
                             text, (int)strspn(text, "0123456789"), text);
    if (!cloud_period_parse(text, to, NULL))
        return CLOUD_OK;
    return cc_fail_param(err, name, "%s is \"%.40s\"; write 1month, 3months, 1year", name, text);
}

int cc_param_check_text(enum cloud_param param, const char *text, struct cloud_error *err)
{
    /* the vendor's policy decides what a password may have */
    static const uint64_t free_texts =
        CC_BIT(NAME) | CC_BIT(DESCRIPTION) | CC_BIT(PARAMETERS) | CC_BIT(PASSWORD);
    const char *name = rows[param].info.name;
    const char *ends = free_texts >> param & 1 ? NULL : cc_text_ends(text);

    if (ends)
        return cc_fail_param(err, name, "%s %s; remove it", name, ends);
    if (param == CLOUD_PARAM_OPERATION_KEY && cc_has_control(text))
        return cc_fail_param(err, name, "%s has a control character; remove it", name);
    return CLOUD_OK;
}

int cloud_params_set(struct cloud_params *params, enum cloud_param param, const char *text,
                     struct cloud_error *err)
{
    const char *name;
    void *to;
    int rc = cc_need_struct(CC_STRUCT_PARAMS, params, err);

    if (rc)
        return rc;
    if ((unsigned)param >= CLOUD_PARAM__COUNT || !text || !fits(params, (int)param))
        return cc_fail(err, CLOUD_EINVAL, "there is no such parameter");
    name = rows[param].info.name;
    to = member_of(params, param);
    if (!*text)
        return cc_fail_param(err, name, "%s is empty; leave it out or give a value", name);
    switch (rows[param].kind) {
    case CC_PARAM_TEXT:
        if (cc_param_check_text(param, text, err))
            return CLOUD_EINVAL;
        memcpy(to, &text, sizeof(text));
        return CLOUD_OK;
    case CC_PARAM_INT:
        if (param == CLOUD_PARAM_COUNT && strspn(text, "+-0") == strlen(text))
            return cc_fail_param(err, name, "count is \"%.40s\"; it must be 1 or more", text);
        if (!read_int(text, to))
            return CLOUD_OK;
        return cc_fail_param(err, name, "%s is \"%.40s\"; it must be a whole number", name, text);
    case CC_PARAM_FLAG: return set_word(to, flag_words, text, name, err);
    case CC_PARAM_CHARGE: return set_word(to, charge_words, text, name, err);
    case CC_PARAM_SOURCE: return set_word(to, source_words, text, name, err);
    case CC_PARAM_PERIOD: return set_period(to, text, name, err);
    case CC_PARAM_MONEY:
        if (read_money(text, to))
            return CLOUD_OK;
        return cc_fail_param(
            err, name, "%s is \"%.40s\"; write an amount like 120.50 or 120.50 CNY", name, text);
    case CC_PARAM_TIME:
        if (!cloud_time_parse(text, to, NULL))
            return CLOUD_OK;
        return cc_fail_param(err, name, "%s is \"%.40s\"; write a time like 2026-12-01T00:00:00Z",
                             name, text);
    case CC_PARAM_DISKS: return set_disks(params, text, err);
    }
    return cc_fail(err, CLOUD_EINVAL, "there is no such parameter");
}

static const char *word_of(const struct cc_word *words, int value)
{
    while (words->word && words->value != value)
        words++;
    return words->word ? words->word : "";
}

static void write_disks(struct cc_buf *out, const struct cloud_params *params)
{
    for (size_t i = 0; i < params->data_disk_count; i++) {
        const struct cloud_disk_spec *disk = &params->data_disks[i];

        cc_buf_printf(out, "%s%s%s%d", i ? "," : "", disk->type ? disk->type : "",
                      disk->type ? ":" : "", disk->size_gb);
    }
}

static void write_value(struct cc_buf *out, const struct cloud_params *params,
                        enum cloud_param param)
{
    enum cc_param_kind kind = rows[param].kind;
    char text[CLOUD_MONEY_MAX];
    struct cloud_money money;
    struct cloud_period period;
    int64_t time;

    switch (kind) {
    case CC_PARAM_TEXT: cc_buf_puts(out, cc_params_text(params, param)); break;
    case CC_PARAM_INT: cc_buf_printf(out, "%d", cc_params_int(params, param)); break;
    case CC_PARAM_FLAG:
    case CC_PARAM_CHARGE:
    case CC_PARAM_SOURCE:
        cc_buf_puts(out, word_of(kind == CC_PARAM_FLAG     ? flag_words
                                 : kind == CC_PARAM_CHARGE ? charge_words
                                                           : source_words,
                                 cc_params_int(params, param)));
        break;
    case CC_PARAM_PERIOD:
        memcpy(&period, member(params, param), sizeof(period));
        cc_buf_puts(out, cloud_period_format(period, text));
        break;
    case CC_PARAM_MONEY:
        memcpy(&money, member(params, param), sizeof(money));
        cloud_money_format(money, text);
        cc_buf_add(out, text, strcmp(money.currency, CURRENCY) ? strlen(text) : strcspn(text, " "));
        break;
    case CC_PARAM_TIME:
        memcpy(&time, member(params, param), sizeof(time));
        cc_buf_puts(out, cloud_time_format(time, text));
        break;
    case CC_PARAM_DISKS: write_disks(out, params); break;
    }
}

size_t cloud_params_text(const struct cloud_params *params, enum cloud_param param, char *ret_text,
                         size_t size)
{
    cc_auto_buf struct cc_buf text = { 0 };

    if (cloud_params_has(params, param))
        write_value(&text, params, param);
    if (size && ret_text)
        snprintf(ret_text, size, "%s", cc_buf_text(&text));
    return text.len;
}

void cloud_params_clear(struct cloud_params *params)
{
    size_t size;

    if (cc_need_struct(CC_STRUCT_PARAMS, params, NULL))
        return;
    size = params->size;
    free((void *)params->data_disks);
    memset(params, 0, size);
    params->size = size;
}
