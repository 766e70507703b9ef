"""A workbook of the assessment read back with another library, and what its cells should say."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl

from domain.assessment import score_month
from domain.assessment_book import HarmLine, MonthBook
from domain.assessment_inputs import Adjustment, MonthInputs
from domain.assessment_lists import district_scores, listed
from domain.assessment_score import StationScore
from domain.assessment_views import OPEN, RUNNING, About, DistrictLine, ModeRanking, RankingView, RankLine
from domain.board import Board, Unit
from domain.span import Span
from tests.support.assessed import RULES

HEADS, FIRST = (3, 4), 5
"""Rows of heads and the first row of a table, counted from 1."""


def opened(body: bytes) -> Any:
    """The workbook."""
    return openpyxl.load_workbook(io.BytesIO(body))


def sheet_of(book: Any, start: str) -> Any:
    """The first sheet whose name begins so."""
    return next(one for one in book.worksheets if one.title.startswith(start))


def heads(sheet: Any) -> list[str]:
    """Names of the columns: the group above where there is one, then the name."""
    merged = {
        (row, column): sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    found = []
    for column in range(1, sheet.max_column + 1):
        upper, lower = (str(merged.get((row, column), sheet.cell(row, column).value) or "").strip() for row in HEADS)
        found.append(upper if upper == lower or not lower else f"{upper}/{lower}".strip("/"))
    return found


def rows(sheet: Any) -> Iterator[dict[str, Any]]:
    """The table's rows, by name of column; the lines under the table are no rows."""
    names = heads(sheet)
    for cells in sheet.iter_rows(min_row=FIRST):
        if cells[0].border.left.style is None:
            return
        yield {name: cell.value for name, cell in zip(names, cells, strict=True)}


def half_up(value: float | None, digits: int = 2) -> float | str:
    """A number as it should be printed; "—" for None. Decimal arithmetic of its own."""
    if value is None:
        return "—"
    exact = Decimal(repr(round(float(value), 9)))
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def score_cells(line: Mapping[str, Any], lacking: str) -> list[Any]:
    """What the scores' row of one line of the JSON answer should hold, up to the total.

    Args:
        lacking: the word where there is no data.
    """
    found: list[Any] = ["—" if line[name] is None else line[name] for name in ("rank", "change")]
    found.append(line["unit"]["short_name"])
    for block in ("outcome", "process"):
        mine = [one["points"] for one in line["indicators"] if one["block"] == block]
        found += [lacking if one is None else half_up(one) for one in [*mine, line["blocks"][block]["points"]]]
    return [*found, *(half_up(line[name]) for name in ("bonus", "deduction", "total"))]


def board(*, demo: bool = False) -> Board:
    """A board without lines, of the instant that the month of `assessed` is asked at."""
    return Board(datetime(2024, 6, 2, 9), None, "rules-1", demo, (), ())


def ranking(inputs: MonthInputs, lines: Sequence[Adjustment] = (), **given: Any) -> RankingView:
    """The ranking of inputs as the services would give it; `given` are fields of `About`, names of units, `demo`."""
    rules, names, demo = given.pop("rules", RULES), given.pop("names", {}), given.pop("demo", False)
    scores = score_month(inputs, rules, lines)
    about = About(inputs.month, OPEN if inputs.as_of is None else RUNNING, inputs.as_of, inputs.pace, rules)
    found = listed(scores, rules)
    shown = [RankLine(unit(one, names), one, None, found.get(one.code, ""), None, 0) for one in scores]
    modes = dict.fromkeys(one.mode for one in scores)
    groups = [ModeRanking(mode, tuple(line for line in shown if line.score.mode == mode), 0) for mode in modes]
    districts = tuple(DistrictLine(one.district, one.district, one.district, one) for one in district_scores(scores))
    return RankingView(board(demo=demo), replace(about, **given), tuple(groups), districts)


def unit(score: StationScore, names: Mapping[str, str]) -> Unit:
    """A station called by its code, or as `names` says."""
    name = names.get(score.code, score.code)
    return Unit(score.code, name, name, name, score.district, None, None, score.mode, None)


def month_book(view: RankingView, *harm: HarmLine) -> MonthBook:
    """A workbook around a ranking: May 2024 against May 2023."""
    span, base = (Span(datetime(year, 5, 1), datetime(year, 6, 1)) for year in (2024, 2023))
    return MonthBook(view, span, base, harm)
