"""A station's page: its colour and why, what would help most, all its tasks, what is open, how it went."""

from __future__ import annotations

from urllib.parse import quote

from components import duty_page
from components.actions import actions, owner_name
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, bar, chip, mark, strip, strip_legend
from components.page_head import empty, head
from domain.board import Summary
from domain.colour import Cell
from domain.task import Task, Theme
from domain.views import OpenItem, Projection, StationView
from i18n.words import (
    feed_of,
    formula,
    missing,
    parts,
    projection,
    quantity,
    reason_sentence,
    score,
    status,
    tally,
    target,
    value,
    waiting,
    why,
)

ITEMS_SHOWN = 12


def tree(view: StationView, look: Look) -> Node:
    """The whole page."""
    return h(
        "div.sheet",
        head(look, view.board, [(look.short_name(view.line.unit), "")], _title(view, look), _outs(view, look)),
        h("div.hero-grid", _hero(view, look), _history(view, look)),
        actions(view, look),
        _themes(view, look),
        _open_items(view, look),
    )


def _title(view: StationView, look: Look) -> list[object]:
    unit = view.line.unit
    tags = [
        badge(look.t(f"mode.{unit.fusion_mode}")) if unit.fusion_mode else None,
        badge(look.t(f"region.{unit.region_type}")) if unit.region_type else None,
        badge(look.t.pick(unit.district_name, unit.district_name_en)) if unit.district_name else None,
    ]
    return [look.unit_name(unit), " ", *tags]


def _outs(view: StationView, look: Look) -> Node:
    code = view.line.unit.code
    return h(
        "span.outs",
        h("a", look.t("shell.assessment"), href=look.url(f"/assessment/{quote(code, safe='')}")),
        h("a", look.t("map.title"), href=look.url("/map", station=code)),
        h("a", look.t("duty.title"), href=duty_page.address(look, code)),
    )


def _hero(view: StationView, look: Look) -> Node:
    overall = view.line.overall
    return h(
        f"section.hero.k-{overall.colour.value}",
        h(
            "div.verdict",
            mark(overall.colour),
            h("b", status(overall.colour, overall.reason, look.t)),
            h("span.score", score(overall, look.t), h("small", look.t("station.points")))
            if overall.score is not None
            else None,
        ),
        h("p.why", why(view.line, look.catalogue, look.t)),
        _rank(view, look),
        _jump(view, look),
        aria_label=look.t("station.verdict"),
    )


def _rank(view: StationView, look: Look) -> Node | None:
    rank = view.rank
    if rank is None:
        return None
    group = look.t(f"mode.{rank.mode}") if rank.mode else look.t("mode.none")
    return h("p.rank", look.t("station.rank", mode=group, of=rank.of, place=rank.place))


def _jump(view: StationView, look: Look) -> Node:
    """The eight themes as anchors."""
    links = []
    for summary in view.line.themes:
        name, word = look.named(summary.subject), status(summary.colour, summary.reason, look.t)
        links.append(
            h(
                f"a.jump.k-{summary.colour.value}",
                h("span", name),
                h("span.state", mark(summary.colour), word, " ", h("span.n", tally(summary, look.t))),
                href=f"#{summary.subject}",
            )
        )
    return h("nav.jumps", many(links), aria_label=look.t("station.themes"))


def _history(view: StationView, look: Look) -> Node:
    days = view.history
    body: list[object] = [empty(look.t("strip.empty"))]
    if days:
        ends = h("p.ends", h("span", look.t.short_date(days[0].day)), h("span", look.t("strip.today")))
        body = [strip(days, look.t), ends, strip_legend(days, look.t)]
    return h("section.history", h("h2", look.t("strip.title", n=len(days))), many(body))


# all tasks ---------------------------------------------------------------------------------------


def _themes(view: StationView, look: Look) -> Node:
    bodies = []
    for theme, summary in zip(look.catalogue.themes, view.line.themes, strict=False):
        bodies.append(_theme_rows(theme, summary, view, look))
    columns = ("task", "state", "value", "target", "parts", "progress", "projection")
    heads = [h(f"th.c-{name}", look.t(f"tasks.{name}"), scope="col") for name in columns]
    return h(
        "section.tasks",
        h("h2", look.t("tasks.title"), h("small", look.t("tasks.count", n=len(view.line.cells)))),
        h("table.tasks", h("thead", h("tr", many(heads))), many(bodies)),
    )


def _theme_rows(theme: Theme, summary: Summary, view: StationView, look: Look) -> Node:
    tasks = look.catalogue.of_theme(theme.code)
    cells = [(task, view.line.cell(task.code)) for task in tasks]
    rows = [task_row(task, cell, view, look) for task, cell in cells if cell is not None]
    return h(
        f"tbody#{theme.code}",
        h(
            "tr.theme",
            h(
                "th",
                h("a", theme.name(look.t.lang), href=look.theme(theme.code)),
                " ",
                chip(summary.colour, summary.reason, look.t, tally(summary, look.t)),
                colspan=7,
                scope="rowgroup",
            ),
        ),
        many(rows),
    )


def task_row(task: Task, cell: Cell, view: StationView, look: Look) -> Node:
    """One task: name with formula line, colour, value, target, parts, bar, projection."""
    code = view.line.unit.code
    own = task.code in view.own_targets
    return h(
        f"tr.task.k-{cell.colour.value}",
        h(
            "th.c-task",
            h("a", look.task_name(task), href=look.cell(code, task.code)),
            badge(look.t("task.hard"), "hard") if task.hard else None,
            badge(look.t("task.own_target")) if own else None,
            h("p.line", _line(task, cell, view, look)),
            scope="row",
        ),
        h("td.c-state", chip(cell.colour, cell.reason, look.t)),
        h("td.c-value.num", value(cell, task, look.t), data_l=look.t("tasks.value")),
        h("td.c-target.num", target(cell, task, look.t), data_l=look.t("tasks.target")),
        h("td.c-parts.num", parts(cell, task, look.t), _waiting(cell, look), data_l=look.t("tasks.parts")),
        h("td.c-progress", bar(cell, task, look.t)),
        _projected(view.projections.get(task.code), task, look),
    )


def _line(task: Task, cell: Cell, view: StationView, look: Look) -> str:
    text = reason_sentence(cell, task, feed_of(view.board, task), look.t) if cell.reason else ""
    lack = missing(cell, task, look.t)
    return text or formula(cell, task, look.t) + (look.t("list.stop") + lack if lack else "")


def _waiting(cell: Cell, look: Look) -> Node | None:
    return h("small", waiting(cell, look.t)) if cell.waiting else None


def _projected(expected: Projection | None, task: Task, look: Look) -> Node:
    if expected is None:
        return h("td.c-projection.is-empty", "—")
    low, high = quantity(expected.low, task, look.t), quantity(expected.high, task, look.t)
    shown = h(
        "span.proj",
        mark(expected.colour),
        h("span.num", quantity(expected.middle, task, look.t)),
        h("small.num", look.t("projection.range", low=low, high=high)),
        title=projection(expected, task, look.t),
    )
    return h("td.c-projection", shown, data_l=look.t("tasks.projection"))


# what is open ------------------------------------------------------------------------------------


def _open_items(view: StationView, look: Look) -> Node:
    title = h("h2", look.t("items.title"), h("small", look.t("items.count", n=len(view.items), all=view.items_total)))
    if not view.items:
        return h("section.items", title, empty(look.t("items.none")))
    names = ("state", "heading", "created", "due", "owner", "place")
    heads = [h(f"th.c-{name}", look.t(f"items.{name}"), scope="col") for name in names]
    rows = [_item(item, look) for item in view.items]
    first, rest = rows[:ITEMS_SHOWN], rows[ITEMS_SHOWN:]
    return h("section.items", title, _item_table(heads, first), _folded(heads, rest, look) if rest else None)


def _item_table(heads: list[Node], rows: list[Node]) -> Node:
    return h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))))


def _folded(heads: list[Node], rows: list[Node], look: Look) -> Node:
    return h("details.more", h("summary", look.t("items.more", n=len(rows))), _item_table(heads, rows))


def _item(item: OpenItem, look: Look) -> Node:
    t = look.t
    state = h("span.tag.late", t("items.late")) if item.late else h("span.tag", t("items.open"))
    kind = t.maybe(f"order.{item.kind}", item.kind)
    return h(
        "tr" + (".late" if item.late else ""),
        h("td", state),
        h(
            "th",
            h("span", t.maybe(f"value.class_code.{item.title}", item.title) or item.order_id),
            h("small", f"{kind} {item.order_id}"),
            scope="row",
        ),
        h("td.time", _time(item.created_at)),
        h("td.time", _time(item.due_at)),
        h("td", owner_name(item.owner, look) if item.owner else "—"),
        h("td", item.place or "—"),
    )


def _time(moment: object) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if hasattr(moment, "strftime") else "—"
