/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows made ready for reading. What a path means is json.h's; only paths that name members
 * are indexed, the others
 * ("@name", "../x", elements of lists, alternatives in the middle) are left to be looked for.
 */
#include "core/engine/field_index.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define TABLES 512 /* room for so many; there are some tens a provider */

static _Atomic(struct cc_field_index *) plans[TABLES];
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

__attribute__((destructor)) static void let_go(void)
{
    for (size_t i = 0; i < TABLES; i++) {
        struct cc_field_index *plan = atomic_exchange(&plans[i], NULL);

        if (!plan)
            continue;
        cc_json_index_free(plan->index);
        free((void *)plan->slot_of);
        free(plan);
    }
}

/* names all the way, with alternatives at the end only */
static bool is_plain(const char *path)
{
    const char *bar = strchr(path, '|');

    if (!*path || strchr("@=.|", *path) || (bar && strchr(bar, '.')))
        return false;
    for (const char *at = path; *at; at++) {
        bool begins = at == path || at[-1] == '.' || at[-1] == '|';

        if (begins && *at >= '0' && *at <= '9')
            return false;
    }
    return true;
}

/* the slot that an earlier field with the same path has; -1: none */
static int shared_slot(const struct cc_field *fields, const signed char *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slots[i] >= 0 && !strcmp(fields[i].path, fields[count].path))
            return slots[i];
    }
    return -1;
}

static bool fill(struct cc_field_index *plan, signed char *slots, size_t count)
{
    int used = 0;

    for (size_t i = 0; i < count; i++) {
        int slot = -1;

        if (is_plain(plan->fields[i].path)) {
            slot = shared_slot(plan->fields, slots, i);
            if (slot < 0 && used == CC_FIELD_INDEX_SLOTS)
                return false;
            if (slot < 0 && !cc_json_index_add(plan->index, plan->fields[i].path, slot = used++))
                return false;
        }
        slots[i] = (signed char)slot;
    }
    plan->slots = (size_t)used;
    return true;
}

static struct cc_field_index *make(const struct cc_field *fields)
{
    struct cc_field_index *plan = calloc(1, sizeof(*plan));
    signed char *slots;
    size_t count = 0;

    while (fields[count].path)
        count++;
    slots = calloc(count + 1, 1);
    if (plan && slots) {
        *plan = (struct cc_field_index){ fields, slots, cc_json_index_new(), 0 };
        if (plan->index && fill(plan, slots, count))
            return plan;
        cc_json_index_free(plan->index);
    }
    free(slots);
    free(plan);
    return NULL;
}

static size_t place_of(const struct cc_field *fields)
{
    return (size_t)(((uintptr_t)fields >> 5) * UINT64_C(0x9e3779b97f4a7c15) >> 55) % TABLES;
}

const struct cc_field_index *cc_field_index_of(const struct cc_field *fields)
{
    size_t at = place_of(fields);
    struct cc_field_index *plan;

    for (size_t tried = 0; tried < TABLES; tried++, at = (at + 1) % TABLES) {
        plan = atomic_load_explicit(&plans[at], memory_order_acquire);
        if (plan && plan->fields == fields)
            return plan;
        if (plan)
            continue;
        pthread_mutex_lock(&making);
        plan = atomic_load(&plans[at]);
        if (!plan && (plan = make(fields)))
            atomic_store_explicit(&plans[at], plan, memory_order_release);
        pthread_mutex_unlock(&making);
        if (!plan || plan->fields == fields)
            return plan;
    }
    return NULL;
}
