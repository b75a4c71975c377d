"""A small HTTP/1.1 client for the tests: one connection, requests written byte by byte as asked."""

import json
import socket


class Closed(Exception):
    """The server closed the connection before a whole reply."""


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # names in lower case; of repeated ones the last
        self.body = body

    def header(self, name):
        return self.headers.get(name.lower())

    def json(self):
        return json.loads(self.body)

    def code(self):
        """The error's name, or ''."""
        if (self.header("content-type") or "").startswith("application/problem+json"):
            return self.json()["code"]
        return ""


class Client:
    """where: the path of a Unix socket, or a port of 127.0.0.1."""

    def __init__(self, where, timeout=60):
        self.where = where
        self.timeout = timeout
        self.sock = None
        self.rest = b""

    def connect(self):
        if isinstance(self.where, int):
            self.sock = socket.create_connection(("127.0.0.1", self.where), self.timeout)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self.where)
        self.rest = b""

    def close(self):
        if self.sock is not None:
            self.sock.close()
        self.sock = None

    def host(self):
        return f"127.0.0.1:{self.where}" if isinstance(self.where, int) else "localhost"

    def request(self, method, target, headers=(), body=None):
        """headers: pairs, or a mapping. Tries again once where an idle connection had been closed."""
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        names = {name.lower() for name, _ in pairs}
        if "host" not in names:
            pairs.insert(0, ("Host", self.host()))
        if body is not None and "content-length" not in names and "transfer-encoding" not in names:
            pairs.append(("Content-Length", str(len(body))))
        lines = [f"{method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in pairs]
        data = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + (body or b"")
        fresh = self.sock is None
        try:
            return self.exchange(data, method)
        except (Closed, ConnectionError):
            self.close()
            if fresh:
                raise
            return self.exchange(data, method)

    def exchange(self, data, method="GET"):
        """Send these bytes, take one reply."""
        if self.sock is None:
            self.connect()
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was read: the reply may be there
        return self.reply(method)

    def more(self):
        try:
            got = self.sock.recv(262144)
        except ConnectionResetError as e:
            raise Closed from e
        if not got:
            raise Closed
        self.rest += got

    def take(self, n):
        while len(self.rest) < n:
            self.more()
        got, self.rest = self.rest[:n], self.rest[n:]
        return got

    def line(self):
        while b"\r\n" not in self.rest:
            self.more()
        got, self.rest = self.rest.split(b"\r\n", 1)
        return got

    def reply(self, method="GET"):
        status = int(self.line().split(b" ", 2)[1])
        headers = {}
        while True:
            line = self.line()
            if not line:
                break
            name, value = line.split(b":", 1)
            headers[name.decode("latin-1").lower()] = value.strip().decode("latin-1")
        if status < 200:
            return self.reply(method)
        reply = Reply(status, headers, self.content(status, headers, method))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return reply

    def content(self, status, headers, method):
        if method == "HEAD" or status in (204, 304):
            return b""
        if headers.get("content-type", "").startswith("text/event-stream"):
            self.close()  # it may last as long as its job
            return b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while True:
                n = int(self.line(), 16)
                parts.append(self.take(n))
                self.line()
                if n == 0:
                    return b"".join(parts)
        if "content-length" in headers:
            return self.take(int(headers["content-length"]))
        try:
            while True:
                self.more()
        except Closed:
            got, self.rest = self.rest, b""
            self.close()
            return got
