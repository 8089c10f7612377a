/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Creates a temporary directory before the first test of a program and removes it after the last.
 * The tests run in it, and it is their $HOME.
 */
#ifndef TESTS_TEMP_DIRECTORY_H
#define TESTS_TEMP_DIRECTORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/cloud_test_XXXXXX";

static int enter_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) && chdir(directory) == 0 && setenv("HOME", directory, 1) == 0 ? 0
                                                                                            : -1;
}

static int leave_directory(void **state)
{
    char command[sizeof(directory) + 16];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_bytes(const char *path, const void *bytes, size_t size, mode_t mode)
{
    FILE *file;

    unlink(path); /* an earlier step may have made it read-only */
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text), 0600);
}

#endif
