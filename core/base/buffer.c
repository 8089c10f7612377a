/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: a growing buffer, an arena, small files, clean-up. Whatever these let go is wiped first,
 * because passwords, keys and console addresses pass through them and nobody should have to
 * remember which buffer held one. Knows nothing of clouds, JSON or errors; says only that memory or
 * room ran out.
 */
#include "core/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

void cc_free_pointer(void *pointer)
{
    void **place = pointer;

    free(*place);
    *place = NULL;
}

void cc_wipe(void *memory, size_t size)
{
    if (memory && size > 0)
        explicit_bzero(memory, size);
}

void cc_free_secret(char *secret)
{
    if (secret)
        cc_wipe(secret, strlen(secret));
    free(secret);
}

size_t cc_utf8_length(const char *text, size_t len)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } forms[] = { { 0x80, 0x00, 1, 0 },
                  { 0xe0, 0xc0, 2, 0x80 },
                  { 0xf0, 0xe0, 3, 0x800 },
                  { 0xf8, 0xf0, 4, 0x10000 } };
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < CC_COUNT(forms) && len > 0; i++) {
        uint32_t point = bytes[0] & (unsigned char)~forms[i].mask;

        if ((bytes[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (forms[i].length > len)
            return 0;
        for (size_t n = 1; n < forms[i].length; n++) {
            if ((bytes[n] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (bytes[n] & 0x3f);
        }
        /* overlong forms, surrogates, past the last plane */
        if (point < forms[i].least || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff)
            return 0;
        return forms[i].length;
    }
    return 0;
}

bool cc_is_utf8(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0, step; i < len; i += step) {
        step = (unsigned char)text[i] < 0x80 ? 1 : cc_utf8_length(text + i, len - i);
        if (step == 0)
            return false;
    }
    return true;
}

void cc_buf_init(struct cc_buf *buf, size_t max)
{
    *buf = (struct cc_buf){ .max = max };
}

void cc_buf_clear(struct cc_buf *buf)
{
    cc_wipe(buf->data, buf->cap);
    free(buf->data);
    *buf = (struct cc_buf){ .max = buf->max };
}

/* Behind the spare bytes nothing was written, but for what failed half-way. */
void cc_buf_reset(struct cc_buf *buf)
{
    if (buf->data)
        cc_wipe(buf->data, buf->failed ? buf->cap : buf->len + CC_BUF_SPARE);
    buf->len = 0;
    buf->failed = false;
}

/*
 * Blocks as large as a page of a listing and what is read from it are kept for the next page, a few
 * of each size: malloc() would hand such memory back to the kernel, and have it faulted in again.
 */
enum { KEPT_MIN = 32 * 1024, KEPT_SIZES = 5, KEPT = 2 };
static _Atomic(void *) kept[KEPT_SIZES][KEPT];

__attribute__((destructor)) static void let_go(void)
{
    for (size_t i = 0; i < KEPT_SIZES * KEPT; i++)
        free(atomic_exchange(&kept[i / KEPT][i % KEPT], NULL));
}

/* where blocks of a size are kept, each twice the one before; NULL: they are not */
static _Atomic(void *) *kept_for(size_t size)
{
    size_t at = 0;

    while (at < KEPT_SIZES && size >= (size_t)2 * KEPT_MIN << at)
        at++;
    return size >= KEPT_MIN && at < KEPT_SIZES ? kept[at] : NULL;
}

static void *large_block(size_t size)
{
    _Atomic(void *) *place = kept_for(size);

    for (size_t i = 0; place && i < KEPT; i++) {
        void *block = atomic_exchange(&place[i], NULL);

        if (block && malloc_usable_size(block) >= size)
            return block;
        free(block);
    }
    return malloc(size);
}

void cc_free_large(void *block)
{
    _Atomic(void *) *place = block ? kept_for(malloc_usable_size(block)) : NULL;

    for (size_t i = 0; place && block && i < KEPT; i++)
        block = atomic_exchange(&place[i], block);
    free(block);
}

/* Not realloc(): that would leave the old bytes about. */
static bool move_to(struct cc_buf *buf, size_t cap)
{
    char *data = large_block(cap);

    if (!data)
        return false;
    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    data[buf->len] = '\0';
    cc_wipe(buf->data, buf->cap);
    free(buf->data);
    buf->data = data;
    buf->cap = cap;
    return true;
}

static bool has_room(const struct cc_buf *buf, size_t more)
{
    return !buf->failed && more < buf->cap && buf->len + more + CC_BUF_SPARE <= buf->cap &&
           (buf->max == 0 || buf->len + more <= buf->max);
}

/* Room for @more bytes and the spare ones. */
static bool grow(struct cc_buf *buf, size_t more)
{
    size_t cap = buf->cap < 256 ? 256 : buf->cap;

    if (has_room(buf, more))
        return true;
    if (buf->failed || more > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4 ||
        (buf->max > 0 && (buf->len > buf->max || more > buf->max - buf->len))) {
        buf->failed = true;
        return false;
    }
    while (cap < buf->len + more + CC_BUF_SPARE)
        cap *= 2;
    buf->failed = !move_to(buf, cap);
    return !buf->failed;
}

void cc_buf_reserve(struct cc_buf *buf, size_t more)
{
    if (!buf->failed && more < SIZE_MAX / 4 && buf->len + more + CC_BUF_SPARE > buf->cap)
        move_to(buf, buf->len + more + CC_BUF_SPARE);
}

/* leaves the spare bytes to be emptied; false when there is no room */
static bool append(struct cc_buf *buf, const void *data, size_t len)
{
    if (!has_room(buf, len) && !grow(buf, len))
        return false;
    if (len > 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    return true;
}

void cc_buf_add(struct cc_buf *buf, const void *data, size_t len)
{
    if (append(buf, data, len))
        memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

void cc_buf_puts(struct cc_buf *buf, const char *text)
{
    cc_buf_add(buf, text, strlen(text));
}

void cc_buf_putc(struct cc_buf *buf, char c)
{
    cc_buf_add(buf, &c, 1);
}

/* room for all of them first, so that they are copied without looking again */
void cc_buf_puts_all(struct cc_buf *buf, ...)
{
    const char *text;
    size_t more = 0;
    va_list args;
    char *at;

    va_start(args, buf);
    while ((text = va_arg(args, const char *)))
        more += text[0] && !text[1]
                    ? 1
                    : strlen(text); /* many are a mark between others, which no call is made for */
    va_end(args);
    if (!has_room(buf, more) && !grow(buf, more))
        return;
    at = buf->data + buf->len;
    va_start(args, buf);
    while ((text = va_arg(args, const char *))) {
        *at = text[0];
        at = text[0] && !text[1] ? at + 1 : stpcpy(at, text);
    }
    va_end(args);
    buf->len += more;
    memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

/* Tries the room there is first: most texts fit, and are formatted once. */
static void buf_vprintf(struct cc_buf *buf, const char *format, va_list args)
{
    size_t room;
    va_list again;
    int len;

    if (!grow(buf, 0))
        return;
    room = buf->cap - buf->len - CC_BUF_SPARE;
    va_copy(again, args);
    len = vsnprintf(buf->data + buf->len, room + 1, format, again);
    va_end(again);
    if (len < 0 || !grow(buf, (size_t)len)) {
        buf->failed = true;
        len = 0;
    } else if ((size_t)len > room) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    }
    buf->len += (size_t)len;
    memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

void cc_buf_printf(struct cc_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

char *cc_buf_take(struct cc_buf *buf)
{
    char *data = NULL;

    cc_buf_add(buf, "", 0);
    if (!buf->failed)
        data = cc_take(buf->data);
    cc_buf_clear(buf);
    return data;
}

const char *cc_buf_text(const struct cc_buf *buf)
{
    return buf->data ? buf->data : "";
}

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    bool large; /* it holds one piece and no other */
    _Alignas(max_align_t) unsigned char bytes[];
};

struct adopted {
    struct adopted *next;
    void *what;
    void (*release)(void *what);
};

struct cc_arena {
    struct chunk *chunks; /* the newest first; only it is filled */
    struct adopted *adopted;
    atomic_int owners;
};

enum { CHUNK_SIZE = 4000 };

static size_t aligned(size_t size)
{
    const size_t align = _Alignof(max_align_t);

    return (size + align - 1) / align * align;
}

/* The arena is the first thing in its own first chunk. */
static size_t own_size(void)
{
    return aligned(sizeof(struct cc_arena));
}

struct cc_arena *cc_arena_sized(size_t size)
{
    size_t own = own_size(), room = own + aligned(size);
    struct chunk *chunk = size < SIZE_MAX / 2 ? malloc(sizeof(*chunk) + room) : NULL;
    struct cc_arena *arena;

    if (!chunk)
        return NULL;
    *chunk = (struct chunk){ .size = room, .used = own };
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
        one->release(one->what);
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
    for (chunk = arena->chunks; chunk; chunk = next) { /* one of them holds the arena itself */
        next = chunk->next;
        free_chunk(chunk);
    }
}

void cc_arena_reset(struct cc_arena *arena)
{
    struct chunk *own = NULL, *chunk, *next;
    size_t own_bytes = own_size();

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

/* a chunk for one piece, behind the chunk that is being filled */
static struct chunk *add_large(struct cc_arena *arena, size_t room)
{
    struct chunk *chunk = large_block(sizeof(*chunk) + room);

    if (!chunk)
        return NULL;
    *chunk = (struct chunk){ .next = arena->chunks->next, .size = room, .large = true };
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
    return memset(memory, 0, size); /* here, as most of a chunk is never asked for */
}

/* where the pointer to the chunk stands that holds nothing but this piece; NULL: it shares one */
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
        link = large_chunk(arena, old); /* the new one may have come in between */
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
    buf_vprintf(&buf, format, args);
    va_end(args);
    return buf.failed ? NULL : cc_arena_strndup(arena, buf.data, buf.len);
}

bool cc_arena_adopt(struct cc_arena *arena, void *what, void (*release)(void *what))
{
    struct adopted *one = cc_arena_alloc(arena, sizeof(*one));

    if (!one)
        return false;
    *one = (struct adopted){ arena->adopted, what, release };
    arena->adopted = one;
    return true;
}

static char *read_all(int file, size_t max)
{
    cc_auto_buf struct cc_buf text = { .max = max };
    char piece[4096];
    ssize_t got;

    while ((got = read(file, piece, sizeof(piece))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return NULL;
        cc_buf_add(&text, piece, (size_t)got);
        cc_wipe(piece, (size_t)got);
        if (text.failed) {
            errno = text.len + (size_t)got > max ? EFBIG : ENOMEM;
            return NULL;
        }
    }
    if (text.len > 0 && memchr(text.data, '\0', text.len)) {
        errno = EILSEQ;
        return NULL;
    }
    errno = ENOMEM;
    return cc_buf_take(&text);
}

char *cc_file_read(const char *path, size_t max)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *text;
    int why;

    if (file < 0)
        return NULL;
    text = read_all(file, max);
    why = errno;
    close(file);
    errno = why;
    return text;
}
