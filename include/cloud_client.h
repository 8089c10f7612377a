/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_client: several cloud vendors through one interface.
 *
 * This header includes everything that a billing backend needs. Each subject has a header of its
 * own below cloud_client/, which can also be included alone:
 *
 *   api.h         CLOUD_API and the version of the library
 *   error.h       codes, outcomes, struct cloud_error
 *   money.h       amounts, periods, times
 *   state.h       states, charge modes, flags
 *   operations.h  the list of operations
 *   providers.h   the list of providers, the support of each operation, plug-ins
 *   actions.h     the catalogue of a provider's own actions, for cloud_invoke()
 *   params.h      parameters
 *   result.h      results
 *   client.h      clients and their options
 *   digest.h      fingerprints of operation keys, digests
 *   config.h      clouds.yaml
 *   calls.h       one blocking function for each operation
 *   wait.h        waiting for asynchronous work
 *
 * cloud_batch.h runs many calls at once. cloud_journal.h makes purchases safe to repeat.
 * cloud_emulator.h has emulated vendors for your own tests. cloud_provider.h is for authors of
 * providers.
 *
 * Conventions of all these headers
 * - Errors: a function that can fail returns CLOUD_OK (0) or a negative enum cloud_code. The last
 *   parameter, a struct cloud_error, receives the details; it may be NULL. Outputs are named ret_
 *   and are written on success only.
 * - NULL: a pointer must not be NULL unless its description allows it. A function that returns a
 *   code then returns CLOUD_EINVAL and err->parameter names the pointer; the others return NULL,
 * "", 0 or false, or do nothing.
 * - Ownership: the library borrows parameters until the call returns. A result owns everything it
 *   points to until cloud_result_clear(). "Static" means: valid until the process ends.
 * - Text: strings are UTF-8 and end with a NUL. Text of a vendor that is not UTF-8 is returned
 *   unchanged.
 * - Growth: a struct with a member "size" starts from its _INIT macro. Later versions may add
 *   members at its end. A struct of zeroes, as other languages make it, has size 0: it is refused
 *   with CLOUD_EINVAL before anything is sent, also as a result. So is one that is smaller than in
 *   the first release, and one with members that are not zero and that this version does not know.
 * - Threads: one thread at a time may use a client. Different clients may be used in different
 *   threads at the same time. Functions without a client are thread-safe, as long as no other
 *   thread changes the objects they are given.
 * - fork(): both processes may use and free a client or a batch that existed before it. The child
 *   opens connections of its own and does not touch those of the parent. A change that was added
 *   before is sent by the parent only; see cloud_batch.h. Of a program with several threads, a
 * child may use what no other thread was using at the time of the fork(). A journal belongs to the
 *   process that opened it: in a child it is refused with CLOUD_EINVAL, and it can only be closed.
 *   The child of vfork() must use nothing.
 * - Signals: the library changes no signal's disposition, and its sockets raise no SIGPIPE. A
 * program with a limit of file sizes (RLIMIT_FSIZE) ignores SIGXFSZ itself; writes then fail with
 * an error.
 * - Times are Unix seconds, UTC; CLOUD_TIME_NONE (0) means "none". Other units are part of the
 *   name: _ms, _s, _gb, _mb.
 */
#ifndef CLOUD_CLIENT_H
#define CLOUD_CLIENT_H

#include "cloud_client/api.h"
#include "cloud_client/error.h"
#include "cloud_client/money.h"
#include "cloud_client/state.h"
#include "cloud_client/operations.h"
#include "cloud_client/providers.h"
#include "cloud_client/actions.h"
#include "cloud_client/params.h"
#include "cloud_client/result.h"
#include "cloud_client/client.h"
#include "cloud_client/digest.h"
#include "cloud_client/config.h"
#include "cloud_client/calls.h"
#include "cloud_client/wait.h"

#endif
