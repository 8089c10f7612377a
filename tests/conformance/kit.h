/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud-conformance: what every provider must do, asked of any configured cloud. This header is
 * what its files share. The kit knows the library by its public headers only; whatever it knows of
 * one vendor stands in that vendor's facts (facts/NAME.json), which are written from the vendor's
 * documents and not from the provider's tables.
 *
 *   main.c    the command line, and which clouds there are      report.c  cases: begun, judged,
 * written down door.c    stands between library and emulator: watches, spoils, plays dead clock.c
 * waits that take no time ask.c     calls and what came of them                       shop.c
 * instances to try things on
 *   *_cases.c the cases themselves
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
    struct kit_run *runs, *run; /* all; the one under way */
    struct kit_case *open;      /* the case under way */
    int64_t began_us;

    struct cloud_client *client; /* under test */
    const char *provider;
    int (*make)(struct kit *kit, struct cloud_client **ret, struct cloud_error *err);
    const struct cloud_config *file; /* NULL: an embedded cloud */
    const char *cloud;
    bool door;    /* the wire is seen: the endpoint is "emulator:" */
    bool control; /* /_emulator/... answers */
    bool sole;    /* the world is this process's own: it may be turned upside down */
    bool bare;    /* no defaults stand in for parameters that are left out */
    yyjson_doc *facts_doc;
    yyjson_val *facts; /* NULL: none are known of this provider */

    char *ids[64]; /* of what was made and not deleted yet */
    size_t id_count;
    char *task;    /* the last that a change began; NULL: none yet */
    int64_t spent; /* micros, in a real run */
    char *said;    /* every log line and every error message */
    size_t said_length, said_room;
    void **kept; /* freed at the end */
    size_t kept_count;
};

/* false: the case is not asked for, or only listed. The id is "OPERATION/ASPECT" */
bool kit_begin(struct kit *kit, const char *must, const char *why, const char *id, ...)
    __attribute__((format(printf, 4, 5)));
/* The first failure of a case is the one that is kept. */
void kit_fail(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kit_skip(struct kit *kit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kit_end(struct kit *kit);
#define KIT_WANT(kit, condition, ...) \
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
void kit_say(struct kit *kit,
             const char *text); /* remembered for the case that looks for secrets */

/* Parameters as text, so that one can be left out or replaced. */
struct kit_params {
    struct {
        enum cloud_param param;
        const char *text;
    } rows[32];
    size_t count;
};
void kit_set(struct kit_params *params, enum cloud_param param,
             const char *text); /* NULL: leaves it out */
const char *kit_get(const struct kit_params *params, enum cloud_param param);

struct kit_call {
    int code;
    struct cloud_error err;
    struct cloud_result result;
    yyjson_doc *json;
    size_t requests; /* that the library sent; 0 where the wire is not seen */
};
/* Calls the client under test. The call is cleared first, and is to be cleared at the end. */
void kit_ask(struct kit *kit, enum cloud_op op, const struct kit_params *params,
             struct kit_call *call);
/* The same past every fault: to look at the world, or to bring it into a state. */
void kit_look(struct kit *kit, enum cloud_op op, const struct kit_params *params,
              struct kit_call *call);
int kit_wait(struct kit *kit, const char *task_id, const char *id, struct kit_call *call);
void kit_call_clear(struct kit_call *call);
/* A member of the result as text, "instances.0.price.total.amount"; "" when nothing is said. Kept
 * until the end. */
const char *kit_member(struct kit *kit, const struct kit_call *call, const char *path);
/* the result without what differs from call to call, as text; kept */
const char *kit_digest(struct kit *kit, const struct kit_call *call);
/* a client whose budget of repetitions is full */
void kit_fresh(struct kit *kit);
bool kit_offers(struct kit *kit, enum cloud_op op);
/* everything that can be seen of the account: instances and charges; kept */
const char *kit_truth(struct kit *kit);
/* charges in the emulator's ledger and their total; false without a ledger */
bool kit_ledger(struct kit *kit, size_t *ret_count, struct cloud_money *ret_total);

/* the value at a dotted path; NULL when there is none */
yyjson_val *kit_at(yyjson_val *value, const char *path);
/* puts a copy of @leaf at a dotted path, making what is missing between */
void kit_put(yyjson_mut_doc *doc, const char *path, yyjson_val *leaf);
char *kit_leaf_text(yyjson_val *value); /* strings bare, everything else as JSON; caller frees */
yyjson_val *kit_fact(const struct kit *kit, const char *path); /* NULL: not known */
const char *kit_fact_text(const struct kit *kit, const char *path);

/* what the operation needs to succeed, for the instance @id where it is about one */
void kit_usual(struct kit *kit, enum cloud_op op, const char *id, struct kit_params *ret);
/* an instance in the state that the operation wants, settled; NULL: the case was skipped or failed,
 * with the reason */
const char *kit_instance_for(struct kit *kit, enum cloud_op op);
const char *kit_instance_paid(struct kit *kit, enum cloud_op op, bool prepaid);
/* a new one; NULL as above */
const char *kit_buy(struct kit *kit, bool prepaid);
bool kit_bring_to(struct kit *kit, const char *id, enum cloud_instance_state state);
enum cloud_instance_state kit_state(struct kit *kit, const char *id);
/* the same kind of id, of nothing; kept */
const char *kit_absent(struct kit *kit, const char *id);
void kit_made(struct kit *kit, const char *id);
void kit_forget(struct kit *kit, const char *id);
/* what a call bought besides: to be deleted, where the world is not emptied anyway */
void kit_leftover(struct kit *kit, const struct kit_call *call);
/* an empty world, where it is this process's own */
void kit_empty_world(struct kit *kit);
/* deletes what was made and forgets it; what could not be deleted is listed on stderr when @tell */
void kit_tidy(struct kit *kit, bool tell);

enum kit_fault {
    KIT_NO_FAULT,
    KIT_REFUSED,     /* no connection */
    KIT_RESET,       /* broke while the request was being sent */
    KIT_LOST_BEFORE, /* never handled, no answer */
    KIT_LOST_AFTER,  /* handled, no answer */
    KIT_CUT,         /* handled, half an answer */
    KIT_GARBAGE,     /* handled, an answer that is none */
    KIT_GATEWAY,     /* not handled, a gateway's page with 502 */
    KIT_VENDOR,      /* not handled, the vendor's own error (see kit_proxy_error) */
    KIT_FAULTS
};
const char *kit_fault_name(enum kit_fault fault);

/* A request as it left the library. Borrowed until the door is opened anew. */
struct kit_request {
    char *method, *url, *headers, *body;
    bool handled; /* the emulator saw it */
    int status;   /* the emulator's, where it did */
};

typedef void (*kit_spoil_fn)(yyjson_mut_doc *reply, void *data);

/* forgets requests, faults and hooks */
void kit_proxy_reset(void);
size_t kit_proxy_count(void);
const struct kit_request *kit_proxy_request(size_t n);
/* requests @from to @to (from 1; 0: for ever) meet the fault */
void kit_proxy_fault(enum kit_fault fault, size_t from, size_t to);
/* the body of an error by the template of the facts; the caller frees it */
char *kit_fill_in(const char *template, int http, const char *code, const char *message);
/* what KIT_VENDOR answers */
void kit_proxy_error(int status, const char *body);
/* what is done to every answer that is JSON */
void kit_proxy_spoil(kit_spoil_fn spoil, void *data);
/* called before every request is passed on */
void kit_proxy_before(void (*before)(size_t n, void *data), void *data);
/* nothing is counted, spoiled or broken until the next call */
void kit_proxy_quiet(bool quiet);
/* asks the emulator itself; the answer's body is the caller's to free; NULL: no such thing */
char *kit_proxy_control(const char *method, const char *path, const char *body);
void kit_proxy_use(const char *url); /* an emulator over HTTP instead of the one in this process */
void kit_proxy_end(void);            /* frees what the door holds */
bool kit_secret_was_sent(const char *text); /* as a signature, in this run */

/* waits end at once, and the process's clocks go on by their length (@wall: the wall clock too) */
void kit_clock_run_ahead(bool on, bool wall);
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
