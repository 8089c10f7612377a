/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/file.c: reads small files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void test_file__a_file_is_read_up_to_the_ceiling(void **state)
{
    char path[] = "/tmp/cloud_client_test_XXXXXX";
    int file = mkstemp(path);
    cc_auto_free char *whole = NULL;

    (void)state;
    assert_true(file >= 0);
    close(file);
    write_file(path, "12345", 5);
    whole = cc_file_read(path, 5);
    assert_string_equal(whole, "12345");
    assert_null(cc_file_read(path, 4));
    assert_int_equal(errno, EFBIG);
    write_file(path, "a\0b", 3);
    assert_null(cc_file_read(path, 100));
    assert_int_equal(errno, EILSEQ);
    unlink(path);
    assert_null(cc_file_read(path, 100));
    assert_int_equal(errno, ENOENT);
    assert_null(cc_file_read("/", 100));
    assert_int_equal(errno, EISDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file__a_file_is_read_up_to_the_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
