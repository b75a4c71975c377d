"""A headless Chromium for the tests, spoken to over its debugging pipe."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

KEYS = {"Tab": 9, "Enter": 13}


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="chromium.", dir=os.environ.get("TEST_DIR"))
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        # 3 and 4 are what the browser reads and writes
        self.process = subprocess.Popen(
            ["bash", "-c", f"exec chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-extensions "
             f"--disable-background-networking --no-proxy-server --remote-debugging-pipe "
             f"--user-data-dir='{self.folder}' about:blank 3<&{to_read} 4>&{from_write}"],
            pass_fds=(to_read, from_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.out = os.fdopen(to_write, "wb", buffering=0)
        self.source = os.fdopen(from_read, "rb", buffering=0)
        self.rest = b""
        self.number = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self):
        while b"\0" not in self.rest:
            got = self.source.read(65536)
            if not got:
                raise SystemExit("not ok the browser ended")
            self.rest += got
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        self.out.write(json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"not ok {method}: {message['error']}")
                return message["result"]
            if "method" in message:
                self.events.append(message)

    def run(self, script):
        """The value of an expression in the page; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"not ok {script[:200]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, script, seconds=20):
        """Until the expression is true; its last value."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(script)
            if value or time.monotonic() > end:
                return value
            time.sleep(0.05)

    def go(self, url):
        self.call("Page.navigate", url=url)
        self.wait(f"document.readyState === 'complete' && location.href.startsWith({json.dumps(url.split('#')[0])})")

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def press(self, key):
        for kind in ("rawKeyDown", "char", "keyUp") if key == "Enter" else ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key],
                      **({"text": "\r"} if kind == "char" else {}))

    def picture(self, path):
        with open(path, "wb") as out:
            height = min(self.run("document.documentElement.scrollHeight"), 8000)
            width = self.run("innerWidth")
            shot = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                             clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
            out.write(base64.b64decode(shot["data"]))
