/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Providers: their list, how far each supports an operation, and loading one from a shared object.
 */
#ifndef CLOUD_CLIENT_PROVIDERS_H
#define CLOUD_CLIENT_PROVIDERS_H

#include "error.h"
#include "operations.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a provider offers an operation. */
enum cloud_support {
    CLOUD_UNSUPPORTED, /* returns CLOUD_EUNSUPPORTED and sends nothing */
    CLOUD_NATIVE,      /* one action of the vendor */
    CLOUD_COMPOSED,    /* several actions of the vendor */
    CLOUD_DERIVED /* computed locally, from the price book or from tables of the vendor's documents
                   */
};

/** "unsupported", "native", "composed", "derived"; NULL for any other number. Static. */
CLOUD_API const char *cloud_support_name(enum cloud_support support);

/**
 * How a provider supports an operation: one cell of the support matrix. Needs neither a client nor
 * the network.
 *
 * @param provider  its name, "jdcloud"
 * @param ret_why   may be NULL; receives one sentence (static) for every support but CLOUD_NATIVE,
 *                  else NULL
 * @return the support; CLOUD_UNSUPPORTED with the reason when the provider is unknown
 */
CLOUD_API enum cloud_support cloud_supports(const char *provider, enum cloud_op op,
                                            const char **ret_why);

/**
 * The name of the @n-th provider ("jdcloud"), NULL past the last. Loaded providers come last.
 * Static.
 */
CLOUD_API const char *cloud_provider_name(size_t n);

/**
 * Loads a provider from a shared object (a plug-in) that was built with cloud_provider.h. Clients
 * can then name it until the process ends. Loading the same plug-in again changes nothing and
 * succeeds. "providers:" in clouds.yaml loads every path it lists in this way.
 *
 * A plug-in runs in this process with all its rights: load only what you trust. The file and its
 * directory must belong to this user or root, and no other user may be able to write them.
 *
 * @param path  path of the file; a name without '/' is a file of the current directory
 * @return CLOUD_OK; CLOUD_ECONFIG with the reason: it cannot be loaded, is not trusted, is broken,
 *         was built with a newer header, or has the name of another provider; CLOUD_ENOMEM
 */
CLOUD_API int cloud_provider_load(const char *path, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
