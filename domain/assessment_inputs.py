"""What a month is scored from: for each station and source, numbers of the month and of a year earlier."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.assessment_rules import AssessmentRules, Take
from domain.month import Month


@dataclass(frozen=True, slots=True)
class Amount:
    """One pair of numbers of one source.

    Args:
        numerator: the count, or the upper part of a rate.
        denominator: the lower part; of a quota the target of the whole month; 0 for plain counts.
        rows: rows or observations behind it, 0 where that is not known.
    """

    numerator: float
    denominator: float = 0.0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class StationInputs:
    """One station's month.

    Args:
        mode: fusion mode, None where it has none. residents_10k: None where unknown.
        now, base: source code -> amount, of the month and of the same stretch a year earlier. A source that
            is absent says nothing: no data, which is not 0.
        missing: source code -> why it is absent in `now` or `base`, where that is known.
    """

    code: str
    mode: str | None
    district: str | None
    residents_10k: float | None
    now: Mapping[str, Amount] = field(default_factory=dict)
    base: Mapping[str, Amount] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonthInputs:
    """All stations' month.

    Args:
        as_of: None for a month that is over; else the instant up to which its rows are read, and up to which
            of the year before.
        pace: the share of the month that is gone, 0..1; targets and sample sizes are asked for in proportion.
    """

    month: Month
    stations: tuple[StationInputs, ...]
    as_of: datetime | None = None
    pace: float = 1.0

    def of(self, code: str) -> StationInputs | None:
        """One station's inputs, or None."""
        return next((one for one in self.stations if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points outside the hundred, with what proves them.

    Args:
        points: added when positive, taken when negative.
        document: reference of the document it rests on.
    """

    adjustment_id: str
    station: str
    points: float
    matter: str
    document: str
    author: str
    written_at: datetime


def changed(station: StationInputs, changes: Mapping[str, Amount], rules: AssessmentRules) -> StationInputs:
    """A station with other numbers. A month's change also changes the twelve months that end with it.

    Args:
        changes: source code -> the amount instead.
    """
    now = {**station.now, **changes}
    for year in rules.sources:
        if year.take is not Take.YEAR or year.code in changes or year.code not in station.now:
            continue
        for code, amount in changes.items():
            before = station.now.get(code)
            if before is not None and rules.by_source[code].task == year.task:
                moved = now[year.code].numerator + amount.numerator - before.numerator
                now[year.code] = replace(now[year.code], numerator=max(0.0, moved))
    return replace(station, now=now)


def digest(inputs: MonthInputs, adjustments: Sequence[Adjustment], rules_text: str) -> str:
    """A fingerprint of everything a month's scores rest on: the same inputs give the same digest.

    Args:
        rules_text: `AssessmentRules.text`.
    """
    lines = [inputs.month.period, f"{inputs.pace!r}", rules_text]
    for one in sorted(inputs.stations, key=lambda station: station.code):
        lines.append(f"{one.code} {one.mode} {one.district} {one.residents_10k}")
        lines += [f"now {name} {_told(amount)}" for name, amount in sorted(one.now.items())]
        lines += [f"base {name} {_told(amount)}" for name, amount in sorted(one.base.items())]
    for line in sorted(adjustments, key=lambda one: one.adjustment_id):
        lines.append(f"{line.adjustment_id} {line.station} {float(line.points)!r} {line.matter} {line.document}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _told(amount: Amount) -> str:
    return f"{float(amount.numerator)!r} {float(amount.denominator)!r}"
