"""One station's score sheet: where each point was lost, the rows behind it, and what would move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil

from data_access.engine import reading
from data_access.readers.assessment_locked import adjustments, appeals
from domain.access import Scope
from domain.assessment import score_one
from domain.assessment_inputs import Amount, StationInputs
from domain.assessment_moves import moves
from domain.assessment_records import TotalRow
from domain.assessment_rules import AssessmentRules, Source
from domain.assessment_score import StationScore
from domain.assessment_views import (
    RUNNING,
    RowsLink,
    ScoreSheetView,
    Slider,
    waterfall,
)
from domain.errors import NotFound
from domain.incident_filter import Filter
from domain.month import Month
from domain.task import Task
from services.assessment import changes_of, rank_lines
from services.assessment_inputs import stretch_of
from services.assessment_month import Evaluated, months_back, row_of
from services.assessment_prepared import Prepared, prepare_on
from services.board import standing
from services.desk import Desk

_FILTERED = frozenset({"is_valid", "class_code", "subclass"})
_ROOM = 1.5


def sheet_view(
    desk: Desk,
    scope: Scope,
    month: Month,
    code: str,
    as_of: datetime,
    *,
    version: int = 0,
    prepared: Prepared | None = None,
) -> ScoreSheetView:
    """One station's month.

    Args:
        as_of: instant, wall time; a running month is scored up to it. version: of the lock, 0 for the newest.
        prepared: what `services.assessment_prepared.prepare` gave for the same month, instant and version.

    Raises:
        NotFound: the station is not in the scope, the month has not begun, or there is no such version.
        Refused: no rules are in force in the month.
    """
    with reading(desk.engine) as connection:
        shared = prepared or prepare_on(connection, desk, month, as_of, version=version)
        found, lines = shared.found, rank_lines(connection, shared, scope)
        line = next((one for one in lines if one.unit.code == code), None)
        if line is None:
            raise NotFound("error.station_unknown", code=code[:20])
        inputs = next(one for one in found.inputs.stations if one.code == code)
        records = adjustments(connection, [month.period], scope)
        return ScoreSheetView(
            board=standing(connection, desk.catalogue, as_of),
            about=found.about,
            unit=line.unit,
            line=line,
            in_hand=_in_hand(found, code),
            steps=waterfall(line.score),
            moves=moves(found.inputs, found.about.rules, code),
            links=_links(desk, found, code),
            sliders=_sliders(inputs, found.about.rules),
            history=_history(found, line.score),
            guards=found.guards.get(code, ()),
            appeals=appeals(connection, scope, month.period, [code]),
            adjustments=tuple(one for one in records if one.line.station == code),
            changes=tuple(one for one in changes_of(connection, desk, found, as_of) if one.station == code),
        )


def _in_hand(found: Evaluated, code: str) -> StationScore | None:
    if found.about.state != RUNNING:
        return None
    lines = found.score(code).adjustments
    return score_one(replace(found.inputs, pace=1.0), found.about.rules, code, lines)


def _history(found: Evaluated, score: StationScore) -> tuple[TotalRow, ...]:
    """The months before, and this one as it was scored already."""
    *months, month = months_back(found.about.month)
    rows = [found.past.get(one.period, {}).get(score.code) for one in months]
    version = found.about.lock.version if found.about.lock else 0
    return tuple(row for row in (*rows, row_of(score, month, version)) if row is not None)


def _links(desk: Desk, found: Evaluated, code: str) -> Mapping[str, RowsLink]:
    return {source.code: _link(desk, found, source, code) for source in found.about.rules.sources}


def _link(desk: Desk, found: Evaluated, source: Source, station: str) -> RowsLink:
    first, last = stretch_of(found.inputs, source)
    if source.risk:
        return RowsLink(source.code, "codes", "", first, last)
    if source.sample:
        return RowsLink(source.code, "sample", source.sample, first, last)
    task = desk.catalogue.task(source.task)
    asked = _filter(task, station) if task is not None else None
    return RowsLink(source.code, "incidents" if asked else "task", source.task, first, last, asked)


def _filter(task: Task, station: str) -> Filter | None:
    """The incidents a task counts, where a filter of the list of incidents can say it."""
    measure = task.measure
    if measure.source != "incident" or set(measure.where) - _FILTERED or measure.where_not or measure.stop:
        return None

    def several(name: str) -> tuple[str, ...]:
        value = measure.where.get(name, ())
        return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)

    valid = "yes" if measure.where.get("is_valid") == 1 else "all"
    return Filter(several("class_code"), several("subclass"), valid=valid, stations=(station,))


def _sliders(station: StationInputs, rules: AssessmentRules) -> tuple[Slider, ...]:
    quotas = rules.quotas()
    return tuple(_slider(source, station, quotas) for source in rules.sources if source.code in station.now)


def _slider(source: Source, station: StationInputs, quotas: Sequence[str] | frozenset[str]) -> Slider:
    amount = station.now[source.code]
    if source.code in quotas:
        high = max(_ROOM * amount.denominator, amount.numerator)
    elif amount.denominator:
        high = amount.denominator
    else:
        base = station.base.get(source.code, Amount(0.0))
        high = max(_ROOM * max(amount.numerator, base.numerator), 1.0)
    return Slider(source.code, amount, 0.0, float(ceil(high)))
