"""From counts to lines: shares, limits by region, too few rows, changes, and which of them are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from catalogue.clocks_loader import load_clock_rules
from catalogue.loader import load_catalogue
from domain.clock_lines import clock_parts
from domain.clock_rules import CLASSES
from domain.clock_views import ClockPart, ClocksAsked
from domain.clockstats import ClockSums
from domain.order_rows import HOURS, NOT_YET, Columns, order_rows
from domain.share_change import share_changed
from domain.span import Span

RULES = load_clock_rules(load_catalogue())
SPAN = Span(datetime(2024, 5, 1), datetime(2024, 5, 4))
BASE = Span(datetime(2023, 5, 1), datetime(2023, 5, 4))
ASKED = ClocksAsked(SPAN)
Given = tuple[str, str, int, int]
"""Station, class, hour, seconds to every stop."""


def sums(rows: list[Given], *, who: str = "station") -> ClockSums:
    columns = Columns(RULES.clocks_of(who))
    codes = tuple(sorted({row[0] for row in rows}))
    counts = np.zeros((len(codes), len(CLASSES), HOURS, columns.size), dtype=np.int64)
    seconds = np.zeros((len(codes), len(CLASSES), HOURS, len(columns.clocks)), dtype=np.int64)
    for station, class_code, hour, spent in rows:
        every = np.full((len(columns.clocks), 1), spent, dtype=np.int32)
        final = order_rows(columns, np.zeros(1, np.int64), np.zeros(1, np.int32), every).final
        cell = codes.index(station), CLASSES.index(class_code), hour
        counts[cell][final[:, 0] + columns.starts[:-1]] += 1
        seconds[cell] += max(spent, 0)
    return ClockSums(columns, codes, counts.sum(axis=2), seconds.sum(axis=2), counts, seconds)


def parts(
    rows: list[Given], base: list[Given] | None = None, asked: ClocksAsked = ASKED, **regions: str
) -> dict[str, ClockPart]:
    periods = sums(rows), None if base is None else sums(base), None
    return {part.clock.code: part for part in clock_parts(RULES, asked, periods, ["S1", "S2"], regions)}


def test_a_share_needs_rows_that_are_due() -> None:
    found = parts([])
    assert set(found) == {clock.code for clock in RULES.clocks}
    for part in found.values():
        assert (part.now.percent, part.now.mean, part.now.p50, part.now.few) == (None, None, None, True)
        assert part.now.shares == (None,) * (len(part.clock.bands) + 1)
        assert [row.key for row in part.stations] == ["S1", "S2"]


def test_shares_means_and_bands_of_a_clock() -> None:
    rows = [("S1", "accident", 8, spent) for spent in (200, 280, 340, 400, 1900)] + [("S1", "order", 9, NOT_YET)]
    line = parts(rows)["arrive"].now
    assert (line.due, line.hit, line.overdue, line.done, line.rows, line.few) == (6, 2, 1, 5, 6, False)
    assert line.percent == pytest.approx(100 / 3)
    assert line.mean == pytest.approx(624)
    assert line.bands == (2, 2, 0, 0, 1)
    assert line.shares == (40.0, 40.0, 0.0, 0.0, 20.0)


def test_a_clock_without_a_limit_is_timed_but_not_judged() -> None:
    line = parts([("S1", "accident", 8, 100)] * 5)["set_out"].now
    assert (line.due, line.hit, line.percent, line.done, line.mean, line.few) == (0, 0, None, 5, 100.0, False)


def test_the_limit_of_a_region() -> None:
    rows = [(station, "accident", 8, 400) for station in ("S1", "S2", "S3")]
    where = {"S1": "urban", "S2": "fringe", "S3": "rural"}
    by_region = replace(ASKED, limits="region")
    part = parts(rows, None, by_region, **where)["arrive"]
    told = {row.key: (row.now.hit, row.now.due) for row in part.stations}
    assert told == {"S1": (0, 1), "S2": (1, 1), "S3": (0, 0)}
    assert (part.now.hit, part.now.due, part.now.done) == (1, 2, 3)
    assert [(row.now.hit, row.now.due) for row in part.hours if row.now.rows] == [(1, 2)]
    assert [(row.now.hit, row.now.due) for row in part.classes if row.now.rows] == [(1, 2)]
    uniform = parts(rows, **where)["arrive"]
    assert (uniform.now.hit, uniform.now.due) == (0, 3)


def test_a_rural_station_without_a_limit_has_enough_rows_when_enough_are_done() -> None:
    rows = [("S1", "accident", 8, 400)] * 5 + [("S2", "accident", 8, 400)] * 4
    part = parts(rows, None, replace(ASKED, limits="region"), S1="rural", S2="rural")["arrive"]
    assert [row.now.few for row in part.stations] == [False, True]


def test_the_least_sample_depends_on_the_length_of_the_period() -> None:
    rows = [("S1", "accident", 8, 60)] * 6
    assert not parts(rows)["sign"].now.few
    longer = replace(ASKED, span=Span(SPAN.start, SPAN.start + timedelta(days=30)))
    assert parts(rows, None, longer)["sign"].now.few


def test_only_the_classes_asked_for_count() -> None:
    rows = [("S1", "accident", 8, 60), ("S1", "order", 8, 60), ("S2", "other", 9, 60)]
    part = parts(rows, None, replace(ASKED, classes=("order", "other")))["sign"]
    assert (part.now.due, [row.key for row in part.classes]) == (2, ["order", "other"])
    assert [row.now.due for row in part.stations] == [1, 1]
    assert sum(row.now.due for row in part.hours) == 2


def test_a_station_that_the_list_does_not_name_is_told_after_it() -> None:
    part = parts([("S9", "accident", 8, 60)], [("S8", "accident", 8, 60)])["sign"]
    assert [row.key for row in part.stations] == ["S1", "S2", "S8", "S9"]


def test_a_change_is_one_of_shares_in_points() -> None:
    now = [("S1", "accident", 8, 60)] * 30 + [("S2", "accident", 8, 100)] * 10
    base = [("S1", "accident", 8, 60)] * 10 + [("S1", "accident", 8, 100)] * 20
    part = parts(now, base, replace(ASKED, base=BASE))["sign"]
    assert part.change == share_changed(30, 40, 10, 30)
    assert part.change_previous is None
    first, second = part.stations
    assert first.change == share_changed(30, 30, 10, 30)
    assert first.told
    assert (second.change, second.told) == (share_changed(0, 10, 0, 0), False)
    assert second.change is not None
    assert second.change.verdict == "unknown"
    assert part.classes[0].change == share_changed(30, 40, 10, 30)
    assert all(row.change is None for row in part.hours)


def test_of_many_stations_chance_alone_names_hardly_any() -> None:
    """Both periods have the same shares; one in twenty differs "significantly", and none is named."""
    rng = np.random.default_rng(3)
    codes = [f"S{number:03d}" for number in range(120)]

    def drawn() -> list[Given]:
        return [(code, "accident", 8, 60 if luck < 0.7 else 100) for code in codes for luck in rng.random(40)]

    rows = parts(drawn(), drawn(), replace(ASKED, base=BASE))["sign"].stations
    assert sum(row.change.verdict in ("more", "fewer") for row in rows if row.change) > 1
    assert sum(row.told for row in rows) <= 1


def test_other_periods_are_told_as_they_stood_as_long_after_their_end() -> None:
    asked = ClocksAsked(SPAN, BASE)
    assert asked.as_of_in(BASE, SPAN.end) == BASE.end
    assert asked.as_of_in(BASE, SPAN.end + timedelta(hours=7)) == BASE.end + timedelta(hours=7)
    ahead = Span(SPAN.start, SPAN.end + timedelta(days=2))
    assert asked.as_of_in(ahead, SPAN.end) == SPAN.end
