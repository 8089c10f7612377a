/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Row macros that the tables of all providers share, so that a name means the same in every folder.
 *
 *   PATH, QUERY..., BODY...         a parameter of an action (actions.def)
 *   INSTANCE_..., DISK_..., ...     a field of an answer and the member that it fills (fields.c)
 *   RESULT_LIST, RESULT_ONE, ...    a list in an answer and the array that it fills (fields.c)
 *   TEXT_ARGUMENT, INT_ARGUMENT     an argument with a fixed value (arguments.c)
 *   NATIVE, COMPOSED, ...           the support and the steps of an operation (ops.c)
 *
 * Macros that begin with CC_ are from cloud_provider.h. Every row macro checks the type of the
 * member that it names, so a row for a member of another type does not compile.
 */
#ifndef PROVIDERS_ROWS_H
#define PROVIDERS_ROWS_H

#include "include/cloud_provider.h"

/* clang-format off */

/* Parameters of actions: the vendor's name, and the type without its prefix CC_ */

#define PATH(name_)                 { .name = name_, .where = CC_PATH, .required = true }
#define QUERY(name_, type_)         { .name = name_, .where = CC_QUERY, .type = CC_##type_ }
#define QUERY_REQUIRED(name_, type_) \
    { .name = name_, .where = CC_QUERY, .type = CC_##type_, .required = true }
#define BODY(name_, type_)          { .name = name_, .where = CC_BODY, .type = CC_##type_ }
#define BODY_REQUIRED(name_, type_) \
    { .name = name_, .where = CC_BODY, .type = CC_##type_, .required = true }
#define BODY_SECRET(name_)          { .name = name_, .where = CC_BODY, .secret = true }
#define BODY_SECRET_REQUIRED(name_) \
    { .name = name_, .where = CC_BODY, .secret = true, .required = true }

/* may be given instead of the required parameter @other_ */
#define QUERY_INSTEAD_OF(name_, type_, other_) \
    { .name = name_, .where = CC_QUERY, .type = CC_##type_, .instead = other_ }
#define BODY_INSTEAD_OF(name_, type_, other_) \
    { .name = name_, .where = CC_BODY, .type = CC_##type_, .instead = other_ }

/* a list of strings as one text in the query: joined by commas, or as JSON */
#define QUERY_JOINED(name_) \
    { .name = name_, .where = CC_QUERY, .type = CC_STRINGS, .list = CC_JOINED }
#define QUERY_JSON(name_) \
    { .name = name_, .where = CC_QUERY, .type = CC_STRINGS, .list = CC_JSON }
/* a list of objects; the page's example has a single object instead, so that is accepted too */
#define BODY_LIST_OR_OBJECT(name_) \
    { .name = name_, .where = CC_BODY, .type = CC_LIST, .list = CC_OR_ONE }

/* Fields of an instance */

#define INSTANCE_TEXT(path, member)          CC_TEXT(struct cloud_instance, path, member)
#define INSTANCE_TEXT_REQUIRED(path, member) CC_TEXT_REQUIRED(struct cloud_instance, path, member)
#define INSTANCE_TEXT_IF_UNSET(path, member) CC_FIRST(struct cloud_instance, path, member)
#define INSTANCE_INT(path, member)           CC_NUMBER_INT(struct cloud_instance, path, member)
#define INSTANCE_MB_FROM_GB(path, member)    CC_GIB_AS_MIB(struct cloud_instance, path, member)
#define INSTANCE_TIME(path, member)          CC_TIME(struct cloud_instance, path, member)
#define INSTANCE_EXPIRY(path, member)        CC_EXPIRY(struct cloud_instance, path, member)
#define INSTANCE_FLAG(path, member)          CC_FLAG(struct cloud_instance, path, member)
#define INSTANCE_FLAG_WORD(path_, member, words_) \
    { .path = (path_), .kind = CC_FIELD_FLAG, .words = (words_), \
      .at = CC_AT(struct cloud_instance, member, enum cloud_flag) }
/* our state, its reason, and the vendor state */
#define INSTANCE_STATE(path, words) \
    CC_STATE(struct cloud_instance, path, enum cloud_instance_state, words)
#define INSTANCE_CHARGE_MODE(path, words) \
    CC_WORD(struct cloud_instance, path, charge_mode, enum cloud_charge_mode, words), \
    CC_TEXT(struct cloud_instance, path, vendor_charge_mode)
#define INSTANCE_BILLING_STATE(path, words) \
    CC_WORD(struct cloud_instance, path, billing_state, enum cloud_billing_state, words), \
    CC_TEXT(struct cloud_instance, path, vendor_billing_state)
/* only where the vendor state is one of the words */
#define INSTANCE_BILLING_STATE_IF_KNOWN(path, words) \
    CC_KNOWN(struct cloud_instance, path, billing_state, enum cloud_billing_state, words)
#define INSTANCE_SYSTEM_DISK(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_OBJECT, .list = (list_), \
      .at = CC_AT(struct cloud_instance, system_disk, struct cloud_disk) }
#define INSTANCE_DATA_DISKS(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .list = (list_), \
      .at = CC_AT(struct cloud_instance, data_disks, struct cloud_disk *) }
#define INSTANCE_TAGS(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .list = (list_), \
      .at = CC_AT(struct cloud_instance, tags, struct cloud_tag *) }
/* objects of which one member, the id, is kept: the list's fields are of struct security_group */
#define INSTANCE_SECURITY_GROUPS(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .list = (list_), \
      .at = CC_AT(struct cloud_instance, security_group_ids, const char **) }
#define INSTANCE_TEXTS(path, member, list)   CC_TEXTS(struct cloud_instance, path, member, list)

struct security_group {
    const char *id;
};

/* Fields of a disk */

#define DISK_TEXT(path, member)              CC_TEXT(struct cloud_disk, path, member)
#define DISK_INT(path, member)               CC_NUMBER_INT(struct cloud_disk, path, member)
#define DISK_TIME(path, member)              CC_TIME(struct cloud_disk, path, member)
#define DISK_EXPIRY(path, member)            CC_EXPIRY(struct cloud_disk, path, member)
#define DISK_FLAG(path, member)              CC_FLAG(struct cloud_disk, path, member)
/* our state, its reason, and the vendor state */
#define DISK_STATE(path, words) \
    CC_STATE(struct cloud_disk, path, enum cloud_disk_state, words)
#define DISK_CHARGE_MODE(path, words) \
    CC_WORD(struct cloud_disk, path, charge_mode, enum cloud_charge_mode, words)
#define DISK_BILLING_STATE(path, words) \
    CC_WORD(struct cloud_disk, path, billing_state, enum cloud_billing_state, words)

/* Fields of an instance type, of a zone, of an image */

#define TYPE_TEXT(path, member)              CC_TEXT(struct cloud_instance_type, path, member)
#define TYPE_TEXT_REQUIRED(path, member) \
    CC_TEXT_REQUIRED(struct cloud_instance_type, path, member)
#define TYPE_INT(path, member)               CC_NUMBER_INT(struct cloud_instance_type, path, member)
#define TYPE_MB_FROM_GB(path, member)        CC_GIB_AS_MIB(struct cloud_instance_type, path, member)
#define TYPE_ZONES(path_, list_) \
    { .path = (path_), .kind = CC_FIELD_LIST, .list = (list_), \
      .at = CC_AT(struct cloud_instance_type, zones, struct cloud_zone *) }

#define ZONE_TEXT(path, member)              CC_TEXT(struct cloud_zone, path, member)
#define ZONE_TEXT_REQUIRED(path, member)     CC_TEXT_REQUIRED(struct cloud_zone, path, member)
#define ZONE_STOCK(path, words) \
    CC_WORD(struct cloud_zone, path, stock, enum cloud_stock, words)

#define IMAGE_TEXT(path, member)             CC_TEXT(struct cloud_image, path, member)
#define IMAGE_TEXT_REQUIRED(path, member)    CC_TEXT_REQUIRED(struct cloud_image, path, member)
#define IMAGE_INT(path, member)              CC_NUMBER_INT(struct cloud_image, path, member)
#define IMAGE_TIME(path, member)             CC_TIME(struct cloud_image, path, member)
/* our state; the vendor state is a row of its own */
#define IMAGE_STATE(path, words) \
    CC_WORD(struct cloud_image, path, state, enum cloud_image_state, words)

/* Lists: the size of an element is that of the array's, so the two cannot differ */

/* the elements of @array in @type, counted by @count, each with @fields_ */
#define ELEMENTS(type, array, count, fields_) \
    CC_LIST_IN(type, count, __typeof__(*((type *)0)->array), fields_)
/* a struct inside another: @fields_ without an array */
#define OBJECT(fields_) { .fields = fields_ }

/* the table @name: a required list at @path that fills an array of the result */
#define RESULT_LIST(name, path, array, count, fields_) \
    static const struct cc_list name##_list = \
        ELEMENTS(struct cloud_result, array, count, fields_); \
    const struct cc_field name[] = { \
        CC_ARRAY_REQUIRED(struct cloud_result, path, array, &name##_list), \
        { 0 } \
    }

/* the same for the one object that was asked for */
#define RESULT_ONE(name, path, array, count, fields_) \
    static const struct cc_list name##_list = \
        ELEMENTS(struct cloud_result, array, count, fields_); \
    const struct cc_field name[] = { \
        CC_ONE(struct cloud_result, path, array, &name##_list), \
        { 0 } \
    }

/* Arguments with a fixed value */

#define TEXT_ARGUMENT(path, text)  CC_ARG_TEXT(path, text, CC_STRING)
#define INT_ARGUMENT(path, digits) CC_ARG_TEXT(path, digits, CC_INT)

/* The support of an operation, its steps, and why it is not native */

#define NATIVE(steps_)         .support = CLOUD_NATIVE, CC_STEPS(steps_)
#define COMPOSED(steps_, why_) .support = CLOUD_COMPOSED, .why = (why_), CC_STEPS(steps_)
#define DERIVED(steps_, why_)  .support = CLOUD_DERIVED, .why = (why_), CC_STEPS(steps_)
#define UNSUPPORTED(why_)      .support = CLOUD_UNSUPPORTED, .why = (why_)

/* clang-format on */
#endif
