/* SPDX-License-Identifier: Apache-2.0 */
/* Loads the journal's library when a command needs it. */
#include "cli/journal_library.h"

#include <dlfcn.h>
#include <string.h>

#include "cli/cli.h"

#define LIBRARY "libcloud_journal.so.0"

struct ctl_journal_library ctl_journal;

static bool find(void *library, const char *name, void *place)
{
    void *function = dlsym(library, name);

    memcpy(place, &function, sizeof(function));
    return function != NULL;
}

int ctl_journal_load(struct cloud_error *err)
{
    void *library;
    bool found;

    if (ctl_journal.open)
        return CLOUD_OK;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return ctl_refuse(
            err, CLOUD_ECONFIG, "journal",
            "the journal's library cannot be loaded; install libcloud_journal next to "
            "libcloud_client: %s",
            dlerror());
    found = find(library, "cloud_finding_name", &ctl_journal.finding_name);
#define FIND(name) found = found && find(library, "cloud_journal_" #name, &ctl_journal.name);
    CTL_JOURNAL_FUNCTIONS(FIND)
#undef FIND
    if (!found)
        return ctl_refuse(err, CLOUD_ECONFIG, "journal",
                          LIBRARY
                          " has another version than cloudctl; install both from one release");
    return CLOUD_OK;
}
