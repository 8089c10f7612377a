/* SPDX-License-Identifier: Apache-2.0 */
/* Allocates from an arena: small pieces share chunks, a large piece has a chunk of its own. */
#include "core/base/arena.h"

#include <stdatomic.h>
#include <stdint.h>

#include "core/base/memory.h"

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    bool large; /* holds one piece only */
    _Alignas(max_align_t) unsigned char bytes[];
};

struct adopted {
    struct adopted *next;
    void *object;
    void (*release)(void *object);
};

struct cc_arena {
    struct chunk *chunks; /* newest first; small pieces come from the newest only */
    struct adopted *adopted;
    atomic_int owners;
};

enum { CHUNK_SIZE = 4000 };

static size_t aligned(size_t size)
{
    const size_t align = _Alignof(max_align_t);

    return (size + align - 1) / align * align;
}

/* The arena itself is the first piece in its first chunk. */
static size_t arena_size(void)
{
    return aligned(sizeof(struct cc_arena));
}

struct cc_arena *cc_arena_sized(size_t size)
{
    size_t own = arena_size(), whole = own + aligned(size);
    struct chunk *chunk = size < SIZE_MAX / 2 ? malloc(sizeof(*chunk) + whole) : NULL;
    struct cc_arena *arena;

    if (!chunk)
        return NULL;
    *chunk = (struct chunk){ .size = whole, .used = own };
    arena = (struct cc_arena *)chunk->bytes;
    *arena = (struct cc_arena){ .chunks = chunk };
    atomic_init(&arena->owners, 1);
    return arena;
}

struct cc_arena *cc_arena_new(void)
{
    return cc_arena_sized(CHUNK_SIZE);
}

struct cc_arena *cc_arena_share(struct cc_arena *arena)
{
    if (arena)
        atomic_fetch_add(&arena->owners, 1);
    return arena;
}

static void release_adopted(struct cc_arena *arena)
{
    for (struct adopted *one = arena->adopted; one; one = one->next)
        one->release(one->object);
    arena->adopted = NULL;
}

static void free_chunk(struct chunk *chunk)
{
    cc_wipe(chunk->bytes, chunk->used);
    cc_free_large(chunk);
}

void cc_arena_free(struct cc_arena *arena)
{
    struct chunk *chunk, *next;

    if (!arena || atomic_fetch_sub(&arena->owners, 1) > 1)
        return;
    release_adopted(arena);
    for (chunk = arena->chunks; chunk; chunk = next) { /* one of the chunks holds the arena */
        next = chunk->next;
        free_chunk(chunk);
    }
}

void cc_arena_reset(struct cc_arena *arena)
{
    struct chunk *own = NULL, *chunk, *next;
    size_t own_bytes = arena_size();

    release_adopted(arena);
    for (chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        if (chunk->bytes == (unsigned char *)arena)
            own = chunk;
        else
            free_chunk(chunk);
    }
    cc_wipe(own->bytes + own_bytes, own->used - own_bytes);
    own->used = own_bytes;
    own->next = NULL;
    arena->chunks = own;
}

/* Adds a chunk for one piece, after the chunk that small pieces come from. */
static struct chunk *add_large(struct cc_arena *arena, size_t size)
{
    struct chunk *chunk = cc_alloc_large(sizeof(*chunk) + size);

    if (!chunk)
        return NULL;
    *chunk = (struct chunk){ .next = arena->chunks->next, .size = size, .large = true };
    arena->chunks->next = chunk;
    return chunk;
}

void *cc_arena_alloc(struct cc_arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    void *memory;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = aligned(size);
    if (chunk->size - chunk->used < size && size > CHUNK_SIZE / 4) {
        chunk = add_large(arena, size);
        if (!chunk)
            return NULL;
    } else if (chunk->size - chunk->used < size) {
        chunk = malloc(sizeof(*chunk) + CHUNK_SIZE);
        if (!chunk)
            return NULL;
        *chunk = (struct chunk){ .next = arena->chunks, .size = CHUNK_SIZE };
        arena->chunks = chunk;
    }
    memory = chunk->bytes + chunk->used;
    chunk->used += size;
    return memset(memory, 0, size); /* not the whole chunk: most of a chunk is never used */
}

/* The link to the chunk that holds only this piece; NULL when the piece shares a chunk. */
static struct chunk **large_chunk(struct cc_arena *arena, const void *piece)
{
    struct chunk **link = &arena->chunks;

    while (*link && (!(*link)->large || (const void *)(*link)->bytes != piece))
        link = &(*link)->next;
    return *link ? link : NULL;
}

void *cc_arena_grow(struct cc_arena *arena, void *old, size_t old_size, size_t size)
{
    struct chunk **link = old ? large_chunk(arena, old) : NULL, *chunk = link ? *link : NULL,
                 *larger;

    if (!chunk || size > SIZE_MAX / 4) {
        void *grown = cc_arena_alloc(arena, size);

        return grown && old_size ? memcpy(grown, old, old_size) : grown;
    }
    size = aligned(size);
    if (size > chunk->size) {
        larger = add_large(arena, 2 * size);
        if (!larger)
            return NULL;
        memcpy(larger->bytes, old, old_size);
        link = large_chunk(arena, old); /* the new chunk may be before it now */
        *link = chunk->next;
        free_chunk(chunk);
        chunk = larger;
        chunk->used = old_size;
    }
    cc_wipe(chunk->bytes + old_size, (chunk->used > size ? chunk->used : size) - old_size);
    chunk->used = size;
    return chunk->bytes;
}

char *cc_arena_strdup(struct cc_arena *arena, const char *text)
{
    return text ? cc_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *cc_arena_strndup(struct cc_arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? cc_arena_alloc(arena, len + 1) : NULL;

    if (copy && len > 0)
        memcpy(copy, text, len);
    return copy;
}

char *cc_arena_printf(struct cc_arena *arena, const char *format, ...)
{
    cc_auto_buf struct cc_buf buf = { 0 };
    va_list args;

    va_start(args, format);
    cc_buf_vprintf(&buf, format, args);
    va_end(args);
    return buf.failed ? NULL : cc_arena_strndup(arena, buf.data, buf.len);
}

bool cc_arena_adopt(struct cc_arena *arena, void *object, void (*release)(void *object))
{
    struct adopted *one = cc_arena_alloc(arena, sizeof(*one));

    if (!one)
        return false;
    *one = (struct adopted){ arena->adopted, object, release };
    arena->adopted = one;
    return true;
}
