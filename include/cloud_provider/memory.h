/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and errors for providers: buffers, arenas, and writing a struct cloud_error. */
#ifndef CLOUD_PROVIDER_MEMORY_H
#define CLOUD_PROVIDER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "../cloud_client.h"

/** The number of elements of an array. */
#define CC_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** The name under which the library exports a helper: cloud_cc_... */
#define CC_AS(name) __asm__("cloud_" #name)

/**
 * A growing byte buffer. Its data ends with a NUL; data is NULL until something is added. A
 * failure (ceiling, memory) is sticky: later calls do nothing, and failed says so. Memory is wiped
 * before it is freed. All zero is an empty buffer without a ceiling. Clear it with cc_buf_clear(),
 * or declare it with cc_auto_buf.
 */
struct cc_buf {
    char *data;
    size_t len;
    size_t cap;
    size_t max; /* the ceiling: most bytes that it may hold; 0: none */
    bool failed;
};
/** Clears a struct cc_buf when its variable goes out of scope. */
#define cc_auto_buf __attribute__((cleanup(cc_buf_clear)))
/** Wipes and frees the memory and resets the failure. The buffer can be used again. */
CLOUD_API void cc_buf_clear(struct cc_buf *buf) CC_AS(cc_buf_clear);
/** Each appends: bytes, a string, formatted text. */
CLOUD_API void cc_buf_add(struct cc_buf *buf, const void *data, size_t len) CC_AS(cc_buf_add);
CLOUD_API void cc_buf_puts(struct cc_buf *buf, const char *text) CC_AS(cc_buf_puts);
CLOUD_API void cc_buf_printf(struct cc_buf *buf, const char *format, ...) CC_AS(cc_buf_printf)
    __attribute__((format(printf, 2, 3)));
/** The bytes as a string, "" when there are none. Valid until the buffer changes. */
CLOUD_API const char *cc_buf_text(const struct cc_buf *buf) CC_AS(cc_buf_text);

/** Memory that is freed at once: a hook gets the arena of its result as hook->arena. */
struct cc_arena;
/**
 * Each returns a copy or formatted text that lives as long as the arena; NULL when out of memory.
 * NULL gives NULL.
 */
CLOUD_API char *cc_arena_strdup(struct cc_arena *arena, const char *text) CC_AS(cc_arena_strdup);
CLOUD_API char *cc_arena_printf(struct cc_arena *arena, const char *format, ...)
    CC_AS(cc_arena_printf) __attribute__((format(printf, 2, 3)));

/** Writes code and message (printf-like), clears the rest, returns @code. @err may be NULL. */
CLOUD_API int cc_fail(struct cloud_error *err, int code, const char *format, ...) CC_AS(cc_fail)
    __attribute__((format(printf, 3, 4)));
/** The same with CLOUD_EINVAL, and names the parameter or configuration key to fix. */
CLOUD_API int cc_fail_param(struct cloud_error *err, const char *parameter, const char *format, ...)
    CC_AS(cc_fail_param) __attribute__((format(printf, 3, 4)));

#endif
