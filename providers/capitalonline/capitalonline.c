/* SPDX-License-Identifier: Apache-2.0 */
/* What CapitalOnline's products share. Their answers follow no one form: every spelling seen in the
 * documents is read. */
#include "providers/capitalonline/capitalonline.h"

#include <string.h>
#include <strings.h>

/* "", "0" and 0 mean that there is nothing to follow */
static const char *task_of(const struct cc_value *value)
{
    const char *text = cc_value_text(value);

    return text && *text && strcmp(text, "0") ? text : NULL;
}

void capitalonline_envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret)
{
    const char *task;

    ret->code = cc_value_text(cc_value_find(root, "Code"));
    ret->message = cc_value_text(cc_value_find(root, "Msg|Message|Desc|CodeMsg"));
    ret->request_id = cc_value_text(cc_value_find(root, "RequestId"));
    ret->data = cc_value_find(root, "Data");
    ret->failed = http_status != 200 || !ret->code || strcasecmp(ret->code, "success") != 0;
    if (ret->failed)
        return;
    task = task_of(cc_value_find(root, "TaskId"));
    if (!task)
        task = task_of(cc_value_find(ret->data, "EventId"));
    /* CCS ResetInstancesPassword: one in each element of a list */
    ret->task_id = task ? task : task_of(cc_value_find(ret->data, "0.TaskId"));
}

const struct cc_word capitalonline_on_off[] = { { "1", CLOUD_YES, NULL },
                                                { "0", CLOUD_NO, NULL },
                                                { 0 } };

/* ECS: the Go SDK's example; CCS documents none, but its examples keep the same rule */
const struct cc_password_policy capitalonline_password = {
    .min = 8,
    .max = 30,
    .classes = 3,
    .specials = "()`~!@#$%^&*-+=_|{}[]:;,.?/",
};
