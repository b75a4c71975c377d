#!/usr/bin/env python3
"""Holds verify.py against the test data of other implementations.

    check_conformance.py [--check]

DRAWD_TEST_DATA names the folder with `vectors/` (RFC 6962 trees, Go's and C2SP's signed notes, a
log of Tessera, drand and NIST beacons); without it everything is skipped.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402



def accepted(check, *arguments):
    try:
        return check(*arguments)
    except v.Fault:
        return None


class Data:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "vectors")

    def bytes(self, *path):
        with open(os.path.join(self.folder, *path), "rb") as file:
            return file.read()

    def text(self, *path):
        return self.bytes(*path).decode().rstrip("\n")

    def json(self, *path):
        return json.loads(self.bytes(*path))

    def key(self, *path):
        return v.parse_vkey(self.text(*path))


def tree8(data):
    found = data.json("rfc6962", "tree8.json")
    leaves = [v.entry_leaf(bytes.fromhex(entry)) for entry in found["leaf_inputs_hex"]]
    yield "leaves of the eight-leaf tree", [h.hex() for h in leaves] == found["node_hashes"][0]
    roots = [v.tree_root(leaves[:size]) for size in range(9)]
    yield "roots of sizes 0 to 8", roots == found["roots_by_size_0_to_8"]


def signers(note, *keys):
    """How many of the keys signed; None where the note is rejected."""
    known = {(key.name, key.id): key for key in keys}
    parsed = accepted(v.parse_note, note, "the note")
    if parsed is None:
        return None
    found = accepted(v.known_signers, parsed, known)
    return None if found is None else len(found)


def notes(data):
    peter, enoch = data.key("note", "peter.vkey"), data.key("note", "enoch.vkey")
    one, two = data.bytes("note", "peter.note"), data.bytes("note", "peter+enoch.note")
    example = data.bytes("note", "c2sp-example.note")
    yield "note of one signer", signers(one, peter) == 1
    yield "note of two signers", signers(two, peter, enoch) == 2
    yield "note of two signers, one known", signers(two, enoch) == 1
    yield "note of the C2SP text", signers(example, data.key("note", "c2sp-example.vkey")) == 1
    text, blank, line = one.rpartition(b"\n\n")
    text += b"\n"
    malformed = [text[:-1], text, one[:-1], b"\1" + one, b"\xff" + one,
                 one.replace(b"\x94 Peter", b"\x94 Peter "), one + b"Unexpected line.\n",
                 text + b"\n" + line * 101]
    yield "malformed notes", all(signers(note, peter) is None for note in malformed)
    at = len(text) + 1 + 60
    yield "signature with four letters more", signers(one[:at] + b"ABCD" + one[at:],
                                                      peter) is None
    yield "the same line twice", signers(one + line, peter) == 1 and blank == b"\n\n"
    yield "another name unknown", signers(one + "\u2014 someone AAAABBBB\n".encode(), peter) == 1


def mangled(text):
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            if end - start < len(text):
                yield text[start:end]
    for place, letter in enumerate(text):
        yield text[:place] + chr(ord(letter) + 1) + text[place + 1:]


def vkeys(data):
    text = data.text("note", "peter.vkey")
    yield "verifier key", str(data.key("note", "peter.vkey")) == text
    yield "mangled verifier keys", not any(accepted(v.parse_vkey, bad)
                                          for bad in mangled(text))
    bad = data.text("note", "bad.vkeys").split("\n")
    yield "bad verifier keys", not any(accepted(v.parse_vkey, key) for key in bad)


def bundle_entries(data):
    """The entries of a tile of entries: each behind its 16-bit length."""
    entries, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 2], "big")
        entries.append(data[at + 2:at + 2 + size])
        at += 2 + size
    return entries


def log(data):
    folder = ("tlog", "tessera-log")
    key = data.key("tlog", "tessera-log.vkey")
    entries = bundle_entries(data.bytes(*folder, "tile", "entries", "000.p", "15"))
    tree, good = v.Tree(), True
    for size in range(16):
        checkpoint = v.parse_checkpoint(data.bytes(*folder, "checkpoint.%d" % size), "checkpoint")
        known = {(key.name, key.id): key}
        good = good and (checkpoint.origin == key.name and checkpoint.size == size
                         and checkpoint.root == tree.root()
                         and len(v.known_signers(checkpoint.note, known)) == 1)
        if size < 15:
            tree.add(v.entry_leaf(entries[size]))
    yield "16 checkpoints of Tessera, signatures and roots", good


def beacons(data):
    found = data.json("drand", "quicknet.json")["beacons"]
    drand_pulse, drand_value = v.BEACONS["drand"]
    yield "drand beacons", all(drand_pulse(str(x["round"])) and drand_value(x["randomness"])
                              and v.hexhash(bytes.fromhex(x["signature"])) == x["randomness"]
                              for x in found) and len(found) > 0
    pulse = data.json("nist", "pulse-54610.json")["pulse"]
    yield "NIST pulse", v.BEACONS["nist"][1](pulse["outputValue"].lower())


def main():
    folder = os.environ.get("DRAWD_TEST_DATA")
    if not folder:
        print("skipped conformance: DRAWD_TEST_DATA is not set")
        return 0
    data, good = Data(folder), True
    for results in (tree8, notes, vkeys, log, beacons):
        for name, passed in results(data):
            good = m.tell(passed, "conformance: " + name) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] in ([], ["--check"]) else print(__doc__) or 2)
