# SPDX-License-Identifier: Apache-2.0
"""Serves HTTP/2 in front of the emulator, run by Hypercorn.

It forwards each request unchanged after half a second, so that requests on one connection overlap.
It writes one line for each request to $CLOUD_TEST_HTTP2_LOG: HTTP version, port of the client,
number of requests in flight, method, path.
"""
import asyncio
import http.client
import os

port = int(os.environ["CLOUD_TEST_EMULATOR_PORT"])
in_flight = 0


def forward(method, target, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        if name != b"transfer-encoding":
            connection.putheader(name.decode(), value)
    connection.endheaders(body or None)
    reply = connection.getresponse()
    answer = reply.status, reply.getheaders(), reply.read()
    connection.close()
    return answer


async def read(receive):
    body, more = b"", True
    while more:
        part = await receive()
        body += part.get("body", b"")
        more = part.get("more_body", False)
    return body


async def serve(scope, receive, send):
    global in_flight
    in_flight += 1
    line = scope["http_version"], scope["client"][1], in_flight, scope["method"], scope["path"]
    with open(os.environ["CLOUD_TEST_HTTP2_LOG"], "a") as log:
        print(*line, file=log)
    body = await read(receive)
    await asyncio.sleep(0.5)
    target = scope["raw_path"].decode()
    if scope["query_string"]:
        target += "?" + scope["query_string"].decode()
    status, headers, text = await asyncio.get_running_loop().run_in_executor(
        None, forward, scope["method"], target, scope["headers"], body)
    in_flight -= 1
    kept = [(name.lower().encode(), value.encode()) for name, value in headers
            if name.lower() not in ("connection", "transfer-encoding", "keep-alive")]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": text})


async def app(scope, receive, send):
    if scope["type"] == "http":
        await serve(scope, receive, send)
        return
    while scope["type"] == "lifespan":
        kind = (await receive())["type"]
        await send({"type": kind + ".complete"})
        if kind == "lifespan.shutdown":
            return
