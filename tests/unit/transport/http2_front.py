# SPDX-License-Identifier: Apache-2.0
"""An HTTP/2 front for the emulator, run by Hypercorn: hands each request on as it came, half a second later, so that
requests that share a connection meet there. A line of $CLOUD_TEST_HTTP2_LOG each: version, port it came from, how many
were under way then, method, path."""
import asyncio
import http.client
import os

port = int(os.environ["CLOUD_TEST_EMULATOR_PORT"])
under_way = 0


def hand_on(method, target, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
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
    global under_way
    under_way += 1
    with open(os.environ["CLOUD_TEST_HTTP2_LOG"], "a") as log:
        print(scope["http_version"], scope["client"][1], under_way, scope["method"], scope["path"], file=log)
    body = await read(receive)
    await asyncio.sleep(0.5)
    target = scope["raw_path"].decode()
    if scope["query_string"]:
        target += "?" + scope["query_string"].decode()
    status, headers, text = await asyncio.get_running_loop().run_in_executor(
        None, hand_on, scope["method"], target, scope["headers"], body)
    under_way -= 1
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
