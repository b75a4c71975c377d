"""Random requests made from openapi.json: valid and invalid values, every identity, wrong bodies, odd
headers, several connections. None may be answered by a 5xx, every reply must be one that the
document tells of.

    random.py N [SEED]      in the world that world.py describes in $TEST_DIR/world.json
"""

import json
import multiprocessing
import os
import random
import re
import sys
import time
import urllib.parse

from client import Client, Closed
import description
import world

PROCESSES = 3
CONNECTIONS = 3  # of each process, one request under way at a time on each process
SHOWN = 40

WORDS = ["", "x", "0", "-1", "null", "scjg", "jyj", "2026-0001", "2026-0002", "2099-9999", "*", "~", "a,b",
         "每日", "'; DROP TABLE drawd.round; --", "%s%n", "../../etc/passwd", "\u0000", "\u007f", "\r\nX: y",
         "\ud800", "A" * 300, "9223372036854775807", "9223372036854775808", "-0", "01", "1e3", "１", "NaN", "true"]
NUMBERS = [0, 1, 2, 3, -1, 17, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 10**30]
VALUES = [None, True, False, 0, 1.5, -1, 1e300, "", "x", [], {}, [[[]]], {"a": {"b": []}}]
# a password is hashed by each of these; these sign the asker out
SELDOM = {"session.new": 0.1, "session.password": 0.1, "session.delete": 0.1, "session.end": 0.3, "token.end": 0.3}
METHODS = ["HEAD", "OPTIONS", "PATCH", "PUT", "POST", "DELETE", "GET"]
ODD_HEADERS = [
    ("Accept", "text/csv"), ("Accept", "*/*;q=0"), ("Accept", "application/json"), ("Accept-Language", "en"),
    ("If-None-Match", "*"), ("If-None-Match", '"0"'), ("If-Match", "*"), ("If-Match", 'W/"x"'),
    ("Range", "bytes=0-1"), ("Expect", "100-continue"), ("Origin", "https://example.org"), ("Origin", "null"),
    ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin"), ("Drawd-User", "admin"),
    ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Host", "example.org"), ("Forwarded", "for=1.2.3.4"),
    ("Cookie", "drawd="), ("Cookie", "drawd=x; drawd=y"), ("Cookie", "a=b; ; =c"), ("Authorization", "Basic YTpi"),
    ("Authorization", "Bearer "), ("Authorization", "Bearer drawd_" + "A" * 43), ("Drawd-CSRF", "x"),
    ("Idempotency-Key", "short"), ("Idempotency-Key", "a" * 65), ("Idempotency-Key", "same-key-for-all"),
    ("Drawd-Reason", "%E5%9B%A0"), ("Drawd-Reason", "%00"), ("Drawd-Reason", "%"), ("Drawd-Reason", "x" * 4000),
    ("Content-Type", "text/plain"), ("Content-Type", "application/json; charset=gbk"), ("Content-Encoding", "gzip"),
    ("Last-Event-ID", "1-2-done"), ("Last-Event-ID", "x"), ("User-Agent", "\u00e9" * 300), ("X-Long", "y" * 9000),
    ("TE", "trailers"), ("Upgrade", "h2c"), ("Connection", "keep-alive, Upgrade"), ("Via", "1.1 x"),
]


class Maker:
    """Makes requests; the same seed makes the same ones."""

    def __init__(self, seed, the_world, operations):
        self.rng = random.Random(seed)
        self.world = the_world
        self.operations = operations
        self.weights = [SELDOM.get(o.name, 1) for o in operations]
        self.identities = list(the_world["people"].values())
        self.allowed = {o.name: [who for name, who in the_world["people"].items() if name.split("-")[0] in o.roles]
                        for o in operations}
        self.etags = {}  # by path, of what this process read
        self.serial = 0
        self.seed = seed
        self.keys = []

    def chance(self, p):
        return self.rng.random() < p

    # ---- values ----

    def known(self, name):
        """A value of this world that stands for the name, or None."""
        pool = self.world["values"].get(name)
        return self.rng.choice(pool) if pool else None

    def text(self, schema, name):
        if "enum" in schema:
            return self.rng.choice([w for w in schema["enum"] if w is not None])
        value = self.known(name)
        if value is not None and self.chance(0.8):
            return value
        pattern = schema.get("pattern", "")
        if "[0-9]{4}-[0-9]{2}-[0-9]{2}" in pattern:
            return f"20{self.rng.randrange(20, 40)}-{self.rng.randrange(1, 14):02}-{self.rng.randrange(1, 33):02}"
        if "[0-9a-f]{64}" in pattern:
            return self.rng.randbytes(32).hex()
        if "[0-9]{4}-[0-9]{4}" in pattern:
            return f"2026-{self.rng.randrange(1, 9):04}"
        length = self.rng.randrange(schema.get("minLength", 1), min(schema.get("maxLength", 40), 40) + 1)
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        if "a-z0-9-" not in pattern and "0-9A-Za-z" not in pattern and self.chance(0.3):
            letters += "双随机一公开 .,:;()ABC'\"\\"
        return "".join(self.rng.choice(letters) for _ in range(length))

    def number(self, schema, name):
        value = self.known(name)
        if value is not None and self.chance(0.8):
            return value
        low, high = schema.get("minimum", 0), schema.get("maximum", 2**63 - 1)
        return self.rng.choice([low, high, self.rng.randint(low, high), self.rng.randint(low, min(high, low + 20))])

    def value(self, schema, name):
        kinds = schema.get("type")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        if kind == "string":
            return self.text(schema, name)
        if kind == "integer":
            return self.number(schema, name)
        if kind == "boolean":
            return self.chance(0.5)
        return self.rng.choice(VALUES)

    def wrong(self):
        return self.rng.choice(self.rng.choice([WORDS, NUMBERS, VALUES]))

    # ---- parts of a request ----

    def arguments(self, operation):
        out = {}
        for p in operation.arguments:
            place = f"{operation.name}.{p['name']}"
            pool = self.world["values"].get(place) or self.world["values"].get(p["name"])
            value = self.rng.choice(pool) if pool and self.chance(0.8) else self.value(p["schema"], p["name"])
            if self.chance(0.05):
                value = self.wrong()
            out[p["name"]] = urllib.parse.quote(str(value).encode("utf-8", "surrogatepass"),
                                                safe="/" if p["name"] == "rest" else "")
        return out

    def query(self, operation):
        pairs = []
        for p in operation.query:
            if not self.chance(1.5 / len(operation.query)):
                continue
            value = self.wrong() if self.chance(0.15) else self.value(p["schema"], p["name"])
            value = str(value).lower() if isinstance(value, bool) else str(value)
            pairs.append((p["name"], value))
        if self.chance(0.02):
            pairs.append((self.rng.choice(WORDS), self.rng.choice(WORDS)))
        if pairs and self.chance(0.02):
            pairs.append(pairs[0])
        text = "&".join(urllib.parse.quote(n.encode("utf-8", "surrogatepass")) + "=" +
                        urllib.parse.quote(v.encode("utf-8", "surrogatepass")) for n, v in pairs)
        return "?" + text if text or self.chance(0.01) else ""

    def identity(self, operation):
        """Headers that say who asks, and a name for the report; mostly somebody who may."""
        may = self.allowed[operation.name] if self.chance(0.7) else self.identities
        who = self.rng.choice(may or self.identities)
        draw = self.rng.random()
        if draw < 0.06:
            return [], "nobody"
        if draw < 0.08:
            return [("Authorization", "Bearer drawd_" + "B" * 43)], "a made-up token"
        if draw < 0.10:
            return [("Cookie", "drawd=" + "B" * 43), ("Drawd-CSRF", "B" * 22)], "a made-up session"
        if draw < 0.45 and who.get("token"):
            return [("Authorization", f"Bearer {who['token']}")], who["account"]
        headers = [("Cookie", f"drawd={who['session']}")]
        if not self.chance(0.05):
            headers.append(("Drawd-CSRF", who["csrf"]))
        return headers, who["account"]

    def headers(self, operation, target):
        out = []
        if "Idempotency-Key" in operation.headers and not self.chance(0.03):
            self.serial += 1
            if self.keys and self.chance(0.05):
                key = self.rng.choice(self.keys)
            else:
                key = f"key-{self.seed}-{self.serial}"
                self.keys = (self.keys + [key])[-50:]
            out.append(("Idempotency-Key", key))
        if "If-Match" in operation.headers and not self.chance(0.05):
            seen = self.etags.get(target.rsplit("/", 1)[0])
            out.append(("If-Match", seen if seen and self.chance(0.9) else f'"{self.rng.randbytes(16).hex()}"'))
        if self.chance(0.1):
            odd = self.rng.choice(ODD_HEADERS)
            if odd[0] not in [name for name, _ in out]:
                out.append(odd)
        return out

    def body(self, operation):
        if operation.takes_bytes:
            return self.rng.randbytes(self.rng.choice([0, 1, 5, 100, 5000]))
        if operation.body is None:
            return b"{}" if self.chance(0.02) else None
        draw = self.rng.random()
        if draw < 0.03:
            return self.rng.choice([b"", b"null", b"[]", b"{", b'{"a":1,"a":2}', b"\xff\xfe", b'{"a":"\\u0000"}',
                                    b'{"a":"\\ud800"}', b"[" * 5000, b" " * 3000, b"1e999", b'"x"',
                                    b"\xef\xbb\xbf{}", b'{"\x00":1}'])
        properties, required = operation.body["properties"], operation.body["required"]
        value = {name: self.value(schema, name) for name, schema in properties.items()
                 if name in required or self.chance(0.4)}
        if properties and draw < 0.12:
            value[self.rng.choice(list(properties))] = self.wrong()
        if value and draw > 0.97:
            value.pop(self.rng.choice(list(value)))
        if 0.95 < draw < 0.97:
            value["no-such-member"] = 1
        text = json.dumps(value, ensure_ascii=self.chance(0.5)).encode("utf-8", "surrogatepass")
        if operation.body_max <= 20000 and self.chance(0.002):
            text += b" " * operation.body_max
        return text

    def request(self):
        operation = self.rng.choices(self.operations, self.weights)[0]
        method = self.rng.choice(METHODS) if self.chance(0.01) else operation.method
        headers, who = self.identity(operation)
        target = operation.target(self.arguments(operation))
        headers += self.headers(operation, target)
        target += self.query(operation)
        if self.chance(0.003):
            target = self.rng.choice(["/", "/api/", "/api/v1", "//api/v1/rounds", "/api/v1/../v1/rounds", "*",
                                      "/%2e%2e/", "/api/v1/rounds/%00", "/tile/0/x", "/api/v1/rounds;x=1"])
            operation = None
        body = self.body(operation) if operation is not None else None
        return operation, method, target, headers, body, who


# ---- one process -------------------------------------------------------------------------------

def judge(operation, method, reply, known):
    if reply.status >= 500:
        return f"{reply.status} {reply.body[:300]!r}"
    if operation is None or method != operation.method:
        return None
    # the path, the query or a header may have made it a request that reaches no route
    if reply.code() in ("no-such-address", "method-not-allowed", "bad-request"):
        return None
    return operation.check(reply, known)


def again(client, method, target, headers, body):
    try:
        return client.request(method, target, headers, body)
    except (Closed, ConnectionError):
        return None


def ask(number, count, seed, the_world, document, results):
    maker = Maker(seed * 1000 + number, the_world, description.operations(document))
    clients = [Client(the_world["socket"] if i % 2 else the_world["port"]) for i in range(CONNECTIONS)]
    statuses, reached, found, known = {}, set(), [], set()
    for i in range(count):
        operation, method, target, headers, body, who = maker.request()
        client = clients[i % CONNECTIONS]
        reply = again(client, method, target, headers, body)
        if reply is None:
            fault = "the connection was closed without a reply"
        else:
            statuses[reply.status] = statuses.get(reply.status, 0) + 1
            fault = judge(operation, method, reply, known)
            if operation is not None and reply.status < 400:
                reached.add(operation.name)
            if operation is not None and operation.name == "motion.get" and reply.header("etag"):
                maker.etags[target] = reply.header("etag")
        if fault is not None:
            name = operation.name if operation is not None else "-"
            found.append((name, fault, f"{method} {target} as {who}, headers {headers}, body {(body or b'')[:400]!r}"))
        if maker.chance(0.01):
            client.close()
    results.put((statuses, reached, found))


def run(count, seed):
    the_world = world.load()
    document = Client(the_world["socket"]).request("GET", "/api/v1/openapi.json").json()
    results = multiprocessing.Queue()
    began = time.monotonic()
    processes = [multiprocessing.Process(target=ask, args=(
        i, count // PROCESSES + (i < count % PROCESSES), seed, the_world, document, results))
                 for i in range(PROCESSES)]
    for p in processes:
        p.start()
    parts = []
    alive = True
    while len(parts) < PROCESSES and alive:
        world.revive()
        alive = any(p.is_alive() for p in processes)
        try:
            parts.append(results.get(timeout=0.5))
            alive = True
        except multiprocessing.queues.Empty:
            pass
    for p in processes:
        p.join()
    return parts, time.monotonic() - began, {o.name for o in description.operations(document)}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(os.environ.get("SEED", "1"))
    parts, seconds, routes = run(count, seed)
    statuses, reached, found = {}, set(), []
    for part in parts:
        for status, n in part[0].items():
            statuses[status] = statuses.get(status, 0) + n
        reached |= part[1]
        found += part[2]
    kinds = {}
    for name, fault, request in found:
        kinds.setdefault((name, re.sub(r"[0-9]+|'[^']*'", "…", fault)[:80]), []).append(f"{fault} — {request}")
    for (name, _), faults in list(kinds.items())[:SHOWN]:
        print(f"not ok random request, {name}, {len(faults)} times: {faults[0]}")
    asked = sum(statuses.values())
    told = " ".join(f"{status}:{n}" for status, n in sorted(statuses.items()))
    print(f"# seed {seed}: {asked} requests in {seconds:.1f} s ({asked / seconds:.0f}/s); {told}; "
          f"{len(reached)} of {len(routes)} routes answered with success, all but: {' '.join(sorted(routes - reached)) or '-'}")
    if len(parts) < PROCESSES:
        print("not ok a process of the test ended early")
    elif not found:
        print(f"ok {count} random requests, seed {seed}: no 5xx, every reply as told")
    # a test that reaches nothing would prove nothing
    print("ok" if len(reached) * 4 > len(routes) * 3 else "not ok", "random requests succeed on most routes")
    sys.exit(bool(found) or len(parts) < PROCESSES)


if __name__ == "__main__":
    main()
