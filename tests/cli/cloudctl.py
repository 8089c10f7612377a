# SPDX-License-Identifier: Apache-2.0
"""Helpers of the tests of cloudctl: a folder of its own with an emulator, runs, a terminal, and a count of failures."""
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

KEY, SECRET = "AKTEST", "secret-of-the-test"
SIZE = ("--cpu", "2", "--memory-gb", "4", "--period", "1month")
PASSWORD = ("--password", "Kp7!vNxq92")
CLOUDS = {
    "jd": "provider: jdcloud, region: cn-north-1, parameters: { zone: cn-north-1a, family: c.n2, image_id: img-demoubuntu22, "
          "subnet_id: subnet-demo000001, system_disk_type: ssd.gp1, system_disk_gb: 40 }",
    "ecs": "provider: capitalonline_ecs, zone: CN_Hohhot_B, parameters: { family: Cpu计算型C4, image_id: img-demo000000000002, "
           "vpc_id: 11111111-1111-4111-8111-111111111111, subnet_id: 22222222-2222-4222-8222-222222222222, "
           "system_disk_type: ssd, system_disk_gb: 40 }",
    "ccs": "provider: capitalonline_ccs, region: CN_Beijing_A, parameters: { family: CCS.C3, image_id: Ubuntu_22.04_64, "
           "vpc_id: 33333333-3333-4333-8333-333333333333, subnet_id: 44444444-4444-4444-8444-444444444444, "
           "system_disk_type: ssd_system_disk, system_disk_gb: 40 }",
}


class Test:
    """A temporary folder with an emulator and a clouds.yaml that has the clouds jd, ecs and ccs on it."""

    def __init__(self, cloudctl, emulator=None):
        self.cloudctl, emulator = os.path.realpath(cloudctl), emulator and os.path.realpath(emulator)
        self.directory = tempfile.TemporaryDirectory(prefix="cloudctl-test-")
        self.failed = 0
        os.chdir(self.directory.name)
        keep = {name: value for name, value in os.environ.items()
                if name in ("PATH", "LD_LIBRARY_PATH", "LD_PRELOAD") or name.endswith("_OPTIONS")}
        self.env = dict(keep, HOME=self.directory.name, XDG_STATE_HOME=os.path.join(self.directory.name, "state"), TERM="xterm",
                        LC_ALL="C.UTF-8", SECRET=SECRET, WRONG="another-secret")
        self.emulator = None
        if emulator:
            self.emulator = subprocess.Popen([emulator, "--listen", "127.0.0.1:0", "--world", ":memory:",
                                              "--key", f"{KEY}:{SECRET}"], stdout=subprocess.PIPE, text=True, env=self.env)
            self.url = self.emulator.stdout.readline().split()[-1]
            self.write_clouds({name: text + f', endpoint: "{self.url}"' for name, text in CLOUDS.items()})

    def write_clouds(self, clouds):
        with open("clouds.yaml", "w") as file:
            file.write("clouds:\n")
            for name, text in clouds.items():
                file.write(f'  {name}: {{ {text}, access_key_id: {KEY}, access_key_secret: "${{SECRET}}" }}\n')
        os.chmod("clouds.yaml", 0o600)
        self.env["CLOUD_CLIENT_CONFIG"] = os.path.abspath("clouds.yaml")

    def run(self, *words, **options):
        """Standard input is no terminal. Options are those of subprocess.run()."""
        given = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env)
        return subprocess.run([self.cloudctl, *words], **dict(given, **options))

    def json(self, *words):
        return json.loads(self.run(*words, "-o", "json").stdout)

    def terminal(self, *words, width=80, answer=None):
        """Runs on a terminal; types @answer at the first question. Returns exit code and output."""
        pid, fd = pty.fork()
        if pid == 0:
            time.sleep(0.1)
            os.execve(self.cloudctl, [self.cloudctl, *words], dict(self.env, NO_COLOR="1"))
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        out, answered = b"", False
        try:
            while chunk := os.read(fd, 4096):
                out += chunk
                if answer is not None and not answered and b"[y/N] " in out:
                    os.write(fd, answer.encode() + b"\n")
                    answered = True
        except OSError:
            pass  # the other side is closed
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return code, out.decode().replace("\r\n", "\n")

    def control(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", json.dumps(body).encode() if body else None,
                                         {"Content-Type": "application/json"}, method=method)
        return json.loads(urllib.request.urlopen(request).read() or b"{}")

    def charges(self):
        return len(self.control("GET", "ledger")["charges"])

    def check(self, true, name, *shown):
        if not true:
            self.failed += 1
            print("FAILED:", name, *shown, sep="\n  ", flush=True)

    def end(self):
        if self.emulator:
            self.emulator.kill()
            self.emulator.wait()
        os.chdir("/")
        self.directory.cleanup()
        sys.exit(1 if self.failed else 0)
