"""The worked example of docs/data-contract.md: our names as a view over a table of a 110 system."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, inspect, select, text

from catalogue.loader import load_catalogue
from data_access.engine import reading
from data_access.readers.numbers import numbers
from data_access.tables import incident, metadata
from data_access.types import day_of
from domain.access import command, station
from domain.colour import Numbers
from tests.factories import make_station
from tests.support import docs

AS_OF = datetime(2024, 5, 6, 13)  # a Monday: the week is the day
CALLS = [
    # number, station, class, reported, happened, closed, traced, valid, repeats
    ("A1", "S1", "040100", "20240506080500", "20240506075500", "20240506110000", "20240506120000", "Y", None),
    ("A2", "S1", "040100", "20240506090000", "", "20240506113000", None, "Y", "A1"),
    ("A3", "S1", "040100", "20240506091000", None, None, None, "N", None),
    ("A4", "S1", "040100", "20240506140000", None, None, None, "Y", None),  # later than AS_OF
    ("A5", "S2", "040100", "20240506100000", None, None, None, "Y", None),
    ("A6", "", "040100", "20240506100000", None, None, None, "Y", None),
    ("O1", "S1", "040201", "20240506083000", None, None, None, "Y", None),
    ("O2", "S1", "040202", "20240506083000", None, None, None, "Y", None),
    ("X1", "S1", "999999", "20240506083000", None, None, None, "Y", None),
    ("B1", "S1", "040100", "20230508100000", None, None, None, "Y", None),  # 364 days earlier
]
INSERT = text(
    "INSERT INTO jq_jjd (jjdbh, gxdwdm, jqlbdm, bjsj, jqfssj, jasj, sysj, sfyx, cfjdbh, xzb, yzb, swrs, ssrs, gxsj) "
    "VALUES (:a, :b, :c, :d, :e, :f, :g, :h, :i, '120.2641', '30.1852', '', '1', '20240506120000')"
)


def script(kind: str) -> list[str]:
    """The statements of the block that begins with `-- kind`."""
    found = [
        block for block in docs.blocks(docs.text("docs/data-contract.md"), "sql") if block.startswith(f"-- {kind}")
    ]
    assert len(found) == 1
    lines = [line.split("  --")[0] for line in found[0].splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";") if part.strip()]


@pytest.fixture
def over_existing(blank: Engine) -> Engine:
    """Our tables, with the view in place of `incident`, over a filled table of a 110 system."""
    metadata.create_all(blank)
    with blank.begin() as connection:
        connection.exec_driver_sql("DROP TABLE incident")
        for statement in (*script("existing"), *script(blank.dialect.name)):
            connection.exec_driver_sql(statement)
        for call in CALLS:
            connection.execute(INSERT, dict(zip("abcdefghi", call, strict=True)))
    make_station(blank, "S1")
    make_station(blank, "S2")
    return blank


def test_the_view_has_our_columns_and_no_other(over_existing: Engine) -> None:
    found = [column["name"] for column in inspect(over_existing).get_columns("incident")]
    assert found == incident.c.keys()


def test_the_view_gives_our_types(over_existing: Engine) -> None:
    with over_existing.connect() as connection:
        row = connection.execute(incident.select().where(incident.c.incident_id == "110-A1")).mappings().one()
    assert row["occurred_at"] == datetime(2024, 5, 6, 7, 55)
    assert row["reported_at"] == datetime(2024, 5, 6, 8, 5)
    assert row["traced_at"] == datetime(2024, 5, 6, 12)
    assert (row["lng"], row["deaths"], row["injuries"], row["is_valid"]) == (120.2641, 0, 1, 1)
    assert (row["entered_at"], row["loss_yuan"], row["repeat_of"]) == (None, None, None)


def test_the_board_reads_its_numbers_through_the_view(over_existing: Engine) -> None:
    tasks = load_catalogue().tasks
    with reading(over_existing) as connection:
        table = numbers(connection, tasks, AS_OF, command())
    assert table["S1", "T1-06"] == Numbers(2, 0, base=1)  # accidents, against the year before
    assert table["S2", "T1-06"].numerator == 1
    assert table["S1", "T1-07"].numerator == 1  # congestion
    assert table["S1", "T1-08"].numerator == 1  # repeats
    assert table["S1", "T2-04"] == Numbers(1, 2)  # two closed, one traced
    assert {code for code, _ in table if code} == {"S1", "S2"}


def test_the_scope_holds_through_the_view(over_existing: Engine) -> None:
    with reading(over_existing) as connection:
        table = numbers(connection, load_catalogue().tasks, AS_OF, station("S2"))
    assert {code for code, _ in table} == {"S2"}


def test_days_come_out_as_days(over_existing: Engine) -> None:

    with over_existing.connect() as connection:
        days = connection.execute(select(day_of(incident.c.occurred_at))).scalars().all()
    assert set(days) == {date(2024, 5, 6), date(2023, 5, 8)}
