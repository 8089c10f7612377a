#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the layers: which folder may use which. One row of LAYERS for each folder.

    tests/check_layers.py [BUILD-DIRECTORY]

1. Every quoted include names a file from the top of the repository, in a folder that the row allows.
2. Every third-party header is included only by the files that own it (OWNERS).
3. With a build directory (build/ is taken when it exists): every symbol that an object file uses is defined in a folder
   that the row allows, and no two files of different folders use each other, directly or through others.
4. No vendor is named in a folder that must not know one.
5. Every source file begins with its licence.
"""
import json
import os
import re
import subprocess
import sys

from source_files import ROOT, source_files

# Folder -> the folders it may use besides itself. "include" covers the folders below it.
BASE = ["include", "core/base"]
MODEL = BASE + ["core/json", "core/sign", "status", "core/model"]
ENGINE = MODEL + ["core/hooks", "core/config", "core/pricing", "core/transport", "core/engine"]
CORE = ENGINE + ["core/scheduler", "core/api"]
EMULATOR = ["include/cloud_emulator.h", "emulator/engine"]
SUPPORT = CORE + ["tests/support"]
LAYERS = {
    "include": [],
    "include/cloud_client": ["include"],
    "include/cloud_provider": ["include"],
    "core/base": ["include"],
    "core/json": BASE,
    "core/sign": BASE,
    "status": ["include"],
    "core/model": BASE + ["core/json", "core/sign", "status"],
    "core/transport": MODEL,
    "core/config": MODEL,
    "core/pricing": MODEL + ["core/config"],
    "core/hooks": MODEL + ["core/pricing"],
    "core/engine": ENGINE,
    "core/scheduler": ENGINE,
    "core/api": ENGINE + ["core/scheduler"],
    "providers": ["include"],
    "providers/capitalonline": ["include", "providers"],
    "providers/capitalonline_ccs": ["include", "providers", "providers/capitalonline"],
    "providers/capitalonline_ecs": ["include", "providers", "providers/capitalonline"],
    "providers/jdcloud": ["include", "providers"],
    "journal": BASE + ["journal/store", "journal/settle"],
    "journal/store": BASE + ["journal"],
    "journal/settle": BASE + ["journal", "journal/store"],
    "emulator": EMULATOR + ["emulator/jdcloud", "emulator/capitalonline/ccs", "emulator/capitalonline/ecs"],
    "emulator/engine": ["include/cloud_emulator.h"],
    "emulator/jdcloud": EMULATOR,
    "emulator/capitalonline/common": EMULATOR,
    "emulator/capitalonline/ccs": EMULATOR + ["emulator/capitalonline/common"],
    "emulator/capitalonline/ecs": EMULATOR + ["emulator/capitalonline/common"],
    "cli": ["include"],
    "bench": CORE,
    "examples": ["include"],
    "examples/provider": ["include"],
    "examples/uv": ["include"],
    "tests/support": CORE,
    "tests/unit/base": SUPPORT,
    "tests/unit/json": SUPPORT,
    "tests/unit/sign": SUPPORT,
    "tests/unit/status": SUPPORT,
    "tests/unit/model": SUPPORT,
    "tests/unit/config": SUPPORT,
    "tests/unit/pricing": SUPPORT,
    "tests/unit/transport": SUPPORT,
    "tests/unit/engine": SUPPORT + ["cli"],
    "tests/unit/scheduler": SUPPORT + ["bench"],
    "tests/unit/api": ["include"],
    "tests/providers": SUPPORT,
    "tests/fuzz": SUPPORT + ["cli"],
    "tests/cli": [],
    "tests/emulator": EMULATOR,
    "tests/journal": SUPPORT + ["journal", "journal/store", "journal/settle"],
    "tests/crash": SUPPORT + ["tests/journal"],
    "tests/conformance": ["include", "cli", "core/model", "status"],
}
# Symbols of another folder that a row does not allow, each with its reason.
EXCEPTIONS = {
    ("core/model/registry.c", "providers"): "the list of built-in providers is the one place that names them",
    ("emulator/engine", "emulator/services.c"): "the list of vendors is the one place that names them",
}
# Folders that run the hooks of providers. A provider may not call them, although their functions are public.
CALLERS_OF_PROVIDERS = ["core/transport", "core/engine", "core/scheduler", "core/api"]
# Third-party header -> the files that may include it (a folder ends with a slash).
OWNERS = {
    "curl/": ["core/transport/", "bench/", "tests/conformance/", "tests/unit/transport/"],
    "openssl/": ["core/sign/digest.c", "emulator/engine/digest.c", "tests/"],
    "uuid/": ["core/base/env.c"],
    "yyjson.h": ["core/json/internal.h", "emulator/engine/", "cli/json.c", "tests/"],
    "yaml.h": ["core/config/yaml.c"],
    "sqlite3.h": ["emulator/engine/", "journal/store/sqlite.c", "tests/"],
    "libpq-fe.h": ["journal/store/postgres.c", "tests/"],
    "microhttpd.h": ["emulator/engine/http_server.c"],
    "libsmartcols": ["cli/table.c"],
    "cmocka.h": ["tests/"],
}
# Folders that must not name a vendor outside of a comment.
NO_VENDOR = ["core/base/", "core/json/", "core/config/", "core/pricing/", "core/hooks/", "core/engine/", "core/scheduler/",
             "core/api/", "status/"]
VENDOR = re.compile(r"jdcloud|capitalonline|aliyun", re.I)
# Folders in which not even files of one folder use each other in a circle.
NO_CIRCLES = ("cli/", "emulator/")
NOT_SHIPPED = ("tests/", "bench/", "examples/")


def folder_of(path):
    """The longest row that the path is in."""
    fits = [row for row in LAYERS if path.startswith(row + "/")]
    return max(fits, key=len) if fits else None


def allows(row, path):
    """Whether files of the folder @row may use the file @path."""
    if path.startswith(row + "/") and folder_of(path) == row:
        return True
    for other in LAYERS[row]:
        if path == other or folder_of(path) == other:
            return True
        if other == "include" and path.startswith("include/"):
            return True
    return False


def excepted(path, other):
    return any(path.startswith(a) and other.startswith(b) for a, b in EXCEPTIONS)


def check_include(path, number, name):
    row = folder_of(path)
    if path.startswith("include/"):
        # Installed headers name each other as they lie after the installation.
        candidates = [os.path.join("include", name), os.path.normpath(os.path.join(os.path.dirname(path), name))]
        return [] if any(os.path.exists(c) for c in candidates) else [f'{path}:{number}: no file "{name}"']
    if not os.path.exists(name):
        return [f'{path}:{number}: "{name}" is not a path from the top of the repository']
    if not allows(row, name) and not excepted(path, name):
        return [f'{path}:{number}: {row}/ may not include "{name}"']
    return []


def check_third_party(path, number, name):
    for header, owners in OWNERS.items():
        if name.startswith(header) and not any(path == o or (o.endswith("/") and path.startswith(o)) for o in owners):
            return [f"{path}:{number}: <{name}> belongs to {', '.join(owners)}"]
    return []


def strip_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)


def check_file(path):
    wrong = []
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines = text.splitlines()
    if "SPDX-License-Identifier: Apache-2.0" not in "".join(lines[:2]):
        wrong.append(f"{path}:1: no SPDX line")
    if folder_of(path) is None:
        return wrong + [f"{path}: its folder has no row in tests/check_layers.py"]
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
        if found:
            of_ours = found[1] or (os.path.exists(found[2]) and found[2])
            wrong += check_include(path, number, of_ours) if of_ours else check_third_party(path, number, found[2])
    if any(path.startswith(f) for f in NO_VENDOR):
        for number, line in enumerate(strip_comments(text).splitlines(), 1):
            if VENDOR.search(line):
                wrong.append(f"{path}:{number}: names a vendor; vendor knowledge belongs to providers/")
    return wrong


def read_objects(build):
    """Source file -> (symbols it defines, symbols it uses), for the objects that ship."""
    objects = {}
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        path = os.path.relpath(os.path.realpath(os.path.join(entry["directory"], entry["file"])))
        output = os.path.join(build, entry["output"])
        if folder_of(path) is None or path.startswith(NOT_SHIPPED) or not os.path.exists(output):
            continue
        names = subprocess.run(["nm", "-g", output], capture_output=True, text=True, check=True).stdout
        words = [line.split() for line in names.splitlines()]
        defined = {w[2] for w in words if len(w) == 3 and w[1] not in "wv"}
        used = {w[-1] for w in words if len(w) == 2 and w[0] == "U"}
        objects[path] = (defined, used)
    return objects


def uses_of(objects):
    """File -> {file it uses: the symbols}."""
    owner = {symbol: path for path, (defined, _) in objects.items() for symbol in defined}
    uses = {}
    for path, (_, used) in objects.items():
        uses[path] = {}
        for symbol in sorted(used):
            if owner.get(symbol, path) != path:
                uses[path].setdefault(owner[symbol], []).append(symbol)
    return uses


def find_circles(uses):
    """Groups of files that use each other, directly or through others (Tarjan's algorithm)."""
    index, low, stack, groups = {}, {}, [], []

    def visit(path):
        index[path] = low[path] = len(index)
        stack.append(path)
        for other in uses.get(path, {}):
            if other not in index:
                visit(other)
                low[path] = min(low[path], low[other])
            elif other in stack:
                low[path] = min(low[path], index[other])
        if low[path] == index[path]:
            at = stack.index(path)
            groups.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for path in uses:
        if path not in index:
            visit(path)
    return groups


def may_call(path, other, symbol):
    """Whether @path may use @symbol of @other: by its row, or because it sees the public headers that declare it."""
    row = folder_of(path)
    public = symbol.startswith("cloud_") and "include" in LAYERS[row] and not path.startswith(("core/", "status/"))
    if path.startswith("providers/") and folder_of(other) in CALLERS_OF_PROVIDERS:
        public = False
    return public or allows(row, other) or excepted(path, other)


def check_symbols(build):
    objects = read_objects(build)
    if len(objects) < 50:
        return [f"{build}: only {len(objects)} object files; build first"]
    uses, wrong = uses_of(objects), []
    for path, others in uses.items():
        for other, symbols in others.items():
            wrong += [f"{path}: uses {symbol}() of {other}, which {folder_of(path)}/ may not use"
                      for symbol in symbols if not may_call(path, other, symbol)]
    kept = {p: {o: s for o, s in others.items() if not excepted(p, o)} for p, others in uses.items()}
    for group in find_circles(kept):
        within = len(group) > 1 and group[0].startswith(NO_CIRCLES)
        if within or len({folder_of(path) for path in group}) > 1:
            wrong.append("files use each other in a circle: " + ", ".join(group))
    return wrong


def main():
    build = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
    os.chdir(ROOT)
    if build is None and os.path.exists("build/compile_commands.json"):
        build = "build"
    files = source_files(".c", ".h", ".def")
    wrong = [problem for path in files for problem in check_file(path)]
    wrong += [f"tests/check_layers.py: no folder {row}" for row in LAYERS if not os.path.isdir(row)]
    if build:
        wrong += check_symbols(build)
    print("\n".join(wrong) if wrong else f"{len(files)} files keep to their layers")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
