/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the three files that read clouds.yaml share: config.c the whole file, config_entry.c the
 * keys of one cloud, config_value.c a single value and what it refers to. Nobody else needs to see
 * it.
 */
#ifndef CC_CONFIG_H
#define CC_CONFIG_H

#include "core/base/memory.h"
#include "core/config/yaml.h"
#include "include/cloud_client.h"

/* One entry of the file on its way to a client. */
struct cc_entry {
    const struct cc_yaml *yaml;
    const struct cc_yaml_node *node;
    const struct cc_yaml_node *defaults; /* NULL: none */
    const char *directory;               /* what paths in the file are relative to */
    bool earnest; /* credentials and variables are read; else what cannot be known now stays as it
                     is written */
    bool settled; /* nothing that others are judged by was left open */
    struct cc_arena *arena;
    struct cloud_client_options options; /* what they point to lives in the arena and the file */
    struct cloud_params params;
    struct cloud_error *err;
};

/* config_entry.c: fills options and parameters, and judges them as far as they are known. */
int cc_entry_read(struct cc_entry *entry);
/* "FILE:LINE: clouds.NAME.KEY: " before what is wrong with an option, wherever it stands; returns
 * the code. */
int cc_entry_fail(const struct cc_entry *entry, const struct cloud_error *why);

/* config_value.c: */

/* CLOUD_OK for a text whose references can be understood; CLOUD_ECONFIG naming the place. */
int cc_value_check(const struct cc_entry *entry, const struct cc_yaml_node *node);
/* Whether the value comes from elsewhere, all or in part. */
bool cc_value_refers(const char *text);
/* Whether any of the value can be read off the file itself. */
bool cc_value_in_clear(const char *text);
/* The value, with what it refers to. Lives in the entry's arena. */
int cc_value_resolve(const struct cc_entry *entry, const struct cc_yaml_node *node,
                     const char **ret_text);
/* A path of the file, from the file's directory; NULL when out of memory. */
const char *cc_value_path(const struct cc_entry *entry, const char *path);

/* cloud_client_new(), which belongs to a layer above this one */
typedef int (*cc_client_new_fn)(const struct cloud_client_options *options,
                                struct cloud_client **ret_client, struct cloud_error *err);
/* cloud_config_client() with the function that makes the client */
int cc_config_client(const struct cloud_config *config, const char *name,
                     cc_client_new_fn new_client, struct cloud_client **ret_client,
                     struct cloud_error *err);

#endif
