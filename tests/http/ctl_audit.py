"""An audit log and a public log that anchors it, made to be verified and to be forged.

ctl_audit.py make DIR   writes DIR/audit.jsonl (400 entries) and the texts to be signed:
                        DIR/note.0 … records of the log, DIR/checkpoint
ctl_audit.py serve DIR  what a server would answer (ctl_wire.py), from the signed notes DIR/note.0.signed …
                        and DIR/checkpoint.signed
ctl_audit.py log DIR    only the public log
"""
import base64
import hashlib
import json
import os
import sys

what, folder = sys.argv[1:3]
ENTRIES, ANCHORS = 400, {100: "2026-03-01", 250: "2026-03-02", 390: "2026-03-03"}


def sha(data):
    return hashlib.sha256(data).digest()


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
        out.write(text)


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def make_audit():
    last, lines, heads = bytes(32), [], {}
    for seq in range(1, ENTRIES + 1):
        text = (f"drawd/audit/v1\nseq {seq}\nat {1772000000000000 + seq}\naccount lead\nperson 10011\n"
                f"roles coordinator\nvia token\naddress local\nroute round.new\nact made\nobject-kind round\n"
                f"object 2026-{seq:04}\ndepartment \nbefore none\nafter {sha(b'x').hex()}\n"
                "reason 年度计划\\n第二行\ndetail {}\n")
        last = sha(last + text.encode())
        heads[seq] = last.hex()
        lines.append(json.dumps({"seq": seq, "hash": last.hex(), "text": text}, ensure_ascii=False))
    write("audit.jsonl", "\n".join(lines) + "\n")
    return heads


def bundles(notes):
    for i in range(0, len(notes), 256):
        part = notes[i:i + 256]
        path = f"/tile/entries/{i // 256:03}" + (f".p/{len(part)}" if len(part) < 256 else "")
        body = b"".join(len(n).to_bytes(2, "big") + n for n in part)
        yield ["GET", path, 200, {"Content-Type": "application/octet-stream"},
               {"base64": base64.b64encode(body).decode()}]


notes = []
if what == "make":
    heads = make_audit()
    # an entry of another kind stands between the anchors
    write("note.0", f"drawd/key/v1\nauthority demo.example/log\nrole log\nvkey {sys.argv[3]}\n"
          "from 1\nprevious none\n")
    for i, (seq, date) in enumerate(ANCHORS.items(), 1):
        write(f"note.{i}", f"drawd/anchor/v1\ndate {date}\nentries {seq}\naudit {heads[seq]}\n")
else:
    while os.path.exists(os.path.join(folder, f"note.{len(notes)}.signed")):
        notes.append(read(f"note.{len(notes)}.signed"))
if what == "checkpoint":
    tree = base64.b64encode(root([sha(b"\x00" + n) for n in notes])).decode()
    write("checkpoint", f"{sys.argv[3]}\n{len(notes)}\n{tree}\n")
if what in ("serve", "log"):
    answers = [["GET", "/checkpoint", 200, {"Content-Type": "text/plain"}, read("checkpoint.signed").decode()]]
    answers += bundles(notes)
    if what == "serve":
        entries = [json.loads(line) for line in read("audit.jsonl").decode().splitlines()]
        pages = [entries[i:i + 150] for i in range(0, len(entries), 150)]
        after = 0
        for page in pages:
            more = page[-1]["seq"] if page is not pages[-1] else None
            answers.append(["GET", f"/api/v1/audit/chain?after={after}", 200, {}, {"entries": page, "next": more}])
            after = more
    print(json.dumps(answers))
