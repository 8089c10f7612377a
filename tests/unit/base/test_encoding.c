/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/encoding.c: percent encoding and hexadecimal digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/encoding.h"
#include "core/base/memory.h"

static void test_encoding__encoding_keeps_only_unreserved_characters(void **state)
{
    cc_auto_buf struct cc_buf out = { 0 };
    char all[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    cc_encode(&out, all, sizeof(all), NULL);
    assert_int_equal(out.len, 66 + 3 * (256 - 66));
    cc_buf_reset(&out);
    cc_encode(&out, "a b+c/~*\xe4\xb8\xad", 11, NULL);
    assert_string_equal(out.data, "a%20b%2Bc%2F~%2A%E4%B8%AD");
    cc_buf_reset(&out);
    cc_encode(&out, "/i-1:start\0", 11, "/:");
    assert_string_equal(out.data, "/i-1:start%00");
    cc_buf_reset(&out);
    cc_encode(&out, "", 0, NULL);
    assert_string_equal(out.data, "");
}

static void test_encoding__decoding_keeps_invalid_escapes(void **state)
{
    static const struct {
        const char *text;
        bool plus;
        const char *plain;
    } rows[] = {
        { "a%20b", false, "a b" }, { "a+b", false, "a+b" },
        { "a+b", true, "a b" },    { "%2b%2B", true, "++" },
        { "100%", false, "100%" }, { "%", false, "%" },
        { "%4", false, "%4" },     { "%zz%41", false, "%zzA" },
        { "%4g", false, "%4g" },   { "%%41", false, "%A" },
        { "", false, "" },         { "%E4%b8%AD", false, "\xe4\xb8\xad" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        cc_auto_buf struct cc_buf out = { 0 };

        cc_decode(&out, rows[i].text, strlen(rows[i].text), rows[i].plus);
        assert_string_equal(cc_buf_text(&out), rows[i].plain);
    }
}

static void test_encoding__every_byte_survives_encoding(void **state)
{
    cc_auto_buf struct cc_buf encoded = { 0 };
    cc_auto_buf struct cc_buf decoded = { 0 };
    char all[256];

    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    cc_encode(&encoded, all, sizeof(all), NULL);
    cc_decode(&decoded, encoded.data, encoded.len, true);
    assert_int_equal(decoded.len, 256);
    assert_memory_equal(decoded.data, all, 256);
}

/* Every byte at each position modulo four, in every length. */
static void test_encoding__bytes_become_hexadecimal_digits(void **state)
{
    unsigned char bytes[11];
    char hex[2 * sizeof(bytes) + 2], expected[2 * sizeof(bytes) + 1];

    (void)state;
    for (int first = 0; first < 256; first++) {
        for (size_t len = 0; len <= sizeof(bytes); len++) {
            *expected = '\0';
            for (size_t i = 0; i < len; i++) {
                bytes[i] = (unsigned char)(first + 37 * (int)i);
                snprintf(expected + 2 * i, 3, "%02x", bytes[i]);
            }
            memset(hex, '#', sizeof(hex));
            cc_hex(bytes, len, hex);
            assert_string_equal(hex, expected);
            assert_int_equal(hex[2 * len + 1], '#');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding__encoding_keeps_only_unreserved_characters),
        cmocka_unit_test(test_encoding__decoding_keeps_invalid_escapes),
        cmocka_unit_test(test_encoding__every_byte_survives_encoding),
        cmocka_unit_test(test_encoding__bytes_become_hexadecimal_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
