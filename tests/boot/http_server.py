"""A web server on the host, for guests to fetch from."""

import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(self.server.contents)

    def do_POST(self):
        self.server.received = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"")

    def answer(self, contents: bytes):
        self.send_response(200)
        self.send_header("Content-Length", str(len(contents)))
        self.end_headers()
        self.wfile.write(contents)

    def log_message(self, *_):
        pass


class OneFileServer(http.server.ThreadingHTTPServer):
    """Answers every request with `contents`, and keeps in `received` what the last one has posted. Serves as long as
    the context lasts."""

    def __init__(self, address: str, contents: bytes):
        self.contents, self.received = contents, b""
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, 0), Handler)
        host = f"[{address}]" if ":" in address else address
        self.url = f"http://{host}:{self.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
