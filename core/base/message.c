/* SPDX-License-Identifier: Apache-2.0 */
/* Clears and reuses HTTP requests and replies. */
#include "core/base/message.h"

void cc_request_clear(struct cc_request *request)
{
    if (!request->arena) {
        free(request->base);
        free(request->host);
        free(request->path);
    }
    cc_pairs_clear(&request->query);
    cc_pairs_clear(&request->headers);
    cc_buf_clear(&request->body);
    cc_buf_clear(&request->query_text);
    cc_arena_free(request->arena);
    *request = (struct cc_request){ 0 };
}

bool cc_request_reset(struct cc_request *request)
{
    struct cc_arena *arena = request->arena;

    if (!arena) {
        cc_request_clear(request);
        arena = cc_arena_new();
        if (!arena)
            return false;
    } else {
        cc_arena_reset(arena);
    }
    cc_buf_reset(&request->body);
    cc_buf_reset(&request->query_text);
    *request = (struct cc_request){
        .body = request->body,
        .query_text = request->query_text,
        .arena = arena,
        .query.arena = arena,
        .headers.arena = arena,
    };
    return true;
}

void cc_reply_clear(struct cc_reply *reply)
{
    cc_buf_clear(&reply->body);
    *reply = (struct cc_reply){ 0 };
}
