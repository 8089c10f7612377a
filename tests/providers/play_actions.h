/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the steps of a file against the emulator. A step invokes an action with the vendor's
 * parameters; a parameter may refer to a value of an earlier reply ("$vm"). The test checks the
 * results.
 */
#ifndef TESTS_PLAY_ACTIONS_H
#define TESTS_PLAY_ACTIONS_H

#include <yyjson.h>

#include "tests/support/emulator_client.h"

struct play {
    struct emulated emulated;
    yyjson_doc *file;
    yyjson_val *root;
    const char *provider;
    yyjson_mut_doc *saved; /* an object: the values that "$name" refers to */
    struct cloud_result result;
    struct cloud_error err;
};

/* Opens the file and a world for its provider. A mistake in the file ends the test. */
void play_open(struct play *play, const char *path, bool http);
void play_close(struct play *play);

/* Returns the step's object @name as JSON text, with references replaced. The caller frees it. */
char *play_parameters(struct play *play, yyjson_val *step, const char *name);
/* Invokes the action and returns the code. The rest is in play->result and play->err. */
int play_invoke(struct play *play, const char *action, const char *parameters);
/* Saves values of the reply's data as the step's "save" says, for example
 * { "vm": "/instanceIds/0" }, and the task id under the name in "save_task". */
void play_save(struct play *play, yyjson_val *step);
/* Sends the step's "world" and "timeline" to the emulator's control API, before the step. */
void play_prepare(struct play *play, yyjson_val *step);
/* Advances the clock by the step's "advance" in seconds, after the step. */
void play_advance(struct play *play, yyjson_val *step);
/* Returns a text of the step, "" when there is none. */
const char *play_text(yyjson_val *step, const char *name);

#endif
