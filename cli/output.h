/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the output of results: for people (print_result.c, table.c) and as JSON (json.c), both
 * by the rows of cli/result_fields.h.
 */
#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include "cli/result_fields.h"

/* table.c: a table of texts, which are copied. It is fitted to a terminal and then says what it
 * left out; on a pipe, and with -o wide, it is as wide as its cells */
struct ctl_table;
struct ctl_table *ctl_table_new(const struct ctl_options *options, bool headings);
void ctl_table_column(struct ctl_table *table, const char *title, int column);
void ctl_table_row(struct ctl_table *table);
/* the next cell of the row; @colour is a colour's name or NULL */
void ctl_table_cell(struct ctl_table *table, const char *text, const char *colour);
void ctl_table_print(struct ctl_table *table); /* and frees it */

/* rows.c: which members are shown, in which order; rows as CSV */
#define CTL_FIELDS_MAX 64
/* CLOUD_EINVAL when --columns or --sort names a member that none of the types has */
int ctl_rows_check(const struct ctl_options *options, const struct ctl_type *const *types,
                   size_t count, struct cloud_error *err);
void ctl_rows_sort(const struct ctl_options *options, const struct ctl_type *type, void *objects,
                   size_t count);
/* the members to show; returns their number */
size_t ctl_rows_fields(const struct ctl_options *options, const struct ctl_type *type,
                       const void *objects, size_t count,
                       const struct ctl_field *ret[CTL_FIELDS_MAX]);
/* a value as it is shown; caller frees */
char *ctl_rows_text(const struct ctl_field *field, const void *object);
void ctl_rows_csv(const struct ctl_options *options, const struct ctl_type *type,
                  const void *objects, size_t count);

/* print_result.c: results as tables and CSV */
void ctl_show_list(const struct ctl_options *options, const struct ctl_type *type,
                   const void *objects, size_t count);
void ctl_show_object(const struct ctl_options *options, const struct ctl_type *type,
                     const void *object);
/* @target: the id that a command with several ids is at; NULL: there is only one */
void ctl_show_result(const struct ctl_options *options, const struct cloud_result *result,
                     const char *target);

/* json.c: one document, written at the end. The document owns its values */
struct ctl_json;
struct ctl_json_value;
struct ctl_json *ctl_json_new(void);
void ctl_json_free(struct ctl_json *json);
struct ctl_json_value *ctl_json_root(struct ctl_json *json);
/* adds under @name; to the end when @to is an array, and then @name is NULL */
struct ctl_json_value *ctl_json_object(struct ctl_json *json, struct ctl_json_value *to,
                                       const char *name);
struct ctl_json_value *ctl_json_array(struct ctl_json *json, struct ctl_json_value *to,
                                      const char *name);
void ctl_json_text(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                   const char *text);
/* adds JSON text unchanged; false, and nothing is added, when the text is not JSON */
bool ctl_json_raw(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                  const char *text);
struct ctl_json_value *ctl_json_member(struct ctl_json_value *of,
                                       const char *name); /* NULL: none */
bool ctl_json_is_array(struct ctl_json_value *value);
/* adds every member of @object by its rows */
void ctl_json_members(struct ctl_json *json, struct ctl_json_value *to, const struct ctl_type *type,
                      const void *object);
void ctl_json_list(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                   const struct ctl_type *type, const void *objects, size_t count);
void ctl_json_result(struct ctl_json *json, struct ctl_json_value *to,
                     const struct cloud_result *result);
void ctl_json_error(struct ctl_json *json, struct ctl_json_value *to, const struct cloud_error *err,
                    const char *advice);
void ctl_json_remove(struct ctl_json_value *from, const char *name);
/* the document as JSON text; caller frees */
char *ctl_json_write(struct ctl_json *json);
/* -o json and yaml write one document */
bool ctl_is_document(const struct ctl_options *options);
/* the document as it is shown, JSON or YAML; caller frees */
char *ctl_json_document(struct ctl_json *json, const struct ctl_options *options);
/* writes the document to standard output and frees it */
void ctl_json_print(struct ctl_json *json, const struct ctl_options *options);
/* JSON text with indentation; an unchanged copy when it is not JSON. Caller frees */
char *ctl_json_pretty(const char *text);

#endif
