"""`make bundle`: everything a machine without a network needs, in one archive under ./dist.

Source at HEAD (tracked files only), wheels for all of requirements.txt, checksums, `install.sh`.
PLATFORM=manylinux2014_aarch64 fetches the wheels of another processor, PYTHON_VERSION=3.11 of another Python.
WHEELS=folder takes the wheels from there instead of the network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLIBC = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24")
"""Wheels for these C libraries too, up to GLIBC_MAX (2.28: Kylin V10, UOS 20, Debian 10 and newer)."""


def version() -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def platforms(wanted: str) -> list[str]:
    """The tags pip is given for a platform: `manylinux2014_aarch64` also takes what needs glibc 2.28."""
    machine = wanted.split("_", 1)[1]
    newest = tuple(map(int, os.environ.get("GLIBC_MAX", "2_28").split("_")))
    newer = [f"manylinux_{one}_{machine}" for one in GLIBC if tuple(map(int, one.split("_"))) <= newest]
    return [*newer, f"manylinux_2_17_{machine}", wanted]


def fetch(into: Path, platform: str, python: str) -> None:
    """Put the wheels of all requirements into a folder."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "-d", str(into)]
    if given := os.environ.get("WHEELS"):
        command += ["--no-index", f"--find-links={given}"]
    if platform:
        command += ["--implementation=cp", f"--python-version={python}"]
        command += [f"--platform={tag}" for tag in platforms(platform)]
    subprocess.run([*command, "-r", str(ROOT / "requirements.txt")], check=True)


def source(into: Path) -> None:
    """The tracked files as they are at HEAD."""
    with tempfile.TemporaryFile() as packed:
        subprocess.run(["git", "archive", "--format=tar", "HEAD"], cwd=ROOT, check=True, stdout=packed)  # noqa: S607
        packed.seek(0)
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(into, filter="data")


def said(*command: str) -> str:
    """What a program prints, run in the project's folder."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def checksums(folder: Path) -> str:
    """A line for every file, in the form of sha256sum."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    return info


def bundle(dist: Path, platform: str, python: str) -> Path:
    """Make the archive and its checksum; the archive."""
    name = f"daily-clear-board-{version()}" + (f"-{platform}" if platform else "")
    dist.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dist, prefix=".bundle-") as work:
        folder = Path(work) / name
        source(folder / "source")
        shutil.copy(folder / "source" / "deploy" / "install.sh", folder / "install.sh")
        fetch(folder / "wheels", platform, python)
        made, commit = platform or os.uname().machine, said("git", "rev-parse", "HEAD")
        (folder / "BUNDLE").write_text(f"version={version()}\nmachine={made}\npython={python}\ncommit={commit}\n")
        (folder / "SHA256SUMS").write_text(checksums(folder))
        partial = Path(work) / "bundle.tar.gz"
        with tarfile.open(partial, "w:gz", compresslevel=1) as archive:  # wheels are compressed already
            archive.add(folder, name, filter=_anonymous)
        target = dist / f"{name}.tar.gz"
        partial.replace(target)
    target.with_name(f"{target.name}.sha256").write_text(f"{_digest(target)}  {target.name}\n")
    return target


if __name__ == "__main__":
    here = ".".join(map(str, sys.version_info[:2]))
    try:
        done = bundle(
            Path(os.environ.get("DIST", ROOT / "dist")),
            os.environ.get("PLATFORM", ""),
            os.environ.get("PYTHON_VERSION", here),
        )
    except subprocess.CalledProcessError as error:
        sys.exit(f"The bundle was not made: {' '.join(map(str, error.cmd[:5]))} … failed; see above.")
    print(f"{done} ({done.stat().st_size / 1024 / 1024:.0f} MiB)")
