/* SPDX-License-Identifier: Apache-2.0 */
/* Defines a small provider as a plug-in. The macro SAMPLE says whether it is correct, or how it is
 * broken. */
#include "include/cloud_provider.h"

#define CORRECT 0
#define OLDER 1  /* built with a header without the last member and with fewer operations */
#define NEWER 2  /* has a version that the library does not know */
#define LONGER 3 /* has a struct that is longer than the library's */
#define NO_VERSION 4
#define NO_ENTRY 5
#define NOTHING 6 /* its entry point returns NULL */
#define BAD_NAME 7
#define BUILT_IN 8 /* has the name of a provider of the library */
#define NO_STEP 9  /* has an operation without a step */
#define NO_ENVELOPE 10
#define FORMER 11    /* the version before this one, with other rows */
#define ASKS 12      /* its entry asks the library for its providers */
#define BAD_ERROR 13 /* an error row that means no code */

static const struct cc_service services[] = { { .name = "s", .host = "s.example", .path = "/v1" },
                                              { 0 } };
static const struct cc_action_param no_params[] = { { 0 } };
static const struct cc_action actions[] = {
    { .name = "List", .method = "GET", .path = "/list", .params = no_params }, { 0 }
};
static const struct cc_error_row errors[] = {
    { .code = "Gone", .means = SAMPLE == BAD_ERROR ? 404 : CLOUD_ENOTFOUND }, { 0 }
};
static const struct cc_step list[] = { { .action = actions } };
static const struct cc_op_row ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_DESCRIBE_INSTANCES] = { .support = CLOUD_NATIVE,
                                      .steps = list,
                                      .step_count = SAMPLE != NO_STEP },
};

static int sign(struct cc_request *request, const struct cc_signing *signing,
                struct cloud_error *err)
{
    (void)signing, (void)err;
    cc_buf_clear(&request->query_text);
    return CLOUD_OK;
}

static void envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret)
{
    ret->failed = http_status != 200;
    ret->data = root;
}

static __attribute__((unused)) struct cloud_provider sample = {
    CLOUD_PROVIDER_INIT,
    .name = SAMPLE == BAD_NAME   ? "Bad Name"
            : SAMPLE == BUILT_IN ? "jdcloud"
            : SAMPLE == OLDER    ? "older"
            : SAMPLE == ASKS     ? "asks"
                                 : "sample",
    .title = "Sample",
    .services = services,
    .actions = actions,
    .ops = ops,
    .errors = errors,
    .currency = "EUR",
    .sign = sign,
    .envelope = SAMPLE == NO_ENVELOPE ? NULL : envelope,
};

#if SAMPLE != NO_ENTRY
CLOUD_API const struct cloud_provider *cloud_provider_entry(void);
const struct cloud_provider *cloud_provider_entry(void)
{
    switch (SAMPLE) {
    case OLDER:
        sample.size = offsetof(struct cloud_provider, host);
        sample.op_count = CLOUD_OP_DESCRIBE_TASK;
        break;
    case FORMER: sample.version = CLOUD_PROVIDER_VERSION - 1; break;
    case NEWER: sample.version = CLOUD_PROVIDER_VERSION + 1; break;
    case LONGER: sample.size = sizeof(sample) + sizeof(void *); break;
    case NO_VERSION: sample.version = 0; break;
    case ASKS:
        for (size_t n = 0; cloud_provider_name(n); n++)
            (void)cloud_supports(cloud_provider_name(n), CLOUD_OP_INVOKE, NULL);
        break;
    case NOTHING: return NULL;
    default: break;
    }
    return &sample;
}
#endif
