/* SPDX-License-Identifier: Apache-2.0 */
/* What hooks of several providers need: checks of a dry run, filters, sizes, an instance as its own task. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "core/provider.h"

void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size)
{
    void *memory = cc_arena_alloc(hook->arena, count * size + 1);

    if (!memory)
        cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    return memory;
}

int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind, int code, const char *format, ...)
{
    struct cloud_result *result = hook->result;
    struct cloud_check *checks = cc_hook_alloc(hook, result->check_count + 1, sizeof(*checks));
    char text[256];
    va_list args;

    if (!checks)
        return CLOUD_ENOMEM;
    if (result->check_count)
        memcpy(checks, result->checks, result->check_count * sizeof(*checks));
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    checks[result->check_count] = (struct cloud_check){
        .name = name,
        .real = kind == CC_CHECK_REAL,
        .passed = kind != CC_CHECK_NONE && !code,
        .message = cc_arena_strdup(hook->arena, text),
    };
    result->checks = checks;
    result->check_count++;
    if (code && !hook->failed_check) {
        hook->failed_check = code;
        cc_fail(hook->err, code, "%s: %s", name, text);
    }
    return CLOUD_OK;
}

void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value)
{
    struct cc_node *filter = cc_tree_append(hook->tree, hook->root, path);

    if (!filter)
        return;
    cc_tree_set_text(hook->tree, filter, "name", name);
    cc_tree_append_text(hook->tree, filter, "values", value);
}

int cc_parse_instance_task(struct cc_hook *hook)
{
    struct cloud_task *task = &hook->result->task;
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no instance %s", hook->params->instance_id);
    task->id = instance->id;
    task->vendor_state = instance->vendor_state;
    task->reason = instance->state_reason;
    if (instance->state == CLOUD_STATE_ERROR)
        task->state = CLOUD_TASK_FAILED;
    else if (instance->state != CLOUD_STATE_UNKNOWN)
        task->state = cloud_state_is_settled(instance->state) ? CLOUD_TASK_SUCCEEDED : CLOUD_TASK_RUNNING;
    return CLOUD_OK;
}

/* -------------------------------------------------------------------------------------------------------- sizes */

static bool same_family(const struct cloud_instance_type *type, const char *family)
{
    return !family || (type->family && !strcasecmp(type->family, family));
}

int cc_parse_keep_family(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (same_family(&result->types[i], hook->params->family))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return CLOUD_OK;
}

bool cc_when_size_unnamed(const struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    return !p->instance_type && (p->family || p->cpu || p->memory_gb || p->gpu);
}

static bool fits(const struct cloud_instance_type *type, const struct cloud_params *p)
{
    return same_family(type, p->family) && (!p->cpu || type->cpu == p->cpu) &&
           (!p->memory_gb || type->memory_mb == p->memory_gb * 1024) && (!p->gpu || type->gpu == p->gpu);
}

int cc_parse_find_size(struct cc_hook *hook)
{
    struct cloud_params *p = hook->params;
    char names[256] = "";
    size_t found = 0;

    for (size_t i = 0; i < hook->result->type_count; i++) {
        const struct cloud_instance_type *type = &hook->result->types[i];

        if (!type->instance_type || !fits(type, p))
            continue;
        if (found++)
            snprintf(names + strlen(names), sizeof(names) - strlen(names), ", ");
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%.60s", type->instance_type);
        p->instance_type = type->instance_type;
    }
    if (!found)
        return cc_fail_param(hook->err, "instance_type",
                             "no size has family %s, cpu %d, memory_gb %d; `cloudctl types` lists the sizes",
                             p->family ? p->family : "(any)", p->cpu, p->memory_gb);
    if (found > 1)
        return cc_fail_param(hook->err, "instance_type", "%zu sizes fit: %.200s; name one with instance_type, or family, cpu and memory_gb",
                             found, names);
    hook->result->types = NULL;
    hook->result->type_count = 0;
    return CLOUD_OK;
}
