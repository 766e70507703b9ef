"""`make run`: an up-to-date database, the demo district when it is empty, then server and worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
sys.path.insert(0, str(ROOT))


def taken(host: str, port: int) -> bool:
    """True when something listens there already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host in ("", "0.0.0.0") else host, port)) == 0  # noqa: S104  # nosec B104


def prepared() -> int:
    """Check the port, bring the database up to date, fill an empty one; the exit code."""
    from domain.errors import SettingsError
    from settings import load_settings

    os.chdir(ROOT)
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if taken(settings.host, settings.port):
        other = settings.port + 1
        print(f"Port {settings.port} is taken. Another one: BOARD_PORT={other} make run", file=sys.stderr)
        return 2
    for step in (["db", "upgrade"], ["demo", "--if-empty"]):
        if code := subprocess.run([*MANAGE, *step], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    try:
        if code := prepared():
            sys.exit(code)
        os.execv(MANAGE[0], [*MANAGE, "serve", "--with-worker"])  # the server itself hears ctrl-C
    except KeyboardInterrupt:
        sys.exit(130)
