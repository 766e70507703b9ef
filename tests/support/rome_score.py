"""Rome's two outcome indicators out of the raw files alone, with fractions instead of the program's arithmetic.

Residents: Roma Capitale, popolazione iscritta in anagrafe al 31 dicembre 2021, per municipio, rounded to a thousand
(`tests/unit/data/rome_residents.csv`). The city's total (2 813 365), the largest and the smallest municipio
(VII 311 416, VIII 128 914) and the densities of five (I, II, V, IX, XV) are those of the Bollettino statistico,
January to March 2022; the others are right to about one percent. Groups share the residents of their municipio
evenly; a special unit and the city-wide one have none.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tests.support.rome_counts import RomeCounts

RESIDENTS = Path(__file__).parent.parent / "unit" / "data" / "rome_residents.csv"
CITY, LARGEST, SMALLEST = 281.3365, ("Municipio VII", 31.1416), ("Municipio VIII", 12.8914)
DENSITIES = {"Municipio I": 8263, "Municipio II": 8389, "Municipio V": 8859, "Municipio IX": 997, "Municipio XV": 852}
"""Residents per km²."""
O1 = ((Fraction(85, 100), 1), (Fraction(1), Fraction(6, 10)), (Fraction(12, 10), 0))
O2 = ((Fraction(-10, 100), 1), (Fraction(0), Fraction(6, 10)), (Fraction(15, 100), 0))
KAPPA = 1
Curve = tuple[tuple[Fraction, int | Fraction], ...]


@dataclass(frozen=True)
class Expected:
    """One group's month.

    Args:
        residents: in 10 000, None where it has none. year: accidents of the twelve months and of those before.
        month: of the month, and of the same a year earlier. rates: shrunk, a year's accidents per 10 000 residents.
        o1, o2: shares of the points, None without data.
    """

    residents: Fraction | None
    year: tuple[int, int]
    month: tuple[int, int]
    rates: tuple[Fraction, Fraction] | None
    o1: Fraction | None
    o2: Fraction


def residents() -> dict[str, Fraction]:
    """Municipio -> residents in 10 000."""
    with RESIDENTS.open(encoding="utf-8", newline="") as file:
        return {row["municipio"]: Fraction(row["residents_10k"]) for row in csv.DictReader(file)}


def homes(folder: Path) -> dict[int, tuple[str, bool]]:
    """Group -> its municipio ("" for none), and whether it answers for a part of it as the ordinary groups do."""
    with (folder / "group_to_municipio.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {int(row["group"]): (row["municipio"], bool(row["municipio"]) and not row["note"]) for row in rows}


def shares(folder: Path) -> dict[int, Fraction | None]:
    """Group -> its residents in 10 000: an even part of its municipio's."""
    home, known = homes(folder), residents()
    many = Counter(name for name, ordinary in home.values() if ordinary)
    return {group: known[name] / many[name] if ordinary else None for group, (name, ordinary) in home.items()}


def spans(last: date) -> tuple[tuple[date, date], ...]:
    """Twelve months that end with `last`, those before, its month, the same a year earlier."""
    first = last.replace(day=1)
    after = last + timedelta(days=1)
    year, earlier, before = (after.replace(year=after.year - n) for n in (1, 2, 1))
    return (
        (year, last),
        (earlier, year - timedelta(days=1)),
        (first, last),
        (first.replace(year=first.year - 1), before - timedelta(days=1)),
    )


def expected(raw: RomeCounts, folder: Path, last: date) -> dict[int, Expected]:
    """Every group's month that ends with `last`, scored by the formulas of DOMAIN 2.7."""
    year, year_before, month, month_before = (raw.groups(raw.between(*span)) for span in spans(last))
    home, people = homes(folder), shares(folder)
    found = {}
    for group, (name, _) in home.items():
        counted = (year[group], year_before[group])
        mine, told = people[group], (month[group], month_before[group])
        if mine is None:
            found[group] = Expected(None, counted, told, None, None, change(*told))
            continue
        peers = [one for one, (other, _) in home.items() if other == name and people[one] is not None]
        together = sum(people[one] or 0 for one in peers)
        district = [Fraction(sum(count[one] for one in peers)) / together for count in (year, year_before)]
        now, before = ((n + KAPPA * rate) / (mine + KAPPA) for n, rate in zip(counted, district, strict=True))
        found[group] = Expected(mine, counted, told, (now, before), curve(O1, now / before), change(*told))
    return found


def change(now: int, before: int) -> Fraction:
    """The share of points of a count against a year earlier; against none all, or none where there are any now."""
    if not before:
        return Fraction(0 if now else 1)
    return curve(O2, Fraction(now - before, before))


def curve(points: Curve, x: Fraction) -> Fraction:
    """Straight between the points, flat outside."""
    if x <= points[0][0]:
        return Fraction(points[0][1])
    for (left, high), (right, low) in pairwise(points):
        if x <= right:
            return Fraction(high) + (x - left) / (right - left) * (Fraction(low) - Fraction(high))
    return Fraction(points[-1][1])
