/* SPDX-License-Identifier: Apache-2.0 */
/* Frees and wipes memory. */
#include "core/base/memory.h"

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
