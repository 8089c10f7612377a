/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the conversion between requests or replies and HTTP text. Only transports use it.
 */
#ifndef CC_HTTP_TEXT_H
#define CC_HTTP_TEXT_H

#include "core/transport/transport.h"

/* host and port of a request, such as "vm.jdcloud-api.com:8443", for messages */
const char *cc_request_authority(const struct cc_request *request);
/* whether it is this machine: "localhost", 127.0.0.0/8 or [::1], with or without a port */
bool cc_is_loopback(const char *authority);

/* a request as it is sent, without its body */
struct cc_request_text {
    struct cc_buf buf;  /* the URL, then the header lines, each with a NUL after it */
    const char **lines; /* the header lines, ended by NULL */
    size_t count, cap;
};
/*
 * Writes the URL, Host, the @more lines (ended by NULL), and the request's own headers. A header
 * without a value is written as its name and @no_value. CLOUD_EINVAL: a header contains a line
 * break; CLOUD_ENOMEM. The caller clears the text in every case. It may be written again before
 * that, and then reuses its memory.
 */
int cc_request_text_write(struct cc_request_text *text, const struct cc_request *request,
                          const char *const *more, const char *no_value, struct cloud_error *err);
void cc_request_text_clear(struct cc_request_text *text);

/* makes an empty reply; does not read or free the old content */
void cc_reply_init(struct cc_reply *reply);
/* reads one header line, with or without its line end; ignores headers that are not kept */
void cc_reply_header(struct cc_reply *reply, const char *line, size_t len);
/* removes the headers of an earlier reply with status 1xx */
void cc_reply_forget_headers(struct cc_reply *reply);
/* appends to the body: CLOUD_OK; CLOUD_ETOOBIG: longer than @max bytes; CLOUD_ENOMEM */
int cc_reply_add(struct cc_reply *reply, const void *data, size_t len, size_t max);
/* There is no complete reply: clears the body and records the reason as one line. The text must not
 * contain the query of the URL. */
void cc_reply_fail(struct cc_reply *reply, enum cc_wire wire, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* the same for an exceeded limit: max_reply_bytes, or @limit_ms (0: that of the exchange, as it was
 * configured) with @what such as "no answer from" */
void cc_reply_fail_too_big(const struct cc_exchange *exchange, enum cc_wire wire);
void cc_reply_fail_timeout(const struct cc_exchange *exchange, enum cc_wire wire, const char *what,
                           int64_t limit_ms);

#endif
