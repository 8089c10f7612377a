/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the options of a client: a table of their names in clouds.yaml, kinds and ranges, and
 * the check that cloud_client_new() and the configuration file share. None of it opens a file or
 * reads the environment.
 */
#ifndef CC_OPTIONS_H
#define CC_OPTIONS_H

#include "include/cloud_client.h"

enum cc_option_kind {
    CC_OPTION_TEXT = 1,
    CC_OPTION_PATH, /* a text; in clouds.yaml relative to the directory of that file */
    CC_OPTION_INT,
    CC_OPTION_BOOL,
    CC_OPTION_MODE
};

enum cc_option_flag {
    CC_OPTION_DEFAULTS = 1,   /* is allowed under "defaults" of clouds.yaml */
    CC_OPTION_CREDENTIAL = 2, /* is read when a client is created, not when the file is loaded */
    CC_OPTION_SECRET = 4,     /* in plain text only in a file that no other user can read */
    CC_OPTION_CHECK_INPUT = 8 /* the check of the options needs it */
};

struct cc_option {
    const char *name; /* of the member, and the key in clouds.yaml */
    enum cc_option_kind kind;
    unsigned flags; /* of enum cc_option_flag */
    size_t at;      /* offset in struct cloud_client_options */
    int min, max;   /* of CC_OPTION_INT; 0 is the default and always allowed */
};

/* The n-th option, NULL past the last. */
const struct cc_option *cc_option_at(size_t n);
/* NULL when there is none of that name. */
const struct cc_option *cc_option_find(const char *name);

/*
 * Sets an option from text, which is borrowed. Messages never quote the text.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming the option
 */
int cc_option_set(struct cloud_client_options *options, const struct cc_option *option,
                  const char *text, struct cloud_error *err);

/*
 * Checks that a client can be created with these options: ranges, provider, signature, region,
 * endpoint, credentials.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming the option in err->parameter
 */
int cc_options_check(const struct cloud_client_options *options, struct cloud_error *err);

#endif
