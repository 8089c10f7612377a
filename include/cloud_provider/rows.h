/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of a provider's tables: actions, arguments, fields, steps, operations, errors and
 * rules.
 */
#ifndef CLOUD_PROVIDER_ROWS_H
#define CLOUD_PROVIDER_ROWS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

#define CC_BIT(param) (UINT64_C(1) << (CLOUD_PARAM_##param))
#define CC_OP_BIT(op) (UINT32_C(1) << (CLOUD_OP_##op))

/* The offset of a member, and a compile error when the member does not have the type. */
#define CC_AT(type, member, ctype) \
    (offsetof(type, member) + 0 * sizeof((ctype *)0 == &((type *)0)->member))

/* Actions: what the vendor's page says of each request. */

/** A service of the vendor: a host, and what signing needs. { 0 } ends a table. */
struct cc_service {
    const char *name;    /* in the credential scope: "vm" */
    const char *host;    /* "vm.jdcloud-api.com" */
    const char *path;    /* before every action's path: "/v1", "/ecs/v1" */
    const char *version; /* RPC signing: the Version parameter */
};

enum cc_where { CC_BODY = 0, CC_QUERY, CC_PATH };
enum cc_type {
    CC_STRING = 0,
    CC_INT,
    CC_NUMBER,
    CC_BOOL,
    CC_OBJECT,
    CC_LIST,   /* of objects */
    CC_STRINGS /* a list of strings */
};

/** How a list is written into a query. */
enum cc_query_list {
    CC_INDEXED = 0, /* name.1=a&name.2.field=b */
    CC_JOINED,      /* name=a,b; may also be given as that text */
    CC_JSON,        /* name=["a","b"]; may also be given as that text */
    CC_OR_ONE       /* in a body: an object may be given in place of a list with it alone */
};

/** A parameter of an action, with the vendor's name. { 0 } ends a table. */
struct cc_action_param {
    const char *name;
    unsigned char where; /* enum cc_where */
    unsigned char type;  /* enum cc_type */
    bool required;
    bool secret;
    unsigned char list;  /* enum cc_query_list, for lists */
    const char *instead; /* the required parameter that this one replaces; NULL: none */
};

struct cc_step;

/** An action, as the vendor's page has it. A row without a name ends a table. */
struct cc_action {
    const char *name;
    unsigned char service; /* index into the provider's services */
    unsigned char effect;  /* enum cloud_effect */
    const char *method;
    const char *path; /* after the service's path: "/regions/{regionId}/instances" */
    const struct cc_action_param *params;
    const char *token; /* the parameter that takes the client token; NULL: none */
    const char *about; /* one line: what it does */
    /* a step before the action is invoked by cloud_invoke(), with the parameters that both actions
       have; its parse hook may refuse. NULL: none */
    const struct cc_step *guard;
};

/**
 * A text of the vendor and the value it stands for here, in a state map for example. Compared
 * without case. { 0 } ends a table.
 */
struct cc_word {
    const char *word;
    int value;
    const char *reason; /* for states: why, when the state alone does not say it */
};

/** Whether an error of the vendor proves that a changing request changed nothing. */
enum cc_proof {
    CC_UNPROVEN = 0, /* no: the change may have been made, so the outcome is unknown */
    CC_REFUSED,      /* yes */
    CC_BUSY          /* yes, and the same request may be accepted later */
};

/**
 * The meaning of an error of the vendor. The first row that matches counts; { 0 } ends the table.
 *
 * For the proof the first matching row with a code counts. If no row has the code, the row that
 * matched by its text counts, but only for HTTP 400 to 499: a success status with an unknown code
 * proves nothing. A row with a status only proves nothing about an answer with an unknown code.
 * HTTP 408, 499 and 5xx prove nothing in any case.
 */
struct cc_error_row {
    int http;         /* 0: any status */
    const char *code; /* NULL: any code; a '*' at the end matches any rest */
    /* whole words of the message, without case; "!load balance" is "balance", but not behind the
       word "load"; NULL: any message */
    const char *has;
    int means;           /* enum cloud_code */
    unsigned char proof; /* enum cc_proof */
};

/* Argument rows: what is written into a request. */

enum cc_arg_kind {
    CC_ARG_PARAM = 0, /* the parameter as it is */
    CC_ARG_LIST_OF,   /* a list with the parameter as its only element */
    CC_ARG_WORD,      /* the vendor's text for an enum or flag */
    CC_ARG_COUNT,     /* of a period: its count */
    CC_ARG_UNIT,      /* of a period: the vendor's text for its unit */
    CC_ARG_MONTHS,    /* of a period: its length in months, a year being twelve; .text when only
                         to_month_end was given */
    CC_ARG_REGION,    /* the client's region */
    CC_ARG_CONST,     /* the text of the row */
    CC_ARG_TOKEN,  /* the client token: one for all attempts of a call, and for an operation key */
    CC_ARG_MARK,   /* the fingerprint of the operation key, left out without a key; .with: after
                      the parameter; .each: in an object, as below */
    CC_ARG_FOUND,  /* a string member of the instance that an earlier step found */
    CC_ARG_FILTER, /* appends { name: .text, values: [the parameter] } to the list at .path */
    /* These append objects to the list at .path, by the rows of .each. When .as is CC_OBJECT, the
       rows write to .path itself. */
    CC_ARG_EACH_DISK,   /* one for each data disk */
    CC_ARG_OBJECT,      /* one */
    CC_ARG_SYSTEM_DISK, /* one for the system disk, unless it is "local" */
    CC_ARG_EACH_PREPAID /* one for each prepaid cloud disk of the instance found; without .each
                           their ids, separated by commas */
};

enum cc_disk_member { CC_DISK_TYPE = 1, CC_DISK_GB, CC_DISK_ID };

/** An argument row. { 0 } ends a table. It is left out when its source was not given. */
struct cc_arg {
    const char *path;    /* of the action's parameters; dots make objects: "charge.chargeMode" */
    unsigned char kind;  /* enum cc_arg_kind */
    unsigned char param; /* enum cloud_param */
    unsigned char as;    /* enum cc_type of a text of words or constants; CC_STRING by default */
    unsigned char disk;  /* enum cc_disk_member, in .each rows: of the disk, not a parameter */
    bool with, without;  /* constants, objects: only when .param was given, or was not given */
    const char *text;    /* CC_ARG_CONST; or the default when the parameter was not given */
    const struct cc_word *words;
    const struct cc_arg *each;
    size_t found; /* CC_ARG_FOUND: offset in struct cloud_instance of a const char * */
};

/* clang-format off */
#define CC_ARG(path_, PARAM)               { .path = (path_), .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_DEFAULT(path_, PARAM, digits_) \
    { .path = (path_), .param = CLOUD_PARAM_##PARAM, .text = (digits_), .as = CC_INT }
#define CC_ARG_IN_LIST(path_, PARAM) \
    { .path = (path_), .kind = CC_ARG_LIST_OF, .param = CLOUD_PARAM_##PARAM }
/* for actions that take several ids as one text, separated by commas */
#define CC_ARG_JOINED(path_, PARAM) \
    { .path = (path_), .kind = CC_ARG_LIST_OF, .param = CLOUD_PARAM_##PARAM, .text = "," }
#define CC_ARG_WORDS(path_, PARAM, words_, as_) \
    { .path = (path_), .kind = CC_ARG_WORD, .param = CLOUD_PARAM_##PARAM, .words = (words_), \
      .as = (as_) }
#define CC_ARG_PERIOD_COUNT(path_) \
    { .path = (path_), .kind = CC_ARG_COUNT, .param = CLOUD_PARAM_PERIOD }
#define CC_ARG_PERIOD_MONTHS(path_) \
    { .path = (path_), .kind = CC_ARG_MONTHS, .param = CLOUD_PARAM_PERIOD }
#define CC_ARG_PERIOD_UNIT(path_, words_, as_) \
    { .path = (path_), .kind = CC_ARG_UNIT, .param = CLOUD_PARAM_PERIOD, .words = (words_), \
      .as = (as_) }
#define CC_ARG_OF_REGION(path_)            { .path = (path_), .kind = CC_ARG_REGION }
#define CC_ARG_TEXT(path_, text_, as_) \
    { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_) }
#define CC_ARG_TEXT_WITH(path_, text_, as_, PARAM) \
    { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_), .with = true, \
      .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_TEXT_WITHOUT(path_, text_, as_, PARAM) \
    { .path = (path_), .kind = CC_ARG_CONST, .text = (text_), .as = (as_), .without = true, \
      .param = CLOUD_PARAM_##PARAM }
#define CC_ARG_CLIENT_TOKEN(path_)         { .path = (path_), .kind = CC_ARG_TOKEN }
/* "web-op0123456789": the fingerprint after a name; @unnamed is used when no name was given */
#define CC_ARG_MARKED(path_, PARAM, unnamed) \
    { .path = (path_), .kind = CC_ARG_MARK, .with = true, .param = CLOUD_PARAM_##PARAM, \
      .text = (unnamed) }
/*
 * the fingerprint alone: in an object of a list, as a text, or as an element of a list of strings
 */
#define CC_ARG_MARK_OBJECT(path_, each_)   { .path = (path_), .kind = CC_ARG_MARK, .each = (each_) }
#define CC_ARG_MARK_ALONE(path_)           { .path = (path_), .kind = CC_ARG_MARK }
#define CC_ARG_MARK_IN_LIST(path_) \
    { .path = (path_), .kind = CC_ARG_MARK, .as = CC_STRINGS }
#define CC_ARG_FROM_INSTANCE(path_, member) \
    { .path = (path_), .kind = CC_ARG_FOUND, \
      .found = CC_AT(struct cloud_instance, member, const char *) }
#define CC_ARG_FILTERS(path_, name_, PARAM) \
    { .path = (path_), .kind = CC_ARG_FILTER, .param = CLOUD_PARAM_##PARAM, .text = (name_) }
#define CC_ARG_DISKS(path_, each_) \
    { .path = (path_), .kind = CC_ARG_EACH_DISK, .param = CLOUD_PARAM_DATA_DISKS, \
      .each = (each_) }
#define CC_ARG_ONE(path_, each_) \
    { .path = (path_), .kind = CC_ARG_OBJECT, .each = (each_) }
#define CC_ARG_ONE_OBJECT(path_, PARAM, each_) \
    { .path = (path_), .kind = CC_ARG_OBJECT, .with = true, .param = CLOUD_PARAM_##PARAM, \
      .each = (each_) }
#define CC_ARG_CLOUD_DISK(path_, as_, each_) \
    { .path = (path_), .kind = CC_ARG_SYSTEM_DISK, .as = (as_), \
      .param = CLOUD_PARAM_SYSTEM_DISK_GB, .each = (each_) }
#define CC_ARG_PREPAID_DISKS(path_, each_) \
    { .path = (path_), .kind = CC_ARG_EACH_PREPAID, .each = (each_) }
#define CC_ARG_PREPAID_IDS(path_)          { .path = (path_), .kind = CC_ARG_EACH_PREPAID }
#define CC_ARG_DISK(path_, member)         { .path = (path_), .disk = (member) }
/* clang-format on */

/* Field rows: what a reply writes into the result. */

enum cc_field_kind {
    CC_FIELD_TEXT = 1,
    CC_FIELD_INT,    /* int, from a number or a text of digits */
    CC_FIELD_GIB,    /* int of MiB, from a number of GiB */
    CC_FIELD_MONEY,  /* struct cloud_money in the provider's currency; negative: CLOUD_EPROTOCOL */
    CC_FIELD_TIME,   /* int64_t; a text that is not a time is left out, with a warning in the log */
    CC_FIELD_FLAG,   /* enum cloud_flag: true, 1, "yes", OPENED and their opposites, or by .words */
    CC_FIELD_WORD,   /* an enum, by .words; a text in no row is 0 */
    CC_FIELD_KNOWN,  /* as WORD, but a text in no row leaves the member as it is */
    CC_FIELD_REASON, /* the reason of the row of .words */
    CC_FIELD_OBJECT, /* a struct in the struct, by .list->fields */
    CC_FIELD_LIST,   /* an array and its count, by .list; one that is nothing is empty */
    CC_FIELD_TEXTS,  /* an array of strings and its count; a single string is a list of one */
    CC_FIELD_MEMBERS, /* as LIST, from the members of an object; "@name" reads the member's name */
    CC_FIELD_FIRST,   /* as TEXT, but a text that is there already stays */
    CC_FIELD_JOINED,  /* as TEXT, but appended with a comma to a text that is there already */
    CC_FIELD_EACH, /* .list->fields of each element of a list, or of one object, into this struct */
    CC_FIELD_EACH_MEMBER, /* the same for every member of an object */
    CC_FIELD_EXPIRY,   /* as TIME, but a text that is not a time is CLOUD_TIME_UNREADABLE; for every
                          time at which something ends that costs money */
    CC_FIELD_CURRENCY, /* the currency of the amounts: CLOUD_EPROTOCOL unless it is the provider's
                          or one of .words, which has its symbols; nothing is written */
    CC_FIELD_ONE       /* as LIST, of the one object that was asked for: CLOUD_EPROTOCOL when it is
                          nothing */
};

struct cc_list;

/**
 * A field row. { 0 } ends a table. A value that is nothing leaves the member as it is: an absent
 * one, and null, "", [] and {}, which back ends print for a value they do not have, whatever its
 * type. A whole number may be written as 3, 3.0, 3e0 or "3".
 *
 * In a listing (describe_instances, _disks, _images, _instance_types, _regions), a value of a wrong
 * type in a row that is not required is left out, with a warning in the log: one odd record does
 * not hide the others. In every other operation it is CLOUD_EPROTOCOL.
 */
struct cc_field {
    /* a path as in json.h; "@name": the member's name in CC_FIELD_MEMBERS; "../x": of the element
       of EACH; "=text": that text */
    const char *path;
    unsigned char kind; /* enum cc_field_kind */
    bool required;      /* CLOUD_EPROTOCOL when it is nothing. A list may be: it is empty then, if
                           the object that has it exists, or if the total is 0 */
    size_t at;          /* offset in the struct */
    const struct cc_word *words;
    const struct cc_list *list;
};

struct cc_list {
    size_t size;     /* of an element */
    size_t count_at; /* offset of the count, in the struct with the array */
    const struct cc_field *fields;
};

/* clang-format off */
#define CC_TEXT(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_TEXT, .at = CC_AT(type, member, const char *) }
#define CC_TEXT_REQUIRED(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_TEXT, .at = CC_AT(type, member, const char *), \
      .required = true }
#define CC_NUMBER_INT(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_INT, .at = CC_AT(type, member, int) }
#define CC_GIB_AS_MIB(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_GIB, .at = CC_AT(type, member, int) }
#define CC_AMOUNT(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_MONEY, .at = CC_AT(type, member, struct cloud_money) }
#define CC_AMOUNT_REQUIRED(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_MONEY, .at = CC_AT(type, member, struct cloud_money), \
      .required = true }
#define CC_TIME(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_TIME, .at = CC_AT(type, member, int64_t) }
#define CC_EXPIRY(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_EXPIRY, .at = CC_AT(type, member, int64_t) }
#define CC_CURRENCY(path_, words_) \
    { .path = (path_), .kind = CC_FIELD_CURRENCY, .words = (words_) }
#define CC_FLAG(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_FLAG, .at = CC_AT(type, member, enum cloud_flag) }
#define CC_WORD(type, path_, member, ctype, words_) \
    { .path = (path_), .kind = CC_FIELD_WORD, .at = CC_AT(type, member, ctype), .words = (words_) }
#define CC_KNOWN(type, path_, member, ctype, words_) \
    { .path = (path_), .kind = CC_FIELD_KNOWN, .at = CC_AT(type, member, ctype), .words = (words_) }
#define CC_REASON(type, path_, member, words_) \
    { .path = (path_), .kind = CC_FIELD_REASON, .at = CC_AT(type, member, const char *), \
      .words = (words_) }
/* a state, its reason, and the vendor's state */
#define CC_STATE(type, path_, ctype, words_) \
    CC_WORD(type, path_, state, ctype, words_), CC_REASON(type, path_, state_reason, words_), \
      CC_TEXT(type, path_, vendor_state)
#define CC_INSIDE(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_OBJECT, .at = offsetof(type, member), .list = (list_) }
#define CC_INSIDE_REQUIRED(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_OBJECT, .at = offsetof(type, member), .list = (list_), \
      .required = true }
#define CC_ARRAY(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .at = offsetof(type, member), .list = (list_) }
#define CC_ARRAY_REQUIRED(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .at = offsetof(type, member), .list = (list_), \
      .required = true }
#define CC_ONE(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_ONE, .at = offsetof(type, member), .list = (list_), \
      .required = true }
#define CC_MEMBERS(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_MEMBERS, .at = offsetof(type, member), .list = (list_) }
#define CC_TEXTS(type, path_, member, list_) \
    { .path = (path_), .kind = CC_FIELD_TEXTS, .at = CC_AT(type, member, const char **), \
      .list = (list_) }
#define CC_FIRST(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_FIRST, .at = CC_AT(type, member, const char *) }
#define CC_JOINED_REQUIRED(type, path_, member) \
    { .path = (path_), .kind = CC_FIELD_JOINED, .at = CC_AT(type, member, const char *), \
      .required = true }
#define CC_EACH(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_EACH, .list = (list_) }
#define CC_EACH_REQUIRED(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_EACH, .list = (list_), .required = true }
#define CC_EACH_MEMBER(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_EACH_MEMBER, .list = (list_) }
/* clang-format on */

/* A list of strings needs its count only. */
#define CC_STRING_LIST(type, count_member) \
    { \
        .size = sizeof(const char *), .count_at = CC_AT(type, count_member, size_t) \
    }
#define CC_LIST_IN(type, count_member, element, fields_) \
    { \
        .size = sizeof(element), .count_at = CC_AT(type, count_member, size_t), \
        .fields = (fields_) \
    }

/* Steps and operations. */

/**
 * The pagination of a list: page numbers from 1; a server may give smaller pages than .size. The
 * elements must be as many as the total, also of a listing without pages.
 */
struct cc_paging {
    const char *page_param; /* "pageNumber"; NULL: the reply has all elements */
    const char *size_param;
    int size;
    const char *total;   /* path of the number of all matches in the data; "^name": in the reply;
                            NULL: none */
    const char *pages;   /* path of the number of pages, where a reply need not have the total; else
                            NULL */
    size_t count_at;     /* offset in struct cloud_result of the count of what was collected */
    size_t array_at;     /* and of the array; its elements begin with a const char *id */
    size_t element_size; /* 0: the elements have no id */
};
#define CC_COLLECT(array, count) \
    .count_at = offsetof(struct cloud_result, count), \
    .array_at = offsetof(struct cloud_result, array), \
    .element_size = sizeof(*((struct cloud_result *)0)->array)

struct cc_hook;
/* Returns CLOUD_OK, or what cc_fail() and cc_fail_param() returned. Any other number ends the call
 * with CLOUD_EPROTOCOL, and the outcome of a request that was sent is unknown. */
typedef int (*cc_hook_fn)(struct cc_hook *hook);
typedef bool (*cc_when_fn)(const struct cc_hook *hook);

/** A step: one request of an operation, or without an action a computation by its parse hook. */
struct cc_step {
    const struct cc_action *action;
    const struct cc_arg *args;
    const struct cc_field *fields; /* of struct cloud_result, from the envelope's data */
    cc_when_fn when;               /* NULL: always */
    cc_hook_fn build;              /* NULL: the argument rows are enough */
    cc_hook_fn parse;              /* NULL: the field rows are enough */
    const struct cc_paging *paging;
    bool tolerate; /* a refusal does not end the operation: the parse hook gets hook->refused and no
                      data */
    /*
     * An answer about one thing: where its id is in the action's parameters, and in the answer's
     * data ("^name": in the reply). Dots make paths, a list stands for each of its elements, '|'
     * separates paths. Another id than the request's is CLOUD_EPROTOCOL; "" and "0" are no id.
     * NULL: the answer has no id, so it cannot be compared.
     */
    const char *id_sent, *id_answered;
};

/** How the provider does one operation. */
struct cc_op_row {
    enum cloud_support support;
    const char *why; /* one sentence, for every support but CLOUD_NATIVE */
    const struct cc_step *steps;
    size_t step_count;
    cc_hook_fn check;  /* before anything is sent: what rules cannot express; NULL: none */
    uint64_t reads;    /* parameters that hooks read, besides those of the argument rows */
    uint64_t required; /* parameters that this vendor needs besides those of the operation */
    size_t scratch_size;
    bool keeps_result; /* its steps see the result of the stage before it in the same call */
    /* coalescing: how many ids a request may have, CC_MANY_ALL for a listing of the whole account;
       0: none. Lists and filters of INSTANCE_ID in the rows then hold all of them */
    int many;
    const struct cc_op_row *many_row; /* how several are requested together; NULL: as one is */
};
#define CC_MANY_ALL INT_MAX
#define CC_STEPS(array) .steps = (array), .step_count = CC_COUNT(array)

/* Rules: what the vendor would refuse, checked before anything is sent. */

enum cc_rule_kind {
    CC_RULE_RANGE = 1, /* a number from min to max, in steps of step above min (0: any); data disks:
                          of type .text */
    CC_RULE_LENGTH,    /* UTF-8 characters from min to max */
    CC_RULE_ONE_OF,    /* a number of the list .text, "1, 2, 4" */
    CC_RULE_PATTERN    /* a POSIX extended regular expression must match (data disks: their type);
                          .text describes it. Classes hold ASCII characters in every locale;
                          back-references and collating symbols are not supported */
};

/** A demand on a parameter. { 0 } ends a table. */
struct cc_rule {
    unsigned char kind;  /* enum cc_rule_kind */
    unsigned char param; /* enum cloud_param */
    long min, max, step;
    const char *pattern;
    const char *text;
    uint32_t only; /* CC_OP_BIT() of the operations it applies to; 0: all */
};

/** The demands on a password. */
struct cc_password_policy {
    int min, max;
    int classes;          /* how many of upper case, lower case, digits, specials it must have */
    const char *specials; /* the special characters that are allowed */
    const char *const *forbidden; /* texts that it must not contain, ended by NULL; NULL: none */
    int runs; /* no run of so many consecutive letters or digits, up or down; 0: any */
    const char *const *keyboard; /* rows of a keyboard: no run of their letters; NULL: none */
};

/** An allowed period. { 0 } ends a table. */
struct cc_allowed_period {
    enum cloud_period_unit unit;
    int min, max;
    uint32_t only; /* as in struct cc_rule */
};

#endif
