/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares how an object learns that it is in a child of fork(): it keeps the count from when it
 * was made, and compares.
 */
#ifndef CC_FORK_H
#define CC_FORK_H

/* how often this process or its parents were made by fork() since the first call */
unsigned cc_fork_count(void);

#endif
