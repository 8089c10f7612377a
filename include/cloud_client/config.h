/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file clouds.yaml. */
#ifndef CLOUD_CLIENT_CONFIG_H
#define CLOUD_CLIENT_CONFIG_H

#include "client.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A configuration that was read. It does not change, so several threads may use it at the same
 * time.
 */
struct cloud_config;

/**
 * Reads clouds.yaml, and loads the plug-ins that it lists.
 *
 * @param path        NULL: the first that exists of $CLOUD_CLIENT_CONFIG, ./clouds.yaml,
 *                    $XDG_CONFIG_HOME/cloud-client/clouds.yaml, /etc/cloud-client/clouds.yaml
 * @param ret_config  the caller frees it with cloud_config_free()
 * @return CLOUD_OK; CLOUD_ENOTFOUND when there is no file; CLOUD_ECONFIG naming file, line and
 *         key; CLOUD_ENOMEM
 */
CLOUD_API int cloud_config_load(const char *path, struct cloud_config **ret_config,
                                struct cloud_error *err);

/** Frees a configuration. Its clients stay valid. NULL is allowed. */
CLOUD_API void cloud_config_free(struct cloud_config *config);

/** The path of the file. Owned by the configuration. */
CLOUD_API const char *cloud_config_path(const struct cloud_config *config);

/** "journal:" of the file, for cloud_journal_open(); NULL: none. Owned by the configuration. */
CLOUD_API const char *cloud_config_journal(const struct cloud_config *config);

/** One cloud of the file, without its secrets. Owned by the configuration. */
struct cloud_config_cloud {
    const char *name;
    const char *provider;
    const char *region;   /* NULL: none */
    const char *zone;     /* NULL: none */
    const char *endpoint; /* NULL: the vendor's own */
    enum cloud_mode mode;
};

/** The @n-th cloud in the order of the file; NULL past the last. */
CLOUD_API const struct cloud_config_cloud *cloud_config_cloud(const struct cloud_config *config,
                                                              size_t n);

/**
 * Makes a client for the cloud called @name. Reads the environment variables and the secret files
 * that its entry names.
 *
 * @param name        NULL: the only cloud of the file
 * @param ret_client  the caller frees it with cloud_client_free()
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key, or the clouds that exist; as
 *         cloud_client_new()
 */
CLOUD_API int cloud_config_client(const struct cloud_config *config, const char *name,
                                  struct cloud_client **ret_client, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
