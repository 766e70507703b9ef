"""View-models of the comparison page for tests of exports: few rows, with every case that a cell can be.

Every change is judged by `domain.comparison` itself, so what a view says of its numbers is true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import cycle

from catalogue.compare_loader import load_compare_rules
from domain.board import Unit
from domain.compare_asked import compare_asked
from domain.compare_rules import Figure, Share
from domain.compare_views import (
    UNITS,
    CompareAsked,
    CompareBook,
    CompareView,
    Days,
    FigureLine,
    Found,
    ShareLine,
    UnitCell,
    UnitRow,
    UnitTable,
)
from domain.comparison import changed
from domain.share_change import share_changed
from domain.span import Span
from tests.support import views

RULES = load_compare_rules()
NOW = views.NOW
Case = tuple[int, int, int]
CASES: tuple[Case, ...] = (
    (120, 300, 130), (300, 120, 7), (10, 9, 12), (7, 0, 0), (0, 0, 4), (0, 5, 0), (5, 5, 5), (1234, 1200, 0),
    (3, 32, 16), (11, 8, 8),
)  # fmt: skip
"""(now, base, previous): fell, rose, chance, new, nothing twice, none now, level, thousands, ties of rounding."""
ABSENT = ("yellow_truck",)
DAYS = {"workday": 14, "weekend": 6, "holiday": 0}


def asked(**args: str) -> CompareAsked:
    """What an address asks at `NOW`; no Spring Festival is known."""
    return compare_asked(args, NOW, RULES, lambda year: None)


def stations(number: int = 5) -> tuple[Unit, ...]:
    """Stations with residents; the last one's are unknown."""
    made = [replace(views.unit(n, number), residents_10k=2.5 + n) for n in range(number)]
    return (*made[:-1], replace(made[-1], residents_10k=None))


def book(question: CompareAsked | None = None, **given: object) -> CompareBook:
    """The view with the tables of all kinds of unit."""
    made = view(question, **given)  # type: ignore[arg-type]
    tables = tuple(made.table if one == made.asked.unit else table(made, one) for one in UNITS)
    return CompareBook(made, tables)


def view(
    question: CompareAsked | None = None,
    *,
    demo: bool = True,
    short: date | None = None,
    units: tuple[Unit, ...] | None = None,
) -> CompareView:
    """The page.

    Args:
        short: the day the data begin, which is after the base period began.
        units: the stations, other ones than `stations()`.
    """
    wanted = question or asked()
    periods = wanted.periods
    spans = {"now": periods.span, "base": periods.base, "previous": periods.previous}
    known = units or stations()
    made = CompareView(
        board=views.board(0, demo=demo),
        asked=wanted,
        rules_version=RULES.version,
        units=known,
        chosen=len(known),
        days={name: _days(span, short if name == "base" else None) for name, span in spans.items() if span},
        lines=(),
        shares=(),
        table=UnitTable("station", (), (), UnitRow("", None, (), "", None)),
        found=(),
        tested=40,
        q=RULES.q,
        weeks=104,
    )
    headlines = [figure for figure in RULES.figures if figure.headline]
    return replace(
        made,
        lines=tuple(_line(made, figure, case) for figure, case in zip(headlines, cycle(CASES), strict=False)),
        shares=tuple(_share(made, share) for share in RULES.shares),
        table=table(made, wanted.unit),
        found=_found(made) if periods.base and not short else (),
    )


def _days(span: Span, short: date | None) -> Days:
    return Days(span.days, DAYS, True, short)


def _lengths(made: CompareView) -> dict[str, float]:
    """Days of each period; 0 where nothing can be compared with it."""
    found = {name: 0.0 if one.short else one.length for name, one in made.days.items()}
    return {"base": 0.0, "previous": 0.0, **found}


def _line(made: CompareView, figure: Figure, case: Case) -> FigureLine:
    days, absent = _lengths(made), figure.code in ABSENT
    now, base, previous = (0, 0, 0) if absent else case
    length = 0.0 if absent else 1.0
    return FigureLine(
        code=figure.code,
        now=None if absent else now,
        base=None if absent or "base" not in made.days else base,
        previous=None if absent else previous,
        change=changed(now, base, days["now"], length * days["base"], 1.5),
        previous_change=changed(now, previous, days["now"], length * days["previous"], 1.5),
        per_residents=None if absent else now / 12.3,
        base_per_residents=None if absent or "base" not in made.days else base / 12.3,
        spark=tuple(range(26)),
        dispersion=1.5,
        absent=absent,
    )


def _share(made: CompareView, share: Share) -> ShareLine:
    absent = share.code == "mediated_share"
    known = bool(_lengths(made)["base"]) and not absent
    pairs = {"now": (70, 100), "base": (40, 90) if known else None, "previous": (66, 96)}
    now, base, previous = (None if absent else pairs[name] for name in ("now", "base", "previous"))
    return ShareLine(
        share.code, now, base, previous, share_changed(*(now or (0, 0)), *(base or (0, 0))),
        share_changed(*(now or (0, 0)), *(previous or (0, 0))), absent,
    )  # fmt: skip


def table(made: CompareView, unit: str) -> UnitTable:
    """Rows with every case; their sum is the last one."""
    figures = (RULES.main,) if unit == "kind" else tuple(figure.code for figure in RULES.wide)
    named = _named(made, unit)
    cases = [[CASES[(3 * row + column) % len(CASES)] for column in range(len(figures))] for row in range(len(named))]
    if unit == "kind":
        cases[0] = [_sum(cases[1][0], cases[2][0])]
    outer = [case for case, (code, _) in zip(cases, named, strict=True) if "/" not in code]
    total = [_sum(*(row[column] for row in outer)) for column in range(len(figures))]
    rows = tuple(_row(made, code, one, case, total) for (code, one), case in zip(named, cases, strict=True))
    return UnitTable(unit, figures, rows, _row(made, "", None, total, total))


def _named(made: CompareView, unit: str) -> list[tuple[str, Unit | None]]:
    """Code and unit of each row."""
    if unit == "station":
        return [*((one.code, one) for one in made.units), ("", None)]
    if unit == "district":
        return [(one.district_code or "", _district(one)) for one in made.units[:3]]
    codes = {
        "region": ("urban", "fringe", "rural", "-"),
        "mode": ("basic", "deep", "full"),
        "kind": ("accident", "accident/minor", "accident/fatal", "other", ""),
    }[unit]
    return [(code, None) for code in codes]


def _sum(*cases: Case) -> Case:
    return sum(one[0] for one in cases), sum(one[1] for one in cases), sum(one[2] for one in cases)


def _district(one: Unit) -> Unit:
    name = one.district_name or ""
    return replace(one, code=one.district_code or "", name=name, short_name=name, name_en=one.district_name_en or name)


def _row(made: CompareView, code: str, one: Unit | None, cases: list[Case], total: list[Case]) -> UnitRow:
    cells = tuple(_cell(made, case, whole) for case, whole in zip(cases, total, strict=True))
    per = cells[0].now / float(one.residents_10k) if one and one.residents_10k else None
    return UnitRow(code, one, cells, _word(cells[0]), per, "/" in code)


def _cell(made: CompareView, case: Case, total: Case) -> UnitCell:
    now, base, previous = case
    days = _lengths(made)
    change, before = (changed(now, was, days["now"], days[n]) for n, was in (("base", base), ("previous", previous)))
    return UnitCell(
        now=now,
        base=base if days["base"] or (base and "base" in made.days) else None,
        previous=previous,
        percent=change.percent,
        previous_percent=before.percent,
        sign={"more": 1, "fewer": -1}.get(change.verdict, 0),
        share=100 * now / total[0] if total[0] else None,
        base_share=100 * base / total[1] if total[1] else None,
    )


def _word(cell: UnitCell) -> str:
    if cell.base is None or (cell.base and cell.percent is None):
        return ""
    if not cell.now:
        return "none"
    return "new" if not cell.base else "level" if cell.now == cell.base else "up" if cell.now > cell.base else "down"


def _found(made: CompareView) -> tuple[Found, ...]:
    days = _lengths(made)
    rate = days["now"] / days["base"]
    return tuple(
        Found(one, figure, changed(now, base, days["now"], days["base"]), 0.001, now - base * rate)
        for one, figure, (now, base, _) in zip(made.units, ("traffic", "other", "accident"), CASES, strict=False)
        if abs(now - base) > 50
    )
