"""Scoring a month (DOMAIN 2.7): 30 points of outcome, 70 of process, per fusion mode, every point explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan
from typing import Any

import numpy as np

from domain.assessment_core import Floats, Marks, Stack, curve, marks, part_x, shrunk_rates, stacked
from domain.assessment_inputs import Adjustment, MonthInputs, StationInputs
from domain.assessment_notes import notes_of
from domain.assessment_rules import BLOCKS, AssessmentRules, Form, Indicator, Part
from domain.assessment_score import (
    BlockScore,
    IndicatorScore,
    Note,
    PartScore,
    SourceLine,
    State,
    StationScore,
)
from domain.colour import Colour

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
    """Columns as plain lists, because single numbers out of arrays are slow."""

    x: Mapping[tuple[str, str], list[float]]
    base_x: Mapping[tuple[str, str], list[float]]
    got: Mapping[tuple[str, str], list[float]]
    sample: Mapping[tuple[str, str], list[float]]
    share: Mapping[str, list[float]]
    weight: Mapping[str, list[float]]
    block: Mapping[str, list[float]]
    total: list[float]
    rates: Mapping[str, tuple[list[float], list[float]]]


class _Columns:
    """Marks of a stack, taken apart station by station."""

    def __init__(self, stack: Stack, rules: AssessmentRules, found: Marks) -> None:
        self.rules, self.pace = rules, stack.pace
        keys = [(one, part) for one in rules.indicators for part in one.parts]
        self.lists = _Lists(
            x=_plain(found.x),
            base_x={(one.code, part.code): part_x(part, stack, base=True).tolist() for one, part in keys},
            got=_plain(found.got),
            sample=_plain(found.sample),
            share=_plain(found.share),
            weight=_plain(found.weight),
            block=_plain(found.block),
            total=found.total.tolist(),
            rates={one.code: _rates(part, stack) for one, part in keys if part.form is Form.SHRUNK},
        )

    def score(self, at: int, station: StationInputs, lines: tuple[Adjustment, ...]) -> StationScore:
        """One station's score without its rank."""
        indicators = tuple(self._indicator(at, station, one) for one in self.rules.indicators)
        bonus, deduction = capped(lines, self.rules)
        base = _known(self.lists.total[at])
        total = None if base is None else base + bonus - deduction
        score = StationScore(
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
            colour=Colour.GREY,
        )
        return replace(score, colour=colour_of(score.shown, self.rules))

    def _block(self, at: int, code: str, indicators: Sequence[IndicatorScore]) -> BlockScore:
        missing = tuple(one.code for one in indicators if one.block == code and one.state is State.NO_DATA)
        return BlockScore(code, self.rules.block_weights[code], _known(self.lists.block[code][at]), missing)

    def _indicator(self, at: int, station: StationInputs, one: Indicator) -> IndicatorScore:
        share, weight = _known(self.lists.share[one.code][at]), _known(self.lists.weight[one.code][at])
        full = self.rules.weight(one, station.mode)
        xs = [self.lists.x[one.code, part.code][at] for part in one.parts]
        notes = notes_of(one, xs, station, self.rules, pace=self.pace)
        upper, lower = _pair(station, one)
        value, base = self._value(at, station, one)
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
            value=value,
            base=base,
            parts=self._parts(at, one),
            sources=tuple(
                SourceLine(code, station.now.get(code), station.base.get(code), station.missing.get(code, ""))
                for part in one.parts
                for code in part.sources
            ),
            notes=notes,
        )

    def _parts(self, at: int, one: Indicator) -> tuple[PartScore, ...]:
        got = [_known(self.lists.got[one.code, part.code][at]) for part in one.parts]
        there = sum(part.share for part, reached in zip(one.parts, got, strict=True) if reached is not None)
        return tuple(
            PartScore(
                code=part.code,
                x=_finite(self.lists.x[one.code, part.code][at]),
                base_x=_finite(self.lists.base_x[one.code, part.code][at]),
                got=reached,
                sample=_known(self.lists.sample[one.code, part.code][at]) or 0.0,
                share=part.share / there if reached is not None else 0.0,
            )
            for part, reached in zip(one.parts, got, strict=True)
        )

    def _value(self, at: int, station: StationInputs, one: Indicator) -> tuple[float | None, float | None]:
        """The indicator's value, and that of a year earlier."""
        if len(one.parts) > 1:
            return None, None
        part = one.parts[0]
        if part.form is Form.SHRUNK:
            now, before = self.lists.rates[one.code]
            return _known(now[at]), _known(before[at])
        if part.form is Form.CHANGE:
            amounts = (station.now.get(part.sources[0]), station.base.get(part.sources[0]))
            return tuple(None if one is None else one.numerator for one in amounts)  # type: ignore[return-value]
        key = one.code, part.code
        return _finite(self.lists.x[key][at]), _finite(self.lists.base_x[key][at])


def _plain(columns: Mapping[Any, Floats]) -> dict[Any, list[float]]:
    return {key: column.tolist() for key, column in columns.items()}


def _rates(part: Part, stack: Stack) -> tuple[list[float], list[float]]:
    now, before = shrunk_rates(part, stack)
    return np.asarray(now).tolist(), np.asarray(before).tolist()


def _known(value: float) -> float | None:
    return None if isnan(value) else value


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
