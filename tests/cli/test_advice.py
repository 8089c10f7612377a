#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests what cloudctl advises: commands to paste, near names, unknown regions and keys, what proves an access key, and what
the completion offers to a shell.

    test_advice.py CLOUDCTL CLOUD-EMULATOR
"""
import os
import re
import shlex
import subprocess
import sys

from cloudctl import SIZE, Test

test = Test(sys.argv[1], sys.argv[2])


def err(*words):
    return test.run(*words).stderr


# Near names: at most half of a name differs; capital letters do not count.
for typed, near in (("lsit", "list"), ("LIST", "list"), ("Strat", "start"), ("WAIT", "wait"), ("renewprice", "renew-price")):
    test.check(f"did you mean '{near}'" in err(typed), f"{typed} is near {near}", err(typed))
for typed in ("x", "zz", "abc", "foobar", "servers"):
    test.check("did you mean" not in err(typed), f"{typed} is near nothing", err(typed))
test.check("did you mean --period" in err("price", "--Period", "1month"), "an option in capitals")
test.check("did you mean" not in err("price", "--xx", "1"), "no option is near")
for name, near in (("JD", "jd"), ("production", None)):
    said = err("--cloud", name, "list")
    test.check(("the nearest is" in said) == (near is not None) and "the clouds are" in said, f"cloud {name}", said)
test.check("the nearest are describeInstance" in err("--cloud", "jd", "invoke", "DescribeInstanc"), "an action in other letters")
test.check("nearest" not in err("--cloud", "jd", "invoke", "x"), "no action is near", err("--cloud", "jd", "invoke", "x"))
with open("bad.yaml", "w") as file:
    file.write("Clouds: {}\n")
os.chmod("bad.yaml", 0o600)
test.check("the nearest is 'clouds'" in err("--config", "bad.yaml", "list"), "a key in capitals", err("--config", "bad.yaml", "list"))
with open("bad.yaml", "w") as file:
    file.write("zzzzzz: {}\n")
said = err("--config", "bad.yaml", "list")
test.check("no such key" in said and "nearest" not in said, "no key is near", said)

# Keys of a journal
said = err("journal", "show", "order-9", "--journal", "sqlite:journal.db", "--cloud", "jd")
test.check("order-9" in said and "region" not in said and "cloudctl --cloud jd journal list" in said, "a missing key", said)

# A region that is not in the table
for cloud, region, near in (("demo", "cn-nort-1", "cn-north-1"), ("demo-ccs", "CN_Bejing_A", "CN_Beijing_A"),
                            ("demo", "CN-NORTH-1", "cn-north-1"), ("demo", "mars-1", None)):
    done = test.run("--cloud", cloud, "--region", region, "list")
    test.check(f"region {region} is not in the table" in done.stderr, f"{cloud}: region {region}", done.stderr)
    test.check(near is None or f"did you mean {near}?" in done.stderr, f"{cloud}: near region", done.stderr)
test.check("not in the table" not in err("--cloud", "demo", "--region", "cn-south-1", "list"), "a known region")
test.check("not in the table" not in err("--cloud", "ecs", "list"), "a vendor that lists its regions")

# A list of regions from a table proves nothing about the key.
test.env["SECRET"] = "a-wrong-secret-of-a-test"
for cloud in ("jd", "ccs"):
    done = test.run("--cloud", cloud, "regions")
    test.check(done.returncode == 0 and "the access key was not tested" in done.stderr, f"regions at {cloud}", done.stderr)
    test.check("the access key was not tested" in test.json("--cloud", cloud, "regions")["note"], f"regions at {cloud} in JSON")
done = test.run("--cloud", "ecs", "regions")
test.check(done.returncode == 1 and "not tested" not in done.stderr, "regions at ecs ask the vendor", done.stderr)
test.env["SECRET"] = "secret-of-the-test"
test.check("note" not in test.json("--cloud", "ecs", "regions"), "no note where the vendor was asked")

# "next:" commands can be pasted: every word is quoted.
os.mkdir("a b")
os.rename("clouds.yaml", "a b/it's clouds.yaml")
test.env.pop("CLOUD_CLIENT_CONFIG")
config = os.path.abspath("a b/it's clouds.yaml")
test.control("POST", "timeline", {"transition": "*", "seconds": 0})
server = test.json("--config", config, "--cloud", "jd", "create", "--name", "web-1", *SIZE, "--wait")["ids"][0]
test.control("POST", "fail", {"action": "rebootInstance", "kind": "drop_after_apply", "times": 9})
said = err("--config", config, "--cloud", "jd", "reboot", server)
pasted = re.search(r"check with: cloudctl (.*)", said)
test.check(pasted and shlex.split(pasted[1]) == ["--config", config, "--cloud", "jd", "show", server], "quoted configuration", said)
test.control("DELETE", "fail")
for bad in ("i-1; touch pwned", "$(touch pwned)", "`touch pwned`", "i-1\ntouch pwned", "a'b", "-x", "=ls"):
    test.control("POST", "fail", {"action": "rebootInstance", "kind": "drop_after_apply", "times": 9})
    for words in (("reboot", "--", bad), ("wait", "--timeout", "1", "--", bad), ("wait", "--timeout", "1", "--task-id=" + bad)):
        said = err("--config", config, "--cloud", "jd", *words)
        for command in re.findall(r"(?:with|waiting|it): (cloudctl .*)", said):
            test.check("\n" not in command and len(shlex.split(command)) <= 9, f"{words}", said)
            subprocess.run(["sh", "-c", command.replace("cloudctl", "true", 1)], check=False)
    test.control("DELETE", "fail")
journal = "sqlite:" + os.path.abspath("a b/it's; touch pwned.db")
test.control("POST", "fail", {"action": "createInstances", "kind": "drop_before_apply", "times": 9})
said = err("--config", config, "--cloud", "jd", "--journal", journal, "create", "--name", "w-1", *SIZE, "--operation-key", "k")
pasted = re.search(r"settle it with: cloudctl (.*)", said)
test.check(pasted and shlex.split(pasted[1])[-4:] == ["--journal", journal, "journal", "resolve"], "quoted journal", said)
test.control("DELETE", "fail")

# Completion: a shell inserts what it gets.
NAMES = ("plain", "my cloud", "$(touch pwned)", "`touch pwned`", "a;touch pwned", "it's", "~root", "a|b", "x>y", "中文", "tab\\there",
         "esc\\e[31m", "bidi\\u202Exyz", "c1\\x9bx")
with open("evil.yaml", "w") as file:
    file.write("clouds:\n" + "".join(
        f'  "{name}": {{ provider: jdcloud, region: cn-north-1, access_key_id: a, access_key_secret: b }}\n' for name in NAMES))
os.chmod("evil.yaml", 0o600)
for typed in (("--cloud", ""), ("--cloud=",)):
    lines = test.run("__complete", "--config", "evil.yaml", *typed).stdout.splitlines()
    prefix = typed[0] if len(typed) == 1 else ""
    offered = []
    for line in lines:
        candidate, _, about = line.partition("\t")
        test.check(all(c.isprintable() for c in candidate + about), "a control character is offered", repr(line))
        words = shlex.split(candidate, posix=True)
        test.check(len(words) == 1, "a candidate is one word", repr(candidate))
        echoed = subprocess.run(["bash", "-c", f"printf %s {candidate}"], capture_output=True, text=True).stdout
        test.check(echoed == words[0], "bash takes a candidate as it is", repr(candidate), repr(echoed))
        offered.append(words[0].removeprefix(prefix))
    test.check(set(NAMES[:10]) <= set(offered) and len(offered) == 10 + 3, "names that are offered", str(offered))
test.check(test.run("__complete", "--config", "evil.yaml", "--cloud", "'my").stdout.startswith("'my cloud'\t"), "an opened quote")
test.check(not os.path.exists("pwned") and not os.path.exists("pwned.db"), "nothing was run")
test.end()
