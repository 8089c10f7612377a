#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the vocabulary: fails on words that the project does not use, and names the word to write instead.

    tests/check_words.py [FILE...]

Reads sources, documents, scripts, man pages, and the subjects of the commits since BASE. In names, the parts between
underscores are words ("kit_door_reset" holds "door"). ALLOWED lists the places where a word is right, with the reason.
"""
import os
import re
import shutil
import subprocess
import sys

from source_files import ROOT, source_files

BASE = "cb957d169201478f955bdb1ec8b46dfbae13c175"  # the last commit before the vocabulary was fixed

# Word -> the word to write. A word also matches as a part of a name, between underscores.
WORDS = {
    "pretend|pretends|pretended|pretending": "emulate, emulated, fake",
    "mend|mends|mended|mending": "fix",
    "told|tells": "reported, returns; \"says\" only of messages",
    "whoever|somebody|nobody": "the caller, the vendor, another process, no one else: name the role",
    "story|stories": "details",
    "mould|moulds": "template",
    "flight|flights": "exchange",
    "lane|lanes": "queue",
    "gate|gates|gated": "limiter queue",
    "leg|legs": "stage",
    "hand|hands": "owner; for \"hands over\": passes, returns",
    "room|rooms": "folder; for memory: space, capacity",
    "door|doors": "entry point",
    "house": "layout",
    "shop|shops": "purchase",
    "stirs|stir|stirring": "becomes readable",
    "legal|illegal": "allowed, not allowed",
    "shape|shapes": "instance type, size, form",
}
# Phrase -> the phrase to write.
PHRASES = {
    r"stands? (?:in|beside|behind|before|at|for itself)": "is in, is next to",
    r"at home": "computed locally",
    r"parted by": "separated by",
    r"(?:behind|after) the point": "decimal places",
    r"go(?:es)? on": "continues",
    r"puts? down": "writes",
    r"lets? go": "releases",
    r"so that [^.;\n]{0,80}, as ": "two plain sentences",
}
# "What ..." as the subject of a sentence: at the start of a comment or a sentence, and no question.
WHAT = re.compile(r"(?:^\s*(?:/\*+|\*|#|//|\"\"\"|[-*] |\d+\. )?\s*|[.:] )What (?!\"|')[^.?]*(?=[.]|\*/|$)")
# The beginning of a line that continues a comment.
CONTINUED = re.compile(r"^\s*(?:\*(?!/)|#|//)?\s*")

# (regular expression of the path, regular expression of the text, reason)
ALLOWED = [
    (r"^tests/check_words\.py$", r".", "the list itself"),
    (r"^LICENSE$", r".", "a licence is quoted as it is"),
    (r"^tests/fixtures/", r".", "requests, replies and pages of the vendors, as they are"),
    (r"\.md$", r"^#+ What .*", "the heading of a page"),
    (r".", r"\bin[ -]flight\b|in_flight", "the standard term for requests that are sent and not answered"),
    (r"^(tests/conformance/params_cases\.c|docs/extend/conformance\.md|scripts/mutate)$", r"\b(il)?legal\b",
     "members of the facts files and ids of conformance cases, which reports of earlier releases have"),
]

READ = re.compile(r"\.(c|h|def|py|sh|md|build|1|ya?ml|bash|fish)$|^scripts/|^completions/|^README|^tests/conformance/mutants$")


def compile_words():
    rules = []
    for words, instead in WORDS.items():
        rules.append((re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", re.I), instead))
    for phrase, instead in PHRASES.items():
        rules.append((re.compile(rf"(?<![A-Za-z0-9_]){phrase}(?![A-Za-z0-9_])", re.I), instead))
    return rules


RULES = compile_words()


def allowed(path, line, found):
    """Whether the match lies within a text that is allowed in that file."""
    for where, text, _ in ALLOWED:
        if re.search(where, path):
            for may in re.finditer(text, line):
                if text == r"." or (may.start() <= found.start() and found.end() <= may.end()):
                    return True
    return False


def check_text(path, text):
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        for rule, instead in RULES:
            for found in rule.finditer(line):
                if not allowed(path, line, found):
                    wrong.append(f"{path}:{number}: \"{found[0]}\": write {instead}")
        for found in WHAT.finditer(line):
            if not line[found.end():].startswith("?") and "?" not in line and not allowed(path, line, found):
                wrong.append(f"{path}:{number}: \"What ...\" as a subject: write a plain sentence")
    return wrong + check_line_ends(path, text.splitlines())


def check_line_ends(path, lines):
    """Phrases that begin on one line and end on the next."""
    wrong = []
    for number, (line, following) in enumerate(zip(lines, lines[1:]), 1):
        both = line.rstrip() + " " + CONTINUED.sub("", following)
        for rule, instead in RULES[len(WORDS):]:
            for found in rule.finditer(both):
                if found.start() < len(line.rstrip()) < found.end() and not allowed(path, both, found):
                    wrong.append(f"{path}:{number}: \"{found[0]}\": write {instead}")
    return wrong


def check_commits():
    """The subjects since BASE; nothing where there is no git or BASE is not in the clone."""
    if not shutil.which("git"):
        return []
    log = subprocess.run(["git", "log", "--no-merges", "--format=%h %s", f"{BASE}..HEAD"], capture_output=True, text=True)
    wrong = []
    for line in log.stdout.splitlines() if log.returncode == 0 else []:
        commit, _, subject = line.partition(" ")
        wrong += [p.replace(":1:", ":", 1) for p in check_text(f"commit {commit}", subject)]
        if not re.match(r"[a-z0-9_./, -]+: \S", subject):
            wrong.append(f"commit {commit}: \"{subject}\" is not \"area: imperative summary\"")
    return wrong


def main():
    os.chdir(ROOT)
    files = sys.argv[1:] or [p for p in source_files() if READ.search(p) and not p.startswith("tests/fixtures/")]
    wrong = []
    for path in files:
        with open(path, encoding="utf-8") as file:
            wrong += check_text(path, file.read())
    if not sys.argv[1:]:
        wrong += check_commits()
    print("\n".join(wrong) if wrong else f"{len(files)} files keep to the vocabulary")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
