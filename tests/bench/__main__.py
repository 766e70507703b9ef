"""Measure and print; the JSON goes to var/bench/.

python -m tests.bench [--stations 100] [--database sqlite] [--seconds 5] [--incidents 10000000]
                      [--without assessment http import maps clocks walls]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from data_access import tables as t
from data_access.engine import open_engine, writing
from data_access.state import raise_version
from tests.bench import (
    assessment,
    bench_import,
    browser_map,
    clocks,
    compare,
    data,
    database,
    load,
    map_answers,
    maps,
    walls,
    wire,
)
from tests.support import postgres
from tests.support.browser import find_chromium
from tests.support.project import ROOT
from tests.support.server import Server, manage, serving
from web.serving import settle

PARTS = ("assessment", "http", "import", "maps", "clocks", "walls")
CLIENTS = 50
IMPORT_ROWS = 300_000
KB, MIB = 1000, 1024 * 1024


@dataclass(frozen=True)
class Line:
    """One measured number of one database; `most` or `least` is what ARCHITECTURE section 7 allows."""

    what: str
    unit: str
    value: float | None
    most: float | None = None
    least: float | None = None

    @property
    def good(self) -> bool | None:
        """Whether the promise holds; None when there is none or nothing was measured."""
        if self.value is None or (self.most is None and self.least is None):
            return None
        return self.value <= self.most if self.most is not None else self.value >= (self.least or 0)

    @property
    def promise(self) -> str:
        """The promise as it is printed."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""


def board_lines(engine: Engine, as_of: datetime) -> list[Line]:
    """The board from the database, without any cache."""
    settle()
    found = database.measure(engine, as_of)
    whole, raw, view = found["board"], found["raw"], found["view"]
    return [
        Line("stations", "", found["stations"]),
        Line("tasks", "", found["tasks"]),
        Line("cells with a colour", "", found["coloured"]),
        Line("SQL statements", "", found["statements"]),
        Line("board uncached p50", "ms", whole.p50),
        Line("board uncached p95", "ms", whole.p95, most=50 if engine.dialect.name == "postgresql" else 80),
        Line("its raw SQL p50", "ms", raw.p50),
        Line("its raw SQL p95", "ms", raw.p95),
        Line("board / raw SQL, p50", "×", whole.p50 / raw.p50, most=2),
        Line("with 30-day strips p50", "ms", view.p50),
        Line("with 30-day strips p95", "ms", view.p95),
    ]


def assessment_lines(engine: Engine, now: datetime) -> list[Line]:
    """The monthly assessment of all stations, uncached."""
    assessment.fill_past(engine, now)
    settle()  # as a web process does when it is ready
    promised = engine.dialect.name == "postgresql"
    found = assessment.measure(engine, datetime.combine(now.date(), time(18)), promised=promised)
    return [Line(f"assessment: {what}", unit, value, most=most) for what, unit, value, most in found]


def server_lines(url: str, seconds: float) -> list[Line]:
    """The real server under load, and what a real browser transfers."""
    with serving(url) as server:
        idle = server.proportional()
        lines = _browser_lines(server, seconds)
        lines += _poll_lines(server, seconds)
        lines += [
            Line("memory of all processes at start (Pss)", "MiB", idle / MIB),
            Line("memory of all processes after load (Pss)", "MiB", server.proportional() / MIB),
            Line("same, resident summed (RSS)", "MiB", sum(server.memory().values()) / MIB),
            Line("processes", "", len(server.processes())),
        ]
    return lines


def _poll_lines(server: Server, seconds: float) -> list[Line]:
    etag = _etag(server.url)
    same = load.Request("GET", "/api/poll", {"If-None-Match": etag, "Accept-Encoding": "br, gzip"})
    one = load.send(server.url, same, clients=1, seconds=min(2.0, seconds))
    many = load.send(server.url, same, clients=CLIENTS, seconds=seconds)
    return [
        Line("unchanged poll, one client p50", "ms", one.times.p50, most=2),
        Line("unchanged poll, one client p95", "ms", one.times.p95),
        Line("unchanged poll, answer", "bytes", max(one.sizes), most=400),
        Line(f"unchanged poll, {CLIENTS} clients", "req/s", many.a_second),
        Line(f"unchanged poll, {CLIENTS} clients p95", "ms", many.times.p95),
    ]


def _etag(url: str) -> str:
    import urllib.request

    with urllib.request.urlopen(f"{url}/api/poll") as answer:
        return str(answer.headers["ETag"])


def _browser_lines(server: Server, seconds: float) -> list[Line]:
    api = load.Request("GET", "/api/v1/board", {"Accept-Encoding": "br, gzip"})
    chromium = find_chromium()
    seen = wire.visit(server.url, chromium, lambda: _change(server.database_url)) if chromium else None
    lines = []
    if seen:
        lines += [
            Line("first visit, all transfers", "kB", seen.first.total / KB, most=500),
            Line("first visit, requests", "", len(seen.first.transfers)),
            Line("Plotly loaded (1 yes)", "", int(seen.plotly), most=0),
            Line("board answer on the wire", "kB", seen.board_bytes / KB, most=40),
            Line("one update, all transfers", "kB", seen.update.total / KB),
            Line("2.5 s without news, all transfers", "kB", seen.idle.total / KB),
        ]
    if seen and seen.board:
        lines += _load_lines("board page", server.url, seen.board, seconds)
    return lines + _load_lines("board as JSON", server.url, api, seconds)


def _load_lines(name: str, url: str, request: load.Request, seconds: float) -> list[Line]:
    one = load.send(url, request, clients=1, seconds=min(2.0, seconds))
    many = load.send(url, request, clients=CLIENTS, seconds=seconds)
    if many.statuses != {200}:
        print(f"  {name}: answers with status {sorted(many.statuses)}", file=sys.stderr)
    return [
        Line(f"{name} cached, one client p50", "ms", one.times.p50),
        Line(f"{name} cached, {CLIENTS} clients", "req/s", many.a_second),
        Line(f"{name} cached, {CLIENTS} clients p95", "ms", many.times.p95),
        Line(f"{name}, one answer", "kB", max(many.sizes) / KB),
    ]


def _change(url: str) -> None:
    """One more piece of work at every tenth station, and a new data version."""
    engine, now = open_engine(url), datetime.now().replace(microsecond=0)
    with writing(engine) as connection:
        stations = connection.execute(t.station.select()).mappings().all()[::10]
        rows = [
            {
                "record_id": f"bench-{now:%H%M%S}-{row['code']}",
                "kind": "publicity",
                "station_code": row["code"],
                "at": now,
                "quantity": 100,
                "has_evidence": 1,
                "updated_at": now,
            }
            for row in stations
        ]
        connection.execute(t.work_record.insert(), rows)
        raise_version(connection, now)
    engine.dispose()


def import_lines(url: str) -> list[Line]:
    """A generated 110 export through `manage.py import`'s own code, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        bench_import.write_file(path, IMPORT_ROWS)
        bench_import.prepare(url)
        found = bench_import.run(url, path)
    least = 20_000 if url.startswith("postgresql") else None
    return [
        Line("import of a 110 export", "rows/s", found["read"] / found["seconds"], least=least),
        Line("rows of that file", "", found["read"]),
    ]


def browser_lines() -> list[Line]:
    """How quickly a browser without a graphics card draws the map."""
    chromium = find_chromium()
    found = browser_map.measure(chromium) if chromium else {}
    return [Line(f"map in the browser: {name.replace('_', ' ')}", "ms", value) for name, value in found.items()]


def map_lines(kind: str, incidents: int) -> list[Line]:
    """Changes of a map's filter over three years of incidents; and how much less a tenth of them takes."""
    found = {}
    for count in (incidents // 10, incidents):
        with opened(kind) as url:
            engine = open_engine(url)
            print(f"{kind}: filling {count:,} incidents …", flush=True)
            maps.fill_incidents(engine, count, maps.DAYS)
            promised = kind == "postgresql"
            found[count] = maps.measure(engine, promised=promised) + map_answers.measure(engine, promised=promised)
            found[count] += compare.measure(engine, promised=promised)
            engine.dispose()
    less, more = found.values()
    lines = [Line(f"maps: {what}", unit, value, most=most) for what, unit, value, most in more]
    for (what, _, small, _), (_, _, large, _) in zip(less, more, strict=True):
        if what.endswith("plain p50") or (what.startswith(("answer:", "compare:")) and what.endswith("p50")):
            lines.append(Line(f"maps: {what}, tenfold incidents", "×", large / small))
    return lines


def clock_lines(kind: str, orders: int) -> list[Line]:
    """Answers of the page of clocks over three years of orders, and over a tenth of them."""
    with contextlib.ExitStack() as stack:
        engines = []
        for count in (orders // 10, orders):
            engines.append(open_engine(stack.enter_context(opened(kind))))
            stack.callback(engines[-1].dispose)
            print(f"{kind}: filling {count:,} orders …", flush=True)
            clocks.fill_orders(engines[-1], count)
        found = clocks.measure(*engines, promised=kind == "postgresql")
    return [Line(f"clocks: {what}", unit, value, most=most) for what, unit, value, most in found]


def wall_lines(url: str, *, promised: bool) -> list[Line]:
    """Five hundred wall displays that ask every five seconds."""
    found = walls.measure(url, promised=promised)
    return [Line(f"walls: {what}", unit, value, most=most) for what, unit, value, most in found]


@contextlib.contextmanager
def opened(kind: str) -> Iterator[str]:
    """The address of an empty database of this kind with all tables."""
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/bench.db"
        else:
            url = stack.enter_context(postgres.database(postgres.server_url()))
        manage(url, "db", "upgrade")
        yield url


def measure(kind: str, given: argparse.Namespace) -> list[Line]:
    """All numbers of one kind of database."""
    now = datetime.now().replace(microsecond=0)
    with opened(kind) as url:
        engine = open_engine(url)
        print(f"{kind}: filling {given.stations} stations …", flush=True)
        counts = data.fill(engine, given.stations, now)
        print(f"{kind}: {sum(counts.values()):,} rows; measuring …", flush=True)
        lines = [Line("source rows", "", sum(counts.values()))]
        lines += board_lines(engine, datetime.combine(now.date(), time(18)))
        if "assessment" not in given.without:
            lines += assessment_lines(engine, now)
        engine.dispose()
        if "http" not in given.without:
            lines += server_lines(url, given.seconds)
        if "walls" not in given.without:
            lines += wall_lines(url, promised=kind == "postgresql")
    if "import" not in given.without:
        with opened(kind) as url:
            lines += import_lines(url)
    if "maps" not in given.without:
        lines += map_lines(kind, given.incidents)
        lines += browser_lines() if kind == given.database[-1] else []
    if "clocks" not in given.without:
        lines += clock_lines(kind, given.incidents)
    return lines


def table(found: dict[str, list[Line]]) -> str:
    """The numbers side by side."""
    names = list(dict.fromkeys((line.what, line.unit) for lines in found.values() for line in lines))
    head = f"{'':44} {'':6} " + " ".join(f"{kind:>14}" for kind in found) + f"  {'promise':>9}"
    rows = [head, "-" * len(head)]
    for what, unit in names:
        each = [next((line for line in lines if line.what == what), None) for lines in found.values()]
        cells = " ".join(f"{_shown(line):>14}" for line in each)
        promises = sorted({line.promise for line in each if line and line.promise})
        rows.append(f"{what:44} {unit:6} {cells}  {' / '.join(promises):>9}".rstrip())
    return "\n".join(rows)


def _shown(line: Line | None) -> str:
    if line is None or line.value is None:
        return "-"
    digits = 0 if line.value == int(line.value) or abs(line.value) >= 1000 else (1 if abs(line.value) >= 10 else 2)
    return f"{line.value:,.{digits}f}" + {True: " ok", False: " MISS", None: "   "}[line.good]


def saved(found: dict[str, list[Line]], given: argparse.Namespace) -> Path:
    """Write the numbers as JSON; the file."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%d-%H%M%S}.json"
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    numbers: dict[str, Any] = {
        kind: [{**vars(line), "good": line.good} for line in lines] for kind, lines in found.items()
    }
    path.write_text(json.dumps({"machine": machine, "stations": given.stations, "numbers": numbers}, indent=1))
    return path


def main() -> int:
    """Measure each database in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=100)
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each load")
    parser.add_argument("--incidents", type=int, default=10_000_000, help="for the maps; and orders")
    parser.add_argument("--without", nargs="+", choices=PARTS, default=[])
    given = parser.parse_args()
    postgres.begin_run()
    found: dict[str, list[Line]] = {}
    try:
        for kind in given.database:
            try:
                found[kind] = measure(kind, given)
            except postgres.Unavailable as reason:
                print(f"{kind}: not measured: {reason}", file=sys.stderr)
    finally:
        postgres.end_run()
    print(
        f"\n{os.cpu_count()} CPUs, Python {platform.python_version()}, server of 2 processes × 8 threads; "
        "the load comes from this machine too\n"
    )
    print(table(found))
    print(f"\n{saved(found, given).relative_to(ROOT)}")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
