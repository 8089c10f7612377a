/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of one request: an arena that is freed at once. */
#include "emulator/engine/emulator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct emu_chunk {
    struct emu_chunk *next;
    size_t used, capacity;
    _Alignas(max_align_t) char bytes[];
};

enum { CHUNK_SIZE = 32 * 1024 };

static void out_of_memory(void)
{
    fputs("cloud_emulator: out of memory\n", stderr);
    abort();
}

static struct emu_chunk *add_chunk(struct emu_world *world, size_t size)
{
    size_t capacity = size > CHUNK_SIZE ? size : CHUNK_SIZE;
    struct emu_chunk *chunk = malloc(sizeof(*chunk) + capacity);

    if (!chunk)
        out_of_memory();
    chunk->next = world->memory;
    chunk->used = 0;
    chunk->capacity = capacity;
    world->memory = chunk;
    return chunk;
}

void *emu_alloc(struct emu_world *world, size_t size)
{
    struct emu_chunk *chunk = world->memory;
    size_t whole = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    void *ret;

    if (whole < size)
        out_of_memory();
    if (!chunk || chunk->capacity - chunk->used < whole)
        chunk = add_chunk(world, whole);
    ret = chunk->bytes + chunk->used;
    chunk->used += whole;
    return memset(ret, 0, whole);
}

void emu_mem_clear(struct emu_world *world)
{
    yyjson_mut_doc_free(world->doc);
    while (world->memory) {
        struct emu_chunk *next = world->memory->next;

        free(world->memory);
        world->memory = next;
    }
    world->known = NULL;
    world->doc = yyjson_mut_doc_new(NULL);
    if (!world->doc)
        out_of_memory();
}

__attribute__((nonnull(2))) static char *text_va(struct emu_world *world, const char *format,
                                                 va_list args)
{
    va_list again;
    int size;
    char *ret;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ret = emu_alloc(world, (size_t)size + 1);
    vsnprintf(ret, (size_t)size + 1, format, args);
    return ret;
}

char *emu_text(struct emu_world *world, const char *format, ...)
{
    va_list args;
    char *ret;

    va_start(args, format);
    ret = text_va(world, format, args);
    va_end(args);
    return ret;
}

char *emu_text_n(struct emu_world *world, const char *bytes, size_t size)
{
    char *ret = emu_alloc(world, size + 1);

    if (size)
        memcpy(ret, bytes, size);
    return ret;
}

char *emu_lower(struct emu_world *world, const char *text)
{
    char *ret = emu_text_n(world, text, strlen(text));

    for (char *p = ret; *p; p++)
        *p = emu_ascii_lower(*p);
    return ret;
}

void emu_buf_add(struct emu_world *world, struct emu_buf *buf, const char *bytes, size_t size)
{
    if (buf->size + size + 1 > buf->capacity) {
        size_t capacity = (buf->size + size + 1) * 2;
        char *text = emu_alloc(world, capacity);

        if (buf->size)
            memcpy(text, buf->text, buf->size);
        buf->text = text;
        buf->capacity = capacity;
    }
    if (size)
        memcpy(buf->text + buf->size, bytes, size);
    buf->size += size;
    buf->text[buf->size] = '\0';
}

void emu_buf_addf(struct emu_world *world, struct emu_buf *buf, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = text_va(world, format, args);
    va_end(args);
    emu_buf_add(world, buf, text, strlen(text));
}
