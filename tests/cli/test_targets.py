#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests commands with several instances, instances that are named, the last state of a wait, and periods that are not clear.

    test_targets.py CLOUDCTL CLOUD-EMULATOR
"""
import csv
import io
import re
import sys

from cloudctl import PASSWORD, SIZE, Test

test = Test(sys.argv[1], sys.argv[2])
test.control("POST", "timeline", {"transition": "*", "seconds": 0})


def buy(cloud, name):
    test.run("--cloud", cloud, "create", "--name", name, *SIZE, *PASSWORD, "--wait", "--timeout", "60")
    return [one["id"] for one in test.json("--cloud", cloud, "list")["instances"] if one["name"] == name][-1]


def state(cloud, one):
    return test.json("--cloud", cloud, "show", one)["instances"][0]["state"]


for cloud in ("jd", "ecs", "ccs"):
    a, b = buy(cloud, "web-a"), buy(cloud, "web-b")
    done = test.json("--cloud", cloud, "stop", a, b, "--wait", "--timeout", "60")
    test.check([one["target"] for one in done["results"]] == [a, b] and done["operation"] == "stop_instance", f"{cloud}: stop", done)
    test.check(all(len(one["waited"]) == 1 for one in done["results"]), f"{cloud}: both are waited for", done)
    test.check(state(cloud, a) == state(cloud, b) == "stopped", f"{cloud}: both are stopped")
    done = test.run("--cloud", cloud, "start", a, "i-nosuch", b, "--wait")
    test.check(done.returncode == 1, f"{cloud}: the worst exit code", done.stderr)
    test.check("start i-nosuch: " in done.stderr and f"start {a}: accepted" in done.stdout and f"start {b}: accepted" in done.stdout,
               f"{cloud}: each result is reported", done.stdout, done.stderr)
    test.check(state(cloud, a) == state(cloud, b) == "running", f"{cloud}: an unknown id does not stop the others")
    done = test.run("--cloud", cloud, "show", "web-a", "web-b")
    test.check(done.returncode == 0 and a in done.stdout and b in done.stdout, f"{cloud}: names", done.stdout, done.stderr)
    done = test.run("--cloud", cloud, "stop", "web-b", "--wait")
    test.check(done.returncode == 0 and f"web-b is instance {b}" in done.stderr, f"{cloud}: stop by name", done.stderr)
    test.check(state(cloud, "web-b") == "stopped" and state(cloud, "web-a") == "running", f"{cloud}: the named one was stopped")
    test.check(test.run("--cloud", cloud, "wait", "web-a", b).returncode == 0, f"{cloud}: wait for a name and an id")
    buy(cloud, "web-b")
    for words in (("stop", "web-b"), ("renew", "web-b", "--period", "1month"), ("disks", "web-b")):
        done = test.run("--cloud", cloud, *words)
        test.check(done.returncode == 1 and "several instances" in done.stderr and b in done.stderr, f"{cloud}: {words}", done.stderr)
    test.check(a in test.run("--cloud", cloud, "disks", "web-a").stdout, f"{cloud}: disks of a name")
    done = test.run("--cloud", cloud, "stop", "no-such-name")
    test.check(done.returncode in (1, 2) and "vendor: " in done.stderr, f"{cloud}: no such name", done.stderr)

# A name is found before a journal writes it.
charges = test.charges()
words = ("--cloud", "jd", "--journal", "sqlite:journal.db", "renew", "web-a", "--period", "1month", "--operation-key", "key-1")
test.check(test.run(*words).returncode == 0 and test.run(*words).returncode == 0, "renew by name, twice")
test.check(test.charges() > charges, "it was renewed")
first = test.charges()
test.run(*words)
test.check(test.charges() == first, "one key is one renewal")

# Spending is for one instance.
for words in (("renew", "a", "b", "--period", "1month"), ("upgrade", "a", "b", "--cpu", "4"), ("list", "a"), ("stop", "a", "a")):
    done = test.run("--cloud", "jd", *words)
    test.check(done.returncode == 2, f"{words} is refused", done.stderr)

# "m" may be minutes or months.
for period in ("1m", "12M", "1 m"):
    for words in (("create", "--name", "web-m", *SIZE[:4], "--period", period), ("renew", "web-a", "--period", period)):
        charges = test.charges()
        done = test.run("--cloud", "jd", *words)
        test.check(done.returncode == 2 and "month" in done.stderr and test.charges() == charges, f"{words}", done.stderr)

# CSV of changes: one header, one row each.
rows = list(csv.DictReader(io.StringIO(test.run("--cloud", "jd", "stop", "web-a", "no-such-name", "-o", "csv").stdout)))
test.check(len(rows) == 1 and rows[0]["op"] == "stop_instance", "CSV of a change", str(rows))
test.run("--cloud", "jd", "wait", "web-a")

# A wait that ends too early says the last state, on a pipe, too.
test.control("POST", "timeline", {"transition": "start", "seconds": 600})
done = test.run("--cloud", "jd", "start", "web-a", "--wait", "--timeout", "2", "-o", "json")
test.check(done.returncode == 3 and "last state: " in done.stdout and ": starting" in done.stdout, "start --wait", done.stdout)
done = test.run("--cloud", "jd", "wait", "web-a", "--timeout", "2")
test.check(done.returncode == 1 and ": starting" in done.stderr, "wait", done.stderr)

# A check that was not made is not one that failed.
for cloud in ("jd", "ecs", "ccs"):
    shown = test.run("--cloud", cloud, "check", "--name", "web-c", *SIZE, *PASSWORD)
    made = test.json("--cloud", cloud, "check", "--name", "web-c", *SIZE, *PASSWORD)["checks"]
    rest = [one for one in made if not one["real"] and not one["passed"]]
    test.check(len(re.findall(r"^\S+ +no +not checked ", shown.stdout, re.M)) == len(rest), f"{cloud}: check", shown.stdout)
    test.check(all(type(one["passed"]) is bool for one in made), f"{cloud}: check in JSON")
test.end()
