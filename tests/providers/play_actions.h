/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps that stand in a file, played against the emulator: actions in the vendor's words, whose
 * parameters may name what earlier answers said ("$vm"). What must hold of a step is for the test
 * to say.
 */
#ifndef TEST_ACTIONS_PLAY_H
#define TEST_ACTIONS_PLAY_H

#include <yyjson.h>

#include "tests/support/emulator_client.h"

struct play {
    struct emulated emulated;
    yyjson_doc *file;
    yyjson_val *root;
    const char *provider;
    yyjson_mut_doc *saved; /* an object: what "$name" stands for */
    struct cloud_result result;
    struct cloud_error err;
};

/* Opens the file and a world for its provider; a mistake in the file ends the test. */
void play_open(struct play *play, const char *path, bool http);
void play_close(struct play *play);

/* The step's object @name as JSON text, names put in; the caller frees it. */
char *play_parameters(struct play *play, yyjson_val *step, const char *name);
/* Invokes the action; the code, with the rest in play->result and play->err. */
int play_invoke(struct play *play, const char *action, const char *parameters);
/* Keeps what the step's "save" says, { "vm": "/instanceIds/0" }, of the answer's data, and its task
 * as "save_task". */
void play_save(struct play *play, yyjson_val *step);
/* "advance": seconds that pass behind the step; "world", "timeline": what is told to the emulator
 * before it. */
void play_prepare(struct play *play, yyjson_val *step);
void play_advance(struct play *play, yyjson_val *step);
/* "" when the step has no such text */
const char *play_text(yyjson_val *step, const char *name);

#endif
