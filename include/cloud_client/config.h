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
 * The file, each plug-in, each secret file (file:PATH) and the price books must be regular files
 * that this user or root owns and that no other user can write, in directories like that. No
 * other user may read a secret file, or clouds.yaml when it has a secret in plain text. The message
 * of a refusal has the command that corrects it.
 *
 * @param path        NULL: the first that exists of $CLOUD_CLIENT_CONFIG,
 *                    $XDG_CONFIG_HOME/cloud-client/clouds.yaml, /etc/cloud-client/clouds.yaml. A
 *                    file in the current directory is read only when it is named
 * @param ret_config  the caller frees it with cloud_config_free()
 * @return CLOUD_OK; CLOUD_ENOTFOUND when there is no file; CLOUD_ECONFIG naming file, line and
 *         key; CLOUD_ENOMEM
 */
CLOUD_API int cloud_config_load(const char *path, struct cloud_config **ret_config,
                                struct cloud_error *err);

/**
 * Reads clouds.yaml as cloud_config_load(), but loads no plug-in: for programs that only list the
 * clouds, or that use only one of them. cloud_config_client() loads the plug-ins when the provider
 * of its cloud is not known. Until then the entries of such clouds are not checked in full.
 */
CLOUD_API int cloud_config_read(const char *path, struct cloud_config **ret_config,
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
 * that its entry names. After cloud_config_read() it loads the plug-ins, if the cloud needs one.
 *
 * @param name        NULL: the only cloud of the file
 * @param ret_client  the caller frees it with cloud_client_free()
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key, or the clouds that exist; as
 *         cloud_client_new()
 */
CLOUD_API int cloud_config_client(const struct cloud_config *config, const char *name,
                                  struct cloud_client **ret_client, struct cloud_error *err);

/**
 * Reads a secret from the first line of a file, as file:PATH of clouds.yaml: the file must belong
 * to this user or root, and no other user may read or write it. A byte order mark before the line
 * is left out.
 *
 * @param ret_secret  the caller overwrites it and frees it with free()
 * @return CLOUD_OK; CLOUD_ENOTFOUND when it cannot be read; CLOUD_ECONFIG with the command that
 *         corrects it, or when the line is empty; CLOUD_EINVAL without a path; CLOUD_ENOMEM
 */
CLOUD_API int cloud_secret_read(const char *path, char **ret_secret, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
