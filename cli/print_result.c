/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints results as tables or CSV: a list as a table, a single object with one line a member. The
 * rows of cli/result_fields.h say which members are columns. Members without a value are left out.
 */
#include "cli/output.h"
#include "include/cloud_provider/ascii.h"

#include <stdio.h>
#include <string.h>

/* "instance_type" to "INSTANCE TYPE" */
static char *title_of(const char *name)
{
    char *title = ctl_strdup(name);

    for (char *c = title; *c; c++)
        *c = *c == '_' ? ' ' : cc_ascii_upper(*c);
    return title;
}

static const char *colour_of(const struct ctl_field *field, const void *object)
{
    static const char *const names[] = {
        [CLOUD_STATE_RUNNING] = "green",    [CLOUD_STATE_ERROR] = "red",
        [CLOUD_STATE_EXPIRED] = "red",      [CLOUD_STATE_CREATING] = "yellow",
        [CLOUD_STATE_STARTING] = "yellow",  [CLOUD_STATE_STOPPING] = "yellow",
        [CLOUD_STATE_REBOOTING] = "yellow", [CLOUD_STATE_UPDATING] = "yellow",
        [CLOUD_STATE_DELETING] = "yellow",  [CLOUD_STATE__COUNT] = NULL,
    };
    int state;

    if (field->kind != CTL_INSTANCE_STATE)
        return NULL;
    state = ctl_int_at(field, object);
    return state >= 0 && state < CLOUD_STATE__COUNT ? names[state] : NULL;
}

static void show_table(const struct ctl_options *options, const struct ctl_type *type,
                       const char *objects, size_t count)
{
    const struct ctl_field *fields[CTL_FIELDS_MAX];
    size_t columns = ctl_rows_fields(options, type, objects, count, fields);
    struct ctl_table *table = ctl_table_new(options, !options->no_header);

    for (size_t n = 0; n < columns; n++) {
        ctl_auto_free char *title = title_of(fields[n]->name);

        ctl_table_column(table, title, fields[n]->column);
    }
    for (size_t i = 0; i < count; i++) {
        const char *object = objects + i * type->size;

        ctl_table_row(table);
        for (size_t n = 0; n < columns; n++) {
            ctl_auto_free char *text = ctl_rows_text(fields[n], object);

            ctl_table_cell(table, *text ? text : "-", colour_of(fields[n], object));
        }
    }
    ctl_table_print(table);
}

void ctl_show_list(const struct ctl_options *options, const struct ctl_type *type,
                   const void *objects, size_t count)
{
    if (options->output == CTL_CSV)
        ctl_rows_csv(options, type, objects, count);
    else if (count == 0)
        fprintf(stderr, "no %s\n", type->name);
    else
        show_table(options, type, objects, count);
}

static void add_line(struct ctl_table *table, const char *prefix, const struct ctl_field *field,
                     const void *object)
{
    ctl_auto_free char *name = ctl_format("%s%s", prefix, field->name);
    ctl_auto_free char *text = ctl_rows_text(field, object);

    if (!*text)
        return;
    ctl_table_row(table);
    ctl_table_cell(table, name, NULL);
    ctl_table_cell(table, text, colour_of(field, object));
}

/* Adds a line for each member; embedded structs have a prefix: "data_disks[0].id". */
static void add_lines(struct ctl_table *table, const char *prefix, const struct ctl_type *type,
                      const void *object)
{
    for (const struct ctl_field *field = type->fields; field->name; field++) {
        const char *elements;
        size_t count;

        if (ctl_field_is_empty(field, object))
            continue;
        if (field->kind != CTL_OBJECT && field->kind != CTL_LIST) {
            add_line(table, prefix, field, object);
            continue;
        }
        elements = field->kind == CTL_LIST ? ctl_pointer_at(field, object)
                                           : (const char *)object + field->at;
        count = field->kind == CTL_LIST ? ctl_count_at(field, object) : 1;
        for (size_t i = 0; i < count; i++) {
            ctl_auto_free char *inner = field->kind == CTL_LIST
                                            ? ctl_format("%s%s[%zu].", prefix, field->name, i)
                                            : ctl_format("%s%s.", prefix, field->name);

            add_lines(table, inner, field->type, elements + i * field->type->size);
        }
    }
}

/* With --columns only those members. */
static void add_chosen_lines(struct ctl_table *table, const struct ctl_options *options,
                             const struct ctl_type *type, const void *object)
{
    const struct ctl_field *fields[CTL_FIELDS_MAX];
    size_t count = ctl_rows_fields(options, type, object, 1, fields);

    for (size_t n = 0; n < count; n++) {
        const struct ctl_field one[] = { *fields[n], { 0 } };
        const struct ctl_type narrow = { type->name, type->size, one };

        add_lines(table, "", &narrow, object);
    }
}

void ctl_show_object(const struct ctl_options *options, const struct ctl_type *type,
                     const void *object)
{
    struct ctl_table *table;

    if (options->output == CTL_CSV) {
        ctl_rows_csv(options, type, object, 1);
        return;
    }
    table = ctl_table_new(options, false);
    ctl_table_column(table, "FIELD", CTL_COLUMN);
    ctl_table_column(table, "VALUE", CTL_COLUMN | CTL_WRAP);
    if (options->columns)
        add_chosen_lines(table, options, type, object);
    else
        add_lines(table, "", type, object);
    ctl_table_print(table);
}

/* clang-format off */
#define T struct cloud_result
static const struct ctl_field change_fields[] = {
    CTL_FIELD(T, op, CTL_OP, enum cloud_op, CTL_COLUMN),
    CTL_F_TEXT(T, request_id, CTL_COLUMN),
    CTL_F_TEXT(T, task_id, CTL_COLUMN),
    CTL_F_TEXT(T, order_id, CTL_COLUMN),
    { .name = "ids", .kind = CTL_TEXTS, .at = CTL_AT(T, ids, const char **),
      .count_at = CTL_AT(T, id_count, size_t), .column = CTL_COLUMN },
    { 0 }
};
static const struct ctl_type change_type = { "changes", sizeof(T), change_fields };
#undef T
/* clang-format on */

/* Prints the ids that a change returned: the vendor's support asks for them. */
static void show_head(const struct ctl_options *options, const struct cloud_result *result,
                      const char *target)
{
    ctl_auto_free char *name = ctl_strdup(target ? target : "");

    if (options->output == CTL_CSV) {
        ctl_rows_csv(options, &change_type, result, 1);
        return;
    }
    ctl_clean(name, true);
    printf("%s%s%s: accepted\n", cloud_op_info(result->op)->word, *name ? " " : "", name);
    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++) {
        ctl_auto_free char *text = NULL;

        if (field->kind != CTL_TEXT && field->kind != CTL_TEXTS)
            continue;
        text = ctl_field_text(field, result);
        ctl_clean(text, true);
        if (*text)
            printf("%-10s  %s\n", field->name, text);
    }
}

static void show_member(const struct ctl_options *options, const struct cloud_result *result,
                        const struct ctl_field *field)
{
    const void *at = (const char *)result + field->at;

    if (field->kind == CTL_DATA) {
        ctl_auto_free char *text = ctl_json_pretty(result->json ? result->json : "null");

        ctl_clean(text, false);
        printf("%s\n", text);
    } else if (field->kind == CTL_OBJECT) {
        ctl_show_object(options, field->type, at);
    } else if (result->op == CLOUD_OP_DESCRIBE_INSTANCE && ctl_count_at(field, result) == 1) {
        ctl_show_object(options, field->type, ctl_pointer_at(field, result));
    } else {
        ctl_show_list(options, field->type, ctl_pointer_at(field, result),
                      ctl_count_at(field, result));
    }
}

/* The wait command returns a task, an instance, or both; a task with the id of the instance adds
 * nothing to it. */
static bool is_shown(const struct cloud_result *result, const struct ctl_field *field)
{
    if (field->kind != CTL_LIST && field->kind != CTL_OBJECT && field->kind != CTL_DATA)
        return false;
    if (field->column & CTL_IF_SET) /* only repeats parts of what is shown */
        return false;
    if (result->op != CLOUD_OP_DESCRIBE_TASK)
        return ctl_result_has(result->op, field) || !ctl_field_is_empty(field, result);
    if (ctl_field_is_empty(field, result))
        return false;
    return field->kind != CTL_OBJECT || result->instance_count == 0 || !result->task.id ||
           strcmp(result->task.id, result->instances[0].id) != 0;
}

void ctl_show_result(const struct ctl_options *options, const struct cloud_result *result,
                     const char *target)
{
    /* invoke prints the vendor's data only: the head would say "accepted", which is not known */
    bool any = cloud_op_info(result->op)->effect != CLOUD_READS && result->op != CLOUD_OP_INVOKE;

    if (any)
        show_head(options, result, target);
    if (any && options->output == CTL_CSV)
        return;
    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++) {
        if (!is_shown(result, field))
            continue;
        if (any && options->output != CTL_CSV)
            putchar('\n');
        any = true;
        show_member(options, result, field);
    }
}
