"""Signing in: right and wrong, second factors, first passwords, sessions, tokens.

    signin.py SOCKET PORT STATE PID [CASE]      called by signin.sh
"""

import base64
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import signin_lib  # noqa: E402
from signin_lib import (API, PORT, SECRETS, TEST_DIR, Browser, bearer, code_of, early_in_a_step,  # noqa: E402
                        first_password, ok, same, sql, told, use)

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
    halves = [b.ask("POST", path, headers=bearer(who)) for who in ("admin2", "admin")]
    same("for the two", [201, 201], [h.status for h in halves])
    same("each his half", [2, 1], [h.json()["half"] for h in halves])
    second, first = (h.json()["password"] for h in halves)
    same("each of them once", [(409, "half-told")] * 2,
         [told(b.ask("POST", path, headers=bearer(who))) for who in ("admin", "admin2")])
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


def ended(reply):
    """How many others ended with the old password."""
    return reply.status, reply.json().get("ended_sessions"), reply.json().get("ended_tokens")


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
    same("and others neither kept nor ended", (400, "bad-json"),
         told(b.ask("POST", "/session/password", {"old": password, "new": new, "others": "some"})))
    reply = b.ask("POST", "/session/password", {"old": password, "new": "Kv7-wanderung-61", "others": "keep"})
    SECRETS.append("Kv7-wanderung-61")
    b.learn(reply)
    same("others are kept where it is said", (200, 0, 0), ended(reply))
    same("their session, their token, their browser", (200, 200, "2"),
         (c.who().status, Browser().ask("GET", "/session", None, bearer("head-gaj")).status,
          sql("SELECT count(*) FROM device WHERE account = 'head-gaj'")))
    password = "Kv7-wanderung-61"
    before = dict(b.cookies)
    reply = b.ask("POST", "/session/password", {"old": password, "new": new})
    b.learn(reply)
    same("changed: a session and a token have ended", (200, 1, 1), ended(reply))
    same("the token", (401, "session-ended"), told(Browser().ask("GET", "/session", None, bearer("head-gaj"))))
    same("and it stands in the audit log", "access-token changed, account changed, session changed",
         sql("""SELECT string_agg(DISTINCT object_kind || ' ' || act, ', ') FROM (SELECT *, max(at) OVER () AS last
             FROM audit WHERE account = 'head-gaj' AND route = 'session.password') a WHERE at = last"""))
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
    problem = b.ask("POST", "/departments", {"id": "neu", "level": "county", "region": "330199", "name": "新局",
                                             "reason": "test"}).json()
    same("who may is told", (["administrator"], "请由下列角色的账号办理：管理员", "use an account that is: administrator"),
         (problem.get("who"), problem["remedy_zh"], problem["remedy_en"]))
    number = new().json()["id"]
    same("another's token", (404, "not-found"), told(b.ask("DELETE", "/tokens/%d" % number, None, bearer("clerk-jyj"))))
    same("ended by hand", 200, b.ask("DELETE", f"/tokens/{number}").status)
    same("for one of the department that one heads", (403, "token-owner"), told(new(account="clerk-scjg")))
    admin = Browser()
    admin.sign_in("admin", use("admin"))
    sql("UPDATE session SET restricted = false WHERE account = 'admin' AND ended_at IS NULL")
    for account, wanted in (("clerk-jyj", (403, "token-owner")), ("platform", (403, "token-owner")),
                            ("nobody-at-all", (404, "no-account"))):
        same(f"for {account}, by an administrator", wanted, told(admin.ask(
            "POST", "/tokens", {"name": "t", "scopes": "*", "days": 1, "account": account})))
    keeper = Browser()
    keeper.sign_in("clerk-scjg", use("clerk-scjg"))
    reply = keeper.ask("POST", "/tokens", {"name": "p", "scopes": "files:write", "days": 9, "account": "platform"})
    same("of a service that one keeps", 201, reply.status)
    SECRETS.append(reply.json()["token"][6:])


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


if __name__ == "__main__":
    signin_lib.run(globals())
