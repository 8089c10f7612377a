/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for asynchronous work, or for a state of an instance. */
#ifndef CLOUD_CLIENT_WAIT_H
#define CLOUD_CLIENT_WAIT_H

#include "calls.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Called between polls with the last result (borrowed). Return false to stop the wait:
 * CLOUD_ECANCELLED.
 */
typedef bool (*cloud_progress_fn)(const struct cloud_result *now, void *user_data);

/**
 * Waits until work has ended. Polls cloud_describe_task() with growing pauses until success,
 * failure or the deadline.
 *
 * @param params      task_id, instance_id, or both: first the task, then the instance until it is
 *                    settled
 * @param timeout_ms  of the whole wait; 0: ten minutes
 * @param progress    may be NULL
 * @param ret_result  may be NULL
 * @return CLOUD_OK; CLOUD_EFAILED when the work failed; CLOUD_ENOTFOUND when the instance is gone;
 *         CLOUD_ETIMEDOUT, whose message has the state that was seen last; at once CLOUD_EAUTH,
 * CLOUD_EDENIED and every other failure that waiting does not fix
 */
CLOUD_API int cloud_wait(struct cloud_client *client, const struct cloud_params *params,
                         int timeout_ms, cloud_progress_fn progress, void *user_data,
                         struct cloud_result *ret_result, struct cloud_error *err);

/** The bit of a state in struct cloud_wait_options: CLOUD_STATE_BIT(RUNNING). */
#define CLOUD_STATE_BIT(STATE) (UINT32_C(1) << (CLOUD_STATE_##STATE))

/**
 * The aim of a wait, when cloud_wait() is not enough. Zero is every member's default. Start from
 * CLOUD_WAIT_INIT.
 */
struct cloud_wait_options {
    size_t size;
    uint32_t succeeds; /* bits of the wanted states; 0: every settled state but DELETED and those of
                          fails. With DELETED among them, an instance that is gone is a success */
    uint32_t fails;    /* bits of the states that end the wait with CLOUD_EFAILED; 0: ERROR */
    int64_t deadline;  /* Unix seconds; CLOUD_TIME_NONE: timeout_ms decides */
    int timeout_ms;    /* of the whole wait; 0: ten minutes. The earlier of the two ends the wait */
    cloud_progress_fn progress; /* may be NULL */
    void *user_data;
};
#define CLOUD_WAIT_INIT \
    { \
        .size = sizeof(struct cloud_wait_options) \
    }

/**
 * As cloud_wait(), until the instance is in a wanted state or in a state that counts as failure.
 *
 * Ends at the first final failure, at a deleted instance (CLOUD_ENOTFOUND) and at a refused access
 * key, not only at the deadline. It continues while the vendor fails temporarily.
 */
CLOUD_API int cloud_wait_until(struct cloud_client *client, const struct cloud_params *params,
                               const struct cloud_wait_options *options,
                               struct cloud_result *ret_result, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
