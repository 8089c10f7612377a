/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many spends at vendors that show late what they did (0 to 300 s), through faults of every kind
 * and orders that are paid late or never, resolved after waits of any length by the emulator's
 * clock: no verdict may contradict the ledger, whenever it falls.
 *
 *   test_journal_lag [OPERATIONS [SEED]]
 */
#include "tests/journal/journal_env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WORLD_OPERATIONS 20 /* then a fresh world: lists stay short */
#define MOST_LOOKS 60

static const char *const faults[] = { NULL,   "drop_before_apply", "drop_after_apply",
                                      "http", "http_applied",      "truncate" };

/* what becomes of JD Cloud's orders; one that is being dealt with is paid in its time, often after
 * whatever could arrive has arrived and was shown */
#define PAID_AFTER_S 2400
static const char *const orders[] = { "PAID", "PAID", "PAID", "DEALING", "CANCELED", "FAILED" };

/* what an instance is changed to, one after the other; then it takes another instance */
#define RUNGS 3
typedef const char *rung[2][2];
static const rung by_type[RUNGS] = { { { "instance_type", "g.n2.large" } },
                                     { { "instance_type", "g.n2.xlarge" } },
                                     { { "instance_type", "g.n2.2xlarge" } } };
static const rung by_cores[RUNGS] = { { { "cpu", "4" }, { "memory_gb", "8" } },
                                      { { "cpu", "8" }, { "memory_gb", "16" } },
                                      { { "cpu", "16" }, { "memory_gb", "32" } } };
static const rung by_disk[RUNGS] = { { { "system_disk_gb", "80" } },
                                     { { "system_disk_gb", "120" } },
                                     { { "system_disk_gb", "160" } } };

static const struct {
    const char *provider, *action;
    enum cloud_op op;
    const rung *rungs;
} spends[] = {
    { "jdcloud", "createInstances", CLOUD_OP_CREATE_INSTANCE, NULL },
    { "jdcloud", "renewInstance", CLOUD_OP_RENEW_INSTANCE, NULL },
    { "jdcloud", "resizeInstance", CLOUD_OP_UPGRADE_INSTANCE, by_type },
    { "jdcloud", "extendDisk", CLOUD_OP_UPGRADE_INSTANCE, by_disk },
    { "capitalonline_ecs", "CreateInstance", CLOUD_OP_CREATE_INSTANCE, NULL },
    { "capitalonline_ecs", "ChangeInstanceConfigure", CLOUD_OP_UPGRADE_INSTANCE, by_cores },
    { "capitalonline_ecs", "ExtendDisk", CLOUD_OP_UPGRADE_INSTANCE, by_disk },
    { "capitalonline_ccs", "CreateInstance", CLOUD_OP_CREATE_INSTANCE, NULL },
    { "capitalonline_ccs", "ModifyInstanceSpec", CLOUD_OP_UPGRADE_INSTANCE, by_cores },
    { "capitalonline_ccs", "ExtendSystemDisk", CLOUD_OP_UPGRADE_INSTANCE, by_disk },
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct trial {
    struct journal_env world;
    size_t spend;
    int operations, wrong, verdicts[CLOUD_JOURNAL__COUNT];
    char instance[128]; /* to be renewed or changed */
    int climbed;        /* rungs of it that were asked for */
    int one;            /* lines of the ledger that one spend makes */
};

static int below(int limit)
{
    return (int)(random() % limit);
}

static void set_fault(struct journal_env *w, const char *action, const char *fault)
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

static bool show(const struct cloud_journal_entry *entry, void *user_data)
{
    (void)user_data;
    printf("  order %s: %s %s\n", entry->order_id, entry->reason, entry->warning);
    return true;
}

static bool keep_state(const struct cloud_journal_entry *entry, void *user_data)
{
    *(enum cloud_journal_state *)user_data = entry->state;
    return true;
}

static enum cloud_journal_state state_of(struct journal_env *w, const char *key)
{
    enum cloud_journal_state state = CLOUD_JOURNAL_INTENT;

    cloud_journal_list(w->journal, key, keep_state, &state, NULL);
    return state;
}

static bool is_final(enum cloud_journal_state state)
{
    return state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED;
}

/* an instance that can be renewed or changed, in a world that shows it at once */
static void get_ready(struct trial *t)
{
    struct journal_env *w = &t->world;
    struct cloud_error err;

    if (spends[t->spend].op == CLOUD_OP_CREATE_INSTANCE || (*t->instance && t->climbed < RUNGS))
        return;
    journal_ask(w, "POST", "world", "{\"visibility_lag_s\":0}");
    journal_buy(w, t->instance);
    t->climbed = 0;
    if (spends[t->spend].rungs && cloud_stop_instance(w->client, t->instance, false, &err)) {
        fprintf(stderr, "%s: %s\n", t->instance, err.message);
        abort();
    }
}

static int spend(struct trial *t, const char *key)
{
    struct journal_env *w = &t->world;
    const rung *rungs = spends[t->spend].rungs;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    if (spends[t->spend].op == CLOUD_OP_CREATE_INSTANCE)
        vendor_params(w->vendor, false, &params);
    else
        params.instance_id = t->instance;
    if (spends[t->spend].op == CLOUD_OP_RENEW_INSTANCE)
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    for (int i = 0; rungs && i < 2 && rungs[t->climbed][i][0]; i++)
        cloud_params_set(&params, cloud_param_find(rungs[t->climbed][i][0])->param,
                         rungs[t->climbed][i][1], NULL);
    t->climbed += rungs != NULL;
    params.operation_key = key;
    return cloud_journal_call(w->journal, w->client, spends[t->spend].op, &params, NULL, &err);
}

/* the ledger is looked at when the verdict falls, and again when all is over: a verdict does not
 * age */
static void operate(struct trial *t, int n)
{
    struct journal_env *w = &t->world;
    int before, charged, looks = 0;
    enum cloud_journal_state state;
    char key[32];

    snprintf(key, sizeof(key), "lag-%d", n);
    get_ready(t);
    journal_ask(w, "POST", "world", "{\"visibility_lag_s\":%d}", below(301));
    if (spends[t->spend].op == CLOUD_OP_RENEW_INSTANCE) {
        journal_ask(w, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":%d}",
                    below(PAID_AFTER_S));
        journal_ask(w, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}",
                    orders[below(COUNT(orders))]);
    }
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
        cloud_journal_list(w->journal, key, show, NULL, NULL);
        t->wrong++;
    }
}

static void in_a_world(struct trial *t, int first, int count)
{
    struct journal_env *w = &t->world;

    journal_env_open(w, spends[t->spend].provider, false);
    *t->instance = '\0';
    get_ready(t);
    t->one = journal_charges(w, NULL);
    if (spend(t, "plain")) {
        printf("%s fails undisturbed\n", spends[t->spend].action);
        t->wrong++;
    }
    t->one = journal_charges(w, NULL) - t->one;
    for (int i = 0; i < count; i++)
        operate(t, first + i);
    journal_env_close(w);
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
