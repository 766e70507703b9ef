"""Which page shows what an address of the JSON interface tells, and which of its words and numbers one must see there.

What is left out or added is named with each line, so that a field which is forgotten in JSON fails the test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.board_payload import LETTER, REASON
from domain.colour import Colour, Reason
from i18n import translator
from tests.support.parity import Parity

T = translator("zh")
COLOURS = ("red", "yellow", "blue", "grey")
CODE, MONTH, WEEK, YEAR = {"code": "{station}"}, {"month": "2024-04"}, {"preset": "7d"}, {"preset": "month"}
BOARD = frozenset({"board", "units"})
"""The board that says as of when a view is, and the stations that a form offers."""
QUESTION = frozenset({"address", "filter", "names"})
"""JSON says the question once more as an address, and names what the view has codes of."""
RULES = {"rules": "rules_version"}
TALLY = frozenset(
    {"tested", "options", "points_from_zoom", "density_m", "tally", "asked", "ids", "cells", "lat", "lng"}
)
"""Sums by this process's own numbers, from which drawings and JSON's `by_…` are made."""
BOOK = frozenset(
    {"rules", "settings", "inputs", "risk", "residents_10k", "profiles", "month", "official", "code", "district"}
)
"""The text of the rules, of which JSON tells blocks, indicators and weights; the rest of a score's ground."""

GROUPS = frozenset({"distances", "rates", "mode", "silhouette", "stability"})
"""Of each station in its group, beside the suggestion; of the whole grouping they are told."""


def named(lines: Sequence[Any]) -> list[str]:
    return [line["unit"]["short_name"] for line in lines]


def tally(colours: Sequence[str]) -> list[str]:
    """The chips that count a page's colours."""
    found = [(colour, colours.count(colour)) for colour in COLOURS]
    return [f"i.mk.{name} true b {T(f'colour.{name}')} span.n {count}" for name, count in found if count]


def letters(cells: Sequence[Any]) -> str:
    """A line of the board as its drawing gets it."""
    return "".join(
        REASON[Reason(one["reason"])] if one["colour"] == "grey" else LETTER[Colour(one["colour"])] for one in cells
    )


def board(told: Any) -> list[str]:
    lines = told["board"]["lines"]
    return [*named(lines), *(letters(line["cells"]) for line in lines)]


def station(told: Any) -> list[str]:
    line, score = told["line"], told["line"]["overall"]["score"]
    return [line["unit"]["name"], f"hero.k-{line['overall']['colour']}", f"span.score {100 * score:.1f}"]


def cell(told: Any) -> list[str]:
    one = told["cell"]
    numbers = [T.number(one["numerator"]), T.number(one["denominator"])]
    return [told["unit"]["short_name"], f"hero.k-{one['colour']}", " ÷ ".join(numbers)]


def task(told: Any) -> list[str]:
    return [*(line[0]["short_name"] for line in told["lines"]), *tally([line[1]["colour"] for line in told["lines"]])]


def feeds(told: Any) -> list[str]:
    late = sum(one["state"] != "fresh" for one in told["feeds"])
    return [*(one["code"] for one in told["feeds"]), f"span.n {len(told['feeds']) - late}", f"span.n {late}"]


def alerts(told: Any) -> list[str]:
    return [*named(told["open"]), *(one["alert"]["alert_id"] for one in told["open"])]


def heat(told: Any) -> list[str]:
    return [T.number(told["now"]["total"]), *(T.number(n) for n in told["now"]["by_class"].values())]


def spots(told: Any) -> list[str]:
    hit = told["hit"]
    numbers = [T.number(hit["cells"]), T.number(hit["total"]), T.number(hit["hits"]), f"{hit['pai']:.1f}"]
    return [*numbers, *(one["name"] for one in told["rule"][:3])]


def incidents(told: Any) -> list[str]:
    where = told["columns"].index("incident_id")
    return [T.number(told["total"]), *(str(row[where]) for row in told["rows"])]


def hotspots(told: Any) -> list[str]:
    known = sum(told["counts"][name] for name in ("open", "treated"))
    return [*(line["record"]["facts"]["name"] for line in told["lines"]), f" {known} a /hotspots?status=open"]


def hotspot(told: Any) -> list[str]:
    return [told["record"]["facts"]["name"]]


def duty(told: Any) -> list[str]:
    lines = [f"cell={line['cell']} {T.number(line['incidents'])}" for line in told["lines"]]
    return [told["unit"]["short_name"], T.number(told["counts"]["used"]), *lines]


def compare(told: Any) -> list[str]:
    rows = [*told["table"]["rows"], told["table"]["total"]]
    return [T.number(one["now"]) for row in rows for one in row["cells"]]


def clocks(told: Any) -> list[str]:
    now = [one["now"] for one in told["clocks"] if one["now"] and one["now"]["percent"] is not None]
    return [
        text for one in now for text in (f"{T.number(one['hit'])} / {T.number(one['due'])}", T.percent(one["percent"]))
    ]


def trend(told: Any) -> list[str]:
    return [
        told["figure"]["names"]["zh"],
        T.number(told["running"]["now"]),
        *(T.number(p["count"]) for p in told["points"]),
    ]


def fair(told: Any) -> list[str]:
    return [*named(told["lines"]), *(T.number(line["point"]["count"]) for line in told["lines"])]


def scores(line: Any) -> list[str]:
    points = [one["points"] for one in line["indicators"] if one["state"] == "scored" and one["points"] is not None]
    return [*([f"{line['shown']:.2f}"] if line["shown"] is not None else []), *(f"{one:.2f}" for one in points)]


def ranking(told: Any) -> list[str]:
    lines = [line for group in told["groups"] for line in group["lines"]]
    return [*named(lines), *(text for line in lines for text in (f"as-line.k-{line['colour']}", *scores(line)))]


def sheet(told: Any) -> list[str]:
    return [told["line"]["unit"]["name"], *scores(told["line"])]


def versus(told: Any) -> list[str]:
    return named([told["first"], told["second"]])


def what_if(told: Any) -> list[str]:
    moved = [one for one in told["score"]["indicators"] if "helmets" in str(one["sources"])]
    return [f"{one['points']:.2f}" for one in moved]


PARITY: dict[str, Parity] = {
    "board": Parity("answers.board", "board", board),
    "station": Parity("answers.station", "station", station, CODE, left_out=BOARD),
    "cell": Parity("answers.cell", "cell", cell, {**CODE, "task": "T1-01"}, left_out=BOARD),
    "task": Parity("answers.task", "task", task, {"code": "T1-01"}, left_out=BOARD),
    "theme": Parity("answers.theme", "theme", task, {"code": "T1"}, left_out=BOARD),
    "feeds": Parity(
        "answers.board",
        "feeds",
        feeds,
        left_out={"lines", "strips", "tasks", "first_day", "last_day", "rule_version", "frozen", "data_at"},
    ),
    "alerts": Parity("alerts_answers.alerts", "alerts", alerts,
                     added={"cells.station", "cells.task"},
                     renamed={"as_of": "at"}, left_out=BOARD | {"rules", "editable"}),
    "map": Parity(
        "map_answers.heat",
        "map",
        heat,
        query=WEEK,
        added={"address", "filter", "cells", "lat", "lng", "by_kind", "by_class"},
        renamed=RULES,
        left_out=BOARD | TALLY,
    ),
    "spots": Parity("map_answers.spots", "map", spots, query=WEEK, part="spots", left_out=BOARD | {"asked"}),
    "incidents": Parity("map_answers.rows", "incidents", incidents, query=WEEK, left_out=BOARD | {"asked", "size"}),
    "hotspots": Parity("hotspot_answers.hotspots", "hotspots", hotspots, left_out=BOARD | {"status", "editable"}),
    "hotspot": Parity("hotspot_answers.hotspot", "hotspot", hotspot, {"id": "{hotspot}"}, left_out=BOARD),
    "duties": Parity("duty_answers.stations", "duties", lambda told: named(told["lines"]), left_out=BOARD),
    "duty": Parity("duty_answers.station", "duty", duty, CODE, added={"officer_share"}, left_out=BOARD | {"asked"}),
    "compare": Parity(
        "compare_answers.compare",
        "compare-tables",
        compare,
        query=YEAR,
        added=QUESTION,
        renamed={**RULES, "stations": "chosen"},
        left_out=BOARD | {"asked"},
    ),
    "clocks": Parity(
        "compare_answers.clocks",
        "compare-clocks",
        clocks,
        query=YEAR,
        added=QUESTION | {"asked", "percent", "shares"},
        renamed={**RULES, "band_ends": "bands"},
        left_out=BOARD | {"edges", "asked", "limits", "names"},
    ),
    "trend": Parity(
        "compare_answers.trend",
        "compare-trend",
        trend,
        query=YEAR,
        added=QUESTION | {"daily"},
        renamed={**RULES, "stations": "chosen", "figure.code": "figure", "running.now": "running",
                 "running.base": "running", "falling.weeks": "weeks_falling", "falling.months": "months_falling",
                 "falling.years": "years_falling",
                 "years.months": "2024"},
        left_out=BOARD | {"asked", "year"},
    ),
    "fair": Parity(
        "compare_answers.fair",
        "compare-fair",
        fair,
        query=YEAR,
        added=QUESTION,
        renamed={**RULES, "figure.code": "figure", "curves.residents_10k": "grid"},
        left_out=BOARD | {"asked"},
    ),
    "ranking": Parity("assessment_answers.ranking", "assessment", ranking, query=MONTH, added={"lost", "month"},
                      left_out=BOARD | BOOK),
    "year": Parity("assessment_answers.year", "assessment", lambda told: named(told["lines"]), query=MONTH,
                   left_out=BOARD),
    "versus": Parity("assessment_answers.versus", "assessment-compare", versus,
                     query={**MONTH, "first": "{station}", "second": "{other}"}, added={"lost", "month"},
                     left_out=BOARD | BOOK),
    "modes": Parity("assessment_answers.modes", "assessment-modes", lambda told: named(told["lines"]),
                    added={"agrees"}, left_out=BOARD | BOOK | GROUPS),
    "sheet": Parity("assessment_answers.sheet", "assessment-sheet", sheet, CODE, query=MONTH, added={"lost", "month"},
                    left_out=BOARD | BOOK | {"unit"}),
    "what_if": Parity("assessment_answers.what_if", "assessment-sheet", what_if, CODE,
                      query={**MONTH, "try.helmets": "900"}, part="result", added={"lost", "tried"}, left_out=BOOK),
}  # fmt: skip
ELSEWHERE = {
    "points": "the map itself asks this address while one zooms in; tests/e2e/test_map.py",
    "shapes": "the map itself asks this address for its outlines; tests/e2e/test_map.py",
    "figures": "what the figures count, from the rules; no page shows it",
    "districts": "no page of its own; tests/integration/test_assessment_files.py compares it with the ranking",
    "me": "who asks; the head of every page asks this address itself",
    "openapi": "the document",
}
"""Addresses without a page to compare with, and why."""
