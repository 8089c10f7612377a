/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that files which other users can change or read are refused, and that no file makes the
 * program wait. */
#include "tests/unit/config/config_file.h"

#define STRANGER 65534

static void expect_says(const char *says)
{
    if (!strstr(err.message, says))
        fail_msg("wanted \"%s\", got \"%s\"", says, err.message);
}

/* Loads @path, which is refused with the command. The command, run as it stands, corrects it. */
static void expect_command(const char *path, const char *command)
{
    struct cloud_config *config = NULL;
    const char *run;

    assert_int_equal(load(path, &config), CLOUD_ECONFIG);
    expect_says(command);
    run = strstr(err.message, "; run: ");
    assert_non_null(run);
    assert_int_equal(system(run + strlen("; run: ")), 0);
    assert_int_equal(load(path, &config), CLOUD_OK);
    cloud_config_free(config);
}

static void test_trust__others_can_write_the_file(void **state)
{
    static const mode_t modes[] = { 0620, 0602, 0622 };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(modes); i++) {
        write_bytes("c.yaml", CLOUD_A, strlen(CLOUD_A), modes[i]);
        expect_command("c.yaml", "c.yaml can be written by other users; run: chmod go-w c.yaml");
    }
}

static void test_trust__others_can_replace_the_file(void **state)
{
    struct cloud_config *config = NULL;

    (void)state;
    assert_int_equal(mkdir("open", 0700), 0);
    write_text("open/c.yaml", CLOUD_A);
    chmod("open", 0777);
    expect_command("open/c.yaml", "open/c.yaml is in a directory that other users can write; run: "
                                  "chmod go-w /");
    chmod("open", 01777); /* as /tmp: no other user can replace the file */
    assert_int_equal(load("open/c.yaml", &config), CLOUD_OK);
    cloud_config_free(config);
}

static void test_trust__another_user_owns_it(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    write_text("c.yaml", CLOUD_A);
    assert_int_equal(chown("c.yaml", STRANGER, 0), 0);
    expect_command("c.yaml", "c.yaml belongs to another user, who can change it; run: chown \"$(id "
                             "-u)\" c.yaml");
    assert_int_equal(mkdir("theirs", 0755), 0);
    write_text("theirs/c.yaml", CLOUD_A);
    assert_int_equal(chown("theirs", STRANGER, 0), 0);
    expect_command("theirs/c.yaml", "is in a directory of another user, who can replace it; run: "
                                    "chown \"$(id -u)\" /");
}

/* Neither as clouds.yaml nor as a secret file. A hang ends the test by SIGALRM. */
static void test_trust__what_is_no_regular_file_is_refused_at_once(void **state)
{
    static const char *const paths[] = { "fifo", "/dev/zero", "/dev/null", "." };
    char text[300];

    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    alarm(20);
    for (size_t i = 0; i < CC_COUNT(paths); i++) {
        const char *says = *paths[i] == '.' ? "Is a directory" : "it is a FIFO or a device";

        assert_int_equal(load(paths[i], &(struct cloud_config *){ NULL }), CLOUD_ECONFIG);
        expect_says(says);
        snprintf(text, sizeof(text), CLOUD_A "    security_token: file:%s\n", paths[i]);
        expect_unmade(text, "c.yaml:7: clouds.a.security_token: ", says);
    }
    alarm(0);
}

static void test_trust__secret_files_are_private(void **state)
{
    static const mode_t modes[] = { 0640, 0604, 0644, 0620, 0602, 0666 };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(modes); i++) {
        write_bytes("key", "value\n", 6, modes[i]);
        expect_unmade(CLOUD_A "    security_token: file:key\n",
                      "c.yaml:7: clouds.a.security_token: ",
                      "file:key is a secret that other users can read or change; run: chmod 600 "
                      "./key");
    }
    write_bytes("key", "value\n", 6, 0400);
    expect_made(CLOUD_A "    security_token: file:key\n", "token=value ");
    write_bytes("key", "\xef\xbb\xbfvalue\r\n", 10, 0600);
    expect_made(CLOUD_A "    security_token: file:key\n", "token=value ");
    write_bytes("key", "\xef\xbb\xbf\n", 4, 0600);
    expect_unmade(CLOUD_A "    security_token: file:key\n", "c.yaml:7: ", "first line of file:key");
    if (geteuid() == 0) {
        write_bytes("key", "value\n", 6, 0600);
        assert_int_equal(chown("key", STRANGER, 0), 0);
        expect_unmade(CLOUD_A "    security_token: file:key\n", "c.yaml:7: ",
                      "file:key belongs to another user, who can change it; run: chown ");
        remove("key");
    }
}

static void test_trust__the_public_function_reads_secrets_alike(void **state)
{
    char *secret = NULL;

    (void)state;
    write_bytes("key", "\xef\xbb\xbfvalue\n", 9, 0600);
    assert_int_equal(cloud_secret_read("key", &secret, &err), CLOUD_OK);
    assert_string_equal(secret, "value");
    cc_free_secret(secret);
    chmod("key", 0644);
    assert_int_equal(cloud_secret_read("key", &secret, &err), CLOUD_ECONFIG);
    expect_says("key is a secret that other users can read or change; run: chmod 600 key");
    assert_int_equal(cloud_secret_read("none", &secret, &err), CLOUD_ENOTFOUND);
    assert_int_equal(cloud_secret_read("", &secret, &err), CLOUD_EINVAL);
    assert_int_equal(cloud_secret_read(NULL, &secret, NULL), CLOUD_EINVAL);
}

static void test_trust__a_journal_with_a_password_is_a_secret(void **state)
{
    static const struct {
        const char *uri;
        bool secret;
    } rows[] = {
        { "postgresql://u:" CANARY "@h/db", true },
        { "postgres://:" CANARY "@h:5432/db", true },
        { "postgresql://h/db?user=u&password=" CANARY, true },
        { "postgresql://h/db?sslpassword=" CANARY, true },
        { "postgresql://u@h:5432/db", false },
        { "postgresql://h/db", false },
        { "sqlite:/x/password.db", false },
    };
    char text[400];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cloud_config *config = NULL;

        snprintf(text, sizeof(text),
                 "clouds: { a: { provider: capitalonline_ecs, endpoint: 'emulator:' } }\njournal: "
                 "\"%s\"\n",
                 rows[i].uri);
        write_bytes("c.yaml", text, strlen(text), 0644);
        if (rows[i].secret)
            expect_refused(2, "journal",
                           "has a password in plain text, and other users can read this file; run: "
                           "chmod 600 c.yaml");
        chmod("c.yaml", rows[i].secret ? 0600 : 0644);
        assert_int_equal(load("c.yaml", &config), CLOUD_OK);
        cloud_config_free(config);
    }
}

/* cloud_config_read() loads no plug-in: this one does not exist. */
static void test_trust__a_read_configuration_loads_plugins_when_they_are_needed(void **state)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;

    (void)state;
    write_text("c.yaml", "providers: [ none.so ]\nclouds:\n  a: { provider: acme, endpoint: "
                         "\"emulator:\" }\n  b: { provider: capitalonline_ecs, endpoint: "
                         "\"emulator:\" }\n");
    assert_int_equal(load("c.yaml", &config), CLOUD_ECONFIG);
    expect_says("c.yaml:1: providers[0]: provider ./none.so: No such file");
    assert_int_equal(cloud_config_read("c.yaml", &config, &err), CLOUD_OK);
    assert_string_equal(cloud_config_cloud(config, 0)->provider, "acme");
    assert_int_equal(cloud_config_client(config, "b", &client, &err), CLOUD_OK);
    assert_int_equal(cloud_config_client(config, "a", &client, &err), CLOUD_ECONFIG);
    expect_says("c.yaml:1: providers[0]: provider ./none.so: No such file");
    cloud_config_free(config);
    config = NULL;
    write_text("c.yaml", "clouds:\n  a: { provider: acme, endpoint: \"emulator:\" }\n");
    assert_int_equal(cloud_config_read("c.yaml", &config, &err), CLOUD_ECONFIG);
    expect_says("c.yaml:2: clouds.a.provider: there is no provider 'acme'");
    assert_null(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trust__others_can_write_the_file),
        cmocka_unit_test(test_trust__others_can_replace_the_file),
        cmocka_unit_test(test_trust__another_user_owns_it),
        cmocka_unit_test(test_trust__what_is_no_regular_file_is_refused_at_once),
        cmocka_unit_test(test_trust__secret_files_are_private),
        cmocka_unit_test(test_trust__the_public_function_reads_secrets_alike),
        cmocka_unit_test(test_trust__a_journal_with_a_password_is_a_secret),
        cmocka_unit_test(test_trust__a_read_configuration_loads_plugins_when_they_are_needed),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
