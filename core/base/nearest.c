/* SPDX-License-Identifier: Apache-2.0 */
/* Computes edit distances of names, and finds the known name nearest to a mistyped one. */
#include "core/base/nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static bool same_letter(char a, char b)
{
    a = (char)(a >= 'A' && a <= 'Z' ? a + 'a' - 'A' : a);
    b = (char)(b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b);
    return a == b;
}

/* Computes one row of the matrix at a time. */
size_t cc_edit_distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    size_t a_len = strnlen(a, LONGEST), b_len = strnlen(b, LONGEST);

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = diagonal + !same_letter(a[i - 1], b[j - 1]);
            size_t drop = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            diagonal = row[j];
            row[j] = change < drop ? change : drop;
        }
    }
    return row[b_len];
}

void cc_nearest_try(struct cc_nearest *nearest, const char *candidate)
{
    size_t distance = cc_edit_distance(nearest->word, candidate);

    if (nearest->best && distance >= nearest->distance)
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}

bool cc_is_far(const char *candidate, size_t distance)
{
    return distance > strlen(candidate) / 2;
}

const char *cc_nearest_found(const struct cc_nearest *nearest)
{
    return nearest->best && !cc_is_far(nearest->best, nearest->distance) ? nearest->best : NULL;
}
