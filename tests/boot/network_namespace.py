"""A network namespace for a test: interfaces that nobody else sees, and the right to make them."""

import ctypes
import os
import subprocess
import unittest

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def enter():
    """Puts this process into a network namespace of its own, for good. Where that is not possible, or there is no
    iproute2 or /dev/net/tun, the test is skipped and says so."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    flags = CLONE_NEWNET if user == 0 else CLONE_NEWNET | CLONE_NEWUSER
    if libc.unshare(flags) != 0:
        raise unittest.SkipTest(f"no network namespace is to be had: {os.strerror(ctypes.get_errno())}")
    if user != 0:
        for file, contents in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as out:
                out.write(contents)
    try:
        ip("link", "set", "lo", "up")
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except (OSError, subprocess.CalledProcessError) as error:
        raise unittest.SkipTest(f"no tap device is to be had: {error}") from error


def ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, stdout=subprocess.PIPE, text=True).stdout
