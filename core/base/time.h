/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares reading, writing and calendar arithmetic of times. None of it uses a clock, a locale or
 * the time zone of this machine.
 */
#ifndef CC_TIME_H
#define CC_TIME_H

#include <stdbool.h>

#include "include/cloud_client.h"

/*
 * Reads a time of ISO 8601: "2022-08-22T16:41:28Z", "…+08:00", "…+0800", with 'T' or a space, with
 * or without a fraction (which is dropped). A time without a zone, or a date alone, is at
 * @utc_offset_s. Years 1 to 9999. Ranges and the calendar are checked. CLOUD_EINVAL; the message
 * quotes the text.
 */
int cc_time_read(const char *text, int utc_offset_s, int64_t *ret_time, struct cloud_error *err);

/*
 * Whether the text is the zero of a date type, which back ends write for "none": Go's year 1, also
 * in a time zone west of UTC, and MySQL's "0000-00-00 00:00:00".
 */
bool cc_time_is_zero(const char *text);

/* Reads the Date header of a reply: "Sun, 06 Nov 1994 08:49:37 GMT". */
int cc_http_date_read(const char *text, int64_t *ret_time, struct cloud_error *err);

/* Writes "20220822T084128Z". */
#define CC_TIME_BASIC_MAX 17
void cc_time_basic(int64_t time, char ret_text[CC_TIME_BASIC_MAX]);
/* Writes "2022-08-22T08:41:28Z". */
#define CC_TIME_ISO_MAX 21
void cc_time_iso(int64_t time, char ret_text[CC_TIME_ISO_MAX]);

/*
 * Adds a period to @time. Months and years are counted on the calendar at @utc_offset_s. A day that
 * the month does not have becomes its last day (31 January + 1 month is 28 or 29 February).
 * CLOUD_PERIOD_NONE adds nothing.
 */
int64_t cc_time_add_period(int64_t time, struct cloud_period period, int utc_offset_s);

/* A date and a time of day. */
struct cc_date {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second;
};
struct cc_date cc_date_of(int64_t time, int utc_offset_s);
int64_t cc_time_of(struct cc_date date, int utc_offset_s);
int cc_days_in_month(int64_t year, int month);

#endif
