#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sixteen processes renew one instance with one key (one period is bought), with a key each (a period each), and with a
key each under if_expiry (one in all). Then three workers, one of them stopped at some write or send, past its lease, and
woken when another has settled what it left: one charge a key all the same.

usage: race.py EMULATOR DRIVER SHIM [--stops N]     N: at how many points a worker is stopped; all when left out
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
    answers = []
    for process in processes:
        out, err = process.communicate(timeout=600)
        if process.returncode:
            raise trials.Wrong(f"{process.returncode} {out} {err}")
        answers.append(out.strip())
    return answers


def renew_at_once(store, keys, guarded, wanted):
    def run(world):
        journal = store or world.journal()
        instance, expires = world.prepare("jdcloud", "renew")
        price = world.price("jdcloud", "renew")
        before = world.charges()
        names = [world.name("race") for _ in range(keys)]
        answers = finish([world.start("jdcloud", journal, "renew", key=names[i % keys], id=instance, wait_ms=60000, timeout_ms=60000,
                                      if_expiry=expires if guarded else None) for i in range(PROCESSES)])
        charged = world.charges() - before
        if charged != wanted * price:
            raise trials.Wrong(f"{charged} charges, {wanted} times {price} were to be: {answers}")
        good = sum(answer.startswith("CLOUD_OK|applied|") for answer in answers)
        if good != (1 if guarded else PROCESSES):
            raise trials.Wrong(f"{good} of {PROCESSES} succeeded: {answers}")
        world.good("jdcloud", journal, "verify")
    run.__name__ = f"{keys} keys{' guarded' if guarded else ''} on {'PostgreSQL' if store else 'SQLite'}"
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
        words = {"key": key, "id": instance, "lease_s": LEASE_S, "wait_ms": 20000}
        first = world.start(provider, store, op, env=world.shimmed(at, SHIM_STOP="1"), **words)
        if not wait_stopped(first):
            first.communicate()
            return
        time.sleep(LEASE_S + 0.2)
        others = [world.start(provider, store, op, **words) for _ in range(2)]
        answers = finish(others)
        world.settle(provider, store, key)
        os.kill(first.pid, signal.SIGCONT)
        out, err = first.communicate(timeout=600)
        state = world.settle(provider, store, key)
        charged = world.charges() - before
        if charged != (price if state == "applied" else 0):
            raise trials.Wrong(f"{key} ended {state}, {charged} charges, {price} are one: {answers}, woken: {out} {err}")
        world.judge(provider, op, store, key, instance, before)
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
    spends = (("jdcloud", "renew"), ("jdcloud", "create"), ("capitalonline_ecs", "create"), ("capitalonline_ccs", "create"))
    points = [stopped(shared, provider, op, at) for provider, op in spends for at in range(1, 61)]
    if given.stops and given.stops < len(points):
        points = [points[i * len(points) // given.stops] for i in range(given.stops)]
    try:
        failures = trials.side_by_side(jobs + points, worlds)
    finally:
        for world in worlds:
            world.close()
    print("\n".join(failures[:20]))
    print(f"{len(jobs) + len(points)} runs, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
