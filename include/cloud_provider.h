/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_client: what a provider is written with, built into the library or loaded as a plug-in. It
 * is the one header that a provider includes. A plug-in is loaded by cloud_provider_load(), or by
 * "providers:" in clouds.yaml. docs/extend/adding-a-provider.md explains one step by step.
 *
 * A vendor is rows in tables, and hooks for what rows cannot express:
 *   actions     what the vendor calls a request, and where each of its parameters goes (one row an
 *               action);
 *   operations  steps, each an action with argument rows, which fill the request, and field rows,
 *               which fill our result;
 *   texts       what the vendor calls a state, a charge mode, an error.
 * The engine builds, signs, sends, retries, reads and maps. It knows no vendor.
 *
 * The parts, each in a header of its own below cloud_provider/: ascii.h, memory.h, json.h,
 * request.h (signatures), rows.h (the tables), hooks.h. This header has the provider itself. The
 * helpers, by purpose:
 *
 *   memory      cc_buf_clear, cc_buf_add, cc_buf_puts, cc_buf_printf, cc_buf_text,
 *               cc_arena_strdup, cc_arena_printf
 *   errors      cc_fail, cc_fail_param
 *   words       cc_ascii_casecmp, cc_ascii_ncasecmp, cc_ascii_contains
 *   read JSON   cc_doc_parse, cc_doc_free, cc_doc_root, cc_value_kind, cc_value_find,
 *               cc_value_text, cc_value_count, cc_iter_next
 *   build JSON  cc_tree_set_text, cc_tree_set_int, cc_tree_set_bool, cc_tree_append,
 *               cc_tree_append_text
 *   requests    cc_pairs_add, cc_pairs_set, cc_pairs_clear, cc_encode, cc_encode_pairs
 *   signatures  cc_sign_jdcloud2, cc_sign_jdcloud3, cc_sign_capitalonline, cc_sha256_hex,
 *               cc_hmac_sha256, cc_hmac_sha1_base64, cc_hex
 *   hooks       cc_hook_alloc
 *   checks      cc_check_purchase, cc_check_change, cc_check_auto_renew, cc_check_task
 *   conditions  cc_when_task, cc_when_no_task, cc_when_size_unnamed, cc_when_size_changes,
 *               cc_when_disk_changes, cc_when_sizes_wanted, cc_when_disk_wanted,
 *               cc_when_prepaid_disks
 *   instances   cc_parse_found, cc_parse_instance_task, cc_parse_need_prepaid,
 *               cc_parse_need_stopped, cc_parse_need_term, cc_hook_need_larger_disk
 *   types       cc_parse_find_size, cc_type_in_stock, cc_hook_keep_targets, cc_hook_growth,
 *               cc_parse_regions
 *   prices      cc_hook_price, cc_parse_price_new, cc_price_prorate
 *   dry runs    cc_hook_check, cc_hook_check_stock, cc_parse_check_image, cc_parse_check_order,
 *               cc_hook_check_price
 *
 * Names: rows and helpers begin with cc_ and CC_. The library exports the helpers as cloud_cc_...,
 * so that every symbol it exports begins with cloud_.
 *
 * Compatibility: struct cloud_provider grows at its end, and says its size. Operations are added
 * at the end of their list, and op_count says how many rows there are. Any other change of a
 * struct or a helper raises CLOUD_PROVIDER_VERSION. So a provider that was built with an older
 * header of the same version loads.
 *
 * Threads: hooks run on the thread of the call, for several clients at the same time in several
 * threads. Tables must not change. A hook keeps its state in hook->scratch only.
 */
#ifndef CLOUD_PROVIDER_H
#define CLOUD_PROVIDER_H

#include <string.h>

#include "cloud_client.h"
#include "cloud_provider/ascii.h"
#include "cloud_provider/hooks.h"
#include "cloud_provider/json.h"
#include "cloud_provider/memory.h"
#include "cloud_provider/request.h"
#include "cloud_provider/rows.h"

/** The version of these headers; the library refuses a provider of any other version. */
#define CLOUD_PROVIDER_VERSION 2

/** A vendor. Begin with CLOUD_PROVIDER_INIT. Everything in it must live as long as the process. */
struct cloud_provider {
    size_t size;       /* of this struct, in the header that the provider was built with */
    uint32_t version;  /* CLOUD_PROVIDER_VERSION of that header */
    uint32_t op_count; /* CLOUD_OP__COUNT of that header: the number of rows of ops */
    const char *name;  /* "jdcloud" */
    const char *title; /* "JD Cloud" */
    const struct cc_service *services;
    const struct cc_action *actions;
    const struct cc_arg *common; /* for every action with such parameters; NULL: none */
    const struct cc_op_row *ops; /* CLOUD_OP__COUNT rows; a row of zeroes: unsupported */
    const struct cc_error_row *errors;
    const struct cc_rule *rules;
    const struct cc_allowed_period *periods;
    const struct cc_password_policy *password;
    const char *currency;  /* "CNY" */
    int utc_offset_s;      /* of times without a time zone */
    const char *no_expiry; /* the beginning of a time that means "none", "2099-01-01"; NULL: none */
    bool needs_region;
    bool zone_is_region; /* the vendor's regions are zones elsewhere: the client's region is the
                            default zone */
    cc_sign_fn sign;
    cc_sign_fn sign_other; /* chosen by options->signature; NULL: there is only one */
    const char *sign_name, *sign_other_name; /* "JDCLOUD3", "JDCLOUD2" */
    /* reads the envelope of a reply and fills what it finds. @root is NULL when the body is empty
     * or not JSON */
    void (*envelope)(const struct cc_value *root, int http_status,
                     struct cc_envelope *ret_envelope);
    /* the host of a service in a region; NULL, and a result of NULL: the service's own */
    const char *(*host)(const struct cc_service *service, const char *region);
    struct cloud_region *regions; /* for cc_parse_regions(), when no action lists them; { 0 } ends
                                     the table; NULL: none */
};
#define CLOUD_PROVIDER_INIT \
    .size = sizeof(struct cloud_provider), .version = CLOUD_PROVIDER_VERSION, \
    .op_count = CLOUD_OP__COUNT

/**
 * The one function that a plug-in exports. Its result lives as long as the process. It may ask the
 * library for providers. It runs each time that the plug-in is loaded, perhaps in several threads
 * at once, and returns the same provider each time. Write
 * CLOUD_PROVIDER_EXPORT(my_provider) in one of the plug-in's files.
 */
typedef const struct cloud_provider *(*cloud_provider_entry_fn)(void);
#define CLOUD_PROVIDER_ENTRY "cloud_provider_entry"
#define CLOUD_PROVIDER_EXPORT(provider) \
    CLOUD_API const struct cloud_provider *cloud_provider_entry(void); \
    const struct cloud_provider *cloud_provider_entry(void) \
    { \
        return &(provider); \
    }

#endif
