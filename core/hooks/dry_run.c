/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds the checks of a dry run to a result. A check that asked the vendor is real; after a refused
 * step, the vendor's message becomes the message of the check.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/model/provider.h"

int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind, int code,
                  const char *format, ...)
{
    struct cloud_result *result = hook->result;
    struct cloud_check *checks = cc_hook_alloc(hook, result->check_count + 1, sizeof(*checks));
    char text[256];
    va_list args;

    if (!checks)
        return CLOUD_ENOMEM;
    if (result->check_count)
        memcpy(checks, result->checks, result->check_count * sizeof(*checks));
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    checks[result->check_count] = (struct cloud_check){
        .name = name,
        .real = kind == CC_CHECK_REAL,
        .passed = kind != CC_CHECK_NONE && !code,
        .message = cc_arena_strdup(hook->arena, text),
    };
    if (!checks[result->check_count].message)
        return cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    result->checks = checks;
    result->check_count++;
    if (code && !hook->failed_check) {
        hook->failed_check = code;
        cc_fail(hook->err, code, "%s: %s", name, text);
    }
    return CLOUD_OK;
}

/* Adds a check with the message of the vendor, who refused the request. */
static int check_refusal(struct cc_hook *hook, const char *name)
{
    const struct cloud_error refusal = *hook->err;
    int rc = cc_hook_check(hook, name, CC_CHECK_REAL, hook->refused, "%.199s", refusal.message);

    hook->err->http_status = refusal.http_status;
    CC_ERROR_SET(hook->err->vendor_code, refusal.vendor_code);
    CC_ERROR_SET(hook->err->request_id, refusal.request_id);
    return rc;
}

int cc_hook_check_stock(struct cc_hook *hook, const char *parameter, const char *size)
{
    const struct cloud_instance_type *type = hook->result->types;
    const char *zone = hook->params->zone;
    size_t found = hook->result->type_count;

    hook->result->type_count = 0;
    if (hook->refused)
        return check_refusal(hook, parameter);
    if (!found)
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_EINVAL, "there is no size %s",
                             size);
    if (!cc_type_in_stock(type, zone))
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_ESOLDOUT, "%s is sold out in %s",
                             size, zone);
    return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_OK, "%s is in stock in %s", size,
                         zone);
}

int cc_parse_check_order(struct cc_hook *hook)
{
    int rc;

    hook->result->task_id = NULL; /* a dry run starts no task */
    rc = hook->refused ? check_refusal(hook, "order")
                       : cc_hook_check(hook, "order", CC_CHECK_REAL, CLOUD_OK,
                                       "the vendor's dry run accepts the order");
    return rc ? rc
              : cc_hook_check(hook, "balance", CC_CHECK_NONE, CLOUD_OK,
                              "the vendor does not document whether its dry run checks balance "
                              "and stock; the purchase checks both");
}

static const struct cloud_image *find_image(const struct cloud_result *result, const char *id)
{
    for (size_t i = 0; i < result->image_count; i++) {
        const struct cloud_image *image = &result->images[i];

        if (!strcmp(image->id, id) || (image->name && !strcmp(image->name, id)))
            return image;
    }
    return NULL;
}

int cc_parse_check_image(struct cc_hook *hook)
{
    const char *id = hook->params->image_id;
    const struct cloud_image *image = hook->refused ? NULL : find_image(hook->result, id);
    int gb = hook->params->system_disk_gb;

    hook->result->image_count = 0;
    if (hook->refused && hook->refused != CLOUD_ENOTFOUND && hook->refused != CLOUD_EINVAL)
        return check_refusal(hook, "image_id");
    if (!image)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ENOTFOUND,
                             "there is no image %s", id);
    if (image->state != CLOUD_IMAGE_AVAILABLE)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ESTATE, "image %s is %s", id,
                             image->vendor_state ? image->vendor_state : "in an unknown state");
    if (gb && gb < image->min_disk_gb)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_EINVAL,
                             "image %s needs a system disk of %d GB", id, image->min_disk_gb);
    return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_OK, "image %s can be installed",
                         id);
}

int cc_hook_check_price(struct cc_hook *hook, const char *network)
{
    char total[CLOUD_MONEY_MAX];
    int rc;

    if (hook->refused)
        rc = check_refusal(hook, "price");
    else
        rc = cc_hook_check(hook, "price", CC_CHECK_REAL, CLOUD_OK, "it costs %s",
                           cloud_money_format(hook->result->price.total, total));
    if (!hook->refused)
        cc_parse_price_new(hook);
    rc = rc ? rc
            : cc_hook_check(hook, "balance", CC_CHECK_NONE, CLOUD_OK,
                            "the balance of the account is checked only by the purchase");
    return rc ? rc : cc_hook_check(hook, "subnet_id", CC_CHECK_NONE, CLOUD_OK, "%s", network);
}
