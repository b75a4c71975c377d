#!/usr/bin/env python3
"""Runs the commands of PROTOCOL.md's Appendix A and compares what they print with the text and
with sampler/verify.py. `--print` prints the block as it should stand."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROTOCOL = os.path.join(HERE, "..", "..", "sampler", "PROTOCOL.md")
sys.path.insert(0, os.path.join(HERE, "..", "..", "sampler"))
import verify as v  # noqa: E402


def worked_block():
    text = open(PROTOCOL, encoding="utf-8").read()
    return text.split("## Appendix A.")[1].split("```\n")[1].split("```")[0]


def run(commands):
    """The block anew: every command and what it prints, all in one shell."""
    mark = "---mark---"
    script = "".join("%s\necho %s\n" % (command, mark) for command in commands)
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True,
                             check=True).stdout
    parts = out.split(mark + "\n")
    return "".join("$ %s\n%s" % pair for pair in zip(commands, parts))


def printed(block):
    return [line.split()[0] for line in block.splitlines() if not line.startswith("$ ")]


def computed():
    """The same values from the second implementation."""
    freeze, lock, secret = "1" * 64, "2" * 64, bytes.fromhex("3" * 64)
    text = v.seed_text(lock, secret, [("dice", "20260007", "3141526535")])
    keys = v.derive_keys(text)
    obj = "91512081MA62K0260E"
    number = v.ticket(keys["entity"], obj)
    leaf = v.ticket_leaf(keys["salt"], obj, number, ["catering", "fire-safety"])
    return [value.hex() if isinstance(value, bytes) else value for value in (
        v.commitment(freeze, secret), v.sha256(text), keys["entity"], number,
        leaf,
        v.hexhash(keys["slot"], obj, "\n1\nscjg\n2\n"), v.blind_after(keys, "selection"),
        v.content_hash("reveal", v.reveal_blinding(keys), text))]


def main():
    block = worked_block()
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    anew = run(commands)
    if "--print" in sys.argv:
        print(anew, end="")
        return 0
    bad = 0
    for name, same in (("the commands print what the text says", anew == block),
                       ("verify.py computes the same", computed() == printed(block))):
        print("%s worked bytes: %s" % ("ok" if same else "not ok", name))
        bad += not same
    return bad


sys.exit(main())
