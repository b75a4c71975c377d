"""Signing in: right and wrong, second factors, sessions, tokens, who has to wait and who must not.

    signin.py SOCKET PORT STATE PID [CASE]      called by signin.sh
"""

import base64
import fnmatch
import hashlib
import hmac
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Client  # noqa: E402

API = "/api/v1"
TOP, TEST_DIR = os.environ["TOP"], os.environ["TEST_DIR"]
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


# ---- cases ---------------------------------------------------------------------------------------


def case_right():
    b = Browser()
    reply = b.sign_in("head-wsjk", use("head-wsjk"))
    same("right: status", 201, reply.status)
    same("right: what is told", ["account", "csrf", "ends", "needs", "restricted"], sorted(reply.json()))
    flags = sorted(c.split("=")[0] + ";" + c.split(";", 1)[1] for c in b.set)
    same("right: cookies", ["drawd-device; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
                            "drawd; Path=/; HttpOnly; SameSite=Strict"], flags)
    me = b.who().json()
    same("right: who", ["head-wsjk", "session", ["head"], False, ""],
         [me["account"], me["via"], me["roles"], me["restricted"], me["needs"]])
    same("right: the csrf again", b.csrf, me["csrf"])
    reply = b.sign_in("head-wsjk", first_password("head-wsjk"))
    same("again from a known browser: no new name for it", 1, len(b.set))
    same("two sessions stand", 2, int(sql("SELECT count(*) FROM session WHERE account = 'head-wsjk' "
                                          "AND ended_at IS NULL")))


def case_wrong():
    use("clerk-jyj")
    sql("UPDATE account SET state = 'disabled' WHERE id = 'clerk-wsjk'")
    sql("UPDATE account SET password = NULL WHERE id = 'clerk-xfjy'")
    tries = {
        "wrong password": ("clerk-jyj", "not-the-one-7"),
        "unknown account": ("no-such-person", "not-the-one-7"),
        "disabled account": ("clerk-wsjk", first_password("clerk-wsjk")),
        "account without a password": ("clerk-xfjy", first_password("clerk-xfjy")),
        "service account": ("platform", "not-the-one-7"),
    }
    replies = {}
    for name, (account, password) in tries.items():
        reply = Browser().sign_in(account, password)
        same(name, (401, "bad-sign-in"), told(reply))
        headers = {k: v for k, v in reply.headers.items() if k not in ("date", "drawd-request")}
        replies[name] = (reply.body, headers)
    same("all of them told alike", 1, len({repr(r) for r in replies.values()}))
    sql("UPDATE account SET state = 'active' WHERE id = 'clerk-wsjk'")
    log = open(f"{TEST_DIR}/log", encoding="utf-8").read()
    ok("a name that nobody has is not logged", "no-such-person" not in log)


def case_form():
    for name, body in {
        "no password": {"account": "clerk-jyj"},
        "another member": {"account": "clerk-jyj", "password": "x", "token": "y"},
        "no name": {"account": "Clerk JYJ", "password": "x"},
        "a number": {"account": "clerk-jyj", "password": 7},
        "a password of 513 bytes": {"account": "clerk-jyj", "password": "x" * 513},
        "no JSON": b"account=clerk-jyj&password=x",
    }.items():
        same(f"form: {name}", (400, "bad-json"), told(Browser().ask("POST", "/session", body)))


def case_forgery():
    b = Browser()
    password = use("clerk-gaj")
    body = {"account": "clerk-gaj", "password": password}
    for origin in ("https://evil.example", "null", f"http://127.0.0.1.evil.example:{PORT}"):
        reply = b.ask("POST", "/session", body, {"Origin": origin})
        same(f"sign-in from {origin}", (403, "csrf"), told(reply))
    same("from another site", (403, "csrf"), told(b.ask("POST", "/session", body, {"Sec-Fetch-Site": "cross-site"})))
    same("from here", 201, b.ask("POST", "/session", body, {"Origin": f"http://127.0.0.1:{PORT}"}).status)
    b.csrf = b.who().json()["csrf"]
    new = {"name": "t", "scopes": "*", "days": 1}
    same("a change without csrf", (403, "csrf"), told(b.ask("POST", "/tokens", new, csrf=False)))
    same("with that of another", (403, "csrf"), told(b.ask("POST", "/tokens", new, {"Drawd-CSRF": "A" * 32})))
    same("from another origin", (403, "csrf"),
         told(b.ask("POST", "/tokens", new, {"Origin": "https://evil.example"})))
    same("nothing was made", "0", sql("SELECT count(*) FROM access_token WHERE account = 'clerk-gaj' AND name = 't'"))


def enrol_totp(b):
    reply = b.ask("POST", "/session/totp")
    same("a secret", 200, reply.status)
    secret = reply.json()["secret"]
    SECRETS.append(secret)
    ok("its address", reply.json()["uri"].startswith("otpauth://totp/") and secret in reply.json()["uri"])
    early_in_a_step()
    return secret


def case_second_factor():
    password = use("auditor")
    b = Browser()
    reply = b.sign_in("auditor", password)
    same("a role that needs it: restricted", (201, True, "totp"),
         (reply.status, reply.json()["restricted"], reply.json()["needs"]))
    me = b.who().json()
    same("restricted: no roles", [True, "totp", []], [me["restricted"], me["needs"], me["roles"]])
    for path in ("/tokens", "/sessions", "/accounts", "/jobs", "/motions"):
        same(f"restricted: no {path}", (403, "second-factor-needed"), told(b.ask("GET", path)))
    same("confirmed before it was begun", (409, "second-factor-not-begun"),
         told(b.ask("PUT", "/session/totp", {"code": "123456"})))
    secret = enrol_totp(b)
    same("a wrong code", (403, "bad-code"), told(b.ask("PUT", "/session/totp", {"code": "000000"})))
    old = dict(b.cookies)
    reply = b.ask("PUT", "/session/totp", {"code": code_of(secret)})
    b.learn(reply)
    same("confirmed", (200, False, ""), (reply.status, reply.json()["restricted"], reply.json()["needs"]))
    same("and free", 200, b.ask("GET", "/tokens").status)
    before = Browser()
    before.cookies = old
    same("the cookie from before is void", (401, "session-ended"), told(before.who()))
    same("a second one is not begun", (409, "second-factor-set"), told(b.ask("POST", "/session/totp")))

    c = Browser()
    plain = Browser().sign_in("auditor", "not-the-one-7", code_of(secret, 1))
    for name, code in {"without the code": None, "a wrong code": "000000",
                       "the code of the confirmation again": code_of(secret)}.items():
        reply = c.sign_in("auditor", password, code)
        same(name, (401, "bad-sign-in"), told(reply))
        same(f"{name}: told as a wrong password is", plain.body, reply.body)
    fresh = code_of(secret, 1)
    same("the next code", 201, c.sign_in("auditor", password, fresh).status)
    same("not restricted", False, c.who().json()["restricted"])
    same("the same once more", (401, "bad-sign-in"), told(Browser().sign_in("auditor", password, fresh)))
    counted = int(sql("SELECT n FROM signin_failure WHERE account = 'auditor' AND source = 'codes'"))
    ok("three wrong codes behind the right password were counted", 12900 < counted <= 3 * 86400 // 20, counted)
    # the codes of a day are used up; the last step is forgotten, so that a code is there to try
    sql("UPDATE signin_failure SET n = 86400, last_at = now() WHERE account = 'auditor' AND source = 'codes';"
        "UPDATE account SET totp_step = 0 WHERE id = 'auditor'")
    early_in_a_step()
    stranger = Browser("127.0.0.9")
    reply = stranger.sign_in("auditor", password, code_of(secret))
    same("after twenty wrong codes: a browser that nobody knows", (401, "bad-sign-in"), told(reply))
    same("is not told why", plain.body, reply.body)
    same("the known one gets in", 201, c.sign_in("auditor", password, code_of(secret)).status)
    sql("UPDATE signin_failure SET n = 0 WHERE account = 'auditor' AND source = 'codes';"
        "UPDATE account SET totp_step = 0 WHERE id = 'auditor'")
    same("the day after the other one too", 201, stranger.sign_in("auditor", password, code_of(secret)).status)
    stored = sql("SELECT encode(totp, 'hex') FROM account WHERE id = 'auditor'")
    ok("the secret is sealed", base64.b32decode(secret).hex() not in stored and len(stored) == 2 * (24 + 20 + 16))


def case_first_password():
    password = first_password("clerk-yjgl")
    SECRETS.append(password)
    b = Browser()
    reply = b.sign_in("clerk-yjgl", password)
    same("issued: restricted", (201, "password"), (reply.status, reply.json()["needs"]))
    same("issued: nothing else before", (403, "second-factor-needed"), told(b.ask("GET", "/tokens")))
    reply = b.ask("POST", "/session/password", {"old": password, "new": "Tr4m-ostern-38"})
    b.learn(reply)
    same("changed", (200, ""), (reply.status, reply.json()["needs"]))
    same("and free", 200, b.ask("GET", "/tokens").status)
    sql("UPDATE account SET password_at = now() - interval '8 days' WHERE id = 'clerk-zjj'")
    same("issued eight days ago", (401, "bad-sign-in"),
         told(Browser().sign_in("clerk-zjj", first_password("clerk-zjj"))))


def agreed(mover, seconder, path, body):
    """A motion, seconded as it is seen."""
    key = {"Idempotency-Key": f"signin-{time.time_ns()}"}
    b = Browser()
    motion = b.ask("POST", path, body, dict(bearer(mover), **key)).json()["motion"]
    tag = b.ask("GET", f"/motions/{motion}", None, bearer(seconder)).header("etag")
    key["Idempotency-Key"] += "-2"
    reply = b.ask("POST", f"/motions/{motion}/second", {"reason": "test"},
                  dict(bearer(seconder), **key, **{"If-Match": tag}))
    same(f"{path}: moved and seconded", 200, reply.status)


def case_issue():
    """A first password is told in halves to the two who agreed: neither of them can sign in with it."""
    b, path = Browser(), "/accounts/clerk-sthj/password"
    same("nobody decided on it", (404, "no-account"), told(b.ask("POST", path, headers=bearer("admin"))))
    c = Browser()
    c.sign_in("clerk-sthj", use("clerk-sthj"))
    agreed("admin", "admin2", "/accounts/clerk-sthj/reset", {"reason": "test"})
    same("reset: the session has ended", (401, "session-ended"), told(c.who()))
    same("reset: no password fits", (401, "bad-sign-in"), told(c.sign_in("clerk-sthj", first_password("clerk-sthj"))))
    for who, wanted in {"clerk-scjg": (403, "not-allowed"), "head-sthj": (404, "no-account"),
                        "lead": (404, "no-account")}.items():
        same(f"its password for {who}", wanted, told(b.ask("POST", path, headers=bearer(who))))
    same("of an account that is not there", (404, "no-account"),
         told(b.ask("POST", "/accounts/nobody-at-all/password", headers=bearer("admin"))))
    halves = [b.ask("POST", path, headers=bearer(who)) for who in ("admin2", "admin", "admin2")]
    same("for the two", [201, 201, 201], [h.status for h in halves])
    same("each his half", [2, 1, 2], [h.json()["half"] for h in halves])
    second, first, again = (h.json()["password"] for h in halves)
    same("the same again", second, again)
    ok("halves differ", first != second and len(first) == len(second) == 11)
    SECRETS.extend((first, second))
    for part in (first, second, f"{second}-{first}"):
        same("half of it does not do", (401, "bad-sign-in"), told(Browser().sign_in("clerk-sthj", part)))
    d = Browser()
    reply = d.sign_in("clerk-sthj", f"{first}-{second}")
    same("both do, for a restricted session", (201, "password"), (reply.status, reply.json()["needs"]))
    reply = d.ask("POST", "/session/password", {"old": f"{first}-{second}", "new": "Tr4m-ostern-38"})
    same("changed", 200, reply.status)
    same("no half is told any more", (409, "password-set"), told(b.ask("POST", path, headers=bearer("admin"))))


def case_rotation():
    b, old = Browser(), Browser()
    b.sign_in("clerk-rsj", use("clerk-rsj"))
    mine = "account = 'clerk-rsj' AND ended_at IS NULL"
    old.cookies = dict(b.cookies)
    same("young: no new cookie", (200, []), (b.who().status, b.set))
    sql(f"UPDATE session SET rotated_at = now() - interval '16 minutes' WHERE {mine}")
    same("after 15 minutes", (200, 1), (b.who().status, len(b.set)))
    ok("another secret", b.cookies["drawd"] != old.cookies["drawd"])
    same("the new one", 200, b.who().status)
    same("the old one, at once", 200, old.who().status)
    same("which gets no new one", [], old.set)
    sql(f"UPDATE session SET rotated_at = now() - interval '61 seconds' WHERE {mine}")
    same("the old one after a minute", (401, "session-ended"), told(old.who()))
    ok("its cookie is taken away", old.set and "Max-Age=0" in old.set[0], repr(old.set))
    same("and that ends the session", (401, "session-ended"), told(b.who()))
    same("told why", "reused", sql("SELECT ended_why FROM session WHERE account = 'clerk-rsj' ORDER BY id DESC LIMIT 1"))


def case_ends():
    for why, change in {"idle": "seen_at = now() - interval '31 minutes'",
                        "expired": "ends_at = now() - interval '1 second'"}.items():
        b = Browser()
        b.sign_in("clerk-swj", use("clerk-swj"))
        sql(f"UPDATE session SET {change} WHERE account = 'clerk-swj' AND ended_at IS NULL")
        same(f"{why}: over", (401, "session-ended"), told(b.who()))
        same(f"{why}: told why", why,
             sql("SELECT ended_why FROM session WHERE account = 'clerk-swj' ORDER BY id DESC LIMIT 1"))
    same("a cookie that nobody made", (401, "session-ended"), told(forged("A" * 43)))
    same("one that is none", (401, "session-ended"), told(forged("x")))


def forged(value):
    b = Browser()
    b.cookies = {"drawd": value}
    return b.who()


def case_out():
    b, c, stranger = Browser(), Browser(), Browser()
    b.sign_in("clerk-ybj", use("clerk-ybj"))
    c.sign_in("clerk-ybj", first_password("clerk-ybj"))
    stranger.sign_in("clerk-scjg", use("clerk-scjg"))
    session = c.who().json()["session"]
    same("another's session", (404, "not-found"), told(stranger.ask("DELETE", f"/sessions/{session}")))
    same("still there", 200, c.who().status)
    same("one's own from elsewhere", 200, b.ask("DELETE", f"/sessions/{session}").status)
    same("revoked", (401, "session-ended"), told(c.who()))
    same("once", (404, "not-found"), told(b.ask("DELETE", f"/sessions/{session}")))
    kept = dict(b.cookies)
    same("sign out", 200, b.ask("DELETE", "/session").status)
    ok("the cookie goes, the browser stays known", "drawd" not in b.cookies and "drawd-device" in b.cookies)
    b.cookies = kept
    same("signed out", (401, "session-ended"), told(b.who()))


def case_password():
    password = use("head-gaj")
    b, c = Browser(), Browser()
    b.sign_in("head-gaj", password)
    c.sign_in("head-gaj", password)
    new = "Tr4m-ostern-38"
    SECRETS.append(new)
    for name, old, fresh, wanted in (
            ("a wrong old one", "not-the-one-7", new, (403, "bad-password")),
            ("the same again", password, password, (400, "weak-password")),
            ("a common one", password, "woaini5201314", (400, "weak-password")),
            ("little more than the account", password, "head-gaj2024", (400, "weak-password")),
            ("a short one", password, "kvTq7-xwm", (400, "weak-password"))):
        same(name, wanted, told(b.ask("POST", "/session/password", {"old": old, "new": fresh})))
    same("with a token", (403, "not-allowed"),
         told(Browser().ask("POST", "/session/password", {"old": password, "new": new}, bearer("head-gaj"))))
    before = dict(b.cookies)
    reply = b.ask("POST", "/session/password", {"old": password, "new": new})
    b.learn(reply)
    same("changed", 200, reply.status)
    same("this session goes on", 200, b.who().status)
    same("others have ended", (401, "session-ended"), told(c.who()))
    c.cookies = before
    same("the cookie from before", (401, "session-ended"), told(c.who()))
    same("the old password", (401, "bad-sign-in"), told(Browser().sign_in("head-gaj", password)))
    same("the new one", 201, Browser().sign_in("head-gaj", new).status)
    same("others' browsers are strangers again", "1",
         sql("SELECT count(*) - 1 FROM device WHERE account = 'head-gaj'"))


def case_disabled():
    b = Browser()
    b.sign_in("head-jyj", use("head-jyj"))
    sql("UPDATE account SET state = 'disabled' WHERE id = 'head-jyj'")
    same("disabled: the session", (401, "session-ended"), told(b.who()))
    same("disabled: its token", (401, "session-ended"), told(Browser().ask("GET", "/session", None, bearer("head-jyj"))))
    sql("UPDATE account SET state = 'active' WHERE id = 'head-jyj'")


def case_tokens():
    b = Browser()
    b.sign_in("head-scjg", use("head-scjg"))

    def new(**more):
        body = {"name": "test", "scopes": "rounds:read", "days": 3}
        body.update(more)
        return b.ask("POST", "/tokens", body)

    for name, more, wanted in (
            ("a scope that is none", {"scopes": "rounds:all"}, (400, "bad-scope")),
            ("of a route that is none", {"scopes": "nothing:read"}, (400, "bad-scope")),
            ("an empty one", {"scopes": "rounds:read,"}, (400, "bad-scope")),
            ("for no day", {"days": 0}, (400, "bad-json")),
            ("for ten years", {"days": 3650}, (400, "bad-json")),
            ("for another", {"account": "clerk-jyj"}, (404, "no-account"))):
        same(f"token {name}", wanted, told(new(**more)))
    reply = new()
    same("a token", (201, ["ends", "id", "token"]), (reply.status, sorted(reply.json())))
    text, number = reply.json()["token"], reply.json()["id"]
    SECRETS.append(text[6:])
    ok("its form", text.startswith("drawd_") and len(text) == 49)
    program = Browser()
    auth = {"Authorization": f"Bearer {text}"}
    same("within its scope", 200, program.ask("GET", "/rounds", None, auth).status)
    same("outside", (403, "scope"), told(program.ask("GET", "/tokens", None, auth)))
    same("reading is not changing", (403, "scope"),
         told(program.ask("POST", "/rounds/2026-0001/approve", {}, dict(auth, **{"Idempotency-Key": "k" * 12}))))
    same("who it is", ["token", "rounds:read", number],
         [program.ask("GET", "/session", None, auth).json()[k] for k in ("via", "scopes", "token")])
    sql(f"UPDATE access_token SET ends_at = now() - interval '1 second' WHERE id = {number}")
    same("past its end", (401, "session-ended"), told(program.ask("GET", "/rounds", None, auth)))
    text = new(scopes="*").json()["token"]
    SECRETS.append(text[6:])
    auth = {"Authorization": f"Bearer {text}"}
    same("a token makes no tokens", (403, "not-allowed"),
         told(program.ask("POST", "/tokens", {"name": "t", "scopes": "*", "days": 1}, auth)))
    same("it signs itself out", 200, program.ask("DELETE", "/session", None, auth).status)
    same("and is over", (401, "session-ended"), told(program.ask("GET", "/session", None, auth)))
    number = new().json()["id"]
    same("another's token", (404, "not-found"), told(b.ask("DELETE", "/tokens/%d" % number, None, bearer("clerk-jyj"))))
    same("ended by hand", 200, b.ask("DELETE", f"/tokens/{number}").status)
    keeper = Browser()
    keeper.sign_in("clerk-scjg", use("clerk-scjg"))
    reply = keeper.ask("POST", "/tokens", {"name": "p", "scopes": "files:write", "days": 9, "account": "platform"})
    same("of a service that one keeps", 201, reply.status)
    SECRETS.append(reply.json()["token"][6:])


# ---- who has to wait -----------------------------------------------------------------------------


def case_lockout_source():
    for account, password in (("head-xfjy", use("head-xfjy")), ("ghost-account", "not-the-one-7")):
        there = account == "head-xfjy"
        b = Browser("127.0.0.2")
        for _ in range(5):
            same(f"{account}: wrong", (401, "bad-sign-in"), told(b.sign_in(account, "not-the-one-7")))
        reply = b.sign_in(account, password)
        same(f"{account}: the sixth, right or not", (429, "try-later"), told(reply))
        ok(f"{account}: how long", reply.header("retry-after") in ("1", "2"), reply.header("retry-after"))
        same(f"{account}: from another address at once", 201 if there else 401,
             Browser("127.0.0.3").sign_in(account, password).status)
        sql(f"UPDATE signin_failure SET last_at = last_at - interval '3 seconds' WHERE account = '{account}'")
        same(f"{account}: after its time", 201 if there else 401, b.sign_in(account, password).status)
    same("signed in: forgotten", "0",
         sql("SELECT count(*) FROM signin_failure WHERE account = 'head-xfjy' AND source = '127.0.0.2'"))


def attack(account, seconds, rate=20):
    """Tries a second at an account, from many addresses; begins them in threads of its own."""
    answers = []

    def one(i):
        answers.append(told(Browser(f"127.0.{1 + i // 200 % 4}.{1 + i % 200}").sign_in(account, "not-the-one-7")))

    def run():
        threads = []
        for i in range(int(seconds * rate)):
            threads.append(threading.Thread(target=one, args=(i,)))
            threads[-1].start()
            time.sleep(1 / rate)
        for t in threads:
            t.join()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def case_nobody_is_locked_out():
    """An account under attack from many addresses: the one whose it is gets in, with any browser."""
    password = use("head-yjgl")
    home = Browser("127.0.0.4")
    same("before", 201, home.sign_in("head-yjgl", password).status)
    thread, answers = attack("head-yjgl", 6)
    time.sleep(2)
    got = []
    for i in range(6):
        began = time.monotonic()
        got.append((Browser(f"127.0.0.{20 + i}").sign_in("head-yjgl", password).status))
        ok("a browser that nobody knows: at once", time.monotonic() - began < 2, time.monotonic() - began)
        time.sleep(0.3)
    same("browsers that nobody knows, meanwhile", [201] * 6, got)
    same("the known one", 201, home.sign_in("head-yjgl", password).status)
    same("and where it has moved to", 201, moved(home, "127.0.0.6").sign_in("head-yjgl", password).status)
    thread.join()
    same("the attack went on all the time", 120, len(answers))
    ok("and got nowhere", {a[0] for a in answers} <= {401, 429, 503}, repr(set(answers)))
    ok("and its session stands", home.who().status == 200)
    for _ in range(5):
        home.sign_in("head-yjgl", "not-the-one-7")
    same("its own mistakes count", (429, "try-later"), told(home.sign_in("head-yjgl", password)))
    other = Browser("127.0.0.4")
    other.sign_in("clerk-ybj", use("clerk-ybj"))
    for _ in range(5):
        Browser("127.0.0.7").sign_in("head-yjgl", "not-the-one-7")
    same("a browser of another account is not known", (429, "try-later"),
         told(moved(other, "127.0.0.7").sign_in("head-yjgl", password)))
    made_up = Browser("127.0.0.7")
    made_up.cookies = {"drawd-device": "A" * 43}
    same("nor is one with a name of its own making", (429, "try-later"), told(made_up.sign_in("head-yjgl", password)))


def moved(browser, address):
    other = Browser(address)
    other.cookies = {k: v for k, v in browser.cookies.items() if k.endswith("device")}
    return other


def at_once(browsers, account, password):
    """All of them while the process stands still, so that it finds them in line together."""
    answers = [None] * len(browsers)

    def run(i):
        answers[i] = told(browsers[i].sign_in(account(i), password))

    os.kill(PID, signal.SIGSTOP)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(browsers))]
    try:
        for t in threads:
            t.start()
        time.sleep(1)
    finally:
        os.kill(PID, signal.SIGCONT)
    for t in threads:
        t.join()
    return answers


def case_queue():
    wrong = "not-the-one-7"
    answers = at_once([Browser("127.0.2.1") for _ in range(12)], lambda i: f"ghost-{i}", wrong)
    same("one address: four places", (4, 8),
         (answers.count((401, "bad-sign-in")), answers.count((503, "busy"))))
    answers = at_once([Browser(f"127.0.2.{i + 10}") for i in range(12)], lambda i: f"ghost-{i}", wrong)
    same("twelve addresses: six places of eight", (6, 6),
         (answers.count((401, "bad-sign-in")), answers.count((503, "busy"))))
    password = use("head-zjj")
    home = Browser("127.0.2.50")
    home.sign_in("head-zjj", password)
    crowd = [Browser(f"127.0.2.{i + 60}") for i in range(12)]
    answers = at_once(crowd + [home], lambda i: "head-zjj" if i == 12 else f"ghost-{i}",
                      password)
    same("two places are for browsers that are known", (201, ""), answers[12])
    answers = at_once([Browser("127.0.2.80") for _ in range(12)] + [Browser("127.0.2.81")],
                      lambda i: "head-zjj" if i == 12 else f"ghost-{i}", password)
    same("a flood from one address holds up no other", (201, ""), answers[12])


def refused(account):
    """Entries of the audit log on refused sign-ins of an account."""
    time.sleep(0.6)  # they are written behind the answer
    return [json.loads(line) for line in sql(f"""SELECT json_build_object('by', account, 'via', via, 'address', address,
        'route', route, 'person', person, 'detail', detail) FROM audit
        WHERE act = 'refused' AND object_kind = 'sign-in' AND object = '{account}' ORDER BY seq""").splitlines()]


def case_refused_is_noted():
    for n in range(4):
        Browser(f"127.0.3.{n % 2 + 1}").sign_in("head-rsj", "not-the-one-7")
    entries = refused("head-rsj")
    same("one entry, at once", 1, len(entries))
    same("by whom nobody knows, from where", ["", "public", "127.0.3.1", "session.new", ""],
         [entries[0][k] for k in ("by", "via", "address", "route", "person")])
    before = len(refused(""))
    for n in range(30):
        Browser(f"127.0.3.{n + 10}").sign_in(f"nobody-{n}", "not-the-one-7")
    ok("names that nobody has: one entry for all of them", len(refused("")) <= max(before, 1), refused(""))
    same("and none of the names", "0", sql("SELECT count(*) FROM audit WHERE audit::text LIKE '%nobody-2%'"))
    tally = json.loads(sql("SELECT row_to_json(r) FROM signin_refusal r WHERE account = ''"))
    same("of twenty addresses it is known how often, of others how many there were", (20, tally["n"]),
         (len(tally["addresses"]), sum(tally["addresses"].values()) + tally["others"]))
    b = Browser()
    b.sign_in("head-sthj", use("head-sthj"))
    b.ask("POST", "/session/password", {"old": "not-the-one-7", "new": "Tr4m-ostern-38"})
    same("a wrong old password as well", ["session.password"], [e["route"] for e in refused("head-sthj")])
    def seen_by(who):
        rows = Browser().ask("GET", "/audit?object_kind=sign-in", None, bearer(who)).json()["audit"]
        return {r["object"] for r in rows}
    ok("the auditor sees them", "head-rsj" in seen_by("auditor"))
    ok("an administrator too", "head-rsj" in seen_by("admin"))
    same("nobody else, not even the account", [set(), set()], [seen_by("head-rsj"), seen_by("lead")])
    # signin.sh starts the process anew: it counts what is over
    sql("UPDATE signin_refusal SET hour = hour - interval '1 hour' WHERE account = 'head-rsj'")


def case_stream_is_no_use():
    """A stream of events is no use of its session."""
    b = Browser()
    b.sign_in("lead", use("lead"))
    sql("INSERT INTO job (kind, state, args) VALUES ('import', 'running', '{}')")
    job = sql("SELECT max(id) FROM job")
    mine = "account = 'lead' AND ended_at IS NULL"
    for path, wanted in ((f"/jobs/{job}/events", "t"), ("/session", "f")):
        sql(f"UPDATE session SET seen_at = now() - interval '5 minutes' WHERE {mine}")
        if path == "/session":
            b.ask("GET", path)
        else:
            stream = socket.create_connection(("127.0.0.1", PORT), 5)
            stream.sendall(f"GET {API}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                           f"Cookie: drawd={b.cookies['drawd']}\r\n\r\n".encode())
            ok("the stream is open", b" 200 " in stream.recv(4096))
            time.sleep(2.5)  # it looks again each second
        same(f"{path} leaves the session unseen: {wanted}", wanted,
             sql(f"SELECT bool_and(seen_at < now() - interval '4 minutes') FROM session WHERE {mine}"))
    sql(f"UPDATE session SET seen_at = now() - interval '31 minutes' WHERE {mine}")
    time.sleep(2.5)
    same("and so it ends, with the stream open", "idle",
         sql("SELECT ended_why FROM session WHERE account = 'lead' ORDER BY id DESC LIMIT 1"))
    stream.close()


def case_stranger():
    """Only the web process, root and its own user are answered."""
    path = sql("SELECT 1") and SOCKET.replace("web.sock", "auth.sock")
    line = b'sign-in {"account":"clerk-scjg","password":"x","address":""}\n'
    ask = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1]);"
           "s.sendall(eval(sys.argv[2])); print(s.recv(999).decode())")
    own = subprocess.run([sys.executable, "-c", ask, path, repr(line)], capture_output=True, text=True)
    ok("its own user is answered", "bad-sign-in" in own.stdout, own.stdout + own.stderr)
    for name, bad in {"no verb": b"hello {}\n", "no JSON": b"sign-in x\n", "two lines": line + line,
                      "another member": b'sign-in {"account":"a","password":"x","address":"","admin":true}\n'}.items():
        got = subprocess.run([sys.executable, "-c", ask, path, repr(bad)], capture_output=True, text=True)
        ok(f"{name}: refused", '"bad-json"' in got.stdout or got.stdout.strip() == "", got.stdout)
    if os.geteuid() != 0:
        print("skipped a stranger at the socket: needs root")
        return
    got = subprocess.run(["setpriv", "--reuid", "nobody", "--clear-groups", sys.executable, "-c", ask, path, repr(line)],
                         capture_output=True, text=True)
    same("a stranger is not", "", got.stdout.strip())
    same("the socket's mode", "660", oct(os.stat(path).st_mode & 0o777)[2:])
    # where the modes would let him: many at once are one line a second, and a sign-in goes on
    os.chmod(path, 0o666)
    knock = ("import socket,sys,time\nend = time.time() + 4\nwhile time.time() < end:\n    s = socket.socket(socket.AF_UNIX)\n"
             "    try:\n        s.connect(sys.argv[1])\n    except OSError:\n        pass\n    s.close()\n    time.sleep(0.001)")
    crowd = [subprocess.Popen(["setpriv", "--reuid", "nobody", "--clear-groups", sys.executable, "-c", knock, path])
             for _ in range(3)]
    time.sleep(1)
    password = use("head-sthj")
    statuses = [Browser(f"127.0.3.{i}").sign_in("head-sthj", password).status for i in range(3)]
    for p in crowd:
        p.wait()
    os.chmod(path, 0o660)
    same("sign-ins while a stranger knocks", [201] * 3, statuses)
    lines = open(f"{TEST_DIR}/log", encoding="utf-8").read().count("auth.turned-away")
    ok("one line a second tells of him", 1 <= lines <= 8, lines)


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


if __name__ == "__main__":
    SOCKET, PORT, STATE, PID = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    pattern = sys.argv[5] if len(sys.argv) > 5 else "*"
    run = [n for n in sorted(globals()) if n.startswith("case_") and fnmatch.fnmatch(n[5:], pattern)]
    for name in run:
        globals()[name]()
    sys.exit(77 if not run else failures > 0)
