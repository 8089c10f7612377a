/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the JSON reader with broken JSON, and walks, searches and writes every document that it
 * accepts. With libFuzzer (-fsanitize=fuzzer -DCC_LIBFUZZER) it explores. Otherwise it makes the
 * same mutations in every run; its argument is their number.
 */
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/json/json.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct cc_value *value)
{
    struct cc_iter each = { .container = value };
    const struct cc_value *item;
    const char *text = cc_value_text(value);
    size_t seen = text ? strlen(text) : 0;
    const char *name;

    while ((item = cc_iter_next(&each, &name)))
        seen += walk(item) + (name ? strlen(name) : 0);
    return seen;
}

/* The text that was written must be readable, and must be written equal again. */
static void write_twice(const char *text)
{
    cc_auto_buf struct cc_buf copy = { 0 };
    cc_auto_free char *again = NULL;
    struct cc_doc *doc = NULL;

    cc_buf_puts(&copy, text);
    if (cc_doc_parse(copy.data, copy.len, &doc, NULL))
        abort();
    again = cc_value_write(cc_doc_root(doc));
    if (!again || strcmp(text, again) != 0)
        abort();
    cc_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* of exactly the size that cc_doc_parse() needs, so that a sanitizer reports a longer read */
    cc_auto_free char *text = malloc(size + CC_JSON_PADDING);
    cc_auto_free char *written = NULL;
    struct cc_tree *tree = cc_tree_new();
    struct cc_doc *doc = NULL;
    struct cc_node *node;
    struct cloud_error err;
    bool utf8;

    if (!text || !tree)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    memset(text + size, 0, CC_JSON_PADDING);
    utf8 = cc_is_utf8(text);
    if (cc_doc_parse(text, size, &doc, &err) == CLOUD_OK && !utf8) {
        walk(cc_doc_root(doc)); /* text that is no UTF-8 is read, but cannot be written */
    } else if (doc) {
        walk(cc_doc_root(doc));
        cc_value_find(cc_doc_root(doc), "a.b|B|code.c");
        cc_tree_set_value(tree, cc_tree_root(tree), "x.y", cc_doc_root(doc));
        cc_node_find(cc_tree_root(tree), "x.y.a|b");
        node = cc_node_find(cc_tree_root(tree), "x.y");
        written = node ? cc_tree_write(tree, node, NULL) : strdup("null");
        if (!written)
            abort();
        write_twice(written);
    } else if (err.code != CLOUD_EPROTOCOL) {
        abort();
    }
    cc_doc_free(doc);
    cc_tree_free(tree);
    return 0;
}

#ifndef CC_LIBFUZZER
static const char seed[] =
    "{\"a\":{\"b\":[1,-2.5e+10,true,null,\"\\u4e2d\\ud83d\\ude00\\n\"],\"B\":{}},"
    "\"code\":{\"c\":\"\xe4\xb8\xad\xf0\x9f\x98\x80\"},\"n\":123456789012345678901}";

static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

int main(int argc, char **argv)
{
    static const char likely[] = "{}[]\",:\\u0019.eE-+tfn\xff\xe4\x80 \n";
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
    uint32_t state = 2463534242U;

    for (long i = 0; i < rounds; i++) {
        uint8_t data[sizeof(seed) - 1];
        size_t size = i % 3 ? sizeof(data) : draw(&state) % sizeof(data);

        memcpy(data, seed, sizeof(data));
        for (uint32_t n = draw(&state) % 4; n > 0; n--)
            data[draw(&state) % sizeof(data)] =
                (uint8_t)likely[draw(&state) % (sizeof(likely) - 1)];
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("%ld texts read\n", rounds);
    return 0;
}
#endif
