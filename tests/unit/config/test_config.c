/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/config/: the keys and values that clouds.yaml may have, errors that name file, line
 * and key, and the choice of a cloud. */
#include "tests/unit/config/config_file.h"

static void test_config__errors_of_the_top_level_name_line_and_key(void **state)
{
    (void)state;
    expect_mistake("defaults: {}\n", 1, "clouds", "is missing");
    expect_mistake("clouds:\n", 1, "clouds", "is empty; write a map");
    expect_mistake("clouds: []\n", 1, "clouds", "is a list; write a map");
    expect_mistake("clouds: x\n", 1, "clouds", "is a text; write a map");
    expect_mistake("clouds: {}\n", 1, "clouds", "no cloud in it");
    expect_mistake("cloud: {}\n", 1, "cloud", "the nearest is 'clouds'");
    expect_mistake(CLOUD_A "default:\n  attempts: 1\n", 7, "default", "the nearest is 'defaults'");
    expect_mistake("clouds:\n  a: jdcloud\n", 2, "clouds.a", "is a text; write a map");
    expect_mistake("clouds:\n  a:\n", 2, "clouds.a", "is empty; write a map");
    expect_mistake(CLOUD_A "defaults: 3\n", 7, "defaults", "is a text; write a map");
    expect_mistake(CLOUD_A "defaults:\n  region: x\n", 8, "defaults.region", "no such key here");
    expect_mistake(CLOUD_A "defaults:\n  attempt: 3\n", 8, "defaults.attempt",
                   "the nearest is 'attempts'");
    expect_mistake(CLOUD_A "defaults:\n  attempts: none\n", 8, "defaults.attempts", "from 1 to 20");
}

/* Returns an entry with every required key but @without. @with is its last line, *ret_line. */
static char *entry_without(const char *without, const char *with, int *ret_line)
{
    static const char *const lines[] = { "provider: jdcloud", "region: cn-north-1",
                                         "access_key_id: id", ("access_key_secret: " CANARY) };
    struct cc_buf text = { 0 };

    cc_buf_puts(&text, "clouds:\n  a:\n");
    *ret_line = 3;
    for (size_t i = 0; i < CC_COUNT(lines); i++) {
        size_t length = strcspn(lines[i], ":");

        if (strlen(without) == length && strncmp(without, lines[i], length) == 0)
            continue;
        cc_buf_printf(&text, "    %s\n", lines[i]);
        ++*ret_line;
    }
    cc_buf_printf(&text, "    %s\n", with);
    return cc_buf_take(&text);
}

static void expect_entry_mistake(const char *without, const char *with, const char *key,
                                 const char *says)
{
    char path[100];
    int line;
    cc_auto_free char *text = entry_without(without, with, &line);

    snprintf(path, sizeof(path), "clouds.a.%s", key);
    expect_mistake(text, line, path, says);
}

/* For each option: no value, a list, a map, a broken reference, and its name without a letter. */
static void test_config__errors_of_every_option_name_line_and_key(void **state)
{
    static const struct {
        const char *value, *says;
    } wrong[] = { { "", "is empty; write its value" },
                  { " ~", "is empty" },
                  { " \"\"", "is empty" },
                  { " [x]", "is a list; write a text" },
                  { " { x: y }", "is a map; write a text" },
                  { " ${", "names no variable" },
                  { " x${}y", "names no variable" },
                  { " ${1A}", "names no variable" },
                  { " ${A-B}", "names no variable" },
                  { " \"${A\"", "names no variable" },
                  { " 'file:'", "names no file" } };
    const struct cc_option *option;
    char with[100], typo[50], says[100];
    size_t n = 0;

    (void)state;
    for (; (option = cc_option_at(n)); n++) {
        for (size_t i = 0; i < CC_COUNT(wrong); i++) {
            snprintf(with, sizeof(with), "%s:%s", option->name, wrong[i].value);
            expect_entry_mistake(option->name, with, option->name, wrong[i].says);
        }
        snprintf(typo, sizeof(typo), "%c%s", option->name[0], option->name + 2);
        snprintf(with, sizeof(with), "%s: x", typo);
        snprintf(says, sizeof(says), "there is no such key here; the nearest is '%s'",
                 option->name);
        expect_entry_mistake("", with, typo, says);
    }
    assert_int_equal(n, 18);
    expect_entry_mistake("", "regoin: x", "regoin", "the nearest is 'region'");
    expect_entry_mistake("", "zones: x", "zones", "the nearest is 'zone'");
    expect_entry_mistake("", "parameter: {}", "parameter", "the nearest is 'parameters'");
    expect_entry_mistake("", "log: x", "log", "there is no such key");
    expect_entry_mistake("", "size: 3", "size", "there is no such key");
}

static void test_config__a_number_out_of_range_is_refused(void **state)
{
    static const char *const wrong[] = {
        "-1",         "0",          "+5",  "1.5", "1e3",
        "0x10",       "abc",        "3 s", "''",  "99999999999999999999",
        "2147483648", "1073741825", "'5 '"
    };
    static const char *const names[] = { "timeout_ms", "connect_timeout_ms", "attempts",
                                         "max_reply_bytes", "rate_limit_wait_ms" };
    char with[100];

    (void)state;
    for (size_t n = 0; n < CC_COUNT(names); n++) {
        const struct cc_option *option = cc_option_find(names[n]);
        cc_auto_free char *text = NULL;
        int line;

        for (size_t i = 0; i < CC_COUNT(wrong); i++) {
            snprintf(with, sizeof(with), "%s: %s", names[n], wrong[i]);
            expect_entry_mistake("", with, names[n],
                                 strcmp(wrong[i], "''") == 0 ? "is empty" : "a whole number from");
        }
        snprintf(with, sizeof(with), "%s: %d", names[n], option->max + 1);
        expect_entry_mistake("", with, names[n], "a whole number from");
        snprintf(with, sizeof(with), "%s: %d", names[n], option->max);
        text = entry_without("", with, &line);
        expect_made(text, "provider=jdcloud");
    }
    expect_made(CLOUD_A "    timeout_ms: 1\n    connect_timeout_ms: '2'\n    attempts: 20\n    "
                        "max_reply_bytes: 1024\n",
                "timeout=1 connect=2 attempts=20 bytes=1024");
}

static void test_config__unknown_words_are_refused(void **state)
{
    (void)state;
    expect_entry_mistake("", "mode: readonly", "mode", "normal, no_spend or read_only");
    expect_entry_mistake("", "mode: 1", "mode", "normal, no_spend or read_only");
    expect_entry_mistake("", "allow_http: maybe", "allow_http", "true or false");
    expect_entry_mistake("", "allow_http: 1", "allow_http", "true or false");
    expect_entry_mistake("", "allow_prepaid_charge_change: si", "allow_prepaid_charge_change",
                         "true or false");
    expect_entry_mistake("", "signature: JDCLOUD4", "signature", "JDCLOUD3 or JDCLOUD2");
    expect_mistake("clouds:\n  a:\n    provider: capitalonline_ecs\n" KEYS
                   "    signature: JDCLOUD3\n",
                   6, "clouds.a.signature", "one way only");
    expect_made(CLOUD_A "    mode: normal\n    allow_http: yes\n", "http=1 change=0 mode=0");
    expect_made(CLOUD_A
                "    mode: no_spend\n    allow_http: off\n    allow_prepaid_charge_change: true\n",
                "http=0 change=1 mode=1");
    expect_made(CLOUD_A "    mode: read_only\n    signature: JDCLOUD2\n", "signature=JDCLOUD2");
    expect_made(CLOUD_A "    mode: read_only\n", "mode=2");
}

static void test_config__a_missing_key_is_named(void **state)
{
    (void)state;
    expect_mistake("clouds:\n  a:\n    region: r\n" KEYS, 2, "clouds.a.provider",
                   "missing; name one of jdcloud, capitalonline_ecs, capitalonline_ccs");
    expect_mistake("clouds:\n  a:\n    region: r\n" KEYS "    provider: jdclod\n", 6,
                   "clouds.a.provider",
                   "no provider 'jdclod'; the nearest is 'jdcloud', the known providers are "
                   "jdcloud, capitalonline_ecs, "
                   "capitalonline_ccs");
    expect_mistake("clouds:\n  a:\n    provider: jdcloud\n" KEYS, 2, "clouds.a.region",
                   "jdcloud needs one");
    expect_mistake(
        "clouds:\n  a:\n    provider: jdcloud\n    region: r\n    access_key_secret: " CANARY "\n",
        2, "clouds.a.access_key_id", "missing");
    expect_mistake("clouds:\n  a:\n    provider: jdcloud\n    region: r\n    access_key_id: x\n", 2,
                   "clouds.a.access_key_secret", "missing");
    expect_mistake(
        "clouds:\n  a:\n    provider: jdcloud\n    region: r\n    endpoint: 'emulator:'\n"
        "    access_key_id: x\n",
        2, "clouds.a.access_key_secret", "missing");
    expect_mistake(
        CLOUD_A "  b:\n    provider: jdcloud\n    region: r\n    endpoint: http://127.0.0.1:80\n",
        7, "clouds.b.access_key_id", "missing");
    expect_mistake("clouds:\n  a:\n    provider: jdcloud\n" KEYS
                   "    region: |\n      two\n      lines\n",
                   6, "clouds.a.region", "line end");
    expect_made("clouds:\n  a:\n    provider: jdcloud\n    region: r\n    endpoint: 'emulator:'\n",
                "id=- secret=-");
    expect_made(
        "clouds:\n  a:\n    provider: jdcloud\n    region: r\n    endpoint: emulator:/w/x\n" KEYS,
        "id=id secret=" CANARY " token=- endpoint=emulator:/w/x");
    expect_made("clouds:\n  a:\n    provider: capitalonline_ecs\n" KEYS,
                "provider=capitalonline_ecs region=-");
}

static void test_config__invalid_parameters_are_refused(void **state)
{
    static const struct {
        const char *line, *key, *says;
    } wrong[] = {
        { "parameters: x", "parameters", "is a text; write a map" },
        { "parameters: { cpus: 2 }", "parameters.cpus", "the nearest is 'cpu'" },
        { "parameters: { imageid: x }", "parameters.imageid", "the nearest is 'image_id'" },
        { "parameters: { cpu: two }", "parameters.cpu", "whole number" },
        { "parameters: { cpu: }", "parameters.cpu", "is empty" },
        { "parameters: { cpu: [2] }", "parameters.cpu", "is a list" },
        { "parameters: { period: forever }", "parameters.period", "period" },
        { "parameters: { data_disks: big }", "parameters.data_disks", "data_disks" },
        { "parameters: { auto_renew: maybe }", "parameters.auto_renew", "auto_renew" },
        { "parameters: { password: " CANARY " }", "parameters.password", "secret" },
        { "parameters: { operation_key: o-1 }", "parameters.operation_key", "belongs to one call" },
        { "parameters: { instance_id: i-1 }", "parameters.instance_id", "belongs to one call" },
        { "parameters: { task_id: t-1 }", "parameters.task_id", "belongs to one call" },
        { "parameters: { if_expiry: 2026-01-01T00:00:00Z }", "parameters.if_expiry",
          "belongs to one call" },
        { "parameters: { image_id: a, image-id: b }", "parameters.image-id", "given twice" },
        { "zone: ", "zone", "is empty" },
        { "zone: [a]", "zone", "is a list" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(wrong); i++)
        expect_entry_mistake("", wrong[i].line, wrong[i].key, wrong[i].says);
    expect_mistake(CLOUD_A "    zone: x\n    parameters:\n      zone: y\n", 9,
                   "clouds.a.parameters.zone", "given twice");
    expect_made(CLOUD_A
                "    zone: z1\n    parameters: { image-id: i1, cpu: 2, data_disks: 'ssd:10,20' }\n",
                "zone=z1 image=i1 cpu=2 disks=2");
    expect_made(CLOUD_A "    parameters: { zone: z2 }\n", "zone=z2 image=- cpu=0 disks=0");
}

static void test_config__a_cloud_is_chosen_by_name(void **state)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;

    (void)state;
    write_text("c.yaml", CLOUD_A);
    assert_int_equal(load("c.yaml", &config), CLOUD_OK);
    assert_int_equal(cloud_config_client(config, NULL, &client, &err), CLOUD_OK);
    cloud_config_free(config);

    write_text("c.yaml", CLOUD_A "  beijing:\n    provider: capitalonline_ecs\n" KEYS);
    assert_int_equal(load("c.yaml", &config), CLOUD_OK);
    assert_int_equal(cloud_config_client(config, NULL, &client, &err), CLOUD_ECONFIG);
    assert_string_equal(err.message,
                        "c.yaml:1: clouds: has more than one cloud; name one of a, beijing");
    assert_int_equal(cloud_config_client(config, "bejing", &client, &err), CLOUD_ECONFIG);
    assert_string_equal(err.message, "c.yaml:1: clouds: there is no cloud 'bejing'; the nearest is "
                                     "'beijing', the clouds are a, beijing");
    assert_int_equal(cloud_config_client(config, "bejing", &client, NULL), CLOUD_ECONFIG);
    assert_int_equal(cloud_config_client(config, "beijing", &client, NULL), CLOUD_OK);
    assert_non_null(strstr(made_of, "provider=capitalonline_ecs"));
    cloud_config_free(config);
    cloud_config_free(NULL);
}

static void test_config__entries_override_defaults(void **state)
{
    (void)state;
    expect_made("defaults: { timeout_ms: 5, attempts: 2, connect_timeout_ms: 3 }\n" CLOUD_A
                "    attempts: 9\n",
                "timeout=5 connect=3 attempts=9 bytes=0");
    expect_made(CLOUD_A, "timeout=0 connect=0 attempts=0 bytes=0");
}

/* An error of the new client gets the line of the option that it names; others stay unchanged. */
static void test_config__errors_of_the_client_name_the_line(void **state)
{
    (void)state;
    refusal = (struct cloud_error){ .code = CLOUD_ECONFIG,
                                    .parameter = "ca_file",
                                    .message = "no certificates in it" };
    expect_unmade(CLOUD_A "    ca_file: /x\n",
                  "c.yaml:7: clouds.a.ca_file: ", "no certificates in it");
    expect_unmade(CLOUD_A, "c.yaml:2: clouds.a.ca_file: ", "no certificates in it");
    refusal = (struct cloud_error){ .code = CLOUD_ECONFIG,
                                    .parameter = "prices",
                                    .message = "p.yaml:1: prices: bad" };
    expect_unmade(CLOUD_A, "p.yaml:1: prices: bad", "");
    refusal = (struct cloud_error){ .code = CLOUD_ENOMEM, .message = "out of memory" };
    assert_int_equal(make(CLOUD_A), CLOUD_ENOMEM);
    assert_string_equal(err.message, "out of memory");
    refusal = (struct cloud_error){ 0 };
}

/* With long names, file, line and key are still in the message. Control characters are not. */
static void test_config__long_names_are_shortened(void **state)
{
    char path[600] = "", text[1200];

    (void)state;
    for (int i = 0; i < 10; i++) {
        strcat(path, "a-rather-long-name-of-a-directory-in-which-files-are/");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    strcat(path, "last.yaml");
    snprintf(text, sizeof(text), "clouds:\n  %0200d: 中\n", 1);
    write_text(path, text);
    assert_int_equal(load(path, &(struct cloud_config *){ NULL }), CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "/last.yaml:2: clouds.000"));
    assert_non_null(strstr(err.message, ": is a text; write a map"));
    write_text("c.yaml", "clouds:\n  \"a\\nb\\e[1m\": x\n");
    assert_int_equal(load("c.yaml", &(struct cloud_config *){ NULL }), CLOUD_ECONFIG);
    assert_null(strpbrk(err.message, "\n\033"));
}

static void test_config__the_examples_are_valid(void **state)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;
    const char *example = getenv("CLOUD_TEST_EXAMPLES");
    char path[1000];

    (void)state;
    assert_non_null(example);
    setenv("CDS_ACCESS_KEY_ID", "k", 1);
    setenv("CDS_ACCESS_KEY_SECRET", "s", 1);
    snprintf(path, sizeof(path), "%s/clouds.yaml", example);
    if (load(path, &config) != CLOUD_OK)
        fail_msg("%s", err.message);
    assert_string_equal(cloud_config_cloud(config, 3)->name, "demo");
    assert_int_equal(cloud_config_client(config, "hohhot", &client, &err), CLOUD_OK);
    assert_non_null(strstr(made_of, "zone=CN_Hohhot_B"));
    assert_non_null(strstr(made_of, "timeout=30000 connect=10000 attempts=3 bytes=8388608"));
    assert_int_equal(cloud_config_client(config, "beijing-ccs", &client, &err), CLOUD_OK);
    assert_int_equal(cloud_config_client(config, "demo", &client, &err), CLOUD_OK);
    cloud_config_free(config);
}

/* A file truncated at any byte is read or refused. */
static void test_config__every_truncation_is_survived(void **state)
{
    static const char text[] =
        CLOUD_A "    zone: \"a\\u4e2d\"\n    parameters: { cpu: 2, data_disks: 'ssd:10' }\n"
                "defaults:\n  attempts: ${NO_SUCH_VARIABLE}\n";
    struct cloud_config *config;

    (void)state;
    for (size_t size = 0; size < sizeof(text); size++) {
        write_bytes("c.yaml", text, size, 0600);
        config = NULL;
        if (load("c.yaml", &config) != CLOUD_OK) {
            assert_memory_equal(err.message, "c.yaml:", 7);
            assert_null(config);
        }
        cloud_config_free(config);
    }
}

static void test_config__every_failed_allocation_is_survived(void **state)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;
    int r = CLOUD_ENOMEM, tries = 0;

    (void)state;
    setenv("T_ID", "AKID", 1);
    write_text("token", "t\n");
    write_text("c.yaml",
               CLOUD_A "    security_token: file:token\n    zone: ${T_ID}\n    price_book: p\n"
                       "    parameters: { data_disks: 'ssd:10' }\n");
    for (; r == CLOUD_ENOMEM; tries++) {
        config = NULL;
        alloc_fail_left = tries;
        r = load("c.yaml", &config);
        if (r == CLOUD_OK)
            r = cloud_config_client(config, "a", &client, &err);
        alloc_fail_left = -1;
        cloud_config_free(config);
        if (r != CLOUD_OK && (r != CLOUD_ENOMEM || err.code != CLOUD_ENOMEM))
            fail_msg("allocation %d: %s", tries, err.message);
    }
    assert_int_equal(r, CLOUD_OK);
    assert_true(tries > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config__errors_of_the_top_level_name_line_and_key),
        cmocka_unit_test(test_config__errors_of_every_option_name_line_and_key),
        cmocka_unit_test(test_config__a_number_out_of_range_is_refused),
        cmocka_unit_test(test_config__unknown_words_are_refused),
        cmocka_unit_test(test_config__a_missing_key_is_named),
        cmocka_unit_test(test_config__invalid_parameters_are_refused),
        cmocka_unit_test(test_config__a_cloud_is_chosen_by_name),
        cmocka_unit_test(test_config__entries_override_defaults),
        cmocka_unit_test(test_config__errors_of_the_client_name_the_line),
        cmocka_unit_test(test_config__long_names_are_shortened),
        cmocka_unit_test(test_config__the_examples_are_valid),
        cmocka_unit_test(test_config__every_truncation_is_survived),
        cmocka_unit_test(test_config__every_failed_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
