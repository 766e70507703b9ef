"""Rome 2021 against 2020 and 2019: comparisons equal counts of the raw files that share no code with the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue.compare_loader import load_compare_rules
from catalogue.days import spring_festival
from catalogue.loader import load_catalogue
from data_access.engine import writing
from data_access.packs import rebuild_packs
from domain.access import command
from domain.compare_asked import compare_asked
from domain.compare_views import CompareView, FigureLine
from domain.span import Span
from services.compare import compare_view
from services.compare_desk import CompareGround
from tests.support.rome_counts import Accident, RomeCounts
from tests.support.rome_import import import_rome

pytestmark = [pytest.mark.rome, pytest.mark.slow]

NOW = datetime(2022, 1, 1, 12)
FIRST, LAST = date(2019, 1, 1), date(2021, 12, 31)
NAMES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
MUNICIPI = {f"Municipio {name}": f"ROMA-M{number:02d}" for number, name in enumerate(NAMES, start=1)}
CITY = "ROMA-CITY"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def raw(rome_dir: Path) -> RomeCounts:
    """The raw files, read once."""
    return RomeCounts(rome_dir)


@pytest.fixture(scope="module")
def home(rome_dir: Path) -> dict[int, str]:
    """Police group -> code of the municipio that it belongs to."""
    lines = (rome_dir / "group_to_municipio.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {int(group): MUNICIPI.get(name, CITY) for group, name, *_ in (one.split(",") for one in lines)}


@pytest.fixture(scope="module")
def rome(fresh: Engine, rome_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> CompareGround:
    """Rome imported and packed, once on each database. Do not write to it."""
    import_rome(fresh, rome_dir, tmp_path_factory.mktemp("rome"), NOW)
    with writing(fresh) as connection:
        rebuild_packs(connection, FIRST, LAST)
    return CompareGround(fresh, load_catalogue(), load_compare_rules(), "IT-RM")


def compare(ground: CompareGround, now: datetime = NOW, **args: str) -> CompareView:
    """The comparison page of an address, opened at an instant."""
    return compare_view(ground, command(), compare_asked(args, now, ground.rules, spring_festival), now)


@dataclass(frozen=True)
class Plain:
    """The accidents of the three periods, counted from the raw files; None for a period that does not exist."""

    accidents: list[Accident]
    spans: tuple[Span | None, ...]

    def sums(self, adds: Callable[[Accident], int] = lambda _: 1) -> list[int | None]:
        return [sum(map(adds, self.within(span))) if span else None for span in self.spans]

    def by(self, key: Callable[[Accident], str]) -> list[Counter[str]]:
        return [Counter(map(key, self.within(span))) for span in self.spans if span]

    def within(self, span: Span) -> list[Accident]:
        return [one for one in self.accidents if span.start <= one.at < span.end]


def plain(raw: RomeCounts, *texts: str) -> Plain:
    """`2020-02-01..2020-03-01`: the end is not included."""
    return Plain(raw.accidents, tuple(Span(*map(datetime.fromisoformat, text.split(".."))) for text in texts))


def line(view: CompareView, code: str = "traffic") -> FigureLine:
    return next(one for one in view.lines if one.code == code)


def counts(view: CompareView, code: str = "traffic") -> list[int | None]:
    one = line(view, code)
    return [one.now, one.base, one.previous]


def by_row(view: CompareView) -> list[dict[str, int]]:
    """Row -> accidents, of the three periods, those that are not 0."""
    found = [{one.code: getattr(one.cells[0], name) for one in view.table.rows} for name in ("now", "base", "previous")]
    return [{code: count for code, count in part.items() if count} for part in found]


def group(one: Accident) -> str:
    return f"ROMA-G{one.group:02d}"


# whole years -------------------------------------------------------------------------------------

YEARS = [
    ("2021", "2021-01-01..2022-01-01", "2020-01-01..2021-01-01"),
    ("2020", "2020-01-01..2021-01-01", "2019-01-01..2020-01-01"),
]


@pytest.mark.parametrize(("year", "now", "base"), YEARS)
def test_a_year_against_the_year_before_agrees_by_figure(
    rome: CompareGround, raw: RomeCounts, year: str, now: str, base: str
) -> None:
    view, known = compare(rome, preset="year", at=f"{year}-07-01"), plain(raw, now, base, base)
    assert counts(view) == counts(view, "accident") == known.sums()
    assert counts(view, "deaths") == known.sums(lambda one: one.deaths)
    assert counts(view, "injuries") == known.sums(lambda one: one.injuries)
    this, last, _ = known.sums()
    assert this and last
    assert line(view).change.percent == pytest.approx(100 * (this - last) / last)
    assert line(view, "order").absent, "the archive holds accidents only"


@pytest.mark.parametrize(("year", "now", "base"), YEARS)
def test_a_year_against_the_year_before_agrees_by_group_and_municipio(
    rome: CompareGround, raw: RomeCounts, home: dict[int, str], year: str, now: str, base: str
) -> None:
    known = plain(raw, now, base, base)
    groups = compare(rome, preset="year", at=f"{year}-07-01", unit="station")
    assert by_row(groups) == [dict(one) for one in known.by(group)]
    municipi = compare(rome, preset="year", at=f"{year}-07-01", unit="district")
    assert by_row(municipi) == [dict(one) for one in known.by(lambda one: home.get(one.group, CITY))]
    assert {one.code for one in municipi.table.rows} >= set(MUNICIPI.values())
    assert municipi.table.total.cells[0].now == known.sums()[0]


def test_the_year_of_the_curfew_is_told_from_chance_and_so_is_the_year_after(rome: CompareGround) -> None:
    assert line(compare(rome, preset="year", at="2020-07-01")).change.verdict == "fewer"
    assert line(compare(rome, preset="month", at="2021-04-10")).change.verdict == "more"


def test_one_municipio_alone_agrees(rome: CompareGround, raw: RomeCounts, home: dict[int, str]) -> None:
    view = compare(rome, preset="year", at="2021-07-01", district="ROMA-M02")
    mine = {number for number, code in home.items() if code == "ROMA-M02"}
    known = plain(raw, "2021-01-01..2022-01-01", "2020-01-01..2021-01-01", "2020-01-01..2021-01-01")
    assert len(mine) == 2
    assert counts(view) == known.sums(lambda one: one.group in mine)
    assert {one.code for one in view.table.rows} == {f"ROMA-G{number:02d}" for number in mine}


# to date, leap days, weekdays --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "args", "this", "base", "previous"),
    [
        # to date, in the middle of a day
        ("2021-06-15T13:40", {"preset": "month"},
         "2021-06-01..2021-06-15T13:40", "2020-06-01..2020-06-15T13:40", "2021-05-01..2021-05-15T13:40"),
        ("2021-06-15T13:40", {"preset": "year"},
         "2021-01-01..2021-06-15T13:40", "2020-01-01..2020-06-15T13:40", "2020-01-01..2020-06-15T13:40"),
        ("2021-06-15T13:40", {"preset": "quarter", "hours": "whole"},
         "2021-04-01..2021-06-15T13:00", "2020-04-01..2020-06-15T13:00", "2021-01-01..2021-03-15T13:00"),
        ("2021-06-15T13:40", {"preset": "today", "base": "weekday"},
         "2021-06-15..2021-06-15T13:40", "2020-06-16..2020-06-16T13:40", "2021-06-14..2021-06-14T13:40"),
        ("2020-03-09T00:00", {"preset": "week"},
         "2020-03-02..2020-03-09", "2019-03-02..2019-03-09", "2020-02-24..2020-03-02"),
        # February 2020 has a 29th, those of 2019 and 2021 do not
        ("2022-01-01T12:00", {"preset": "month", "at": "2020-02-10"},
         "2020-02-01..2020-03-01", "2019-02-01..2019-03-01", "2020-01-01..2020-02-01"),
        ("2022-01-01T12:00", {"preset": "month", "at": "2021-02-10"},
         "2021-02-01..2021-03-01", "2020-02-01..2020-03-01", "2021-01-01..2021-02-01"),
        ("2022-01-01T12:00", {"preset": "day", "at": "2020-02-29"},
         "2020-02-29..2020-03-01", "2019-02-28..2019-03-01", "2020-02-28..2020-02-29"),
        ("2020-02-29T13:40", {"preset": "month"},
         "2020-02-01..2020-02-29T13:40", "2019-02-01..2019-02-28T13:40", "2020-01-01..2020-01-29T13:40"),
        ("2020-02-29T13:40", {"preset": "year"},
         "2020-01-01..2020-02-29T13:40", "2019-01-01..2019-02-28T13:40", "2019-01-01..2019-02-28T13:40"),
        ("2021-02-28T13:40", {"preset": "month"},
         "2021-02-01..2021-02-28T13:40", "2020-02-01..2020-02-28T13:40", "2021-01-01..2021-01-28T13:40"),
        # 52 weeks earlier
        ("2022-01-01T12:00", {"preset": "month", "at": "2021-11-10", "base": "weekday"},
         "2021-11-01..2021-12-01", "2020-11-02..2020-12-02", "2021-10-01..2021-11-01"),
        ("2022-01-01T12:00", {"preset": "week", "at": "2021-03-03", "base": "weekday"},
         "2021-03-01..2021-03-08", "2020-03-02..2020-03-09", "2021-02-22..2021-03-01"),
        # any days
        ("2022-01-01T12:00", {"from": "2021-09-13", "to": "2021-10-20", "base_from": "2019-09-16",
                               "base_to": "2019-10-23"},
         "2021-09-13..2021-10-21", "2019-09-16..2019-10-24", "2021-08-06..2021-09-13"),
    ],
)  # fmt: skip
def test_each_period_agrees_by_group(
    rome: CompareGround, raw: RomeCounts, now: str, args: dict[str, str], this: str, base: str, previous: str
) -> None:
    view, known = compare(rome, datetime.fromisoformat(now), **args), plain(raw, this, base, previous)
    assert counts(view) == known.sums()
    assert counts(view, "injuries") == known.sums(lambda one: one.injuries)
    assert by_row(view) == [dict(one) for one in known.by(group)]
    assert all(known.sums()), "a comparison of nothing would prove nothing"


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, (NOW - datetime(2020, 3, 1)) // timedelta(minutes=1)),
    st.sampled_from(["today", "7d", "month", "90d"]), st.sampled_from(["year", "weekday"]),
    st.sampled_from(["station", "district"]),
)  # fmt: skip
def test_any_instant_of_two_years_agrees(
    rome: CompareGround, raw: RomeCounts, home: dict[int, str], back: int, preset: str, base: str, unit: str
) -> None:
    now = NOW - timedelta(minutes=back)
    view = compare(rome, now, preset=preset, base=base, unit=unit)
    periods = view.asked.periods
    assert periods.span.end <= now and periods.base is not None
    assert periods.base.end.time() == periods.span.end.time()
    known = Plain(raw.accidents, (periods.span, periods.base, periods.previous))
    assert counts(view) == known.sums()
    key = group if unit == "station" else lambda one: home.get(one.group, CITY)
    assert by_row(view) == [dict(one) for one in known.by(key)]


def test_an_accident_of_every_minute_of_a_day_counts_from_its_minute_on(rome: CompareGround, raw: RomeCounts) -> None:
    day = datetime(2021, 10, 15)
    mine = [one for one in raw.accidents if day <= one.at < day + DAY]
    assert len(mine) > 50
    for minute in range(0, 24 * 60, 97):
        now = day + timedelta(minutes=minute + 1)
        assert line(compare(rome, now, preset="today")).now == sum(one.at < now for one in mine)
    assert {one.at.time().replace(minute=0, hour=0) for one in mine} == {time(0)}, "the archive knows minutes"
