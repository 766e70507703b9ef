"""Comparisons are what counting the rows one by one gives: every period, unit and figure; sums equal their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from data_access import tables as t
from data_access.engine import writing
from data_access.packs import rebuild_packs
from domain.access import Scope, district, nobody, station
from domain.compare_views import UNITS, CompareView, FigureLine, UnitCell, UnitRow, UnitTable
from domain.span import PRESETS, Span
from i18n import ONE_SPACE, translator
from i18n.compare_words import changed_text, notes, percent_text, row_name
from services.compare import compare_book
from tests import factories as make
from tests.support.compare_city import ABSENT, BEGINS, NOW, RESIDENTS, RULES, STATIONS, City, counted, nothing

Row = Mapping[str, Any]
ZH, EN = translator("zh", strict=True), translator("en", strict=True)
DAY = timedelta(days=1)
WIDE = tuple(one.code for one in RULES.wide)
GROUPS: dict[str, Callable[[str], str]] = {
    "station": lambda code: code,
    "district": lambda code: STATIONS[code]["district_code"],
    "region": lambda code: STATIONS[code]["region_type"],
    "mode": lambda code: STATIONS[code]["fusion_mode"],
}


def line(view: CompareView, code: str = "traffic") -> FigureLine:
    return next(one for one in view.lines if one.code == code)


def row(table: UnitTable, code: str) -> UnitRow:
    return next(one for one in table.rows if one.code == code)


def within(here: City, span: Span | None) -> list[Row]:
    """Valid incidents of a period."""
    if span is None:
        return []
    return [one for one in here.rows if one["is_valid"] and span.start <= one["occurred_at"] < span.end]


def by_unit(rows: Iterable[Row], unit: str, figure: str) -> Counter[str]:
    """A figure's sum by station, district, region or mode; "" for what belongs to no open station."""
    adds, found = counted(figure), Counter[str]()
    for one in rows:
        code = one["station_code"]
        found[GROUPS[unit](code) if code in STATIONS else ""] += adds(dict(one))
    return found


def by_kind(rows: Iterable[Row]) -> Counter[str]:
    """Incidents by class, and by class/subclass."""
    found = Counter[str]()
    for one in rows:
        found.update((one["class_code"], f"{one['class_code']}/{one['subclass'] or ''}"))
    return found


def spans(view: CompareView) -> tuple[Span | None, Span | None, Span | None]:
    periods = view.asked.periods
    return periods.span, periods.base, periods.previous


# every period and unit ---------------------------------------------------------------------------

ASKED = [
    {},
    {"preset": "today"},
    {"preset": "7d", "base": "weekday"},
    {"preset": "365d"},
    {"preset": "jan_feb", "base": "lunar"},
    {"preset": "quarter", "base": "none"},
    {"preset": "month", "at": "2024-02-11"},
    {"preset": "day", "at": "2024-02-29"},
    {"preset": "week", "at": "2023-12-30", "base": "weekday"},
    {"from": "2023-11-01", "to": "2023-11-30"},
    {"from": "2024-05-03", "to": "2024-05-07", "hours": "whole"},
    {"preset": "month", "base_from": "2022-05-01", "base_to": "2022-05-07"},
]


@pytest.mark.parametrize("args", ASKED, ids=lambda args: "&".join(f"{k}={v}" for k, v in args.items()) or "plain")
def test_every_number_of_every_table_is_counted_from_the_rows(small_city: City, args: dict[str, str]) -> None:
    asked = small_city.asked(**args)
    book = compare_book(small_city.ground, small_city.scope, asked, small_city.now)
    rows = [within(small_city, span) for span in spans(book.view)]
    assert [table.unit for table in book.tables] == list(UNITS)
    for table in book.tables[:-1]:
        assert table.figures == WIDE
        sums = [{code: by_unit(part, table.unit, code) for code in WIDE} for part in rows]
        seen = [one.code for one in table.rows]
        assert len(set(seen)) == len(seen)
        assert set(seen) - {""} == {GROUPS[table.unit](code) for code in STATIONS}
        assert ("" in seen) == any(counts["traffic"][""] for counts in sums)
        for one in table.rows:
            for code, cell in zip(WIDE, one.cells, strict=True):
                holds(cell, *(counts[code][one.code] for counts in sums), book.view)
        totals(table, book.view)
    kinds = book.tables[-1]
    sums_of_kinds = [by_kind(part) for part in rows]
    assert kinds.figures == ("traffic",)
    for one in kinds.rows:
        holds(one.cells[0], *(counts[one.code] for counts in sums_of_kinds), book.view)
    assert {one.code for one in kinds.rows if not one.inside} == {
        name for name in set().union(*sums_of_kinds) if "/" not in name
    }
    totals(kinds, book.view)


def holds(cell: UnitCell, now: int, base: int, previous: int, view: CompareView) -> None:
    """The cell's counts, and what is told of their change."""
    assert (cell.now, cell.base or 0, cell.previous or 0) == (now, base, previous)
    assert (cell.base is None) == (view.asked.periods.base is None)
    assert cell.percent == (pytest.approx(100 * (now - base) / base) if base else None)
    assert cell.previous_percent == (pytest.approx(100 * (now - previous) / previous) if previous else None)


def totals(table: UnitTable, view: CompareView) -> None:
    """The foot is the sum of the rows and the counter of the page; shares make a whole."""
    outer = [one for one in table.rows if not one.inside]
    for at, code in enumerate(table.figures):
        foot = table.total.cells[at]
        assert foot.now == sum(one.cells[at].now for one in outer) == line(view, code).now
        assert (foot.base or 0) == sum(one.cells[at].base or 0 for one in outer)
        assert foot.base == line(view, code).base
        assert foot.previous == line(view, code).previous
        for share, whole in (("share", foot.now), ("base_share", foot.base)):
            told = [getattr(one.cells[at], share) for one in outer]
            assert sum(told) == pytest.approx(100) if whole else set(told) == {None}
    for one in table.rows:
        if one.inside:
            kin = [inner for inner in table.rows if inner.inside and inner.code.split("/")[0] == one.code.split("/")[0]]
            outside = row(table, one.code.split("/")[0])
            assert outside.cells[0].now == sum(inner.cells[0].now for inner in kin)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, (NOW - datetime(2022, 8, 1)) // timedelta(minutes=1)), st.sampled_from(PRESETS),
    st.sampled_from(["year", "weekday", "lunar", "none"]), st.sampled_from(["", "whole"]), st.sampled_from([0, 20, 59]),
)  # fmt: skip
def test_every_counter_is_counted_from_the_rows_at_any_instant(
    small_city: City, back: int, preset: str, base: str, hours: str, second: int
) -> None:
    """The instant lies in the past: what happened later does not count, although the rows are there."""
    here = small_city.but(now=NOW.replace(second=0) - timedelta(minutes=back + 1) + timedelta(seconds=second))
    view = here.compare(preset=preset, base=base, hours=hours)
    periods = view.asked.periods
    assert periods.span.end <= here.now
    for one in view.lines:
        if one.absent:
            continue
        adds = counted(one.code)
        for count, span in zip((one.now, one.base, one.previous), spans(view), strict=True):
            plain = here.count(span.start, span.end, adds) if span else None
            unknown = span is not None and span.first_day < BEGINS
            assert count == plain or (unknown and (count, plain) == (None, 0)), (one.code, span)


def test_the_same_instant_of_the_past_gives_what_it_gave_then(small_city: City) -> None:
    then = small_city.but(now=datetime(2024, 3, 10, 13, 40))
    view = then.compare()
    assert view.asked.periods.span == Span(datetime(2024, 3, 1), datetime(2024, 3, 10, 13, 40))
    assert line(view).now == then.count(datetime(2024, 3, 1), datetime(2024, 3, 10, 13, 40))
    assert line(view).now < line(small_city.compare(preset="month", at="2024-03-10")).now
    assert view.board.as_of == datetime(2024, 3, 10, 13, 40)


# fewer stations ----------------------------------------------------------------------------------

NARROWED = {
    "district": ({"district": "D1"}, {"S1", "S2", "S3"}),
    "region": ({"region": "fringe,rural"}, {"S3", "S4", "S5", "S6"}),
    "mode": ({"mode": "basic"}, {"S4", "S5"}),
    "station": ({"station": "S6,S1"}, {"S1", "S6"}),
    "several": ({"district": "D2", "region": "fringe"}, {"S6"}),
    "closed": ({"station": "S9"}, set()),
    "nowhere": ({"district": "D1", "mode": "basic"}, set()),
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", NARROWED)
def test_a_question_about_some_stations_counts_these_alone(small_city: City, name: str, unit: str) -> None:
    args, codes = NARROWED[name]
    view = small_city.compare(preset="quarter", at="2024-02-01", unit=unit, **args)
    assert view.chosen == len(codes)
    span, base, previous = spans(view)
    for one in view.lines:
        if one.absent:
            continue
        sums = [sum(counted(one.code)(dict(r)) for r in within(small_city, p) if r["station_code"] in codes)
                for p in (span, base, previous)]  # fmt: skip
        assert [one.now, one.base, one.previous] == sums, one.code
    for at, code in enumerate(view.table.figures):
        assert view.table.total.cells[at].now == (line(view, code).now or 0)
        assert sum(r.cells[at].now for r in view.table.rows if not r.inside) == (line(view, code).now or 0)
    assert "" not in {one.code for one in view.table.rows}, "what belongs to no station was not asked for"
    if unit == "station":
        assert {one.code for one in view.table.rows} == codes
    assert {found.unit.code for found in view.found} <= codes


@pytest.mark.parametrize(
    ("scope", "codes"), [(station("S2"), {"S2"}), (district("D2"), {"S4", "S5", "S6"}), (nobody(), set())]
)
def test_a_viewer_sees_the_own_stations_alone(small_city: City, scope: Scope, codes: set[str]) -> None:
    view = small_city.but(scope=scope).compare(preset="quarter", at="2024-02-01")
    assert {one.code for one in view.units} == {one.code for one in view.table.rows} == codes
    mine = [one for one in within(small_city, view.asked.periods.span) if one["station_code"] in codes]
    assert line(view).now == (len(mine) if codes else None)
    assert view.table.total.cells[0].now == len(mine)


@pytest.mark.parametrize(
    ("args", "codes"),
    [({"station": "S1"}, ("S1",)), ({"district": "D1"}, ("S1", "S2", "S3")), ({"district": "D2"}, ("S4", "S5", "S6"))],
)
def test_rates_are_told_where_all_residents_are_known(
    small_city: City, args: dict[str, str], codes: tuple[str, ...]
) -> None:
    view = small_city.compare(preset="year", **args)
    residents = [RESIDENTS[code] for code in codes]
    one = line(view)
    if None in residents:
        assert (one.per_residents, one.base_per_residents, view.table.total.per_residents) == (None, None, None)
    else:
        assert one.per_residents == pytest.approx(one.now / sum(residents))
        assert one.base_per_residents == pytest.approx(one.base / sum(residents))
        assert view.table.total.per_residents == pytest.approx(one.now / sum(residents))
    for code in codes:
        found = row(view.table, code)
        known = RESIDENTS[code]
        assert found.per_residents == (pytest.approx(found.cells[0].now / known) if known else None)


# what is not known -------------------------------------------------------------------------------


def test_a_base_that_begins_before_the_data_is_unknown_and_says_so(small_city: City) -> None:
    view = small_city.compare(preset="month", at="2022-06-15")
    assert view.asked.periods.base == Span(datetime(2021, 6, 1), datetime(2021, 7, 1))
    assert view.asked.periods.base.first_day < BEGINS
    assert {one.change.verdict for one in view.lines} == {"unknown"}
    assert {one.change.percent for one in view.lines} == {None}
    assert {one.previous_change.verdict for one in view.lines if not one.absent} != {"unknown"}
    assert (view.found, view.tested) == ((), 0)
    assert {one.word for one in view.table.rows} == {""}
    assert {cell.percent for one in view.table.rows for cell in one.cells} == {None}
    said = " ".join(notes(view.asked, view.days, ZH))
    assert ZH.date(BEGINS) in said
    assert BEGINS in {one.short for one in view.days.values()}


def test_what_the_data_never_carried_is_absent_and_not_zero(small_city: City) -> None:
    view = small_city.compare(preset="year")
    gone = line(view, ABSENT)
    assert (gone.absent, gone.now, gone.base, gone.previous, gone.spark) == (True, None, None, None, ())
    assert gone.change.verdict == "unknown"
    there = line(view, "construction")
    assert not there.absent and there.now is not None
    shares = {one.code: one.absent for one in view.shares}
    assert shares["quick_online_share"] and shares["mediated_share"] and not shares["quick_share"]


def test_without_any_data_nothing_is_known_of_any_figure() -> None:
    view = nothing().compare()
    assert all(one.absent and one.now is None for one in view.lines)
    assert {one.change.verdict for one in view.lines} == {"unknown"}
    assert {cell.percent for one in view.table.rows for cell in one.cells} == {None}


@pytest.mark.parametrize("code", ["repeat_share", "quick_share"])
def test_a_share_is_a_figure_of_another_in_each_period(small_city: City, code: str) -> None:
    view, rule = small_city.compare(preset="year"), RULES.share(code)
    share = next(one for one in view.shares if one.code == code)
    assert rule is not None
    counts = [
        [small_city.count(span.start, span.end, counted(figure)) for figure in (rule.part, rule.whole)]
        for span in spans(view)
        if span
    ]
    assert [share.now, share.base, share.previous] == [tuple(pair) for pair in counts]
    (part, whole), (old_part, old_whole), _ = counts
    assert share.change.points == pytest.approx(100 * part / whole - 100 * old_part / old_whole)


# where it changed --------------------------------------------------------------------------------


def test_the_changes_that_were_made_are_found_and_only_where_they_were_made(small_city: City) -> None:
    """From 2024 on S1 has half its accidents and S3 twice its calls for order."""
    view = small_city.compare(preset="quarter", at="2024-02-01")
    told = {(one.unit.code, one.figure): one for one in view.found}
    assert told[("S1", "accident")].excess < 0 < told[("S3", "order")].excess
    assert {code for code, _ in told} <= {"S1", "S3"}
    assert all(one.q <= view.q for one in view.found)
    assert [abs(one.excess) for one in view.found] == sorted((abs(one.excess) for one in view.found), reverse=True)
    before = small_city.compare(preset="quarter", at="2023-11-01")
    assert before.tested > 0 and before.found == ()


# words, on rows made for them --------------------------------------------------------------------


def moments(day: date, count: int) -> list[datetime]:
    return [datetime.combine(day, time(8)) + timedelta(minutes=n) for n in range(count)]


def filled(engine: Engine, days: Mapping[tuple[str | None, date], int], **given: Any) -> City:
    """So many accidents of a station on a day; stations S1 to S4 of two districts."""
    for code in ("S1", "S2", "S3", "S4"):
        make.make_station(engine, code, district_code="D1" if code < "S3" else "D2")
    rows = [
        {
            "incident_id": f"{code}{at:%Y%m%d%H%M}", "station_code": code, "class_code": "accident", "is_valid": 1,
            "occurred_at": at, "reported_at": at, "deaths": 0, "injuries": 0, "serious_injuries": 0, "updated_at": at,
            "subclass": None, "repeat_of": None, **given,
        }
        for (code, day), count in days.items() for at in moments(day, count)
    ]  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(t.incident), rows)
        first, last = (pick(one["occurred_at"] for one in rows).date() for pick in (min, max))
        rebuild_packs(connection, first, last)
    return City(engine, tuple(rows))


def test_the_words_of_the_circulars(engine: Engine) -> None:
    """零发, 持平, 下降, 上升, 新增; no percentage where there was nothing before."""
    then, now = date(2023, 5, 2), date(2024, 5, 2)
    here = filled(engine, {
        ("S1", then): 4, ("S1", now): 0, ("S2", then): 0, ("S2", now): 3, ("S3", then): 5, ("S3", now): 5,
        ("S4", then): 4, ("S4", now): 3, (None, then): 2, (None, now): 3, ("S1", date(2023, 1, 1)): 1,
    })  # fmt: skip
    table = here.compare().table
    assert {one.code: one.word for one in table.rows} == {
        "S1": "none", "S2": "new", "S3": "level", "S4": "down", "": "up",
    }  # fmt: skip
    said = {one.code: changed_text(one.cells[0].now, one.cells[0].base, one.cells[0].percent, ZH) for one in table.rows}
    assert {code: text.replace(ONE_SPACE, " ") for code, text in said.items()} == {
        "S1": "−100.00 %", "S2": "新增 3", "S3": "0.00 %", "S4": "−25.00 %", "": "+50.00 %",
    }  # fmt: skip
    words = {one.code: ZH(f"compare.word.{one.word}") for one in table.rows}
    assert words == {"S1": "零发", "S2": "新增", "S3": "持平", "S4": "下降", "": "上升"}
    assert [row_name(one, "station", t_) for one in table.rows if not one.code for t_ in (ZH, EN)]
    view = here.compare(station="S2")
    assert percent_text(line(view).change, ZH).replace(ONE_SPACE, " ") == "新增 3"
    assert line(view).change.verdict == "chance"


def test_nothing_then_and_nothing_now_is_no_news(engine: Engine) -> None:
    here = filled(engine, {("S1", date(2022, 1, 1)): 1, ("S2", date(2024, 5, 2)): 1})
    found = row(here.compare().table, "S1")
    assert (found.word, found.cells[0].percent, found.cells[0].sign) == ("none", None, 0)
    assert line(here.compare(station="S1")).change.verdict == "none"


def test_sums_hold_for_stations_that_belong_nowhere(engine: Engine) -> None:
    """No district, no region, no mode; closed; unknown; none: each incident stands in exactly one row."""
    day = date(2024, 5, 2)
    make.make_station(engine, "S7", district_code=None, region_type=None, fusion_mode=None, residents_10k=None)
    make.make_station(engine, "S9", is_active=0)
    here = filled(engine, {
        ("S1", day): 1, ("S3", day): 2, ("S7", day): 4, ("S9", day): 8, ("X", day): 16, (None, day): 32,
        ("S1", date(2022, 1, 1)): 1,
    })  # fmt: skip
    expected = {
        "station": {"S1": 1, "S2": 0, "S3": 2, "S4": 0, "S7": 4, "": 56},
        "district": {"D1": 1, "D2": 2, "-": 4, "": 56},
        "region": {"rural": 3, "-": 4, "": 56},
        "mode": {"deep": 3, "-": 4, "": 56},
        "kind": {"accident": 63},
    }
    for unit, rows in expected.items():
        table = here.compare(unit=unit).table
        assert {one.code: one.cells[0].now for one in table.rows if not one.inside} == rows
        assert table.total.cells[0].now == 63
        for one in table.rows:
            for t_ in (ZH, EN):
                assert row_name(one, unit, t_).strip() not in ("", "None"), (unit, one.code)


# where periods end -------------------------------------------------------------------------------


def test_to_date_is_cut_at_the_same_minute_on_both_sides(engine: Engine) -> None:
    """At 13:40 what happened in the minute 13:39 counts and what happened at 13:40 does not, in any year."""
    rows: list[dict[str, Any]] = []
    marks = {
        time(0): 1,
        time(12, 59, 59): 2,
        time(13): 4,
        time(13, 39, 59): 8,
        time(13, 40): 16,
        time(13, 41): 32,
        time(23): 64,
    }
    for day in (date(2024, 5, 7), date(2023, 5, 7), date(2024, 5, 6)):
        for clock, count in marks.items():
            at = datetime.combine(day, clock)
            rows += [
                {"incident_id": f"{at:%y%m%d%H%M%S}-{n}", "occurred_at": at, "updated_at": at} for n in range(count)
            ]
    make.make_station(engine, "S1")
    with writing(engine) as connection:
        plain = {
            "station_code": "S1",
            "class_code": "accident",
            "is_valid": 1,
            "deaths": 0,
            "injuries": 0,
            "serious_injuries": 0,
        }
        connection.execute(insert(t.incident), [{**plain, **one} for one in rows])
        make.make_incident(connection, at=datetime(2022, 1, 1))
        rebuild_packs(connection, date(2022, 1, 1), date(2024, 5, 8))
    here = City(engine, now=datetime(2024, 5, 7, 13, 40))
    one = line(here.compare(preset="today"))
    assert (one.now, one.base, one.previous) == (15, 15, 15)
    assert one.change.percent == 0
    whole = line(here.compare(preset="today", hours="whole"))
    assert (whole.now, whole.base, whole.previous) == (3, 3, 3), "the hour that is running is left out on all sides"
    later = line(here.but(now=datetime(2024, 5, 7, 13, 40, 20)).compare(preset="today"))
    assert (later.now, later.base, later.previous) == (31, 31, 31), "a minute that has begun counts as a whole"
    full = line(here.but(now=datetime(2024, 5, 8)).compare(preset="today"))
    assert (full.now, full.base, full.previous) == (127, 127, 127)


def test_a_year_with_and_a_year_without_a_29_february(engine: Engine) -> None:
    days = [date(year, 2, 1) + n * DAY for year in (2022, 2023, 2024, 2025) for n in range(29 if year == 2024 else 28)]
    here = filled(engine, {("S1", day): day.day for day in days} | {("S1", date(2021, 1, 1)): 1})
    full = sum(range(29))
    cases = {
        ("month", "2024-02-10", NOW): (full + 29, full),  # whole month against whole month
        ("month", "2025-02-10", datetime(2025, 5, 7)): (full, full + 29),
        ("day", "2024-02-29", NOW): (29, 28),  # compared with the 28th
        ("day", "2025-02-28", datetime(2025, 5, 7)): (28, 28),
        ("month", "", datetime(2024, 2, 29)): (full, full),  # to date, the 28th included
        ("month", "", datetime(2024, 2, 29, 12)): (full + 29, full),  # what 2023 has of the 29th is the 28th
        ("month", "", datetime(2025, 2, 28)): (full - 28, full - 28),
    }
    for (preset, at, now), expected in cases.items():
        one = line(here.but(now=now).compare(preset=preset, **({"at": at} if at else {})))
        assert (one.now, one.base) == expected, (preset, at, now)
    lengths = here.compare(preset="month", at="2024-02-10").days
    assert (lengths["now"].length, lengths["base"].length) == (29, 28)


def test_days_counted_from_the_spring_festival_do_not_show_a_fall_that_only_the_calendar_made(engine: Engine) -> None:
    """Five a day, two in the week of the festival: 10 February 2024, 29 January 2025."""
    festive = {start + n * DAY for start in (date(2024, 2, 10), date(2025, 1, 29)) for n in range(7)}
    days = [date(2023, 6, 1) + n * DAY for n in range((date(2025, 2, 6) - date(2023, 6, 1)).days)]
    here = filled(engine, {("S1", day): 2 if day in festive else 5 for day in days})
    here = here.but(now=datetime(2025, 2, 5))
    dates, lunar = (line(here.compare(preset="7d", base=base)) for base in ("year", "lunar"))
    assert (dates.now, dates.base) == (7 * 2, 7 * 5)
    assert (dates.change.percent, dates.change.verdict) == (-60.0, "fewer")
    assert (lunar.now, lunar.base) == (7 * 2, 7 * 2)
    assert (lunar.change.percent, lunar.change.verdict) == (0.0, "chance")
    view = here.compare(preset="7d", base="lunar")
    assert view.asked.periods.base == Span(datetime(2024, 2, 10), datetime(2024, 2, 17))
    assert ZH.date(date(2025, 1, 29)) in " ".join(notes(view.asked, view.days, ZH))


def test_both_months_of_the_festival_together_need_no_shift(engine: Engine) -> None:
    festive = {start + n * DAY for start in (date(2024, 2, 10), date(2025, 1, 29)) for n in range(7)}
    days = [date(2023, 1, 1) + n * DAY for n in range((date(2025, 3, 10) - date(2023, 1, 1)).days)]
    here = filled(engine, {("S1", day): 2 if day in festive else 5 for day in days}).but(now=datetime(2025, 3, 10, 9))
    one = line(here.compare(preset="jan_feb"))
    assert (one.now, one.base) == (52 * 5 + 7 * 2, 53 * 5 + 7 * 2)
    january = line(here.compare(preset="month", at="2025-01-05"))
    assert january.change.percent == pytest.approx(100 * (3 * (2 - 5)) / (31 * 5)), "three festive days are in January"
