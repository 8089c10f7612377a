/* SPDX-License-Identifier: Apache-2.0 */
/* Helps tests of price books: writes the text of a price book to "p.yaml" and loads it. */
#ifndef TESTS_PRICE_BOOK_FILE_H
#define TESTS_PRICE_BOOK_FILE_H

#include "core/base/error.h"
#include "core/pricing/price_book.h"
#include "tests/support/temp_directory.h"

static struct cloud_error err;
static struct cc_pricebook *book;

#define HEAD "currency: CNY\nprices:\n  v:\n"                  /* lines 1 to 3 */
#define ROW(list, row) HEAD "    " list ":\n      - " row "\n" /* the row is line 5 */

static int load(const char *text)
{
    cc_pricebook_free(book);
    book = NULL;
    memset(&err, 0xff, sizeof(err));
    write_text("p.yaml", text);
    return cc_pricebook_load("p.yaml", &book, &err);
}

#endif
