"""Bad input: the right status, one sentence, nothing changed, nothing told of what exists.

Prints `ok NAME` or `not ok NAME: why`. Needs the world of world.py."""

import json
import sys

import world
from client import Client, Closed

the_world = world.load()
people = the_world["people"]
failures = 0
serial = 0
# what a refusal may leave: the count of refused tries to sign in
BESIDES = ("signin_failure",)


def say(good, name, why=""):
    global failures
    failures += not good
    print(f"{'ok' if good else 'not ok'} {name}" + ("" if good else f": {why}"))


def key():
    global serial
    serial += 1
    return f"bad-input-{serial:06}"


def token(role):
    return [("Authorization", f"Bearer {people[role]['token']}")]


def session(role, csrf=True):
    who = people[role]
    return [("Cookie", f"drawd={who['session']}")] + ([("Drawd-CSRF", who["csrf"])] if csrf else [])


def ask(method, path, headers=(), body=None, where=None, once=True):
    """One request on a connection of its own; a POST gets a fresh key."""
    headers = list(headers)
    if once and method == "POST" and not any(n == "Idempotency-Key" for n, _ in headers):
        headers.append(("Idempotency-Key", key()))
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    client = Client(where or the_world["socket"])
    try:
        return client.request(method, path, headers, body)
    finally:
        client.close()


def raw(data, where=None):
    """Bytes as they are; None where the connection is closed without a reply."""
    client = Client(where or the_world["port"], timeout=20)
    try:
        return client.exchange(data)
    except (Closed, ConnectionError):
        return None
    finally:
        client.close()


def one_sentence(reply):
    """Why this is not one problem with one sentence in each language; None where it is."""
    if not (reply.header("content-type") or "").startswith("application/problem+json"):
        return f"{reply.status} is {reply.header('content-type')}"
    problem = reply.json()
    if problem["status"] != reply.status:
        return f"status {problem['status']} in the body"
    for language in ("zh", "en"):
        text = problem[language]
        if not text or "\n" in text or ". " in text or "。" in text.rstrip("。"):
            return f"not one sentence: {text}"
    return None


def changed(before, besides=()):
    after = world.marks(BESIDES + tuple(besides))
    return [table for table in after if before[table] != after[table]]


def refused(name, status, code, make, besides=()):
    """make() is refused with this status and error, and the database is as it was before; besides: tables
    in which the refusal itself is noted."""
    before = world.marks()
    reply = make()
    if reply is None:
        say(False, name, "no reply")
    elif (reply.status, reply.code()) != (status, code):
        say(False, name, f"{reply.status} {reply.body[:300]!r}, wanted {status} {code}")
    elif one_sentence(reply):
        say(False, name, one_sentence(reply))
    else:
        tables = changed(before, besides)
        say(not tables, name, f"changed: {tables}")
    return reply


def alike(name, a, b, words=()):
    """Two refusals that tell the same, apart from what was asked for."""
    told = []
    for reply in (a, b):
        text = reply.body.decode()
        for word in words:
            text = text.replace(word, "…")
        told.append((reply.status, text, {k: v for k, v in reply.headers.items()
                                         if k not in ("drawd-request", "date", "content-length")}))
    say(told[0] == told[1], name, f"{told[0]} and {told[1]}")


# ---- rights and states -------------------------------------------------------------------------

def rights():
    body = {"name": "a.csv", "size": 3}
    refused("nobody", 401, "sign-in-needed", lambda: ask("POST", "/api/v1/uploads", body=body))
    refused("a made-up token", 401, "session-ended",
            lambda: ask("GET", "/api/v1/jobs", [("Authorization", "Bearer drawd_" + "A" * 43)]))
    refused("wrong role", 403, "not-allowed", lambda: ask("POST", "/api/v1/uploads", token("auditor"), body))
    refused("a session without its second factor", 403, "second-factor-needed",
            lambda: ask("GET", "/api/v1/jobs", session("restricted")))
    other = refused("another department's upload", 404, "not-found",
                    lambda: ask("GET", "/api/v1/uploads/2", token("clerk")))
    absent = refused("an upload that is not there", 404, "not-found",
                     lambda: ask("GET", "/api/v1/uploads/9", token("clerk")))
    alike("the two are told alike", other, absent, ("uploads/2", "uploads/9"))
    other = refused("another department's draft", 404, "no-round",
                    lambda: ask("GET", "/api/v1/rounds/2026-0002", token("clerk")))
    absent = refused("a round that is not there", 404, "no-round",
                     lambda: ask("GET", "/api/v1/rounds/2026-9999", token("clerk")))
    alike("these two as well", other, absent, ("2026-0002", "2026-9999"))
    refused("a piece of another department's upload", 404, "not-found",
            lambda: ask("PUT", "/api/v1/uploads/4?offset=0", token("clerk"), b"abc"))


def scopes():
    db = world.database()
    db.ask("BEGIN; SET LOCAL session_replication_role = replica; UPDATE access_token SET scopes = 'rounds:read' "
           f"WHERE id = {people['clerk']['number']}; COMMIT;")
    refused("a token without the scope", 403, "scope", lambda: ask("GET", "/api/v1/uploads/1", token("clerk")))
    refused("a token that may read, for a change", 403, "scope",
            lambda: ask("POST", "/api/v1/uploads", token("clerk"), {"name": "a.csv", "size": 3}))
    reply = ask("GET", "/api/v1/rounds", token("clerk"))
    say(reply.status == 200, "what its scope holds", reply.body[:200])
    db.ask("BEGIN; SET LOCAL session_replication_role = replica; UPDATE access_token SET ends_at = now() "
           f"WHERE id = {people['clerk']['number']}; COMMIT;")
    refused("a token past its end", 401, "session-ended", lambda: ask("GET", "/api/v1/rounds", token("clerk")))


def csrf():
    def post(headers, where=None):
        return ask("POST", "/api/v1/uploads", headers, {"name": "a.csv", "size": 3}, where)

    port = the_world["port"]
    refused("a cookie alone changes nothing", 403, "csrf", lambda: post(session("clerk", False)))
    refused("a wrong Drawd-CSRF", 403, "csrf", lambda: post(session("clerk", False) + [("Drawd-CSRF", "A" * 32)]))
    refused("somebody else's Drawd-CSRF", 403, "csrf",
            lambda: post(session("clerk", False) + [("Drawd-CSRF", people["head"]["csrf"])]))
    for name, value in (("Origin", "https://example.org"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
                        ("Sec-Fetch-Site", "same-site")):
        refused(f"{name}: {value}", 403, "csrf", lambda: post(session("clerk") + [(name, value)], port))


def motions():
    number = the_world["motions"]
    path = f"/api/v1/motions/{number['coordinator']}"
    reason = {"reason": "test"}

    def seen(motion):
        return [("If-Match", ask("GET", motion, token("coordinator")).header("etag") or "none")]

    def second(motion, role, match):
        return ask("POST", motion + "/second", token(role) + match, reason)

    match = seen(path)
    refused("without If-Match", 428, "match-needed", lambda: second(path, "coordinator", []))
    refused("stale ETag", 412, "stale", lambda: second(path, "coordinator", [("If-Match", '"' + "0" * 32 + '"')]))
    refused("both eyes the same account", 409, "same-person", lambda: second(path, "coordinator-twin", match))
    refused("without a reason", 400, "bad-json",
            lambda: ask("POST", path + "/second", token("coordinator") + match, {"reason": ""}))
    own = f"/api/v1/motions/{number['of lead']}"
    refused("both eyes the same person", 409, "same-person", lambda: second(own, "coordinator-same", seen(own)))
    late = f"/api/v1/motions/{number['lapsed']}"
    refused("an expired motion", 409, "motion-lapsed", lambda: second(late, "coordinator", seen(late)))
    done = f"/api/v1/motions/{number['declined']}"
    refused("a motion that was decided", 409, "motion-decided", lambda: second(done, "coordinator", seen(done)))
    first = second(path, "coordinator", match)
    say(first.status == 200, "another person's second", first.body)
    refused("and once more", 412, "stale", lambda: second(path, "coordinator", match))


def keys():
    mine = [("Idempotency-Key", "bad-input-same-key")]
    body = {"name": "k.csv", "size": 3}

    def post(role, headers, body=body, path="/api/v1/uploads"):
        return ask("POST", path, token(role) + headers, body, once=False)

    refused("a change without a key", 400, "key-needed", lambda: post("clerk", []))
    for bad in ("short", "a" * 65, "with space in it", "ключ-ключ"):
        refused(f"the key {bad[:10]}", 400, "key-needed", lambda: post("clerk", [("Idempotency-Key", bad)]))
    first = post("clerk", mine)
    say(first.status == 201, "a change with a key", first.body)
    before = world.marks()
    again = post("clerk", mine)
    say((again.status, again.body) == (first.status, first.body) and again.header("idempotent-replayed") == "true"
        and not changed(before), "sent again it tells the same and does nothing", f"{again.status} {again.body!r}")
    refused("the same key with another body", 422, "key-reused", lambda: post("clerk", mine, {"name": "k", "size": 4}))
    refused("the same key on another route", 422, "key-reused", lambda: post("clerk", mine, {
        "upload": 1, "kind": "entities", "source": "s", "provider": "p"}, "/api/v1/imports"))
    other = post("head", mine)
    say(other.status == 201 and other.json()["id"] != first.json()["id"], "another account's key is another one",
        other.body)


# ---- who ---------------------------------------------------------------------------------------

def cookies():
    db = world.database()
    account = people["oversight"]["account"]
    ended = ("session", "audit", "audit_head")  # an end is written down

    def me():
        return ask("GET", "/api/v1/session", session("oversight"))

    def set_to(table, column, text):
        db.ask(f"BEGIN; SET LOCAL session_replication_role = replica; UPDATE {table} SET {text} "
               f"WHERE {column} = '{account}'; COMMIT;")

    say(me().status == 200, "a session", me().body)
    spare = world.secret_of("another token of this session")
    set_to("session", "account", "previous = hash, rotated_at = now(), "
           f"hash = '\\x{world.digest('another token of this session')}'")
    say(me().status == 200, "the token before the last holds for a minute", me().body)
    set_to("session", "account", "rotated_at = now() - interval '2 minutes'")
    refused("a replayed cookie", 401, "session-ended", me, ended)
    refused("ends the session for both", 401, "session-ended",
            lambda: ask("GET", "/api/v1/session", [("Cookie", f"drawd={spare}")]))
    world.restore()
    out = ask("DELETE", "/api/v1/session", session("oversight"))
    say(out.status in (200, 204), "signing out", out.body)
    refused("the cookie after it", 401, "session-ended", me)
    for name, text in (("past its end", "ends_at = now() - interval '1 second'"),
                       ("long unused", "seen_at = now() - interval '2 days'")):
        world.restore()
        set_to("session", "account", text)
        refused(f"a session {name}", 401, "session-ended", me, ended)
    world.restore()
    set_to("account", "id", "state = 'disabled'")
    refused("a disabled account", 401, "session-ended", me)
    refused("its token", 401, "session-ended", lambda: ask("GET", "/api/v1/jobs", token("oversight")))
    world.restore()
    for cookie in ("drawd=", "drawd=" + "A" * 42, "drawd=" + "A" * 44, "drawd=" + "é" * 20, "drawd=" + "A" * 43):
        reply = ask("GET", "/api/v1/jobs", [("Cookie", cookie)])
        say(reply.status == 401 and not one_sentence(reply), f"the cookie {cookie[:12]} is nobody's",
            f"{reply.status} {reply.body[:200]!r}")


def proxies():
    for name, where in (("TCP", the_world["port"]), ("the socket", the_world["socket"])):
        refused(f"a proxy's header on {name}", 400, "proxy-header",
                lambda: ask("GET", "/api/v1/jobs", [("Drawd-User", "admin")], where=where))
        refused(f"a proxy's header beside a token on {name}", 400, "proxy-header",
                lambda: ask("GET", "/api/v1/jobs", token("clerk") + [("drawd-USER", "admin")], where=where))
        refused(f"a proxy's header where nobody is asked, on {name}", 400, "proxy-header",
                lambda: ask("GET", "/healthz", [("Drawd-User", "admin")], where=where))
    made = ask("POST", "/api/v1/uploads", token("clerk") + [("X-Forwarded-For", "203.0.113.9"),
               ("Forwarded", "for=203.0.113.9"), ("X-Real-IP", "203.0.113.9")],
               {"name": "from.csv", "size": 3}, the_world["port"])
    seen = world.database().ask("SELECT DISTINCT address FROM audit WHERE object_kind = 'upload' AND object = "
                                f"'{made.json()['id']}';")
    say(made.status == 201 and seen == ["127.0.0.1"], "forged addresses are not believed", seen)


# ---- messages ----------------------------------------------------------------------------------

def wire(name, status, code, data):
    """Bytes on a connection of their own. What libevent refuses by itself it tells without a problem, or
    by closing."""
    before = world.marks()
    reply = raw(data)
    tables = changed(before)
    if reply is None:
        say(not tables, f"{name} (closed)", f"changed: {tables}")
        return
    told = (reply.header("content-type") or "").startswith("application/problem+json")
    good = reply.status == status and (reply.code() == code and not one_sentence(reply) if told else True)
    say(good and not tables, name, f"{reply.status} {reply.body[:200]!r}, wanted {status} {code}; {tables}")


def head(lines, body=b"", start="POST /api/v1/uploads HTTP/1.1"):
    fixed = [f"Host: 127.0.0.1:{the_world['port']}", f"Authorization: Bearer {people['clerk']['token']}",
             f"Idempotency-Key: {key()}"]
    return ("\r\n".join([start] + fixed + lines) + "\r\n\r\n").encode("latin-1") + body


def lengths():
    body = b'{"name":"a.csv","size":3}'
    n = len(body)
    good = raw(head([f"Content-Length: {n}"], body))
    say(good is not None and good.status == 201, "a message without a fault", good and good.body)
    wire("Content-Length twice, alike", 400, "bad-request", head([f"Content-Length: {n}"] * 2, body))
    wire("Content-Length twice, different", 400, "bad-request",
         head([f"Content-Length: {n}", "Content-Length: 3"], body))
    wire("Content-Length and Transfer-Encoding", 400, "bad-request",
         head([f"Content-Length: {n}", "Transfer-Encoding: chunked"], b"0\r\n\r\n" + body))
    wire("another Transfer-Encoding", 400, "bad-request", head(["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"))
    for bad in ("+3", "-1", "0x10", "1e1", " "):
        wire(f"Content-Length: {bad}", 400, "bad-request", head([f"Content-Length: {bad}"], body))
    wire("Content-Length: 30 digits", 413, "too-large", head([f"Content-Length: {'9' * 30}"], body))
    wire("oversize body", 413, "too-large", head(["Content-Length: 5000000"], b"{" + b" " * 4999999))
    wire("a body larger than the route takes", 413, "too-large", head(["Content-Length: 20000"], b"{" + b" " * 19999))
    wire("an oversize body in chunks", 413, "too-large",
         head(["Transfer-Encoding: chunked"], (b"10000\r\n" + b" " * 65536 + b"\r\n") * 80 + b"0\r\n\r\n"))
    wire("a body where none is taken", 413, "too-large",
         head(["Content-Length: 2"], b"{}", "GET /api/v1/jobs HTTP/1.1"))


def headers():
    host = f"Host: 127.0.0.1:{the_world['port']}"
    line = "GET /api/v1/rounds HTTP/1.1\r\n"
    wire("missing Host", 400, "bad-request", f"{line}Accept: */*\r\n\r\n".encode())
    wire("two Hosts", 400, "bad-request", f"{line}{host}\r\n{host}\r\n\r\n".encode())
    wire("an empty Host", 400, "bad-request", f"{line}Host:\r\n\r\n".encode())
    for wrong in ("localhost:x@evil", "localhost:80@evil", "localhost:80:80", "evil@localhost", "localhost/x"):
        wire(f"Host: {wrong}", 400, "bad-request", f"{line}Host: {wrong}\r\n\r\n".encode())
    wire("another Host", 400, "bad-request", f"{line}Host: example.org\r\n\r\n".encode())
    wire("another Host by an absolute address", 400, "bad-request",
         f"GET http://example.org/api/v1/rounds HTTP/1.1\r\n{host}\r\n\r\n".encode())
    wire("a control character in a header", 400, "bad-request", head(["X-A: a\x01b"]))
    wire("a header's name with a space", 400, "bad-request", head(["X A: b"]))
    wire("a header without a name", 400, "bad-request", head([": b"]))
    wire("headers without an end", 400, "bad-request", head(["X-A: " + "b" * 60000]))
    wire("a NUL in the address", 400, "bad-request", f"GET /api/v1/rounds\0 HTTP/1.1\r\n{host}\r\n\r\n".encode())
    wire("another protocol", 400, "bad-request", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40 + b"\r\n\r\n")
    wire("a method nobody knows", 501, "method-not-allowed", f"FLY /api/v1/rounds HTTP/1.1\r\n{host}\r\n\r\n".encode())


def paths():
    for path in ("//api/v1/rounds", "/api//v1/rounds", "/api/v1/./rounds", "/api/v1/../v1/rounds", "/api/v1/rounds/..",
                 "/%61pi/v1/rounds", "/api/v1/rounds%2f2026-0001", "/api/v1/rounds/%2e%2e", "/api/v1\\rounds",
                 "/api/v1/rounds;a=b", "/api/v1/rounds%00", "/api/v1/rounds/2026-0001%0a",
                 "/api/v1/rounds?limit=1%0d%0a", "/api/v1/rounds#x", "/" + "a" * 600):
        refused(f"the path {path[:32]}", 400, "bad-request", lambda: ask("GET", path, token("coordinator")))
    for path in ("/api/v1/rounds/", "/api/v1/round", "/API/v1/rounds", "/api/v2/rounds", "/api/v1", "/tile", "/etc/passwd"):
        refused(f"the path {path}", 404, "no-such-address", lambda: ask("GET", path, token("coordinator")))
    for number in ("0", "01", "-1", "1.0", "9223372036854775808", "x", "1~2"):
        refused(f"the number {number}", 404, "not-found", lambda: ask("GET", f"/api/v1/uploads/{number}", token("clerk")))
    for number in ("2026-1", "2026-00001", "x"):
        refused(f"the round {number}", 404, "no-round", lambda: ask("GET", f"/api/v1/rounds/{number}", token("clerk")))
    for method in ("PATCH", "DELETE", "OPTIONS", "PUT"):
        reply = ask(method, "/api/v1/uploads", token("clerk"))
        say((reply.status, reply.code()) == (405, "method-not-allowed") and "GET" in (reply.header("allow") or ""),
            f"{method} where it is not taken", f"{reply.status} {reply.body[:200]!r} {reply.headers}")
    for query in ("limit=x", "limit=0", "limit=-1", "limit=1&limit=1", "nothing=1", "sort=policy", "format=exe",
                  "after=%27", "created_from=x", "limit=99999999999999999999"):
        reply = ask("GET", f"/api/v1/rounds?{query}", token("coordinator"))
        say(reply.status == 400 and not one_sentence(reply), f"?{query}", f"{reply.status} {reply.body[:200]!r}")


def bodies():
    for name, data in (("no JSON", b"{"), ("a list", b"[]"), ("null", b"null"), ("two values", b"{}{}"),
                       ("a member twice", b'{"name":"a","name":"b","size":1}'),
                       ("not UTF-8", b'{"name":"\xff","size":1}'),
                       ("an unknown member", b'{"name":"a","size":1,"x":1}'), ("a member missing", b'{"name":"a"}'),
                       ("a number as text", b'{"name":"a","size":"1"}'), ("a fraction", b'{"name":"a","size":1.5}'),
                       ("too large a number", b'{"name":"a","size":9223372036854775808}'),
                       ("a negative size", b'{"name":"a","size":-1}'), ("an empty name", b'{"name":"","size":1}'),
                       ("too long a name", b'{"name":"' + b"a" * 256 + b'","size":1}'),
                       ("a lone surrogate", b'{"name":"\\ud800","size":1}'), ("depth", b"[" * 8000), ("nothing", b""),
                       ("a byte order mark", b'\xef\xbb\xbf{"name":"a","size":1}'),
                       ("a NUL", b'{"name":"a\\u0000b","size":1}'), ("a bell", b'{"name":"a\\u0007b","size":1}'),
                       ("a TAB", b'{"name":"a\tb","size":1}'), ("a line feed", b'{"name":"a\\nb","size":1}'),
                       ("a DEL", b'{"name":"\\u007f","size":1}')):
        refused(f"the body: {name}", 400, "bad-json", lambda: ask("POST", "/api/v1/uploads", token("clerk"), data))


def directions():
    """Marks that turn the direction of writing would let a reason read otherwise than it stands."""
    for sign in "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        for text in (sign, f"a{sign}b", f"中{sign}文"):
            reply = refused(f"U+{ord(sign):04X} in a text", 400, "bad-json",
                            lambda: ask("POST", "/api/v1/uploads", token("clerk"), {"name": text, "size": 3}))
            say(reply.json().get("field") == "name", "the member is named", reply.body)
    number = the_world["motions"]["coordinator"]
    reply = ask("POST", f"/api/v1/motions/{number}/decline", token("coordinator") + [("If-Match", '"x"')],
                {"reason": "good\u202e"})
    say((reply.status, reply.json().get("field")) == (400, "reason"), "in a reason", reply.body)
    fine = ask("POST", "/api/v1/uploads", token("clerk"), {"name": "“引号”—破折号…·\u200d.csv", "size": 3})
    say(fine.status == 201, "other signs of that block are let through", fine.body)


def forwarded():
    """The address of a proxy's client is the last member of all lines together."""
    where, db = the_world["socket"].replace("web.sock", "proxy.sock"), world.database()
    for name, lines, wanted in (("one line", ["203.0.113.1, 203.0.113.2"], "203.0.113.2"),
                                ("two lines", ["203.0.113.1, 203.0.113.2", "203.0.113.3"], "203.0.113.3"),
                                ("two lines, a list behind", ["203.0.113.4", "203.0.113.5, 203.0.113.6"], "203.0.113.6"),
                                ("an empty one behind", ["203.0.113.7", ""], "proxy"),
                                ("no address behind", ["203.0.113.8", "unknown"], "proxy")):
        made = ask("POST", "/api/v1/uploads", token("clerk") + [("X-Forwarded-For", line) for line in lines],
                   {"name": "from.csv", "size": 3}, where)
        seen = made.status == 201 and db.ask("SELECT DISTINCT address FROM audit WHERE object_kind = 'upload' AND "
                                             f"object = '{made.json()['id']}';")
        say(seen == [wanted], f"X-Forwarded-For: {name}", f"{made.status} {seen}")


def main():
    world.keep()
    for part in (rights, scopes, csrf, motions, keys, cookies, proxies, forwarded, lengths, headers, paths, bodies, directions):
        world.restore()
        part()
    world.restore()
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
