#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the paths in the documents.

    tests/docs/test_paths.py SOURCE-DIRECTORY

1. Every path that a document names exists, from the top or next to the document. A path is a word
   in backticks that begins with a folder of the top level, or the target of a link.
2. CONTRIBUTING.md names every source file of the library, the providers, the journal, the emulator
   and cloudctl, because its table must lead to each of them. A path with "*" or "{a,b}" names all
   files that it matches.
"""
import glob
import os
import re
import sys

NAMED = ["core", "status", "providers", "journal", "emulator", "cli"]
OTHER_PLACES = ("...", "$", "<", "FOLDER")  # parts of paths that are placeholders


def expand(path):
    """Returns the paths that "a/{b,c}.c" names."""
    found = re.match(r"(.*?)\{([^}]*)\}(.*)", path)
    if not found:
        return [path]
    return [path for middle in found[2].split(",")
            for path in expand(found[1] + middle.strip() + found[3])]


def paths_in(document, tops):
    """Yields (line number, path from the top of the repository) of each path in the document."""
    with open(document, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            for words in re.findall(r"`([^`]+)`", line):
                word = words.split()[0].rstrip(",.;:")
                placeholder = any(part in word for part in OTHER_PLACES)
                if "/" in word and word.split("/")[0] in tops and not placeholder:
                    yield number, word.replace("NAME", "*")  # of a provider
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", line):
                if "://" not in target:
                    yield number, os.path.normpath(os.path.join(os.path.dirname(document), target))


def sources():
    for folder in NAMED:
        for name in glob.glob(folder + "/**/*", recursive=True):
            if name.endswith((".c", ".h", ".def")):
                yield name


def main():
    os.chdir(sys.argv[1])
    tops = {name for name in os.listdir(".")
            if os.path.isdir(name) and not name.startswith((".git", "build"))}
    documents = sorted(glob.glob("*.md") + glob.glob("docs/**/*.md", recursive=True) +
                       ["tests/README.md"])
    wrong, named = [], set()
    for document in documents:
        for number, path in paths_in(document, tops):
            here = os.path.dirname(document)
            found = [file for p in expand(path)
                     for file in glob.glob(p) or glob.glob(os.path.join(here, p)) or [None]]
            wrong += [f"{document}:{number}: there is no {path}"] if None in found else []
            if document == "CONTRIBUTING.md":
                named.update(os.path.normpath(f) for f in found if f)
    wrong += [f"CONTRIBUTING.md does not name {path}"
              for path in sorted(sources()) if path not in named]
    print("\n".join(wrong) if wrong else f"the paths in {len(documents)} documents exist")
    return 1 if wrong or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
