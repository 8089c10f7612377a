/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting, with what is seen told on a terminal: one line for each state, with the seconds since
 * the start counted in place. On a pipe nothing is said.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct watch {
    struct timespec since;
    char last[128]; /* what the line on the screen says */
};

static long seconds_since(const struct timespec *since)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - since->tv_sec;
}

static void describe(const struct cloud_result *now, char *text, size_t size)
{
    if (now->instance_count > 0)
        snprintf(text, size, "%s: %s", now->instances[0].id,
                 cloud_instance_state_name(now->instances[0].state));
    else if (now->task.id)
        snprintf(text, size, "task %s: %s", now->task.id, cloud_task_state_name(now->task.state));
    else
        snprintf(text, size, "waiting");
    ctl_clean(text, true);
}

static bool show_progress(const struct cloud_result *now, void *user_data)
{
    struct watch *watch = user_data;
    char text[sizeof(watch->last)];

    describe(now, text, sizeof(text));
    if (watch->last[0] && strcmp(watch->last, text) != 0)
        fputc('\n', stderr);
    memcpy(watch->last, text, sizeof(text));
    fprintf(stderr, "\r%s, %ld s", text, seconds_since(&watch->since));
    fflush(stderr);
    return true;
}

int ctl_wait_run(struct cloud_client *client, const struct ctl_options *options,
                 const struct cloud_params *params, struct cloud_result *ret,
                 struct cloud_error *err)
{
    bool terminal = isatty(STDERR_FILENO);
    struct watch watch = { 0 };
    int code;

    clock_gettime(CLOCK_MONOTONIC, &watch.since);
    code = cloud_wait(client, params, options->timeout_s * 1000, terminal ? show_progress : NULL,
                      &watch, ret, err);
    if (watch.last[0])
        fputc('\n', stderr);
    return code;
}
