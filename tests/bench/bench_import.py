"""Rows per second and memory of an import of a generated 110 export, for SQLite and PostgreSQL.

    python -m tests.bench.bench_import [--rows 1000000] [--again] [DATABASE_URL …]

Without addresses: SQLite in a temporary folder, and PostgreSQL if TEST_DATABASE_URL names one. The
tables of the given databases are emptied. Each import runs in a process of its own, so that its
peak memory is its own; `--again` imports the same file a second time (everything unchanged).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from catalogue.profiles_loader import load_profile
from data_access.engine import open_engine, writing
from data_access.importing import run_import
from data_access.tables import metadata, station

NOW = datetime(2024, 6, 1)
STATIONS = [f"9901090{n:02d}000" for n in range(1, 24)]
# fmt: off
HEADER = [
    "JJDBH", "PJDBH", "GXDWDM", "JQLBDM", "BJFSDM", "JQFSSJ", "BJSJ", "JJSJ", "PJSJ", "QSSJ", "SJCJSJ", "DDXCSJ",
    "FKSJ", "CLWBSJ", "JASJ", "GXSJ", "XZB", "YZB", "AFDZ", "BJNR", "BJRXM", "LXDH", "SWRS", "SSRS", "TQQKDM",
    "LMZKDM", "DLLXDM", "JDXZ",
]
# fmt: on
_CLASSES = ("交通事故", "交通拥堵", "违法停车", "机动车噪声", "其他")


def rows(count: int, seed: int = 110) -> Iterator[list[str]]:
    """`count` rows of a 110 export: every fiftieth incident has a second order, some have no place."""
    rng = random.Random(seed)
    start = NOW - timedelta(days=800)
    incident = 0
    for number in range(count):
        incident += number % 50 != 49
        at = start + timedelta(seconds=incident * 800 * 86400 // max(1, count))
        clocks = [at + timedelta(seconds=s) for s in (0, 20, 40, 60, 110, 150, 420, 5400, 7000, 40000, 41000)]
        times = [f"{clock:%Y-%m-%d %H:%M:%S}" for clock in clocks]
        place = [f"{rng.uniform(120.0, 120.7):.6f}", f"{rng.uniform(29.9, 30.5):.6f}"] if number % 50 else ["", ""]
        yield [
            f"330109{incident:012d}",
            f"P{number:014d}",
            rng.choice(STATIONS),
            rng.choice(_CLASSES),
            "110",
            *times,
            *place,
            f"示范路{rng.randrange(2000)}号",
            "两车相撞,人员无伤" if number % 3 else "电动自行车摔倒",
            "王某",
            f"138{rng.randrange(10**8):08d}",
            "0",
            str(rng.randrange(3)),
            "晴",
            "干燥",
            "城市道路",
            "示范街道",
        ]


def write_file(path: Path, count: int) -> None:
    """A UTF-8 CSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))


def prepare(url: str) -> None:
    """Empty tables and the stations of the file."""
    engine = open_engine(url)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with writing(engine) as connection:
        connection.execute(station.insert(), [{"code": code, "name": code, "updated_at": NOW} for code in STATIONS])
    engine.dispose()


def measure(url: str, path: Path) -> dict[str, float]:
    """Import once in this process: rows, seconds, and memory at the start and at its peak (MiB)."""
    engine = open_engine(url)
    profile = load_profile("110")
    before = peak_mib()
    began = time.perf_counter()
    report = run_import(engine, profile, [path], now=NOW, reject_dir=path.parent)
    seconds = time.perf_counter() - began
    engine.dispose()
    if report.exit_status:
        raise SystemExit(f"the import failed: {report}")
    return {
        "read": report.total("read"),
        "loaded": report.total("loaded"),
        "seconds": seconds,
        "start_mib": before,
        "peak_mib": peak_mib(),
    }


def peak_mib() -> float:
    """The most memory this process has had; ru_maxrss would begin with what its parent had."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmHWM in /proc/self/status")


def run(url: str, path: Path) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_import", "--child", str(path), url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print one line per database and import."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="*")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measure(given.urls[0], given.child)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "110.csv"
        write_file(path, given.rows)
        print(f"{given.rows} rows, {path.stat().st_size / 2**20:.0f} MiB")
        print(
            f"{'database':12} {'import':8} {'loaded':>9} {'seconds':>8} {'rows/s':>9} {'start MiB':>10} {'peak MiB':>9}"
        )
        for url in given.urls or _default_urls(folder):
            prepare(url)
            for name in ("first", "again")[: 1 + given.again]:
                found = run(url, path)
                speed = found["read"] / found["seconds"]
                print(
                    f"{url.split(':')[0]:12} {name:8} {found['loaded']:9.0f} {found['seconds']:8.1f} {speed:9.0f} "
                    f"{found['start_mib']:10.0f} {found['peak_mib']:9.0f}"
                )


def _default_urls(folder: str) -> list[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    return [f"sqlite:///{folder}/board.sqlite3", *([given] if given else [])]


if __name__ == "__main__":
    main()
