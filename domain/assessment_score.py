"""A scored month, number by number: what screens, workbooks and locked months hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.assessment_inputs import Adjustment, Amount
from domain.colour import Colour
from domain.rounding import half_up

_DUST = 9
DIGITS = 2
"""Totals are ranked and coloured as they are printed, so that what reads equal is equal."""


@lru_cache(maxsize=4096)
def printed(total: float | None) -> float | None:
    """Points as they are printed, half-up; None for None.

    The dust of binary fractions is cut off first: 89.99499999999999 is 89.995 and prints 90.00.
    """
    return None if total is None else float(half_up(round(total, _DUST), DIGITS))


class State(StrEnum):
    """How an indicator came to its points; the first that holds.

    NO_DATA       nothing is known: no points, its weight went to the others of its block
    SMALL_SAMPLE  judged on fewer observations than the rules ask for
    RESCALED      its weight was raised, because another of its block has no data
    SCORED        by its own weight
    """

    NO_DATA = "no_data"
    SMALL_SAMPLE = "small_sample"
    RESCALED = "rescaled"
    SCORED = "scored"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that must be said beside a number: a code, and the source or part it is about.

    Codes: `no_rows`, `no_base`, `no_residents`, `silent` (the feed gave no sign of life), `not_begun`,
    `no_task` (nothing was due: denominator 0), `part_missing`, `source_missing`, `below_sample`, `from_zero`
    (none a year earlier), `zero_to_zero`, `nothing_to_lower`.
    """

    code: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source's numbers, as they were given. `missing`: why `now` is None."""

    code: str
    now: Amount | None
    base: Amount | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of an indicator.

    Args:
        x: what the curve is asked at, None without data or where only a note can tell (`from_zero`, …).
        base_x: the same of a year earlier; None without data, and for forms that compare by themselves.
        got: share of the part's points, 0..1, before `sample` (factor 0..1 for too small a sample).
        share: of the indicator's points after parts without data gave theirs away; 0 for such a part.
    """

    code: str
    x: float | None
    base_x: float | None
    got: float | None
    sample: float
    share: float


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator of one station.

    Args:
        full: points by the rules. weight: full points after rescaling, 0 without data. share: reached, 0..1.
        points: weight x share, None without data.
        numerator, denominator: of its source; None where it has several.
        value: what is shown as its value: a rate 0..1, a count, accidents per 10 000 residents (shrunk), None
            where several parts make it. base: the same a year earlier.
    """

    code: str
    block: str
    state: State
    full: float
    weight: float
    share: float | None
    points: float | None
    numerator: float | None
    denominator: float | None
    value: float | None
    base: float | None
    parts: Sequence[PartScore]
    sources: Sequence[SourceLine]
    notes: tuple[Note, ...] = ()

    @property
    def lost(self) -> float | None:
        """Points that were missed; None without data."""
        return None if self.points is None else self.weight - self.points


@dataclass(frozen=True, slots=True)
class BlockScore:
    """Outcome or process. `points` None where none of its indicators has data; `missing`: those without."""

    code: str
    full: float
    points: float | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StationScore:
    """One station's month.

    Args:
        bonus, deduction: what its adjustments add and take after their caps, both 0 or more.
        total: blocks + bonus - deduction, not rounded; None when a block has no data at all.
        colour: grey when there is no total.
        rank, of: place inside its fusion mode, and of how many with a total; None without one.
    """

    code: str
    mode: str | None
    district: str | None
    residents_10k: float | None
    indicators: tuple[IndicatorScore, ...]
    blocks: tuple[BlockScore, ...]
    adjustments: tuple[Adjustment, ...]
    bonus: float
    deduction: float
    total: float | None
    colour: Colour
    rank: int | None = None
    of: int = 0

    def indicator(self, code: str) -> IndicatorScore | None:
        """One indicator's score, or None."""
        return next((one for one in self.indicators if one.code == code), None)

    def points(self, code: str) -> float | None:
        """One indicator's points; None without data or without such an indicator."""
        found = self.indicator(code)
        return found.points if found else None

    @property
    def complete(self) -> bool:
        """Every block has data, so there is a total."""
        return self.total is not None

    @property
    def known(self) -> tuple[float, float]:
        """Points of the blocks that have data, and their full points; what is shown where there is no total."""
        there = [block for block in self.blocks if block.points is not None]
        return sum(block.points or 0.0 for block in there), sum(block.full for block in there)

    @property
    def shown(self) -> float | None:
        """The total as it is printed; what ranks and colours go by."""
        return printed(self.total)
