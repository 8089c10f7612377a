/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares one exchange performed by libcurl, and the transport that owns all of them. Between two
 * exchanges the structure keeps its easy handle for reuse. curl_exchange.c configures the handle
 * and reports how an exchange ended. curl_transport.c limits how many are in flight and waits for
 * them. Only these two files include libcurl.
 */
#ifndef CC_CURL_EXCHANGE_H
#define CC_CURL_EXCHANGE_H

#include <curl/curl.h>
#include <sys/queue.h>

#include "core/transport/transport.h"
#include "core/transport/http_text.h"

/* a server whose connections may carry several requests at once */
struct curl_host {
    LIST_ENTRY(curl_host) link;
    int connecting_count; /* exchanges that have no connection yet, and may share one */
    bool no_multiplexing; /* its last answer used HTTP/1.1, or no connection was made */
    char base[];
};

TAILQ_HEAD(curl_exchange_list, curl_exchange);
struct curl_exchange {
    /* curl_transport.c */
    TAILQ_ENTRY(curl_exchange) link;
    struct curl_exchange_list *list; /* the list it is in */
    struct curl_transport *transport;
    struct cc_exchange *exchange;
    int64_t deadline_ms;
    /* curl_exchange.c: the current exchange */
    CURL *easy;             /* NULL until the first exchange */
    bool in_flight;         /* the multi handle has it */
    bool connecting;        /* the multi handle has it, and it has no connection yet */
    struct curl_host *host; /* NULL: it needs a connection of its own */
    struct cc_request_text text;
    struct curl_slist *lines; /* one for each line of the text */
    size_t line_cap;
    bool connected;                /* libcurl has a connection and began to send */
    int callback_code;             /* CLOUD_ETOOBIG or CLOUD_ENOMEM: why a callback stopped */
    int socket_errno;              /* errno of socket(); 0: none */
    size_t header_bytes;           /* of the reply, with the headers of 1xx replies */
    bool headers_complete;         /* the empty line after the headers was read */
    bool body_started;             /* the first bytes of the body were read */
    char message[CURL_ERROR_SIZE]; /* error message of libcurl */
    /* curl_exchange.c: options that the handle has; only changed ones are set again */
    char *base, *ca_file;
    CURLU *parsed_base; /* base, parsed; NULL: libcurl gets whole URLs */
    const char *method;
    bool fresh;
    bool uses_target; /* parsed_base and a request target are set instead of a URL */
};

struct curl_transport {
    struct cc_transport base; /* first: pointers to the two are cast into each other */
    CURLM *multi;             /* NULL: it could not be made; start() tries again */
    CURLSH *share; /* TLS sessions; the multi handle itself shares host names and connections */
    struct cc_poller *poller;
    unsigned forks;   /* cc_fork_count() of the process that the connections belong to */
    int unwatched_fd; /* it could not be watched for want of memory, so it is tried; -1: none */
    int64_t check_ms; /* when the first deadline in flight passes by the transport's own clock */
    int64_t timer_ms; /* when libcurl must be called even if no descriptor is ready; -1: never */
    struct curl_exchange_list waiting, active, ended, spare;
    int active_count, running;
    int limit;           /* exchanges in flight now; lowered when sockets run out */
    int max_limit;       /* configured */
    int max_idle;        /* connections kept alive */
    int64_t raise_at_ms; /* when the lowered limit may be raised */
    int connecting_count;
    int64_t tick_at_ms; /* when libcurl must look at the connections that are being made */
    LIST_HEAD(, curl_host) hosts;
    size_t spare_count;
    char agent[64]; /* header line; libcurl would format CURLOPT_USERAGENT twice for each request */
};

/* whether it may use a connection that carries other requests too */
bool cc_curl_exchange_may_share(const struct curl_exchange *curl);

/* writes URL and header lines for libcurl; CLOUD_EINVAL, CLOUD_ENOMEM */
int cc_curl_exchange_write(const struct curl_transport *transport, struct curl_exchange *curl,
                           const struct cc_request *request, struct cloud_error *err);

/* sets the options of the easy handle, which is created if there is none; false: out of memory */
bool cc_curl_exchange_configure(struct curl_transport *transport, struct curl_exchange *curl,
                                int64_t left_ms);

/* prepares for another exchange; handle and memory are kept */
void cc_curl_exchange_reset(struct curl_exchange *curl);

void cc_curl_exchange_free_handle(struct curl_exchange *curl);
/* forgets the handle, which is not freed: it belongs to the parent of this child of fork() */
void cc_curl_exchange_leave_handle(struct curl_exchange *curl);
void cc_curl_exchange_free(struct curl_exchange *curl);

/* records that it begins or ends to wait for a connection */
void cc_curl_exchange_set_connecting(struct curl_exchange *curl, bool connecting);

/* whether the request may have arrived */
enum cc_wire cc_curl_exchange_wire(const struct curl_exchange *curl);
/* whether it found no connection because no file can be opened */
bool cc_curl_exchange_lacks_files(const struct curl_exchange *curl);

/* writes status or failure to the reply of the exchange */
void cc_curl_exchange_finish(struct curl_exchange *curl, CURLcode result);
void cc_curl_exchange_time_out(const struct curl_exchange *curl, enum cc_wire wire);

#endif
