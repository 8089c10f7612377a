/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Describes the members of the library's results, one row a member. Tables and JSON both use these
 * rows, so a member that one of them has cannot be missing in the other.
 */
#ifndef CTL_RESULT_FIELDS_H
#define CTL_RESULT_FIELDS_H

#include "cli/cli.h"

enum ctl_kind {
    CTL_TEXT = 0, /* const char *; NULL: no value */
    CTL_CHARS,    /* char[]; "": no value */
    CTL_INT,
    CTL_BOOL,
    CTL_PASSED, /* bool of struct cloud_check: a check that was not made has no answer */
    CTL_FLAG,   /* enum cloud_flag */
    CTL_MONEY,
    CTL_PERIOD,
    CTL_TIME,
    CTL_OP, /* from here to CTL_MODE: enums, shown by their names */
    CTL_CODE,
    CTL_OUTCOME,
    CTL_SUPPORT,
    CTL_INSTANCE_STATE,
    CTL_DISK_STATE,
    CTL_IMAGE_STATE,
    CTL_TASK_STATE,
    CTL_BILLING_STATE,
    CTL_CHARGE_MODE,
    CTL_STOCK,
    CTL_PRICE_SOURCE,
    CTL_MODE,
    CTL_TEXTS,   /* const char **, and a count */
    CTL_OBJECT,  /* an embedded struct; no value when all its members have none */
    CTL_POINTED, /* a pointer to a struct; NULL: no value */
    CTL_LIST,    /* a pointer to structs, and a count */
    CTL_DATA     /* JSON text */
};

/* Flags of a table's column; 0: not a column. A cell without CUT and WRAP is shown whole. */
enum ctl_column {
    CTL_COLUMN = 1,
    CTL_RIGHT = 2,  /* numbers and money */
    CTL_CUT = 4,    /* may be cut when the terminal is narrow */
    CTL_WRAP = 8,   /* sentences and lists: may take several lines */
    CTL_MINOR = 16, /* left out first when the terminal is narrow */
    CTL_IF_SET = 32 /* a member of the result that -o json has only when it has a value */
};

/* One member. A row without a name ends a table. */
struct ctl_field {
    const char *name;
    int kind;
    size_t at;
    size_t count_at;             /* CTL_TEXTS, CTL_LIST */
    const struct ctl_type *type; /* CTL_OBJECT, CTL_POINTED, CTL_LIST */
    int column;
};

struct ctl_type {
    const char *name; /* plural: "instances" */
    size_t size;
    const struct ctl_field *fields;
};

extern const struct ctl_type ctl_result_type;
extern const struct ctl_type ctl_instance_type;
extern const struct ctl_type ctl_price_type;
extern const struct ctl_type ctl_error_type;

/* whether an operation returns this member of struct cloud_result */
bool ctl_result_has(enum cloud_op op, const struct ctl_field *field);

/* the types of the lists and objects that an operation returns; returns their number */
size_t ctl_result_types(enum cloud_op op, const struct ctl_type *ret[2]);

/* true when the member has no value */
bool ctl_field_is_empty(const struct ctl_field *field, const void *object);
/* the value as text for people; "" for no value; a list as "a, b". Caller frees */
char *ctl_field_text(const struct ctl_field *field, const void *object);
/* the name of an enum's value; NULL when the kind is not an enum or the value has no name */
const char *ctl_field_enum_name(const struct ctl_field *field, const void *object);

/* read a member of any enum or pointer type */
int ctl_int_at(const struct ctl_field *field, const void *object);
const void *ctl_pointer_at(const struct ctl_field *field, const void *object);
size_t ctl_count_at(const struct ctl_field *field, const void *object);

/* Macros for rows. CTL_AT does not compile when the member has another type than the row says. */
/* clang-format off */
#define CTL_AT(type, member, ctype)                                                                \
    (offsetof(type, member) + 0 * sizeof((ctype *)0 == &((type *)0)->member))
#define CTL_FIELD(TYPE, member, KIND, ctype, flags)                                                \
    { .name = #member, .kind = (KIND), .at = CTL_AT(TYPE, member, ctype), .column = (flags) }
#define CTL_F_TEXT(T, m, flags)   CTL_FIELD(T, m, CTL_TEXT, const char *, flags)
#define CTL_F_CHARS(T, m, flags)  CTL_FIELD(T, m, CTL_CHARS, __typeof__(((T *)0)->m), flags)
#define CTL_F_INT(T, m, flags)    CTL_FIELD(T, m, CTL_INT, int, flags)
#define CTL_F_BOOL(T, m, flags)   CTL_FIELD(T, m, CTL_BOOL, bool, flags)
#define CTL_F_FLAG(T, m, flags)   CTL_FIELD(T, m, CTL_FLAG, enum cloud_flag, flags)
#define CTL_F_MONEY(T, m, flags)  CTL_FIELD(T, m, CTL_MONEY, struct cloud_money, flags)
#define CTL_F_PERIOD(T, m, flags) CTL_FIELD(T, m, CTL_PERIOD, struct cloud_period, flags)
#define CTL_F_TIME(T, m, flags)   CTL_FIELD(T, m, CTL_TIME, int64_t, flags)
#define CTL_F_TEXTS(T, m, count)                                                                   \
    { .name = #m, .kind = CTL_TEXTS, .at = CTL_AT(T, m, const char **),                            \
      .count_at = CTL_AT(T, count, size_t) }
#define CTL_F_OBJECT(T, m, ctype, type_)                                                           \
    { .name = #m, .kind = CTL_OBJECT, .at = CTL_AT(T, m, ctype), .type = &(type_) }
#define CTL_F_LIST(T, m, ctype, count, type_, flags)                                               \
    { .name = #m, .kind = CTL_LIST, .at = CTL_AT(T, m, ctype *),                                   \
      .count_at = CTL_AT(T, count, size_t), .type = &(type_), .column = (flags) }

/* clang-format on */

#endif
