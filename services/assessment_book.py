"""A month's workbook: the ranking as the screens show it, and the four figures of harm beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from data_access.engine import reading
from data_access.readers.harm import first_accident, harm_counts
from data_access.readers.organisation import units
from domain.access import Scope, command
from domain.assessment_book import Harm, HarmLine, MonthBook, added
from domain.assessment_views import RankingView
from domain.board import Unit
from domain.month import Month, start_of
from domain.span import Span, year_back
from services.desk import Desk


def month_book(desk: Desk, scope: Scope, view: RankingView) -> MonthBook:
    """The workbook of a ranking that was asked for by the same viewer.

    Args:
        view: what the screens show; its instant is the workbook's.
    """
    span, base = spans_of(view.about.month, view.about.as_of or view.board.as_of)
    with reading(desk.engine) as connection:
        now, before = (harm_counts(connection, one, scope) for one in (span, base))
        begun = first_accident(connection, command())
        known = begun is not None and begun <= base.first_day
        seen = units(connection, scope)
    lines = _lines(seen, now, before if known else None)
    return MonthBook(view, span, base, tuple(lines))


def spans_of(month: Month, as_of: datetime) -> tuple[Span, Span]:
    """The month, up to `as_of` when it is not over, and the same stretch a year earlier."""
    start, earlier = start_of(month.first), start_of(month.back(12).first)
    if month.over(as_of):
        return Span(start, start_of(month.back(-1).first)), Span(earlier, start_of(month.back(11).first))
    second = timedelta(seconds=1)  # a span's end is excluded, what happens at `as_of` counts
    return Span(start, as_of + second), Span(earlier, year_back(as_of) + second)


def _lines(
    seen: tuple[Unit, ...], now: Mapping[str | None, Harm], base: Mapping[str | None, Harm] | None
) -> Iterator[HarmLine]:
    """The stations in their order, then what belongs to none of them."""
    for unit in seen:
        yield HarmLine(unit, now.get(unit.code, Harm()), None if base is None else base.get(unit.code, Harm()))
    codes = {unit.code for unit in seen}
    rest, rest_base = (
        added(harm for code, harm in (found or {}).items() if code not in codes) for found in (now, base)
    )
    if rest.accidents or rest_base.accidents:
        yield HarmLine(None, rest, None if base is None else rest_base)
