/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many spends at vendors that show late what they did (0 to 300 s), through faults of every kind,
 * resolved after waits of any length by the emulator's clock: no verdict may contradict the ledger,
 * whenever it falls.
 *
 *   test_journal_lag [OPERATIONS [SEED]]
 */
#include "tests/journal_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WORLD_OPERATIONS 50 /* then a fresh world: lists stay short */
#define MOST_LOOKS 40

static const char *const faults[] = { NULL,   "drop_before_apply", "drop_after_apply",
                                      "http", "http_applied",      "truncate" };

static const struct {
    const char *provider, *action;
    enum cloud_op op;
} spends[] = {
    { "jdcloud", "createInstances", CLOUD_OP_CREATE_INSTANCE },
    { "jdcloud", "renewInstance", CLOUD_OP_RENEW_INSTANCE },
    { "capitalonline_ecs", "CreateInstance", CLOUD_OP_CREATE_INSTANCE },
    { "capitalonline_ccs", "CreateInstance", CLOUD_OP_CREATE_INSTANCE },
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct trial {
    struct journal_world world;
    size_t spend;
    int operations, wrong, verdicts[CLOUD_JOURNAL__COUNT];
    char instance[128]; /* to be renewed */
    int one;            /* lines of the ledger that one spend makes */
};

static int below(int limit)
{
    return (int)(random() % limit);
}

static void set_fault(struct journal_world *w, const char *action, const char *fault)
{
    journal_ask(w, "DELETE", "fail", "%s", "");
    if (!fault)
        return;
    if (strncmp(fault, "http", 4) == 0)
        journal_ask(w, "POST", "fail",
                    "{\"action\":\"%s\",\"kind\":\"http\",\"status\":502,\"apply\":%s,\"times\":9}",
                    action, strcmp(fault, "http") == 0 ? "false" : "true");
    else
        journal_ask(w, "POST", "fail",
                    "{\"action\":\"%s\",\"kind\":\"%s\",\"bytes\":%d,\"times\":9}", action, fault,
                    below(60));
}

static bool keep_state(const struct cloud_journal_entry *entry, void *user_data)
{
    *(enum cloud_journal_state *)user_data = entry->state;
    return true;
}

static enum cloud_journal_state state_of(struct journal_world *w, const char *key)
{
    enum cloud_journal_state state = CLOUD_JOURNAL_INTENT;

    cloud_journal_list(w->journal, key, keep_state, &state, NULL);
    return state;
}

static bool is_final(enum cloud_journal_state state)
{
    return state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED;
}

static int spend(struct trial *t, const char *key)
{
    struct journal_world *w = &t->world;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    if (spends[t->spend].op == CLOUD_OP_CREATE_INSTANCE)
        vendor_params(w->vendor, false, &params);
    else
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    if (spends[t->spend].op != CLOUD_OP_CREATE_INSTANCE)
        params.instance_id = t->instance;
    params.operation_key = key;
    return cloud_journal_call(w->journal, w->client, spends[t->spend].op, &params, NULL, &err);
}

/* the ledger is looked at when the verdict falls, and again when all is over: a verdict does not
 * age */
static void operate(struct trial *t, int n)
{
    struct journal_world *w = &t->world;
    int before, charged, looks = 0;
    enum cloud_journal_state state;
    char key[32];

    snprintf(key, sizeof(key), "lag-%d", n);
    journal_ask(w, "POST", "world", "{\"visibility_lag_s\":%d}", below(301));
    set_fault(w, spends[t->spend].action, faults[below(COUNT(faults))]);
    before = journal_charges(w, NULL);
    spend(t, key);
    journal_ask(w, "DELETE", "fail", "%s", "");
    while (!is_final(state = state_of(w, key)) && looks++ < MOST_LOOKS) {
        struct cloud_error err;

        journal_advance(w, below(400));
        if (cloud_journal_resolve(w->journal, w->client, NULL, NULL, NULL, NULL, &err))
            fprintf(stderr, "%s: %s\n", key, err.message);
    }
    journal_advance(w, below(400));
    charged = journal_charges(w, NULL) - before;
    t->verdicts[state]++;
    t->operations++;
    if (!is_final(state) || charged != (state == CLOUD_JOURNAL_APPLIED ? t->one : 0)) {
        printf("%s of %s ended %s, %d charges were made, %d are one\n", key,
               spends[t->spend].action, cloud_journal_state_name(state), charged, t->one);
        t->wrong++;
    }
}

static void in_a_world(struct trial *t, int first, int count)
{
    struct journal_world *w = &t->world;

    journal_world_open(w, spends[t->spend].provider, false);
    if (spends[t->spend].op == CLOUD_OP_RENEW_INSTANCE)
        journal_buy(w, t->instance);
    t->one = journal_charges(w, NULL);
    if (spend(t, "plain"))
        t->wrong++;
    t->one = journal_charges(w, NULL) - t->one;
    for (int i = 0; i < count; i++)
        operate(t, first + i);
    journal_world_close(w);
}

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 200;
    unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 20261120;
    struct trial t = { .wrong = 0 };

    journal_attempts = 1; /* the waits between would be real ones */
    srandom(seed);
    for (size_t world = 0; t.operations < wanted; world++) {
        int left = wanted - t.operations;

        t.spend = world % COUNT(spends);
        in_a_world(&t, t.operations, left < WORLD_OPERATIONS ? left : WORLD_OPERATIONS);
    }
    printf("seed %u: %d operations, %d applied, %d not applied, %d wrong\n", seed, t.operations,
           t.verdicts[CLOUD_JOURNAL_APPLIED], t.verdicts[CLOUD_JOURNAL_NOT_APPLIED], t.wrong);
    return t.wrong || !t.verdicts[CLOUD_JOURNAL_APPLIED] || !t.verdicts[CLOUD_JOURNAL_NOT_APPLIED];
}
