/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps an error to the exit code of cloudctl. Ctrl-C has codes of its own: see run_operation.c and
 * secret_input.c.
 */
#include "cli/cli.h"

enum ctl_exit ctl_exit_of(const struct cloud_error *err)
{
    if (err->outcome == CLOUD_OUTCOME_UNKNOWN)
        return CTL_UNKNOWN;
    switch (err->code) {
    case CLOUD_OK: return CTL_DONE;
    /* without a parameter of ours it is the vendor's refusal of a well-formed request */
    case CLOUD_EINVAL: return err->http_status && !err->parameter[0] ? CTL_FAILED : CTL_USAGE;
    case CLOUD_ECONFIG: return CTL_USAGE;
    case CLOUD_EUNSUPPORTED: return CTL_UNSUPPORTED;
    default: return CTL_FAILED;
    }
}
