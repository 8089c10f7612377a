/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files that hold one secret: file:PATH of clouds.yaml, and --password-file of cloudctl. */
#include "core/config/secret_file.h"

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/file.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

static const char byte_order_mark[] = "\xef\xbb\xbf";

int cc_secret_file_read(const char *path, char **ret_text, struct cloud_error *err)
{
    struct cloud_error why = { 0 };
    char *text = cc_file_read_trusted(path, SECRET_FILE_MAX, CC_FILE_SECRET, &why);
    size_t mark, len;
    int r = CLOUD_OK;

    if (!text)
        return cc_fail(err, why.code, "%s", why.message);
    mark = strncmp(text, byte_order_mark, 3) == 0 ? 3 : 0;
    len = strcspn(text + mark, "\r\n");
    if (len == 0)
        r = cc_fail(err, CLOUD_EINVAL, "the first line is empty");
    else if (!(*ret_text = strndup(text + mark, len)))
        r = cc_fail(err, CLOUD_ENOMEM, "out of memory");
    cc_free_secret(text);
    return r;
}

int cloud_secret_read(const char *path, char **ret_secret, struct cloud_error *err)
{
    struct cloud_error why = { 0 };
    int r = cc_need(ret_secret, "ret_secret", err);

    if (r)
        return r;
    cc_error_clear(err);
    if (!path || !*path)
        return cc_fail_param(err, "path", "no path of a secret file was given");
    r = cc_secret_file_read(path, ret_secret, &why);
    if (r == CLOUD_EINVAL)
        return cc_fail(err, CLOUD_ECONFIG,
                       "the first line of %.300s is empty; write the value there", path);
    return r == CLOUD_OK ? r : cc_fail(err, r, "%.300s %s", path, why.message);
}
