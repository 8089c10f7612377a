/* SPDX-License-Identifier: Apache-2.0 */
/* Counts forks. A handler does it: a comparison of process ids would be a system call for each
 * request, and ids are used again. */
#include "core/base/fork.h"

#include <pthread.h>

static unsigned count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* runs in the child, which has one thread */
static void count_fork(void)
{
    count++;
}

static void register_handler(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

unsigned cc_fork_count(void)
{
    pthread_once(&once, register_handler);
    return count;
}
