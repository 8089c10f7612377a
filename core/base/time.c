/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts between Unix seconds and the time formats of vendors, and computes with the calendar.
 * The C library's functions do not fit: they depend on the locale, correct impossible dates
 * silently, and have one time zone a process.
 */
#include "core/base/time.h"
#include "core/base/error.h"
#include "core/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 86400, YEAR_MAX = 9999 };

static const char month_names[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

int cc_days_in_month(int64_t year, int month)
{
    static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

/*
 * The number of days from 1970-01-01 to a date. Years are counted from March, so that the leap day
 * is the last day of a year.
 */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t from_march = month > 2 ? month - 3 : month + 9;
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct cc_date cc_date_of(int64_t time, int utc_offset_s)
{
    int64_t days = floor_div(time, DAY_S);
    int64_t seconds = time - days * DAY_S + utc_offset_s;
    int64_t era, day_of_era, year_of_era, day_of_year, from_march;
    struct cc_date date;

    days += floor_div(seconds, DAY_S);
    seconds -= floor_div(seconds, DAY_S) * DAY_S;
    date.hour = (int)(seconds / 3600);
    date.minute = (int)(seconds / 60 % 60);
    date.second = (int)(seconds % 60);

    era = floor_div(days + 719468, 146097);
    day_of_era = days + 719468 - era * 146097;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    from_march = (5 * day_of_year + 2) / 153;
    date.day = (int)(day_of_year - (153 * from_march + 2) / 5) + 1;
    date.month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    date.year = era * 400 + year_of_era + (date.month <= 2);
    return date;
}

int64_t cc_time_of(struct cc_date date, int utc_offset_s)
{
    return days_of(date.year, date.month, date.day) * DAY_S + date.hour * 3600 + date.minute * 60 +
           date.second - utc_offset_s;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads exactly @width digits. */
static bool read_digits(const char **at, int width, int *ret_value)
{
    int value = 0;

    for (int i = 0; i < width; i++, (*at)++) {
        if (!is_digit(**at))
            return false;
        value = value * 10 + (**at - '0');
    }
    *ret_value = value;
    return true;
}

static bool read_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool read_day(const char **at, struct cc_date *date)
{
    int year;

    if (!read_digits(at, 4, &year) || !read_char(at, '-') || !read_digits(at, 2, &date->month) ||
        !read_char(at, '-') || !read_digits(at, 2, &date->day))
        return false;
    date->year = year;
    return true;
}

static bool read_clock(const char **at, struct cc_date *date)
{
    return read_digits(at, 2, &date->hour) && read_char(at, ':') &&
           read_digits(at, 2, &date->minute) && read_char(at, ':') &&
           read_digits(at, 2, &date->second);
}

/* A fraction has at least one digit. It is dropped: times have whole seconds. */
static bool read_fraction(const char **at)
{
    if (!read_char(at, '.'))
        return true;
    if (!is_digit(**at))
        return false;
    while (is_digit(**at))
        (*at)++;
    return true;
}

/* Reads "Z", "+08:00", "+0800", or nothing. */
static bool read_zone(const char **at, int *utc_offset_s)
{
    bool west = **at == '-';
    int hours, minutes;

    if (**at == '\0')
        return true;
    if (read_char(at, 'Z')) {
        *utc_offset_s = 0;
        return true;
    }
    if (!read_char(at, '+') && !read_char(at, '-'))
        return false;
    if (!read_digits(at, 2, &hours))
        return false;
    read_char(at, ':');
    if (!read_digits(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *utc_offset_s = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

static bool is_date(const struct cc_date *date)
{
    return date->year >= 1 && date->year <= YEAR_MAX && date->month >= 1 && date->month <= 12 &&
           date->day >= 1 && date->day <= cc_days_in_month(date->year, date->month) &&
           date->hour <= 23 && date->minute <= 59 && date->second <= 59;
}

int cc_time_read(const char *text, int utc_offset_s, int64_t *ret_time, struct cloud_error *err)
{
    const char *at = text ? text : "";
    struct cc_date date = { 0 };
    bool good = read_day(&at, &date);

    if (good && *at)
        good = (read_char(&at, 'T') || read_char(&at, ' ')) && read_clock(&at, &date) &&
               read_fraction(&at) && read_zone(&at, &utc_offset_s);
    if (!good || *at || !is_date(&date))
        return cc_fail(err, CLOUD_EINVAL, "\"%.40s\" is not a time", text ? text : "");
    *ret_time = cc_time_of(date, utc_offset_s);
    return CLOUD_OK;
}

static bool read_month_name(const char **at, int *ret_month)
{
    for (int i = 0; i < 12; i++) {
        if (strncmp(*at, month_names[i], 3) == 0) {
            *at += 3;
            *ret_month = i + 1;
            return true;
        }
    }
    return false;
}

/* "06 Nov 1994 08:49:37 GMT" */
static bool read_imf_date(const char *at, struct cc_date *date)
{
    int year = 0;
    bool good = read_digits(&at, 2, &date->day) && read_char(&at, ' ') &&
                read_month_name(&at, &date->month) && read_char(&at, ' ') &&
                read_digits(&at, 4, &year) && read_char(&at, ' ') && read_clock(&at, date);

    date->year = year;
    return good && !strcmp(at, " GMT");
}

/* "06-Nov-94 08:49:37 GMT": a year of two digits is one of 1970 to 2069 */
static bool read_rfc850_date(const char *at, struct cc_date *date)
{
    int year = 0;
    bool good = read_digits(&at, 2, &date->day) && read_char(&at, '-') &&
                read_month_name(&at, &date->month) && read_char(&at, '-') &&
                read_digits(&at, 2, &year) && read_char(&at, ' ') && read_clock(&at, date);

    date->year = year + (year < 70 ? 2000 : 1900);
    return good && !strcmp(at, " GMT");
}

/* "Nov  6 08:49:37 1994" */
static bool read_asctime_date(const char *at, struct cc_date *date)
{
    int year = 0;
    bool good = read_month_name(&at, &date->month) && read_char(&at, ' ') &&
                read_digits(&at, read_char(&at, ' ') ? 1 : 2, &date->day) && read_char(&at, ' ') &&
                read_clock(&at, date) && read_char(&at, ' ') && read_digits(&at, 4, &year);

    date->year = year;
    return good && !*at;
}

/* RFC 9110, section 5.6.7. The day of the week is redundant and is not checked. */
int cc_http_date_read(const char *text, int64_t *ret_time, struct cloud_error *err)
{
    const char *at = text ? text : "";
    size_t comma = strcspn(at, ",");
    struct cc_date date = { 0 };
    bool good;

    if (at[comma])
        good = at[comma + 1] == ' ' &&
               (read_imf_date(at + comma + 2, &date) || read_rfc850_date(at + comma + 2, &date));
    else
        good = comma > 4 && at[3] == ' ' && read_asctime_date(at + 4, &date);
    if (!good || !is_date(&date))
        return cc_fail(err, CLOUD_EINVAL, "\"%.40s\" is not an HTTP date", text ? text : "");
    *ret_time = cc_time_of(date, 0);
    return CLOUD_OK;
}

/* Years have four digits. A time outside of them becomes the first or the last one. */
static struct cc_date clamp_date(int64_t time)
{
    struct cc_date date = cc_date_of(time, 0);

    if (date.year > YEAR_MAX)
        return (struct cc_date){ YEAR_MAX, 12, 31, 23, 59, 59 };
    if (date.year < 1)
        return (struct cc_date){ 1, 1, 1, 0, 0, 0 };
    return date;
}

static char *write_digits(char *at, int width, int value)
{
    for (int i = width; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + width;
}

/*
 * Writes a time; @suffixes has the text after each part. Does not use snprintf(), which is slow,
 * and every request carries a date.
 */
static void write_time(int64_t time, const char *const suffixes[6], char *text)
{
    struct cc_date date = clamp_date(time);
    const int parts[] = {
        (int)date.year, date.month, date.day, date.hour, date.minute, date.second
    };

    for (size_t i = 0; i < CC_COUNT(parts); i++)
        text = stpcpy(write_digits(text, i ? 2 : 4, parts[i]), suffixes[i]);
}

void cc_time_basic(int64_t time, char ret_text[CC_TIME_BASIC_MAX])
{
    write_time(time, (const char *const[]){ "", "", "T", "", "", "Z" }, ret_text);
}

void cc_time_iso(int64_t time, char ret_text[CC_TIME_ISO_MAX])
{
    write_time(time, (const char *const[]){ "-", "-", "T", ":", ":", "Z" }, ret_text);
}

const char *cloud_time_format(int64_t time, char ret_text[CLOUD_TIME_MAX])
{
    if (time == CLOUD_TIME_NONE)
        strcpy(ret_text, "-");
    else
        cc_time_iso(time, ret_text);
    return ret_text;
}

int cloud_time_parse(const char *text, int64_t *ret_time, struct cloud_error *err)
{
    const char *at = text ? text : "";
    int64_t seconds = 0;
    bool fits = *at != '\0';
    int code;

    for (; is_digit(*at) && fits; at++)
        fits = !__builtin_mul_overflow(seconds, 10, &seconds) &&
               !__builtin_add_overflow(seconds, *at - '0', &seconds);
    if (fits && *at == '\0') {
        *ret_time = seconds;
        code = CLOUD_OK;
    } else {
        code = cc_time_read(text, 0, ret_time, err);
    }
    if (!code)
        cc_error_clear(err);
    return code;
}

int64_t cc_time_add_period(int64_t time, struct cloud_period period, int utc_offset_s)
{
    struct cc_date date;
    int64_t months;
    int last;

    switch (period.unit) {
    case CLOUD_PERIOD_HOUR: return time + (int64_t)period.count * 3600;
    case CLOUD_PERIOD_DAY: return time + (int64_t)period.count * DAY_S;
    case CLOUD_PERIOD_MONTH: months = period.count; break;
    case CLOUD_PERIOD_YEAR: months = (int64_t)period.count * 12; break;
    default: return time;
    }
    date = cc_date_of(time, utc_offset_s);
    months += date.month - 1;
    date.year += floor_div(months, 12);
    date.month = (int)(months - floor_div(months, 12) * 12) + 1;
    last = cc_days_in_month(date.year, date.month);
    if (date.day > last)
        date.day = last;
    return cc_time_of(date, utc_offset_s);
}
