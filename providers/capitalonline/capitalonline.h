/* SPDX-License-Identifier: Apache-2.0 */
/* What CapitalOnline's products share: the envelope of answers, passwords, on-off words. */
#ifndef CAPITALONLINE_H
#define CAPITALONLINE_H

#include "include/cloud_provider.h"

void capitalonline_envelope(const struct cc_value *root, int http_status,
                            struct cc_envelope *ret_envelope);
extern const struct cc_password_policy capitalonline_password;
/* 1 and 0, as requests have them */
extern const struct cc_word capitalonline_on_off[];

/* hooks.c. Conditions of steps, by what was given: instance_id without task_id, no instance_id, a
 * family, none */
bool capitalonline_when_instance(const struct cc_hook *hook);
bool capitalonline_when_no_instance(const struct cc_hook *hook);
bool capitalonline_when_family(const struct cc_hook *hook);
bool capitalonline_when_no_family(const struct cc_hook *hook);
/* keeps the images of params->image_source if it is given */
int capitalonline_keep_source(struct cc_hook *hook);
/*
 * The configuration of the instance found becomes the parameters, but for what is to change; a
 * member that the vendor does not return is taken from the client's defaults. CLOUD_EUNSUPPORTED
 * when a data disk has no type.
 */
int capitalonline_take_configuration(struct cc_hook *hook);

/*
 * Families first, then the sizes of each. A step finds types of which only the families count. The
 * next step is repeated for each family (as params->family) and finds its sizes. Without the first
 * step params->family is the only family. A family that the account may not use has no sizes,
 * unless it is the only one. The row's scratch begins with this struct.
 */
struct capitalonline_families {
    size_t count, asked;
};
int capitalonline_families(struct cc_hook *hook);
bool capitalonline_when_families(const struct cc_hook *hook);
int capitalonline_next_family(struct cc_hook *hook);

/*
 * The price of a change, from two prices of purchases. One step prices the new configuration; for
 * prepaid instances the next prices the present one. The difference is prorated over the rest of
 * the term. The row's scratch begins with this struct.
 */
struct capitalonline_change {
    bool size; /* the size changes, not the system disk */
    struct cloud_money after;
};
bool capitalonline_when_size(const struct cc_hook *hook);
bool capitalonline_when_disk(const struct cc_hook *hook);
int capitalonline_price_after(struct cc_hook *hook);
int capitalonline_price_before(struct cc_hook *hook);
/* the price of a purchase of the same configuration is an estimate of the renewal's */
int capitalonline_price_renew(struct cc_hook *hook);

/* Rows of the catalogues: Q query, B body, R required; a list in a query is joined by commas (QJ)
 * or JSON text (QT). */
#define CAPITALONLINE_P(name_, type_, where_, required_) \
    { \
        .name = name_, .where = where_, .type = CC_##type_, .required = required_ \
    }
#define Q(name_, type_) CAPITALONLINE_P(name_, type_, CC_QUERY, false)
#define QR(name_, type_) CAPITALONLINE_P(name_, type_, CC_QUERY, true)
#define QJ(name_) \
    { \
        .name = name_, .where = CC_QUERY, .type = CC_STRINGS, .list = CC_JOINED \
    }
#define QT(name_) \
    { \
        .name = name_, .where = CC_QUERY, .type = CC_STRINGS, .list = CC_JSON \
    }
#define B(name_, type_) CAPITALONLINE_P(name_, type_, CC_BODY, false)
#define BR(name_, type_) CAPITALONLINE_P(name_, type_, CC_BODY, true)
#define SECRET(name_) \
    { \
        .name = name_, .required = true, .secret = true \
    }
/* a list in the table, an object in the example */
#define B1(name_) \
    { \
        .name = name_, .type = CC_LIST, .list = CC_OR_ONE \
    }
/* may stand for a required one: where two are documented as either-or, and where an example has
 * another name than its table */
#define QI(name_, instead_) \
    { \
        .name = name_, .where = CC_QUERY, .instead = instead_ \
    }
#define BI(name_, instead_) \
    { \
        .name = name_, .instead = instead_ \
    }
/* every address is "<base>/?<query>": the documents' own code builds it so */
#define CAPITALONLINE_ACTION(name_, service_, effect_, method_, about_, ...) \
    { \
        .name = name_, .service = service_, .effect = CLOUD_##effect_, .method = method_, \
        .path = "/", .about = about_, .params = (const struct cc_action_param[]) \
        { \
            __VA_ARGS__ __VA_OPT__(, ) \
            { \
                0 \
            } \
        } \
    }

/*
 * Rows at the end of an error table. No document lists a code for a bad signature or time, so those
 * of the vendor's Go SDK are taken, and 401 and 403 with a code nobody knows mean the same.
 */
#define CAPITALONLINE_AUTH_ERRORS \
    { 0, "SignatureDoesNotMatch", NULL, CLOUD_EAUTH }, \
        { 0, "InvalidAccessKeyId", NULL, CLOUD_EAUTH }, \
        { 0, "RequestExpired", NULL, CLOUD_EAUTH }, { 0, "AccessDenied", NULL, CLOUD_EDENIED }, \
        { 401, NULL, NULL, CLOUD_EAUTH }, \
    { \
        403, NULL, NULL, CLOUD_EAUTH \
    }

#define CAPITALONLINE_UTC_OFFSET_S \
    (8 * 3600) /* answers carry no zone; a bill's epoch shows it is +08:00 */
#define CAPITALONLINE_NO_EXPIRY "2099-01-01" /* EndBillTime of what is paid on demand */

#endif
