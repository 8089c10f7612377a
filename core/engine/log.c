/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a line to the log callback of a client. */
#include <stdarg.h>
#include <stdio.h>

#include "core/engine/client.h"

void cc_client_log(const struct cloud_client *client, enum cloud_log_level level,
                   const char *format, ...)
{
    char line[512];
    va_list args;

    if (!client->options.log)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    client->options.log(level, line, client->options.log_user_data);
}
