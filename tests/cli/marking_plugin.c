/* SPDX-License-Identifier: Apache-2.0 */
/* A plug-in that creates the file "ran" when it is loaded. It has no provider. */
#include <stdio.h>

__attribute__((constructor)) static void leave_mark(void)
{
    FILE *file = fopen("ran", "w");

    if (file)
        fclose(file);
}
