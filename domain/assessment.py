"""Scoring a month (DOMAIN 2.7): 30 points of outcome, 70 of process, per fusion mode, every point explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import Any

from domain.assessment_core import Floats, Marks, Stack, curve, marks, part_x, shrunk_rates, stacked
from domain.assessment_inputs import Adjustment, MonthInputs, StationInputs
from domain.assessment_notes import notes_of, quiet
from domain.assessment_rules import BLOCKS, AssessmentRules, Form, Indicator
from domain.assessment_score import (
    BlockScore,
    IndicatorScore,
    Note,
    PartScore,
    SourceLine,
    State,
    StationScore,
    printed,
)
from domain.colour import Colour
from domain.later import Later

__all__ = ["capped", "colour_of", "curve", "ranked", "score_month", "score_one", "scores_of"]

_CLOSE = 1e-9


def score_month(
    inputs: MonthInputs, rules: AssessmentRules, adjustments: Iterable[Adjustment] = ()
) -> tuple[StationScore, ...]:
    """Every station's score with its rank, in the order of the inputs.

    Args:
        adjustments: of any station of the month; caps are applied here.

    A station without a mode is scored by the rules' default mode and ranked among those without one.
    """
    stack = stacked(inputs.stations, rules, inputs.pace)
    return ranked(scores_of(inputs.stations, stack, rules, adjustments), rules)


def scores_of(
    stations: Sequence[StationInputs], stack: Stack, rules: AssessmentRules, adjustments: Iterable[Adjustment] = ()
) -> tuple[StationScore, ...]:
    """Scores without ranks.

    Args:
        stack: the stations' inputs as columns; it may carry district rates of its own.
    """
    found = _Columns(stack, rules, marks(stack, rules, [one.mode for one in stations]))
    lines: dict[str, list[Adjustment]] = {}
    for line in adjustments:
        lines.setdefault(line.station, []).append(line)
    return tuple(found.score(at, one, tuple(lines.get(one.code, ()))) for at, one in enumerate(stations))


def score_one(
    inputs: MonthInputs, rules: AssessmentRules, code: str, adjustments: Iterable[Adjustment] = ()
) -> StationScore | None:
    """One station's score without its rank; None when the inputs do not hold it.

    Args:
        adjustments: the station's own.
    """
    at = next((at for at, one in enumerate(inputs.stations) if one.code == code), None)
    if at is None:
        return None
    stack = stacked(inputs.stations, rules, inputs.pace)
    found = _Columns(stack, rules, marks(stack, rules, [one.mode for one in inputs.stations]))
    return found.score(at, inputs.stations[at], tuple(adjustments))


def capped(lines: Iterable[Adjustment], rules: AssessmentRules) -> tuple[float, float]:
    """What adjustments add and what they take, after their caps; both 0 or more."""
    points = [line.points for line in lines]
    bonus = min(rules.bonus_cap, sum(one for one in points if one > 0))
    return bonus, min(rules.deduction_cap, -sum(one for one in points if one < 0))


def colour_of(shown: float | None, rules: AssessmentRules) -> Colour:
    """The month's colour by the total as printed; grey without a total."""
    if shown is None:
        return Colour.GREY
    if shown >= rules.blue:
        return Colour.BLUE
    return Colour.YELLOW if shown >= rules.yellow else Colour.RED


def ranked(scores: Sequence[StationScore], rules: AssessmentRules) -> tuple[StationScore, ...]:
    """The scores with their places inside each fusion mode: by total, then the rules' ties, then code."""
    places: dict[str, tuple[int, int]] = {}
    groups: dict[str | None, list[StationScore]] = {}
    for score in scores:
        if score.complete:
            groups.setdefault(score.mode, []).append(score)
    for group in groups.values():
        group.sort(key=lambda score: _order(score, rules))
        places |= {score.code: (number, len(group)) for number, score in enumerate(group, 1)}
    return tuple(replace(one, rank=places[one.code][0], of=places[one.code][1]) if one.complete else one
                 for one in scores)  # fmt: skip


def _order(score: StationScore, rules: AssessmentRules) -> tuple[Any, ...]:
    ties = [-(points if (points := score.points(code)) is not None else -1.0) for code in rules.ties]
    return (-(score.shown or 0.0), *ties, score.code)


@dataclass(frozen=True)
class _Lists:
    """Columns of one indicator as plain lists, because single numbers out of arrays are slow.

    Args:
        x, base_x, got, sample: by part. values, bases: what is shown as value and as that of a year earlier.
        quiet: nothing has to be said beside it, station by station.
        shares: of its parts where all have data.
    """

    x: Sequence[list[float]]
    base_x: Sequence[list[float]]
    got: Sequence[list[float]]
    sample: Sequence[list[float]]
    share: list[float]
    weight: list[float]
    values: list[float] | None
    bases: list[float] | None
    quiet: list[bool]
    shares: tuple[float, ...]


class _Columns:
    """Marks of a stack, taken apart station by station."""

    def __init__(self, stack: Stack, rules: AssessmentRules, found: Marks) -> None:
        self.rules, self.pace = rules, stack.pace
        self.lists = [(one, _lists(one, stack, rules, found)) for one in rules.indicators]
        self.block = {code: found.block[code].tolist() for code in BLOCKS}
        self.total = found.total.tolist()

    def score(self, at: int, station: StationInputs, lines: tuple[Adjustment, ...]) -> StationScore:
        """One station's score without its rank."""
        indicators = tuple(self._indicator(at, station, one, columns) for one, columns in self.lists)
        bonus, deduction = capped(lines, self.rules)
        base = _known(self.total[at])
        total = None if base is None else base + bonus - deduction
        return StationScore(
            code=station.code,
            mode=station.mode,
            district=station.district,
            residents_10k=station.residents_10k,
            indicators=indicators,
            blocks=tuple(self._block(at, code, indicators) for code in BLOCKS),
            adjustments=lines,
            bonus=bonus,
            deduction=deduction,
            total=total,
            colour=colour_of(printed(total), self.rules),
        )

    def _block(self, at: int, code: str, indicators: Sequence[IndicatorScore]) -> BlockScore:
        missing = tuple(one.code for one in indicators if one.block == code and one.state is State.NO_DATA)
        return BlockScore(code, self.rules.block_weights[code], _known(self.block[code][at]), missing)

    def _indicator(self, at: int, station: StationInputs, one: Indicator, columns: _Lists) -> IndicatorScore:
        share, weight = _known(columns.share[at]), _known(columns.weight[at])
        full = self.rules.weight(one, station.mode)
        notes: tuple[Note, ...] = ()
        if not columns.quiet[at]:
            notes = notes_of(one, [x[at] for x in columns.x], station, self.rules, pace=self.pace)
        upper, lower = _pair(station, one)
        return IndicatorScore(
            code=one.code,
            block=one.block,
            state=_state(share, weight or 0.0, full, notes),
            full=full,
            weight=weight or 0.0,
            share=share,
            points=None if share is None or weight is None else weight * share,
            numerator=upper,
            denominator=lower,
            value=_finite(columns.values[at]) if columns.values else None,
            base=_finite(columns.bases[at]) if columns.bases else None,
            parts=Later(partial(_parts, at, one, columns)),
            sources=Later(partial(_sources, station, one)),
            notes=notes,
        )


def _lists(one: Indicator, stack: Stack, rules: AssessmentRules, found: Marks) -> _Lists:
    keys = [(one.code, part.code) for part in one.parts]
    base_x = [part_x(part, stack, base=True) for part in one.parts]
    values, bases = _values(one, stack, found, base_x)
    return _Lists(
        x=[found.x[key].tolist() for key in keys],
        base_x=[column.tolist() for column in base_x],
        got=[found.got[key].tolist() for key in keys],
        sample=[found.sample[key].tolist() for key in keys],
        share=found.share[one.code].tolist(),
        weight=found.weight[one.code].tolist(),
        values=None if values is None else values.tolist(),
        bases=None if bases is None else bases.tolist(),
        quiet=quiet(one, [found.x[key] for key in keys], stack, rules).tolist(),
        shares=tuple(part.share / sum(part.share for part in one.parts) for part in one.parts),
    )


def _values(
    one: Indicator, stack: Stack, found: Marks, base_x: Sequence[Floats]
) -> tuple[Floats | None, Floats | None]:
    """The indicator's value, and that of a year earlier; None where several parts make it."""
    if len(one.parts) > 1:
        return None, None
    part = one.parts[0]
    if part.form is Form.SHRUNK:
        return shrunk_rates(part, stack)
    if part.form is Form.CHANGE:
        return stack.now[part.sources[0]].numerator, stack.base[part.sources[0]].numerator
    return found.x[one.code, part.code], base_x[0]


def _parts(at: int, one: Indicator, columns: _Lists) -> tuple[PartScore, ...]:
    got = [_known(reached[at]) for reached in columns.got]
    shares: Sequence[float] = columns.shares
    if None in got:
        there = sum(part.share for part, reached in zip(one.parts, got, strict=True) if reached is not None)
        shares = [part.share / there if got[k] is not None else 0.0 for k, part in enumerate(one.parts)]
    return tuple(
        PartScore(
            part.code,
            _finite(columns.x[k][at]),
            _finite(columns.base_x[k][at]),
            got[k],
            _known(columns.sample[k][at]) or 0.0,
            shares[k],
        )
        for k, part in enumerate(one.parts)
    )


def _sources(station: StationInputs, one: Indicator) -> tuple[SourceLine, ...]:
    here, earlier, why = station.now.get, station.base.get, station.missing.get
    return tuple(
        SourceLine(code, here(code), earlier(code), why(code, "")) for part in one.parts for code in part.sources
    )


def _known(value: float) -> float | None:
    return None if value != value else value  # NaN alone differs from itself; called for every number


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _pair(station: StationInputs, one: Indicator) -> tuple[float | None, float | None]:
    """Numerator and denominator of an indicator that has but one of each."""
    part = one.parts[0]
    amounts = [station.now.get(code) for code in part.sources]
    first = amounts[0]
    if len(one.parts) > 1 or part.form is Form.MEAN or first is None:
        return None, None
    if part.form is Form.NET:
        return first.numerator - (amounts[1].numerator if amounts[1] else 0.0), first.denominator
    if part.form is Form.SHRUNK:
        return first.numerator, station.residents_10k
    return first.numerator, None if part.form is Form.CHANGE else first.denominator


def _state(share: float | None, weight: float, full: float, notes: Iterable[Note]) -> State:
    if share is None:
        return State.NO_DATA
    if any(note.code == "below_sample" for note in notes):
        return State.SMALL_SAMPLE
    return State.RESCALED if abs(weight - full) > _CLOSE else State.SCORED
