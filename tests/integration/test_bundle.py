"""The bundle installs and serves the board on a machine without a network; a damaged one is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import no_network
from tests.support.project import ROOT, missing, tracked
from tools import bundle

pytestmark = pytest.mark.proof

SERVE = """
set -eu
cd "$1"
.venv/bin/python manage.py db upgrade
.venv/bin/python manage.py serve & server=$!
trap 'kill $server' EXIT
.venv/bin/python - <<'ASK'
import json, sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for _ in range(300):
    try:
        ready = json.load(opener.open("http://127.0.0.1:18951/-/ready", timeout=5))
        break
    except OSError:
        time.sleep(0.2)
else:
    sys.exit("no answer")
board = json.load(opener.open("http://127.0.0.1:18951/api/v1/board", timeout=30))
page = opener.open("http://127.0.0.1:18951/", timeout=30).read()
print(json.dumps({"ready": ready["ok"], "board": sorted(board), "page": len(page)}))
ASK
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundle of HEAD, unpacked."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        missing("a bundle is made from a git repository, and this is none")
    folder = tmp_path_factory.mktemp("bundle")
    told = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "bundle.py")],
        env={**os.environ, "DIST": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if told.returncode:
        missing(f"the wheels cannot be fetched: {told.stderr.strip()[-300:]}")
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    yield folder / archive.name.removesuffix(".tar.gz")
    shutil.rmtree(folder, ignore_errors=True)


def offline(command: list[str], **environment: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run something without a network; the second value says how that was made."""
    alone = no_network.prefix()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "BOARD_"))}
    env |= {"PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1", "PIP_CONFIG_FILE": os.devnull, **environment}
    how = "a network namespace with nothing but the loopback" if alone else "pip --no-index, proxies that lead nowhere"
    if not alone:
        env |= no_network.PROXIES
    done = subprocess.run([*alone, *command], env=env, capture_output=True, text=True, check=False, timeout=600)
    return done, how


@pytest.mark.slow
def test_it_installs_and_serves_the_board_without_a_network(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "opt"
    done, how = offline(["sh", str(made / "install.sh"), str(target)], PYTHON=sys.executable)
    assert done.returncode == 0, f"{how}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    release = (target / "current").resolve()
    assert release.parent.name == "releases"
    database = f"sqlite:///{tmp_path / 'board.sqlite3'}"
    given = {"DATABASE_URL": database, "BOARD_PORT": "18951", "BOARD_WORKERS": "1"}
    told, how = offline(["sh", "-c", SERVE, "sh", str(release)], **given)
    assert told.returncode == 0, f"{how}: {told.stdout[-2000:]}{told.stderr[-3000:]}"
    assert '"ready": true' in told.stdout
    assert '"board": ["board", ' in told.stdout
    print(f"network off by {how}")
    again, _ = offline(["sh", str(made / "install.sh"), str(target)], PYTHON=sys.executable)
    assert again.returncode == 1
    assert "is there already" in again.stderr


@pytest.mark.slow
def test_it_holds_the_tracked_files_and_a_wheel_for_every_requirement(made: Path) -> None:
    held = {str(path.relative_to(made / "source")) for path in (made / "source").rglob("*") if path.is_file()}
    at_head = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "-z", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert held == {name for name in at_head.split("\0") if name}
    wheels = {path.name.split("-")[0].lower().replace("_", "-") for path in (made / "wheels").glob("*.whl")}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = {line.split("==")[0].split("[")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert wanted - wheels == set()
    assert "manage.py" in {path.name for path in tracked()}


@pytest.mark.slow
def test_a_damaged_file_is_refused_before_anything_is_made(made: Path, tmp_path: Path) -> None:
    file = made / "source" / "README.md"
    before = file.read_bytes()
    try:
        file.write_bytes(before + b"x")
        done, _ = offline(["sh", str(made / "install.sh"), str(tmp_path / "opt")], PYTHON=sys.executable)
    finally:
        file.write_bytes(before)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "opt").exists()


def test_another_processor_or_python_is_refused(tmp_path: Path) -> None:
    for made_for, python, said in (("sparc", "3.11", "sparc"), (os.uname().machine, "2.7", "Python 2.7")):
        folder = tmp_path / made_for
        folder.mkdir()
        shutil.copy(ROOT / "deploy" / "install.sh", folder)
        (folder / "BUNDLE").write_text(f"version=1\nmachine={made_for}\npython={python}\n")
        (folder / "SHA256SUMS").write_text(bundle.checksums(folder))
        done = subprocess.run(
            ["sh", str(folder / "install.sh"), str(tmp_path / "opt")], capture_output=True, text=True, check=False
        )
        assert (done.returncode, said in done.stderr) == (1, True)
        assert not (tmp_path / "opt").exists()


def test_arm_wheels_are_asked_for_up_to_the_oldest_system_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIBC_MAX", raising=False)
    tags = bundle.platforms("manylinux2014_aarch64")
    assert tags[0] == "manylinux_2_28_aarch64"
    assert tags[-1] == "manylinux2014_aarch64"
    monkeypatch.setenv("GLIBC_MAX", "2_34")
    assert bundle.platforms("manylinux2014_aarch64")[0] == "manylinux_2_34_aarch64"
