#!/usr/bin/env python3
"""Writes the golden vectors of this folder from sampler/verify.py; README.md has their form.

    make_vectors.py            writes *.txt
    make_vectors.py --check    makes them again and compares, and tests rule SHP by exhaustion

Everything random comes from SHA-256 of a label and a counter, so the files never change by
themselves.
"""

import base64
import functools
import hashlib
import itertools
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "..", "sampler"))

import verify as v  # noqa: E402


class Stream:
    """Numbers from SHA256(label ‖ "/" ‖ counter)."""

    def __init__(self, label):
        self.label, self.counter = label, 0

    def bytes(self):
        self.counter += 1
        return hashlib.sha256(("%s/%d" % (self.label, self.counter)).encode()).digest()

    def below(self, n):
        return int.from_bytes(self.bytes()[:8], "big") % n

    def between(self, least, most):
        return least + self.below(most - least + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, values):
        return values[self.below(len(values))]

    def some(self, values, percent):
        return [value for value in values if self.chance(percent)]


class Signer:
    """An Ed25519 key made from a name; signs notes and cosigns checkpoints."""

    def __init__(self, name, kind=v.TYPE_ED25519):
        digest = hashlib.sha512(hashlib.sha256(("test key " + name).encode()).digest()).digest()
        self.scalar = (int.from_bytes(digest[:32], "little") & ((1 << 254) - 8)) | 1 << 254
        self.prefix = digest[32:]
        self.public = v.encode_point(v.point_times(self.scalar, v.BASE))
        self.key = v.VerifierKey(name, kind, self.public)
        self.name = name

    @functools.lru_cache(maxsize=None)
    def sign(self, message):
        nonce = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % v.ORDER
        first = v.encode_point(v.point_times(nonce, v.BASE))
        hashed = hashlib.sha512(first + self.public + message).digest()
        h = int.from_bytes(hashed, "little")
        return first + ((nonce + h * self.scalar) % v.ORDER).to_bytes(32, "little")

    def line(self, text, time=0):
        """The signature line of a note text; `time` for a cosignature."""
        if self.key.kind == v.TYPE_COSIGNATURE:
            head = b"cosignature/v1\ntime %d\n" % time
            return signature_line(self.name, self.key.id,
                                  time.to_bytes(8, "big") + self.sign(head + text))
        return signature_line(self.name, self.key.id, self.sign(text))


def signature_line(name, key_id, signature):
    return ("\u2014 %s %s\n" % (name, base64.b64encode(key_id + signature).decode())).encode()


def make_note(text, signers):
    return text + b"\n" + b"".join(signer.line(text) for signer in signers)


def dash(value):
    return value if value else "-"


def joined(values):
    return ",".join(values) or "-"


def objects(stream, count):
    """Distinct object ids of several shapes, ascending."""
    made = set()
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    while len(made) < count:
        kind = stream.below(4)
        if kind == 0:
            made.add("91330100" + "".join(stream.pick(alphabet) for _ in range(10)))
        elif kind == 1:
            made.add("SITE:%d/%d" % (stream.below(1000), stream.below(9)))
        elif kind == 2:
            made.add("A" * stream.between(1, 3) + stream.pick(".-/:") + str(stream.below(50)))
        else:
            made.add("".join(stream.pick(alphabet + ":./-") for _ in range(stream.between(1, 55))))
    return sorted(made)


# ---------------------------------------------------------------------------------------------


def tickets():
    s = Stream("tickets")
    for obj in objects(s, 60):
        key = s.bytes().hex()
        number = v.ticket(key, obj)
        yield "ticket %s %s %s %d" % (key, obj, number.hex(), int.from_bytes(number[:8], "big"))


def keys():
    s = Stream("keys")
    values = [("drand", "1000", s.bytes().hex()), ("nist", "1700000000", (s.bytes() * 2).hex()),
              ("ssq", "2026071", "01.05.09.22.30.33.16"), ("dice", "1", "61245123456")]
    for count in range(5):
        text = v.seed_text(s.bytes().hex(), s.bytes(), values[:count])
        found = v.derive_keys(text)
        yield "case pulses-%d" % count
        yield "text " + text.hex()
        yield "seed " + v.hexhash(text)
        for name in v.KEYS:
            yield "key %s %s" % (name, found[name])
        for name in v.AFTER_DRAW:
            yield "blind %s %s" % (name, v.blind_after(found, name))
        blinding = v.reveal_blinding(found)
        yield "reveal %s %s" % (blinding.hex(), v.content_hash("reveal", blinding, text))
        yield "end"


def split(size):
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def subtree(leaves):
    """RFC 6962 by its definition, as against the running tree of verify.py."""
    if not leaves:
        return v.sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return v.sha256(b"\1", subtree(leaves[:k]), subtree(leaves[k:]))


def inclusion(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [subtree(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [subtree(leaves[:k])]


def consistency(old, leaves, whole=True):
    if old == len(leaves):
        return [] if whole else [subtree(leaves)]
    k = split(len(leaves))
    if old <= k:
        return consistency(old, leaves[:k], whole) + [subtree(leaves[k:])]
    return consistency(old - k, leaves[k:], False) + [subtree(leaves[:k])]


def merkle():
    s = Stream("merkle")
    entries = [s.bytes()[:s.below(33)] for _ in range(40)]
    entries[3] = b""
    leaves = [v.entry_leaf(entry) for entry in entries]
    for index, entry in enumerate(entries):
        yield "entry %d %s" % (index, dash(entry.hex()))
    tree = v.Tree()
    for size in range(len(entries) + 1):
        if tree.root() != subtree(leaves[:size]):
            raise AssertionError("the two trees of size %d differ" % size)
        yield "root %d %s" % (size, tree.root().hex())
        yield "frontier %d %s" % (size, joined(root.hex() for root in tree.roots))
        if size < len(entries):
            tree.add(leaves[size])
    for size in (1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 31, 33, 40):
        for index in sorted({0, 1, size // 2, size - 2, size - 1}):
            if 0 <= index < size:
                proof = inclusion(index, leaves[:size])
                yield "inclusion %d %d %s" % (index, size, joined(h.hex() for h in proof))
    for new in (1, 2, 3, 6, 7, 8, 13, 32, 40):
        for old in sorted({1, 2, 3, 4, new // 2, new - 1, new}):
            if 1 <= old <= new:
                proof = consistency(old, leaves[:new])
                yield "consistency %d %d %s" % (old, new, joined(h.hex() for h in proof))


def commit():
    s = Stream("commit")
    for _ in range(12):
        leaf, secret = s.bytes().hex(), s.bytes()
        yield "commit %s %s %s" % (leaf, secret.hex(), v.commitment(leaf, secret))
    yield "commit %s %s %s" % ("0" * 64, "0" * 64, v.commitment("0" * 64, bytes(32)))


def content():
    s = Stream("content")
    for kind in ("cause", "change", "visit", "result", "reveal"):
        for text in (b"", b"x", "结果 合格\n".encode(), s.bytes() * 9):
            blinding = s.bytes()
            yield "content %s %s %s %s" % (kind, blinding.hex(), dash(text.hex()),
                                           v.content_hash(kind, blinding, text))


# ---------------------------------------------------------------------------------------------
# Notes


SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    # not canonical: y = p, y = p + 1, and y = 1 with the sign bit
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]
RFC8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"),
]


def ed25519():
    def line(reason, public, message, signature):
        good = v.ed25519_verify(public, message, signature)
        if good != (reason == "-"):
            raise AssertionError("ed25519 %s" % reason)
        return "ed25519 %s %s %s %s %s" % ("accept" if good else "reject", reason, public.hex(),
                                           dash(message.hex()), signature.hex())

    for public, message, signature in RFC8032:
        public, message, signature = map(bytes.fromhex, (public, message, signature))
        yield line("-", public, message, signature)
        s = int.from_bytes(signature[32:], "little")
        yield line("s-not-canonical", public, message,
                   signature[:32] + (s + v.ORDER).to_bytes(32, "little"))
        for place in (0, 31, 32, 50, 63):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            yield line("flipped", public, message, bytes(wrong))
        yield line("other-message", public, message + b"\0", signature)
    signer, s = Signer("example.test/small"), Stream("ed25519")
    for number in SMALL_ORDER:
        weak, message = bytes.fromhex(number), s.bytes()
        scalar = int.from_bytes(s.bytes(), "little") % v.ORDER
        first = v.encode_point(v.point_times(scalar, v.BASE))
        yield line("small-order-key", weak, message, first + scalar.to_bytes(32, "little"))
        hashed = hashlib.sha512(weak + signer.public + message).digest()
        scalar = int.from_bytes(hashed, "little") * signer.scalar % v.ORDER
        yield line("small-order-first-half", signer.public, message,
                   weak + scalar.to_bytes(32, "little"))
    for place in range(8):
        message = s.bytes()[:place * 4]
        yield line("-", signer.public, message, signer.sign(message))


def vkeys():
    key = str(Signer("log.example/2026").key)
    name, key_id, data = key.split("+", 2)
    witness = str(Signer("witness.example/a", v.TYPE_COSIGNATURE).key)
    raw = base64.b64decode(data)
    cases = [("-", key), ("-", witness), ("-", str(Signer("a").key)),
             ("-", str(Signer("a" * 64).key)), ("name", str(Signer("a" * 65).key)),
             ("-", str(Signer("Armored_A").key)), ("name", str(Signer("a~").key)), ("name", str(Signer("a b").key)),
             ("name", str(Signer("").key)), ("id", "%s+%s+%s" % (name, "00000000", data)),
             ("id", "%s+%s+%s" % (name, key_id.upper(), data) if key_id.upper() != key_id
              else "%s+%s+%s" % (name, "ABCDEF01", data)),
             ("id", "%s+%s+%s" % (name, key_id[:7], data)),
             ("type", str(v.VerifierKey(name, 2, raw[1:]))), ("length", key[:-4]),
             ("type", str(v.VerifierKey(name, 0, raw[1:]))),
             ("length", str(v.VerifierKey(name, 1, raw[1:] + b"\0"))),
             ("length", str(v.VerifierKey(name, 1, raw[1:-1]))),
             ("newline", key + "\n"), ("space", " " + key), ("empty", ""), ("parts", name),
             ("parts", name + "+" + key_id), ("base64", key[:-1] + "="), ("base64", key + "=")]
    for reason, text in cases:
        if v.is_vkey(text) != (reason == "-"):
            raise AssertionError("vkey %s %s" % (reason, text))
        yield "vkey %s %s %s" % ("accept" if reason == "-" else "reject", reason,
                                 dash(text.encode().hex()))


def note_cases():
    """(label, reason or -, known signers, note)"""
    one, two, three = (Signer("example.test/" + n) for n in ("one", "two", "three"))
    witness = Signer("witness.test/w", v.TYPE_COSIGNATURE)
    text = b"drawd/test/v1\nround 2026-0001\n"
    good = make_note(text, [one])
    line = one.line(text)
    encoded = line.split()[2]
    yield "one", "-", [one], good
    yield "two", "-", [one, two], make_note(text, [one, two])
    yield "two-other-order", "-", [one, two], make_note(text, [two, one])
    yield "unknown-between", "-", [one, two], make_note(text, [one, three, two])
    yield "nobody-known", "-", [three], good
    yield "no-keys", "-", [], good
    yield "twice", "-", [one], good + line
    yield "chinese", "-", [one], make_note("双随机\n一公开\n".encode(), [one])
    yield "blank-line-in-text", "-", [one], make_note(b"a\n\nb\n", [one])
    yield "blank-line-ends-text", "-", [one], make_note(b"a\n\n", [one])
    yield "looks-signed-inside", "-", [one], make_note(text + b"\n" + two.line(text), [one])
    yield "text-of-newline", "-", [one], make_note(b"\n", [one])
    yield "other-id-same-name", "-", [one], good + signature_line(one.name, b"\1\2\3\4", b"x" * 64)
    yield "unknown-short", "-", [one], good + signature_line("x", b"\1\2\3\4", b"y")
    yield "signatures-64", "-", [one], text + b"\n" + line * 64
    yield "signatures-65", "count", [one], text + b"\n" + line * 65
    cosigned = text + b"\n" + line + witness.line(text, 1767225600)
    yield "cosigned", "-", [one, witness], cosigned
    yield "cosigned-twice", "-", [witness], (text + b"\n" + witness.line(text, 1767225600) +
                                            witness.line(text, 1767225601))
    yield "cosigned-time-0", "-", [witness], text + b"\n" + witness.line(text, 0)
    yield "cosignature-as-plain", "signature", [witness], text + b"\n" + signature_line(
        witness.name, witness.key.id, witness.sign(text))
    moved = bytearray(base64.b64decode(witness.line(text, 1767225600).split()[2])[4:])
    moved[7] ^= 1
    yield "cosigned-other-time", "signature", [witness], text + b"\n" + signature_line(
        witness.name, witness.key.id, bytes(moved))
    yield "longest", "-", [one], make_note(b"x" * (65535 - len(line) - 2) + b"\n", [one])
    yield "too-long", "length", [one], make_note(b"x" * (65536 - len(line) - 2) + b"\n", [one])
    yield "empty", "no-text", [one], b""
    yield "only-newlines", "signatures", [one], b"\n\n"
    yield "no-text", "no-text", [one], b"\n" + one.line(b"")
    yield "no-signature", "signatures", [one], text + b"\n"
    yield "text-alone", "blank-line", [one], text
    yield "no-blank-line", "blank-line", [one], text + line
    yield "no-final-newline", "newline", [one], good[:-1]
    yield "trailing-newline", "trailing", [one], good + b"\n"
    yield "trailing-line", "trailing", [one], good + b"more\n"
    yield "wrong-signature", "signature", [one], make_note(text + b"x\n", []) + line
    yield "wrong-second", "signature", [one, two], good + signature_line(
        two.name, two.key.id, one.sign(text))
    yield "wrong-repeat", "signature", [one], good + signature_line(
        one.name, one.key.id, two.sign(text))
    yield "short-signature", "signature", [one], text + b"\n" + signature_line(
        one.name, one.key.id, one.sign(text)[:63])
    yield "long-signature", "signature", [one], text + b"\n" + signature_line(
        one.name, one.key.id, one.sign(text) + b"\0")
    yield "hyphen", "dash", [one], good.replace("\u2014".encode(), b"-")
    yield "en-dash", "dash", [one], good.replace("\u2014".encode(), "\u2013".encode())
    yield "two-spaces", "spaces", [one], good.replace(b"\x94 ", b"\x94  ")
    yield "space-at-end", "spaces", [one], good[:-1] + b" \n"
    yield "name-with-space", "name", [one], good + signature_line("a b", b"\1\2\3\4", b"x" * 64)
    yield "name-empty", "name", [one], good + signature_line("", b"\1\2\3\4", b"x" * 64)
    yield "name-65", "name", [one], good + signature_line("a" * 65, b"\1\2\3\4", b"x" * 64)
    yield "name-with-plus", "name", [one], good + signature_line("a+b", b"\1\2\3\4", b"x" * 64)
    yield "base64-unpadded", "base64", [one], good.replace(encoded, encoded.rstrip(b"="))
    yield "base64-url", "base64", [one], good + "\u2014 x ____________\n".encode()
    yield "base64-loose-bits", "base64", [one], good + "\u2014 x AQIDBAV=\n".encode()
    yield "base64-of-3", "base64", [one], good + "\u2014 x AQID\n".encode()
    yield "base64-empty", "base64", [one], good + "\u2014 x \n".encode()
    yield "carriage-return", "control", [one], make_note(b"a\r\n", [one])
    yield "tab", "control", [one], make_note(b"a\tb\n", [one])
    yield "nul", "control", [one], make_note(b"a\0b\n", [one])
    yield "delete", "control", [one], make_note(b"a\x7fb\n", [one])
    yield "c1-control", "control", [one], make_note("a\u0085b\n".encode(), [one])
    yield "no-break-space", "-", [one], make_note("a\u00a0b\n".encode(), [one])
    yield "line-separator", "-", [one], make_note("a\u2028b\n".encode(), [one])
    yield "replacement", "-", [one], make_note("\ufffd\n".encode(), [one])
    yield "astral", "-", [one], make_note("\U00020000\n".encode(), [one])
    for label, data in (("latin-1", b"\xff\n"), ("overlong", b"\xc0\xaf\n"),
                        ("surrogate", b"\xed\xa0\x80\n"), ("beyond", b"\xf4\x90\x80\x80\n"),
                        ("cut-short", b"\xe4\xb8\n")):
        yield label, "utf-8", [one], make_note(data, [one])


def signers_of(note, known):
    """Names of the signers, or None where the note is rejected."""
    try:
        parsed = v.parse_note(note)
        found = v.known_signers(parsed, {(s.key.name, s.key.id): s.key for s in known})
    except v.Fault:
        return None
    return [key.name + ("@%d" % time if key.kind == v.TYPE_COSIGNATURE else "")
            for key, time in found]


def notes():
    yield from vkeys()
    yield from ed25519()
    for label, reason, known, note in note_cases():
        found = signers_of(note, known)
        if (found is None) != (reason != "-"):
            raise AssertionError("note %s" % label)
        yield "note %s %s %s %s %s %s" % (
            label, "reject" if found is None else "accept", reason,
            joined(str(s.key) for s in known), joined(found or []), dash(note.hex()))


# ---------------------------------------------------------------------------------------------
# Records and types

VALUES = {
    "number": (["0", "1", "10", "9223372036854775807"],
               ["", "-", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "١",
                "9223372036854775808", "18446744073709551616", "99999999999999999999"]),
    "time": (["0", "1767225600"], ["", "-1", "01", "now"]),
    "date": (["1900-01-01", "2026-02-28", "2024-02-29", "2000-02-29", "2999-12-31"],
             ["", "1899-12-31", "3000-01-01", "2026-02-29", "1900-02-29", "2100-02-29",
              "2026-00-10", "2026-13-01", "2026-01-00", "2026-04-31", "2026-1-01", "20260101",
              "2026-01-01 ", "2026/01/01", "0000-01-01", "2026-01-32"]),
    "hash": (["0" * 64, "0123456789abcdef" * 4],
             ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "none"]),
    "hash?": (["none", "f" * 64], ["", "None", "no", "f" * 63]),
    "token": (["a", "0", "-", "fire-2", "a" * 32], ["", "a" * 33, "A", "a_b", "a b", "a.b", "a,b"]),
    "tokens": (["none", "a", "a,b", "a,a-", "-,0,a", "fire,health,market"],
               ["", "b,a", "a,a", "a,", ",a", "a,,b", "a, b", "A"]),
    "round": (["2026-0001", "0000-0000", "9999-9999"],
              ["", "2026-001", "2026-00001", "26-0001", "2026_0001", "2026-000a"]),
    "round?": (["none", "2026-0001"], ["", "None", "2026-001", "none,2026-0001"]),
    "name": (["a", "A", "a_b", "0", "log.example/2026", "-", ".", "/", "a" * 64],
             ["", "a~", "a b", "a+b", "a" * 65, "é"]),
    "flag": (["yes", "no"], ["", "Yes", "true", "1", "none"]),
    "text": (["a", "a b", "双随机", "x" * 200, "中" * 66 + "xx", "\u3000全角", "none"],
             ["", " ", " a", "a ", "x" * 201, "中" * 67, "a\tb", "a\nb", "a\x7f", "a\u009f"]),
    "pulses": (["dice:1:0", "drand:1000:1767225600", "nist:1767225600:1767225600,drand:7:9",
                "ssq:2026001:5,kl8:2026001:5", "drand:A-z9:1", "drand:" + "1" * 40 + ":1",
                "drand:1:2,drand:1:2"],
               ["", "none", "drand", "drand:1", "drand:1:", "drand::1", ":1:1", "moon:1:1",
                "drand:1:01", "drand:1:1,", ",drand:1:1", "drand:1:1:1", "drand:a_b:1",
                "drand:" + "1" * 41 + ":1", "drand:1:1, drand:2:2"]),
    "approvals": (["none", "fire:amt-1:1767225600", "fire:a:1,fire:b:0,health:a:1"],
                  ["", "fire", "fire:a", "fire:a:", "fire:A:1", "fire:a:1,fire:a:1",
                   "health:a:1,fire:a:1", "fire:a:1,", "fire:a:x", ":a:1"]),
    "object": (["0", "A", "91330100MA2ABCDE1X", "A:B./-", "Z" * 55],
               ["", "a", "Z" * 56, "A B", "A_B", "A,B", "A\tB", "中"]),
    "inspector": (["A", "FIRE-0001", "-", "0" * 32], ["", "a", "0" * 33, "A.B", "A B", "A:B"]),
}

GOOD_FIELD = {"number": "3", "time": "1767225600", "date": "2026-03-01", "hash": "5a" * 32,
              "hash?": "none", "token": "fire", "tokens": "fire,health", "round": "2026-0007",
              "round?": "none",
              "name": "authority.test/x", "flag": "no", "text": "一段 text",
              "pulses": "drand:1000:1767225600", "approvals": "fire:amt:1767225600"}
BAD_FIELD = {"number": "03", "time": "-3", "date": "2026-02-30", "hash": "5A" * 32, "hash?": "0",
             "token": "Fire", "tokens": "health,fire", "round": "2026-7", "round?": "2026-7",
             "name": "a~",
             "flag": "maybe", "text": " x", "pulses": "moon:1:1", "approvals": "fire:amt",
             "vkey": "a+00000000+AAAA"}


def good_fields(kind):
    special = {"disclosure": "audit", "delta": "600",
               "vkey": str(Signer("operator.test/2").key)}
    return [(key, special.get(key, GOOD_FIELD.get(form))) for key, form in v.RECORDS[kind][0]]


def record_text(kind, fields):
    return ("drawd/%s/v1\n" % kind + "".join("%s %s\n" % f for f in fields)).encode()


def record_cases():
    """(label, reason, kind, text)"""
    for kind in v.RECORDS:
        fields = good_fields(kind)
        good = record_text(kind, fields)
        yield kind, "-", kind, good
        yield kind + "-no-end", "newline", kind, good[:-1]
        yield kind + "-blank-line", "line", kind, good + b"\n"
        yield kind + "-unknown-key", "unknown", kind, good + b"remark x\n"
        yield kind + "-repeated-key", "repeated", kind, record_text(kind, fields[:1] + fields)
        yield kind + "-missing-first", "missing", kind, record_text(kind, fields[1:])
        yield kind + "-missing-last", "missing", kind, record_text(kind, fields[:-1])
        swapped = fields[:1] + [fields[2], fields[1]] + fields[3:]
        yield kind + "-misplaced", "misplaced", kind, record_text(kind, swapped)
        for place, (key, form) in enumerate(v.RECORDS[kind][0]):
            wrong = fields[:place] + [(key, BAD_FIELD[form])] + fields[place + 1:]
            yield "%s-bad-%s" % (kind, key), "value", kind, record_text(kind, wrong)
    anchor = record_text("anchor", good_fields("anchor"))
    yield "version-2", "kind", "-", anchor.replace(b"/v1", b"/v2")
    yield "unknown-kind", "kind", "-", anchor.replace(b"anchor", b"anchors")
    yield "capital-kind", "kind", "-", anchor.replace(b"anchor", b"Anchor")
    yield "two-spaces", "value", "anchor", anchor.replace(b"date ", b"date  ")
    yield "tab-for-space", "control", "anchor", anchor.replace(b"date ", b"date\t")
    yield "no-space", "line", "anchor", anchor.replace(b"date ", b"date")
    yield "space-at-end", "value", "anchor", anchor.replace(b"entries 3", b"entries 3 ")
    yield "return", "control", "anchor", anchor.replace(b"\n", b"\r\n")
    yield "empty", "kind", "-", b""
    yield "first-line-only", "missing", "anchor", b"drawd/anchor/v1\n"


def records():
    for kind, (good, bad) in VALUES.items():
        for verdict, values in (("accept", good), ("reject", bad)):
            for value in values:
                if v.TYPES[kind](value) != (verdict == "accept"):
                    raise AssertionError("%s %r" % (kind, value))
                yield "value %s %s %s" % (kind, verdict, dash(value.encode().hex()))
    for label, reason, kind, text in record_cases():
        try:
            v.parse_record(text)
            verdict = "accept"
        except v.Fault:
            verdict = "reject"
        if (verdict == "accept") != (reason == "-"):
            raise AssertionError("record %s" % label)
        yield "record %s %s %s %s %s" % (label, verdict, reason, kind, dash(text.hex()))


# ---------------------------------------------------------------------------------------------
# Quotas and dates


def quotas():
    sizes = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 19, 20, 21, 39, 40, 41, 50, 99, 100, 101, 333, 1000,
             49999, 50000, 3000000, 2**31, 2**40]
    ratios = [0, 1, 10, 2500, 9999, 10000, 25000, 30000, 50000, 100000, 333333, 500000, 500001,
              750000, 999999, 1000000]
    for size, ratio in itertools.product(sizes, ratios):
        for rounding in ("half-up", "up", "down"):
            count = v.quota(size, ratio, rounding)
            yield "quota %d %d %s %d %s" % (size, ratio, rounding, count,
                                            v.report(size, size, ratio, count))
    for ratio in (1, 2, 9999, 10000, 30000, 333333, 999999, 1000000):
        for factor in (1, 100000, 500000, 999999, 1000000, 1000001, 2000000, 3333333, 100000000):
            yield "ratio %d %d %d" % (ratio, factor, max(1, v.adjusted(ratio, factor)))
    factors = (1, 999999, 1000000, 1000001, 100000000)
    for missing, first, second in itertools.product(v.CLASSES, factors, factors):
        yield "rank %s %d %d %s" % (missing, first, second, ",".join(
            v.strata_by_rank(missing, first, second)))


def qualities():
    for rows in (0, 1, 2, 199, 200, 201, 1000, 999999, 1000000, 1000001, 3002672, 2**40 + 7,
                 2**63 - 1):
        for least in (0, 1, 500000, 994999, 995000, 995001, 999999, 1000000):
            most = rows * (10**6 - least) // 10**6
            for wrong in sorted({0, 1, max(most - 1, 0), most, most + 1, rows}):
                if wrong <= rows:
                    enough = v.quality_enough(rows, rows - wrong, least)
                    yield "quality %d %d %d %s" % (rows, rows - wrong, least,
                                                   "enough" if enough else "low")


def dates():
    good, bad = VALUES["date"]
    for verdict, values in (("accept", good), ("reject", bad)):
        for value in values:
            yield "date %s %s" % (verdict, dash(value.encode().hex()))
    starts = ["1900-01-01", "1999-12-31", "2023-12-31", "2024-01-29", "2024-01-30", "2024-01-31",
              "2024-02-28", "2024-02-29", "2025-01-31", "2025-08-31", "2026-02-28", "2026-06-30",
              "2096-02-29", "2999-12-31"]
    for start in starts:
        for months in (0, 1, 2, 3, 6, 11, 12, 13, 24, 36, 47, 48, 49, 119, 120):
            yield "add %s %d %s" % (start, months, v.add_months(start, months))


# ---------------------------------------------------------------------------------------------
# Selection, visits, leaves


def check_selected(rows, members, of_entities, batches, ranked):
    """No unit twice, every object in its stratum, which is the worst of its unit, batches as even
    as can be."""
    facts = {obj: (entity if of_entities else obj, code) for obj, entity, code, _ in members}
    codes = {}
    for unit, code in facts.values():
        codes.setdefault(unit, set()).add(code)
    sizes = [sum(batch == n for _, _, batch in rows) for n in range(1, batches + 1)] or [0]
    if (len({facts[obj][0] for _, obj, _ in rows}) < len(rows) or max(sizes) - min(sizes) > 1
            or any(facts[obj][1] != stratum
                   or stratum != min(codes[facts[obj][0]] & set(ranked), key=ranked.index)
                   for stratum, obj, _ in rows)
            or (not batches and any(batch for _, _, batch in rows))):
        raise AssertionError("a selection is not what section 8 says")


def some_rank(s):
    """class.missing and two factors"""
    factors = (1, 500000, 10**6, 2 * 10**6, 10**8)
    return s.pick(v.CLASSES), s.pick(factors), s.pick(factors)


def units_of(members, of_entities, rank):
    units = v.Units(of_entities, v.strata_by_rank(*rank))
    for member in members:
        if member[2] in v.STRATA:
            units.add(*member)
    return units


def chances(units, stratum, order, weighs, count):
    """{unit: parts per million}, which add up to what is drawn as far as rounding lets them"""
    found = [unit for unit in order if units.stratum.get(unit) == stratum]
    if not weighs:
        return dict.fromkeys(found, v.per_million(count, len(found)) if found else 0)
    weights = v.Weights({unit: units.weight(unit) for unit in found}, count)
    made = {unit: weights.chance(unit) for unit in found}
    if abs(sum(made.values()) - count * 10**6) > len(found):
        raise AssertionError("the chances do not add up to the quota")
    return made


def pareto(units, stratum, numbers, count):
    """The order of a weighed stratum word by word, unit against unit."""
    weight = {unit: units.weight(unit) for unit in units.of_stratum(stratum)}
    rest, n, total, certain = set(weight), count, sum(weight.values()), set()
    while any(n * weight[unit] >= total for unit in rest):
        more = {unit for unit in rest if n * weight[unit] >= total}
        rest, certain = rest - more, certain | more
        n, total = n - len(more), total - sum(weight[unit] for unit in more)

    def before(i, j):
        one, two, whole = 2 * numbers[i] + 1, 2 * numbers[j] + 1, 2**65
        left = one * (whole - two) * (total - n * weight[i]) * weight[j]
        right = two * (whole - one) * (total - n * weight[j]) * weight[i]
        return (left, numbers[i], i) < (right, numbers[j], j) if left == right else left < right

    return sorted(certain, key=lambda unit: (numbers[unit], unit)) + sorted(
        rest, key=lambda unit: sum(before(other, unit) for other in rest))


def selection_case(label, s, of_entities, batches, members, quotas, rank, weighs=False):
    """One task. members: (object, entity, code, weight), ascending; rank: as of some_rank."""
    key, key_object = s.bytes().hex(), s.bytes().hex()
    units = units_of(members, of_entities, rank)
    everybody = {entity if of_entities else obj for obj, entity, *_ in members}
    numbers = {unit: int.from_bytes(v.ticket(key, unit)[:8], "big") for unit in everybody}
    order = v.ticket_order({unit: v.ticket(key, unit) for unit in everybody})
    rows = v.select_task(units, order, quotas, batches, key_object, weighs=weighs,
                         numbers=numbers)
    check_selected(rows, members, of_entities, batches, units.ranked)
    drawn = {unit for unit in units.stratum
             if any(obj in units.candidates(unit) for _, obj, _ in rows)}
    yield "case " + label
    yield "keys %s %s" % (key, key_object)
    yield "unit " + ("entity" if of_entities else "object")
    yield "design " + ("weighted" if weighs else "equal")
    yield "batches %d" % batches
    yield "missing " + rank[0]
    yield "factors %d %d" % rank[1:]
    yield "rank " + ",".join(units.ranked)
    for stratum in sorted(quotas):
        yield "quota %s %d" % (stratum, quotas[stratum])
    for member in members:
        yield "object %s %s %s %d" % member
    for stratum in sorted(quotas):
        count = quotas[stratum]
        ranked = v.stratum_order(units, stratum, order, weighs, count, numbers)
        chance = chances(units, stratum, order, weighs, count)
        if weighs and ranked != pareto(units, stratum, numbers, count):
            raise AssertionError("the order is not that of section 8")
        for unit in ranked:
            yield "order %s %s %s %d" % (stratum, unit, "drawn" if unit in drawn else "reserve",
                                         chance[unit])
    for stratum, obj, batch in sorted(rows):
        yield "selection %s %s %d" % (stratum, obj, batch)
    yield "end"


def selection():
    s = Stream("selection")
    for case in range(24):
        members = [(obj, obj, "A", 1) for obj in objects(s, s.pick([0, 1, 2, 3, 5, 8, 20, 60])
                                                      if case else 1)]
        count = s.pick([0, 1, len(members) // 3, len(members) // 2, len(members)])
        count = min(count, len(members))
        yield from selection_case("%d-of-%d-%d" % (count, len(members), case), s, False, 0,
                                  members, {"A": count}, some_rank(s))
    for case in range(60):
        found = objects(s, s.between(1, 40))
        entities = found[::s.pick([1, 2, 3, 7])]
        codes = s.pick([["A", "B", "closed"], list(v.STRATA) + ["type", "mode-calm"],
                        ["C", "C1", "U2", "cap-door"]])
        members = [(obj, s.pick(entities), s.pick(codes), 1) for obj in found]
        of_entities, rank = case % 3 > 0, some_rank(s)
        sizes = v.tally(units_of(members, of_entities, rank).stratum.values())
        quotas = {c: s.below(sizes.get(c, 0) + 1) for c in sorted({m[2] for m in members})
                  if c in v.STRATA}
        yield from selection_case("strata-%d" % case, s, of_entities,
                                  s.pick([0, 0, 1, 2, 3, 5, 12]), members, quotas, rank)
    yield from weighted_selection(s)


def weighted_selection(s):
    """Weights that are all the same, tied, spread, or huge for one; from nobody to everybody."""
    scales = [[1], [65535], [1, 65535], [1, 2, 3], [7, 7, 7, 8], [1, 10, 100, 1000, 10000],
              list(range(1, 40)), [1, 1, 1, 1, 1, 1, 1, 60000]]
    for case in range(72):
        scale, of_entities = scales[case % len(scales)], case % 3 == 2
        found = objects(s, s.pick([1, 2, 3, 5, 9, 24, 60]) if case < 64 else 300)
        entities = found[::s.pick([1, 1, 2, 3])]
        codes = s.pick([["B"], ["A", "B", "closed"], ["C", "C1", "U2", "cap-door"]])
        members = [(obj, s.pick(entities), s.pick(codes), s.pick(scale)) for obj in found]
        rank = some_rank(s)
        sizes = v.tally(units_of(members, of_entities, rank).stratum.values())
        quotas = {c: min(s.pick([0, 1, 2, 3, 10, 11, sizes.get(c, 0) // 2, sizes.get(c, 0)]),
                         sizes.get(c, 0))
                  for c in sorted({m[2] for m in members}) if c in v.STRATA}
        yield from selection_case("weighted-%d" % case, s, of_entities, s.pick([0, 0, 3]), members,
                                  quotas, rank, weighs=True)


class PlainTask:
    """As much of a task as section 9 needs."""

    def __init__(self, code, modes, window, lead, departments, batches):
        self.code, self.modes = code, dict(zip(v.CLASSES, modes))
        self.start, self.end = window
        self.lead, self.departments, self.batches = lead, departments, batches

    window = v.Task.window


class PlainPolicy:
    """As much of a policy as section 9 needs."""

    def __init__(self, missing, focus, together):
        self.values, self.focus, self.together = {"class.missing": missing}, focus, together

    real_class = v.Policy.real_class


def day(number):
    """Days counted over 28-day months, enough for windows."""
    return "2026-%02d-%02d" % (1 + number // 28, 1 + number % 28)


def visit_case(label, regions, policy, tasks, found, drawn):
    """found: (object, region, labels); drawn: (task, stratum, batch)."""
    obj, region, labels = found
    yield "case " + label
    for department in sorted(regions):
        apart = sorted(d for pair in policy.together.apart if department in pair
                       for d in pair - {department})
        yield "department %s %s %s" % (department, dash(regions[department]), joined(apart))
    yield "most %d" % policy.together.most
    yield "missing " + policy.values["class.missing"]
    yield "focus " + joined(sorted(policy.focus))
    for task in tasks:
        yield "task %s %s %s %s %s %s %s" % (
            task.code, ",".join(task.modes.values()), task.start, task.end, task.lead,
            ",".join(task.departments), joined("..".join(batch) for batch in task.batches))
    yield "object %s %s %s" % (obj, dash(region), joined(labels))
    for task, stratum, batch in drawn:
        yield "drawn %s %s %d" % (task.code, stratum, batch)
    lists = {d: v.PrefixList(r) for d, r in regions.items()}
    for visit in v.merge_visits(obj, region, [
            v.Drawn(task, stratum, batch, labels, policy) for task, stratum, batch in drawn],
            lists, policy.together):
        row = visit.row()
        yield "visit " + " ".join(dash(value) for value in row[1:])
    yield "end"


def some_batches(s, first, last):
    """Up to 12 ranges one after the other between two days (counted)."""
    ends = sorted({first + s.below(last - first + 1) for _ in range(s.pick([2, 4, 6, 24]))})
    return [(day(a), day(b)) for a, b in zip(ends[::2], ends[1::2])]


def alone_with(task, together):
    """Leaves as many departments of the task as may meet in one visit."""
    kept = []
    for department in sorted(task.departments, key=lambda d: (d != "market", d)):
        if together.allows(set(kept) | {department}):
            kept.append(department)
    task.departments = sorted(kept)
    if task.lead not in kept:
        task.lead = kept[0]


def visits():
    s = Stream("visits")
    names = ["fire", "health", "market", "water"]
    for case in range(240):
        region = s.pick(["330106", "330106001", "330106001002", "330110", ""])
        regions = {name: s.pick(["*", "3301", "330106,330110", "330106001", "44", ""])
                   for name in names}
        regions["market"] = "*"
        tasks = []
        for number in range(s.between(1, 7)):
            first = s.below(200)
            last = first + s.pick([0, 0, 1, 5, 20, 60, 100])
            departments = sorted(set(s.some(names, 50)) | {"market"})
            mode = s.pick(["onsite", "onsite", "offsite", "paper", "network"])
            modes = [mode] * 4 if s.chance(40) else [
                s.pick(["onsite", "paper", "network", "offsite"]) for _ in range(4)]
            tasks.append(PlainTask("t%d" % number, modes, (day(first), day(last)),
                                   s.pick(departments), departments,
                                   some_batches(s, first, last) if s.chance(40) else []))
        together = v.Together(0, set())
        if case >= 160:
            together = v.Together(s.pick([0, 1, 2, 2, 3]),
                                {frozenset(pair) for pair in itertools.combinations(names, 2)
                                 if s.chance(25)})
            for task in tasks:
                alone_with(task, together)
        policy = PlainPolicy(s.pick("ABCD"), {"focus", "red"} if s.chance(50) else set(), together)
        found = objects(s, 1)[0], region, s.some(["calm", "focus", "red"], 15)
        drawn = [(task, s.pick(v.STRATA), s.between(1, len(task.batches)) if task.batches else 0)
                 for task in [task for task in tasks if s.chance(75)] or tasks[:1]]
        yield from visit_case("random-%d" % case, regions, policy, tasks, found, drawn)


def leaves():
    s = Stream("leaves")
    for obj in objects(s, 6):
        key = s.bytes().hex()
        yield "salt %s %s %s" % (key, obj, v.frame_salt(key, obj))
    key = s.bytes().hex()
    for name in v.BEFORE_DRAW:
        yield "before %s %s %s" % (key, name, v.blind_before(key, name))
    for count in (1, 2, 3, 7, 20):
        key, entity = s.bytes().hex(), s.bytes().hex()
        made = []
        for obj in objects(s, count):
            number = v.ticket(entity, obj)
            tasks = s.some(["elevator", "fire", "food-1", "food-2"], 40)
            made.append(v.ticket_leaf(key, obj, number, tasks))
            yield "ticket-leaf %s %s %s %s %s" % (key, obj, number.hex(), joined(tasks),
                                                  made[-1].hex())
        yield "ticket-root %d %s" % (count, v.tree_root(sorted(made)))
    for count in (1, 2, 5, 12):
        key, made = s.bytes().hex(), []
        for obj in objects(s, count):
            for ordinal in range(1, s.between(2, 4)):
                departments = s.some(["fire", "health"], 50) + ["market"]
                made.append(v.visit_leaf(key, obj, str(ordinal), departments))
                yield "visit-leaf %s %s %d %s %s" % (key, obj, ordinal, ",".join(departments),
                                                     made[-1].hex())
        yield "visit-root %d %s" % (len(made), v.tree_root(sorted(made)))


# ---------------------------------------------------------------------------------------------
# Rule SHP


class Instance:
    """One department: limits {inspector: personal limit}, assignments, slack, keys."""

    def __init__(self, label, slack, limits, assignments, keys_):
        self.label, self.slack, self.limits, self.keys = label, slack, limits, keys_
        self.assignments = assignments

    def solve(self):
        return v.assign_department(self.assignments, self.limits, self.slack, self.keys)


def instance(label, s, counts, density, places, limits, slack):
    """counts: (assignments, inspectors); density in per cent."""
    inspectors = ["FIRE-%04d" % (i + 1) for i in range(counts[1])]
    found = []
    for obj in objects(s, counts[0]):
        ordinal = str(s.pick([1, 1, 1, 2, 10]))
        found.append(v.Assignment(obj, ordinal, "fire", s.between(*places),
                                  s.some(inspectors, density)))
    return Instance(label, slack, {i: s.between(*limits) for i in inspectors}, found,
                    {"slot": s.bytes().hex(), "candidate": s.bytes().hex()})


def lean_on(case, inspector):
    """Makes one inspector eligible everywhere."""
    for assignment in case.assignments:
        assignment.eligible = sorted(set(assignment.eligible) | {inspector})
    return case


def instances():
    s = Stream("shp")
    for number in range(160):  # small enough for all fills to be listed
        counts = (s.between(1, 4), s.between(1, 4))
        yield instance("tiny-%d" % number, s, counts, s.pick([30, 50, 70]),
                       s.pick([(1, 1), (1, 2), (1, 3)]),
                       s.pick([(1, 1), (1, 2), (1, 3), (3, 9)]), s.pick([100, 100, 120, 150]))
    for number in range(70):
        counts = (s.between(4, 16), s.between(2, 9))
        yield instance("small-%d" % number, s, counts, s.pick([15, 25, 40, 80]), (1, 3),
                       s.pick([(1, 2), (1, 4), (2, 8), (9, 30)]), s.pick([100, 110, 150, 300]))
    for number in range(60):  # FIRE-0002 alone can do much of the work: his capacity rises
        base = instance("tiny-raise-%d" % number, s, (s.between(3, 6), 3), 12,
                        s.pick([(1, 1), (1, 1), (1, 2)]), s.pick([(1, 4), (2, 9), (9, 9)]), 100)
        yield lean_on(base, "FIRE-0002")
    for number in range(12):
        yield lean_on(instance("raise-%d" % number, s, (s.between(5, 20), 4), 12, (1, 1),
                               (3, 30), 100), "FIRE-0002")
    for number in range(6):  # a real week: many visits, few spare places
        yield instance("wide-%d" % number, s, (60, 14), 35, (1, 2), (4, 12), 110)


def shp():
    for case in instances():
        slots, capacity = case.solve()
        yield "case " + case.label
        yield "slack %d" % case.slack
        yield "keys %s %s" % (case.keys["slot"], case.keys["candidate"])
        yield "department fire"
        for inspector, limit in sorted(case.limits.items()):
            yield "inspector %s %d" % (inspector, limit)
        for a in case.assignments:
            yield "assignment %s %s %d %s" % (a.object, a.ordinal, a.places, joined(a.eligible))
        for slot, who in sorted(slots.items(), key=lambda pair: pair[0].split("\n")[:4]):
            obj, ordinal, _, place, _ = slot.split("\n")
            yield "slot %s %s %s %s" % (obj, ordinal, place, dash(who))
        for inspector, numbers in sorted(capacity.items()):
            yield "capacity %s %d %d %d %d" % ((inspector,) + numbers)
        yield "end"


def all_fills(assignments, capacity):
    """Every fill, as a set of pairs, by going through the choices one pair at a time."""
    pairs = [(a, i) for a, found in enumerate(assignments) for i in found.eligible]

    def extend(place, chosen, left_places, left_capacity):
        if place == len(pairs):
            yield frozenset(chosen)
            return
        a, i = pairs[place]
        yield from extend(place + 1, chosen, left_places, left_capacity)
        if left_places[a] and left_capacity[i]:
            yield from extend(place + 1, chosen + [(a, i)],
                              {**left_places, a: left_places[a] - 1},
                              {**left_capacity, i: left_capacity[i] - 1})

    yield from extend(0, [], {a: f.places for a, f in enumerate(assignments)}, capacity)


def largest_fills(assignments, capacity):
    fills = list(all_fills(assignments, capacity))
    most = max(map(len, fills))
    return most, [fill for fill in fills if len(fill) == most]


def reached(assignments, fill):
    """R for one largest fill, by going round until nothing new comes."""
    at = {a for a, f in enumerate(assignments) if sum(p[0] == a for p in fill) < f.places}
    inspectors = set()
    while True:
        more = {i for a in at for i in assignments[a].eligible if (a, i) not in fill}
        held = {a for a, i in fill if i in more}
        if more <= inspectors and held <= at:
            return inspectors
        inspectors |= more
        at |= held


def connected(assignments):
    """Components by repeated joining: (assignments, inspectors)."""
    groups = []
    for found in assignments:
        touching = [g for g in groups if g[1] & set(found.eligible)]
        groups = [g for g in groups if g not in touching]
        groups.append(([a for g in touching for a in g[0]] + [found],
                       set(found.eligible).union(*(g[1] for g in touching))))
    return [g for g in groups if g[1]]


def exhaust(case):
    """Rule SHP word by word, with every fill listed."""
    slots = {(a.object, a.ordinal, place): "" for a in case.assignments
             for place in range(1, a.places + 1)}
    capacity_rows = {i: (0, 0, 0, 0) for i in case.limits}
    for assignments, inspectors in connected(case.assignments):
        total = sum(a.places for a in assignments)
        share = (total * case.slack + 100 * len(inspectors) - 1) // (100 * len(inspectors))
        first = {i: min(share, case.limits[i]) for i in inspectors}
        capacity = dict(first)
        size, fills = largest_fills(assignments, capacity)
        while size < total:
            sets = {frozenset(reached(assignments, fill)) for fill in fills}
            if len(sets) != 1:
                raise AssertionError("R differs between largest fills")
            more = [i for i in sets.pop() if capacity[i] < case.limits[i]]
            if not more:
                break
            for i in more:
                capacity[i] += 1
            size, fills = largest_fills(assignments, capacity)
        tiers = {i: int(size < total and i in reached(assignments, fills[0]))
                 for i in inspectors}
        used = exhaust_slots(case, assignments, fills, slots, (capacity, tiers))
        for i in inspectors:
            capacity_rows[i] = (first[i], capacity[i], used.count(i), tiers[i])
    return slots, capacity_rows


def outside(assignments, taken, a, inspectors):
    """(left, number of the free ones outside) of an assignment"""
    mine = {i for b, i in taken if b == a}
    return (assignments[a].places - len(mine),
            len(set(assignments[a].eligible) - mine - set(inspectors)))


def is_tight(assignments, capacity, taken, size, inspectors):
    return size - len(taken) == sum(
        capacity[i] - sum(j == i for _, j in taken) for i in inspectors) + sum(
            min(outside(assignments, taken, a, inspectors)) for a in range(len(assignments)))


def pass_over(assignments, capacity, tiers, taken, size, a, i):
    """`tier` word by word: every set of inspectors is asked whether it is tight."""
    left, lower = outside(assignments, taken, a, [j for j in tiers if tiers[j] >= tiers[i]])
    if tiers[i] >= 1 and lower >= left:
        return
    tight = [set(chosen) for n in range(1, len(tiers) + 1)
             for chosen in itertools.combinations(tiers, n)
             if i in chosen and is_tight(assignments, capacity, taken, size, chosen)]
    least, old = set.intersection(*tight), dict(tiers)
    if least not in tight:
        raise AssertionError("there is no smallest tight set")
    for j in tiers:
        tiers[j] += old[j] > old[i] or (old[j] == old[i] and j in least)


def exhaust_slots(case, assignments, fills, slots, people):
    capacity, tiers = people
    order, used = [], []
    for a, found in enumerate(assignments):
        for place in range(1, found.places + 1):
            text = "%s\n%s\n%s\n%d\n" % (found.object, found.ordinal, found.department, place)
            order.append((hashlib.sha256((case.keys["slot"] + text).encode()).digest(), a, place,
                          text))
    taken = set()
    for _, a, place, text in sorted(order):
        found = assignments[a]
        ranked = sorted((hashlib.sha256((case.keys["candidate"] + text + i + "\n").encode())
                         .digest(), i) for i in found.eligible)
        for _, i in ranked:
            if (a, i) in taken:
                continue
            with_pair = [fill for fill in fills if (a, i) in fill]
            if with_pair:  # `fills` are those with all pairs taken so far
                fills = with_pair
                taken.add((a, i))
                used.append(i)
                slots[found.object, found.ordinal, place] = i
                break
            if used.count(i) < capacity[i]:
                pass_over(assignments, capacity, tiers, taken, len(fills[0]), a, i)
    return used


def shown(case, slots, capacity):
    """Do the slots follow from the tiers by counting, and another draw not?"""
    flat = {i: numbers[:3] + (0,) for i, numbers in capacity.items()}
    for found in v.components(case.assignments):
        tiers = {capacity[i][3] for a in found for i in a.eligible}
        if v.Counted(found, case.limits, capacity, slots).check(case.keys) is not None:
            return False
        if max(tiers) and v.Counted(found, case.limits, flat, slots).check(case.keys) is None:
            return False
    return True


def check_exhaustively():
    """(instances compared, first that differs or None)"""
    count = 0
    for case in instances():
        if not case.label.startswith("tiny"):
            continue
        slots, capacity = case.solve()
        mine = {(t[0], t[1], int(t[3])): who
                for t, who in ((slot.split("\n"), who) for slot, who in slots.items())}
        if (mine, capacity) != exhaust(case) or not shown(case, slots, capacity):
            return count, case.label
        count += 1
    return count, None


# ---------------------------------------------------------------------------------------------
# Schedule


PLACES = ["", "330106", "330106001", "330106001001", "330106001002", "330106002", "330110001001"]


def schedule():
    s = Stream("schedule")
    for case in range(60):
        days = sorted({day(s.below(60)) for _ in range(s.pick([0, 1, 2, 5, 12, 25]))})
        names = ["FIRE-%04d" % (i + 1) for i in range(s.between(1, 6))]
        leaves_ = {}
        for name in names:
            found = set()
            for _ in range(s.below(3)):
                first = s.below(60)
                found.add("%s..%s" % (day(first), day(first + s.below(9))))
            leaves_[name] = sorted(found)
        visits_ = []
        for obj in objects(s, s.between(1, 14)):
            for ordinal in range(1, s.pick([2, 2, 3, 12])):
                first = s.below(50)
                visits_.append((obj, str(ordinal), day(first), day(first + s.below(30)),
                                s.pick(["onsite", "onsite", "offsite"]), s.pick(PLACES),
                                s.some(names, 40)))
        visits_.sort(key=lambda visit: visit[:2])

        def on_leave(name, date, leaves_=leaves_):
            return any(a <= date <= b for a, b in (x.split("..") for x in leaves_[name]))

        placed = v.schedule(visits_, days, on_leave)
        yield "case random-%d" % case
        yield from ("day " + date for date in days)
        yield from ("inspector %s %s" % (name, joined(leaves_[name])) for name in names)
        for *known, region, who in visits_:
            yield "visit %s %s %s" % (" ".join(known), dash(region), joined(who))
        for visit in visits_:
            date, half = placed[visit[:2]]
            yield "half %s %s %s %s" % (visit[0], visit[1], dash(date), dash(half))
        yield "end"
    for _ in range(40):
        filled = {(d, str(p)): "%s-%04d" % (d.upper(), s.below(9000))
                  for d in ("fire", "health", "market") for p in range(1, 9) if s.chance(12)}
        lead = s.pick(["fire", "health", "market"])
        yield "leader %s %s %s" % (
            lead, joined("%s/%s/%s" % (d, p, who) for (d, p), who in sorted(filled.items())),
            dash(v.leader(lead, filled)))


# ---------------------------------------------------------------------------------------------
# Frame


def lenient(basis, **changes):
    """The paths of a mode that holds for everybody all year, but for the changes."""
    found = {"basis": basis, "name": basis, "classes": "*", "except": "", "from": "2026-01-01",
             "to": "2026-12-31", "industries": "*", "regions": "*", "kinds": "*", "labels": "*",
             "statuses": "*", "lifts": "no", "months": "0", "scope": "all", "start": "none",
             "version": "1"}
    found.update(changes)
    return found


def capping(basis, counts, most, **changes):
    found = {"basis": basis, "name": basis, "classes": "*", "counts": counts, "days": "0",
             "departments": "*", "kinds": "*", "labels": "*", "levels": "*", "most": most,
             "version": "1"}
    found.update(changes)
    return found


def base_catalogue():
    """Departments, fields and items."""
    p = {}
    for d, regions in (("fire", "*"), ("health", "330106,330110"), ("market", "3301")):
        p.update({"department.%s.inspects" % d: "yes", "department.%s.name" % d: d + " 局",
                  "department.%s.regions" % d: regions, "department.%s.apart" % d: ""})
    for field, strict in (("fire-safety", "yes"), ("food", "no"), ("price", "no")):
        p.update({"field.%s.name" % field: field + " 领域", "field.%s.strict" % field: strict})
    for item, d, field, kind in (
            ("alarm", "fire", "fire-safety", "key"), ("exit", "fire", "fire-safety", "general"),
            ("hygiene", "health", "food", "general"), ("label", "market", "food", "general"),
            ("price", "market", "price", "general"), ("seal", "market", "", "general")):
        p.update({"item.%s.basis" % item: "法 " + item, "item.%s.department" % item: d,
                  "item.%s.field" % item: field, "item.%s.kind" % item: kind,
                  "item.%s.name" % item: item})
    return p


def base_oversight():
    """Modes, caps, adjustments, matrix."""
    modes = {
        "observation": lenient("观察期", start="established", months="12", lifts="yes",
                               scope="general", **{"except": "complaint"}),
        "quiet": lenient("无事不扰", regions="330106001", classes="A,B", scope="general",
                         lifts="yes", version="3", **{"except": "complaint,pool"}),
        "sandbox": lenient("沙盒", labels="sandbox", to="2026-06-30", version="2"),
        "tolerance": lenient("宽容期", statuses="suspended", start="status", months="6"),
    }
    caps = {
        "desk": capping("检查频次", "checks", "3", days="400", labels="pool",
                        departments="market"),
        "door": capping("入企频次", "entries", "2", levels="county,street",
                        departments="health,market", version="4"),
        "low": capping("低风险一次", "entries", "1", classes="A", levels="county",
                       kinds="enterprise,individual", departments="market"),
    }
    p = {"adjust.1.basis": "激励", "adjust.1.factor": "500000", "adjust.1.labels": "star",
         "adjust.2.basis": "异常名录", "adjust.2.factor": "2000000", "adjust.2.labels": "late,pool",
         "focus.labels": "focus"}
    for kind, found in (("mode", modes), ("cap", caps)):
        for code, values in found.items():
            p.update({"%s.%s.%s" % (kind, code, key): value for key, value in values.items()})
    for general, row in zip(v.CLASSES, ("AABC", "ABCD", "BCCD", "CDDD")):
        p.update({"matrix." + general + c: combined for c, combined in zip(v.CLASSES, row)})
    return p


def base_policy():
    """A complete policy: 3 departments, 6 items, 4 tasks, 4 modes, 3 caps. {path: value}"""
    p = {"ceiling.general": "500000", "class.missing": "B", "cycle.from": "2026-01-01",
         "cycle.to": "2026-12-31", "inspectors.limit": "40", "inspectors.rotation": "0",
         "inspectors.slack": "120",
         "rounding": "half-up", "strata.empty": "report", "visits.departments": "0"}
    p.update({"rule.%s.basis" % code: "依据 " + code for code in v.RULES})
    p.update(base_catalogue())
    p.update(base_oversight())
    tasks = {
        "cinema": dict(industries="R", items="alarm,exit,hygiene", lead="fire", safety="yes",
                       officers="2", labels="cinema,theatre", kinds="*", regions="*",
                       level="city", **{"class": "worst"}),
        "food": dict(industries="F52,H62", items="hygiene,label", lead="market", safety="no",
                     officers="2", labels="*", kinds="enterprise,individual", regions="3301",
                     level="county", **{"class": "matrix"}),
        "market": dict(industries="*", items="label,price,seal", lead="market", safety="no",
                       officers="1", labels="*", kinds="*", regions="*", level="county",
                       frequency="2", **{"class": "professional"}),
        "papers": dict(industries="*", items="price", lead="market", safety="no", officers="2",
                       labels="*", kinds="enterprise", regions="330106", level="county",
                       **{"class": "general"}),
    }
    windows = {"cinema": ("2026-03-10", "2026-04-30"), "food": ("2026-03-01", "2026-03-31"),
               "market": ("2026-03-15", "2026-05-29"), "papers": ("2026-03-01", "2026-06-30")}
    modes = {"cinema": "onsite onsite onsite onsite", "food": "paper onsite onsite onsite",
             "market": "network paper onsite onsite", "papers": "offsite network paper paper"}
    for task, found in tasks.items():
        found = {"frequency": "1", "minimum": "0", "batches": "", "reason": "",
                 "ceiling-reason": "", "coordination": "own", "design": "equal", **found}
        found.update({"category": "special" if task == "cinema" else "daily",
                      "from": windows[task][0], "to": windows[task][1], "name": task + " 检查",
                      "officers-basis": "法 第一条" if found["officers"] == "1" else ""})
        found.update({"ratio.A": "10000", "ratio.B": "30000", "ratio.C": "100000",
                      "ratio.D": "1000000"})
        found.update({"mode." + c: mode for c, mode in zip(v.CLASSES, modes[task].split())})
        p.update({"task.%s.%s" % (task, key): value for key, value in found.items()})
    p["task.cinema.reason"] = "人员密集场所"
    p["task.market.batches"] = ("2026-03-16..2026-03-31,2026-04-07..2026-04-30,"
                                "2026-05-06..2026-05-29")
    return p


def random_facts(s, number):
    """One row of facts; objects come in pairs of one entity."""
    facts = dict.fromkeys(v.FACTS, "")
    facts.update({
        "object": "91330100%010d" % number, "entity": "91330100%010d" % (number - number % 2),
        "kind": s.pick(["enterprise"] * 6 + ["individual", "individual", "cooperative", "office",
                                             "other", ""]),
        "industry": s.pick(["R", "R90", "R9053", "F52", "F5211", "H62", "H6210", "A01", "H621", "",
                            "C"]),
        "region": s.pick(["330106"] * 4 + ["330106001", "330106001002", "330110", "330110",
                                           "330110005", "330200", ""]),
        "established": s.pick(["2010-05-01"] * 3 + ["", "2025-02-14", "2025-02-13", "2025-02-15",
                                                    "2024-02-29"]),
        "status": s.pick(["open"] * 8 + ["", "cancelled", "revoked", "moved", "suspended",
                                         "suspended"]),
        "since": s.pick(["", "2025-08-13", "2025-08-14", "2025-08-15", "2025-08-31"]),
        "class": s.pick(["A", "B", "C", "D", ""]),
        "classes": ",".join("%s=%s" % (field, s.pick(v.CLASSES)) for field in s.some(
            ["fire-safety", "food", "noise", "price"], 30)),
        "labels": ",".join(label for label, share in (
            ("cinema", 30), ("complaint", 15), ("focus", 15), ("late", 15), ("pool", 12),
            ("sandbox", 5), ("star", 20), ("theatre", 20)) if s.chance(share)),
        "checked": ",".join(s.some(
            ["*=2025-12-31", "*=2026-02-01", "alarm=2026-01-01", "hygiene=2026-02-13",
             "label=2026-02-14", "label=2026-02-15", "price=2025-06-01", "price=2026-01-09",
             "unknown=2026-02-01"], 5)),
        "entered": ",".join(s.some(
            ["2025-01-09/county/market/entry", "2025-01-11/city/market/remote",
             "2025-12-31/county/market/entry", "2026-01-01/city/fire/entry",
             "2026-01-20/county/health/entry", "2026-01-20/county/market/entry",
             "2026-01-20/county/market/remote", "2026-02-03/street/health/entry",
             "2026-02-14/county/market/entry", "2026-02-15/county/market/entry"], 9)),
        "reserved": s.pick(["0"] * 9 + ["1", "2"])})
    return list(facts.values())


def paired_facts(s, count):
    """Rows of facts; `entered` and `reserved` are the same in both rows of an entity."""
    shared = [v.FACTS.index(column) for column in ("entered", "reserved")]
    first = None
    for number in range(count):
        facts = random_facts(s, number)
        if number % 2:
            for place in shared:
                facts[place] = first[place]
        first = facts
        yield facts


LONG = "m" * 28


def policy_variants():
    """(label, changes {path: value or None to take it out}, reason or -)"""
    yield "base", {}, "-"
    yield "month-ends", {"mode.observation.months": "0", "mode.tolerance.months": "120"}, "-"
    yield "cycle-to-come", {"cycle.from": "2026-02-15", "cycle.to": "2026-06-30"}, "-"
    yield "nothing-matches", {"task.market.kinds": "", "task.food.industries": ""}, "-"
    yield "fire-nowhere", {"department.fire.regions": "", "department.health.regions": ""}, "-"
    yield "classes-otherwise", {"task.food.class": "worst", "task.market.class": "matrix",
                                "task.papers.class": "professional"}, "-"
    yield "caps-only", {"mode.%s.to" % m: "2026-02-13" for m in (
        "observation", "quiet", "sandbox", "tolerance")}, "-"
    yield "adjusted-otherwise", {"adjust.1.factor": "1000001", "adjust.2.factor": "1"}, "-"
    yield "adjusted-alike", {"adjust.1.factor": "2000000"}, "-"
    yield "modes-by-class", {"mode.quiet.regions": "*", "mode.quiet.scope": "all",
                             "mode.quiet.lifts": "no", "mode.observation.classes": "A,D,U"}, "-"
    yield "no-leniency", {"field.food.strict": "yes", "field.price.strict": "yes",
                          "cap.desk.most": "999", "cap.door.most": "999",
                          "cap.low.most": "999"}, "-"
    yield "caps-by-day", {"cap.desk.days": "3660", "cap.door.days": "13", "cap.low.days": "25",
                          "cap.desk.labels": "*", "cap.desk.most": "1",
                          "cap.desk.departments": "*"}, "-"
    yield "caps-of-classes", {"cap.desk.classes": "A,U", "cap.door.classes": "B", "cap.desk.most": "1",
                              "cap.desk.labels": "*", "cap.door.most": "1"}, "-"
    yield "path-missing", {"rounding": None}, "missing"
    yield "task-path-missing", {"task.food.ratio.C": None}, "missing"
    yield "task-mode-missing", {"task.food.mode.C": None}, "missing"
    yield "rule-missing", {"rule.closed.basis": None}, "missing"
    yield "matrix-missing", {"matrix.DA": None}, "missing"
    yield "adjustment-missing", {"adjust.2.labels": None}, "missing"
    yield "mode-path-missing", {"mode.quiet.except": None}, "missing"
    yield "cap-path-missing", {"cap.door.levels": None}, "missing"
    yield "field-path-missing", {"field.food.strict": None}, "missing"
    yield "path-unknown", {"colour": "red"}, "unknown"
    yield "path-of-old", {"observation.months": "12"}, "unknown"
    yield "task-path-unknown", {"task.food.ratio.E": "1"}, "unknown"
    yield "task-mode-without-class", {"task.food.mode": "onsite"}, "unknown"
    yield "rule-unknown", {"rule.tolerance.basis": "x"}, "unknown"
    yield "matrix-unknown", {"matrix.AU": "A"}, "unknown"
    yield "adjustment-unknown", {"adjust.3.labels": ""}, "unknown"
    yield "owner-not-token", {"department.Fire.name": "x"}, "unknown"
    yield "half-a-department", {"department.water.name": "x"}, "missing"
    yield "class-e", {"class.missing": "E"}, "value"
    yield "class-u", {"class.missing": "U"}, "value"
    yield "matrix-u", {"matrix.AB": "U"}, "value"
    yield "cycle-backwards", {"cycle.from": "2027-01-01"}, "value"
    yield "cycle-just", {"cycle.from": "2026-03-01", "cycle.to": "2026-06-30"}, "-"
    yield "cycle-from-late", {"cycle.from": "2026-03-02"}, "lawful"
    yield "cycle-to-early", {"cycle.to": "2026-06-29"}, "lawful"
    yield "cycle-of-last-year", {"cycle.from": "2025-01-01", "cycle.to": "2025-12-31"}, "lawful"
    yield "slack-99", {"inspectors.slack": "99"}, "value"
    yield "slack-1001", {"inspectors.slack": "1001"}, "value"
    yield "rotation-3661", {"inspectors.rotation": "3661"}, "value"
    yield "limit-0", {"inspectors.limit": "0"}, "value"
    yield "limit-10000", {"inspectors.limit": "10000"}, "value"
    yield "months-121", {"mode.tolerance.months": "121"}, "value"
    yield "months-120", {"mode.tolerance.months": "120"}, "-"
    yield "rounding-even", {"rounding": "half-even"}, "value"
    yield "ratio-above", {"task.food.ratio.A": "1000001"}, "value"
    yield "officers-0", {"task.food.officers": "0"}, "value"
    yield "officers-9", {"task.food.officers": "9"}, "value"
    yield "one-officer-without-basis", {"task.market.officers-basis": ""}, "lawful"
    yield "basis-without-one-officer", {"task.food.officers-basis": "法"}, "lawful"
    yield "items-empty", {"task.food.items": ""}, "value"
    yield "items-unsorted", {"task.food.items": "label,hygiene"}, "value"
    yield "item-unknown", {"task.food.items": "hygiene,none-such"}, "lawful"
    yield "item-without-department", {"item.label.department": "water"}, "lawful"
    yield "item-without-field", {"item.label.field": "water"}, "lawful"
    yield "item-of-no-field", {"item.label.field": ""}, "-"
    yield "lead-elsewhere", {"task.food.lead": "fire"}, "lawful"
    yield "may-not-inspect", {"department.health.inspects": "no"}, "lawful"
    yield "text-with-space", {"task.food.name": " x"}, "value"
    yield "text-empty", {"item.label.basis": ""}, "value"
    yield "regions-unsorted", {"department.health.regions": "330110,330106"}, "value"
    yield from variants_of_oversight()
    yield from variants_of_tasks()


def variants_of_oversight():
    yield "adjust-basis-empty", {"adjust.1.basis": ""}, "lawful"
    yield "adjust-nobody", {"adjust.1.basis": "", "adjust.1.labels": "", "adjust.2.labels": "",
                            "adjust.2.basis": ""}, "-"
    yield "adjust-basis-for-nobody", {"adjust.1.labels": ""}, "-"
    yield "adjust-basis-long", {"adjust.1.basis": "法" * 66 + "xyz"}, "value"
    yield "adjust-basis-longest", {"adjust.1.basis": "法" * 66 + "xy"}, "-"
    yield "adjust-same-label", {"adjust.1.labels": "late,star"}, "lawful"
    yield "adjust-star", {"adjust.1.labels": "*"}, "value"
    yield "factor-0", {"adjust.1.factor": "0"}, "value"
    yield "factor-above", {"adjust.1.factor": "100000001"}, "value"
    yield "factor-most", {"adjust.2.factor": "100000000"}, "-"
    yield "ceiling-above", {"ceiling.general": "1000001"}, "value"
    yield "focus-star", {"focus.labels": "*"}, "value"
    yield "focus-nobody", {"focus.labels": ""}, "-"
    yield "field-empty-name", {"field.food.name": ""}, "value"
    yield "field-strict-maybe", {"field.food.strict": "maybe"}, "value"
    for kind, paths in (("mode", lenient("更多")), ("cap", capping("更多", "entries", "1"))):
        for length, reason in ((27, "-"), (28, "unknown")):
            yield "%s-of-%d" % (kind, length), {"%s.%s.%s" % (kind, LONG[:length], key): value
                                                for key, value in paths.items()}, reason
    yield "mode-backwards", {"mode.quiet.from": "2027-01-01"}, "lawful"
    yield "mode-class-e", {"mode.quiet.classes": "A,E"}, "value"
    yield "mode-classes-unsorted", {"mode.quiet.classes": "B,A"}, "value"
    yield "mode-except-star", {"mode.quiet.except": "*"}, "value"
    yield "mode-scope-key", {"mode.quiet.scope": "key"}, "value"
    yield "mode-start-open", {"mode.quiet.start": "open"}, "value"
    yield "mode-lifts-empty", {"mode.quiet.lifts": ""}, "value"
    yield "mode-version-0", {"mode.quiet.version": "0"}, "value"
    yield "mode-version-9999", {"mode.quiet.version": "9999"}, "-"
    yield "mode-version-10000", {"mode.quiet.version": "10000"}, "value"
    yield "mode-lists-empty", {"mode.quiet.classes": "", "mode.sandbox.statuses": "",
                               "mode.tolerance.industries": ""}, "-"
    yield "cap-most-0", {"cap.door.most": "0"}, "value"
    yield "cap-most-1000", {"cap.door.most": "1000"}, "value"
    yield "cap-days-3661", {"cap.door.days": "3661"}, "value"
    yield "cap-counts-visits", {"cap.door.counts": "visits"}, "value"
    yield "cap-departments-elsewhere", {"cap.door.departments": "customs,water"}, "-"
    yield "cap-levels-elsewhere", {"cap.door.levels": "nation"}, "-"
    yield "cap-lists-empty", {"cap.door.departments": "", "cap.desk.levels": "",
                              "cap.low.kinds": ""}, "-"
    yield "no-modes-no-caps", {"%s.%s.%s" % (kind, code, path): None
                               for kind, codes, paths in (
                                   ("mode", ("observation", "quiet", "sandbox", "tolerance"),
                                    lenient("")), ("cap", ("desk", "door", "low"),
                                                   capping("", "", "")))
                               for code in codes for path in paths}, "-"
    for kind, paths in (("mode", lenient("更多")), ("cap", capping("更多", "checks", "9"))):
        already = {"mode": 4, "cap": 3}[kind]
        for count, reason in ((99, "-"), (100, "lawful")):
            yield "%s-%ss" % (count, kind), {
                "%s.n%d.%s" % (kind, n, key): value for n in range(count - already)
                for key, value in {**paths, "classes": ""}.items()}, reason


def variants_of_tasks():
    yield "ratios-fall", {"task.food.ratio.C": "20000"}, "lawful"
    yield "ratios-fall-reasoned", {"task.food.ratio.C": "20000", "task.food.reason": "上级部署"}, "-"
    yield "ratios-even", {"task.food.ratio.%s" % c: "50000" for c in v.CLASSES}, "-"
    yield "ratio-0", {"task.food.ratio.A": "0"}, "lawful"
    yield "ratio-0-reasoned", {"task.food.ratio.A": "0", "task.food.reason": "信用激励"}, "-"
    yield "a-onsite", {"task.food.mode.A": "onsite"}, "lawful"
    yield "a-onsite-reasoned", {"task.food.mode.A": "onsite", "task.food.reason": "x"}, "-"
    yield "a-onsite-in-a-strict-task", {"task.cinema.reason": "", "item.alarm.kind": "general"}, "-"
    yield "mixed-items", {"item.label.kind": "key", "task.market.reason": "x"}, "lawful"
    yield "mixed-items-in-a-strict-task", {"task.cinema.reason": ""}, "lawful"
    yield "mixed-items-reasoned", {"item.label.kind": "key", "task.food.reason": "x",
                                   "task.market.reason": "x"}, "-"
    yield "a-onsite-in-a-strict-field", {"task.food.mode.A": "onsite",
                                         "field.food.strict": "yes"}, "-"
    yield "strict-ratio-0", {"task.cinema.ratio.A": "0"}, "lawful"
    yield "strict-ratio-0-by-field", {"task.food.ratio.A": "0", "task.food.reason": "x",
                                      "field.food.strict": "yes"}, "lawful"
    yield "strict-ratios-fall", {"task.cinema.ratio.B": "9999", "task.cinema.reason": "",
                                 "item.alarm.kind": "general"}, "lawful"
    yield "strict-ratios-fall-reasoned", {"task.cinema.ratio.B": "9999"}, "-"
    yield "weighted", {"task.food.design": "weighted"}, "-"
    yield "design-pareto", {"task.food.design": "pareto"}, "value"
    yield "design-missing", {"task.food.design": None}, "missing"
    yield "shared", {"task.food.coordination": "shared-cutoff", "task.food.minimum": "0"}, "-"
    yield "shared-with-minimum", {"task.food.coordination": "shared-cutoff",
                                  "task.food.minimum": "1"}, "lawful"
    yield "shared-and-weighted", {"task.food.coordination": "shared-cutoff",
                                  "task.food.minimum": "0", "task.food.design": "weighted"}, "lawful"
    yield "coordination-cutoff", {"task.food.coordination": "cutoff"}, "value"
    yield "coordination-empty", {"task.food.coordination": ""}, "value"
    yield "departments-99", {"visits.departments": "99"}, "-"
    yield "departments-100", {"visits.departments": "100"}, "value"
    yield "departments-missing", {"visits.departments": None}, "missing"
    yield "departments-2", {"visits.departments": "2"}, "-"
    yield "departments-1", {"visits.departments": "1"}, "lawful"
    yield "apart", {"department.fire.apart": "market"}, "-"
    yield "apart-in-a-task", {"department.health.apart": "market"}, "lawful"
    yield "apart-in-a-task-as-the-other-says", {"department.market.apart": "health"}, "lawful"
    yield "apart-from-itself", {"department.fire.apart": "fire"}, "lawful"
    yield "apart-from-nobody", {"department.fire.apart": "water"}, "lawful"
    yield "apart-star", {"department.fire.apart": "*"}, "value"
    yield "apart-missing", {"department.fire.apart": None}, "missing"
    yield "a-offsite", {"task.food.mode.A": "offsite", "task.food.mode.D": "network"}, "-"
    yield "mode-e", {"task.food.mode.E": "onsite"}, "unknown"
    yield "mode-other", {"task.food.mode.B": "remote"}, "value"
    yield "level-nation", {"task.food.level": "nation"}, "value"
    yield "class-best", {"task.food.class": "best"}, "value"
    yield "frequency-0", {"task.food.frequency": "0"}, "value"
    yield "frequency-12", {"task.food.frequency": "12"}, "-"
    yield "frequency-13", {"task.food.frequency": "13"}, "value"
    yield "minimum-above", {"task.food.minimum": "1000001"}, "value"
    yield "reason-with-space", {"task.food.reason": "x "}, "value"
    yield "ceiling-reason", {"task.food.ceiling-reason": "上级部署"}, "-"
    yield "ceiling-reason-with-space", {"task.food.ceiling-reason": "x "}, "value"
    yield "ceiling-reason-missing", {"task.food.ceiling-reason": None}, "missing"
    yield "ceiling-reason-is-no-reason", {"task.food.ratio.C": "20000",
                                          "task.food.ceiling-reason": "x"}, "lawful"
    days = ["2026-03-%02d..2026-03-%02d" % (n, n) for n in range(1, 14)]
    for label, batches, reason in (
            ("12", ",".join(days[:12]), "-"), ("13", ",".join(days), "value"),
            ("whole", "2026-03-01..2026-03-31", "-"),
            ("early", "2026-02-28..2026-03-05", "lawful"),
            ("late", "2026-03-30..2026-04-01", "lawful"),
            ("touch", "2026-03-01..2026-03-10,2026-03-10..2026-03-20", "value"),
            ("unsorted", "2026-03-11..2026-03-20,2026-03-01..2026-03-10", "value"),
            ("within", "2026-03-01..2026-03-20,2026-03-05..2026-03-10", "value"),
            ("backwards", "2026-03-10..2026-03-09", "value"),
            ("no-day", "2026-03-30..2026-03-32", "value"),
            ("one-day", "2026-03-10", "value"), ("star", "*", "value")):
        yield "batches-" + label, {"task.food.batches": batches}, reason


def policy_lines(label, changes, reason):
    """(lines, policy or None) of a block of frame.txt or strata.txt: the whole policy in the block
    "base", what differs from it in the others."""
    values = base_policy()
    if label == "base":
        lines = ["policy\t%s\t%s" % row for row in sorted(values.items())]
    else:
        lines = ["drop\t" + path if value is None else "set\t%s\t%s" % (path, value)
                 for path, value in sorted(changes.items())]
    values.update(changes)
    rows = sorted((path, value) for path, value in values.items() if value is not None)
    try:
        policy = v.parse_policy(rows)
    except v.Fault:
        policy = None
    if (policy is None) != (reason != "-"):
        raise AssertionError("policy %s" % label)
    return ["case\t" + label] + lines, policy


FACT_VALUES = {  # column: (good, bad)
    "object": (["A", "91330100MA00000001", "SITE:1/2", "R.1-x".upper()],
               ["", "a", "A B", "A" * 56, "A,B", "甲"]),
    "entity": (["A" * 55], ["", "e1"]),
    "kind": (["", "enterprise", "individual", "cooperative", "office", "other"],
             ["Enterprise", "shop", "*", "enterprise,office"]),
    "industry": (["", "A", "T", "F52", "F521", "F5211"], ["U", "52", "F5", "F52111", "f52", "*"]),
    "region": (["", "330106", "330106001", "330106001002"],
               ["3301", "3301061", "33010600100", "33010600100x", "*"]),
    "established": (["", "1900-01-01", "2024-02-29", "2999-12-31"],
                    ["2025-02-29", "1899-12-31", "2025-2-9", "20250209"]),
    "status": (["", "open", "cancelled", "revoked", "moved", "suspended"], ["closed", "Open"]),
    "since": (["", "2025-12-31"], ["2025-12-32"]),
    "class": (["", "A", "D"], ["U", "E", "a", "AB", "*"]),
    "classes": (["", "food=A", "fire=D,food=A", "a-b=A,a=B", "%s=C" % ("f" * 32)],
                ["food", "food=", "food=U", "food=E", "=A", "*=A", "food=A,food=A",
                 "food=A,food=B", "food=A,fire=B", "a=A,a-b=B", "food=AB", "food=a", "Food=A", ",",
                 "food=A,", "%s=C" % ("f" * 33), "food=A=A"]),
    "labels": (["", "a", "a,b", "a,a-b"], ["*", "b,a", "a,a", "a,", "A", "a b", "a-b,a", "=a"]),
    "checked": (["", "*=2025-01-01", "*=2025-01-01,alarm=2025-01-01", "a=2025-01-01,a=2025-01-02"],
                ["alarm", "alarm=", "alarm=2025-02-30", "a=2025-01-02,a=2025-01-01",
                 "a=2025-01-01,a=2025-01-01", "alarm=*", "A=2025-01-01"]),
    "entered": (["", "2026-01-20/county/market/entry", "2026-01-20/x/y/remote",
                 "2026-01-20/county/a/entry,2026-01-20/county/a/remote,2026-01-20/street/a/entry",
                 "2999-12-31/city/%s/entry" % ("d" * 32)],
                ["2026-01-20", "2026-01-20/county/market", "2026-01-20/county/market/door",
                 "2026-01-20/county/market/entry/", "2026-01-20/county/market/Entry",
                 "2026-01-20//market/entry", "2026-01-20/county//entry", "/county/market/entry",
                 "2026-02-29/county/market/entry", "2026-01-20/*/market/entry",
                 "2026-01-20/county/*/entry", "*",
                 "2026-01-20/county/market/entry,2026-01-20/county/market/entry",
                 "2026-01-20/county/market/remote,2026-01-20/county/market/entry",
                 "2026-01-20/county/%s/entry" % ("d" * 33)]),
    "reserved": (["0", "1", "10", "999"], ["", "00", "01", "1000", "-1", "+1", " 1", "x", "1.0"]),
}


def fact_values():
    for (column, (good, bad)), form in zip(FACT_VALUES.items(), v.FACT_FORMS):
        for verdict, values in (("accept", good), ("reject", bad)):
            for value in values:
                if form(value) != (verdict == "accept"):
                    raise AssertionError("%s %r" % (column, value))
                yield "fact\t%s\t%s\t%s" % (column, verdict, value)


def frame():
    if list(FACT_VALUES) != v.FACTS:
        raise AssertionError("FACT_VALUES has other columns than the frame")
    yield from fact_values()
    s = Stream("frame")
    for number, (label, changes, reason) in enumerate(policy_variants()):
        lines, policy = policy_lines(label, changes, reason)
        yield from lines
        yield "policy-verdict\t%s\t%s" % ("reject" if policy is None else "accept", reason)
        if policy:
            date = "2026-02-14"
            yield "date\t" + date
            for task in policy.tasks:
                yield "task\t" + task
            for facts in paired_facts(s, 160 if number < 13 else 8):
                codes = [v.task_code(v.Facts(facts), task, policy, date)
                         for task in policy.tasks.values()]
                yield "\t".join(["facts"] + facts)
                yield "\t".join(["codes"] + codes)
        yield "end"


# ---------------------------------------------------------------------------------------------
# Strata


def strata_variants():
    """(label, changes, percentage of objects in a stratum, strata, reason or -)"""
    every, plain = v.STRATA, ("A", "B", "C", "D", "U")
    tasks = ("cinema", "food", "market", "papers")
    reasoned = {"task.%s.reason" % t: "依法全覆盖" for t in tasks}
    exempt = {**reasoned, **{"task.%s.ceiling-reason" % t: "依法全覆盖" for t in tasks}}
    least = {"task.%s.minimum" % t: m for t, m in (
        ("cinema", "300000"), ("food", "650000"), ("market", "999999"), ("papers", "1000000"))}
    zero = {"task.%s.ratio.%s" % (t, c): "0" for t in ("food", "market", "papers") for c in "AB"}
    yield "base", {}, 80, plain, "-"
    yield "every-stratum", {**exempt}, 90, every, "-"
    yield "up", {**exempt, "rounding": "up"}, 90, every, "-"
    yield "down", {**exempt, "rounding": "down"}, 90, every, "-"
    yield "minimum", {**exempt, **least}, 70, every, "-"
    yield "minimum-but-not-for-ratios-of-0", {**exempt, **least, **zero}, 70, every, "-"
    yield "minimum-of-everybody", {**exempt, **zero, "class.missing": "A", **{
        "task.%s.minimum" % t: "1000000" for t in tasks}}, 70, \
        every, "-"
    yield "focus-on-nobody", {**exempt, "focus.labels": ""}, 80, every, "-"
    yield "ratios-of-zero", {**exempt, **zero, "adjust.2.factor": "100000000"}, 70, every, "-"
    yield "missing-d", {**exempt, "class.missing": "D"}, 70, ("U", "U1", "U2"), "-"
    yield "tiny-factors", {**exempt, "adjust.1.factor": "1",
                           "adjust.2.factor": "50"}, 90, every, "-"
    yield "great-factors", {**exempt, "adjust.1.factor": "100000000",
                            "adjust.2.factor": "3333333"}, 90, every, "-"
    yield "caps-of-checks", {**exempt, "cap.door.counts": "checks", "cap.low.counts": "checks",
                             "cap.low.levels": "city"}, 80, every, "-"
    yield "no-entities", {**exempt, "cap.desk.departments": "", "cap.door.departments": "",
                          "cap.low.departments": "fire"}, 80, every, "-"
    yield "all-entities", {**exempt, "cap.desk.departments": "*"}, 80, every, "-"
    for missing in v.CLASSES:
        for first, second in (("2000000", "500000"), ("1000000", "1000000"), ("999999", "1")):
            yield "rank-%s-%s-%s" % (missing, first, second), {
                **exempt, "class.missing": missing, "adjust.1.factor": first,
                "adjust.2.factor": second, **{"task.%s.minimum" % t: "250000" for t in tasks}}, \
                85, every, "-"
    yield "minimum-of-those-kept-out-too", {**exempt, **{
        "task.%s.minimum" % t: "200000" for t in tasks}}, 35, every, "-"
    yield "few", {**exempt}, 12, every, "-"
    yield "ceiling-met", {"ceiling.general": "1000000"}, 80, plain, "-"
    yield "ceiling-passed", {"ceiling.general": "0"}, 80, plain, "ceiling"
    yield "ceiling-0-with-reasons", {**exempt, "ceiling.general": "0"}, 80, plain, "-"
    yield "ceiling-0-with-other-reasons", {**reasoned, "ceiling.general": "0"}, 80, plain, "ceiling"
    yield "ceiling-below-minimum", {**least, "ceiling.general": "0",
                                    "task.cinema.minimum": "0"}, 80, ("A", "B"), "-"
    yield "empty-refused", {**exempt, "strata.empty": "refuse"}, 80, ("A", "C", "D"), "empty"
    yield "full-not-refused", {**exempt, "strata.empty": "refuse"}, 97, every, "-"
    yield "nobody", {**exempt}, 0, plain, "nobody"
    shared = {"task.%s.coordination" % t: "shared-cutoff" for t in tasks}
    even = {"task.%s.ratio.%s" % (t, c): r for t in tasks
            for c, r in zip(v.CLASSES, ("30000", "100000", "300000", "500000"))}
    kinds = {"cap.desk.departments": "", "cap.low.departments": "fire"}
    yield "shared", {**exempt, **shared}, 80, every, "-"
    yield "shared-and-even", {**exempt, **shared, **even}, 60, every, "-"
    yield "shared-by-some", {**exempt, **even, "task.food.coordination": "shared-cutoff",
                             "task.papers.coordination": "shared-cutoff"}, 60, every, "-"
    yield "shared-by-one", {**exempt, "task.food.coordination": "shared-cutoff"}, 60, every, "-"
    yield "shared-of-both-kinds", {**exempt, **shared, **even, **kinds}, 60, plain, "-"
    yield "shared-by-objects", {**exempt, **shared, **even, **kinds,
                                "cap.door.departments": ""}, 40, plain, "-"
    yield "shared-few", {**exempt, **shared, **even}, 6, plain, "-"
    yield "shared-down", {**exempt, **shared, **even, "rounding": "down"}, 20, every, "-"
    yield "shared-ceiling", {**reasoned, **shared, **even, "ceiling.general": "299999"}, 60, \
        ("C",), "ceiling"
    yield "shared-empty-refused", {**exempt, **shared, "strata.empty": "refuse"}, 80, \
        ("A", "C", "D"), "empty"
    yield "weighted", {**exempt, **{"task.%s.design" % t: "weighted" for t in tasks}}, 80, plain, "-"


def strata_objects(s, policy, share, among):
    """Rows of object, entity and codes; up to five objects of one entity, scattered."""
    count = s.between(90, 130)
    out = list(policy.rules)
    for number in range(count):
        entity = "E%04d" % (s.below(count) if s.chance(50) else number % 23)
        yield ["P%04d" % number, entity] + [
            s.pick(among) if s.chance(share) else s.pick(out) for _ in policy.tasks]


def check_unions(policy, units, rows):
    """`among` of every row, counted anew: over all other rows."""
    for task, stratum, _, own, among, *_ in rows:
        mine = policy.tasks[task]
        others = [t for t in policy.tasks.values() if t is mine or (
            mine.shares and t.shares and t.draws_entities() == mine.draws_entities()
            and v.stratum_ratio(policy, t, stratum) == v.stratum_ratio(policy, mine, stratum))]
        found = {unit for t in others for unit, code in units[t.code].stratum.items()
                 if code == stratum}
        if len(found) != int(among) or (not mine.shares and own != among):
            raise AssertionError("among of %s %s is not that of section 6.3" % (task, stratum))


def strata_made(policy, members):
    """The rows of strata and ledger of (object, entity, codes …), or why they are refused."""
    artefact = v.Artefact("", v.columns_of("frame", policy.tasks)[0], [
        "\t".join(row[:2] + [""] * (len(v.FACTS) - 2) + row[2:] + ["1", ""]) for row in members])
    counts = v.tally((task, row[place]) for row in members
                     for place, task in enumerate(policy.tasks, 2))
    found = v.units_of_tasks(policy, artefact)
    rows = v.strata_rows(policy, counts, found)
    v.check_strata_filled(policy, rows)
    check_unions(policy, found, rows)
    for task in policy.tasks.values():
        units, among, quotas, ratios = ([int(row[n]) for row in rows if row[0] == task.code]
                                        for n in (3, 4, 5, 6))
        reach = sum(n for n, ratio in zip(units, ratios) if ratio)
        everybody = sum(units) + sum(n for (code, why), n in counts.items() if code == task.code
                                     and why not in v.STRATA + ("type", "remit", "closed"))
        if (sum(quotas) < min(reach, -(-everybody * task.minimum // 10**6))
                or any(n > (most if ratio else 0)
                       for n, most, ratio in zip(quotas, among, ratios))):
            raise AssertionError("the quotas of %s are not those of section 6.3" % task.code)
    return sorted(rows), sorted(v.ledger_rows(policy, counts))


def strata():
    s = Stream("strata")
    for label, changes, share, among, reason in strata_variants():
        lines, policy = policy_lines(label, changes, "-")
        yield from lines
        for task in policy.tasks:
            yield "task\t" + task
        members = list(strata_objects(s, policy, share, among))
        for row in members:
            yield "\t".join(["object"] + row)
        try:
            found, ledger = strata_made(policy, members)
        except v.Fault:
            found, ledger = None, None
        if (found is None) != (reason != "-"):
            raise AssertionError("strata %s" % label)
        yield "verdict\t%s\t%s" % ("reject" if found is None else "accept", reason)
        for row in found or []:
            yield "\t".join(["strata"] + row)
        for row in ledger or []:
            yield "\t".join(["ledger"] + row)
        yield "end"


# ---------------------------------------------------------------------------------------------

FILES = {
    "tickets.txt": (tickets, "ticket K_entity OBJECT TICKET U"),
    "keys.txt": (keys, "case: text, seed, key NAME HASH, blind ARTEFACT HASH, reveal B C, end"),
    "merkle.txt": (merkle, "entry INDEX HEX; root SIZE HASH; frontier SIZE LIST; "
                           "inclusion INDEX SIZE LIST; consistency OLD NEW LIST"),
    "commit.txt": (commit, "commit FREEZE-LEAF SECRET COMMITMENT"),
    "content.txt": (content, "content KIND BLINDING CONTENT-HEX HASH"),
    "notes.txt": (notes, "vkey VERDICT REASON HEX; ed25519 VERDICT REASON PUBLIC MESSAGE "
                         "SIGNATURE; note LABEL VERDICT REASON VKEYS SIGNERS HEX"),
    "records.txt": (records, "value TYPE VERDICT HEX; record LABEL VERDICT REASON KIND HEX"),
    "quota.txt": (quotas, "quota N PPM ROUNDING QUOTA REPORT; ratio R FACTOR RESULT; rank MISSING "
                          "FACTOR1 FACTOR2 LIST"),
    "quality.txt": (qualities, "quality ROWS CORRECT MIN enough|low"),
    "dates.txt": (dates, "date VERDICT HEX; add DATE MONTHS DATE"),
    "selection.txt": (selection, "case: keys K_entity K_object, unit, batches, missing CLASS, "
                                 "factors FACTOR1 FACTOR2, rank LIST, quota STRATUM N, "
                                 "object OBJECT ENTITY CODE, order STRATUM UNIT drawn|reserve, "
                                 "selection STRATUM OBJECT BATCH, end"),
    "visits.txt": (visits, "case: department TOKEN REGIONS, missing CLASS, focus LABELS, task CODE "
                           "MODES FROM TO LEAD DEPARTMENTS BATCHES, object OBJECT REGION LABELS, "
                           "drawn TASK STRATUM BATCH, visit ORDINAL MODE FROM TO LEAD TASKS "
                           "DEPARTMENTS, end"),
    "shp.txt": (shp, "case: slack, keys K_slot K_candidate, department, inspector ID LIMIT, "
                     "assignment OBJECT ORDINAL PLACES ELIGIBLE, slot OBJECT ORDINAL PLACE "
                     "INSPECTOR, capacity INSPECTOR FIRST FINAL USED TIER, end"),
    "schedule.txt": (schedule, "case: day, inspector ID LEAVE, visit OBJECT ORDINAL FROM TO "
                               "MODE REGION INSPECTORS, half OBJECT ORDINAL DAY HALF, end; "
                               "leader LEAD FILLED INSPECTOR"),
    "leaves.txt": (leaves, "salt KEY OBJECT SALT; before KEY ARTEFACT BLIND; ticket-leaf K_salt "
                           "OBJECT TICKET TASKS LEAF; ticket-root COUNT ROOT; visit-leaf K_blind "
                           "OBJECT ORDINAL DEPARTMENTS LEAF; visit-root COUNT ROOT"),
    "frame.txt": (frame, "tabs; fact COLUMN VERDICT VALUE; case: policy|set PATH VALUE, drop "
                         "PATH, policy-verdict VERDICT REASON, date, task, facts + 14 columns, codes + one a task, end"),
    "strata.txt": (strata, "tabs; case: policy|set PATH VALUE, drop PATH, task, object OBJECT "
                           "ENTITY CODE..., verdict VERDICT REASON, strata + its columns, ledger + its columns, "
                           "end"),
}


def make(name):
    lines, form = FILES[name]
    head = ["# Made by make_vectors.py from sampler/verify.py; README.md describes the form.",
            "# " + form]
    return ("\n".join(head + list(lines())) + "\n").encode()


def check_file(name):
    try:
        with open(os.path.join(HERE, name), "rb") as file:
            return file.read() == make(name)
    except FileNotFoundError:
        return False


def tell(good, name):
    print(("ok " if good else "not ok ") + name)
    return good


def check():
    good = [tell(check_file(name), "vectors/" + name) for name in FILES]
    count, wrong = check_exhaustively()
    good.append(tell(count and not wrong, "rule SHP against all fills listed, %d instances%s" % (
        count, ", then " + wrong if wrong else "")))
    return 0 if all(good) else 1


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    if sys.argv[1:]:
        print(__doc__)
        return 2
    for name in FILES:
        with open(os.path.join(HERE, name), "wb") as file:
            file.write(make(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
