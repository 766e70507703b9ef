"""The board as one compact answer for `assets/js/20-board.js`: letters instead of objects.

A colour is one letter: b, y, r, or for grey a digit that names its reason. A station is one list
`[code, name, full name, mode, district, letters of station and themes, score, letters of tasks,
letters of past days, held]`.
"""

from __future__ import annotations

from components.echo import iso
from components.look import Look
from domain.board import Board, Feed, Line
from domain.colour import Cell, Colour, FeedState, Reason
from domain.rounding import half_up
from domain.task import Task
from domain.views import BoardView, Strip
from i18n.words import feed_name

LETTER = {Colour.BLUE: "b", Colour.YELLOW: "y", Colour.RED: "r"}
REASON = {reason: str(index) for index, reason in enumerate(Reason)}
MODES = ("basic", "deep", "full")
WORDS = (
    "title",
    "counts",
    "legend",
    "filters",
    "group",
    "by_mode",
    "by_district",
    "by_none",
    "district",
    "mode",
    "all",
    "sort",
    "sort_default",
    "sort_colour",
    "sort_score",
    "sort_red",
    "sort_name",
    "find",
    "find_hint",
    "past",
    "past_show",
    "past_on",
    "past_back",
    "shown",
    "reset",
    "xlsx",
    "csv",
    "col_name",
    "col_all",
    "col_all_title",
    "col_red",
    "col_red_title",
    "col_strip",
    "open_theme",
    "n_stations",
    "none",
    "strip",
    "grey",
    "filter_colour",
    "feeds_open",
    "empty_title",
    "empty_text",
    "empty_demo",
    "empty_import",
)


def payload(view: BoardView, look: Look) -> dict[str, object]:
    """Everything the board's screen draws from."""
    board, t = view.board, look.t
    strips = {strip.station: strip for strip in view.strips}
    late = [feed for feed in board.feeds if feed.state is not FeedState.FRESH]
    return {
        "at": iso(board.as_of),
        "at_text": _at_text(board, look),
        "past": look.past,
        "locale": t.html_lang,
        "words": _words(look),
        "themes": _themes(look),
        "tasks": [look.task_name(task) for task in _by_theme(look)],
        "modes": _modes(board, look),
        "mode_short": {mode: t(f"mode_short.{mode}") for mode in MODES},
        "districts": _districts(board, look),
        "rows": [_row(line, strips.get(line.unit.code), look) for line in board.lines],
        "late": [feed.code for feed in late],
        "late_text": _late_text(late, look),
        "ended": _ended(board, look),
        "foot": t("board.foot", version=board.rule_version, at=t.moment(board.as_of, seconds=True)),
    }


def letter(colour: Colour, reason: Reason | None) -> str:
    """b, y, r, or a grey reason's digit."""
    return LETTER.get(colour) or REASON.get(reason or Reason.NO_DATA, "g")


def _row(line: Line, strip: Strip | None, look: Look) -> list[object]:
    unit = line.unit
    summaries = "".join(letter(each.colour, each.reason) for each in (line.overall, *line.themes))
    score = line.overall.score
    return [
        unit.code,
        look.short_name(unit),
        look.unit_name(unit),
        unit.fusion_mode or "",
        unit.district_code or "",
        summaries,
        float(half_up(100 * score, 1)) if score is not None else None,
        _tasks(line, look),
        _days(strip),
        1 if line.overall.held else 0,
    ]


def _tasks(line: Line, look: Look) -> str:
    """Letters in the order of `tasks`, that is the catalogue's; themes are contiguous there."""
    cells: dict[str, Cell] = {cell.task: cell for cell in line.cells}
    found = (cells.get(task.code) for task in _by_theme(look))
    return "".join(letter(cell.colour, cell.reason) if cell else REASON[Reason.NO_TASK] for cell in found)


def _by_theme(look: Look) -> list[Task]:
    return [task for theme in look.catalogue.themes for task in look.catalogue.of_theme(theme.code)]


def _days(strip: Strip | None) -> str:
    if strip is None:
        return ""
    return "".join("-" if day.colour is None else LETTER.get(day.colour, "g") for day in strip.days)


def _themes(look: Look) -> list[dict[str, object]]:
    t, known = look.t, look.catalogue
    return [
        {
            "c": theme.code,
            "l": theme.name(t.lang),
            "s": t.maybe(f"theme.{theme.code}", theme.name(t.lang)),
            "n": len(known.of_theme(theme.code)),
        }
        for theme in known.themes
    ]


def _modes(board: Board, look: Look) -> list[list[str]]:
    present = {line.unit.fusion_mode or "" for line in board.lines}
    order = [mode for mode in MODES if mode in present] + sorted(present - set(MODES) - {""})
    named = [[mode, look.t.maybe(f"mode.{mode}", mode)] for mode in order]
    return named + ([["", look.t("mode.none")]] if "" in present else [])


def _districts(board: Board, look: Look) -> list[list[str]]:
    found: dict[str, str] = {}
    for line in board.lines:
        unit = line.unit
        name = look.t.pick(unit.district_name, unit.district_name_en) or unit.district_code or look.t("district.none")
        found.setdefault(unit.district_code or "", name)
    return [[code, name] for code, name in found.items()]


def _words(look: Look) -> dict[str, object]:
    t = look.t
    letters = {"b": "blue", "y": "yellow", "r": "red", "g": "grey"}
    words: dict[str, object] = {name: t.raw(f"board.{name}") for name in WORDS}
    words["colour"] = {letter: t(f"colour.{name}") for letter, name in letters.items()}
    words["sign"] = {"b": "●", "y": "▲", "r": "■", "g": "○"}
    words["reason"] = {REASON[reason]: t(f"reason.{reason.value}.short") for reason in Reason}
    words["legend_text"] = {letter: t(f"legend.{name}") for letter, name in letters.items()}
    return words


def _at_text(board: Board, look: Look) -> str:
    t = look.t
    weekday = t.weekday(board.as_of.date())
    key = "board.frozen_at" if board.frozen else "board.judged_at"
    return t(key, date=t.date(board.as_of.date()), weekday=weekday, clock=t.clock(board.as_of))


def _late_text(late: list[Feed], look: Look) -> str:
    if not late:
        return ""
    names = look.t("list.comma").join(feed_name(feed.code, look.t) for feed in late[:4])
    tasks = sum(len(feed.tasks) for feed in late)
    key = "board.late" if len(late) <= 4 else "board.late_more"
    return look.t(key, n=len(late), names=names, tasks=tasks)


def _ended(board: Board, look: Look) -> dict[str, str] | None:
    """When no source is alive and the newest sign of life is past: the way to that instant."""
    alive = any(feed.state is FeedState.FRESH for feed in board.feeds)
    if alive or board.data_at is None or not board.lines:
        return None
    at = look.t.moment(board.data_at)
    return {
        "text": look.t("board.ended", at=at),
        "link": look.t("board.ended_link", at=at),
        "as_of": board.data_at.isoformat(timespec="seconds"),
    }
