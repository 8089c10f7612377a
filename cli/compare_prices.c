/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs price --all-clouds: gets the price of one size from every configured cloud and shows them
 * side by side. Without a configuration it uses the built-in clouds. A cloud that fails shows its
 * error in its row; the others are still shown.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct price_row {
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

static void get_price(const struct ctl_options *options, const struct cloud_config *config,
                      const struct cloud_config_cloud *cloud, struct price_row *row)
{
    struct cloud_client *client = NULL;
    int code;

    *row = (struct price_row){ .cloud = *cloud, .result = CLOUD_RESULT_INIT };
    code = ctl_cloud_open(options, config, cloud->name, &client, &row->err);
    if (code == CLOUD_OK)
        code = cloud_describe_price(client, &options->params, &row->result, &row->err);
    cloud_client_free(client);
    if (code == CLOUD_OK)
        row->price = &row->result.price;
    else
        row->error = &row->err;
    row->covers_or_error = code == CLOUD_OK ? row->result.price.covers : row->err.message;
}

static void show_rows(const struct ctl_options *options, const struct price_row *rows, size_t count)
{
    struct ctl_json *json;
    ctl_auto_free char *text = NULL;

    if (options->output != CTL_JSON) {
        ctl_show_list(&table_type, rows, count);
        return;
    }
    json = ctl_json_new();
    ctl_json_text(json, ctl_json_root(json), "operation", options->op->name);
    ctl_json_list(json, ctl_json_root(json), "prices", &json_type, rows, count);
    text = ctl_json_write(json);
    fputs(text, stdout);
    ctl_json_free(json);
}

static const struct cloud_config_cloud *nth_cloud(const struct cloud_config *config, size_t n)
{
    return config ? cloud_config_cloud(config, n) : ctl_demo_cloud(n);
}

int ctl_compare_run(const struct ctl_options *options)
{
    struct cloud_config *config = NULL;
    struct cloud_error err = { 0 };
    ctl_auto_free struct price_row *rows = NULL;
    size_t count = 0, failed = 0;

    if (ctl_config_load(options, &config, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    while (nth_cloud(config, count))
        count++;
    rows = ctl_alloc(count * sizeof(*rows));
    for (size_t n = 0; n < count; n++) {
        get_price(options, config, nth_cloud(config, n), &rows[n]);
        failed += rows[n].error != NULL;
    }
    show_rows(options, rows, count);
    for (size_t n = 0; n < count; n++)
        cloud_result_clear(&rows[n].result);
    cloud_config_free(config);
    if (failed)
        fprintf(stderr, "cloudctl: %zu of %zu clouds returned no price\n", failed, count);
    return failed ? CTL_FAILED : CTL_DONE;
}
