/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waits for an instance or a task. On a terminal it shows the progress: one line a state, with the
 * seconds since the start. On a pipe it shows nothing.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct progress {
    struct timespec since;
    char last[128]; /* the text of the current line */
};

static long seconds_since(const struct timespec *since)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - since->tv_sec;
}

static void describe(const struct cloud_result *result, char *text, size_t size)
{
    if (result->instance_count > 0)
        snprintf(text, size, "%s: %s", result->instances[0].id,
                 cloud_instance_state_name(result->instances[0].state));
    else if (result->task.id)
        snprintf(text, size, "task %s: %s", result->task.id,
                 cloud_task_state_name(result->task.state));
    else
        snprintf(text, size, "waiting");
    ctl_clean(text, true);
}

static bool show_progress(const struct cloud_result *result, void *user_data)
{
    struct progress *progress = user_data;
    char text[sizeof(progress->last)];

    describe(result, text, sizeof(text));
    if (progress->last[0] && strcmp(progress->last, text) != 0)
        fputc('\n', stderr);
    memcpy(progress->last, text, sizeof(text));
    fprintf(stderr, "\r%s, %ld s", text, seconds_since(&progress->since));
    fflush(stderr);
    return true;
}

int ctl_wait_run(struct cloud_client *client, const struct ctl_options *options,
                 const struct cloud_params *params, struct cloud_result *ret,
                 struct cloud_error *err)
{
    bool terminal = isatty(STDERR_FILENO);
    struct progress progress = { 0 };
    int code;

    clock_gettime(CLOCK_MONOTONIC, &progress.since);
    code = cloud_wait(client, params, options->timeout_s * 1000, terminal ? show_progress : NULL,
                      &progress, ret, err);
    if (progress.last[0])
        fputc('\n', stderr);
    return code;
}
