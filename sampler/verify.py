#!/usr/bin/env python3
"""Replays the bundle of one round: the checks V1 to V19 of PROTOCOL.md section 14.

    verify.py [--trust FILE] [--level audit|public] [--ticket OBJECT] [--lang zh|en] BUNDLE.tar

This is the second implementation of the draw protocol. It was written from the text of
PROTOCOL.md alone, shares no line with the program that draws, and needs nothing but Python 3.9.
Every check prints one line. Exit status: 0 nothing failed, 1 something failed, 2 usage,
3 something was skipped that belongs to the level asked for.

The file reads from the bottom up: `CHECKS` is the table of section 14, each check calls the small
functions above it, and every function names the section that it implements.
"""

import argparse
import base64
import bisect
import calendar
import collections
import copy
import datetime
import functools
import hashlib
import itertools
import math
import os
import re
import sys
from fractions import Fraction

# ---------------------------------------------------------------------------------------------
# Refusals


class Fault(Exception):
    """What is wrong, as a sentence. `sentence` is a template (and the key of the table ZH)."""

    def __init__(self, sentence, **values):
        super().__init__(sentence)
        self.sentence, self.values = sentence, values

    def __str__(self):
        return self.say("en")

    def say(self, lang):
        return say(lang, self.sentence, **self.values)


class Skip(Fault):
    """Why a check cannot be made."""


def say(lang, sentence, **values):
    if lang == "zh":
        sentence = ZH.get(sentence, sentence)
    return sentence.format(**{k: shorten(v) for k, v in values.items()})


def shorten(value):
    """Values of a bundle may be anything: printable and of bearable length in a message."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 160 else text[:157] + "..."


def need(condition, sentence, **values):
    if not condition:
        raise Fault(sentence, **values)


# ---------------------------------------------------------------------------------------------
# Section 1: notation and types


def sha256(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part.encode() if isinstance(part, str) else part)
    return h.digest()


def hexhash(*parts):
    return sha256(*parts).hex()


CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
CONTROL_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
CONTROL_BUT_TAB_NEWLINE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SOURCES = ("drand", "nist", "ssq", "kl8", "dice")


def shape(pattern):
    """A type that one regular expression describes."""
    return lambda value, fullmatch=re.compile(pattern).fullmatch: fullmatch(value) is not None


def is_number(value):
    return re.fullmatch("0|[1-9][0-9]{0,18}", value) is not None and int(value) < 2**63


def is_number_in(least, most):
    return lambda value: is_number(value) and least <= int(value) <= most


@functools.lru_cache(maxsize=65536)
def is_date(value):
    if not re.fullmatch("[12][0-9]{3}-[0-9]{2}-[0-9]{2}", value):
        return False
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:])
    return (1900 <= year <= 2999 and 1 <= month <= 12
            and 1 <= day <= calendar.monthrange(year, month)[1])


is_hash = shape("[0-9a-f]{64}")
is_token = shape("[a-z0-9-]{1,32}")
is_name = shape("[A-Za-z0-9._/-]{1,64}")
is_round = shape("[0-9]{4}-[0-9]{4}")
is_object = shape("[0-9A-Z:./-]{1,55}")
is_inspector = shape("[A-Z0-9-]{1,32}")
is_flag = shape("yes|no")
is_pulse_name = shape("[0-9A-Za-z-]{1,40}")


def is_text(value):
    return (1 <= len(value.encode()) <= 200 and not CONTROL.search(value)
            and value[0] != " " and value[-1] != " ")


def ascending(values):
    return all(a < b for a, b in zip(values, values[1:]))


def is_tokens(value):
    members = value.split(",")
    return value == "none" or (all(map(is_token, members)) and ascending(members))


def is_pulse(value):
    parts = value.split(":")
    return (len(parts) == 3 and parts[0] in SOURCES and is_pulse_name(parts[1])
            and is_number(parts[2]))


def is_pulses(value):
    return all(map(is_pulse, value.split(",")))


def is_approval(value):
    parts = value.split(":")
    return len(parts) == 3 and is_token(parts[0]) and is_token(parts[1]) and is_number(parts[2])


def is_approvals(value):
    members = value.split(",")
    return value == "none" or (all(map(is_approval, members)) and ascending(members))


def is_vkey(value):
    try:
        parse_vkey(value)
    except Fault:
        return False
    return True


TYPES = {
    "number": is_number,
    "time": is_number,
    "date": is_date,
    "hash": is_hash,
    "hash?": lambda value: value == "none" or is_hash(value),
    "token": is_token,
    "tokens": is_tokens,
    "round": is_round,
    "round?": lambda value: value == "none" or is_round(value),
    "name": is_name,
    "vkey": is_vkey,
    "flag": is_flag,
    "text": is_text,
    "pulses": is_pulses,
    "approvals": is_approvals,
    "object": is_object,
    "inspector": is_inspector,
}


def split_list(value):
    """A list of section 5: the empty value is the list of nothing."""
    return value.split(",") if value else []


def is_list_of(member):
    def check(value):
        members = split_list(value)
        return all(m not in ("", "*") and member(m) for m in members) and ascending(members)
    return check


def or_star(check):
    return lambda value: value == "*" or check(value)


def or_empty(check):
    return lambda value: value == "" or check(value)


is_prefix_list = or_star(is_list_of(lambda member: True))


class PrefixList:
    """A prefix list of section 5; `*` matches everything."""

    def __init__(self, value):
        self.everything = value == "*"
        self.prefixes = tuple(split_list(value))

    def matches(self, value):
        return self.everything or value.startswith(self.prefixes)


@functools.lru_cache(maxsize=65536)
def add_months(date, months):
    """Section 6.2: the same day so many months later, or the last day of that month."""
    count = int(date[:4]) * 12 + int(date[5:7]) - 1 + months
    year, month = count // 12, count % 12 + 1
    day = min(int(date[8:]), calendar.monthrange(year, month)[1])
    return "%04d-%02d-%02d" % (year, month, day)


def china_day(time):
    """The day in China (UTC+8), as text."""
    try:
        day = (datetime.date(1970, 1, 1) + datetime.timedelta(seconds=time + 8 * 3600)).isoformat()
    except OverflowError:
        day = ""
    need(is_date(day), "{time} is on no day of the calendar", time=time)
    return day


def decode(data, allowed, what):
    """UTF-8 without the control characters that the pattern `allowed` finds."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("{what} is not UTF-8", what=what) from None
    need(not allowed.search(text), "{what} holds a control character", what=what)
    return text


# ---------------------------------------------------------------------------------------------
# Section 2: Ed25519 (RFC 8032), strict as libsodium is

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)  # extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_double(p):
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    c = 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1]) % P
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(scalar, point):
    total = IDENTITY
    for bit in bin(scalar)[2:]:
        total = point_double(total)
        if bit == "1":
            total = point_add(total, point)
    return total


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode_point(data):
    """The point of 32 bytes, or None: not canonical or not on the curve."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def small_order(p):
    eight = point_double(point_double(point_double(p)))
    return eight[0] % P == 0 and (eight[1] - eight[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def two_products(s, p, h, q):
    """s·p + h·q in one run over the bits."""
    both = point_add(p, q)
    total = IDENTITY
    for place in range(max(s.bit_length(), h.bit_length()) - 1, -1, -1):
        total = point_double(total)
        pair = (s >> place & 1, h >> place & 1)
        if pair != (0, 0):
            total = point_add(total, {(1, 0): p, (0, 1): q, (1, 1): both}[pair])
    return total


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    key, commitment = decode_point(public), decode_point(signature[:32])
    if s >= ORDER or key is None or commitment is None:
        return False
    if small_order(key) or small_order(commitment):
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(hashed, "little") % ORDER
    negative = (P - key[0], key[1], key[2], P - key[3])
    return encode_point(two_products(s, BASE, h, negative)) == signature[:32]


# ---------------------------------------------------------------------------------------------
# Section 2: verifier keys and signed notes

TYPE_ED25519, TYPE_COSIGNATURE = 0x01, 0x04
MAX_NOTE, MAX_SIGNATURES = 65535, 64


def decode_base64(text):
    """Canonical, padded base64 (RFC 4648), or None."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


class VerifierKey:
    def __init__(self, name, kind, public):
        self.name, self.kind, self.public = name, kind, public
        self.id = sha256(name, "\n", bytes([kind]), public)[:4]
        self.role = None  # set by the trust policy

    def __str__(self):
        data = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return "%s+%s+%s" % (self.name, self.id.hex(), data)


def parse_vkey(text):
    parts = text.split("+", 2)
    need(len(parts) == 3, "the verifier key \"{key}\" is not name+id+base64", key=text)
    name, key_id, encoded = parts
    data = decode_base64(encoded)
    need(is_name(name), "the verifier key \"{key}\" has no lawful name", key=text)
    need(data is not None and len(data) == 33 and data[0] in (TYPE_ED25519, TYPE_COSIGNATURE),
         "the verifier key \"{key}\" is not one of Ed25519 or of a witness", key=text)
    key = VerifierKey(name, data[0], data[1:])
    need(key.id.hex() == key_id, "the id of the verifier key \"{key}\" is wrong", key=text)
    return key


class Note:
    """text (bytes, ends in a newline) and signatures: [(name, key id, signature)]."""

    def __init__(self, text, signatures):
        self.text, self.signatures = text, signatures


def parse_note(data, what="the note"):
    need(len(data) <= MAX_NOTE, "{what} is longer than 65535 bytes", what=what)
    decode(data, CONTROL_BUT_NEWLINE, what)
    split = data.rfind(b"\n\n")
    need(split >= 0, "{what} has no text, or no blank line before its signatures", what=what)
    lines = data[split + 2:].decode().split("\n")
    need(lines.pop() == "", "{what} does not end in a newline", what=what)
    need(1 <= len(lines) <= MAX_SIGNATURES, "{what} has not 1 to 64 signatures", what=what)
    return Note(data[:split + 1], [parse_signature(line, what) for line in lines])


def parse_signature(line, what):
    parts = line.split(" ")
    need(len(parts) == 3 and parts[0] == "\u2014" and is_name(parts[1]),
         "{what}: \"{line}\" is not a signature line", what=what, line=line)
    data = decode_base64(parts[2])
    need(data is not None and len(data) > 4,
         "{what}: the signature of {name} is not base64 of a key id and a signature",
         what=what, name=parts[1])
    return parts[1], data[:4], data[4:]


def check_signature(key, text, signature):
    """None where it is wrong; else the time of a cosignature, 0 for a plain signature."""
    if key.kind == TYPE_ED25519:
        return 0 if ed25519_verify(key.public, text, signature) else None
    if len(signature) != 72:
        return None
    time = int.from_bytes(signature[:8], "big")
    if time >= 2**63:
        return None
    message = b"cosignature/v1\ntime %d\n" % time + text
    return time if ed25519_verify(key.public, message, signature[8:]) else None


def known_signers(note, known, what="the note"):
    """[(key, time)] in the order of the lines; `known` maps (name, key id) to a key."""
    signers = {}
    for name, key_id, signature in note.signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        time = check_signature(key, note.text, signature)
        need(time is not None, "{what}: the signature of {name} is wrong", what=what, name=name)
        signers.setdefault((name, key_id), (key, time))
    return list(signers.values())


# ---------------------------------------------------------------------------------------------
# Section 3: records


def table(text):
    """'key(type) key(type) …' of section 3 as a list of pairs."""
    return [tuple(word[:-1].split("(")) for word in text.split()]


RECORDS = {
    "key": (table("authority(name) role(text) vkey(vkey) from(time) previous(hash?)"),
            ["operator"]),
    "freeze": (table(
        "round(round) demo(flag) authority(name) frozen(time) date(date) departments(tokens) "
        "approvals(approvals) protocol(hash) program(hash) policy(hash) register(number) "
        "universe(hash) frame(hash) frame-root(hash) strata(hash) ledger(hash) pool(hash) "
        "recusals(hash) history(hash) calendar(hash) quality-rows(number) quality-correct(number) "
        "quality-min(number) override(text) pulses(pulses) delta(number) draw-deadline(time) reveal-after(date) results-due(date) disclosure(token) "
        "previous(hash?)"), ["operator", "departments"]),
    "escrow": (table("round(round) freeze(hash) commitment(hash) holder(token) share(hash) "
                     "threshold(number) shares(number)"), ["holder"]),
    "lock": (table("round(round) freeze(hash) commitment(hash) pulses(pulses)"), ["operator"]),
    "beacon": (table("round(round) lock(hash) place(number) source(token) pulse(text) "
                     "value(text)"), ["operator", "attesters"]),
    "draw": (table(
        "round(round) lock(hash) objects(number) ticket-root(hash) selected(number) "
        "selection(hash) visit-count(number) visit-root(hash) visits(hash) dropped(hash) "
        "slot-count(number) "
        "open(number) slots(hash) capacity(hash) schedule(hash)"), ["operator"]),
    "cause": (table("round(round?) department(token) content(hash)"), ["department?"]),
    "change": (table("round(round) department(token) content(hash)"), ["operator", "department"]),
    "visit": (table("round(round) department(token) content(hash)"), ["department"]),
    "result": (table("round(round) department(token) content(hash)"), ["department"]),
    "reveal": (table("round(round) draw(hash) content(hash)"), ["operator"]),
    "void": (table("round(round) last(hash) reason(token) evidence(hash)"),
             ["operator", "custodian"]),
    "anchor": (table("date(date) entries(number) audit(hash)"), ["operator"]),
}


class Record:
    """One log entry: kind, fields, the note it came from, its leaf and its index in the log."""

    def __init__(self, kind, fields):
        self.kind, self.fields = kind, fields
        self.note = self.leaf = self.index = None

    def __getitem__(self, key):
        return self.fields[key]

    def get(self, key):
        return self.fields.get(key)

    def __str__(self):
        return "entry %s (%s)" % (self.index, self.kind)


def parse_record(text, what="the record"):
    """text: the text of a note, bytes."""
    lines = decode(text, CONTROL_BUT_NEWLINE, what).split("\n")
    need(lines.pop() == "" and lines, "{what} does not end in a newline", what=what)
    head = re.fullmatch("drawd/([a-z]+)/v1", lines.pop(0))
    need(head and head[1] in RECORDS, "{what} is not of a kind of section 3", what=what)
    keys = RECORDS[head[1]][0]
    need(len(lines) == len(keys), "{what} has {count} lines instead of {wanted}", what=what,
         count=len(lines), wanted=len(keys))
    return Record(head[1], dict(parse_field(*pair, what) for pair in zip(lines, keys)))


def parse_field(line, wanted, what):
    key, kind = wanted
    name, space, value = line.partition(" ")
    need(name == key and space, "{what}: the line of \"{key}\" reads \"{line}\"", what=what,
         key=key, line=line)
    need(TYPES[kind](value), "{what}: {key} is not a {type}: \"{value}\"", what=what, key=key,
         type=kind, value=value)
    return key, value


def entry_leaf(note):
    return sha256(b"\0", note)


def content_hash(kind, blinding, content):
    return hexhash("drawd/", kind, "/content/v1\n", blinding.hex(), "\n", content)


# ---------------------------------------------------------------------------------------------
# Section 4: the tree of RFC 6962


class Tree:
    """The roots of the perfect subtrees that cover the leaves so far, largest first."""

    def __init__(self, size=0, roots=()):
        self.size, self.roots = size, list(roots)

    def add(self, leaf):
        """leaf: a leaf hash."""
        node, size = leaf, self.size
        while size & 1:
            node = sha256(b"\1", self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self):
        if not self.roots:
            return sha256(b"")
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = sha256(b"\1", left, node)
        return node


def tree_root(leaves):
    """The root (hex) over leaf hashes in the order given."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root().hex()


class Checkpoint:
    def __init__(self, note, origin, size, root):
        self.note, self.origin, self.size, self.root = note, origin, size, root
        self.cosigners = {}  # name of the witness's key: time; set by V3


def parse_checkpoint(data, what):
    note = parse_note(data, what)
    lines = note.text.decode().split("\n")
    need(len(lines) == 4 and is_name(lines[0]) and is_number(lines[1]),
         "{what} is not origin, size and root", what=what)
    root = decode_base64(lines[2])
    need(root is not None and len(root) == 32, "the root of {what} is not a hash", what=what)
    return Checkpoint(note, lines[0], int(lines[1]), root)


# ---------------------------------------------------------------------------------------------
# Section 5: artefacts

BEFORE_DRAW = ("policy", "frame", "strata", "ledger", "pool", "recusals", "history", "calendar")
AFTER_DRAW = ("selection", "visits", "dropped", "slots", "capacity", "schedule")
FACTS = ("object entity kind industry region established status since class classes labels "
         "checked entered reserved").split()
COLUMNS = {
    "policy": "path* value",
    "strata": "task* stratum* population units among quota ratio report",
    "ledger": "task* code* count rule basis",
    "pool": "inspector* department regions items certificate leave limit",
    "recusals": "inspector* subject* ground since",
    "history": "inspector* entity* last",
    "calendar": "day*",
    "selection": "task* stratum object* batch",
    "visits": "object* ordinal* mode from to lead tasks departments",
    "dropped": "object* task* code",
    "slots": "object* ordinal* department* place* inspector",
    "capacity": "department* inspector* first final used tier",
    "schedule": "object* ordinal* day half leader",
}


def columns_of(name, tasks=()):
    """The column names of an artefact and the places of its key columns."""
    if name == "frame":
        return FACTS + ["task:" + task for task in tasks] + ["weight", "salt"], [0]
    words = COLUMNS[name].split()
    return [w.rstrip("*") for w in words], [i for i, w in enumerate(words) if w[-1] == "*"]


class Artefact:
    """blind (hex), header (column names) and lines (rows as text without newline)."""

    def __init__(self, blind, header, lines):
        self.blind, self.header, self.lines = blind, header, lines

    def rows(self):
        return (line.split("\t") for line in self.lines)

    def tasks(self):
        return [name[5:] for name in self.header if name.startswith("task:")]


def parse_artefact(name, data):
    what = "artefacts/" + name
    lines = decode(data, CONTROL_BUT_TAB_NEWLINE, what).split("\n")
    need(len(lines) >= 4 and lines.pop() == "", "{what} does not end in a newline", what=what)
    blind, title, header = lines[0], lines[1], lines[2].split("\t")
    need(blind[:6] == "blind " and is_hash(blind[6:]), "{what} does not begin with a blind",
         what=what)
    need(title == "drawd/%s/v1" % name, "{what} is called \"{title}\"", what=what, title=title)
    artefact = Artefact(blind[6:], header, lines[3:])
    tasks = artefact.tasks()
    need(all(map(is_token, tasks)) and ascending(tasks), "{what}: the tasks of the header are "
         "not codes in ascending order", what=what)
    columns, keys = columns_of(name, tasks)
    need(header == columns, "{what} has other columns than section 5", what=what)
    check_rows(artefact, keys, what)
    return artefact


def check_rows(artefact, keys, what):
    last, seen, width = None, set(), len(artefact.header)
    for number, line in enumerate(artefact.lines, 1):
        values = line.split("\t")
        need(len(values) == width, "{what}, row {row}: {count} values instead of {wanted}",
             what=what, row=number, count=len(values), wanted=width)
        need(last is None or last < line, "{what}, row {row} is not in ascending order",
             what=what, row=number)
        key = tuple(values[k] for k in keys)
        need(key not in seen, "{what}, row {row} repeats the key {key}", what=what, row=number,
             key=" ".join(key))
        seen.add(key)
        last = line


def format_artefact(name, blind, rows, tasks=()):
    """The bytes of an artefact; rows are sequences of text in any order."""
    head = "blind %s\ndrawd/%s/v1\n" % (blind, name)
    lines = ["\t".join(columns_of(name, tasks)[0])] + sorted("\t".join(row) for row in rows)
    return (head + "\n".join(lines) + "\n").encode()


def is_leave(value):
    first, dots, last = value.partition("..")
    return bool(dots) and is_date(first) and is_date(last)


def anything(value):
    return True


# Forms of the values of those artefacts that no later check makes anew.
FORMS = {
    "pool": [is_inspector, is_token, is_prefix_list, or_star(is_list_of(is_token)),
             or_empty(is_date), is_list_of(is_leave), is_number_in(0, 9999)],
    "recusals": [is_inspector, is_object, anything, or_empty(is_date)],
    "history": [is_inspector, is_object, is_date],
    "calendar": [is_date],
}


def is_past_check(value):
    item, equals, date = value.partition("=")
    return bool(equals) and (item == "*" or is_token(item)) and is_date(date)


def is_inspection(value):
    parts = value.split("/")
    return (len(parts) == 4 and is_date(parts[0]) and is_token(parts[1]) and is_token(parts[2])
            and parts[3] in ("entry", "remote"))


is_field_class = shape("[a-z0-9-]{1,32}=[A-D]")


def is_classes(value):
    fields = [member.partition("=")[0] for member in split_list(value)]
    return is_list_of(is_field_class)(value) and len(set(fields)) == len(fields)


FACT_FORMS = [
    is_object, is_object, or_empty(shape("enterprise|individual|cooperative|office|other")),
    or_empty(shape("[A-T]([0-9]{2,4})?")), or_empty(shape("([0-9]{6}|[0-9]{9}|[0-9]{12})")),
    or_empty(is_date), or_empty(shape("open|cancelled|revoked|moved|suspended")),
    or_empty(is_date), or_empty(shape("[A-D]")), is_classes, is_list_of(is_token),
    is_list_of(is_past_check), is_list_of(is_inspection), is_number_in(0, 999)]
is_code = shape("[A-DU][12]?|type|remit|closed|checked|(mode|cap)-[a-z0-9-]{1,27}")
is_weight = is_number_in(1, 65535)
is_salt = shape("[0-9a-f]{32}")


def check_form(what, number, columns, values, forms):
    for column, value, form in zip(columns, values, forms):
        need(form(value), "{what}, row {row}: {column} has no lawful value: \"{value}\"",
             what=what, row=number, column=column, value=value)


def blind_before(salt_key, name):
    return hexhash(salt_key, name, "\n")


def frame_salt(salt_key, obj):
    return hexhash(salt_key, obj)[:32]


def universe_hash(frame):
    h = hashlib.sha256(b"drawd/universe/v1\n")
    h.update(("\t".join(FACTS) + "\n").encode())
    for values in frame.rows():
        h.update(("\t".join(values[:len(FACTS)]) + "\n").encode())
    return h.hexdigest()


def frame_root(frame):
    return tree_root(entry_leaf((line + "\n").encode()) for line in frame.lines)


# ---------------------------------------------------------------------------------------------
# Section 6.1: policy

RULES = ("type", "remit", "closed", "checked")
CLASSES = "ABCD"
STRATA = tuple(c + mark for mark in ("", "1", "2") for c in "ABCDU")
MATRIX = [g + p for g in CLASSES for p in CLASSES]

is_class = shape("[A-D]")
is_share = is_number_in(0, 10**6)
is_token_list = is_list_of(is_token)
is_scope = or_star(is_token_list)
is_classes_scope = or_star(is_list_of(shape("[ABCDU]")))
is_version = is_number_in(1, 9999)


def is_basis(value):
    """A text of more than blanks and what stands for nothing."""
    return is_text(value) and value.strip(" 　-—/无") != ""


def is_batches(value):
    """Ranges one after the other; that they lie within the task is looked at later."""
    ranges = [member.split("..") for member in split_list(value)]
    return (is_list_of(is_leave)(value) and len(ranges) <= 12
            and all(first <= last for first, last in ranges)
            and all(a[1] < b[0] for a, b in zip(ranges, ranges[1:])))


POLICY_PATHS = {
    "ceiling.general": is_share,
    "class.missing": is_class,
    "cycle.from": is_date,
    "cycle.to": is_date,
    "focus.labels": is_token_list,
    "inspectors.limit": is_number_in(1, 9999),
    "inspectors.rotation": is_number_in(0, 3660),
    "inspectors.slack": is_number_in(100, 1000),
    "rounding": shape("half-up|up|down"),
    "strata.empty": shape("refuse|report"),
    "visits.departments": is_number_in(0, 99),
}
POLICY_PATHS.update({"rule.%s.basis" % code: is_basis for code in RULES})
POLICY_PATHS.update({"matrix." + pair: is_class for pair in MATRIX})
POLICY_PATHS.update({"adjust.%s.%s" % (mark, key): check for mark in "12" for key, check in (
    ("basis", or_empty(is_basis)), ("factor", is_number_in(1, 10**8)), ("labels", is_token_list))})
OWNED_PATHS = {
    "cap": {
        "basis": is_basis, "name": is_text, "classes": is_classes_scope,
        "counts": shape("entries|checks"), "days": is_number_in(0, 3660),
        "departments": is_scope, "kinds": is_scope, "labels": is_scope, "levels": is_scope,
        "most": is_number_in(1, 999), "version": is_version},
    "department": {"apart": is_token_list, "inspects": is_flag, "name": is_text, "regions": is_prefix_list},
    "field": {"name": is_text, "strict": is_flag},
    "item": {"basis": is_basis, "department": is_token, "field": or_empty(is_token),
             "kind": shape("general|key"), "name": is_text},
    "mode": {
        "basis": is_basis, "name": is_text, "classes": is_classes_scope, "except": is_token_list,
        "from": is_date, "to": is_date, "industries": is_prefix_list, "regions": is_prefix_list,
        "kinds": is_scope, "labels": is_scope, "statuses": is_scope, "lifts": is_flag,
        "months": is_number_in(0, 120), "scope": shape("general|all"),
        "start": shape("none|established|status"), "version": is_version},
    "task": {
        "batches": is_batches, "category": shape("daily|special"),
        "ceiling-reason": or_empty(is_text),
        "class": shape("general|professional|worst|matrix"),
        "coordination": shape("own|shared-cutoff"), "design": shape("equal|weighted"),
        "frequency": is_number_in(1, 12),
        "from": is_date, "to": is_date,
        "industries": is_prefix_list, "regions": is_prefix_list,
        "items": lambda value: value != "" and is_token_list(value),
        "kinds": is_scope, "labels": is_scope, "lead": is_token,
        "level": shape("province|city|county|street"), "minimum": is_share, "name": is_text,
        "officers": is_number_in(1, 8), "officers-basis": or_empty(is_basis),
        "reason": or_empty(is_text), "safety": is_flag},
}
OWNED_PATHS["task"].update({"ratio." + c: is_share for c in CLASSES})
OWNED_PATHS["task"].update({"mode." + c: shape("onsite|paper|network|offsite") for c in CLASSES})


class Scope:
    """Whom a task, a mode or a cap is for; None and `*` hold for everybody."""

    def __init__(self, values):
        self.kinds, self.labels = star_set(values["kinds"]), star_set(values["labels"])
        self.industries = PrefixList(values.get("industries", "*"))
        self.regions = PrefixList(values.get("regions", "*"))
        self.classes = star_set(values["classes"]) if "classes" in values else None

    def holds(self, facts):
        return ((self.kinds is None or facts.kind in self.kinds)
                and self.industries.matches(facts.industry)
                and self.regions.matches(facts.region)
                and (self.labels is None or not self.labels.isdisjoint(facts.labels))
                and (self.classes is None or facts.general_class in self.classes))


class Task:
    """One task of the policy. items: item codes; departments: those of its items."""

    def __init__(self, code, values, items, fields):
        self.code = code
        self.scope = Scope(values)
        self.start, self.end, self.lead = values["from"], values["to"], values["lead"]
        self.batches = [tuple(m.split("..")) for m in split_list(values["batches"])]
        self.modes = {c: values["mode." + c] for c in CLASSES}
        self.items = split_list(values["items"])
        self.departments = sorted({items[i]["department"] for i in self.items})
        self.fields = {items[i]["field"] for i in self.items} - {""}
        self.general = all(items[i]["kind"] == "general" for i in self.items)
        self.strict = values["safety"] == "yes" or any(
            fields[f]["strict"] == "yes" for f in self.fields)
        self.officers = int(values["officers"])
        self.how, self.level = values["class"], values["level"]
        self.frequency, self.minimum = int(values["frequency"]), int(values["minimum"])
        self.ceiling_reason = values["ceiling-reason"]
        self.shares, self.weighs = values["coordination"] != "own", values["design"] != "equal"
        self.oversight, self.caps = [], []  # the modes and caps of the policy for this task
        self.ratios = {c: int(values["ratio." + c]) for c in CLASSES}

    def draws_entities(self):
        """Section 6.3: is the unit the entity?"""
        return bool(self.caps)

    def window(self, batch):
        """Section 9: (first, last day); batch 0 where the task has none."""
        return self.batches[batch - 1] if batch else (self.start, self.end)


class Mode:
    """An oversight mode: who is left alone, in which tasks and until when. Its classes are looked
    at for the general class, by the scope, and for the professional one of the task."""

    def __init__(self, code, values):
        self.code, self.scope = "mode-" + code, Scope(values)
        self.start, self.end = values["from"], values["to"]
        self.statuses = star_set(values["statuses"])
        self.excepted = set(split_list(values["except"]))
        self.general_only, self.lifts = values["scope"] == "general", values["lifts"] == "yes"
        self.since, self.months = values["start"], int(values["months"])
        self.rule = "%s/%s" % (self.code, values["version"])
        self.basis = values["basis"]

    def running(self, facts, date):
        """Has the time since its start not passed yet?"""
        if self.since == "established":
            return facts.established != "" and date < add_months(facts.established, self.months)
        if self.since == "status":
            return facts.since != "" and date < add_months(facts.since, self.months)
        return True

    def reaches(self, task):
        return (task.general or not self.general_only) and not (self.lifts and task.strict)

    def holds(self, facts, professional, date):
        """For the tasks that it reaches; professional: the class of the object there, or empty."""
        return (self.start <= date <= self.end and self.scope.holds(facts)
                and (professional == "" or self.scope.classes is None
                     or professional in self.scope.classes)
                and (self.statuses is None or (facts.status or "open") in self.statuses)
                and self.excepted.isdisjoint(facts.labels) and self.running(facts, date))


class Cap:
    """A frequency cap: how often an entity may be entered, or checked by one department."""

    def __init__(self, code, values):
        self.code, self.scope = "cap-" + code, Scope(values)
        self.levels, self.departments = (star_set(values[key]) for key in
                                         ("levels", "departments"))
        self.of_entries = values["counts"] == "entries"
        self.days, self.most = int(values["days"]), int(values["most"])
        self.rule = "%s/%s" % (self.code, values["version"])
        self.basis = values["basis"]

    def applies(self, task, focus):
        """focus: the labels whose bearers are visited on site whatever their class."""
        return ((self.levels is None or task.level in self.levels)
                and (self.departments is None
                     or not self.departments.isdisjoint(task.departments))
                and (not self.of_entries or "onsite" in task.modes.values() or bool(focus)))

    def counted(self, facts, cycle_start, date):
        """The elements of `entered` in the period: (date, level, department, way)."""
        for day, level, department, way in facts.entered:
            if ((self.levels is None or level in self.levels)
                    and (self.departments is None or department in self.departments)
                    and day <= date
                    and (days_before(date, self.days) < day if self.days
                         else cycle_start <= day)):
                yield day, level, department, way

    def used(self, facts, task, cycle_start, date):
        found = list(self.counted(facts, cycle_start, date))
        if self.of_entries:
            return len({day for day, _, _, way in found if way == "entry"}) + facts.reserved
        return max(sum(d == department for _, _, d, _ in found)
                   for department in task.departments)

    def holds(self, facts, task, onsite, cycle_start, date):
        """In a task to which it applies; onsite: would the task draw the object so?"""
        return ((onsite or not self.of_entries) and self.scope.holds(facts)
                and self.used(facts, task, cycle_start, date) >= self.most)


class Adjustment:
    """A factor for whoever bears one of its labels (adjust.1, adjust.2)."""

    def __init__(self, mark, values):
        self.mark = mark
        self.factor = int(values["adjust.%s.factor" % mark])
        self.labels = set(split_list(values["adjust.%s.labels" % mark]))

    def counts(self, facts, task):
        return (not self.labels.isdisjoint(facts.labels)
                and not (task.strict and self.factor < 10**6))


class Together:
    """Who may take part in one visit: at most so many departments (0: any number), and no two of
    a pair of `apart`, a set of frozensets."""

    def __init__(self, most, apart):
        self.most, self.apart = most, apart

    def allows(self, departments):
        return ((self.most == 0 or len(departments) <= self.most)
                and not any(pair <= departments for pair in self.apart))


def pairs_apart(departments):
    return {frozenset((d, other)) for d, found in departments.items()
            for other in split_list(found["apart"])}


def star_set(value):
    """None for `*`."""
    return None if value == "*" else set(split_list(value))


class Policy:
    def __init__(self, values, owned):
        self.values, self.departments, self.items = values, owned["department"], owned["item"]
        self.tasks = {code: Task(code, owned["task"][code], self.items, owned["field"])
                      for code in sorted(owned["task"])}
        self.modes = [Mode(code, owned["mode"][code]) for code in sorted(owned["mode"])]
        self.caps = [Cap(code, owned["cap"][code]) for code in sorted(owned["cap"])]
        self.focus = set(split_list(values["focus.labels"]))
        for task in self.tasks.values():
            task.oversight = [mode for mode in self.modes if mode.reaches(task)]
            task.caps = [cap for cap in self.caps if cap.applies(task, self.focus)]
        self.adjustments = {mark: Adjustment(mark, values) for mark in "12"}
        self.regions = {d: PrefixList(v["regions"]) for d, v in self.departments.items()}
        self.together = Together(self.number("visits.departments"), pairs_apart(self.departments))
        self.rules = {code: (code + "/1", values["rule.%s.basis" % code]) for code in RULES}
        self.rules.update({x.code: (x.rule, x.basis) for x in self.modes + self.caps})

    def number(self, path):
        return int(self.values[path])

    def real_class(self, stratum):
        """The class whose ratio and mode a stratum takes."""
        return self.values["class.missing"] if stratum[0] == "U" else stratum[0]

    def factor(self, mark):
        """Of a stratum's mark; there is none in an unmarked one."""
        return self.adjustments[mark].factor if mark else 10**6

    def ranked(self):
        return strata_by_rank(self.values["class.missing"], self.factor("1"), self.factor("2"))


def strata_by_rank(missing, first, second):
    """Section 6.3: all strata, the worst first. missing: `class.missing`; first, second: the
    factors of the marks."""
    factors = {"": 10**6, "1": first, "2": second}
    marks = sorted(factors, key=lambda mark: -factors[mark])
    return [c + mark for c in "DCBA".replace(missing, "U" + missing) for mark in marks]


def is_owner(kind, name):
    return is_token(name) and (kind not in ("mode", "cap") or len(name) <= 27)


def parse_policy(rows):
    """rows: (path, value) pairs. Refuses a policy that is not complete and lawful."""
    values, owned = {}, {kind: {} for kind in OWNED_PATHS}
    for path, value in rows:
        parts = path.split(".", 2)
        if len(parts) == 3 and parts[0] in owned and is_owner(parts[0], parts[1]):
            check, target, key = (OWNED_PATHS[parts[0]].get(parts[2]),
                                  owned[parts[0]].setdefault(parts[1], {}), parts[2])
        else:
            check, target, key = POLICY_PATHS.get(path), values, path
        need(check, "there is no path {path} in section 6.1", path=path)
        need(key not in target, "the path {path} stands twice", path=path)
        need(check(value), "{path} has no lawful value: \"{value}\"", path=path, value=value)
        target[key] = value
    check_complete(values, owned)
    check_lawful(values, owned)
    return Policy(values, owned)


def check_complete(values, owned):
    for path in POLICY_PATHS:
        need(path in values, "the path {path} is missing", path=path)
    for kind, owners in owned.items():
        for owner, found in owners.items():
            for path in OWNED_PATHS[kind]:
                need(path in found, "the path {path} is missing",
                     path="%s.%s.%s" % (kind, owner, path))


def check_lawful(values, owned):
    need(values["cycle.from"] <= values["cycle.to"], "cycle.from lies after cycle.to")
    need("none" not in owned["department"], "a department is called none")
    for kind, most in (("task", 999), ("mode", 99), ("cap", 99)):
        need(len(owned[kind]) <= most, "the policy has more than {most} of {kind}",
             most=most, kind=kind)
    check_lawful_adjustments(values)
    for item, found in owned["item"].items():
        need(found["department"] in owned["department"],
             "item {item} names a department that does not exist", item=item)
        need(found["field"] == "" or found["field"] in owned["field"],
             "item {item} names a field that does not exist", item=item)
    for mode, found in owned["mode"].items():
        need(found["from"] <= found["to"], "mode {mode}: from lies after to", mode=mode)
    for department, found in owned["department"].items():
        for other in split_list(found["apart"]):
            need(other in owned["department"] and other != department, "department {department}: "
                 "apart names {other}, which does not exist or is itself",
                 department=department, other=other)
    together = Together(int(values["visits.departments"]), pairs_apart(owned["department"]))
    for task, found in owned["task"].items():
        check_together(task, found, owned, together)
        check_lawful_task(task, found, owned, (values["cycle.from"], values["cycle.to"]))
        check_reasoned(task, found, is_strict(found, owned), is_mixed(found, owned))


def check_lawful_adjustments(values):
    labels = {mark: split_list(values["adjust.%s.labels" % mark]) for mark in "12"}
    both = sorted(set(labels["1"]) & set(labels["2"]))
    need(not both, "adjust.1 and adjust.2 are both for the label {label}",
         label=both[0] if both else "")
    for mark in "12":
        need(not labels[mark] or values["adjust.%s.basis" % mark],
             "adjust.{mark} has labels and no basis", mark=mark)


def is_strict(found, owned):
    """Section 6.1: is the task of these values strict?"""
    fields = {owned["item"][item]["field"] for item in split_list(found["items"])} - {""}
    return found["safety"] == "yes" or any(
        owned["field"][field]["strict"] == "yes" for field in fields)


def is_mixed(found, owned):
    """Are its items general and key ones?"""
    return len({owned["item"][item]["kind"] for item in split_list(found["items"])}) > 1


def check_reasoned(task, found, strict, mixed):
    """What a task may do only where it says why, and what a strict one may not do."""
    ratios = [int(found["ratio." + c]) for c in CLASSES]
    need(not strict or 0 not in ratios, "task {task} is strict: none of its ratios may be 0",
         task=task)
    asks = (ratios != sorted(ratios) or 0 in ratios or mixed
            or (not strict and ratios[0] > 0 and found["mode.A"] == "onsite"))
    need(not asks or found["reason"], "task {task} needs a reason: its ratios do not rise from A "
         "to D, one of them is 0, its items are general and key ones, or it visits class A on "
         "site", task=task)


def check_together(task, found, owned, together):
    departments = {owned["item"][item]["department"] for item in split_list(found["items"])
                   if item in owned["item"]}
    need(together.allows(departments), "the departments of task {task} are too many for one visit, "
         "or two of them are apart", task=task)
    need(found["coordination"] == "own" or (found["design"], found["minimum"]) == ("equal", "0"),
         "task {task} shares a cutoff: its design is equal and its minimum 0", task=task)


def check_lawful_task(task, found, owned, cycle):
    """cycle: its first and last day"""
    need(found["from"] <= found["to"], "task {task}: from lies after to", task=task)
    need(cycle[0] <= found["from"] and found["to"] <= cycle[1],
         "task {task}: from and to do not lie within the cycle", task=task)
    for batch in split_list(found["batches"]):
        need(found["from"] <= batch[:10] and batch[12:] <= found["to"],
             "task {task}: the batch {batch} lies outside of its window", task=task, batch=batch)
    items = split_list(found["items"])
    for item in items:
        need(item in owned["item"], "task {task} names the item {item}, which does not exist",
             task=task, item=item)
    departments = {owned["item"][item]["department"] for item in items}
    for department in sorted(departments):
        need(owned["department"][department]["inspects"] == "yes",
             "task {task}: the department {department} may not inspect", task=task,
             department=department)
    need(found["lead"] in departments, "the lead of task {task} is none of its departments",
         task=task)
    need((found["officers"] == "1") == (found["officers-basis"] != ""),
         "task {task}: officers-basis stands exactly where officers is 1", task=task)


# ---------------------------------------------------------------------------------------------
# Sections 6.2 and 6.3: exclusion, strata, ledger


class Facts:
    """The fact columns of one row of the frame, taken apart."""

    def __init__(self, values):
        (self.object, self.entity, self.kind, self.industry, self.region, self.established,
         self.status, self.since, self.grade, classes, labels, checked, entered,
         reserved) = values[:len(FACTS)]
        self.general_class = self.grade or "U"
        self.classes = [member.split("=") for member in split_list(classes)]
        self.labels = set(split_list(labels))
        self.checked = [entry.split("=") for entry in split_list(checked)]
        self.entered = [entry.split("/") for entry in split_list(entered)]
        self.reserved = int(reserved)
        self.under = {}  # (code of a mode, professional class): whether it holds

    def professional(self, task):
        """P of section 6.2, the worst of the fields of the task, or empty."""
        return max((grade for field, grade in self.classes if field in task.fields), default="")

    def is_under(self, mode, task, date):
        key = mode.code, self.professional(task)
        if key not in self.under:
            self.under[key] = mode.holds(self, key[1], date)
        return self.under[key]


def class_in(facts, task, policy):
    """The class in a task, of general class G and professional class P."""
    general, professional = facts.grade, facts.professional(task)
    if task.how == "general":
        return general or "U"
    if task.how == "professional":
        return professional or general or "U"
    if task.how == "matrix" and general and professional:
        return policy.values["matrix." + general + professional]
    return max(general, professional) or "U"


def stratum_in(facts, task, policy):
    """Of two marks that of the larger factor, and the first where they are the same."""
    marks = [mark for mark in "12" if policy.adjustments[mark].counts(facts, task)]
    return class_in(facts, task, policy) + max(marks, key=policy.factor, default="")


def draws_onsite(task, stratum, labels, policy):
    """Section 9."""
    return (not policy.focus.isdisjoint(labels)
            or task.modes[policy.real_class(stratum)] == "onsite")


def out_of_remit(facts, task, policy):
    return not any(policy.regions[d].matches(facts.region) for d in task.departments)


def already_checked(facts, task, policy, date):
    in_cycle = [item for item, day in facts.checked
                if policy.values["cycle.from"] <= day <= date]
    return any(sum(found in (item, "*") for found in in_cycle) >= task.frequency
               for item in task.items)


def days_before(date, days):
    day = datetime.date.fromisoformat(date) - datetime.timedelta(days)
    return day.isoformat()


def task_code(facts, task, policy, date):
    """The first exclusion that holds, else the stratum (section 6.2)."""
    if not task.scope.holds(facts):
        return "type"
    if out_of_remit(facts, task, policy):
        return "remit"
    if facts.status in ("cancelled", "revoked", "moved"):
        return "closed"
    for mode in task.oversight:
        if facts.is_under(mode, task, date):
            return mode.code
    if already_checked(facts, task, policy, date):
        return "checked"
    stratum = stratum_in(facts, task, policy)
    onsite = draws_onsite(task, stratum, facts.labels, policy)
    for cap in task.caps:
        if cap.holds(facts, task, onsite, policy.values["cycle.from"], date):
            return cap.code
    return stratum


class Units:
    """The units of one task (section 6.3): who may be drawn, with which objects.

    ranked: the strata, the worst first; stratum: {unit: stratum}. Where the unit is the object it
    is its own only candidate."""

    def __init__(self, of_entities, ranked):
        self.of_entities, self.ranked = of_entities, ranked
        self.stratum, self.members, self.weights = {}, {}, {}

    def add(self, obj, entity, stratum, weight=1):
        unit = entity if self.of_entities else obj
        self.weights[obj] = weight
        before = self.stratum.setdefault(unit, stratum)
        if self.ranked.index(stratum) < self.ranked.index(before):
            self.stratum[unit] = stratum
        self.members.setdefault((unit, stratum), []).append(obj)

    def candidates(self, unit):
        return self.members[unit, self.stratum[unit]]

    def weight(self, unit):
        return max(self.weights[obj] for obj in self.candidates(unit))

    def of_stratum(self, stratum):
        return [unit for unit, found in self.stratum.items() if found == stratum]


def units_of_tasks(policy, frame):
    """{task: Units} of an artefact `frame`."""
    ranked = policy.ranked()
    found = {code: Units(task.draws_entities(), ranked) for code, task in policy.tasks.items()}
    places = list(enumerate(frame.tasks(), len(FACTS)))
    for values in frame.rows():
        for place, task in places:
            if values[place] in STRATA:
                found[task].add(values[0], values[1], values[place], int(values[-2]))
    return found


def unions(policy, units):
    """{(task, stratum): the different units of all strata that are drawn together with it}, of
    the tasks that share a cutoff."""
    found, keys = {}, {}
    for code, task in policy.tasks.items():
        for stratum in STRATA if task.shares else ():
            key = stratum, stratum_ratio(policy, task, stratum), task.draws_entities()
            keys[code, stratum] = key
            found.setdefault(key, set()).update(units[code].of_stratum(stratum))
    return {cell: found[key] for cell, key in keys.items()}


def stratum_ratio(policy, task, stratum):
    """Section 6.3, in parts per million."""
    ratio = task.ratios[policy.real_class(stratum)]
    if len(stratum) == 1 or ratio == 0:
        return ratio
    return max(1, adjusted(ratio, policy.factor(stratum[1])))


def adjusted(ratio, factor):
    return min(10**6, ratio * factor // 10**6)


def quota(units, ratio, rounding):
    """Section 6.3; ratio in parts per million."""
    if rounding == "half-up":
        count = (2 * units * ratio + 10**6) // (2 * 10**6)
    elif rounding == "up":
        count = -(-units * ratio // 10**6)
    else:
        count = units * ratio // 10**6
    return 1 if count == 0 and units > 0 and ratio > 0 else count


def raise_to(least, ranked, quotas, units, ratios):
    """Adds to the quotas {stratum: n} what is missing to the sum `least`, by rank, each up to its
    units, where its ratio is not 0."""
    missing = least - sum(quotas.values())
    for stratum in ranked:
        if missing <= 0:
            return
        more = min(missing, units.get(stratum, 0) - quotas.get(stratum, 0))
        if more > 0 and ratios[stratum] > 0:
            quotas[stratum] += more
            missing -= more


def report(units, among, ratio, count):
    if units == 0:
        return "empty"
    if ratio == 10**6:
        return "full"
    return "targeted" if among < 5 or 2 * count > among else "random"


def is_spared(code):
    """Is it a mode, a cap or `checked` that keeps out of the task?"""
    return code == "checked" or code.startswith(("mode-", "cap-"))


def task_strata(policy, task, populations, units, together, spared):
    """Rows of one task: (stratum, population, units, among, quota, ratio). populations and units:
    {stratum: number}; together: {stratum: number} of those in unions; spared: how many objects
    modes, caps and `checked` keep out"""
    ratios = {s: stratum_ratio(policy, task, s) for s in STRATA}
    rows = [s for s in STRATA if populations.get(s) or (s in CLASSES and ratios[s])]
    among = {s: together.get(s, units.get(s, 0)) for s in rows}
    quotas = {s: quota(among[s], ratios[s], policy.values["rounding"]) for s in rows}
    need(not task.weighs or all(n < 2**30 for n in units.values()),
         "task {task} has a stratum of 2^30 units or more", task=task.code)
    total = sum(units.values())
    least = -(-(total + spared) * task.minimum // 10**6)
    raise_to(least, policy.ranked(), quotas, units, ratios)
    drawn = sum(-(-quotas[s] * units.get(s, 0) // among[s]) if s in together and among[s]
                else quotas[s] for s in rows)
    ceiling = total * policy.number("ceiling.general") // 10**6
    need(not task.general or task.ceiling_reason or drawn <= max(ceiling, least),
         "task {task} draws {drawn} of {total}, more than ceiling.general, without a "
         "ceiling-reason",
         task=task.code, drawn=drawn, total=total)
    return [(s, populations.get(s, 0), units.get(s, 0), among[s], quotas[s], ratios[s])
            for s in rows]


def tally(values):
    counts = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def codes_counted(frame):
    """{(task, code or stratum): number of objects} of an artefact `frame`."""
    tasks = frame.tasks()
    return tally(pair for values in frame.rows() for pair in zip(tasks, values[len(FACTS):]))


def strata_rows(policy, counts, units):
    """counts: {(task, code or stratum): number of objects}, units: {task: Units}. Rows of
    `strata` as text values."""
    rows, joined = [], unions(policy, units)
    for task in policy.tasks.values():
        together = {s: len(found) for (code, s), found in joined.items() if code == task.code}
        populations = {s: counts[task.code, s] for s in STRATA if (task.code, s) in counts}
        per_stratum = tally(units[task.code].stratum.values())
        spared = sum(n for (code, why), n in counts.items()
                     if code == task.code and is_spared(why))
        for stratum, *numbers in task_strata(policy, task, populations, per_stratum, together,
                                                spared):
            _, count, among, drawn, ratio = numbers
            rows.append([task.code, stratum] + [str(n) for n in numbers]
                        + [report(count, among, ratio, drawn)])
    return rows


def check_strata_filled(policy, rows):
    for task in policy.tasks:
        need(any(row[0] == task and row[2] != "0" for row in rows),
             "task {task} has no object in any stratum", task=task)
    if policy.values["strata.empty"] == "refuse":
        for row in rows:
            need(row[2] != "0", "stratum {stratum} of task {task} is empty", task=row[0],
                 stratum=row[1])


def ledger_rows(policy, counts):
    return [[task, code, str(counts[task, code]), *policy.rules[code]]
            for task in policy.tasks for code in policy.rules if counts.get((task, code))]


# ---------------------------------------------------------------------------------------------
# Sections 6.4 and 7: beacons and seed


def ascending_numbers(value, least, most):
    """Two-digit numbers joined by points, strictly ascending; None if the form is another."""
    words = value.split(".")
    return (all(re.fullmatch("[0-9]{2}", w) and least <= int(w) <= most for w in words)
            and ascending(words))


def is_ssq(value):
    return (len(value) == 20 and ascending_numbers(value[:17], 1, 33) and value[17] == "."
            and ascending_numbers(value[18:], 1, 16))


def is_kl8(value):
    return len(value) == 59 and ascending_numbers(value, 1, 80)


is_issue = shape("[0-9]{7}")
BEACONS = {  # source: form of the pulse, form of the value
    "drand": (is_number, is_hash),
    "nist": (is_number, shape("[0-9a-f]{128}")),
    "ssq": (is_issue, is_ssq),
    "kl8": (is_issue, is_kl8),
    "dice": (is_number, shape("[1-6]{10,64}")),
}

KEYS = ("entity", "object", "slot", "candidate", "salt", "blind")


def split_pulses(value):
    """[(source, pulse, time)]"""
    return [(s, p, int(t)) for s, p, t in (pulse.split(":") for pulse in value.split(","))]


def commitment(freeze_leaf, secret):
    """freeze_leaf in hex; secret: 32 bytes."""
    return hexhash("drawd/commit/v1\n", freeze_leaf, "\n", secret.hex(), "\n")


def seed_text(lock_leaf, secret, beacons):
    """beacons: (source, pulse, value) in lock order."""
    lines = ["drawd/seed/v1", lock_leaf, secret.hex()] + [" ".join(b) for b in beacons]
    return ("\n".join(lines) + "\n").encode()


def secret_of(text):
    """The secret in a seed text; the rest is compared by V12."""
    lines = text.split(b"\n")
    need(len(lines) > 3 and re.fullmatch(b"[0-9a-f]{64}", lines[2]),
         "seed.txt has no secret in its third line")
    return bytes.fromhex(lines[2].decode())


def derive_keys(text):
    """{x: K_x in hex} from the seed text."""
    seed = hexhash(text)
    return {x: hexhash("drawd/", x, "/v1\n", seed, "\n") for x in KEYS}


def reveal_blinding(keys):
    return sha256(keys["blind"], "reveal\n")


def blind_after(keys, name):
    return hexhash(keys["blind"], name, "\n")


# ---------------------------------------------------------------------------------------------
# Section 8: tickets and selection


def ticket(key, obj):
    """32 bytes; their first 8 are u."""
    return sha256(key, obj)


def ticket_order(tickets):
    """Objects or other units by (u, unit). tickets: {unit: ticket}"""
    return sorted(tickets, key=lambda unit: (tickets[unit][:8], unit))


def ticket_leaf(key_salt, obj, number, tasks):
    lines = [hexhash(key_salt, obj), obj, number.hex()] + list(tasks)
    return entry_leaf(("drawd/ticket-leaf/v1\n" + "\n".join(lines) + "\n").encode())


class Weights:
    """The units of a stratum with the design `weighted`. found: {unit: weight}; count: the quota;
    certain: those that are taken away, n and total: what is left of quota and weights."""

    def __init__(self, found, count):
        self.found, self.certain, self.n = found, set(), count
        self.total = sum(found.values())
        while True:
            more = {unit for unit in found if unit not in self.certain
                    and self.n * found[unit] >= self.total}
            if not more:
                break
            self.certain |= more
            self.n -= len(more)
            self.total -= sum(found[unit] for unit in more)

    def order(self, numbers):
        """All units, the first drawn first. numbers: {unit: u}"""
        def key(unit):
            if unit in self.certain:
                return 0, 0, numbers[unit], unit
            weight, twice = self.found[unit], 2 * numbers[unit] + 1
            return 1, Fraction(twice * (self.total - self.n * weight),
                               (2**65 - twice) * weight), numbers[unit], unit
        return sorted(self.found, key=key)

    def chance(self, unit):
        """In parts per million."""
        if unit in self.certain or self.n == 0:
            return 10**6 if unit in self.certain else 0
        others = [weight for other, weight in self.found.items()
                  if other != unit and other not in self.certain]
        weight = self.found[unit]
        if all(other == weight for other in others):
            return per_million(self.n, len(others) + 1)
        if self.n > 10:
            return per_million(self.n * weight, self.total)
        return int(self.integral(weight, others) * 10**6 + 0.5)

    def integral(self, weight, others):
        """Over x = 1 / (1 + e^-t), by the trapezoidal rule in t; the rest beyond ±32 is too small
        to be seen."""
        odds = [other / (self.total - self.n * other) * (self.total - self.n * weight) / weight
                for other in others]
        steps = 8
        points = [k / steps for k in range(-32 * steps, 32 * steps + 1)]
        return math.fsum(self.fewer(math.exp(t), odds) / (2 + 2 * math.cosh(t))
                         for t in points) / steps

    def fewer(self, r, odds):
        """The probability that fewer than n come before, r = x / (1 - x)."""
        exactly = [1.0] + [0.0] * (self.n - 1)
        for a in odds:
            before = r * a / (1 + r * a)
            after = 1 / (1 + r * a)
            for k in range(self.n - 1, 0, -1):
                exactly[k] = exactly[k] * after + exactly[k - 1] * before
            exactly[0] *= after
        return math.fsum(exactly)


def per_million(part, whole):
    """Rounded half up."""
    return (2 * part * 10**6 + whole) // (2 * whole)


def stratum_order(units, stratum, order, weighs, count, numbers):
    """The units of a stratum, the first drawn first. order: all units by ticket; numbers:
    {unit: u}, looked at where it is weighed."""
    if weighs:
        found = units.of_stratum(stratum)
        return Weights({unit: units.weight(unit) for unit in found}, count).order(numbers)
    return [unit for unit in order if units.stratum.get(unit) == stratum]


def draw_units(units, order, quotas, together=None, weighs=False, numbers=None):
    """order: all units by ticket; quotas: {stratum: n}; together: {stratum: units of its union}.
    The units drawn, by ticket."""
    drawn = set()
    for stratum, count in quotas.items():
        if stratum in (together or {}):
            first = [unit for unit in order if unit in together[stratum]][:count]
            drawn |= {unit for unit in first if units.stratum.get(unit) == stratum}
        else:
            drawn |= set(stratum_order(units, stratum, order, weighs, count, numbers)[:count])
    return [unit for unit in order if unit in drawn]


def drawn_object(candidates, key_object):
    """The candidate that is drawn with its unit."""
    return min(candidates, key=lambda obj: (sha256(key_object, obj), obj))


def batch_of(place, drawn, batches):
    """place counts from 0 in the order of tickets."""
    return place * batches // drawn + 1 if batches else 0


def select_task(units, order, quotas, batches, key_object, **how):
    """Rows of `selection` of one task: [(stratum, object, batch)]; batches: their number; how: as
    draw_units takes it."""
    drawn = draw_units(units, order, quotas, **how)
    return [(units.stratum[unit], drawn_object(units.candidates(unit), key_object),
             batch_of(place, len(drawn), batches)) for place, unit in enumerate(drawn)]


def ticket_numbers(key, rows):
    """{unit: u} of objects and entities; rows: pairs of them"""
    return {unit: int.from_bytes(ticket(key, unit)[:8], "big") for row in rows for unit in row}


def draw_selection(policy, units, orders, quotas, key_object, joined, numbers):
    """orders: {of_entities: units by ticket}; quotas: {(task, stratum): n}; joined: as of unions().
    What was drawn, as {object: [(task, stratum, batch)]}, the tasks ascending."""
    drawn = {}
    for code, task in policy.tasks.items():
        of_task = {s: quotas[code, s] for s in STRATA if (code, s) in quotas}
        found = units[code]
        for stratum, obj, batch in select_task(found, orders[found.of_entities], of_task,
                                               len(task.batches), key_object,
                                               together={s: joined[code, s] for s in STRATA
                                                         if (code, s) in joined},
                                               weighs=task.weighs, numbers=numbers):
            drawn.setdefault(obj, []).append((code, stratum, batch))
    return drawn


# ---------------------------------------------------------------------------------------------
# Section 9: visits


class Drawn:
    """A task that drew an object: its window there and whether it goes there on site."""

    def __init__(self, task, stratum, batch, labels, policy):
        self.task, self.code = task, task.code
        self.start, self.end = task.window(batch)
        self.mode = "onsite" if draws_onsite(task, stratum, labels, policy) else "offsite"


class Visit:
    def __init__(self, obj, ordinal, drawn, region, regions_of):
        """drawn: in the order taken; regions_of: {department: PrefixList}"""
        self.object, self.ordinal, self.region, self.drawn = obj, ordinal, region, drawn
        self.mode = drawn[0].mode
        self.start = max(one.start for one in drawn)
        self.end = min(one.end for one in drawn)
        self.tasks = [one.task for one in sorted(drawn, key=lambda one: one.code)]
        everyone = {d for task in self.tasks for d in task.departments}
        self.departments = sorted(d for d in everyone if regions_of[d].matches(region))
        need(self.departments, "visit {object} {ordinal} has no department", object=obj,
             ordinal=ordinal)
        lead = drawn[0].task.lead
        self.lead = lead if lead in self.departments else self.departments[0]

    def key(self):
        return self.object, self.ordinal

    def row(self):
        return [self.object, self.ordinal, self.mode, self.start, self.end, self.lead,
                ",".join(task.code for task in self.tasks), ",".join(self.departments)]


def join_first(rest, region, regions_of, together):
    """The task that is taken first and those that join it. rest: in the order in which they are
    gone through."""
    taken, present = [], set()
    for one in rest:
        more = {d for d in one.task.departments if regions_of[d].matches(region)}
        if not taken or (one.start <= taken[0].end and together.allows(present | more)):
            taken.append(one)
            present |= more
    return taken


def merge_visits(obj, region, drawn, regions_of, together):
    """The visits of one object. drawn: [Drawn]"""
    visits = []
    for mode in ("onsite", "offsite"):
        rest = sorted((one for one in drawn if one.mode == mode),
                      key=lambda one: (one.end, one.code))
        while rest:
            taken = join_first(rest, region, regions_of, together)
            rest = [one for one in rest if one not in taken]
            visits.append(Visit(obj, str(len(visits) + 1), taken, region, regions_of))
    return visits


def visits_of(obj, facts, drawn, policy):
    """facts: the row of the frame; drawn: [(task, stratum, batch)]"""
    labels = split_list(facts[FACTS.index("labels")])
    return merge_visits(obj, facts[FACTS.index("region")],
                        [Drawn(policy.tasks[t], s, b, labels, policy) for t, s, b in drawn],
                        policy.regions, policy.together)


class Before:
    """What the visits of an entity that have been gone through use up: each as it was merged, with
    the tasks that take part in it."""

    def __init__(self, policy):
        self.policy, self.visits = policy, []

    def add(self, visit, taking_part):
        self.visits.append((visit, taking_part))

    def frequent(self, visit, facts, task):
        """Is an item of the task checked as often as it may be?"""
        start = self.policy.values["cycle.from"]
        for item in task.items:
            found = sum(name in (item, "*") and start <= day <= visit.start
                        for name, day in facts.checked)
            found += sum(other.object == visit.object and any(item in t.items for t in tasks)
                         for other, tasks in self.visits)
            if found >= task.frequency:
                return True
        return False

    def near(self, cap, visit):
        return [(other, [t for t in tasks if cap in t.caps]) for other, tasks in self.visits
                if not cap.days or other.end > days_before(visit.start, cap.days)]

    def full(self, cap, visit, facts, task):
        counted = list(cap.counted(facts, self.policy.values["cycle.from"], visit.start))
        near = self.near(cap, visit)
        if cap.of_entries:
            entered = {day for day, _, _, way in counted if way == "entry"}
            found = sum(other.mode == "onsite" and bool(tasks) for other, tasks in near)
            return (visit.mode == "onsite"
                    and len(entered) + facts.reserved + found >= cap.most)
        return any(sum(d == department for _, _, d, _ in counted) + sum(
            any(department in t.departments for t in tasks)
            and self.policy.regions[department].matches(other.region)
            for other, tasks in near) >= cap.most
                   for department in task.departments
                   if (cap.departments is None or department in cap.departments)
                   and self.policy.regions[department].matches(visit.region))

    def code(self, visit, facts, task):
        """Why the task is dropped, or None."""
        if self.frequent(visit, facts, task):
            return "checked"
        for cap in task.caps:
            if cap.scope.holds(facts) and self.full(cap, visit, facts, task):
                return cap.code
        return None


def go_through(visits, facts, policy):
    """visits: those of one entity, by object, as merged; facts: {object: Facts}. Rows of `dropped`;
    what is left of each visit stands in its `drawn`."""
    before, rows = Before(policy), []
    for visit in sorted(visits, key=lambda v: (v.end, v.start, v.object, v.mode == "offsite",
                                               int(v.ordinal))):
        codes = {task.code: before.code(visit, facts[visit.object], task) for task in visit.tasks}
        rows += [[visit.object, task, why] for task, why in codes.items() if why]
        visit.drawn = [one for one in visit.drawn if not codes[one.code]]
        before.add(visit, [task for task in visit.tasks if not codes[task.code]])
    return rows


def drop(visits, facts, policy):
    """The visits that take place, made of what is not dropped and numbered, and the rows of
    `dropped`. visits: as merged, those of an object one after the other; facts: {object: Facts}"""
    of_entity, rows, left, count = {}, [], [], {}
    for visit in visits:
        of_entity.setdefault(facts[visit.object].entity, []).append(visit)
    for mine in of_entity.values():
        rows += go_through(mine, facts, policy)
    for visit in visits:
        if visit.drawn:
            count[visit.object] = count.get(visit.object, 0) + 1
            left.append(Visit(visit.object, str(count[visit.object]), visit.drawn, visit.region,
                              policy.regions))
    return left, rows


def visit_leaf(key_blind, obj, ordinal, departments):
    lines = [hexhash(key_blind, obj, "\n", ordinal, "\n"), obj, ordinal] + list(departments)
    return entry_leaf(("drawd/visit-leaf/v1\n" + "\n".join(lines) + "\n").encode())


# ---------------------------------------------------------------------------------------------
# Section 10: rule SHP
#
# Sets of inspectors and of assignments are integers used as bit masks.


def count(mask):
    return bin(mask).count("1")


def bits(mask):
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Fill:
    """A fill of one component: pairs of assignments and inspectors, some of them taken for good.

    places[a], eligible[a] (mask of inspectors), capacity[i]; paired[a] and held[i] are the same
    pairs seen from both sides, taken[a] and kept[i] those of them that may not be undone."""

    def __init__(self, places, eligible, capacity):
        self.places, self.eligible, self.capacity = places, eligible, capacity
        self.paired, self.taken = [0] * len(places), [0] * len(places)
        self.held, self.kept = [0] * len(capacity), [0] * len(capacity)
        self.degree, self.load = [0] * len(places), [0] * len(capacity)
        self.may_hold = [0] * len(capacity)
        for a, mask in enumerate(eligible):
            for i in bits(mask):
                self.may_hold[i] |= 1 << a

    def size(self):
        return sum(self.degree)

    def toggle(self, a, i):
        """Pairs a and i, or undoes their pair."""
        step = -1 if self.paired[a] >> i & 1 else 1
        self.paired[a] ^= 1 << i
        self.held[i] ^= 1 << a
        self.degree[a] += step
        self.load[i] += step

    def short(self):
        return [a for a, n in enumerate(self.places) if self.degree[a] < n]

    def room(self):
        """The inspectors below their capacity."""
        return sum(1 << i for i, n in enumerate(self.capacity) if self.load[i] < n)

    def grow(self):
        """Makes the fill a largest one. What a search without success saw is closed for good."""
        room, closed = self.room(), 0
        for a in self.short():
            while self.degree[a] < self.places[a]:
                end, seen = self.augment(a, room & ~closed, closed)
                if end is None:
                    closed |= seen
                    break
                if self.load[end] == self.capacity[end]:
                    room &= ~(1 << end)

    def augment(self, start, room, seen):
        """One more pair for the assignment `start`, by a shortest alternating path to an
        inspector in `room`; (that inspector or None, the inspectors seen)."""
        came_from, reached_by, queue = {start: None}, {}, [start]
        for a in queue:
            new = self.eligible[a] & ~self.paired[a] & ~seen
            seen |= new
            if new & room:
                end = next(bits(new & room))
                self.flip(a, end, came_from, reached_by)
                return end, seen
            for i in bits(new):
                reached_by[i] = a
                for b in bits(self.held[i]):
                    if b not in came_from:
                        came_from[b] = i
                        queue.append(b)
        return None, seen

    def flip(self, a, i, came_from, reached_by):
        self.toggle(a, i)
        while came_from[a] is not None:
            i = came_from[a]
            self.toggle(a, i)
            a = reached_by[i]
            self.toggle(a, i)

    def reachable(self):
        """R of step 2: what the assignments short of pairs reach."""
        seen, queue = 0, self.short()
        known = set(queue)
        for a in queue:
            new = self.eligible[a] & ~self.paired[a] & ~seen
            seen |= new
            for i in bits(new):
                for b in bits(self.held[i]):
                    if b not in known:
                        known.add(b)
                        queue.append(b)
        return list(bits(seen))

    def raise_capacity(self, limits):
        """Step 2."""
        self.grow()
        while self.size() < sum(self.places):
            more = [i for i in self.reachable() if self.capacity[i] < limits[i]]
            if not more:
                return
            for i in more:
                self.capacity[i] += 1
            self.grow()

    def take(self, a, asked, pass_over):
        """Step 3 for one slot of assignment a: the first of those asked for whom a largest fill
        with this pair and all pairs taken exists, or None. The fill becomes such a fill. Those
        before are handed to pass_over."""
        candidates = asked
        if not candidates:
            return None
        if not self.paired[a] >> candidates[0] & 1:
            exchange = Exchange(self, a, candidates[0])
            candidates = [i for i in candidates if exchange.reaches(i)]
            for i in asked[:asked.index(candidates[0]) if candidates else None]:
                pass_over(a, i)
            if not candidates:
                return None
            if not self.paired[a] >> candidates[0] & 1:
                exchange.apply(candidates[0])
        chosen = candidates[0]
        self.taken[a] |= 1 << chosen
        self.kept[chosen] |= 1 << a
        return chosen

    def free(self, a):
        return self.eligible[a] & ~self.taken[a]

    def left(self, a):
        return self.places[a] - count(self.taken[a])

    def has_room(self, i):
        return count(self.kept[i]) < self.capacity[i]

    def is_tight(self, mask):
        """Whether the inspectors of the mask have nothing to spare (`tier` in section 10)."""
        own = sum(self.capacity[i] - count(self.kept[i]) for i in bits(mask))
        others = sum(min(self.left(a), count(self.free(a) & ~mask))
                     for a in range(len(self.places)))
        return own + others == self.size() - sum(map(count, self.taken))

    def smallest_tight(self, inspector):
        """Of a largest fill: where the loose pairs of a tight set are, nobody outside of it may be
        put in their place. An assignment that gives up a pair lets one that is short have it."""
        mask, queue = 1 << inspector, [inspector]
        for i in queue:
            loose = list(bits(self.held[i] & ~self.kept[i]))
            for a in loose + (self.short() if loose else []):
                new = self.eligible[a] & ~self.paired[a] & ~mask
                mask |= new
                queue.extend(bits(new))
        return mask


class Tiers:
    """`tier` of the inspectors of one component, as they come about in step 3."""

    def __init__(self, fill):
        self.fill, self.of = fill, [0] * len(fill.capacity)
        if fill.short():
            for i in fill.reachable():
                self.of[i] = 1

    def is_barred(self, a, i):
        """Whether the tiers alone pass over the candidate."""
        return any(count(self.fill.free(a) & ~mask) >= self.fill.left(a)
                   and self.fill.is_tight(mask)
                   for mask in map(self.from_, range(1, self.of[i] + 1)))

    def from_(self, k):
        return sum(1 << i for i, tier in enumerate(self.of) if tier >= k)

    def pass_over(self, a, i):
        fill, tier = self.fill, self.of[i]
        if tier >= 1 and count(fill.free(a) & ~self.from_(tier)) >= fill.left(a):
            return
        tight = fill.smallest_tight(i)
        for j, other in enumerate(self.of):
            if other > tier or (other == tier and tight >> j & 1):
                self.of[j] += 1


class Exchange:
    """Every way to swap pairs so that assignment `goal` gains one, the size staying the same.

    In terms of flows: adding the pair (goal, i) to a largest fill keeps it a largest fill exactly
    if the residual network has a path from i back to goal (a cycle with the new pair). Nodes are
    inspectors, assignments, the sink SPARE (an inspector gains or loses one of his load) and the
    source PLACES (an assignment gains or loses one of its pairs). Pairs taken are no part of the
    network. The search runs backwards from goal; next_* hold each node's next step."""

    def __init__(self, fill, goal, wanted):
        """The search ends early once `wanted` is reached."""
        self.fill, self.goal = fill, goal
        self.next_of_inspector, self.next_of_assignment = {}, {goal: None}
        self.next_of_spare = self.next_of_places = None
        self.seen_inspectors, self.seen_assignments = 0, 1 << goal
        self.queue = [("assignment", goal)]
        for kind, node in self.queue:
            getattr(self, "before_" + kind)(node)
            if self.reaches(wanted):
                break

    def reaches(self, inspector):
        return self.seen_inspectors >> inspector & 1

    def add_inspectors(self, mask, step):
        mask &= ~self.seen_inspectors
        self.seen_inspectors |= mask
        for i in bits(mask):
            self.next_of_inspector[i] = step
            self.queue.append(("inspector", i))

    def add_assignments(self, mask, step):
        mask &= ~self.seen_assignments
        self.seen_assignments |= mask
        for a in bits(mask):
            self.next_of_assignment[a] = step
            self.queue.append(("assignment", a))

    def before_assignment(self, a):
        fill = self.fill
        self.add_inspectors(fill.paired[a] & ~fill.taken[a], ("assignment", a))
        if self.next_of_places is None and fill.degree[a] < fill.places[a]:
            self.next_of_places = ("assignment", a)
            self.queue.append(("places", None))

    def before_inspector(self, i):
        fill = self.fill
        self.add_assignments(fill.may_hold[i] & ~fill.held[i], ("inspector", i))
        if self.next_of_spare is None and fill.held[i] & ~fill.kept[i]:
            self.next_of_spare = ("inspector", i)
            self.queue.append(("spare", None))

    def before_places(self, _):
        fill = self.fill
        loose = (a for a in range(len(fill.places)) if fill.paired[a] & ~fill.taken[a])
        self.add_assignments(sum(1 << a for a in loose), ("places", None))

    def before_spare(self, _):
        self.add_inspectors(self.fill.room(), ("spare", None))

    def step(self, kind, node):
        if kind == "inspector":
            return self.next_of_inspector[node]
        if kind == "assignment":
            return self.next_of_assignment[node]
        return self.next_of_spare if kind == "spare" else self.next_of_places

    def apply(self, inspector):
        pairs, here = [(self.goal, inspector)], ("inspector", inspector)
        while here != ("assignment", self.goal):
            there = self.step(*here)
            if here[0] == "inspector" and there[0] == "assignment":
                pairs.append((there[1], here[1]))
            elif here[0] == "assignment" and there[0] == "inspector":
                pairs.append((here[1], there[1]))
            here = there
        for a, i in pairs:
            self.fill.toggle(a, i)


class Assignment:
    """A visit and one of its departments."""

    def __init__(self, obj, ordinal, department, places, eligible):
        """eligible: inspector ids in ascending order."""
        self.object, self.ordinal, self.department = obj, ordinal, department
        self.places, self.eligible = places, eligible

    def slots(self):
        return ["%s\n%s\n%s\n%d\n" % (self.object, self.ordinal, self.department, place)
                for place in range(1, self.places + 1)]


def components(assignments):
    """The connected components that have an inspector, as lists of assignments."""
    of_inspector = {}
    for a, assignment in enumerate(assignments):
        for i in assignment.eligible:
            of_inspector.setdefault(i, []).append(a)
    seen = set()
    for start, assignment in enumerate(assignments):
        if start in seen or not assignment.eligible:
            continue
        queue, inspectors = [start], set()
        seen.add(start)
        for a in queue:
            for i in set(assignments[a].eligible) - inspectors:
                inspectors.add(i)
                fresh = [b for b in of_inspector[i] if b not in seen]
                seen.update(fresh)
                queue.extend(fresh)
        yield [assignments[a] for a in sorted(queue)]


def assign_component(assignments, limits, slack, keys):
    """Steps 1 to 3. ({slot text: inspector or ""}, {inspector: (first, final, used, tier)})"""
    inspectors = sorted({i for a in assignments for i in a.eligible})
    place_of = {inspector: place for place, inspector in enumerate(inspectors)}
    total = sum(a.places for a in assignments)
    share = -(-total * slack // (100 * len(inspectors)))
    first = [min(share, limits[i]) for i in inspectors]
    eligible = [sum(1 << place_of[i] for i in a.eligible) for a in assignments]
    fill = Fill([a.places for a in assignments], eligible, list(first))
    fill.raise_capacity([limits[i] for i in inspectors])
    slots, used, tiers = {}, dict.fromkeys(inspectors, 0), Tiers(fill)
    for _, slot, a in sorted((sha256(keys["slot"], slot), slot, a)
                             for a, assignment in enumerate(assignments)
                             for slot in assignment.slots()):
        order = sorted((sha256(keys["candidate"], slot, i, "\n"), place_of[i])
                       for i in assignments[a].eligible)
        asked = [i for _, i in order if fill.free(a) >> i & 1 and fill.has_room(i)]
        chosen = fill.take(a, asked, tiers.pass_over)
        slots[slot] = "" if chosen is None else inspectors[chosen]
        if chosen is not None:
            used[inspectors[chosen]] += 1
    return slots, {i: (first[p], fill.capacity[p], used[i], tiers.of[p])
                   for i, p in place_of.items()}


class Counted:
    """The slots of one component as they are told, walked through without a search."""

    def __init__(self, assignments, limits, told, slots):
        """told: {inspector: (first, final, used, tier)}"""
        self.assignments, self.slots = assignments, slots
        self.inspectors = sorted({i for a in assignments for i in a.eligible})
        self.limits = [limits[i] for i in self.inspectors]
        place_of = {inspector: place for place, inspector in enumerate(self.inspectors)}
        self.fill = Fill([a.places for a in assignments],
                         [sum(1 << place_of[i] for i in a.eligible) for a in assignments],
                         [told[i][1] for i in self.inspectors])
        for a, assignment in enumerate(assignments):
            for who in filter(None, (slots[slot] for slot in assignment.slots())):
                self.fill.toggle(a, place_of[who])
        self.tiers = Tiers(self.fill)
        self.tiers.of = [told[i][3] for i in self.inspectors]

    def check_size(self):
        """Open slots stay open because of a tight set of people at their limits."""
        masks = map(self.tiers.from_, range(1, max(self.tiers.of) + 2))
        return not self.fill.short() or any(
            self.fill.is_tight(mask) and all(
                self.fill.capacity[i] == self.limits[i] for i in bits(mask)) for mask in masks)

    def first_of(self, a, slot, keys):
        for _, name, i in sorted((sha256(keys["candidate"], slot, name, "\n"), name, i)
                                 for i, name in enumerate(self.inspectors)
                                 if self.fill.free(a) >> i & 1):
            if self.fill.has_room(i) and not self.tiers.is_barred(a, i):
                return name, i
        return "", None

    def check(self, keys):
        """The first slot that does not follow, or None."""
        if not self.check_size():
            return self.assignments[0].slots()[0]
        for _, slot, a in sorted((sha256(keys["slot"], slot), slot, a)
                                 for a, assignment in enumerate(self.assignments)
                                 for slot in assignment.slots()):
            name, i = self.first_of(a, slot, keys)
            if name != self.slots[slot]:
                return slot
            if name:
                self.fill.taken[a] |= 1 << i
                self.fill.kept[i] |= 1 << a
        return None


def assign_department(assignments, limits, slack, keys):
    """Rule SHP for the assignments of one department. limits: {inspector: personal limit}"""
    slots = {slot: "" for a in assignments for slot in a.slots()}
    capacity = {i: (0, 0, 0, 0) for i in limits}
    for component in components(assignments):
        more_slots, more_capacity = assign_component(component, limits, slack, keys)
        slots.update(more_slots)
        capacity.update(more_capacity)
    return slots, capacity


class Inspector:
    """One row of the pool, with what recusals and history say."""

    def __init__(self, values, default_limit):
        self.id, self.department, regions, items, self.certificate, leave, limit = values
        self.regions, self.items = PrefixList(regions), star_set(items)
        self.leaves = [entry.split("..") for entry in split_list(leave)]
        self.limit = int(limit) or default_limit
        self.recused, self.visited = set(), {}  # {entity: last day there}

    def on_leave(self, day):
        return any(first <= day <= last for first, last in self.leaves)


class Pool:
    """The inspectors and the calendar; answers who may go where (section 10)."""

    def __init__(self, artefacts, default_limit, rotation):
        self.days = artefacts["calendar"].lines
        self.inspectors = {row[0]: Inspector(row, default_limit)
                           for row in artefacts["pool"].rows()}
        for name, *rest in artefacts["recusals"].rows():
            if name in self.inspectors:
                self.inspectors[name].recused.add(rest[0])
        self.rotation = rotation
        for name, entity, last in artefacts["history"].rows():
            if name in self.inspectors:
                self.inspectors[name].visited[entity] = last
        self.departments, self.available = {}, {}
        for inspector in self.inspectors.values():
            self.departments.setdefault(inspector.department, []).append(inspector)

    def days_between(self, start, end):
        return self.days[bisect.bisect_left(self.days, start):bisect.bisect_right(self.days, end)]

    def has_day(self, inspector, visit):
        key = inspector.id, visit.start, visit.end
        if key not in self.available:
            days = self.days_between(visit.start, visit.end)
            self.available[key] = any(not inspector.on_leave(day) for day in days)
        return self.available[key]

    def refusal(self, inspector, department, items, visit, entity):
        """The code of the first condition that fails, or None: eligible."""
        if inspector.department != department:
            return "department"
        if not inspector.regions.matches(visit.region):
            return "region"
        if inspector.items is not None and not inspector.items >= items:
            return "item"
        if inspector.certificate < visit.end:
            return "certificate"
        if not self.has_day(inspector, visit):
            return "leave"
        if visit.object in inspector.recused or entity in inspector.recused:
            return "recusal"
        return "rotation" if self.must_rotate(inspector, entity, visit) else None

    def must_rotate(self, inspector, entity, visit):
        last = inspector.visited.get(entity)
        return last is not None and (not self.rotation or days_before(
            visit.start, self.rotation) < last)

    def assignment(self, visit, department, entity, policy):
        mine = {i for i, found in policy.items.items() if found["department"] == department}
        tasks = [task for task in visit.tasks if mine.intersection(task.items)]
        items = {i for task in tasks for i in task.items} & mine
        eligible = [i.id for i in self.departments.get(department, [])
                    if self.refusal(i, department, items, visit, entity) is None]
        return Assignment(visit.object, visit.ordinal, department,
                          max(task.officers for task in tasks), sorted(eligible))


def assignments_of(pool, visits, entity_of, policy):
    """{department: its assignments}"""
    by_department = {department: [] for department in pool.departments}
    for visit in visits:
        for department in visit.departments:
            by_department.setdefault(department, []).append(
                pool.assignment(visit, department, entity_of[visit.object], policy))
    return by_department


def assign_all(pool, visits, entity_of, policy, keys):
    """({(object, ordinal, department, place): inspector}, rows of `capacity`)"""
    slots, rows = {}, []
    for department, assignments in assignments_of(pool, visits, entity_of, policy).items():
        limits = {i.id: i.limit for i in pool.departments.get(department, [])}
        found, capacity = assign_department(assignments, limits,
                                            policy.number("inspectors.slack"), keys)
        slots.update((tuple(slot.split("\n")[:4]), who) for slot, who in found.items())
        rows.extend([department, i] + [str(n) for n in numbers]
                    for i, numbers in capacity.items())
    return slots, rows


def leader(lead, filled):
    """filled: {(department, place as text): inspector} of the filled slots of one visit."""
    if not filled:
        return ""
    department = lead if any(d == lead for d, _ in filled) else min(d for d, _ in filled)
    return filled[department, min((p for d, p in filled if d == department), key=int)]


# ---------------------------------------------------------------------------------------------
# Section 11: calendar


def way_between(one, other):
    """The way between the regions of two visits of one inspector on one day."""
    if not one or not other:
        return 2
    common = len(os.path.commonprefix([one, other]))
    return 0 if common >= 12 else 1 if common >= 9 else 2 if common >= 6 else 3


def schedule(visits, days, on_leave):
    """visits: (object, ordinal, from, to, mode, region, inspectors); on_leave(inspector, day).
    {(object, ordinal): (day, half)}, both empty where no half-day is left."""
    placed = {}
    visited = [0] * (2 * len(days))
    busy = [{} for _ in visited]  # {inspector: region of an onsite visit, or None}
    away = functools.lru_cache(maxsize=None)(on_leave)
    for obj, ordinal, start, end, mode, region, inspectors in sorted(
            visits, key=lambda v: (v[3], v[2], v[0], v[1])):
        found = []
        for half in range(2 * bisect.bisect_left(days, start), 2 * bisect.bisect_right(days, end)):
            if any(i in busy[half] or away(i, days[half // 2]) for i in inspectors):
                continue
            there = [busy[half ^ 1].get(i) for i in inspectors]
            way = sum(2 if other is None else way_between(region, other) for other in there)
            found.append((way if mode == "onsite" else 0, visited[half], half))
        if not found:
            placed[obj, ordinal] = ("", "")
            continue
        best = min(found)[2]
        visited[best] += 1
        busy[best].update(dict.fromkeys(inspectors, region if mode == "onsite" else None))
        placed[obj, ordinal] = (days[best // 2], "pm" if best % 2 else "am")
    return placed


# ---------------------------------------------------------------------------------------------
# Section 11.1: changes after the draw

CHANGE_KEYS = {
    "recuse": "inspector subject ground",
    "leave": "inspector first last",
    "certificate": "inspector until",
    "withdraw": "inspector",
    "absent": "object ordinal department",
    "borrow": "object ordinal department place from",
    "assign": "object ordinal department place inspector",
    "move": "object ordinal day half",
}
CHANGE_FORMS = {
    "at": is_number, "inspector": shape("[A-Z0-9-]{1,32}"), "subject": shape("[0-9A-Z:./-]{1,55}"),
    "ground": is_text, "first": is_date, "last": is_date,
    "until": lambda value: value == "none" or is_date(value), "object": shape("[0-9A-Z:./-]{1,55}"),
    "ordinal": is_number, "department": shape("[a-z0-9-]{1,32}"), "place": is_number,
    "from": shape("[a-z0-9-]{1,32}"), "day": is_date, "half": lambda value: value in ("am", "pm"),
    "basis": is_text, "reason": is_text}
HOME_RULES, WORK_RULES = {"department", "region"}, {"certificate", "leave", "recusal"}


def parse_change(content):
    """(kind, {key: value}, lines of the effects)"""
    lines = decode(content, CONTROL_BUT_NEWLINE, "the change").split("\n")
    need(lines.pop() == "", "a change does not end in a newline")
    kind = lines[0].partition(" ")[2]
    need(lines[0] == "kind " + kind and kind in CHANGE_KEYS, "a change of an unknown kind")
    wanted = ["at", *CHANGE_KEYS[kind].split(), "basis", "reason"]
    values = {}
    for key, line in itertools.zip_longest(wanted, lines[1:1 + len(wanted)], fillvalue=""):
        name, _, value = line.partition(" ")
        need(name == key and CHANGE_FORMS[key](value), "a change has no lawful {key}", key=key)
        values[key] = value
    return kind, values, lines[1 + len(wanted):]


class Duty:
    """An assignment as the changes see it."""

    def __init__(self, visit, department, entity, items, places):
        self.visit, self.department, self.entity = visit, department, entity
        self.items, self.places = items, places

    @classmethod
    def of(cls, policy, visit, department, entity):
        mine = {i for i, found in policy.items.items() if found["department"] == department}
        tasks = [task for task in visit.tasks if mine.intersection(task.items)]
        return cls(visit, department, entity, {i for task in tasks for i in task.items} & mine,
                   max(task.officers for task in tasks))

    def slots(self):
        return [(*self.visit.key(), self.department, str(n)) for n in range(1, self.places + 1)]


class Season:
    """A plan as the changes leave it. slots {(object, ordinal, department, place): inspector},
    final {inspector: capacity}, days {(object, ordinal): (day, half)}, leaders the same way."""

    def __init__(self, pool, duties, plan, keys):
        self.pool, self.keys, self.duties = copy.deepcopy(pool), keys, duties
        self.slots, self.capacity, self.days, self.leaders = map(dict, plan)
        self.visits = {duty.visit.key(): duty.visit for duty in duties}
        self.order = sorted(self.visits, key=lambda k: (self.visits[k].end, self.visits[k].start, k))
        self.duty_of = {slot: duty for duty in duties for slot in duty.slots()}
        self.slots_of = {}
        for slot in self.duty_of:
            self.slots_of.setdefault(slot[:2], []).append(slot)
        self.withdrawn, self.recused, self.at, self.today = set(), set(), 0, ""

    # who may

    def used(self, who):
        return sum(other == who for other in self.slots.values())

    def crew(self, visit):
        return [self.slots[slot] for slot in self.slots_of[visit] if self.slots[slot]]

    def is_past(self, visit):
        return (self.days[visit][0] or self.visits[visit].end) < self.today

    def window(self, visit):
        found = self.visits[visit]
        return self.pool.days_between(max(found.start, self.today), found.end)

    def failing(self, who, duty):
        inspector, visit = self.pool.inspectors[who], duty.visit
        rules = {
            "department": inspector.department == duty.department,
            "region": inspector.regions.matches(visit.region),
            "item": inspector.items is None or inspector.items >= duty.items,
            "certificate": inspector.certificate >= visit.end,
            "leave": any(not inspector.on_leave(day) for day in self.window(visit.key())),
            "recusal": not inspector.recused & {visit.object, duty.entity},
            "rotation": not self.pool.must_rotate(inspector, duty.entity, visit)}
        return {rule for rule, holds in rules.items() if not holds}

    def is_fit(self, who, duty):
        return who not in self.withdrawn and not self.failing(who, duty) & WORK_RULES

    def asked(self, slot, but_rules=frozenset()):
        """Those who may take the slot, in their order."""
        duty = self.duty_of[slot]
        found = [who for who in self.pool.inspectors
                 if who not in self.withdrawn | self.recused
                 and who not in self.crew(slot[:2])
                 and not self.failing(who, duty) - but_rules]
        return sorted(found, key=lambda who: (sha256(
            self.keys["candidate"], "\n".join(slot) + "\n", who, "\n"), who))

    # days

    def is_free(self, visit, day, half):
        crew = self.crew(visit)
        return (day in self.window(visit)
                and not any(self.pool.inspectors[who].on_leave(day) for who in crew)
                and not any(other != visit and self.days[other] == (day, half)
                            and set(crew) & set(self.crew(other)) for other in self.order))

    def best(self, visit):
        load = collections.Counter(self.days.values())
        free = [(load[day, half], day, half) for day in self.window(visit)
                for half in ("am", "pm") if self.is_free(visit, day, half)]
        return min(free)[1:] if free else ("", "")

    # the steps

    def apply(self, kind, values, department):
        before = dict(self.days), dict(self.leaders)
        self.set_time(int(values["at"]))
        named = self.named(kind, values, department)
        vacant = self.vacate(kind, values, named)
        effects = [(slot, who, *self.fill(slot, who, kind == "absent"))
                   for slot, who in sorted(vacant, key=lambda pair: self.slot_key(pair[0]))]
        if kind in ("borrow", "assign"):
            slot, who = named
            effects = [(slot, "", who, "borrowed" if kind == "borrow" else "assigned")]
            self.give(slot, who)
        self.find_days({slot[:2] for slot, *_ in effects})
        if kind == "move":
            self.days[named] = values["day"], values["half"]
        return self.told(effects, *before)

    def slot_key(self, slot):
        return sha256(self.keys["slot"], "\n".join(slot) + "\n"), slot

    def set_time(self, at):
        need(at >= self.at, "a change is earlier than the one before")
        self.at, self.today = at, china_day(at)

    def named(self, kind, values, department):
        """The slot and who takes it, the visit of a move, or None."""
        visit = values.get("object"), values.get("ordinal")
        if kind in ("recuse", "leave", "certificate", "withdraw"):
            need(values["inspector"] in self.pool.inspectors, "no such inspector")
            need(self.pool.inspectors[values["inspector"]].department == department,
                 "a change of another department")
            need(kind != "leave" or values["first"] <= values["last"], "a leave ends too early")
            return None
        need(visit in self.visits and not self.is_past(visit), "no such visit, or a past one")
        if kind == "move":
            need(self.visits[visit].lead == department, "a change of another department")
            need(self.is_free(visit, values["day"], values["half"]), "not a free half-day")
            return visit
        slot = (*visit, values["department"], values.get("place", "1"))
        need(values["department"] == department and slot in self.duty_of, "no such slot")
        if kind == "absent":
            return slot, None
        need(not self.slots[slot], "the slot is not open")
        return slot, self.loan(slot, values) if kind == "borrow" else self.assigned(slot, values)

    def loan(self, slot, values):
        need(values["from"] != slot[2], "a department borrows from itself")
        found = [who for who in self.asked(slot, HOME_RULES)
                 if self.pool.inspectors[who].department == values["from"]
                 and self.used(who) < self.pool.inspectors[who].limit]
        need(found, "nobody may be borrowed")
        return found[0]

    def assigned(self, slot, values):
        who = values["inspector"]
        need(who in self.pool.inspectors and who not in self.crew(slot[:2])
             and self.is_fit(who, self.duty_of[slot]), "the inspector may not be assigned")
        return who

    def vacate(self, kind, values, named):
        """[(slot, who had it)]"""
        if kind == "absent":
            found = [slot for slot in self.duty_of[named[0]].slots() if self.slots[slot]]
            return [(slot, self.empty(slot)) for slot in found]
        who = values.get("inspector")
        if kind not in ("recuse", "leave", "certificate", "withdraw"):
            return []
        inspector, vacant = self.pool.inspectors[who], []
        if kind == "recuse":
            inspector.recused.add(values["subject"])
            self.recused.add(who)
        if kind == "certificate":
            inspector.certificate = values["until"].replace("none", "")
        if kind == "withdraw":
            self.withdrawn.add(who)
        if kind == "leave":
            inspector.leaves.append([values["first"], values["last"]])
            vacant = self.clear_days(who, inspector)
        unfit = [slot for slot, duty in self.duty_of.items() if self.slots[slot] == who
                 and not self.is_past(slot[:2]) and not self.is_fit(who, duty)]
        return vacant + [(slot, self.empty(slot)) for slot in unfit]

    def clear_days(self, who, inspector):
        vacant = []
        for visit in self.order:
            day = self.days[visit][0]
            if (who not in self.crew(visit) or not day or self.is_past(visit)
                    or not inspector.on_leave(day)):
                continue
            best = self.best(visit)
            if best[0]:
                self.days[visit] = best
            else:
                vacant += [(slot, self.empty(slot)) for slot in self.slots_of[visit]
                           if self.slots[slot] == who]
        return vacant

    def empty(self, slot):
        who, self.slots[slot] = self.slots[slot], ""
        return who

    def give(self, slot, who):
        self.slots[slot] = who
        self.capacity[who] = max(self.capacity[who], self.used(who))

    def fill(self, slot, left, closed):
        """(who takes the slot or "", the word for it)"""
        if closed:
            return "", "absent"
        asked = [who for who in self.asked(slot) if who != left]
        for who in asked:
            if self.used(who) < self.capacity[who]:
                self.give(slot, who)
                return who, "next"
        for who in asked:
            if self.capacity[who] < self.pool.inspectors[who].limit:
                self.capacity[who] += 1
                self.give(slot, who)
                return who, "raised"
        return "", "open"

    def find_days(self, touched):
        for visit in self.order:
            if visit not in touched:
                continue
            if not self.days[visit][0] or not self.is_free(visit, *self.days[visit]):
                self.days[visit] = "", ""
                self.days[visit] = self.best(visit)
            if self.leaders[visit] not in self.crew(visit):
                self.leaders[visit] = leader(self.visits[visit].lead, {
                    slot[2:]: self.slots[slot] for slot in self.slots_of[visit]
                    if self.slots[slot]})

    def told(self, effects, days, leaders):
        lines = [" ".join(["slot", *slot, left or "none", who or "none", how])
                 for slot, left, who, how in effects]
        lines += [" ".join(["day", *visit, *(word or "none" for word in self.days[visit])])
                  for visit in self.order if self.days[visit] != days[visit]]
        return lines + [" ".join(["leader", *visit, self.leaders[visit] or "none"])
                        for visit in self.order if self.leaders[visit] != leaders[visit]]

    def replay(self, content, department):
        kind, values, effects = parse_change(content)
        made = self.apply(kind, values, department)
        need(made == effects, "the effects of a change are not those of section 11.1")


# ---------------------------------------------------------------------------------------------
# Section 12: the bundle

BLOCK = 512
ALWAYS = ("PROTOCOL.md", "frontier")
AUDIT_ONLY = tuple("artefacts/" + name for name in BEFORE_DRAW + AFTER_DRAW) + ("seed.txt",)


def tar_header(name, size):
    head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
    head += b"%011o\0" % size + b"00000000000\0" + b" " * 8 + b"0" + b"\0" * 100 + b"ustar\00000"
    head = head.ljust(BLOCK, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def parse_tar(data):
    """[(name, content)] of an archive that is byte for byte the one of section 12."""
    files, at = [], 0
    while data[at:at + BLOCK] != bytes(BLOCK):
        head = data[at:at + BLOCK]
        need(len(head) == BLOCK, "the archive ends in the middle of a header")
        name, size = head[:100].rstrip(b"\0"), head[124:135]
        need(re.fullmatch(b"[0-9A-Za-z./-]{1,99}", name) and re.fullmatch(b"[0-7]{11}", size),
             "the header at byte {at} is not one of section 12", at=at)
        name, size = name.decode(), int(size, 8)
        need(head == tar_header(name, size),
             "the header of {name} is not the one of section 12", name=name)
        end = at + BLOCK + size
        padded = end + -size % BLOCK
        need(padded <= len(data), "{name} is cut short", name=name)
        need(not any(data[end:padded]), "the padding of {name} is not zero", name=name)
        files.append((name, data[at + BLOCK:end]))
        at = padded
    need(data[at:] == bytes(2 * BLOCK), "the archive does not end in two zero blocks")
    return files


def format_tar(files):
    parts = []
    for name, content in files:
        parts += [tar_header(name, len(content)), content, bytes(-len(content) % BLOCK)]
    return b"".join(parts) + bytes(2 * BLOCK)


def format_manifest(round_, level, files):
    """files: [(name, content)] in bundle order, without the manifest."""
    lines = ["drawd/bundle/v1", "round " + round_, "level " + level]
    lines += ["%s %d %s" % (hexhash(content), len(content), name) for name, content in files]
    return ("\n".join(lines) + "\n").encode()


def format_bundle(round_, level, files):
    """files: {name: content}"""
    ordered = sorted(files.items())
    return format_tar([("MANIFEST", format_manifest(round_, level, ordered))] + ordered)


def check_manifest(files):
    """(round, level, files without the manifest)"""
    need(files and files[0][0] == "MANIFEST", "the first file is not MANIFEST")
    head = re.match(b"drawd/bundle/v1\nround ([0-9]{4}-[0-9]{4})\nlevel (audit|public)\n",
                    files[0][1])
    need(head, "MANIFEST does not begin as section 12 says")
    round_, level, rest = head[1].decode(), head[2].decode(), files[1:]
    names = [name for name, _ in rest]
    need(ascending(names), "the files do not stand in bytewise order")
    need_same("MANIFEST", format_manifest(round_, level, rest).split(b"\n"),
              files[0][1].split(b"\n"))
    check_names(names, level)
    return round_, level, dict(rest)


def check_names(names, level):
    wanted = set(ALWAYS + (AUDIT_ONLY if level == "audit" else ()))
    for name in sorted(wanted - set(names)):
        raise Fault("the file {name} is missing", name=name)
    folders = "checkpoints|entries" + ("|changes" if level == "audit" else "")
    numbered = [n for n in names if re.fullmatch("(%s)/[0-9]{10}" % folders, n)]
    for name in sorted(set(names) - wanted - set(numbered)):
        raise Fault("the file {name} does not belong in the bundle", name=name)
    for folder in ("checkpoints/", "entries/"):
        need(any(n.startswith(folder) for n in numbered), "there is no file in {name}",
             name=folder)


def need_same(what, wanted, found):
    """Refuses with the first line in which two lists of lines differ."""
    if wanted == found:
        return
    length = min(len(wanted), len(found))
    place = next((n for n in range(length) if wanted[n] != found[n]), length)
    raise Fault("{what}, line {line}: expected \"{wanted}\", found \"{found}\"", what=what,
                line=place + 1, wanted=wanted[place] if place < len(wanted) else "",
                found=found[place] if place < len(found) else "")


# ---------------------------------------------------------------------------------------------
# Section 13: the trust policy


class Trust:
    """log, witnesses {name: key}, groups {name: (k, members)}, quorum (name or None), signers
    {(key name, id): key with its role}, demo."""

    def __init__(self):
        self.log = None
        self.witnesses, self.groups, self.signers = {}, {}, {}
        self.quorum = self.demo = False
        self.keys = []

    def add_key(self, text, kind):
        key = parse_vkey(text)
        need(key.kind == kind, "the key {name} is of the wrong type", name=key.name)
        for other in self.keys:
            need(key.public != other.public and (key.name, key.id) != (other.name, other.id),
                 "the keys {name} and {other} are the same", name=key.name, other=other.name)
        self.keys.append(key)
        return key

    def add_log(self, fields):
        need(len(fields) == 1 and self.log is None, "a line \"log\" is wrong, or the second")
        self.log = self.add_key(fields[0], TYPE_ED25519)

    def add_witness(self, fields):
        need(len(fields) == 2, "a line \"witness\" has not two fields")
        self.check_new(fields[0])
        self.witnesses[fields[0]] = self.add_key(fields[1], TYPE_COSIGNATURE)

    def check_new(self, name):
        need(name != "none" and name not in self.witnesses and name not in self.groups,
             "the name {name} is taken", name=name)

    def add_group(self, fields):
        need(len(fields) >= 3, "a line \"group\" has too few fields")
        name, how, members = fields[0], fields[1], fields[2:]
        self.check_new(name)
        for member in members:
            need(member in self.witnesses or member in self.groups,
                 "the group {name} names {member}, which is not known yet", name=name,
                 member=member)
            need(not any(member in others for _, others in self.groups.values()),
                 "{member} is a member of two groups", member=member)
        need(len(set(members)) == len(members), "the group {name} names a member twice",
             name=name)
        k = {"any": 1, "all": len(members)}.get(how) or (is_number(how) and int(how))
        need(k and k <= len(members), "the group {name} asks for {how} of its members",
             name=name, how=how)
        self.groups[name] = (k, members)

    def add_quorum(self, fields):
        need(len(fields) == 1 and self.quorum is False, "a line \"quorum\" is wrong or repeated")
        name = fields[0]
        need(name == "none" or name in self.witnesses or name in self.groups,
             "the quorum {name} is not known", name=name)
        self.quorum = None if name == "none" else name

    def add_signer(self, fields):
        need(len(fields) == 2 and re.fullmatch(
            "operator|(department|custodian|attester):[a-z0-9-]{1,32}", fields[0]),
            "a line \"signer\" has not a role and a key")
        key = self.add_key(fields[1], TYPE_ED25519)
        key.role = fields[0]
        self.signers[key.name, key.id] = key

    def add_demo(self, fields):
        need(fields == ["yes"], "a line \"demo\" says something else than yes")
        self.demo = True

    def holds_key(self, role):
        return any(key.role == role for key in self.signers.values())

    def checkpoint_keys(self):
        keys = [self.log] + list(self.witnesses.values())
        return {(key.name, key.id): key for key in keys}

    def quorum_met(self, cosigned):
        """cosigned: the set of keys (name, id) of witnesses that count."""
        return self.quorum is None or self.met(self.quorum, cosigned)

    def met(self, name, cosigned):
        if name in self.witnesses:
            key = self.witnesses[name]
            return (key.name, key.id) in cosigned
        k, members = self.groups[name]
        return sum(self.met(member, cosigned) for member in members) >= k


def parse_trust(data):
    trust = Trust()
    text = decode(data, CONTROL_BUT_NEWLINE, "the trust policy")
    for line in text.split("\n"):
        if line == "" or line[0] == "#":
            continue
        word, *fields = line.split(" ")
        add = getattr(trust, "add_" + word, None) if word in (
            "log", "witness", "group", "quorum", "signer", "demo") else None
        need(add and all(fields), "the trust policy has a line \"{line}\"", line=line)
        add(fields)
    need(trust.log, "the trust policy has no line \"log\"")
    need(trust.quorum is not False, "the trust policy has no line \"quorum\"")
    need(trust.holds_key("operator"), "the trust policy has no operator")
    return trust


def check_signers(record, signers, trust):
    """Section 3: the signers of the table, in its order and nobody else."""
    left = list(signers)
    for signer in RECORDS[record.kind][1]:
        roles = wanted_roles(signer, record, trust)
        group, left = left[:len(roles)], left[len(roles):]
        found = [key.role for key in group]
        complete = (len(group) == len(roles) and len(set(found)) == len(found)
                    and all(re.fullmatch(a, b) for a, b in zip(roles, sorted(found))))
        need(complete, "{record} is not signed by its {signer}, or not in that place",
             record=record, signer=signer)
        names = [key.name for key in group]
        in_order = found == roles if signer == "departments" else names == sorted(set(names))
        need(in_order, "{record}: the signatures of the {signer} are not in order",
             record=record, signer=signer)
    need(not left, "{record} is signed by {name} as well, who has no part in it", record=record,
         name=left[0].name if left else "")


def wanted_roles(signer, record, trust):
    """Patterns of the roles that one column of the table stands for, ascending."""
    if signer == "departments":
        listed = [] if record["departments"] == "none" else record["departments"].split(",")
        return [role for role in ("department:" + d for d in listed) if trust.holds_key(role)]
    if signer == "attesters":
        return ["attester:.*"] * 2
    if signer == "department":
        return ["department:" + record["department"]]
    if signer == "department?":
        role = "department:" + record["department"]
        return [role if trust.holds_key(role) else "operator"]
    if signer == "holder":
        return ["custodian:" + record["holder"]]
    return ["custodian:.*"] if signer == "custodian" else ["operator"]


# ---------------------------------------------------------------------------------------------
# Section 14: the checks. Each takes the Replay, returns what it found as (sentence, values) and
# leaves in the Replay what later checks read.


class Replay:
    def __init__(self, data, trust, level, lang):
        self.data, self.trust, self.level, self.lang = data, trust, level, lang
        self.verdicts = {}


def check_bundle(r):
    r.round, r.bundle_level, r.files = check_manifest(parse_tar(r.data))
    r.data = None
    return "round {round}, level {level}, {count} files", dict(
        round=r.round, level=r.bundle_level, count=len(r.files) + 1)


def folder(files, name):
    return [(int(path[-10:]), content) for path, content in sorted(files.items())
            if path.startswith(name + "/")]


def read_entry(index, data):
    what = "entry %d" % index
    note = parse_note(data, what)
    record = parse_record(note.text, what)
    record.note, record.leaf, record.index = note, entry_leaf(data), index
    return record


def read_frontier(data, size):
    lines = data.split(b"\n")
    need(lines.pop() == b"" and all(re.fullmatch(b"[0-9a-f]{64}", line) for line in lines),
         "frontier is not a list of hashes")
    need(len(lines) == bin(size).count("1"), "frontier has {count} hashes, not those of {size} "
         "entries", count=len(lines), size=size)
    return Tree(size, [bytes.fromhex(line.decode()) for line in lines])


def check_log(r):
    entries = folder(r.files, "entries")
    first = entries[0][0]
    r.records = []
    for place, (index, data) in enumerate(entries):
        need(index == first + place, "entry {index} is missing", index=first + place)
        r.records.append(read_entry(index, data))
    r.checkpoints = [read_checkpoint(*pair) for pair in folder(r.files, "checkpoints")]
    need(first < r.checkpoints[0].size, "the first checkpoint does not cover the freeze")
    last = r.checkpoints[-1].size
    need(last == first + len(entries), "the last checkpoint covers {size} entries, the bundle "
         "goes to {count}", size=last, count=first + len(entries))
    tree = read_frontier(r.files["frontier"], first)
    roots = {}
    for record in r.records:
        tree.add(record.leaf)
        roots[tree.size] = tree.root()
    for checkpoint in r.checkpoints:
        need(roots[checkpoint.size] == checkpoint.root,
             "the root of checkpoint {size} is not that of the entries", size=checkpoint.size)
    return "{count} entries from {first} on, {checkpoints} checkpoints", dict(
        count=len(entries), first=first, checkpoints=len(r.checkpoints))


def read_checkpoint(size, data):
    checkpoint = parse_checkpoint(data, "checkpoint %d" % size)
    need(checkpoint.size == size, "checkpoint {size} says {found}", size=size,
         found=checkpoint.size)
    return checkpoint


def need_trust(r):
    if r.trust is None:
        raise Skip("no trust policy")
    return r.trust


def check_checkpoints(r):
    trust = need_trust(r)
    for checkpoint in r.checkpoints:
        what = "checkpoint %d" % checkpoint.size
        need(checkpoint.origin == trust.log.name, "{what} is of the log {origin}", what=what,
             origin=checkpoint.origin)
        signers = known_signers(checkpoint.note, trust.checkpoint_keys(), what)
        need(any(key is trust.log for key, _ in signers), "{what} is not signed by the log",
             what=what)
        checkpoint.cosigners = {(key.name, key.id): time for key, time in signers
                                if key is not trust.log}
    last = r.checkpoints[-1]
    need(trust.quorum_met(set(last.cosigners)), "checkpoint {size} is not cosigned by the quorum",
         size=last.size)
    return "log {name}, last checkpoint {size} with {count} cosignatures", dict(
        name=trust.log.name, size=last.size, count=len(last.cosigners))


def of_round(r):
    return [record for record in r.records if record.get("round") == r.round]


def check_all_signers(r):
    trust = need_trust(r)
    records = of_round(r)
    for record in records:
        signers = known_signers(record.note, trust.signers, str(record))
        check_signers(record, [key for key, _ in signers], trust)
    return "{count} records of the round", dict(count=len(records))


def check_freeze(r, freeze):
    need(freeze["authority"] == r.checkpoints[-1].origin,
         "the freeze is of the authority {found}, the log is {wanted}",
         found=freeze["authority"], wanted=r.checkpoints[-1].origin)
    frozen = int(freeze["frozen"])
    day = datetime.date(1970, 1, 1) + datetime.timedelta(seconds=frozen + 8 * 3600)
    need(freeze["date"] == day.isoformat(), "date is {date}, frozen is on {day}",
         date=freeze["date"], day=day.isoformat())
    for approval in ([] if freeze["approvals"] == "none" else freeze["approvals"].split(",")):
        department, _, time = approval.split(":")
        need(int(time) <= frozen, "the department {department} approved after the freeze",
             department=department)
    demo = freeze["demo"] == "yes"
    need(not demo or r.trust is None or r.trust.demo,
         "this is a demo round, which the trust policy does not allow")
    need(freeze["disclosure"] in ("audit", "public"), "disclosure is \"{value}\"",
         value=freeze["disclosure"])
    delta = int(freeze["delta"])
    need(delta >= 600 or (demo and delta == 0), "delta is {value}", value=delta)
    sources = {source for source, _, _ in split_pulses(freeze["pulses"])}
    need(demo or sources != {"dice"}, "dice are the only pulse")
    check_quality(freeze)


def quality_enough(rows, correct, least):
    return 10 ** 6 * correct >= least * rows


def check_quality(freeze):
    rows, correct, least = (int(freeze["quality-" + key]) for key in ("rows", "correct", "min"))
    need(correct <= rows, "{correct} of {rows} rows are correct", correct=correct, rows=rows)
    need(least <= 10 ** 6, "quality-min is {value}", value=least)
    need(quality_enough(rows, correct, least) == (freeze["override"] == "none"),
         "quality {correct}/{rows}, at least {least} in a million: override is {value}",
         correct=correct, rows=rows, least=least, value=freeze["override"])


def check_escrow(r, records):
    """Outside of demo rounds the secret is in custody before the lock."""
    escrows = [record for record in records if record.kind == "escrow"]
    for escrow in escrows:
        need(escrow["freeze"] == r.freeze.leaf.hex() and escrow.index < r.lock.index
             and escrow["commitment"] == r.lock["commitment"],
             "{record} is not one of this freeze and lock, or stands after the lock",
             record=escrow)
    need(escrows or r.freeze["demo"] == "yes", "there is no escrow")


def check_pulses(r):
    """The lock names the pulses of the freeze, and every beacon is of its pulse."""
    need(r.lock["pulses"] == r.freeze["pulses"], "the lock has other pulses than the freeze")
    for beacon, (source, name, _) in zip(r.beacons, split_pulses(r.lock["pulses"])):
        need((beacon["source"], beacon["pulse"]) == (source, name),
             "{record} is of {found}, the lock names {wanted}", record=beacon,
             found=beacon["source"] + " " + beacon["pulse"], wanted=source + " " + name)


def check_round(r):
    records = of_round(r)
    for record in records:
        need(record.kind != "void", "the round was declared void in {record}", record=record)
    need(r.records[0].kind == "freeze" and r.records[0].get("round") == r.round,
         "the first entry is not the freeze of round {round}", round=r.round)
    main = [record for record in records
            if record.kind in ("freeze", "lock", "beacon", "draw", "reveal")]
    check_freeze(r, main[0])
    count = len(split_pulses(main[0]["pulses"]))
    wanted = ["freeze", "lock"] + ["beacon"] * count + ["draw", "reveal"]
    for place, kind in enumerate(wanted):
        need(place < len(main), "the round has no {kind}, or not enough of them", kind=kind)
        need(main[place].kind == kind, "{record} stands where the {kind} belongs",
             record=main[place], kind=kind)
    need(len(main) == len(wanted), "{record} is one too many", record=main[-1])
    r.freeze, r.lock, r.beacons, r.draw, r.reveal = (main[0], main[1], main[2:-2], main[-2],
                                                     main[-1])
    chain = [(r.lock, "freeze", r.freeze), (r.draw, "lock", r.lock), (r.reveal, "draw", r.draw)]
    chain += [(beacon, "lock", r.lock) for beacon in r.beacons]
    for record, key, before in chain:
        need(record[key] == before.leaf.hex(), "{record} names another {key} than {before}",
             record=record, key=key, before=before)
    for place, beacon in enumerate(r.beacons, 1):
        need(int(beacon["place"]) == place, "{record} has place {found} instead of {wanted}",
             record=beacon, found=beacon["place"], wanted=place)
    check_pulses(r)
    check_escrow(r, records)
    return ("{count} records in order, demo {demo}, quality {correct}/{rows}, override {override}",
            dict(count=len(main), demo=r.freeze["demo"], correct=r.freeze["quality-correct"],
                 rows=r.freeze["quality-rows"], override=r.freeze["override"]))


def check_lock(r):
    trust = need_trust(r)
    latest = min(time for _, _, time in split_pulses(r.lock["pulses"])) - int(r.freeze["delta"])
    need(latest >= 0, "delta is later than the earliest pulse")
    checkpoint = witnessed(r, r.lock, latest, trust)
    witnessed(r, r.draw, int(r.freeze["draw-deadline"]), trust)
    return "under checkpoint {size}, cosigned by {latest}", dict(size=checkpoint.size,
                                                               latest=latest)


def witnessed(r, record, latest, trust):
    """The first checkpoint over the record that the quorum cosigned in time."""
    for checkpoint in r.checkpoints:
        in_time = {key for key, time in checkpoint.cosigners.items() if time <= latest}
        if checkpoint.size > record.index and trust.quorum_met(in_time):
            return checkpoint
    raise Fault("no checkpoint over {record} was cosigned by the quorum by {latest}",
                record=record, latest=latest)


def check_artefacts(r):
    need(hexhash(r.files["PROTOCOL.md"]) == r.freeze["protocol"],
         "PROTOCOL.md is not the text of the freeze")
    r.artefacts = {}
    for name in BEFORE_DRAW + AFTER_DRAW:
        data = r.files["artefacts/" + name]
        record = r.freeze if name in BEFORE_DRAW else r.draw
        need(hexhash(data) == record[name], "artefacts/{name} has not the hash that {record} "
             "gives", name=name, record=record)
        artefact = r.artefacts[name] = parse_artefact(name, data)
        for number, values in enumerate(artefact.rows() if name in FORMS else (), 1):
            check_form("artefacts/" + name, number, artefact.header, values, FORMS[name])
    return "{count} artefacts and the protocol", dict(count=len(r.artefacts))


def check_policy(r):
    r.policy = parse_policy(r.artefacts["policy"].rows())
    departments = sorted({d for task in r.policy.tasks.values() for d in task.departments})
    need(r.freeze["departments"] == ",".join(departments), "the freeze names the departments "
         "{found}, the policy {wanted}", found=r.freeze["departments"],
         wanted=",".join(departments))
    approved = set()
    for entry in ([] if r.freeze["approvals"] == "none" else r.freeze["approvals"].split(",")):
        approved.add(entry.split(":")[0])
    for department in sorted(approved):
        need(department in departments, "the department {department} approved the freeze, but has "
             "no part in it", department=department)
    for department in departments:
        need(not r.trust or department in approved or r.trust.holds_key("department:" + department),
             "the department {department} neither signed nor approved the freeze",
             department=department)
    return "{tasks} tasks, {items} items, {departments} departments", dict(
        tasks=len(r.policy.tasks), items=len(r.policy.items),
        departments=len(r.policy.departments))


def check_frame(r):
    frame = r.artefacts["frame"]
    need(frame.tasks() == list(r.policy.tasks), "the tasks of the frame are not those of the "
         "policy")
    for number, values in enumerate(frame.rows(), 1):
        check_form("artefacts/frame", number, FACTS, values, FACT_FORMS)
        check_form("artefacts/frame", number, frame.header[len(FACTS):], values[len(FACTS):],
                   [is_code] * len(frame.tasks()) + [is_weight, is_salt])
    check_entities(frame)
    need(len(frame.lines) == int(r.freeze["register"]), "the frame has {count} rows, the freeze "
         "says {wanted}", count=len(frame.lines), wanted=r.freeze["register"])
    need(universe_hash(frame) == r.freeze["universe"], "the universe is another")
    need(frame_root(frame) == r.freeze["frame-root"], "the frame-root is another")
    return "{count} objects", dict(count=len(frame.lines))


def check_entities(frame):
    """What is said of an entity is said the same in all its rows."""
    entity, first = FACTS.index("entity"), {}
    for number, values in enumerate(frame.rows(), 1):
        for column in ("entered", "reserved"):
            value = values[FACTS.index(column)]
            need(first.setdefault((values[entity], column), value) == value,
                 "artefacts/frame, row {row}: {column} is another than in an earlier row of the "
                 "entity {entity}", row=number, column=column, entity=values[entity])


def check_exclusions(r):
    frame, date = r.artefacts["frame"], r.freeze["date"]
    tasks, first = list(r.policy.tasks.values()), len(FACTS)
    excluded = 0
    for values in frame.rows():
        facts = Facts(values)
        for place, task in enumerate(tasks, first):
            code = task_code(facts, task, r.policy, date)
            need(values[place] == code, "{object}, task {task}: the frame says {found}, the facts "
                 "say {code}", object=facts.object, task=task.code, found=values[place],
                 code=code)
            excluded += code not in STRATA
    return "{count} exclusions", dict(count=excluded)


def compare(r, name, rows):
    """An artefact made anew against the one in the bundle; their blinds are V18's."""
    need_same("artefacts/%s (rows)" % name, sorted("\t".join(row) for row in rows),
              r.artefacts[name].lines)


def compare_field(record, key, value):
    need(record[key] == str(value), "{record} says {key} {found}, made anew it is {value}",
         record=record, key=key, found=record[key], value=value)


def check_strata(r):
    r.units = units_of_tasks(r.policy, r.artefacts["frame"])
    r.counts = codes_counted(r.artefacts["frame"])
    for task, code in r.counts:
        need(code in STRATA or code in r.policy.rules, "task {task}: the policy knows no {code}",
             task=task, code=code)
    rows = strata_rows(r.policy, r.counts, r.units)
    check_strata_filled(r.policy, rows)
    compare(r, "strata", rows)
    compare(r, "ledger", ledger_rows(r.policy, r.counts))
    for task in r.policy.tasks:
        total = sum(n for (t, _), n in r.counts.items() if t == task)
        need(total == int(r.freeze["register"]), "the counts of task {task} add up to {total}",
             task=task, total=total)
    r.quotas = {(row[0], row[1]): int(row[5]) for row in rows}
    r.unions = unions(r.policy, r.units)
    return "{count} strata", dict(count=len(rows))


def check_beacon(beacon, pulse):
    source, name, _ = pulse
    pulse_ok, value_ok = BEACONS[source]
    need(pulse_ok(name), "{record}: \"{pulse}\" is no pulse of {source}", record=beacon,
         pulse=name, source=source)
    need(value_ok(beacon["value"]), "{record}: \"{value}\" is no value of {source}",
         record=beacon, value=beacon["value"], source=source)


def check_seed(r):
    text = r.files["seed.txt"]
    secret = secret_of(text)
    need(commitment(r.freeze.leaf.hex(), secret) == r.lock["commitment"],
         "the secret is not the one committed to")
    for beacon, pulse in zip(r.beacons, split_pulses(r.lock["pulses"])):
        check_beacon(beacon, pulse)
    values = [(b["source"], b["pulse"], b["value"]) for b in r.beacons]
    need(seed_text(r.lock.leaf.hex(), secret, values) == text,
         "seed.txt is not made of the lock, the secret and the beacons")
    r.keys = derive_keys(text)
    need(content_hash("reveal", reveal_blinding(r.keys), text) == r.reveal["content"],
         "the content of the reveal is not the seed text")
    return "{count} pulses, seed {seed}", dict(count=len(values), seed=hexhash(text))


def check_tickets(r):
    key = r.keys["entity"]
    rows = [line.split("\t", 2)[:2] for line in r.artefacts["frame"].lines]
    r.tickets = {obj: ticket(key, obj) for obj, _ in rows}
    r.orders = {False: ticket_order(r.tickets)}
    if any(units.of_entities for units in r.units.values()):
        r.orders[True] = ticket_order({entity: ticket(key, entity) for _, entity in rows})
    r.drawn = draw_selection(r.policy, r.units, r.orders, r.quotas, r.keys["object"], r.unions,
                             ticket_numbers(key, rows))
    leaves = sorted(ticket_leaf(r.keys["salt"], obj, number,
                                [task for task, _, _ in r.drawn.get(obj, ())])
                    for obj, number in r.tickets.items())
    compare_field(r.draw, "objects", len(r.tickets))
    compare_field(r.draw, "ticket-root", tree_root(leaves))
    return "{count} tickets, root {root}", dict(count=len(r.tickets), root=r.draw["ticket-root"])


def check_selection(r):
    rows = [[task, stratum, obj, str(batch)] for obj, mine in r.drawn.items()
            for task, stratum, batch in mine]
    compare(r, "selection", rows)
    compare_field(r.draw, "selected", len(rows))
    return "{count} rows, {objects} objects", dict(count=len(rows), objects=len(r.drawn))


def check_visits(r):
    facts = {values[0]: values for values in r.artefacts["frame"].rows() if values[0] in r.drawn}
    r.entities = {obj: values[FACTS.index("entity")] for obj, values in facts.items()}
    r.visits = []
    for obj in sorted(r.drawn):
        r.visits += visits_of(obj, facts[obj], r.drawn[obj], r.policy)
    r.visits, dropped = drop(r.visits, {obj: Facts(row) for obj, row in facts.items()}, r.policy)
    compare(r, "dropped", dropped)
    compare(r, "visits", [visit.row() for visit in r.visits])
    compare_field(r.draw, "visit-count", len(r.visits))
    compare_field(r.draw, "visit-root", tree_root(sorted(
        visit_leaf(r.keys["blind"], v.object, v.ordinal, v.departments) for v in r.visits)))
    offsite = sum(visit.mode == "offsite" for visit in r.visits)
    return "{visits} visits, {offsite} offsite", dict(visits=len(r.visits) - offsite,
                                                     offsite=offsite)


def check_inspectors(r):
    r.pool = Pool(r.artefacts, *map(r.policy.number, ("inspectors.limit", "inspectors.rotation")))
    r.slots, capacity = assign_all(r.pool, r.visits, r.entities, r.policy, r.keys)
    compare(r, "slots", [list(slot) + [who] for slot, who in r.slots.items()])
    compare(r, "capacity", capacity)
    open_ = sum(who == "" for who in r.slots.values())
    compare_field(r.draw, "slot-count", len(r.slots))
    compare_field(r.draw, "open", open_)
    return "{count} slots, {open} open, {inspectors} inspectors", dict(
        count=len(r.slots), open=open_, inspectors=len(r.pool.inspectors))


def not_counted(r):
    """The first slot that keys, `final` and `tier` do not give by counting, or None."""
    slots = {"\n".join(row[:4]) + "\n": row[4] for row in r.artefacts["slots"].rows()}
    told = {row[1]: tuple(map(int, row[2:])) for row in r.artefacts["capacity"].rows()}
    limits = {i.id: i.limit for i in r.pool.inspectors.values()}
    for assignments in assignments_of(r.pool, r.visits, r.entities, r.policy).values():
        for component in components(assignments):
            slot = Counted(component, limits, told, slots).check(r.keys)
            if slot is not None:
                return " ".join(slot.split("\n")).strip()
    return None


def check_schedule(r):
    filled = {visit.key(): {} for visit in r.visits}
    for (obj, ordinal, department, place), who in r.slots.items():
        if who:
            filled[obj, ordinal][department, place] = who
    planned = [(v.object, v.ordinal, v.start, v.end, v.mode, v.region,
                sorted(set(filled[v.key()].values())))
               for v in r.visits]
    placed = schedule(planned, r.pool.days,
                      lambda who, day: r.pool.inspectors[who].on_leave(day))
    rows = [[v.object, v.ordinal, *placed[v.key()], leader(v.lead, filled[v.key()])]
            for v in r.visits]
    compare(r, "schedule", rows)
    wrong = not_counted(r)
    need(wrong is None, "slots: {slot} does not follow from the tiers", slot=wrong)
    unplaced = sum(row[2] == "" for row in rows)
    return "{count} visits, {unplaced} without a half-day", dict(count=len(rows),
                                                               unplaced=unplaced)


def check_blinds(r):
    for name in AFTER_DRAW:
        need(r.artefacts[name].blind == blind_after(r.keys, name),
             "the blind of artefacts/{name} is not that of the seed", name=name)
    return "{count} artefacts", dict(count=len(AFTER_DRAW))


def check_results(r):
    """Results name their department only; their contents are blinded. What was decided on for a
    cause is counted apart."""
    found, causes = {}, 0
    for record in of_round(r):
        if record.kind in ("cause", "change", "visit", "result"):
            need(record["department"] in r.freeze["departments"].split(","),
                 "{record} is of the department {department}, which is not of this round",
                 record=record, department=record["department"])
            need(record.kind != "cause" or record.index > r.draw.index,
                 "{record} stands before the draw", record=record)
        causes += record.kind == "cause"
        if record.kind == "result":
            found[record["department"]] = found.get(record["department"], 0) + 1
    values = dict(count=sum(found.values()), causes=causes)
    if r.verdicts.get("V15") != "PASS":
        return "{count} results for {visits} visits; {causes} for a cause", dict(
            values, visits=r.draw["visit-count"])
    wanted = {}
    for visit in r.visits:
        for department in visit.departments:
            wanted[department] = wanted.get(department, 0) + 1
    missing = {d: n - found.get(d, 0) for d, n in sorted(wanted.items()) if n > found.get(d, 0)}
    if not missing:
        return "{count} results, none missing; {causes} for a cause", dict(values)
    return "{count} results, missing: {missing}; {causes} for a cause", dict(
        values, missing=", ".join("%s %d" % pair for pair in missing.items()))


def season_of(r):
    mine = functools.partial(Duty.of, r.policy)
    duties = [mine(visit, d, r.entities[visit.object]) for visit in r.visits
              for d in visit.departments]
    final = {row[1]: int(row[3]) for row in r.artefacts["capacity"].rows()}
    days = {tuple(row[:2]): tuple(row[2:4]) for row in r.artefacts["schedule"].rows()}
    leaders = {tuple(row[:2]): row[4] for row in r.artefacts["schedule"].rows()}
    return Season(r.pool, duties, (r.slots, final, days, leaders), r.keys)


def check_changes(r):
    openings = dict(folder(r.files, "changes"))
    records = [record for record in of_round(r) if record.kind == "change"]
    need({record.index for record in records} == set(openings),
         "the files in changes are not those of the round's changes")
    season = season_of(r)
    for record in records:
        blinding, _, content = openings[record.index].partition(b"\n")
        need(re.fullmatch(b"[0-9a-f]{64}", blinding) and content_hash(
            "change", bytes.fromhex(blinding.decode()), content) == record["content"],
             "changes: entry {index} is not what its record hides", index=record.index)
        season.replay(content, record["department"])
    return "{count} changes, {open} slots open", dict(
        count=len(records), open=sum(who == "" for who in season.slots.values()))


class Check:
    def __init__(self, name, clause, title, title_zh, run, needs, public=False):
        self.name, self.clause, self.title, self.title_zh = name, clause, title, title_zh
        self.run, self.needs, self.public = run, needs.split(), public


CHECKS = [
    Check("V1", "12", "bundle", "复核包", check_bundle, "", True),
    Check("V2", "2–4", "log", "日志", check_log, "V1", True),
    Check("V3", "4, 13", "checkpoints", "检查点", check_checkpoints, "V2", True),
    Check("V4", "3, 13", "signers", "签名人", check_all_signers, "V2", True),
    Check("V5", "3, 7", "round", "轮次", check_round, "V2", True),
    Check("V6", "7.2, 7.5", "lock", "锁定", check_lock, "V3 V5", True),
    Check("V7", "5", "artefacts", "存档文件", check_artefacts, "V5"),
    Check("V8", "6.1", "policy", "方案", check_policy, "V7"),
    Check("V9", "5", "frame", "抽取库", check_frame, "V8"),
    Check("V10", "6.2", "exclusions", "排除", check_exclusions, "V9"),
    Check("V11", "6.2, 6.3", "strata", "分层", check_strata, "V9"),
    Check("V12", "6.4, 7", "seed", "种子", check_seed, "V5"),
    Check("V13", "8", "tickets", "抽签号", check_tickets, "V11 V12"),
    Check("V14", "8", "selection", "抽取结果", check_selection, "V11 V12"),
    Check("V15", "9", "visits", "入企检查", check_visits, "V14"),
    Check("V16", "10", "inspectors", "检查人员", check_inspectors, "V15"),
    Check("V17", "10, 11", "schedule", "日程", check_schedule, "V16"),
    Check("V18", "5", "blinds", "盲值", check_blinds, "V7 V12"),
    Check("V19", "3", "results", "检查结果", check_results, "V5", True),
    Check("V20", "11.1", "changes", "抽取后的变更", check_changes, "V17 V19"),
]


def made_for(r, check):
    """None, or why the check is not made."""
    if not check.public and "public" in (r.level, getattr(r, "bundle_level", None)):
        return "level", Skip("nothing to read at level public")
    for name in check.needs:
        if r.verdicts[name] in ("FAIL", "SKIP"):
            return "needs", Skip("builds on {name}, which did not pass", name=name)
    return None


def run_check(r, check):
    """(verdict, kind of skip, sentence)"""
    why = made_for(r, check)
    if why:
        return "SKIP", why[0], why[1].say(r.lang)
    try:
        sentence, values = check.run(r)
        return "PASS", None, say(r.lang, sentence, **values)
    except Skip as skip:
        return "SKIP", "trust", skip.say(r.lang)
    except Fault as fault:
        return "FAIL", None, fault.say(r.lang)
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError,
            ValueError) as error:
        return "FAIL", None, say(r.lang, "the bundle has a form that cannot be read ({error})",
                                 error="%s: %s" % (type(error).__name__, error))


def replay(r, out):
    """Runs every check, prints its line and returns the exit status."""
    failed, skipped = False, False
    for check in CHECKS:
        verdict, kind, sentence = run_check(r, check)
        r.verdicts[check.name] = verdict
        title = check.title_zh if r.lang == "zh" else check.title
        print("%s %s §%s %s: %s" % (check.name, verdict, check.clause, title, sentence), file=out)
        failed = failed or verdict == "FAIL"
        asked = check.public or r.level == "audit"
        skipped = skipped or (verdict == "SKIP" and asked)
    return 1 if failed else 3 if skipped else 0


def print_ticket(r, obj, out):
    """What one object needs to know: its ticket and its place in every stratum. No language: the
    other replay prints the same lines."""
    if obj not in getattr(r, "tickets", {}):
        print(say(r.lang, "{object}: no ticket (not in the frame, check the code; or not replayed so far)",
                  object=obj), file=out)
        return
    print("K_entity %s\n%s ticket %s" % (r.keys["entity"], obj, r.tickets[obj].hex()), file=out)
    frame = r.artefacts["frame"]
    row = next(values for values in frame.rows() if values[0] == obj)
    drawn = {task for task, _, _ in r.drawn.get(obj, ())}
    for task, code in zip(frame.tasks(), row[len(FACTS):]):
        print("%s task %s %s" % (obj, task, place_in_task(r, obj, row[1], task, code, drawn)),
              file=out)


def place_in_task(r, obj, entity, task, code, drawn):
    """drawn: the tasks that drew this object."""
    if code not in STRATA:
        return "excluded " + code
    units, unit, named = r.units[task], obj, ""
    if units.of_entities:
        unit, named = entity, " entity " + entity
        if obj not in units.candidates(entity):
            return "stratum %s%s aside" % (code, named)
    count, weighs = r.quotas[task, code], r.policy.tasks[task].weighs
    order = r.orders[units.of_entities]
    if (task, code) in r.unions:
        everybody = r.unions[task, code]
        ranked = [other for other in order if other in everybody]
    else:
        numbers = ticket_numbers(r.keys["entity"], [order] if weighs else [])
        ranked = stratum_order(units, code, order, weighs, count, numbers)
    place = 1 + ranked.index(unit)
    weights = {other: units.weight(other) for other in ranked} if weighs else {}
    chance = (Weights(weights, count).chance(unit) if weighs else per_million(count, len(ranked)))
    state = "drawn" if task in drawn else "beside" if place <= count else "reserve"
    return "stratum %s%s place %d quota %d chance %d %s" % (code, named, place, count, chance,
                                                            state)


# ---------------------------------------------------------------------------------------------
# Messages in Chinese; a sentence that is missing here appears in English.

ZH = {
    # values, notes, records
    "{what} is not UTF-8": "{what} 不是 UTF-8",
    "{what} holds a control character": "{what} 含有控制字符",
    "the verifier key \"{key}\" is not name+id+base64": "验证密钥“{key}”不是 名称+编号+base64",
    "the verifier key \"{key}\" has no lawful name": "验证密钥“{key}”的名称不合规定",
    "the verifier key \"{key}\" is not one of Ed25519 or of a witness":
        "验证密钥“{key}”既非 Ed25519 也非见证人密钥",
    "the id of the verifier key \"{key}\" is wrong": "验证密钥“{key}”的编号有误",
    "{what} is longer than 65535 bytes": "{what} 超过 65535 字节",
    "{what} has no text, or no blank line before its signatures":
        "{what} 没有正文，或签名前没有空行",
    "{what} does not end in a newline": "{what} 不以换行结束",
    "{what} has not 1 to 64 signatures": "{what} 的签名不是 1 至 64 个",
    "{what}: \"{line}\" is not a signature line": "{what}：“{line}”不是签名行",
    "{what}: the signature of {name} is not base64 of a key id and a signature":
        "{what}：{name} 的签名不是密钥编号加签名的 base64",
    "{what}: the signature of {name} is wrong": "{what}：{name} 的签名有误",
    "{what} is not of a kind of section 3": "{what} 不属于第 3 节的任何一种记录",
    "{what} has {count} lines instead of {wanted}": "{what} 有 {count} 行，应为 {wanted} 行",
    "{what}: the line of \"{key}\" reads \"{line}\"": "{what}：“{key}”一行写作“{line}”",
    "{what}: {key} is not a {type}: \"{value}\"": "{what}：{key} 不是 {type}：“{value}”",
    # artefacts, policy, strata
    "{what} does not begin with a blind": "{what} 不以盲值开头",
    "{what} is called \"{title}\"": "{what} 的标题是“{title}”",
    "{what}: the tasks of the header are not codes in ascending order":
        "{what}：表头的任务不是按升序排列的代码",
    "{what} has other columns than section 5": "{what} 的列与第 5 节不同",
    "{what}, row {row}: {count} values instead of {wanted}":
        "{what} 第 {row} 行：有 {count} 个值，应为 {wanted} 个",
    "{what}, row {row} is not in ascending order": "{what} 第 {row} 行未按升序排列",
    "{what}, row {row} repeats the key {key}": "{what} 第 {row} 行重复了键 {key}",
    "{what}, row {row}: {column} has no lawful value: \"{value}\"":
        "{what} 第 {row} 行：{column} 的值不合规定：“{value}”",
    "there is no path {path} in section 6.1": "第 6.1 节没有路径 {path}",
    "the path {path} stands twice": "路径 {path} 出现两次",
    "{path} has no lawful value: \"{value}\"": "{path} 的值不合规定：“{value}”",
    "the path {path} is missing": "缺少路径 {path}",
    "cycle.from lies after cycle.to": "cycle.from 晚于 cycle.to",
    "item {item} names a department that does not exist": "检查事项 {item} 所列部门不存在",
    "task {task} names the item {item}, which does not exist":
        "任务 {task} 所列检查事项 {item} 不存在",
    "task {task}: the department {department} may not inspect":
        "任务 {task}：部门 {department} 不具备行政检查主体资格",
    "department {department}: apart names {other}, which does not exist or is itself":
        "部门 {department}：apart 所列的 {other} 不存在或就是其自身",
    "the departments of task {task} are too many for one visit, or two of them are apart":
        "任务 {task} 的部门多于一次检查所许，或其中两个部门不得同行",
    "task {task} shares a cutoff: its design is equal and its minimum 0":
        "任务 {task} 与其他任务共用入选界限：design 须为 equal，minimum 须为 0",
    "task {task} has a stratum of 2^30 units or more": "任务 {task} 有一层多达 2^30 个单位以上",
    "the lead of task {task} is none of its departments": "任务 {task} 的牵头部门不在其部门之列",
    "task {task}: officers-basis stands exactly where officers is 1":
        "任务 {task}：officers-basis 当且仅当 officers 为 1 时填写",
    "task {task} has no object in any stratum": "任务 {task} 的各层都没有检查对象",
    "stratum {stratum} of task {task} is empty": "任务 {task} 的 {stratum} 层为空",
    "{what}, line {line}: expected \"{wanted}\", found \"{found}\"":
        "{what} 第 {line} 行：应为“{wanted}”，实为“{found}”",
    "visit {object} {ordinal} has no department": "入企检查 {object} {ordinal} 没有部门",
    # bundle
    "the archive ends in the middle of a header": "归档在文件头中间中断",
    "the header at byte {at} is not one of section 12": "第 {at} 字节处的文件头不合第 12 节",
    "the header of {name} is not the one of section 12": "{name} 的文件头不合第 12 节",
    "{name} is cut short": "{name} 不完整",
    "the padding of {name} is not zero": "{name} 的填充不是零",
    "the archive does not end in two zero blocks": "归档不以两个零块结束",
    "the first file is not MANIFEST": "第一个文件不是 MANIFEST",
    "MANIFEST does not begin as section 12 says": "MANIFEST 的开头不合第 12 节",
    "the files do not stand in bytewise order": "文件未按字节顺序排列",
    "the file {name} is missing": "缺少文件 {name}",
    "the file {name} does not belong in the bundle": "文件 {name} 不属于复核包",
    "there is no file in {name}": "{name} 中没有文件",
    "round {round}, level {level}, {count} files": "轮次 {round}，级别 {level}，{count} 个文件",
    "the bundle has a form that cannot be read ({error})": "复核包的形式无法读取（{error}）",
    # trust policy
    "the key {name} is of the wrong type": "密钥 {name} 的类型不对",
    "the keys {name} and {other} are the same": "密钥 {name} 与 {other} 相同",
    "a line \"log\" is wrong, or the second": "“log”行有误，或出现第二次",
    "a line \"witness\" has not two fields": "“witness”行不是两个字段",
    "the name {name} is taken": "名称 {name} 已被使用",
    "a line \"group\" has too few fields": "“group”行字段太少",
    "the group {name} names {member}, which is not known yet":
        "组 {name} 所列 {member} 尚未定义",
    "{member} is a member of two groups": "{member} 同属两个组",
    "the group {name} names a member twice": "组 {name} 重复列出同一成员",
    "the group {name} asks for {how} of its members": "组 {name} 要求的成员数为 {how}",
    "a line \"quorum\" is wrong or repeated": "“quorum”行有误或重复",
    "the quorum {name} is not known": "法定见证 {name} 未定义",
    "a line \"signer\" has not a role and a key": "“signer”行不是角色加密钥",
    "a line \"demo\" says something else than yes": "“demo”行的值不是 yes",
    "the trust policy has a line \"{line}\"": "信任策略中有一行“{line}”",
    "the trust policy has no line \"log\"": "信任策略没有“log”行",
    "the trust policy has no line \"quorum\"": "信任策略没有“quorum”行",
    "the trust policy has no operator": "信任策略没有经办方（operator）",
    "no trust policy": "没有信任策略",
    # log, signers, round
    "frontier is not a list of hashes": "frontier 不是哈希列表",
    "frontier has {count} hashes, not those of {size} entries":
        "frontier 有 {count} 个哈希，与 {size} 条记录不符",
    "entry {index} is missing": "缺少第 {index} 条记录",
    "{what} is not origin, size and root": "{what} 不是来源、大小和根",
    "the root of {what} is not a hash": "{what} 的根不是哈希",
    "the first checkpoint does not cover the freeze": "第一个检查点没有覆盖冻结记录",
    "the last checkpoint covers {size} entries, the bundle goes to {count}":
        "最后的检查点覆盖 {size} 条记录，复核包到 {count} 条",
    "the root of checkpoint {size} is not that of the entries":
        "检查点 {size} 的根与记录不符",
    "{count} entries from {first} on, {checkpoints} checkpoints":
        "自第 {first} 条起 {count} 条记录，{checkpoints} 个检查点",
    "checkpoint {size} says {found}": "检查点 {size} 自称大小为 {found}",
    "{what} is of the log {origin}": "{what} 属于日志 {origin}",
    "{what} is not signed by the log": "{what} 没有日志的签名",
    "checkpoint {size} is not cosigned by the quorum": "检查点 {size} 没有法定见证的联署",
    "log {name}, last checkpoint {size} with {count} cosignatures":
        "日志 {name}，最后的检查点 {size} 有 {count} 个联署",
    "{record} is not signed by its {signer}, or not in that place":
        "{record} 没有 {signer} 的签名，或位置不对",
    "{record}: the signatures of the {signer} are not in order":
        "{record}：{signer} 的签名未按顺序排列",
    "{record} is signed by {name} as well, who has no part in it":
        "{record} 另有无关的 {name} 的签名",
    "{count} records of the round": "本轮 {count} 条记录",
    "this is a demo round, which the trust policy does not allow":
        "本轮为演示，信任策略不允许",
    "disclosure is \"{value}\"": "disclosure 为“{value}”",
    "delta is {value}": "delta 为 {value}",
    "dice are the only pulse": "骰子是唯一的随机源",
    "{record} is not one of this freeze and lock, or stands after the lock":
        "{record} 与本轮的冻结、锁定不符，或在锁定之后",
    "there is no escrow": "没有托管记录",
    "the round was declared void in {record}": "{record} 宣布本轮作废",
    "the first entry is not the freeze of round {round}": "第一条记录不是轮次 {round} 的冻结",
    "the round has no {kind}, or not enough of them": "本轮没有 {kind}，或数量不足",
    "{record} stands where the {kind} belongs": "应为 {kind} 之处是 {record}",
    "{record} is one too many": "{record} 是多余的",
    "the freeze is of the authority {found}, the log is {wanted}":
        "冻结记录的主管机关是 {found}，日志属于 {wanted}",
    "the freeze names the departments {found}, the policy {wanted}":
        "冻结记录所列部门为 {found}，抽查方案为 {wanted}",
    "the department {department} neither signed nor approved the freeze":
        "部门 {department} 既未签名也未批准冻结",
    "{record} is of the department {department}, which is not of this round":
        "{record} 属于部门 {department}，该部门不在本轮之内",
    "the policy has more than {most} of {kind}": "方案的 {kind} 超过 {most} 项",
    "adjust.1 and adjust.2 are both for the label {label}":
        "adjust.1 与 adjust.2 都列有标签 {label}",
    "adjust.{mark} has labels and no basis": "adjust.{mark} 列有标签而没有依据",
    "item {item} names a field that does not exist": "检查事项 {item} 所列专业领域不存在",
    "mode {mode}: from lies after to": "监管方式 {mode} 的起始日期晚于截止日期",
    "task {task}: the batch {batch} lies outside of its window":
        "任务 {task}：批次 {batch} 不在任务起止日期之内",
    "task {task} is strict: none of its ratios may be 0": "任务 {task} 属严格监管，抽查比例不得为 0",
    "task {task} needs a reason: its ratios do not rise from A to D, one of them is 0, its items "
    "are general and key ones, or it visits class A on site":
        "任务 {task} 须说明理由：抽查比例未按 A 至 D 递增，或有比例为 0，或兼有一般和重点事项，或对 A 类现场检查",
    "task {task} draws {drawn} of {total}, more than ceiling.general, without a ceiling-reason":
        "任务 {task} 在 {total} 户中抽取 {drawn} 户，超过 ceiling.general 而未写明 ceiling-reason",
    "task {task}: from lies after to": "任务 {task} 的起始日期晚于截止日期",
    "task {task}: from and to do not lie within the cycle": "任务 {task} 的起止日期不在检查周期之内",
    "{record} names another {key} than {before}": "{record} 的 {key} 不是 {before}",
    "{record} has place {found} instead of {wanted}": "{record} 的序号是 {found}，应为 {wanted}",
    "{count} records in order, demo {demo}, quality {correct}/{rows}, override {override}":
        "{count} 条记录次序正确，演示：{demo}，数据正确率 {correct}/{rows}，低于要求仍予冻结的理由：{override}",
    "{correct} of {rows} rows are correct": "{rows} 行中有 {correct} 行正确",
    "quality-min is {value}": "quality-min 为 {value}",
    "quality {correct}/{rows}, at least {least} in a million: override is {value}":
        "数据正确率 {correct}/{rows}，至少应为百万分之 {least}：override 为 {value}",
    "under checkpoint {size}, cosigned by {latest}": "在检查点 {size} 之下，联署不晚于 {latest}",
    "no checkpoint over {record} was cosigned by the quorum by {latest}":
        "到 {latest} 为止，没有法定数量的见证方联署过涵盖 {record} 的检查点",
    "date is {date}, frozen is on {day}": "date 为 {date}，而 frozen 在 {day} 这一天",
    "delta is later than the earliest pulse": "delta 晚于最早的随机源时间",
    "the department {department} approved the freeze, but has no part in it":
        "部门 {department} 批准了冻结，却不在本轮之内",
    "a department is called none": "有部门的代码是 none",
    "the department {department} approved after the freeze": "部门 {department} 的批准晚于冻结",
    # the draw made anew
    "PROTOCOL.md is not the text of the freeze": "PROTOCOL.md 不是冻结记录所指的文本",
    "artefacts/{name} has not the hash that {record} gives":
        "artefacts/{name} 的哈希与 {record} 不符",
    "{count} artefacts and the protocol": "{count} 个存档文件和协议文本",
    "{tasks} tasks, {items} items, {departments} departments":
        "{tasks} 项任务，{items} 个检查事项，{departments} 个部门",
    "the frame has {count} rows, the freeze says {wanted}":
        "抽取库有 {count} 行，冻结记录为 {wanted} 行",
    "the universe is another": "universe 不符",
    "the frame-root is another": "frame-root 不符",
    "task {task}: the policy knows no {code}": "任务 {task}：方案没有 {code}",
    "artefacts/frame, row {row}: {column} is another than in an earlier row of the entity {entity}":
        "artefacts/frame 第 {row} 行：{column} 与经营主体 {entity} 前面的行不一致",
    "{count} objects": "{count} 个检查对象",
    "the tasks of the frame are not those of the policy": "抽取库的任务与方案不符",
    "{object}, task {task}: the frame says {found}, the facts say {code}":
        "{object}，任务 {task}：抽取库为 {found}，按事实应为 {code}",
    "{count} exclusions": "排除 {count} 项次",
    "{record} says {key} {found}, made anew it is {value}":
        "{record} 的 {key} 为 {found}，重算为 {value}",
    "the counts of task {task} add up to {total}": "任务 {task} 的数目合计为 {total}",
    "{count} strata": "{count} 层",
    "seed.txt has no secret in its third line": "seed.txt 第三行没有秘密值",
    "{record} is of {found}, the lock names {wanted}": "{record} 是 {found}，锁定为 {wanted}",
    "{record}: \"{pulse}\" is no pulse of {source}": "{record}：“{pulse}”不是 {source} 的期次",
    "{record}: \"{value}\" is no value of {source}": "{record}：“{value}”不是 {source} 的结果",
    "the secret is not the one committed to": "秘密值与承诺不符",
    "the lock has other pulses than the freeze": "锁定与冻结的随机源不同",
    "seed.txt is not made of the lock, the secret and the beacons":
        "seed.txt 与锁定、秘密值、随机源结果不符",
    "the content of the reveal is not the seed text": "启封的内容不是种子文本",
    "{count} pulses, seed {seed}": "{count} 个随机源，种子 {seed}",
    "{count} tickets, root {root}": "{count} 个抽签号，根 {root}",
    "{count} rows, {objects} objects": "{count} 行，{objects} 个检查对象",
    "{visits} visits, {offsite} offsite": "入企检查 {visits} 次，非现场检查 {offsite} 次",
    "slots: {slot} does not follow from the tiers": "slots：{slot} 不能由 tier 推出",
    "{count} changes, {open} slots open": "{count} 次变更，空缺 {open} 个岗位",
    "the files in changes are not those of the round's changes":
        "changes 中的文件与本轮次的变更记录不符",
    "changes: entry {index} is not what its record hides": "changes：第 {index} 条与其记录不符",
    "the effects of a change are not those of section 11.1": "变更的后果与第 11.1 节不符",
    "{time} is on no day of the calendar": "{time} 不在任何一天",
    "a change does not end in a newline": "变更不以换行结束",
    "a change of an unknown kind": "变更的种类不明",
    "a change has no lawful {key}": "变更的 {key} 不合规定",
    "a change is earlier than the one before": "变更早于前一次变更",
    "no such inspector": "没有这名检查人员",
    "a change of another department": "变更属于另一部门",
    "a leave ends too early": "离岗的结束早于开始",
    "no such visit, or a past one": "没有这次检查，或者已经过去",
    "not a free half-day": "不是空闲的半天",
    "no such slot": "没有这个岗位",
    "the slot is not open": "岗位并未空缺",
    "a department borrows from itself": "部门不能向自己借调",
    "nobody may be borrowed": "无人可以借调",
    "the inspector may not be assigned": "这名检查人员不能指定",
    "{count} slots, {open} open, {inspectors} inspectors":
        "{count} 个检查岗位，空缺 {open} 个，{inspectors} 名检查人员",
    "{count} visits, {unplaced} without a half-day": "{count} 次检查（含非现场），{unplaced} 次未排上",
    "the blind of artefacts/{name} is not that of the seed":
        "artefacts/{name} 的盲值与种子不符",
    "{count} artefacts": "{count} 个存档文件",
    "{count} results for {visits} visits; {causes} for a cause": "{visits} 次检查有 {count} 个结果；有因检查 {causes} 次",
    "{count} results, none missing; {causes} for a cause": "{count} 个结果，无缺失；有因检查 {causes} 次",
    "{count} results, missing: {missing}; {causes} for a cause":
        "{count} 个结果，缺少：{missing}；有因检查 {causes} 次",
    "{record} stands before the draw": "{record}在抽取之前",
    "nothing to read at level public": "公开级没有可读的内容",
    "builds on {name}, which did not pass": "依赖未通过的 {name}",
    "{object}: no ticket (not in the frame, check the code; or not replayed so far)":
        "{object}：没有抽签号（不在抽取库中，请核对代码；或复核未到这一步）",
}


def language(asked):
    if asked:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "en" if os.environ[name].startswith("en") else "zh"
    return "zh"


def arguments(argv):
    parser = argparse.ArgumentParser(prog="verify.py", allow_abbrev=False,
                                     description="Replays the bundle of one round.")
    parser.add_argument("--trust", metavar="FILE", help="trust policy (section 13)")
    parser.add_argument("--level", choices=("audit", "public"), default="audit")
    parser.add_argument("--ticket", metavar="OBJECT", help="print the ticket of one object")
    parser.add_argument("--lang", choices=("zh", "en"))
    parser.add_argument("bundle", metavar="BUNDLE.tar")
    return parser.parse_args(argv)


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def main(argv=None, out=None):
    out = out or sys.stdout
    options = arguments(argv)
    lang = language(options.lang)
    try:
        trust = parse_trust(read_file(options.trust)) if options.trust else None
        data = read_file(options.bundle)
    except OSError as error:
        print("verify.py: %s" % error, file=sys.stderr)
        return 2
    except Fault as fault:
        print("verify.py: %s" % fault.say(lang), file=sys.stderr)
        return 2
    r = Replay(data, trust, options.level, lang)
    status = replay(r, out)
    if options.ticket:
        print_ticket(r, options.ticket, out)
    return status


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
