/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_client: several cloud vendors through one interface.
 *
 * This header is the whole of what a billing backend needs: clients, parameters, results, errors,
 * states, money, periods, and one blocking function an operation. Many calls at once are in
 * cloud_batch.h; the pretend vendors for your own tests in cloud_emulator.h; writing a provider of
 * your own in cloud_provider.h.
 *
 * Conventions
 * - A function that can fail returns CLOUD_OK (0) or a negative enum cloud_code; the story is in
 * the struct cloud_error you pass last, which may be NULL. Outputs are named ret_ and are written
 * on success only.
 * - Strings are UTF-8 and NUL-terminated; what a vendor sends that is no UTF-8 is handed on as it
 * came. Parameters are borrowed until the call returns; a result owns everything it points to,
 * until cloud_result_clear().
 * - Threads: a client belongs to one thread at a time; different clients may be used in different
 * threads at once. Functions that take no client are thread-safe.
 * - Times are Unix seconds, UTC; CLOUD_TIME_NONE (0) means "none". Sizes carry their unit in their
 * name.
 */
#ifndef CLOUD_CLIENT_H
#define CLOUD_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CLOUD_API __attribute__((visibility("default")))
#else
#define CLOUD_API
#endif

/** Version of the library at run time, "0.1.0". Never NULL; static. */
CLOUD_API const char *cloud_version(void);

/**
 * Every operation there is. design: the first fifteen are the common interface of the marketplace,
 * the rest is inventory, tasks and the vendor's own words. cloud_op_info() describes each.
 */
enum cloud_op {
    CLOUD_OP_START_INSTANCE,
    CLOUD_OP_STOP_INSTANCE,
    CLOUD_OP_REBOOT_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_PASSWD,
    CLOUD_OP_DESCRIBE_PRICE,
    CLOUD_OP_DESCRIBE_RENEW_PRICE,
    CLOUD_OP_DESCRIBE_UPGRADE_PRICE,
    CLOUD_OP_CREATE_INSTANCE,
    CLOUD_OP_CREATE_INSTANCE_DRY_RUN,
    CLOUD_OP_RENEW_INSTANCE,
    CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL,
    CLOUD_OP_DESCRIBE_REGIONS,
    CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION,
    CLOUD_OP_UPGRADE_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE,
    CLOUD_OP_DESCRIBE_INSTANCES,
    CLOUD_OP_DESCRIBE_INSTANCE,
    CLOUD_OP_DELETE_INSTANCE,
    CLOUD_OP_DESCRIBE_DISKS,
    CLOUD_OP_DESCRIBE_INSTANCE_TYPES,
    CLOUD_OP_DESCRIBE_IMAGES,
    CLOUD_OP_DESCRIBE_TASK,
    CLOUD_OP_INVOKE,
    CLOUD_OP__COUNT
};

/** What an operation does to the world: decides what may be repeated after a failure. */
enum cloud_effect {
    CLOUD_READS,   /* repeated freely */
    CLOUD_CHANGES, /* repeated only when the first surely did not arrive, or was refused unprocessed
                    */
    CLOUD_SPENDS   /* as CLOUD_CHANGES, and costs money */
};

/** One row of the list of operations. All members are static and never NULL. */
struct cloud_op_info {
    enum cloud_op op;
    const char *name;    /* "describe_renew_price": the function without its "cloud_" */
    const char *word;    /* "renew-price": the command of cloudctl */
    const char *summary; /* one line, no trailing stop */
    enum cloud_effect effect;
    uint64_t required; /* bit (1 << enum cloud_param) of each parameter it cannot do without */
    uint64_t optional; /* and of each that it may be given */
};

/** The row of an operation; NULL when there is no such operation. */
CLOUD_API const struct cloud_op_info *cloud_op_info(enum cloud_op op);

/** Finds an operation by its word ("renew-price") or name ("describe_renew_price"); NULL when there
 * is none. */
CLOUD_API const struct cloud_op_info *cloud_op_find(const char *word_or_name);

/** How a provider offers an operation. */
enum cloud_support {
    CLOUD_UNSUPPORTED, /* answers CLOUD_EUNSUPPORTED and sends nothing */
    CLOUD_NATIVE,      /* one action of the vendor */
    CLOUD_COMPOSED,    /* several vendor calls */
    CLOUD_DERIVED /* computed here: from the price book, or from tables of the vendor's documents */
};

/** "unsupported", "native", "composed", "derived"; NULL for a number that is none. */
CLOUD_API const char *cloud_support_name(enum cloud_support support);

/**
 * How @provider offers @op, without any client or network.
 *
 * @param provider  its name, "jdcloud"
 * @param ret_why   may be NULL; receives one sentence (static) for anything but CLOUD_NATIVE, else
 * NULL
 * @return the declaration; CLOUD_UNSUPPORTED with a reason when the provider is unknown
 */
CLOUD_API enum cloud_support cloud_supports(const char *provider, enum cloud_op op,
                                            const char **ret_why);

/** Name of the n-th provider ("jdcloud"), NULL past the last: the list to walk; loaded ones come
 * last. */
CLOUD_API const char *cloud_provider_name(size_t n);

/**
 * An action of a vendor, in its own words: what cloud_invoke() can ask for. Strings are static.
 * Start from CLOUD_ACTION_INFO_INIT.
 */
struct cloud_action_info {
    size_t size;
    size_t number;       /* in the provider's catalogue, from 0 */
    const char *name;    /* as the vendor spells it: "describeInstances" */
    const char *service; /* "vm"; "vm:describeInstances" is understood too, for names that two
                            services have */
    const char *about;   /* what it does, one line, no trailing stop */
    enum cloud_effect effect;
    const char *method;  /* "POST" */
    const char *host;    /* "vm.jdcloud-api.com" */
    const char *base;    /* the service's path, "/v1", ... */
    const char *path;    /* ... and what follows it: "/regions/{regionId}/instances" */
    const char *version; /* that goes with the request; NULL: the path says it */
    size_t param_count;
};
#define CLOUD_ACTION_INFO_INIT \
    { \
        .size = sizeof(struct cloud_action_info) \
    }

/** A parameter of an action. Strings are static. Start from CLOUD_ACTION_PARAM_INIT. */
struct cloud_action_param {
    size_t size;
    const char *name;
    const char *where; /* "path", "query", "body" */
    const char *type; /* "string", "int", "number", "bool", "object", "list" (of objects), "strings"
                         (a list of them) */
    bool required;
    bool supplied; /* the library supplies it where it is left out: the region, the token of a
                      repetition */
    bool secret;
    const char *instead_of; /* the required parameter that may be left out where this one is given;
                               NULL: none */
};
#define CLOUD_ACTION_PARAM_INIT \
    { \
        .size = sizeof(struct cloud_action_param) \
    }

/** The @n-th action of a provider, the list to walk; false past the last, and when there is no such
 * provider. */
CLOUD_API bool cloud_action_info(const char *provider, size_t n,
                                 struct cloud_action_info *ret_info);

/** The action of that name, spelled as for cloud_invoke(); false when there is none. */
CLOUD_API bool cloud_action_find(const char *provider, const char *name,
                                 struct cloud_action_info *ret_info);

/** The @n-th parameter of the action with that number; false past the last. */
CLOUD_API bool cloud_action_param(const char *provider, size_t action, size_t n,
                                  struct cloud_action_param *ret_param);

/** What a caller can do about a failure. */
enum cloud_code {
    CLOUD_OK = 0,
    CLOUD_EINVAL = -1,      /* mend the parameter that the error names */
    CLOUD_ECONFIG = -2,     /* mend the configuration: the message names file, line and key */
    CLOUD_ENOMEM = -3,      /* out of memory here */
    CLOUD_EAUTH = -4,       /* check the access key and its secret */
    CLOUD_EDENIED = -5,     /* the key is good but may not do this: grant it, or use another */
    CLOUD_ENOTFOUND = -6,   /* no such instance, disk, image, task */
    CLOUD_ESTATE = -7,      /* wrong state or busy: wait, or bring it into the state named */
    CLOUD_ECONFLICT = -8,   /* exists already, or was changed by somebody else: look, then decide */
    CLOUD_EQUOTA = -9,      /* a quota is used up: raise it or delete something */
    CLOUD_ESOLDOUT = -10,   /* out of stock: pick another type or zone */
    CLOUD_EBALANCE = -11,   /* top up the account */
    CLOUD_ETHROTTLED = -12, /* too many requests: wait */
    CLOUD_EVENDOR =
        -13, /* the vendor's own fault: try later, quote the request id to its support */
    CLOUD_EUNSUPPORTED = -14, /* this vendor cannot; nothing was sent */
    CLOUD_ETIMEDOUT = -15,    /* the deadline passed */
    CLOUD_ENETWORK = -16,     /* no connection, or it broke */
    CLOUD_ETLS = -17,         /* the server's certificate was not accepted */
    CLOUD_EPROTOCOL =
        -18,             /* the answer is not what the vendor documents: the message names where */
    CLOUD_ETOOBIG = -19, /* the answer passed max_reply_bytes */
    CLOUD_EPRICE = -20,  /* it would cost more than max_charge: nothing was bought */
    CLOUD_EMODE = -21,   /* mode: read_only or no_spend forbids it; nothing was sent */
    CLOUD_EFAILED = -22, /* the vendor accepted the work and it failed there */
    CLOUD_ECANCELLED = -23, /* cancelled by the caller */
    CLOUD_EJOURNAL =
        -24 /* the journal cannot be read or written: mend its store, the message says how */
};

/** What became of a call that changes something. Reads are always CLOUD_NOT_APPLIED on failure. */
enum cloud_outcome {
    CLOUD_NOT_APPLIED = 0, /* surely nothing changed */
    CLOUD_APPLIED = 1,     /* the vendor said so */
    CLOUD_OUTCOME_UNKNOWN =
        2 /* it may have arrived and no answer came, or a part was done: do not repeat, look */
};

/**
 * What went wrong. Fixed in size, so that failing never allocates; overwritten whole by each call:
 * after a success everything is zero but the outcome. Safe to show and to log: no key, signature,
 * password or console token in it.
 */
struct cloud_error {
    int code;                   /* enum cloud_code */
    enum cloud_outcome outcome; /* of a call that changes something */
    int http_status;            /* 0: no answer came */
    int retry_after_ms;         /* the vendor's own word on when to come back; 0: none */
    char vendor_code[64];       /* as the vendor spells it; "": none */
    char request_id[64];        /* what the vendor's support asks for; "": none */
    char parameter[64];         /* which parameter or configuration key to mend; "": none */
    char message[512];          /* one line, no trailing stop */
};

/** "CLOUD_ESTATE" for a code; "CLOUD_E?" for a number that is none. Static. */
CLOUD_API const char *cloud_code_name(int code);

/** What a person can do next about a code, one sentence without trailing stop. Static, never NULL.
 */
CLOUD_API const char *cloud_code_advice(int code);

/** "applied", "not applied", "unknown". Static. */
CLOUD_API const char *cloud_outcome_name(enum cloud_outcome outcome);

/** An exact amount: @micros is a count of 10^-6 of the currency's unit (12.34 CNY is 12340000). */
struct cloud_money {
    int64_t micros;
    char currency[4]; /* ISO 4217, "CNY"; "": no amount is known */
};

/**
 * Reads a decimal number exactly: "12.34", "-0.5", "1e3". Never through a double.
 *
 * @return CLOUD_OK; CLOUD_EINVAL for text that is no number, has more than six digits behind the
 * point that are not zero, or does not fit
 */
CLOUD_API int cloud_money_parse(const char *text, const char *currency,
                                struct cloud_money *ret_money, struct cloud_error *err);

/** Room for any formatted amount with its currency and NUL. */
#define CLOUD_MONEY_MAX 40

/** Writes "12.34 CNY" (at least two, at most six digits behind the point); "-" when no amount is
 * known. */
CLOUD_API const char *cloud_money_format(struct cloud_money money, char ret_text[CLOUD_MONEY_MAX]);

enum cloud_period_unit {
    CLOUD_PERIOD_NONE = 0,
    CLOUD_PERIOD_HOUR,
    CLOUD_PERIOD_DAY,
    CLOUD_PERIOD_MONTH,
    CLOUD_PERIOD_YEAR
};

/** A length of time to buy, or that a price is for. Zeroes: none. */
struct cloud_period {
    int count;
    enum cloud_period_unit unit;
};

/** Reads "1 month", "3months", "2y", "10d"; nothing is rounded. CLOUD_EINVAL when it is no period.
 */
CLOUD_API int cloud_period_parse(const char *text, struct cloud_period *ret_period,
                                 struct cloud_error *err);

#define CLOUD_PERIOD_MAX 24

/** Writes "3 months"; "-" for none. */
CLOUD_API const char *cloud_period_format(struct cloud_period period,
                                          char ret_text[CLOUD_PERIOD_MAX]);

#define CLOUD_TIME_NONE ((int64_t)0)
#define CLOUD_TIME_MAX 24

/** Writes "2026-11-20T08:00:00Z"; "-" for CLOUD_TIME_NONE. */
CLOUD_API const char *cloud_time_format(int64_t time, char ret_text[CLOUD_TIME_MAX]);

/** Reads what cloud_time_format() writes, or Unix seconds. */
CLOUD_API int cloud_time_parse(const char *text, int64_t *ret_time, struct cloud_error *err);

/** The common states of an instance; the vendor's own word always stands beside. */
enum cloud_instance_state {
    CLOUD_STATE_UNKNOWN = 0, /* a word nobody knows: never an error, never a guess */
    CLOUD_STATE_CREATING,
    CLOUD_STATE_RUNNING,
    CLOUD_STATE_STARTING,
    CLOUD_STATE_STOPPING,
    CLOUD_STATE_STOPPED,
    CLOUD_STATE_REBOOTING,
    CLOUD_STATE_UPDATING, /* resize, password, image, disk work */
    CLOUD_STATE_DELETING,
    CLOUD_STATE_DELETED,
    CLOUD_STATE_ERROR,
    CLOUD_STATE_EXPIRED, /* kept by the vendor, unusable until paid */
    CLOUD_STATE__COUNT
};

enum cloud_disk_state {
    CLOUD_DISK_UNKNOWN = 0,
    CLOUD_DISK_CREATING,
    CLOUD_DISK_AVAILABLE,
    CLOUD_DISK_ATTACHING,
    CLOUD_DISK_IN_USE,
    CLOUD_DISK_DETACHING,
    CLOUD_DISK_UPDATING,
    CLOUD_DISK_SNAPSHOTTING,
    CLOUD_DISK_DELETING,
    CLOUD_DISK_DELETED,
    CLOUD_DISK_ERROR,
    CLOUD_DISK_EXPIRED,
    CLOUD_DISK__COUNT
};

enum cloud_image_state {
    CLOUD_IMAGE_UNKNOWN = 0,
    CLOUD_IMAGE_CREATING,
    CLOUD_IMAGE_AVAILABLE,
    CLOUD_IMAGE_DELETING,
    CLOUD_IMAGE_ERROR,
    CLOUD_IMAGE__COUNT
};

enum cloud_task_state {
    CLOUD_TASK_UNKNOWN = 0,
    CLOUD_TASK_PENDING,
    CLOUD_TASK_RUNNING,
    CLOUD_TASK_SUCCEEDED,
    CLOUD_TASK_FAILED,
    CLOUD_TASK__COUNT
};

enum cloud_billing_state {
    CLOUD_BILLING_UNKNOWN = 0,
    CLOUD_BILLING_ACTIVE,
    CLOUD_BILLING_OVERDUE, /* prepaid, expired */
    CLOUD_BILLING_ARREARS, /* postpaid, unpaid */
    CLOUD_BILLING_EXPIRED, /* past its time, kept for a while */
    CLOUD_BILLING_RELEASED,
    CLOUD_BILLING__COUNT
};

enum cloud_charge_mode {
    CLOUD_CHARGE_UNKNOWN =
        0, /* as a parameter: the operation's default, on-demand unless a period is given */
    CLOUD_CHARGE_PREPAID,  /* a period is paid in advance */
    CLOUD_CHARGE_POSTPAID, /* on demand */
    CLOUD_CHARGE_SPOT,
    CLOUD_CHARGE__COUNT
};

/** Yes, no, or not said. */
enum cloud_flag { CLOUD_UNSET = 0, CLOUD_NO, CLOUD_YES };

enum cloud_stock { CLOUD_STOCK_UNKNOWN = 0, CLOUD_STOCK_AVAILABLE, CLOUD_STOCK_SOLD_OUT };

/** Names in lower case with underscores ("in_use"); "unknown" for 0; NULL for a number that is
 * none. Static. */
CLOUD_API const char *cloud_instance_state_name(enum cloud_instance_state state);
CLOUD_API const char *cloud_disk_state_name(enum cloud_disk_state state);
CLOUD_API const char *cloud_image_state_name(enum cloud_image_state state);
CLOUD_API const char *cloud_task_state_name(enum cloud_task_state state);
CLOUD_API const char *cloud_billing_state_name(enum cloud_billing_state state);
CLOUD_API const char *cloud_charge_mode_name(enum cloud_charge_mode mode);
CLOUD_API const char *cloud_stock_name(enum cloud_stock stock);

/** True when nothing is under way: waiting longer changes nothing by itself. Unknown is not
 * settled. */
CLOUD_API bool cloud_state_is_settled(enum cloud_instance_state state);
/** Whether the state allows @op; operations that ask for no state are always allowed. Unknown
 * allows reads only. */
CLOUD_API bool cloud_state_can(enum cloud_instance_state state, enum cloud_op op);
CLOUD_API bool cloud_state_can_start(enum cloud_instance_state state);
CLOUD_API bool cloud_state_can_stop(enum cloud_instance_state state);
CLOUD_API bool cloud_state_can_reboot(enum cloud_instance_state state);
CLOUD_API bool cloud_disk_state_is_settled(enum cloud_disk_state state);

/** A disk to buy. */
struct cloud_disk_spec {
    const char
        *type; /* the vendor's word ("ssd.gp1", "ssd", "high_disk"); NULL: the provider's default */
    int size_gb;
};

/** Where a price is to come from. */
enum cloud_price_source {
    CLOUD_PRICE_ANY = 0, /* the vendor where it has a call, else the price book */
    CLOUD_PRICE_VENDOR,  /* the vendor's own figure */
    CLOUD_PRICE_BOOK,    /* the price book */
    CLOUD_PRICE_COMPUTED /* results only: computed here from figures of either kind */
};
/** "any", "vendor", "price_book", "derived". Static. */
CLOUD_API const char *cloud_price_source_name(enum cloud_price_source source);

/**
 * The parameters of every operation; an operation reads those that cloud_op_info() lists. Zero is
 * every member's default and means "not given". A parameter that was given but that the provider
 * cannot pass on is refused by name. Start from CLOUD_PARAMS_INIT.
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
    const char *instance_type; /* vendors that name each size: "g.n2.medium" */
    const char *family; /* "g.n2", "CPU计算型C3", "CCS.C3": with cpu and memory_gb names a size
                           everywhere */
    int cpu;            /* virtual cores */
    int memory_gb;      /* GiB */
    int gpu;            /* cards */
    const char *image_id;
    const char *vpc_id;    /* a CapitalOnline VDC for CCS */
    const char *subnet_id; /* a private network for CCS */
    const char *security_group_id;
    int public_mbps;      /* bandwidth of a new public address; 0: none */
    const char *password; /* secret */
    const char *key_name;
    const char *system_disk_type;
    int system_disk_gb;
    const struct cloud_disk_spec *data_disks;
    size_t data_disk_count;

    /* how to pay */
    enum cloud_charge_mode charge_mode;
    struct cloud_period period;
    enum cloud_flag
        to_month_end; /* buy to the end of the calendar month first; only vendors that sell so */
    enum cloud_flag auto_renew;

    /* how to do it */
    enum cloud_flag force;         /* stop: cut the power */
    enum cloud_flag stop_charging; /* stop: release what is not kept, and stop paying for it */
    const char *operation_key;     /* the caller's own name for the intent, its order number */
    struct cloud_money max_charge; /* refuse a price above it */
    int64_t if_expiry;             /* renew only while the instance expires at this time */

    /* how to ask */
    enum cloud_price_source price_source;
    const char *resource;     /* upgrade-options: "instance_type" or "system_disk"; NULL: both */
    const char *image_source; /* "public", "private", …: the vendor's word */

    /* the vendor's own words */
    const char *action;     /* invoke: "describeTags" */
    const char *parameters; /* invoke: a JSON object */

    int64_t expires_at; /* upgrade-price, upgrade: when a prepaid term ends, at vendors whose
                           answers do not tell it */
};
#define CLOUD_PARAMS_INIT \
    { \
        .size = sizeof(struct cloud_params) \
    }

/** One name a parameter: for forms, command lines, configuration files and error messages. */
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

/** What a parameter is. All members are static. */
struct cloud_param_info {
    enum cloud_param param;
    const char *name; /* "system_disk_gb": the member's name */
    const char
        *value; /* what stands for its value in a usage line, "GB"; NULL: a flag that needs none */
    const char *summary; /* one line, no trailing stop */
    bool secret;         /* never shown, never logged */
};

/** The row of a parameter; NULL when there is none. */
CLOUD_API const struct cloud_param_info *cloud_param_info(enum cloud_param param);

/** Finds a parameter by name; "-" and "_" are the same. NULL when there is none. */
CLOUD_API const struct cloud_param_info *cloud_param_find(const char *name);

/**
 * Sets a parameter from text, as a command line or a form has it: numbers, "yes"/"no", "1 month",
 * "12.50", "ssd:100,ssd:200" for data disks.
 *
 * @param text  borrowed: string members point to it, so it must live as long as @params is used
 * @return CLOUD_OK; CLOUD_EINVAL naming the parameter; CLOUD_ENOMEM
 */
CLOUD_API int cloud_params_set(struct cloud_params *params, enum cloud_param param,
                               const char *text, struct cloud_error *err);

/** True when the parameter was given. */
CLOUD_API bool cloud_params_has(const struct cloud_params *params, enum cloud_param param);

/**
 * The text from which cloud_params_set() makes the parameter's value again; the amount alone of
 * money, which is CNY there.
 *
 * @param ret_text  receives the text, cut to @size bytes with its NUL; may be NULL when @size is 0
 * @return the length of the whole text; 0 when the parameter was not given
 */
CLOUD_API size_t cloud_params_text(const struct cloud_params *params, enum cloud_param param,
                                   char *ret_text, size_t size);

/**
 * Frees what cloud_params_set() allocated (data disks); the structure is then as after
 * CLOUD_PARAMS_INIT. Set data_disks to NULL before when it points to an array of your own.
 */
CLOUD_API void cloud_params_clear(struct cloud_params *params);

/** A disk. Strings may be NULL where the vendor says nothing; they belong to the result. */
struct cloud_disk {
    const char *id;
    const char *name;
    enum cloud_disk_state state;
    const char *vendor_state;
    const char *state_reason;
    const char *type;
    int size_gb; /* GiB */
    int iops;
    const char *role; /* "system", "data" */
    const char *device;
    const char *zone;
    const char *instance_id; /* where it is attached */
    enum cloud_charge_mode charge_mode;
    enum cloud_billing_state billing_state;
    const char *vendor_billing_state;
    int64_t created_at;
    int64_t expires_at;
    enum cloud_flag delete_with_instance;
    enum cloud_flag shared;
    enum cloud_flag encrypted;
    const char *snapshot_id;
    const char *description;
};

/** A label of an instance. */
struct cloud_tag {
    const char *key;
    const char *value;
};

/** An instance. Strings may be NULL, numbers 0, where the vendor says nothing; they belong to the
 * result. */
struct cloud_instance {
    const char *id;
    const char *name;
    enum cloud_instance_state state;
    const char *vendor_state; /* the vendor's own word */
    const char *state_reason; /* why, where the state alone does not tell ("creation failed") */
    enum cloud_billing_state billing_state;
    const char *vendor_billing_state;
    enum cloud_charge_mode charge_mode;
    const char *vendor_charge_mode;
    int64_t created_at;
    int64_t expires_at;  /* CLOUD_TIME_NONE: has no expiry */
    int64_t released_at; /* when the vendor will take it away */
    enum cloud_flag auto_renew;
    const char *region;
    const char *zone;
    const char *instance_type;
    const char *family;
    int cpu;
    int memory_mb; /* MiB */
    int gpu;
    const char *image_id;
    const char *image_name;
    const char *os_type;
    const char *os_version;
    const char *hostname;
    const char *description;
    const char *vpc_id;
    const char *subnet_id;
    const char *private_ip;
    const char *public_ip;
    const char *public_ip_id;
    enum cloud_flag stop_charging; /* not charged while stopped */
    struct cloud_disk system_disk;
    struct cloud_disk *data_disks;
    size_t data_disk_count;
    const char **key_names;
    size_t key_name_count;
    const char **security_group_ids;
    size_t security_group_count;
    struct cloud_tag *tags;
    size_t tag_count;
};

/** A zone, and what is known of a size's stock in it. */
struct cloud_zone {
    const char *id;
    const char *name;
    enum cloud_stock stock;
};

struct cloud_region {
    const char *id;
    const char *name;
    struct cloud_zone *zones;
    size_t zone_count;
};

/** A size that can be bought, or changed to. */
struct cloud_instance_type {
    const char *instance_type; /* NULL where the vendor names only families */
    const char *family;
    int cpu;
    int memory_mb; /* MiB */
    int gpu;
    const char *gpu_type;
    const char *architecture;
    const char *description;
    int generation;
    int nic_limit;
    int disk_limit; /* cloud disks, the system disk included */
    struct cloud_zone *zones;
    size_t zone_count;
};

/** The sizes a kind of disk may have. */
struct cloud_disk_range {
    const char *type;
    const char *role; /* "system", "data" */
    int min_gb;
    int max_gb;
    int step_gb;
};

struct cloud_image {
    const char *id;
    const char *name;
    enum cloud_image_state state;
    const char *vendor_state;
    const char *source; /* public, private, …: the vendor's word */
    const char *os_type;
    const char *platform;
    const char *os_version;
    const char *architecture;
    int min_disk_gb; /* of the system disk */
    const char *root_device;
    const char *zone;
    const char *description;
    int64_t created_at;
};

/** What something costs. */
struct cloud_price {
    struct cloud_money total;  /* to pay */
    struct cloud_money list;   /* before discounts, where known */
    struct cloud_money refund; /* what a change gives back */
    struct cloud_period
        period; /* what the total is for; one hour or one day for on-demand prices */
    enum cloud_price_source source;
    const char *covers;  /* what is in it, and what is not */
    int64_t valid_until; /* CLOUD_TIME_NONE: the vendor does not say */
};

/** A console address. The URL gives access to the machine: show it, don't store it. */
struct cloud_console {
    const char *url;
    int64_t expires_at; /* CLOUD_TIME_NONE: the vendor does not say */
};

/** Asynchronous work at the vendor's. */
struct cloud_task {
    const char *id;
    enum cloud_task_state state;
    const char *vendor_state;
    const char *reason; /* why it failed, where the vendor says */
    const char **resource_ids;
    size_t resource_id_count;
    int64_t created_at;
    int64_t ended_at;
};

/** One check of a dry run. */
struct cloud_check {
    const char *name;
    bool real; /* asked of the vendor just now; false: judged here, or cannot be known before buying
                */
    bool passed; /* a check that cannot be made is neither real nor passed */
    const char *message;
};

/**
 * What an operation answers. Which members are filled is said at each function; the others are
 * zero. Everything it points to belongs to it. Not copyable by assignment; cloud_result_take()
 * hands it over.
 */
struct cloud_result {
    size_t size;
    enum cloud_op op;
    const char *request_id; /* of the last vendor call; NULL: none came */
    const char *task_id;    /* asynchronous work to follow with cloud_wait(); NULL: none */
    const char *order_id;   /* NULL: the vendor gave none */
    const char **ids;       /* of what was made or changed */
    size_t id_count;
    struct cloud_instance *instances;
    size_t instance_count;
    struct cloud_disk *disks;
    size_t disk_count;
    struct cloud_instance_type *types;
    size_t type_count;
    struct cloud_disk_range *disk_ranges;
    size_t disk_range_count;
    struct cloud_image *images;
    size_t image_count;
    struct cloud_region *regions;
    size_t region_count;
    struct cloud_price price;
    struct cloud_console console;
    struct cloud_task task;
    struct cloud_check *checks;
    size_t check_count;
    const char *json;        /* invoke: the vendor's data as JSON text; "null" when there is none */
    const char *vendor_code; /* invoke: as the answer has it, "Success"; NULL where it has none */
    const char *vendor_message; /* invoke: what the answer says of itself; NULL: nothing */
    const char *reply; /* invoke: the whole answer as JSON text, what stands beside the data
                          included; NULL: it was empty */
    void *storage;     /* the library's */
};
#define CLOUD_RESULT_INIT \
    { \
        .size = sizeof(struct cloud_result) \
    }

/** Frees everything a result points to; it can then be used again. NULL is fine. */
CLOUD_API void cloud_result_clear(struct cloud_result *result);

/** Moves the contents of @from to @to, which is cleared first; @from is then empty. */
CLOUD_API void cloud_result_take(struct cloud_result *to, struct cloud_result *from);

enum cloud_log_level { CLOUD_LOG_ERROR = 0, CLOUD_LOG_INFO, CLOUD_LOG_DEBUG };

/** Receives one line, without newline, borrowed. Secrets never reach it. Called on the thread of
 * the call. */
typedef void (*cloud_log_fn)(enum cloud_log_level level, const char *line, void *user_data);

/** What a client may do. */
enum cloud_mode {
    CLOUD_MODE_NORMAL = 0,
    CLOUD_MODE_NO_SPEND, /* sends nothing that costs money */
    CLOUD_MODE_READ_ONLY /* sends nothing that changes anything */
};

/** How to reach one account at one vendor. Strings are copied. Start from
 * CLOUD_CLIENT_OPTIONS_INIT. */
struct cloud_client_options {
    size_t size;
    const char *provider; /* "jdcloud"; required */
    const char *region;   /* "cn-north-1"; required where the vendor wants one */
    const char *access_key_id;
    const char
        *access_key_secret; /* secret; may be NULL together with the id for the embedded emulator */
    const char *security_token; /* secret; NULL: none */
    const char *endpoint;       /* NULL: the vendor's own; "http://127.0.0.1:PORT"; "emulator:",
                                   "emulator:PATH" */
    const char *signature;      /* jdcloud: "JDCLOUD3" (default) or "JDCLOUD2" */
    const char *ca_file;        /* NULL: the system's certificates */
    bool allow_http;            /* accept http: beyond loopback */
    bool allow_prepaid_charge_change; /* CapitalOnline CCS: ModifyInstanceChargeType on a prepaid
                                         instance */
    enum cloud_mode mode;
    int timeout_ms;         /* for a whole call, attempts and waits included; 0: 30000 */
    int connect_timeout_ms; /* 0: 10000 */
    int attempts;           /* 0: 3 */
    int max_reply_bytes;    /* 0: 8 MiB */
    const char *price_book; /* path of prices.yaml; NULL: none */
    const struct cloud_params *defaults; /* used where a call gives nothing; NULL: none */
    cloud_log_fn log;                    /* NULL: silence */
    void *log_user_data;
    /* "15/s", "1000/min", "20000/h": requests that this access key may send, by all programs of
       this user on this machine together, shared through /dev/shm; slows down when the vendor says
       so. NULL: no limit here */
    const char *rate_limit;
};
#define CLOUD_CLIENT_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_client_options) \
    }

struct cloud_client;

/**
 * Makes a client. Nothing is sent.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming the option; CLOUD_ENOMEM
 */
CLOUD_API int cloud_client_new(const struct cloud_client_options *options,
                               struct cloud_client **ret_client, struct cloud_error *err);

/** Frees a client, its connections and its secrets. NULL is fine. */
CLOUD_API void cloud_client_free(struct cloud_client *client);

/** The provider's name. Owned by the library. */
CLOUD_API const char *cloud_client_provider(const struct cloud_client *client);

/** Sets the log function of a client; NULL for silence. */
CLOUD_API void cloud_client_set_log(struct cloud_client *client, cloud_log_fn log, void *user_data);

/** The client's region; "" when it has none. Owned by the client. */
CLOUD_API const char *cloud_client_region(const struct cloud_client *client);

/** What the client uses where a call gives nothing. Owned by the client. */
CLOUD_API const struct cloud_params *cloud_client_defaults(const struct cloud_client *client);

/** Room for the name of an account and its NUL. */
#define CLOUD_ACCOUNT_MAX 20

/**
 * A name for the account behind the client's access key, the same in every process: made from a
 * digest of the key's id, which it does not show.
 *
 * @return CLOUD_OK, CLOUD_ENOMEM
 */
CLOUD_API int cloud_client_account(const struct cloud_client *client,
                                   char ret_account[CLOUD_ACCOUNT_MAX], struct cloud_error *err);

/** The vendor's clock now, by the Date of its last answer to this client; CLOUD_TIME_NONE before
 * the first. */
CLOUD_API int64_t cloud_client_vendor_time(const struct cloud_client *client);

/** A request that changes something at the vendor's, as it is about to leave. Borrowed for the
 * length of the callback. */
struct cloud_change {
    enum cloud_op op;
    const char *action;       /* the vendor's name of what is asked for */
    enum cloud_effect effect; /* CLOUD_CHANGES or CLOUD_SPENDS */
    int attempt;              /* of this action in this call, from 1 */
    const char
        *order_id; /* what earlier requests of this call were answered with; NULL: nothing yet */
};

/**
 * Called before each such request, also before a repetition, on the thread of the call. CLOUD_OK
 * lets it leave. With any other code, and the story in @err, nothing is sent and the call ends with
 * that code. It must not use the client.
 */
typedef int (*cloud_change_fn)(const struct cloud_change *change, void *user_data,
                               struct cloud_error *err);

/**
 * Sets the function that is asked before anything is changed; NULL for none. cloud_journal.h is
 * made of it: for the length of its calls it asks itself first, then this function.
 */
CLOUD_API void cloud_client_set_change_hook(struct cloud_client *client, cloud_change_fn hook,
                                            void *user_data);

/** The function that is set, NULL for none, and in *ret_user_data (may be NULL) what it is called
 * with. */
CLOUD_API cloud_change_fn cloud_client_change_hook(const struct cloud_client *client,
                                                   void **ret_user_data);

/** Room for the mark of an operation and its NUL. */
#define CLOUD_MARK_MAX 13

/**
 * What an instance bought under an operation key is marked with, so that it can be found again:
 * "op" and ten hex digits, in a tag, a label, or behind its name, whatever its vendor has.
 *
 * @return CLOUD_OK, CLOUD_ENOMEM
 */
CLOUD_API int cloud_operation_mark(const char *operation_key, char ret_mark[CLOUD_MARK_MAX],
                                   struct cloud_error *err);

/** Room for a digest in hex and its NUL. */
#define CLOUD_DIGEST_MAX 65

/**
 * SHA-256 of @text, or, with @key, HMAC-SHA-256: for records that must show a change, or recognise
 * what they must not hold.
 *
 * @param key  NULL: none
 * @return CLOUD_OK, CLOUD_ENOMEM
 */
CLOUD_API int cloud_digest(const char *key, const char *text, char ret_hex[CLOUD_DIGEST_MAX],
                           struct cloud_error *err);

/**
 * Loads a provider from a shared object that was built against cloud_provider.h; it then stands in
 * the list of providers, and clients can name it, until the process ends. Loading the same one
 * again is fine. "providers:" in clouds.yaml does this for every path it lists.
 *
 * What is loaded runs in this process with all its rights: load only what you trust.
 *
 * @param path  of the file; a bare name is a file of this directory
 * @return CLOUD_OK; CLOUD_ECONFIG with the reason: it cannot be loaded, is broken, was built
 * against a newer header, or bears the name of a provider that is there; CLOUD_ENOMEM
 */
CLOUD_API int cloud_provider_load(const char *path, struct cloud_error *err);

struct cloud_config;

/**
 * Reads clouds.yaml.
 *
 * @param path  NULL: $CLOUD_CLIENT_CONFIG, ./clouds.yaml,
 * $XDG_CONFIG_HOME/cloud-client/clouds.yaml, /etc/cloud-client/clouds.yaml, the first there is
 * @return CLOUD_OK; CLOUD_ENOTFOUND when there is none; CLOUD_ECONFIG naming file, line and key
 */
CLOUD_API int cloud_config_load(const char *path, struct cloud_config **ret_config,
                                struct cloud_error *err);

/** Frees it. NULL is fine. */
CLOUD_API void cloud_config_free(struct cloud_config *config);

/** The file it came from. Owned by the config. */
CLOUD_API const char *cloud_config_path(const struct cloud_config *config);

/** "journal:" of the file, what cloud_journal_open() takes; NULL: none. Owned by the config. */
CLOUD_API const char *cloud_config_journal(const struct cloud_config *config);

/** What a cloud entry says, without its secrets. Owned by the config. */
struct cloud_config_cloud {
    const char *name;
    const char *provider;
    const char *region;   /* NULL: none given */
    const char *zone;     /* NULL: none given */
    const char *endpoint; /* NULL: the vendor's own */
    enum cloud_mode mode;
};

/** The n-th cloud in the file's order; NULL past the last. */
CLOUD_API const struct cloud_config_cloud *cloud_config_cloud(const struct cloud_config *config,
                                                              size_t n);

/**
 * A client for the cloud called @name.
 *
 * Reads the environment and the secret files that the entry names.
 * @param name  NULL: the only cloud of the file
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key, or the clouds there are
 */
CLOUD_API int cloud_config_client(const struct cloud_config *config, const char *name,
                                  struct cloud_client **ret_client, struct cloud_error *err);

/**
 * Any operation, blocking: what all the functions below do.
 *
 * @param params      what cloud_op_info(op) lists; NULL: none
 * @param ret_result  initialised with CLOUD_RESULT_INIT or cleared; may be NULL when the answer is
 * not wanted. Left empty on failure, but for CLOUD_OP_CREATE_INSTANCE_DRY_RUN's checks
 * @param err         may be NULL
 * @return CLOUD_OK or a code. For operations that change something err->outcome says what became of
 * it
 */
CLOUD_API int cloud_call(struct cloud_client *client, enum cloud_op op,
                         const struct cloud_params *params, struct cloud_result *ret_result,
                         struct cloud_error *err);

/**
 * Whether cloud_call() would refuse this before anything is sent: support, mode, parameters.
 *
 * @return CLOUD_OK, or what cloud_call() would answer
 */
CLOUD_API int cloud_call_check(struct cloud_client *client, enum cloud_op op,
                               const struct cloud_params *params, struct cloud_error *err);

/**
 * Start an instance. Returns once the vendor has accepted the request; it is then
 * CLOUD_STATE_STARTING.
 *
 * @param id  the vendor's instance id
 * @return CLOUD_OK, CLOUD_ENOTFOUND, CLOUD_ESTATE, or any transport code
 */
CLOUD_API int cloud_start_instance(struct cloud_client *client, const char *id,
                                   struct cloud_error *err);

/**
 * Stop an instance. With @force the power is cut; vendors that cannot do that answer CLOUD_EINVAL
 * naming "force".
 *
 * @return as cloud_start_instance(); the instance is then CLOUD_STATE_STOPPING
 */
CLOUD_API int cloud_stop_instance(struct cloud_client *client, const char *id, bool force,
                                  struct cloud_error *err);

/** Restart an instance; it is then CLOUD_STATE_REBOOTING. */
CLOUD_API int cloud_reboot_instance(struct cloud_client *client, const char *id,
                                    struct cloud_error *err);

/**
 * Set the administrator's password.
 *
 * @param password  secret; the vendor's rules are checked before anything is sent
 * @return CLOUD_EINVAL naming "password" when the rules refuse it
 */
CLOUD_API int cloud_modify_instance_passwd(struct cloud_client *client, const char *id,
                                           const char *password, struct cloud_error *err);

/** What buying this would cost. Fills price. */
CLOUD_API int cloud_describe_price(struct cloud_client *client, const struct cloud_params *params,
                                   struct cloud_result *ret_result, struct cloud_error *err);

/** What renewing an instance for @period would cost. Fills price. */
CLOUD_API int cloud_describe_renew_price(struct cloud_client *client, const char *id,
                                         struct cloud_period period,
                                         struct cloud_result *ret_result, struct cloud_error *err);

/**
 * What changing an instance would cost, for the rest of its term. Fills price.
 *
 * Where the vendor's answers do not tell when a prepaid term ends (CapitalOnline CCS), expires_at
 * must be given: CLOUD_EINVAL names it.
 */
CLOUD_API int cloud_describe_upgrade_price(struct cloud_client *client,
                                           const struct cloud_params *params,
                                           struct cloud_result *ret_result,
                                           struct cloud_error *err);

/**
 * Buy. Costs money: see err->outcome on failure, and never repeat after CLOUD_OUTCOME_UNKNOWN.
 *
 * Fills ids where the vendor knows them at once, and task_id where it does not.
 */
CLOUD_API int cloud_create_instance(struct cloud_client *client, const struct cloud_params *params,
                                    struct cloud_result *ret_result, struct cloud_error *err);

/** Check a purchase without buying: fills checks, each saying whether it was real. CLOUD_OK when
 * none failed. */
CLOUD_API int cloud_create_instance_dry_run(struct cloud_client *client,
                                            const struct cloud_params *params,
                                            struct cloud_result *ret_result,
                                            struct cloud_error *err);

/**
 * Buy more time for an instance. Costs money. Fills order_id where the vendor gives one; JD Cloud
 * pays an order at once and cancels it if that fails: cloud_wait() with it as the task_id tells,
 * and cloud_journal_call() asks by itself.
 */
CLOUD_API int cloud_renew_instance(struct cloud_client *client, const char *id,
                                   struct cloud_period period, struct cloud_result *ret_result,
                                   struct cloud_error *err);

/** Console address, with its end of validity. Fills console. */
CLOUD_API int cloud_describe_instance_vnc_url(struct cloud_client *client, const char *id,
                                              struct cloud_result *ret_result,
                                              struct cloud_error *err);

/** Regions and their zones. Fills regions. */
CLOUD_API int cloud_describe_regions(struct cloud_client *client, struct cloud_result *ret_result,
                                     struct cloud_error *err);

/**
 * What an instance, or its system disk, can be changed to. Fills types and disk_ranges.
 *
 * @param resource  "instance_type", "system_disk", or NULL for both
 */
CLOUD_API int cloud_describe_resources_modification(struct cloud_client *client, const char *id,
                                                    const char *resource,
                                                    struct cloud_result *ret_result,
                                                    struct cloud_error *err);

/** Change an instance's size or system disk. Costs money. Fills task_id where the vendor gives one.
 */
CLOUD_API int cloud_upgrade_instance(struct cloud_client *client, const struct cloud_params *params,
                                     struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Turn the vendor's own automatic renewal on or off. Turning it on will cost money at expiry.
 *
 * @param period  how much to buy each time; ignored when @auto_renew is false
 */
CLOUD_API int cloud_modify_instance_auto_renew_attribute(struct cloud_client *client,
                                                         const char *id, bool auto_renew,
                                                         struct cloud_period period,
                                                         struct cloud_error *err);

/**
 * Every instance of the account in the client's region, all pages. Fills instances.
 *
 * No vendor promises a snapshot between pages, so a listing of several pages is read until two
 * readings agree; CLOUD_ECONFLICT when it keeps changing.
 */
CLOUD_API int cloud_describe_instances(struct cloud_client *client,
                                       const struct cloud_params *params,
                                       struct cloud_result *ret_result, struct cloud_error *err);

/** One instance. Fills instances with one element. CLOUD_ENOTFOUND when there is none. */
CLOUD_API int cloud_describe_instance(struct cloud_client *client, const char *id,
                                      struct cloud_result *ret_result, struct cloud_error *err);

/** Delete an instance. Vendors refuse for prepaid instances that have not expired: CLOUD_ESTATE. */
CLOUD_API int cloud_delete_instance(struct cloud_client *client, const char *id,
                                    struct cloud_error *err);

/** Disks of the account, or of one instance. Fills disks. */
CLOUD_API int cloud_describe_disks(struct cloud_client *client, const struct cloud_params *params,
                                   struct cloud_result *ret_result, struct cloud_error *err);

/** Sizes for sale. Fills types. */
CLOUD_API int cloud_describe_instance_types(struct cloud_client *client,
                                            const struct cloud_params *params,
                                            struct cloud_result *ret_result,
                                            struct cloud_error *err);

/** Images to install. Fills images. */
CLOUD_API int cloud_describe_images(struct cloud_client *client, const struct cloud_params *params,
                                    struct cloud_result *ret_result, struct cloud_error *err);

/**
 * How far asynchronous work has come. Fills task, and instances where the instance itself was
 * looked at.
 *
 * @param params  task_id: a task_id from a result, at JD Cloud the order_id of a renewal
 * (succeeded: paid; failed: cancelled, nothing was charged); or instance_id to follow an instance
 * until it has settled
 */
CLOUD_API int cloud_describe_task(struct cloud_client *client, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err);

/** Called between polls with what was seen last (borrowed). Return false to stop waiting:
 * CLOUD_ECANCELLED. */
typedef bool (*cloud_progress_fn)(const struct cloud_result *now, void *user_data);

/**
 * Wait until work has ended: polls cloud_describe_task() with growing pauses until success,
 * failure, or the deadline.
 *
 * @param params      task_id, instance_id, or both: the task first, then the instance until it has
 * settled
 * @param timeout_ms  for the whole wait; 0: ten minutes
 * @param progress    may be NULL
 * @return CLOUD_OK; CLOUD_EFAILED when the work failed; CLOUD_ENOTFOUND when the instance is gone;
 *         CLOUD_ETIMEDOUT; at once on CLOUD_EAUTH, CLOUD_EDENIED and other failures that waiting
 * cannot mend
 */
CLOUD_API int cloud_wait(struct cloud_client *client, const struct cloud_params *params,
                         int timeout_ms, cloud_progress_fn progress, void *user_data,
                         struct cloud_result *ret_result, struct cloud_error *err);

#define CLOUD_STATE_BIT(STATE) (UINT32_C(1) << (CLOUD_STATE_##STATE))

/** What a wait is for, where cloud_wait() is not enough. Start from CLOUD_WAIT_INIT; zero is every
 * member's default. */
struct cloud_wait_options {
    size_t size;
    uint32_t succeeds; /* bits of the states at which the instance is as wanted; 0: every settled
                          one but DELETED and those below. With DELETED among them, an instance that
                          is gone is what was wanted */
    uint32_t fails;    /* bits of the states at which the wait ends as CLOUD_EFAILED; 0: ERROR */
    int64_t deadline;  /* Unix seconds; CLOUD_TIME_NONE: by timeout_ms */
    int timeout_ms;    /* for the whole wait; 0: ten minutes. The earlier of the two counts */
    cloud_progress_fn progress; /* may be NULL */
    void *user_data;
};
#define CLOUD_WAIT_INIT \
    { \
        .size = sizeof(struct cloud_wait_options) \
    }

/**
 * As cloud_wait(), until the instance is in one of the states wanted, or in one that is a failure.
 *
 * Ends at the first terminal failure, at a deleted instance (CLOUD_ENOTFOUND), at a refused login,
 * and not only at the deadline; it comes through a vendor that answers with its own faults for a
 * while.
 */
CLOUD_API int cloud_wait_until(struct cloud_client *client, const struct cloud_params *params,
                               const struct cloud_wait_options *options,
                               struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Any action in the vendor's own words. Fills json (the vendor's data), vendor_code,
 * vendor_message, reply (the whole answer), request_id, task_id. A refusal is a failure like any
 * other, whatever the answer's HTTP status.
 *
 * @param action      as the vendor spells it; behind its service, "ebs:DescribeEvent", where two
 * services have the name
 * @param parameters  a JSON object; NULL: none. Checked against the action's row before anything is
 * sent
 * @return CLOUD_EINVAL naming "action", with the nearest there are, or the parameter that is
 * missing, unknown or mistyped
 */
CLOUD_API int cloud_invoke(struct cloud_client *client, const char *action, const char *parameters,
                           struct cloud_result *ret_result, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
