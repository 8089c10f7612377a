/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the declared support: reasons are given, and an unsupported operation sends nothing. */
#include "tests/conformance/kit.h"

static void declaration_has_reason(struct kit *kit, const struct cloud_op_info *info)
{
    const char *why = NULL;
    enum cloud_support support = cloud_supports(kit->provider, info->op, &why);

    if (!kit_begin(kit, "support that is not native has a reason, in a sentence",
                   "callers decide by it, and people read it", "%s/declared", info->word))
        return;
    KIT_CHECK(kit, cloud_support_name(support), "%d is not a kind of support", (int)support);
    KIT_CHECK(kit, support == CLOUD_NATIVE || (why && *why), "%s without a reason",
              cloud_support_name(support));
    kit_end(kit);
}

static void unsupported_sends_nothing(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *why = NULL;

    cloud_supports(kit->provider, info->op, &why);
    if (!kit_begin(kit, "an unsupported operation returns CLOUD_EUNSUPPORTED and sends nothing",
                   "anything else would cost money or hide that it is missing", "%s/unsupported",
                   info->word))
        return;
    kit_usual_params(kit, info->op, NULL, &params);
    kit_call_op(kit, info->op, &params, &call);
    KIT_CHECK(kit, call.code == CLOUD_EUNSUPPORTED, "it ended as %s: %s",
              cloud_code_name(call.code), call.err.message);
    KIT_CHECK(kit, !call.requests, "%zu requests were sent", call.requests);
    KIT_CHECK(kit, call.err.message[0], "the error has no message");
    kit_call_clear(&call);
    kit_end(kit);
}

static void skip_unsupported(struct kit *kit, const struct cloud_op_info *info)
{
    const char *why = NULL;

    cloud_supports(kit->provider, info->op, &why);
    if (!kit_begin(kit, "the operation does what its documentation says", "callers rely on it",
                   "%s/happy", info->word))
        return;
    kit_skip(kit, "not offered: %s", why ? why : "no reason is declared");
    kit_end(kit);
}

void kit_cases_support(struct kit *kit)
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        declaration_has_reason(kit, info);
        if (!kit_offers(kit, info->op)) {
            unsupported_sends_nothing(kit, info);
            skip_unsupported(kit, info);
        }
    }
}
