"""The rows behind one number of a station's month, whatever table they are in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access.engine import reading
from data_access.facts.flows import Stretch
from data_access.readers.organisation import units
from data_access.readers.risk_rows import COLUMNS, moved_codes
from data_access.readers.rows import Wanted
from domain.access import Scope
from domain.assessment_office import SourceRows
from domain.assessment_rules import AssessmentRules, Source, Take
from domain.errors import NotFound
from domain.month import Month, start_of
from domain.periods import end_of_day
from domain.span import year_back
from domain.task import Kind, Measure, Method, Period, Task
from domain.views import RowPage
from services.assessment_inputs import stretch_of
from services.assessment_month import Evaluated, evaluate
from services.board import standing
from services.cell import MOST_ROWS, hidden, rows_page
from services.desk import Desk


def source_rows(
    desk: Desk, scope: Scope, month: Month, codes: tuple[str, str], as_of: datetime, *, wanted: Wanted, version: int = 0
) -> SourceRows:
    """One page of the rows behind a source, as they stand now; the number is the month's, of a locked one frozen.

    Args:
        codes: station and source. wanted: which rows; of risk codes there is one part and one page.

    Raises:
        NotFound: the station is not in the scope, the rules have no such source, or the month has not begun.
        BadRequest: no such part. Refused: no rules are in force in the month.
    """
    station, code = codes
    with reading(desk.engine) as connection:
        unit = next((one for one in units(connection, scope) if one.code == station), None)
        if unit is None:
            raise NotFound("error.station_unknown", code=station[:20])
        found = evaluate(connection, desk, month, as_of, version=version)
        rules = found.about.rules
        source = rules.by_source.get(code)
        if source is None:
            raise NotFound("assessment.unknown.source", code=code[:20])
        stretch = _stretch(found, source)
        inputs = found.inputs.of(station)
        return SourceRows(
            board=standing(connection, desk.catalogue, as_of),
            about=found.about,
            unit=unit,
            source=code,
            indicators=_counted_in(code, rules),
            now=inputs.now.get(code) if inputs else None,
            base=inputs.base.get(code) if inputs else None,
            first=stretch.start,
            last=stretch.as_of,
            page=_page(connection, desk, source, station, (stretch, wanted), scope=scope),
        )


def _stretch(found: Evaluated, source: Source) -> Stretch:
    """The days of the source; twelve months that end now begin just after this instant of the year before."""
    first, last = stretch_of(found.inputs, source)
    now = found.inputs.as_of
    if now is not None and source.take is Take.YEAR:
        return Stretch(year_back(now) + timedelta(seconds=1), now)
    return Stretch(start_of(first), now or end_of_day(last))


def _counted_in(code: str, rules: AssessmentRules) -> tuple[str, ...]:
    return tuple(one.code for one in rules.indicators if any(code in part.sources for part in one.parts))


def _page(
    connection: Connection, desk: Desk, source: Source, station: str, what: tuple[Stretch, Wanted], *, scope: Scope
) -> RowPage:
    if source.risk:
        return _codes(connection, source, station, what[0], scope)
    task = desk.catalogue.task(source.task) if source.task else _observed(source.sample)
    if task is None:
        raise NotFound("assessment.unknown.source", code=source.code[:20])
    if task.measure.method is Method.LATEST and source.take is Take.SUM:
        return _each_day(connection, task, station, what, scope)
    return rows_page(connection, replace(task, period=Period.MONTH), station, what, scope)


def _each_day(connection: Connection, task: Task, station: str, what: tuple[Stretch, Wanted], scope: Scope) -> RowPage:
    """Of observations that are added up day by day only the last of each day counts."""
    stretch, wanted = what
    every = replace(task, measure=replace(task.measure, method=Method.RATIO))
    newest_first = Wanted("all", f"-{task.measure.at}", 1, MOST_ROWS)
    found = rows_page(connection, every, station, (stretch, newest_first), scope)
    place = found.columns.index(task.measure.at) if task.measure.at in found.columns else 0
    last: dict[date, object] = {}
    kept = [row for row in found.rows if last.setdefault(_day(row[place]), row[place]) == row[place]]
    size, page = max(1, wanted.size), max(1, wanted.page)
    rows = tuple(kept[(page - 1) * size : page * size])
    return replace(found, rows=rows, total=len(kept), page=page, size=size, parts={"all": len(kept)})


def _day(moment: object) -> date:
    return moment.date() if isinstance(moment, datetime) else date.min


def _observed(kind: str) -> Task:
    """A kind of observation that is no task: its last one in the stretch."""
    measure = Measure("sample", Method.LATEST, where={"kind": kind}, at="at")
    return Task(kind, "", Kind.RATE, Period.MONTH, "percent", measure, "")


def _codes(connection: Connection, source: Source, station: str, stretch: Stretch, scope: Scope) -> RowPage:
    rows = moved_codes(connection, station, stretch, scope, up=source.risk == "up") if scope.sees_rows else ()
    shown = tuple(tuple(hidden(name, value, scope) for name, value in zip(COLUMNS, row, strict=True)) for row in rows)
    return RowPage(
        COLUMNS if scope.sees_rows else (), shown, len(rows), 1, max(1, len(rows)), "", "all", {"all": len(rows)}
    )
