"""One task over all stations, and one theme over all stations."""

from __future__ import annotations

from components.actions import guide
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, bar, chip, mark
from components.page_head import empty, head, late_note
from domain.board import Board, Summary, Unit
from domain.colour import Cell, Colour
from domain.task import Task
from domain.views import TaskView, ThemeView
from i18n.words import (
    feed_of,
    formula,
    how_measured,
    limit,
    missing,
    parts,
    reason_sentence,
    status,
    tally,
    target,
    value,
)


def tree(view: TaskView, look: Look) -> Node:
    """The page of one task, worst station first."""
    task = look.catalogue.task(view.task)
    if task is None:
        return empty(look.t("page.not_found"))
    crumbs = [(look.named(task.theme), look.theme(task.theme)), (look.task_name(task), "")]
    title = [
        look.task_name(task),
        " ",
        badge(task.code, "code"),
        badge(look.t("task.hard"), "hard") if task.hard else None,
    ]
    counts = [cell.colour for _, cell in view.lines]
    return h(
        "div.sheet",
        head(look, view.board, crumbs, title, colour_counts(counts, look)),
        late_note(look, view.board, feed_of(view.board, task)),
        h("p.measured", how_measured(task, look.t)),
        guide(task, look),
        _lines(view, task, look) if view.lines else empty(look.t("page.no_stations")),
    )


def colour_counts(colours: list[Colour], look: Look) -> Node:
    """How many of each colour, worst first."""
    order = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREY)
    chips = [chip(colour, None, look.t, str(colours.count(colour))) for colour in order if colour in colours]
    return h("p.tally", many(chips))


def _lines(view: TaskView, task: Task, look: Look) -> Node:
    names = ("station", "state", "value", "target", "parts", "progress", "lack")
    heads = [h(f"th.c-{name}", look.t(f"lines.{name}"), scope="col") for name in names]
    rows = [_line(unit, cell, task, view.board, look) for unit, cell in view.lines]
    return h("table.tasks.lines", h("thead", h("tr", many(heads))), h("tbody", many(rows)))


def _line(unit: Unit, cell: Cell, task: Task, board: Board, look: Look) -> Node:
    t = look.t
    said = missing(cell, task, t) or reason_sentence(cell, task, feed_of(board, task), t)
    mode = look.t(f"mode_short.{unit.fusion_mode}") if unit.fusion_mode else None
    return h(
        f"tr.task.k-{cell.colour.value}",
        h(
            "th.c-task",
            h("a", look.short_name(unit), href=look.cell(unit.code, task.code)),
            badge(mode) if mode else None,
            scope="row",
        ),
        h("td.c-state", chip(cell.colour, cell.reason, t)),
        h("td.c-value.num", value(cell, task, t), data_l=t("lines.value")),
        h("td.c-target.num", target(cell, task, t), data_l=t("lines.target")),
        h("td.c-parts.num", parts(cell, task, t), data_l=t("lines.parts")),
        h("td.c-progress", bar(cell, task, t)),
        h("td.c-lack", said, title=formula(cell, task, t)),
    )


def theme_tree(view: ThemeView, look: Look) -> Node:
    """The page of one theme: stations × its tasks."""
    theme = look.catalogue.theme(view.theme)
    if theme is None:
        return empty(look.t("page.not_found"))
    tasks = look.catalogue.of_theme(theme.code)
    counts = [summary.colour for _, summary, _ in view.lines]
    return h(
        "div.sheet",
        head(
            look,
            view.board,
            [(look.named(theme.code), "")],
            [look.named(theme.code), " ", badge(theme.code, "code")],
            colour_counts(counts, look),
        ),
        _siblings(view, look),
        _matrix(view, tasks, look) if view.lines else empty(look.t("page.no_stations")),
    )


def _siblings(view: ThemeView, look: Look) -> Node:
    links = [
        h("a" + (".is-on" if theme.code == view.theme else ""), look.named(theme.code), href=look.theme(theme.code),
          aria_current="page" if theme.code == view.theme else None)
        for theme in look.catalogue.themes
    ]  # fmt: skip
    return h("nav.tabs.themes", many(links), aria_label=look.t("station.themes"))


def _matrix(view: ThemeView, tasks: tuple[Task, ...], look: Look) -> Node:
    heads = [h("th.c-name", look.t("lines.station"), scope="col"), h("th.c-all", look.t("lines.theme"), scope="col")]
    heads += [_task_head(task, look) for task in tasks]
    rows = [_theme_line(line, tasks, look) for line in view.lines]
    return h(
        "div.board-scroll",
        h("table.matrix.theme-matrix", h("thead", h("tr", many(heads))), h("tbody", many(rows))),
        tabindex=0,
    )


def _task_head(task: Task, look: Look) -> Node:
    hard = badge(look.t("task.hard"), "hard") if task.hard else None
    return h(
        "th.t",
        h("a", look.task_name(task), href=look.task(task.code)),
        hard,
        h("small", _goal(task, look)),
        scope="col",
    )


def _goal(task: Task, look: Look) -> str:
    edge = task.thresholds.blue if task.thresholds else None
    return look.t("lines.goal", target=limit(edge, task, look.t))


def _theme_line(line: tuple[Unit, Summary, tuple[Cell, ...]], tasks: tuple[Task, ...], look: Look) -> Node:
    unit, summary, cells = line
    by_task = {cell.task: cell for cell in cells}
    shown = [_theme_cell(unit, by_task.get(task.code), task, look) for task in tasks]
    return h(
        "tr",
        h(
            "th.c-name",
            h("a", h("span.nm", look.short_name(unit)), href=look.station(unit.code, summary.subject)),
            scope="row",
        ),
        h(
            f"td.c-all.k-{summary.colour.value}",
            h(
                "span.in",
                mark(summary.colour),
                h("b", status(summary.colour, summary.reason, look.t)),
                h("span.n", tally(summary, look.t)),
            ),
        ),
        many(shown),
    )


def _theme_cell(unit: Unit, cell: Cell | None, task: Task, look: Look) -> Node:
    if cell is None:
        return h("td.t", "—")
    grey = not cell.is_coloured
    text = status(cell.colour, cell.reason, look.t)
    inner = [h("span.why", text)] if grey else [h("b", text), h("span.n", value(cell, task, look.t))]
    link = h(
        "a", h("span.lb", look.task_name(task)), mark(cell.colour), many(inner), href=look.cell(unit.code, task.code)
    )
    return h(f"td.t.k-{cell.colour.value}", link, title=f"{look.task_name(task)}: {formula(cell, task, look.t)}")
