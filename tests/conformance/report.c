/* SPDX-License-Identifier: Apache-2.0 */
/* Begins and ends cases, and reports them as text, as JUnit XML and as JSON. Knows nothing of
 * clouds.
 */
#include "tests/conformance/kit.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "cli/cli.h"

static const char *const verdicts[] = { "passed", "failed", "skipped" };

static int64_t now_us(void)
{
    struct timeval now;

    gettimeofday(&now, NULL);
    return (int64_t)now.tv_sec * 1000000 + now.tv_usec;
}

static char *format_text(const char *format, va_list args)
{
    char *text;

    return ctl_checked(vasprintf(&text, format, args) < 0 ? NULL : text);
}

/* --only takes an id, a pattern, or the part of an id before the slash. */
static bool is_selected(const char *only, const char *id)
{
    size_t length = only ? strlen(only) : 0;

    if (!only || !strcmp(only, id) || !fnmatch(only, id, 0))
        return true;
    return !strncmp(only, id, length) && id[length] == '/';
}

bool kit_begin(struct kit *kit, const char *must, const char *why, const char *id, ...)
{
    struct kit_case *made;
    va_list args;
    char *text;

    va_start(args, id);
    text = format_text(id, args);
    va_end(args);
    if (!is_selected(kit->options.only, text)) {
        free(text);
        return false;
    }
    if (kit->options.list) {
        printf("%-44s %s\n%-44s   because %s\n", text, must, "", why);
        free(text);
        return false;
    }
    made = ctl_alloc(sizeof(*made));
    made->id = text;
    made->must = must;
    made->why = why;
    if (kit->run->last)
        kit->run->last->next = made;
    else
        kit->run->first = made;
    kit->run->last = kit->current = made;
    kit->began_us = now_us();
    kit_proxy_reset();
    return true;
}

static void set_verdict(struct kit *kit, enum kit_verdict verdict, char *reason)
{
    struct kit_case *open = kit->current;

    if (!open || open->verdict == KIT_FAILED || (open->verdict == verdict && open->reason)) {
        free(reason);
        return;
    }
    free(open->reason);
    open->verdict = verdict;
    open->reason = reason;
    ctl_clean(reason, true);
}

void kit_fail(struct kit *kit, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_verdict(kit, KIT_FAILED, format_text(format, args));
    va_end(args);
}

void kit_skip(struct kit *kit, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_verdict(kit, KIT_SKIPPED, format_text(format, args));
    va_end(args);
}

void kit_end(struct kit *kit)
{
    struct kit_case *open = kit->current;

    open->ms = (double)(now_us() - kit->began_us) / 1000;
    kit->run->counts[open->verdict]++;
    kit->current = NULL;
    kit_proxy_reset();
    if (open->verdict == KIT_FAILED)
        printf("FAILED  %s: %s\n        must hold: %s\n        why: %s\n        seen: %s\n",
               kit->run->cloud, open->id, open->must, open->why, open->reason);
    else if (kit->options.verbose)
        printf("%-7s %s: %s%s%s\n", verdicts[open->verdict], kit->run->cloud, open->id,
               open->reason ? ": " : "", open->reason ? open->reason : "");
    fflush(stdout);
}

struct kit_run *kit_run_new(struct kit *kit, const char *cloud, const char *provider)
{
    struct kit_run *made = ctl_alloc(sizeof(*made)), **end = &kit->runs;

    made->cloud = ctl_strdup(cloud);
    made->provider = ctl_strdup(provider);
    while (*end)
        end = &(*end)->next;
    *end = made;
    kit->run = made;
    return made;
}

void kit_report_people(const struct kit *kit)
{
    for (const struct kit_run *run = kit->runs; run; run = run->next) {
        printf("%s (%s): %zu passed, %zu failed, %zu skipped\n", run->cloud, run->provider,
               run->counts[KIT_PASSED], run->counts[KIT_FAILED], run->counts[KIT_SKIPPED]);
        for (const struct kit_case *c = run->first; c; c = c->next) {
            if (c->verdict == KIT_SKIPPED && !kit->options.verbose)
                printf("  skipped %s: %s\n", c->id, c->reason);
        }
    }
}

static void put_escaped(FILE *file, const char *text)
{
    for (; text && *text; text++) {
        const char *entity = *text == '&'   ? "&amp;"
                             : *text == '<' ? "&lt;"
                             : *text == '>' ? "&gt;"
                             : *text == '"' ? "&quot;"
                                            : NULL;

        if (entity)
            fputs(entity, file);
        else
            fputc(*text, file);
    }
}

static void put_attribute(FILE *file, const char *name, const char *text)
{
    fprintf(file, " %s=\"", name);
    put_escaped(file, text);
    fputc('"', file);
}

static void put_junit_case(FILE *file, const struct kit_run *run, const struct kit_case *c)
{
    fputs("    <testcase", file);
    put_attribute(file, "classname", run->provider);
    put_attribute(file, "name", c->id);
    fprintf(file, " time=\"%.6f\">\n      <properties><property name=\"must\"", c->ms / 1000);
    put_attribute(file, "value", c->must);
    fputs("/><property name=\"why\"", file);
    put_attribute(file, "value", c->why);
    fputs("/></properties>\n", file);
    if (c->verdict != KIT_PASSED) {
        fprintf(file, "      <%s", c->verdict == KIT_FAILED ? "failure" : "skipped");
        put_attribute(file, "message", c->reason);
        fputs("/>\n", file);
    }
    fputs("    </testcase>\n", file);
}

static int finish(FILE *file)
{
    int bad = ferror(file);

    return fclose(file) || bad ? -1 : 0;
}

int kit_report_junit(const struct kit *kit, const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        return -1;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cloud-conformance\">\n",
          file);
    for (const struct kit_run *run = kit->runs; run; run = run->next) {
        fputs("  <testsuite", file);
        put_attribute(file, "name", run->cloud);
        fprintf(file, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                run->counts[0] + run->counts[1] + run->counts[2], run->counts[KIT_FAILED],
                run->counts[KIT_SKIPPED]);
        for (const struct kit_case *c = run->first; c; c = c->next)
            put_junit_case(file, run, c);
        fputs("  </testsuite>\n", file);
    }
    fputs("</testsuites>\n", file);
    return finish(file);
}

static void add_case(yyjson_mut_doc *doc, yyjson_mut_val *cases, const struct kit_case *c)
{
    yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, cases);

    yyjson_mut_obj_add_str(doc, one, "id", c->id);
    yyjson_mut_obj_add_str(doc, one, "must", c->must);
    yyjson_mut_obj_add_str(doc, one, "why", c->why);
    yyjson_mut_obj_add_str(doc, one, "verdict", verdicts[c->verdict]);
    if (c->reason)
        yyjson_mut_obj_add_str(doc, one, "reason", c->reason);
    else
        yyjson_mut_obj_add_null(doc, one, "reason");
    yyjson_mut_obj_add_real(doc, one, "ms", c->ms);
}

int kit_report_json(const struct kit *kit, const char *path)
{
    yyjson_mut_doc *doc = ctl_checked(yyjson_mut_doc_new(NULL));
    yyjson_mut_val *root = yyjson_mut_obj(doc), *clouds;
    ctl_auto_free char *text = NULL;
    FILE *file = fopen(path, "w");

    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_str(doc, root, "version", cloud_version());
    clouds = yyjson_mut_obj_add_arr(doc, root, "clouds");
    for (const struct kit_run *run = kit->runs; run; run = run->next) {
        yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, clouds);

        yyjson_mut_obj_add_str(doc, one, "cloud", run->cloud);
        yyjson_mut_obj_add_str(doc, one, "provider", run->provider);
        for (size_t i = 0; i < KIT_COUNT(verdicts); i++)
            yyjson_mut_obj_add_uint(doc, one, verdicts[i], run->counts[i]);
        yyjson_mut_val *cases = yyjson_mut_obj_add_arr(doc, one, "cases");
        for (const struct kit_case *c = run->first; c; c = c->next)
            add_case(doc, cases, c);
    }
    text = ctl_checked(
        yyjson_mut_write(doc, YYJSON_WRITE_PRETTY_TWO_SPACES | YYJSON_WRITE_NEWLINE_AT_END, NULL));
    yyjson_mut_doc_free(doc);
    if (!file)
        return -1;
    fputs(text, file);
    return finish(file);
}

void kit_report_free(struct kit *kit)
{
    while (kit->runs) {
        struct kit_run *run = kit->runs;

        kit->runs = run->next;
        while (run->first) {
            struct kit_case *c = run->first;

            run->first = c->next;
            free(c->id);
            free(c->reason);
            free(c);
        }
        free(run->cloud);
        free(run->provider);
        free(run);
    }
}
