#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets processes race. Sixteen processes renew one instance: with one key (one period is bought), with a key each (a period
each), and with a key each and if_expiry (one period). Then three processes use one key. The first is stopped at a write or a
send until its lease has ended, and continues after another process has settled its entry: there is still one charge a key.

usage: race.py EMULATOR DRIVER SHIM [--stops N]     N: number of points at which a process is stopped; the default is all
"""
import argparse
import os
import signal
import sys
import time

import trials

PROCESSES = 16
LEASE_S = 1


def finish(processes):
    replies = []
    for process in processes:
        out, err = process.communicate(timeout=600)
        if process.returncode:
            raise trials.Failure(f"{process.returncode} {out} {err}")
        replies.append(out.strip())
    return replies


def renew_at_once(store, keys, with_if_expiry, periods):
    def run(world):
        journal = store or world.journal()
        instance, expires = world.prepare("jdcloud", "renew")
        price = world.price("jdcloud", "renew")
        before = world.charges()
        names = [world.name("race") for _ in range(keys)]
        replies = finish([world.start("jdcloud", journal, "renew", key=names[i % keys], id=instance, wait_ms=60000,
                                      timeout_ms=60000, if_expiry=expires if with_if_expiry else None)
                          for i in range(PROCESSES)])
        charged = world.charges() - before
        if charged != periods * price:
            raise trials.Failure(f"{charged} charges instead of {periods} times {price}: {replies}")
        good = sum(reply.startswith("CLOUD_OK|applied|") for reply in replies)
        if good != (1 if with_if_expiry else PROCESSES):
            raise trials.Failure(f"{good} of {PROCESSES} succeeded: {replies}")
        world.run_ok("jdcloud", journal, "verify")
    run.__name__ = f"{keys} keys{' with if_expiry' if with_if_expiry else ''} on {'PostgreSQL' if store else 'SQLite'}"
    return run


def wait_stopped(process):
    while process.poll() is None:
        with open(f"/proc/{process.pid}/stat") as file:
            if file.read().rsplit(")", 1)[1].split()[0] == "T":
                return True
        time.sleep(0.01)
    return False


def stopped(store, provider, op, at):
    def run(world):
        key = world.name("stop")
        instance, _ = world.prepare(provider, op)
        price = world.price(provider, op)
        before = world.charges()
        arguments = {"key": key, "id": instance, "lease_s": LEASE_S, "wait_ms": 20000}
        first = world.start(provider, store, op, env=world.shimmed(at, SHIM_STOP="1"), **arguments)
        if not wait_stopped(first):
            first.communicate()
            return
        time.sleep(LEASE_S + 0.2)
        others = [world.start(provider, store, op, **arguments) for _ in range(2)]
        replies = finish(others)
        world.settle(provider, store, key)
        os.kill(first.pid, signal.SIGCONT)
        out, err = first.communicate(timeout=600)
        state = world.settle(provider, store, key)
        charged = world.charges() - before
        if charged != (price if state == "applied" else 0):
            raise trials.Failure(f"{key} ended {state} with {charged} charges, but one operation makes {price}: {replies}, "
                                 f"continued: {out} {err}")
        world.check(provider, op, store, key, instance, before)
    run.__name__ = f"{provider} {op}, stopped at {at}"
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("emulator")
    parser.add_argument("driver")
    parser.add_argument("shim")
    parser.add_argument("--stops", type=int)
    given = parser.parse_args()
    shared = os.environ["CLOUD_TEST_POSTGRES"]
    worlds = [trials.World(given.emulator, given.driver, given.shim) for _ in range(2)]
    jobs = [renew_at_once(store, *row) for store in (None, shared) for row in ((1, False, 1), (PROCESSES, False, PROCESSES),
                                                                             (PROCESSES, True, 1))]
    operations = (("jdcloud", "renew"), ("jdcloud", "create"), ("capitalonline_ecs", "create"), ("capitalonline_ccs", "create"))
    points = [stopped(shared, provider, op, at) for provider, op in operations for at in range(1, 61)]
    if given.stops and given.stops < len(points):
        points = [points[i * len(points) // given.stops] for i in range(given.stops)]
    try:
        failures = trials.run_parallel(jobs + points, worlds)
    finally:
        for world in worlds:
            world.close()
    print("\n".join(failures[:20]))
    print(f"{len(jobs) + len(points)} runs, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
