/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transfer: one exchange by libcurl, and between exchanges the handle that did one and may do
 * another. What it is told and how it ended is transfer.c's; how many fly, and the waiting for
 * them, transport_curl.c's. Only these two include libcurl.
 */
#ifndef CC_CURL_EXCHANGE_H
#define CC_CURL_EXCHANGE_H

#include <curl/curl.h>
#include <sys/queue.h>

#include "core/transport/transport.h"
#include "core/transport/http_text.h"

TAILQ_HEAD(curl_exchange_list, curl_exchange);
struct curl_exchange {
    /* transport_curl.c */
    TAILQ_ENTRY(curl_exchange) link;
    struct curl_exchange_list *in; /* the list it is in */
    struct curl_transport *transport;
    struct cc_exchange *exchange;
    int64_t deadline_ms;
    /* transfer.c: the exchange */
    CURL *easy;     /* NULL until it first flies */
    bool in_flight; /* the multi handle has it */
    bool joins;     /* it has no connection yet, and may share one */
    struct cc_request_text text;
    struct curl_slist *lines; /* one for each of the text's */
    size_t line_cap;
    bool begun;                  /* libcurl has a connection and began to send */
    int trouble;                 /* CLOUD_ETOOBIG or CLOUD_ENOMEM: why a callback gave up */
    int no_socket;               /* errno: why it got none */
    size_t header_bytes;         /* of the reply, all blocks together */
    bool headed;                 /* its headers came to their end */
    bool answering;              /* its body began to come */
    char words[CURL_ERROR_SIZE]; /* libcurl's own, on a failure */
    /* transfer.c: the options set in the handle, so that only changed ones are set again */
    char *base, *ca_file;
    CURLU *place; /* base, taken apart; NULL: libcurl is given whole URLs */
    const char *method;
    bool fresh, aimed; /* aimed: at a target of that place, not at a URL */
};

struct curl_transport {
    struct cc_transport base; /* first: the two are cast into each other */
    CURLM *multi;
    CURLSH *share; /* TLS sessions; names and connections are shared by the multi handle itself */
    struct cc_poller *poller;
    int64_t timer_ms; /* when libcurl wants to be called without any descriptor's stirring; -1: it
                         does not */
    struct curl_exchange_list waiting, active, ended, spare;
    int active_count, running;
    int most, wanted;    /* at once: now, and when the system lets us */
    int64_t widen_at_ms; /* when more than now may be tried again */
    int joining;         /* how many exchanges join */
    bool unshared;       /* the last answer over TLS came by HTTP/1.1, or none did */
    size_t spare_count;
    char agent[64]; /* a header line: as CURLOPT_USERAGENT it would be formatted twice for each
                       request */
};

/* may it go over a connection that others use, too */
bool cc_curl_exchange_may_share(const struct curl_exchange *transfer);

/* CLOUD_OK, or why the request cannot be put down for libcurl */
int cc_curl_exchange_build(const struct curl_transport *transport, struct curl_exchange *transfer,
                           const struct cc_request *request, struct cloud_error *err);

/* Tells the handle what the exchange is, and makes it where there is none; false: no memory. */
bool cc_curl_exchange_configure(struct curl_transport *transport, struct curl_exchange *transfer,
                                int64_t left_ms);

/* another exchange, with the handle and the memory it has */
void cc_curl_exchange_renew_handle(struct curl_exchange *transfer);

void cc_curl_exchange_forget_handle(struct curl_exchange *transfer);
void cc_curl_exchange_free(struct curl_exchange *transfer);

/* it waits for its connection no more, or begins to */
void cc_curl_exchange_set_joining(struct curl_exchange *transfer, bool joins);

/* what became of it, into the exchange's reply */
void cc_curl_exchange_finish(struct curl_exchange *transfer, CURLcode result);
void cc_curl_exchange_time_out(const struct curl_exchange *transfer, enum cc_wire wire);

#endif
