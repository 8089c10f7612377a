/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the growing byte buffer. The part for providers is in cloud_provider/memory.h. */
#ifndef CC_BUFFER_H
#define CC_BUFFER_H

#include <stdarg.h>

#include "include/cloud_provider.h"

/*
 * Writable zero bytes after the end of every buffer that holds memory: a NUL, and the padding of
 * the JSON reader.
 */
#define CC_BUF_SPARE 8

void cc_buf_init(struct cc_buf *buf, size_t max);
/* Empties the buffer, keeps its memory and resets the failure. */
void cc_buf_reset(struct cc_buf *buf);
void cc_buf_putc(struct cc_buf *buf, char c);
/* Appends several strings; the list ends with NULL. */
void cc_buf_puts_all(struct cc_buf *buf, ...) __attribute__((sentinel));
void cc_buf_vprintf(struct cc_buf *buf, const char *format, va_list args);
/*
 * Moves the memory to the caller, who frees it. The buffer is then empty. NULL only after a
 * failure.
 */
char *cc_buf_take(struct cc_buf *buf);
/*
 * Allocates capacity for exactly @more further bytes, so that adding them allocates nothing. It
 * reports nothing: when the ceiling is reached or memory is short, adding fails.
 */
void cc_buf_reserve(struct cc_buf *buf, size_t more);

#endif
