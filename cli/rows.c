/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chooses which members of a list are shown (--columns), sorts its rows (--sort), and writes them
 * as CSV.
 */
#include "include/cloud_provider/ascii.h"
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "EXPIRES AT", "expires-at" and "expires_at" are one name; @name ends at a comma or at its end. */
static bool has_name(const struct ctl_field *field, const char *name, size_t length)
{
    if (strlen(field->name) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        char given = name[i] == '-' || name[i] == ' ' ? '_' : name[i];

        given = (char)(given >= 'A' && given <= 'Z' ? given + 'a' - 'A' : given);
        if (given != field->name[i])
            return false;
    }
    return true;
}

static const struct ctl_field *find_field(const struct ctl_type *type, const char *name,
                                          size_t length)
{
    for (const struct ctl_field *field = type->fields; field->name; field++)
        if (has_name(field, name, length))
            return field;
    return NULL;
}

static int check_name(const struct ctl_type *const *types, size_t count, const char *option,
                      const char *name, size_t length, struct cloud_error *err)
{
    ctl_auto_free char *known = ctl_strdup("");

    for (size_t i = 0; i < count; i++)
        if (find_field(types[i], name, length))
            return CLOUD_OK;
    for (size_t i = 0; i < count; i++) {
        for (const struct ctl_field *field = types[i]->fields; field->name; field++) {
            ctl_auto_free char *before = known;

            known = ctl_format("%s%s%s", before, *before ? ", " : "", field->name);
        }
    }
    return ctl_refuse(err, CLOUD_EINVAL, option, "--%s: there is no column '%.*s'; they are %s",
                      option, (int)length, name, known);
}

int ctl_rows_check(const struct ctl_options *options, const struct ctl_type *const *types,
                   size_t count, struct cloud_error *err)
{
    const char *sort = options->sort, *at = options->columns;
    int code = CLOUD_OK;

    if (sort) {
        sort += *sort == '-';
        code = check_name(types, count, "sort", sort, strlen(sort), err);
    }
    while (at && code == CLOUD_OK) {
        size_t length = strcspn(at, ",");

        code = check_name(types, count, "columns", at, length, err);
        at = at[length] ? at + length + 1 : NULL;
    }
    return code;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_values(const struct ctl_field *field, const void *a, const void *b)
{
    const void *at_a = (const char *)a + field->at, *at_b = (const char *)b + field->at;
    const struct cloud_money *money_a = at_a, *money_b = at_b;
    const struct cloud_period *period_a = at_a, *period_b = at_b;
    ctl_auto_free char *text_a = NULL, *text_b = NULL;
    int order;

    switch ((enum ctl_kind)field->kind) {
    case CTL_INT: return compare_numbers(ctl_int_at(field, a), ctl_int_at(field, b));
    case CTL_TIME: return compare_numbers(*(const int64_t *)at_a, *(const int64_t *)at_b);
    case CTL_MONEY:
        order = strcmp(money_a->currency, money_b->currency);
        return order ? order : compare_numbers(money_a->micros, money_b->micros);
    case CTL_PERIOD:
        order = compare_numbers(period_a->unit, period_b->unit);
        return order ? order : compare_numbers(period_a->count, period_b->count);
    default: break;
    }
    text_a = ctl_field_text(field, a);
    text_b = ctl_field_text(field, b);
    return strcmp(text_a, text_b);
}

struct order {
    const struct ctl_field *field;
    bool descending;
};

/* Rows without a value are last in both directions. */
static int compare_rows(const void *a, const void *b, void *user_data)
{
    const struct order *order = user_data;
    int empty = (int)ctl_field_is_empty(order->field, a) - (int)ctl_field_is_empty(order->field, b);
    int by_value = empty ? 0 : compare_values(order->field, a, b);

    return empty ? empty : order->descending ? -by_value : by_value;
}

void ctl_rows_sort(const struct ctl_options *options, const struct ctl_type *type, void *objects,
                   size_t count)
{
    const char *name = options->sort;
    struct order order = { .descending = name && *name == '-' };

    if (!name || count < 2)
        return;
    name += order.descending;
    order.field = find_field(type, name, strlen(name));
    if (order.field)
        qsort_r(objects, count, type->size, compare_rows, &order);
}

/* A check that the vendor was not asked about and that did not pass was not made. */
char *ctl_rows_text(const struct ctl_field *field, const void *object)
{
    const struct cloud_check *check = object;

    if (field->kind == CTL_PASSED && !check->real && !check->passed)
        return ctl_strdup("not checked");
    return ctl_field_text(field, object);
}

static bool has_any_value(const struct ctl_type *type, const struct ctl_field *field,
                          const char *objects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!ctl_field_is_empty(field, objects + i * type->size))
            return true;
    return false;
}

static size_t named_fields(const char *columns, const struct ctl_type *type,
                           const struct ctl_field *ret[CTL_FIELDS_MAX])
{
    size_t found = 0;

    for (const char *at = columns; found < CTL_FIELDS_MAX;) {
        size_t length = strcspn(at, ",");
        const struct ctl_field *field = find_field(type, at, length);

        if (field)
            ret[found++] = field;
        if (!at[length])
            break;
        at += length + 1;
    }
    return found;
}

/* A table leaves out columns without any value, except the first one. CSV has the same columns for
 * every answer. */
size_t ctl_rows_fields(const struct ctl_options *options, const struct ctl_type *type,
                       const void *objects, size_t count,
                       const struct ctl_field *ret[CTL_FIELDS_MAX])
{
    size_t found = options->columns ? named_fields(options->columns, type, ret) : 0;
    bool csv = options->output == CTL_CSV, any_column = false;

    if (found)
        return found;
    for (const struct ctl_field *field = type->fields; field->name; field++)
        any_column |= field->column & CTL_COLUMN;
    for (const struct ctl_field *field = type->fields; field->name; field++) {
        bool column = any_column ? field->column & CTL_COLUMN : true;

        if (column && found < CTL_FIELDS_MAX &&
            (csv || field == type->fields || has_any_value(type, field, objects, count)))
            ret[found++] = field;
    }
    return found;
}

/* RFC 4180: a cell with a comma, a quote or a line end is quoted. */
static void print_cell(const char *text, bool last)
{
    ctl_auto_free char *clean = ctl_strdup(text);

    ctl_clean(clean, true);
    if (!clean[strcspn(clean, ",\" ")]) {
        fputs(clean, stdout);
    } else {
        putchar('"');
        for (const char *at = clean; *at; at++)
            printf(*at == '"' ? "\"%c" : "%c", *at);
        putchar('"');
    }
    fputs(last ? "\n" : ",", stdout);
}

void ctl_rows_csv(const struct ctl_options *options, const struct ctl_type *type,
                  const void *objects, size_t count)
{
    static const struct ctl_type *headed; /* the header of several results is written once */
    const struct ctl_field *fields[CTL_FIELDS_MAX];
    size_t columns = ctl_rows_fields(options, type, objects, count, fields);

    for (size_t n = 0; n < columns && !options->no_header && headed != type; n++)
        print_cell(fields[n]->name, n + 1 == columns);
    headed = type;
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < columns; n++) {
            ctl_auto_free char *text =
                ctl_rows_text(fields[n], (const char *)objects + i * type->size);

            print_cell(text, n + 1 == columns);
        }
    }
}
