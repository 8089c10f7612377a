/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes whole calls with broken replies. Each call ends in an error with a message, or in a result
 * all of whose members can be read. With libFuzzer (-fsanitize=fuzzer -DCC_LIBFUZZER) it explores.
 * Otherwise it mutates the replies of the exchange files given, in the same way in every run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/result_fields.h"
#include "core/base/file.h"
#include "tests/support/fake_transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum cloud_op ops[] = {
    CLOUD_OP_DESCRIBE_INSTANCES,
    CLOUD_OP_DESCRIBE_INSTANCE,
    CLOUD_OP_DESCRIBE_DISKS,
    CLOUD_OP_DESCRIBE_INSTANCE_TYPES,
    CLOUD_OP_DESCRIBE_IMAGES,
    CLOUD_OP_DESCRIBE_PRICE,
    CLOUD_OP_DESCRIBE_RENEW_PRICE,
    CLOUD_OP_CREATE_INSTANCE,
    CLOUD_OP_CREATE_INSTANCE_DRY_RUN,
    CLOUD_OP_RENEW_INSTANCE,
    CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL,
    CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION,
    CLOUD_OP_UPGRADE_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE,
    CLOUD_OP_DESCRIBE_TASK,
    CLOUD_OP_INVOKE,
    CLOUD_OP_START_INSTANCE,
};

/* Reads every member to its end, so that a sanitizer reports invalid memory. */
static size_t read_all(const struct ctl_type *type, const void *object)
{
    size_t seen = 0;

    for (const struct ctl_field *field = type->fields; field->name; field++) {
        if (ctl_field_is_empty(field, object))
            continue;
        if (field->kind == CTL_LIST) {
            for (size_t i = 0; i < ctl_count_at(field, object); i++)
                seen += read_all(field->type, (const char *)ctl_pointer_at(field, object) +
                                                  i * field->type->size);
        } else if (field->kind == CTL_OBJECT) {
            seen += read_all(field->type, (const char *)object + field->at);
        } else {
            char *text = ctl_field_text(field, object);

            seen += strlen(text);
            free(text);
        }
    }
    return seen;
}

static struct cloud_params params_of(enum cloud_op op)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    struct cloud_params p = CLOUD_PARAMS_INIT;

    if ((info->required | info->optional) & (UINT64_C(1) << CLOUD_PARAM_INSTANCE_ID))
        p.instance_id = "i-eumm2p9qw1";
    if ((info->required | info->optional) & (UINT64_C(1) << CLOUD_PARAM_PERIOD))
        p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    if (op == CLOUD_OP_CREATE_INSTANCE || op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN ||
        op == CLOUD_OP_DESCRIBE_PRICE) {
        p.zone = "cn-north-1a";
        p.cpu = 1; /* the instance type is looked up first */
        p.memory_gb = 4;
        p.image_id = "img-1";
        p.system_disk_gb = 40;
    }
    if (op == CLOUD_OP_CREATE_INSTANCE || op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN) {
        p.name = "web-1";
        p.subnet_id = "subnet-1";
    }
    if (op == CLOUD_OP_UPGRADE_INSTANCE)
        p.system_disk_gb = 100;
    if (op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE)
        p.auto_renew = CLOUD_YES;
    p.action = op == CLOUD_OP_INVOKE ? "describeInstances" : NULL;
    return p;
}

/* Makes one call in which all replies are the same text. */
static void call(struct fake *script, enum cloud_op op, int status, const char *text, size_t size)
{
    struct fake_reply replies[6];
    struct cloud_params params = params_of(op);
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    int rc;

    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = (struct fake_reply){ .status = status, .body = text, .len = size };
    fake_play(script, replies, CC_COUNT(replies));
    script->client->retry_budget = 10000;
    rc = cloud_call(script->client, op, &params, &result, &err);
    if (rc && (!*err.message || err.code != rc ||
               (result.storage && op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)))
        abort();
    if (!rc && cloud_op_info(op)->effect != CLOUD_READS && err.outcome != CLOUD_APPLIED)
        abort();
    read_all(&ctl_result_type, &result);
    cloud_result_clear(&result);
}

static void call_any(struct fake *script, uint32_t which, const char *text, size_t size)
{
    static const int statuses[] = { 200, 200, 200, 200, 400, 429, 500 };

    script->log[0] = '\0';
    call(script, ops[which % CC_COUNT(ops)], statuses[which / 32 % CC_COUNT(statuses)], text, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fake script;

    if (size < 2)
        return 0;
    if (!script.client)
        fake_open(&script, "jdcloud", NULL);
    call_any(&script, data[0], (const char *)data + 1, size - 1);
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

/* Truncates the text, changes bytes, moves or doubles pieces, and puts values that are difficult
 * for JSON readers in place of others. */
static size_t mutate(uint32_t *state, char *text, size_t size, size_t capacity)
{
    static const char *const likely[] = {
        "null", "-1",   "1e999",       "99999999999999999999", "{}", "[]", "\"\"",
        "true", "0.1",  "\"\\u0000\"", "[[[[[[[[[[",           ",",  "}",  "]",
        ":",    "\xff", "\xed\xa0\x80"
    };

    for (uint32_t n = draw(state) % 3; size && n > 0; n--) {
        size_t at = draw(state) % size, other = draw(state) % size, len = draw(state) % 24;
        const char *word = likely[draw(state) % CC_COUNT(likely)];

        switch (draw(state) % 4) {
        case 0: text[at] = (char)draw(state); break;
        case 1: /* replaces the next value */
            while (at + 1 < size && text[at] != ':')
                at++;
            for (size_t i = 0; word[i] && at + 1 + i < size; i++)
                text[at + 1 + i] = word[i];
            break;
        case 2:
            len = at + len > size ? size - at : len;
            len = other + len > size ? size - other : len;
            memmove(text + other, text + at, len);
            break;
        default:
            len = size + len > capacity ? capacity - size : len;
            len = at + len > size ? size - at : len;
            memmove(text + at + len, text + at, size - at);
            size += len;
        }
    }
    return draw(state) % 8 ? size : draw(state) % (size + 1);
}

/* Calls with each reply of an exchange file, mutated @rounds times. Returns the number of calls. */
static long mutate_file(struct fake *script, const char *path, long rounds, uint32_t *state)
{
    cc_auto_free char *file = cc_file_read(path, 1 << 20);
    char *at = file;
    long calls = 0;

    if (!file)
        abort();
    while ((at = strstr(at, "\n--- reply "))) {
        char *body = strchr(at + 1, '\n'), *end = body ? strstr(body, "\n--- ") : NULL;

        if (!body || !end || end == body)
            break;
        for (long i = 0; i < rounds; i++) {
            size_t size = (size_t)(end - body - 1), capacity = size + 64;
            cc_auto_free char *text = malloc(capacity);

            if (!text)
                abort();
            memcpy(text, body + 1, size);
            size = i ? mutate(state, text, size, capacity) : size;
            if (!size)
                continue; /* a length of 0 means "to the end of the string" */
            call_any(script, draw(state), text, size);
            calls++;
        }
        at = end;
    }
    return calls;
}

int main(int argc, char **argv)
{
    static struct fake script;
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0, calls = 0;
    uint32_t state = 2463534242U;

    fake_open(&script, "jdcloud", NULL);
    for (int i = 2; i < argc; i++)
        calls += mutate_file(&script, argv[i], rounds, &state);
    fake_close(&script);
    printf("%ld replies read\n", calls);
    return calls ? 0 : 1;
}
#endif
