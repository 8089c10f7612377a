/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one member of a result by its row: as a number, as an enum's name, or as text. */
#include "cli/result_fields.h"

#include <stdio.h>
#include <string.h>

int ctl_int_at(const struct ctl_field *field, const void *object)
{
    int value;

    _Static_assert(sizeof(enum cloud_flag) == sizeof(int), "enums are read as int");
    memcpy(&value, (const char *)object + field->at, sizeof(value));
    return value;
}

const void *ctl_pointer_at(const struct ctl_field *field, const void *object)
{
    const void *value;

    memcpy(&value, (const char *)object + field->at, sizeof(value));
    return value;
}

size_t ctl_count_at(const struct ctl_field *field, const void *object)
{
    size_t value;

    memcpy(&value, (const char *)object + field->count_at, sizeof(value));
    return value;
}

static const char *mode_name(int mode)
{
    static const char *const names[] = {
        [CLOUD_MODE_NORMAL] = "normal",
        [CLOUD_MODE_NO_SPEND] = "no_spend",
        [CLOUD_MODE_READ_ONLY] = "read_only",
    };

    return mode >= 0 && mode < (int)CTL_COUNT(names) ? names[mode] : NULL;
}

static const char *op_name(int op)
{
    const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

    return info ? info->name : NULL;
}

static const char *enum_name(enum ctl_kind kind, int value)
{
    switch (kind) {
    case CTL_OP: return op_name(value);
    case CTL_CODE: return cloud_code_name(value);
    case CTL_OUTCOME: return cloud_outcome_name((enum cloud_outcome)value);
    case CTL_SUPPORT: return cloud_support_name((enum cloud_support)value);
    case CTL_INSTANCE_STATE: return cloud_instance_state_name((enum cloud_instance_state)value);
    case CTL_DISK_STATE: return cloud_disk_state_name((enum cloud_disk_state)value);
    case CTL_IMAGE_STATE: return cloud_image_state_name((enum cloud_image_state)value);
    case CTL_TASK_STATE: return cloud_task_state_name((enum cloud_task_state)value);
    case CTL_BILLING_STATE: return cloud_billing_state_name((enum cloud_billing_state)value);
    case CTL_CHARGE_MODE: return cloud_charge_mode_name((enum cloud_charge_mode)value);
    case CTL_STOCK: return cloud_stock_name((enum cloud_stock)value);
    case CTL_PRICE_SOURCE: return cloud_price_source_name((enum cloud_price_source)value);
    case CTL_MODE: return mode_name(value);
    default: return NULL;
    }
}

const char *ctl_field_enum_name(const struct ctl_field *field, const void *object)
{
    enum ctl_kind kind = (enum ctl_kind)field->kind;

    return kind >= CTL_OP && kind <= CTL_MODE ? enum_name(kind, ctl_int_at(field, object)) : NULL;
}

static bool all_empty(const struct ctl_type *type, const void *object)
{
    for (const struct ctl_field *field = type->fields; field->name; field++)
        if (!ctl_field_is_empty(field, object))
            return false;
    return true;
}

bool ctl_field_is_empty(const struct ctl_field *field, const void *object)
{
    const char *at = (const char *)object + field->at;

    switch ((enum ctl_kind)field->kind) {
    case CTL_TEXT:
    case CTL_POINTED:
    case CTL_DATA: return !ctl_pointer_at(field, object);
    case CTL_CHARS: return !*at;
    case CTL_BOOL:
    case CTL_PASSED:
    case CTL_OP: /* 0 is a value like any other */
    case CTL_CODE:
    case CTL_OUTCOME:
    case CTL_SUPPORT:
    case CTL_MODE: return false;
    case CTL_MONEY: return !((const struct cloud_money *)(const void *)at)->currency[0];
    case CTL_TIME: return *(const int64_t *)(const void *)at == CLOUD_TIME_NONE;
    case CTL_TEXTS:
    case CTL_LIST: return ctl_count_at(field, object) == 0;
    case CTL_OBJECT: return all_empty(field->type, at);
    default: return ctl_int_at(field, object) == 0; /* numbers, enums, and periods by their count */
    }
}

/* "a, b" from a list of strings, or from the first member of each struct. */
static char *joined_text(const struct ctl_field *field, const void *object)
{
    const char *elements = ctl_pointer_at(field, object);
    size_t count = ctl_count_at(field, object), size = 0;
    char *text = NULL;
    FILE *out = ctl_checked(open_memstream(&text, &size));

    for (size_t i = 0; i < count; i++) {
        ctl_auto_free char *one =
            field->kind == CTL_TEXTS
                ? ctl_strdup(((const char *const *)(const void *)elements)[i])
                : ctl_field_text(field->type->fields, elements + i * field->type->size);

        fprintf(out, "%s%s", i ? ", " : "", one);
    }
    ctl_checked(fclose(out) == 0 ? text : NULL);
    return text;
}

char *ctl_field_text(const struct ctl_field *field, const void *object)
{
    const void *at = (const char *)object + field->at;
    const char *name = ctl_field_enum_name(field, object);
    char money[CLOUD_MONEY_MAX], period[CLOUD_PERIOD_MAX], time[CLOUD_TIME_MAX];

    if (ctl_field_is_empty(field, object))
        return ctl_strdup("");
    switch ((enum ctl_kind)field->kind) {
    case CTL_TEXT:
    case CTL_DATA: return ctl_strdup(ctl_pointer_at(field, object));
    case CTL_CHARS: return ctl_strdup(at);
    case CTL_INT: return ctl_format("%d", ctl_int_at(field, object));
    case CTL_PASSED:
    case CTL_BOOL: return ctl_strdup(*(const bool *)at ? "yes" : "no");
    case CTL_FLAG: return ctl_strdup(ctl_int_at(field, object) == CLOUD_YES ? "yes" : "no");
    case CTL_MONEY: return ctl_strdup(cloud_money_format(*(const struct cloud_money *)at, money));
    case CTL_PERIOD:
        return ctl_strdup(cloud_period_format(*(const struct cloud_period *)at, period));
    case CTL_TIME: return ctl_strdup(cloud_time_format(*(const int64_t *)at, time));
    case CTL_TEXTS:
    case CTL_LIST: return joined_text(field, object);
    default: return ctl_strdup(name ? name : "");
    }
}
