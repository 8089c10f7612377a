# SPDX-License-Identifier: Apache-2.0
"""Runs trials of the journal: starts an emulator and the driver, and checks that the outcome of a key in the journal agrees
with the charges in the ledger."""
import json
import os
import subprocess
import tempfile
import threading
import urllib.request

SETTLED_S = 1300  # longer than a signature's life and the vendor's lag
OPERATIONS = {
    "jdcloud": ("create", "renew", "upgrade", "upgrade-disk"),
    "capitalonline_ecs": ("create", "upgrade", "upgrade-disk"),
    "capitalonline_ccs": ("create", "upgrade", "upgrade-disk"),
}


class Failure(Exception):
    """A trial whose outcome contradicts the ledger."""


class World:
    """An emulator, and a folder for journals."""

    def __init__(self, emulator, driver, shim=None):
        self.driver, self.shim = driver, shim
        self.directory = tempfile.TemporaryDirectory(prefix="cloud_trials_")
        self.process = subprocess.Popen([emulator, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().split()[-1]
        self.count = 0
        self.prices = {}
        self.reset()

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.directory.cleanup()

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_emulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=300) as reply:
            return json.load(reply)

    def reset(self):
        self.control("POST", "reset", {})
        self.ahead = 0
        self.control("POST", "clock", {"skew_s": 0})
        self.control("POST", "timeline", {"transition": "*", "seconds": 0})
        self.control("POST", "world", {"balance": "100000000.00",
                                       "quota": {"instance": 100000, "disk": 100000, "ecs": 100000, "ebs": 100000000}})

    def advance(self, seconds):
        self.ahead += seconds
        self.control("POST", "clock", {"advance_s": seconds, "skew_s": self.ahead})

    def charges(self):
        return len(self.control("GET", "ledger")["charges"])

    def name(self, stem):
        self.count += 1
        return f"{stem}-{os.getpid()}-{id(self) % 10000}-{self.count}"

    def journal(self):
        return f"sqlite:{self.directory.name}/{self.name('journal')}.db"

    def start(self, provider, journal, step, endpoint=None, env=None, **arguments):
        command = [self.driver, endpoint or self.endpoint, provider, journal, step]
        command += [f"{name}={value}" for name, value in arguments.items() if value is not None]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=dict(os.environ, **(env or {})))

    def run(self, *args, **arguments):
        process = self.start(*args, **arguments)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    def run_ok(self, *args, **arguments):
        code, out, err = self.run(*args, **arguments)
        if code:
            raise Failure(f"{args} {arguments}: {code} {out} {err}")
        return out

    def prepare(self, provider, op):
        """Buys an instance to renew or to upgrade; returns its id and expiry."""
        if op == "create":
            return None, None
        arguments = {"stop": "yes"} if op.startswith("upgrade") else {}
        return self.run_ok(provider, "-", "prepare", **arguments).split()

    def price(self, provider, op):
        """Returns the number of charges of one operation without a fault."""
        if (provider, op) not in self.prices:
            instance, _ = self.prepare(provider, op)
            before = self.charges()
            reply = self.run_ok(provider, self.journal(), op, key=self.name("plain"), id=instance)
            if not reply.startswith("CLOUD_OK|"):
                raise Failure(f"{provider} {op} without a fault: {reply}")
            self.prices[provider, op] = self.charges() - before
        return self.prices[provider, op]

    def shimmed(self, at, **more):
        return dict({"LD_PRELOAD": self.shim, "SHIM_AT": str(at), "ASAN_OPTIONS": "verify_asan_link_order=0"}, **more)

    def settle(self, provider, journal, key):
        """Resolves until the key is settled; returns its state, or None when the journal has no such key."""
        state = reason = None
        for _ in range(3):
            self.advance(SETTLED_S)
            for line in self.run_ok(provider, journal, "resolve", key=key).splitlines():
                _, _, state, _, reason = line.split("|", 4)
            if state in (None, "applied", "not_applied"):
                return state
        raise Failure(f"{key} stayed {state}: {reason}")

    def check(self, provider, op, journal, key, instance, before):
        """Compares the settled key with the ledger. Then uses the key again, which must leave one purchase."""
        price = self.price(provider, op)
        state = self.settle(provider, journal, key)
        charged = self.charges() - before
        if charged != (price if state == "applied" else 0):
            raise Failure(f"{key} ended {state}, but {charged} charges were made; one {op} makes {price}")
        again = self.run_ok(provider, journal, op, key=key, id=instance)
        charged = self.charges() - before
        if not again.startswith("CLOUD_OK|applied|") or charged != price:
            raise Failure(f"{key} again: {again.strip()}; {charged} charges, but one {op} makes {price}")
        self.run_ok(provider, journal, "verify")
        return state


def run_parallel(jobs, worlds):
    """Runs the jobs in parallel, each world a share of them; returns the failures."""
    failures, lock = [], threading.Lock()

    def work(world, share):
        for number, job in enumerate(share, 1):
            try:
                if number % 100 == 0:  # a network of the world has 254 addresses
                    world.reset()
                job(world)
            except Exception as failure:  # reported with the job's name; the other jobs run
                with lock:
                    failures.append(f"{job.__name__}: {failure}")

    threads = [threading.Thread(target=work, args=(world, jobs[i::len(worlds)])) for i, world in enumerate(worlds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
