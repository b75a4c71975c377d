"""Server-sent events of jobs. Called by events.sh: events.py SOCKET PID PSQL ACCOUNT=TOKEN...

Jobs 1, 2, … run, one for each of twelve departments; scjg's is the first. web.timeout is 3 seconds."""
import os
import signal
import socket
import subprocess
import sys
import time

SOCKET, PID, PSQL = sys.argv[1], int(sys.argv[2]), sys.argv[3].split()
TOKENS = dict(a.split("=", 1) for a in sys.argv[4:])
failures = 0


def sql(text):
    out = subprocess.run(PSQL, input="SET search_path = drawd; SET session_replication_role = replica;\n" + text,
                         capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(out.stderr)
    return out.stdout.strip()


class Stream:
    """One GET; its events as dicts, comments as {"": …}."""
    def __init__(self, job, account, last=None, method="GET"):
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.s.connect(SOCKET)
        more = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        self.s.sendall(f"{method} /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: localhost\r\n"
                       f"Authorization: Bearer {TOKENS[account]}\r\n{more}\r\n".encode())
        self.raw, self.text, self.over, self.last_chunk = b"", "", False, False
        while b"\r\n\r\n" not in self.raw and self.fill(10):
            pass
        head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0] else 0
        self.headers = {k.lower(): v.strip() for k, v in (h.split(":", 1) for h in lines[1:] if ":" in h)}

    def fill(self, timeout):
        self.s.settimeout(timeout)
        try:
            got = self.s.recv(65536)
        except TimeoutError:
            return False
        except ConnectionError:
            got = b""
        if got == b"":
            self.over = True
            return False
        self.raw += got
        return True

    def unchunk(self):
        while b"\r\n" in self.raw:
            size, _, rest = self.raw.partition(b"\r\n")
            n = int(size, 16)
            if len(rest) < n + 2:
                return
            self.text += rest[:n].decode()
            self.raw = rest[n + 2:]
            self.last_chunk = self.last_chunk or n == 0

    def event(self, timeout=5.0):
        end = time.monotonic() + timeout
        while True:
            self.unchunk()
            if "\n\n" in self.text:
                one, _, self.text = self.text.partition("\n\n")
                return dict(((k, v.lstrip()) for k, _, v in (line.partition(":") for line in one.split("\n"))))
            left = end - time.monotonic()
            if self.over or self.last_chunk or left <= 0:
                return None
            self.fill(left)

    def ended(self, timeout=5.0):
        """The stream ends properly, with nothing before."""
        assert self.event(timeout) is None, "another event"
        return self.last_chunk

    def close(self):
        self.s.close()


def check(name, run):
    global failures
    try:
        run()
        print("ok", name, flush=True)
    except Exception as e:
        failures += 1
        print("not ok", name + ":", type(e).__name__, str(e)[:600], flush=True)


def progress():
    s = Stream(1, "clerk-scjg")
    assert s.status == 200 and s.headers["content-type"].startswith("text/event-stream"), (s.status, s.headers)
    assert s.headers["cache-control"] == "no-store"
    e = s.event()
    assert e["id"] == "1-0-running" and e["event"] == "progress" and '"total" : 100' in e["data"], e
    for n in (10, 55):
        sql(f"UPDATE job SET done = {n} WHERE id = 1")
        e = s.event()
        assert e["id"] == f"1-{n}-running", e
    assert s.event(2.5) is None and not s.over  # the same is not said twice
    sql("UPDATE job SET state = 'queued', attempts = 2, done = 0 WHERE id = 1")
    assert s.event()["id"] == "2-0-queued"
    s.close()


def resume():
    s = Stream(1, "auditor", last="2-0-queued")
    assert s.status == 200 and s.event(2.5) is None
    sql("UPDATE job SET state = 'running', done = 60 WHERE id = 1")
    assert s.event()["id"] == "2-60-running"
    s.close()
    s = Stream(1, "auditor", last="2-55-running")
    assert s.event(3)["id"] == "2-60-running"
    s.close()
    s = Stream(1, "auditor", last="x" * 3000)
    assert s.event(3)["id"] == "2-60-running"
    s.close()


def the_end():
    s, t = Stream(1, "clerk-scjg"), Stream(1, "lead")
    assert s.event()["event"] == t.event()["event"] == "progress"
    sql("UPDATE job SET state = 'done', done = 100, finished_at = now() WHERE id = 1")
    for one in (s, t):
        e = one.event()
        assert e["event"] == "done" and e["id"] == "2-100-done", e
        assert one.ended()
    s = Stream(1, "lead")
    assert s.event()["event"] == "done" and s.ended()
    s = Stream(1, "lead", last="2-100-done")
    assert s.status == 204, s.status  # browsers ask no more
    sql("UPDATE job SET state = 'failed', error = '{\"code\": \"bad-job\"}' WHERE id = 2")
    s = Stream(2, "lead")
    assert s.event()["event"] == "failed" and s.ended()
    sql("UPDATE job SET state = 'running', error = NULL WHERE id = 2")


def rights():
    other, absent = Stream(2, "clerk-scjg"), Stream(99999, "clerk-scjg")
    assert (other.status, absent.status) == (404, 404), (other.status, absent.status)
    bad = Stream("x", "clerk-scjg")
    assert bad.status == 404
    head = Stream(3, "lead", method="HEAD")
    assert head.status == 200


def session_ends():
    s = Stream(3, "clerk-wsjk")
    assert s.event()["event"] == "progress"
    sql("UPDATE access_token SET ended_at = now() WHERE account = 'clerk-wsjk'")
    sql("UPDATE job SET done = 77 WHERE id = 3")
    assert s.event(5) is None and (s.over or s.last_chunk), "told after the end of the token"
    assert Stream(3, "clerk-wsjk").status == 401
    sql("UPDATE access_token SET ended_at = NULL WHERE account = 'clerk-wsjk'")


def limits():
    some = [Stream(4, "clerk-xfjy") for _ in range(8)]
    assert [s.status for s in some] == [200] * 8
    ninth = Stream(4, "clerk-xfjy")
    assert ninth.status == 429, ninth.status
    assert Stream(4, "head-xfjy").status == 200  # others are not held up
    some.pop().close()
    end = time.monotonic() + 5
    while Stream(4, "clerk-xfjy").status != 200:
        assert time.monotonic() < end, "a stream that was closed still counts"
        time.sleep(0.2)
    for s in some:
        s.close()


def all_together():
    streams, refused, slowest = [], 0, 0.0
    time.sleep(2.5)  # those before are noticed to be gone
    names = ("scjg", "jyj", "wsjk", "xfjy", "gaj", "yjgl", "zjj", "sthj", "jtys", "rsj", "swj", "ybj")
    sql("UPDATE job SET state = 'running' WHERE id = 1")
    askers = [(f"{role}-{name}", job) for job, name in enumerate(names, 1) for role in ("head", "clerk")]
    for account, job in askers + [("lead", 1), ("lead2", 2)]:
        for _ in range(8):
            s = Stream(job, account)
            (streams.append(s) if s.status == 200 else None)
            refused += s.status == 429
    assert len(streams) == 200 and refused == 8, (len(streams), refused)
    sql("UPDATE job SET done = 99")
    for s in streams:
        e = s.event(10)
        while e is not None and e.get("id") != "1-99-running" and not e.get("id", "").endswith("-99-running"):
            e = s.event(10)
        assert e is not None, "not told"
    for _ in range(50):
        c = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        began = time.monotonic()
        c.connect(SOCKET)
        c.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert c.recv(100).startswith(b"HTTP/1.1 200")
        slowest = max(slowest, time.monotonic() - began)
        c.close()
        time.sleep(0.02)
    print(f"# 200 streams: slowest /healthz {slowest * 1000:.1f} ms")
    assert slowest < 1, slowest
    for s in streams:
        s.close()
    time.sleep(5)


def quiet():
    s = Stream(5, "lead")
    assert s.event()["event"] == "progress"
    began = time.monotonic()
    e = s.event(25)  # longer than web.timeout
    waited = time.monotonic() - began
    assert e == {"": ""} and 13 < waited < 18, (e, waited)
    s.close()


def stop():
    s = Stream(5, "lead")
    assert s.event()["event"] == "progress"
    os.kill(PID, signal.SIGTERM)
    began = time.monotonic()
    assert s.ended(8), "cut"
    assert time.monotonic() - began < 5


check("progress", progress)
check("goes on behind Last-Event-ID, nothing twice", resume)
check("done and failed end it", the_end)
check("another department's job is as absent as none", rights)
check("an ended token ends the stream", session_ends)
check("eight streams of an account", limits)
check("two hundred in all", all_together)
check("a comment after fifteen quiet seconds, beyond web.timeout", quiet)
check("the end of the process ends the stream", stop)
sys.exit(failures > 0)
