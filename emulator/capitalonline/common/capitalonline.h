/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the products of CapitalOnline share: the signature, the way to an action, reading of
 * parameters, envelopes, the calendar of UTC+8. The products themselves (ecs_*.c, ccs_*.c) give
 * tables and functions.
 *
 * Switches of POST /_emulator/world {"switches":{...}}:
 * - capitalonline_types 1, 2 or 3: another reading of what the documents disagree on; "vary": one
 *   after the other, request by request (see emu_co_answer)
 * - go_sdk_space 1: a space may also be signed the wrong way cds-cloudos-go-sdk does it
 */
#ifndef EMU_CAPITALONLINE_H
#define EMU_CAPITALONLINE_H

#include "emulator/engine/emulator.h"

struct emu_co;

enum emu_co_type {
    EMU_CO_STR,     /* in a JSON body: a string and nothing else */
    EMU_CO_INT,     /* in a JSON body: an integer; in a query: its digits */
    EMU_CO_BOOL,    /* true, false, 1, 0 */
    EMU_CO_SCALAR,  /* where sources disagree: string, number or bool; kept as a string */
    EMU_CO_STRINGS, /* list of strings; also JSON text, comma-joined, Name.0=a&Name.1=b */
    EMU_CO_OBJ,     /* object; also JSON text, Name.Member=a */
    EMU_CO_OBJS     /* list of objects; a single one counts as a list of one */
};

struct emu_co_param {
    const char *name; /* NULL ends the table */
    enum emu_co_type type;
    bool required;
    const struct emu_co_param
        *fields;           /* of an object, or of each object in a list; NULL: taken as it is */
    const char *malformed; /* the code for a value of another type; NULL: the product's */
};

enum { EMU_CO_GET = 1, EMU_CO_POST = 2 };

/* What stands in the envelope of a success beside Code and Data: each page's example has its own.
 */
enum {
    EMU_CO_LC = 1,       /* the key is "code" */
    EMU_CO_CM = 2,       /* "CodeMsg": "success" */
    EMU_CO_RID = 4,      /* "RequestId" */
    EMU_CO_PAGED = 8,    /* "PageNumber", "PageSize", "TotalCount" from call->page... */
    EMU_CO_MESSAGE = 16, /* the key is "Message", not "Msg" */
    EMU_CO_TASK = 32,    /* "TaskId" from call->task_id ("" when NULL) */
    EMU_CO_NO_DATA = 64  /* no "Data" at all */
};

struct emu_co_action {
    const char *name; /* NULL ends the table */
    const char *path; /* without a slash at its end: "/ecs/v1.1" */
    unsigned methods;
    unsigned flags;
    const char *message;               /* NULL: no message in a success */
    const struct emu_co_param *params; /* NULL: none */
    void (*run)(struct emu_co *call);  /* answers by emu_co_answer or emu_co_fail */
};

struct emu_co_error {
    int status; /* 0 ends the table */
    const char *code;
    const char *message;
};

/* What the shared part itself has to refuse, each product in its own word. */
enum emu_co_refusal {
    EMU_CO_BAD_PATH,
    EMU_CO_BAD_ACTION,
    EMU_CO_BAD_METHOD,
    EMU_CO_UNREADABLE, /* not JSON, another type */
    EMU_CO_MISSING,
    EMU_CO_EMPTY, /* a required one is there, but null or empty */
    EMU_CO_INTERNAL,
    EMU_CO_REFUSAL__COUNT
};

struct emu_co_product {
    const char *provider;     /* "capitalonline_ecs" */
    const char *const *roots; /* first segments of the paths that are ours, "ecs"; ended by NULL */
    const struct emu_co_action *actions;
    const struct emu_co_error *errors;
    const char *refusals[EMU_CO_REFUSAL__COUNT];
    const char *message_key; /* in errors: "Msg" or "Message" */
    bool error_request_id;   /* errors have a RequestId */
};

/* The functions of struct emu_service, for a product to wrap. */
bool emu_co_match(const struct emu_co_product *product, struct emu_world *world,
                  struct emu_request *request);
bool emu_co_verify(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply);
void emu_co_handle(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply);
void emu_co_refuse(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, int status, const char *code, const char *message,
                   struct emu_reply *reply);

struct emu_co {
    struct emu_world *world;
    struct emu_request *request;
    struct emu_reply *reply;
    const struct emu_co_product *product;
    const struct emu_co_action *action;
    const char *account;
    yyjson_mut_val
        *params; /* the action's own, by its rows and of their types; absent ones are absent */
    const char *task_id;                         /* for EMU_CO_TASK */
    int64_t page_number, page_size, total_count; /* for EMU_CO_PAGED */
};

/* A success, in the shape of the action's row. @data may be NULL: {}. */
void emu_co_answer(struct emu_co *call, yyjson_mut_val *data);
/* A failure by its code; status and message are the table's, @detail (or NULL) stands behind the
 * message. Always false, so that a check can return it. */
bool emu_co_fail(struct emu_co *call, const char *code, const char *detail);

/* capitalonline_params.c: fills call->params by @rows, or fails. */
bool emu_co_read_params(struct emu_co *call, const struct emu_co_param *rows);
/* capitalonline_sign.c: NULL when it is as it should be, or the code of the refusal with *ret_why.
 */
const char *emu_co_check_signature(struct emu_world *world, struct emu_request *request,
                                   const char **ret_why);

char *emu_co_uuid(struct emu_world *world);
/* "2022-07-31 14:14:59", in UTC+8. */
char *emu_co_time(struct emu_world *world, int64_t seconds);
/* The same moment of the month, @months later by the calendar of UTC+8; the 31st becomes a month's
 * last. */
int64_t emu_co_months_later(int64_t start, int64_t months);
/* Midnight (UTC+8) at which the month of @start ends, and @further_months after it. */
int64_t emu_co_month_end(int64_t start, int64_t further_months);
/* The part of @month_micros for the days of this month (UTC+8) from today's to its last, today
 * counted, truncated to the cent. */
int64_t emu_co_rest_of_month(int64_t month_micros, int64_t now);
/* [CONV] No source says what an upgrade of something prepaid costs. Here: the difference of the
 * monthly prices, for each day (86400 s) that is left, one that has begun counting whole, a month
 * taken as 30 days, truncated to the cent; and nothing when the new price is not higher. A client
 * can work out the same from two quotes. */
int64_t emu_co_upgrade_price(int64_t old_month_micros, int64_t new_month_micros, int64_t now,
                             int64_t expiry);
int64_t emu_co_cents(int64_t micros); /* truncated to the cent */
/* 8 to 30 characters, three of: upper case, lower case, digits, ()`~!@#$%^&*-+=_|{}[]:;,.?/ */
bool emu_co_password_good(const char *text);
size_t emu_co_length(const char *text); /* in characters of UTF-8 */

#endif
