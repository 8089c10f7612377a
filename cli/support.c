/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the support matrix: how far each provider offers each operation, as a table, JSON, or the
 * Markdown of the documents. Below it are the reasons for all cells that are not native. With
 * --config, the providers of its plug-ins are shown too.
 */
#include "cli/output.h"

#include <stdio.h>

struct cell {
    const char *operation;
    const char *word;
    const char *provider;
    enum cloud_support support;
    const char *reason;
};

/* clang-format off */
#define T struct cell
static const struct ctl_field cell_fields[] = {
    CTL_F_TEXT(T, operation, CTL_COLUMN),
    CTL_F_TEXT(T, word, CTL_COLUMN),
    CTL_F_TEXT(T, provider, CTL_COLUMN),
    CTL_FIELD(T, support, CTL_SUPPORT, enum cloud_support, CTL_COLUMN),
    CTL_F_TEXT(T, reason, CTL_COLUMN),
    { 0 }
};
static const struct ctl_type cell_type = { "operations", sizeof(T), cell_fields };
#undef T
/* clang-format on */

static size_t count_providers(void)
{
    size_t n = 0;

    while (cloud_provider_name(n))
        n++;
    return n;
}

/* All cells, ordered by operation, then by provider. Caller frees */
static struct cell *all_cells(size_t providers)
{
    struct cell *cells = ctl_alloc(CLOUD_OP__COUNT * providers * sizeof(*cells));

    for (size_t i = 0; i < CLOUD_OP__COUNT * providers; i++) {
        const struct cloud_op_info *op = cloud_op_info((enum cloud_op)(i / providers));

        cells[i] = (struct cell){ .operation = op->name,
                                  .word = op->word,
                                  .provider = cloud_provider_name(i % providers) };
        cells[i].support = cloud_supports(cells[i].provider, op->op, &cells[i].reason);
    }
    return cells;
}

static void print_table(const struct ctl_options *options, const struct cell *cells,
                        size_t providers)
{
    struct ctl_table *table = ctl_table_new(options, !options->no_header);

    ctl_table_column(table, "COMMAND", CTL_COLUMN);
    for (size_t p = 0; p < providers; p++)
        ctl_table_column(table, cells[p].provider, CTL_COLUMN);
    for (size_t i = 0; i < CLOUD_OP__COUNT * providers; i++) {
        if (i % providers == 0) {
            ctl_table_row(table);
            ctl_table_cell(table, cells[i].word, NULL);
        }
        ctl_table_cell(table, cloud_support_name(cells[i].support), NULL);
    }
    ctl_table_print(table);
    putchar('\n');
    for (size_t i = 0; i < CLOUD_OP__COUNT * providers; i++)
        if (cells[i].reason)
            printf("%s, %s: %s: %s\n", cells[i].provider, cells[i].word,
                   cloud_support_name(cells[i].support), cells[i].reason);
}

static void print_markdown(const struct cell *cells, size_t providers)
{
    printf("| operation | command |");
    for (size_t p = 0; p < providers; p++)
        printf(" %s |", cells[p].provider);
    printf("\n|---|---|");
    for (size_t p = 0; p < providers; p++)
        printf("---|");
    for (size_t i = 0; i < CLOUD_OP__COUNT * providers; i++) {
        if (i % providers == 0)
            printf("\n| %s | `%s` |", cells[i].operation, cells[i].word);
        printf(" %s |", cloud_support_name(cells[i].support));
    }
    printf("\n\n");
    for (size_t i = 0; i < CLOUD_OP__COUNT * providers; i++)
        if (cells[i].reason)
            printf("- %s, `%s`: %s: %s\n", cells[i].provider, cells[i].word,
                   cloud_support_name(cells[i].support), cells[i].reason);
}

int ctl_support_run(const struct ctl_options *options)
{
    const struct ctl_type *const type = &cell_type;
    ctl_auto_free struct cell *cells = NULL;
    struct cloud_error err = { 0 };
    size_t providers;

    if (ctl_rows_check(options, &type, 1, &err) != CLOUD_OK ||
        (options->config && ctl_plugins_load(options, &err) != CLOUD_OK))
        return ctl_stop(options, &err);
    providers = count_providers();
    cells = all_cells(providers);
    ctl_rows_sort(options, &cell_type, cells, CLOUD_OP__COUNT * providers);
    if (ctl_is_document(options)) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_list(json, ctl_json_root(json), "support", &cell_type, cells,
                      CLOUD_OP__COUNT * providers);
        ctl_json_print(json, options);
    } else if (options->output == CTL_MARKDOWN) {
        print_markdown(cells, providers);
    } else if (options->output == CTL_CSV || options->columns || options->sort) {
        ctl_show_list(options, &cell_type, cells, CLOUD_OP__COUNT * providers);
    } else {
        print_table(options, cells, providers);
    }
    return CTL_DONE;
}
