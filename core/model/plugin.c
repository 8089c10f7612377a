/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads plug-ins: providers from shared objects. Checks a provider, copies it into the structure of
 * this library's version, and keeps it until the process ends.
 */
#include "core/model/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/pattern.h"

#define PLUGINS_MAX 64
/* the size of the structure in the first cloud_provider.h; later members may be absent */
#define FIRST_SIZE offsetof(struct cloud_provider, host)

static struct {
    pthread_mutex_t lock;
    const struct cloud_provider *origin[PLUGINS_MAX]; /* in the shared object */
    struct cloud_provider *known[PLUGINS_MAX];        /* our copy */
    size_t count;
} plugins = { .lock = PTHREAD_MUTEX_INITIALIZER };

const struct cloud_provider *cc_plugin_at(size_t n)
{
    const struct cloud_provider *found;

    pthread_mutex_lock(&plugins.lock);
    found = n < plugins.count ? plugins.known[n] : NULL;
    pthread_mutex_unlock(&plugins.lock);
    return found;
}

static int refuse(struct cloud_error *err, const char *path, const char *why)
{
    int rc = cc_fail(err, CLOUD_ECONFIG, "provider %.200s: %.250s", path, why);

    if (err)
        CC_ERROR_SET(err->parameter, "providers");
    return rc;
}

static int check_header(const struct cloud_provider *p, const char *path, struct cloud_error *err)
{
    char why[200];

    if (!p->version || !p->size)
        return refuse(
            err, path,
            "it does not state the cloud_provider.h that it was built with: begin the structure "
            "with CLOUD_PROVIDER_INIT");
    if (p->version < CLOUD_PROVIDER_VERSION) {
        snprintf(why, sizeof(why),
                 "it was built with version %u of cloud_provider.h, this library needs %d: build "
                 "it again",
                 p->version, CLOUD_PROVIDER_VERSION);
        return refuse(err, path, why);
    }
    if (p->version > CLOUD_PROVIDER_VERSION || p->size > sizeof(*p) ||
        p->op_count > CLOUD_OP__COUNT) {
        snprintf(why, sizeof(why),
                 "it was built with a newer cloud_provider.h (version %u, %zu bytes, %u "
                 "operations; this library "
                 "knows %d, %zu, %d): install a newer library",
                 p->version, p->size, p->op_count, CLOUD_PROVIDER_VERSION, sizeof(*p),
                 CLOUD_OP__COUNT);
        return refuse(err, path, why);
    }
    if (p->size < FIRST_SIZE || p->op_count <= CLOUD_OP_DESCRIBE_INSTANCE)
        return refuse(err, path,
                      "it is shorter than in the first cloud_provider.h: build it again");
    return CLOUD_OK;
}

static bool is_name(const char *name)
{
    if (!name || !cc_ascii_is_lower(*name))
        return false;
    for (; *name; name++) {
        if (!cc_ascii_is_lower(*name) && !cc_ascii_is_digit(*name) && *name != '_')
            return false;
    }
    return true;
}

static const char *check_actions(const struct cloud_provider *p)
{
    size_t services = 0;

    while (p->services[services].name)
        services++;
    for (const struct cc_action *a = p->actions; a->name; a++) {
        if (!a->method || !a->path || a->service >= services || a->effect > CLOUD_SPENDS)
            return a->name;
    }
    return NULL;
}

/* the first pattern that is not valid; NULL: all are */
static const char *check_patterns(const struct cloud_provider *p)
{
    for (const struct cc_rule *rule = p->rules; rule && rule->kind; rule++) {
        if (rule->kind == CC_RULE_PATTERN &&
            (!rule->pattern || !cc_pattern_is_valid(rule->pattern)))
            return rule->pattern ? rule->pattern : "NULL";
    }
    return NULL;
}

/* An operation that is offered has steps, and one that is not native gives a reason. */
static bool is_sound(const struct cc_op_row *row, enum cloud_op op)
{
    if (row->support == CLOUD_UNSUPPORTED)
        return true;
    if ((unsigned)row->support > CLOUD_DERIVED || (row->support != CLOUD_NATIVE && !row->why))
        return false;
    if (op == CLOUD_OP_INVOKE)
        return true;
    for (size_t i = 0; i < row->step_count; i++) {
        if (!row->steps || (!row->steps[i].action && !row->steps[i].parse))
            return false;
    }
    return row->step_count > 0;
}

/* An error row that means no code of this library; NULL: none. */
static const struct cc_error_row *bad_error(const struct cloud_provider *p)
{
    for (const struct cc_error_row *row = p->errors; row->means; row++) {
        if (row->means > CLOUD_OK || row->means < CLOUD_EJOURNAL)
            return row;
    }
    return NULL;
}

static int check_rows(const struct cloud_provider *p, const char *path, struct cloud_error *err)
{
    const struct cc_error_row *error;
    const char *bad;
    char why[200];

    if (!is_name(p->name))
        return refuse(
            err, path,
            "its name is missing, or has other characters than lower case letters, digits and _");
    if (!p->title || !p->services || !p->actions || !p->ops || !p->errors || !p->currency ||
        !p->sign || !p->envelope)
        return refuse(
            err, path,
            "one of title, services, actions, ops, errors, currency, sign and envelope is missing");
    bad = check_actions(p);
    if (bad) {
        snprintf(why, sizeof(why),
                 "its action %.80s has no method, no path, or no service of the provider", bad);
        return refuse(err, path, why);
    }
    bad = check_patterns(p);
    if (bad) {
        snprintf(why, sizeof(why), "the pattern %.80s of a rule is not valid", bad);
        return refuse(err, path, why);
    }
    error = bad_error(p);
    if (error) {
        snprintf(why, sizeof(why), "its error row of %.80s means %d, which is no error code",
                 error->code ? error->code : "an HTTP status", error->means);
        return refuse(err, path, why);
    }
    for (uint32_t op = 0; op < p->op_count; op++) {
        if (is_sound(&p->ops[op], (enum cloud_op)op))
            continue;
        snprintf(why, sizeof(why),
                 "its row of %s offers the operation without a step, or without the reason why it "
                 "is not native",
                 cloud_op_info((enum cloud_op)op)->name);
        return refuse(err, path, why);
    }
    return CLOUD_OK;
}

/* Copies the provider. Members and rows that its header did not have become zero. */
static int adopt(const struct cloud_provider *p, struct cloud_error *err)
{
    struct cloud_provider *copy = calloc(1, sizeof(*copy));
    struct cc_op_row *ops = calloc(CLOUD_OP__COUNT, sizeof(*ops));

    if (!copy || !ops) {
        free(copy);
        free(ops);
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    memcpy(copy, p, p->size);
    memcpy(ops, p->ops, p->op_count * sizeof(*ops));
    copy->ops = ops;
    plugins.origin[plugins.count] = p;
    plugins.known[plugins.count++] = copy;
    return CLOUD_OK;
}

/* The caller holds the lock. */
static int take(const struct cloud_provider *p, const char *path, struct cloud_error *err)
{
    char why[200];
    int rc;

    for (size_t i = 0; i < plugins.count; i++) {
        if (plugins.origin[i] == p)
            return CLOUD_OK; /* loaded already */
    }
    rc = p ? check_header(p, path, err)
           : refuse(err, path, "its " CLOUD_PROVIDER_ENTRY "() returned NULL");
    rc = rc ? rc : check_rows(p, path, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < plugins.count; i++) {
        if (!strcmp(plugins.known[i]->name, p->name)) {
            snprintf(why, sizeof(why),
                     "a provider named %.60s is loaded already: choose another name", p->name);
            return refuse(err, path, why);
        }
    }
    if (cc_provider_built_in(p->name)) {
        snprintf(why, sizeof(why), "%.60s is the name of a built-in provider: choose another name",
                 p->name);
        return refuse(err, path, why);
    }
    return plugins.count < PLUGINS_MAX ? adopt(p, err)
                                       : refuse(err, path, "too many plug-ins are loaded already");
}

int cloud_provider_load(const char *path, struct cloud_error *err)
{
    char absolute[PATH_MAX];
    void *library, *entry;
    cloud_provider_entry_fn function;
    const struct cloud_provider *provider;
    struct cloud_error why = { 0 };
    int rc;

    if (!path || !*path)
        return refuse(err, "", "no path was given");
    /* the absolute path, so that the dynamic linker does not search for another file */
    if (!realpath(path, absolute))
        return refuse(err, path, strerror(errno));
    /* loading it runs its code */
    if (cc_file_check(absolute, CC_FILE_TRUSTED, &why))
        return refuse(err, path, why.message);
    library = dlopen(absolute, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return refuse(err, path, dlerror());
    entry = dlsym(library, CLOUD_PROVIDER_ENTRY);
    if (!entry) {
        dlclose(library);
        return refuse(err, path,
                      "it has no " CLOUD_PROVIDER_ENTRY
                      "(): write CLOUD_PROVIDER_EXPORT(provider) in one of its files");
    }
    memcpy(&function, &entry, sizeof(function));
    provider = function(); /* without the lock, because it may ask for the list of providers */
    pthread_mutex_lock(&plugins.lock);
    rc = take(provider, path, err);
    pthread_mutex_unlock(&plugins.lock);
    if (rc)
        dlclose(library); /* a library that was accepted stays: clients point into it */
    else if (err)
        cc_error_clear(err);
    return rc;
}
