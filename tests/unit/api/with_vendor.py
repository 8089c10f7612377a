#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program with a vendor: a small server over HTTP and TLS that keeps connections alive and answers about the
instance of each request.

    with_vendor.py PROGRAM [ARGUMENT...]

The program finds $CLOUD_TEST_HTTP, $CLOUD_TEST_HTTPS and $CLOUD_TEST_CA. An id that begins with "slow" is answered after
half a second. GET /changes answers the number of POST requests so far, GET /connections that of connections over TLS.
"""
import http.server
import json
import os
import re
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time

changes = 0
connections = 0
lock = threading.Lock()
INSTANCE = re.compile(r"/v1/regions/[^/]+/instances/([^/?:]+)(:\w+)?")


class Vendor(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        global changes
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = INSTANCE.match(self.path)
        result = {}
        if self.command == "POST":
            with lock:
                changes += 1
        wanted = [found[1]] if found else re.findall(r"values\.\d+=([^&]+)", self.path)
        if any(one.startswith("slow") for one in wanted):
            time.sleep(0.5)
        if found and self.command == "GET":
            result = {"instance": {"instanceId": found[1], "status": "running"}}
        elif self.command == "GET" and self.path.split("?")[0].endswith("/instances"):
            instances = [{"instanceId": one, "status": "running"} for one in sorted(set(wanted))]
            result = {"instances": instances, "totalCount": len(instances)}
        elif self.path == "/changes":
            result = changes
        elif self.path == "/connections":
            result = connections
        del body
        text = json.dumps({"requestId": "r", "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass  # a client that ends without a word is no failure

    def finish_request(self, request, client_address):
        global connections
        if self.context:
            with lock:
                connections += 1
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)


def start(context):
    server = Server(("127.0.0.1", 0), Vendor)
    server.context = context
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = folder + "/certificate.pem", folder + "/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key],
            check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        os.environ["CLOUD_TEST_HTTP"] = f"http://127.0.0.1:{start(None)}"
        os.environ["CLOUD_TEST_HTTPS"] = f"https://127.0.0.1:{start(context)}"
        os.environ["CLOUD_TEST_CA"] = certificate
        return subprocess.run(sys.argv[1:], check=False).returncode


sys.exit(main())
