"""Keep one wall open through thousands of refreshes and measure what it holds; the JSON goes to var/soak/.

python -m tests.soak [--refreshes 6000] [--minutes 600] [--stations 12] [--database postgresql]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.soak.drive import SETTLED, Report, Soak, saved, wall_server
from tests.support import postgres
from tests.support.browser import FLAGS, INSTALL, find_chromium

EVERY = 250


@contextlib.contextmanager
def database(kind: str, folder: str) -> Iterator[tuple[str, str]]:
    """Kind and address of an empty database: PostgreSQL where there is one, else SQLite."""
    with contextlib.ExitStack() as stack:
        if kind != "sqlite":
            try:
                yield "postgresql", stack.enter_context(postgres.database(postgres.server_url()))
                return
            except postgres.Unavailable as reason:
                print(f"PostgreSQL: {reason}; with SQLite instead", file=sys.stderr)
        yield "sqlite", f"sqlite:///{folder}/soak.db"


def soak(given: argparse.Namespace, chromium: Path) -> Report:
    """The whole run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database(given.database, folder) as (kind, url),
        wall_server(url, given.stations, Path(folder)) as (running, city, token),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        report = Report(given.refreshes, kind)
        one = Soak(browser, running, token, report)
        one.run(
            city, min(EVERY, max(1, given.refreshes // 4)), lambda text: print(text, flush=True), 60 * given.minutes
        )
        browser.close()
    return report


def main() -> int:
    """0 when the wall did well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--refreshes", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=600, help="end after so many minutes at the latest")
    parser.add_argument("--stations", type=int, default=12)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    given = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print(INSTALL, file=sys.stderr)
        return 1
    postgres.begin_run()
    try:
        report = soak(given, chromium)
    finally:
        postgres.end_run()
    return told(report)


def told(report: Report) -> int:
    """Print what came out; 0 when it is good."""
    first = min(SETTLED, max(1, report.refreshes // 2))
    page = report.page
    print(f"\n{report.database}, {os.cpu_count()} CPUs, {report.refreshes} refreshes in {report.seconds:.0f} s")
    for name in ("heap", "code", "data", "nodes", "listeners"):
        print(f"  {name}: {report.growth(name, first):+.1%} since refresh {first}")
    print(f"  answers {report.answers}, pictures taken over {page['taken']}, requests {report.state['polls']}")
    print(f"  drawings {page['draws']}")
    print(f"  screens in view {page['screens']}; alerts {page['alerts']}; acknowledged {report.acknowledged}")
    problems = report.problems(first)
    for problem in problems[:40]:
        print(f"  WRONG: {problem}")
    print(f"  {saved(report)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
