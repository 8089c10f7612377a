/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of operations: the struct, and a name and a text form for each. */
#ifndef CLOUD_CLIENT_PARAMS_H
#define CLOUD_CLIENT_PARAMS_H

#include "money.h"
#include "state.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A disk to buy. */
struct cloud_disk_spec {
    const char *type; /* the vendor's name ("ssd.gp1", "high_disk"); NULL: the provider's default */
    int size_gb;      /* GiB */
};

/** Where a price comes from. */
enum cloud_price_source {
    CLOUD_PRICE_ANY = 0, /* the vendor if it has an action for it, else the price book */
    CLOUD_PRICE_VENDOR,  /* the vendor's own price */
    CLOUD_PRICE_BOOK,    /* the price book */
    CLOUD_PRICE_COMPUTED /* in results only: computed locally from prices of either kind */
};
/** "any", "vendor", "price_book", "derived"; NULL for any other number. Static. */
CLOUD_API const char *cloud_price_source_name(enum cloud_price_source source);

/**
 * The parameters of every operation; cloud_op_info() lists those that an operation reads. Zero is
 * the default of every member and means "not given". A parameter that is given but cannot be
 * passed to the vendor is refused by its name. Strings are borrowed. Start from CLOUD_PARAMS_INIT.
 */
struct cloud_params {
    size_t size;

    const char *instance_id;
    const char *task_id; /* from a result */

    /* what to buy or to change to */
    const char *name;
    const char *description;
    int count;
    const char *zone;          /* the vendor's code of an availability zone */
    const char *instance_type; /* for vendors that name each instance type: "g.n2.medium" */
    const char *family; /* "g.n2", "CPU计算型C3"; with cpu and memory_gb it names a size */
    int cpu;            /* virtual cores */
    int memory_gb;      /* GiB */
    int gpu;            /* cards */
    const char *image_id;
    const char *vpc_id;    /* for CapitalOnline CCS: a VDC */
    const char *subnet_id; /* for CapitalOnline CCS: a private network */
    const char *security_group_id;
    int public_mbps;      /* Mbit/s of a new public address; 0: no address */
    const char *password; /* secret */
    const char *key_name;
    const char *system_disk_type;
    int system_disk_gb; /* GiB */
    const struct cloud_disk_spec *data_disks;
    size_t data_disk_count;

    /* how to pay */
    enum cloud_charge_mode charge_mode;
    struct cloud_period period;
    enum cloud_flag to_month_end; /* buy to the end of the calendar month first */
    enum cloud_flag auto_renew;

    /* how to do it */
    enum cloud_flag force;         /* stop: cut the power */
    enum cloud_flag stop_charging; /* stop: release what is charged while stopped */
    const char *operation_key;     /* idempotency key: the caller's name for the purchase */
    struct cloud_money max_charge; /* precondition: refuse a price above this amount. Its currency
                                      is the provider's, "CNY"; without one it is refused */
    int64_t if_expiry; /* precondition: renew only while the instance expires at this time */

    /* how to ask */
    enum cloud_price_source price_source;
    const char *resource;     /* upgrade-options: "instance_type" or "system_disk"; NULL: both */
    const char *image_source; /* the vendor's name of a kind of images: "public", "private" */

    /* the vendor's own actions */
    const char *action;     /* invoke: "describeTags" */
    const char *parameters; /* invoke: a JSON object */

    int64_t expires_at; /* upgrade-price, upgrade: when a prepaid term ends, at vendors whose
                           replies do not say it */
};
#define CLOUD_PARAMS_INIT \
    { \
        .size = sizeof(struct cloud_params) \
    }

/**
 * A number for each parameter, for forms, command lines, configuration files and error messages.
 */
enum cloud_param {
    CLOUD_PARAM_INSTANCE_ID,
    CLOUD_PARAM_TASK_ID,
    CLOUD_PARAM_NAME,
    CLOUD_PARAM_DESCRIPTION,
    CLOUD_PARAM_COUNT,
    CLOUD_PARAM_ZONE,
    CLOUD_PARAM_INSTANCE_TYPE,
    CLOUD_PARAM_FAMILY,
    CLOUD_PARAM_CPU,
    CLOUD_PARAM_MEMORY_GB,
    CLOUD_PARAM_GPU,
    CLOUD_PARAM_IMAGE_ID,
    CLOUD_PARAM_VPC_ID,
    CLOUD_PARAM_SUBNET_ID,
    CLOUD_PARAM_SECURITY_GROUP_ID,
    CLOUD_PARAM_PUBLIC_MBPS,
    CLOUD_PARAM_PASSWORD,
    CLOUD_PARAM_KEY_NAME,
    CLOUD_PARAM_SYSTEM_DISK_TYPE,
    CLOUD_PARAM_SYSTEM_DISK_GB,
    CLOUD_PARAM_DATA_DISKS,
    CLOUD_PARAM_CHARGE_MODE,
    CLOUD_PARAM_PERIOD,
    CLOUD_PARAM_TO_MONTH_END,
    CLOUD_PARAM_AUTO_RENEW,
    CLOUD_PARAM_FORCE,
    CLOUD_PARAM_STOP_CHARGING,
    CLOUD_PARAM_OPERATION_KEY,
    CLOUD_PARAM_MAX_CHARGE,
    CLOUD_PARAM_IF_EXPIRY,
    CLOUD_PARAM_PRICE_SOURCE,
    CLOUD_PARAM_RESOURCE,
    CLOUD_PARAM_IMAGE_SOURCE,
    CLOUD_PARAM_ACTION,
    CLOUD_PARAM_PARAMETERS,
    CLOUD_PARAM_EXPIRES_AT,
    CLOUD_PARAM__COUNT
};

/** The description of a parameter. Its strings are static. */
struct cloud_param_info {
    enum cloud_param param;
    const char *name;    /* "system_disk_gb": the name of the member */
    const char *value;   /* how a usage line shows its value, "GB"; NULL: a flag without one */
    const char *summary; /* one line without a full stop */
    bool secret;         /* never shown, never logged */
};

/** The row of a parameter; NULL when there is none. Static. */
CLOUD_API const struct cloud_param_info *cloud_param_info(enum cloud_param param);

/** Finds a parameter by name; "-" and "_" are the same. NULL when there is none. Static. */
CLOUD_API const struct cloud_param_info *cloud_param_find(const char *name);

/**
 * Sets a parameter from text, as on a command line or in a form: numbers, "yes" and "no", "1
 * month", "12.50", "ssd:100,ssd:200" for data disks.
 *
 * @param text  borrowed: string members point to it, so it must live as long as @params is used
 * @return CLOUD_OK; CLOUD_EINVAL naming the parameter; CLOUD_ENOMEM
 */
CLOUD_API int cloud_params_set(struct cloud_params *params, enum cloud_param param,
                               const char *text, struct cloud_error *err);

/** True when the parameter was given. */
CLOUD_API bool cloud_params_has(const struct cloud_params *params, enum cloud_param param);

/**
 * Writes a parameter as the text that cloud_params_set() reads. Of money it writes the amount
 * only; the currency is CNY.
 *
 * @param ret_text  receives the text, cut to @size bytes with its NUL; may be NULL when @size is 0
 * @return the length of the whole text; 0 when the parameter was not given
 */
CLOUD_API size_t cloud_params_text(const struct cloud_params *params, enum cloud_param param,
                                   char *ret_text, size_t size);

/**
 * Frees what cloud_params_set() allocated (data disks) and resets @params to CLOUD_PARAMS_INIT. If
 * data_disks points to an array of your own, set it to NULL first.
 */
CLOUD_API void cloud_params_clear(struct cloud_params *params);

#ifdef __cplusplus
}
#endif

#endif
