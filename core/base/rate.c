/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a request rate: "15/s", "1000/min", "20000/h", "500/day". */
#include "core/base/rate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

int cc_rate_read(const char *text, struct cc_rate *ret_rate, struct cloud_error *err)
{
    static const struct {
        const char *name;
        int seconds;
    } units[] = { { "/s", 1 }, { "/min", 60 }, { "/h", 3600 }, { "/day", 86400 } };
    char *end;
    long count;

    errno = 0;
    count = strtol(text, &end, 10);
    for (size_t i = 0; i < CC_COUNT(units); i++) {
        if (*text < '0' || *text > '9' || errno || count < 1 || count > 1000000 ||
            strcmp(end, units[i].name))
            continue;
        *ret_rate = (struct cc_rate){ (int)count, units[i].seconds * CC_SECOND_NS };
        return CLOUD_OK;
    }
    return cc_fail_param(err, "rate_limit",
                         "rate_limit is \"%.40s\"; write 15/s, 1000/min, 20000/h or 500/day", text);
}
