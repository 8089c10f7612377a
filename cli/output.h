/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the output of results: for people (print_result.c, table.c) and as JSON (json.c), both
 * by the rows of cli/result_fields.h.
 */
#ifndef CTL_OUTPUT_H
#define CTL_OUTPUT_H

#include "cli/result_fields.h"

/* table.c: a table of texts, which are copied. It is fitted to a terminal; on a pipe it is as wide
 * as its cells */
struct ctl_table;
struct ctl_table *ctl_table_new(bool headings);
void ctl_table_column(struct ctl_table *table, const char *title, int column);
void ctl_table_row(struct ctl_table *table);
/* the next cell of the row; @colour is a colour's name or NULL */
void ctl_table_cell(struct ctl_table *table, const char *text, const char *colour);
void ctl_table_print(struct ctl_table *table); /* and frees it */

/* print_result.c: results for people */
void ctl_show_list(const struct ctl_type *type, const void *objects, size_t count);
void ctl_show_object(const struct ctl_type *type, const void *object);
void ctl_show_result(const struct cloud_result *result);

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
/* the document as text, for stdout; caller frees */
char *ctl_json_write(struct ctl_json *json);
/* JSON text with indentation; an unchanged copy when it is not JSON. Caller frees */
char *ctl_json_pretty(const char *text);

#endif
