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
# Until the router's advertisement has come, and nobody else was found to have the address.
LEASE_6 = (
    "until ip -6 addr show dev eth0 scope global | grep inet6 | grep -qv tentative; do sleep 0.1; done; "
    "ip -6 addr show dev eth0; ip -6 route show default"
)
GUEST_6 = "fd00:10:0:2:5054:ff:fe12:3456"


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


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

    def ask(self, port: int, contents: bytes = b"", address: str = "127.0.0.1") -> bytes:
        """What a server in the guest answers. It may not listen yet, and then the connection is closed."""
        while True:
            with socket.create_connection((address, port)) as connection:
                try:
                    connection.sendall(contents)
                    connection.shutdown(socket.SHUT_WR)
                    if answer := receive_all(connection):
                        return answer
                except OSError:
                    pass
            time.sleep(0.1)

    def connect_into_the_guest(self, engine: str):
        ports = {guest: ringer.free_port() for guest in (2001, 2002, 2003)}
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

    @unittest.skipUnless(has_ipv6(), "the host has no IPv6")
    def test_the_guest_fetches_from_the_host_by_ipv6(self):
        with http_server.OneFileServer("::1", os.urandom(SIZE)) as server:
            url = server.url.replace("::1", "fd00:10:0:2::2")
            console = self.start(
                f"{LEASE_6}; ping -6 -c 3 fd00:10:0:2::2; wget -q -O - {url} | md5sum", "--net", "user"
            )
            self.finish(console)
        self.assertIn(f"inet6 {GUEST_6}/64 scope global", console.seen)
        self.assertIn("default via fe80::2 dev eth0", console.seen)
        self.assertIn("3 packets transmitted, 3 packets received", console.seen)
        self.assertIn(f"{hashlib.md5(server.contents).hexdigest()}  -", console.seen)

    @unittest.skipUnless(has_ipv6(), "the host has no IPv6")
    def test_forwarded_ports_by_ipv6(self):
        ports = {guest: ringer.free_port(address="::1") for guest in (2001, 2002)}
        forwards = f"hostfwd=tcp:[::1]:{ports[2001]}-:2001,hostfwd=tcp:[::]:{ports[2002]}-[{GUEST_6}]:2002"
        console = self.start(
            f"{LEASE_6}; nc -ll -p 2001 -e md5sum & nc -l -p 2002 -e echo goodbye", "--net", f"user,{forwards}"
        )
        contents = os.urandom(SIZE)
        answer = self.ask(ports[2001], contents, "::1")
        self.assertEqual(answer.split()[0].decode(), hashlib.md5(contents).hexdigest())
        self.assertEqual(self.ask(ports[2002], address="::1"), b"goodbye\n")
        self.finish(console)

    def test_a_network_without_ipv6(self):
        """Nobody advertises a prefix; the kernel asks three times, four seconds apart."""
        console = self.start("sleep 5; ip -6 addr show dev eth0; ip -6 route", "--net", "user,ipv6=off")
        self.finish(console)
        self.assertIn("inet6 fe80::", console.seen)
        self.assertNotIn("fd00", console.seen)

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
