/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the commands that are not operations of the library. All other commands come from the
 * library's list of operations. main.c runs them.
 */
#include "cli/cli.h"

#include <string.h>

static const char actions_details[] =
    "TEXT selects the actions that have it in their name or description. If only one action is\n"
    "left, all its parameters are shown. --cloud selects the actions of one vendor.\n";

static const char journal_details[] =
    "  list                    all entries (the default)\n"
    "  show KEY                the entries of one operation key\n"
    "  resolve [KEY]           settle entries with an unknown outcome by what the vendor shows;\n"
    "                          exit code 3 while an outcome stays unknown\n"
    "  settle KEY STATE NOTE [IDS]\n"
    "                          settle an entry yourself. STATE is applied or not_applied, NOTE\n"
    "                          says what was seen at the vendor, IDS are the ids it created\n"
    "  report                  compare journal and cloud; exit code 1 when they differ\n"
    "  audit                   print the audit: one JSON line for each finished purchase\n"
    "  verify                  check that no line of the audit was changed, added or removed\n";

/* clang-format off */
const struct ctl_command ctl_commands[] = {
    { CTL_COMMAND_CLOUDS, "clouds",
      "List all clouds, configured and built in", NULL, NULL, false, true, NULL },
    { CTL_COMMAND_SUPPORT, "support",
      "Show which operations each vendor supports, and why others are not supported",
      NULL, NULL, true, true, NULL },
    { CTL_COMMAND_ACTIONS, "actions",
      "List the vendor's own actions that invoke accepts, with their parameters",
      "[TEXT]", "image", true, true, actions_details },
    { CTL_COMMAND_JOURNAL, "journal",
      "Show the purchases in the journal, and settle those with an unknown outcome",
      "[SUBCOMMAND]", "list", false, true, journal_details },
    { CTL_COMMAND_HELP, "help",
      "List the commands, or show the help of one command", "[COMMAND]", "create", false, false,
      NULL },
    { CTL_COMMAND_VERSION, "version",
      "Show the version", NULL, NULL, false, false, NULL },
    { 0 }
};
/* clang-format on */

const struct ctl_command *ctl_command_find(const char *name)
{
    for (const struct ctl_command *row = ctl_commands; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}
