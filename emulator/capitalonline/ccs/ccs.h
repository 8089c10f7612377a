/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rooms of CapitalOnline's CCS (云主机) share: its catalogue, its instances and their
 * tasks, its money, its networks. Signature, parameters and envelopes are capitalonline.h's.
 *
 * In every world, for every account, in CN_Beijing_A: the VDC below with a private and a public
 * network, and a template (a custom image) of the id that the page uses in its examples.
 *
 * Switches of POST /_emulator/world, beside those of capitalonline.h:
 * - ccs_change_running 1: ModifyInstanceSpec and ResetImage also work on a running instance. The
 *   documents do not say; terraform stops the instance first, and so must one here by default.
 * - ccs_go_example 1: Password may be missing where the vendor's Go example of 2020 leaves it out
 *   (ModifyIpAddress, ResetImage with a PublicKey); the tables require it.
 * - ccs_task_start_ms N: how long a task is NEW; until then what it makes is in no list.
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

struct emu_ccs_zone {
    const char *id, *city, *letter; /* "CN_Beijing_A", "北京", "A" */
    bool closed;                    /* taken off sale for good */
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

extern const struct emu_ccs_zone emu_ccs_zones[]; /* ended by a NULL id, as the others */
extern const struct emu_ccs_type emu_ccs_types[];
extern const struct emu_ccs_disk emu_ccs_disks[];
extern const char *const emu_ccs_images[];
extern const int64_t emu_ccs_cpus[], emu_ccs_rams[]; /* ended by 0 */
extern const int64_t emu_ccs_pack_month;             /* micro-yuan for one IOPS pack */
extern const int64_t emu_ccs_pack_iops;

const struct emu_ccs_zone *emu_ccs_zone(const char *id); /* without case: the documents mix it */
const struct emu_ccs_type *emu_ccs_type(const char *id);
const struct emu_ccs_disk *emu_ccs_disk(const char *id);
const char *emu_ccs_image(const char *name);
int64_t emu_ccs_image_disk_gb(const char *image); /* the least system disk */
bool emu_ccs_shape_sold(const struct emu_ccs_type *type, int64_t cpu, int64_t ram);
const char *emu_ccs_zone_name(struct emu_world *world, const struct emu_ccs_zone *zone);

/* What an id looks like: 8-4-4-4-12. The documents' own examples go beyond hex, so we take any of
 * 0-9a-z. */
bool emu_ccs_id_good(const char *id);
/* The instance of InstanceId, the caller's own; NULL when the call has failed. */
struct emu_object *emu_ccs_instance(struct emu_co *call);
/* Those of InstanceIds, each once; 0 when the call has failed. */
size_t emu_ccs_instances(struct emu_co *call, struct emu_object ***ret);
/* PageNumber and PageSize (@size when there is none), made to be usable; members from @first on and
 * before @end are the page's. */
struct emu_ccs_page {
    int64_t number, size;
    size_t first, end;
};
struct emu_ccs_page emu_ccs_page_read(struct emu_co *call, int64_t size);
/* Is it in one of these states ("running stop") and still paid for (or "unpaid" among them)? If
 * not, the call has failed. */
bool emu_ccs_state_good(struct emu_co *call, const struct emu_object *instance, const char *states);

bool emu_ccs_wrong_state(struct emu_co *call); /* fails with 403; always false */

/* A new task, for so many steps; none: it is finished. Its id is decimal or, as some of the
 * examples are, a UUID. */
int64_t emu_ccs_task_start_ms(struct emu_world *world); /* how long a task is NEW */
struct emu_object *emu_ccs_task_new(struct emu_co *call, const char *type, bool uuid);
void emu_ccs_task_covers(struct emu_world *world, struct emu_object *task, const char *resource_id,
                         bool takes_time);

/* How an instance changes: it goes through @during to @then, and then gets the members of @change.
 */
struct emu_ccs_change {
    const char *name;   /* of the transition */
    const char *during; /* NULL: "updating" */
    const char *then;   /* NULL: the state it is in now */
    yyjson_mut_val *change;
    int64_t spent; /* given back when it fails */
};
void emu_ccs_change(struct emu_co *call, struct emu_object *instance, struct emu_object *task,
                    const struct emu_ccs_change *change);
/* The usual write: one task over one instance, and the answer. */
void emu_ccs_change_one(struct emu_co *call, struct emu_object *instance, bool uuid,
                        const struct emu_ccs_change *change);
void emu_ccs_describe_task(struct emu_co *call);
void emu_ccs_change_event(struct emu_world *world, const struct emu_event *event);

int64_t emu_ccs_month_price(yyjson_mut_val *shape);
/* What is paid first: for @months (0: to the month's end), or for a day on demand. */
int64_t emu_ccs_first_price(yyjson_mut_val *shape, bool prepaid, int64_t months, int64_t now);
bool emu_ccs_can_pay(struct emu_co *call, int64_t micros); /* if not, the call has failed */
void emu_ccs_charge(struct emu_world *world, const struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros);
/* A new instance's bill: charged at once, or day by day. */
int64_t emu_ccs_bill_begin(struct emu_world *world, struct emu_object *instance, bool prepaid,
                           int64_t months, const char *order_id);
/* Charge what was used on demand until now. */
void emu_ccs_bill_settle(struct emu_world *world, struct emu_object *instance);
void emu_ccs_bill_stop(struct emu_world *world, struct emu_object *instance);
/* What changing to @shape costs now; 0 on demand. Fails the call when it is not to be had. */
bool emu_ccs_bill_upgrade(struct emu_co *call, struct emu_object *instance, yyjson_mut_val *shape,
                          const char *order_id, int64_t *ret_spent);
bool emu_ccs_is_prepaid(const struct emu_object *instance);
/* Makes it prepaid until @expiry, and paid for. */
void emu_ccs_bill_prepay(struct emu_world *world, struct emu_object *instance, int64_t expiry,
                         int64_t auto_renew);
void emu_ccs_bill_event(struct emu_world *world, const struct emu_event *event);

bool emu_ccs_address_read(const char *text, uint32_t *ret);
char *emu_ccs_address_text(struct emu_world *world, uint32_t address);
/* "10.240.193.1/32": its first and last address. */
bool emu_ccs_segment_read(struct emu_world *world, const char *text, uint32_t *ret_first,
                          uint32_t *ret_last);
/* The addresses of a network that instances may have. */
void emu_ccs_range(const struct emu_object *network, uint32_t *ret_first, uint32_t *ret_last);
yyjson_mut_val *emu_ccs_free_list(struct emu_world *world, uint32_t first, uint32_t last);
const char *emu_ccs_ipv6(struct emu_world *world, const char *address);

/* Addresses in use, so that several can be taken in one request. */
struct emu_ccs_pool {
    struct emu_world *world;
    uint32_t *used;
    size_t count, room;
    size_t old; /* so many of them were in use before */
};
struct emu_ccs_pool emu_ccs_pool_open(struct emu_world *world);
bool emu_ccs_pool_has(const struct emu_ccs_pool *pool, uint32_t address);

struct emu_ccs_wish {
    const char *address; /* one of the network's; "auto": the next free one; "": none */
    const char *segment; /* from these; NULL or "": from all */
    bool ipv6, ordered;  /* ordered: OrderedIP, which has codes of its own */
};
bool emu_ccs_address(struct emu_co *call, struct emu_ccs_pool *pool, struct emu_object *network,
                     const struct emu_ccs_wish *wish, const char **ret);
/* A new interface in @network; NULL when the call has failed. */
yyjson_mut_val *emu_ccs_interface(struct emu_co *call, struct emu_ccs_pool *pool,
                                  struct emu_object *network, const struct emu_ccs_wish *wish);

/* A network (of that VDC, when it is not NULL) that the caller may use; NULL when there is none,
 * without failing the call. */
struct emu_object *emu_ccs_network(struct emu_co *call, const char *id, const char *vdc_id);
struct emu_object *emu_ccs_first_network(struct emu_co *call, const char *vdc_id, bool public);
bool emu_ccs_is_public(const struct emu_object *network);
/* The caller's own, or one that every account has. */
bool emu_ccs_is_visible(const struct emu_co *call, const struct emu_object *object);
size_t emu_ccs_networks_of(struct emu_world *world, const char *vdc_id, struct emu_object ***ret);

struct emu_object *emu_ccs_vdc(struct emu_co *call, const char *id); /* NULL: the call has failed */
void emu_ccs_network_seed(struct emu_world *world);
void emu_ccs_describe_vdc(struct emu_co *call);
void emu_ccs_create_vdc(struct emu_co *call);
void emu_ccs_delete_vdc(struct emu_co *call);
void emu_ccs_describe_ips(struct emu_co *call);
void emu_ccs_ips_of_segment(struct emu_co *call);

/* A disk as we keep it from {Size, Type, IOPS}; NULL when the call has failed. */
yyjson_mut_val *emu_ccs_disk_read(struct emu_co *call, yyjson_mut_val *from, bool system,
                                  int64_t least);
yyjson_mut_val *emu_ccs_data_disks_read(struct emu_co *call, yyjson_mut_val *list, size_t most);
enum { EMU_CCS_MOST_DATA_DISKS = 14 };

struct emu_ccs_picture { /* an image that a request names */
    const char *id, *name;
    int64_t disk_gb;
};
void emu_ccs_image_seed(struct emu_world *world);
/* The image of @id, public or the caller's own template; false when the call has failed. */
bool emu_ccs_picture(struct emu_co *call, const char *id, struct emu_ccs_picture *ret);

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

extern const struct emu_co_product emu_ccs_product; /* ccs_actions.c */

#endif
