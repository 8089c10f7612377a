/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clients, batches and journals on both sides of fork(): each process gets the answers to its own
 * requests, over HTTP, over TLS and from the emulator in the process. A change is sent once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/cloud_batch.h"
#include "include/cloud_client.h"
#include "include/cloud_journal.h"

enum { CALLS = 125 };

static const char *const schemes[] = { "CLOUD_TEST_HTTP", "CLOUD_TEST_HTTPS" };
static struct cloud_error err;

static struct cloud_client *open_client(const char *endpoint)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client;

    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = endpoint;
    options.attempts = 1;
    options.timeout_ms = 20000;
    if (strncmp(endpoint, "emulator:", 9) != 0) {
        options.access_key_id = "AKTEST";
        options.access_key_secret = "fork-test-secret";
        options.ca_file = getenv("CLOUD_TEST_CA");
    }
    if (cloud_client_new(&options, &client, &err))
        fail_msg("%s", err.message);
    return client;
}

/* Returns how many of the calls failed or were answered about another instance. */
static int ask(struct cloud_client *client, const char *id, int count)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    int wrong = 0;

    for (int i = 0; i < count; i++) {
        if (cloud_describe_instance(client, id, &result, &err)) {
            wrong++;
            fprintf(stderr, "%s: %s\n", id, err.message);
        } else if (strcmp(result.instances[0].id, id) != 0) {
            wrong++;
            fprintf(stderr, "%s: answered about %s\n", id, result.instances[0].id);
        }
    }
    cloud_result_clear(&result);
    return wrong;
}

static void add(struct cloud_batch *batch, struct cloud_client *client, enum cloud_op op,
                const char *id, int count)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    for (int i = 0; i < count; i++)
        assert_int_equal(
            cloud_batch_add(batch, client, op, &params, (void *)(uintptr_t)id, NULL, &err),
            CLOUD_OK);
}

struct ends {
    int wrong; /* reads that failed or were answered about another instance */
    int reads, done,
        lost; /* changes that were done, or whose outcome is not known to this process */
};

/* runs the batch to its end */
static struct ends run(struct cloud_batch *batch)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct ends ends = { 0 };

    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            if (done.op == CLOUD_OP_DESCRIBE_INSTANCE) {
                ends.reads++;
                ends.wrong += done.code || strcmp(done.result.instances[0].id, done.user_data);
            } else if (!done.code) {
                ends.done++;
            } else {
                ends.lost +=
                    done.code == CLOUD_ECANCELLED && done.error.outcome == CLOUD_OUTCOME_UNKNOWN;
            }
        }
    }
    cloud_batch_done_clear(&done);
    return ends;
}

/* a number that the vendor counts: "changes", "connections" */
static long counted(const char *name)
{
    char command[200];
    FILE *out;
    long count = -1;

    snprintf(command, sizeof(command), "curl -s %s/%s", getenv("CLOUD_TEST_HTTP"), name);
    out = popen(command, "r");
    assert_non_null(out);
    if (fscanf(out, "{\"requestId\": \"r\", \"result\": %ld}", &count) != 1)
        count = -1;
    pclose(out);
    return count;
}

/* the exit status of a child, below 128 */
static int status_of(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status))
        fail_msg("the child ended with signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

static int limited(int count)
{
    return count < 100 ? count : 100;
}

static void test_fork__both_processes_use_a_client(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(getenv(schemes[i]));
        pid_t child;

        assert_int_equal(ask(client, "i-before", 2), 0);
        child = fork();
        if (!child) {
            int wrong = ask(client, "i-child", CALLS);
            pid_t grandchild = fork();

            if (!grandchild)
                _exit(limited(ask(client, "i-grandchild", CALLS)));
            wrong += ask(client, "i-child-again", 10) + status_of(grandchild);
            cloud_client_free(client);
            _exit(limited(wrong));
        }
        assert_int_equal(ask(client, "i-parent", CALLS), 0);
        assert_int_equal(status_of(child), 0);
        assert_int_equal(ask(client, "i-after", 3), 0);
        cloud_client_free(client);
    }
}

static int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

/* a child that only frees its copy ends no connection of its parent, and keeps none open */
static void test_fork__the_child_only_frees(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int before = descriptors();
        struct cloud_client *client = open_client(getenv(schemes[i]));
        long connections;
        pid_t child;

        assert_int_equal(ask(client, "i-before", 2), 0);
        connections = counted("connections");
        child = fork();
        if (!child) {
            cloud_client_free(client);
            _exit(descriptors() != before);
        }
        assert_int_equal(status_of(child), 0);
        assert_int_equal(ask(client, "i-parent", CALLS), 0);
        assert_int_equal(counted("connections"), connections); /* the same is used still */
        cloud_client_free(client);
    }
}

/* a connection that the parent closes while a child still has it makes the parent's loop not spin
 */
static void test_fork__a_child_that_does_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(getenv(schemes[i]));
        pid_t child;

        assert_int_equal(ask(client, "i-before", 2), 0);
        child = fork();
        if (!child) {
            pause();
            _exit(0);
        }
        assert_int_equal(ask(client, "i-parent", 20), 0);
        assert_int_equal(ask(client, "slow-parent", 1), 0);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        cloud_client_free(client);
    }
}

static void test_fork__both_processes_use_a_batch(void **state)
{
    const struct cloud_batch_options options = { .size = sizeof(options),
                                                 .no_coalescing = true,
                                                 .max_in_flight = 8 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(getenv(schemes[i]));
        struct cloud_batch *batch;
        struct ends ends;
        pid_t child;
        int fd;

        assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "i-before", 20);
        ends = run(batch);
        assert_int_equal(ends.wrong, 0);
        fd = cloud_batch_fd(batch);
        child = fork();
        if (!child) {
            add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "i-child", CALLS);
            ends = run(batch);
            ends.wrong += cloud_batch_fd(batch) != fd || ends.reads != CALLS;
            cloud_batch_free(batch);
            cloud_client_free(client);
            _exit(limited(ends.wrong));
        }
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "i-parent", CALLS);
        ends = run(batch);
        assert_int_equal(ends.wrong, 0);
        assert_int_equal(ends.reads, CALLS);
        assert_int_equal(status_of(child), 0);
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "i-after", 10);
        ends = run(batch);
        assert_int_equal(ends.wrong, 0);
        cloud_batch_free(batch);
        cloud_client_free(client);
    }
}

/* Calls in flight, and calls that wait, at the time of the fork: both processes get the answers to
 * reads, the parent alone continues changes. */
static void test_fork__while_calls_are_in_flight(void **state)
{
    enum { READS = 12, CHANGES = 7 };
    const struct cloud_batch_options options = { .size = sizeof(options),
                                                 .no_coalescing = true,
                                                 .max_in_flight = 10 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(getenv(schemes[i]));
        long before = counted("changes");
        struct cloud_batch *batch;
        struct ends ends;
        pid_t child;

        assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "slow-read", 4);
        add(batch, client, CLOUD_OP_REBOOT_INSTANCE, "slow-change", CHANGES);
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "slow-read-later", READS - 4);
        assert_int_equal(cloud_batch_run(batch, 200), CLOUD_ETIMEDOUT); /* all ten were sent */
        child = fork();
        if (!child) {
            ends = run(batch);
            cloud_batch_free(batch);
            cloud_client_free(client);
            _exit(limited(ends.wrong) + (ends.reads != READS) + ends.done + (ends.lost != CHANGES));
        }
        ends = run(batch);
        assert_int_equal(ends.wrong, 0);
        assert_int_equal(ends.reads, READS);
        assert_int_equal(ends.done, CHANGES);
        assert_int_equal(status_of(child), 0);
        assert_int_equal(counted("changes") - before, CHANGES);
        cloud_batch_free(batch);
        cloud_client_free(client);
    }
}

/* a child that frees a batch in flight */
static void test_fork__the_child_only_frees_a_batch(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(getenv(schemes[i]));
        struct cloud_batch *batch;
        struct ends ends;
        pid_t child;

        assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
        add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, "slow-read", 5);
        assert_int_equal(cloud_batch_run(batch, 200), CLOUD_ETIMEDOUT);
        child = fork();
        if (!child) {
            cloud_batch_free(batch);
            cloud_client_free(client);
            _exit(0);
        }
        ends = run(batch);
        assert_int_equal(status_of(child), 0);
        assert_int_equal(ends.reads, 5);
        assert_int_equal(ends.wrong, 0);
        cloud_batch_free(batch);
        cloud_client_free(client);
    }
}

static int fork_in_hook(const struct cloud_change *change, void *user_data,
                        struct cloud_error *error)
{
    pid_t *child = user_data;

    (void)change, (void)error;
    *child = fork();
    return CLOUD_OK;
}

/* a program that forks in a callback has the call twice; it is sent once */
static void test_fork__in_a_callback(void **state)
{
    struct cloud_client *client = open_client(getenv(schemes[0]));
    long before = counted("changes");
    pid_t child = -1;
    int rc;

    (void)state;
    cloud_client_set_change_hook(client, fork_in_hook, &child);
    rc = cloud_reboot_instance(client, "i-1", &err);
    if (!child)
        _exit(rc != CLOUD_ECANCELLED || err.outcome != CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(rc, CLOUD_OK);
    assert_int_equal(status_of(child), 0);
    assert_int_equal(counted("changes") - before, 1);
    cloud_client_free(client);
}

/* the emulator in the process: a world in a file is shared, one in memory is copied */
static void test_fork__the_emulator(void **state)
{
    static const char *const worlds[] = { "emulator:fork-test-world", "emulator:" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cloud_client *client = open_client(worlds[i]);
        struct cloud_params params = CLOUD_PARAMS_INIT;
        struct cloud_result result = CLOUD_RESULT_INIT;
        size_t before;
        pid_t child;

        assert_int_equal(cloud_describe_instances(client, NULL, &result, &err), CLOUD_OK);
        before = result.instance_count;
        params.name = "fork";
        params.zone = "cn-north-1a";
        params.instance_type = "g.n2.medium";
        params.image_id = "img-demoubuntu22";
        params.subnet_id = "subnet-demo000001";
        params.system_disk_gb = 40;
        child = fork();
        if (!child) {
            int rc = cloud_create_instance(client, &params, &result, &err);

            if (!rc)
                rc = cloud_describe_instances(client, NULL, &result, &err);
            cloud_client_free(client);
            _exit(rc != CLOUD_OK || result.instance_count != before + 1);
        }
        assert_int_equal(status_of(child), 0);
        assert_int_equal(cloud_describe_instances(client, NULL, &result, &err), CLOUD_OK);
        assert_int_equal(result.instance_count, before + (i == 0));
        if (cloud_create_instance(client, &params, &result, &err))
            fail_msg("%s", err.message);
        cloud_result_clear(&result);
        cloud_client_free(client);
    }
    remove("fork-test-world");
}

/* a journal belongs to the process that opened it */
static void test_fork__a_journal_is_refused(void **state)
{
    struct cloud_journal *journal;
    int64_t count;
    pid_t child;

    (void)state;
    assert_int_equal(cloud_journal_open("sqlite:fork-test-journal", NULL, &journal, &err),
                     CLOUD_OK);
    child = fork();
    if (!child) {
        int rc = cloud_journal_verify(journal, &count, NULL, &err);

        cloud_journal_close(journal);
        _exit(rc != CLOUD_EINVAL || !strstr(err.message, "fork"));
    }
    assert_int_equal(status_of(child), 0);
    assert_int_equal(cloud_journal_verify(journal, &count, NULL, &err), CLOUD_OK);
    cloud_journal_close(journal);
    remove("fork-test-journal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fork__both_processes_use_a_client),
        cmocka_unit_test(test_fork__the_child_only_frees),
        cmocka_unit_test(test_fork__a_child_that_does_nothing),
        cmocka_unit_test(test_fork__both_processes_use_a_batch),
        cmocka_unit_test(test_fork__while_calls_are_in_flight),
        cmocka_unit_test(test_fork__the_child_only_frees_a_batch),
        cmocka_unit_test(test_fork__in_a_callback),
        cmocka_unit_test(test_fork__the_emulator),
        cmocka_unit_test(test_fork__a_journal_is_refused),
    };
    char directory[] = "/tmp/cloud_test_XXXXXX";
    int failed;

    if (!mkdtemp(directory) || chdir(directory) != 0)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    return chdir("/") != 0 || rmdir(directory) != 0 ? 1 : failed;
}
