/* SPDX-License-Identifier: Apache-2.0 */
/* What CapitalOnline's products share: the envelope of answers, passwords, on-off words. */
#ifndef CAPITALONLINE_H
#define CAPITALONLINE_H

#include "core/provider.h"

void capitalonline_envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret_envelope);
extern const struct cc_password_policy capitalonline_password;
/* 1 and 0, as requests have them */
extern const struct cc_word capitalonline_on_off[];

#define CAPITALONLINE_UTC_OFFSET_S (8 * 3600)   /* answers carry no zone; a bill's epoch shows it is +08:00 */
#define CAPITALONLINE_NO_EXPIRY "2099-01-01"    /* EndBillTime of what is paid on demand */

#endif
