#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks how C files are laid out.

    tests/check_format.py [--fix]

1. clang-format with the repository's .clang-format changes nothing. Its versions format differently, so only the version
   below decides; with another one this part is skipped and says so. --fix formats the files instead.
2. No line of a C file is longer than 100 columns. Row tables, which clang-format leaves alone, are included.
3. No comment is a ruler ("/* ---- memory ---- */").
"""
import os
import re
import shutil
import subprocess
import sys
import unicodedata

from source_files import ROOT, source_files

COLUMNS = 100
CLANG_FORMAT_MAJOR = 14
RULER = re.compile(r"/\* ?[-=*]{4,}")


def width(line):
    """Columns on a terminal: a wide character takes two, as clang-format counts."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def check_lines(path):
    wrong = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            columns = width(line.rstrip("\n"))
            if columns > COLUMNS:
                wrong.append(f"{path}:{number}: {columns} columns; at most {COLUMNS}")
            if RULER.search(line):
                wrong.append(f"{path}:{number}: a ruler instead of a comment")
    return wrong


def clang_format():
    """The program's name when it is of the version that decides, else None."""
    for name in (f"clang-format-{CLANG_FORMAT_MAJOR}", "clang-format"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
            found = re.search(r"version (\d+)\.", said)
            if found and int(found[1]) == CLANG_FORMAT_MAJOR:
                return name
    return None


def check_clang_format(name, files):
    done = subprocess.run([name, "--dry-run", "-Werror", *files], capture_output=True, text=True)
    lines = [line for line in done.stderr.splitlines() if "error:" in line]
    return lines or ([done.stderr.strip()] if done.returncode else [])


def main():
    os.chdir(ROOT)
    files = source_files(".c", ".h", ".def")
    name = clang_format()
    code = [path for path in files if not path.endswith(".def")]
    if "--fix" in sys.argv[1:]:
        if not name:
            sys.exit(f"no clang-format {CLANG_FORMAT_MAJOR} here")
        subprocess.run([name, "-i", *code], check=True)
    wrong = [problem for path in files for problem in check_lines(path)]
    if name:
        wrong += check_clang_format(name, code)
    print("\n".join(wrong) if wrong else f"{len(files)} files are laid out well" +
          ("" if name else f"; clang-format {CLANG_FORMAT_MAJOR} is not here, so only line lengths were checked"))
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
