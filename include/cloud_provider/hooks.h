/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: C functions of a provider for what rows cannot express, and a kit of ready ones. */
#ifndef CLOUD_PROVIDER_HOOKS_H
#define CLOUD_PROVIDER_HOOKS_H

#include "json.h"
#include "request.h"
#include "rows.h"

/** The status and the parts of a reply; the provider's envelope function fills it. */
struct cc_envelope {
    bool failed;
    const char *code;    /* the vendor's error code; NULL: none */
    const char *message; /* NULL: none */
    const char *request_id;
    const char *task_id;         /* NULL: no asynchronous work */
    const struct cc_value *data; /* NULL: none */
    const struct cc_value *root; /* the whole reply, set by the engine; NULL: its body is empty */
};

/**
 * The input of a hook. The hook may change @params (the call's own copy) and @result. It must not
 * keep a pointer.
 */
struct cc_hook {
    const struct cloud_provider *provider;
    struct cloud_params *params;
    struct cloud_result *result;
    struct cc_arena *arena; /* lives as long as the result */
    struct cloud_error *err;
    const char *region;
    const char *mark; /* the fingerprint of the operation key; NULL: no key was given */
    int64_t now;      /* Unix seconds, by the vendor's clock */
    void *scratch;    /* scratch_size bytes of the row, zeroed, the same for all steps of a call */
    const struct cloud_client_options *options;
    const struct cloud_params *defaults;   /* of the client; @params has those it reads already */
    const struct cc_pricebook *price_book; /* NULL: none */
    const char *const *ids; /* of a coalesced request; NULL: params->instance_id is the only one */
    size_t id_count;

    struct cc_tree *tree; /* build: the action's parameters so far */
    struct cc_node *root; /* and their root object */

    const struct cc_envelope *envelope; /* parse: the reply; the field rows were read already */
    int refused; /* parse of a tolerant step: the code of a refusal, its details are in err; else 0
                  */
    int failed_check; /* the code of the first check that failed */
    int again_ms;     /* parse: set it to 0 or more to repeat this step after so long */
    bool finish;      /* parse: set it to leave out the remaining steps */
    bool undone;      /* parse that fails: set it when the reply says that nothing was changed */
};

/** Memory for @count zeroed elements, which live as long as the result; NULL when out of memory. */
CLOUD_API void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size) CC_AS(cc_hook_alloc);

/* Check hooks, before anything is sent. */

/**
 * A purchase: max_charge is refused with public_mbps, because the price of a public address cannot
 * be asked.
 */
CLOUD_API int cc_check_purchase(struct cc_hook *hook) CC_AS(cc_check_purchase);
/** A change: either the size or the system disk was given, not both. */
CLOUD_API int cc_check_change(struct cc_hook *hook) CC_AS(cc_check_change);
/** Automatic renewal: a period to turn it on, and none to turn it off. */
CLOUD_API int cc_check_auto_renew(struct cc_hook *hook) CC_AS(cc_check_auto_renew);
/** A task: task_id or instance_id was given. */
CLOUD_API int cc_check_task(struct cc_hook *hook) CC_AS(cc_check_task);

/* Conditions of steps. */

/** task_id was given, or was not. */
CLOUD_API bool cc_when_task(const struct cc_hook *hook) CC_AS(cc_when_task);
CLOUD_API bool cc_when_no_task(const struct cc_hook *hook) CC_AS(cc_when_no_task);
/** A part of a size was given, but no instance_type: cc_parse_find_size() finds it. */
CLOUD_API bool cc_when_size_unnamed(const struct cc_hook *hook) CC_AS(cc_when_size_unnamed);
/** The size, or the system disk, is to change. */
CLOUD_API bool cc_when_size_changes(const struct cc_hook *hook) CC_AS(cc_when_size_changes);
CLOUD_API bool cc_when_disk_changes(const struct cc_hook *hook) CC_AS(cc_when_disk_changes);
/** params->resource is "instance_type", or "system_disk", or was not given. */
CLOUD_API bool cc_when_sizes_wanted(const struct cc_hook *hook) CC_AS(cc_when_sizes_wanted);
CLOUD_API bool cc_when_disk_wanted(const struct cc_hook *hook) CC_AS(cc_when_disk_wanted);
/** The instance found has a prepaid cloud disk (CC_ARG_EACH_PREPAID). */
CLOUD_API bool cc_when_prepaid_disks(const struct cc_hook *hook) CC_AS(cc_when_prepaid_disks);

/* Parse hooks on the instances that were found. */

/**
 * Keeps the instance params->instance_id only. CLOUD_ENOTFOUND when none was found, and
 * CLOUD_EPROTOCOL when only others were.
 */
CLOUD_API int cc_parse_found(struct cc_hook *hook) CC_AS(cc_parse_found);
/** The instance is its own task, which has ended when the instance is settled. */
CLOUD_API int cc_parse_instance_task(struct cc_hook *hook) CC_AS(cc_parse_instance_task);
/** The instance must be prepaid; CLOUD_ESTATE. */
CLOUD_API int cc_parse_need_prepaid(struct cc_hook *hook) CC_AS(cc_parse_need_prepaid);
/** The instance must be stopped (CLOUD_ESTATE), and as cc_hook_need_larger_disk(). */
CLOUD_API int cc_parse_need_stopped(struct cc_hook *hook) CC_AS(cc_parse_need_stopped);
/**
 * The expiry of a prepaid instance must be known: from the vendor, else from params->expires_at;
 * CLOUD_EINVAL.
 */
CLOUD_API int cc_parse_need_term(struct cc_hook *hook) CC_AS(cc_parse_need_term);
/**
 * A new system disk must be larger than the present one, and that one must not be local. Nothing
 * when no disk changes.
 */
CLOUD_API int cc_hook_need_larger_disk(struct cc_hook *hook) CC_AS(cc_hook_need_larger_disk);

/* Instance types that were found, and regions. */

/**
 * Sets params->instance_type from family, cpu, memory_gb and gpu. The types then go. CLOUD_EINVAL
 * unless one fits.
 */
CLOUD_API int cc_parse_find_size(struct cc_hook *hook) CC_AS(cc_parse_find_size);
/** True when the type has stock in the zone. */
CLOUD_API bool cc_type_in_stock(const struct cloud_instance_type *type, const char *zone)
    CC_AS(cc_type_in_stock);
/**
 * The vendor's rule: whether an instance of type @own (all zero when it is not among those found)
 * can become @type.
 */
typedef bool (*cc_target_fn)(const struct cloud_instance *instance,
                             const struct cloud_instance_type *own,
                             const struct cloud_instance_type *type);
/**
 * Keeps the types that the instance can become, without its own; none when sizes are not wanted.
 */
CLOUD_API void cc_hook_keep_targets(struct cc_hook *hook, cc_target_fn may_become)
    CC_AS(cc_hook_keep_targets);
/**
 * Adds the range of sizes that the disk may grow to, up to @max_gb; none when "system_disk" is not
 * wanted.
 */
CLOUD_API int cc_hook_growth(struct cc_hook *hook, const struct cloud_disk *disk, int max_gb,
                             int step_gb) CC_AS(cc_hook_growth);
/** The regions are the provider's table. */
CLOUD_API int cc_parse_regions(struct cc_hook *hook) CC_AS(cc_parse_regions);

/* Prices. */

/** Describes the price that the field rows read as the vendor's: its period and what it covers. */
CLOUD_API int cc_hook_price(struct cc_hook *hook, struct cloud_period period, const char *covers)
    CC_AS(cc_hook_price);
/** The price of a purchase. Field rows may have set the unit of an on-demand price. */
CLOUD_API int cc_parse_price_new(struct cc_hook *hook) CC_AS(cc_parse_price_new);
/**
 * The share of a monthly amount for the rest of a term: amount * days left (a part of a day counts
 * as one) / 30, cut to two decimal places. Below zero it is 0.
 *
 * @param ret_days  the days that were counted; may be NULL
 * @return CLOUD_OK; CLOUD_ESTATE when nothing of the term is left; CLOUD_EINVAL when the amount
 *         does not fit
 */
CLOUD_API int cc_price_prorate(struct cloud_money monthly, int64_t now, int64_t expires_at,
                               struct cloud_money *ret_share, int *ret_days,
                               struct cloud_error *err) CC_AS(cc_price_prorate);

/*
 * Dry runs. Each of these adds checks; after a tolerant step that was refused, a check with the
 * vendor's message.
 */

enum cc_check_kind {
    CC_CHECK_REAL = 0, /* the vendor was asked just now */
    CC_CHECK_LOCAL,    /* decided locally */
    CC_CHECK_NONE      /* cannot be known before buying */
};
/**
 * Adds one check. The first check with a @code other than CLOUD_OK becomes the end of the
 * operation.
 */
CLOUD_API int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind,
                            int code, const char *format, ...) CC_AS(cc_hook_check)
    __attribute__((format(printf, 5, 6)));
/** The stock of the first type found in params->zone. @size describes it; the types then go. */
CLOUD_API int cc_hook_check_stock(struct cc_hook *hook, const char *parameter, const char *size)
    CC_AS(cc_hook_check_stock);
/**
 * params->image_id, an id or a name, is among the images found and can be installed; the images
 * then go.
 */
CLOUD_API int cc_parse_check_image(struct cc_hook *hook) CC_AS(cc_parse_check_image);
/** The vendor's own dry run has answered. Balance and stock stay unknown. */
CLOUD_API int cc_parse_check_order(struct cc_hook *hook) CC_AS(cc_parse_check_order);
/**
 * The price that was found, by cc_parse_price_new(). The balance stays unknown, and the network
 * for the reason @network.
 */
CLOUD_API int cc_hook_check_price(struct cc_hook *hook, const char *network)
    CC_AS(cc_hook_check_price);

#endif
