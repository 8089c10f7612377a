/* SPDX-License-Identifier: Apache-2.0 */
/* What a provider declares, and that it keeps to it: nothing is sent for what it does not offer. */
#include "tests/conformance/kit.h"

static void declared(struct kit *kit, const struct cloud_op_info *info)
{
    const char *why = NULL;
    enum cloud_support support = cloud_supports(kit->provider, info->op, &why);

    if (!kit_begin(kit, "what is not native says why, in a sentence",
                   "a caller decides by it, and a person reads it", "%s/declared", info->word))
        return;
    KIT_WANT(kit, cloud_support_name(support), "%d is no kind of support", (int)support);
    KIT_WANT(kit, support == CLOUD_NATIVE || (why && *why), "%s without a reason",
             cloud_support_name(support));
    kit_end(kit);
}

static void unsupported(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *why = NULL;

    cloud_supports(kit->provider, info->op, &why);
    if (!kit_begin(
            kit, "an operation that is not offered answers CLOUD_EUNSUPPORTED and sends nothing",
            "pretending would cost money or hide what is missing", "%s/unsupported", info->word))
        return;
    kit_usual(kit, info->op, NULL, &params);
    kit_ask(kit, info->op, &params, &call);
    KIT_WANT(kit, call.code == CLOUD_EUNSUPPORTED, "it ended as %s: %s", cloud_code_name(call.code),
             call.err.message);
    KIT_WANT(kit, !call.requests, "%zu requests were sent", call.requests);
    KIT_WANT(kit, call.err.message[0], "the error has no message");
    kit_call_clear(&call);
    kit_end(kit);
}

static void left_out(struct kit *kit, const struct cloud_op_info *info)
{
    const char *why = NULL;

    cloud_supports(kit->provider, info->op, &why);
    if (!kit_begin(kit, "the operation does what its page says", "it is what callers rely on",
                   "%s/happy", info->word))
        return;
    kit_skip(kit, "not offered: %s", why ? why : "no reason is declared");
    kit_end(kit);
}

void kit_cases_support(struct kit *kit)
{
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        declared(kit, info);
        if (!kit_offers(kit, info->op)) {
            unsupported(kit, info);
            left_out(kit, info);
        }
    }
}
