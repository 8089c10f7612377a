/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that only their owner can read the files of a journal, and that its store is a file. */
#include "include/cloud_journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/cloud_journal_XXXXXX";

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

static void test_journal_files__are_private_whatever_the_umask(void **state)
{
    static const char *const files[] = { "j.db", "j.db-wal", "j.db-shm" };
    static const mode_t masks[] = { 0, 022, 0277, 0777 };

    (void)state;
    for (size_t m = 0; m < sizeof(masks) / sizeof(masks[0]); m++) {
        mode_t before = umask(masks[m]);
        struct cloud_journal *journal = NULL;
        struct cloud_error err = { 0 };

        if (cloud_journal_open("sqlite:j.db", NULL, &journal, &err) != CLOUD_OK)
            fail_msg("%s", err.message);
        umask(before);
        for (size_t i = 0; i < 3; i++) {
            struct stat status;

            assert_int_equal(stat(files[i], &status), 0);
            assert_int_equal(status.st_mode & 07777, 0600);
        }
        cloud_journal_close(journal);
        for (size_t i = 0; i < 3; i++)
            remove(files[i]);
    }
}

static void test_journal_files__only_a_regular_file_is_a_store(void **state)
{
    static const char *const uris[] = { "sqlite:fifo", "sqlite:/dev/zero", "sqlite:." };

    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    alarm(20);
    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        struct cloud_journal *journal = NULL;
        struct cloud_error err = { 0 };

        assert_int_equal(cloud_journal_open(uris[i], NULL, &journal, &err), CLOUD_EJOURNAL);
        assert_non_null(strstr(err.message, "is not a regular file: name another path"));
    }
    alarm(0);
}

/* Neither our text nor that of libpq may repeat a URI: whatever is misspelt in it may be a part of
 * the password. */
static void test_journal_uri__no_message_has_the_password(void **state)
{
    static const char *const uris[] = {
        "postgresql://u:CANARY7@127.0.0.1:1/db",
        "postgresql://u:CANARY7%zz@127.0.0.1:1/db",
        "postgresql://u:CANARY7@127.0.0.1:1:2/db",
        "postgresql://u:x@CANARY7@127.0.0.1:1/db",
        "postgresql://u:x/CANARY7@127.0.0.1:1/db",
        "postgresql://u:1/CANARY7@127.0.0.1:1/db",
        "postgresql://u:CANARY7/x@127.0.0.1:1/db",
        "postgresql://u:x#CANARY7/@127.0.0.1:1/db",
        "postgresql://[u:CANARY7@127.0.0.1:1/db",
        "postgresql://[::1]CANARY7@127.0.0.1/db",
        "postgresql://127.0.0.1:1/db?user=u&password=CANARY7",
        "postgresql://127.0.0.1:1/db?password=x=CANARY7",
        "postgresql://127.0.0.1:1/db?password=x&CANARY7",
        "postgresql://127.0.0.1:1/db?passwort=CANARY7",
        "postgresql://127.0.0.1:1/db?port=CANARY7",
        "postgresql://127.0.0.1:1/db?connect_timeout=CANARY7",
        "postgresql://127.0.0.1:CANARY7/db",
        "postgresql://u:CANARY7@",
        "postgresql:u:CANARY7@127.0.0.1/db",
        "Postgresql://u:CANARY7@127.0.0.1/db",
        "host=127.0.0.1 port=1 password=CANARY7",
        "password='CANARY7",
        "sqlite:postgresql://u:CANARY7@127.0.0.1/db",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        struct cloud_journal *journal = NULL;
        struct cloud_error err = { 0 };
        int code = cloud_journal_open(uris[i], NULL, &journal, &err);

        assert_int_not_equal(code, CLOUD_OK);
        if (strstr(err.message, "CANARY"))
            fail_msg("%s: %s", uris[i], err.message);
        assert_true(strlen(err.message) > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journal_files__are_private_whatever_the_umask),
        cmocka_unit_test(test_journal_files__only_a_regular_file_is_a_store),
        cmocka_unit_test(test_journal_uri__no_message_has_the_password),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
