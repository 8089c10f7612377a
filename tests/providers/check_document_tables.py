#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the rows of the catalogues with the tables of the vendors' documents.

Reads from the Markdown text: each action with its address and method, its table of request
parameters (name, type, required) and its table of error codes. A parameter without a row, a type
or a requirement that differs, and a code without an error row are contradictions. An entry of
contradictions.json explains a contradiction of the documents themselves; an unused entry is a
failure. A row may have more facts than the documents.

usage: check_document_tables.py CATALOGUE-ROWS CONTRADICTIONS.json DOCUMENT.md...
"""

import json
import re
import subprocess
import sys
from pathlib import Path

TYPES = {
    "string": {"string"}, "str": {"string"}, "datetime": {"string"},
    "int": {"int"}, "integer": {"int"}, "interger": {"int"},
    "float": {"number"}, "double": {"number"},
    "bool": {"bool"}, "boolean": {"bool"},
    "dict": {"object"}, "map": {"object"},
    "list": {"list", "strings"}, "array": {"list", "strings"}, "[]string": {"strings"},
}
NAME, TYPE, NEED, CODE, HTTP = "name", "type", "need", "code", "http"
COLUMNS = {
    "参数": NAME, "名称": NAME, "参数名": NAME, "类型": TYPE,
    "要求": NEED, "是否必选": NEED, "是否必传": NEED, "必填": NEED,
    "错误码": CODE, "httpcode": HTTP,
}
NEEDED = {"必选": True, "是": True, "可选": False, "否": False}
# the provider of a document, by a part of its file's name
PROVIDERS = {"ecs": "capitalonline_ecs", "ccs": "capitalonline_ccs", "jdcloud": "jdcloud"}
# the number of actions of each document
COUNTS = {"jdcloud-vm-api": 35, "capitalonline-ecs-ebs-openapi": 30,
          "capitalonline-ccs-openapi": 40, "capitalonline-ecs-go-sdk": 9}
# our codes that are right for a documented HTTP status
STATUSES = {"404": {"CLOUD_ENOTFOUND"}, "500": {"CLOUD_EVENDOR"}}


def cells(line):
    return [cell.strip().strip("*").strip() for cell in line.strip().strip("|").split("|")]


class Action:
    def __init__(self, name):
        self.name, self.paths, self.host, self.methods = name, set(), None, set()
        self.parameters, self.errors = [], []

    def add(self, line):
        """Adds an address or a method."""
        address = re.search(r"请求地址\W*([\w.-]+)(/[\w./-]*)", line)
        if address:
            self.host, path = address.groups()
            self.paths.add(path.rstrip("/"))
        if "请求方法" in line:
            self.methods |= set(re.findall(r"GET|POST|PUT|PATCH|DELETE", line))


class Document:
    """The actions of a document, in their order."""

    def __init__(self, path):
        self.name, self.actions, self.tables = path.stem, [], 0
        self.provider = next(p for word, p in PROVIDERS.items() if word in self.name)
        self.columns, self.answers, self.code = None, False, False
        for line in path.read_text(encoding="utf-8").splitlines():
            self.read(line)
        self.actions = [a for a in self.actions
                        if a.paths or a.methods or a.parameters or self.is_sdk()]

    def is_sdk(self):
        return self.name.endswith("sdk")

    def read(self, line):
        if line.strip().startswith("```"):
            self.code = not self.code
        elif self.code:
            return
        elif line.startswith("|"):
            self.row(line)
        else:
            self.columns = None
            self.head(line)

    def head(self, line):
        heading = re.match(r"(#+) +(?:\d+\.)? *([A-Za-z]\w+) *$", line)
        if heading and len(heading[1]) == 3:
            self.actions.append(Action(heading[2]))
            self.answers = self.is_sdk()
        elif heading and self.is_sdk():
            self.answers = not heading[2].endswith("Req")
        elif re.match(r"[\s*]*返回参数", line):
            self.answers = True
        elif re.match(r"[\s*]*(请求参数|错误码)", line):
            self.answers = False
        elif self.actions:
            self.actions[-1].add(line)

    def row(self, line):
        row = cells(line)
        if self.columns is None:
            self.columns = [COLUMNS.get(cell) or COLUMNS.get(cell.lower()) for cell in row]
            self.overview = row[:2] == ["接口名称", "请求方式"]
            self.tables += self.overview or not self.answers
        elif not re.fullmatch(r"[-: |]+", line.strip()):
            self.take(row)

    def take(self, row):
        if self.overview:
            self.actions.append(Action(row[0]))
            self.actions[-1].methods.add(row[1])
            return
        given = {column: cell for column, cell in zip(self.columns, row) if column}
        if CODE in given and HTTP in given:
            self.actions[-1].errors.append((given[HTTP], given[CODE]))
        elif not self.answers and self.actions and {NAME, TYPE, NEED} <= given.keys():
            self.actions[-1].parameters.append((given[NAME].split("/"), given[TYPE], given[NEED]))


class Checker:
    def __init__(self, rows, explained):
        self.rows, self.explained = rows, explained
        self.used, self.wrong, self.compared = set(), [], 0

    def differ(self, document, action, about, what):
        """Reports a contradiction, unless it is explained."""
        key = document.name, action, about
        for n, entry in enumerate(self.explained):
            if (entry["document"], entry["action"], entry["about"]) == key:
                self.used.add(n)
                return
        self.wrong.append(f"{document.name}: {action}: {about}: {what}")

    def find(self, document, action):
        name = action.name
        if document.is_sdk() and name == "DescribeTaskEvent":
            name = "DescribeEvent"
        found = [row for row in self.rows[document.provider]["actions"] if row["name"] == name]
        exact = [row for row in found if row["base"] in action.paths]
        return (exact or found or [None])[0]

    def document(self, document):
        for action in document.actions:
            row = self.find(document, action)
            if row is None:
                self.differ(document, action.name, "row", "no row has this name")
                continue
            self.address(document, action, row)
            for names, kind, need in action.parameters:
                for name in names:
                    self.parameter(document, action, row, name, kind, need, names)
            for http, code in action.errors:
                self.error(document, action, http, code)
        self.compared += len(document.actions)
        expected, count = COUNTS.get(document.name), len(document.actions)
        if expected and count != expected:
            self.wrong.append(f"{document.name}: {count} actions read, {expected} expected")

    def address(self, document, action, row):
        if action.methods and row["method"] not in action.methods:
            self.differ(document, action.name, "method",
                        f"{row['method']}, the table says {action.methods}")
        if action.paths and row["base"] not in action.paths:
            self.differ(document, action.name, "path",
                        f"{row['base']}, the document says {action.paths}")
        if action.host and action.host != row["host"]:
            self.differ(document, action.name, "host",
                        f"{row['host']}, the document says {action.host}")

    def parameter(self, document, action, row, name, kind, need, names):
        self.compared += 1
        own = next((p for p in row["parameters"] if p["name"] == name), None)
        if own is None:
            self.differ(document, action.name, name, "no row has this parameter")
            return
        allowed = TYPES.get(re.sub(r"\[(\w+)\]\(.*\)", "string", kind).lower())
        if allowed is None:
            self.wrong.append(f"{document.name}: {action.name}: {name}: unknown type {kind}")
        elif own["type"] not in allowed:
            self.differ(document, action.name, name, f"{own['type']}, the table says {kind}")
        if need not in NEEDED:
            self.wrong.append(f"{document.name}: {action.name}: {name}: unknown requirement {need}")
        elif (own["required"] or own["instead_of"] in names) != NEEDED[need]:
            self.differ(document, action.name, name,
                        f"{'required' if own['required'] else 'optional'}, the table says {need}")

    def error(self, document, action, http, code):
        self.compared += 1
        for row in self.rows[document.provider]["errors"]:
            exact = row["code"] and re.fullmatch(re.escape(row["code"]).replace(r"\*", ".*"), code)
            if exact and row["http"] in (0, int(http)) and not row["has"]:
                promised = STATUSES.get(http)
                if promised and row["means"] not in promised:
                    self.differ(document, action.name, code,
                                f"{row['means']}, the table says HTTP {http}")
                return
        self.differ(document, action.name, code, "no error row has this code")


def main(arguments):
    program, contradictions, *paths = arguments
    rows = json.loads(subprocess.run([program], check=True, capture_output=True).stdout)
    explained = json.loads(Path(contradictions).read_text(encoding="utf-8"))["contradictions"]
    checker = Checker(rows, explained)
    names = set()
    for path in paths:
        document = Document(Path(path))
        names.add(document.name)
        checker.document(document)
    for n, entry in enumerate(checker.explained):
        if n not in checker.used and entry["document"] in names:
            checker.wrong.append(
                f"contradictions.json: remove the unused {entry['action']}: {entry['about']}")
    print("\n".join(checker.wrong))
    print(f"{checker.compared} facts compared, {len(checker.used)} explained, "
          f"{len(checker.wrong)} contradictions")
    return 1 if checker.wrong or not checker.compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
