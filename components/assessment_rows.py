"""The rows behind one number of a score sheet."""

from __future__ import annotations

from urllib.parse import quote

from components.assessment_parts import RANKING, asked, names_of, ranking_url, sheet_url
from components.cell_page import PARTS, shown
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from components.unmask import names_bar
from domain.assessment_office import SourceRows
from domain.assessment_views import LOCKED
from i18n.assessment_words import amount_text
from i18n.assessmentbook_words import month_name


def tree(view: SourceRows, look: Look) -> Node:
    """The whole page."""
    t, names = look.t, names_of(view.about, look)
    name = names.source(view.source)
    crumbs = [
        (t("assessmentview.title"), ranking_url(look, view.about)),
        (look.short_name(view.unit), sheet_url(look, view.about, view.unit.code)),
        (name, ""),
    ]
    frozen = h("p.banner.as-banner", t("assessmentview.rows_of.frozen")) if view.about.state == LOCKED else None
    return h(
        "div.sheet.as-page",
        head(look, view.board, crumbs, [name]),
        _number(view, look),
        frozen,
        h("div.rows-head", h("h2", t("rows.title")), _tabs(view, look)),
        names_bar(look, _here(view, look), view.page.columns) if view.page.rows else None,
        _table(view, look) if view.page.rows else empty(t("rows.none")),
        _pager(view, look),
    )


def _number(view: SourceRows, look: Look) -> Node:
    """The number, what it counts in, and which days it is about."""
    t, names = look.t, names_of(view.about, look)
    counted = [h("a", names.indicator(code), href=sheet_url(look, view.about, view.unit.code, code))
               for code in view.indicators]  # fmt: skip
    said = [
        ("month", month_name(view.about.month, t)),
        ("stretch", t("cell.stretch", start=t.moment(view.first), end=t.deadline(view.last))),
        ("now", amount_text(view.now, t) if view.now else t("assessmentview.no_data")),
        ("base", amount_text(view.base, t) if view.base else "—"),
    ]
    pairs = [many([h("dt", t(f"assessmentview.rows_of.{key}")), h("dd", text)]) for key, text in said]
    pairs.append(many([h("dt", t("assessmentview.rows_of.counted")), h("dd", many(counted))]))
    return h("section.facts", h("dl", many(pairs)), aria_label=t("cell.facts"))


def _here(view: SourceRows, look: Look, **query: object) -> str:
    page = view.page
    path = f"{RANKING}/{quote(view.unit.code, safe='')}/{quote(view.source, safe='')}"
    now: dict[str, object] = {**asked(view.about), "part": page.part if page.part != "all" else ""}
    return look.url(path, "", **{**now, **query})


def _tabs(view: SourceRows, look: Look) -> Node | None:
    t, page = look.t, view.page
    known = [part for part in PARTS if part in page.parts]
    if len(known) < 2:
        return h("p.total", t("rows.total", n=t.number(page.total)))
    tabs = []
    for part in known:
        on = part == page.part
        address = _here(view, look, part="" if part == "all" else part)
        count = h("span.n", t.number(page.parts[part]))
        tabs.append(h("a" + (".is-on" if on else ""), t(f"rows.part.{part}"), " ", count,
                      href=address, aria_current="true" if on else None))  # fmt: skip
    return h("nav.tabs", many(tabs), aria_label=t("rows.parts"))


def _table(view: SourceRows, look: Look) -> Node:
    page = view.page
    heads = [h("th", look.t.maybe(f"column.{name}", name), scope="col") for name in page.columns]
    rows = []
    for row in page.rows:
        cells = []
        for place, (name, content) in enumerate(zip(page.columns, row, strict=True)):
            text, kind = shown(name.removesuffix("_later"), content, look)
            cells.append(h(f"{'th' if place == 0 else 'td'}{kind}", text, scope="row" if place == 0 else None))
        rows.append(h("tr", many(cells)))
    return h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0)


def _pager(view: SourceRows, look: Look) -> Node | None:
    page, t = view.page, look.t
    last = max(1, -(-page.total // page.size))
    if last == 1:
        return None
    steps = [("first", 1, page.page > 1), ("previous", page.page - 1, page.page > 1),
             ("next", page.page + 1, page.page < last), ("last", last, page.page < last)]  # fmt: skip
    links = [
        h("a", t(f"rows.{name}"), href=_here(view, look, page=to)) if alive
        else h("span.off", t(f"rows.{name}"), aria_disabled="true")
        for name, to, alive in steps
    ]  # fmt: skip
    here = h("span.here", t("rows.page", page=page.page, pages=last))
    total = h("span.total", t("rows.total", n=t.number(page.total)))
    return h("nav.pager", total, many(links[:2]), here, many(links[2:]), aria_label=t("rows.pages"))
