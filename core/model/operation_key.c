/* SPDX-License-Identifier: Apache-2.0 */
/* Derives the client token and the fingerprint from an operation key. */
#include "core/model/operation_key.h"

#include <stdio.h>
#include <string.h>

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/model/operations.h"
#include "core/sign/sign.h"

bool cc_token(const char *operation_key, char ret_token[CC_TOKEN_MAX])
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    if (strlen(operation_key) >= CC_TOKEN_MAX || operation_key[strspn(operation_key, allowed)])
        return cc_sha256_hex(operation_key, strlen(operation_key), ret_token);
    strcpy(ret_token, operation_key);
    return true;
}

bool cc_mark(const char *token, char ret_mark[CLOUD_MARK_MAX])
{
    char digest[65];

    if (!cc_sha256_hex(token, strlen(token), digest))
        return false;
    snprintf(ret_mark, CLOUD_MARK_MAX, "op%.10s", digest);
    return true;
}

int cloud_operation_mark(const char *operation_key, char ret_mark[CLOUD_MARK_MAX],
                         struct cloud_error *err)
{
    char token[CC_TOKEN_MAX];
    int rc = cc_need(operation_key, "operation_key", err);

    if (!rc)
        rc = cc_need(ret_mark, "ret_mark", err);
    if (!rc)
        rc = cc_param_check_text(CLOUD_PARAM_OPERATION_KEY, operation_key, err);
    if (rc)
        return rc;
    if (cc_token(operation_key, token) && cc_mark(token, ret_mark))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ENOMEM, "out of memory");
}
