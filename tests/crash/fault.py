#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Injects faults into the request that costs money, with a proxy between the driver and the vendor: the request and the reply
are cut at every byte, the reply comes after the deadline, the reply is 500 after the request was applied, or the request is
delivered twice. In every case the outcome in the journal must agree with the charges in the ledger.

usage: fault.py EMULATOR DRIVER [--runs N]     N: about how many runs, spread evenly; the default is every byte
"""
import argparse
import re
import socket
import sys
import threading
import time

import trials

# the request that costs money, from the vendor's documents
TARGETS = {
    ("jdcloud", "create"): rb"POST /v1/regions/[^/ ]+/instances[ ?]",
    ("jdcloud", "renew"): rb"POST /v2/regions/[^/ ]+/instances(:|%3A)renew",
    ("jdcloud", "upgrade"): rb"POST [^ ]*(:|%3A)resizeInstance",
    ("jdcloud", "upgrade-disk"): rb"POST [^ ]*(:|%3A)extend[ ?]",
    ("capitalonline_ecs", "create"): rb"POST [^ ]*Action=CreateInstance",
    ("capitalonline_ecs", "upgrade"): rb"POST [^ ]*Action=ChangeInstanceConfigure",
    ("capitalonline_ecs", "upgrade-disk"): rb"POST [^ ]*Action=ExtendDisk",
    ("capitalonline_ccs", "create"): rb"POST [^ ]*Action=CreateInstance&?",
    ("capitalonline_ccs", "upgrade"): rb"POST [^ ]*Action=ModifyInstanceSpec",
    ("capitalonline_ccs", "upgrade-disk"): rb"POST [^ ]*Action=(ExtendSystemDisk|ResizeDisk)",
}
FAULTS = ("late", "500", "twice_first", "twice_second")


def read_message(sock):
    """Reads one HTTP message with its body; returns a part of it when the peer closes early."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        more = sock.recv(65536)
        if not more:
            break
        body += more
    return head + b"\r\n\r\n" + body


class Proxy:
    """Injects a fault into the first exchange that matches, and forwards the others."""

    def __init__(self, endpoint):
        host, port = endpoint.split("//")[1].split(":")
        self.upstream = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.target, self.fault, self.sizes = None, None, None
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept(); close() alone does not
        self.listener.close()

    def arm(self, target, fault):
        self.target, self.fault, self.sizes = re.compile(target), fault, None

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_client, args=(client,), daemon=True).start()

    def serve_client(self, client):
        try:
            with client:
                while True:
                    request = read_message(client)
                    if not request:
                        return
                    fault = self.fault if self.target and self.target.match(request) else None
                    if fault is not None:
                        self.target = None
                        self.inject(client, request, fault)
                        return
                    client.sendall(self.forward(request))
        except OSError:
            pass

    def forward(self, request):
        with socket.create_connection(self.upstream, timeout=300) as upstream:
            upstream.sendall(request)
            return read_message(upstream)

    def inject(self, client, request, fault):
        kind, at = fault
        if kind == "request":  # only the first bytes arrive
            with socket.create_connection(self.upstream, timeout=300) as upstream:
                upstream.sendall(request[:at])
                upstream.shutdown(socket.SHUT_WR)
                upstream.settimeout(5)
                read_message(upstream)
            return
        reply = self.forward(request)
        self.sizes = (len(request), len(reply))
        if kind == "reply":
            client.sendall(reply[:at])
        elif kind == "late":
            time.sleep(1.5)
            client.sendall(reply)
        elif kind == "500":
            client.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        elif kind == "twice_first":
            self.forward(request)
            client.sendall(reply)
        elif kind == "twice_second":
            client.sendall(self.forward(request))


def trial(provider, op, kind, at):
    def run(world):
        proxy = Proxy(world.endpoint)
        try:
            journal, key = world.journal(), world.name("fault")
            instance, _ = world.prepare(provider, op)
            world.price(provider, op)
            before = world.charges()
            proxy.arm(TARGETS[provider, op], (kind, at))
            timeout = 1000 if kind == "late" else 10000
            out = world.run_ok(provider, journal, op, endpoint=proxy.endpoint, key=key, id=instance, timeout_ms=timeout)
            if proxy.target:
                raise trials.Failure(f"no request matched the target: {out}")
            code, outcome, *_ = out.split("|")
            charged = world.charges() - before
            price = world.price(provider, op)
            if (outcome == "applied") != (code == "CLOUD_OK") or (outcome == "applied" and charged != price) or \
                    (outcome == "not applied" and charged):
                raise trials.Failure(f"{out.strip()}: {charged} charges, but one {op} makes {price}")
            world.check(provider, op, journal, key, instance, before)
        finally:
            proxy.close()
    run.__name__ = f"{provider} {op}, {kind} {at}"
    return run


def sizes(world, provider, op):
    """Returns the bytes of the request that costs money, and of its reply."""
    proxy = Proxy(world.endpoint)
    instance, _ = world.prepare(provider, op)
    proxy.arm(TARGETS[provider, op], ("reply", 1 << 20))
    world.run_ok(provider, world.journal(), op, endpoint=proxy.endpoint, key=world.name("size"), id=instance)
    proxy.close()
    if not proxy.sizes:
        raise trials.Failure(f"{provider} {op} sends no request that matches its target")
    return proxy.sizes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("emulator")
    parser.add_argument("driver")
    parser.add_argument("--runs", type=int)
    given = parser.parse_args()
    worlds = [trials.World(given.emulator, given.driver) for _ in range(2)]
    bytes_cut, others = [], []
    try:
        for provider, op in TARGETS:
            request, reply = sizes(worlds[0], provider, op)
            bytes_cut += [trial(provider, op, "request", at) for at in range(request)]
            bytes_cut += [trial(provider, op, "reply", at) for at in range(reply)]
            others += [trial(provider, op, kind, 0) for kind in FAULTS]
        if given.runs and given.runs < len(bytes_cut):
            bytes_cut = [bytes_cut[i * len(bytes_cut) // given.runs] for i in range(given.runs)]
        jobs = others + bytes_cut
        failures = trials.run_parallel(jobs, worlds)
    finally:
        for world in worlds:
            world.close()
    print("\n".join(failures[:20]))
    print(f"{len(jobs)} runs, {len(failures)} failed")
    return 1 if failures or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
