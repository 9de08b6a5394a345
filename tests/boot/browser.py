"""A browser without a window, by the WebDriver protocol (W3C), for pages that Ringer serves."""

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PROGRAMS = ("chromium", "chromedriver")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1000,800",
)  # fmt: skip


def is_installed() -> bool:
    return all(shutil.which(each) for each in PROGRAMS)


class Browser:
    def __init__(self, folder: str):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.base = f"http://127.0.0.1:{port}"
        self.profile = tempfile.mkdtemp(dir=folder)
        while not self.is_ready():
            time.sleep(0.1)
        options = {"binary": shutil.which("chromium"), "args": [*OPTIONS, f"--user-data-dir={self.profile}"]}
        session = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += "/session/" + session["sessionId"]

    def is_ready(self) -> bool:
        if self.driver.poll() is not None:
            raise AssertionError("chromedriver has ended")
        try:
            return self.ask("GET", "/status")["ready"]
        except urllib.error.URLError:
            return False

    def ask(self, method: str, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
            return json.load(response)["value"]

    def open(self, url: str):
        self.ask("POST", "/url", {"url": url})

    def run(self, script: str):
        """What `script` returns."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def wait_for(self, script: str):
        """What `script` returns once that is true."""
        while True:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.1)

    def press(self, *keys: str):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def close(self):
        try:
            self.ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
