"""Which sources an imported file keeps alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from data_access.importing.convert import Columns
from data_access.importing.plan import TargetPlan
from data_access.tables import feed
from domain.profile import FeedRule


@dataclass(slots=True)
class _Span:
    rule: FeedRule
    first: datetime
    last: datetime


class FeedMarks:
    """First and last time of the rows that were accepted, per source."""

    def __init__(self) -> None:
        self._spans: dict[str, _Span] = {}

    def see(self, target: TargetPlan, columns: Columns) -> None:
        """Take in one batch of accepted rows."""
        spans: dict[str, tuple[str, str] | None] = {}
        for rule in target.feeds:
            key = repr((rule.at, sorted(rule.where.items())))
            if key not in spans:
                spans[key] = _span(_times(rule, columns))
            if (span := spans[key]) is not None:
                self._widen(rule, *map(datetime.fromisoformat, span))

    def _widen(self, rule: FeedRule, first: datetime, last: datetime) -> None:
        span = self._spans.setdefault(rule.code, _Span(rule, first, last))
        span.first, span.last = min(span.first, first), max(span.last, last)

    def store(self, connection: Connection, origin: str, now: datetime) -> None:
        """Insert or widen the rows of table `feed`. `complete_to` is left alone: a file vouches for
        nothing. The expected period of a source that is known is the administrator's."""
        for code, span in sorted(self._spans.items()):
            held = connection.execute(select(feed).where(feed.c.code == code)).mappings().first()
            values: dict[str, Any] = {
                "expected_seconds": held["expected_seconds"] if held else span.rule.expected_seconds,
                "first_row_at": _outer(min, held["first_row_at"] if held else None, span.first),
                "last_row_at": _outer(max, held["last_row_at"] if held else None, span.last),
                "last_load_at": now,
                "origin": origin,
                "updated_at": now,
            }
            if held is None:
                connection.execute(feed.insert().values(code=code, **values))
            else:
                connection.execute(feed.update().where(feed.c.code == code).values(**values))


def _span(times: list[Any]) -> tuple[str, str] | None:
    known = [time for time in times if time is not None] if None in times else times
    return (min(known), max(known)) if known else None


def _times(rule: FeedRule, columns: Columns) -> list[Any]:
    if not rule.where:
        return columns[rule.at]
    rows = zip(columns[rule.at], *(columns[name] for name in rule.where), strict=True)
    wanted = list(rule.where.values())
    return [time for time, *values in rows if [str(value) for value in values] == wanted]


def _outer(choose: Any, held: datetime | None, found: datetime) -> datetime:
    chosen: datetime = choose(held, found) if held is not None else found
    return chosen
