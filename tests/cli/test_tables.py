#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests tables, CSV and YAML: their time grows with the number of rows, a narrow terminal says what it left out, columns can
be chosen and sorted, and no text moves the cursor or changes the order of a line.

    test_tables.py CLOUDCTL
"""
import csv
import http.server
import io
import json
import resource
import sys
import threading
import urllib.parse

from cloudctl import Test

test = Test(sys.argv[1])
CONTROLS = ["\x07", "\x1b[31m", "\x7f", "\x9b", "\u061c", "\u200e", "\u200f", *map(chr, range(0x202a, 0x202f)),
            *map(chr, range(0x2066, 0x206a))]


class Vendor(http.server.BaseHTTPRequestHandler):
    """JD Cloud with instances only. It does not check signatures."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    instances = []

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        page, size = (int(query.get(name, [default])[0]) for name, default in (("pageNumber", "1"), ("pageSize", "100")))
        body = json.dumps({"requestId": "r", "result": {"instances": self.instances[(page - 1) * size:page * size],
                                                        "totalCount": len(self.instances)}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def sell(count, name="web-{}"):
    Vendor.instances = [{"instanceId": f"i-{i:09}", "instanceName": name.format(i), "status": "running", "az": "cn-north-1a",
                         "instanceType": "g.n2.medium", "privateIpAddress": f"10.0.{i // 250}.{i % 250}"} for i in range(count)]


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
threading.Thread(target=server.serve_forever, daemon=True).start()
test.write_clouds({"big": f'provider: jdcloud, region: cn-north-1, endpoint: "http://127.0.0.1:{server.server_port}"'})


# Eight times the rows take about eight times the time; a time that grows with the square takes 64 times.
def cpu_s(run):
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    run()
    return used() - before


for name, run in (("table", lambda: test.run("list")), ("csv", lambda: test.run("list", "-o", "csv")),
                  ("yaml", lambda: test.run("list", "-o", "yaml")), ("sort", lambda: test.run("list", "--sort", "-name")),
                  ("terminal", lambda: test.terminal("list"))):
    times = []
    for count in (2500, 20000):
        sell(count)
        times.append(cpu_s(run))
    print(f"{name}: {times[0]:.2f} s for 2500 rows, {times[1]:.2f} s for 20000")
    test.check(times[1] < 0.4 or times[1] < times[0] * 20, f"{name} is not linear", str(times))
    test.check(len(test.run("list").stdout.splitlines()) == 20001, f"{name}: all rows")

# A narrow terminal: what was cut ends with an ellipsis, and a line says what is missing and how to see it.
sell(3, "a-very-long-name-of-a-server-{}")
code, out = test.terminal("list", width=80)
lines = out.splitlines()
test.check(code == 0 and all(len(line) <= 80 for line in lines), "a table fits a terminal of 80 columns", out)
test.check(lines[-1] in ("1 column hidden; -o wide", "2 columns hidden; -o wide") or "…" in out, "a cut table says so", out)
code, out = test.terminal("list", width=50)
test.check("…" in out and "columns hidden; -o wide" in out and all(len(line) <= 50 for line in out.splitlines()), "50 columns", out)
code, out = test.terminal("list", "-o", "wide", width=50)
test.check("…" not in out and "hidden" not in out and "a-very-long-name-of-a-server-2" in out, "-o wide", out)
test.check(test.run("list").stdout == out, "-o wide is the table of a pipe")

# Columns, order, headings
sell(12)
test.check(test.run("list", "--columns", "name,id", "--no-header").stdout.split()[:2] == ["web-0", "i-000000000"], "--columns")
names = test.run("list", "--sort", "-id", "--columns", "id", "--no-header").stdout.split()
test.check(names == sorted(names, reverse=True) and len(names) == 12, "--sort", str(names))
ids = [one["id"] for one in json.loads(test.run("list", "--sort", "-id", "-o", "json").stdout)["instances"]]
test.check(ids == sorted(ids, reverse=True), "--sort with JSON", str(ids))
done = test.run("list", "--columns", "id,nosuch")
test.check(done.returncode == 2 and "no column 'nosuch'" in done.stderr and "expires_at" in done.stderr, "an unknown column", done.stderr)
test.check(test.run("list", "--sort", "nosuch").returncode == 2, "an unknown column to sort by")
test.check(test.run("list", "-o", "json", "--columns", "id").returncode == 2, "--columns with JSON")
test.check(test.run("stop", "i-1", "--columns", "id").returncode == 2, "--columns of a change")
test.check(test.run("invoke", "x", "-o", "csv").returncode == 2, "-o csv of data")
rows = list(csv.DictReader(io.StringIO(test.run("list", "-o", "csv").stdout)))
test.check(len(rows) == 12 and rows[3]["private_ip"] == "10.0.0.3" and rows[3]["expires_at"] == "", "-o csv", str(rows[3]))
sell(1, 'a "b", c')
rows = list(csv.DictReader(io.StringIO(test.run("list", "-o", "csv").stdout)))
test.check(rows[0]["name"] == 'a "b", c', "quotes of CSV", str(rows))

# Bytes that move a cursor or change the order of a line are shown nowhere; JSON and YAML keep them as escapes.
for n, control in enumerate(CONTROLS):
    sell(1, f"x{control}y{{}}")
    for format_ in ("table", "csv", "json", "yaml"):
        out = test.run("list", "-o", format_).stdout
        test.check(not any(c in out for c in CONTROLS), f"U+{ord(control[0]):04X} in -o {format_}", repr(out))
    test.check(json.loads(test.run("list", "-o", "json").stdout)["instances"][0]["name"] == f"x{control}y0", "JSON keeps the text")
    done = test.run("show", f"i-{control}", "-v")
    test.check(not any(c in done.stdout + done.stderr for c in CONTROLS), f"U+{ord(control[0]):04X} in an error", repr(done.stderr))
try:
    import yaml
except ImportError:
    pass  # the text is compared in test_targets.py
else:
    sell(2)
    test.check(yaml.safe_load(test.run("list", "-o", "yaml").stdout) == json.loads(test.run("list", "-o", "json").stdout), "YAML")
test.end()
