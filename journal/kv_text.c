/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes and reads named values as text, one line "name=value" each: the parameters of an
 * operation, and the observation before it. A secret is written as a digest with the store's own
 * key, so equal secrets can be recognised but not read.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

#define DIGEST "hmac-sha256:"

void cc_kv_add(struct cc_buf *kv, const char *name, const char *value)
{
    cc_buf_puts_all(kv, name, "=", NULL);
    for (; *value; value++) {
        if (*value == '\n' || *value == '\\')
            cc_buf_putc(kv, '\\');
        cc_buf_putc(kv, *value == '\n' ? 'n' : *value);
    }
    cc_buf_putc(kv, '\n');
}

void cc_kv_add_number(struct cc_buf *kv, const char *name, int64_t value)
{
    cc_buf_printf(kv, "%s=%" PRId64 "\n", name, value);
}

static char *unescaped(struct cc_arena *arena, const char *value, size_t len)
{
    char *ret = cc_arena_strndup(arena, value, len), *to = ret;

    for (size_t i = 0; ret && i < len; i++) {
        bool escaped = value[i] == '\\' && i + 1 < len;

        i += escaped;
        *to++ = escaped && value[i] == 'n' ? '\n' : value[i];
    }
    if (ret)
        *to = '\0';
    return ret;
}

static const char *find(const char *kv, const char *name, size_t n)
{
    for (const char *at = kv; *at; at += strcspn(at, "\n") + 1) {
        if (strncmp(at, name, strlen(name)) == 0 && n-- == 0)
            return at;
    }
    return NULL;
}

const char *cc_kv_find(struct cc_arena *arena, const char *kv, const char *name, size_t n,
                       const char **ret_rest)
{
    const char *line = find(kv, name, n), *equals = line ? strchr(line, '=') : NULL;

    if (!equals)
        return NULL;
    if (ret_rest)
        *ret_rest =
            cc_arena_strndup(arena, line + strlen(name), (size_t)(equals - line) - strlen(name));
    else if ((size_t)(equals - line) != strlen(name))
        return cc_kv_find(arena, kv, name, n + 1, NULL);
    return unescaped(arena, equals + 1, strcspn(equals + 1, "\n"));
}

int64_t cc_kv_number(const char *kv, const char *name)
{
    char begin[64];
    const char *line;

    snprintf(begin, sizeof(begin), "%s=", name);
    line = find(kv, begin, 0);
    return line ? strtoll(line + strlen(begin), NULL, 10) : 0;
}

/* Preconditions are not part of what is bought. The key itself is a column of the entry. */
static bool is_precondition(const char *name)
{
    return strcmp(name, "max_charge") == 0 || strcmp(name, "if_expiry") == 0;
}

static int add_param(const struct cloud_journal *journal, const struct cloud_params *params,
                     const struct cloud_param_info *info, struct cc_buf *kv,
                     struct cloud_error *err)
{
    size_t len = cloud_params_text(params, info->param, NULL, 0);
    char *value = malloc(len + 1);
    char digest[sizeof(DIGEST) + CLOUD_DIGEST_MAX] = DIGEST;
    int rc = CLOUD_OK;

    if (!value)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    cloud_params_text(params, info->param, value, len + 1);
    if (info->secret)
        rc = cloud_digest(journal->secret, value, digest + strlen(DIGEST), err);
    if (!rc)
        cc_kv_add(kv, info->name, info->secret ? digest : value);
    cc_free_secret(value);
    return rc;
}

int cc_params_to_kv(const struct cloud_journal *journal, const struct cloud_params *params,
                    char **ret_kv, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf kv = { 0 };
    int rc = CLOUD_OK;

    for (int i = 0; !rc && i < CLOUD_PARAM__COUNT; i++) {
        if (i != CLOUD_PARAM_OPERATION_KEY && cloud_params_has(params, (enum cloud_param)i))
            rc = add_param(journal, params, cloud_param_info((enum cloud_param)i), &kv, err);
    }
    cc_buf_puts(&kv, "");
    if (!rc && kv.failed)
        rc = cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (rc)
        return rc;
    *ret_kv = kv.data ? cc_buf_take(&kv) : strdup("");
    return *ret_kv ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

int cc_params_from_kv(struct cc_arena *arena, const char *kv, uint64_t mask,
                      struct cloud_params *ret_params, bool *ret_secret, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    *ret_params = (struct cloud_params)CLOUD_PARAMS_INIT;
    *ret_secret = false;
    for (int i = 0; !rc && i < CLOUD_PARAM__COUNT; i++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)i);
        const char *value = mask >> i & 1 ? cc_kv_find(arena, kv, info->name, 0, NULL) : NULL;

        if (value && info->secret)
            *ret_secret = true;
        else if (value)
            rc = cloud_params_set(ret_params, info->param, value, err);
    }
    if (rc)
        cloud_params_clear(ret_params);
    return rc;
}

/* whether the text @b has the line @line, which is part of another text */
static bool has_line(const char *b, const char *line)
{
    size_t len = strcspn(line, "\n") + 1;

    for (; *b; b += strcspn(b, "\n") + 1) {
        if (strncmp(b, line, len) == 0)
            return true;
    }
    return false;
}

const char *cc_params_differ(const char *a, const char *b, char ret_name[64])
{
    const char *sides[2][2] = { { a, b }, { b, a } };

    for (size_t i = 0; i < 2; i++) {
        for (const char *line = sides[i][0]; *line; line += strcspn(line, "\n") + 1) {
            snprintf(ret_name, 64, "%.*s", (int)strcspn(line, "="), line);
            if (!is_precondition(ret_name) && !has_line(sides[i][1], line))
                return ret_name;
        }
    }
    return NULL;
}
