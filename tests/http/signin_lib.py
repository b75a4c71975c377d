"""For signin.py and lockout.py: browsers with their cookies, passwords, codes, and how cases are run."""

import base64
import fnmatch
import hashlib
import hmac
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Client  # noqa: E402

API = "/api/v1"
TOP, TEST_DIR = os.environ["TOP"], os.environ["TEST_DIR"]
# of the process `auth`: its socket, its number; where the web process listens; the installation
SOCKET, PORT, STATE, PID = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
SERIAL = itertools.count()
SECRETS = []  # nothing of these may be in the log or in the database
failures = 0


def ok(name, good, why=""):
    global failures
    print(f"ok {name}" if good else f"not ok {name}: {why}")
    failures += not good


def same(name, wanted, got):
    ok(name, wanted == got, f"wanted {wanted!r}, got {got!r}")


def sql(text):
    run = subprocess.run(
        [f"{TOP}/etc/cluster.sh", "psql", f"{TEST_DIR}/pg", "-d", "drawd", "-qAtX", "-v", "ON_ERROR_STOP=1",
         "-c", "SET search_path = drawd", "-c", text],
        check=True, capture_output=True, text=True)
    return run.stdout.strip()


# ---- browsers ------------------------------------------------------------------------------------


class From(Client):
    """A client whose connections come from one address of the loopback network."""

    def __init__(self, port, address):
        super().__init__(port)
        self.address = address
        self.cookies = []

    def connect(self):
        self.sock = socket.create_connection(("127.0.0.1", self.where), self.timeout, (self.address, 0))
        self.rest = b""

    def line(self):
        """The client keeps the last of repeated fields; cookies come in several."""
        got = super().line()
        if got.lower().startswith(b"set-cookie:"):
            self.cookies.append(got.split(b":", 1)[1].strip().decode())
        return got


class Browser:
    """One address, its cookies, its session's csrf."""

    def __init__(self, address="127.0.0.1"):
        self.client = From(PORT, address)
        self.cookies = {}
        self.csrf = ""
        self.set = []  # Set-Cookie of the last reply

    def ask(self, method, path, body=None, headers=None, csrf=True):
        h = dict(headers or {})
        if self.cookies:
            h["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if csrf and self.csrf and method != "GET":
            h.setdefault("Drawd-CSRF", self.csrf)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if method == "POST" and data is None:
            data = b""
        if method == "POST" and path != "/session":
            h.setdefault("Idempotency-Key", f"signin-{next(SERIAL):06}")
        self.client.cookies = self.set = []
        reply = self.client.request(method, API + path, h, data)
        for line in self.set:
            name, value = line.split(";")[0].split("=", 1)
            if value:
                self.cookies[name] = value
                SECRETS.append(value)
            else:
                self.cookies.pop(name, None)
        return reply

    def sign_in(self, account, password, code=None):
        body = {"account": account, "password": password}
        if code is not None:
            body["code"] = code
        reply = self.ask("POST", "/session", body)
        self.learn(reply)
        return reply

    def learn(self, reply):
        if reply.status in (200, 201) and "csrf" in reply.json():
            self.csrf = reply.json()["csrf"]
            SECRETS.append(self.csrf)

    def who(self):
        return self.ask("GET", "/session")


def told(reply):
    return (reply.status, reply.code())


# ---- people --------------------------------------------------------------------------------------


def first_password(account):
    with open(f"{STATE}/passwords", encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if fields[0] == account:
                return fields[1]
    raise KeyError(account)


def use(account):
    """The account's password, which it need not change."""
    sql(f"UPDATE account SET password_once = false WHERE id = '{account}'")
    password = first_password(account)
    SECRETS.append(password)
    return password


def bearer(account):
    with open(f"{STATE}/profiles.conf", encoding="utf-8") as file:
        for line in file:
            if f'name = "{account}"' in line:
                return {"Authorization": "Bearer " + line.split('token = "')[1].split('"')[0]}
    raise KeyError(account)


def code_of(secret, steps=0):
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[19] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)


def early_in_a_step():
    """What is computed now is still of this step when it arrives."""
    if time.time() % 30 > 25:
        time.sleep(30 - time.time() % 30)


# ---- running -------------------------------------------------------------------------------------


def case_zz_nothing_is_told():
    """What was secret in the cases before stands neither in the log nor in the database."""
    log = open(f"{TEST_DIR}/log", encoding="utf-8").read()
    tables = sql("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'drawd'").split()
    rows = "".join(sql(f"SELECT t::text FROM {t} t") for t in tables if t not in ("artefact_chunk", "upload_piece"))
    csrf = set(sql("SELECT string_agg(csrf, ' ') FROM session").split())
    secrets = {s for s in SECRETS if len(s) >= 8}
    same("secrets were looked for", True, len(secrets) > 20)
    same("none in the log", [], [s for s in secrets if s in log])
    same("none in the database but csrf", [], [s for s in secrets - csrf if s in rows])
    limits = open(f"/proc/{PID}/limits", encoding="utf-8").read()
    ok("no core is dumped", any(line.split()[4:6] == ["0", "0"] for line in limits.splitlines()
                                if line.startswith("Max core file size")), limits)


def run(module):
    """The module's cases whose names match the pattern, and at last what holds behind all of them."""
    pattern = sys.argv[5] if len(sys.argv) > 5 else "*"
    cases = {name: value for name, value in module.items() if name.startswith("case_")}
    cases["case_zz_nothing_is_told"] = case_zz_nothing_is_told
    chosen = [name for name in sorted(cases) if fnmatch.fnmatch(name[5:], pattern)]
    for name in chosen:
        cases[name]()
    sys.exit(77 if not chosen else failures > 0)
