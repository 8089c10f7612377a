#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a process that runs an operation through the journal, with SIGKILL, at every write, sync and send in turn. Then
resolves the key in a new process: the ledger has one charge when the key is applied and none when it is not, no key stays
unknown, and the key can be used again.

usage: crash.py EMULATOR DRIVER SHIM [--runs N]     N: about how many runs, spread evenly; the default is every point
"""
import argparse
import os
import signal
import sys

import trials


def points(world, provider, op, journal):
    """Counts the writes, syncs and sends of an operation without a fault."""
    instance, _ = world.prepare(provider, op)
    path = f"{world.directory.name}/{world.name('count')}"
    world.run_ok(provider, journal, op, key=world.name("count"), id=instance, env=world.shimmed(0, SHIM_COUNT=path))
    with open(path) as file:
        return int(file.read())


def trial(provider, op, store, at, torn):
    def run(world):
        journal = store or world.journal()
        key = world.name("crash")
        instance, _ = world.prepare(provider, op)
        world.price(provider, op)
        before = world.charges()
        env = world.shimmed(at, **({"SHIM_TORN": "1"} if torn else {}))
        code, out, err = world.run(provider, journal, op, key=key, id=instance, env=env)
        if code != -signal.SIGKILL and not out.startswith("CLOUD_OK|"):
            raise trials.Failure(f"was not killed: {code} {out} {err}")
        run.state = world.check(provider, op, journal, key, instance, before)
    run.__name__ = f"{provider} {op} on {'PostgreSQL' if store else 'SQLite'}, killed at {at}{' torn' if torn else ''}"
    run.state = None
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("emulator")
    parser.add_argument("driver")
    parser.add_argument("shim")
    parser.add_argument("--runs", type=int)
    given = parser.parse_args()
    worlds = [trials.World(given.emulator, given.driver, given.shim) for _ in range(2)]
    stores = [None] + ([os.environ["CLOUD_TEST_POSTGRES"]] if "CLOUD_TEST_POSTGRES" in os.environ else [])
    jobs = []
    try:
        for provider, ops in trials.OPERATIONS.items():
            for op in ops:
                for store in stores:
                    last = points(worlds[0], provider, op, store or worlds[0].journal())
                    jobs += [trial(provider, op, store, at, torn) for at in range(1, last + 1) for torn in (False, True)]
        if given.runs and given.runs < len(jobs):
            jobs = [jobs[i * len(jobs) // given.runs] for i in range(given.runs)]
        failures = trials.run_parallel(jobs, worlds)
    finally:
        for world in worlds:
            world.close()
    ended = {state: sum(job.state == state for job in jobs) for state in ("applied", "not_applied", None)}
    print("\n".join(failures[:20]))
    print(f"{len(jobs)} runs, {len(failures)} failed; ended applied {ended['applied']}, not applied {ended['not_applied']}, "
          f"without an entry or failed {ended[None]}")
    return 1 if failures or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
