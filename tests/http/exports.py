"""Large exports beside other requests. Called by exports.sh: exports.py SOCKET PID ACCOUNT=TOKEN"""
import http.client
import io
import os
import socket
import sys
import threading
import time
import zipfile

SOCKET, PID = sys.argv[1], int(sys.argv[2])
TOKEN = sys.argv[3].split("=", 1)[1]
ROWS = 100000
with open(os.path.join(os.environ["B"], "drawd"), "rb") as program:
    SANITIZED = b"libasan" in program.read()  # it keeps freed memory back
failures = 0


class Unix(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("localhost", timeout=120)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(120)
        self.sock.connect(SOCKET)


def ask(path):
    c = Unix()
    c.request("GET", path, headers={"Authorization": "Bearer " + TOKEN})
    return c, c.getresponse()


def resident():
    with open(f"/proc/{PID}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:"))


# The process cannot be dumped, so that its descriptors are root's to look at.
LOOKS = os.access(f"/proc/{PID}/fd", os.R_OK | os.X_OK)
if not LOOKS:
    print("skipped descriptors of the process: only root may look at them")


def open_files():
    links = []
    if not LOOKS:
        return links
    for n in os.listdir(f"/proc/{PID}/fd"):
        try:
            links.append(os.readlink(f"/proc/{PID}/fd/{n}"))
        except FileNotFoundError:
            pass
    return links


def temporary():
    return [f for f in open_files() if f.endswith("(deleted)")]


def nothing_left(seconds=2):
    """Temporary files are gone once the reply has ended."""
    end = time.monotonic() + seconds
    while temporary():
        assert time.monotonic() < end, temporary()
        time.sleep(0.05)


def health():
    began = time.monotonic()
    c, r = ask("/healthz")
    assert r.status == 200 and r.read()
    c.close()
    return (time.monotonic() - began) * 1000


def check(name, run, *args):
    global failures
    try:
        run(*args)
        print("ok", name, flush=True)
    except Exception as e:
        failures += 1
        print("not ok", name + ":", type(e).__name__, str(e)[:600], flush=True)


def beside(kind):
    """The export runs in a thread; meanwhile others ask."""
    got, waits, memory, before = {}, [], [], resident()

    def export():
        began = time.monotonic()
        c, r = ask(f"/api/v1/imports/1/errors?format={kind}")
        body = r.read()
        got.update(status=r.status, body=body, seconds=time.monotonic() - began)
        c.close()

    t = threading.Thread(target=export)
    t.start()
    while t.is_alive():
        waits.append(health())
        memory.append(resident())
        time.sleep(0.004)
    t.join()
    waits.sort()
    grown = max(memory) - before
    print(f"# {kind}: {got['seconds']:.1f} s, {len(got['body']) >> 20} MiB; /healthz {len(waits)} times, median "
          f"{waits[len(waits) // 2]:.1f} ms, p99 {waits[len(waits) * 99 // 100]:.1f} ms, max {waits[-1]:.1f} ms; "
          f"memory +{grown} KiB", flush=True)
    assert got["status"] == 200, got["body"][:300]
    if kind == "xlsx":
        z = zipfile.ZipFile(io.BytesIO(got["body"]))
        assert z.read("xl/worksheets/sheet1.xml").count(b"<row ") == ROWS + 1
    else:
        lines = got["body"].splitlines()
        assert len(lines) == ROWS + (kind == "csv"), len(lines)
        assert b"100000" in lines[-1]
    assert waits[len(waits) * 99 // 100] < 200 and waits[-1] < 1000, "the loop was held up"
    assert SANITIZED or grown < 32 * 1024, f"{grown} KiB more"
    nothing_left()


def slow_readers():
    """Those who ask and do not read hold no connection of the database, and little memory."""
    before, some = resident(), []
    for kind in ("csv", "jsonl") * 12:
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(SOCKET)
        s.sendall(f"GET /api/v1/imports/1/errors?format={kind} HTTP/1.1\r\nHost: localhost\r\n"
                  f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        some.append(s)
    time.sleep(1)
    c, r = ask("/api/v1/imports/1/errors?limit=1")
    assert r.status == 200, r.read()
    c.close()
    grown = resident() - before
    assert SANITIZED or grown < 96 * 1024, f"{grown} KiB more"
    time.sleep(2)  # web.timeout: those who take nothing are let go
    end = time.monotonic() + 10
    while sum(f.startswith("socket:") for f in open_files()) > 24:
        assert time.monotonic() < end, "they are still there"
        time.sleep(0.2)
    for s in some:
        s.close()


def gone_clients():
    """Whoever leaves in the middle leaves nothing behind."""
    for kind in ("csv", "xlsx", "xlsx", "jsonl"):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.connect(SOCKET)
        s.sendall(f"GET /api/v1/imports/1/errors?format={kind} HTTP/1.1\r\nHost: localhost\r\n"
                  f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        time.sleep(0.15)
        s.close()
    nothing_left(30)
    all_free(30)
    assert health() < 1000


def all_free(seconds):
    """Whoever has left gives the place of his workbook back: as many as allowed can be begun again. By the
    API alone, as only root sees the descriptors."""
    end = time.monotonic() + seconds
    while True:
        statuses = workbooks(4)
        if statuses == [200] * 4:
            return
        assert time.monotonic() < end, statuses
        time.sleep(0.2)


def workbooks(n):
    """The statuses of so many workbooks asked for at once, each read to its end."""
    got = []

    def export():
        c, r = ask("/api/v1/imports/1/errors?format=xlsx")
        got.append((r.status, len(r.read())))
        c.close()

    threads = [threading.Thread(target=export) for _ in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert min((n for s, n in got if s == 200), default=1 << 21) > 1 << 20, got
    return sorted(s for s, _ in got)


def many_workbooks():
    """More workbooks at a time than allowed: the others are told to try again."""
    statuses = workbooks(6)
    assert statuses == [200] * 4 + [503] * 2, statuses
    nothing_left()


for fmt in ("csv", "jsonl", "xlsx"):
    check(f"100,000 rows as {fmt} beside other requests", beside, fmt)
check("readers who do not read", slow_readers)
check("clients who leave", gone_clients)
check("four workbooks at a time", many_workbooks)
sys.exit(failures > 0)
