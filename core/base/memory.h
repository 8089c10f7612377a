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

/* overwrites memory so that the compiler cannot leave it out */
void cc_wipe(void *memory, size_t size);
/* wipes and frees a string; NULL is fine */
void cc_free_secret(char *secret);

/* length of the well-formed UTF-8 sequence that @text begins with; 0 when it is none */
size_t cc_utf8_length(const char *text, size_t len);
bool cc_is_utf8(const char *text); /* all of it */

/* room for exactly so many more bytes, so that adding them allocates nothing; a ceiling or no
 * memory shows there */
void cc_buf_reserve(struct cc_buf *buf, size_t more);

/* what cc_buf_take() gave, and need not be wiped: where it is large, it is kept for the next buffer
 * that grows large */
void cc_free_large(void *block);

/* the same with room for about so much at first */
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
