"""Every route as every role, for an object of one's own, one of somebody else and one that is not there:
status, body and the statements that ran, held to matrix.txt.

    matrix.py             compare; a line that is missing is a failure, and so is one too many
    matrix.py --print     what came out, in the form of matrix.txt

The world is that of world.py; after a change it is put back."""

import hashlib
import collections
import json
import os
import re
import sys
import time
import urllib.parse

import description
import world
from client import Client

HERE = os.path.dirname(os.path.abspath(__file__))
ROLES = ["public", "restricted", "administrator", "coordinator", "head", "clerk", "inspector", "auditor", "oversight",
         "custodian", "service"]
PLACES = ("own", "other", "absent")

the_world = world.load()
people = the_world["people"]


# ---- objects -----------------------------------------------------------------------------------

def by_role(otherwise, **some):
    return lambda role: some.get(role, otherwise)


def two_digits(role):
    """A session or token of somebody else, with as many digits as the one that is not there."""
    return next(p["number"] for name, p in people.items() if p["number"] > 9 and name != role)


def my(what):
    return lambda role: people[role][what] if role in people else 1


# {rest}: as many hashes as there are
TILE = "0/000.p/8"
PUBLIC_BUNDLE, AUDIT_BUNDLE = (world.hashlib.sha256(name.encode()).hexdigest()
                               for name in ("public bundle of 11", "audit bundle of 11"))

# what stands for the part of the path (or the member of the body): own, other, absent; odd rounds are
# those of scjg, even ones those of jyj
OBJECTS = {
    "upload.get": (by_role(1, coordinator=5), 2, 9),
    "upload.piece": (by_role(3, coordinator=6), 4, 9),
    "import.new": (by_role(1, coordinator=5), 2, 9),
    "import": (1, 2, 9),
    "import.confirm": (by_role(4, coordinator=6), 5, 9),
    "import.discard": (by_role(4, coordinator=6), 5, 9),
    "import.propose": (by_role(4, coordinator=6), 5, 9),
    "import.undo": (by_role(1, coordinator=3), 2, 9),
    "import.again": (by_role(1, coordinator=3), 2, 9),
    "register": ("entities", "inspectors", "people"),
    "entity": ("91330199MA0000001X", "91330199MA0000002X", "91330199MA0000009X"),
    "class.history": ("91330199MA0000001X", "91330199MA0000002X", "91330199MA0000009X"),
    "class.why": ("91330199MA0000001X", "91330199MA0000002X", "91330199MA0000009X"),
    "focus": (1, 2, 9),
    "clue": (1, 2, 9),
    "cause": (1, 2, 9),
    "letter": (1, 2, 9),
    "letter.answered": (3, 4, 9),
    "buffer": (1, 2, 9),
    "buffer.new": ("91330199MA0000001X", "91330199MA0000002X", "91330199MA0000009X"),
    "entity.lookup": ("91330199MA0000001X", "91330199MA0000002X", "91330199MA2000027X"),
    "job": (by_role(1, coordinator=3), 2, 9),
    "proposal": (1, 2, 9),
    # kind/code; kinds are nobody's
    "document.list": ("scheme", "schemes", "tasks"),
    "document.put": ("scheme", "schemes", "tasks"),
    "document.check": ("scheme", "schemes", "tasks"),
    "document.retire": ("scheme/drugs", "scheme/training", "scheme/none"),
    # everybody in a department sees programmes; task a is scjg's in even years
    "programme": (2030, 2031, 2099),
    "programme.opine": (2032, 2033, 2099),
    "programme.propose": (2032, 2033, 2099),
    "programme.turn": (2032, 2033, 2099),
    "programme.amend": (2034, 2035, 2099),
    "programme.amendments": (2034, 2035, 2099),
    "programme.file": (2034, 2035, 2099),
    "programme.check": (2034, 2035, 2099),
    "programme.checked": (2034, 2035, 2099),
    "programme.rounds": (2034, 2035, 2099),
    "programme.resolve": ("2030/1", "2031/1", "2099/1"),
    "public": (2036, 2037, 2030),
    "look.get": (1, 2, 9),
    "simulation.get": (6, 7, 9),
    "document": ("scheme/food", "scheme/school", "scheme/none"),
    "round": ("2026-0001", "2026-0002", "2026-9999"),
    "round.visits": ("2026-0009", "2026-0010", "2026-9999"),
    "round.dropped": ("2026-0009", "2026-0010", "2026-9999"),
    "round.freeze": ("2026-0003", "2026-0004", "2026-9999"),
    "round.lock": ("2026-0005", "2026-0006", "2026-9999"),
    "round.beacon-text": ("2026-0007", "2026-0008", "2026-9999"),
    "round.beacon": ("2026-0007", "2026-0008", "2026-9999"),
    "round.draw": ("2026-0007", "2026-0008", "2026-9999"),
    "round.reveal": ("2026-0009", "2026-0010", "2026-9999"),
    "round.void": ("2026-0009", "2026-0006", "2026-9999"),
    "round.bundle": ("2026-0011", "2026-0012", "2026-9999"),
    "artefact": (PUBLIC_BUNDLE, AUDIT_BUNDLE, "0" * 64),
    "tlog.tile": (TILE, "0/001", "0/002"),
    "motion.get": (by_role(3, coordinator=1, inspector=9, administrator=5, custodian=15, auditor=1, oversight=1),
                   by_role(4, administrator=1, custodian=1), 99),
    "motion.second": (by_role(3, coordinator=1, administrator=5, custodian=15),
                      by_role(4, coordinator=7, administrator=6, custodian=1), 99),
    "motion.decline": (by_role(3, coordinator=1, administrator=5, custodian=15),
                       by_role(4, coordinator=7, administrator=6, custodian=1), 99),
    "motion.withdraw": (by_role(3, coordinator=7, head=11, inspector=9, administrator=6, custodian=15),
                        by_role(4, coordinator=1, head=12, inspector=10, administrator=5, custodian=1), 99),
    "recusal.new": ("SCJG-0001", "JYJ-0001", "ABC-0001"),
    "account.new": ("scjg", "jyj", "xyz"),
    "account.get": (lambda role: "clerk-scjg" if role in ("administrator", "head") else my("account")(role),
                    "clerk-jyj", "clerk-xyz"),
    "account.enable": ("old-scjg", "old-jyj", "old-xyz"),
    "account.password": ("new-scjg", "new-jyj", "new-xyz"),
    "account": ("clerk-scjg", "clerk-jyj", "clerk-xyz"),
    "role.give": ("clerk-scjg", "clerk-jyj", "clerk-xyz"),
    "role": (lambda role: the_world["grants"]["clerk-scjg" if role in ("administrator", "head")
                                              else my("account")(role) if role in people else "clerk-scjg"],
             the_world["grants"]["clerk-jyj"], 99),
    "delegation.end": (901, 902, 999),
    "delegation.new": ("head-jyj", "head-xfjy", "head-xyz"),
    "department": ("scjg", "jyj", "xyz"),
    "session.end": (my("number"), two_digits, 99),
    "token.end": (my("number"), two_digits, 99),
    "token.new": (my("account"), "clerk-jyj", "clerk-xyz"),
}


def objects_of(operation, role):
    """The three objects, or None where a route is about none."""
    three = OBJECTS.get(operation.name)
    if three is None and operation.arguments:
        three = OBJECTS[operation.name.split(".")[0]]
    return three and [v(role) if callable(v) else v for v in three]


# ---- bodies ------------------------------------------------------------------------------------

POLICY = the_world["values"]["policy"][0]
WHY = {"reason": "测试"}
EVIDENCE = hashlib.sha256(b"audit bundle of 11").hexdigest()  # of world.sql
TODAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 28800))


def beacon(role, thing):
    return {"place": 1, "value": "3141526253", "attestations": "", **WHY}


# a body that would be taken; thing is the object of the body, or of the path
BODIES = {
    "upload.new": {"name": "a.csv", "size": 3},
    "upload.piece": b"0123456789",
    "import.new": lambda role, thing: {"upload": thing, "kind": "entities", "source": "来源"},
    "import.undo": {"reason": "测试"},
    "document.put": {"source": world.SCHEME},
    "document.check": {"source": world.SCHEME},
    "document.agree": lambda role, thing: {"documents": {thing.split("/")[1]: ""}, **WHY},
    "document.retire": lambda role, thing: {"documents": {thing.split("/")[1]: ""}, **WHY},
    "clue.new": {"source": "report", "text": "内容", "department": "scjg"},
    "clue.assign": {"account": "clerk-scjg"},
    "clue.refer": {"department": "xfjy", **WHY},
    "clue.visit": {"items": "none", "basis": "法", "date": TODAY, "officers": "SCJG-0001,SCJG-0002", **WHY},
    "cause.outcome": {"result": "none"},
    "letter.sent": {"way": "post", "receipt": "单号"},
    "letter.answered": {"answer": "已整改"},
    "buffer.new": lambda role, thing: {"entity": thing, "matter": "事项", "basis": "依据", "until": TODAY},
    "buffer.end": {"outcome": "cured", **WHY},
    "look.new": {"source": world.SCHEME},
    "programme.open": {"year": 2040, "title": "计划", "deadline": "2039-12-31"},
    "programme.submit": {"source": world.TASKS, "department": "scjg"},
    "programme.withdraw": {"code": "a", **WHY},
    "programme.none": {"department": "scjg", **WHY},
    "programme.admit": {"department": "scjg", **WHY},
    "programme.turn": {"state": "collecting"},
    "programme.opine": {"kind": "review", "opinion": "合法", "department": "scjg"},
    "programme.amend": {"withdraw": "a", **WHY},
    "programme.file": {"number": "1", "recipient": "市局", "day": TODAY},
    "programme.escalate": {"matter": "事项"},
    "programme.check": {"days": 60},
    "programme.resolve": {"resolution": "同意"},
    "simulation.new": {"source": world.SCHEME, "seeds": 2},
    "round.new": {"policy": POLICY, "pulses": "dice:1:1990000000", "demo": True, **WHY},
    "round.approve": {"department": "scjg"},
    "round.beacon": beacon,
    "round.draw": {},
    "round.bundle": lambda role, thing: {"level": "audit" if role == "auditor" else "public"},
    "round.void": {"cause": "mistake", "evidence": EVIDENCE, **WHY},
    "recusal.new": lambda role, thing: {"inspector": thing, "object": "330199-0000009", **WHY},
    "account.new": lambda role, thing: {"id": "neu", "person": "90001", "name": "新", "department": thing, **WHY},
    "account.change": {"name": "改名", **WHY},
    "role.give": lambda role, thing: {"role": "inspector", "department": "scjg", **WHY},
    "delegation.new": lambda role, thing: {
        "account": thing, "role": role, "from": TODAY, "to": TODAY,
        **({"department": "scjg"} if role in ("head", "clerk") else {}), **WHY},
    "department.new": {"id": "neu", "level": "county", "region": "330199", "name": "新局", **WHY},
    "department.change": {"short": "简称", **WHY},
    "session.new": lambda role, thing: {"account": f"no-{role}", "password": "wrong"},
    "session.password": {"old": "wrong", "new": "a quite new pass phrase 7"},
    "totp.confirm": {"code": "000000"},
    "token.new": lambda role, thing: {"name": "test", "scopes": "rounds:read", "days": 1,
                                      **({} if thing == people.get(role, {}).get("account") else {"account": thing})},
}

QUERIES = {"upload.piece": "?offset=0", "round.beacon-text": "?place=1&value=3141526253",
           "entity.lookup": "?code={}"}


def body_of(operation, role, thing):
    if operation.body is None and not operation.takes_bytes:
        return None
    body = BODIES.get(operation.name, WHY if operation.body and "reason" in operation.body["properties"] else {})
    body = body(role, thing) if callable(body) else body
    return body if isinstance(body, bytes) else json.dumps(body).encode()


# ---- asking ------------------------------------------------------------------------------------

Answer = collections.namedtuple("Answer", "reply number role thing")
serial = 0


def headers_of(operation, role, client, target):
    global serial
    out = []
    if role in people:
        who = people[role]
        if role == "service":
            out.append(("Authorization", f"Bearer {who['token']}"))
        else:
            out += [("Cookie", f"drawd={who['session']}"), ("Drawd-CSRF", who["csrf"])]
    if "Idempotency-Key" in operation.headers:
        serial += 1
        out.append(("Idempotency-Key", f"matrix-{serial:06}"))
    if "If-Match" in operation.headers:
        seen = client.request("GET", target.rsplit("/", 1)[0], out[:1]).header("etag")
        out.append(("If-Match", seen or '"' + "0" * 32 + '"'))
    return out


def ask(client, operation, role, thing):
    names = [p["name"] for p in operation.arguments]
    several = names[:1] == ["kind"] or len(names) > 1 and isinstance(thing, str) and "/" in thing
    arguments = dict(zip(names, thing.split("/"))) if several else {name: thing for name in names}
    target = urllib.parse.quote(operation.target(arguments))
    target += QUERIES.get(operation.name, "").format(thing)
    headers = headers_of(operation, role, client, target)
    reply = client.request(operation.method, target, headers, body_of(operation, role, thing))
    if operation.method != "GET" and reply.status < 300:
        world.restore()
    return Answer(reply, reply.header("drawd-request"), role, thing)


def walk(operations):
    """Answers by route, role and place."""
    client = Client(the_world["socket"])
    answers = {}
    for operation in operations:
        for role in ROLES:
            things = objects_of(operation, role)
            for place, thing in zip(PLACES, things) if things else [("own", None)]:
                answers[operation.name, role, place] = ask(client, operation, role, thing)
    world.restore()
    return answers


# ---- what ran ----------------------------------------------------------------------------------

def statements():
    """The statements of each request, in their order, from the web process's log."""
    out = collections.defaultdict(list)
    with open(os.path.join(world.TEST_DIR, "log"), encoding="utf-8", errors="replace") as log:
        for line in log:
            found = re.search(r" web\.query request=(\d+) name=(\S+)", line)
            if found:
                out[found[1]].append(found[2])
    return out


# ---- judging -----------------------------------------------------------------------------------

failures = 0
checks = 0


def check(good, name, why=""):
    global failures, checks
    checks += 1
    failures += not good
    if not good:
        print(f"not ok {name}: {why}")


def told(answer):
    """Status, problem and headers without the object's name and what differs each time."""
    problem = answer.reply.json() if answer.reply.code() else {"body": answer.reply.body}
    masks = [(people[answer.role]["account"], "the asker")] if answer.role in people else []
    masks += [(str(answer.thing), "…")] if answer.thing is not None else []
    masks += [(part, "…") for part in str(answer.thing).split("/")] if answer.thing is not None else []
    for name, mask in masks:
        whole = re.compile(rf"(?<![0-9A-Za-z-]){re.escape(name)}(?![0-9A-Za-z-])")
        problem = {key: whole.sub(mask, value) if key in ("what", "where") else value for key, value in problem.items()}
    headers = {k: v for k, v in answer.reply.headers.items() if k not in ("drawd-request", "date", "content-length")}
    return answer.reply.status, problem, headers


def judge_refusals(operation, role, answers, ran):
    """Nobody learns what is there: who may not at all hears the same of everything and nothing is asked
    beyond who he is; who may hears the same of another's object as of none, after the same statements."""
    got = [answers.get((operation.name, role, place)) for place in PLACES]
    name = f"{operation.name} as {role}"
    own = got[0]
    if operation.security and operation.security[0] and role in people:
        check("web_enter" in ran[own.number], f"{name}: is asked who he is", str(ran[own.number]))
    if own.reply.code() in ("not-allowed", "sign-in-needed", "second-factor-needed") and role not in operation.roles:
        asked = [s for answer in got if answer for s in ran[answer.number]]
        check(set(asked) <= {"web_enter", "web_key_claim"}, f"{name}: asks no more", str(asked))
        for other in got[1:]:
            check(other is None or told(other) == told(own), f"{name}: hears the same", f"{told(own)} {other and told(other)}")
        return
    other, absent = got[1:]
    if other is None or other.reply.status < 400 or absent.reply.status < 400:
        return
    if other.reply.code() != absent.reply.code() and sees(operation, role):
        return
    check(told(other) == told(absent), f"{name}: another's is told as none", f"{told(other)} and {told(absent)}")
    check(ran[other.number] == ran[absent.number], f"{name}: another's is asked as none",
          f"{ran[other.number]} and {ran[absent.number]}")


def sees(operation, role):
    """Roles that see the object which is not their own: then the two differ by right."""
    all_rounds = ("coordinator", "auditor")
    area = operation.name.split(".")[0]
    return (role in all_rounds and area in ("round", "motion", "import", "job", "proposal", "artefact", "document", "look", "simulation",
                                                  "focus", "letter", "buffer", "clue", "cause")
            or role == "auditor" and area in ("account", "role", "session", "token", "department")
            or role == "administrator" and area in ("account", "role", "session", "token", "department", "motion", "job")
            or role == "custodian" and area in ("motion", "round")
            # everybody in a department sees programmes
            or area == "programme"
            # every account can be named as a delegate, departments are public
            or operation.name in ("delegation.new", "account.new"))


def expected():
    lines = {}
    with open(os.path.join(HERE, "matrix.txt"), encoding="utf-8") as source:
        for line in source:
            if line.strip() and not line.startswith("#"):
                route, role, *places = line.split()
                check((route, role) not in lines, f"{route} {role} stands twice in matrix.txt")
                lines[route, role] = places
    return lines


def outcome(answers, operation, role):
    """Statuses; of a list also how many rows there were, `+` for more than a screen of them."""
    out = []
    for place in PLACES:
        answer = answers.get((operation.name, role, place))
        text = str(answer.reply.status) if answer else "-"
        if text == "200" and operation.is_list:
            n = len(next(iter(answer.reply.json().values())))
            text += f":{n if n <= 20 else '+'}"
        out.append(text)
    return out


def compare(operations, answers):
    want = expected()
    for operation in operations:
        for role in ROLES:
            line = want.pop((operation.name, role), None)
            check(line is not None, f"{operation.name} as {role}", "no line in matrix.txt")
            if line is None:
                continue
            got = outcome(answers, operation, role)
            bodies = [answers[operation.name, role, p].reply.body[:160] for p in PLACES
                      if (operation.name, role, p) in answers]
            check(line == got, f"{operation.name} as {role}", f"wanted {line}, got {got} {bodies}")
    for route, role in want:
        check(False, f"{route} as {role}", "a line of matrix.txt that is of no route")


def main():
    client = Client(the_world["socket"])
    document = client.request("GET", "/api/v1/openapi.json").json()
    for fault in description.faults(document):
        check(False, "openapi.json", fault)
    operations = description.operations(document)
    world.keep()
    began = time.monotonic()
    answers = walk(operations)
    seconds = time.monotonic() - began
    if "--print" in sys.argv[1:]:
        for operation in operations:
            for role in ROLES:
                got = outcome(answers, operation, role)
                print(f"{operation.name:20} {role:14} {' '.join(got)}")
        return
    time.sleep(0.3)  # the last lines of the log
    ran = statements()
    for operation in operations:
        for role in ROLES:
            for place in PLACES:
                answer = answers.get((operation.name, role, place))
                fault = answer and operation.check(answer.reply)
                check(not fault, f"{operation.name} as {role}, {place}, is told as openapi.json says", fault)
            judge_refusals(operation, role, answers, ran)
    compare(operations, answers)
    asked = len(answers)
    print(f"# {len(operations)} routes × {len(ROLES)} roles: {asked} requests in {seconds:.1f} s")
    print(f"{'ok' if failures == 0 else 'not ok'} {checks} checks of {asked} requests as {len(ROLES)} roles")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
