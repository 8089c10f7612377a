/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope of answers, the password policy, words, errors, hooks and the row of an action,
 * which CapitalOnline's products share.
 */
#ifndef CAPITALONLINE_H
#define CAPITALONLINE_H

#include "providers/rows.h"

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

/* clang-format off */

/*
 * a row of the action catalogue; every address is "<base>/?<query>", as the documents' code builds
 * it
 */
#define CAPITALONLINE_ACTION(name_, service_, effect_, method_, about_, ...) \
    { .name = name_, .service = service_, .effect = CLOUD_##effect_, .method = method_, \
      .path = "/", .about = about_, \
      .params = (const struct cc_action_param[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } } }

/*
 * an argument for a flag; "0" is sent when the caller has not given it, for the vendor's default is
 * 1
 */
#define ON_OFF_ARGUMENT(path_, PARAM) \
    { .path = path_, .kind = CC_ARG_WORD, .param = CLOUD_PARAM_##PARAM, \
      .words = capitalonline_on_off, .as = CC_INT, .text = "0" }

/*
 * Lack of balance and of stock by the message. Open: the codes of ECS for them. Behind a code that
 * is in no row, the text proves a refusal with HTTP 400 to 499 only.
 */
#define CAPITALONLINE_TEXT_ERRORS \
    { 0, NULL, "余额",          CLOUD_EBALANCE, CC_REFUSED }, \
    { 0, NULL, "!load balance", CLOUD_EBALANCE, CC_REFUSED }, \
    { 0, NULL, "售罄",          CLOUD_ESOLDOUT, CC_REFUSED }, \
    { 0, NULL, "sold out",      CLOUD_ESOLDOUT, CC_REFUSED }, \
    { 0, NULL, "out of stock",  CLOUD_ESOLDOUT, CC_REFUSED }

/*
 * The last rows of an error table. Open: the codes for a wrong signature or time; no document lists
 * them. We take those of the vendor's Go SDK. HTTP 401 with an unknown code means the same: a
 * request with this status is not applied (RFC 9110). HTTP 403 with an unknown code proves nothing:
 * both products use it for states, sizes and stock, too.
 *
 * Open: TaskDuplicate, which is on no page. Another task works on the resource, so this one was not
 * begun.
 */
#define CAPITALONLINE_COMMON_ERRORS \
    {   0, "TaskDuplicate",         NULL, CLOUD_ESTATE,  CC_BUSY }, \
    {   0, "SignatureDoesNotMatch", NULL, CLOUD_EAUTH,   CC_REFUSED }, \
    {   0, "InvalidAccessKeyId",    NULL, CLOUD_EAUTH,   CC_REFUSED }, \
    {   0, "RequestExpired",        NULL, CLOUD_EAUTH,   CC_REFUSED }, \
    {   0, "AccessDenied",          NULL, CLOUD_EDENIED, CC_REFUSED }, \
    { 401, NULL,                    NULL, CLOUD_EAUTH,   CC_REFUSED }

/* clang-format on */

/* times in answers have no zone; the epoch in a printed bill shows that they are UTC+8 */
#define CAPITALONLINE_UTC_OFFSET_S (8 * 3600)
/* EndBillTime of an instance that is paid on demand */
#define CAPITALONLINE_NO_EXPIRY "2099-01-01"

#endif
