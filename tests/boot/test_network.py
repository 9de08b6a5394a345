"""Network interfaces: a lease by DHCP, connections out of the guest and, by forwarded ports, into it."""

import hashlib
import os
import socket
import threading
import time
import unittest

import http_server
import ringer

SIZE = 3_000_000
LEASE = "udhcpc -i eth0 -s /etc/udhcpc -n -q"


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def receive_all(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(1 << 16):
        received += piece
    return received


class NetworkTestCase(unittest.TestCase):
    def start(self, commands: str, *options: str) -> ringer.Console:
        kernel = ringer.linux_options(f"{LEASE}; {commands}", initramfs=ringer.INITRAMFS_VIRTIO)
        return ringer.Console(*kernel, *options)

    def finish(self, console: ringer.Console):
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])

    def ask(self, port: int, contents: bytes = b"") -> bytes:
        """What a server in the guest answers. It may not listen yet, and then the connection is closed."""
        while True:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                try:
                    connection.sendall(contents)
                    connection.shutdown(socket.SHUT_WR)
                    if answer := receive_all(connection):
                        return answer
                except OSError:
                    pass
            time.sleep(0.1)

    def connect_into_the_guest(self, engine: str):
        ports = {guest: free_port() for guest in (2001, 2002, 2003)}
        forwards = ",".join(f"hostfwd=tcp:127.0.0.1:{host}-:{guest}" for guest, host in ports.items())
        console = self.start(
            f"head -c {SIZE} /dev/urandom >file; md5sum file; nc -ll -p 2001 -e md5sum & "
            "nc -ll -p 2002 -e cat file & nc -l -p 2003 -e echo goodbye",
            "--net", f"user,{forwards}", "--engine", engine,
        )  # fmt: skip
        console.wait_for("udhcpc: eth0 has 10.0.2.15, router 10.0.2.2, name server 10.0.2.3")
        console.wait_for("  file")
        contents = os.urandom(SIZE)
        self.assertEqual(self.ask(ports[2001], contents).split()[0].decode(), hashlib.md5(contents).hexdigest())
        received = self.ask(ports[2002])
        self.assertEqual(len(received), SIZE)
        self.assertIn(f"{hashlib.md5(received).hexdigest()}  file", console.seen)
        self.assertEqual(self.ask(ports[2003]), b"goodbye\n")
        self.finish(console)

    def test_forwarded_ports(self):
        self.connect_into_the_guest("translator")

    def test_forwarded_ports_interpreted(self):
        self.connect_into_the_guest("interpreter")

    def test_the_guest_fetches_from_the_host(self):
        with http_server.OneFileServer("127.0.0.1", os.urandom(SIZE)) as server:
            url = server.url.replace("127.0.0.1", "10.0.2.2")
            console = self.start(f"wget -q -O - {url} | md5sum", "--net", "user")
            self.finish(console)
        self.assertIn(f"{hashlib.md5(server.contents).hexdigest()}  -", console.seen)

    def test_datagrams(self):
        """A question to a name server on the host, by UDP, and its answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            threading.Thread(target=self.answer_questions, args=[server], daemon=True).start()
            port = server.getsockname()[1]
            console = self.start(f"nslookup -type=a -port={port} ringer.example 10.0.2.2", "--net", "user")
            self.finish(console)
        self.assertRegex(console.seen, r"Name:\s+ringer.example\r\nAddress: 192.0.2.7\r\n")

    @staticmethod
    def answer_questions(server: socket.socket):
        """Answers all with the address 192.0.2.7 (RFC 1035, 4)."""
        address = bytes([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])
        while True:
            try:
                question, sender = server.recvfrom(512)
            except OSError:
                return
            server.sendto(question[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question[12:] + address, sender)

    def test_two_interfaces(self):
        outcome = ringer.boot(
            "cat /sys/class/net/eth0/address /sys/class/net/eth1/address; cat /sys/class/net/eth1/mtu",
            "--net", "user", "--net", "user,mac=02:00:00:00:00:07",
            initramfs=ringer.INITRAMFS_VIRTIO,
        )  # fmt: skip
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("\n52:54:00:12:34:56\n02:00:00:00:00:07\n", outcome.console)


if __name__ == "__main__":
    unittest.main()
