#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Emulates the vendor Acme Servers.

    emulator.py                prints the address on which it listens
    emulator.py COMMAND ...    runs COMMAND with {} replaced by that address
"""
import calendar, datetime, hashlib, hmac, json, subprocess, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY, SECRET = "EMULATORDEMOKEY0000000000000001", "emulatordemosecret00000000000001"
PLANS = {"small": (1, 2, 500), "large": (4, 8, 2000)}  # cores, GB, cents a month
TRANSITIONS = {"start": ("off", "booting", "on"), "stop": ("on", "halting", "off"), "restart": ("on", "restarting", "on")}
world = {}


class VendorError(Exception):
    """An error reply: HTTP status, vendor code, message."""


def reset():
    world.update(servers={}, charges=[], tokens={}, count=0)


def later(time, months):
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    return time.replace(year=year, month=month + 1, day=min(time.day, calendar.monthrange(year, month + 1)[1]))


def charge(plan, months):
    world["charges"].append({"kind": "order", "amount": f"{PLANS[plan][2] * months / 100:.2f}", "currency": "EUR"})


def describe(server):
    if server["next"] and server["polls"] == 0:
        server["status"], server["next"] = server["next"], None
    server["polls"] = max(0, server["polls"] - 1)
    return {name: value for name, value in server.items() if name not in ("next", "polls")}


def create(body):
    if body.get("token") in world["tokens"]:
        return {"id": world["tokens"][body["token"]]}
    if body["plan"] not in PLANS or body["image"] != "debian-12" or not 0 <= body.get("months", 0) <= 12:
        raise VendorError(400, "bad_value", "plan, image or months")
    world["count"] += 1
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
    months, cores = body.get("months", 0), PLANS[body["plan"]]
    server = {"id": f"acme-{world['count']:08d}", "name": body["name"], "status": "building", "plan": body["plan"],
              "cores": cores[0], "memory_gb": cores[1], "image": body["image"], "address": f"192.0.2.{world['count'] % 250}",
              "paid": "monthly" if months else "hourly", "created": now.isoformat() + "Z",
              "until": later(now, months).isoformat() + "Z" if months else "", "next": "on", "polls": 1}
    world["servers"][server["id"]] = server
    world["tokens"][body.get("token")] = server["id"]
    if months:
        charge(body["plan"], months)
    return {"id": server["id"]}


def act(server, verb, body):
    if verb in TRANSITIONS:
        if server["status"] != TRANSITIONS[verb][0] or server["next"]:
            raise VendorError(409, "wrong_state", f"it is {server['status']}")
        server.update(status=TRANSITIONS[verb][1], next=TRANSITIONS[verb][2], polls=1)
    elif verb == "renew":
        if server["paid"] != "monthly":
            raise VendorError(409, "wrong_state", "it is paid by the hour")
        server["until"] = later(datetime.datetime.fromisoformat(server["until"][:-1]), body["months"]).isoformat() + "Z"
        charge(server["plan"], body["months"])
    elif verb != "password":
        raise VendorError(404, "not_found", "no such action")
    return {}


def handle(method, path, query, body):
    parts = path.strip("/").split("/")[1:]
    if parts == ["plans"]:
        return {"plans": [{"plan": p, "cores": c, "memory_gb": m} for p, (c, m, _) in PLANS.items()]}
    if parts == ["images"]:
        return {"images": [{"image": "debian-12", "title": "Debian 12", "status": "ready"}]}
    if parts == ["price"]:
        return {"price": f"{PLANS[query['plan']][2] * int(query.get('months', 0)) / 100:.2f}"} if "months" in query else {"price": "0.01"}
    if parts == ["servers"] and method == "POST":
        return create(body)
    if parts == ["servers"]:
        size, page, every = int(query["size"]), int(query["page"]), list(world["servers"].values())
        return {"servers": [describe(s) for s in every[(page - 1) * size:page * size]], "total": len(every)}
    server = world["servers"].get(parts[1])
    if not server:
        raise VendorError(404, "not_found", f"there is no server {parts[1]}")
    if method == "DELETE":
        if server["paid"] == "monthly":
            raise VendorError(409, "wrong_state", "it is paid in advance")
        return world["servers"].pop(parts[1]) and {}
    return act(server, parts[2], body) if len(parts) > 2 else {"server": describe(server)}


class Handler(BaseHTTPRequestHandler):
    log_message = lambda *_: None

    def verified(self, body):
        path = self.path if "?" in self.path else self.path + "?"
        text = f"{self.command} {path} {self.headers['X-Acme-Date']} {body}"
        mac = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        return self.headers["Authorization"] == f"ACME {KEY}:{mac}"

    def serve(self):
        url, body, status = urlsplit(self.path), self.rfile.read(int(self.headers["Content-Length"] or 0)).decode(), 200
        try:
            if url.path == "/_emulator/reset":
                reply = reset() or {}
            elif url.path == "/_emulator/ledger":
                reply = {"charges": world["charges"]}
            elif not self.verified(body):
                raise VendorError(401, "bad_signature", "the signature is wrong")
            else:
                reply = handle(self.command, url.path, dict(parse_qsl(url.query)), json.loads(body or "{}"))
        except VendorError as error:
            status, reply = error.args[0], {"error": {"code": error.args[1], "message": error.args[2]}}
        data = json.dumps({**reply, "request": "acme-request"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = serve


reset()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
address = f"http://127.0.0.1:{server.server_port}"
if len(sys.argv) > 1:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.exit(subprocess.run([argument.replace("{}", address) for argument in sys.argv[1:]]).returncode)
print(f"listening on {address}", flush=True)
server.serve_forever()
