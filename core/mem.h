/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: a growing buffer, an arena, clean-up on every way out. Knows nothing of clouds. */
#ifndef CC_MEM_H
#define CC_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CC_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define cc_auto_free __attribute__((cleanup(cc_free_pointer)))
#define cc_auto_buf __attribute__((cleanup(cc_buf_clear)))
#define cc_take(pointer)                                                                                               \
    ({                                                                                                                 \
        __typeof__(pointer) *cc_take_from_ = &(pointer);                                                               \
        __typeof__(pointer) cc_taken_ = *cc_take_from_;                                                                \
        *cc_take_from_ = NULL;                                                                                         \
        cc_taken_;                                                                                                     \
    })

/* frees *(void **)pointer: for cc_auto_free */
void cc_free_pointer(void *pointer);

/* overwrites memory so that the compiler cannot leave it out */
void cc_wipe(void *memory, size_t size);
/* wipes and frees a string; NULL is fine */
void cc_free_secret(char *secret);

/* length of the well-formed UTF-8 sequence that @text begins with; 0 when it is none */
size_t cc_utf8_length(const char *text, size_t len);
bool cc_is_utf8(const char *text); /* all of it */

/* writable zero bytes behind the end of every buffer that holds memory: a NUL, and what the JSON reader wants */
#define CC_BUF_SPARE 8

/*
 * A growing byte buffer, always NUL-terminated behind its end (data is NULL until something was added). A failure
 * (ceiling, memory) sticks; memory is wiped before it is let go. Zeroes are an empty buffer without ceiling.
 */
struct cc_buf {
    char *data;
    size_t len;
    size_t cap;
    size_t max; /* most bytes it may hold; 0: no ceiling */
    bool failed;
};
void cc_buf_init(struct cc_buf *buf, size_t max);
void cc_buf_clear(struct cc_buf *buf);
void cc_buf_reset(struct cc_buf *buf); /* empties, keeps the memory and clears the failure */
/* room for exactly so many more bytes, so that adding them allocates nothing; a ceiling or no memory shows there */
void cc_buf_reserve(struct cc_buf *buf, size_t more);
void cc_buf_add(struct cc_buf *buf, const void *data, size_t len);
void cc_buf_puts(struct cc_buf *buf, const char *text);
void cc_buf_putc(struct cc_buf *buf, char c);
/* several texts, one behind the other; the list ends with NULL */
void cc_buf_puts_all(struct cc_buf *buf, ...) __attribute__((sentinel));
void cc_buf_printf(struct cc_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* hands the memory over (to free()); NULL when failed; never NULL otherwise; the buffer is then empty */
char *cc_buf_take(struct cc_buf *buf);
/* the bytes as a string, "" when there are none */
const char *cc_buf_text(const struct cc_buf *buf);

/* Many small allocations freed at once. Zeroed memory; NULL when there is none. */
struct cc_arena;
struct cc_arena *cc_arena_new(void);
/* the same with room for about so much at first */
struct cc_arena *cc_arena_sized(size_t size);
/* another owner: the arena goes with the last cc_arena_free(); owners may be in different threads. NULL gives NULL */
struct cc_arena *cc_arena_share(struct cc_arena *arena);
void cc_arena_free(struct cc_arena *arena);
void *cc_arena_alloc(struct cc_arena *arena, size_t size);
char *cc_arena_strdup(struct cc_arena *arena, const char *text); /* NULL gives NULL */
char *cc_arena_strndup(struct cc_arena *arena, const char *text, size_t len);
char *cc_arena_printf(struct cc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* calls @release(@what) when the arena is freed; false when out of memory (then nothing was adopted) */
bool cc_arena_adopt(struct cc_arena *arena, void *what, void (*release)(void *what));

/* a small file as a string; NULL with errno when it cannot be read, passes @max bytes (EFBIG) or holds a NUL (EILSEQ) */
char *cc_file_read(const char *path, size_t max);

#endif
