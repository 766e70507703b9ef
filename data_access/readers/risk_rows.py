"""Subjects whose colour is lower or higher at the end of a stretch than at its start, one row each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from data_access.facts.flows import Stretch
from data_access.facts.levels import RANK, RISKY, valid_at
from data_access.scope import within
from data_access.tables import risk_code
from domain.access import Scope

COLUMNS = ("code_id", "subject_kind", "subject_name", "colour", "colour_later", "valid_from")
_ORDER = ("subject_kind", "subject_id", "code_id")


def moved_codes(
    connection: Connection, station: str, stretch: Stretch, scope: Scope, *, up: bool = False
) -> tuple[tuple[Any, ...], ...]:
    """The rows that `data_access.facts.months.risk_moves` counts: of the red and yellow ones those lower at the end,
    or with `up` those that are higher, whatever they were.

    Returns:
        rows in the order of `COLUMNS`, `colour_later` at the end.
    """
    later, rank = _later(stretch), _rank(risk_code.c.colour)
    same = and_(later.c.subject_kind == risk_code.c.subject_kind, later.c.subject_id == risk_code.c.subject_id)
    moved = and_(later.c.lowest >= rank, later.c.highest > rank) if up else and_(
        risk_code.c.colour.in_(RISKY), later.c.lowest < rank
    )  # fmt: skip
    shown = _named(later.c.highest if up else later.c.lowest)
    columns = [shown if name == "colour_later" else risk_code.c[name] for name in COLUMNS]
    query = (
        select(*columns)
        .select_from(risk_code.join(later, same))
        .where(risk_code.c.station_code == station, within(scope, risk_code.c.station_code))
        .where(risk_code.c.subject_kind.is_not(None), risk_code.c.colour.is_not(None))
        .where(valid_at(risk_code, stretch.start), moved)
        .order_by(*(risk_code.c[name] for name in _ORDER))
    )
    return tuple(tuple(row) for row in connection.execute(query))


def _later(stretch: Stretch) -> Any:
    """Lowest and highest colour of each subject at the end; two codes of it may be in force at once."""
    code = risk_code.alias("in_force_at_end")
    rank, keys = _rank(code.c.colour), (code.c.subject_kind, code.c.subject_id)
    return (
        select(*keys, func.min(rank).label("lowest"), func.max(rank).label("highest"))
        .where(code.c.colour.is_not(None), valid_at(code, stretch.as_of))
        .group_by(*keys)
        .subquery()
    )


def _rank(colour: Any) -> ColumnElement[int]:
    return case(*((colour == name, rank) for name, rank in RANK.items()), else_=0)


def _named(rank: Any) -> ColumnElement[str]:
    return case(*((rank == number, name) for name, number in RANK.items()), else_="green")
