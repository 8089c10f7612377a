/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a self-signed certificate for the server of the transport's tests. */
#ifndef TESTS_SERVER_CERTIFICATE_H
#define TESTS_SERVER_CERTIFICATE_H

#include <openssl/ssl.h>

/*
 * Returns a server's context with a new key and a self-signed certificate for @names
 * ("IP:127.0.0.1"), and writes the certificate to @path as PEM. Returns NULL when that fails. Free
 * the context with SSL_CTX_free().
 */
SSL_CTX *server_tls_new(const char *names, const char *path);

#endif
