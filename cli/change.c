/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remembers what this command changed at the vendor. The program then never ends with exit code 1,
 * "nothing was bought", after a purchase: not when its output cannot be written, and not when
 * memory is exhausted. The texts have fixed sizes, so reporting never allocates.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum cloud_outcome outcome = CLOUD_NOT_APPLIED, earlier; /* @earlier: of calls before */
static char lines[1 << 14];                                     /* "  ids: i-1, i-2\n" */
static char next[1 << 10];

static void report_no_memory(void)
{
    exit(ctl_change_report(CTL_FAILED));
}

static void add(const char *text)
{
    size_t length = strlen(lines);

    snprintf(lines + length, sizeof(lines) - length, "%s", text);
}

void ctl_change_begin(void)
{
    earlier = outcome;
    outcome = CLOUD_OUTCOME_UNKNOWN;
    ctl_on_no_memory = report_no_memory;
}

static void add_ids(const struct cloud_result *result)
{
    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++) {
        ctl_auto_free char *text = NULL, *line = NULL;

        if ((field->kind != CTL_TEXT && field->kind != CTL_TEXTS) || field->column & CTL_IF_SET ||
            ctl_field_is_empty(field, result))
            continue;
        text = ctl_field_text(field, result);
        ctl_clean(text, true);
        line = ctl_format("  %s: %s\n", field->name, text);
        add(line);
    }
}

void ctl_change_end(const struct ctl_options *options, const struct cloud_result *result,
                    const struct cloud_error *err)
{
    enum cloud_outcome now = err->code == CLOUD_OK ? CLOUD_APPLIED : err->outcome;
    const char *id = options->params.instance_id ? options->params.instance_id
                     : result->id_count          ? result->ids[0]
                                                 : NULL;
    ctl_auto_free char *command = NULL;

    add_ids(result);
    command = id ? ctl_suggest_command(options, "show", id, NULL)
                 : ctl_suggest_command(options, "list", NULL);
    ctl_clean(command, true);
    snprintf(next, sizeof(next), "  next: do not repeat it; check with: %s\n", command);
    outcome = now > earlier ? now : earlier;
}

bool ctl_change_made(void)
{
    return outcome != CLOUD_NOT_APPLIED;
}

const char *ctl_change_ids(void)
{
    return lines;
}

int ctl_change_report(int status)
{
    if (!ctl_change_made())
        return status;
    fprintf(stderr, "  outcome: %s\n%s%s", cloud_outcome_name(outcome), lines, next);
    return CTL_UNKNOWN;
}
