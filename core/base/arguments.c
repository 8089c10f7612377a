/* SPDX-License-Identifier: Apache-2.0 */
/* Checks pointers and sized structures that callers pass to public functions. */
#include "core/base/arguments.h"

#include "include/cloud_batch.h"
#include "include/cloud_journal.h"

#define MAX_SIZE 65536 /* more is not a size, but memory that was not initialised */

static const struct {
    const char *name, *init;
    size_t first; /* size in the first release */
    size_t known; /* size now */
    bool read;    /* by the library, not written */
} kinds[] = {
#define ROW(kind_, name_, init_, type_, last_, read_) \
    [CC_STRUCT_## \
        kind_] = { .name = name_, \
                   .init = init_, \
                   .first = offsetof(struct type_, last_) + sizeof(((struct type_ *)NULL)->last_), \
                   .known = sizeof(struct type_), \
                   .read = read_ }
    ROW(PARAMS, "params", "CLOUD_PARAMS_INIT", cloud_params, expires_at, true),
    ROW(RESULT, "result", "CLOUD_RESULT_INIT", cloud_result, storage, false),
    ROW(CLIENT_OPTIONS, "options", "CLOUD_CLIENT_OPTIONS_INIT", cloud_client_options, rate_limit,
        true),
    ROW(WAIT_OPTIONS, "options", "CLOUD_WAIT_INIT", cloud_wait_options, user_data, true),
    ROW(BATCH_OPTIONS, "options", "CLOUD_BATCH_OPTIONS_INIT", cloud_batch_options, user_data, true),
    ROW(BATCH_CALL, "call", "CLOUD_BATCH_CALL_INIT", cloud_batch_call, stream, true),
    ROW(BATCH_DONE, "done", "CLOUD_BATCH_DONE_INIT", cloud_batch_done, result, false),
    ROW(JOURNAL_OPTIONS, "options", "CLOUD_JOURNAL_OPTIONS_INIT", cloud_journal_options, wait_ms,
        true),
    ROW(ACTION_INFO, "info", "CLOUD_ACTION_INFO_INIT", cloud_action_info, service, false),
    ROW(ACTION_PARAM, "param", "CLOUD_ACTION_PARAM_INIT", cloud_action_param, type, false),
#undef ROW
};

int cc_need(bool given, const char *name, struct cloud_error *err)
{
    return given ? CLOUD_OK : cc_fail_param(err, name, "%s is NULL; it is required", name);
}

static bool has_unknown_members(const void *object, size_t size, size_t known)
{
    const char *bytes = object;

    while (size > known && !bytes[size - 1])
        size--;
    return size > known;
}

int cc_need_struct(enum cc_struct kind, const void *object, struct cloud_error *err)
{
    const char *name = kinds[kind].name, *init = kinds[kind].init;
    size_t size;

    if (!object)
        return cc_need(object, name, err);
    memcpy(&size, object, sizeof(size));
    if (!size)
        return cc_fail_param(err, name, "%s.size is 0: start from %s", name, init);
    if (size < kinds[kind].first || size > MAX_SIZE)
        return cc_fail_param(err, name, "%s.size is %zu, which is no size of it: start from %s",
                             name, size, init);
    if (kinds[kind].read && has_unknown_members(object, size, kinds[kind].known))
        return cc_fail_param(err, name,
                             "%s has members that this library, version %s, does not know: "
                             "install the version that the program was built with",
                             name, cloud_version());
    return CLOUD_OK;
}

void cc_copy_struct(void *ret, size_t size, const void *object)
{
    size_t given;

    memcpy(&given, object, sizeof(given));
    memcpy((char *)ret + sizeof(given), (const char *)object + sizeof(given),
           (given < size ? given : size) - sizeof(given));
}
