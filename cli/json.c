/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes results as JSON and YAML, by the rows of cli/result_fields.h; docs/user/json.md documents
 * the output. Every member of a struct has its own name; a value that the vendor did not return is
 * null. This is the only file of cloudctl that includes the JSON library.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

/* numbers of the vendor are copied as text, so that they keep every digit */
#define NUMBERS_AS_TEXT YYJSON_READ_NUMBER_AS_RAW

struct ctl_json {
    yyjson_mut_doc *doc;
};

static yyjson_mut_val *value_in(struct ctl_json_value *value)
{
    return (yyjson_mut_val *)(void *)value;
}

static struct ctl_json_value *value_out(yyjson_mut_val *value)
{
    return (struct ctl_json_value *)(void *)value;
}

struct ctl_json *ctl_json_new(void)
{
    struct ctl_json *json = ctl_alloc(sizeof(*json));

    json->doc = ctl_checked(yyjson_mut_doc_new(NULL));
    yyjson_mut_doc_set_root(json->doc, ctl_checked(yyjson_mut_obj(json->doc)));
    return json;
}

void ctl_json_free(struct ctl_json *json)
{
    if (json)
        yyjson_mut_doc_free(json->doc);
    free(json);
}

struct ctl_json_value *ctl_json_root(struct ctl_json *json)
{
    return value_out(yyjson_mut_doc_get_root(json->doc));
}

/* Adds under a name to an object, or at the end of an array. */
static yyjson_mut_val *put(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                           yyjson_mut_val *value)
{
    yyjson_mut_val *into = value_in(to);
    bool done = name ? yyjson_mut_obj_add(into, ctl_checked(yyjson_mut_strcpy(json->doc, name)),
                                          ctl_checked(value))
                     : yyjson_mut_arr_append(into, ctl_checked(value));

    return ctl_checked(done ? value : NULL);
}

struct ctl_json_value *ctl_json_object(struct ctl_json *json, struct ctl_json_value *to,
                                       const char *name)
{
    return value_out(put(json, to, name, yyjson_mut_obj(json->doc)));
}

struct ctl_json_value *ctl_json_array(struct ctl_json *json, struct ctl_json_value *to,
                                      const char *name)
{
    return value_out(put(json, to, name, yyjson_mut_arr(json->doc)));
}

/* Copies a text as valid UTF-8: members of fixed size may have been cut inside a character. */
static yyjson_mut_val *text_value(struct ctl_json *json, const char *text)
{
    ctl_auto_free char *clean = NULL;

    if (!text)
        return yyjson_mut_null(json->doc);
    clean = ctl_strdup(text);
    ctl_clean(clean, false);
    return yyjson_mut_strcpy(json->doc, clean);
}

void ctl_json_text(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                   const char *text)
{
    put(json, to, name, text_value(json, text));
}

static yyjson_mut_val *money_value(struct ctl_json *json, struct cloud_money money)
{
    yyjson_mut_val *value = ctl_checked(yyjson_mut_obj(json->doc));
    char text[CLOUD_MONEY_MAX];

    cloud_money_format(money, text);
    text[strcspn(text, " ")] = '\0'; /* "12.34 CNY": the currency has a member of its own */
    put(json, value_out(value), "amount", yyjson_mut_strcpy(json->doc, text));
    put(json, value_out(value), "currency", yyjson_mut_strcpy(json->doc, money.currency));
    return value;
}

static yyjson_mut_val *data_value(struct ctl_json *json, const char *text)
{
    yyjson_doc *read = yyjson_read(text, strlen(text), NUMBERS_AS_TEXT);
    yyjson_mut_val *value =
        read ? yyjson_val_mut_copy(json->doc, yyjson_doc_get_root(read)) : text_value(json, text);

    yyjson_doc_free(read);
    return value;
}

bool ctl_json_raw(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                  const char *text)
{
    yyjson_doc *read = yyjson_read(text, strlen(text), NUMBERS_AS_TEXT);

    if (read)
        put(json, to, name, yyjson_val_mut_copy(json->doc, yyjson_doc_get_root(read)));
    yyjson_doc_free(read);
    return read != NULL;
}

struct ctl_json_value *ctl_json_member(struct ctl_json_value *of, const char *name)
{
    return value_out(yyjson_mut_obj_get(value_in(of), name));
}

bool ctl_json_is_array(struct ctl_json_value *value)
{
    return yyjson_mut_is_arr(value_in(value));
}

static void put_texts(struct ctl_json *json, struct ctl_json_value *to,
                      const struct ctl_field *field, const void *object)
{
    struct ctl_json_value *array = ctl_json_array(json, to, field->name);
    const char *const *texts = ctl_pointer_at(field, object);

    for (size_t i = 0; i < ctl_count_at(field, object); i++)
        ctl_json_text(json, array, NULL, texts[i]);
}

/* Adds a list or an object. A list is never null: an empty list is an answer. */
static void put_compound(struct ctl_json *json, struct ctl_json_value *to,
                         const struct ctl_field *field, const void *object)
{
    const void *at = (const char *)object + field->at;

    if (field->kind == CTL_TEXTS)
        put_texts(json, to, field, object);
    else if (field->kind == CTL_LIST)
        ctl_json_list(json, to, field->name, field->type, ctl_pointer_at(field, object),
                      ctl_count_at(field, object));
    else if (ctl_field_is_empty(field, object))
        put(json, to, field->name, yyjson_mut_null(json->doc));
    else
        ctl_json_members(json, ctl_json_object(json, to, field->name), field->type,
                         field->kind == CTL_POINTED ? ctl_pointer_at(field, object) : at);
}

static yyjson_mut_val *simple_value(struct ctl_json *json, const struct ctl_field *field,
                                    const void *object)
{
    const void *at = (const char *)object + field->at;
    ctl_auto_free char *text = NULL;

    switch ((enum ctl_kind)field->kind) {
    case CTL_INT: return yyjson_mut_sint(json->doc, ctl_int_at(field, object));
    case CTL_PASSED:
    case CTL_BOOL: return yyjson_mut_bool(json->doc, *(const bool *)at);
    case CTL_FLAG:
        return ctl_field_is_empty(field, object)
                   ? yyjson_mut_null(json->doc)
                   : yyjson_mut_bool(json->doc, ctl_int_at(field, object) == CLOUD_YES);
    default: break;
    }
    if (ctl_field_enum_name(field, object))
        return text_value(json, ctl_field_enum_name(field, object));
    if (ctl_field_is_empty(field, object))
        return yyjson_mut_null(json->doc);
    if (field->kind == CTL_MONEY)
        return money_value(json, *(const struct cloud_money *)at);
    if (field->kind == CTL_DATA)
        return data_value(json, ctl_pointer_at(field, object));
    text = ctl_field_text(field, object);
    return text_value(json, text);
}

static void put_field(struct ctl_json *json, struct ctl_json_value *to,
                      const struct ctl_field *field, const void *object)
{
    if (field->kind >= CTL_TEXTS && field->kind <= CTL_LIST)
        put_compound(json, to, field, object);
    else
        put(json, to, field->name, simple_value(json, field, object));
}

void ctl_json_members(struct ctl_json *json, struct ctl_json_value *to, const struct ctl_type *type,
                      const void *object)
{
    for (const struct ctl_field *field = type->fields; field->name; field++)
        put_field(json, to, field, object);
}

void ctl_json_list(struct ctl_json *json, struct ctl_json_value *to, const char *name,
                   const struct ctl_type *type, const void *objects, size_t count)
{
    struct ctl_json_value *array = ctl_json_array(json, to, name);

    for (size_t i = 0; i < count; i++)
        ctl_json_members(json, ctl_json_object(json, array, NULL), type,
                         (const char *)objects + i * type->size);
}

/* Writes the members of every result, those that this operation returns, and all that are set. */
void ctl_json_result(struct ctl_json *json, struct ctl_json_value *to,
                     const struct cloud_result *result)
{
    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++) {
        bool head =
            (field->kind == CTL_TEXT || field->kind == CTL_TEXTS) && !(field->column & CTL_IF_SET);

        if (field->kind == CTL_OP)
            ctl_json_text(json, to, "operation", ctl_field_enum_name(field, result));
        else if (head || ctl_result_has(result->op, field) || !ctl_field_is_empty(field, result))
            put_field(json, to, field, result);
    }
}

void ctl_json_error(struct ctl_json *json, struct ctl_json_value *to, const struct cloud_error *err,
                    const char *advice)
{
    struct ctl_json_value *error = ctl_json_object(json, to, "error");

    ctl_json_members(json, error, &ctl_error_type, err);
    ctl_json_text(json, error, "advice", advice);
}

char *ctl_json_write(struct ctl_json *json)
{
    yyjson_write_flag flags = YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_NEWLINE_AT_END;

    return ctl_checked(yyjson_mut_write(json->doc, flags, NULL));
}

void ctl_json_remove(struct ctl_json_value *from, const char *name)
{
    yyjson_mut_obj_remove_key(value_in(from), name);
}

bool ctl_is_document(const struct ctl_options *options)
{
    return options->output == CTL_JSON || options->output == CTL_YAML;
}

/* A name that every YAML reader takes as a text when it has no quotes. */
static bool is_plain_key(const char *key)
{
    static const char *const words[] = {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null"
    };

    for (size_t i = 0; i < CTL_COUNT(words); i++)
        if (strcmp(key, words[i]) == 0)
            return false;
    return *key >= 'a' && *key <= 'z' &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0';
}

/* Writes a text, a number or a word as JSON has it, which is also YAML. */
static void write_scalar(FILE *out, yyjson_mut_val *value)
{
    ctl_auto_free char *text = ctl_checked(yyjson_mut_val_write(value, YYJSON_WRITE_NOFLAG, NULL));

    fputs(text, out);
}

/* @indent: columns before the members; @inline_first: the first follows "- " on the same line */
static void write_yaml(FILE *out, yyjson_mut_val *value, int indent, bool inline_first)
{
    yyjson_mut_val *key, *member;
    size_t i, count;

    if (yyjson_mut_is_obj(value)) {
        yyjson_mut_obj_foreach(value, i, count, key, member)
        {
            bool nested = yyjson_mut_is_ctn(member) && yyjson_mut_get_len(member) > 0;

            fprintf(out, "%*s", i == 0 && inline_first ? 0 : indent, "");
            if (is_plain_key(yyjson_mut_get_str(key)))
                fputs(yyjson_mut_get_str(key), out);
            else
                write_scalar(out, key);
            fputs(nested ? ":\n" : ": ", out);
            write_yaml(out, member, nested ? indent + 2 : 0, false);
        }
    } else {
        yyjson_mut_arr_foreach(value, i, count, member)
        {
            fprintf(out, "%*s- ", i == 0 && inline_first ? 0 : indent, "");
            write_yaml(out, member, indent + 2, true);
        }
    }
    if (yyjson_mut_is_ctn(value) && yyjson_mut_get_len(value) > 0)
        return;
    write_scalar(out, value);
    putc('\n', out);
}

static char *yaml_text(struct ctl_json *json)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = ctl_checked(open_memstream(&text, &size));

    write_yaml(out, yyjson_mut_doc_get_root(json->doc), 0, false);
    ctl_checked(fclose(out) == 0 ? text : NULL);
    return text;
}

char *ctl_json_document(struct ctl_json *json, const struct ctl_options *options)
{
    ctl_auto_free char *text = options->output == CTL_YAML ? yaml_text(json) : ctl_json_write(json);

    return ctl_escape_controls(text);
}

void ctl_json_print(struct ctl_json *json, const struct ctl_options *options)
{
    ctl_auto_free char *text = ctl_json_document(json, options);

    fputs(text, stdout);
    ctl_json_free(json);
}

char *ctl_json_pretty(const char *text)
{
    yyjson_doc *read = yyjson_read(text, strlen(text), NUMBERS_AS_TEXT);
    char *pretty = read ? yyjson_write(read, YYJSON_WRITE_PRETTY_TWO_SPACES, NULL) : NULL;

    char *safe = ctl_escape_controls(pretty ? pretty : text);

    free(pretty);
    yyjson_doc_free(read);
    return safe;
}
