"""Running a program where there is no network: in a network namespace of its own, with nothing but the loopback.

`python no_network.py PROGRAM …`, started by `unshare`, raises the loopback, makes sure that nothing else is
reachable, and becomes the program.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

_SET_FLAGS, _UP_RUNNING = 0x8914, 0x41
_OUTSIDE = ("203.0.113.1", 9)
NOWHERE = "http://127.0.0.1:9"
PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)


def prefix() -> list[str]:
    """What to put before a command so that it has no network; empty where the system does not allow it."""
    command = [shutil.which("unshare") or "unshare", "-r", "-n", sys.executable, __file__]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return command if done.returncode == 0 else []


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_RUNNING))


def _must_be_alone() -> None:
    try:
        socket.create_connection(_OUTSIDE, timeout=1).close()
    except OSError:
        return
    sys.exit("there is a network after all")


if __name__ == "__main__":
    _raise_loopback()
    _must_be_alone()
    os.execvp(sys.argv[1], sys.argv[1:])
