/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal interface of CapitalOnline's CCS (云主机): catalogue, instances and their tasks, money,
 * networks. capitalonline.h has signature, parameters and envelopes.
 *
 * Every world has, for every account, in CN_Beijing_A: the VDC below with a private and a public
 * network, and a template (a custom image) with the id of the page's examples.
 *
 * Switches of POST /_emulator/world, besides those of capitalonline.h:
 * - ccs_change_running 1: ModifyInstanceSpec and ResetImage also work on a running instance. The
 *   documents do not mention the state; terraform stops the instance first, so this is required by
 *   default.
 * - ccs_go_example 1: Password may be missing where the vendor's Go example of 2020 omits it
 *   (ModifyIpAddress, ResetImage with a PublicKey); the tables require it.
 * - ccs_task_start_ms N: how long a task is NEW; until then an instance that it makes is in no
 *   list.
 *
 * "sold_out" takes a RegionId, an InstanceType, or RegionId/InstanceType.
 *
 * [CONV] marks what no source says and was chosen here.
 */
#ifndef EMU_CCS_H
#define EMU_CCS_H

#include "emulator/capitalonline/common/capitalonline.h"

#define EMU_CCS "capitalonline_ccs"
#define EMU_CCS_VDC "33333333-3333-4333-8333-333333333333"
#define EMU_CCS_PRIVATE "44444444-4444-4444-8444-444444444444"
#define EMU_CCS_PUBLIC "55555555-5555-4555-8555-555555555555"
#define EMU_CCS_TEMPLATE "bbf63749-0186-4c68-8adc-9bf584bc1376"

/* Catalogue (ccs_catalog.c). Functions that find a row return NULL when there is none. */

struct emu_ccs_zone {
    const char *id, *city, *letter; /* "CN_Beijing_A", "北京", "A" */
    bool closed;                    /* not for sale any more */
};

struct emu_ccs_class {
    int64_t least_ram, most_ram;  /* GB per core */
    int64_t cpu_month, ram_month; /* micro-yuan for a core, for a GB */
};

struct emu_ccs_type {
    const char *id;
    const struct emu_ccs_class *sold_as;
};

struct emu_ccs_disk {
    const char *id;
    bool system;
    int64_t least, most, step; /* GB */
    int64_t gb_month;          /* micro-yuan */
    int64_t base_iops;         /* without packs */
    bool packs;                /* may have IOPS packs */
};

extern const struct emu_ccs_zone emu_ccs_zones[]; /* ends with a NULL id, as the tables below */
extern const struct emu_ccs_type emu_ccs_types[];
extern const struct emu_ccs_disk emu_ccs_disks[];
extern const char *const emu_ccs_images[];
extern const int64_t emu_ccs_cpus[], emu_ccs_rams[]; /* ends with 0 */
extern const int64_t emu_ccs_pack_month;             /* micro-yuan for one IOPS pack */
extern const int64_t emu_ccs_pack_iops;

const struct emu_ccs_zone *emu_ccs_zone(const char *id); /* ignores case: the documents mix it */
const struct emu_ccs_type *emu_ccs_type(const char *id);
const struct emu_ccs_disk *emu_ccs_disk(const char *id);
const char *emu_ccs_image(const char *name);
int64_t emu_ccs_image_disk_gb(const char *image); /* the smallest system disk */
bool emu_ccs_size_sold(const struct emu_ccs_type *type, int64_t cpu, int64_t ram);
const char *emu_ccs_zone_name(struct emu_world *world, const struct emu_ccs_zone *zone);

/* Instances and tasks (ccs_task.c). */

/* The form of an id: 8-4-4-4-12. The documents' own examples are not all hexadecimal, so any of
 * 0-9a-z is accepted. */
bool emu_ccs_id_good(const char *id);
/* The caller's instance of InstanceId; NULL when the call has failed. */
struct emu_object *emu_ccs_instance(struct emu_co *call);
/* The instances of InstanceIds, each once; 0 when the call has failed. */
size_t emu_ccs_instances(struct emu_co *call, struct emu_object ***ret);
/* The page of PageNumber and PageSize (@size when there is none), limited to usable values. */
struct emu_page emu_ccs_page_read(struct emu_co *call, int64_t size);
/* Fails unless the instance is in one of these states ("running stop") and paid ("unpaid" among the
 * states permits unpaid ones). */
bool emu_ccs_state_good(struct emu_co *call, const struct emu_object *instance, const char *states);

bool emu_ccs_wrong_state(struct emu_co *call); /* fails with 403; always false */

/* A new task, which has ended when it covers nothing that takes time. Its id is decimal or, as in
 * some of the examples, a UUID. */
int64_t emu_ccs_task_start_ms(struct emu_world *world); /* how long a task is NEW */
struct emu_object *emu_ccs_task_new(struct emu_co *call, const char *type, bool uuid);
void emu_ccs_task_covers(struct emu_world *world, struct emu_object *task, const char *resource_id,
                         bool takes_time);

/* A change of an instance: it is in the state @during, then in @then, and gets the members of
 * @change. */
struct emu_ccs_change {
    const char *name;   /* of the transition */
    const char *during; /* NULL: "updating" */
    const char *then;   /* NULL: the state it is in now */
    yyjson_mut_val *change;
    int64_t spent; /* refunded when the change fails */
};
void emu_ccs_change(struct emu_co *call, struct emu_object *instance, struct emu_object *task,
                    const struct emu_ccs_change *change);
/* The usual change: one task for one instance, and the answer. */
void emu_ccs_change_one(struct emu_co *call, struct emu_object *instance, bool uuid,
                        const struct emu_ccs_change *change);
void emu_ccs_describe_task(struct emu_co *call);
void emu_ccs_change_event(struct emu_world *world, const struct emu_event *event);

/* Money (ccs_bill.c). A configuration is the body of an instance, or of one that is not made yet.
 */

int64_t emu_ccs_month_price(yyjson_mut_val *config);
/* The first payment: for @months (0: to the month's end), or for a day on demand. */
int64_t emu_ccs_first_price(yyjson_mut_val *config, bool prepaid, int64_t months, int64_t now);
bool emu_ccs_can_pay(struct emu_co *call, int64_t micros); /* when it cannot, the call has failed */
void emu_ccs_charge(struct emu_world *world, const struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros);
/* Begins the bill of a new instance: charged at once, or day by day. */
int64_t emu_ccs_bill_begin(struct emu_world *world, struct emu_object *instance, bool prepaid,
                           int64_t months, const char *order_id);
/* Charges what was used on demand until now. */
void emu_ccs_bill_settle(struct emu_world *world, struct emu_object *instance);
void emu_ccs_bill_stop(struct emu_world *world, struct emu_object *instance);
/* Charges the price of changing to @config now; 0 on demand. Fails the call when the balance does
 * not cover it. */
bool emu_ccs_bill_upgrade(struct emu_co *call, struct emu_object *instance, yyjson_mut_val *config,
                          const char *order_id, int64_t *ret_spent);
bool emu_ccs_is_prepaid(const struct emu_object *instance);
/* Makes the instance prepaid until @expiry, and paid. */
void emu_ccs_bill_prepay(struct emu_world *world, struct emu_object *instance, int64_t expiry,
                         int64_t auto_renew);
void emu_ccs_bill_event(struct emu_world *world, const struct emu_event *event);

/* Addresses and interfaces (ccs_address.c). */

bool emu_ccs_address_read(const char *text, uint32_t *ret);
char *emu_ccs_address_text(struct emu_world *world, uint32_t address);
/* The first and last address of "10.240.193.1/32". */
bool emu_ccs_segment_read(struct emu_world *world, const char *text, uint32_t *ret_first,
                          uint32_t *ret_last);
/* The first and last address of a network that instances may have. */
void emu_ccs_range(const struct emu_object *network, uint32_t *ret_first, uint32_t *ret_last);
yyjson_mut_val *emu_ccs_free_list(struct emu_world *world, uint32_t first, uint32_t last);
const char *emu_ccs_ipv6(struct emu_world *world, const char *address);

/* Addresses in use; it records those taken during the request too. */
struct emu_ccs_pool {
    struct emu_world *world;
    uint32_t *used;
    size_t count, capacity;
    size_t old; /* the first @old were in use before the request */
};
struct emu_ccs_pool emu_ccs_pool_open(struct emu_world *world);
bool emu_ccs_pool_has(const struct emu_ccs_pool *pool, uint32_t address);

struct emu_ccs_wish {
    const char *address; /* of the network; "auto": the next free one; "": none */
    const char *segment; /* limits "auto" and address to it; NULL or "": the whole network */
    bool ipv6, ordered;  /* ordered: OrderedIP, which has codes of its own */
};
bool emu_ccs_address(struct emu_co *call, struct emu_ccs_pool *pool, struct emu_object *network,
                     const struct emu_ccs_wish *wish, const char **ret);
/* A new interface in @network; NULL when the call has failed. */
yyjson_mut_val *emu_ccs_interface(struct emu_co *call, struct emu_ccs_pool *pool,
                                  struct emu_object *network, const struct emu_ccs_wish *wish);

/* Networks (ccs_network.c). */

/* A network (of that VDC, unless it is NULL) that the caller may use. NULL when there is none; the
 * call has not failed then. */
struct emu_object *emu_ccs_network(struct emu_co *call, const char *id, const char *vdc_id);
struct emu_object *emu_ccs_first_network(struct emu_co *call, const char *vdc_id, bool public);
bool emu_ccs_is_public(const struct emu_object *network);
/* Returns whether the object is the caller's own, or one that every account has. */
bool emu_ccs_is_visible(const struct emu_co *call, const struct emu_object *object);
size_t emu_ccs_networks_of(struct emu_world *world, const char *vdc_id, struct emu_object ***ret);

/* VDCs (ccs_vdc.c). */

struct emu_object *emu_ccs_vdc(struct emu_co *call, const char *id); /* NULL: the call has failed */
void emu_ccs_network_seed(struct emu_world *world);
void emu_ccs_describe_vdc(struct emu_co *call);
void emu_ccs_create_vdc(struct emu_co *call);
void emu_ccs_delete_vdc(struct emu_co *call);
void emu_ccs_describe_ips(struct emu_co *call);
void emu_ccs_ips_of_segment(struct emu_co *call);

/* Disks (ccs_disk.c), images (ccs_image.c). */

/* A disk in our form from {Size, Type, IOPS}; NULL when the call has failed. */
yyjson_mut_val *emu_ccs_disk_read(struct emu_co *call, yyjson_mut_val *from, bool system,
                                  int64_t least);
yyjson_mut_val *emu_ccs_data_disks_read(struct emu_co *call, yyjson_mut_val *list, size_t most);
enum { EMU_CCS_MOST_DATA_DISKS = 14 };

struct emu_ccs_picture { /* an image that a request names */
    const char *id, *name;
    int64_t disk_gb;
};
void emu_ccs_image_seed(struct emu_world *world);
/* Finds the image of @id, public or the caller's own template; false when the call has failed. */
bool emu_ccs_picture(struct emu_co *call, const char *id, struct emu_ccs_picture *ret);

/* The actions. */

void emu_ccs_create_instance(struct emu_co *call);
void emu_ccs_describe_instance_price(struct emu_co *call);
void emu_ccs_describe_instances(struct emu_co *call);
void emu_ccs_delete_instance(struct emu_co *call);
void emu_ccs_power(struct emu_co *call);
void emu_ccs_modify_charge_type(struct emu_co *call);
void emu_ccs_modify_name(struct emu_co *call);
void emu_ccs_modify_attribute(struct emu_co *call);
void emu_ccs_modify_spec(struct emu_co *call);
void emu_ccs_modify_host_name(struct emu_co *call);
void emu_ccs_reset_password(struct emu_co *call);
void emu_ccs_console_url(struct emu_co *call);
void emu_ccs_create_disk(struct emu_co *call);
void emu_ccs_resize_disk(struct emu_co *call);
void emu_ccs_delete_disk(struct emu_co *call);
void emu_ccs_extend_system_disk(struct emu_co *call);
void emu_ccs_switch_interface(struct emu_co *call);
void emu_ccs_modify_ip(struct emu_co *call);
void emu_ccs_add_interfaces(struct emu_co *call);
void emu_ccs_delete_interfaces(struct emu_co *call);
void emu_ccs_describe_tags(struct emu_co *call);
void emu_ccs_create_tag(struct emu_co *call);
void emu_ccs_delete_tag(struct emu_co *call);
void emu_ccs_tag_instances(struct emu_co *call);
/* {TagId, TagName} of a tag of that name, made when it is missing. */
yyjson_mut_val *emu_ccs_tag(struct emu_co *call, const char *name);
void emu_ccs_describe_types(struct emu_co *call);
void emu_ccs_describe_available(struct emu_co *call);
void emu_ccs_reset_image(struct emu_co *call);
void emu_ccs_describe_templates(struct emu_co *call);
void emu_ccs_create_template(struct emu_co *call);
void emu_ccs_delete_template(struct emu_co *call);
void emu_ccs_sync_template(struct emu_co *call);
void emu_ccs_monitor(struct emu_co *call);
void emu_ccs_card_flow(struct emu_co *call);
void emu_ccs_host_types(struct emu_co *call);
void emu_ccs_hosts(struct emu_co *call);
void emu_ccs_allocate_hosts(struct emu_co *call);
void emu_ccs_host_event(struct emu_world *world, const struct emu_event *event);

extern const struct emu_co_product emu_ccs_product; /* ccs.c */

#endif
