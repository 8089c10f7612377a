/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waits for an instance or a task. On a terminal it shows the progress: one line a state, with the
 * seconds since the start. On a pipe it shows nothing. A wait that fails reports the last state.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct progress {
    struct timespec since;
    char last[128]; /* the state that was seen last */
    bool shown;     /* on a terminal */
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
    if (progress->shown && progress->last[0] && strcmp(progress->last, text) != 0)
        fputc('\n', stderr);
    memcpy(progress->last, text, sizeof(text));
    if (!progress->shown)
        return true;
    fprintf(stderr, "\r%s, %ld s", text, seconds_since(&progress->since));
    fflush(stderr);
    return true;
}

/* A wait that failed says which state was seen last, when the message does not have it. */
static void add_last_state(const struct progress *progress, struct cloud_error *err)
{
    size_t length = strlen(err->message);

    if (progress->last[0])
        snprintf(err->message + length, sizeof(err->message) - length, "; last state: %s",
                 progress->last);
}

int ctl_wait_run(struct cloud_client *client, const struct ctl_options *options,
                 const struct cloud_params *params, struct cloud_result *ret,
                 struct cloud_error *err)
{
    struct progress progress = { .shown = isatty(STDERR_FILENO) };
    int code;

    clock_gettime(CLOCK_MONOTONIC, &progress.since);
    code =
        cloud_wait(client, params, options->timeout_s * 1000, show_progress, &progress, ret, err);
    if (progress.shown && progress.last[0])
        fputc('\n', stderr);
    if (code != CLOUD_OK)
        add_last_state(&progress, err);
    return code;
}
