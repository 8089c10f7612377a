#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests that exit code 1 means that nothing was changed or bought: a change whose answer cannot be written exits with 3, and
standard error has its outcome and its ids.

    test_lost_answers.py CLOUDCTL CLOUD-EMULATOR
"""
import os
import resource
import signal
import subprocess
import sys

from cloudctl import PASSWORD, SIZE, Test

test = Test(sys.argv[1], sys.argv[2])
FORMATS = ("table", "wide", "json", "yaml", "csv")


def to_full(words):
    with open("/dev/full", "w") as full:
        return test.run(*words, stdout=full)


def to_closed(words):
    return test.run(*words, stdout=None, preexec_fn=lambda: os.close(1))


def to_broken_pipe(words):
    """Into a pipe whose reader has closed it."""
    reader, writer = os.pipe()
    os.close(reader)
    done = test.run(*words, stdout=writer)
    os.close(writer)
    return done


def ids_of(cloud):
    return {one["id"] for one in test.json("--cloud", cloud, "list")["instances"]}


def check_lost(done, name, outcome="applied"):
    test.check(done.returncode == 3, f"{name}: exit code {done.returncode}, not 3", done.stderr)
    test.check(f"  outcome: {outcome}\n" in done.stderr, f"{name}: no outcome", done.stderr)


for cloud in ("jd", "ecs", "ccs"):
    for n, (way, format_) in enumerate([(to_full, f) for f in FORMATS] + [(to_closed, "table"), (to_closed, "json"),
                                                                         (to_broken_pipe, "table"), (to_broken_pipe, "json")]):
        name = f"create at {cloud}, {way.__name__}, -o {format_}"
        before, charged = ids_of(cloud), test.charges()
        lost = way(("--cloud", cloud, "create", "--name", f"web-{n}", *SIZE, *PASSWORD, "-o", format_))
        check_lost(lost, name)
        test.check(test.charges() > charged, f"{name}: nothing was bought")
        if cloud != "ccs":  # it answers with a task, and shows the instance later
            new = ids_of(cloud) - before
            test.check(len(new) == 1, f"{name}: not bought once", str(new))
            test.check(all(one in lost.stderr for one in new), f"{name}: the id is not on standard error", lost.stderr)
        test.check("task_id: " in lost.stderr or "ids: " in lost.stderr, f"{name}: no id", lost.stderr)

# A vendor that says "Success" and names neither an instance nor a task.
for cloud, change in (("ecs", {"set": {"Data": None}}), ("ccs", {"remove": ["TaskId"]})):
    charged = test.charges()
    test.control("POST", "fail", {"action": "CreateInstance", "kind": "edit", "times": 9, **change})
    done = test.run("--cloud", cloud, "create", "--name", "web-x", *SIZE, *PASSWORD, "--wait")
    check_lost(done, f"create at {cloud} without an id", "unknown")
    test.check(test.charges() == charged + 1, f"create at {cloud} without an id: {test.charges() - charged} charges")
    test.control("DELETE", "fail")

# Every command that changes something.
test.control("POST", "timeline", {"transition": "*", "seconds": 0})
server = test.json("--cloud", "jd", "create", "--name", "all", *SIZE, "--wait")["ids"][0]
for words in (("stop",), ("start",), ("reboot",), ("passwd", "--password", "Rz5?hTwm31"), ("renew", "--period", "1month"),
              ("auto-renew", "--auto-renew", "--period", "1month"), ("auto-renew", "--no-auto-renew")):
    check_lost(to_full(("--cloud", "jd", words[0], server, *words[1:])), " ".join(words))
    test.run("--cloud", "jd", "wait", server)
check_lost(to_full(("--cloud", "jd", "stop", server, "--wait")), "stop --wait")
check_lost(to_full(("--cloud", "jd", "upgrade", server, "--cpu", "4", "--memory-gb", "8")), "upgrade")
test.run("--cloud", "jd", "wait", server)
check_lost(to_full(("--cloud", "jd", "invoke", "startInstance", f"instanceId={server}")), "invoke of a change")
test.run("--cloud", "jd", "wait", server)
paid_hourly = test.json("--cloud", "jd", "create", "--name", "hourly", *SIZE[:4], "--wait")["ids"][0]
check_lost(to_full(("--cloud", "jd", "delete", paid_hourly)), "delete")

# Reading is not changing.
done = to_full(("--cloud", "jd", "list"))
test.check(done.returncode == 1 and "outcome" not in done.stderr, "a list that cannot be written", done.stderr)
done = to_full(("--cloud", "jd", "invoke", "describeQuota", "type=instance"))
test.check(done.returncode in (1, 2) and "outcome" not in done.stderr, "invoke of a read that cannot be written", done.stderr)
done = to_broken_pipe(("--cloud", "jd", "list"))
test.check(done.returncode == 0 and not done.stderr, "a reader of a list that closed the pipe", done.stderr)
done = to_full(("--cloud", "jd", "stop", "i-doesnotexist"))
test.check(done.returncode == 1 and "outcome" not in done.stderr, "a refused change", done.stderr)

# An accepted change whose wait fails was made.
test.control("POST", "timeline", {"transition": "create", "seconds": 600})
done = test.run("--cloud", "jd", "create", "--name", "slow", *SIZE, "--wait", "--timeout", "1")
check_lost(done, "create --wait that ends too early")
test.check("last state: " in done.stderr and "creating" in done.stderr, "--wait: the last state is missing", done.stderr)
test.control("POST", "timeline", {"transition": "create", "seconds": 0})

# A journal that cannot grow: whatever write fails, exit code 1 means that nothing was charged.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
codes = set()
for kib in list(range(4, 140, 4)):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (kib << 10, kib << 10))
    journal = f"sqlite:{os.getcwd()}/journal-{kib}.db"
    before = test.charges()
    done = test.run("--cloud", "jd", "--journal", journal, "create", "--name", "web", *SIZE, "--operation-key", f"order-{kib}",
                    preexec_fn=limit, restore_signals=False)
    charged = test.charges() - before
    codes.add((done.returncode, charged))
    test.check(done.returncode in (0, 3) if charged else done.returncode != 0,
               f"journal of {kib} KiB: exit code {done.returncode} and {charged} charges", done.stderr)
    if done.returncode == 3 and charged:
        test.check("  outcome: " in done.stderr, f"journal of {kib} KiB: no outcome", done.stderr)
        test.check("outcome: unknown" in done.stderr or "  ids: i-" in done.stderr, f"journal of {kib} KiB: no id", done.stderr)
print("exit codes and charges with a journal that cannot grow:", sorted(codes))
test.check(any(code == 3 and charged for code, charged in codes), "no run had a full disk at the journal's last write", str(codes))
test.end()
