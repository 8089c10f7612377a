/* SPDX-License-Identifier: Apache-2.0 */
/* Checks what callers pass to the functions of the journal. */
#include "journal/journal.h"

#include "core/base/fork.h"

int cc_need_journal(const struct cloud_journal *journal, struct cloud_error *err)
{
    if (journal && journal->forks != cc_fork_count())
        return cc_fail_param(err, "journal",
                             "the journal was opened before fork(); open another one in this "
                             "process");
    return cc_need(journal, "journal", err);
}

int cc_need_for_call(const struct cloud_journal *journal, const struct cloud_client *client,
                     const struct cloud_params *params, const struct cloud_result *result,
                     struct cloud_error *err)
{
    int rc = cc_need_journal(journal, err);

    if (!rc)
        rc = cc_need(client, "client", err);
    if (!rc && params)
        rc = cc_need_struct(CC_STRUCT_PARAMS, params, err);
    if (!rc && result)
        rc = cc_need_struct(CC_STRUCT_RESULT, result, err);
    return rc;
}
