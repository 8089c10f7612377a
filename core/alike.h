/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of objects that look alike. Of a listing's hundred elements most are the same text but for
 * some values: the first of each shape is a mould, the others are told by what of them differs. It
 * reads no JSON by itself: what a mould is, and whether the text around is JSON at all, is for the
 * JSON library to say (json_alike.c).
 */
#ifndef CC_ALIKE_H
#define CC_ALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CC_ALIKE_NONE UINT32_MAX

enum cc_alike_kind { CC_ALIKE_TEXT, CC_ALIKE_NUMBER, CC_ALIKE_FLAG };

/* a value of a mould that may be another in another element: its bytes in the text, without quotes
 */
struct cc_alike_token {
    uint32_t from, to;
    uint32_t next; /* token that differed in some element */
    enum cc_alike_kind kind;
};

struct cc_alike_mould {
    uint32_t from, to;            /* its text, brackets included */
    uint32_t first_token, tokens; /* its own among all tokens */
    uint32_t
        differing; /* the first of those that differed in some element; CC_ALIKE_NONE: none has */
};

/* the bytes that an element has in a token's place */
struct cc_alike_change {
    uint32_t token, from, to;
};

struct cc_alike_element {
    uint32_t mould;
    uint32_t first_change, changes;
};

/* arrays are kept from one text to the next; starts zeroed */
struct cc_alike {
    struct cc_alike_token *tokens;
    struct cc_alike_mould *moulds;
    struct cc_alike_change *changes;
    struct cc_alike_element *elements;
    uint32_t token_count, mould_count, change_count, element_count;
    uint32_t token_cap, mould_cap, change_cap, element_cap;
    uint32_t begin, end; /* from behind the list's bracket to behind its last element */
};
void cc_alike_clear(struct cc_alike *alike);

/*
 * The text's first list of objects: every element is a mould, or a mould with changes. Replace the
 * list by its moulds, and what was valid JSON is valid JSON still, and the other way round. False:
 * there is no such list, its elements are not alike, or there is no memory.
 */
bool cc_alike_read(struct cc_alike *alike, const char *text, size_t len);

#endif
