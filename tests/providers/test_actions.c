/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls every action of the catalogues with the fewest and with all parameters, in this process and
 * over HTTP. Leaves out each required parameter once, and gives each parameter once with a wrong
 * type. A file for each provider lists the calls in an order in which each is possible; the files
 * are the program's arguments.
 *
 *   least       exactly the required parameters that the library does not supply
 *   all         all parameters but those in "without", which has the reason
 *   both        an action that has only required parameters
 *   more        an additional call
 *   refused     the vendor's code, where the vendor's rules refuse the parameters
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "include/cloud_batch.h"
#include "tests/providers/play_actions.h"

#define DOCUMENTED 106
#define ROWS_MAX 256

static char **files;
static size_t file_count;
static bool over_http;

struct step {
    struct play *play;
    yyjson_val *json, *with; /* with: the parameters */
    struct cloud_action_info action;
    const char *as;
};

static bool is_as(const struct step *step, const char *word)
{
    return !strcmp(step->as, word) || (!strcmp(step->as, "both") && strcmp(word, "more") != 0);
}

/* Returns whether the step has the parameter or an alternative to it. */
static bool gives(const struct step *step, const char *name)
{
    struct cloud_action_param p = CLOUD_ACTION_PARAM_INIT;

    if (yyjson_obj_get(step->with, name))
        return true;
    for (size_t n = 0; cloud_action_param(step->play->provider, step->action.number, n, &p); n++) {
        if (p.instead_of && !strcmp(p.instead_of, name) && yyjson_obj_get(step->with, p.name))
            return true;
    }
    return false;
}

static void check_given(const struct step *step)
{
    struct cloud_action_param p = CLOUD_ACTION_PARAM_INIT;

    for (size_t n = 0; cloud_action_param(step->play->provider, step->action.number, n, &p); n++) {
        bool given = yyjson_obj_get(step->with, p.name),
             left_out = yyjson_obj_get(yyjson_obj_get(step->json, "without"), p.name);
        bool least = p.required && !p.supplied;

        if (is_as(step, "least") && least && !gives(step, p.name))
            fail_msg("%s: \"least\" lacks %s", step->action.name, p.name);
        if (is_as(step, "least") && !is_as(step, "all") && !least && given)
            fail_msg("%s: \"least\" has %s, which is not required", step->action.name, p.name);
        if (is_as(step, "all") && !given && !left_out && !p.instead_of &&
            !(is_as(step, "least") && p.supplied))
            fail_msg("%s: \"all\" lacks %s", step->action.name, p.name);
    }
}

static const char *wrong_value(const char *type)
{
    return !strcmp(type, "string")                                ? "7"
           : !strcmp(type, "object") || !strncmp(type, "list", 4) ? "true"
                                                                  : "{\"a\":1}";
}

/* Invokes the action with one parameter changed to @value, or left out when @value is NULL. */
static void expect_refusal(const struct step *step, const char *name, const char *value)
{
    cc_auto_free char *text = play_parameters(step->play, step->json, "with"), *changed = NULL;
    yyjson_doc *doc = yyjson_read(text, strlen(text), 0);
    yyjson_mut_doc *copy = yyjson_doc_mut_copy(doc, NULL);
    yyjson_mut_val *root = yyjson_mut_doc_get_root(copy);

    if (value) {
        yyjson_doc *wrong = yyjson_read(value, strlen(value), 0);

        yyjson_mut_obj_put(root, yyjson_mut_strcpy(copy, name),
                           yyjson_val_mut_copy(copy, yyjson_doc_get_root(wrong)));
        yyjson_doc_free(wrong);
    } else {
        yyjson_mut_obj_remove_key(root, name);
    }
    changed = yyjson_mut_write(copy, 0, NULL);
    if (play_invoke(step->play, play_text(step->json, "action"), changed) != CLOUD_EINVAL)
        fail_msg("%s without a valid %s: %s", step->action.name, name,
                 cloud_code_name(step->play->err.code));
    assert_string_equal(step->play->err.parameter, name);
    assert_non_null(strstr(step->play->err.message, name));
    assert_int_equal(step->play->err.outcome, CLOUD_NOT_APPLIED);
    yyjson_mut_doc_free(copy);
    yyjson_doc_free(doc);
}

static void check_refusals(const struct step *step)
{
    struct cloud_action_param p = CLOUD_ACTION_PARAM_INIT;
    long before = emulated_requests(&step->play->emulated);

    for (size_t n = 0; cloud_action_param(step->play->provider, step->action.number, n, &p); n++) {
        bool given = yyjson_obj_get(step->with, p.name);

        if (is_as(step, "least") && p.required && !p.supplied && given)
            expect_refusal(step, p.name, NULL);
        if (given)
            expect_refusal(step, p.name, wrong_value(p.type));
    }
    expect_refusal(step, "NoSuchParameter", "1");
    assert_int_equal(emulated_requests(&step->play->emulated), before);
}

static void check_accepted(const struct step *step, int rc)
{
    struct cloud_result *result = &step->play->result;

    if (rc)
        fail_msg("%s, %s: %s %s: %s", step->action.name, step->as, cloud_code_name(rc),
                 step->play->err.vendor_code, step->play->err.message);
    assert_non_null(result->json);
    assert_non_null(result->reply);
}

static void play_step(struct play *play, yyjson_val *json)
{
    struct step step = { .play = play,
                         .json = json,
                         .with = yyjson_obj_get(json, "with"),
                         .as = play_text(json, "as"),
                         .action = CLOUD_ACTION_INFO_INIT };
    cc_auto_free char *parameters = play_parameters(play, json, "with");
    const char *refused = play_text(json, "refused");
    int rc;

    if (!cloud_action_find(play->provider, play_text(json, "action"), &step.action))
        fail_msg("%s has no action %s", play->provider, play_text(json, "action"));
    play_prepare(play, json);
    check_given(&step);
    if (!is_as(&step, "more"))
        check_refusals(&step);
    rc = play_invoke(play, play_text(json, "action"), parameters);
    if (*refused && strcmp(play->err.vendor_code, refused) != 0)
        fail_msg("%s, %s: expected %s, got %s: %s", step.action.name, step.as, refused,
                 play->err.vendor_code, play->err.message);
    if (*refused)
        return;
    check_accepted(&step, rc);
    play_save(play, json);
    play_advance(play, json);
}

struct seen {
    bool least, all, accepted;
};

static void note(struct seen *seen, yyjson_val *step)
{
    struct step look = { .as = play_text(step, "as") };

    seen->least |= is_as(&look, "least");
    seen->all |= is_as(&look, "all");
    seen->accepted |= !*play_text(step, "refused");
}

static bool is_named(yyjson_val *list, const char *name)
{
    yyjson_val *item;

    for (size_t i = 0; (item = yyjson_arr_get(list, i)); i++) {
        if (yyjson_equals_str(item, name))
            return true;
    }
    return false;
}

/* Checks that every action was called. Returns how many of them the documents describe. */
static size_t check_all_called(struct play *play, const struct seen *seen)
{
    struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;
    size_t documented = 0;

    for (size_t n = 0; cloud_action_info(play->provider, n, &action); n++) {
        if (is_named(yyjson_obj_get(play->root, "not_emulated"), action.name))
            continue;
        if (!seen[n].least || !seen[n].all || !seen[n].accepted)
            fail_msg("%s: %s was not called with \"least\" and \"all\"", play->provider,
                     action.name);
        documented += !is_named(yyjson_obj_get(play->root, "beyond"), action.name);
    }
    assert_int_equal(documented, yyjson_get_uint(yyjson_obj_get(play->root, "documented")));
    return documented;
}

static size_t play_file(const char *path)
{
    struct seen seen[ROWS_MAX] = { 0 };
    struct play play;
    yyjson_val *step;
    size_t documented;

    play_open(&play, path, over_http);
    for (size_t i = 0; (step = yyjson_arr_get(yyjson_obj_get(play.root, "steps"), i)); i++) {
        struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;

        play_step(&play, step);
        assert_true(cloud_action_find(play.provider, play_text(step, "action"), &action) &&
                    action.number < ROWS_MAX);
        note(&seen[action.number], step);
    }
    documented = check_all_called(&play, seen);
    play_close(&play);
    return documented;
}

static void play_files(bool http)
{
    size_t documented = 0;

    over_http = http;
    for (size_t i = 0; i < file_count; i++)
        documented += play_file(files[i]);
    assert_int_equal(documented, DOCUMENTED);
}

static void test_actions__each_takes_fewest_and_all_parameters_in_process(void **state)
{
    (void)state;
    play_files(false);
}

static void test_actions__each_takes_fewest_and_all_parameters_over_http(void **state)
{
    (void)state;
    play_files(true);
}

static void check_row(const char *provider, const struct cloud_action_info *action)
{
    struct cloud_action_param p = CLOUD_ACTION_PARAM_INIT;
    struct cloud_action_info found = CLOUD_ACTION_INFO_INIT;
    char qualified[128];
    size_t n = 0;

    snprintf(qualified, sizeof(qualified), "%s:%s", action->service, action->name);
    assert_true(cloud_action_find(provider, qualified, &found));
    assert_int_equal(found.number, action->number);
    assert_true(cloud_action_find(provider, action->name, &found));
    assert_string_equal(found.name, action->name);
    assert_true(*action->about && *action->method && *action->host && *action->base == '/' &&
                *action->path == '/');
    assert_null(strchr(action->about, '\n'));
    assert_true(strlen(action->about) < 100 && action->about[strlen(action->about) - 1] != '.');
    while (cloud_action_param(provider, action->number, n, &p))
        n++;
    assert_int_equal(n, action->param_count);
}

static void test_actions__the_catalogue_is_complete(void **state)
{
    struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;

    (void)state;
    for (size_t i = 0; cloud_provider_name(i); i++) {
        size_t n = 0;

        for (; cloud_action_info(cloud_provider_name(i), n, &action); n++) {
            assert_int_equal(action.number, n);
            check_row(cloud_provider_name(i), &action);
        }
        assert_true(n > 30);
    }
    assert_false(cloud_action_info("unknown", 0, &action));
    assert_false(cloud_action_find("jdcloud", "describeNothing", &action));
    assert_false(cloud_action_find("jdcloud", "disk:describeInstances", &action));
    assert_false(cloud_action_find(NULL, NULL, &action));
}

/* A caller may be compiled with a shorter structure. */
static void test_actions__a_shorter_structure_is_not_overrun(void **state)
{
    struct cloud_action_info action = { .size = offsetof(struct cloud_action_info, about),
                                        .about = "mine" };

    (void)state;
    assert_true(cloud_action_find("jdcloud", "renewInstance", &action));
    assert_string_equal(action.service, "renewal");
    assert_string_equal(action.about, "mine");
}

static void test_actions__the_error_of_an_unknown_one_names_the_nearest(void **state)
{
    (void)state;
    for (size_t i = 0; i < file_count; i++) {
        struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;
        struct play play;
        char slip[80];

        play_open(&play, files[i], false);
        assert_true(cloud_action_info(play.provider, 0, &action));
        snprintf(slip, sizeof(slip), "%.*sx", (int)strlen(action.name) - 1, action.name);
        assert_int_equal(play_invoke(&play, slip, "{}"), CLOUD_EINVAL);
        assert_string_equal(play.err.parameter, "action");
        assert_non_null(strstr(play.err.message, action.name));
        assert_int_equal(emulated_requests(&play.emulated), 0);
        play_close(&play);
    }
}

/* Adds the reads that do not depend on earlier steps, and an unknown action that is refused. */
static size_t add_reads(struct play *play, struct cloud_batch *batch)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    size_t added = 0;
    yyjson_val *step;

    for (size_t i = 0; (step = yyjson_arr_get(yyjson_obj_get(play->root, "steps"), i)); i++) {
        struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;
        cc_auto_free char *text = yyjson_val_write(yyjson_obj_get(step, "with"), 0, NULL);

        params.action = play_text(step, "action");
        params.parameters = text;
        assert_true(cloud_action_find(play->provider, params.action, &action));
        if (action.effect != CLOUD_READS || (text && strchr(text, '$')) ||
            *play_text(step, "refused"))
            continue;
        assert_int_equal(cloud_batch_add(batch, play->emulated.client, CLOUD_OP_INVOKE, &params,
                                         NULL, NULL, NULL),
                         CLOUD_OK);
        added++;
    }
    params.action = "unknown action";
    params.parameters = NULL;
    cloud_batch_add(batch, play->emulated.client, CLOUD_OP_INVOKE, &params, &params, NULL, NULL);
    return added;
}

static void test_actions__many_run_in_a_batch(void **state)
{
    (void)state;
    for (size_t i = 0; i < file_count; i++) {
        struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
        struct cloud_batch *batch = NULL;
        struct play play;
        size_t added, answered = 0, refused = 0;

        play_open(&play, files[i], true);
        assert_int_equal(cloud_batch_new(NULL, &batch, NULL), CLOUD_OK);
        added = add_reads(&play, batch);
        while (cloud_batch_left(batch)) {
            cloud_batch_run(batch, 1000);
            while (cloud_batch_next(batch, &done)) {
                answered += !done.code && done.result.json && done.result.reply;
                refused += done.user_data && !strcmp(done.error.parameter, "action");
                cloud_batch_done_clear(&done);
            }
        }
        assert_int_equal(answered, added);
        assert_true(added > 5);
        assert_int_equal(refused, 1);
        cloud_batch_free(batch);
        play_close(&play);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions__the_catalogue_is_complete),
        cmocka_unit_test(test_actions__a_shorter_structure_is_not_overrun),
        cmocka_unit_test(test_actions__the_error_of_an_unknown_one_names_the_nearest),
        cmocka_unit_test(test_actions__many_run_in_a_batch),
        cmocka_unit_test(test_actions__each_takes_fewest_and_all_parameters_in_process),
        cmocka_unit_test(test_actions__each_takes_fewest_and_all_parameters_over_http),
    };

    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    files = argv + 1;
    file_count = (size_t)argc - 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
