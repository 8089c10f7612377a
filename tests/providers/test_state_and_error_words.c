/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words: every state and error that the vendors' pages list (vendor_words.h) has its row in the
 * provider's tables, once and with the right meaning; the common names of states, operations and
 * parameters lead back to what they name.
 */
#include "tests/providers/tables.h"

#include <string.h>
#include <strings.h>

#include "core/engine/decode.h"
#include "tests/providers/vendor_words.h"

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
        { INSTANCE,
          offsetof(struct cloud_instance, system_disk) + offsetof(struct cloud_disk, state),
          DISK_STATE },
        { DISK, offsetof(struct cloud_disk, state), DISK_STATE },
        { IMAGE, offsetof(struct cloud_image, state), IMAGE_STATE },
        { RESULT, offsetof(struct cloud_result, task) + offsetof(struct cloud_task, state),
          TASK_STATE },
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
    case INSTANCE_STATE: return cloud_instance_state_name((enum cloud_instance_state)value);
    case DISK_STATE: return cloud_disk_state_name((enum cloud_disk_state)value);
    case IMAGE_STATE: return cloud_image_state_name((enum cloud_image_state)value);
    case TASK_STATE: return cloud_task_state_name((enum cloud_task_state)value);
    case BILLING_STATE: return cloud_billing_state_name((enum cloud_billing_state)value);
    default: return cloud_charge_mode_name((enum cloud_charge_mode)value);
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
    while (role < ROLES && n < CC_COUNT(tables[role]) && tables[role][n] &&
           tables[role][n] != field->words)
        n++;
    if (role < ROLES)
        tables[role][n] = field->words;
}

static void walk_fields(const struct cc_field *fields, enum object in)
{
    for (const struct cc_field *f = fields; f && f->path; f++) {
        bool same = f->kind == CC_FIELD_EACH || f->kind == CC_FIELD_EACH_MEMBER;
        bool nested = same || f->kind == CC_FIELD_OBJECT || f->kind == CC_FIELD_LIST ||
                      f->kind == CC_FIELD_MEMBERS;

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
        *ret_word++ = (char)(*word >= 'a' && *word <= 'z'   ? *word - 32
                             : *word >= 'A' && *word <= 'Z' ? *word + 32
                                                            : *word);
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

static void test_words__every_documented_word_has_its_row_once(void **state)
{
    (void)state;
    each_provider(check_words);
}

static void check_errors(void)
{
    for (size_t i = 0; i < CC_COUNT(documented_errors); i++) {
        const struct documented_error *d = &documented_errors[i];
        struct cc_envelope envelope = {
            .failed = true, .code = d->code, .message = d->message, .request_id = "r-1"
        };
        struct cloud_error err;

        if (strcmp(d->provider, provider->name))
            continue;
        if (cc_vendor_error_read(provider, d->http, &envelope, &err) != d->means ||
            err.code != d->means)
            WRONG("%d %s (%s) is %s, not %s", d->http, d->code, d->message,
                  cloud_code_name(err.code), cloud_code_name(d->means));
        if (strcmp(err.vendor_code, d->code) || strcmp(err.request_id, "r-1") ||
            err.http_status != d->http || strcmp(err.message, d->message))
            WRONG("%s: code, message, request id or status got lost", d->code);
    }
}

static void test_words__every_documented_error_means_what_can_be_done(void **state)
{
    (void)state;
    each_provider(check_errors);
}

static void test_words__names_are_there_once_and_no_more(void **state)
{
    static const int counts[ROLES] = {
        CLOUD_STATE__COUNT, CLOUD_DISK__COUNT,    CLOUD_IMAGE__COUNT,
        CLOUD_TASK__COUNT,  CLOUD_BILLING__COUNT, CLOUD_CHARGE__COUNT
    };

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

static void test_words__predicates_follow_the_state(void **state)
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

            if (at == CLOUD_STATE_UNKNOWN && about_one &&
                cloud_op_info((enum cloud_op)op)->effect != CLOUD_READS)
                assert_false(cloud_state_can(at, (enum cloud_op)op));
            if (op == CLOUD_OP_DESCRIBE_INSTANCE)
                assert_true(cloud_state_can(at, (enum cloud_op)op));
        }
    }
    assert_false(cloud_state_is_settled((enum cloud_instance_state)99));
    assert_false(cloud_state_can((enum cloud_instance_state)99, CLOUD_OP_START_INSTANCE));
}

static void test_words__operations_are_found_by_word_and_name(void **state)
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

static void test_words__parameters_are_found_by_name(void **state)
{
    uint64_t read = 0;

    (void)state;
    for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)param);

        assert_int_equal(info->param, param);
        assert_ptr_equal(cloud_param_find(info->name), info);
        assert_int_equal(info->secret, param == CLOUD_PARAM_PASSWORD);
    }
    assert_ptr_equal(cloud_param_find("system-disk-gb"),
                     cloud_param_info(CLOUD_PARAM_SYSTEM_DISK_GB));
    assert_null(cloud_param_info(CLOUD_PARAM__COUNT));
    assert_null(cloud_param_find("colour"));
    for (int op = 0; op < CLOUD_OP__COUNT; op++)
        read |=
            cloud_op_info((enum cloud_op)op)->required | cloud_op_info((enum cloud_op)op)->optional;
    assert_true(read == (UINT64_C(1) << CLOUD_PARAM__COUNT) - 1); /* none that no operation reads */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__every_documented_word_has_its_row_once),
        cmocka_unit_test(test_words__every_documented_error_means_what_can_be_done),
        cmocka_unit_test(test_words__names_are_there_once_and_no_more),
        cmocka_unit_test(test_words__predicates_follow_the_state),
        cmocka_unit_test(test_words__operations_are_found_by_word_and_name),
        cmocka_unit_test(test_words__parameters_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
