#!/usr/bin/env python3
"""Builds a small complete round: a bundle that replays without a fault, and its trust policy.

    make_bundle.py FOLDER      writes bundle.tar, public.tar and trust, the same bytes for the same
                               PROTOCOL.md, which is in the bundle

100 objects, 4 tasks, 3 departments, 12 inspectors, one witness, two attesters, a demo round with
two pulses. The log holds five entries of others before the freeze and some between.
`build(tamper)` lets a test change things on the way, with all hashes and signatures made to fit;
`build(world=…)` makes a round of another world.
"""

import base64
import hashlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402

ROUND, OTHER_ROUND, DATE = "2026-0007", "2026-0006", "2026-02-14"
OBJECTS = 100
AUTHORITY = "log.test/2026"
FROZEN, PULSE = 1771034400, 1771056000
APPROVALS = "health:hlt-1:1771030800,market:amt-1:1771030800"
SALT_KEY = hashlib.sha256(b"frame salt of the test round").hexdigest()
SECRET = hashlib.sha256(b"secret of the test round").digest()
PULSES = "dice:7:%d,ssq:2026019:%d" % (PULSE, PULSE + 3600)
BEACONS = [("dice", "7", "4161235342"), ("ssq", "2026019", "02.03.11.19.27.33.08")]

SIGNERS = {
    "operator": m.Signer("operator.test/1"),
    "attester:notary": m.Signer("notary.test/1"),
    "attester:press": m.Signer("press.test/1"),
    "custodian:archive": m.Signer("archive.test/1"),
    "department:fire": m.Signer("fire.test/1"),
    "department:market": m.Signer("market.test/1"),
}  # the department of health holds no key
LOG = m.Signer("log.test/2026")
WITNESS = m.Signer("witness.test/1", v.TYPE_COSIGNATURE)


def trust_policy():
    lines = ["# Trust policy of the test round", "", "log %s" % LOG.key,
             "witness w1 %s" % WITNESS.key, "group all-witnesses all w1", "quorum all-witnesses"]
    lines += ["signer %s %s" % (role, signer.key) for role, signer in SIGNERS.items()]
    return ("\n".join(lines + ["demo yes"]) + "\n").encode()


def policy_values():
    values = m.base_policy()
    values.update({"inspectors.limit": "7", "inspectors.rotation": "120",
                   "inspectors.slack": "110",
                   "ceiling.general": "900000", "task.market.minimum": "300000",
                   "department.fire.regions": "330106,330110",
                   "department.market.regions": "*",
                   "task.food.kinds": "*", "task.food.industries": "F,H,R"})
    for task in ("cinema", "food", "market", "papers"):
        values.update({"task.%s.ratio.%s" % (task, c): r for c, r in
                       zip("ABCD", ("100000", "200000", "400000", "1000000"))})
    values.update({"task.market.ratio.A": "0", "task.market.reason": "信用激励",
                   "task.market.design": "weighted", "task.food.coordination": "shared-cutoff",
                   "task.papers.coordination": "shared-cutoff", "visits.departments": "3"})
    return values


def frame_facts():
    """Rows of facts, most of them open and in the district; the first in entities of three."""
    s = m.Stream("bundle frame")
    history = {}
    for number in range(OBJECTS):
        facts = dict(zip(v.FACTS, m.random_facts(s, 3 * number)))
        if s.chance(70):
            facts.update({"status": "open", "since": "", "checked": "",
                          "region": s.pick(["330106", "330106001", "330110", "330110005"])})
        if s.chance(50):
            facts.update({"kind": "enterprise", "industry": s.pick(["R9053", "F5211", "H6210"]),
                          "labels": s.pick(["cinema", "cinema,star", "focus", "late,star", ""])})
        if number % 3 == 0:
            facts["established"] = "2010-05-01"
        if number == 60:  # spared by its general class, not by its professional one
            facts.update({"region": "330106001", "class": "A", "classes": "price=D", "labels": "",
                          "status": "open", "checked": "", "entered": "", "reserved": "0"})
        owner = 3 * (number - number % 3) if number < 36 else 3 * number
        facts["entity"] = "91330100%010d" % owner
        first = history.setdefault(owner, facts)
        for fact in ("entered", "reserved") + ((
                "class", "classes", "labels", "region") if number % 2 else ()):
            facts[fact] = first[fact]
        yield list(facts.values())


def weight_of(facts):
    """1 of two thirds of the objects, up to 39 of the others, by their names."""
    number = int(v.hexhash("weight ", facts[0])[:4], 16)
    return str(1 if number % 3 else 1 + number % 39)


def frame_rows(policy, all_facts, date):
    for facts in all_facts:
        codes = [v.task_code(v.Facts(facts), task, policy, date)
                 for task in policy.tasks.values()]
        yield facts + codes + [weight_of(facts), v.frame_salt(SALT_KEY, facts[0])]


def pool_rows():
    s = m.Stream("bundle pool")
    for department, count in (("fire", 3), ("health", 3), ("market", 6)):
        for number in range(1, count + 1):
            leave = s.pick(["", "", "2026-03-01..2026-03-12", "2026-03-16..2026-03-20,"
                            "2026-04-01..2026-04-30"])
            yield ["%s-%04d" % (department.upper(), number), department,
                   s.pick(["*", "*", "3301", "330106"]),
                   {"fire": "alarm,exit", "health": "*", "market": "label,price"}[department],
                   s.pick(["2027-12-31", "2026-06-30", "2026-05-01"]), leave,
                   s.pick(["0", "0", "4"])]


def working_days():
    return [["2026-03-%02d" % day] for day in (2, 3, 12, 13, 17, 24, 31)] + [
        ["2026-04-%02d" % day] for day in (7, 14)] + [["2026-05-08"], ["2026-05-20"]]


class World:
    """What a round is made of before its seed: policy {path: value}, rows of the facts and of the
    artefacts about inspectors, and the time of the freeze (its date in China is `date`)."""

    def __init__(self):
        self.frozen, self.date, self.pulses, self.approvals = FROZEN, DATE, PULSES, APPROVALS
        self.policy, self.facts, self.days = policy_values(), list(frame_facts()), working_days()
        self.pool = pool = list(pool_rows())
        self.recusals = [[pool[4][0], self.facts[7][0], "亲属", "2025-01-01"],
                         [pool[8][0], self.facts[9][1], "前雇员", ""]]
        self.history = [[pool[n][0], self.facts[11 * n % OBJECTS][1],
                         "2025-1%d-15" % (n % 3)] for n in range(12)]


class Log:
    """The log of the test: entries, and the checkpoints that were published."""

    def __init__(self):
        self.entries, self.tree, self.checkpoints, self.frontier = [], v.Tree(), {}, None

    def add(self, kind, fields, roles, first=False):
        """The leaf (hex) of a new entry."""
        text = m.record_text(kind, list(fields.items()))
        signers = [SIGNERS[role] for role in roles if role in SIGNERS]
        note = m.make_note(text, signers)
        if first:
            self.frontier = self.tree.size, list(self.tree.roots)
        self.entries.append(note)
        self.tree.add(v.entry_leaf(note))
        return v.entry_leaf(note).hex()

    def publish(self, time, tamper):
        root = base64.b64encode(self.tree.root()).decode()
        text = tamper("checkpoint", "%s\n%d\n%s\n" % (LOG.name, self.tree.size, root)).encode()
        lines = LOG.line(text) + WITNESS.line(text, tamper("cosigned", time))
        self.checkpoints[self.tree.size] = text + b"\n" + tamper("checkpoint-lines", lines)


def round_fields(kind, **values):
    """The fields of a record in the order of its table."""
    values = {key.replace("_", "-"): str(value) for key, value in values.items()}
    return {key: values[key] for key, _ in v.RECORDS[kind][0]}


def cause_fields(number, department):
    content = v.content_hash("cause", v.sha256("blinding of a cause"), b"visit")
    return round_fields("cause", round=number, department=department, content=content)


def before_freeze(log):
    log.add("key", round_fields("key", authority=AUTHORITY, role="department:market",
                                vkey=SIGNERS["department:market"].key, **{"from": 1767225600},
                                previous="none"), ["operator"])
    for number in range(3):
        log.add("result", round_fields("result", round=OTHER_ROUND, department="fire",
                                       content=v.hexhash("old %d" % number)), ["department:fire"])
    log.add("anchor", round_fields("anchor", date="2026-02-13", entries=4,
                                   audit=v.hexhash("audit")), ["operator"])


class Round:
    """Makes the round step by step. tamper(name, value) returns the value to go on with; the
    names are those of artefacts (rows), records (fields) and a few more."""

    def __init__(self, tamper, world):
        self.tamper, self.world, self.log = tamper, world, Log()
        self.artefacts, self.bytes, self.openings = {}, {}, {}
        self.demo = tamper("demo", "yes")
        self.pulse = world.frozen + PULSE - FROZEN

    def put(self, name, rows, blind):
        tasks = self.policy.tasks if name == "frame" else ()
        rows = self.tamper(name, [list(row) for row in rows])
        data = v.format_artefact(name, self.tamper("blind " + name, blind), rows, tasks)
        self.bytes[name] = self.tamper("bytes " + name, data)
        try:
            self.artefacts[name] = v.parse_artefact(name, data)
        except v.Fault:
            self.artefacts[name] = v.Artefact(blind, v.columns_of(name, tasks)[0],
                                              ["\t".join(row) for row in rows])

    def prepare(self):
        world, rows = self.world, sorted(self.world.policy.items())
        self.policy = v.parse_policy(rows)
        self.departments = sorted({d for t in self.policy.tasks.values() for d in t.departments})
        self.put_before("policy", rows)
        self.put_before("frame", frame_rows(self.policy, world.facts, world.date))
        counts = v.codes_counted(self.artefacts["frame"])
        self.units = v.units_of_tasks(self.policy, self.artefacts["frame"])
        self.put_before("strata", self.strata(counts))
        self.put_before("ledger", v.ledger_rows(self.policy, counts))
        for name, rows in (("pool", world.pool), ("recusals", world.recusals),
                           ("history", world.history), ("calendar", world.days)):
            self.put_before(name, rows)

    def strata(self, counts):
        return v.strata_rows(self.policy, counts, self.units)

    def put_before(self, name, rows):
        self.put(name, rows, v.blind_before(SALT_KEY, name))

    def freeze(self):
        frame, world = self.artefacts["frame"], self.world
        hashes = {name: v.hexhash(self.bytes[name]) for name in v.BEFORE_DRAW}
        fields = round_fields(
            "freeze", round=ROUND, demo=self.demo, authority=AUTHORITY, frozen=world.frozen,
            date=world.date, departments=",".join(self.departments), approvals=world.approvals,
            protocol=v.hexhash(protocol_text()), program=v.hexhash("program"),
            register=len(frame.lines), universe=v.universe_hash(frame),
            frame_root=v.frame_root(frame), quality_rows=200, quality_correct=198,
            quality_min=995000, override="两份名单明日方能补正", pulses=world.pulses, delta=600,
            draw_deadline=self.pulse + 86400, reveal_after="2026-06-30", results_due="2026-07-31",
            disclosure="audit", previous="none", **hashes)
        before_freeze(self.log)
        roles = self.tamper("signers freeze",
                            ["operator"] + ["department:" + d for d in self.departments])
        self.freeze_leaf = self.log.add("freeze", self.tamper("freeze", fields), roles, True)
        self.log.publish(world.frozen + 60, self.tamper)

    def lock(self):
        self.tamper("frozen", self.log)
        self.log.add("result", round_fields("result", round=OTHER_ROUND, department="market",
                                            content=v.hexhash("late")), ["department:market"])
        commitment = v.commitment(self.freeze_leaf, SECRET)
        if self.demo == "no":
            fields = round_fields("escrow", round=ROUND, freeze=self.freeze_leaf,
                                  commitment=commitment, holder="archive",
                                  share=v.hexhash("share"), threshold=1, shares=1)
            self.log.add("escrow", self.tamper("escrow", fields), ["custodian:archive"])
        fields = round_fields("lock", round=ROUND, freeze=self.freeze_leaf,
                              pulses=self.world.pulses, commitment=commitment)
        self.lock_leaf = self.log.add("lock", self.tamper("lock", fields), ["operator"])
        self.log.publish(self.tamper("lock-time", self.pulse - 600), self.tamper)

    def beacons(self):
        for place, (source, pulse, value) in enumerate(BEACONS, 1):
            fields = round_fields("beacon", round=ROUND, lock=self.lock_leaf, place=place,
                                  source=source, pulse=pulse, value=value)
            roles = self.tamper("signers beacon",
                                ["operator", "attester:notary", "attester:press"])
            self.log.add("beacon", self.tamper("beacon", fields), roles)
        self.log.publish(self.pulse + 7200, self.tamper)
        self.seed = v.seed_text(self.lock_leaf, SECRET, BEACONS)
        self.keys = v.derive_keys(self.seed)

    def put_after(self, name, rows):
        self.put(name, rows, v.blind_after(self.keys, name))

    def select(self):
        frame = self.artefacts["frame"]
        quotas = {(row[0], row[1]): int(row[5]) for row in self.artefacts["strata"].rows()}
        tickets = {row[0]: v.ticket(self.keys["entity"], row[0]) for row in frame.rows()}
        entities = {row[1]: v.ticket(self.keys["entity"], row[1]) for row in frame.rows()}
        self.drawn = v.draw_selection(
            self.policy, self.units,
            {False: v.ticket_order(tickets), True: v.ticket_order(entities)}, quotas,
            self.keys["object"], v.unions(self.policy, self.units),
            v.ticket_numbers(self.keys["entity"], [row[:2] for row in frame.rows()]))
        self.put_after("selection", [[t, s, obj, str(batch)] for obj, mine in self.drawn.items()
                                     for t, s, batch in mine])
        return v.tree_root(sorted(
            v.ticket_leaf(self.keys["salt"], obj, tickets[obj],
                          [task for task, _, _ in self.drawn.get(obj, ())]) for obj in tickets))

    def plan(self):
        facts = {row[0]: row for row in self.artefacts["frame"].rows()}
        self.visits = [visit for obj in sorted(self.drawn) for visit in v.visits_of(
            obj, facts[obj], self.drawn[obj], self.policy)]
        self.visits, dropped = v.drop(
            self.visits, {obj: v.Facts(facts[obj]) for obj in self.drawn}, self.policy)
        self.put_after("dropped", dropped)
        self.put_after("visits", [visit.row() for visit in self.visits])
        pool = v.Pool(self.artefacts, *map(self.policy.number, ("inspectors.limit", "inspectors.rotation")))
        entities = {obj: row[1] for obj, row in facts.items()}
        self.slots, capacity = v.assign_all(pool, self.visits, entities, self.policy, self.keys)
        self.put_after("slots", [list(slot) + [who] for slot, who in self.slots.items()])
        self.put_after("capacity", capacity)
        self.put_after("schedule", self.schedule(pool))

    def schedule(self, pool):
        filled = {visit.key(): {} for visit in self.visits}
        for (obj, ordinal, department, place), who in self.slots.items():
            if who:
                filled[obj, ordinal][department, place] = who
        placed = v.schedule([(x.object, x.ordinal, x.start, x.end, x.mode, x.region, sorted(set(
            filled[x.key()].values()))) for x in self.visits], pool.days,
            lambda who, day: pool.inspectors[who].on_leave(day))
        return [[x.object, x.ordinal, *placed[x.key()], v.leader(x.lead, filled[x.key()])]
                for x in self.visits]

    def draw(self):
        ticket_root = self.select()
        self.plan()
        hashes = {name: v.hexhash(self.bytes[name]) for name in v.AFTER_DRAW}
        visit_root = v.tree_root(sorted(v.visit_leaf(
            self.keys["blind"], x.object, x.ordinal, x.departments) for x in self.visits))
        fields = round_fields(
            "draw", round=ROUND, lock=self.lock_leaf, ticket_root=ticket_root,
            objects=len(self.artefacts["frame"].lines), visit_root=visit_root,
            selected=sum(map(len, self.drawn.values())), visit_count=len(self.visits),
            slot_count=len(self.slots), open=sum(who == "" for who in self.slots.values()),
            **hashes)
        self.draw_leaf = self.log.add("draw", self.tamper("draw", fields), ["operator"])
        self.log.publish(self.pulse + 9000, self.tamper)

    def results(self):
        def put(kind, department, number, roles):
            content = v.content_hash(kind, v.sha256("blinding %d" % number), b"result")
            self.log.add(kind, round_fields(kind, round=ROUND, department=department,
                                            content=content), roles)

        if "market" in self.departments:
            put("cause", "market", 0, self.tamper("signers cause", ["department:market"]))
        if "health" in self.departments:
            put("cause", "health", 99, ["operator"])
        self.log.add("cause", cause_fields("none", "tax"), ["operator"])
        if "fire" in self.departments:
            self.change()
        for number, visit in enumerate(self.visits[:9], 2):
            if "market" in visit.departments:
                put("visit", "market", 100 + number, ["department:market"])
                put("result", "market", number, ["department:market"])

    def season(self):
        """The plan as the changes find it."""
        entities = {row[0]: row[1] for row in self.artefacts["frame"].rows()}
        duties = [v.Duty.of(self.policy, x, d, entities[x.object])
                  for x in self.visits for d in x.departments]
        rows = list(self.artefacts["schedule"].rows())
        return v.Season(
            v.Pool(self.artefacts, *map(self.policy.number, ("inspectors.limit", "inspectors.rotation"))), duties,
            (self.slots, {row[1]: int(row[3]) for row in self.artefacts["capacity"].rows()},
             {tuple(row[:2]): tuple(row[2:4]) for row in rows},
             {tuple(row[:2]): row[4] for row in rows}), self.keys)

    def change(self):
        """Somebody of the fire department who has a slot leaves the round."""
        mine = sorted({who for slot, who in self.slots.items() if who and slot[2] == "fire"})
        if not mine:
            return
        at = self.pulse + 10000
        lines = ["kind withdraw", "at %d" % at, "inspector " + mine[0], "basis 规则", "reason 调离"]
        values = {"at": str(at), "inspector": mine[0]}
        lines += self.season().apply("withdraw", values, "fire")
        content = self.tamper("change", "".join(line + "\n" for line in lines).encode())
        blinding = v.sha256("blinding 1")
        self.openings["changes/%010d" % len(self.log.entries)] = self.tamper(
            "opening", blinding.hex().encode() + b"\n" + content)
        self.log.add("change", round_fields(
            "change", round=ROUND, department="fire",
            content=v.content_hash("change", blinding, content)), ["operator", "department:fire"])

    def reveal(self):
        content = v.content_hash("reveal", v.reveal_blinding(self.keys), self.seed)
        fields = round_fields("reveal", round=ROUND, draw=self.draw_leaf, content=content)
        self.log.add("reveal", self.tamper("reveal", fields), ["operator"])
        self.tamper("end", self.log)  # more entries, for instance
        self.log.publish(self.world.frozen + 11829600, self.tamper)

    def made(self):
        for step in (self.prepare, self.freeze, self.lock, self.beacons, self.draw, self.results,
                     self.reveal):
            step()
        return self.files()

    def files(self):
        size, roots = self.log.frontier
        files = {"PROTOCOL.md": protocol_text(), "seed.txt": self.tamper("seed.txt", self.seed),
                 "frontier": b"".join(root.hex().encode() + b"\n" for root in roots)}
        files.update(("artefacts/" + name, data) for name, data in self.bytes.items())
        files.update(("checkpoints/%010d" % n, note)
                     for n, note in self.log.checkpoints.items())
        files.update(("entries/%010d" % index, note)
                     for index, note in enumerate(self.log.entries) if index >= size)
        files.update(self.openings)
        return self.tamper("files", files)


def protocol_text():
    with open(os.path.join(HERE, "..", "..", "sampler", "PROTOCOL.md"), "rb") as file:
        return file.read()


def build_frame():
    """The rows of the frame of the round as it is."""
    policy = v.parse_policy(sorted(policy_values().items()))
    return sorted(frame_rows(policy, frame_facts(), DATE))


def same(name, value):
    """The tamper function that leaves everything as it is."""
    del name
    return value


def same_value(value):
    return value


def build(tamper=same, world=None):
    """The files of the audit bundle, {name: content}."""
    return Round(tamper, world or World()).made()


def public_files(files):
    return {name: data for name, data in files.items()
            if name not in v.AUDIT_ONLY and not name.startswith("changes/")}


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    files = build()
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, data in (("bundle.tar", v.format_bundle(ROUND, "audit", files)),
                       ("public.tar", v.format_bundle(ROUND, "public", public_files(files))),
                       ("trust", trust_policy())):
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
