/* SPDX-License-Identifier: Apache-2.0 */
/* Prints docs/user/states.md from the providers' state maps. The test states_page compares them. */
#include <stdio.h>
#include <string.h>

#include "core/model/operations.h"
#include "core/model/provider.h"

static const char *instance_name(int value)
{
    return cloud_instance_state_name((enum cloud_instance_state)value);
}
static const char *disk_name(int value)
{
    return cloud_disk_state_name((enum cloud_disk_state)value);
}
static const char *image_name(int value)
{
    return cloud_image_state_name((enum cloud_image_state)value);
}
static const char *task_name(int value)
{
    return cloud_task_state_name((enum cloud_task_state)value);
}
static const char *billing_name(int value)
{
    return cloud_billing_state_name((enum cloud_billing_state)value);
}
static const char *charge_name(int value)
{
    return cloud_charge_mode_name((enum cloud_charge_mode)value);
}

/* Members of results that hold a state. A field row is recognised by its struct and its offset. */
static const struct kind {
    const char *title;
    const char *within; /* the struct */
    size_t at;          /* offset in the struct */
    const char *(*name)(int value);
} kinds[] = {
    { "Instances", "instance", offsetof(struct cloud_instance, state), instance_name },
    { "Disks", "disk", offsetof(struct cloud_disk, state), disk_name },
    { "Images", "image", offsetof(struct cloud_image, state), image_name },
    { "Tasks", "task", offsetof(struct cloud_task, state), task_name },
    { "Billing of instances", "instance", offsetof(struct cloud_instance, billing_state),
      billing_name },
    { "Charge modes of instances", "instance", offsetof(struct cloud_instance, charge_mode),
      charge_name },
};

/* State maps that the field rows of a kind use, each once. */
static const struct cc_word *found[CC_COUNT(kinds)][16];

static void note(size_t kind, const struct cc_word *words)
{
    for (size_t i = 0; i < CC_COUNT(found[kind]); i++) {
        if (found[kind][i] == words)
            return;
        if (!found[kind][i]) {
            found[kind][i] = words;
            return;
        }
    }
}

static void walk(const struct cc_field *fields, const char *within);

static const char *element_of(const struct cc_field *f, const char *within)
{
    bool root = !strcmp(within, "result");

    if (root && f->at == offsetof(struct cloud_result, instances))
        return "instance";
    if (root && f->at == offsetof(struct cloud_result, disks))
        return "disk";
    if (root && f->at == offsetof(struct cloud_result, images))
        return "image";
    if (root && f->at == offsetof(struct cloud_result, task))
        return "task";
    if (!strcmp(within, "instance") && (f->at == offsetof(struct cloud_instance, system_disk) ||
                                        f->at == offsetof(struct cloud_instance, data_disks)))
        return "disk";
    return f->kind == CC_FIELD_EACH || f->kind == CC_FIELD_EACH_MEMBER ? within : "other";
}

static void walk(const struct cc_field *fields, const char *within)
{
    for (const struct cc_field *f = fields; f && f->path; f++) {
        for (size_t i = 0; f->words && i < CC_COUNT(kinds); i++) {
            bool word = f->kind == CC_FIELD_WORD || f->kind == CC_FIELD_KNOWN;

            if (word && *f->path != '=' && f->at == kinds[i].at && !strcmp(within, kinds[i].within))
                note(i, f->words);
        }
        if (f->list && f->list->fields)
            walk(f->list->fields, element_of(f, within));
    }
}

static void print_provider(const struct cloud_provider *provider)
{
    memset(found, 0, sizeof(found));
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cc_op_row *row = &provider->ops[op];

        for (size_t i = 0; i < row->step_count; i++)
            walk(row->steps[i].fields, "result");
    }
    printf("\n## %s (`%s`)\n", provider->title, provider->name);
    for (size_t kind = 0; kind < CC_COUNT(kinds); kind++) {
        if (!found[kind][0])
            continue;
        printf("\n### %s\n\n| vendor state | state | reason |\n|---|---|---|\n", kinds[kind].title);
        for (size_t i = 0; i < CC_COUNT(found[kind]) && found[kind][i]; i++) {
            for (const struct cc_word *w = found[kind][i]; w->word; w++)
                printf("| `%s` | %s | %s |\n", w->word, kinds[kind].name(w->value),
                       w->reason ? w->reason : "");
        }
    }
}

static void print_allowed(void)
{
    printf("\n## States that an operation requires\n\n| operation | states |\n|---|---|\n");
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const char *comma = "";

        if (cloud_state_can(CLOUD_STATE_DELETED, (enum cloud_op)op))
            continue; /* requires no state */
        printf("| `%s` | ", cloud_op_info((enum cloud_op)op)->word);
        for (int state = 0; state < CLOUD_STATE__COUNT; state++) {
            if (cloud_state_can((enum cloud_instance_state)state, (enum cloud_op)op)) {
                printf("%s%s", comma, cloud_instance_state_name((enum cloud_instance_state)state));
                comma = ", ";
            }
        }
        printf(" |\n");
    }
    printf("\nOther operations do not depend on the state. Settled states, which do not change "
           "without an operation: ");
    for (int state = 0, n = 0; state < CLOUD_STATE__COUNT; state++) {
        if (cloud_state_is_settled((enum cloud_instance_state)state))
            printf("%s%s", n++ ? ", " : "",
                   cloud_instance_state_name((enum cloud_instance_state)state));
    }
    printf(".\n");
}

int main(void)
{
    const struct cloud_provider *provider;

    printf("<!-- SPDX-License-Identifier: Apache-2.0. Generated from the providers' tables: run "
           "`scripts/states` to update it. -->\n# States\n\n"
           "Every vendor state and the state to which the library maps it. Vendor states are "
           "compared without case. A vendor\nstate that is in no table becomes `unknown`: it is "
           "never an error and never a guess. Results always contain the\nvendor state, too.\n");
    print_allowed();
    for (size_t n = 0; (provider = cc_provider_at(n)); n++)
        print_provider(provider);
    return 0;
}
