/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the arena: many small allocations that are freed at once. */
#ifndef CC_ARENA_H
#define CC_ARENA_H

#include "include/cloud_provider.h"

/* NULL when out of memory. */
struct cc_arena *cc_arena_new(void);
/* The same, with capacity for about @size bytes at first. */
struct cc_arena *cc_arena_sized(size_t size);
/*
 * Adds an owner: the last cc_arena_free() frees the arena. Owners may be in different threads. NULL
 * gives NULL.
 */
struct cc_arena *cc_arena_share(struct cc_arena *arena);
void cc_arena_free(struct cc_arena *arena); /* NULL is allowed */
/* Empties the arena and keeps its first memory. Only while the arena has one owner. */
void cc_arena_reset(struct cc_arena *arena);

/* Zeroed memory; NULL when out of memory. */
void *cc_arena_alloc(struct cc_arena *arena, size_t size);
/*
 * Replaces the array @old, which is NULL or was allocated by the arena, by a larger one. The bytes
 * after the first @old_size are zero. A large array is moved to twice the size and its old memory
 * is freed, so that the pages of a listing can be appended. NULL when out of memory; @old is then
 * unchanged.
 */
void *cc_arena_grow(struct cc_arena *arena, void *old, size_t old_size, size_t size);
char *cc_arena_strndup(struct cc_arena *arena, const char *text, size_t len);
/* Calls @release(@object) when the arena is freed. False when out of memory: the arena then does
 * not own @object. */
bool cc_arena_adopt(struct cc_arena *arena, void *object, void (*release)(void *object));

#endif
