# SPDX-License-Identifier: Apache-2.0
"""What the trials of the journal share: an emulator over HTTP, the driver, and the judgement: what a key ended as in the
journal must be what the ledger charged."""
import json
import os
import subprocess
import tempfile
import threading
import urllib.request

SETTLED_S = 1300  # past a signature's life and the vendor's lag
SPENDS = {
    "jdcloud": ("create", "renew", "upgrade", "upgrade-disk"),
    "capitalonline_ecs": ("create", "upgrade", "upgrade-disk"),
    "capitalonline_ccs": ("create", "upgrade", "upgrade-disk"),
}


class Wrong(Exception):
    """A trial whose outcome contradicts the ledger."""


class World:
    """An emulator of its own, and a place for journals."""

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

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_emulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.load(answer)

    def reset(self):
        self.ask("POST", "reset", {})
        self.ahead = 0
        self.ask("POST", "clock", {"skew_s": 0})
        self.ask("POST", "timeline", {"transition": "*", "seconds": 0})
        self.ask("POST", "world", {"balance": "100000000.00", "quota": {"instance": 100000, "disk": 100000, "ecs": 100000,
                                                                       "ebs": 100000000}})

    def advance(self, seconds):
        self.ahead += seconds
        self.ask("POST", "clock", {"advance_s": seconds, "skew_s": self.ahead})

    def charges(self):
        return len(self.ask("GET", "ledger")["charges"])

    def name(self, stem):
        self.count += 1
        return f"{stem}-{os.getpid()}-{id(self) % 10000}-{self.count}"

    def journal(self):
        return f"sqlite:{self.directory.name}/{self.name('journal')}.db"

    def start(self, provider, journal, step, endpoint=None, env=None, **words):
        command = [self.driver, endpoint or self.endpoint, provider, journal, step]
        command += [f"{name}={value}" for name, value in words.items() if value is not None]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=dict(os.environ, **(env or {})))

    def run(self, *args, **words):
        process = self.start(*args, **words)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    def good(self, *args, **words):
        code, out, err = self.run(*args, **words)
        if code:
            raise Wrong(f"{args} {words}: {code} {out} {err}")
        return out

    def prepare(self, provider, op):
        """An instance to be renewed or changed: id, expiry."""
        if op == "create":
            return None, None
        words = {"stop": "yes"} if op.startswith("upgrade") else {}
        return self.good(provider, "-", "prepare", **words).split()

    def price(self, provider, op):
        """How many lines of the ledger an undisturbed spend makes."""
        if (provider, op) not in self.prices:
            instance, _ = self.prepare(provider, op)
            before = self.charges()
            answer = self.good(provider, self.journal(), op, key=self.name("plain"), id=instance)
            if not answer.startswith("CLOUD_OK|"):
                raise Wrong(f"{provider} {op} undisturbed: {answer}")
            self.prices[provider, op] = self.charges() - before
        return self.prices[provider, op]

    def shimmed(self, at, **more):
        return dict({"LD_PRELOAD": self.shim, "SHIM_AT": str(at), "ASAN_OPTIONS": "verify_asan_link_order=0"}, **more)

    def settle(self, provider, journal, key):
        """Resolves until nothing more comes; the state the key ended in, or None when the journal has no such key."""
        state = reason = None
        for _ in range(3):
            self.advance(SETTLED_S)
            for line in self.good(provider, journal, "resolve", key=key).splitlines():
                _, _, state, _, reason = line.split("|", 4)
            if state in (None, "applied", "not_applied"):
                return state
        raise Wrong(f"{key} stayed {state}: {reason}")

    def judge(self, provider, op, journal, key, instance, before):
        """The key as it ended against the ledger; then the key again, which must end as bought once."""
        price = self.price(provider, op)
        state = self.settle(provider, journal, key)
        charged = self.charges() - before
        if charged != (price if state == "applied" else 0):
            raise Wrong(f"{key} ended {state}, but {charged} charges were made, {price} are one {op}")
        again = self.good(provider, journal, op, key=key, id=instance)
        charged = self.charges() - before
        if not again.startswith("CLOUD_OK|applied|") or charged != price:
            raise Wrong(f"{key} again: {again.strip()}; {charged} charges, {price} are one {op}")
        self.good(provider, journal, "verify")
        return state


def side_by_side(jobs, worlds):
    """Each world works through its share of the jobs; the first failure of each is returned."""
    failures, lock = [], threading.Lock()

    def work(world, mine):
        for number, job in enumerate(mine, 1):
            try:
                if number % 100 == 0:  # a network of the world has 254 addresses
                    world.reset()
                job(world)
            except Exception as failure:  # told with the job's name; the others go on
                with lock:
                    failures.append(f"{job.__name__}: {failure}")

    threads = [threading.Thread(target=work, args=(world, jobs[i::len(worlds)])) for i, world in enumerate(worlds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
