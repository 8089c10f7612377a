/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CapitalOnline's ECS and EBS, pretended: what the files ecs_*.c share. Written from the vendor's
 * documents.
 *
 * Every world has, for every account, in zone CN_Hohhot_B:
 *   VPC 11111111-1111-4111-8111-111111111111, in it
 *   subnet 22222222-2222-4222-8222-222222222222
 *   image img-demo000000000001 "Ubuntu 20.04 64位", security group sg-demo000000000001
 *   elastic IPs 66666666-6666-4666-8666-666666666601 and ...602
 * and the VPC and subnet of the documents' sample of CreateInstance. The other zones: ecs_data.c.
 *
 * Switches of POST /_emulator/world {"switches":{...}} beside those of capitalonline.h:
 *   ecs_free_shutdown  0: the account is not on the white list for stopping without charge
 * (default: it is) Quotas: "ecs" (instances an account may have, 500), "ebs" (GB of cloud disk in a
 * zone, 10240). Names for "sold_out": a zone code, a family name, or ZONE/FAMILY.
 */
#ifndef EMU_ECS_H
#define EMU_ECS_H

#include "emulator/capitalonline/common/capitalonline.h"

#define EMU_ECS "capitalonline_ecs"

extern const struct emu_service emu_capitalonline_ecs;

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
    const char *card, *card_id, *driver, *card_type; /* "" where there is no GPU */
    const char *cpu_name;
    int64_t cpu_month, ram_month, gpu_month; /* cents for one core, one GB, one card */
    int64_t cpu_day, ram_day, gpu_day;
    struct emu_ecs_spec specs[8]; /* ended by zeroes */
};

struct emu_ecs_image {
    const char *id, *name, *os_type, *os_version, *driver, *user;
    int os_size, is_gpu;
};

struct emu_ecs_subject { /* test money */
    const char *name, *begin, *end;
    int64_t income, balance; /* micros */
    int days;
};

/* Rows of these tables end with a NULL id or name. */
extern const struct emu_ecs_zone emu_ecs_zones[];
extern const struct emu_ecs_vpc emu_ecs_vpcs[];
extern const struct emu_ecs_subnet emu_ecs_subnets[];
extern const struct emu_ecs_family emu_ecs_families[];
extern const struct emu_ecs_image emu_ecs_images[];
extern const char *const emu_ecs_security_groups[];
extern const struct emu_ecs_subject emu_ecs_subjects[];
extern const char *const emu_ecs_eips[][3]; /* id, address, line; ended by NULL */

const struct emu_ecs_zone *
emu_ecs_zone_find(const char *code); /* without case; NULL when there is none */
const struct emu_ecs_vpc *emu_ecs_vpc_find(const char *id);
const struct emu_ecs_subnet *emu_ecs_subnet_find(const char *id);
const struct emu_ecs_family *emu_ecs_family_find(const char *name); /* without case */
bool emu_ecs_family_has(const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu);
bool emu_ecs_sold_out(struct emu_world *world, const struct emu_ecs_zone *zone,
                      const struct emu_ecs_family *family, int64_t cpu, int64_t ram, int64_t gpu);
/* The Chinese word for a status or another word of the documents. */
const char *emu_ecs_display(const char *table, const char *word);

/* The account behind a test account, in the ledger and the balances. */
char *emu_ecs_subject_payer(struct emu_world *world, const char *name);
const struct emu_ecs_subject *emu_ecs_subject_find(const char *name);

/* Addresses of the subnet for so many new instances: those of SubnetInfo.IpAddress, or free ones;
 * NULL after failing. */
const char **emu_ecs_addresses(struct emu_co *call, const struct emu_ecs_subnet *subnet,
                               size_t count);
bool emu_ecs_pubnet_good(struct emu_co *call, size_t count, bool prepaid);
/* Give the instance of that index its public address, when PubnetInfo asks for one. */
void emu_ecs_eip_bind(struct emu_co *call, struct emu_object *instance,
                      const struct emu_ecs_subnet *subnet, size_t index);
void emu_ecs_release_eip(struct emu_world *world, struct emu_object *instance, bool for_good);

/* The record of DescribeImages in @zone, of an image by id or name; NULL: the account has none
 * there. */
yyjson_mut_val *emu_ecs_image_find(struct emu_co *call, const struct emu_ecs_zone *zone,
                                   const char *word);

struct emu_ecs_shape {
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

int64_t emu_ecs_month_price(const struct emu_ecs_shape *shape); /* micros */
int64_t emu_ecs_day_price(const struct emu_ecs_shape *shape);
int64_t emu_ecs_spot_price(const struct emu_ecs_shape *shape); /* the lowest bid for a day */
/* What one is charged at once for one instance: the term, or the first day of what is paid by the
 * day. */
int64_t emu_ecs_price(const struct emu_ecs_shape *shape, const struct emu_ecs_term *term,
                      int64_t now);
bool emu_ecs_months_legal(int64_t months); /* 1 to 12, 24, 36 */
/* The shape that the bill of this instance is for: its own disks, not those bought alone. */
struct emu_ecs_shape emu_ecs_shape_of(struct emu_world *world, struct emu_object *instance);

bool emu_ecs_can_pay(struct emu_world *world, const char *payer, int64_t micros);
const char *emu_ecs_payer(const struct emu_object *object); /* the account that pays */
bool emu_ecs_is_prepaid(const struct emu_object *object);
void emu_ecs_charge(struct emu_world *world, struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros);
/* Have the next bill come: at the end of the term, or in a day. */
void emu_ecs_bill_start(struct emu_world *world, struct emu_object *object);
void emu_ecs_bill_at(struct emu_world *world, struct emu_object *object, int64_t at);
void emu_ecs_bill_due(struct emu_world *world, struct emu_object *object);

struct emu_ecs_work {
    const char *kind;       /* "instance", "disk", "image" */
    const char *transition; /* its name in the timeline */
    const char *during;     /* the status while it lasts */
    const char *after;      /* NULL: what it was before */
    const char *failed;     /* NULL: what it was before */
    const char *task_type;
    void (*end)(struct emu_world *world, struct emu_object *object, bool failed); /* or NULL */
};

struct emu_object *emu_ecs_event_new(struct emu_co *call, const char *type);
/* Begin @work on @object as a task of @event. */
void emu_ecs_begin(struct emu_world *world, struct emu_object *event, struct emu_object *object,
                   const struct emu_ecs_work *work);
/* A second step of what began: the task goes on, the status to go back to stays. */
void emu_ecs_go_on(struct emu_world *world, struct emu_object *object,
                   const struct emu_ecs_work *work);
void emu_ecs_event_begin(struct emu_world *world, struct emu_object *event);
void emu_ecs_event_end_task(struct emu_world *world, const char *event_id, const char *resource,
                            bool failed);
void emu_ecs_work_end(struct emu_world *world, const struct emu_event *event);
void emu_ecs_seed(struct emu_world *world);
const struct emu_ecs_work *emu_ecs_work_find(const char *task_type);
const struct emu_ecs_work *emu_ecs_work_of(const char *kind, const char *transition);
const char *emu_ecs_status(const struct emu_object *object);
bool emu_ecs_is(const struct emu_object *object, const char *statuses); /* " running shutdown " */
void emu_ecs_set_status(struct emu_world *world, struct emu_object *object, const char *status);
/* {"EventId": ...} */
yyjson_mut_val *emu_ecs_event_data(struct emu_world *world, const struct emu_object *event);

/* NULL when the account has none of that id, or, of instances, when it has been destroyed. */
struct emu_object *emu_ecs_find(struct emu_co *call, const char *kind, const char *id);
/* Fails unless the parameter, where it is given, is 0 or 1. */
bool emu_ecs_flag_good(struct emu_co *call, const char *name);
/* Fails with the documents' codes unless all of EcsIds exist and share a zone and a VPC. */
bool emu_ecs_batch(struct emu_co *call, struct emu_object ***ret, size_t *ret_count);
bool emu_ecs_batch_in(struct emu_co *call, struct emu_object **list, size_t count,
                      const char *statuses);
/* The disks of an instance, the system disk first. */
size_t emu_ecs_disks_of(struct emu_world *world, const struct emu_object *instance,
                        struct emu_object ***ret);
struct emu_object *emu_ecs_disk_new(struct emu_co *call, const struct emu_ecs_zone *zone,
                                    yyjson_mut_val *body);
/* GB of cloud disk that the account uses in the zone. */
int64_t emu_ecs_disk_used(struct emu_world *world, const char *account, const char *zone_code);
bool emu_ecs_disk_size_good(struct emu_co *call, int64_t size);
/* An instance has gone: its disks go, or stand alone. */
void emu_ecs_release_disks(struct emu_world *world, struct emu_object *instance);
/* Fails unless the AvailableZoneCode and RegionCode that are given exist. */
bool emu_ecs_place_good(struct emu_co *call);
/* Keeps of @list what the page of the request holds, and fills call->page_... */
yyjson_mut_val *emu_ecs_page(struct emu_co *call, yyjson_mut_val *list);
/* Answers with a page of the account's objects that are wanted, each as it is shown. */
void emu_ecs_answer_list(struct emu_co *call, const char *kind, const char *name,
                         bool (*wanted)(struct emu_co *call, const struct emu_object *object),
                         yyjson_mut_val *(*shown)(struct emu_world *world,
                                                  const struct emu_object *object));

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
