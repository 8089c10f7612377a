/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares internals of the three files that read clouds.yaml: config.c reads the whole file,
 * cloud_entry.c the keys of one cloud, and value.c a single value.
 */
#ifndef CC_CONFIG_H
#define CC_CONFIG_H

#include "core/base/memory.h"
#include "core/config/yaml.h"
#include "include/cloud_client.h"

/* One cloud of the file while it is read. */
struct cc_entry {
    const struct cc_yaml *yaml;
    const struct cc_yaml_node *node;
    const struct cc_yaml_node *defaults; /* NULL: none */
    const char *directory;               /* paths in the file are relative to it */
    bool resolve_all;     /* read credentials and variables; else, a value that cannot be known yet
                             stays as it is written */
    bool plugins_pending; /* the provider may be of a plug-in that is not loaded yet */
    bool checkable;       /* every option that the check of the options needs is known */
    struct cc_arena *arena;
    struct cloud_client_options options; /* strings belong to the arena or the file */
    struct cloud_params params;
    struct cloud_error *err;
};

/* Defined in cloud_entry.c: */

/* Fills options and parameters, and checks them as far as they are known. */
int cc_entry_read(struct cc_entry *entry);
/* True when no provider of that name is known, and plug-ins are left to be loaded. */
bool cc_entry_needs_plugins(const struct cc_entry *entry);
/*
 * Writes an error of an option with "FILE:LINE: clouds.NAME.KEY: " before it; the option may be in
 * the entry or in "defaults". Returns the code.
 */
int cc_entry_fail(const struct cc_entry *entry, const struct cloud_error *why);

/* Defined in value.c: */

/* Requires a text with well-formed references. CLOUD_ECONFIG names the place. */
int cc_value_check(const struct cc_entry *entry, const struct cc_yaml_node *node);
/* True when a part of the value comes from a variable or another file. */
bool cc_value_refers(const char *text);
/* True when a part of the value is in the file itself, in plain text. */
bool cc_value_is_plain_text(const char *text);
/* The value with its references resolved. It lives in the entry's arena. */
int cc_value_resolve(const struct cc_entry *entry, const struct cc_yaml_node *node,
                     const char **ret_text);
/* A path in the file, made relative to the file's directory; NULL when out of memory. */
const char *cc_value_path(const struct cc_entry *entry, const char *path);

/* The type of cloud_client_new(), which is in a layer above this one. */
typedef int (*cc_client_new_fn)(const struct cloud_client_options *options,
                                struct cloud_client **ret_client, struct cloud_error *err);
/* cloud_config_client() with the function that creates the client. */
int cc_config_client(const struct cloud_config *config, const char *name,
                     cc_client_new_fn new_client, struct cloud_client **ret_client,
                     struct cloud_error *err);

#endif
