/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared interface of CapitalOnline's products: signature, parameters, envelopes, the calendar of
 * UTC+8. The products (ecs_*.c, ccs_*.c) supply tables and functions.
 *
 * Switches of POST /_emulator/world {"switches":{...}}:
 * - capitalonline_types 1, 2 or 3: another reading of what the documents disagree on; "vary": each
 *   reading in turn, request by request (see capitalonline_reply.c)
 * - go_sdk_space 1: also accepts the wrong signature of a space that cds-cloudos-go-sdk makes
 */
#ifndef EMU_CAPITALONLINE_H
#define EMU_CAPITALONLINE_H

#include "emulator/engine/emulator.h"

struct emu_co;

/* Parameters (capitalonline_params.c). */

enum emu_co_type {
    EMU_CO_STR,     /* in a JSON body: a string only */
    EMU_CO_INT,     /* in a JSON body: an integer; in a query: its digits */
    EMU_CO_BOOL,    /* true, false, 1, 0 */
    EMU_CO_SCALAR,  /* where sources disagree: string, number or bool; kept as a string */
    EMU_CO_STRINGS, /* list of strings; also JSON text, joined by commas, Name.0=a&Name.1=b */
    EMU_CO_OBJ,     /* object; also JSON text, Name.Member=a */
    EMU_CO_OBJS     /* list of objects; a single object counts as a list of one */
};

struct emu_co_param {
    const char *name; /* NULL ends the table */
    enum emu_co_type type;
    bool required;
    const struct emu_co_param
        *fields;           /* of an object, or of each object in a list; NULL: accepted as it is */
    const char *malformed; /* the code for a value of another type; NULL: the product's */
};

/* Actions. */

enum { EMU_CO_GET = 1, EMU_CO_POST = 2 };

/* Members of a successful envelope besides Code and Data. Each page's example has its own set. */
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

/* Products. */

struct emu_co_error {
    int status; /* 0 ends the table */
    const char *code;
    const char *message;
};

/* Refusals of the shared part. Each product has its own code for them. */
enum emu_co_refusal {
    EMU_CO_BAD_PATH,
    EMU_CO_BAD_ACTION,
    EMU_CO_BAD_METHOD,
    EMU_CO_UNREADABLE, /* not JSON, or of another type */
    EMU_CO_MISSING,
    EMU_CO_EMPTY, /* a required one is null or empty */
    EMU_CO_INTERNAL,
    EMU_CO_REFUSAL__COUNT
};

struct emu_co_product {
    const char *provider; /* "capitalonline_ecs" */
    const char *const
        *roots; /* first segments of the product's paths, like "ecs"; ends with NULL */
    const struct emu_co_action *actions;
    const struct emu_co_error *errors;
    const char *refusals[EMU_CO_REFUSAL__COUNT];
    const char *message_key; /* in errors: "Msg" or "Message" */
    bool error_request_id;   /* errors have a RequestId */
};

/* The functions of struct emu_service, which a product wraps. */
bool emu_co_match(const struct emu_co_product *product, struct emu_world *world,
                  struct emu_request *request);
bool emu_co_verify(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply);
void emu_co_handle(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply);
void emu_co_refuse(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, int status, const char *code, const char *message,
                   struct emu_reply *reply);
/* An error with exactly these values; a NULL @code or @message has no member. */
void emu_co_error(const struct emu_co_product *product, struct emu_world *world,
                  struct emu_request *request, int status, yyjson_mut_val *code,
                  const char *message, struct emu_reply *reply);

/* One call. */

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

/* A success, with the envelope of the action's row. @data may be NULL: {}. */
void emu_co_answer(struct emu_co *call, yyjson_mut_val *data);
/* A failure by its code. Status and message come from the product's table; @detail (or NULL)
 * follows the message. Always returns false, so that a check can return it. */
bool emu_co_fail(struct emu_co *call, const char *code, const char *detail);

/* Fills call->params by @rows, or fails (capitalonline_params.c). */
bool emu_co_read_params(struct emu_co *call, const struct emu_co_param *rows);
/* Returns NULL when the signature is right, else the error code and *ret_why
 * (capitalonline_sign.c). */
const char *emu_co_check_signature(struct emu_world *world, struct emu_request *request,
                                   const char **ret_why);

/* Text, time, money (capitalonline_calendar.c). */

char *emu_co_uuid(struct emu_world *world);
/* "2022-07-31 14:14:59", in UTC+8. */
char *emu_co_time(struct emu_world *world, int64_t seconds);
/* The same day and time @months later, by the calendar of UTC+8; the 31st becomes the last day of a
 * shorter month. */
int64_t emu_co_months_later(int64_t start, int64_t months);
/* The midnight (UTC+8) at which the month of @start ends, or @further_months after it. */
int64_t emu_co_month_end(int64_t start, int64_t further_months);
/* The part of @month_micros for the rest of this month (UTC+8), today included, truncated to the
 * cent. */
int64_t emu_co_rest_of_month(int64_t month_micros, int64_t now);
/* [CONV] No source gives the price of upgrading something prepaid. Here it is a thirtieth of the
 * difference of the monthly prices for each remaining day (86400 s; a begun day counts), truncated
 * to the cent; nothing when the new price is not higher. A client can compute it from two quotes.
 */
int64_t emu_co_upgrade_price(int64_t old_month_micros, int64_t new_month_micros, int64_t now,
                             int64_t expiry);
int64_t emu_co_cents(int64_t micros); /* truncated to the cent */
/* 8 to 30 characters, three of: upper case, lower case, digits, ()`~!@#$%^&*-+=_|{}[]:;,.?/ */
bool emu_co_password_good(const char *text);
size_t emu_co_length(const char *text); /* characters of UTF-8 */

#endif
