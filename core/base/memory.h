/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares clean-up and wiping of memory. Includes the arena, the buffer and the free list.
 *
 * Passwords, keys and console addresses pass through arenas and buffers. Both wipe their memory
 * before they free it, so that no caller has to know which of them held a secret.
 */
#ifndef CC_MEMORY_H
#define CC_MEMORY_H

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/free_list.h"

/* Frees *(void **)pointer; for cc_auto_free. */
void cc_free_pointer(void *pointer);
#define cc_auto_free __attribute__((cleanup(cc_free_pointer)))
/* The value of a pointer variable. The variable becomes NULL. */
#define cc_take(pointer) \
    ({ \
        __typeof__(pointer) *cc_take_from_ = &(pointer); \
        __typeof__(pointer) cc_taken_ = *cc_take_from_; \
        *cc_take_from_ = NULL; \
        cc_taken_; \
    })

/* Overwrites memory. The compiler cannot remove the write. */
void cc_wipe(void *memory, size_t size);
/* Wipes and frees a string. NULL is allowed. */
void cc_free_secret(char *secret);

#endif
