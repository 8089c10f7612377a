#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no source follows the locale where it means ASCII: strcasecmp(), toupper(), isalpha(), strtod(), ...

    tests/check_ascii.py [SOURCE-DIRECTORY]

include/cloud_provider/ascii.h, in the emulator emulator/engine/ascii.h, has the functions to use instead.
"""
import os
import re
import sys

FOLDERS = ["include", "core", "status", "providers", "journal", "cli", "emulator", "examples"]
FUNCTIONS = (
    "strcasecmp|strncasecmp|strcasestr|strcoll|strxfrm|tolower|toupper|regcomp|regexec|fnmatch|"
    "isalpha|isalnum|isupper|islower|isdigit|isxdigit|isspace|isblank|isprint|isgraph|ispunct|iscntrl|"
    "strtod|strtof|strtold|atof|strerror_l|localtime|asctime|ctime"
)
CALL = re.compile(r"(?<![\w.>])(%s) ?\(" % FUNCTIONS)
HEADER = re.compile(r"#include <(ctype|strings|regex|fnmatch)\.h>")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DATE = re.compile(r'"[^"\n]*%[aAbBcxXpr][^"\n]*"')  # of strftime(), in the files that call it


def without_comments(text):
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def problems(path):
    with open(path, encoding="utf-8") as source:
        text = without_comments(source.read())
    for number, line in enumerate(text.split("\n"), 1):
        found = CALL.search(line) or HEADER.search(line)
        if found:
            yield f"{path}:{number}: {found.group().rstrip('( ')} follows the locale; use the functions of ascii.h"
        if "strftime" in line and DATE.search(line):
            yield f"{path}:{number}: names of days and months follow the locale"


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    found, count = [], 0
    for folder in FOLDERS:
        for directory, _, names in os.walk(folder):
            for name in names:
                if name.endswith((".c", ".h", ".def")):
                    count += 1
                    found += problems(os.path.join(directory, name))
    print("\n".join(found + [f"{count} files, {len(found)} problems"]))
    sys.exit(bool(found) or count < 100)


main()
