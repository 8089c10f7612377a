/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal interface of CapitalOnline's ECS and EBS, written from the vendor's documents.
 *
 * Every world has, for every account, in zone CN_Hohhot_B:
 * - VPC 11111111-1111-4111-8111-111111111111, with
 * - subnet 22222222-2222-4222-8222-222222222222
 * - image img-demo000000000001 "Ubuntu 20.04 64位", security group sg-demo000000000001
 * - elastic IPs 66666666-6666-4666-8666-666666666601 and ...602
 * - the VPC and subnet of the documents' sample of CreateInstance
 *
 * ecs_data.c has the other zones.
 *
 * Switches of POST /_emulator/world {"switches":{...}} besides those of capitalonline.h:
 * - ecs_free_shutdown 0: the account is not on the white list for stopping without charge (default:
 *   it is)
 *
 * Quotas: "ecs" (instances of an account, 500), "ebs" (GB of cloud disk in a zone, 10240). Names
 * for "sold_out": a zone code, a family name, or ZONE/FAMILY.
 */
#ifndef EMU_ECS_H
#define EMU_ECS_H

#include "emulator/capitalonline/common/capitalonline.h"

#define EMU_ECS "capitalonline_ecs"

extern const struct emu_service emu_capitalonline_ecs;

/* Places, families, images and networks for sale (ecs_data.c). */

struct emu_ecs_zone {
    const char *code, *name, *id;
    const char *region_code, *region_name, *region_id;
    const char *group_name, *group_id;
};

struct emu_ecs_vpc {
    const char *id, *name, *region_code, *segment;
};

struct emu_ecs_subnet {
    const char *id, *name, *vpc_id, *zone_code;
    const char *prefix; /* the first two numbers of its addresses */
};

struct emu_ecs_spec {
    int cpu, ram, gpu;
};

struct emu_ecs_family {
    const char *name, *id;
    const char *card, *card_id, *driver, *card_type; /* "" without a GPU */
    const char *cpu_name;
    int64_t cpu_month, ram_month, gpu_month; /* cents for one core, one GB, one card */
    int64_t cpu_day, ram_day, gpu_day;
    struct emu_ecs_spec specs[8]; /* ends with zeroes */
};

struct emu_ecs_image {
    const char *id, *name, *os_type, *os_version, *driver, *user;
    int os_size, is_gpu;
};

struct emu_ecs_subject { /* a test account */
    const char *name, *begin, *end;
    int64_t income, balance; /* micros */
    int days;
};

/* These tables end with a NULL id or name. */
extern const struct emu_ecs_zone emu_ecs_zones[];
extern const struct emu_ecs_vpc emu_ecs_vpcs[];
extern const struct emu_ecs_subnet emu_ecs_subnets[];
extern const struct emu_ecs_family emu_ecs_families[];
extern const struct emu_ecs_image emu_ecs_images[];
extern const char *const emu_ecs_security_groups[];
extern const struct emu_ecs_subject emu_ecs_subjects[];
extern const char *const emu_ecs_eips[][3]; /* id, address, line; ends with NULL */

const struct emu_ecs_zone *
emu_ecs_zone_find(const char *code); /* ignores case; NULL when there is none */
const struct emu_ecs_vpc *emu_ecs_vpc_find(const char *id);
const struct emu_ecs_subnet *emu_ecs_subnet_find(const char *id);
const struct emu_ecs_family *emu_ecs_family_find(const char *name); /* ignores case */
bool emu_ecs_family_has(const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu);
bool emu_ecs_sold_out(struct emu_world *world, const struct emu_ecs_zone *zone,
                      const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu);
/* The Chinese name of a status or of another value in the documents. */
const char *emu_ecs_display(const char *table, const char *word);

/* The account of a test account in the ledger and the balances. */
char *emu_ecs_subject_payer(struct emu_world *world, const char *name);
const struct emu_ecs_subject *emu_ecs_subject_find(const char *name);

/* Networks (ecs_network.c). */

/* Addresses of the subnet for @count new instances: those of SubnetInfo.IpAddress, or free ones.
 * NULL after failing. */
const char **emu_ecs_addresses(struct emu_co *call, const struct emu_ecs_subnet *subnet,
                               size_t count);
bool emu_ecs_pubnet_good(struct emu_co *call, size_t count, bool prepaid);
/* Gives the instance number @index its public address, when PubnetInfo requests one. */
void emu_ecs_eip_bind(struct emu_co *call, struct emu_object *instance,
                      const struct emu_ecs_subnet *subnet, size_t index);
void emu_ecs_release_eip(struct emu_world *world, struct emu_object *instance, bool for_good);

/* Images, public and private (ecs_image.c). */

/* The record of DescribeImages in @zone for an image id or name; NULL when the account has none
 * there. */
yyjson_mut_val *emu_ecs_image_find(struct emu_co *call, const struct emu_ecs_zone *zone,
                                   const char *word);

/* Prices (ecs_price.c). */

struct emu_ecs_config {
    const struct emu_ecs_family *family;
    int64_t cpu, ram, gpu;
    int64_t cloud_gb, local_gb; /* of all disks together */
};

struct emu_ecs_term {
    const char *billing; /* "0" on demand, "1" prepaid, "3" spot */
    int64_t months;
    bool to_month_end;
    int64_t bid; /* spot: micros for a day */
};

int64_t emu_ecs_month_price(const struct emu_ecs_config *config); /* micros */
int64_t emu_ecs_day_price(const struct emu_ecs_config *config);
int64_t emu_ecs_spot_price(const struct emu_ecs_config *config); /* the lowest bid for a day */
/* The charge at the start of one instance: the term, or the first day when it is paid by the day.
 */
int64_t emu_ecs_price(const struct emu_ecs_config *config, const struct emu_ecs_term *term,
                      int64_t now);
bool emu_ecs_months_allowed(int64_t months); /* 1 to 12, 24, 36 */
/* The configuration that the instance's bill covers: with its own disks, without those bought
 * alone. */
struct emu_ecs_config emu_ecs_config_of(struct emu_world *world, struct emu_object *instance);

/* Objects (ecs_object.c). */

/* NULL when the account has no such object or the instance has been destroyed. */
struct emu_object *emu_ecs_find(struct emu_co *call, const char *kind, const char *id);
/* The disks of an instance, the system disk first. */
size_t emu_ecs_disks_of(struct emu_world *world, const struct emu_object *instance,
                        struct emu_object ***ret);
const char *emu_ecs_status(const struct emu_object *object);
bool emu_ecs_is(const struct emu_object *object, const char *statuses); /* " running shutdown " */
void emu_ecs_set_status(struct emu_world *world, struct emu_object *object, const char *status);

/* Bills (ecs_charge.c, ecs_bill.c). */

bool emu_ecs_can_pay(struct emu_world *world, const char *payer, int64_t micros);
const char *emu_ecs_payer(const struct emu_object *object); /* the account that pays */
bool emu_ecs_is_prepaid(const struct emu_object *object);
void emu_ecs_charge(struct emu_world *world, struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros);
/* Schedules the next bill: at the end of the term, or in a day. */
void emu_ecs_bill_start(struct emu_world *world, struct emu_object *object);
void emu_ecs_bill_at(struct emu_world *world, struct emu_object *object, int64_t at);
void emu_ecs_bill_due(struct emu_world *world, struct emu_object *object);
void emu_ecs_seed(struct emu_world *world);

/* Work on an object (ecs_work.c). */

struct emu_ecs_work {
    const char *kind;       /* "instance", "disk", "image" */
    const char *transition; /* its name in the timeline */
    const char *during;     /* the status during it */
    const char *after;      /* NULL: the status before it */
    const char *failed;     /* NULL: the status before it */
    const char *task_type;
    void (*end)(struct emu_world *world, struct emu_object *object, bool failed); /* may be NULL */
};

void emu_ecs_work_end(struct emu_world *world, const struct emu_event *event);
const struct emu_ecs_work *emu_ecs_work_find(const char *task_type);
const struct emu_ecs_work *emu_ecs_work_of(const char *kind, const char *transition);
/* Called when an instance is removed: removes its disks, or detaches those that stay. */
void emu_ecs_release_disks(struct emu_world *world, struct emu_object *instance);

/* Events and tasks (ecs_event.c). */

struct emu_object *emu_ecs_event_new(struct emu_co *call, const char *type);
/* Begins @work on @object as a task of @event. */
void emu_ecs_begin(struct emu_world *world, struct emu_object *event, struct emu_object *object,
                   const struct emu_ecs_work *work);
/* Begins a second step of running work. The task continues; the status before the work is kept. */
void emu_ecs_continue(struct emu_world *world, struct emu_object *object,
                      const struct emu_ecs_work *work);
void emu_ecs_event_begin(struct emu_world *world, struct emu_object *event);
void emu_ecs_event_end_task(struct emu_world *world, const char *event_id, const char *resource,
                            bool failed);
/* {"EventId": ...} */
yyjson_mut_val *emu_ecs_event_data(struct emu_world *world, const struct emu_object *event);

/* Instances and disks. */

/* Fails unless the parameter is absent, 0 or 1. */
bool emu_ecs_flag_good(struct emu_co *call, const char *name);
/* Fails with the documents' codes unless all of EcsIds exist and share a zone and a VPC. */
bool emu_ecs_batch(struct emu_co *call, struct emu_object ***ret, size_t *ret_count);
bool emu_ecs_batch_in(struct emu_co *call, struct emu_object **list, size_t count,
                      const char *statuses);
struct emu_object *emu_ecs_disk_new(struct emu_co *call, const struct emu_ecs_zone *zone,
                                    yyjson_mut_val *body);
/* GB of cloud disk that the account uses in the zone. */
int64_t emu_ecs_disk_used(struct emu_world *world, const char *account, const char *zone_code);
bool emu_ecs_disk_size_good(struct emu_co *call, int64_t size);
/* Fails unless the given AvailableZoneCode and RegionCode exist. */
bool emu_ecs_place_good(struct emu_co *call);
/* Returns the requested page of @list and fills call->page_... */
yyjson_mut_val *emu_ecs_page(struct emu_co *call, yyjson_mut_val *list);
/* Sends a page of the account's wanted objects, each as @shown returns it. */
void emu_ecs_answer_list(struct emu_co *call, const char *kind, const char *name,
                         bool (*wanted)(struct emu_co *call, const struct emu_object *object),
                         yyjson_mut_val *(*shown)(struct emu_world *world,
                                                  const struct emu_object *object));

/* The actions (rows in ecs.c). */

void emu_ecs_describe_regions(struct emu_co *call);
void emu_ecs_describe_family_info(struct emu_co *call);
void emu_ecs_describe_zone_instance_type(struct emu_co *call);
void emu_ecs_describe_images(struct emu_co *call);
void emu_ecs_describe_price(struct emu_co *call);
void emu_ecs_describe_account_subject(struct emu_co *call);
void emu_ecs_describe_vpc(struct emu_co *call);
void emu_ecs_describe_subnet(struct emu_co *call);
void emu_ecs_describe_instance_list(struct emu_co *call);
void emu_ecs_describe_instance(struct emu_co *call);
void emu_ecs_describe_instance_status(struct emu_co *call);
void emu_ecs_describe_instance_vnc_url(struct emu_co *call);
void emu_ecs_describe_instance_monitor(struct emu_co *call);
void emu_ecs_describe_event(struct emu_co *call);
void emu_ecs_create_instance(struct emu_co *call);
void emu_ecs_operate_instance(struct emu_co *call);
void emu_ecs_delete_instance(struct emu_co *call);
void emu_ecs_modify_password(struct emu_co *call);
void emu_ecs_modify_name(struct emu_co *call);
void emu_ecs_change_configure(struct emu_co *call);
void emu_ecs_create_image(struct emu_co *call);
void emu_ecs_delete_image(struct emu_co *call);
void emu_ecs_sync_image(struct emu_co *call);
void emu_ecs_create_disk(struct emu_co *call);
void emu_ecs_delete_disk(struct emu_co *call);
void emu_ecs_detach_disk(struct emu_co *call);
void emu_ecs_attach_disk(struct emu_co *call);
void emu_ecs_extend_disk(struct emu_co *call);
void emu_ecs_describe_disk_quota(struct emu_co *call);
void emu_ecs_describe_disk_list(struct emu_co *call);
void emu_ecs_describe_disk(struct emu_co *call);
void emu_ecs_describe_attach_disks(struct emu_co *call);

#endif
