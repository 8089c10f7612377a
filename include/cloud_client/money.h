/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money as exact fixed-point amounts, periods, and times; how each is read from text and written.
 */
#ifndef CLOUD_CLIENT_MONEY_H
#define CLOUD_CLIENT_MONEY_H

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An exact fixed-point amount: @micros counts 10^-6 of the currency's unit (12.34 CNY is
 * 12340000).
 */
struct cloud_money {
    int64_t micros;
    char currency[4]; /* ISO 4217, "CNY"; "": the amount is not known */
};

/**
 * Reads a decimal number exactly: "12.34", "-0.5", "1e3". It never passes through a double.
 *
 * @param text      NULL is refused with CLOUD_EINVAL
 * @param currency  three upper-case letters
 * @return CLOUD_OK; CLOUD_EINVAL when the text is not a number, has more than six decimal places
 *         that are not zero, or does not fit
 */
CLOUD_API int cloud_money_parse(const char *text, const char *currency,
                                struct cloud_money *ret_money, struct cloud_error *err);

/** The size of a buffer for any amount with its currency and the NUL. */
#define CLOUD_MONEY_MAX 40

/**
 * Writes "12.34 CNY", with two to six decimal places; "-" when the amount is not known. Returns
 * @ret_text.
 */
CLOUD_API const char *cloud_money_format(struct cloud_money money, char ret_text[CLOUD_MONEY_MAX]);

enum cloud_period_unit {
    CLOUD_PERIOD_NONE = 0,
    CLOUD_PERIOD_HOUR,
    CLOUD_PERIOD_DAY,
    CLOUD_PERIOD_MONTH,
    CLOUD_PERIOD_YEAR
};

/** A length of time that is bought or that a price is for. All zero: none. */
struct cloud_period {
    int count;
    enum cloud_period_unit unit;
};

/**
 * Reads "1 month", "3months", "2y", "10d". Nothing is rounded.
 *
 * @param text  NULL is refused with CLOUD_EINVAL
 * @return CLOUD_OK; CLOUD_EINVAL when the text is not a period
 */
CLOUD_API int cloud_period_parse(const char *text, struct cloud_period *ret_period,
                                 struct cloud_error *err);

/** The size of a buffer for any period and the NUL. */
#define CLOUD_PERIOD_MAX 24

/** Writes "3 months"; "-" for none. Returns @ret_text. */
CLOUD_API const char *cloud_period_format(struct cloud_period period,
                                          char ret_text[CLOUD_PERIOD_MAX]);

/** No time: not given, not known, or never. */
#define CLOUD_TIME_NONE ((int64_t)0)
/**
 * The vendor's reply has a time that cannot be read. Only an expiry has this value: every other
 * time that cannot be read is CLOUD_TIME_NONE, and a warning goes to the log. It is before every
 * other time. A call that renews the instance, or that needs to know its term, refuses it.
 */
#define CLOUD_TIME_UNREADABLE INT64_MIN
/** The size of a buffer for any time and the NUL. */
#define CLOUD_TIME_MAX 24

/**
 * Writes "2026-11-20T08:00:00Z"; "-" for CLOUD_TIME_NONE, "unreadable" for CLOUD_TIME_UNREADABLE.
 * Returns @ret_text.
 */
CLOUD_API const char *cloud_time_format(int64_t time, char ret_text[CLOUD_TIME_MAX]);

/**
 * Reads a time as cloud_time_format() writes it, or Unix seconds. CLOUD_EINVAL for anything else,
 * also for "-", "unreadable" and NULL.
 */
CLOUD_API int cloud_time_parse(const char *text, int64_t *ret_time, struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
