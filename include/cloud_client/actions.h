/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue of a provider: the vendor's own actions, which cloud_invoke() can send, and their
 * parameters.
 */
#ifndef CLOUD_CLIENT_ACTIONS_H
#define CLOUD_CLIENT_ACTIONS_H

#include "operations.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An action of a vendor, as the vendor names it. Its strings are static. Start from
 * CLOUD_ACTION_INFO_INIT.
 */
struct cloud_action_info {
    size_t size;
    size_t number;       /* in the provider's catalogue, from 0 */
    const char *name;    /* as the vendor spells it: "describeInstances" */
    const char *service; /* "vm"; "vm:describeInstances" selects one of two services with the same
                            action name */
    const char *about;   /* what it does: one line without a full stop */
    enum cloud_effect effect;
    const char *method;  /* "POST" */
    const char *host;    /* "vm.jdcloud-api.com" */
    const char *base;    /* the path of the service, "/v1" */
    const char *path;    /* what follows it, "/regions/{regionId}/instances" */
    const char *version; /* the version that the request carries; NULL: the path has it */
    size_t param_count;
};
#define CLOUD_ACTION_INFO_INIT \
    { \
        .size = sizeof(struct cloud_action_info) \
    }

/** A parameter of an action. Its strings are static. Start from CLOUD_ACTION_PARAM_INIT. */
struct cloud_action_param {
    size_t size;
    const char *name;
    const char *where; /* "path", "query", "body" */
    /* "string", "int", "number", "bool", "object", "list" (of objects), "strings" (a list) */
    const char *type;
    bool required;
    bool supplied; /* the library supplies it when it is left out: the region, the client token */
    bool secret;
    const char *instead_of; /* the required parameter that may be left out when this one is given;
                               NULL: none */
};
#define CLOUD_ACTION_PARAM_INIT \
    { \
        .size = sizeof(struct cloud_action_param) \
    }

/** The @n-th action of a provider; false past the last, and when there is no such provider. */
CLOUD_API bool cloud_action_info(const char *provider, size_t n,
                                 struct cloud_action_info *ret_info);

/** The action of that name, spelled as for cloud_invoke(); false when there is none. */
CLOUD_API bool cloud_action_find(const char *provider, const char *name,
                                 struct cloud_action_info *ret_info);

/** The @n-th parameter of the action with that number; false past the last. */
CLOUD_API bool cloud_action_param(const char *provider, size_t action, size_t n,
                                  struct cloud_action_param *ret_param);

#ifdef __cplusplus
}
#endif

#endif
