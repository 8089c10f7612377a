/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints tables with libsmartcols; no other file includes it. On a pipe, and with -o wide, every
 * cell is whole. On a narrow terminal, minor columns are left out first, then columns are cut or
 * wrapped if their flags allow it, and the table says so. Ids, states and amounts are whole or left
 * out, because half an amount is a wrong one.
 */
#include "cli/output.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define COLUMNS_MAX CTL_FIELDS_MAX
#define CUT_TO 12  /* least width of a column that may be cut */
#define WRAP_TO 16 /* least width of a column that may be wrapped */

struct column {
    struct libscols_column *col;
    int flags;     /* enum ctl_column */
    size_t title;  /* width of the heading */
    size_t widest; /* width of the widest cell */
    bool hidden;
};

struct ctl_table {
    struct libscols_table *cols;
    struct libscols_line *line;
    struct column columns[COLUMNS_MAX];
    size_t count;
    size_t cell;
    bool fitted; /* to the terminal */
    bool cut;    /* a cell was cut */
};

/* https://no-color.org: any value except the empty one turns colours off. */
static bool colours_wanted(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

struct ctl_table *ctl_table_new(const struct ctl_options *options, bool headings)
{
    struct ctl_table *table = ctl_alloc(sizeof(*table));

    table->cols = ctl_checked(scols_new_table());
    scols_table_enable_noheadings(table->cols, !headings);
    scols_table_enable_colors(table->cols, colours_wanted());
    table->fitted = isatty(STDOUT_FILENO) && options->output != CTL_WIDE;
    if (!table->fitted)
        scols_table_set_termforce(table->cols, SCOLS_TERMFORCE_NEVER);
    return table;
}

/* Columns of the screen that a text takes. */
static size_t width_of(const char *text)
{
    size_t len = strlen(text);
    ctl_auto_free wchar_t *wide = ctl_alloc((len + 1) * sizeof(*wide));
    size_t count = mbstowcs(wide, text, len + 1);
    int width = count == (size_t)-1 ? -1 : wcswidth(wide, count);

    return width < 0 ? len : (size_t)width;
}

void ctl_table_column(struct ctl_table *table, const char *title, int flags)
{
    struct column *column = &table->columns[table->count];
    int how = (flags & CTL_RIGHT ? SCOLS_FL_RIGHT : 0) | (flags & CTL_WRAP ? SCOLS_FL_WRAP : 0) |
              (flags & CTL_CUT ? SCOLS_FL_TRUNC : 0);

    if (table->count == COLUMNS_MAX)
        abort();
    column->col = ctl_checked(scols_table_new_column(table->cols, title, 0, how));
    column->flags = flags;
    column->title = scols_table_is_noheadings(table->cols) ? 0 : width_of(title);
    table->count++;
}

void ctl_table_row(struct ctl_table *table)
{
    table->line = ctl_checked(scols_table_new_line(table->cols, NULL));
    table->cell = 0;
}

void ctl_table_cell(struct ctl_table *table, const char *text, const char *colour)
{
    struct column *column = &table->columns[table->cell];
    struct libscols_cell *cell = ctl_checked(scols_line_get_cell(table->line, table->cell++));
    ctl_auto_free char *clean = ctl_strdup(text);
    size_t width;

    ctl_clean(clean, true);
    width = width_of(clean);
    if (width > column->widest)
        column->widest = width;
    if (scols_cell_set_data(cell, clean) != 0)
        ctl_checked(NULL);
    if (colour)
        scols_cell_set_color(cell, colour);
}

/* The least width in which a column is readable. */
static size_t least_width(const struct column *column)
{
    size_t width = column->widest;

    if (column->flags & CTL_CUT && width > CUT_TO)
        width = CUT_TO;
    if (column->flags & CTL_WRAP && width > WRAP_TO)
        width = WRAP_TO;
    return width > column->title ? width : column->title;
}

static size_t total_width(const struct ctl_table *table)
{
    size_t total = 0;

    for (size_t i = 0; i < table->count; i++)
        if (!table->columns[i].hidden)
            total += least_width(&table->columns[i]) + 1;
    return total - 1;
}

/* The column to leave out next: the last minor one, else the last one after the first two. */
static struct column *next_to_hide(struct ctl_table *table)
{
    for (size_t i = table->count; i-- > 1;)
        if (!table->columns[i].hidden && table->columns[i].flags & CTL_MINOR)
            return &table->columns[i];
    for (size_t i = table->count; i-- > 2;)
        if (!table->columns[i].hidden)
            return &table->columns[i];
    return NULL;
}

/* Cuts a text to @width columns of the screen; the last one shows that it was cut. */
static char *cut_text(const char *text, size_t width)
{
    size_t length = strlen(text), used = 0, at = 0;
    ctl_auto_free wchar_t *wide = ctl_alloc((length + 2) * sizeof(*wide));
    ctl_auto_free char *cut = NULL;

    if (mbstowcs(wide, text, length + 1) == (size_t)-1)
        return ctl_format("%.*s", (int)width, text);
    for (; wide[at]; at++) {
        size_t own = wcwidth(wide[at]) < 0 ? 1 : (size_t)wcwidth(wide[at]);

        if (used + own >= width)
            break;
        used += own;
    }
    wide[at] = L'\0';
    length = wcstombs(NULL, wide, 0);
    cut = ctl_alloc(length + 1);
    wcstombs(cut, wide, length + 1);
    return ctl_format("%s\xe2\x80\xa6", cut);
}

/* Cuts the cells of one column to the width that it gets. */
static void cut_column(struct ctl_table *table, size_t n, size_t width)
{
    struct libscols_iter *lines = ctl_checked(scols_new_iter(SCOLS_ITER_FORWARD));
    struct libscols_line *line;

    while (scols_table_next_line(table->cols, lines, &line) == 0) {
        struct libscols_cell *cell = scols_line_get_cell(line, n);
        const char *text = scols_cell_get_data(cell);
        ctl_auto_free char *cut = text && width_of(text) > width ? cut_text(text, width) : NULL;

        if (cut && scols_cell_set_data(cell, cut) != 0)
            ctl_checked(NULL);
        table->cut |= cut != NULL;
    }
    scols_free_iter(lines);
}

/* Gives columns that can be cut what is left of the width, from the left. */
static void cut_columns(struct ctl_table *table, size_t width)
{
    size_t least = total_width(table), left = width > least ? width - least : 0;

    for (size_t n = 0; n < table->count; n++) {
        struct column *column = &table->columns[n];
        size_t own = least_width(column), more;

        if (column->hidden || !(column->flags & CTL_CUT) || column->widest <= own)
            continue;
        more = column->widest - own < left ? column->widest - own : left;
        left -= more;
        if (own + more < column->widest)
            cut_column(table, n, own + more);
    }
}

static void fit(struct ctl_table *table)
{
    size_t width = scols_table_get_termwidth(table->cols);
    struct column *column;

    if (!table->fitted || width == 0)
        return;
    while (total_width(table) > width && (column = next_to_hide(table))) {
        column->hidden = true;
        scols_column_set_flags(column->col, SCOLS_FL_HIDDEN);
    }
    cut_columns(table, width);
}

static void say_what_is_missing(const struct ctl_table *table)
{
    size_t hidden = 0;

    for (size_t n = 0; n < table->count; n++)
        hidden += table->columns[n].hidden;
    if (hidden)
        printf("%zu column%s hidden; -o wide\n", hidden, hidden == 1 ? "" : "s");
    else if (table->cut)
        printf("cells with \xe2\x80\xa6 are cut; -o wide\n");
}

void ctl_table_print(struct ctl_table *table)
{
    fit(table);
    scols_print_table(table->cols);
    say_what_is_missing(table);
    scols_unref_table(table->cols);
    free(table);
}
