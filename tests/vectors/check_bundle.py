#!/usr/bin/env python3
"""Spoils the small bundle in many ways and expects verify.py to notice each of them.

    check_bundle.py [--check]

First the bundle as it is, then single bytes, then bytes with MANIFEST made to fit, then changes
of meaning with every hash and signature made to fit: for these the check that fails is named.
"""

import ast
import functools
import io
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_bundle as b  # noqa: E402
import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402


v.ed25519_verify = functools.lru_cache(maxsize=None)(v.ed25519_verify)  # many runs, few notes


def run(data, trust=b.trust_policy(), level="audit"):
    """(exit status, {check: verdict}, what was printed)"""
    r = v.Replay(data, v.parse_trust(trust) if trust else None, level, "en")
    out = io.StringIO()
    status = v.replay(r, out)
    return status, r.verdicts, out.getvalue()


def pack(files, level="audit"):
    return v.format_bundle(b.ROUND, level, files)


def first_fail(verdicts):
    return next((check.name for check in v.CHECKS if verdicts[check.name] == "FAIL"), None)


def whole(files):
    """The bundle as it is, at both levels, with and without a trust policy."""
    public = pack(b.public_files(files), "public")
    no_demo = b.trust_policy().replace(b"demo yes\n", b"")
    yield "as it is", run(pack(files))[0] == 0
    yield "as it is, asked for public", run(pack(files), level="public")[0] == 0
    yield "public", run(public, level="public")[0] == 0
    yield "public, asked for audit", run(public)[0] == 3
    yield "without trust policy", run(pack(files), trust=None)[0] == 3
    yield "demo not allowed", first_fail(run(pack(files), trust=no_demo)[1]) == "V5"
    real = pack(b.build(lambda point, value: "no" if point == "demo" else value))
    yield "no demo, with an escrow", run(real, trust=no_demo)[0] == 0
    yield "made twice the same", pack(b.build()) == pack(files)


def tickets(files):
    """What --ticket tells of every object, against `selection` and the strata."""
    r = v.Replay(pack(files), v.parse_trust(b.trust_policy()), "audit", "en")
    v.replay(r, io.StringIO())
    told, states = set(), {}
    for obj in r.tickets:
        out = io.StringIO()
        v.print_ticket(r, obj, out)
        for line in out.getvalue().split("\n")[2:-1]:
            name, _, task, *words = line.split(" ")
            state = words[0] if words[0] == "excluded" else words[-1]
            states[task, state] = states.get((task, state), 0) + 1
            if state == "drawn":
                told.add((task, words[1], name))
    rows = {tuple(row[:3]) for row in r.artefacts["selection"].rows()}
    yield "tickets tell the selection", told == rows and len(rows) > 50
    yield "tickets tell every object of every task", sum(states.values()) == len(r.tickets) * 4
    common = {"drawn", "reserve", "excluded"}
    for task, wanted in (("cinema", common), ("market", common | {"beside", "aside"})):
        yield "what tickets tell of " + task, {s for t, s in states if t == task} == wanted


def flipped(data, place, mask):
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1:]


def single_bytes(data):
    """Single bytes spread over the archive."""
    count = 600
    for number in range(count):
        place = (number * len(data)) // count + number % 7
        mask = (1, 0x80, 0x20, 0xFF)[number % 4]
        if run(flipped(data, min(place, len(data) - 1), mask))[0] != 1:
            yield "byte %d" % place, False
    yield "%d single bytes" % count, True
    for place in range(0, 512):
        if run(flipped(data, place, 1))[0] != 1:
            yield "byte %d of the first header" % place, False
    yield "every byte of the first header", True
    sizes = [0, 1, 511, 512, 1024, 5000, len(data) - 1024, len(data) - 512, len(data) - 1]
    yield "cut short", all(run(data[:size])[0] == 1 for size in sizes)
    yield "longer", all(run(data + tail)[0] == 1 for tail in (b"\0", b"x", bytes(512)))


def fitted_bytes(files):
    """Single bytes of the files, with MANIFEST made again."""
    for name, data in sorted(files.items()):
        if name.startswith("checkpoints/") or not data:
            continue
        step = max(1, len(data) // 5)
        for place in range(step // 3, len(data), step):
            spoilt = dict(files)
            spoilt[name] = flipped(data, place, 1)
            if run(pack(spoilt), trust=None)[0] != 1:
                yield "%s, byte %d" % (name, place), False
        missing = {other: found for other, found in files.items() if other != name}
        if run(pack(missing), trust=None)[0] != 1:
            yield name + " left out", False
    yield "single bytes and files with MANIFEST made to fit", True
    more = dict(files)
    more["artefacts/more"] = b""
    yield "a file too many", first_fail(run(pack(more))[1]) == "V1"


def bad_trust():
    """Trust policies that must be refused."""
    lines = b.trust_policy().decode().split("\n")
    log, witness = (next(x for x in lines if x.startswith(word)) for word in ("log", "witness"))
    operator = next(x for x in lines if "operator" in x)
    spoilt = [lines + [log], lines + [witness.replace(" w1", " w2")], lines + ["demo no"],
              lines + ["quorum w1"], lines + ["colour red"], lines + [" "], lines + ["demo  yes"],
              lines + ["group g 2 w1"], lines + ["group g 0 w1"], lines + ["group g any w9"],
              lines + ["group w1 any w1"], lines + ["group none any w1"], lines + ["group g any"],
              lines + ["group g 2 w1 w1"], lines + ["group g any w1"], lines + [operator.replace("operator", "judge", 1)],
              lines + [operator.replace("operator", "attester:x", 1)],
              lines + ["signer operator %s" % b.WITNESS.key], lines + [log + " x"],
              lines + ["witness w3 %s" % m.Signer("w3.test").key]]
    spoilt += [[x for x in lines if not x.startswith(word)]
               for word in ("log", "quorum", "signer operator", "group")]
    for place, policy in enumerate(spoilt):
        try:
            v.parse_trust("\n".join(policy).encode())
            yield "bad trust policy %d" % place, False
        except v.Fault:
            pass
    yield "%d bad trust policies" % len(spoilt), True
    keys = [m.Signer("w%d.test" % n, v.TYPE_COSIGNATURE).key for n in range(4)]
    text = "\n".join(["log %s" % b.LOG.key] + ["witness w%d %s" % pair for pair in enumerate(keys)]
                     + ["group two 2 w0 w1 w2", "group both all two w3", "quorum both", operator])
    trust = v.parse_trust(text.encode())
    names = [(key.name, key.id) for key in keys]
    yield "quorum of groups", [trust.quorum_met({names[n] for n in some}) for some in (
        (), (0, 3), (1, 2), (0, 1, 3), (0, 1, 2, 3))] == [False, False, False, True, True]


# Changes of meaning: name: (check that fails first, {point of make_bundle.Round: change})


def set_field(key, value):
    return lambda fields: {**fields, key: value}


def set_cell(row, column, value):
    def change(rows):
        rows = sorted(rows)
        rows[row][column] = value
        return rows
    return change


def set_path(path, value):
    """A change of the artefact `policy` alone: the rest of the round keeps the true policy."""
    return {"policy": lambda rows: [[p, value if p == path else x] for p, x in rows]}


def more_paths(**values):
    return {"policy": lambda rows: rows + [list(pair) for pair in values.items()]}


def place_of(name, column):
    """The place of a column; those of tasks count in the policy of the bundle."""
    return v.columns_of(name, ("cinema", "food", "market", "papers"))[0].index(column)


def set_first(name, column, value, where):
    """A change of one column in the first row for which where(row as {column: value}) holds;
    value may be a function of the old one."""
    def change(rows):
        header = v.columns_of(name, ("cinema", "food", "market", "papers"))[0]
        row = next((r for r in sorted(rows) if where(dict(zip(header, r)))), None)
        if row is None:
            raise AssertionError("no row of %s to change %s" % (name, column))
        place = place_of(name, column)
        row[place] = value(row[place]) if callable(value) else value
        return rows
    return {name: change}


def other_candidate(rows):
    """The market's first drawn object of an entity with several is another of its candidates."""
    frame = [dict(zip(v.FACTS + ["cinema", "food", "market"], row)) for row in b.build_frame()]
    cell = {f["object"]: (f["entity"], f["market"]) for f in frame}
    for row in sorted(rows):
        others = [obj for obj, found in cell.items() if found == cell[row[2]] and obj != row[2]]
        if row[0] == "market" and others:
            row[2] = others[0]
            return rows
    raise AssertionError("no entity with two candidates was drawn")


def without_row(rows):
    return sorted(rows)[1:]


def without(*roles):
    return lambda found: [role for role in found if role not in roles]


def last_only(change):
    """A change of a checkpoint after the last entry."""
    count = [0]

    def counted(lines):
        count[0] += 1
        return change(lines) if count[0] == 5 else lines
    return counted


def only_first_line(lines):
    return lines[:lines.index(b"\n") + 1]


def only_second_line(lines):
    return lines[lines.index(b"\n") + 1:]


def add_void(log):
    log.add("void", {"round": b.ROUND, "last": "0" * 64, "reason": "beacon",
                     "evidence": "0" * 64}, ["operator", "custodian:archive"])


def add_draw(log):
    text = v.parse_note(next(e for e in log.entries if e.startswith(b"drawd/draw/"))).text
    fields = dict(line.split(" ", 1) for line in text.decode().split("\n")[1:-1])
    log.add("draw", fields, ["operator"])


def add_garbage(log):
    note = m.make_note(b"drawd/rumour/v1\n", [b.SIGNERS["operator"]])
    log.entries.append(note)
    log.tree.add(v.entry_leaf(note))


def add_escrow(log):
    fields = b.round_fields("escrow", round=b.ROUND, freeze="0" * 64, commitment="0" * 64,
                            holder="archive", share="0" * 64, threshold=1, shares=1)
    log.add("escrow", fields, ["custodian:archive"])


def cause_of(department, role):
    return lambda log: log.add("cause", b.cause_fields(b.ROUND, department), [role])


def swap_rows_of_bytes(data):
    lines = data.split(b"\n")
    lines[3], lines[4] = lines[4], lines[3]
    return b"\n".join(lines)


def swap_inspectors(rows):
    """Two inspectors of one department change places between two visits."""
    rows = sorted(rows)
    one = rows[0]
    other = next(r for r in rows if r[2] == one[2] and r[4] not in ("", one[4]))
    one[4], other[4] = other[4], one[4]
    return rows


def other_object(rows):
    """A selection with a neighbour in place of one that was drawn."""
    rows = sorted(rows)
    rows[0][2] += "X"
    return rows


CHANGES = {
    "an entry that is no record": ("V2", {"end": add_garbage}),
    "a checkpoint of another log": ("V3", {"checkpoint": lambda t: "x" + t}),
    "a checkpoint without the log's signature": ("V3", {"checkpoint-lines": only_second_line}),
    "the last without the witness": ("V3", {"checkpoint-lines": last_only(only_first_line)}),
    "freeze without a department": ("V4", {"signers freeze": without("department:market")}),
    "freeze, departments first": ("V4", {"signers freeze": lambda r: r[1:] + r[:1]}),
    "freeze signed by a notary too": ("V4", {"signers freeze": lambda r: r + ["attester:notary"]}),
    "cause of a department with a key by the operator": ("V4", {
        "signers cause": lambda _: ["operator"]}),
    "cause of a department without a key by another": ("V4", {
        "end": cause_of("health", "department:fire")}),
    "beacon with one attester": ("V4", {"signers beacon": without("attester:press")}),
    "beacon, attesters out of order": ("V4", {"signers beacon": lambda r: [r[0], r[2], r[1]]}),
    "beacon without operator": ("V4", {"signers beacon": without("operator")}),
    "lock of another freeze": ("V5", {"lock": set_field("freeze", "0" * 64)}),
    "beacon of another lock": ("V5", {"beacon": set_field("lock", "0" * 64)}),
    "beacons both in place 1": ("V5", {"beacon": set_field("place", "1")}),
    "draw of another lock": ("V5", {"draw": set_field("lock", "0" * 64)}),
    "reveal of another draw": ("V5", {"reveal": set_field("draw", "0" * 64)}),
    "round declared void": ("V5", {"end": add_void}),
    "a second draw": ("V5", {"end": add_draw}),
    "an escrow after the lock": ("V5", {"end": add_escrow}),
    "an escrow of another secret": ("V5", {
        "demo": lambda _: "no", "escrow": set_field("commitment", "0" * 64)}),
    "an escrow by another holder": ("V4", {
        "demo": lambda _: "no", "escrow": set_field("holder", "court")}),
    "approved after the freeze": ("V5", {"freeze": set_field(
        "approvals", b.APPROVALS.replace("1771030800", "1771039999"))}),
    "dated the day before": ("V5", {"freeze": set_field("date", "2026-02-13")}),
    "another authority": ("V5", {"freeze": set_field("authority", "other.test/log")}),
    "delta 599": ("V5", {"freeze": set_field("delta", "599")}),
    "quality low and no override": ("V5", {"freeze": set_field("override", "none")}),
    "an override that nothing asked for": ("V5", {"freeze": set_field("quality-correct", "199")}),
    "more correct rows than rows": ("V5", {"freeze": set_field("quality-correct", "201")}),
    "quality-min above a million": ("V5", {"freeze": set_field("quality-min", "1000001")}),
    "no demo and no escrow": ("V5", {"freeze": set_field("demo", "no")}),
    "three pulses, two beacons": ("V5", {
        "freeze": set_field("pulses", b.PULSES + ",dice:8:1771060000")}),
    "lock cosigned a second late": ("V6", {"lock-time": lambda t: t + 1}),
    "draw cosigned after its deadline": ("V6", {"freeze": set_field("draw-deadline", "1771056001")}),
    "another protocol": ("V7", {"freeze": set_field("protocol", "0" * 64)}),
    "another pool": ("V7", {"freeze": set_field("pool", "0" * 64)}),
    "rows out of order": ("V7", {"bytes pool": swap_rows_of_bytes}),
    "a leave to no day": ("V7", {"pool": set_cell(0, 5, "2026-02-01..2026-02-30")}),
    "a day that is none": ("V7", {"calendar": set_cell(0, 0, "2026-02-30")}),
    "a limit of 10000": ("V7", {"pool": set_cell(0, 6, "10000")}),
    "approved by a stranger": ("V8", {"freeze": set_field("approvals", b.APPROVALS + ",zzz:a:1")}),
    "a department that nobody asked": ("V8", {"freeze": set_field("approvals", "none")}),
    "policy with a path less": ("V8", {"policy": without_row}),
    "policy with slack 10": ("V8", {
        "policy": lambda rows: [[p, "10" if p == "inspectors.slack" else x] for p, x in rows]}),
    "a region of 7 digits": ("V9", {"frame": set_cell(0, 4, "3301061")}),
    "a weight of 0": ("V9", {"frame": set_cell(3, -2, "0")}),
    "a register of 101": ("V9", {"freeze": set_field("register", "101")}),
    "another universe": ("V9", {"freeze": set_field("universe", "0" * 64)}),
    "another frame-root": ("V9", {"freeze": set_field("frame-root", "0" * 64)}),
    "policy with a factor of 0": ("V8", set_path("adjust.1.factor", "0")),
    "policy with a label in both adjustments": ("V8", set_path("adjust.1.labels", "late,star")),
    "policy with a factor for no reason": ("V8", set_path("adjust.2.basis", "")),
    "policy with a factor for which 无 stands": ("V8", set_path("adjust.2.basis", "无")),
    "policy with an item whose basis is a dash": ("V8", set_path("item.label.basis", "——")),
    "policy with a matrix of four classes and U": ("V8", set_path("matrix.AD", "U")),
    "policy with a ceiling above all": ("V8", set_path("ceiling.general", "1000001")),
    "an item of no field known": ("V8", set_path("item.label.field", "water")),
    "a mode that ends before it begins": ("V8", set_path("mode.quiet.to", "2025-12-31")),
    "a mode with a path too many": ("V8", more_paths(**{"mode.quiet.most": "1"})),
    "a mode with a name too long": ("V8", more_paths(**{
        "mode.%s.%s" % (m.LONG, key): value for key, value in m.lenient("x").items()})),
    "a cap of 0": ("V8", set_path("cap.door.most", "0")),
    "a cap of visits": ("V8", set_path("cap.door.counts", "visits")),
    "a batch after the task": ("V8", set_path("task.market.batches", "2026-05-06..2026-05-30")),
    "batches that overlap": ("V8", set_path(
        "task.market.batches", "2026-04-07..2026-04-30,2026-04-30..2026-05-29")),
    "a task that falls from C to D": ("V8", set_path("task.food.ratio.D", "300000")),
    "a task that visits A on site": ("V8", set_path("task.food.mode.A", "onsite")),
    "a task that ends after the cycle": ("V8", set_path("cycle.to", "2026-06-29")),
    "a cycle that begins after a task": ("V8", set_path("cycle.from", "2026-03-02")),
    "a strict task that leaves A out": ("V8", set_path("task.cinema.ratio.A", "0")),
    "a strict field and a class left out": ("V8", set_path("field.price.strict", "yes")),
    "a shared cutoff and a minimum": ("V8", set_path("task.papers.minimum", "1")),
    "departments apart in one task": ("V8", set_path("department.health.apart", "market")),
    "a task of more departments than a visit": ("V8", set_path("visits.departments", "1")),
    "a task dropped for nothing": ("V15", {"dropped": lambda rows: rows + [
        [rows[0][0] if rows else "91330100000", "food", "checked"]]}),
    "visits of fewer departments": ("V15", set_path("visits.departments", "2")),
    "visits of departments apart": ("V15", set_path("department.fire.apart", "market")),
    "a task that does not speak of the ceiling": ("V8", {
        "policy": lambda rows: [row for row in rows if row[0] != "task.food.ceiling-reason"]}),
    "a task of no level": ("V8", set_path("task.food.level", "")),
    "a field twice among the classes": ("V9", {"frame": set_cell(
        5, place_of("frame", "classes"), "food=A,food=B")}),
    "a professional class U": ("V9", {"frame": set_cell(
        5, place_of("frame", "classes"), "food=U")}),
    "an inspection without a way": ("V9", {"frame": set_cell(
        5, place_of("frame", "entered"), "2026-01-20/county/market")}),
    "inspections out of order": ("V9", {"frame": set_cell(
        5, place_of("frame", "entered"),
        "2026-01-20/county/market/entry,2026-01-20/county/health/entry")}),
    "1000 entries reserved": ("V9", {"frame": set_cell(
        5, place_of("frame", "reserved"), "1000")}),
    "reserved left open": ("V9", {"frame": set_cell(5, place_of("frame", "reserved"), "")}),
    "an entity with one entry more in one of its rows": ("V9", set_first(
        "frame", "reserved", lambda n: str(int(n) + 1), lambda f: f["object"] != f["entity"])),
    "an entity inspected in one of its rows only": ("V9", set_first(
        "frame", "entered", "", lambda f: f["object"] != f["entity"] and f["entered"])),
    "a cell that is no code": ("V9", set_first(
        "frame", "task:market", "mode-", lambda f: f["task:market"] == "D")),
    "a policy with a task more": ("V9", more_paths(**{
        "task.a." + path[12:]: value for path, value in b.policy_values().items()
        if path.startswith("task.market.")})),
    "an object excluded for no reason": ("V10", set_first(
        "frame", "task:market", "closed", lambda f: f["task:market"] == "D")),
    "an object in another stratum": ("V10", set_first(
        "frame", "task:market", "D", lambda f: f["task:market"] == "C")),
    "an object without its mark": ("V10", set_first(
        "frame", "task:market", lambda code: code[0], lambda f: f["task:market"] == "B2")),
    "an object marked in a strict task": ("V10", set_first(
        "frame", "task:cinema", lambda code: code + "1", lambda f: f["task:cinema"] in "ABCD")),
    "an object under a mode that is none": ("V10", set_first(
        "frame", "task:market", "mode-silence", lambda f: f["task:market"] == "A")),
    "an object under another mode": ("V10", set_first(
        "frame", "task:market", "mode-sandbox", lambda f: f["task:market"] == "mode-quiet")),
    "an object spared by a cap": ("V10", set_first(
        "frame", "task:market", "cap-door", lambda f: f["task:market"] == "D")),
    "an object drawn past its cap": ("V10", set_first(
        "frame", "task:market", "C", lambda f: f["task:market"] == "cap-door")),
    "the general class where the professional one counts": ("V10", set_first(
        "frame", "task:market", lambda code: "A" if code != "A" else "D",
        lambda f: f["classes"] and f["task:market"] in ("B", "C", "D"))),
    "a mode that ended before": ("V10", set_path("mode.quiet.to", "2026-02-13")),
    "a mode with an exception more": ("V10", set_path(
        "mode.quiet.except", "complaint,pool,star")),
    "an object spared by its general class alone": ("V10", set_first(
        "frame", "task:market", "mode-quiet", lambda f: f["task:market"] in v.STRATA
        and f["class"] in ("A", "B") and re.search("(food|price)=[CD]", f["classes"])
        and f["region"].startswith("330106001") and "pool" not in f["labels"])),
    "a mode for another class": ("V10", set_path("mode.quiet.classes", "C")),
    "a cap of one": ("V10", set_path("cap.door.most", "1")),
    "a cap of other departments": ("V10", set_path("cap.door.departments", "fire")),
    "a cap of ten days": ("V10", set_path("cap.door.days", "10")),
    "another matrix": ("V10", set_path("matrix.AC", "D")),
    "another way to combine classes": ("V10", set_path("task.market.class", "general")),
    "another field": ("V10", set_path("item.price.field", "")),
    "a strict task": ("V10", set_path("task.papers.safety", "yes")),
    "a cap of entries in a task on paper": ("V10", set_path("task.market.mode.C", "paper")),
    "a factor that is not the larger one": ("V10", set_path("adjust.2.factor", "400000")),
    "a class that spares from the general and the professional": ("V10", set_path(
        "mode.quiet.classes", "*")),
    "a cap of the district left out": ("V10", set_path("cap.door.levels", "city")),
    "a focus on nobody": ("V10", set_path("focus.labels", "")),
    "a focus on others": ("V10", set_path("focus.labels", "late")),
    "a mode of a class that no cap of entries counts": ("V10", set_path(
        "task.market.mode.D", "network")),
    "an adjustment for others": ("V10", set_path("adjust.1.labels", "cinema")),
    "a quota one higher": ("V11", set_first(
        "strata", "quota", lambda n: str(int(n) + 1), lambda r: r["report"] == "random")),
    "a quota for a ratio of 0": ("V11", set_first(
        "strata", "quota", "1", lambda r: r["ratio"] == "0" and int(r["units"]) > 1)),
    "a unit more": ("V11", set_first(
        "strata", "units", lambda n: str(int(n) + 1), lambda r: r["units"] != r["population"])),
    "a population less": ("V11", set_first(
        "strata", "population", lambda n: str(int(n) - 1), lambda r: r["population"] > "1")),
    "a ratio without its factor": ("V11", set_first(
        "strata", "ratio", "400000", lambda r: r["stratum"] == "C1")),
    "more than the ceiling": ("V11", set_path("ceiling.general", "1")),
    "less than the minimum": ("V11", set_path("task.market.minimum", "1000000")),
    "a minimum of those who are left alone too": ("V11", set_path(
        "task.cinema.minimum", "500000")),
    "every unit as if of weight 1": ("V13", set_path("task.market.design", "equal")),
    "a stratum drawn by itself": ("V11", set_path("task.food.coordination", "own")),
    "units drawn among one more": ("V11", set_first(
        "strata", "among", lambda n: str(int(n) + 1), lambda r: r["among"] != r["units"])),
    "an empty stratum refused": ("V11", set_path("strata.empty", "refuse")),
    "the ratio of another class for U": ("V11", set_path("class.missing", "D")),
    "another factor": ("V11", set_path("adjust.2.factor", "3000000")),
    "another version of a mode": ("V11", set_path("mode.quiet.version", "4")),
    "another basis of a cap": ("V11", set_path("cap.door.basis", "另一依据")),
    "a ledger row less": ("V11", {"ledger": without_row}),
    "another commitment": ("V12", {"lock": set_field("commitment", "0" * 64)}),
    "lock with other pulses": ("V5", {"lock": set_field("pulses", b.PULSES.replace("2026019",
                                                                                    "2026020"))}),
    "dice with a seven": ("V12", {"beacon": lambda f: {
        **f, "value": f["value"].replace("4161235342", "4161235347")}}),
    "beacon of another pulse": ("V5", {"beacon": lambda f: {
        **f, "pulse": f["pulse"].replace("7", "8")}}),
    "reveal of something else": ("V12", {"reveal": set_field("content", "0" * 64)}),
    "seed.txt with another secret": ("V12", {
        "seed.txt": lambda t: t.replace(b.SECRET.hex().encode(), b"0" * 64)}),
    "another ticket-root": ("V13", {"draw": set_field("ticket-root", "0" * 64)}),
    "99 objects": ("V13", {"draw": set_field("objects", "99")}),
    "another object selected": ("V14", {"selection": other_object}),
    "a selected object less": ("V14", {"selection": without_row}),
    "selected 1": ("V14", {"draw": set_field("selected", "1")}),
    "another candidate of an entity": ("V14", {"selection": other_candidate}),
    "a batch later": ("V14", set_first(
        "selection", "batch", "2", lambda r: r["task"] == "market" and r["batch"] == "1")),
    "a batch where there are none": ("V14", set_first(
        "selection", "batch", "1", lambda r: r["task"] == "food")),
    "another stratum selected": ("V14", set_first(
        "selection", "stratum", "D", lambda r: r["stratum"] == "C")),
    "a fourth batch": ("V14", {"policy": lambda rows: [
        [p, x.replace("2026-05-06..2026-05-29", "2026-05-06..2026-05-10,2026-05-11..2026-05-29")]
        for p, x in rows]}),
    "no batches": ("V14", set_path("task.market.batches", "")),
    "a batch a day longer": ("V15", {"policy": lambda rows: [
        [p, x.replace("2026-03-16..2026-03-31", "2026-03-16..2026-04-01")] for p, x in rows]}),
    "a focus on others too": ("V15", set_path("focus.labels", "cinema,focus")),
    "another mode of a class": ("V15", set_path("task.cinema.mode.D", "network")),
    "another mode of those without class": ("V15", set_path("task.market.mode.B", "onsite")),
    "a visit said to be offsite": ("V15", set_first(
        "visits", "mode", "offsite", lambda r: r["mode"] == "onsite")),
    "a visit said to be on paper": ("V15", set_first(
        "visits", "mode", "paper", lambda r: r["mode"] == "offsite")),
    "a visit a day longer": ("V15", {"visits": set_cell(0, 4, "2026-07-01")}),
    "another visit-root": ("V15", {"draw": set_field("visit-root", "0" * 64)}),
    "two inspectors exchanged": ("V16", {"slots": swap_inspectors}),
    "an effect left out": ("V20", {
        "change": lambda content: content[:content.rstrip(b"\n").rindex(b"\n") + 1]}),
    "another reason": ("V20", {"opening": lambda data: data.replace(b"reason ", b"reason no ")}),
    "a change without its content": ("V20", {"files": lambda files: {
        name: data for name, data in files.items() if not name.startswith("changes/")}}),
    "a slot less": ("V16", {"slots": without_row}),
    "a capacity one higher": ("V16", {"capacity": set_cell(0, 3, "99")}),
    "open 99": ("V16", {"draw": set_field("open", "99")}),
    "another leader": ("V17", {"schedule": set_cell(0, 4, "MARKET-0099")}),
    "a visit in the afternoon": ("V17", {"schedule": lambda rows: [
        r[:3] + [{"am": "pm", "pm": "am", "": ""}[r[3]]] + r[4:] for r in rows]}),
    "another blind": ("V18", {"blind slots": lambda _: "0" * 64}),
    "cause before the draw": ("V19", {"frozen": cause_of("market", "department:market")}),
    "cause of a department that is not of the round": ("V19", {"end": cause_of("tax", "operator")}),
}


def changes():
    for name, (check, points) in CHANGES.items():
        files = b.build(lambda point, value, points=points: points.get(point, b.same_value)(value))
        status, verdicts, printed = run(pack(files))
        good = status == 1 and first_fail(verdicts) == check
        if not good:
            print(printed)
        yield "%s: %s" % (check, name), good
    public = b.build(lambda point, fields: CHANGES["lock with other pulses"][1].get(
        point, b.same_value)(fields))
    status, verdicts, _ = run(pack(b.public_files(public), "public"), level="public")
    yield "other pulses show in a public bundle too", (status, first_fail(verdicts)) == (1, "V5")
    yield "every check is made to fail", {c for c, _ in CHANGES.values()} == {
        check.name for check in v.CHECKS} - {"V1"}


def table_of_checks():
    """The checks, their clauses and what they build on are those of section 14."""
    found = re.findall(r"(?m)^\| (V\d+) (\w+) \| ([^|]+) \| ([^|]*) \|",
                       b.protocol_text().decode())
    yield "the table of section 14", [
        (name, title, clause, needs.split()) for name, title, clause, needs in found] == [
            (check.name, check.title, check.clause, check.needs) for check in v.CHECKS]


def keep(folder):
    """Every changed bundle as a file named by the check that must fail first, for other replays."""
    with open(os.path.join(folder, "trust"), "wb") as file:
        file.write(b.trust_policy())
    for number, (check, points) in enumerate(CHANGES.values(), 1):
        files = b.build(lambda point, value, points=points: points.get(point, b.same_value)(value))
        with open(os.path.join(folder, "%s-%d.tar" % (check, number)), "wb") as file:
            file.write(pack(files))


def sentence_of(node):
    """The message in a call of need, say, Fault or Skip, or in what a check returns."""
    place = {"need": 1, "say": 1, "Fault": 0, "Skip": 0}
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) in place:
        found = node.args[place[node.func.id]:][:1]
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        found = node.value.elts[:1] if isinstance(node.value.elts[1], ast.Call) else []
    else:
        found = []
    text = found[0].value if found and isinstance(found[0], ast.Constant) else None
    return text if isinstance(text, str) and " " in text else None


def messages():
    """Every message is there in both languages, with the same values."""
    with open(v.__file__, encoding="utf-8") as file:
        sentences = set(filter(None, map(sentence_of, ast.walk(ast.parse(file.read())))))
    yield "Chinese for every message", bool(sentences) and sentences == set(v.ZH)
    yield "the same values in Chinese", all(
        sorted(re.findall("{[a-z]+}", a)) == sorted(re.findall("{[a-z]+}", b))
        for a, b in v.ZH.items())


def main():
    files = b.build()
    good = True
    for results in (whole(files), tickets(files), single_bytes(pack(files)), fitted_bytes(files),
                    changes(), table_of_checks(), bad_trust(), messages()):
        for name, passed in results:
            good = m.tell(passed, "bundle: " + name) and good
    return 0 if good else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--keep"] and len(sys.argv) == 3:
        keep(sys.argv[2])
        sys.exit(0)
    if sys.argv[1:] not in ([], ["--check"]):
        print(__doc__)
        sys.exit(2)
    sys.exit(main())
