/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal interface of the emulator: a world in SQLite, requests, replies, and the functions of a
 * vendor's service. Nothing here knows a vendor; each vendor's names are in its own files.
 *
 * Memory: text, JSON values and objects that are made while a request is handled live until the
 * request has been answered. Then all of them are freed at once; no function frees a single one.
 * When memory runs out, the process ends.
 *
 * Errors: a broken world (disk full, file gone) is recorded in the world and turns the answer into
 * a 503 at the end; callers do not check for it in between. The changes of a handler are rolled
 * back when it answers >= 400.
 */
#ifndef EMU_EMULATOR_H
#define EMU_EMULATOR_H

#include "include/cloud_emulator.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <yyjson.h>

#define EMU_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EMU_PRINTF(text_at, first) \
    __attribute__((__format__(__printf__, text_at, first), __nonnull__(text_at)))

struct emu_world;
struct emu_request;
struct emu_reply;
struct emu_event;

/* The interface that a vendor implements. */

struct emu_service {
    const char *provider; /* "jdcloud": in the ledger, in the log, in the "service" of a fault */

    /* Returns true when the request is for this service. Looks at method, decoded path, query and
     * Host only. Fills request->product ("vm") and request->action ("createInstances", the vendor's
     * own name) as far as they are known without a body; both stay "" when there is no such action.
     */
    bool (*match)(struct emu_world *world, struct emu_request *request);

    /* Checks the signature. Returns true and fills request->key_id and request->account, or writes
     * the refusal into @reply. Records the nonce. Not called again for a request that is applied
     * twice. */
    bool (*verify)(struct emu_world *world, struct emu_request *request, struct emu_reply *reply);

    /* Executes the action. */
    void (*handle)(struct emu_world *world, struct emu_request *request, struct emu_reply *reply);

    /* Writes an error in the vendor's envelope, for faults of kind "code". @code and @message may
     * be NULL. */
    void (*refuse)(struct emu_world *world, struct emu_request *request, int status,
                   const char *code, const char *message, struct emu_reply *reply);

    /* Writes an error in the vendor's envelope with exactly these values, for faults of kind
     * "error_after_apply". @code is any JSON value. A NULL @code or @message has no member. */
    void (*error)(struct emu_world *world, struct emu_request *request, int status,
                  yyjson_mut_val *code, const char *message, struct emu_reply *reply);

    /* Handles a time set by emu_event_add or emu_transition_begin; emu_now is that time. */
    void (*event)(struct emu_world *world, const struct emu_event *event);

    /* Adds what every new world has. May be NULL. */
    void (*seed)(struct emu_world *world);
};

/* Every vendor, in services.c; ends with NULL. */
extern const struct emu_service *const emu_services[];

/* Requests and replies (http.c). */

struct emu_pair {
    const char *name;
    const char *value;
};

struct emu_request {
    const char *method;      /* upper case */
    const char *host;        /* the Host header, or the URL's authority */
    const char *path;        /* as received */
    const char *query;       /* as received, without the '?'; "" when there is none */
    const char *plain_path;  /* percent-decoded */
    struct emu_pair *params; /* the query, split at '&' and the first '=', decoded */
    size_t param_count;
    struct emu_pair *headers; /* in the order received */
    size_t header_count;
    const char *body; /* followed by a NUL */
    size_t body_size;

    const struct emu_service *service; /* NULL: no vendor's */
    const char *product;               /* "vm"; never NULL */
    const char *action;                /* "createInstances"; never NULL */
    const char *request_id;            /* the id of the answer: 32 lower-case hex digits */
    const char *key_id;                /* after verify */
    const char *account;               /* after verify */
    bool verified;
    bool paged;          /* the action called emu_page */
    int64_t page_cap;    /* fault: the most elements of a page; 0: no limit */
    int64_t page_circle; /* fault: the page after this one is the first again; 0: no circle */
};

struct emu_reply {
    int status;    /* 0: not answered yet */
    char *headers; /* "Name: value\r\n"...; NULL: none. Date and Content-Length are added later */
    bool own_date; /* a fault set or removed the Date header: none is added */
    const char *body;
    size_t body_size;
};

const char *emu_header(const struct emu_request *request, const char *name); /* first, or NULL */
const char *emu_query_param(const struct emu_request *request,
                            const char *name); /* first, or NULL */
/* Percent-decodes @size bytes; a '%' without two hex digits stays; with @plus a '+' becomes a
 * space. */
char *emu_url_decode(struct emu_world *world, const char *text, size_t size, bool plus);
/* Encodes all but A-Z a-z 0-9 - _ . ~ and the characters of @also ("" for none); upper-case hex. */
char *emu_url_encode(struct emu_world *world, const char *text, const char *also);

void emu_reply_header(struct emu_world *world, struct emu_reply *reply, const char *name,
                      const char *value);
/* Removes every header of that name; the case of a name does not count. */
void emu_reply_header_remove(struct emu_world *world, struct emu_reply *reply, const char *name);
/* Sets status, body and Content-Type: application/json. */
void emu_reply_json(struct emu_world *world, struct emu_reply *reply, int status,
                    yyjson_mut_val *value);
/* Fills @ret from a caller's request; returns false when it has no method or no URL. */
bool emu_request_read(struct emu_world *world, const struct cloud_emulator_request *from,
                      struct emu_request *ret);

/* A page of a listing: the elements from @first up to, but without, @end. */
struct emu_page {
    int64_t number, size; /* for the answer */
    size_t first, end;
};
/* The page that an action shows. Every paged action calls it with the number and the size that
 * were asked for, both from 1 to INT32_MAX; the faults page_cap and repeat_page change the page. */
struct emu_page emu_page(struct emu_request *request, int64_t number, int64_t size);

/* Memory and text (mem.c). */

void *emu_alloc(struct emu_world *world, size_t size); /* zeroed; never NULL */
char *emu_text(struct emu_world *world, const char *format, ...) EMU_PRINTF(2, 3);
char *emu_text_n(struct emu_world *world, const char *bytes, size_t size);
char *emu_lower(struct emu_world *world, const char *text);

/* A text buffer in the world's memory; zero-initialised. */
struct emu_buf {
    char *text; /* ends with NUL once something was added; NULL before */
    size_t size;
    size_t capacity;
};
void emu_buf_add(struct emu_world *world, struct emu_buf *buf, const char *bytes, size_t size);
void emu_buf_addf(struct emu_world *world, struct emu_buf *buf, const char *format, ...)
    EMU_PRINTF(3, 4);

/* JSON (json.c). A value has one parent; copy it for a second one. */

yyjson_mut_val *emu_json_read(struct emu_world *world, const char *text, size_t size,
                              const char **ret_why); /* NULL and *ret_why on bad JSON */
/* As emu_json_read, but numbers keep their digits: 3.0, 1e2 and 0.10 are written as they were. Only
 * emu_get_number and emu_get_int read such a number. */
yyjson_mut_val *emu_json_read_as_written(struct emu_world *world, const char *text, size_t size,
                                         const char **ret_why);
char *emu_json_write(struct emu_world *world, const yyjson_mut_val *value, size_t *ret_size);
yyjson_mut_val *emu_json_copy(struct emu_world *world, yyjson_mut_val *value);
yyjson_mut_val *emu_obj(struct emu_world *world);
yyjson_mut_val *emu_arr(struct emu_world *world);

/* Getters accept NULL for @object. They return the fallback (NULL, or the argument) for an absent
 * member, a null, or a value of another type. A name may be a path: "charge.chargeMode". */
yyjson_mut_val *emu_get(yyjson_mut_val *object, const char *name);
const char *emu_get_str(yyjson_mut_val *object, const char *name);       /* NULL when absent */
const char *emu_get_text(yyjson_mut_val *object, const char *name);      /* "" when absent */
yyjson_mut_val emu_get_number(yyjson_mut_val *object, const char *name); /* of no type: none */
int64_t emu_get_int(yyjson_mut_val *object, const char *name, int64_t fallback);
bool emu_get_bool(yyjson_mut_val *object, const char *name, bool fallback);

/* Setters replace a member of that name. A NULL string or value removes it. */
void emu_set(struct emu_world *world, yyjson_mut_val *object, const char *name,
             yyjson_mut_val *value);
void emu_set_str(struct emu_world *world, yyjson_mut_val *object, const char *name,
                 const char *value);
void emu_set_int(struct emu_world *world, yyjson_mut_val *object, const char *name, int64_t value);
void emu_set_bool(struct emu_world *world, yyjson_mut_val *object, const char *name, bool value);
/* A number written with exactly these digits ("12.340000"). */
void emu_set_number(struct emu_world *world, yyjson_mut_val *object, const char *name,
                    const char *digits);
void emu_push(yyjson_mut_val *array, yyjson_mut_val *value);
void emu_push_str(struct emu_world *world, yyjson_mut_val *array, const char *value);
bool emu_has_str(yyjson_mut_val *array, const char *value); /* is this string an element? */
/* A copy without the members whose names begin with '_', at any depth: the public part of a body.
 */
yyjson_mut_val *emu_shown(struct emu_world *world, yyjson_mut_val *value);

/* The world (world.c). */

struct emu_world {
    sqlite3 *db;
    yyjson_mut_doc *doc;       /* owns the JSON of this request */
    struct emu_chunk *memory;  /* owns all other memory of this request */
    struct emu_object **known; /* objects loaded during this request, hashed by id */
    int64_t now_ms;            /* the emulated clock */
    struct emu_key *keys;      /* the secrets that this process was given */
    char failed[160];          /* why the world cannot be used; "" when it can */
};

int64_t emu_now(const struct emu_world *world); /* emulated clock, Unix seconds */
int64_t emu_now_ms(const struct emu_world *world);
int64_t emu_signing_now(struct emu_world *world); /* real time plus skew: for dates in signatures */
/* "2024-03-15T08:15:30Z" */
char *emu_time_iso(struct emu_world *world, int64_t seconds);
/* strftime of @seconds + @offset_s in UTC: an offset of 28800 gives China time. */
char *emu_time_text(struct emu_world *world, const char *format, int64_t seconds, int64_t offset_s);
/* Adds calendar months; the 31st becomes the last day of a shorter month. */
int64_t emu_time_add_months(int64_t seconds, int months);

/* Runs a statement. @types lists the arguments: s text (NULL is null), i int64_t. */
void emu_sql(struct emu_world *world, const char *sql, const char *types, ...);
/* The same for reading. Step it with emu_sql_step until that returns false; this also finalizes it.
 */
sqlite3_stmt *emu_sql_query(struct emu_world *world, const char *sql, const char *types, ...);
bool emu_sql_step(struct emu_world *world, sqlite3_stmt *query);
const char *emu_sql_text(struct emu_world *world, sqlite3_stmt *query,
                         int column); /* copied; may be NULL */
int64_t emu_sql_int(struct emu_world *world, const char *sql, const char *types,
                    ...); /* 0: no row */

/* Settings of the world, name to text. */
const char *emu_setting(struct emu_world *world, const char *name); /* NULL when not set */
int64_t emu_setting_int(struct emu_world *world, const char *name, int64_t fallback);
void emu_setting_put(struct emu_world *world, const char *name,
                     const char *value); /* NULL removes */
/* Values set by POST /_emulator/world: {"quota":{NAME:N}}, {"switches":{NAME:VALUE}},
 * {"sold_out":[NAME]}. */
int64_t emu_quota(struct emu_world *world, const char *name, int64_t fallback);
const char *emu_switch(struct emu_world *world, const char *name); /* NULL when not set */
bool emu_is_sold_out(struct emu_world *world, const char *name);

/* NULL: this process was not given the key */
const char *emu_key_secret(struct emu_world *world, const char *key_id);
const char *emu_key_account(struct emu_world *world, const char *key_id);
/* Records a nonce for @window_s of real time; returns false when it is recorded already. */
bool emu_nonce_take(struct emu_world *world, const char *key_id, const char *nonce,
                    int64_t window_s);

/* The earlier result of a client token. The vendor chooses the scope
 * ("vm/cn-north-1/createInstances/ACCOUNT"). */
struct emu_token {
    const char *digest; /* of the request that carried it */
    const char *result; /* JSON text */
};
bool emu_token_find(struct emu_world *world, const char *scope, const char *token, int64_t life_s,
                    struct emu_token *ret);
void emu_token_put(struct emu_world *world, const char *scope, const char *token,
                   const char *digest, const char *result);

/* Objects and their events (objects.c). */

/* An object of a vendor: an instance, a disk, an order. The body is a JSON object; members whose
 * names begin with '_' are internal and never shown. One request has one pointer for one object:
 * two finds return the same one. */
struct emu_object {
    const char *provider, *kind, *id, *account, *region;
    int64_t serial; /* rises in order of creation */
    yyjson_mut_val *body;
    bool removed;
    struct emu_object *next_known;
};

struct emu_object *emu_object_find(struct emu_world *world, const char *provider, const char *kind,
                                   const char *id); /* NULL when there is none; id may be NULL */
struct emu_object *emu_object_add(struct emu_world *world, const char *provider, const char *kind,
                                  const char *id, const char *account, const char *region,
                                  yyjson_mut_val *body);
void emu_object_save(struct emu_world *world, struct emu_object *object);
void emu_object_remove(struct emu_world *world,
                       struct emu_object *object); /* also removes its events */
/* Lists the oldest first; account and region may be NULL for any. Returns the count; *ret lives as
 * long as the request. */
size_t emu_object_list(struct emu_world *world, const char *provider, const char *kind,
                       const char *account, const char *region, struct emu_object ***ret);

struct emu_event {
    struct emu_object *object;
    const char *name; /* the transition's name, or the one given to emu_event_add */
    const char *arg;  /* "" when none was given */
    bool failed;      /* a transition that a test made fail */
};

/* Schedules a call of service->event for this object at that emulated time; events run in order of
 * time. Replaces a waiting event of the object with the same name. */
void emu_event_add(struct emu_world *world, struct emu_object *object, const char *name,
                   int64_t at_ms, const char *arg);
void emu_event_drop(struct emu_world *world, struct emu_object *object, const char *name);

/* Begins a transition. It ends with an event of that name after the time (or polls) that the
 * world's timeline sets; the default is one second. */
void emu_transition_begin(struct emu_world *world, struct emu_object *object, const char *name,
                          const char *arg);
/* The name of the running transition, or NULL when the object is idle. */
const char *emu_transition_of(struct emu_world *world, const struct emu_object *object);
/* Counts a poll; call it for each object that a request reads, before showing it. */
void emu_object_polled(struct emu_world *world, struct emu_object *object);
/* Runs every event that is due; called before each request. */
void emu_events_run(struct emu_world *world);

/* Delayed visibility (lag.c): the world's switch visibility_lag_s. */

/* Call it before a purchase changes the member @name of a body, or with NULL when the object itself
 * is new. Save the object afterwards. */
void emu_late(struct emu_world *world, struct emu_object *object, const char *name);
bool emu_is_hidden(struct emu_world *world, const struct emu_object *object); /* not visible yet */
/* A copy of the body as readers see it now. */
yyjson_mut_val *emu_seen(struct emu_world *world, const struct emu_object *object);

/* Money (ledger.c): 64-bit fixed-point amounts of 10^-6 of the currency's unit. */

struct emu_charge {
    const char *provider, *account, *region;
    const char *kind; /* "create", "renew", "upgrade", "refund", "usage", "auto_renew", ... */
    const char *resource_id, *order_id, *client_token; /* may be NULL */
    const char *currency;                              /* NULL means CNY */
    int64_t micros;                                    /* a negative amount is a refund */
};

int64_t emu_balance(struct emu_world *world, const char *provider, const char *account);
/* Adds to the ledger and subtracts the amount from the balance, which may become negative: check
 * emu_balance first. */
void emu_ledger_add(struct emu_world *world, const struct emu_charge *charge);
/* "12.34", with @digits decimal places (0 to 6), truncated towards zero. */
char *emu_money_text(struct emu_world *world, int64_t micros, int digits);
/* "12.34" or "12.345678": two decimal places, more only for digits that are not zero. */
char *emu_money_plain(struct emu_world *world, int64_t micros);
bool emu_money_read(const char *text, int64_t *ret_micros);

/* Digests, encodings and random bytes (crypto.c). */

char *emu_sha256_hex(struct emu_world *world, const void *data, size_t size);
void emu_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
                     unsigned char ret[32]);
void emu_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
                   unsigned char ret[20]);
char *emu_hex(struct emu_world *world, const unsigned char *bytes, size_t size);
char *emu_base64(struct emu_world *world, const unsigned char *bytes, size_t size);
bool emu_base64_decode(struct emu_world *world, const char *text, char **ret, size_t *ret_size);
bool emu_same_secret(const char *a, const char *b); /* in constant time for equal lengths */
void emu_random(void *ret, size_t size);
/* A random id: @prefix and @count characters of 0-9a-z; with an empty prefix it begins with a
 * letter. */
char *emu_new_id(struct emu_world *world, const char *prefix, size_t count);

/* Used inside the engine only. */

bool emu_world_open(struct emu_world *world, const char *path, char *message, size_t message_size);
void emu_world_close(struct emu_world *world);
void emu_world_begin(struct emu_world *world); /* opens a transaction, reads the clock */
bool emu_world_end(struct emu_world *world);   /* commits, or rolls back when something failed */
void emu_world_reset(struct emu_world *world); /* empties the world and seeds it again */
void emu_world_fail(struct emu_world *world, const char *what);
void emu_mem_clear(struct emu_world *world); /* frees the memory of the request */
bool emu_key_add(struct emu_world *world, const char *id, const char *secret);

/* Kinds of faults; docs/user/emulator.md describes each. */
enum emu_fault_kind {
    EMU_FAULT_NONE = 0,
    EMU_FAULT_REFUSE,
    EMU_FAULT_RESET,
    EMU_FAULT_DROP_BEFORE_APPLY,
    EMU_FAULT_DROP_AFTER_APPLY,
    EMU_FAULT_TRUNCATE,
    EMU_FAULT_GARBAGE,
    EMU_FAULT_WRONG_TYPE,
    EMU_FAULT_HUGE,
    EMU_FAULT_DELAY,
    EMU_FAULT_HTTP,
    EMU_FAULT_CODE,
    EMU_FAULT_DUPLICATE,
    EMU_FAULT_ERROR_AFTER_APPLY,
    EMU_FAULT_EDIT,
    EMU_FAULT_HEADERS,
    EMU_FAULT_BODY,
    EMU_FAULT_PAGE_CAP,
    EMU_FAULT_REPEAT_PAGE,
    EMU_FAULT__COUNT
};

/* A decoded fault specification. The kinds named at a member use it; the others ignore it. */
struct emu_fault {
    enum emu_fault_kind kind;
    int64_t serial;            /* of its row in the world */
    int delay_ms;              /* every kind */
    size_t bytes;              /* TRUNCATE: length of the body; HUGE: what is added to it */
    int status;                /* every kind that answers in JSON; HTTP; 0: not given */
    int64_t retry_after_s;     /* HTTP; -1: no header */
    bool apply;                /* HTTP: execute the action first */
    yyjson_mut_val *code;      /* CODE, ERROR_AFTER_APPLY; may be NULL */
    const char *message;       /* CODE, ERROR_AFTER_APPLY; may be NULL */
    const char *path;          /* WRONG_TYPE: the member to change; NULL: every list and object */
    int64_t page_size;         /* PAGE_CAP; 0: not given */
    int64_t pages;             /* REPEAT_PAGE; 0: not given */
    yyjson_mut_val *set;       /* every kind that answers in JSON: paths and their new values */
    yyjson_mut_val *remove;    /* every kind that answers in JSON: a list of paths */
    yyjson_mut_val *headers;   /* every kind that answers: names and texts, null removes */
    const char *body, *prefix; /* every kind that answers; NULL: not given */
    size_t body_size;
};
/* Takes the next fault for this request; its kind is EMU_FAULT_NONE when there is none. Each call
 * uses up one of the fault's times; emu_fault_spoil gives it back. With @early only faults that act
 * before the body is read count (REFUSE, RESET), without it only the others. */
struct emu_fault emu_fault_take(struct emu_world *world, const struct emu_request *request,
                                bool early);
/* The name in the control API; NULL for EMU_FAULT_NONE. */
const char *emu_fault_name(enum emu_fault_kind kind);
/* Checks and stores a specification; returns NULL, or the reason of the refusal. */
const char *emu_fault_add(struct emu_world *world, yyjson_mut_val *spec);
/* Every fault as it was requested, with its id and how often it was applied. */
yyjson_mut_val *emu_faults_shown(struct emu_world *world);
/* Says how the exchange of a request with such a fault ends. */
enum cloud_emulator_wire emu_fault_wire(enum emu_fault_kind kind);
/* Changes a finished reply as @fault says. When the fault does not fit the reply, the reply stays
 * as it is, the fault's time is given back, and its kind becomes EMU_FAULT_NONE. @applied says
 * whether the request was executed. */
void emu_fault_spoil(struct emu_world *world, struct emu_request *request, bool applied,
                     struct emu_fault *fault, struct emu_reply *reply);
void emu_control_handle(struct emu_world *world, struct emu_request *request,
                        struct emu_reply *reply);
yyjson_mut_val *emu_ledger_shown(struct emu_world *world);
void emu_log_add(struct emu_world *world, const struct emu_request *request, int status,
                 bool applied, const char *fault);
yyjson_mut_val *emu_log_shown(struct emu_world *world);

/* One emulator (lifecycle.c). */
struct cloud_emulator {
    pthread_mutex_t lock; /* one request at a time; other processes wait at the database */
    struct emu_world world;
    struct emu_server *server; /* NULL: not listening */
};

/* Handling of one request (serve.c). emu_serve_early reports to the HTTP server, once it has the
 * head of a request, whether the request continues; the server then sets @early_done. */
int emu_serve(struct cloud_emulator *emulator, const struct cloud_emulator_request *request,
              struct cloud_emulator_reply *ret, bool early_done);
enum cloud_emulator_wire emu_serve_early(struct cloud_emulator *emulator,
                                         const struct cloud_emulator_request *request,
                                         int *ret_delay_ms);

/* The HTTP server (server.c). */
struct emu_server;
struct emu_server *emu_server_start(struct cloud_emulator *emulator, const char *address,
                                    int *ret_port, char *message, size_t message_size);
void emu_server_stop(struct emu_server *server);

#endif
