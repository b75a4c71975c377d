#!/usr/bin/env python3
"""Sets the two replays against each other: drawreplay and verify.py must judge alike.

    differential.py --check                            a few rounds, then looks at what they reached
    differential.py [--seed TEXT] [--first N] ROUNDS   more of them; what differs is kept

Every round is a small world made at random (policy, objects, inspectors), as a bundle of
make_bundle.py; about half of them are spoilt in one place, hashes and signatures made to fit. Both
replays must give the same verdict on every check and the same exit status, and tell the same of
some objects.
A round depends on seed and number only: `--first N 1` makes it again. drawreplay is taken from the
build folder that the environment variable B names.
"""

import argparse
import collections
import datetime
import io
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_bundle as b  # noqa: E402
import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402

PROGRAM = os.path.join(os.environ.get("B", "build"), "drawreplay")
ROUNDS, SEED = 140, "drawd 7"
DEPARTMENTS, FIELDS = ("fire", "health", "market", "water"), ("food", "noise", "price")
ITEMS = ("alarm", "exit", "hygiene", "label", "price", "seal")
TASKS = ("cinema", "food", "market", "papers", "z")
LABELS = ("a", "a-b", "b", "focus", "late", "star")
KINDS = ("enterprise", "individual", "cooperative", "office", "other")
INDUSTRIES = ("A", "F", "F52", "F5211", "H", "R", "R9053")
REGIONS = ("33", "3301", "330106", "330106001", "330110", "3302")
LEVELS = ("city", "county", "province", "street")
STATUSES = ("cancelled", "moved", "open", "revoked", "suspended")
DATES = ("2024-02-29", "2024-03-31", "2025-12-31", "2026-02-14", "2026-02-28", "2028-02-29")
NAMES = ("calm", "calm-b", "c", "x", "observation")


def day(date, days):
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days)).isoformat()


# ---------------------------------------------------------------------------------------------
# A policy


def some(s, values, share=50):
    return ",".join(sorted(s.some(values, share)))


def scope(s, values, all_share=70):
    """A list, or `*`."""
    return "*" if s.chance(all_share) else some(s, values)


def parts(s):
    """A number of parts per million."""
    return str(s.pick([0, 1, 20000, 50000, 200000, 333333, 500000, 700000, 10**6, 10**6,
                       s.below(10**6 + 1)]))


def catalogue(s):
    """Departments, fields, items; only "office" may not inspect, and no item is its."""
    p = {}
    for d in DEPARTMENTS + ("office",):
        p.update({"department.%s.inspects" % d: "yes" if d != "office" else "no",
                  "department.%s.name" % d: d,
                  "department.%s.regions" % d: scope(s, REGIONS, 75),
                  "department.%s.apart" % d: ""})
    for field in FIELDS:
        p.update({"field.%s.name" % field: field,
                  "field.%s.strict" % field: s.pick(["no", "no", "no", "yes"])})
    for item in ITEMS:
        p.update({"item.%s.basis" % item: "法 " + item, "item.%s.name" % item: item,
                  "item.%s.department" % item: s.pick(DEPARTMENTS),
                  "item.%s.field" % item: s.pick(("",) + FIELDS),
                  "item.%s.kind" % item: s.pick(["general", "general", "key"])})
    return p


def oversight(s, date):
    """Modes, caps, adjustments, matrix, focus."""
    p = {}
    for name in s.some(NAMES, 45):
        first, last = sorted((day(date, s.pick([-200, -200, 0, 1])),
                              day(date, s.pick([-1, 0, 300, 300]))))
        p.update({"mode.%s.%s" % (name, key): value for key, value in m.lenient(
            "依据 " + name, start=s.pick(["none", "none", "established", "status"]),
            months=str(s.pick([0, 1, 12, 24, 120])), classes=scope(s, "ABCDU", 40),
            kinds=scope(s, KINDS), labels=scope(s, LABELS, 40), regions=scope(s, REGIONS),
            industries=scope(s, INDUSTRIES), statuses=scope(s, STATUSES),
            lifts=s.pick(["no", "yes"]), scope=s.pick(["all", "general"]),
            version=str(s.between(1, 9999)), to=last,
            **{"from": first, "except": some(s, LABELS, 20)}).items()})
    for name in s.some(NAMES, 45):
        p.update({"cap.%s.%s" % (name, key): value for key, value in m.capping(
            "依据 " + name, s.pick(["checks", "entries"]), str(s.pick([1, 1, 2, 3, 999])),
            classes=scope(s, "ABCDU", 50), days=str(s.pick([0, 0, 1, 30, 365, 3660])),
            departments=scope(s, DEPARTMENTS + ("office", "unknown"), 50), kinds=scope(s, KINDS),
            labels=scope(s, LABELS, 60), levels=scope(s, LEVELS, 50),
            version=str(s.between(1, 9999))).items()})
    first = s.some(LABELS, 25)
    second = [label for label in s.some(LABELS, 25) if label not in first]
    for mark, labels in (("1", first), ("2", second)):
        p.update({"adjust.%s.labels" % mark: ",".join(labels),
                  "adjust.%s.basis" % mark: "依据" if labels or s.chance(20) else "",
                  "adjust.%s.factor" % mark: str(s.pick([1, 100000, 500000, 999999, 10**6, 1000001,
                                                         2000000, 10**8]))})
    p["focus.labels"] = some(s, LABELS, 15)
    p.update({"matrix." + pair: s.pick("ABCD") for pair in v.MATRIX})
    return p


def batches(s, first, last):
    """Ranges within the window, some of them side by side."""
    days = [day(first, n) for n in range((datetime.date.fromisoformat(last)
                                          - datetime.date.fromisoformat(first)).days + 1)]
    edges = sorted({s.pick(days) for _ in range(2 * s.between(1, 12))})
    return ",".join("%s..%s" % pair for pair in zip(edges[::2], edges[1::2]))


def is_strict(p, items, safety):
    fields = {p["item.%s.field" % item] for item in items} - {""}
    return safety == "yes" or any(p["field.%s.strict" % field] == "yes" for field in fields)


def separate(s, p):
    """At times some departments are kept apart, or few may come at once."""
    if s.chance(30):
        one = s.pick(DEPARTMENTS)
        p["department.%s.apart" % one] = some(s, [
            d for d in DEPARTMENTS + ("office",) if d != one], 40)
    p["visits.departments"] = str(s.pick([0, 0, 0, 1, 2, 3, 99]))


def lawful_items(s, p):
    """Items whose departments may come together."""
    together = v.Together(int(p["visits.departments"]), {
        frozenset((d, other)) for d in DEPARTMENTS + ("office",)
        for other in v.split_list(p["department.%s.apart" % d])})
    kept = []
    for item in s.some(ITEMS, 30) or [s.pick(ITEMS)]:
        if together.allows({p["item.%s.department" % i] for i in kept + [item]}):
            kept.append(item)
    return kept


def task_values(s, p, date):
    items = lawful_items(s, p)
    departments = sorted({p["item.%s.department" % item] for item in items})
    first = day(date, s.between(1, 40))
    last = day(first, s.pick([0, 3, 30, 60, 90]))
    safety = s.pick(["no", "no", "no", "yes"])
    strict = is_strict(p, items, safety)
    ratios = [parts(s) for _ in v.CLASSES]
    ratios = [ratio if ratio != "0" or not strict else "1" for ratio in ratios]
    ratios = ratios if s.chance(30) else sorted(ratios, key=int)
    found = {
        "batches": batches(s, first, last) if s.chance(35) else "",
        "category": s.pick(["daily", "special"]),
        "class": s.pick(["general", "professional", "worst", "matrix"]),
        "frequency": str(s.pick([1, 1, 2, 3])), "from": first, "to": last,
        "industries": scope(s, INDUSTRIES, 85), "regions": scope(s, REGIONS, 85),
        "items": ",".join(items), "kinds": scope(s, KINDS, 85), "labels": scope(s, LABELS, 85),
        "lead": s.pick(departments), "level": s.pick(LEVELS),
        "minimum": parts(s) if s.chance(45) else "0", "name": "检查", "reason": "",
        "ceiling-reason": "依据" if s.chance(25) else "",
        "coordination": s.pick(["own", "own", "shared-cutoff"]), "design": "equal",
        "officers": str(s.pick([1, 2, 2, 3])), "safety": safety}
    if found["coordination"] != "own":
        found["minimum"] = "0"
        if s.chance(70):  # as other tasks, so that they meet in unions
            ratios = ["100000", "300000", "500000", "1000000"]
    elif s.chance(40):
        found["design"] = "weighted"
    found["officers-basis"] = "法" if found["officers"] == "1" else ""
    found.update({"ratio." + c: ratio for c, ratio in zip(v.CLASSES, ratios)})
    style = s.pick([["onsite"], ["paper", "network", "offsite"],
                    ["onsite", "onsite", "paper", "network", "offsite"]])
    found.update({"mode." + c: s.pick(style) for c in v.CLASSES})
    numbers = [int(ratio) for ratio in ratios]
    mixed = len({p["item.%s.kind" % item] for item in items}) > 1
    if (numbers != sorted(numbers) or 0 in numbers or s.chance(25) or mixed
            or (not strict and numbers[0] and found["mode.A"] == "onsite")):
        found["reason"] = "理由"
    return found


def policy(s, date):
    p = {"ceiling.general": parts(s) if s.chance(15) else "1000000",
         "class.missing": s.pick("ABCD"),
         "inspectors.limit": str(s.between(1, 12)), "inspectors.slack": str(s.between(100, 300)),
         "inspectors.rotation": s.pick(["0", "30", "200"]),
         "rounding": s.pick(["half-up", "up", "down"]),
         "strata.empty": "refuse" if s.chance(8) else "report"}
    p.update({"rule.%s.basis" % code: "依据 " + code for code in v.RULES})
    p.update(catalogue(s))
    p.update(oversight(s, date))
    separate(s, p)
    for task in s.some(TASKS, 50) or [s.pick(TASKS)]:
        p.update({"task.%s.%s" % (task, key): value
                  for key, value in task_values(s, p, date).items()})
    ends = [value for path, value in p.items() if generic(path) == "task.*.to"]
    p.update({"cycle.from": day(date, -s.pick([-1, 0, 44, 300])),
              "cycle.to": day(max(ends), s.pick([0, 1, 100]))})
    return p


# ---------------------------------------------------------------------------------------------
# Objects and inspectors


def inspections(s, date):
    """`entered`: around the freeze's date, the cycle's beginning and a month before."""
    days = [day(date, -n) for n in (-1, 0, 1, 29, 30, 44, 45, 300, 364, 365)]
    made = {"%s/%s/%s/%s" % (s.pick(days), s.pick(LEVELS + ("nation",)),
                             s.pick(DEPARTMENTS + ("office", "other")),
                             s.pick(["entry", "entry", "remote"]))
            for _ in range(s.pick([0, 0, 0, 1, 2, 4]))}
    return ",".join(sorted(made))


def past_checks(s, date):
    made = {"%s=%s" % (s.pick(("*",) + ITEMS + ("other",)),
                       day(date, -s.pick([-1, 0, 1, 44, 45, 300, 301])))
            for _ in range(s.pick([0, 0, 0, 0, 1, 2, 3]))}
    return ",".join(sorted(made))


def facts_of(s, obj, entity, date, shared):
    started = [day(date, -n) for n in (0, 1, 27, 28, 29, 30, 31, 32, 364, 365, 366, 367, 730, 731,
                                       732, 5000)] + ["2024-02-29", "", ""]
    values = dict.fromkeys(v.FACTS, "")
    values.update({
        "object": obj, "entity": entity, "kind": s.pick(KINDS + ("enterprise", "")),
        "industry": s.pick(INDUSTRIES + ("",)), "region": s.pick(
            ["330106", "330106", "330106001", "330106001002", "330110", "330200", "330101", ""]),
        "established": s.pick(started),
        "status": s.pick(STATUSES if s.chance(20) else ["open", "open", "open", ""]),
        "since": s.pick(started), "class": s.pick(["A", "B", "C", "D", ""]),
        "classes": ",".join("%s=%s" % (f, s.pick("ABCD")) for f in sorted(
            s.some(FIELDS + ("unknown",), 30))),
        "labels": some(s, LABELS, 15), "checked": past_checks(s, date), **shared})
    return list(values.values())


def register(s, date):
    """Rows of facts: entities of one to five objects, under ids that now and then coincide."""
    rows = {}
    for number in range(s.pick([s.between(1, 14), s.between(1, 14), s.between(20, 40)])):
        entity = "91330100%010d" % (7919 * number % 1000)
        shared = {"entered": inspections(s, date), "reserved": s.pick(["0"] * 8 + ["1", "2"])}
        for place in range(s.pick([1, 1, 1, 2, 3, 5])):
            obj = entity if place == 0 and s.chance(70) else s.pick(
                ["%s:%d" % (entity, place), "A.%d/%d" % (place, number), "SITE%d:%d" % (
                    s.below(1000), number), "91330100%010d" % s.below(1000)])
            rows.setdefault(obj, facts_of(s, obj, entity, date, shared))
    return list(rows.values())


def inspectors(s, world):
    for d in DEPARTMENTS:
        for number in range(s.below(5)):
            until = day(world.date, s.pick([20, 60, 150, 400])) if s.chance(90) else ""
            first = day(world.date, s.between(0, 60))
            yield ["%s-%d" % (d.upper(), number), d, scope(s, REGIONS, 80), scope(s, ITEMS, 80),
                   until, "" if s.chance(70) else "%s..%s" % (first, day(first, s.between(-1, 30))),
                   s.pick(["0", "0", "1", "3"])]


class RandomWorld:
    def __init__(self, s):
        self.date = s.pick(DATES) if s.chance(60) else day("2025-01-01", s.below(1200))
        at = datetime.datetime.fromisoformat(self.date + "T10:00:00+08:00")
        self.frozen = int(at.timestamp())
        self.policy, self.facts = policy(s, self.date), register(s, self.date)
        pulse = self.frozen + b.PULSE - b.FROZEN
        self.pulses = "dice:7:%d,ssq:2026019:%d" % (pulse, pulse + 3600)
        tasks = v.parse_policy(sorted(self.policy.items())).tasks.values()
        silent = {d for task in tasks for d in task.departments} - {"fire", "market"}
        self.approvals = ",".join("%s:%s-1:%d" % (d, d, self.frozen - 60)
                                  for d in sorted(silent)) or "none"
        self.pool = list(inspectors(s, self))
        named = [row[0] for row in self.facts] + [row[1] for row in self.facts]
        self.recusals = self.rows({(row[0], s.pick(named)): ["亲属", ""] for row in self.pool
                                   if s.chance(25)})
        self.history = self.rows({(row[0], s.pick(named)): [day(self.date, -s.below(300))] for row in self.pool
                                  if s.chance(25)})
        self.days = [[day(self.date, n)] for n in range(150) if s.chance(30)]

    @staticmethod
    def rows(found):
        return [list(key) + rest for key, rest in found.items()]


class RandomRound(b.Round):
    """Goes on where `ceiling.general` refuses the policy: the replays must refuse it.

    apart: what is spoilt goes into the bundle alone, the later steps read what was there before."""

    def __init__(self, tamper, world, apart):
        super().__init__(tamper, world)
        self.apart = apart

    def put(self, name, rows, blind):
        rows = [list(row) for row in rows]
        super().put(name, rows, blind)
        if self.apart:
            self.artefacts[name] = v.parse_artefact(name, v.format_artefact(
                name, blind, rows, self.policy.tasks if name == "frame" else ()))

    def strata(self, counts):
        kept = {task.code: task.ceiling_reason for task in self.policy.tasks.values()}
        for task in self.policy.tasks.values():
            task.ceiling_reason = "理由"
        rows = v.strata_rows(self.policy, counts, self.units)
        for code, reason in kept.items():
            self.policy.tasks[code].ceiling_reason = reason
        return rows


# ---------------------------------------------------------------------------------------------
# Spoiling


def another_value(s, value):
    """A value that was never meant to stand there, or a neighbour of the old one."""
    made = ["", value + "x", value[:-1], "*", "none", "0", "1", "A", "onsite", "yes", "no",
            "2026-02-30", value + "," + value, ",".join(reversed(value.split(",")))]
    if v.is_number(value) and len(value) < 15:
        made += [str(int(value) + 1), str(max(0, int(value) - 1))] * 4
    return s.pick(made)


def owner_of(path):
    return path.rsplit(".", path.count(".") - 1)[0]


def generic(path):
    """A path without the name of its owner."""
    kind, _, rest = path.partition(".")
    return kind + ".*." + rest.partition(".")[2] if kind in v.OWNED_PATHS else path


def spoilt_policy(s, world):
    """Paths take values of another policy or others, lawful or not, or are missing, or there are
    more of them."""
    changed, other = dict(world.policy), policy(s, world.date)
    path, kind = s.pick(sorted(changed)), s.below(10)
    like = [value for name, value in sorted(other.items()) if generic(name) == generic(path)]
    if kind == 0:
        del changed[path]
    elif kind == 1:  # another mode, cap, task …
        owner = s.pick(sorted({owner_of(name) for name in other if generic(name) != name}))
        changed.update((name, value) for name, value in other.items() if owner_of(name) == owner)
        path = owner
    else:
        changed[path] = (s.pick(like) if like and kind < 8
                         else another_value(s, changed[path]))
    return {"policy": lambda _: [list(pair) for pair in changed.items()]}, "policy %s" % path


def spoilt_rows(s, name):
    """In one row of an artefact one value takes that of another row or one near to it, or the row
    goes."""
    kind, first, second, third = s.below(10), s.below(10**6), s.below(10**6), s.below(10**6)

    def change(rows):
        rows = sorted(map(list, rows))
        if not rows:
            return rows
        place = first % len(rows)
        if kind == 0:
            return rows[:place] + rows[place + 1:]
        column = second % len(rows[place])
        old = rows[place][column]
        values = sorted({row[column] for row in rows} - {old})
        rows[place][column] = (values[third % len(values)] if values and kind < 7
                               else another_value(s, old))
        return rows
    return {name: change}, name


def spoilt_field(s, record):
    keys = {"freeze": ["register", "universe", "frame-root", "departments", "approvals", "date"],
            "draw": ["objects", "selected", "visit-count", "slot-count", "open", "ticket-root",
                     "visit-root"]}[record]
    key = s.pick(keys)
    return {record: lambda fields: {**fields, key: another_value(s, fields[key])}}, "%s %s" % (
        record, key)


def spoilt(s, world):
    """(points of make_bundle.Round and their changes, what they are in words)"""
    kind = s.below(100)
    if kind < 40:
        return {}, "as it is"
    if kind < 58:
        return spoilt_policy(s, world)
    if kind < 70:
        return spoilt_rows(s, "frame")
    if kind < 96:
        return spoilt_rows(s, s.pick(v.BEFORE_DRAW[2:] + 4 * v.AFTER_DRAW))
    return spoilt_field(s, s.pick(["freeze", "draw"]))


# ---------------------------------------------------------------------------------------------
# The two replays


class KnownSignatures:
    """What was signed here needs no second look at the curve by verify.py; drawreplay has one."""

    def __init__(self):
        self.made, self.sign, self.verify = set(), m.Signer.sign, v.ed25519_verify
        m.Signer.sign = lambda signer, message: self.note(signer, message)
        v.ed25519_verify = lambda *given: given in self.made or self.verify(*given)

    def note(self, signer, message):
        signature = self.sign(signer, message)
        self.made.add((signer.public, message, signature))
        return signature


class Case:
    """One round: .bundle, .judged {check: verdict}, .status, .told {object: lines} by verify.py."""

    def __init__(self, seed, number):
        s = m.Stream("%s %d" % (seed, number))
        self.number, self.world = number, RandomWorld(s)
        points, self.words = spoilt(s, self.world)
        self.bundle = v.format_bundle(b.ROUND, "audit", self.files(points))
        sizes = collections.Counter(row[1] for row in self.world.facts)
        several = [row for row in self.world.facts if sizes[row[1]] > 1]
        self.asked = sorted({s.pick(rows)[0] for rows in (self.world.facts, several) if rows})
        self.replay = self.status = None
        self.told = {}

    def files(self, points):
        def tamper(point, value):
            return points.get(point, b.same_value)(value)
        try:
            return RandomRound(tamper, self.world, False).made()
        except (LookupError, ValueError, v.Fault):  # no round can be made of what is spoilt
            return RandomRound(tamper, self.world, True).made()

    def judge(self, trust):
        self.replay = r = v.Replay(self.bundle, trust, "audit", "en")
        self.status = v.replay(r, io.StringIO())
        if r.verdicts["V13"] == "PASS":
            for obj in filter(r.tickets.get, self.asked):
                out = io.StringIO()
                v.print_ticket(r, obj, out)
                self.told[obj] = out.getvalue().splitlines()


def ask_program(trust, bundle, obj):
    """(verdicts, lines about the object, exit status) of drawreplay."""
    done = subprocess.run([PROGRAM, "--lang", "en", "--trust", trust, "--ticket", obj, bundle],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
                          check=False)
    lines = done.stdout.decode(errors="replace").splitlines()
    verdicts = {found[1]: found[2] for found in (
        re.match("(V[0-9]+) +(PASS|FAIL|SKIP) ", line) for line in lines) if found}
    return verdicts, [line for line in lines
                      if line.startswith(("K_entity ", obj + " "))], done.returncode


def difference(case, trust, bundle):
    """What the replays do not agree on, or None."""
    with open(bundle, "wb") as file:
        file.write(case.bundle)
    for obj in case.asked:
        verdicts, lines, status = ask_program(trust, bundle, obj)
        for check, verdict in case.replay.verdicts.items():
            if verdicts.get(check) != verdict:
                return "%s: drawreplay %s, verify.py %s" % (check, verdicts.get(check), verdict)
        if status != case.status:
            return "exit status: drawreplay %d, verify.py %d" % (status, case.status)
        if obj in case.told and lines != case.told[obj]:
            return "drawreplay says %s, verify.py %s" % (lines, case.told[obj])
    return None


class Campaign:
    def __init__(self, seed, folder):
        self.seed, self.folder = seed, folder
        self.trust_file, self.bundle = (os.path.join(folder, x) for x in ("trust", "round.tar"))
        with open(self.trust_file, "wb") as file:
            file.write(b.trust_policy())
        self.trust = v.parse_trust(b.trust_policy())
        self.seen = collections.Counter()

    def differs(self, number):
        """(the round, what the replays do not agree on or None)"""
        case = Case(self.seed, number)
        case.judge(self.trust)
        return case, difference(case, self.trust_file, self.bundle)

    def run(self, number):
        """Whether the replays agree on this round; keeps the bundle where they do not."""
        case, found = self.differs(number)
        if found:
            kept = os.path.join(self.folder, "round-%d.tar" % number)
            os.replace(self.bundle, kept)
            print("# round %d (%s), %s: %s" % (number, case.words, kept, found), flush=True)
        self.look(case)
        return found is None

    def look(self, case):
        """Counts what the rounds reached."""
        r = case.replay
        self.seen["holds" if case.status == 0 else "fails"] += 1
        self.seen.update("%s fails" % c for c, verdict in r.verdicts.items() if verdict == "FAIL")
        if r.verdicts["V15"] != "PASS":
            return
        self.seen.update(re.sub("-.*", "", code) for _, code in r.counts)
        self.seen.update(row[7] for row in r.artefacts["strata"].rows())
        self.seen.update("union" for row in r.artefacts["strata"].rows() if row[3] != row[4])
        self.seen.update("weighted" for _, task in r.policy.tasks.items() if task.weighs and any(
            row[0] == task.code and row[7] in ("random", "targeted")
            for row in r.artefacts["strata"].rows()))
        self.seen.update("split" for obj, drawn in r.drawn.items() if len(drawn) > 1 and len({
            visit.start for visit in r.visits if visit.object == obj}) < len([
                visit for visit in r.visits if visit.object == obj]))
        self.seen.update("ratio of 0" for row in r.artefacts["strata"].rows() if row[6] == "0")
        self.seen.update("dropped " + row[2][:3] for row in r.artefacts["dropped"].rows())
        self.seen.update("batch" for row in r.artefacts["selection"].rows() if row[3] not in "01")
        self.seen.update(visit.mode for visit in r.visits)
        self.seen.update("of %d tasks" % min(2, len(visit.tasks)) for visit in r.visits)
        self.seen.update(line.split(" ")[-1] for lines in case.told.values()
                         for line in lines[2:] if " excluded " not in line)


REACHED = set(v.STRATA) | set(v.RULES) | {
    "mode", "cap", "ratio of 0", "random", "targeted", "full", "empty", "batch", "onsite",
    "offsite", "dropped cap", "dropped che", "union", "weighted", "split", "of 1 tasks", "of 2 tasks", "drawn", "reserve", "beside", "aside", "holds", "fails"} | {
        "V%d fails" % n for n in range(7, 18) if n not in (12, 13)}


# Rules changed in verify.py alone.
WRONG_RULES = {
    "unions": lambda policy, units: {},
    "drop": lambda visits, *_: (visits, []),
    "join_first": lambda rest, *_: [one for one in rest if one.start <= rest[0].end],
    "stratum_order": lambda units, stratum, order, *_: [
        unit for unit in order if units.stratum.get(unit) == stratum],
    "raise_to": lambda *_: None,
    "batch_of": lambda place, drawn, batches: 1 if batches else 0,
    "drawn_object": lambda candidates, _: max(candidates),
    "class_in": lambda facts, task, policy: facts.grade or "U",
    "is_spared": lambda code: code == "checked",
    "draws_onsite": lambda task, stratum, labels, policy: not policy.focus.isdisjoint(labels),
    "strata_by_rank": lambda missing, *_: sorted(v.STRATA, key=lambda s: ("DCUBA".find(s[0]), s)),
    "days_before": lambda date, days: day(date, -days - 1),
}


def notices(campaign, name):
    """Does a wrong rule show?"""
    right = getattr(v, name)
    setattr(v, name, WRONG_RULES[name])
    try:
        return any(found and case.words == "as it is"
                   for case, found in map(campaign.differs, range(ROUNDS)))
    finally:
        setattr(v, name, right)


def check(campaign):
    """A few rounds for the suite, what they reached, and whether a difference would show."""
    wrong = [n for n in range(ROUNDS) if not campaign.run(n)]
    good = m.tell(not wrong, "%d random rounds: both replays judge alike" % ROUNDS)
    missing = sorted(REACHED - set(campaign.seen))
    good = m.tell(not missing, "the rounds reach every rule%s" % "".join(
        ", not " + what for what in missing)) and good
    for name in WRONG_RULES:
        good = m.tell(notices(campaign, name), "%s made wrong on one side shows" % name) and good
    return good


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("rounds", type=int, nargs="?")
    asked = parser.parse_args()
    if asked.check == (asked.rounds is not None):
        parser.error("--check, or a number of rounds")
    if not os.access(PROGRAM, os.X_OK):
        print("skipped differential: there is no " + PROGRAM)
        return 0
    KnownSignatures()
    campaign = Campaign(asked.seed, os.environ.get("TEST_DIR") or tempfile.mkdtemp())
    if asked.check:
        return 0 if check(campaign) else 1
    wrong = sum(not campaign.run(n) for n in range(asked.first, asked.first + asked.rounds))
    print("%d rounds, %d differ; reached: %s" % (asked.rounds, wrong, ", ".join(
        "%s %d" % pair for pair in sorted(campaign.seen.items()))))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
