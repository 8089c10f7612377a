/* SPDX-License-Identifier: Apache-2.0 */
/* Declares request rates as the configuration writes them: "15/s". */
#ifndef CC_RATE_H
#define CC_RATE_H

#include "include/cloud_client.h"

#define CC_SECOND_NS INT64_C(1000000000)

/* At most @count requests in any window of @window_ns. */
struct cc_rate {
    int count;
    int64_t window_ns;
};
/* Reads "15/s", "1000/min", "20000/h", "500/day". CLOUD_EINVAL; the message lists the allowed
 * forms. */
int cc_rate_read(const char *text, struct cc_rate *ret_rate, struct cloud_error *err);

#endif
