/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the journal's functions, which are loaded when a command needs them. The library depends
 * on SQLite and libpq: loading them would add a fifth to the start time of every other command.
 */
#ifndef CTL_JOURNAL_LIBRARY_H
#define CTL_JOURNAL_LIBRARY_H

#include "include/cloud_journal.h"

#define CTL_JOURNAL_FUNCTIONS(_) \
    _(audit) \
    _(call) \
    _(close) \
    _(list) \
    _(open) \
    _(report) \
    _(resolve) \
    _(settle) \
    _(state_name) \
    _(verify)

struct ctl_journal_library {
#define CTL_JOURNAL_MEMBER(name) __typeof__(cloud_journal_##name) *name;
    CTL_JOURNAL_FUNCTIONS(CTL_JOURNAL_MEMBER)
#undef CTL_JOURNAL_MEMBER
    __typeof__(cloud_finding_name) *finding_name;
};

/** Filled by ctl_journal_load(). */
extern struct ctl_journal_library ctl_journal;

/** CLOUD_OK; CLOUD_ECONFIG when the library is not installed or has another version. */
int ctl_journal_load(struct cloud_error *err);

#endif
