/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that are no operations of the library. All others are made from its list. */
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

static int version_run(const struct ctl_options *options)
{
    ctl_auto_free char *text = NULL;

    if (options->output == CTL_JSON) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_text(json, ctl_json_root(json), "version", cloud_version());
        text = ctl_json_write(json);
        ctl_json_free(json);
    } else {
        text = ctl_format("cloudctl %s\n", cloud_version());
    }
    fputs(text, stdout);
    return CTL_DONE;
}

/* clang-format off */
const struct ctl_command ctl_commands[] = {
    { "clouds",  "The clouds there are, configured and built in", NULL, NULL, false, ctl_clouds_run },
    { "support", "What each vendor can do, and why not",          NULL, NULL, true,  ctl_support_run },
    { "actions", "What can be invoked in a vendor's own words, and with which parameters",
      "[WORD]", "image", true, ctl_actions_run },
    { "journal", "What was spent through the journal, what became of it, what is open",
      "[list | show KEY | resolve [KEY] | settle KEY STATE NOTE [IDS] | report | audit | verify]",
      "list", false, ctl_journal_run },
    { "help",    "This list, or help on a command", "[COMMAND]", "create", false, ctl_help_run },
    { "version", "The version",                                   NULL, NULL, false, version_run },
    { 0 }
};
/* clang-format on */

const struct ctl_command *ctl_command_find(const char *word)
{
    for (const struct ctl_command *row = ctl_commands; row->word; row++)
        if (strcmp(row->word, word) == 0)
            return row;
    return NULL;
}
