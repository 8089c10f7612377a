/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to a request. */
#ifndef CC_REQUEST_H
#define CC_REQUEST_H

#include "core/model/provider.h"

/* by its name; NULL: the action has none such */
const struct cc_action_param *cc_action_param_find(const struct cc_action *action,
                                                   const char *name);
/* args.c: fills the action's parameters in hook->tree from a step's arguments; @token is the call's
 */
int cc_args_write(const struct cc_step *step, struct cc_hook *hook, const char *token);
/* checks the parameters against the action's row: nothing unknown, nothing missing, types right */
int cc_action_check(const struct cc_action *action, struct cc_node *root, struct cloud_error *err);
/*
 * Method, URL and body of an action from its parameters, unsigned, into a request that was reset.
 * @endpoint: "http://127.0.0.1:8080" to use instead of the vendor's hosts; NULL: those
 */
int cc_request_write(const struct cloud_provider *provider, const struct cc_action *action,
                     const char *region, const char *endpoint, struct cc_tree *tree,
                     struct cc_request *ret_request, struct cloud_error *err);

#endif
