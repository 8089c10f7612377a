/* SPDX-License-Identifier: Apache-2.0 */
/* Times as vendors spell them, and the calendar. No clock, no locale, no time zone of this machine.
 */
#ifndef CC_TIME_H
#define CC_TIME_H

#include "include/cloud_client.h"

/*
 * A time of ISO 8601: "2022-08-22T16:41:28Z", "…+08:00", "…+0800", with or without a fraction
 * (which is dropped), with 'T' or a space; without a zone, or a date alone, it is meant at
 * @utc_offset_s. Years 1 to 9999; ranges and the calendar are checked. CLOUD_EINVAL with the text.
 */
int cc_time_read(const char *text, int utc_offset_s, int64_t *ret_time, struct cloud_error *err);

/* The Date header of an answer: "Sun, 06 Nov 1994 08:49:37 GMT" */
int cc_http_date_read(const char *text, int64_t *ret_time, struct cloud_error *err);

/* "20220822T084128Z" */
#define CC_TIME_BASIC_MAX 17
void cc_time_basic(int64_t time, char ret_text[CC_TIME_BASIC_MAX]);
/* "2022-08-22T08:41:28Z" */
#define CC_TIME_ISO_MAX 21
void cc_time_iso(int64_t time, char ret_text[CC_TIME_ISO_MAX]);

/*
 * @time later by a period. Months and years are counted on the calendar at @utc_offset_s, and a day
 * that the month does not have becomes its last one (31 January + 1 month is 28 or 29 February).
 * CLOUD_PERIOD_NONE adds nothing.
 */
int64_t cc_time_add_period(int64_t time, struct cloud_period period, int utc_offset_s);

/* A time of day on the calendar. */
struct cc_date {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second;
};
struct cc_date cc_date_of(int64_t time, int utc_offset_s);
int64_t cc_time_of(struct cc_date date, int utc_offset_s);
int cc_days_in_month(int64_t year, int month);

#endif
