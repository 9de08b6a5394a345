"""flood.py datagrams PORT | flood.py frames PATH: sends to a guest as fast as this host can, until it is killed.

Datagrams go to a UDP port of 127.0.0.1, frames over a cable to whoever listens at the path.
"""

import socket
import struct
import sys
import time


def datagrams(port: str):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        contents = bytes(1400)
        while True:
            try:
                out.sendto(contents, ("127.0.0.1", int(port)))
            except OSError:  # Nobody has the port yet, or any more.
                time.sleep(0.01)


def frames(path: str):
    """Broadcasts, so that the guest has to look at each."""
    frame = b"\xff" * 6 + b"\x02" + bytes(5) + b"\x08\x00" + bytes(1486)
    piece = (struct.pack(">I", len(frame)) + frame) * 64
    while True:
        with socket.socket(socket.AF_UNIX) as out:
            try:
                out.connect(path)
                while True:
                    out.sendall(piece)
            except OSError:
                time.sleep(0.01)


if __name__ == "__main__":
    {"datagrams": datagrams, "frames": frames}[sys.argv[1]](sys.argv[2])
