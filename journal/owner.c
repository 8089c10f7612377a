/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names the owner of an entry and checks whether it still exists. A lease ends by time; when the
 * owner was a process of this machine that has exited, it ends at once. That only saves waiting:
 * the fencing token (store/entries.c) rejects the writes of a stale owner.
 */
#include "core/base/file.h"
#include "journal/journal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* the start of a process, in the kernel's ticks; 0: there is no such process */
static unsigned long long start_of(long pid)
{
    char path[64];
    cc_auto_free char *text = NULL;
    const char *field;
    int n;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    text = cc_file_read(path, 4096);
    field =
        text ? strrchr(text, ')') : NULL; /* the process's name before it may contain anything */
    for (n = 2; field && n < 22; n++)
        field = strchr(field + 1, ' ');
    return field ? strtoull(field + 1, NULL, 10) : 0;
}

/* BOOT/PID-NAMESPACE/PID/START/SERIAL: a pid can be compared only when the first two are equal */
int cc_owner_name(char ret_name[CC_OWNER_MAX], struct cloud_error *err)
{
    static atomic_uint serial;
    cc_auto_free char *boot = cc_file_read("/proc/sys/kernel/random/boot_id", 64);
    char space[64] = "";

    if (readlink("/proc/self/ns/pid", space, sizeof(space) - 1) < 0 || !boot)
        return cc_fail(err, CLOUD_EJOURNAL, "the journal: /proc cannot be read; mount it");
    boot[strcspn(boot, "\n")] = '\0';
    snprintf(ret_name, CC_OWNER_MAX, "%s/%s/%ld/%llu/%u", boot, space, (long)getpid(),
             start_of(getpid()), atomic_fetch_add(&serial, 1));
    return CLOUD_OK;
}

bool cc_owner_has_exited(const char *ours, const char *theirs)
{
    const char *space = strchr(ours, '/'), *pid = space ? strchr(space + 1, '/') : NULL;
    size_t offset = pid ? (size_t)(pid - ours) + 1 : 0;
    unsigned long long start;
    long number;

    if (!offset || strncmp(ours, theirs, offset) != 0)
        return false;
    if (sscanf(theirs + offset, "%ld/%llu/", &number, &start) != 2)
        return false;
    /* A journal does one thing at a time, so an entry that it owns now is left from an earlier
     * call. */
    return strcmp(ours, theirs) == 0 || start_of(number) != start;
}

bool cc_entry_is_available(const struct cloud_journal *journal, const struct cc_entry *entry)
{
    return !*entry->owner || entry->lease_ms <= entry->now_ms ||
           cc_owner_has_exited(journal->owner, entry->owner);
}
