"""Taking the demo district out of a database, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Table, exists, or_, select

from data_access import tables
from data_access.accounts import remove_demo_accounts
from data_access.demo.feeds import FEEDS
from data_access.demo.mark import read_mark, remove_mark
from data_access.demo.world import PREFIX
from data_access.engine import writing
from data_access.state import touch_months

_BY_CODE = (tables.station, tables.district, tables.squadron, tables.duty_grid)
_BY_STATION = (
    tables.measure_day,
    tables.measure_month,
    tables.risk_month,
    tables.incident_hour,
    tables.incident_cell_day,
    tables.board_day,
    tables.task_target,
    tables.assessment_score,
    tables.assessment_lock_line,
    tables.assessment_adjustment,
    tables.assessment_appeal,
    tables.alert,
)


def clear_demo(engine: Engine) -> None:
    """Remove exactly the demo rows, what was derived from them, and the mark. The caller raises the version."""
    with writing(engine) as connection:
        remove_demo(connection)


def remove_demo(connection: Connection) -> None:
    """`clear_demo` inside the caller's transaction. Does nothing where no demo is loaded."""
    if read_mark(connection) is None:
        return
    _remove_derived(connection)
    for table in (tables.incident_party, *(t for t in tables.SOURCES.values() if t is not tables.incident_party)):
        _remove_rows(connection, table)
    for table in _BY_CODE:
        connection.execute(table.delete().where(table.c.code.startswith(PREFIX)))
    connection.execute(tables.duty_roster.delete().where(tables.duty_roster.c.district_code.startswith(PREFIX)))
    ids = select(tables.hotspot.c.hotspot_id).where(tables.hotspot.c.station_code.startswith(PREFIX))
    for part in (tables.hotspot_plan, tables.hotspot_measure):
        connection.execute(part.delete().where(part.c.hotspot_id.in_(ids)))
    connection.execute(tables.hotspot.delete().where(tables.hotspot.c.station_code.startswith(PREFIX)))
    mine = or_(tables.boundary.c.subject_code.startswith(PREFIX), tables.boundary.c.origin == "demo")
    connection.execute(tables.boundary.delete().where(mine))
    remove_demo_accounts(connection)
    connection.execute(tables.feed.delete().where(tables.feed.c.code.in_(list(FEEDS))))
    remove_mark(connection)


def _remove_derived(connection: Connection) -> None:
    for name, table in tables.SOURCES.items():
        if table is tables.incident_party:
            continue
        spans = tables.rollup_span
        key = next(iter(table.primary_key.columns))
        mine = select(key).where(table.c.source == "demo")
        connection.execute(spans.delete().where(spans.c.source == name, spans.c.row_id.in_(mine)))
    # Rows loaded again later may carry an older moment of writing than the last look: look from the start.
    connection.execute(tables.refresh_mark.delete())
    # A day's pack holds the rows of all stations: the next refresh packs anew what is left.
    for pack in (tables.incident_pack, tables.dispatch_pack):
        connection.execute(pack.delete())
    for derived in _BY_STATION:
        connection.execute(derived.delete().where(derived.c.station_code.startswith(PREFIX)))
    _remove_empty_months(connection)
    touch_months(connection)


def _remove_empty_months(connection: Connection) -> None:
    """Locked months that held none but demo stations."""
    month, score = tables.assessment_month, tables.assessment_score
    left = exists().where(score.c.period == month.c.period, score.c.version == month.c.version)
    connection.execute(month.delete().where(~left))


def _remove_rows(connection: Connection, table: Table) -> None:
    """Demo rows of a source table; emptied whole where it holds nothing else, because that is far faster."""
    if table is tables.incident_party:
        demo, foreign = _demo_parties()
    else:
        demo = table.c.source == "demo"
        foreign = select(table.c.source).where(or_(table.c.source != "demo", table.c.source.is_(None)))
    if connection.execute(foreign.limit(1)).first() is not None:
        connection.execute(table.delete().where(demo))
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"TRUNCATE {table.name}")
    else:
        connection.execute(table.delete())


def _demo_parties() -> tuple[Any, Any]:
    incident, party = tables.incident, tables.incident_party
    ours = select(incident.c.incident_id).where(incident.c.source == "demo")
    return party.c.incident_id.in_(ours), select(party.c.incident_id).where(party.c.incident_id.not_in(ours))
