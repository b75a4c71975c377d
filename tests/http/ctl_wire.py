"""A server that answers as it is told, on a Unix socket: what drawctl sends is written down.

ctl_wire.py SOCKET LOG ANSWERS   ANSWERS: a JSON list of [method, path, status, headers, body]; each is
used once, in order, for a request that it fits; a header may have a list of values; status 0 breaks the connection, a body is a text or
an object, {"base64": …} bytes. What fits none is answered 404 (problem+json, code not-found). LOG gets a line of JSON for
every request: method, path, headers (names in lower case), body.
"""
import base64
import json
import os
import socketserver
import sys
from http.server import BaseHTTPRequestHandler

where, log, answers = sys.argv[1], sys.argv[2], json.load(open(sys.argv[3], encoding="utf-8"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = {"method": self.command, "path": self.path, "body": body.decode("utf-8", "replace"),
                "headers": {k.lower(): v for k, v in self.headers.items()}}
        with open(log, "a", encoding="utf-8") as out:
            out.write(json.dumps(seen, ensure_ascii=False) + "\n")
        for i, (method, path, status, headers, said) in enumerate(answers):
            if method == self.command and path == self.path:
                del answers[i]
                return self.send(status, headers, said)
        return self.send(404, {"Content-Type": "application/problem+json"}, {"code": "not-found"})

    def send(self, status, headers, said):
        if status == 0:
            self.close_connection = True
            return None
        if isinstance(said, dict) and list(said) == ["base64"]:
            data = base64.b64decode(said["base64"])
        else:
            data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        headers = {"Content-Type": "application/json"} | headers
        self.send_response(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        if headers.get("Content-Length", str(len(data))) != str(len(data)):
            self.close_connection = True
        return None

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if os.path.exists(where):
    os.unlink(where)
Server(where, Handler).serve_forever()
