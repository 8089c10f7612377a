#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests that spending and deleting ask on a terminal, with the price, its period and what it is for, and never elsewhere.

    test_confirm.py CLOUDCTL CLOUD-EMULATOR
"""
import sys

from cloudctl import PASSWORD, SIZE, Test

test = Test(sys.argv[1], sys.argv[2])
test.control("POST", "timeline", {"transition": "*", "seconds": 0})
QUESTION = "[y/N] "

for cloud in ("jd", "ecs", "ccs"):
    words = ("--cloud", cloud, "create", "--name", "web-1", *SIZE, *PASSWORD)
    price = test.json("--cloud", cloud, "price", *SIZE)["price"]["total"]["amount"]
    for answer in ("n", "", "no", "yea"):
        code, out = test.terminal(*words, answer=answer)
        test.check(code == 1 and test.charges() == 0, f"{cloud}: create, answer '{answer}'", out)
        test.check(f"price: {price} CNY for 1 month" in out and "name: web-1" in out, f"{cloud}: what is shown", out)
        test.check("Kp7" not in out, f"{cloud}: the password is not shown", out)
        test.check("nothing was sent" in out, f"{cloud}: the answer no", out)
    code, out = test.terminal(*words, answer="y")
    test.check(code == 0 and QUESTION in out and test.charges() > 0, f"{cloud}: create, answer y", out)
    test.control("POST", "reset")

server = test.json("--cloud", "jd", "create", "--name", "web-1", *SIZE, "--wait")["ids"][0]
hourly = test.json("--cloud", "jd", "create", "--name", "web-2", *SIZE[:4], "--wait")["ids"][0]
charges = test.charges()
ASKED = (("renew", server, "--period", "1month"), ("upgrade", "web-1", "--cpu", "4", "--memory-gb", "8"),
         ("auto-renew", server, "--auto-renew", "--period", "1month"), ("delete", hourly), ("delete", "web-1", hourly),
         ("invoke", "renewInstance", f"instanceId={server}"), ("invoke", "deleteInstance", f"instanceId={hourly}"))
for words in ASKED:
    code, out = test.terminal("--cloud", "jd", *words, answer="n")
    test.check(code in (1, 2) and QUESTION in out, f"{words}: no question", out)
    if words[0] != "invoke":
        test.check("web-1" in out or "web-2" in out, f"{words}: does not say what it is for", out)
        test.check(("price: " in out) == (words[0] != "delete"), f"{words}: price", out)
test.check(test.charges() == charges and len(test.json("--cloud", "jd", "list")["instances"]) == 2, "the answer no does nothing")

# The price that was shown is the limit.
code, out = test.terminal("--cloud", "jd", "renew", server, "--period", "1month", answer="yes")
test.check(code == 0 and test.charges() > charges, "the answer yes", out)

# Nothing is asked: --yes, no terminal, changes that neither spend nor delete, turning renewal off.
for words in (("stop", server), ("start", server), ("auto-renew", server, "--no-auto-renew"), ("list",), ("delete", hourly, "--yes"),
              ("renew", server, "--period", "1month", "-y")):
    code, out = test.terminal("--cloud", "jd", *words)
    test.check(code == 0 and QUESTION not in out, f"{words}: asks", out)
    test.run("--cloud", "jd", "wait", server)
done = test.run("--cloud", "jd", "renew", server, "--period", "1month")
test.check(done.returncode == 0 and QUESTION not in done.stderr, "without a terminal", done.stderr)
test.check(test.run("--cloud", "jd", "list", "--yes").returncode == 2, "--yes of a command that only reads")
test.end()
