/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope of answers, the password policy and the words that CapitalOnline's products share.
 */
#include "providers/capitalonline/capitalonline.h"

#include <string.h>

/* "", "0" and 0 mean that there is nothing to follow */
static const char *task_id_of(const struct cc_value *value)
{
    const char *text = cc_value_text(value);

    return text && *text && strcmp(text, "0") ? text : NULL;
}

/*
 * The answers have no common form, so every spelling that the documents print is read. Success
 * needs both HTTP 200 and the code "success". A task id is TaskId (CCS), Data.EventId (ECS, EBS),
 * or, for CCS ResetInstancesPassword, the TaskId of an element of Data.
 */
void capitalonline_envelope(const struct cc_value *root, int http_status, struct cc_envelope *ret)
{
    const char *task;

    ret->code = cc_value_text(cc_value_find(root, "Code"));
    ret->message = cc_value_text(cc_value_find(root, "Msg|Message|Desc|CodeMsg"));
    ret->request_id = cc_value_text(cc_value_find(root, "RequestId"));
    ret->data = cc_value_find(root, "Data");
    ret->failed = http_status != 200 || !ret->code || cc_ascii_casecmp(ret->code, "success") != 0;
    if (ret->failed)
        return;
    task = task_id_of(cc_value_find(root, "TaskId"));
    if (!task)
        task = task_id_of(cc_value_find(ret->data, "EventId"));
    ret->task_id = task ? task : task_id_of(cc_value_find(ret->data, "0.TaskId"));
}

const struct cc_word capitalonline_on_off[] = {
    { "1", CLOUD_YES, NULL },
    { "0", CLOUD_NO, NULL },
    { 0 },
};

/*
 * ECS: an example of the vendor's Go SDK. CCS documents no policy; the passwords in its examples
 * obey this one. A password that is refused here has bought nothing.
 */
const struct cc_password_policy capitalonline_password = {
    .min = 8,
    .max = 30,
    .classes = 3,
    .specials = "()`~!@#$%^&*-+=_|{}[]:;,.?/",
};
