"""Changes that are sent until they are answered. Called by once.sh:

    once.py send SOCKET TOKEN FIRST LAST   uploads with the keys once-FIRST … once-LAST, by four at once; each
                                           is sent until it is answered with 201, whatever breaks
    once.py same SOCKET TOKEN              one key, sent by eight at once

Prints what was answered: the numbers of the uploads by key, or the distinct replies."""
import collections
import json
import sys
import threading
import time

from client import Client, Closed

mode, where, token = sys.argv[1:4]
PATIENCE = 60


def post(client, key, name):
    return client.request("POST", "/api/v1/uploads", {
        "Authorization": f"Bearer {token}", "Idempotency-Key": key},
        json.dumps({"name": name, "size": 1}).encode())


def until_answered(key, told, lock):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        client = Client(where, timeout=10)
        try:
            reply = post(client, key, key)
            with lock:
                told[reply.status] += 1
            if reply.status == 201:
                return reply.json()["id"]
        except (Closed, OSError):
            with lock:
                told["broken"] += 1
        finally:
            client.close()
        time.sleep(0.05)
    return None


def send(first, last):
    keys = [f"once-{n:05}" for n in range(first, last + 1)]
    lock, ids, told = threading.Lock(), {}, collections.Counter()
    left = list(reversed(keys))

    def run():
        while True:
            with lock:
                if not left:
                    return
                key = left.pop()
            ids[key] = until_answered(key, told, lock)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(f"{len(set(ids.values()) - {None})} of {len(keys)}, other answers: "
          + ("some" if set(told) - {201} else "none"))
    if set(told) - {201, 503, "broken"}:
        sys.exit(f"answers that nobody wants: {dict(told)}")


def same():
    start, replies = threading.Barrier(8), []

    def run():
        client = Client(where)
        start.wait()
        reply = post(client, "once-together", "together")
        replies.append((reply.status, reply.body))
        client.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(f"{len(replies)} replies, {len(set(replies))} of them different, status {replies[0][0]}")


if mode == "send":
    send(int(sys.argv[4]), int(sys.argv[5]))
else:
    same()
