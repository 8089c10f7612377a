/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for JSON that is used again: pieces are cut from one block, what does not fit is lent by
 * malloc() and makes the block larger for the next time.
 */
#include "core/json/internal.h"
#include "core/base/memory.h"

struct lent {
    struct lent *next;
    size_t size;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct cc_json_memory {
    yyjson_alc alc;
    unsigned char *block;
    size_t used, size, wanted;
    unsigned char *last; /* the piece that was cut last: it alone can grow and shrink where it is */
    struct lent *lent;
};

void *cc_json_cut(void *user, size_t size)
{
    struct cc_json_memory *memory = user;
    const size_t align = _Alignof(max_align_t);
    struct lent *lent;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    memory->wanted += size;
    if (memory->size - memory->used >= size) {
        memory->last = memory->block + memory->used;
        memory->used += size;
        return memory->last;
    }
    lent = malloc(sizeof(*lent) + size);
    if (!lent)
        return NULL;
    lent->next = memory->lent;
    lent->size = size;
    memory->lent = lent;
    return lent->bytes;
}

static void *cut_again(void *user, void *piece, size_t old_size, size_t size)
{
    struct cc_json_memory *memory = user;
    const size_t align = _Alignof(max_align_t);
    void *other;

    if (size <= old_size)
        return piece;
    if (piece == memory->last && size <= memory->size - (size_t)(memory->last - memory->block)) {
        memory->used = (size_t)(memory->last - memory->block) + (size + align - 1) / align * align;
        if (memory->used > memory->size)
            memory->used = memory->size;
        return piece;
    }
    other = cc_json_cut(user, size);
    if (other)
        memcpy(other, piece, old_size);
    return other;
}

static void keep(void *user, void *piece)
{
    (void)user, (void)piece; /* all of it goes at once */
}

void cc_json_start_again(struct cc_json_memory *memory, bool secret)
{
    if (secret)
        cc_wipe(memory->block, memory->used);
    while (memory->lent) {
        struct lent *next = memory->lent->next;

        if (secret)
            cc_wipe(memory->lent->bytes, memory->lent->size);
        free(memory->lent);
        memory->lent = next;
    }
    if (memory->wanted > memory->size) {
        free(memory->block);
        memory->block = malloc(memory->wanted);
        memory->size = memory->block ? memory->wanted : 0;
    }
    memory->used = memory->wanted = 0;
    memory->last = NULL;
}

struct cc_json_memory *cc_json_memory_new(void)
{
    struct cc_json_memory *memory = calloc(1, sizeof(*memory));

    if (!memory)
        return NULL;
    memory->alc = (yyjson_alc){ cc_json_cut, cut_again, keep, memory };
    memory->wanted = 4096;
    return memory;
}

const yyjson_alc *cc_json_alc(const struct cc_json_memory *memory)
{
    return &memory->alc;
}

void cc_json_memory_free(struct cc_json_memory *memory)
{
    if (!memory)
        return;
    cc_json_start_again(memory, false);
    free(memory->block);
    free(memory);
}
