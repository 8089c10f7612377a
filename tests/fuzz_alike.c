/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings read by what their elements differ in, beside the same text read whole: both must take
 * it or refuse it with the same words, hold the same values in the same order, and become the same
 * result. The listings are made up, of many shapes, and then spoilt, the same way in every run, as
 * many as the first argument says. With libFuzzer (-fsanitize=fuzzer -DCC_LIBFUZZER) it explores.
 */
#include <stdint.h>
#include <stdio.h>

#include "cli/result_fields.h"
#include "core/base/error.h"
#include "core/json/json.h"
#include "core/base/memory.h"
#include "core/model/provider.h"
#include "core/engine/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long alike_lists;

/* everything that a value holds, in order */
static void tell_value(struct cc_buf *out, const struct cc_value *value)
{
    struct cc_iter each = { .container = value };
    const char *text = cc_value_text(value), *name;
    const struct cc_value *item;

    cc_buf_printf(out, "%d %zu %s\n", (int)cc_value_kind(value), cc_value_count(value),
                  text ? text : "-");
    alike_lists += value && cc_value_is_alike(value);
    while ((item = cc_iter_next(&each, &name))) {
        cc_buf_printf(out, "%s=", name ? name : "");
        tell_value(out, item);
    }
}

/* every member of a result */
static void tell_object(struct cc_buf *out, const struct ctl_type *type, const void *object)
{
    for (const struct ctl_field *field = type->fields; field->name; field++) {
        if (ctl_field_is_empty(field, object))
            continue;
        cc_buf_printf(out, "%s=", field->name);
        if (field->kind == CTL_LIST) {
            for (size_t i = 0; i < ctl_count_at(field, object); i++)
                tell_object(out, field->type,
                            (const char *)ctl_pointer_at(field, object) + i * field->type->size);
        } else if (field->kind == CTL_OBJECT) {
            tell_object(out, field->type, (const char *)object + field->at);
        } else {
            cc_auto_free char *text = ctl_field_text(field, object);

            cc_buf_printf(out, "%s\n", text);
        }
    }
}

static void tell_result(struct cc_buf *out, struct cc_arena *arena, const struct cc_value *root)
{
    const struct cloud_provider *provider = cc_provider_find("jdcloud");
    const struct cc_step *step = &provider->ops[CLOUD_OP_DESCRIBE_INSTANCES].steps[0];
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    int rc =
        cc_fields_read(provider, step->fields, cc_value_find(root, "result"), &result, arena, &err);

    cc_buf_printf(out, "%d %s\n", rc, rc ? err.message : "");
    if (!rc)
        tell_object(out, &ctl_result_type, &result);
}

static void read_text(struct cc_json_memory *memory, const uint8_t *data, size_t size, bool alike,
                      struct cc_buf *out)
{
    /* of exactly the size that is promised, so that a sanitizer sees every byte beyond */
    cc_auto_free char *text = malloc(size + CC_JSON_PADDING);
    struct cc_arena *arena = cc_arena_new();
    struct cloud_error err = { 0 };
    struct cc_doc *doc;

    if (!text || !arena)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    memset(text + size, 0, CC_JSON_PADDING);
    if (cc_doc_parse_answer(memory, alike ? arena : NULL, text, size, &doc, &err)) {
        cc_buf_printf(out, "%d %s\n", err.code, err.message);
    } else {
        tell_result(out, arena,
                    cc_doc_root(doc)); /* twice, as elements of such a list are met again */
        tell_value(out, cc_doc_root(doc));
        tell_result(out, arena, cc_doc_root(doc));
    }
    cc_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cc_json_memory *memory;
    cc_auto_buf struct cc_buf whole = { 0 }, parts = { 0 };

    if (!memory && !(memory = cc_json_memory_new()))
        abort();
    read_text(memory, data, size, false, &whole);
    read_text(memory, data, size, true, &parts);
    if (whole.failed || parts.failed || strcmp(cc_buf_text(&whole), cc_buf_text(&parts)) != 0) {
        fprintf(stderr, "text: %.*s\nwhole:\n%s\nby its elements:\n%s\n", (int)size,
                (const char *)data, cc_buf_text(&whole), cc_buf_text(&parts));
        abort();
    }
    return 0;
}

#ifndef CC_LIBFUZZER
static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#define PICK(state, list) ((list)[draw(state) % CC_COUNT(list)])

/* a member in one of its spellings; most have the one they always have */
static void write_member(struct cc_buf *out, uint32_t *state, const char *name,
                         const char *const *values, size_t count)
{
    if (draw(state) % 24 == 0)
        return;
    cc_buf_printf(out, "%s\"%s\":%s", out->data[out->len - 1] == '{' ? "" : ",", name,
                  values[draw(state) % 3 ? 0 : draw(state) % count]);
}

#define MEMBER(name, ...) \
    do { \
        static const char *const values[] = { __VA_ARGS__ }; \
        write_member(out, state, name, values, CC_COUNT(values)); \
    } while (0)

static void write_disk(struct cc_buf *out, uint32_t *state)
{
    cc_buf_puts(out, "{");
    MEMBER("status", "\"attached\"", "\"detaching\"", "\"\"", "null");
    MEMBER("autoDelete", "true", "false", "\"true\"");
    MEMBER("cloudDisk",
           "{\"diskId\":\"vol-1\",\"diskSizeGB\":40,\"charge\":{\"chargeMode\":\"postpaid_by_"
           "usage\"}}",
           "{\"diskId\":\"vol-22\",\"diskSizeGB\":500,\"charge\":{\"chargeMode\":\"prepaid_by_"
           "duration\"}}",
           "{\"diskId\":\"\",\"diskSizeGB\":-0.0,\"charge\":{\"chargeMode\":\"?\"}}", "null", "{}");
    cc_buf_puts(out, "}");
}

/* what is a number or a string nearly, seldom enough that most listings have none */
static const char *seldom(uint32_t *state, const char *otherwise)
{
    static const char *const odd[] = { "01",
                                       "1.",
                                       ".5",
                                       "-",
                                       "-01",
                                       "1e",
                                       "1e+",
                                       "+1",
                                       "0x1",
                                       "1.5E-3",
                                       "-0",
                                       "00.5",
                                       "1.e1",
                                       "tru",
                                       "falsey",
                                       "falsy",
                                       "nul",
                                       "\"a\tb\"",
                                       "\"a\x01 and more than sixteen bytes\"",
                                       "\"a\x1f\"",
                                       "\"sixteen bytes be\x0b\"",
                                       "\"a\\\"",
                                       "\"\\x\"",
                                       "\"\x7f\"",
                                       "'a'" };

    return (draw(state) >> 7) % 151 ? otherwise : odd[(draw(state) >> 11) % CC_COUNT(odd)];
}

static void write_instance(struct cc_buf *out, uint32_t *state)
{
    uint32_t disks = draw(state) % 8;

    cc_buf_puts(out, "{");
    cc_buf_printf(out, "\"number\":%s,\"text\":%s,\"ebs\":%s", seldom(state, "1"),
                  seldom(state, "\"x\""), seldom(state, draw(state) % 2 ? "true" : "false"));
    MEMBER("instanceId", "\"i-1\"", "\"i-2\"", "\"i-\\u00e9\"", "\"i-\\u0000\"",
           "\"i-333333333333\"");
    MEMBER("instanceName", "\"web\"", "\"\xe4\xb8\xad\"", "\"a\\\"b\"", "\"\"", "null", "\"\xff\"");
    MEMBER("status", "\"running\"", "\"stopped\"", "\"error\"", "\"Running\"", "\"\"");
    MEMBER("launchTime", "\"2026-01-02 03:04:05\"", "\"2027-05-06 07:08:09\"", "\"\"", "\"soon\"");
    MEMBER("Az", "\"cn-north-1a\"", "1", "1.5e3", "true");
    MEMBER("az", "\"cn-north-1b\"", "\"cn-north-1c\"", "0", "false");
    MEMBER(
        "charge",
        "{\"chargeMode\":\"prepaid_by_duration\",\"chargeExpiredTime\":\"2026-12-02T03:04:05Z\"}",
        "{\"chargeMode\":\"prepaid_by_duration\",\"chargeExpiredTime\":\"2028-12-02T03:04:05Z\"}",
        "{\"chargeMode\":\"postpaid_by_usage\",\"chargeExpiredTime\":\"\"}", "null");
    MEMBER("systemDisk", "{\"status\":\"attached\",\"cloudDisk\":{\"diskSizeGB\":40,\"iops\":1}}",
           "{\"status\":\"detached\",\"cloudDisk\":{\"diskSizeGB\":\"80\",\"iops\":22}}", "{}");
    MEMBER("tags", "[{\"key\":\"a\",\"value\":\"b\"}]", "[{\"key\":\"c\",\"value\":\"\"}]", "[]",
           "[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"a\",\"value\":\"e\"}]");
    MEMBER("keyNames", "[\"ops\"]", "[\"dev\"]", "[]", "\"one\"", "[\"a\",\"b\"]");
    MEMBER("chargeOnStopped", "\"keepCharging\"", "\"stopCharging\"");
    cc_buf_puts(out, out->data[out->len - 1] == '{' ? "\"dataDisks\":[" : ",\"dataDisks\":[");
    for (uint32_t i = 0; i < (disks < 5 ? 1 : disks - 5); i++) {
        cc_buf_puts(out, i ? "," : "");
        write_disk(out, state);
    }
    cc_buf_puts(out, "]}");
}

static void write_listing(struct cc_buf *out, uint32_t *state)
{
    static const char *const gaps[] = { ",", ",", ",", ",", ",\n", " , " };
    static const char *const ends[] = { "]",  "]",  "]",      "]",    "]",   "]",    "]",
                                        " ]", ",]", ",null]", ",{}]", ",1]", ",[]]", "}" };
    uint32_t count = draw(state) % 12;

    cc_buf_puts(out, "{\"requestId\":\"r\",\"result\":{\"instances\":[");
    for (uint32_t i = 0; i < count; i++) {
        cc_buf_puts(out, i ? PICK(state, gaps) : "");
        write_instance(out, state);
    }
    cc_buf_puts_all(out, PICK(state, ends), ",\"totalCount\":7}}", NULL);
}

/* bytes changed, moved or lost, and what JSON's readers stumble over put in their place */
static size_t spoil(uint32_t *state, char *text, size_t size)
{
    static const char likely[] = "{}[]\",:\\u0019.eE-+tfn\xff\xe4\x80 \n\x01";
    static const char *const words[] = { "null", "true", "false", "-1",  "1e9",  "01",
                                         "{}",   "[{",   "\"\"",  "},{", "\\\"", "]" };
    size_t at = draw(state) % size, other = draw(state) % size;
    const char *word = PICK(state, words);

    switch (draw(state) % 5) {
    case 0: text[at] = likely[draw(state) % (sizeof(likely) - 1)]; return size;
    case 1: text[at] = text[other]; return size;
    case 2: memmove(text + at, text + at + 1, size - at - 1); return size - 1;
    case 3:
        if (at + strlen(word) <= size)
            memcpy(text + at, word, strlen(word));
        return size;
    default: return draw(state) % 16 ? size : at + 1;
    }
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
    uint32_t state = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 2463534242U;

    for (long i = 0; i < rounds; i++) {
        cc_auto_buf struct cc_buf text = { 0 };
        size_t size;

        write_listing(&text, &state);
        size = text.len;
        for (uint32_t n = draw(&state) % 4; n > 0 && size > 1; n--)
            size = spoil(&state, text.data, size);
        LLVMFuzzerTestOneInput((const uint8_t *)text.data, size);
    }
    printf("%ld texts read, %lu of them by their elements\n", rounds, alike_lists);
    return alike_lists > (unsigned long)rounds / 4 ? 0 : 1;
}
#endif
