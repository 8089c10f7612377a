/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds and keeps an index of the paths of each table of field rows. json.h defines paths. Only
 * paths of member names are indexed. The others ("@name", "../x", elements of lists, alternatives
 * in the middle) are looked up one by one.
 */
#include "core/engine/field_index.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define TABLES 512 /* capacity; a provider has fewer than a hundred */

static _Atomic(struct cc_field_index *) indexes[TABLES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((destructor)) static void free_all(void)
{
    for (size_t i = 0; i < TABLES; i++) {
        struct cc_field_index *index = atomic_exchange(&indexes[i], NULL);

        if (!index)
            continue;
        cc_json_index_free(index->index);
        free((void *)index->slot_of);
        free(index);
    }
}

/* whether it has only member names, and alternatives only at its end */
static bool is_indexable(const char *path)
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

/* the slot of an earlier field with the same path; -1: none */
static int shared_slot(const struct cc_field *fields, const signed char *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slots[i] >= 0 && !strcmp(fields[i].path, fields[count].path))
            return slots[i];
    }
    return -1;
}

static bool fill(struct cc_field_index *index, signed char *slots, size_t count)
{
    int used = 0;

    for (size_t i = 0; i < count; i++) {
        int slot = -1;

        if (is_indexable(index->fields[i].path)) {
            slot = shared_slot(index->fields, slots, i);
            if (slot < 0 && used == CC_FIELD_INDEX_SLOTS)
                return false;
            if (slot < 0 && !cc_json_index_add(index->index, index->fields[i].path, slot = used++))
                return false;
        }
        slots[i] = (signed char)slot;
    }
    index->slots = (size_t)used;
    return true;
}

static struct cc_field_index *make_index(const struct cc_field *fields)
{
    struct cc_field_index *index = calloc(1, sizeof(*index));
    signed char *slots;
    size_t count = 0;

    while (fields[count].path)
        count++;
    slots = calloc(count + 1, 1);
    if (index && slots) {
        *index = (struct cc_field_index){ fields, slots, cc_json_index_new(), 0 };
        if (index->index && fill(index, slots, count))
            return index;
        cc_json_index_free(index->index);
    }
    free(slots);
    free(index);
    return NULL;
}

static size_t slot_of_table(const struct cc_field *fields)
{
    return (size_t)(((uintptr_t)fields >> 5) * UINT64_C(0x9e3779b97f4a7c15) >> 55) % TABLES;
}

const struct cc_field_index *cc_field_index_of(const struct cc_field *fields)
{
    size_t at = slot_of_table(fields);
    struct cc_field_index *index;

    for (size_t tried = 0; tried < TABLES; tried++, at = (at + 1) % TABLES) {
        index = atomic_load_explicit(&indexes[at], memory_order_acquire);
        if (index && index->fields == fields)
            return index;
        if (index)
            continue;
        pthread_mutex_lock(&lock);
        index = atomic_load(&indexes[at]);
        if (!index && (index = make_index(fields)))
            atomic_store_explicit(&indexes[at], index, memory_order_release);
        pthread_mutex_unlock(&lock);
        if (!index || index->fields == fields)
            return index;
    }
    return NULL;
}
