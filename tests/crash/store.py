#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the store fail: the disk is full from the n-th write on, the journal cannot be written, a page is torn, or the
connection is lost at the n-th send. No request is sent that is not in the journal first, the error says what to do, and once
the store works again the outcome of the key agrees with the ledger.

usage: store.py EMULATOR DRIVER SHIM [--runs N]     N: about how many runs of the first and of the last kind; the default is all
"""
import argparse
import os
import signal
import subprocess
import sys

import trials
from race import wait_stopped

WORDS = ("CLOUD_EJOURNAL", "the journal")


def prepare(world, store, env=None, torn=None):
    journal, key = store or world.journal(), world.name("store")
    instance, _ = world.prepare("jdcloud", "renew")
    world.price("jdcloud", "renew")
    return journal, key, instance, world.charges()


def full(at):
    def run(world):
        journal, key, instance, before = prepare(world, None)
        code, out, err = world.run("jdcloud", journal, "renew", key=key, id=instance, env=world.shimmed(at, SHIM_FULL="1"))
        charged, output = world.charges() - before, out + err
        if not out.startswith("CLOUD_OK|") and "disk is full" not in output:
            raise trials.Failure(f"the error does not say what to do: {output}")
        if charged and out.split("|")[1:2] not in (["applied"], ["unknown"]):
            raise trials.Failure(f"{charged} charges were made, but the output is {output}")
        world.check("jdcloud", "renew", journal, key, instance, before)
    run.__name__ = f"disk full from write {at} on"
    return run


def read_only(world):
    journal, key, instance, before = prepare(world, None)
    world.run_ok("jdcloud", journal, "verify")
    code, out, err = world.run("jdcloud", journal, "renew", key=key, id=instance,
                               env=world.shimmed(0, SHIM_READONLY=world.directory.name))
    if world.charges() != before or not all(word in out + err for word in WORDS) or "writable" not in out + err:
        raise trials.Failure(f"{world.charges() - before} charges: {out} {err}")


def torn(how):
    def run(world):
        journal, key, instance, before = prepare(world, None)
        for _ in range(4):
            world.run_ok("jdcloud", journal, "renew", key=world.name("torn"), id=instance)
        before, path = world.charges(), journal.split(":", 1)[1]
        with open(path, "r+b") as file:
            page = file.read().find(b"renew_instance") // 4096 * 4096  # a page with an entry
            if how == "cut":
                file.truncate(page + 2048)
            else:
                file.seek(page + (0 if how == "head" else 2048))
                file.write(b"\xa5" * 2048)
        code, out, err = world.run("jdcloud", journal, "renew", key=key, id=instance)
        if world.charges() != before or not all(word in out + err for word in WORDS) or "backup" not in out + err:
            raise trials.Failure(f"{world.charges() - before} charges: {out} {err}")
    run.__name__ = f"last page torn: {how}"
    return run


def lost(at):
    def run(world):
        store = os.environ["CLOUD_TEST_POSTGRES"]
        journal, key, instance, before = prepare(world, store)
        process = world.start("jdcloud", journal, "renew", key=key, id=instance, env=world.shimmed(at, SHIM_STOP="1"))
        if wait_stopped(process):
            subprocess.run(["psql", "-q", "-o", "/dev/null", store, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                                        "WHERE application_name = 'cloud_journal'"], check=True)
            os.kill(process.pid, signal.SIGCONT)
        out, err = process.communicate(timeout=600)
        charged = world.charges() - before
        if charged and out.split("|")[1:2] not in (["applied"], ["unknown"]):
            raise trials.Failure(f"{charged} charges were made, but the output is {out} {err}")
        world.check("jdcloud", "renew", journal, key, instance, before)
    run.__name__ = f"connection lost at {at}"
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("emulator")
    parser.add_argument("driver")
    parser.add_argument("shim")
    parser.add_argument("--runs", type=int)
    given = parser.parse_args()
    world = trials.World(given.emulator, given.driver, given.shim)
    fulls, losses = [full(at) for at in range(1, 90)], [lost(at) for at in range(1, 75)]
    if given.runs:
        fulls, losses = fulls[::max(1, len(fulls) // given.runs)], losses[::max(1, len(losses) // given.runs)]
    jobs = fulls + [read_only] + [torn(how) for how in ("cut", "head", "tail")] + losses
    try:
        failures = trials.run_parallel(jobs, [world])
    finally:
        world.close()
    print("\n".join(failures[:20]))
    print(f"{len(jobs)} runs, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
