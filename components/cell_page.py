"""One task of one station: the formula, the periods, the thresholds, and the rows behind the number."""

from __future__ import annotations

from datetime import datetime

from components.actions import guide
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, bar, chip, mark
from components.page_head import empty, head, late_note
from components.unmask import names_bar
from domain.colour import Cell, Reason
from domain.task import Kind, Task
from domain.views import CellView, RowPage
from i18n.words import (
    base_word,
    feed_of,
    formula,
    how_measured,
    is_change,
    is_share,
    limit,
    missing,
    projection,
    reason_sentence,
    target,
    value,
    waiting,
)

PARTS = ("all", "done", "missed", "waiting", "base")


def tree(view: CellView, look: Look) -> Node:
    """The whole page."""
    task = look.catalogue.task(view.cell.task)
    if task is None:
        return empty(look.t("page.not_found"))
    crumbs = [(look.short_name(view.unit), look.station(view.unit.code, task.theme)), (look.task_name(task), "")]
    title = [look.task_name(task), " ", *_tags(task, view, look)]
    return h(
        "div.sheet",
        head(look, view.board, crumbs, title),
        late_note(look, view.board, feed_of(view.board, task)),
        h("div.cell-grid", _verdict(task, view, look), _facts(task, view, look)),
        guide(task, look, opened=view.cell.is_coloured and view.cell.colour.value != "blue"),
        _rows(task, view, look),
        _foot(task, look),
    )


def _tags(task: Task, view: CellView, look: Look) -> list[object]:
    return [
        badge(task.code, "code"),
        badge(look.t("task.hard"), "hard") if task.hard else None,
        badge(look.t("task.own_target")) if view.own_target else None,
    ]


def _verdict(task: Task, view: CellView, look: Look) -> Node:
    cell, t = view.cell, look.t
    lack = missing(cell, task, t)
    still = waiting(cell, t)
    return h(
        f"section.hero.k-{cell.colour.value}",
        h(
            "div.verdict",
            mark(cell.colour),
            chip(cell.colour, cell.reason, t),
            h("span.score", _shown(cell, task, look)),
        ),
        h("p.formula", formula(cell, task, t)),
        bar(cell, task, t),
        h("p.reason", reason_sentence(cell, task, feed_of(view.board, task), t)) if cell.reason else None,
        h("p.lack", h("b", lack), " ", t("actions.until", when=t.until(view.until, view.board.as_of)))
        if lack
        else None,
        h("p.waiting", still, t("formula.waiting_note")) if still else None,
        h("p.projection", mark(view.projection.colour), projection(view.projection, task, t))
        if view.projection
        else None,
    )


def _shown(cell: Cell, task: Task, look: Look) -> str:
    return "—" if cell.reason in (Reason.NO_DATA, Reason.NO_TASK) else value(cell, task, look.t)


def _facts(task: Task, view: CellView, look: Look) -> Node:
    t = look.t
    pairs: list[tuple[str, object]] = [
        (t("cell.period"), _stretch(view.start, view.board.as_of, look)),
        (t("cell.closes"), t.deadline(view.until)),
    ]
    if view.base_start and view.base_end:
        pairs.append((base_word(task, t), _stretch(view.base_start, view.base_end, look)))
    pairs.append((t("cell.target"), target(view.cell, task, t)))
    pairs.append((t("cell.thresholds"), _thresholds(view.cell, task, look)))
    pairs.append((t("cell.measured"), how_measured(task, t)))
    rows = [many([h("dt", name), h("dd", content)]) for name, content in pairs]
    return h("section.facts", h("dl", many(rows)), aria_label=t("cell.facts"))


def _stretch(start: datetime, end: datetime, look: Look) -> str:
    return look.t("cell.stretch", start=look.t.moment(start), end=look.t.moment(end))


def _thresholds(cell: Cell, task: Task, look: Look) -> Node | str:
    if cell.blue is None or cell.yellow is None:
        return look.t("formula.no_target")
    low = task.kind in (Kind.CEILING,)
    t = look.t
    blue, yellow = limit(cell.blue, task, t), limit(cell.yellow, task, t)
    if task.kind is Kind.COUNT:
        blue, yellow = f"≥{blue}", f"≥{yellow}"
    red = _beyond(yellow, low)
    entries = [("blue", blue), ("yellow", yellow), ("red", red)]
    items = [
        h("li", h(f"i.mk.{name}", aria_hidden="true"), t(f"colour.{name}"), " ", h("span.num", text))
        for name, text in entries
    ]
    note = h("li.note", t("cell.pace_note")) if task.kind is Kind.COUNT else None
    return h("ul.thresholds", many(items), note)


def _beyond(yellow: str, low: bool) -> str:
    return yellow.replace("≤", ">") if low else yellow.replace("≥", "<")


# rows --------------------------------------------------------------------------------------------


def _rows(task: Task, view: CellView, look: Look) -> Node:
    page = view.page
    return h(
        "section.rows#rows",
        h("div.rows-head", h("h2", look.t("rows.title")), _tabs(view, look), _outs(view, look)),
        names_bar(look, look.cell(view.unit.code, view.cell.task), page.columns) if page.rows else None,
        _table(view, look) if page.rows else empty(look.t("rows.none"), _why_none(task, view, look)),
        _pager(view, look) if page.total > page.size else None,
    )


def _why_none(task: Task, view: CellView, look: Look) -> str:
    if view.cell.reason:
        return reason_sentence(view.cell, task, feed_of(view.board, task), look.t)
    return look.t("rows.none_in_part") if view.page.part != "all" else look.t("rows.none_in_period")


def _here(view: CellView, look: Look, **query: object) -> str:
    page = view.page
    now: dict[str, object] = {"part": page.part if page.part != "all" else "", "sort": page.sort}
    now.update(query)
    return look.cell(view.unit.code, view.cell.task, **now)


def _tabs(view: CellView, look: Look) -> Node | None:
    known = [part for part in PARTS if part in view.page.parts]
    if len(known) < 2:
        return h("p.total", look.t("rows.total", n=look.t.number(view.page.total)))
    tabs = []
    for part in known:
        on = part == view.page.part
        text = [look.t(f"rows.part.{part}"), " ", h("span.n", look.t.number(view.page.parts[part]))]
        address = _here(view, look, part="" if part == "all" else part)
        tabs.append(h("a" + (".is-on" if on else ""), many(text), href=address, aria_current="true" if on else None))
    return h("nav.tabs", many(tabs), aria_label=look.t("rows.parts"))


def _outs(view: CellView, look: Look) -> Node:
    query = {"station": view.unit.code, "task": view.cell.task, "part": view.page.part}
    links = [
        h("a", look.t(f"export.{kind}"), href=look.url(f"/download/rows.{kind}", **query), download=True)
        for kind in ("xlsx", "csv")
    ]
    return h("span.outs", many(links))


def _table(view: CellView, look: Look) -> Node:
    page = view.page
    heads = [_column(name, view, look) for name in page.columns]
    rows = [_row(page, row, look) for row in page.rows]
    return h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0)


def _column(name: str, view: CellView, look: Look) -> Node:
    sort = view.page.sort
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
    following = f"-{name}" if state == "ascending" else name
    arrow = {"ascending": "▲", "descending": "▼"}.get(state)
    label = look.t.maybe(f"column.{name}", name)
    link = h(
        "a",
        label,
        h("span.arrow", arrow, aria_hidden="true") if arrow else None,
        href=_here(view, look, sort=following),
    )
    return h("th", link, scope="col", aria_sort=state)


def _row(page: RowPage, row: tuple[object, ...], look: Look) -> Node:
    cells = []
    for index, (name, content) in enumerate(zip(page.columns, row, strict=False)):
        text, kind = shown(name, content, look)
        tag = "th" if index == 0 else "td"
        cells.append(h(f"{tag}{kind}", text, scope="row" if index == 0 else None))
    return h("tr", many(cells))


def shown(column: str, content: object, look: Look) -> tuple[str, str]:
    """A value of a row as text, and the class of its kind."""
    if content is None or content == "":
        return "—", ".none"
    if isinstance(content, datetime):
        return content.strftime("%Y-%m-%d %H:%M:%S"), ".time"
    if isinstance(content, bool) or column.startswith("is_"):
        return look.t("word.yes" if content else "word.no"), ""
    if isinstance(content, (int, float)):
        return look.t.plain(float(content), 2), ".num"
    text = str(content)
    return look.t.maybe(f"value.{column}.{text}", text), ""


def _pager(view: CellView, look: Look) -> Node:
    page, t = view.page, look.t
    last = max(1, -(-page.total // page.size))
    links = [
        _step(t("rows.first"), 1, page.page > 1, view, look),
        _step(t("rows.previous"), page.page - 1, page.page > 1, view, look),
        h("span.here", t("rows.page", page=page.page, pages=last)),
        _step(t("rows.next"), page.page + 1, page.page < last, view, look),
        _step(t("rows.last"), last, page.page < last, view, look),
    ]
    return h(
        "nav.pager", h("span.total", t("rows.total", n=t.number(page.total))), many(links), aria_label=t("rows.pages")
    )


def _step(text: str, to: int, alive: bool, view: CellView, look: Look) -> Node:
    return h("a", text, href=_here(view, look, page=to)) if alive else h("span.off", text, aria_disabled="true")


def _foot(task: Task, look: Look) -> Node:
    note = look.t("cell.share_note") if is_share(task) else look.t("cell.change_note") if is_change(task) else ""
    return h(
        "footer.sheet-foot",
        h("span", note) if note else None,
        h("a", look.t("cell.all_stations"), href=look.task(task.code)),
    )
