/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that each vendor state of the vendors' pages (documented_states.h) has one row in the
 * provider's state maps, with the right common state. The names of common states are unique.
 */
#include "tests/providers/tables.h"

#include <string.h>
#include <strings.h>

#include "core/engine/decode.h"
#include "tests/providers/documented_states.h"

enum object { RESULT, INSTANCE, DISK, IMAGE, TASK, OTHER };

/* Returns the common structure of the member at @field->at of @in. */
static enum object structure_at(enum object in, const struct cc_field *field)
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
            WRONG("%s: \"%s\" has two rows", path, w->word);
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
                walk_fields(f->list->fields, same ? in : structure_at(in, f));
        }
        if ((f->kind == CC_FIELD_WORD || f->kind == CC_FIELD_REASON) && !f->words)
            WRONG("%s: a state without a state map", f->path);
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

static void check_states(void)
{
    memset(tables, 0, sizeof(tables));
    each_step(walk_step);
    for (size_t i = 0; i < CC_COUNT(documented_states); i++) {
        const struct documented_state *d = &documented_states[i];
        char other[64];

        if (strcmp(d->provider, provider->name))
            continue;
        change_case(d->word, other);
        if (!knows(d->role, d->word, d->is) || !knows(d->role, other, d->is))
            WRONG("\"%s\" is not %s", d->word, d->is);
        if (knows(d->role, "hibernating", d->is))
            WRONG("an undocumented vendor state is %s", d->is);
    }
}

static void test_vendor_states__every_documented_state_has_one_row(void **state)
{
    (void)state;
    each_provider(check_states);
}

static void test_vendor_states__names_of_common_states_are_unique(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vendor_states__every_documented_state_has_one_row),
        cmocka_unit_test(test_vendor_states__names_of_common_states_are_unique),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
