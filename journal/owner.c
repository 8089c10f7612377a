/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who works at an entry. A lease ends by time; where the worker was a process of this machine that
 * is there no more, it ends at once. That only saves waiting: what keeps an old hand from writing
 * is the fencing_token, in entries.c.
 */
#include "core/base/file.h"
#include "journal/journal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* when a process began, in the kernel's ticks; 0: there is no such process */
static unsigned long long start_of(long pid)
{
    char path[64];
    cc_auto_free char *text = NULL;
    const char *field;
    int n;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    text = cc_file_read(path, 4096);
    field = text ? strrchr(text, ')') : NULL; /* the name before it may hold anything */
    for (n = 2; field && n < 22; n++)
        field = strchr(field + 1, ' ');
    return field ? strtoull(field + 1, NULL, 10) : 0;
}

/* BOOT/PID-NAMESPACE/PID/START/SERIAL: the first two must agree for a pid to mean anything here */
int cc_owner_name(char ret_name[CC_OWNER_MAX], struct cloud_error *err)
{
    static atomic_uint serial;
    cc_auto_free char *boot = cc_file_read("/proc/sys/kernel/random/boot_id", 64);
    char space[64] = "";

    if (readlink("/proc/self/ns/pid", space, sizeof(space) - 1) < 0 || !boot)
        return cc_fail(err, CLOUD_EJOURNAL, "the journal: /proc cannot be read: mount it");
    boot[strcspn(boot, "\n")] = '\0';
    snprintf(ret_name, CC_OWNER_MAX, "%s/%s/%ld/%llu/%u", boot, space, (long)getpid(),
             start_of(getpid()), atomic_fetch_add(&serial, 1));
    return CLOUD_OK;
}

bool cc_owner_gone(const char *ours, const char *theirs)
{
    const char *space = strchr(ours, '/'), *pid = space ? strchr(space + 1, '/') : NULL;
    size_t place = pid ? (size_t)(pid - ours) + 1 : 0;
    unsigned long long start;
    long number;

    if (!place || strncmp(ours, theirs, place) != 0)
        return false;
    if (sscanf(theirs + place, "%ld/%llu/", &number, &start) != 2)
        return false;
    /* ourselves: a journal does one thing at a time, so what it holds it has left behind */
    return strcmp(ours, theirs) == 0 || start_of(number) != start;
}

bool cc_entry_free(const struct cloud_journal *journal, const struct cc_entry *entry)
{
    return !*entry->owner || entry->lease_ms <= entry->now_ms ||
           cc_owner_gone(journal->owner, entry->owner);
}
