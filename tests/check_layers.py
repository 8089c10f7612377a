#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: every quoted include is written from the root and allowed by the table, every third-party
header is included by the one file named for it, and every file begins with its licence."""
import os
import re
import shutil
import subprocess
import sys

# folder or file -> what its quoted includes may begin with; the longest key that fits counts
ROOMS = {
    "include/": ("include/",),
    "status/": ("include/", "status/"),
    "core/": ("include/", "status/", "core/"),
    "providers/": None,  # below: a provider sees the door, itself, and what its vendor's products share
    "cli/": ("include/", "cli/"),
    "journal/": ("include/", "core/error.h", "core/mem.h", "journal/"),
    "emulator/": ("include/cloud_emulator.h", "emulator/"),
    "examples/": ("include/", "examples/"),
    "tests/": ("include/", "status/", "core/", "providers/", "cli/", "journal/", "tests/", "bench/server.h"),
    "bench/": ("include/", "status/", "core/", "providers/", "bench/"),
}
# what the tests of the emulator look into
EMULATOR_TESTS = re.compile(r"^tests/(test_)?(emulator|emu)[a-z_]*\.[ch]$")
DOOR = "include/cloud_provider.h"  # the one header of ours that a provider sees
# third-party header -> the files that may include it (a folder ends with a slash)
THIRD_PARTY = {
    "curl/": ("core/transport_curl.c", "core/flight.c", "core/flight.h", "bench/", "tests/conformance/"),
    "openssl/": ("core/crypto.c", "emulator/crypto.c", "tests/"),
    "uuid/": ("core/world.c",),
    "yyjson.h": ("core/json_inside.h", "emulator/json.c", "emulator/json.h", "emulator/emulator.h", "cli/json.c", "tests/"),
    "yaml.h": ("core/yaml.c",),
    "sqlite3.h": ("emulator/", "journal/sqlite.c", "tests/"),
    "libpq-fe.h": ("journal/postgres.c", "tests/"),
    "microhttpd.h": ("emulator/server.c",),
    "libsmartcols": ("cli/table.c",),
    "cmocka.h": ("tests/",),
}


def allowed(path):
    if path.startswith("providers/"):
        room = path.split("/")[1]
        own = [f"providers/{room}/"]
        family = room.split("_")[0]
        if family != room and os.path.isdir(f"providers/{family}"):
            own.append(f"providers/{family}/")
        return (DOOR, *own)
    if EMULATOR_TESTS.match(path):
        return ROOMS["emulator/"] + ROOMS["tests/"]
    for room, may in ROOMS.items():
        if path.startswith(room):
            return may
    return ()


def check_quoted(path, number, name):
    if path.startswith("include/") and os.path.exists(f"include/{name}"):
        return None  # installed side by side: a header names its neighbour as it will lie there
    if not os.path.exists(name):
        return f"{path}:{number}: \"{name}\" is not written from the root"
    if not any(name.startswith(p) for p in allowed(path)):
        return f"{path}:{number}: may not include \"{name}\""
    if path.startswith("core/") and name.startswith("providers/"):
        return f"{path}:{number}: core knows no provider"
    return None


def check_angled(path, number, name):
    for header, files in THIRD_PARTY.items():
        if name.startswith(header) and not any(path == f or (f.endswith("/") and path.startswith(f)) for f in files):
            return f"{path}:{number}: <{name}> is for {', '.join(files)}"
    return None


def check_file(path):
    wrong = []
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    if not lines or "SPDX-License-Identifier: Apache-2.0" not in "".join(lines[:2]):
        wrong.append(f"{path}:1: no SPDX line")
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
        if found:
            problem = check_quoted(path, number, found[1]) if found[1] else check_angled(path, number, found[2])
            wrong += [problem] if problem else []
    return wrong


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    git = shutil.which("git") and subprocess.run(["git", "ls-files", "*.c", "*.h", "*.def"], capture_output=True, text=True)
    files = git.stdout.split() if git else []
    if not files:  # an unpacked archive, or no git
        files = [os.path.relpath(os.path.join(d, f)) for d, _, names in os.walk(".") for f in names
                 if f.endswith((".c", ".h", ".def")) and "build" not in d]
    wrong = [problem for path in files if os.path.exists(path) for problem in check_file(path)]
    print("\n".join(wrong) if wrong else f"{len(files)} files keep to their rooms")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
