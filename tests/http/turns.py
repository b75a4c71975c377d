"""Turns at the database: one account's flood of slow requests, another's single ones.

    turns.py SOCKET TOKEN-OF-THE-FLOOD TOKEN-OF-ANOTHER      called by turns.sh
"""

import sys
import threading
import time

from client import Client

SOCKET, MANY, ONE = sys.argv[1:4]
failures = 0


def say(name, good, why=""):
    global failures
    failures += not good
    print(f"ok {name}" if good else f"not ok {name}: {why}")


def get(token, path):
    client = Client(SOCKET, timeout=120)
    try:
        return client.request("GET", "/api/v1" + path, {"Authorization": f"Bearer {token}"})
    finally:
        client.close()


def flood(n, replies):
    def one():
        replies.append(get(MANY, "/uploads"))

    threads = [threading.Thread(target=one) for _ in range(n)]
    for t in threads:
        t.start()
    return threads


def others(name):
    slowest = 0
    for _ in range(8):
        began = time.monotonic()
        status = get(ONE, "/rounds").status
        slowest = max(slowest, time.monotonic() - began)
        say(f"{name}: another account is answered", status == 200, status)
        time.sleep(0.1)
    say(f"{name}: each time within a second", slowest < 1, slowest)
    print(f"# {name}: slowest {slowest * 1000:.0f} ms")


replies = []
threads = flood(60, replies)
time.sleep(0.5)
others("60 at once")
for t in threads:
    t.join()
say("all of them were answered", {r.status for r in replies} == {200}, {r.status for r in replies})

replies = []
threads = flood(200, replies)
time.sleep(0.5)
others("200 at once")
early = [r for r in replies if r.status == 503]
say("what is too much is told so at once", len(early) >= 60, len(early))
say("when to come again", all(r.code() == "busy" and r.header("retry-after") == "2" for r in early))
say("and nothing of the inside", all(r.json()["what"] == "" for r in early), early[:1])
say("the account itself goes on", get(MANY, "/session").status in (200, 503))
for t in threads:
    t.join()
sys.exit(failures > 0)
