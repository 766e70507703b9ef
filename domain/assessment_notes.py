"""What must be said beside an indicator's points: why there is no data, what is small, what could not be compared."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan

import numpy as np
import numpy.typing as npt

from domain.assessment_core import Floats, Stack
from domain.assessment_inputs import StationInputs
from domain.assessment_rules import AssessmentRules, Form, Indicator, Part
from domain.assessment_score import Note

_CLOSE = 1e-9


def notes_of(
    one: Indicator, xs: Sequence[float], station: StationInputs, rules: AssessmentRules, *, pace: float
) -> tuple[Note, ...]:
    """The notes of one indicator of one station.

    Args:
        xs: x of each part, NaN without data, infinite where a comparison has no base.
        pace: see `MonthInputs`.
    """
    found: list[Note] = []
    empty = all(isnan(x) for x in xs)
    for part, x in zip(one.parts, xs, strict=True):
        if isnan(x):
            found += _why(part, station, alone=empty)
            continue
        if isinf(x):
            found.append(Note(_extreme(part, x), part.code))
        found += _small(part, station, rules, pace)
        if part.form is Form.MEAN:
            found += [note for code in part.sources for note in _lacking(code, station, "source_missing")]
    return tuple(found)


def quiet(one: Indicator, xs: Sequence[Floats], stack: Stack, rules: AssessmentRules) -> npt.NDArray[np.bool_]:
    """For whole columns: where `notes_of` would have nothing to say.

    Args:
        xs: x of each part, shape (stations,).
    """
    found = np.isfinite(xs[0])
    for part, x in zip(one.parts, xs, strict=True):
        found = found & np.isfinite(x)
        for code in part.sources:
            size = stack.now[code].denominator
            found = found & ~(size < _least(part, code, rules) * stack.pace - _CLOSE)
            if part.form is Form.MEAN:
                found = found & (np.abs(size) > 0)
    return found


def _least(part: Part, code: str, rules: AssessmentRules) -> float:
    """Observations that the rules ask for in a whole month."""
    least = rules.by_source[code].least
    return least if part.full_sample is None else max(least, part.full_sample)


def _extreme(part: Part, x: float) -> str:
    if part.form is Form.NET:
        return "nothing_to_lower"
    return "from_zero" if x > 0 else "zero_to_zero"


def _why(part: Part, station: StationInputs, *, alone: bool) -> list[Note]:
    """Why a part has no data; `alone`: the whole indicator has none, so it is not one part that is missing."""
    found = [] if alone else [Note("part_missing", part.code)]
    if part.form is Form.SHRUNK and not station.residents_10k:
        return [*found, Note("no_residents")]
    reasons = [note for code in part.sources for note in _lacking(code, station, "no_rows")]
    if not reasons and part.form in (Form.SHRUNK, Form.CHANGE):
        reasons = [Note("no_base", code) for code in part.sources]
    return [*found, *(reasons or [Note("no_task", part.sources[0])])]


def _lacking(code: str, station: StationInputs, otherwise: str) -> list[Note]:
    amount = station.now.get(code)
    if amount is None:
        return [Note(station.missing.get(code, otherwise), code)]
    return [Note("no_task", code)] if otherwise == "source_missing" and not amount.denominator else []


def _small(part: Part, station: StationInputs, rules: AssessmentRules, pace: float) -> list[Note]:
    """Sources with fewer observations than the rules ask for; in a running month in proportion to the days gone."""
    found = []
    for code in part.sources:
        amount = station.now.get(code)
        if amount is not None and amount.denominator < _least(part, code, rules) * pace - _CLOSE:
            found.append(Note("below_sample", code))
    return found
