/* SPDX-License-Identifier: Apache-2.0 */
/* Results: what an operation returns. */
#ifndef CLOUD_CLIENT_RESULT_H
#define CLOUD_CLIENT_RESULT_H

#include "money.h"
#include "operations.h"
#include "params.h"
#include "state.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * In all structs of this header a string that the vendor did not return is NULL, a number 0, a
 * time CLOUD_TIME_NONE. Everything belongs to the result.
 */

/** A disk. */
struct cloud_disk {
    const char *id;
    const char *name;
    enum cloud_disk_state state;
    const char *vendor_state;
    const char *state_reason; /* why, when the state alone does not say it */
    const char *type;
    int size_gb; /* GiB */
    int iops;
    const char *role; /* "system", "data" */
    const char *device;
    const char *zone;
    const char *instance_id; /* the instance it is attached to */
    enum cloud_charge_mode charge_mode;
    enum cloud_billing_state billing_state;
    const char *vendor_billing_state;
    int64_t created_at;
    int64_t expires_at; /* as in struct cloud_instance */
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

/** An instance. */
struct cloud_instance {
    const char *id;
    const char *name;
    enum cloud_instance_state state;
    const char *vendor_state; /* the vendor's own state; NULL: it returned none */
    const char *state_reason; /* why, when the state alone does not say it ("creation failed") */
    enum cloud_billing_state billing_state;
    const char *vendor_billing_state;
    enum cloud_charge_mode charge_mode;
    const char *vendor_charge_mode;
    int64_t created_at;
    int64_t expires_at;  /* CLOUD_TIME_NONE: it does not expire; CLOUD_TIME_UNREADABLE: the vendor
                            returned a text that is not a time */
    int64_t released_at; /* when the vendor will take it back */
    enum cloud_flag auto_renew;
    const char *region;
    const char *zone;
    const char *instance_type;
    const char *family;
    int cpu;       /* virtual cores */
    int memory_mb; /* MiB */
    int gpu;       /* cards */
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
    enum cloud_flag stop_charging; /* not charged while it is stopped */
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

/** A zone. In an instance type also: whether that type can be bought there. */
struct cloud_zone {
    const char *id;
    const char *name;
    enum cloud_stock stock;
};

/** A region with its zones. */
struct cloud_region {
    const char *id;
    const char *name;
    struct cloud_zone *zones;
    size_t zone_count;
};

/** An instance type that can be bought, or that an instance can be changed to. */
struct cloud_instance_type {
    const char *instance_type; /* NULL when the vendor names only families */
    const char *family;
    int cpu;       /* virtual cores */
    int memory_mb; /* MiB */
    int gpu;       /* cards */
    const char *gpu_type;
    const char *architecture;
    const char *description;
    int generation;
    int nic_limit;
    int disk_limit; /* of cloud disks, with the system disk */
    struct cloud_zone *zones;
    size_t zone_count;
};

/** The sizes that disks of one type may have. In GiB. */
struct cloud_disk_range {
    const char *type;
    const char *role; /* "system", "data" */
    int min_gb;
    int max_gb;
    int step_gb;
};

/** An image. */
struct cloud_image {
    const char *id;
    const char *name;
    enum cloud_image_state state;
    const char *vendor_state;
    const char *source; /* the vendor's name of the kind: "public", "private" */
    const char *os_type;
    const char *platform;
    const char *os_version;
    const char *architecture;
    int min_disk_gb; /* the smallest system disk it can be installed on, in GiB */
    const char *root_device;
    const char *zone;
    const char *description;
    int64_t created_at;
};

/** A price. */
struct cloud_price {
    struct cloud_money total;   /* the amount to pay */
    struct cloud_money list;    /* before discounts */
    struct cloud_money refund;  /* what a change returns */
    struct cloud_period period; /* what total is for; on demand one hour or one day */
    enum cloud_price_source source;
    const char *covers;  /* what the price includes and what it does not */
    int64_t valid_until; /* CLOUD_TIME_NONE: the vendor does not say */
};

/** The address of a console. The URL gives access to the instance: show it, do not store it. */
struct cloud_console {
    const char *url;
    int64_t expires_at; /* CLOUD_TIME_NONE: the vendor does not say */
};

/** Asynchronous work at the vendor. */
struct cloud_task {
    const char *id;
    enum cloud_task_state state;
    const char *vendor_state;
    const char *reason; /* why it failed */
    const char **resource_ids;
    size_t resource_id_count;
    int64_t created_at;
    int64_t ended_at;
};

/** One check of a dry run. */
struct cloud_check {
    const char *name;
    bool real;   /* the vendor was asked just now; false: decided locally, or cannot be known before
                    buying */
    bool passed; /* a check that cannot be made is neither real nor passed */
    const char *message;
};

/**
 * The result of an operation. The description of each function says which members it fills; the
 * others are zero.
 *
 * Everything it points to belongs to the result. Do not copy it by assignment: cloud_result_take()
 * moves it. Start from CLOUD_RESULT_INIT.
 */
struct cloud_result {
    size_t size;
    enum cloud_op op;
    const char *request_id; /* of the vendor's last reply; NULL: none */
    const char *task_id;    /* asynchronous work, for cloud_wait(); NULL: none */
    const char *order_id;   /* NULL: the vendor returned none */
    const char **ids;       /* of what was created or changed */
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
    const char *vendor_code; /* invoke: the code of the reply, "Success"; NULL: it has none */
    const char *vendor_message; /* invoke: the message of the reply; NULL: it has none */
    const char *reply; /* invoke: the whole reply as JSON text, also what is next to the data; NULL:
                          it was empty */
    void *storage;     /* for the library only */
};
#define CLOUD_RESULT_INIT \
    { \
        .size = sizeof(struct cloud_result) \
    }

/**
 * Frees everything the result points to and empties it; it can then be used again. NULL is
 * allowed.
 */
CLOUD_API void cloud_result_clear(struct cloud_result *result);

/**
 * Moves the contents of @from to @to, which is cleared first. @from is then empty. Both must be
 * initialised.
 */
CLOUD_API void cloud_result_take(struct cloud_result *to, struct cloud_result *from);

#ifdef __cplusplus
}
#endif

#endif
