"""Who has to wait and who must not: wrong passwords, floods, strangers at the socket.

    lockout.py SOCKET PORT STATE PID [CASE]      called by lockout.sh
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import signin_lib  # noqa: E402
from signin_lib import PID, SOCKET, TEST_DIR, Browser, bearer, ok, same, sql, told, use  # noqa: E402

# ---- who has to wait -----------------------------------------------------------------------------


def case_lockout_source():
    for account, password in (("head-xfjy", use("head-xfjy")), ("ghost-account", "not-the-one-7")):
        there = account == "head-xfjy"
        b = Browser("127.0.0.2")
        for _ in range(5):
            same(f"{account}: wrong", (401, "bad-sign-in"), told(b.sign_in(account, "not-the-one-7")))
        reply = b.sign_in(account, password)
        same(f"{account}: the sixth, right or not", (429, "try-later"), told(reply))
        ok(f"{account}: how long", reply.header("retry-after") in ("1", "2"), reply.header("retry-after"))
        same(f"{account}: from another address at once", 201 if there else 401,
             Browser("127.0.0.3").sign_in(account, password).status)
        sql(f"UPDATE signin_failure SET last_at = last_at - interval '3 seconds' WHERE account = '{account}'")
        same(f"{account}: after its time", 201 if there else 401, b.sign_in(account, password).status)
    same("signed in: forgotten", "0",
         sql("SELECT count(*) FROM signin_failure WHERE account = 'head-xfjy' AND source = '127.0.0.2'"))


def attack(account, seconds, rate=20):
    """Tries a second at an account, from many addresses; begins them in threads of its own."""
    answers = []

    def one(i):
        answers.append(told(Browser(f"127.0.{1 + i // 200 % 4}.{1 + i % 200}").sign_in(account, "not-the-one-7")))

    def run():
        threads = []
        for i in range(int(seconds * rate)):
            threads.append(threading.Thread(target=one, args=(i,)))
            threads[-1].start()
            time.sleep(1 / rate)
        for t in threads:
            t.join()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def case_nobody_is_locked_out():
    """An account under attack from many addresses: the one whose it is gets in, with any browser."""
    password = use("head-yjgl")
    home = Browser("127.0.0.4")
    same("before", 201, home.sign_in("head-yjgl", password).status)
    thread, answers = attack("head-yjgl", 6)
    time.sleep(2)
    got = []
    for i in range(6):
        began = time.monotonic()
        got.append((Browser(f"127.0.0.{20 + i}").sign_in("head-yjgl", password).status))
        ok("a browser that nobody knows: at once", time.monotonic() - began < 2, time.monotonic() - began)
        time.sleep(0.3)
    same("browsers that nobody knows, meanwhile", [201] * 6, got)
    same("the known one", 201, home.sign_in("head-yjgl", password).status)
    same("and where it has moved to", 201, moved(home, "127.0.0.6").sign_in("head-yjgl", password).status)
    thread.join()
    same("the attack went on all the time", 120, len(answers))
    ok("and got nowhere", {a[0] for a in answers} <= {401, 429, 503}, repr(set(answers)))
    ok("and its session stands", home.who().status == 200)
    for _ in range(5):
        home.sign_in("head-yjgl", "not-the-one-7")
    same("its own mistakes count", (429, "try-later"), told(home.sign_in("head-yjgl", password)))
    other = Browser("127.0.0.4")
    other.sign_in("clerk-ybj", use("clerk-ybj"))
    for _ in range(5):
        Browser("127.0.0.7").sign_in("head-yjgl", "not-the-one-7")
    same("a browser of another account is not known", (429, "try-later"),
         told(moved(other, "127.0.0.7").sign_in("head-yjgl", password)))
    made_up = Browser("127.0.0.7")
    made_up.cookies = {"drawd-device": "A" * 43}
    same("nor is one with a name of its own making", (429, "try-later"), told(made_up.sign_in("head-yjgl", password)))


def moved(browser, address):
    other = Browser(address)
    other.cookies = {k: v for k, v in browser.cookies.items() if k.endswith("device")}
    return other


def at_once(browsers, account, password):
    """All of them while the process stands still, so that it finds them in line together."""
    answers = [None] * len(browsers)

    def run(i):
        answers[i] = told(browsers[i].sign_in(account(i), password))

    os.kill(PID, signal.SIGSTOP)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(browsers))]
    try:
        for t in threads:
            t.start()
        time.sleep(1)
    finally:
        os.kill(PID, signal.SIGCONT)
    for t in threads:
        t.join()
    return answers


def case_queue():
    wrong = "not-the-one-7"
    answers = at_once([Browser("127.0.2.1") for _ in range(12)], lambda i: f"ghost-{i}", wrong)
    same("one address: four places", (4, 8),
         (answers.count((401, "bad-sign-in")), answers.count((503, "busy"))))
    answers = at_once([Browser(f"127.0.2.{i + 10}") for i in range(12)], lambda i: f"ghost-{i}", wrong)
    same("twelve addresses: six places of eight", (6, 6),
         (answers.count((401, "bad-sign-in")), answers.count((503, "busy"))))
    password = use("head-zjj")
    home = Browser("127.0.2.50")
    home.sign_in("head-zjj", password)
    crowd = [Browser(f"127.0.2.{i + 60}") for i in range(12)]
    answers = at_once(crowd + [home], lambda i: "head-zjj" if i == 12 else f"ghost-{i}",
                      password)
    same("two places are for browsers that are known", (201, ""), answers[12])
    answers = at_once([Browser("127.0.2.80") for _ in range(12)] + [Browser("127.0.2.81")],
                      lambda i: "head-zjj" if i == 12 else f"ghost-{i}", password)
    same("a flood from one address holds up no other", (201, ""), answers[12])


def refused(account):
    """Entries of the audit log on refused sign-ins of an account."""
    time.sleep(0.6)  # they are written behind the answer
    return [json.loads(line) for line in sql(f"""SELECT json_build_object('by', account, 'via', via, 'address', address,
        'route', route, 'person', person, 'detail', detail) FROM audit
        WHERE act = 'refused' AND object_kind = 'sign-in' AND object = '{account}' ORDER BY seq""").splitlines()]


def case_refused_is_noted():
    for n in range(4):
        Browser(f"127.0.3.{n % 2 + 1}").sign_in("head-rsj", "not-the-one-7")
    entries = refused("head-rsj")
    same("one entry, at once", 1, len(entries))
    same("by whom nobody knows, from where", ["", "public", "127.0.3.1", "session.new", ""],
         [entries[0][k] for k in ("by", "via", "address", "route", "person")])
    before = len(refused(""))
    for n in range(30):
        Browser(f"127.0.3.{n + 10}").sign_in(f"nobody-{n}", "not-the-one-7")
    ok("names that nobody has: one entry for all of them", len(refused("")) <= max(before, 1), refused(""))
    same("and none of the names", "0", sql("SELECT count(*) FROM audit WHERE audit::text LIKE '%nobody-2%'"))
    tally = json.loads(sql("SELECT row_to_json(r) FROM signin_refusal r WHERE account = ''"))
    same("of twenty addresses it is known how often, of others how many there were", (20, tally["n"]),
         (len(tally["addresses"]), sum(tally["addresses"].values()) + tally["others"]))
    b = Browser()
    b.sign_in("head-sthj", use("head-sthj"))
    b.ask("POST", "/session/password", {"old": "not-the-one-7", "new": "Tr4m-ostern-38"})
    same("a wrong old password as well", ["session.password"], [e["route"] for e in refused("head-sthj")])
    def seen_by(who):
        rows = Browser().ask("GET", "/audit?object_kind=sign-in", None, bearer(who)).json()["audit"]
        return {r["object"] for r in rows}
    ok("the auditor sees them", "head-rsj" in seen_by("auditor"))
    ok("an administrator too", "head-rsj" in seen_by("admin"))
    same("nobody else, not even the account", [set(), set()], [seen_by("head-rsj"), seen_by("lead")])
    # signin.sh starts the process anew: it counts what is over
    sql("UPDATE signin_refusal SET hour = hour - interval '1 hour' WHERE account = 'head-rsj'")


def case_stranger():
    """Only the web process, root and its own user are answered."""
    path = sql("SELECT 1") and SOCKET.replace("web.sock", "auth.sock")
    line = b'sign-in {"account":"clerk-scjg","password":"x","address":""}\n'
    ask = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1]);"
           "s.sendall(eval(sys.argv[2])); print(s.recv(999).decode())")
    own = subprocess.run([sys.executable, "-c", ask, path, repr(line)], capture_output=True, text=True)
    ok("its own user is answered", "bad-sign-in" in own.stdout, own.stdout + own.stderr)
    for name, bad in {"no verb": b"hello {}\n", "no JSON": b"sign-in x\n", "two lines": line + line,
                      "another member": b'sign-in {"account":"a","password":"x","address":"","admin":true}\n'}.items():
        got = subprocess.run([sys.executable, "-c", ask, path, repr(bad)], capture_output=True, text=True)
        ok(f"{name}: refused", '"bad-json"' in got.stdout or got.stdout.strip() == "", got.stdout)
    if os.geteuid() != 0:
        print("skipped a stranger at the socket: needs root")
        return
    got = subprocess.run(["setpriv", "--reuid", "nobody", "--clear-groups", sys.executable, "-c", ask, path, repr(line)],
                         capture_output=True, text=True)
    same("a stranger is not", "", got.stdout.strip())
    same("the socket's mode", "660", oct(os.stat(path).st_mode & 0o777)[2:])
    # where the modes would let him: many at once are one line a second, and a sign-in goes on
    os.chmod(path, 0o666)
    knock = ("import socket,sys,time\nend = time.time() + 4\nwhile time.time() < end:\n    s = socket.socket(socket.AF_UNIX)\n"
             "    try:\n        s.connect(sys.argv[1])\n    except OSError:\n        pass\n    s.close()\n    time.sleep(0.001)")
    crowd = [subprocess.Popen(["setpriv", "--reuid", "nobody", "--clear-groups", sys.executable, "-c", knock, path])
             for _ in range(3)]
    time.sleep(1)
    password = use("head-sthj")
    statuses = [Browser(f"127.0.3.{i}").sign_in("head-sthj", password).status for i in range(3)]
    for p in crowd:
        p.wait()
    os.chmod(path, 0o660)
    same("sign-ins while a stranger knocks", [201] * 3, statuses)
    lines = open(f"{TEST_DIR}/log", encoding="utf-8").read().count("auth.turned-away")
    ok("one line a second tells of him", 1 <= lines <= 8, lines)


if __name__ == "__main__":
    signin_lib.run(globals())
