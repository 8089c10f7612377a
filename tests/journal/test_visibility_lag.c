/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests many purchases, renewals and upgrades at vendors that show an effect late (0 to 300 s),
 * with all kinds of faults and with orders that are paid late or never. They are resolved after
 * random times by the emulator's clock. No outcome may contradict the ledger, at any time.
 *
 *   test_visibility_lag [OPERATIONS [SEED]]
 */
#include "tests/journal/journal_env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WORLD_OPERATIONS 20 /* then a new world, so the lists stay short */
#define MAX_RESOLVES 60

static const char *const faults[] = { NULL,   "drop_before_apply", "drop_after_apply",
                                      "http", "http_applied",      "truncate" };

/* The statuses of JD Cloud's orders. One that is DEALING is paid later, often after every request
 * has arrived and its effect is visible. */
#define PAID_AFTER_S 2400
static const char *const orders[] = { "PAID", "PAID", "PAID", "DEALING", "CANCELED", "FAILED" };

/* the sizes that an instance is upgraded to in turn; then another instance is used */
#define SIZES 3
typedef const char *size_params[2][2];
static const size_params by_type[SIZES] = { { { "instance_type", "g.n2.large" } },
                                            { { "instance_type", "g.n2.xlarge" } },
                                            { { "instance_type", "g.n2.2xlarge" } } };
static const size_params by_cores[SIZES] = { { { "cpu", "4" }, { "memory_gb", "8" } },
                                             { { "cpu", "8" }, { "memory_gb", "16" } },
                                             { { "cpu", "16" }, { "memory_gb", "32" } } };
static const size_params by_disk[SIZES] = { { { "system_disk_gb", "80" } },
                                            { { "system_disk_gb", "120" } },
                                            { { "system_disk_gb", "160" } } };

static const struct {
    const char *provider, *action;
    enum cloud_op op;
    const size_params *sizes;
} operations[] = {
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
    struct journal_env env;
    size_t operation; /* index in operations */
    int done, wrong, outcomes[CLOUD_JOURNAL__COUNT];
    char instance[128]; /* that is renewed or upgraded */
    int upgrades;       /* number of its upgrades so far */
    int charges_of_one; /* charges of one operation in the ledger */
};

static int below(int limit)
{
    return (int)(random() % limit);
}

static void set_fault(struct journal_env *env, const char *action, const char *fault)
{
    journal_control(env, "DELETE", "fail", "%s", "");
    if (!fault)
        return;
    if (strncmp(fault, "http", 4) == 0)
        journal_control(
            env, "POST", "fail",
            "{\"action\":\"%s\",\"kind\":\"http\",\"status\":502,\"apply\":%s,\"times\":9}", action,
            strcmp(fault, "http") == 0 ? "false" : "true");
    else
        journal_control(env, "POST", "fail",
                        "{\"action\":\"%s\",\"kind\":\"%s\",\"bytes\":%d,\"times\":9}", action,
                        fault, below(60));
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

static enum cloud_journal_state state_of(struct journal_env *env, const char *key)
{
    enum cloud_journal_state state = CLOUD_JOURNAL_INTENT;

    cloud_journal_list(env->journal, key, keep_state, &state, NULL);
    return state;
}

static bool is_final(enum cloud_journal_state state)
{
    return state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED;
}

/* buys an instance that can be renewed or upgraded, in a world that shows it at once */
static void prepare(struct trial *t)
{
    struct journal_env *env = &t->env;
    struct cloud_error err;

    if (operations[t->operation].op == CLOUD_OP_CREATE_INSTANCE ||
        (*t->instance && t->upgrades < SIZES))
        return;
    journal_control(env, "POST", "world", "{\"visibility_lag_s\":0}");
    journal_buy(env, t->instance);
    t->upgrades = 0;
    if (operations[t->operation].sizes &&
        cloud_stop_instance(env->client, t->instance, false, &err)) {
        fprintf(stderr, "%s: %s\n", t->instance, err.message);
        abort();
    }
}

static int call(struct trial *t, const char *key)
{
    struct journal_env *env = &t->env;
    const size_params *sizes = operations[t->operation].sizes;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    if (operations[t->operation].op == CLOUD_OP_CREATE_INSTANCE)
        vendor_params(env->vendor, false, &params);
    else
        params.instance_id = t->instance;
    if (operations[t->operation].op == CLOUD_OP_RENEW_INSTANCE)
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    for (int i = 0; sizes && i < 2 && sizes[t->upgrades][i][0]; i++)
        cloud_params_set(&params, cloud_param_find(sizes[t->upgrades][i][0])->param,
                         sizes[t->upgrades][i][1], NULL);
    t->upgrades += sizes != NULL;
    params.operation_key = key;
    return cloud_journal_call(env->journal, env->client, operations[t->operation].op, &params, NULL,
                              &err);
}

/* The ledger is compared some time after the outcome is decided: an outcome stays true. */
static void run_one(struct trial *t, int n)
{
    struct journal_env *env = &t->env;
    int before, charged, resolves = 0;
    enum cloud_journal_state state;
    char key[32];

    snprintf(key, sizeof(key), "lag-%d", n);
    prepare(t);
    journal_control(env, "POST", "world", "{\"visibility_lag_s\":%d}", below(301));
    if (operations[t->operation].op == CLOUD_OP_RENEW_INSTANCE) {
        journal_control(env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":%d}",
                        below(PAID_AFTER_S));
        journal_control(env, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}",
                        orders[below(COUNT(orders))]);
    }
    set_fault(env, operations[t->operation].action, faults[below(COUNT(faults))]);
    before = journal_charges(env, NULL);
    call(t, key);
    journal_control(env, "DELETE", "fail", "%s", "");
    while (!is_final(state = state_of(env, key)) && resolves++ < MAX_RESOLVES) {
        struct cloud_error err;

        journal_advance(env, below(400));
        if (cloud_journal_resolve(env->journal, env->client, NULL, NULL, NULL, NULL, &err))
            fprintf(stderr, "%s: %s\n", key, err.message);
    }
    journal_advance(env, below(400));
    charged = journal_charges(env, NULL) - before;
    t->outcomes[state]++;
    t->done++;
    if (!is_final(state) || charged != (state == CLOUD_JOURNAL_APPLIED ? t->charges_of_one : 0)) {
        printf("%s of %s ended %s: %d charges were made, one operation makes %d\n", key,
               operations[t->operation].action, cloud_journal_state_name(state), charged,
               t->charges_of_one);
        cloud_journal_list(env->journal, key, show, NULL, NULL);
        t->wrong++;
    }
}

static void run_in_world(struct trial *t, int first, int count)
{
    struct journal_env *env = &t->env;

    journal_env_open(env, operations[t->operation].provider, false);
    *t->instance = '\0';
    prepare(t);
    t->charges_of_one = journal_charges(env, NULL);
    if (call(t, "plain")) {
        printf("%s fails without a fault\n", operations[t->operation].action);
        t->wrong++;
    }
    t->charges_of_one = journal_charges(env, NULL) - t->charges_of_one;
    for (int i = 0; i < count; i++)
        run_one(t, first + i);
    journal_env_close(env);
}

int main(int argc, char **argv)
{
    int total = argc > 1 ? atoi(argv[1]) : 200;
    unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 20261120;
    struct trial t = { .wrong = 0 };

    journal_attempts = 1; /* a retry would wait in real time */
    srandom(seed);
    for (size_t world = 0; t.done < total; world++) {
        int left = total - t.done;

        t.operation = world % COUNT(operations);
        run_in_world(&t, t.done, left < WORLD_OPERATIONS ? left : WORLD_OPERATIONS);
    }
    printf("seed %u: %d operations, %d applied, %d not applied, %d wrong\n", seed, t.done,
           t.outcomes[CLOUD_JOURNAL_APPLIED], t.outcomes[CLOUD_JOURNAL_NOT_APPLIED], t.wrong);
    return t.wrong || !t.outcomes[CLOUD_JOURNAL_APPLIED] || !t.outcomes[CLOUD_JOURNAL_NOT_APPLIED];
}
