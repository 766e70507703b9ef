"""The table by unit: figures with this period, change and share; sortable, each number opening its rows."""

from __future__ import annotations

from collections.abc import Mapping

from components.compare_links import behind, href, number, rows_href, spans_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.compare_rules import CompareRules, Figure
from domain.compare_views import CompareAsked, CompareView, UnitCell, UnitRow, UnitTable
from domain.incident_filter import Filter
from i18n.compare_words import base_name, changed_text, period_text, preset_name, row_name, tone

SHARED = ("region", "mode", "kind", "district")
"""Rows few enough for their shares of the column to say something."""
_SIGNS = {1: "more", -1: "fewer", 0: "chance"}


def unit_table(view: CompareView, rules: CompareRules, look: Look, *, tab: str, brief: bool = False) -> Node:
    """The table with its sum as the last row.

    Args:
        tab: the page it stands on, for its links.
        brief: fewer columns, for the overview.
    """
    table, t, periods = view.table, look.t, view.asked.periods
    figures = [figure for code in table.figures if (figure := rules.figure(code)) is not None]
    shown = figures[:3] if brief else figures
    caption = t(
        "compare.table.caption",
        unit=t(f"compare.unit.{table.unit}"),
        now=f"{preset_name(periods, t)} {period_text(periods.span, t)}",
        base=f"{base_name(periods, t)} {period_text(periods.base, t)}",
    )
    rows = [_row(row, shown, view, rules, look) for row in table.rows]
    return h(
        "div.scroll.cp-scroll",
        h(
            f"table.rows.cp-table.u-{table.unit}",
            h("caption", caption),
            _head(table, shown, view.asked, rules, (look, tab)),
            h("tbody", many(rows)),
            h("tfoot", _row(table.total, shown, view, rules, look, total=True)),
        ),
        tabindex=0,
    )


def _head(
    table: UnitTable, figures: list[Figure], asked: CompareAsked, rules: CompareRules, at: tuple[Look, str]
) -> Node:
    look, tab = at
    t, wide = look.t, _wide(table)
    upper = [h("th", figure.name(t.lang), colspan=wide, scope="colgroup") for figure in figures]
    names = ["now", "base", "change", *(["share"] if table.unit in SHARED else [])]
    lower = [
        _sorter(figure.code, name, asked, rules, look, tab=tab, plain=table.unit == "kind")
        for figure in figures
        for name in names
    ]
    per = _per_head(table, asked, rules, look, tab)
    return h(
        "thead",
        h("tr", h("th", t(f"compare.unit.{table.unit}"), rowspan=2, scope="col"),
          h("th", t("compare.table.word"), rowspan=2, scope="col"), many(upper), per),
        h("tr", many(lower)),
    )  # fmt: skip


def _wide(table: UnitTable) -> int:
    return 4 if table.unit in SHARED else 3


def _per_head(table: UnitTable, asked: CompareAsked, rules: CompareRules, look: Look, tab: str) -> Node | None:
    if not _has_residents(table):
        return None
    inner = _link("residents", look.t("compare.table.per"), asked, rules, look, tab=tab)
    return h("th.num", inner, rowspan=2, scope="col", aria_sort=_aria("residents", asked))


def _has_residents(table: UnitTable) -> bool:
    return any(row.per_residents is not None for row in table.rows)


def _sorter(
    code: str, name: str, asked: CompareAsked, rules: CompareRules, look: Look, *, tab: str, plain: bool
) -> Node:
    key = code if name == "now" else f"{code}.{name}"
    words = {"now": "now", "base": "base", "change": "yoy", "share": "share"}
    text = look.t(f"compare.table.{words[name]}")
    first = ".first" if name == "now" else ""
    if plain or name == "share":
        return h(f"th.num{first}", text, scope="col")
    return h(f"th.num{first}", _link(key, text, asked, rules, look, tab=tab), scope="col", aria_sort=_aria(key, asked))


def _link(key: str, text: str, asked: CompareAsked, rules: CompareRules, look: Look, *, tab: str) -> Node:
    """Falling at first, then rising, then the organisation's order."""
    follows = {f"-{key}": key, key: ""}.get(asked.sort, f"-{key}")
    mark = {f"-{key}": "▼", key: "▲"}.get(asked.sort, "")
    return h(
        "a.sort", text, h("i", mark, aria_hidden="true") if mark else None,
        href=href(look, tab, asked, rules, sort=follows), title=look.t("compare.table.sort", what=text),
    )  # fmt: skip


def _aria(key: str, asked: CompareAsked) -> str | None:
    return {f"-{key}": "descending", key: "ascending"}.get(asked.sort)


def _row(
    row: UnitRow, figures: list[Figure], view: CompareView, rules: CompareRules, look: Look, *, total: bool = False
) -> Node:
    t, table = look.t, view.table
    name = t("compare.table.total") if total else row_name(row, table.unit, t)
    cells = [
        node
        for index, figure in enumerate(figures)
        for node in _cells(row, row.cells[index], figure, view, look, total=total)
    ]
    per = h("td.num", t.number(row.per_residents, 2), data_l=t("compare.table.per")) if _has_residents(table) else None
    return h(
        "tr" + (".inside" if row.inside else ""),
        h("th", _name(row, name, view, rules, look, total=total), scope="row"),
        h("td.word", t(f"compare.word.{row.word}") if row.word else "—", data_l=t("compare.table.word")),
        many(cells),
        per,
    )


def _name(row: UnitRow, name: str, view: CompareView, rules: CompareRules, look: Look, *, total: bool) -> Node | str:
    """The name opens the overview of that unit alone."""
    unit = view.table.unit
    if total or unit == "kind" or not row.code or row.code == "-":
        return name
    return h("a", name, href=href(look, "overview", view.asked, rules, **{unit: row.code, "unit": "", "sort": ""}))


def _cells(
    row: UnitRow, cell: UnitCell, figure: Figure, view: CompareView, look: Look, *, total: bool
) -> list[Node | None]:
    t, name = look.t, figure.name(look.t.lang)
    links = _rows(row, figure, view, look, total=total)
    kind = tone(_SIGNS[cell.sign], figure.good)
    base = h("span.n", "—") if cell.base is None else number(t.number(cell.base), cell.base, links["base"])
    shared = view.table.unit in SHARED
    return [
        h("td.num.first", number(t.number(cell.now), cell.now, links["now"]), data_l=name),
        h("td.num.was", base, data_l=t("compare.table.base")),
        h(
            f"td.num.delta.t-{kind}",
            changed_text(cell.now, cell.base, cell.percent, t),
            data_l=t("compare.table.yoy"),
        ),
        h("td.num.was", t.percent(cell.share), data_l=t("compare.table.share")) if shared else None,
    ]


def _rows(row: UnitRow, figure: Figure, view: CompareView, look: Look, *, total: bool) -> Mapping[str, str]:
    """Addresses of the rows behind a cell; none for those that no filter can name."""
    spans = spans_of(view.asked)
    wanted = _narrowed(row, figure.filter, view, total=total)
    if wanted is None:
        return dict.fromkeys(spans, "")
    rows = behind(figure, wanted)
    return {name: rows_href(look, view.asked, span, rows, view.units) for name, span in spans.items()}


def _narrowed(row: UnitRow, wanted: Filter, view: CompareView, *, total: bool) -> Filter | None:
    if total:
        return wanted
    if view.table.unit == "kind":
        name, _, inner = row.code.partition("/")
        if not name or (row.inside and not inner):
            return None
        return wanted.with_(classes=(name,), subclasses=(inner,) if inner else wanted.subclasses)
    if not row.code or row.code == "-":
        return None
    if view.table.unit in ("station", "district"):
        return wanted.with_(**{f"{view.table.unit}s": (row.code,)})
    kind = {"region": "region_type", "mode": "fusion_mode"}[view.table.unit]
    mine = tuple(sorted(u.code for u in view.units if getattr(u, kind) == row.code and view.asked.holds(u)))
    return wanted.with_(stations=mine) if 0 < len(mine) <= 60 else None
