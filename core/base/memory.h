/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: a growing buffer, an arena, clean-up on every way out. Knows nothing of clouds. */
#ifndef CC_MEM_H
#define CC_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "include/cloud_provider.h"

/* frees *(void **)pointer: for cc_auto_free */
void cc_free_pointer(void *pointer);
#define cc_auto_free __attribute__((cleanup(cc_free_pointer)))
/* the value of a pointer, which becomes NULL */
#define cc_take(pointer) \
    ({ \
        __typeof__(pointer) *cc_take_from_ = &(pointer); \
        __typeof__(pointer) cc_taken_ = *cc_take_from_; \
        *cc_take_from_ = NULL; \
        cc_taken_; \
    })

/* overwrites memory so that the compiler cannot leave it out */
void cc_wipe(void *memory, size_t size);
/* wipes and frees a string; NULL is fine */
void cc_free_secret(char *secret);

/* length of the well-formed UTF-8 sequence that @text begins with; 0 when it is none */
size_t cc_utf8_length(const char *text, size_t len);
bool cc_is_utf8(const char *text); /* all of it */

/* writable zero bytes after the end of every buffer that holds memory: a NUL, and what the JSON
 * reader needs */
#define CC_BUF_SPARE 8

void cc_buf_init(struct cc_buf *buf, size_t max);
void cc_buf_reset(struct cc_buf *buf); /* empties it, keeps the memory and clears the failure */
void cc_buf_putc(struct cc_buf *buf, char c);
/* several texts, one after the other; the list ends with NULL */
void cc_buf_puts_all(struct cc_buf *buf, ...) __attribute__((sentinel));
/* moves the memory to the caller, who calls free(); NULL only after a failure. The buffer is then
 * empty */
char *cc_buf_take(struct cc_buf *buf);

/* room for exactly so many more bytes, so that adding them allocates nothing; a ceiling or no
 * memory shows there */
void cc_buf_reserve(struct cc_buf *buf, size_t more);

/* what cc_buf_take() gave, and need not be wiped: where it is large, it is kept for the next buffer
 * that grows large */
void cc_free_large(void *block);

/* Many small allocations that are freed at once. Memory is zeroed; NULL when out of memory. */
struct cc_arena *cc_arena_new(void);
void cc_arena_free(struct cc_arena *arena); /* NULL is allowed */
void *cc_arena_alloc(struct cc_arena *arena, size_t size);
char *cc_arena_strndup(struct cc_arena *arena, const char *text, size_t len);
/* calls @release(@what) when the arena is freed; false when out of memory: then nothing was adopted
 */
bool cc_arena_adopt(struct cc_arena *arena, void *what, void (*release)(void *what));
/* cc_arena_new() with room for about so much at first */
struct cc_arena *cc_arena_sized(size_t size);
/* another owner: the arena goes with the last cc_arena_free(); owners may be in different threads.
 * NULL gives NULL */
struct cc_arena *cc_arena_share(struct cc_arena *arena);
/*
 * A larger array in the place of @old, which is NULL or the arena gave; what is behind its first
 * @old_size bytes is zeroed. A large one is not left behind, and grows by as much again, so that
 * pages of a listing may follow each other. NULL: no memory, and @old is as it was.
 */
void *cc_arena_grow(struct cc_arena *arena, void *old, size_t old_size, size_t size);
/* empties it and keeps the first of its memory; only while it has one owner */
void cc_arena_reset(struct cc_arena *arena);

/* a small file as a string; NULL with errno when it cannot be read, passes @max bytes (EFBIG) or
 * holds a NUL (EILSEQ) */
char *cc_file_read(const char *path, size_t max);

#endif
