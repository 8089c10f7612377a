/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the files of a world: only their owner can read them, and they hold no secret. */
#include "tests/emulator/jdcloud_client.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY "AKREALKEY00000000000000000000001"
#define SECRET "real-secret-7d5c2b9e41"

static char directory[] = "/tmp/emulator_world_XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    char command[sizeof(directory) + 16];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static const char *const files[] = { "world", "world-wal", "world-shm" };

static void open_world(struct cloud_emulator **ret)
{
    char why[200] = "";

    if (cloud_emulator_open("world", ret, why, sizeof(why)) != 0)
        fail_msg("%s", why);
}

static void test_world__files_are_private_whatever_the_umask(void **state)
{
    static const mode_t masks[] = { 0, 022, 0277, 0777 };

    (void)state;
    for (size_t m = 0; m < sizeof(masks) / sizeof(masks[0]); m++) {
        mode_t before = umask(masks[m]);
        struct cloud_emulator *emulator;

        open_world(&emulator);
        umask(before);
        for (size_t i = 0; i < 3; i++) {
            struct stat status;

            assert_int_equal(stat(files[i], &status), 0);
            assert_int_equal(status.st_mode & 07777, 0600);
        }
        cloud_emulator_close(emulator);
        for (size_t i = 0; i < 3; i++)
            remove(files[i]);
    }
}

static bool has_text(const char *path, const char *text)
{
    static char bytes[4 << 20];
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

    if (file)
        fclose(file);
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

static void expect_no_secret(void)
{
    for (size_t i = 0; i < 3; i++)
        assert_false(has_text(files[i], SECRET));
}

static int list(struct cloud_emulator *emulator)
{
    static unsigned nonce;
    struct jd_client c = { .emulator = emulator,
                           .key_id = KEY,
                           .secret = SECRET,
                           .region = "cn-north-1",
                           .nonce = nonce };
    int status = jd_call(&c, "vm", "GET", "v1/instances", NULL);

    nonce = c.nonce;
    yyjson_doc_free(c.json);
    free(c.headers);
    free(c.text);
    return status;
}

static void test_world__no_secret_is_stored(void **state)
{
    struct cloud_emulator *emulator, *other;

    (void)state;
    open_world(&emulator);
    assert_int_equal(cloud_emulator_add_key(emulator, KEY, SECRET), 0);
    assert_int_equal(list(emulator), 200);
    expect_no_secret();
    /* another process that shares the world: it knows whether the secret is the same, but must be
     * given it to answer requests of the key */
    open_world(&other);
    assert_int_equal(list(other), 401);
    assert_int_equal(cloud_emulator_add_key(other, KEY, "another"), -1);
    assert_int_equal(list(other), 401);
    assert_int_equal(cloud_emulator_add_key(other, KEY, SECRET), 0);
    assert_int_equal(list(other), 200);
    cloud_emulator_close(other);
    cloud_emulator_close(emulator);
    expect_no_secret();
    assert_true(has_text("world", KEY));
}

/* Worlds of earlier versions have a table with secrets. */
static void test_world__old_secrets_are_removed(void **state)
{
    struct cloud_emulator *emulator;

    (void)state;
    remove("world");
    assert_int_equal(system("python3 -c 'import sqlite3; d = sqlite3.connect(\"world\"); "
                            "d.execute(\"CREATE TABLE keys(id TEXT PRIMARY KEY, secret TEXT NOT "
                            "NULL, account TEXT NOT NULL)\"); d.execute(\"INSERT INTO keys "
                            "VALUES(?, ?, ?)\", (\"" KEY "\", \"" SECRET "\", \"" KEY
                            "\")); d.commit()'"),
                     0);
    assert_true(has_text("world", SECRET));
    open_world(&emulator);
    assert_int_equal(cloud_emulator_add_key(emulator, KEY, SECRET), 0);
    assert_int_equal(list(emulator), 200);
    cloud_emulator_close(emulator);
    expect_no_secret();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_world__files_are_private_whatever_the_umask),
        cmocka_unit_test(test_world__no_secret_is_stored),
        cmocka_unit_test(test_world__old_secrets_are_removed),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
