/* SPDX-License-Identifier: Apache-2.0 */
/* One blocking function for each operation. */
#ifndef CLOUD_CLIENT_CALLS_H
#define CLOUD_CLIENT_CALLS_H

#include "client.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Runs any operation and waits for its end. Every function below calls this one.
 *
 * Temporary failures are retried with backoff while the deadline (options.timeout_ms) and the
 * retry budget allow it. A change is repeated only when the first request certainly had no effect.
 *
 * @param params      the parameters that cloud_op_info(op) lists; NULL: none
 * @param ret_result  initialised with CLOUD_RESULT_INIT or cleared; NULL when the result is not
 *                    needed. Empty after a failure, but for the checks of
 *                    CLOUD_OP_CREATE_INSTANCE_DRY_RUN
 * @param err         may be NULL
 * @return CLOUD_OK or a code; for a change err->outcome says what became of it
 */
CLOUD_API int cloud_call(struct cloud_client *client, enum cloud_op op,
                         const struct cloud_params *params, struct cloud_result *ret_result,
                         struct cloud_error *err);

/**
 * Checks a call without sending anything: support, mode, parameters.
 *
 * @return CLOUD_OK, or the code with which cloud_call() would refuse the call
 */
CLOUD_API int cloud_call_check(struct cloud_client *client, enum cloud_op op,
                               const struct cloud_params *params, struct cloud_error *err);

/**
 * Starts an instance. Returns when the vendor has accepted the request; the instance is then
 * CLOUD_STATE_STARTING.
 *
 * @param id  the vendor's id of the instance
 * @return CLOUD_OK, CLOUD_ENOTFOUND, CLOUD_ESTATE, or any other code of cloud_call()
 */
CLOUD_API int cloud_start_instance(struct cloud_client *client, const char *id,
                                   struct cloud_error *err);

/**
 * Stops an instance; it is then CLOUD_STATE_STOPPING. @force cuts the power; a vendor that cannot
 * do that returns CLOUD_EINVAL naming "force".
 *
 * @return as cloud_start_instance()
 */
CLOUD_API int cloud_stop_instance(struct cloud_client *client, const char *id, bool force,
                                  struct cloud_error *err);

/** Restarts an instance; it is then CLOUD_STATE_REBOOTING. Returns as cloud_start_instance(). */
CLOUD_API int cloud_reboot_instance(struct cloud_client *client, const char *id,
                                    struct cloud_error *err);

/**
 * Sets the administrator's password.
 *
 * @param password  secret; checked against the vendor's rules before anything is sent
 * @return CLOUD_EINVAL naming "password" when the rules refuse it
 */
CLOUD_API int cloud_modify_instance_passwd(struct cloud_client *client, const char *id,
                                           const char *password, struct cloud_error *err);

/** The price of buying an instance. Fills price. */
CLOUD_API int cloud_describe_price(struct cloud_client *client, const struct cloud_params *params,
                                   struct cloud_result *ret_result, struct cloud_error *err);

/** The price of renewing an instance for @period. Fills price. */
CLOUD_API int cloud_describe_renew_price(struct cloud_client *client, const char *id,
                                         struct cloud_period period,
                                         struct cloud_result *ret_result, struct cloud_error *err);

/**
 * The price of changing an instance for the rest of its term. Fills price.
 *
 * When the vendor's replies do not say when a prepaid term ends (CapitalOnline CCS), expires_at
 * must be given; CLOUD_EINVAL names it.
 */
CLOUD_API int cloud_describe_upgrade_price(struct cloud_client *client,
                                           const struct cloud_params *params,
                                           struct cloud_result *ret_result,
                                           struct cloud_error *err);

/**
 * Buys instances. Costs money: after a failure read err->outcome, and never repeat after
 * CLOUD_OUTCOME_UNKNOWN.
 *
 * Fills ids when the vendor returns them at once, else task_id.
 */
CLOUD_API int cloud_create_instance(struct cloud_client *client, const struct cloud_params *params,
                                    struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Checks a purchase without buying. Fills checks; each says whether it was real. CLOUD_OK when
 * none failed.
 */
CLOUD_API int cloud_create_instance_dry_run(struct cloud_client *client,
                                            const struct cloud_params *params,
                                            struct cloud_result *ret_result,
                                            struct cloud_error *err);

/**
 * Buys more time for an instance. Costs money. Fills order_id when the vendor returns one.
 *
 * JD Cloud pays an order at once, and cancels it when the payment fails. cloud_wait() with
 * order_id as task_id reports which; cloud_journal_call() asks by itself.
 */
CLOUD_API int cloud_renew_instance(struct cloud_client *client, const char *id,
                                   struct cloud_period period, struct cloud_result *ret_result,
                                   struct cloud_error *err);

/** The address of an instance's console, and when it expires. Fills console. */
CLOUD_API int cloud_describe_instance_vnc_url(struct cloud_client *client, const char *id,
                                              struct cloud_result *ret_result,
                                              struct cloud_error *err);

/** Regions and their zones. Fills regions. */
CLOUD_API int cloud_describe_regions(struct cloud_client *client, struct cloud_result *ret_result,
                                     struct cloud_error *err);

/**
 * The sizes that an instance or its system disk can be changed to. Fills types and disk_ranges.
 *
 * @param resource  "instance_type", "system_disk", or NULL for both
 */
CLOUD_API int cloud_describe_resources_modification(struct cloud_client *client, const char *id,
                                                    const char *resource,
                                                    struct cloud_result *ret_result,
                                                    struct cloud_error *err);

/**
 * Changes an instance's size or its system disk. Costs money. Fills task_id when the vendor
 * returns one.
 */
CLOUD_API int cloud_upgrade_instance(struct cloud_client *client, const struct cloud_params *params,
                                     struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Turns the vendor's automatic renewal on or off. Turned on, it costs money at every expiry.
 *
 * @param period  how much to buy each time; ignored when @auto_renew is false
 */
CLOUD_API int cloud_modify_instance_auto_renew_attribute(struct cloud_client *client,
                                                         const char *id, bool auto_renew,
                                                         struct cloud_period period,
                                                         struct cloud_error *err);

/**
 * All instances of the account in the client's region, from all pages. Fills instances.
 *
 * No vendor guarantees a snapshot across pages. A listing of several pages is therefore read until
 * two readings agree; CLOUD_ECONFLICT when it keeps changing.
 *
 * @param params  NULL: no filter
 */
CLOUD_API int cloud_describe_instances(struct cloud_client *client,
                                       const struct cloud_params *params,
                                       struct cloud_result *ret_result, struct cloud_error *err);

/** One instance. Fills instances with one element. CLOUD_ENOTFOUND when there is none. */
CLOUD_API int cloud_describe_instance(struct cloud_client *client, const char *id,
                                      struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Deletes an instance. Vendors refuse it for a prepaid instance that has not expired:
 * CLOUD_ESTATE.
 */
CLOUD_API int cloud_delete_instance(struct cloud_client *client, const char *id,
                                    struct cloud_error *err);

/** Disks of the account, or of one instance. Fills disks. @params may be NULL. */
CLOUD_API int cloud_describe_disks(struct cloud_client *client, const struct cloud_params *params,
                                   struct cloud_result *ret_result, struct cloud_error *err);

/** Instance types that can be bought. Fills types. @params may be NULL. */
CLOUD_API int cloud_describe_instance_types(struct cloud_client *client,
                                            const struct cloud_params *params,
                                            struct cloud_result *ret_result,
                                            struct cloud_error *err);

/** Images that can be installed. Fills images. @params may be NULL. */
CLOUD_API int cloud_describe_images(struct cloud_client *client, const struct cloud_params *params,
                                    struct cloud_result *ret_result, struct cloud_error *err);

/**
 * The progress of asynchronous work. Fills task; also instances when the instance itself was read.
 *
 * @param params  task_id from a result; at JD Cloud also the order_id of a renewal (succeeded:
 *                paid; failed: cancelled, nothing was charged). Or instance_id, to follow an
 *                instance until it is settled
 */
CLOUD_API int cloud_describe_task(struct cloud_client *client, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Sends any action of the vendor. Fills json (the vendor's data), vendor_code, vendor_message,
 * reply (the whole reply), request_id, task_id. When the vendor refuses, the call fails, whatever
 * the HTTP status of the reply is.
 *
 * @param action      as the vendor spells it; with its service in front ("ebs:DescribeEvent") when
 *                    two services have the name
 * @param parameters  a JSON object; NULL: none. Checked against the catalogue before anything is
 *                    sent
 * @return CLOUD_EINVAL naming "action" with the nearest names, or the parameter that is missing,
 *         unknown or of a wrong type; else as cloud_call()
 */
CLOUD_API int cloud_invoke(struct cloud_client *client, const char *action, const char *parameters,
                           struct cloud_result *ret_result, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
