"""What an import promises: the same again changes nothing, all or nothing, nothing is lost, two wait for each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from data_access.engine import writing
from data_access.tables import dispatch_order, feed, import_file, incident, sample, station
from tests.factories import make_station
from tests.support.importing import (
    NOW,
    checked,
    content,
    csv_text,
    importing,
    one,
    rejected,
    row_110,
    small,
    write_csv,
)
from tests.support.project import ROOT

LATER = NOW + timedelta(minutes=5)
GENERIC = {"incident_id": "I1", "station_code": "S1", "class_code": "accident", "occurred_at": "2024-05-06 08:00:00"}


@pytest.fixture(autouse=True)
def organisation(engine: Engine) -> None:
    """Two stations."""
    make_station(engine, "S1")
    make_station(engine, "S2")


def empty(engine: Engine) -> None:
    """Take away what an example of a property test has left."""
    with writing(engine) as connection:
        for table in (incident, dispatch_order, import_file, feed):
            connection.execute(table.delete())


def test_the_same_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_110(number) for number in range(50)])
    assert one(engine, path).loaded == 50
    before = content(engine, incident), content(engine, dispatch_order)
    report = one(engine, path, now=LATER)
    assert (report.loaded, report.unchanged) == (0, 50)
    assert (content(engine, incident), content(engine, dispatch_order)) == before


def test_only_what_differs_is_updated(engine: Engine, tmp_path: Path) -> None:
    one(engine, write_csv(tmp_path / "a.csv", [row_110(1), row_110(2)]))
    report = one(engine, write_csv(tmp_path / "b.csv", [row_110(1), row_110(2, SSRS="3")]), now=LATER)
    assert (report.loaded, report.updated, report.unchanged) == (1, 1, 1)
    first, second = content(engine, incident)
    assert (first["updated_at"], second["updated_at"], second["injuries"]) == (NOW, LATER, 3)
    assert {row["updated_at"] for row in content(engine, dispatch_order)} == {NOW}
    again = one(engine, write_csv(tmp_path / "c.csv", [row_110(2, SSRS="3")]))
    assert again.unchanged == 1


def test_exact_repetitions_inside_a_file_are_unchanged(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, write_csv(tmp_path / "a.csv", [row_110(1), row_110(1), row_110(1)]))
    assert (report.read, report.loaded, report.unchanged) == (3, 1, 2)


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_the_last_of_several_rows_of_one_key_stands_and_stays(engine: Engine, tmp_path: Path, chunk: int) -> None:
    rows = [row_110(1, SSRS="1"), row_110(2), row_110(1, SSRS="2"), row_110(1, SSRS="3", AFDZ="")]
    path = write_csv(tmp_path / "a.csv", rows)
    one(engine, path, limits=small(chunk=chunk))
    found = content(engine, incident)[0]
    assert (found["injuries"], found["address"]) == (3, "示范路1号")
    before = content(engine, incident)
    report = one(engine, path, now=LATER, limits=small(chunk=chunk))
    assert (report.loaded, report.unchanged) == (0, 4)
    assert content(engine, incident) == before


@pytest.mark.parametrize("chunk", [1, 100])
def test_a_row_that_its_source_changed_earlier_does_not_win(engine: Engine, tmp_path: Path, chunk: int) -> None:
    new = row_110(1, SSRS="2", GXSJ="2024-05-06 10:00:00")
    old = row_110(1, SSRS="1", GXSJ="2024-05-06 09:00:00")
    one(engine, write_csv(tmp_path / "a.csv", [new, old]), limits=small(chunk=chunk))
    assert content(engine, incident)[0]["injuries"] == 2
    assert one(engine, write_csv(tmp_path / "b.csv", [old])).loaded == 0
    assert content(engine, incident)[0]["injuries"] == 2


def test_an_older_row_of_another_file_is_counted_as_such(engine: Engine, tmp_path: Path) -> None:
    new = GENERIC | {"injuries": "2", "source_updated_at": "2024-05-06 10:00:00"}
    old = GENERIC | {"injuries": "1", "source_updated_at": "2024-05-06 09:00:00"}
    one(engine, write_csv(tmp_path / "incident_a.csv", [new]), "generic")
    report = one(engine, write_csv(tmp_path / "incident_b.csv", [old]), "generic")
    assert (report.unchanged, report.warnings["older"]) == (1, 1)
    assert content(engine, incident)[0]["injuries"] == 2


def test_an_emptied_cell_clears_the_value_where_the_profile_says_so(engine: Engine, tmp_path: Path) -> None:
    one(engine, write_csv(tmp_path / "incident.csv", [GENERIC | {"road": "示范路", "injuries": "2"}]), "generic")
    report = one(engine, write_csv(tmp_path / "incident.csv", [GENERIC | {"road": "", "injuries": ""}]), "generic")
    assert report.updated == 1
    found = content(engine, incident)[0]
    assert (found["road"], found["injuries"]) == (None, 0)


def test_a_column_that_is_not_in_the_file_keeps_its_value(engine: Engine, tmp_path: Path) -> None:
    one(
        engine,
        write_csv(tmp_path / "incident.csv", [GENERIC | {"road": "示范路", "lng": "120", "lat": "30"}]),
        "generic",
    )
    report = one(engine, write_csv(tmp_path / "incident_b.csv", [GENERIC]), "generic", now=LATER)
    assert (report.loaded, report.unchanged) == (0, 1)
    report = one(engine, write_csv(tmp_path / "incident_c.csv", [GENERIC | {"deaths": "1"}]), "generic", now=LATER)
    assert report.updated == 1
    found = content(engine, incident)[0]
    assert (found["road"], found["deaths"], found["lng"], found["place_issue"]) == ("示范路", 1, 120.0, None)


def test_a_row_that_others_wrote_without_fingerprint_is_compared_by_value(engine: Engine, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "sample.csv",
        [
            {
                "sample_id": "H1",
                "kind": "helmet",
                "station_code": "S1",
                "at": "2024-05-06 08:00:00",
                "numerator": "9",
                "denominator": "11",
            }
        ],
    )
    with writing(engine) as connection:
        connection.execute(
            sample.insert().values(
                sample_id="H1",
                kind="helmet",
                station_code="S1",
                at=datetime(2024, 5, 6, 8),
                numerator=9,
                denominator=11,
                updated_at=NOW,
            )
        )
    assert one(engine, path, "generic", now=LATER).unchanged == 1
    assert content(engine, sample)[0]["updated_at"] == NOW


CELLS = st.fixed_dictionaries(
    {
        "JQLBDM": st.sampled_from(["交通事故", "交通拥堵", "", "?"]),
        "JQFSSJ": st.sampled_from(["2024-05-06 08:00:00", "20240506090000", "2099-01-01 00:00:00", "gestern", ""]),
        "XZB": st.sampled_from(["120.25", "", "0", "30.18", "x"]),
        "YZB": st.sampled_from(["30.18", "", "0", "120.25"]),
        "SWRS": st.sampled_from(["0", "1", "-1", "1,000", ""]),
        "SSRS": st.sampled_from(["0", "2", "zwei"]),
        "GXDWDM": st.sampled_from(["S1", "S2", "S9", ""]),
        "BJNR": st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    }
)


def numbered(cells: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with a key of their own each."""
    return [row_110(number, **row) for number, row in enumerate(cells)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, min_size=1, max_size=12), data=st.data())
def test_order_and_repetition_do_not_matter(
    engine: Engine, tmp_path: Path, cells: list[dict[str, str]], data: Any
) -> None:
    empty(engine)
    rows = numbered(cells)
    first = one(engine, write_csv(tmp_path / "a.csv", rows))
    before = content(engine, incident), content(engine, dispatch_order)
    mixed = data.draw(st.permutations(rows + rows[: len(rows) // 2]))
    again = one(
        engine, write_csv(tmp_path / "b.csv", mixed), now=LATER, limits=small(chunk=data.draw(st.integers(1, 5)))
    )
    assert again.loaded == 0
    assert again.unchanged + again.rejected == len(mixed)
    assert (content(engine, incident), content(engine, dispatch_order)) == before
    assert len(before[0]) == first.loaded


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_a_corrected_reject_file_brings_the_rest(engine: Engine, tmp_path: Path, cells: list[dict[str, str]]) -> None:
    empty(engine)
    rows = numbered(cells)
    report = one(engine, write_csv(tmp_path / "a.csv", rows))
    if not report.rejected:
        return
    back = rejected(report)
    wrong = {row["JJDBH"]: row for row in rows}
    assert all(
        {name: row[name] for name in wrong[row["JJDBH"]]} == wrong[row["JJDBH"]]
        for row in back
        if "\0" not in row["BJNR"]
    )
    for row in back:
        row |= {name: row_110()[name] for name in (*CELLS_NAMES, "GXDWDM")}
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(csv_text(back), encoding="utf-8-sig")
    second = one(engine, corrected)
    assert (second.loaded, second.rejected, second.unused) == (report.rejected, 0, ())
    assert len(content(engine, incident)) == len(rows)


CELLS_NAMES = ("JQFSSJ", "XZB", "YZB", "SWRS", "SSRS", "BJNR")


def test_rejected_rows_say_where_and_why(engine: Engine, tmp_path: Path) -> None:
    rows = [row_110(1), row_110(2, BJNR="第一行\n第二行"), row_110(3, SWRS="-1"), row_110(4, JJDBH="")]
    report = one(engine, write_csv(tmp_path / "a.csv", rows))
    assert (report.read, report.loaded, report.rejected) == (4, 2, 2)
    third, fourth = rejected(report)
    assert [third[name] for name in ("_line", "_column", "_value", "_reason_code")] == [
        "5",
        "SWRS",
        "-1",
        "number_negative",
    ]
    assert third["_file"].endswith("a.csv")
    assert (fourth["_line"], fourth["_column"], fourth["_reason_code"]) == ("6", "JJDBH", "key_missing")


def test_one_bad_file_does_not_stop_the_others(engine: Engine, tmp_path: Path) -> None:
    good, last = write_csv(tmp_path / "a.csv", [row_110(1)]), write_csv(tmp_path / "c.csv", [row_110(2)])
    bad = tmp_path / "b.csv"
    bad.write_text("nothing,of,the,kind\n1,2,3,4\n")
    report = importing(engine, [good, bad, last])
    checked(report)
    assert [file.loaded for file in report.files] == [1, 0, 1]
    (failed,) = report.failed
    assert failed.problem is not None
    assert (failed.name, failed.problem.key) == (str(bad), "error.import_header")
    assert report.exit_status == 2


def test_a_file_that_fails_in_the_middle_leaves_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data_access.importing import bulk

    calls: list[str] = []
    real = bulk.insert_rows

    def failing(connection: Any, table: Any, *args: Any, **options: Any) -> None:
        calls.append(table.name)
        if len(calls) == 6:
            raise OSError("no space left")
        real(connection, table, *args, **options)

    monkeypatch.setattr(bulk, "insert_rows", failing)
    rows = [row_110(number, SWRS="-1" if number == 3 else "0") for number in range(40)]
    report = importing(engine, write_csv(tmp_path / "a.csv", rows), limits=small(chunk=10))
    assert report.exit_status == 2
    assert report.failed[0].problem is not None
    assert report.failed[0].problem.key == "error.import_unexpected"
    for table in (incident, dispatch_order, import_file, feed):
        assert content(engine, table) == []
    assert list((tmp_path / "rejects").iterdir()) == []


CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from catalogue.profiles_loader import load_profile
from data_access.engine import open_engine
from data_access.importing import run_import

url, path, rejects = sys.argv[1:]
print("ready", flush=True)
now, profile = datetime(2024, 5, 7, 13), load_profile("110")
report = run_import(open_engine(url), profile, [Path(path)], now=now, reject_dir=Path(rejects))
print(report.total("loaded"), report.total("unchanged"), flush=True)
"""


def child(engine: Engine, path: Path) -> subprocess.Popen[str]:
    """An import in a process of its own, from the moment it begins."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CHILD, url, str(path), str(path.parent / "rejects")]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def count(engine: Engine, table: Any) -> int:
    """Rows of a table."""
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)


@pytest.mark.slow
def test_killed_at_any_moment_the_database_is_as_before_or_after(engine: Engine, tmp_path: Path) -> None:
    size = 6_000
    path = write_csv(tmp_path / "a.csv", [row_110(number) for number in range(size)])
    seen: set[tuple[int, int, int]] = set()
    for wait in (0.05, 0.2, 0.4, 0.6, 0.9, 1.3):
        process = child(engine, path)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        seen.add((count(engine, incident), count(engine, dispatch_order), count(engine, import_file)))
    assert seen <= {(0, 0, 0), (size, size, 1), (size, size, 2), (size, size, 3), (size, size, 4), (size, size, 5)}
    report = one(engine, path)
    assert report.loaded + report.unchanged == size
    assert count(engine, incident) == size


@pytest.mark.slow
def test_two_imports_at_once_wait_for_each_other(engine: Engine, tmp_path: Path) -> None:
    size = 3_000
    path = write_csv(tmp_path / "a.csv", [row_110(number) for number in range(size)])
    processes = [child(engine, path) for _ in range(2)]
    outcomes = sorted(process.communicate(timeout=120)[0].split() for process in processes)
    assert outcomes == [["0", str(size)], [str(size), "0"]]
    assert count(engine, incident) == count(engine, dispatch_order) == size


def test_an_import_waits_for_another_writer(engine: Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row_110(1)])
    reports: list[Any] = []
    with writing(engine) as connection:
        connection.execute(station.update().values(sort_no=1))
        thread = threading.Thread(target=lambda: reports.append(importing(engine, path)))
        thread.start()
        time.sleep(0.3)
    thread.join(timeout=60)
    assert reports[0].total("loaded") == 1


def test_progress_grows_to_the_end(engine: Engine, tmp_path: Path) -> None:
    paths = [write_csv(tmp_path / f"{name}.csv", [row_110(number) for number in range(300)]) for name in "ab"]
    told: list[tuple[int, int, str]] = []
    importing(engine, paths, progress=lambda *state: told.append(state), limits=small(chunk=50, block=4_000))
    done = [state[0] for state in told]
    assert done == sorted(done)
    assert done[-1] == told[-1][1] == sum(path.stat().st_size for path in paths)
    assert len(set(done)) > 4
    assert [state[2] for state in told][0 :: len(told) - 1] == [str(path) for path in paths]


def test_each_file_is_written_at_its_own_time(engine: Engine, tmp_path: Path) -> None:
    paths = [write_csv(tmp_path / f"{number}.csv", [row_110(number)]) for number in (1, 2)]
    times = iter([NOW + timedelta(minutes=minute) for minute in range(10)])
    importing(engine, paths, clock=lambda: next(times))
    first, second = (row["updated_at"] for row in content(engine, incident))
    assert NOW < first < second
