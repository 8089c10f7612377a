/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/config/: values from the environment and from files, the permissions of clouds.yaml,
 * and the places where it is searched. */
#include "tests/unit/config/config_file.h"

static void test_config__values_come_from_the_environment(void **state)
{
    (void)state;
    setenv("T_ID", "AKID", 1);
    setenv("T_SECRET", "${T_ID}$", 1);
    setenv("T_N", "7", 1);
    setenv("T_EMPTY", "", 1);
    unsetenv("T_NONE");
    expect_made("clouds:\n  a:\n    provider: jdcloud\n    region: cn-${T_N}-${T_N}\n    "
                "access_key_id: ${T_ID}\n"
                "    access_key_secret: ${T_SECRET}\n    attempts: ${T_N}\n",
                "region=cn-7-7 id=AKID secret=${T_ID}$ ");
    expect_made(CLOUD_A "    security_token: a$b$$c$${T_ID}$$${T_ID}$\n",
                "token=a$b$$c${T_ID}$${T_ID}$ ");
    expect_made(CLOUD_A "    zone: z${T_N}\n    parameters:\n      cpu: ${T_N}\n",
                "zone=z7 image=- cpu=7");
    expect_unmade(
        "clouds:\n  a:\n    provider: jdcloud\n    region: r\n    access_key_id: ${T_NONE}\n"
        "    access_key_secret: x\n",
        "c.yaml:5: clouds.a.access_key_id: ", "no variable T_NONE; set it");
    expect_unmade("clouds:\n  a:\n    provider: jdcloud\n    region: r\n    access_key_id: x\n"
                  "    access_key_secret: ${T_EMPTY}\n",
                  "c.yaml:6: clouds.a.access_key_secret: ", "T_EMPTY of the environment is empty");
    expect_unmade(CLOUD_A "    parameters:\n      cpu: ${T_NONE}\n",
                  "c.yaml:8: clouds.a.parameters.cpu: ", "T_NONE");
    expect_unmade(CLOUD_A "defaults:\n  attempts: ${T_NONE}\n",
                  "c.yaml:8: defaults.attempts: ", "T_NONE");
}

/* A value from a variable may be a secret in the wrong place, so no message shows it. */
static void test_config__referenced_values_are_not_shown(void **state)
{
    (void)state;
    setenv("T_WRONG", CANARY, 1);
    expect_unmade(CLOUD_A "    attempts: ${T_WRONG}\n",
                  "c.yaml:7: clouds.a.attempts: ", "from 1 to 20");
    expect_unmade(CLOUD_A "    parameters: { cpu: '${T_WRONG}' }\n",
                  "c.yaml:7: clouds.a.parameters.cpu: ", "the value that it refers to");
    expect_unmade(CLOUD_A "    endpoint: ${T_WRONG}\n",
                  "c.yaml:7: clouds.a.endpoint: ", "must begin with");
    expect_unmade(CLOUD_A "    security_token: file:${T_WRONG}\n",
                  "c.yaml:7: clouds.a.security_token: ", "${T_WRONG}");
}

static void test_config__values_come_from_files(void **state)
{
    char text[500];

    (void)state;
    assert_int_equal(mkdir("sub", 0700), 0);
    write_text("sub/key", "first line\r\nsecond\n");
    write_text("sub/bare", "no-newline");
    write_text("sub/empty", "\nsecond\n");
    expect_made(CLOUD_A "    security_token: file:sub/key\n", "token=first line ");
    expect_made(CLOUD_A "    security_token: file:sub/bare\n", "token=no-newline ");
    snprintf(text, sizeof(text), CLOUD_A "    security_token: file:%s/sub/bare\n", directory);
    expect_made(text, "token=no-newline ");
    setenv("T_DIR", directory, 1);
    expect_made(CLOUD_A "    security_token: file:${T_DIR}/sub/bare\n", "token=no-newline ");
    expect_made(CLOUD_A "    zone: file:sub/bare\n", "zone=no-newline ");
    expect_unmade(
        CLOUD_A "    security_token: file:sub/none\n",
        "c.yaml:7: clouds.a.security_token: ", "file:sub/none cannot be read: No such file");
    expect_unmade(CLOUD_A "    security_token: file:sub\n",
                  "c.yaml:7: clouds.a.security_token: ", "directory");
    expect_unmade(CLOUD_A "    security_token: file:sub/empty\n",
                  "c.yaml:7: clouds.a.security_token: ", "first line of file:sub/empty is empty");
}

static void test_config__paths_are_relative_to_the_file(void **state)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;
    char expected[200];

    (void)state;
    mkdir("sub", 0700);
    write_text("sub/token", "from sub\n");
    write_text(
        "sub/d.yaml", CLOUD_A
        "    security_token: file:token\n    price_book: prices.yaml\n    ca_file: /abs/ca\n");
    assert_int_equal(load("sub/d.yaml", &config), CLOUD_OK);
    assert_string_equal(cloud_config_path(config), "sub/d.yaml");
    assert_int_equal(cloud_config_client(config, NULL, &client, &err), CLOUD_OK);
    assert_non_null(strstr(made_of, "token=from sub "));
    assert_non_null(strstr(made_of, "ca_file=/abs/ca "));
    assert_non_null(strstr(made_of, "book=sub/prices.yaml "));
    cloud_config_free(config);
    expect_made(CLOUD_A "    price_book: prices.yaml\n", "book=./prices.yaml ");
    snprintf(expected, sizeof(expected), "book=%s/sub/p ", directory);
    expect_made(CLOUD_A "    price_book: ${HOME}/sub/p\n", expected);
}

/* Loading needs no environment. Values without a reference are still checked. */
static void test_config__loading_needs_no_environment(void **state)
{
    struct cloud_config *config = NULL;
    const struct cloud_config_cloud *cloud;

    (void)state;
    unsetenv("T_NONE");
    write_text("c.yaml",
               "clouds:\n  a:\n    provider: jdcloud\n    region: ${T_NONE}\n    zone: ${T_NONE}\n"
               "    access_key_id: ${T_NONE}\n    access_key_secret: file:/no/such\n"
               "    attempts: ${T_NONE}\n    allow_http: ${T_NONE}\n    endpoint: ${T_NONE}\n"
               "  b:\n    provider: ${T_NONE}\n    mode: read_only\n    parameters: { zone: "
               "'${HOME}' }\n");
    assert_int_equal(load("c.yaml", &config), CLOUD_OK);
    cloud = cloud_config_cloud(config, 0);
    assert_string_equal(cloud->name, "a");
    assert_string_equal(cloud->provider, "jdcloud");
    assert_string_equal(cloud->region, "${T_NONE}");
    assert_string_equal(cloud->zone, "${T_NONE}");
    assert_string_equal(cloud->endpoint, "${T_NONE}");
    cloud = cloud_config_cloud(config, 1);
    assert_string_equal(cloud->provider, "${T_NONE}");
    assert_string_equal(cloud->zone, directory);
    assert_null(cloud->region);
    assert_null(cloud->endpoint);
    assert_int_equal(cloud->mode, CLOUD_MODE_READ_ONLY);
    assert_null(cloud_config_cloud(config, 2));
    cloud_config_free(config);

    expect_mistake(
        "clouds:\n  a:\n    provider: jdcloud\n    access_key_id: ${T_NONE}\n"
        "    access_key_secret: ${T_NONE}\n    region: ${T_NONE}\n    endpoint: ftp://x\n",
        7, "clouds.a.endpoint", "must begin with");
}

static void expect_privacy(const char *text, mode_t mode, bool refused)
{
    struct cloud_config *config = NULL;

    write_bytes("c.yaml", text, strlen(text), mode);
    if (refused)
        expect_refused(6, "clouds.a.access_key_secret", "run: chmod 600 c.yaml");
    else if (load("c.yaml", &config) != CLOUD_OK)
        fail_msg("%s", err.message);
    cloud_config_free(config);
}

static void test_config__a_secret_in_clear_needs_a_private_file(void **state)
{
    static const char entry[] =
        "clouds:\n  a:\n    provider: jdcloud\n    region: r\n    access_key_id: id\n";
    static const struct {
        const char *value;
        bool in_clear;
    } secrets[] = { { CANARY, true },     { "${T_ID}" CANARY, true },
                    { "$${T_ID}", true }, { "'" CANARY "'", true },
                    { "${T_ID}", false }, { "${T_ID}${T_N}", false },
                    { "file:/x", false } };
    static const struct {
        mode_t mode;
        bool open;
    } modes[] = { { 0600, false }, { 0400, false }, { 0700, false },
                  { 0644, true },  { 0640, true },  { 0604, true } };
    char text[300];

    (void)state;
    for (size_t s = 0; s < CC_COUNT(secrets); s++) {
        snprintf(text, sizeof(text), "%s    access_key_secret: %s\n", entry, secrets[s].value);
        for (size_t m = 0; m < CC_COUNT(modes); m++)
            expect_privacy(text, modes[m].mode, secrets[s].in_clear && modes[m].open);
    }
    snprintf(text, sizeof(text), "%s    access_key_secret: ${X}\n    security_token: " CANARY "\n",
             entry);
    write_bytes("c.yaml", text, strlen(text), 0644);
    expect_refused(7, "clouds.a.security_token", "chmod 600 c.yaml");
}

/* The user can paste the command of the message. */
static void test_config__the_suggested_chmod_is_exact(void **state)
{
    static const char name[] = "it's $a file.yaml";
    struct cloud_config *config = NULL;
    const char *command;

    (void)state;
    write_bytes(name, CLOUD_A, strlen(CLOUD_A), 0644);
    assert_int_equal(load(name, &config), CLOUD_ECONFIG);
    command = strstr(err.message, "chmod 600 ");
    assert_non_null(command);
    assert_int_equal(system(command), 0);
    assert_int_equal(load(name, &config), CLOUD_OK);
    cloud_config_free(config);
}

static void expect_found(const char *path)
{
    struct cloud_config *config = NULL;

    if (load(NULL, &config) != CLOUD_OK)
        fail_msg("%s", err.message);
    assert_string_equal(cloud_config_path(config), path);
    cloud_config_free(config);
}

static void write_config(const char *path)
{
    char command[300];

    snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", path);
    assert_int_equal(system(command), 0);
    write_text(path, CLOUD_A);
}

static void test_config__files_are_searched_in_order(void **state)
{
    char home[100], xdg[100], named[100];

    (void)state;
    if (access("/etc/cloud-client/clouds.yaml", F_OK) == 0)
        skip();
    snprintf(home, sizeof(home), "%s/.config/cloud-client/clouds.yaml", directory);
    snprintf(xdg, sizeof(xdg), "%s/xdg/cloud-client/clouds.yaml", directory);
    snprintf(named, sizeof(named), "%s/named.yaml", directory);
    unsetenv("CLOUD_CLIENT_CONFIG");
    unsetenv("XDG_CONFIG_HOME");

    assert_int_equal(load(NULL, &(struct cloud_config *){ NULL }), CLOUD_ENOTFOUND);
    assert_non_null(strstr(err.message, "$CLOUD_CLIENT_CONFIG (not set), /"));
    assert_non_null(strstr(err.message, home));
    assert_non_null(strstr(err.message, "/etc/cloud-client/clouds.yaml"));
    write_config(home);
    expect_found(home);
    assert_int_equal(setenv("XDG_CONFIG_HOME", strcpy(named, "xdg-is-elsewhere"), 1), 0);
    assert_int_equal(load(NULL, &(struct cloud_config *){ NULL }), CLOUD_ENOTFOUND);
    assert_non_null(strstr(err.message, "xdg-is-elsewhere/cloud-client/clouds.yaml"));
    snprintf(named, sizeof(named), "%s/xdg", directory);
    setenv("XDG_CONFIG_HOME", named, 1);
    write_config(xdg);
    expect_found(xdg);
    write_config("clouds.yaml"); /* the current directory is not searched */
    expect_found(xdg);
    snprintf(named, sizeof(named), "%s/named.yaml", directory);
    setenv("CLOUD_CLIENT_CONFIG", named, 1);
    assert_int_equal(load(NULL, &(struct cloud_config *){ NULL }), CLOUD_ENOTFOUND);
    assert_non_null(strstr(err.message, "named.yaml, which $CLOUD_CLIENT_CONFIG names"));
    write_config(named);
    expect_found(named);
    setenv("CLOUD_CLIENT_CONFIG", "", 1);
    expect_found(xdg);
    setenv("CLOUD_CLIENT_CONFIG", "clouds.yaml", 1);
    expect_found("clouds.yaml");
    assert_int_equal(load("no/such.yaml", &(struct cloud_config *){ NULL }), CLOUD_ENOTFOUND);
    assert_non_null(strstr(err.message, "no/such.yaml"));
    unsetenv("CLOUD_CLIENT_CONFIG");
    setenv("XDG_CONFIG_HOME", "xdg", 1); /* nor through a relative path */
    assert_int_equal(load(NULL, &(struct cloud_config *){ NULL }), CLOUD_ENOTFOUND);
    assert_non_null(strstr(err.message, "xdg/cloud-client/clouds.yaml (not used: it is relative)"));
    assert_non_null(strstr(err.message, "clouds.yaml in the current directory is read only when"));
    unsetenv("XDG_CONFIG_HOME");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config__values_come_from_the_environment),
        cmocka_unit_test(test_config__referenced_values_are_not_shown),
        cmocka_unit_test(test_config__values_come_from_files),
        cmocka_unit_test(test_config__paths_are_relative_to_the_file),
        cmocka_unit_test(test_config__loading_needs_no_environment),
        cmocka_unit_test(test_config__a_secret_in_clear_needs_a_private_file),
        cmocka_unit_test(test_config__the_suggested_chmod_is_exact),
        cmocka_unit_test(test_config__files_are_searched_in_order),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
