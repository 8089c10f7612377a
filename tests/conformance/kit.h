/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the conformance kit: cases that every provider must pass, run against any configured
 * cloud. The kit uses the library through its public headers only. All it knows about a vendor is
 * in that vendor's facts (facts/NAME.json). Facts are written from the vendor's documents, not from
 * the provider's tables.
 *
 *   main.c      reads the command line and selects the clouds
 *   report.c    begins, judges and reports cases
 *   proxy.c     records and changes the traffic between library and emulator
 *   clock.c     makes waits take no time
 *   calls.c     makes calls and reads their results
 *   purchase.c  creates instances for the cases and deletes them
 *   json.c      reads and writes JSON by dotted paths
 *   *_cases.c   the cases
 */
#ifndef KIT_H
#define KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yyjson.h>

#include "include/cloud_client.h"

#define KIT_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KIT_PASSWORD "Kx9!vTq4Wm2z"

enum kit_verdict { KIT_PASSED, KIT_FAILED, KIT_SKIPPED };

struct kit_case {
    char *id, *reason;
    const char *must, *why;
    enum kit_verdict verdict;
    double ms;
    struct kit_case *next;
};

/* One cloud under test. */
struct kit_run {
    char *cloud, *provider;
    struct kit_case *first, *last;
    size_t counts[3];
    struct kit_run *next;
};

struct kit_options {
    const char *config, *cloud, *only, *junit, *json, *emulator, *facts, *plugin;
    struct cloud_money max_charge; /* of a real run, for all it buys together */
    bool real, list, verbose;
};

struct kit {
    struct kit_options options;
    struct kit_run *runs, *run; /* all; the current one */
    struct kit_case *current;
    int64_t began_us;

    struct cloud_client *client; /* under test */
    const char *provider;
    int (*make_client)(struct kit *kit, struct cloud_client **ret, struct cloud_error *err);
    const struct cloud_config *file; /* NULL: an embedded cloud */
    const char *cloud;
    bool wire_seen;   /* requests pass through proxy.c: the endpoint is "emulator:" */
    bool has_control; /* the control API /_emulator/... answers */
    bool own_world;   /* only this process uses the world, so it may be reset */
    bool no_defaults; /* the configuration sets no default parameters */
    yyjson_doc *facts_doc;
    yyjson_val *facts; /* NULL: there are none for this provider */

    char *ids[64]; /* of instances that were created and not deleted yet */
    size_t id_count;
    char *task;    /* id of the last task that a change began; NULL: none yet */
    int64_t spent; /* micros, in a real run */
    char *log;     /* every log line and every error message */
    size_t log_length, log_capacity;
    void **texts; /* freed at the end */
    size_t text_count;
};

/* Returns false if the case is not selected, or only listed. The id is "OPERATION/ASPECT". */
bool kit_begin(struct kit *kit, const char *must, const char *why, const char *id, ...)
    __attribute__((format(printf, 4, 5)));
/* Only the first failure of a case is kept. */
void kit_fail(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kit_skip(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kit_end(struct kit *kit);
#define KIT_CHECK(kit, condition, ...) \
    do { \
        if (!(condition)) \
            kit_fail(kit, __VA_ARGS__); \
    } while (0)
struct kit_run *kit_run_new(struct kit *kit, const char *cloud, const char *provider);
void kit_report_people(const struct kit *kit);
int kit_report_junit(const struct kit *kit, const char *path); /* -1 with errno */
int kit_report_json(const struct kit *kit, const char *path);
void kit_report_free(struct kit *kit);

char *kit_text(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kit_record(struct kit *kit, const char *text); /* for the case that looks for secrets */

/* Parameters as text. Any of them can be left out or replaced. */
struct kit_params {
    struct {
        enum cloud_param param;
        const char *text;
    } rows[32];
    size_t count;
};
void kit_set(struct kit_params *params, enum cloud_param param,
             const char *text); /* NULL: removes it */
const char *kit_get(const struct kit_params *params, enum cloud_param param);

struct kit_call {
    int code;
    struct cloud_error err;
    struct cloud_result result;
    yyjson_doc *json;
    size_t requests; /* sent by the library; 0 if the wire is not seen */
};
/* Calls the client under test. Clears @call first; the caller clears it at the end. */
void kit_call_op(struct kit *kit, enum cloud_op op, const struct kit_params *params,
                 struct kit_call *call);
/* The same without faults: reads the world, or brings it into a state. */
void kit_call_op_directly(struct kit *kit, enum cloud_op op, const struct kit_params *params,
                          struct kit_call *call);
int kit_wait(struct kit *kit, const char *task_id, const char *id, struct kit_call *call);
void kit_call_clear(struct kit_call *call);
/* Returns a member of the result as text, for example "instances.0.price.total.amount"; "" if it is
 * absent. The text lives until the end of the run, like those of the next functions. */
const char *kit_member(struct kit *kit, const struct kit_call *call, const char *path);
/* Returns the result as text without members that differ from call to call (request_id). */
const char *kit_result_text(struct kit *kit, const struct kit_call *call);
/* Replaces the client by one with a full retry budget. */
void kit_new_client(struct kit *kit);
bool kit_offers(struct kit *kit, enum cloud_op op);
/* Returns all that is visible of the account as text: instances and charges. */
const char *kit_account_state(struct kit *kit);
/* Counts the charges in the emulator's ledger; returns false without a ledger. */
bool kit_ledger(struct kit *kit, size_t *ret_count, struct cloud_money *ret_total);

/* Returns the value at a dotted path, or NULL. */
yyjson_val *kit_at(yyjson_val *value, const char *path);
/* Sets a copy of @leaf at a dotted path, and creates missing containers on the way. */
void kit_put(yyjson_mut_doc *doc, const char *path, yyjson_val *leaf);
/* Returns strings without quotes, and other values as JSON; the caller frees it. */
char *kit_leaf_text(yyjson_val *value);
yyjson_val *kit_fact(const struct kit *kit, const char *path); /* NULL: none */
const char *kit_fact_text(const struct kit *kit, const char *path);

/* Returns the parameters with which the operation succeeds; @id is used if it takes an instance. */
void kit_usual_params(struct kit *kit, enum cloud_op op, const char *id, struct kit_params *ret);
/* Returns an instance in the state that the operation requires. NULL: the case was skipped or has
 * failed, with the reason. */
const char *kit_instance_for(struct kit *kit, enum cloud_op op);
const char *kit_instance_paid(struct kit *kit, enum cloud_op op, bool prepaid);
/* Buys an instance; NULL as above. */
const char *kit_buy(struct kit *kit, bool prepaid);
bool kit_bring_to(struct kit *kit, const char *id, enum cloud_instance_state state);
enum cloud_instance_state kit_state(struct kit *kit, const char *id);
/* Returns an id of the same form that no instance has. */
const char *kit_absent_id(struct kit *kit, const char *id);
void kit_add_id(struct kit *kit, const char *id);
void kit_remove_id(struct kit *kit, const char *id);
/* Records the instances that a call bought, to delete them, unless the world is reset anyway. */
void kit_add_created(struct kit *kit, const struct kit_call *call);
/* Resets the world, if only this process uses it. */
void kit_empty_world(struct kit *kit);
/* Deletes all recorded instances; with @report, lists them on stderr, and those that remain. */
void kit_delete_all(struct kit *kit, bool report);

enum kit_fault {
    KIT_NO_FAULT,
    KIT_REFUSED,     /* no connection */
    KIT_RESET,       /* the connection broke while the request was being sent */
    KIT_LOST_BEFORE, /* not handled, no reply */
    KIT_LOST_AFTER,  /* handled, no reply */
    KIT_CUT,         /* handled, half of the reply */
    KIT_GARBAGE,     /* handled, a reply that is not JSON */
    KIT_GATEWAY,     /* not handled, a gateway's page with 502 */
    KIT_VENDOR,      /* not handled, a vendor error (see kit_proxy_error) */
    KIT_FAULTS
};
const char *kit_fault_name(enum kit_fault fault);

/* A request as the library sent it. Valid until kit_proxy_reset() or kit_proxy_fault(). */
struct kit_request {
    char *method, *url, *headers, *body;
    bool handled; /* the emulator received it */
    int status;   /* of the emulator's reply, if it was handled */
};

typedef void (*kit_modify_fn)(yyjson_mut_doc *reply, void *user_data);

/* Removes all requests, faults and hooks. */
void kit_proxy_reset(void);
size_t kit_proxy_count(void);
const struct kit_request *kit_proxy_request(size_t n);
/* Requests number @from to @to meet the fault. Numbers begin at 1; @to 0 means no end. */
void kit_proxy_fault(enum kit_fault fault, size_t from, size_t to);
/* The body of an error by the template of the facts; the caller frees it. */
char *kit_fill_in(const char *template, int http, const char *code, const char *message);
/* Sets the reply of KIT_VENDOR. */
void kit_proxy_error(int status, const char *body);
/* Sets a function that changes every JSON reply; NULL: none. */
void kit_proxy_modify(kit_modify_fn modify, void *user_data);
/* Sets a function that is called before a request is forwarded; NULL: none. */
void kit_proxy_before(void (*before)(size_t n, void *user_data), void *user_data);
/* While it is paused, the proxy forwards requests without recording or changing them. Nests. */
void kit_proxy_pause(bool pause);
/* Calls the emulator's control API. Returns the reply's body, which the caller frees; NULL: error.
 */
char *kit_proxy_control(const char *method, const char *path, const char *body);
/* Uses an emulator over HTTP; NULL: the one in this process. */
void kit_proxy_use(const char *url);
void kit_proxy_end(void);
/* Returns whether @text contains a signature that was sent in this run. */
bool kit_secret_was_sent(const char *text);

/* Waits return at once and advance the process's clocks instead (@wall: also the wall clock). */
void kit_clock_skip_waits(bool on, bool wall);
void kit_clock_advance(int64_t ms);

void kit_cases_support(struct kit *kit);
void kit_cases_params(struct kit *kit);
void kit_cases_life(struct kit *kit);
void kit_cases_reads(struct kit *kit);
void kit_cases_facts(struct kit *kit);
void kit_cases_faults(struct kit *kit);
void kit_cases_money(struct kit *kit);
void kit_cases_redaction(struct kit *kit);

#endif
