/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate of one's own for the server of the transport's tests, made anew each time. */
#ifndef TESTS_WIRE_TLS_H
#define TESTS_WIRE_TLS_H

#include <openssl/ssl.h>

/*
 * A server's context with a fresh key and a self-signed certificate for @names ("IP:127.0.0.1"),
 * which is also written to @path as PEM. NULL when that fails.
 */
SSL_CTX *wire_tls_new(const char *names, const char *path);

#endif
