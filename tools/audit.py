"""`make audit`: bandit over our code, pip-audit over the pinned packages. Exit status 1 when either finds something.

bandit's exceptions stand with their reasons in pyproject.toml and beside the lines. A machine that cannot reach
the service of pip-audit (an offline installation) skips it loudly; `AUDIT=required` makes that a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = ("app.py", "manage.py", "settings.py", "catalogue", "commands", "components", "data_access", "deploy", "domain")
OURS = (*OURS, "exports", "i18n", "pages", "services", "tools", "web")
UNREACHABLE = ("ConnectionError", "ServiceError", "Max retries", "Failed to resolve", "timed out", "ProxyError", "HTTPError")
SECONDS = 180


def bandit() -> int:
    """The status of bandit."""
    command = [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", *OURS]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def pip_audit() -> int:
    """The status of pip-audit; 0 with a loud line where its service cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--timeout=15", "--no-deps"]
    command += ["--disable-pip", "-r", "requirements.txt"]
    try:
        told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {SECONDS} s")
    if told.returncode and any(word in told.stderr for word in UNREACHABLE):
        return skipped((told.stderr.strip().splitlines() or ["?"])[-1][:200])
    print(told.stdout + told.stderr, end="")
    return told.returncode


def skipped(reason: str) -> int:
    """Say loudly that nothing was asked; the status."""
    print(f"*** pip-audit was SKIPPED: its service cannot be reached from here ({reason}).", file=sys.stderr)
    print("*** Nobody has looked for known weaknesses. Run `make audit` where there is a network.", file=sys.stderr)
    return 1 if os.environ.get("AUDIT") == "required" else 0


if __name__ == "__main__":
    sys.exit(max(bandit(), pip_audit()))
