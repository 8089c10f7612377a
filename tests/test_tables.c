/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the tables of every provider: rows that contradict each other, words of the vendor's pages that no row knows,
 * declarations that are not true. What the pages list is in vendor_words.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <string.h>
#include <strings.h>

#include "core/ops.h"
#include "core/reply.h"
#include "tests/scripted.h"
#include "tests/vendor_words.h"

static const struct cloud_provider *provider; /* the one that is walked */
static int wrong;

#define WRONG(...) (wrong++, print_error("%s: ", provider->name), print_error(__VA_ARGS__), print_error("\n"))

static void each_provider(void (*check)(void))
{
    wrong = 0;
    for (size_t n = 0; (provider = cc_provider_at(n)); n++)
        check();
    assert_int_equal(wrong, 0);
}

static void each_step(void (*check)(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step))
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cc_op_row *row = &provider->ops[op];

        for (size_t i = 0; i < row->step_count; i++)
            check((enum cloud_op)op, row, &row->steps[i]);
    }
}

/* --------------------------------------------------------------------------------------------------- the catalogue */

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
    size_t services = 0, known = 0, holes = 0, filled = 0;

    while (provider->services[services].name)
        services++;
    for (size_t i = 0; i < CC_COUNT(methods); i++)
        known += !strcmp(a->method, methods[i]);
    if (known != 1 || a->service >= services || a->effect > CLOUD_SPENDS || !a->about || !*a->about)
        WRONG("%s: method, service, effect or description", a->name);
    for (const struct cc_action *other = a + 1; other->name; other++) {
        if (!strcmp(other->name, a->name) && other->service == a->service)
            WRONG("%s stands twice", a->name);
    }
    for (const char *p = a->path; (p = strchr(p, '{')); p++)
        holes++;
    for (const struct cc_action_param *p = a->params; p && p->name; p++) {
        if (param_of(a, p->name) != p)
            WRONG("%s: %s stands twice", a->name, p->name);
        filled += p->where == CC_PATH;
        if (p->where == CC_PATH && (!p->required || !in_path(a, p->name)))
            WRONG("%s: %s is not in the path, or not required", a->name, p->name);
        if (p->where == CC_BODY && (!strcmp(a->method, "GET") || !strcmp(a->method, "DELETE")))
            WRONG("%s: %s in the body of a %s", a->name, p->name, a->method);
        if (p->secret && p->where != CC_BODY)
            WRONG("%s: the secret %s would stand in the URL", a->name, p->name);
    }
    if (holes != filled)
        WRONG("%s: %zu holes in the path, %zu parameters for them", a->name, holes, filled);
    if (a->token && !param_of(a, a->token))
        WRONG("%s has no parameter %s", a->name, a->token);
}

static void check_catalogue(void)
{
    for (const struct cc_action *a = provider->actions; a->name; a++)
        check_action(a);
}

static void test_tables__actions_are_sound(void **state)
{
    (void)state;
    each_provider(check_catalogue);
}

/* ------------------------------------------------------------------------------------------------------- the steps */

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
            WRONG("%s: a step without an action computes, and has no arguments", cloud_op_info(op)->name);
        return;
    }
    if (!from_catalogue(step->action))
        WRONG("%s: %s is not in the catalogue", cloud_op_info(op)->name, step->action->name);
    for (const struct cc_arg *arg = step->args; arg && arg->path; arg++) {
        if (!param_of(step->action, arg->path))
            WRONG("%s: %s has no parameter %s", cloud_op_info(op)->name, step->action->name, arg->path);
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

/* an argument that is always written: not one of a parameter that may be left out */
static bool always_written(const struct cc_arg *arg, uint64_t given)
{
    switch ((enum cc_arg_kind)arg->kind) {
    case CC_ARG_REGION:
    case CC_ARG_TOKEN:
    case CC_ARG_FOUND:
        return true;
    case CC_ARG_CONST:
        return !arg->with || (given >> arg->param & 1);
    default:
        return arg->text || (given >> arg->param & 1);
    }
}

static bool writes(const struct cc_arg *args, const char *name, uint64_t given)
{
    size_t len = strlen(name);

    for (const struct cc_arg *arg = args; arg && arg->path; arg++) {
        if (!strncmp(arg->path, name, len) && (!arg->path[len] || arg->path[len] == '.') && always_written(arg, given))
            return true;
    }
    return false;
}

/* as far as rows tell: a build or check hook, a condition, and what an earlier step found may see to it */
static void check_required(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    uint64_t given = info->required | row->required | (info->optional & CC_BIT(CHARGE_MODE));

    if (!step->action || step->build || step->when || row->check || (step > row->steps && step[-1].parse))
        return;
    for (const struct cc_action_param *p = step->action->params; p && p->name; p++) {
        bool paged = step->paging && (!strcmp(p->name, step->paging->page_param) || !strcmp(p->name, step->paging->size_param));

        if (p->required && !paged && !writes(provider->common, p->name, given) && !writes(step->args, p->name, given))
            WRONG("%s: nothing always writes %s of %s", cloud_op_info(op)->name, p->name, step->action->name);
    }
}

static void check_all_required(void)
{
    each_step(check_required);
}

static void test_tables__what_an_action_needs_is_always_written(void **state)
{
    (void)state;
    each_provider(check_all_required);
}

/* a reading operation sends nothing that changes anything; a change is one */
static void check_effect(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step)
{
    (void)row;
    if (step->action && cloud_op_info(op)->effect == CLOUD_READS && step->action->effect != CLOUD_READS &&
        op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        WRONG("%s only reads, but %s changes something", cloud_op_info(op)->name, step->action->name);
    if (step->action && step->tolerate && step->action->effect != CLOUD_READS && op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        WRONG("%s: the refusal of a change, %s, must not be passed over", cloud_op_info(op)->name, step->action->name);
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

/* ------------------------------------------------------------------------------------------------------ the support */

static void check_support(void)
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cc_op_row *row = &provider->ops[op];
        const char *why = "?", *name = cloud_op_info((enum cloud_op)op)->name;

        if (cloud_supports(provider->name, (enum cloud_op)op, &why) != row->support || !cloud_support_name(row->support))
            WRONG("%s: declared otherwise", name);
        if ((row->support == CLOUD_NATIVE) != !why || (why && !*why))
            WRONG("%s: a reason stands beside everything but native", name);
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
    assert_int_equal(cloud_supports("nobody", CLOUD_OP_START_INSTANCE, &why), CLOUD_UNSUPPORTED);
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
    static struct scripted script;

    scripted_open(&script, provider->name, NULL);
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        struct cloud_params params[] = { CLOUD_PARAMS_INIT, everything() };
        bool unsupported = provider->ops[op].support == CLOUD_UNSUPPORTED;

        for (size_t i = 0; i < CC_COUNT(params); i++) {
            struct cloud_result result = CLOUD_RESULT_INIT;
            struct cloud_error err;
            const char *why;
            int rc;

            scripted_play(&script, NULL, 0);
            rc = cloud_call(script.client, (enum cloud_op)op, &params[i], &result, &err);
            cloud_supports(provider->name, (enum cloud_op)op, &why);
            if (unsupported && (rc != CLOUD_EUNSUPPORTED || script.sent || !strstr(err.message, why) || result.storage))
                WRONG("%s: %d, %zu sent, \"%s\"", cloud_op_info((enum cloud_op)op)->name, rc, script.sent, err.message);
            if (!unsupported && rc == CLOUD_EUNSUPPORTED)
                WRONG("%s is said to be supported", cloud_op_info((enum cloud_op)op)->name);
            cloud_result_clear(&result);
        }
    }
    scripted_close(&script);
}

static void test_tables__every_operation_can_be_called_and_the_unsupported_send_nothing(void **state)
{
    (void)state;
    each_provider(check_unsupported);
}

/* --------------------------------------------------------------------------------------------------------- the words */

enum object { RESULT, INSTANCE, DISK, IMAGE, TASK, OTHER };

/* which common structure the elements at @at of @in are */
static enum object inside(enum object in, const struct cc_field *field)
{
    static const struct {
        enum object in, is;
        size_t at;
    } members[] = {
        { RESULT, INSTANCE, offsetof(struct cloud_result, instances) },
        { RESULT, DISK, offsetof(struct cloud_result, disks) },
        { RESULT, IMAGE, offsetof(struct cloud_result, images) },
        { RESULT, TASK, offsetof(struct cloud_result, task) },
        { INSTANCE, DISK, offsetof(struct cloud_instance, system_disk) },
        { INSTANCE, DISK, offsetof(struct cloud_instance, data_disks) },
    };

    for (size_t i = 0; i < CC_COUNT(members); i++) {
        if (members[i].in == in && members[i].at == field->at)
            return members[i].is;
    }
    return OTHER;
}

static enum role role_of(enum object in, size_t at)
{
    static const struct {
        enum object in;
        size_t at;
        enum role role;
    } members[] = {
        { INSTANCE, offsetof(struct cloud_instance, state), INSTANCE_STATE },
        { INSTANCE, offsetof(struct cloud_instance, system_disk) + offsetof(struct cloud_disk, state), DISK_STATE },
        { DISK, offsetof(struct cloud_disk, state), DISK_STATE },
        { IMAGE, offsetof(struct cloud_image, state), IMAGE_STATE },
        { RESULT, offsetof(struct cloud_result, task) + offsetof(struct cloud_task, state), TASK_STATE },
        { TASK, offsetof(struct cloud_task, state), TASK_STATE },
        { INSTANCE, offsetof(struct cloud_instance, billing_state), BILLING_STATE },
        { DISK, offsetof(struct cloud_disk, billing_state), BILLING_STATE },
        { INSTANCE, offsetof(struct cloud_instance, charge_mode), CHARGE_MODE },
        { DISK, offsetof(struct cloud_disk, charge_mode), CHARGE_MODE },
    };

    for (size_t i = 0; i < CC_COUNT(members); i++) {
        if (members[i].in == in && members[i].at == at)
            return members[i].role;
    }
    return ROLES;
}

static const char *name_of(enum role role, int value)
{
    switch (role) {
    case INSTANCE_STATE:
        return cloud_instance_state_name((enum cloud_instance_state)value);
    case DISK_STATE:
        return cloud_disk_state_name((enum cloud_disk_state)value);
    case IMAGE_STATE:
        return cloud_image_state_name((enum cloud_image_state)value);
    case TASK_STATE:
        return cloud_task_state_name((enum cloud_task_state)value);
    case BILLING_STATE:
        return cloud_billing_state_name((enum cloud_billing_state)value);
    default:
        return cloud_charge_mode_name((enum cloud_charge_mode)value);
    }
}

static const struct cc_word *tables[ROLES][32]; /* of the provider, each once */

static void check_table(const char *path, const struct cc_word *words, enum role role)
{
    for (const struct cc_word *w = words; w->word; w++) {
        if (cc_word_find(words, w->word) != w)
            WRONG("%s: \"%s\" stands twice", path, w->word);
        if (role < ROLES && (!w->value || !name_of(role, w->value)))
            WRONG("%s: \"%s\" has no name", path, w->word);
    }
}

static void keep_table(const struct cc_field *field, enum role role)
{
    size_t n = 0;

    check_table(field->path, field->words, role);
    while (role < ROLES && n < CC_COUNT(tables[role]) && tables[role][n] && tables[role][n] != field->words)
        n++;
    if (role < ROLES)
        tables[role][n] = field->words;
}

static void walk_fields(const struct cc_field *fields, enum object in)
{
    for (const struct cc_field *f = fields; f && f->path; f++) {
        bool same = f->kind == CC_FIELD_EACH || f->kind == CC_FIELD_EACH_MEMBER;
        bool nested = same || f->kind == CC_FIELD_OBJECT || f->kind == CC_FIELD_LIST || f->kind == CC_FIELD_MEMBERS;

        if (nested || f->kind == CC_FIELD_TEXTS) {
            if (!f->list || (nested && !f->list->fields))
                WRONG("%s: a list without fields", f->path);
            else if (nested)
                walk_fields(f->list->fields, same ? in : inside(in, f));
        }
        if ((f->kind == CC_FIELD_WORD || f->kind == CC_FIELD_REASON) && !f->words)
            WRONG("%s: a word without words", f->path);
        else if (f->kind == CC_FIELD_WORD)
            keep_table(f, role_of(in, f->at));
    }
}

static void walk_step(enum cloud_op op, const struct cc_op_row *row, const struct cc_step *step)
{
    (void)op;
    (void)row;
    walk_fields(step->fields, RESULT);
}

static bool knows(enum role role, const char *word, const char *is)
{
    for (size_t n = 0; n < CC_COUNT(tables[role]) && tables[role][n]; n++) {
        const struct cc_word *row = cc_word_find(tables[role][n], word);

        if (row && !strcmp(name_of(role, row->value), is))
            return true;
    }
    return false;
}

static void change_case(const char *word, char *ret_word)
{
    for (; *word; word++)
        *ret_word++ = (char)(*word >= 'a' && *word <= 'z' ? *word - 32 : *word >= 'A' && *word <= 'Z' ? *word + 32 : *word);
    *ret_word = '\0';
}

static void check_words(void)
{
    memset(tables, 0, sizeof(tables));
    each_step(walk_step);
    for (size_t i = 0; i < CC_COUNT(documented_words); i++) {
        const struct documented_word *d = &documented_words[i];
        char other[64];

        if (strcmp(d->provider, provider->name))
            continue;
        change_case(d->word, other);
        if (!knows(d->role, d->word, d->is) || !knows(d->role, other, d->is))
            WRONG("\"%s\" is not %s", d->word, d->is);
        if (knows(d->role, "hibernating", d->is))
            WRONG("a word of no page is %s", d->is);
    }
}

static void test_tables__every_documented_word_has_its_row_once(void **state)
{
    (void)state;
    each_provider(check_words);
}

static void check_errors(void)
{
    for (size_t i = 0; i < CC_COUNT(documented_errors); i++) {
        const struct documented_error *d = &documented_errors[i];
        struct cc_envelope envelope = { .failed = true, .code = d->code, .message = d->message, .request_id = "r-1" };
        struct cloud_error err;

        if (strcmp(d->provider, provider->name))
            continue;
        if (cc_reply_refused(provider, d->http, &envelope, &err) != d->means || err.code != d->means)
            WRONG("%d %s (%s) is %s, not %s", d->http, d->code, d->message, cloud_code_name(err.code),
                  cloud_code_name(d->means));
        if (strcmp(err.vendor_code, d->code) || strcmp(err.request_id, "r-1") || err.http_status != d->http ||
            strcmp(err.message, d->message))
            WRONG("%s: code, message, request id or status got lost", d->code);
    }
}

static void test_tables__every_documented_error_means_what_can_be_done(void **state)
{
    (void)state;
    each_provider(check_errors);
}

/* ------------------------------------------------------------------------------------------------------ common names */

static void test_tables__names_are_there_once_and_no_more(void **state)
{
    static const int counts[ROLES] = { CLOUD_STATE__COUNT, CLOUD_DISK__COUNT, CLOUD_IMAGE__COUNT, CLOUD_TASK__COUNT,
                                       CLOUD_BILLING__COUNT, CLOUD_CHARGE__COUNT };

    (void)state;
    for (int role = 0; role < ROLES; role++) {
        assert_string_equal(name_of((enum role)role, 0), "unknown");
        assert_null(name_of((enum role)role, counts[role]));
        assert_null(name_of((enum role)role, -1));
        for (int a = 0; a < counts[role]; a++) {
            assert_non_null(name_of((enum role)role, a));
            for (int b = 0; b < a; b++)
                assert_string_not_equal(name_of((enum role)role, a), name_of((enum role)role, b));
        }
    }
}

static void test_tables__predicates_follow_the_state(void **state)
{
    static const char *const settled = " running stopped deleted error expired ";

    (void)state;
    for (int s = 0; s < CLOUD_STATE__COUNT; s++) {
        enum cloud_instance_state at = (enum cloud_instance_state)s;
        char word[32];

        snprintf(word, sizeof(word), " %s ", cloud_instance_state_name(at));
        assert_int_equal(cloud_state_is_settled(at), strstr(settled, word) != NULL);
        assert_int_equal(cloud_state_can_start(at), at == CLOUD_STATE_STOPPED);
        assert_int_equal(cloud_state_can_stop(at), at == CLOUD_STATE_RUNNING);
        assert_int_equal(cloud_state_can_reboot(at), at == CLOUD_STATE_RUNNING);
        for (int op = 0; op < CLOUD_OP__COUNT; op++) {
            bool about_one = cloud_op_info((enum cloud_op)op)->required & CC_BIT(INSTANCE_ID);

            if (at == CLOUD_STATE_UNKNOWN && about_one && cloud_op_info((enum cloud_op)op)->effect != CLOUD_READS)
                assert_false(cloud_state_can(at, (enum cloud_op)op));
            if (op == CLOUD_OP_DESCRIBE_INSTANCE)
                assert_true(cloud_state_can(at, (enum cloud_op)op));
        }
    }
    assert_false(cloud_state_is_settled((enum cloud_instance_state)99));
    assert_false(cloud_state_can((enum cloud_instance_state)99, CLOUD_OP_START_INSTANCE));
}

static void test_tables__operations_are_found_by_word_and_name(void **state)
{
    (void)state;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);
        char dashes[64];

        assert_int_equal(info->op, op);
        assert_ptr_equal(cloud_op_find(info->word), info);
        assert_ptr_equal(cloud_op_find(info->name), info);
        snprintf(dashes, sizeof(dashes), "%s", info->name);
        for (char *p = dashes; *p; p++)
            *p = *p == '_' ? '-' : *p;
        assert_ptr_equal(cloud_op_find(dashes), info);
        assert_int_equal(info->required & info->optional, 0);
        assert_true(*info->summary && info->summary[strlen(info->summary) - 1] != '.');
    }
    assert_null(cloud_op_info(CLOUD_OP__COUNT));
    assert_null(cloud_op_find("fly"));
    assert_null(cloud_op_find(""));
}

static void test_tables__parameters_are_found_by_name(void **state)
{
    uint64_t read = 0;

    (void)state;
    for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)param);

        assert_int_equal(info->param, param);
        assert_ptr_equal(cloud_param_find(info->name), info);
        assert_int_equal(info->secret, param == CLOUD_PARAM_PASSWORD);
    }
    assert_ptr_equal(cloud_param_find("system-disk-gb"), cloud_param_info(CLOUD_PARAM_SYSTEM_DISK_GB));
    assert_null(cloud_param_info(CLOUD_PARAM__COUNT));
    assert_null(cloud_param_find("colour"));
    for (int op = 0; op < CLOUD_OP__COUNT; op++)
        read |= cloud_op_info((enum cloud_op)op)->required | cloud_op_info((enum cloud_op)op)->optional;
    assert_true(read == (UINT64_C(1) << CLOUD_PARAM__COUNT) - 1); /* none that no operation reads */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables__actions_are_sound),
        cmocka_unit_test(test_tables__arguments_are_parameters_of_their_action),
        cmocka_unit_test(test_tables__what_an_action_needs_is_always_written),
        cmocka_unit_test(test_tables__reading_operations_change_nothing),
        cmocka_unit_test(test_tables__support_is_declared_with_its_reason),
        cmocka_unit_test(test_tables__every_operation_can_be_called_and_the_unsupported_send_nothing),
        cmocka_unit_test(test_tables__every_documented_word_has_its_row_once),
        cmocka_unit_test(test_tables__every_documented_error_means_what_can_be_done),
        cmocka_unit_test(test_tables__names_are_there_once_and_no_more),
        cmocka_unit_test(test_tables__predicates_follow_the_state),
        cmocka_unit_test(test_tables__operations_are_found_by_word_and_name),
        cmocka_unit_test(test_tables__parameters_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
