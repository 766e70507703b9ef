"""The incidents behind a number of the map, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from components.hiccup import Node, h, many
from components.look import Look
from components.map_filter import chips, empty_note
from components.map_links import MAP, ROWS, href
from components.marks import badge
from components.page_head import head
from components.unmask import names_bar
from domain.incident_views import RowsView
from i18n.map_words import base_name, code, kind, place_text, span, span_name, tag, tags

Names = Mapping[str, str]
COLUMNS = ("time", "station", "kind", "severity", "place", "channel", "tags", "harm", "marks")
Row = Mapping[str, object]


def tree(view: RowsView, look: Look, names: Names | None = None, of: str = "") -> Node:
    """The whole page.

    Args:
        names: codes of stations, districts and grids -> names.
        of: "base" when the rows are those of the second period; carried along by paging and downloads.
    """
    title = look.t("incidents.title")
    return h(
        "div.sheet.mp-page",
        head(
            look,
            view.board,
            [(look.t("map.title"), href(look, MAP, view.asked)), (title, "")],
            [title],
            _outs(view, look, of),
        ),
        _about(view, look, of),
        chips(view.asked, look, ROWS, names, of=of),
        names_bar(look, href(look, ROWS, view.asked, of=of)) if view.rows else None,
        _body(view, look, names or {}, of),
        _pager(view, look, of) if view.total > view.size else None,
    )


def _body(view: RowsView, look: Look, names: Names, of: str) -> Node:
    if view.rows:
        return _table(view, look, names)
    if view.total:  # a page beyond the last: there are incidents, only not here
        return h("p.mp-none", look.t("incidents.beyond"))
    return empty_note(view.asked, look, ROWS, names, of=of)


def _outs(view: RowsView, look: Look, of: str) -> Node:
    links = [
        h(
            "a",
            look.t(f"export.{form}"),
            href=href(look, f"/download/incidents.{form}", view.asked, of=of),
            download=True,
        )
        for form in ("xlsx", "csv")
    ]
    return h("span.outs", h("a", look.t("incidents.to_map"), href=href(look, MAP, view.asked)), many(links))


def _about(view: RowsView, look: Look, of: str) -> Node:
    t, asked = look.t, view.asked
    stretch, name = (asked.base, base_name(asked, t)) if of and asked.base else (asked.span, span_name(asked, t))
    return h(
        "p.mp-about",
        h("b", t.count(view.total, "incidents")),
        h("span", f"{name} {span(stretch, t)}"),
        h("small", t("incidents.newest")),
    )


def _table(view: RowsView, look: Look, names: Names) -> Node:
    heads = [h(f"th.c-{name}", look.t(f"incidents.{name}"), scope="col") for name in COLUMNS]
    rows = [_row(dict(zip(view.columns, row, strict=True)), look, names) for row in view.rows]
    return h(
        "div.scroll",
        h("table.rows.mp-rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))),
        tabindex=0,
    )


def _row(row: Row, look: Look, names: Names) -> Node:
    t = look.t
    station = str(row.get("station_code") or "")
    bodies: dict[str, list[object]] = {
        "station": [names.get(station, station) or t("map.no_code")],
        "kind": [kind(_text(row, "class_code"), _text(row, "subclass"), t)],
        "severity": [_word(row, "severity", look)],
        "place": _place(row),
        "channel": [_word(row, "channel", look), h("small", code("found_by", _text(row, "found_by"), t))],
        "tags": [badge(tag(one, t)) for one in tags(row.get("tags"))],
        "harm": [_harm(row, look)],
        "marks": _marks(row, look),
    }
    cells = [
        h(f"td.c-{name}", *(body if any(body) else ["—"]), data_l=t(f"incidents.{name}"))
        for name, body in bodies.items()
    ]
    return h("tr", h("th.time", _when(row), h("small", _text(row, "incident_id")), scope="row"), many(cells))


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "")


def _when(row: Row) -> str:
    at = row.get("occurred_at")
    return at.strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else _text(row, "occurred_at")


def _word(row: Row, column: str, look: Look) -> str:
    value = _text(row, column)
    return code(column, value, look.t) if value else ""


def _place(row: Row) -> list[object]:
    road = " × ".join(one for one in (_text(row, "road"), _text(row, "cross_road")) if one)
    lng, lat = row.get("lng"), row.get("lat")
    spot = place_text(float(lng), float(lat)) if isinstance(lng, float) and isinstance(lat, float) else ""
    first = _text(row, "address") or road or spot
    second = road if _text(row, "address") and road else ""
    told = _text(row, "content")
    return [first, h("small", second) if second else None, h("small.told", told, title=told) if told else None]


def _harm(row: Row, look: Look) -> str:
    counts = {name: int(str(row.get(name) or 0)) for name in ("deaths", "injuries")}
    said = [look.t(f"map.{name}", n=count) for name, count in counts.items() if count]
    return look.t("list.comma").join(said)


def _marks(row: Row, look: Look) -> list[object]:
    t = look.t
    found: list[object] = []
    if "is_valid" in row and not row["is_valid"]:
        found.append(badge(t("map.choice.valid.no"), "late"))
    if row.get("repeat_of"):
        found.append(h("span.tag", t("map.choice.repeat.repeat"), title=_text(row, "repeat_of")))
    if row.get("place_issue"):
        found.append(badge(code("place_issue", _text(row, "place_issue"), t)))
    return found


def _pager(view: RowsView, look: Look, of: str) -> Node:
    t, last = look.t, max(1, -(-view.total // view.size))
    size = "" if view.size == 50 else str(view.size)

    def step(word: str, to: int, alive: bool) -> Node:
        address = href(look, ROWS, view.asked, of=of, size=size, page=str(to))
        return h("a", t(word), href=address) if alive else h("span.off", t(word), aria_disabled="true")

    return h(
        "nav.pager",
        h("span.total", t("rows.total", n=t.number(view.total))),
        step("rows.first", 1, view.page > 1),
        step("rows.previous", min(view.page - 1, last), view.page > 1),
        h("span.here", t("rows.page", page=view.page, pages=last)),
        step("rows.next", view.page + 1, view.page < last),
        step("rows.last", last, view.page != last),
        aria_label=t("rows.pages"),
    )
