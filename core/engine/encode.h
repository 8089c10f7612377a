/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the encoding of arguments and actions as requests. */
#ifndef CC_ENCODE_H
#define CC_ENCODE_H

#include "core/model/provider.h"

/* NULL: the action has no parameter of that name */
const struct cc_action_param *cc_action_param_find(const struct cc_action *action,
                                                   const char *name);
/* encode_args.c: fills the action's parameters in hook->tree from the arguments of a step. @token:
 * client token of the call */
int cc_args_write(const struct cc_step *step, struct cc_hook *hook, const char *token);
/* checks the parameters against the action's row: refuses unknown, missing and wrongly typed ones
 */
int cc_action_check(const struct cc_action *action, struct cc_node *root, struct cloud_error *err);
/*
 * Writes method, URL and body of an action into a request that was reset. Does not sign it.
 * @endpoint: such as "http://127.0.0.1:8080", used instead of the vendor's hosts; NULL: the
 * vendor's hosts
 */
int cc_request_write(const struct cloud_provider *provider, const struct cc_action *action,
                     const char *region, const char *endpoint, struct cc_tree *tree,
                     struct cc_request *ret_request, struct cloud_error *err);

#endif
