/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs price --all-clouds: gets the price of one size for one period from every configured cloud,
 * and shows them from the lowest to the highest. Without a configuration it uses the built-in
 * clouds. A cloud that fails shows its error in its row; the others are still shown.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct price_row {
    size_t number; /* in the configuration */
    struct cloud_config_cloud cloud;
    struct cloud_result result;
    struct cloud_error err;
    const struct cloud_price *price; /* either price or error; the other one is NULL */
    const struct cloud_error *error;
    const char *covers_or_error;
};

/* clang-format off */
#define T struct price_row
#define CLOUD_TEXT(member) \
    { .name = #member, .at = CTL_AT(T, cloud.member, const char *), .column = CTL_COLUMN }
#define PRICE(member, KIND, ctype, flags) \
    { .name = #member, .kind = KIND, .at = CTL_AT(T, result.price.member, ctype), \
      .column = CTL_COLUMN | (flags) }
static const struct ctl_field table_fields[] = {
    { .name = "cloud", .at = CTL_AT(T, cloud.name, const char *), .column = CTL_COLUMN },
    { .name = "provider", .at = CTL_AT(T, cloud.provider, const char *),
      .column = CTL_COLUMN | CTL_MINOR },
    PRICE(total, CTL_MONEY, struct cloud_money, CTL_RIGHT),
    PRICE(list, CTL_MONEY, struct cloud_money, CTL_RIGHT | CTL_MINOR),
    PRICE(period, CTL_PERIOD, struct cloud_period, 0),
    { .name = "source", .kind = CTL_PRICE_SOURCE, .column = CTL_COLUMN | CTL_MINOR,
      .at = CTL_AT(T, result.price.source, enum cloud_price_source) },
    { .name = "covers_or_error", .at = CTL_AT(T, covers_or_error, const char *),
      .column = CTL_COLUMN | CTL_WRAP },
    { 0 }
};
static const struct ctl_type table_type = { "clouds", sizeof(T), table_fields };

static const struct ctl_field json_fields[] = {
    { .name = "cloud", .at = CTL_AT(T, cloud.name, const char *) },
    CLOUD_TEXT(provider),
    CLOUD_TEXT(region),
    CLOUD_TEXT(zone),
    { .name = "price", .kind = CTL_POINTED, .type = &ctl_price_type,
      .at = CTL_AT(T, price, const struct cloud_price *) },
    { .name = "error", .kind = CTL_POINTED, .type = &ctl_error_type,
      .at = CTL_AT(T, error, const struct cloud_error *) },
    { 0 }
};
static const struct ctl_type json_type = { "clouds", sizeof(T), json_fields };
#undef T
/* clang-format on */

/* The pointers of a row point into it, so they are set after the rows are sorted. */
static void point_to_own(struct price_row *row)
{
    bool done = row->err.code == CLOUD_OK;

    row->price = done ? &row->result.price : NULL;
    row->error = done ? NULL : &row->err;
    row->covers_or_error = done ? row->result.price.covers : row->err.message;
}

/* Every cloud is asked for the same. A default period of a cloud would compare a year with a month.
 */
static struct cloud_params params_of(const struct ctl_options *options)
{
    struct cloud_params params = options->params;

    if (!params.period.count && !params.charge_mode)
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return params;
}

static void get_price(const struct ctl_options *options, const struct cloud_config *config,
                      const struct cloud_config_cloud *cloud, struct price_row *row)
{
    struct cloud_params params = params_of(options);
    struct cloud_client *client = NULL;
    int code;

    *row = (struct price_row){ .cloud = *cloud, .result = CLOUD_RESULT_INIT };
    code = ctl_cloud_open(options, config, cloud->name, &client, &row->err);
    if (code == CLOUD_OK)
        code = cloud_describe_price(client, &params, &row->result, &row->err);
    cloud_client_free(client);
    row->err.code = code;
}

/* Hours of one period on demand; 0: a calendar period, or one that the vendor does not state. */
static int hours_of(struct cloud_period period)
{
    return period.unit == CLOUD_PERIOD_HOUR  ? period.count
           : period.unit == CLOUD_PERIOD_DAY ? period.count * 24
                                             : 0;
}

/* The lowest price first, prices of one period and currency together, rows without a price last. */
static int compare_prices(const void *a, const void *b)
{
    const struct price_row *row_a = a, *row_b = b;
    const struct cloud_price *x = &row_a->result.price, *y = &row_b->result.price;
    int hours_x, hours_y, order;
    __int128 total_x, total_y;

    order = (row_a->err.code != 0) - (row_b->err.code != 0);
    if (order)
        return order;
    hours_x = hours_of(x->period);
    hours_y = hours_of(y->period);
    order = strcmp(x->total.currency, y->total.currency);
    if (!order)
        order = (hours_x == 0) - (hours_y == 0);
    if (!order && !hours_x && x->period.unit != y->period.unit)
        order = (int)x->period.unit - (int)y->period.unit;
    if (!order && !hours_x)
        order = x->period.count - y->period.count;
    if (order)
        return order;
    total_x = (__int128)x->total.micros * (hours_y ? hours_y : 1);
    total_y = (__int128)y->total.micros * (hours_x ? hours_x : 1);
    order = (total_x > total_y) - (total_x < total_y);
    return order ? order : (row_a->number > row_b->number) - (row_a->number < row_b->number);
}

static void note_periods(const struct price_row *rows, size_t count)
{
    const struct cloud_price *first = count ? rows[0].price : NULL;

    for (size_t n = 1; n < count && rows[n].price; n++) {
        const struct cloud_price *price = rows[n].price;

        if (price->period.unit == first->period.unit && price->period.count == first->period.count)
            continue;
        ctl_note("note: these prices are for different periods; give --period to compare one");
        return;
    }
}

static void show_rows(const struct ctl_options *options, struct price_row *rows, size_t count)
{
    qsort(rows, count, sizeof(*rows), compare_prices);
    ctl_rows_sort(options, &table_type, rows, count);
    for (size_t n = 0; n < count; n++)
        point_to_own(&rows[n]);
    if (ctl_is_document(options)) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_text(json, ctl_json_root(json), "operation", options->op->name);
        ctl_json_list(json, ctl_json_root(json), "prices", &json_type, rows, count);
        ctl_json_print(json, options);
        return;
    }
    ctl_show_list(options, &table_type, rows, count);
    note_periods(rows, count);
}

static const struct cloud_config_cloud *nth_cloud(const struct cloud_config *config, size_t n)
{
    return config ? cloud_config_cloud(config, n) : ctl_demo_cloud(n);
}

int ctl_compare_run(const struct ctl_options *options)
{
    const struct ctl_type *const type = &table_type;
    struct cloud_config *config = NULL;
    struct cloud_error err = { 0 };
    ctl_auto_free struct price_row *rows = NULL;
    size_t count = 0, failed = 0;

    if (ctl_rows_check(options, &type, 1, &err) != CLOUD_OK ||
        ctl_config_load(options, &config, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    while (nth_cloud(config, count))
        count++;
    rows = ctl_alloc(count * sizeof(*rows));
    for (size_t n = 0; n < count; n++) {
        get_price(options, config, nth_cloud(config, n), &rows[n]);
        rows[n].number = n;
        failed += rows[n].err.code != CLOUD_OK;
    }
    show_rows(options, rows, count);
    for (size_t n = 0; n < count; n++)
        cloud_result_clear(&rows[n].result);
    cloud_config_free(config);
    if (failed)
        fprintf(stderr, "cloudctl: %zu of %zu clouds returned no price\n", failed, count);
    return failed ? CTL_FAILED : CTL_DONE;
}
