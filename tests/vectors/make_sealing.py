#!/usr/bin/env python3
"""Personal facts at rest, a second time (daemon/register/sealing.h), by the Python standard library alone:
writes sealing.txt; --check compares."""
import base64
import hashlib
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MASK = 0xFFFFFFFF


def rotate(v, n):
    return (v << n | v >> (32 - n)) & MASK


def quarter(s, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & MASK
        s[z] = rotate(s[z] ^ s[x], n)


def rounds(state):
    s = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(s, a, b, c, d)
    return s


def initial(key, rest):
    return list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + \
        list(struct.unpack("<4I", rest))


def chacha_block(key, counter, nonce):  # RFC 8439
    state = initial(key, struct.pack("<I", counter) + nonce)
    return struct.pack("<16I", *((a + b) & MASK for a, b in zip(rounds(state), state)))


def hchacha(key, nonce):  # draft-irtf-cfrg-xchacha
    s = rounds(initial(key, nonce))
    return struct.pack("<8I", *(s[0:4] + s[12:16]))


def poly1305(key, text):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    acc = 0
    for i in range(0, len(text), 16):
        acc = (acc + int.from_bytes(text[i:i + 16] + b"\1", "little")) * r % ((1 << 130) - 5)
    return ((acc + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def pad(b):
    return b + bytes(-len(b) % 16)


def seal_bytes(key, nonce, bound, text):
    key, nonce = hchacha(key, nonce[:16]), bytes(4) + nonce[16:]
    stream = b"".join(chacha_block(key, 1 + i, nonce) for i in range((len(text) + 63) // 64))
    out = bytes(a ^ b for a, b in zip(text, stream))
    tag = poly1305(chacha_block(key, 0, nonce)[:32],
                   pad(bound) + pad(out) + struct.pack("<QQ", len(bound), len(out)))
    return out + tag


def blake(key, size, text):
    return hashlib.blake2b(text, key=key, digest_size=size).digest()


def mask(fact, text):
    head, tail = {"phone": (3, 4), "id_no": (3, 4), "born": (4, 0)}.get(fact, (1, 0))
    if len(text) < head + tail + 3:
        head, tail = 1, 0
    if len(text) == 1:
        head = 0
    shown = (c if i < head or i >= len(text) - tail or c == "-" else "*" for i, c in enumerate(text))
    return "".join("*" if c == " " else c for c in shown)


def seal(key, table, fact, row, text):
    place = ("drawd/personal/v1\n%s\n%s\n%s\n" % (table, fact, row)).encode()
    nonce = blake(blake(key, 32, b"drawd/personal/nonce/v1"), 24, place + text.encode())
    sealed = nonce + seal_bytes(blake(key, 32, b"drawd/personal/seal/v1"), nonce, place, text.encode())
    return mask(fact, text) + " " + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


CASES = (
    ("entities", "phone", "91350200MA2YJ1XR9G", "13812345678"),
    ("entities", "phone", "91350200MA2YJ1XR9G/02", "13812345678"),
    ("entities", "phone", "91350200MA2YJ1XR9G", "010-8888 1234"),
    ("entities", "phone", "91350200MA2YJ1XR9G", "12345"),
    ("entities", "liaison", "91350200MA2YJ1XR9G", "某甲乙"),
    ("entities", "liaison", "R110108000000017", "某"),
    ("inspectors", "id_no", "SCJG-0001", "11010519491231002X"),
    ("inspectors", "born", "SCJG-0001", "1949-12-31"),
    ("inspectors", "phone", "SCJG-0001", "13812345678"),
    ("experts", "phone", "zj-1", "电话 " * 40),
)


def text():
    key = hashlib.sha256(b"sealing.txt").digest()
    lines = ["# Made by make_sealing.py; README.md describes the form.", "key " + key.hex()]
    for table, fact, row, value in CASES:
        lines.append("personal %s %s %s %s %s" % (table, fact, row, value.encode().hex(),
                                                  seal(key, table, fact, row, value).encode().hex()))
    return "\n".join(lines) + "\n"


def main():
    # RFC 8439 §2.5.2 and draft-irtf-cfrg-xchacha-03 A.3.1
    assert poly1305(bytes.fromhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"),
                    b"Cryptographic Forum Research Group").hex() == "a8061dc1305136c6c22b8baf0c0127a9"
    assert seal_bytes(bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)),
                      bytes.fromhex("50515253c0c1c2c3c4c5c6c7"),
                      b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                      b"future, sunscreen would be it.")[-16:].hex() == "c0875924c1c7987947deafd8780acf49"
    path = os.path.join(HERE, "sealing.txt")
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if open(path, encoding="utf-8").read() == text() else "sealing.txt differs")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text())


main()
