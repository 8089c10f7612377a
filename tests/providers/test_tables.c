/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the rows of every provider: actions, steps and arguments must agree, and the support matrix
 * must be true.
 */
#include "tests/providers/tables.h"

#include <string.h>

#include "tests/support/fake_transport.h"

static const struct cc_action_param *param_of(const struct cc_action *action, const char *path)
{
    size_t len = strcspn(path, ".");

    for (const struct cc_action_param *p = action->params; p && p->name; p++) {
        if (strlen(p->name) == len && !strncmp(p->name, path, len))
            return p;
    }
    return NULL;
}

static bool in_path(const struct cc_action *action, const char *name)
{
    const char *at = strstr(action->path, name);

    return at && at > action->path && at[-1] == '{' && at[strlen(name)] == '}';
}

static void check_action(const struct cc_action *a)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    size_t services = 0, known = 0, placeholders = 0, filled = 0;

    while (provider->services[services].name)
        services++;
    for (size_t i = 0; i < CC_COUNT(methods); i++)
        known += !strcmp(a->method, methods[i]);
    if (known != 1 || a->service >= services || a->effect > CLOUD_SPENDS || !a->about || !*a->about)
        WRONG("%s: method, service, effect or description", a->name);
    for (const struct cc_action *other = a + 1; other->name; other++) {
        if (!strcmp(other->name, a->name) && other->service == a->service)
            WRONG("%s has two rows", a->name);
    }
    for (const char *p = a->path; (p = strchr(p, '{')); p++)
        placeholders++;
    for (const struct cc_action_param *p = a->params; p && p->name; p++) {
        if (param_of(a, p->name) != p)
            WRONG("%s: %s has two rows", a->name, p->name);
        filled += p->where == CC_PATH;
        if (p->where == CC_PATH && (!p->required || !in_path(a, p->name)))
            WRONG("%s: %s is not in the path, or not required", a->name, p->name);
        if (p->where == CC_BODY && (!strcmp(a->method, "GET") || !strcmp(a->method, "DELETE")))
            WRONG("%s: %s in the body of a %s", a->name, p->name, a->method);
        if (p->secret && p->where != CC_BODY)
            WRONG("%s: the secret %s would be in the URL", a->name, p->name);
    }
    if (placeholders != filled)
        WRONG("%s: %zu placeholders in the path, %zu parameters for them", a->name, placeholders,
              filled);
    if (a->token && !param_of(a, a->token))
        WRONG("%s has no parameter %s", a->name, a->token);
}

static void check_catalogue(void)
{
    for (const struct cc_action *a = provider->actions; a->name; a++)
        check_action(a);
}

static void test_tables__actions_are_consistent(void **state)
{
    (void)state;
    each_provider(check_catalogue);
}

static bool from_catalogue(const struct cc_action *action)
{
    for (const struct cc_action *a = provider->actions; a->name; a++) {
        if (a == action)
            return true;
    }
    return false;
}

static void check_args(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step)
{
    (void)row;
    if (!step->action) {
        if (!step->parse || step->args)
            WRONG("%s: a step without an action computes, and has no arguments",
                  cloud_op_info(op)->name);
        return;
    }
    if (!from_catalogue(step->action))
        WRONG("%s: %s is not in the catalogue", cloud_op_info(op)->name, step->action->name);
    for (const struct cc_arg *arg = step->args; arg && arg->path; arg++) {
        if (!param_of(step->action, arg->path))
            WRONG("%s: %s has no parameter %s", cloud_op_info(op)->name, step->action->name,
                  arg->path);
    }
}

static void check_all_args(void)
{
    each_step(check_args);
}

static void test_tables__arguments_are_parameters_of_their_action(void **state)
{
    (void)state;
    each_provider(check_all_args);
}

/* Returns whether the argument is always written. An argument of an optional parameter is not. */
static bool always_written(const struct cc_arg *arg, uint64_t given)
{
    switch ((enum cc_arg_kind)arg->kind) {
    case CC_ARG_REGION:
    case CC_ARG_TOKEN:
    case CC_ARG_FOUND: return true;
    case CC_ARG_CONST:
    case CC_ARG_OBJECT: return !arg->without && (!arg->with || (given >> arg->param & 1));
    default: return arg->text || (given >> arg->param & 1);
    }
}

static bool writes(const struct cc_arg *args, const char *name, uint64_t given)
{
    size_t len = strlen(name);

    for (const struct cc_arg *arg = args; arg && arg->path; arg++) {
        if (!strncmp(arg->path, name, len) && (!arg->path[len] || arg->path[len] == '.') &&
            always_written(arg, given))
            return true;
    }
    return false;
}

/* Returns whether a parameter that excludes @required writes the alternative to it. */
static bool has_alternative(const struct cc_step *step, const struct cc_action_param *required)
{
    for (const struct cc_arg *arg = step->args; arg && arg->path; arg++) {
        for (const struct cc_arg *other = step->args;
             arg->without && !strcmp(arg->path, required->name) && other->path; other++) {
            const struct cc_action_param *p = param_of(step->action, other->path);

            if (other->param == arg->param && p && p->instead &&
                !strcmp(p->instead, required->name))
                return true;
        }
    }
    return false;
}

/* Checks steps that rows describe completely. A build hook, a check hook, a condition or an earlier
 * step may write a parameter too; such steps are skipped. */
static void check_required(enum cloud_op op, const struct cc_op_row *row,
                           const struct cc_step *step)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    uint64_t given = info->required | row->required | (info->optional & CC_BIT(CHARGE_MODE));

    if (!step->action || step->build || step->when || row->check ||
        (step > row->steps && step[-1].parse))
        return;
    for (const struct cc_action_param *p = step->action->params; p && p->name; p++) {
        bool paged = step->paging && (!strcmp(p->name, step->paging->page_param) ||
                                      !strcmp(p->name, step->paging->size_param));

        if (p->required && !paged && !writes(provider->common, p->name, given) &&
            !writes(step->args, p->name, given) && !has_alternative(step, p))
            WRONG("%s: nothing always writes %s of %s", cloud_op_info(op)->name, p->name,
                  step->action->name);
    }
}

static void check_all_required(void)
{
    each_step(check_required);
}

static void test_tables__required_parameters_are_always_written(void **state)
{
    (void)state;
    each_provider(check_all_required);
}

/* An operation that reads sends no action that changes something. */
static void check_effect(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step)
{
    (void)row;
    if (step->action && cloud_op_info(op)->effect == CLOUD_READS &&
        step->action->effect != CLOUD_READS && op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        WRONG("%s only reads, but %s changes something", cloud_op_info(op)->name,
              step->action->name);
    if (step->action && step->tolerate && step->action->effect != CLOUD_READS &&
        op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        WRONG("%s: the refusal of a change, %s, must not be ignored", cloud_op_info(op)->name,
              step->action->name);
}

static void check_effects(void)
{
    each_step(check_effect);
}

static void test_tables__reading_operations_change_nothing(void **state)
{
    (void)state;
    each_provider(check_effects);
}

static void check_support(void)
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cc_op_row *row = &provider->ops[op];
        const char *why = "?", *name = cloud_op_info((enum cloud_op)op)->name;

        if (cloud_supports(provider->name, (enum cloud_op)op, &why) != row->support ||
            !cloud_support_name(row->support))
            WRONG("%s: cloud_supports() differs from the row", name);
        if ((row->support == CLOUD_NATIVE) != !why || (why && !*why))
            WRONG("%s: every support but native needs a reason", name);
        if (row->support == CLOUD_UNSUPPORTED && row->step_count)
            WRONG("%s: unsupported, with steps", name);
        if (row->support != CLOUD_UNSUPPORTED && !row->step_count && op != CLOUD_OP_INVOKE)
            WRONG("%s: supported, without steps", name);
        for (size_t i = 0; row->support == CLOUD_NATIVE && i < row->step_count; i++) {
            if (!row->steps[i].action || (i && !row->steps[i].when))
                WRONG("%s: native is one action, or one of several", name);
        }
    }
}

static void test_tables__support_is_declared_with_its_reason(void **state)
{
    const char *why;

    (void)state;
    each_provider(check_support);
    assert_int_equal(cloud_supports("unknown", CLOUD_OP_START_INSTANCE, &why), CLOUD_UNSUPPORTED);
    assert_non_null(why);
    assert_null(cloud_support_name((enum cloud_support)9));
}

static struct cloud_params everything(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.instance_id = "i-1";
    p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    p.auto_renew = CLOUD_YES;
    return p;
}

static void check_unsupported(void)
{
    static struct fake script;

    fake_open(&script, provider->name, NULL);
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        struct cloud_params params[] = { CLOUD_PARAMS_INIT, everything() };
        bool unsupported = provider->ops[op].support == CLOUD_UNSUPPORTED;

        for (size_t i = 0; i < CC_COUNT(params); i++) {
            struct cloud_result result = CLOUD_RESULT_INIT;
            struct cloud_error err;
            const char *why;
            int rc;

            fake_play(&script, NULL, 0);
            rc = cloud_call(script.client, (enum cloud_op)op, &params[i], &result, &err);
            cloud_supports(provider->name, (enum cloud_op)op, &why);
            if (unsupported && (rc != CLOUD_EUNSUPPORTED || script.sent ||
                                !strstr(err.message, why) || result.storage))
                WRONG("%s: %d, %zu sent, \"%s\"", cloud_op_info((enum cloud_op)op)->name, rc,
                      script.sent, err.message);
            if (!unsupported && rc == CLOUD_EUNSUPPORTED)
                WRONG("%s is declared as supported", cloud_op_info((enum cloud_op)op)->name);
            cloud_result_clear(&result);
        }
    }
    fake_close(&script);
}

static void test_tables__unsupported_operations_send_nothing(void **state)
{
    (void)state;
    each_provider(check_unsupported);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables__actions_are_consistent),
        cmocka_unit_test(test_tables__arguments_are_parameters_of_their_action),
        cmocka_unit_test(test_tables__required_parameters_are_always_written),
        cmocka_unit_test(test_tables__reading_operations_change_nothing),
        cmocka_unit_test(test_tables__support_is_declared_with_its_reason),
        cmocka_unit_test(test_tables__unsupported_operations_send_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
