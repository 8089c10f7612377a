/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all transports do alike: a request as URL and header lines, the headers of a reply that
 * matter, its body with a ceiling, one line when there was none. For the transports alone.
 */
#ifndef CC_TRANSPORT_TEXT_H
#define CC_TRANSPORT_TEXT_H

#include "core/transport/transport.h"

/* "vm.jdcloud-api.com:8443": where a request goes, fit for messages */
const char *cc_request_authority(const struct cc_request *request);
/* "localhost", 127.0.0.0/8 or [::1], with a port or without: surely this machine */
bool cc_is_loopback(const char *authority);

/* a request as it goes out, its body apart */
struct cc_request_text {
    struct cc_buf buf;  /* the URL, then the header lines, a NUL behind each */
    const char **lines; /* the header lines, ended by NULL */
    size_t count, cap;
};
/*
 * Writes it: the URL, Host, the @more lines (ended by NULL), the request's own headers. A header
 * without a value is written with @no_value behind its name. CLOUD_EINVAL for line breaks in
 * headers; to be cleared in any case. May be written again without: it keeps its memory.
 */
int cc_request_text_write(struct cc_request_text *text, const struct cc_request *request,
                          const char *const *more, const char *no_value, struct cloud_error *err);
void cc_request_text_clear(struct cc_request_text *text);

/* an empty reply, over whatever stood there */
void cc_reply_init(struct cc_reply *reply);
/* one header line, its line end included or not; those of no interest are passed over */
void cc_reply_header(struct cc_reply *reply, const char *line, size_t len);
/* forgets the headers of an earlier block: a 1xx came before the answer */
void cc_reply_forget_headers(struct cc_reply *reply);
/* appends to the body: CLOUD_OK, CLOUD_ETOOBIG when it would pass @max bytes, CLOUD_ENOMEM */
int cc_reply_add(struct cc_reply *reply, const void *data, size_t len, size_t max);
/* no whole reply came: drops the body and says why, in one line without the URL's query */
void cc_reply_fail(struct cc_reply *reply, enum cc_wire wire, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* the same for a limit that was passed: the ceiling on the body, or @limit_ms, with "no answer
 * from" as @what */
void cc_reply_fail_too_big(const struct cc_exchange *exchange, enum cc_wire wire);
void cc_reply_fail_timeout(const struct cc_exchange *exchange, enum cc_wire wire, const char *what,
                           int64_t limit_ms);

#endif
