/* SPDX-License-Identifier: Apache-2.0 */
/* Internal interface of JD Cloud's emulator: the row of an action, one call, goods and their
 * prices. Written from the vendor's pages (vm v1, disk v1, renewal v2, billing v1, order v2). Where
 * they leave a point open, the code that decides it says "our convention". */
#ifndef EMU_JDCLOUD_H
#define EMU_JDCLOUD_H

#include "emulator/engine/emulator.h"

#define EMU_JD "jdcloud"

/* A parameter. Types: s string, i integer, n number, b bool, o object, a list of objects, S list of
 * strings, x anything. */
struct emu_jd_field {
    const char *name;
    char type;
    bool required;
    const struct emu_jd_field *of; /* for o and a; NULL: members are not checked */
};

struct emu_jd_call {
    struct emu_world *world;
    struct emu_request *request;
    struct emu_reply *reply;
    const struct emu_jd_action *action;
    const char *region;
    const char *id; /* the {id} of the path; NULL when it has none */
    yyjson_mut_val
        *params; /* query or body, checked against the row: of the right types, without nulls */
    yyjson_mut_val *result; /* an empty object, filled by the handler */
};

struct emu_jd_action {
    const char *product; /* "vm": the service name in the scope */
    const char *name;
    const char *method;
    const char *version; /* "v1" */
    const char *path;    /* after /regions/{regionId}; {} is the one id */
    const struct emu_jd_field *params;
    void (*handle)(struct emu_jd_call *call);
};

extern const struct emu_jd_action emu_jd_actions[]; /* ends with a row of zeroes */

/* Answers (jdcloud_reply.c). */

/* Refuses the call; the first refusal counts. Always returns false, for `return emu_jd_fail(...)`.
 */
bool emu_jd_fail(struct emu_jd_call *call, int code, const char *status, const char *format, ...)
    EMU_PRINTF(4, 5);
void emu_jd_answer(struct emu_jd_call *call); /* success: sends call->result */
/* An error of the service. A missing status or code comes from the common error table. */
void emu_jd_refuse(struct emu_world *world, struct emu_request *request, int status,
                   const char *code, const char *message, struct emu_reply *reply);
/* An error with exactly these values. A text is error.status, next to the HTTP status as
 * error.code; any other @code is error.code. */
void emu_jd_error(struct emu_world *world, struct emu_request *request, int status,
                  yyjson_mut_val *code, const char *message, struct emu_reply *reply);
bool emu_jd_failed(const struct emu_jd_call *call);

/* Returns NULL when the signature is right, else the reason. Fills key_id and account. */
const char *emu_jd_check_signature(struct emu_world *world, struct emu_request *request,
                                   const char *region);

/* Reads query or body by the fields of the action; returns NULL after a refusal. */
yyjson_mut_val *emu_jd_read_params(struct emu_jd_call *call);

/* Goods (jdcloud_catalogue.c). */

struct emu_jd_type {
    const char *name, *family, *desc;
    int cpu, memory_mb, nics, disks, generation, local_disks;
    int64_t month, hour; /* list prices in micro-yuan */
};

struct emu_jd_disk_type {
    const char *name;
    int most_gb;
    int64_t month, hour; /* for each GiB */
};

extern const struct emu_jd_type emu_jd_types[];
extern const struct emu_jd_disk_type emu_jd_disk_types[];

const struct emu_jd_type *emu_jd_type_find(const char *name);
const struct emu_jd_disk_type *emu_jd_disk_type_find(const char *name);
bool emu_jd_region_known(const char *region);
bool emu_jd_zone_known(const char *region, const char *az);

/* Rules (jdcloud_rules.c). Each refuses the call and returns false. */

bool emu_jd_check_name(struct emu_jd_call *call, const char *name, size_t most, const char *what);
bool emu_jd_check_password(struct emu_jd_call *call, const char *password, const char *user);
bool emu_jd_check_hostname(struct emu_jd_call *call, const char *name, bool windows);
bool emu_jd_check_description(struct emu_jd_call *call, const char *text);
/* keyNames: none, or one that the account has, on Linux. Every account has EMU_JD_KEY. */
#define EMU_JD_KEY "key-demo000001"
bool emu_jd_check_keys(struct emu_jd_call *call, yyjson_mut_val *names, bool windows);
yyjson_mut_val *emu_jd_keys_shown(struct emu_world *world, yyjson_mut_val *names);
bool emu_jd_check_disk_size(struct emu_jd_call *call, const char *type, int64_t size_gb);
bool emu_jd_check_int(struct emu_jd_call *call, const char *name, int64_t value, int64_t least,
                      int64_t most);
/* Accepts one of the words between blanks; refuses an empty value as well. */
bool emu_jd_check_word(struct emu_jd_call *call, const char *name, const char *value,
                       const char *words);
bool emu_jd_check_charge(struct emu_jd_call *call, yyjson_mut_val *charge);
size_t emu_jd_letters(const char *text); /* characters of UTF-8 */

/* Objects (jdcloud_object.c). */

struct emu_object *emu_jd_find(struct emu_world *world, const char *kind, const char *id);
/* Returns the object of the caller's account and region, or refuses with 404 and returns NULL. */
struct emu_object *emu_jd_need(struct emu_jd_call *call, const char *kind, const char *id);
/* Lists the objects of the caller's account and region. */
size_t emu_jd_mine(struct emu_jd_call *call, const char *kind, struct emu_object ***ret);
/* Returns the instance of the call, idle and in one of the states between blanks; or refuses and
 * returns NULL. */
struct emu_object *emu_jd_need_instance(struct emu_jd_call *call, const char *states);
/* Refuses unless neither the object nor an attached disk has a running transition. */
bool emu_jd_idle(struct emu_jd_call *call, struct emu_object *object);
const char *emu_jd_status(const struct emu_object *object);
void emu_jd_set_status(struct emu_world *world, struct emu_object *object, const char *status);

/* Lists (jdcloud_list.c). */

/* How a filter matches; without a flag exactly, with one or more values. */
enum { EMU_JD_SUBSTRING = 1, EMU_JD_ONE = 2, EMU_JD_NOT = 4 };

struct emu_jd_filter {
    const char *name;
    const char *path; /* of the member in the shown object; NULL: same as name */
    int how;
};

struct emu_jd_list {
    const char *member;                  /* "instances" */
    const struct emu_jd_filter *filters; /* ends with a row of zeroes */
    bool paged;
};

/* Filters and pages @all (objects as they are shown) and puts the page into the result. */
void emu_jd_answer_list(struct emu_jd_call *call, yyjson_mut_val *all,
                        const struct emu_jd_list *list);

/* Money (jdcloud_money.c). */

/* One line of an order: an object and its price. */
struct emu_jd_line {
    const char *service;                      /* "vm", "disk", "ip" */
    const char *resource_id;                  /* NULL in a quote */
    int64_t total, original, discount, after; /* micro-yuan */
    int process; /* 0; for a change: 1 pays the difference, 2 extends the term instead */
};

/* The goods that an object is sold as. */
struct emu_jd_goods {
    const char *service, *key; /* "vm" and an instance type; "disk" and a disk type; "ip" */
    int64_t value;             /* 1; GiB; Mbps */
    int64_t iops;
};

bool emu_jd_goods_known(const struct emu_jd_goods *goods);
struct emu_jd_goods emu_jd_goods_of(const struct emu_object *object);
int64_t emu_jd_month(const struct emu_jd_goods *goods);
int64_t emu_jd_hour(const struct emu_jd_goods *goods);
void emu_jd_price_term(struct emu_world *world, const struct emu_jd_goods *goods, bool year,
                       int64_t span, struct emu_jd_line *ret);
void emu_jd_price_hour(struct emu_world *world, const struct emu_jd_goods *goods,
                       struct emu_jd_line *ret);
/* The price of changing @object into @to for the rest of its term. */
void emu_jd_price_change(struct emu_world *world, const struct emu_object *object,
                         const struct emu_jd_goods *to, struct emu_jd_line *ret);
/* The sum of all lines, truncated to cents. */
int64_t emu_jd_payable(const struct emu_jd_line *lines, size_t count);
/* Returns whether the balance covers the amount. With a NULL call it refuses nothing. */
bool emu_jd_affordable(struct emu_world *world, struct emu_jd_call *call, const char *account,
                       int64_t payable);

/* Orders (jdcloud_order.c). */

/* Makes an order and pays it from the balance. Returns its number, or refuses and returns NULL.
 * With a NULL call it refuses nothing. */
const char *emu_jd_pay(struct emu_world *world, struct emu_jd_call *call, const char *account,
                       const char *region, const char *kind, const struct emu_jd_line *lines,
                       size_t count, const char *token);
struct emu_object *emu_jd_order_new(struct emu_world *world, const char *account,
                                    const char *region, const char *kind,
                                    const struct emu_jd_line *lines, size_t count);
struct emu_jd_line *emu_jd_order_lines(struct emu_world *world, const struct emu_object *order,
                                       size_t *ret_count);
void emu_jd_order_set_status(struct emu_world *world, struct emu_object *order, const char *status);
/* Takes the amount from the balance, without checking it, and writes the ledger. */
void emu_jd_order_pay(struct emu_world *world, struct emu_object *order, const char *token);
/* Refunds the last order of that kind of the object, because it was not delivered. */
void emu_jd_refund(struct emu_world *world, struct emu_object *object, const char *order_kind);

/* Orders of renewals (jdcloud_order_renewal.c). */

/* Makes the order of a renewal: paid and delivered, or as the world's switch jd_order_status sets.
 * Refuses and returns NULL when the balance does not cover it. */
struct emu_object *emu_jd_order_renewal(struct emu_jd_call *call, const struct emu_jd_line *lines,
                                        size_t count, bool year, int64_t span);
void emu_jd_order_event(struct emu_world *world, const struct emu_event *event);

/* Charging over time (jdcloud_charge.c, jdcloud_billing.c). */

void emu_jd_charge_start(struct emu_world *world, struct emu_object *object, yyjson_mut_val *spec);
void emu_jd_set_expire(struct emu_world *world, struct emu_object *object, int64_t expire);
int64_t emu_jd_term_end(int64_t from, bool year, int64_t span);
void emu_jd_charge_event(struct emu_world *world, const struct emu_event *event);
void emu_jd_charge_renew(struct emu_world *world, struct emu_object *object, bool year,
                         int64_t span);
bool emu_jd_is_prepaid(const struct emu_object *object);
bool emu_jd_is_paid_up(const struct emu_object *object); /* chargeStatus normal */
/* Sets a new expiry after a change of size: a cheaper prepaid object gets a longer term. */
void emu_jd_charge_extend(struct emu_world *world, struct emu_object *object, int64_t expire);
int64_t emu_jd_days_left(struct emu_world *world, const struct emu_object *object);

/* Buying instances: jdcloud_plan.c checks, jdcloud_create.c makes. */

/* The checked parameters of createInstances. */
struct emu_jd_plan {
    yyjson_mut_val *spec;
    const char *name, *az;
    const struct emu_jd_type *type;
    struct emu_object *image;
    bool windows, cloud, prepaid;
    int64_t count;
    struct emu_jd_line *lines;
    struct emu_object **goods; /* the object of each line */
    size_t line_count;
};
/* Checks everything in the request; refuses the call and returns false when something is wrong. */
bool emu_jd_check_plan(struct emu_jd_call *call, struct emu_jd_plan *ret);

/* Instances, disks, images, interfaces. */

yyjson_mut_val *emu_jd_instance_shown(struct emu_world *world, struct emu_object *instance);
yyjson_mut_val *emu_jd_disk_shown(struct emu_world *world, struct emu_object *disk);
void emu_jd_instance_begin(struct emu_world *world, struct emu_object *instance,
                           const char *transition, const char *arg);
void emu_jd_instance_event(struct emu_world *world, const struct emu_event *event);
void emu_jd_instance_gone(struct emu_world *world, struct emu_object *instance, bool release_eip);
/* Makes a disk from a DiskSpec; it is not paid yet. */
struct emu_object *emu_jd_disk_new(struct emu_jd_call *call, yyjson_mut_val *spec, const char *az,
                                   const char *name);
bool emu_jd_check_disk_spec(struct emu_jd_call *call, yyjson_mut_val *spec, const char *az,
                            bool inside);
void emu_jd_disk_event(struct emu_world *world, const struct emu_event *event);
void emu_jd_disk_put(struct emu_world *world, struct emu_object *disk, struct emu_object *instance,
                     const char *status);
void emu_jd_disk_drop(struct emu_world *world, struct emu_object *disk,
                      struct emu_object *instance);
void emu_jd_disk_gone(struct emu_world *world, struct emu_object *disk);
struct emu_object *emu_jd_image_for(struct emu_jd_call *call, const char *image_id,
                                    const char *type);
void emu_jd_image_event(struct emu_world *world, const struct emu_event *event);
struct emu_object *emu_jd_nic_new(struct emu_jd_call *call, yyjson_mut_val *spec);
struct emu_object *emu_jd_eip_new(struct emu_jd_call *call, yyjson_mut_val *spec);
void emu_jd_eip_bind(struct emu_world *world, struct emu_object *eip, struct emu_object *instance);
void emu_jd_eip_unbind(struct emu_world *world, struct emu_object *eip);

/* Quotas and new worlds (jdcloud_quota.c, jdcloud_seed.c). */

int64_t emu_jd_quota_limit(struct emu_world *world, const char *type);
void emu_jd_seed(struct emu_world *world);
void emu_jd_seed_network(struct emu_world *world);

/* Handlers, one for each action, with the vendor's names. */
#define EMU_JD_HANDLER(name) void emu_jd_##name(struct emu_jd_call *call)
/* clang-format off */
EMU_JD_HANDLER(createInstances);
EMU_JD_HANDLER(describeInstances);
EMU_JD_HANDLER(describeInstance);
EMU_JD_HANDLER(describeInstanceStatus);
EMU_JD_HANDLER(describeInstancePrivateIpAddress);
EMU_JD_HANDLER(startInstance);
EMU_JD_HANDLER(stopInstance);
EMU_JD_HANDLER(rebootInstance);
EMU_JD_HANDLER(modifyInstancePassword);
EMU_JD_HANDLER(resizeInstance);
EMU_JD_HANDLER(rebuildInstance);
EMU_JD_HANDLER(deleteInstance);
EMU_JD_HANDLER(describeInstanceVncUrl);
EMU_JD_HANDLER(modifyInstanceAttribute);
EMU_JD_HANDLER(modifyInstanceDiskAttribute);
EMU_JD_HANDLER(modifyInstanceNetworkAttribute);
EMU_JD_HANDLER(attachDisk);
EMU_JD_HANDLER(detachDisk);
EMU_JD_HANDLER(describeInstanceTypes);
EMU_JD_HANDLER(describeQuotas);
EMU_JD_HANDLER(describeImages);
EMU_JD_HANDLER(describeImage);
EMU_JD_HANDLER(createImage);
EMU_JD_HANDLER(copyImages);
EMU_JD_HANDLER(deleteImage);
EMU_JD_HANDLER(modifyImageAttribute);
EMU_JD_HANDLER(shareImage);
EMU_JD_HANDLER(unShareImage);
EMU_JD_HANDLER(describeImageMembers);
EMU_JD_HANDLER(describeImageConstraints);
EMU_JD_HANDLER(describeImageConstraintsBatch);
EMU_JD_HANDLER(associateElasticIp);
EMU_JD_HANDLER(disassociateElasticIp);
EMU_JD_HANDLER(attachNetworkInterface);
EMU_JD_HANDLER(detachNetworkInterface);
EMU_JD_HANDLER(describeDisk);
EMU_JD_HANDLER(describeDisks);
EMU_JD_HANDLER(createDisks);
EMU_JD_HANDLER(extendDisk);
EMU_JD_HANDLER(deleteDisk);
EMU_JD_HANDLER(modifyDiskAttribute);
EMU_JD_HANDLER(describeQuota);
EMU_JD_HANDLER(queryInstance);
EMU_JD_HANDLER(renewInstance);
EMU_JD_HANDLER(setRenewal);
EMU_JD_HANDLER(calculateTotalPrice);
EMU_JD_HANDLER(queryOrder);
EMU_JD_HANDLER(queryOrders);
/* clang-format on */

#endif
