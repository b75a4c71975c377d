"""Clients that take nothing or do not end what they send, and one that wants an answer. Called by life.sh:

    slow.py SOCKET ACCOUNT=TOKEN...

The web process has two connections to the database; import 1 has 20,000 row errors, job 1 runs."""
import socket
import sys
import time

from client import Client

SOCKET = sys.argv[1]
TOKENS = dict(a.split("=", 1) for a in sys.argv[2:])
failures = 0


def slow(request, account, body=b"", narrow=True):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if narrow:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect(SOCKET)
    s.sendall(f"{request}\r\nHost: localhost\r\nAuthorization: Bearer {TOKENS[account]}\r\n".encode() + body)
    return s


def export(n):
    """An export of 8 MB, of which nothing is taken."""
    kind = ("csv", "jsonl")[n % 2]
    return slow(f"GET /api/v1/imports/1/errors?format={kind} HTTP/1.1", ("clerk-scjg", "head-scjg")[n % 2], b"\r\n")


def stream(n):
    """Progress of a job that goes on."""
    # eight for each account are allowed
    who = ("clerk-scjg", "head-scjg", "lead", "auditor", "admin", "lead2", "admin2")[n // 8]
    return slow("GET /api/v1/jobs/1/events HTTP/1.1", who, b"\r\n")


def post(n):
    """A change with its key, whose body does not come."""
    return slow("POST /api/v1/uploads HTTP/1.1", "clerk-scjg",
                f"Idempotency-Key: slow-post-{n:04}\r\nContent-Length: 40\r\n\r\n{{".encode())


def half(n):
    """A header that does not end."""
    return slow("GET /api/v1/jobs HTTP/1.1", "clerk-scjg", b"X: ")


def answered(client):
    """How long a read takes, and a change with its key."""
    began = time.monotonic()
    auth = {"Authorization": f"Bearer {TOKENS['clerk-jyj']}"}
    read = client.request("GET", "/api/v1/uploads", auth)
    key = f"quick-{time.time_ns()}"
    made = client.request("POST", "/api/v1/uploads", {**auth, "Idempotency-Key": key}, b'{"name":"a.csv","size":1}')
    return time.monotonic() - began, (read.status, made.status)


for kind in (export, stream, post, half):
    some = [kind(n) for n in range(50)]
    time.sleep(1)
    client = Client(SOCKET, timeout=20)
    worst, statuses = 0, set()
    for _ in range(10):
        seconds, got = answered(client)
        worst, statuses = max(worst, seconds), statuses | {got}
        time.sleep(0.1)
    good = worst < 1 and statuses == {(200, 201)}
    failures += not good
    print(f"{'ok' if good else 'not ok'} beside fifty of: {kind.__doc__} {worst:.3f} s, {sorted(statuses)}")
    for s in some:
        s.close()
sys.exit(failures > 0)
