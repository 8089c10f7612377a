/* SPDX-License-Identifier: Apache-2.0 */
/* Names the states of an entry, as they are stored and shown. */
#include "journal/journal.h"

static const char *const state_names[] = { "intent", "sent", "applied", "not_applied", "unknown" };
_Static_assert(CC_COUNT(state_names) == CLOUD_JOURNAL__COUNT, "a name for every state");

const char *cloud_journal_state_name(enum cloud_journal_state state)
{
    return (unsigned)state < CLOUD_JOURNAL__COUNT ? state_names[state] : NULL;
}
