/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps an error to the exit code of cloudctl. Ctrl-C has codes of its own: see run_operation.c and
 * secret_input.c.
 */
#include "cli/cli.h"

enum ctl_exit ctl_exit_of(const struct cloud_error *err)
{
    /* exit code 1 says that nothing was changed or bought */
    if (err->outcome != CLOUD_NOT_APPLIED)
        return CTL_UNKNOWN;
    switch (err->code) {
    case CLOUD_OK: return CTL_DONE;
    /* the vendor's refusal of a request that is well-formed for us */
    case CLOUD_EINVAL:
        return err->vendor_code[0] || (err->http_status && !err->parameter[0]) ? CTL_FAILED
                                                                               : CTL_USAGE;
    case CLOUD_ECONFIG: return CTL_USAGE;
    case CLOUD_EUNSUPPORTED: return CTL_UNSUPPORTED;
    default: return CTL_FAILED;
    }
}

enum ctl_exit ctl_exit_worst(enum ctl_exit a, enum ctl_exit b)
{
    static const enum ctl_exit order[] = { CTL_UNKNOWN, CTL_FAILED, CTL_USAGE, CTL_UNSUPPORTED };

    for (size_t i = 0; i < CTL_COUNT(order); i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return a;
}
