/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that each error code of the vendors' pages has an error row with the right meaning in the
 * provider's table. The list below is written from the pages, not from the tables.
 */
#include "tests/providers/tables.h"

#include <string.h>

#include "core/engine/decode.h"

#define JD "jdcloud"
#define ECS "capitalonline_ecs"
#define CCS "capitalonline_ccs"

/* clang-format off */
static const struct documented_error {
    const char *provider;
    int http;
    const char *code, *message;
    int means;
} documented_errors[] = {
    /* the common error table; its notes distinguish some codes by the message */
    { JD, 400, "INVALID_ARGUMENT",      "bad parameter",                    CLOUD_EINVAL },
    { JD, 400, "FAILED_PRECONDITION",   "Conflict with underlay task",      CLOUD_ESTATE },
    { JD, 400, "FAILED_PRECONDITION",   "the account balance is too low",   CLOUD_EBALANCE },
    { JD, 400, "FAILED_PRECONDITION",   "余额不足",                         CLOUD_EBALANCE },
    { JD, 400, "FAILED_PRECONDITION",   "g.n2.medium is sold out",          CLOUD_ESOLDOUT },
    { JD, 400, "OUT_OF_RANGE",          "pageSize",                         CLOUD_EINVAL },
    { JD, 401, "UNAUTHENTICATED",       "verification failed",              CLOUD_EAUTH },
    { JD, 401, "ACCESS_ERROR",          "sign result is not same [gw]",     CLOUD_EAUTH },
    { JD, 403, "HTTP_FORBIDDEN",        "no permission",                    CLOUD_EDENIED },
    { JD, 403, "PERMISSION_DENIED",     "no permission",                    CLOUD_EDENIED },
    { JD, 403, "PERMISSION_DENIED",     "Can't delete no charged resource", CLOUD_ESTATE },
    { JD, 404, "NOT_FOUND",             "no such object",                   CLOUD_ENOTFOUND },
    { JD, 409, "ABORTED",               "aborted",                          CLOUD_ECONFLICT },
    { JD, 409, "ALREADY_EXISTS",        "exists",                           CLOUD_ECONFLICT },
    { JD, 429, "QUOTA_EXCEEDED",        "instance quota",                   CLOUD_EQUOTA },
    { JD, 429, "QUOTA_EXCEEDED",        "out of stock",                     CLOUD_ESOLDOUT },
    { JD, 429, "RATE_LIMIT",            "too many requests",                CLOUD_ETHROTTLED },
    { JD, 499, "CANCELLED",             "cancelled",                        CLOUD_EVENDOR },
    { JD, 500, "UNKNOWN",               "Unknown server error",             CLOUD_EVENDOR },
    { JD, 500, "INTERNAL",              "server fault",                     CLOUD_EVENDOR },
    { JD, 500, "INNER_ERROR",           "billing",                          CLOUD_EVENDOR },
    { JD, 501, "NOT_IMPLEMENTED",       "not implemented",                  CLOUD_EUNSUPPORTED },
    { JD, 502, "SOURCE_UNAVAILABLE",    "backend is down",                  CLOUD_EVENDOR },
    { JD, 503, "UNAVAILABLE",           "unavailable",                      CLOUD_EVENDOR },

    /* one table for ECS and EBS; the vendor's storage driver shows the error of a missing disk */
    { ECS, 400, "ParamParseError",       "Parameter parsing error.",        CLOUD_EINVAL },
    { ECS, 400, "InvalidParameter",      "The parameter is not valid.",     CLOUD_EINVAL },
    { ECS, 400, "InvalidParameter",      "云盘信息不存在",                  CLOUD_ENOTFOUND },
    { ECS, 400, "MissingParameter",      "Missing required parameter.",     CLOUD_EINVAL },
    { ECS, 400, "InvalidParameter.IsNull", "Required parameter is empty.",  CLOUD_EINVAL },
    { ECS, 400, "MaxEcsCountExceed",     "Exceeding the maximum number.",   CLOUD_EQUOTA },
    { ECS, 400, "InvalidInstanceSpec.ValueNotSupported", "beyond the range", CLOUD_EINVAL },
    { ECS, 400, "InvalidInstanceType.ValueNotSupported", "beyond the range", CLOUD_EINVAL },
    { ECS, 400, "MaxDiskSizeExceed",     "exceeds",                         CLOUD_EINVAL },
    { ECS, 400, "MinDiskSizeLess",       "below",                           CLOUD_EINVAL },
    { ECS, 400, "InvalidDiskSize.ValueNotSupported", "beyond the range",    CLOUD_EINVAL },
    { ECS, 400, "UnSupportedMixingLocalAndEbs", "not supported",            CLOUD_EINVAL },
    { ECS, 403, "InvalidOperation.InstanceStatusUnsupported", "the state",  CLOUD_ESTATE },
    { ECS, 404, "InvalidResourceId.NotFound", "does not exist",             CLOUD_ENOTFOUND },
    { ECS, 404, "InvalidVpc.NotFound",   "does not exist",                  CLOUD_ENOTFOUND },
    { ECS, 404, "InvalidImage.NotFound", "does not exist",                  CLOUD_ENOTFOUND },
    { ECS, 404, "InvalidEvent.NotFound", "does not exist",                  CLOUD_ENOTFOUND },
    { ECS, 404, "InvalidRegion.NotFound", "does not exist",                 CLOUD_ENOTFOUND },
    { ECS, 404, "InvalidAvailableZone.NotFound", "does not exist",          CLOUD_ENOTFOUND },
    { ECS, 500, "InternalError",         "has failed",                      CLOUD_EVENDOR },
    { ECS, 401, "Whatever",              "bad signature",                   CLOUD_EAUTH },
    { ECS, 403, "Whatever",              "something else",                  CLOUD_EDENIED },

    { CCS, 403, "IncorrectInstanceStatus", "The   current status",          CLOUD_ESTATE },
    { CCS, 400, "InstanceNotFound",      "the Instance has   deleted",      CLOUD_ENOTFOUND },
    { CCS, 400, "InvalidInstanceID.Malformed", "is not valid",              CLOUD_EINVAL },
    { CCS, 400, "InvalidInstanceId.Malformed", "is not valid",              CLOUD_EINVAL },
    { CCS, 400, "InvalidInstanceName.Malformed", "name",                    CLOUD_EINVAL },
    { CCS, 400, "InvalidPassword.Malformed", "password",                    CLOUD_EINVAL },
    { CCS, 400, "InvalidDataDiskSize.ValueNotSupported", "size",            CLOUD_EINVAL },
    { CCS, 400, "InvalidPrivateIpAddress.Malformed", "address",             CLOUD_EINVAL },
    { CCS, 400, "NotEnoughBalance",      "balance",                         CLOUD_EBALANCE },
    { CCS, 403, "Zone.NotOnSale",        "sold out",                        CLOUD_ESOLDOUT },
    { CCS, 404, "InvalidLaunchTemplateVersion.NotFound", "image",           CLOUD_ENOTFOUND },
    { CCS, 403, "InvalidDiskSize.TooSmall", "smaller",                      CLOUD_EINVAL },
    { CCS, 400, "IncompleteParamter",    "missing",                         CLOUD_EINVAL },
    { CCS, 400, "InvalidTaskID.Malformed", "task",                          CLOUD_EINVAL },
    { CCS, 401, "Whatever",              "bad signature",                   CLOUD_EAUTH },
    { CCS, 403, "Whatever",              "something else",                  CLOUD_EDENIED },
};
/* clang-format on */

static void check_errors(void)
{
    for (size_t i = 0; i < CC_COUNT(documented_errors); i++) {
        const struct documented_error *d = &documented_errors[i];
        struct cc_envelope envelope = {
            .failed = true, .code = d->code, .message = d->message, .request_id = "r-1"
        };
        struct cloud_error err;

        if (strcmp(d->provider, provider->name))
            continue;
        if (cc_vendor_error_read(provider, d->http, &envelope, &err) != d->means ||
            err.code != d->means)
            WRONG("%d %s (%s) is %s, not %s", d->http, d->code, d->message,
                  cloud_code_name(err.code), cloud_code_name(d->means));
        if (strcmp(err.vendor_code, d->code) || strcmp(err.request_id, "r-1") ||
            err.http_status != d->http || strcmp(err.message, d->message))
            WRONG("%s: code, message, request id or status is missing", d->code);
    }
}

static void test_vendor_errors__every_documented_error_has_its_code(void **state)
{
    (void)state;
    each_provider(check_errors);
}

/* a request that spends is sent again after a proven refusal, so a guess would charge twice */
static void check_unknown_codes(void)
{
    for (int http = 200; http < 600; http++) {
        struct cc_envelope envelope = { .failed = true, .code = "Whatever", .message = "odd" };

        if (cc_vendor_error_proof(provider, http, &envelope) != CC_UNPROVEN)
            WRONG("HTTP %d with an unknown code proves a refusal", http);
    }
}

static void test_vendor_errors__an_unknown_code_proves_nothing(void **state)
{
    (void)state;
    each_provider(check_unknown_codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vendor_errors__every_documented_error_has_its_code),
        cmocka_unit_test(test_vendor_errors__an_unknown_code_proves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
