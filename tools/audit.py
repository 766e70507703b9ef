"""`make audit`: bandit over our code, pip-audit over the pinned packages. Exit status 1 when either finds something.

bandit's exceptions stand with their reasons in pyproject.toml and beside the lines. A machine that cannot reach
the service of pip-audit (an offline installation) skips it loudly; `AUDIT=required` makes that a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = (
    *("app.py", "manage.py", "settings.py", "catalogue", "commands", "components", "data_access", "deploy", "domain"),
    *("exports", "i18n", "pages", "services", "tools", "web"),
)
SECONDS = 180


def bandit() -> int:
    """The status of bandit."""
    command = [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", *OURS]
    told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    said = [line for line in told.stderr.splitlines() if "nosec encountered" not in line]  # it warns of each twice
    print("\n".join([told.stdout.strip(), *said]).strip() or "bandit: nothing found")
    return told.returncode


def pip_audit() -> int:
    """The status of pip-audit; a loud line where its service cannot be reached or knows none of the packages."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--timeout=15", "--no-deps"]
    command += ["--disable-pip", "--format=json", "-r", "requirements.txt"]
    try:
        told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {SECONDS} s")
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except (ValueError, KeyError):
        return skipped((told.stderr.strip().splitlines() or ["no answer"])[-1][:200])
    return judged(packages)


def judged(packages: list[dict[str, Any]]) -> int:
    """The status of an answer. pip-audit itself calls it clean when its service knew no package at all."""
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    weak = {f"{one['name']} {one['version']}": [v["id"] for v in one["vulns"]] for one in packages if one.get("vulns")}
    for name, found in weak.items():
        print(f"{name}: {', '.join(found)}")
    if unknown:
        return max(bool(weak), skipped(f"it knew nothing about {len(unknown)} of {len(packages)} packages"))
    print(f"pip-audit: {len(packages)} packages, {len(weak)} with known weaknesses")
    return 1 if weak else 0


def skipped(reason: str) -> int:
    """Say loudly that nothing was asked; the status."""
    print(f"*** pip-audit was SKIPPED: its service does not answer as it should ({reason}).", file=sys.stderr)
    print("*** Nobody has looked for known weaknesses. Run `make audit` where there is a network.", file=sys.stderr)
    return 1 if os.environ.get("AUDIT") == "required" else 0


if __name__ == "__main__":
    sys.exit(max(bandit(), pip_audit()))
