/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue of JD Cloud: actions.def spelled out. */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */
#define PATH(name_)      { .name = name_, .where = CC_PATH, .required = true }
#define Q(name_, type_)  { .name = name_, .where = CC_QUERY, .type = CC_##type_ }
#define QR(name_, type_) { .name = name_, .where = CC_QUERY, .type = CC_##type_, .required = true }
#define B(name_, type_)  { .name = name_, .type = CC_##type_ }
#define BR(name_, type_) { .name = name_, .type = CC_##type_, .required = true }
/* may stand for a required one */
#define QI(name_, type_, instead_) { .name = name_, .where = CC_QUERY, .type = CC_##type_, .instead = instead_ }
#define SECRET(name_)    { .name = name_, .required = true, .secret = true }
#define JDCLOUD_ACTION(name_, service_, effect_, method_, path_, token_, about_, ...)                                \
    [JDCLOUD_##name_] = { .name = #name_, .service = JDCLOUD_##service_, .effect = CLOUD_##effect_,                  \
                          .method = method_, .path = "/regions/{regionId}" path_, .token = token_, .about = about_,  \
                          .params = (const struct cc_action_param[]){ PATH("regionId"), __VA_ARGS__, { 0 } } },
/* clang-format on */

const struct cc_action jdcloud_actions[] = {
#include "providers/jdcloud/actions.def"
    [JDCLOUD__COUNT] = { 0 }, /* ends the table */
};
