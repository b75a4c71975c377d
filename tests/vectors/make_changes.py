#!/usr/bin/env python3
"""Writes changes.txt from class Season of sampler/verify.py; `--check` writes it again and compares.

A season: a few visits with their slots and days as they were drawn, then changes one after the other,
lawful ones with the effects that follow and others that are refused."""

import copy
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402

DEPARTMENTS = ["fire", "health", "market", "market-2"]
ITEMS = {"fire-1": "fire", "health-1": "health", "health-2": "health", "market-1": "market",
         "market-2a": "market-2"}
REGIONS = ["330106", "330106001", "330110"]
START = 1767225600 - 8 * 3600  # 2026-01-01 in China


def artefact(name, rows):
    return v.parse_artefact(name, v.format_artefact(name, "0" * 64, rows))


class Made:
    """One season's beginning."""

    def __init__(self, s, number):
        self.s = s
        self.keys = {"slot": s.bytes().hex(), "candidate": s.bytes().hex()}
        self.days = sorted({m.day(s.below(70)) for _ in range(s.pick([6, 12, 30]))})
        self.people = sorted(self.person(n) for n in range(s.between(4, 9) + 3 * (number % 2)))
        self.visits = [visit for obj in m.objects(s, s.between(3, 9))
                       for visit in self.visits_of(obj)]
        self.visits.sort(key=lambda visit: visit.key())
        named = [visit.object for visit in self.visits] + [visit.entity for visit in self.visits]
        self.recusals = sorted({(row[0], s.pick(named)) for row in self.people if s.chance(20)})
        self.history = sorted({(row[0], s.pick(named)): m.day(s.below(60)) for row in self.people
                               if s.chance(20)}.items())
        self.history = [(*pair, last) for pair, last in self.history]
        self.pool = v.Pool({"calendar": artefact("calendar", [[d] for d in self.days]),
                            "pool": artefact("pool", self.people),
                            "recusals": artefact("recusals", [[*r, "kin", ""] for r in self.recusals]),
                            "history": artefact("history", self.history)}, 5, 30)
        self.duties = [self.duty(visit, d) for visit in self.visits for d in visit.departments]
        self.draw()

    def person(self, number):
        s, department = self.s, self.s.pick(DEPARTMENTS)
        own = [i for i, d in ITEMS.items() if d == department]
        first = m.day(s.below(60))
        return ["P-%04d" % number, department, s.pick(["*", "*", "330106", "3301"]),
                s.pick(["*", "*", ",".join(own)]), m.day(s.between(40, 200)),
                "" if s.chance(70) else "%s..%s" % (first, m.day(s.between(60, 70))),
                s.pick(["0", "0", "2", "9"])]

    def visits_of(self, obj):
        s = self.s
        for ordinal in range(1, s.pick([2, 2, 3])):
            items = s.some(sorted(ITEMS), 40) or [s.pick(sorted(ITEMS))]
            first = s.below(40)
            departments = sorted({ITEMS[i] for i in items})
            yield types.SimpleNamespace(
                object=obj, ordinal=str(ordinal), entity=s.pick([obj, "91330100MA2TEST00X"]),
                region=s.pick(REGIONS), start=m.day(first), end=m.day(first + s.between(2, 30)),
                lead=s.pick(departments), places=s.pick([1, 1, 2]), items=items,
                departments=departments, key=lambda obj=obj, n=str(ordinal): (obj, n))

    def duty(self, visit, department):
        return v.Duty(visit, department, visit.entity,
                      {i for i in visit.items if ITEMS[i] == department}, visit.places)

    def draw(self):
        self.slots, self.final = {}, {row[0]: 0 for row in self.people}
        for department in DEPARTMENTS:
            mine = [duty for duty in self.duties if duty.department == department]
            assignments = [v.Assignment(*duty.visit.key(), department, duty.places, sorted(
                i.id for i in self.pool.inspectors.values()
                if self.pool.refusal(i, department, duty.items, duty.visit, duty.entity) is None))
                           for duty in mine]
            limits = {i.id: i.limit for i in self.pool.inspectors.values()
                      if i.department == department}
            slots, capacity = v.assign_department(assignments, limits, 110, self.keys)
            self.slots.update((tuple(slot.split("\n")[:4]), who) for slot, who in slots.items())
            self.final.update((who, numbers[1]) for who, numbers in capacity.items())
        filled = {visit.key(): {slot[2:]: who for slot, who in self.slots.items()
                                if who and slot[:2] == visit.key()} for visit in self.visits}
        self.placed = v.schedule(
            [(*visit.key(), visit.start, visit.end, "onsite", visit.region, sorted(set(filled[visit.key()].values())))
             for visit in self.visits], self.days,
            lambda who, day: self.pool.inspectors[who].on_leave(day))
        self.leaders = {visit.key(): v.leader(visit.lead, filled[visit.key()])
                        for visit in self.visits}

    def season(self):
        return v.Season(self.pool, self.duties, (self.slots, self.final, self.placed, self.leaders),
                        self.keys)

    def lines(self):
        yield "keys %s %s" % (self.keys["slot"], self.keys["candidate"])
        yield from ("department " + d for d in DEPARTMENTS)
        yield from ("item %s %s" % pair for pair in sorted(ITEMS.items()))
        yield from ("day " + d for d in self.days)
        yield from ("person " + " ".join(map(m.dash, row)) for row in self.people)
        yield from ("recusal %s %s" % pair for pair in self.recusals)
        yield from ("history %s %s %s" % row for row in self.history)
        for one in self.visits:
            yield "visit %s %s %s %s %s %s %s %d %s" % (
                one.object, one.entity, one.region, one.ordinal, one.start, one.end, one.lead,
                one.places, ",".join(one.items))
        for slot, who in sorted(self.slots.items()):
            yield "slot %s %s" % (" ".join(slot), m.dash(who))
        yield from ("capacity %s %d" % pair for pair in sorted(self.final.items()))
        for key in sorted(self.placed):
            yield "half %s %s %s" % (" ".join(key), " ".join(map(m.dash, self.placed[key])),
                                     m.dash(self.leaders[key]))


def named(s, season, kind, today):
    """(values of the kind's keys, department)"""
    people = sorted(season.pool.inspectors)
    busy = sorted({who for who in season.slots.values() if who}) or people
    slot = s.pick(sorted(season.slots))
    if kind in ("borrow", "assign"):
        slot = s.pick([one for one in sorted(season.slots) if not season.slots[one]] or [slot])
    who = s.pick(people if kind == "assign" or s.chance(5) else busy)
    visit = season.visits[slot[:2]]
    values = {
        "inspector": who, "ground": "亲属", "first": m.day(today + s.below(9)),
        "last": m.day(today + s.between(2, 40)), "until": s.pick(["none", m.day(s.below(90))]),
        "subject": s.pick([visit.object, season.duty_of[slot].entity]), "object": slot[0],
        "ordinal": slot[1], "department": slot[2], "place": slot[3],
        "from": s.pick(DEPARTMENTS), "day": s.pick(season.pool.days), "half": s.pick(["am", "pm"])}
    department = (visit.lead if kind == "move" else slot[2] if "department" in v.CHANGE_KEYS[kind]
                  else season.pool.inspectors[who].department)
    if s.chance(3):
        department = s.pick(DEPARTMENTS)
    return values, department


def changes(s, made):
    season = made.season()
    for number in range(14):
        kind, today = s.pick(sorted(v.CHANGE_KEYS) + ["leave", "recuse", "borrow"]), number * 3
        values, department = named(s, season, kind, today)
        values.update(at=str(START + today * 86400 + s.below(86400)), basis="规则", reason="理由")
        keys = ["at", *v.CHANGE_KEYS[kind].split(), "basis", "reason"]
        text = "kind %s\n" % kind + "".join("%s %s\n" % (key, values[key]) for key in keys)
        before = copy.deepcopy(season)
        try:
            values = v.parse_change(text.encode())[1]
            effects = season.apply(kind, values, department)
        except v.Fault:
            season = before
            yield "change %s reject %s" % (department, text.encode().hex())
            continue
        text += "".join(line + "\n" for line in effects)
        before.replay(text.encode(), department)
        yield "change %s accept %s" % (department, text.encode().hex())


def text():
    lines = ["# Made by make_changes.py from sampler/verify.py; README.md describes the form."]
    s = m.Stream("changes")
    for number in range(60):
        made = Made(s, number)
        lines += ["case season-%d" % number, *made.lines(), *changes(s, made), "end"]
    return "\n".join(lines) + "\n"


def main():
    path = os.path.join(HERE, "changes.txt")
    if sys.argv[1:] == ["--check"]:
        with open(path, encoding="utf-8") as file:
            return 0 if m.tell(file.read() == text(), "vectors/changes.txt") else 1
    if sys.argv[1:]:
        print(__doc__)
        return 2
    with open(path, "w", encoding="utf-8") as file:
        file.write(text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
