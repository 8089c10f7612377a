/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and writes amounts and periods. Amounts are exact: they never pass through a double and are
 * never rounded.
 */
#include "core/base/money.h"
#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { MICRO_DIGITS = 6, EXPONENT_MAX = 100000 };

/* The parts of a decimal number in a text: the digits [first, end), which may contain a point. */
struct decimal {
    bool negative;
    const char *first;
    const char *end;
    int exponent; /* the number after the 'e' */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads from the 'e' to the end. Huge exponents saturate: no amount but zero fits them. */
static bool read_exponent(const char *text, int *ret_exponent)
{
    bool negative = text[1] == '-';
    const char *at = text + 1 + (text[1] == '+' || text[1] == '-');
    int exponent = 0;

    if (!is_digit(*at))
        return false;
    for (; is_digit(*at); at++)
        exponent = exponent < EXPONENT_MAX ? exponent * 10 + (*at - '0') : exponent;
    *ret_exponent = negative ? -exponent : exponent;
    return *at == '\0';
}

static bool read_decimal(const char *text, struct decimal *ret)
{
    size_t digits = 0, points = 0;

    *ret = (struct decimal){ .negative = *text == '-', .first = text + (*text == '-') };
    for (ret->end = ret->first; is_digit(*ret->end) || *ret->end == '.'; ret->end++) {
        digits += *ret->end != '.';
        points += *ret->end == '.';
    }
    if (digits == 0 || points > 1)
        return false;
    if (*ret->end == 'e' || *ret->end == 'E')
        return read_exponent(ret->end, &ret->exponent);
    return *ret->end == '\0';
}

/*
 * Converts a decimal to a negative count of micros. It is negative because INT64_MIN has no
 * positive counterpart. False with a reason. A digit is worth 10^place micros; @place falls from
 * digit to digit, and digits below place 0 must be zero.
 */
static bool count_micros(const struct decimal *decimal, int64_t *ret_negated, const char **ret_why)
{
    const char *point = memchr(decimal->first, '.', (size_t)(decimal->end - decimal->first));
    ptrdiff_t whole = (point ? point : decimal->end) - decimal->first;
    ptrdiff_t place = whole - 1 + decimal->exponent + MICRO_DIGITS;
    int64_t negated = 0;

    for (const char *at = decimal->first; at < decimal->end; at++) {
        if (*at == '.')
            continue;
        if (place < 0 && *at != '0') {
            *ret_why = "it has more than six decimal places";
            return false;
        }
        if (place >= 0 && (__builtin_mul_overflow(negated, 10, &negated) ||
                           __builtin_sub_overflow(negated, *at - '0', &negated))) {
            *ret_why = "it is too large";
            return false;
        }
        place--;
    }
    /* the zeroes that the exponent adds; zero itself needs none */
    for (; place >= 0 && negated != 0; place--) {
        if (__builtin_mul_overflow(negated, 10, &negated)) {
            *ret_why = "it is too large";
            return false;
        }
    }
    *ret_negated = negated;
    return true;
}

static bool is_currency(const char *text)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return len == 3 && text[len] == '\0';
}

int cc_money_read(const char *digits, const char *currency, struct cloud_money *ret_money,
                  struct cloud_error *err)
{
    const char *why = "it is not a decimal number";
    struct decimal decimal;
    int64_t negated;

    if (!currency || !is_currency(currency))
        return cc_fail(err, CLOUD_EINVAL, "currency \"%.20s\" is not an ISO 4217 code",
                       currency ? currency : "");
    if (!digits)
        return cc_fail(err, CLOUD_EINVAL, "an amount is missing");
    if (!read_decimal(digits, &decimal) || !count_micros(&decimal, &negated, &why))
        return cc_fail(err, CLOUD_EINVAL, "amount \"%.60s\" cannot be kept exactly: %s", digits,
                       why);
    if (!decimal.negative && negated == INT64_MIN)
        return cc_fail(err, CLOUD_EINVAL,
                       "amount \"%.60s\" cannot be kept exactly: it is too large", digits);
    *ret_money = (struct cloud_money){ .micros = decimal.negative ? negated : -negated };
    memcpy(ret_money->currency, currency, sizeof(ret_money->currency));
    return CLOUD_OK;
}

bool cc_whole_read(const char *digits, int64_t *ret_number)
{
    struct decimal decimal;
    const char *why;
    int64_t negated;

    if (!read_decimal(digits, &decimal) || !count_micros(&decimal, &negated, &why) ||
        negated % 1000000)
        return false;
    *ret_number = (decimal.negative ? negated : -negated) / 1000000;
    return true;
}

int cloud_money_parse(const char *text, const char *currency, struct cloud_money *ret_money,
                      struct cloud_error *err)
{
    int code = cc_need(currency, "currency", err);

    if (!code)
        code = cc_need(ret_money, "ret_money", err);
    if (!code)
        code = cc_money_read(text, currency, ret_money, err);
    if (!code)
        cc_error_clear(err);
    return code;
}

const char *cloud_money_format(struct cloud_money money, char ret_text[CLOUD_MONEY_MAX])
{
    uint64_t size = money.micros < 0 ? 0 - (uint64_t)money.micros : (uint64_t)money.micros;
    char fraction[MICRO_DIGITS + 1];
    int digits = MICRO_DIGITS;

    if (!ret_text)
        return "-";
    if (!money.currency[0]) {
        strcpy(ret_text, "-");
        return ret_text;
    }
    snprintf(fraction, sizeof(fraction), "%06u", (unsigned)(size % 1000000) % 1000000);
    while (digits > 2 && fraction[digits - 1] == '0')
        digits--;
    snprintf(ret_text, CLOUD_MONEY_MAX, "%s%llu.%.*s %.3s", money.micros < 0 ? "-" : "",
             (unsigned long long)(size / 1000000), digits, fraction, money.currency);
    return ret_text;
}

/* The first two words of each unit are written, for one and for several. All are read. */
static const struct unit_words {
    enum cloud_period_unit unit;
    const char *words[5];
} units[] = {
    { CLOUD_PERIOD_HOUR, { "hour", "hours", "h" } },
    { CLOUD_PERIOD_DAY, { "day", "days", "d" } },
    { CLOUD_PERIOD_MONTH, { "month", "months", "mon", "mons", "m" } },
    { CLOUD_PERIOD_YEAR, { "year", "years", "y" } },
};

static enum cloud_period_unit find_unit(const char *word)
{
    for (size_t i = 0; i < CC_COUNT(units); i++) {
        for (size_t n = 0; n < CC_COUNT(units[i].words) && units[i].words[n]; n++) {
            if (cc_ascii_casecmp(units[i].words[n], word) == 0)
                return units[i].unit;
        }
    }
    return CLOUD_PERIOD_NONE;
}

int cloud_period_parse(const char *text, struct cloud_period *ret_period, struct cloud_error *err)
{
    const char *at = text ? text : "";
    struct cloud_period period = { 0 };

    if (cc_need(ret_period, "ret_period", err))
        return CLOUD_EINVAL;
    for (; is_digit(*at); at++) {
        if (__builtin_mul_overflow(period.count, 10, &period.count) ||
            __builtin_add_overflow(period.count, *at - '0', &period.count))
            return cc_fail_param(err, "period", "period \"%.40s\" is too long", text);
    }
    at += strspn(at, " ");
    period.unit = find_unit(at);
    if (period.count < 1 || period.unit == CLOUD_PERIOD_NONE)
        return cc_fail_param(err, "period",
                             "period \"%.40s\" cannot be read: write a count and a unit, as in "
                             "\"1 month\", \"10d\", \"2 years\"",
                             text ? text : "");
    *ret_period = period;
    cc_error_clear(err);
    return CLOUD_OK;
}

const char *cloud_period_format(struct cloud_period period, char ret_text[CLOUD_PERIOD_MAX])
{
    if (!ret_text)
        return "-";
    strcpy(ret_text, "-");
    for (size_t i = 0; i < CC_COUNT(units); i++) {
        if (units[i].unit == period.unit)
            snprintf(ret_text, CLOUD_PERIOD_MAX, "%d %s", period.count,
                     units[i].words[period.count == 1 ? 0 : 1]);
    }
    return ret_text;
}
