"""Writes of the administration pages. Each is one transaction with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from data_access.audit import Deed, append
from data_access.engine import writing
from data_access.readers.administration import station_rows, target_rows
from data_access.state import raise_version
from data_access.tables import feed, task_target
from domain.access import Scope
from domain.errors import NotFound, Refused
from domain.targets import TargetRow, check_end, ended, stamp, with_new


def write_targets(engine: Engine, new: Sequence[TargetRow], seen: int, at: datetime, scope: Scope) -> int:
    """Write new targets of one task; earlier ones end where these begin, and all of them stay. Returns how many.

    Args:
        seen: how many rows the task had when the effect was looked at.

    Raises:
        NotFound: a station that is not in the scope. Refused: somebody else changed targets of the task meanwhile.
    """
    with writing(engine) as connection:
        raise_version(connection, at)
        known = {row.code for row in station_rows(connection, scope) if row.active}
        for one in new:
            if one.station not in known:
                raise NotFound("error.station_unknown", code=one.station[:20])
        mine = {(one.station, one.task) for one in new}
        before = _rows_of(connection, scope, mine)
        if seen != stamp(before):
            raise Refused("admin.refused.meanwhile")
        _replace(connection, before, with_new(before, new), at)
        for one in new:
            append(connection, Deed(one.by, "target_set", _subject(one), _told(one, before)), at)
    return len(new)


def end_target(
    engine: Engine, which: tuple[str, str, date], last: date, *, by: str, reason: str, at: datetime, scope: Scope
) -> None:
    """Let a target end with a day.

    Args:
        which: station, task and first day of the target.

    Raises:
        NotFound: no such target in the scope. BadRequest: it cannot end then.
    """
    with writing(engine) as connection:
        raise_version(connection, at)
        before = _rows_of(connection, scope, {which[:2]})
        row = next((one for one in before if one.first == which[2]), None)
        if row is None:
            raise NotFound("admin.unknown.target", station=which[0][:20], task=which[1][:20], day=which[2].isoformat())
        check_end(row, last, at.date())
        _replace(connection, before, ended(before, which, last), at)
        told = f"{row.blue:g}/{row.yellow:g} from {row.first}: last {row.last or '-'} > {last}: {reason}"
        append(connection, Deed(by, "target_end", _subject(row), told), at)


def _rows_of(connection: Connection, scope: Scope, pairs: set[tuple[str, str]]) -> tuple[TargetRow, ...]:
    return tuple(row for row in target_rows(connection, scope) if (row.station, row.task) in pairs)


def _replace(connection: Connection, before: Sequence[TargetRow], after: Sequence[TargetRow], at: datetime) -> None:
    """Write only what differs."""
    column = task_target.c
    old = {(row.station, row.task, row.first): row for row in before}
    for row in after:
        key = (row.station, row.task, row.first)
        values = {
            "valid_to": row.last,
            "blue": row.blue,
            "yellow": row.yellow,
            "reason": row.reason or None,
            "set_by": row.by or None,
            "updated_at": at,
        }
        if key not in old:
            named = {"station_code": row.station, "task_code": row.task, "valid_from": row.first}
            connection.execute(task_target.insert().values(**named, **values))
        elif old[key] != row:
            mine = (column.station_code == key[0], column.task_code == key[1], column.valid_from == key[2])
            connection.execute(task_target.update().where(*mine).values(**values))


def _subject(row: TargetRow) -> str:
    return f"target:{row.station}/{row.task}"


def _told(new: TargetRow, before: Sequence[TargetRow]) -> str:
    held = [row for row in before if row.station == new.station and row.holds(new.first)]
    old = f"{held[-1].blue:g}/{held[-1].yellow:g}" if held else "catalogue"
    return f"{old} > {new.blue:g}/{new.yellow:g} from {new.first} to {new.last or '-'}: {new.reason}"


def set_period(engine: Engine, code: str, seconds: int, *, by: str, at: datetime, scope: Scope) -> int:
    """How often a source should give a sign of life, seconds; returns what it was.

    Raises:
        NotFound: no such source, or the asker does not see everything.
    """
    if not scope.everything:
        raise NotFound("error.page_unknown")
    with writing(engine) as connection:
        raise_version(connection, at)
        found = connection.execute(feed.select().where(feed.c.code == code)).mappings().first()
        if found is None:
            raise NotFound("admin.unknown.feed", value=code[:40])
        changed = feed.update().where(feed.c.code == code)
        connection.execute(changed.values(expected_seconds=seconds, updated_at=at))
        append(connection, Deed(by, "feed_period", f"feed:{code}", f"{found['expected_seconds']} > {seconds}"), at)
    return int(found["expected_seconds"])
