"""The list of hot-spot records, and the form that opens one."""

from __future__ import annotations

from collections.abc import Mapping

from components.hiccup import Node, h, many
from components.hotspot_parts import address, facts_fields, kind_tag, moved, post_form, status_tag
from components.look import Look
from components.marks import badge
from components.page_head import empty, head
from domain.errors import BadRequest
from domain.hotspot_record import CLASSES, KINDS, MOST_RADIUS_M, ORIGINS, Facts
from domain.hotspot_views import HotspotLine, HotspotsView, NewHotspotView
from domain.incident_filter import circle

TABS = ("", "open", "treated", "closed", "withdrawn", "all")
_COLUMNS = ("name", "state", "station", "leader", "due", "days", "counts", "fall", "measures")


def tree(view: HotspotsView, look: Look) -> Node:
    """The list."""
    opened = h("a.go", look.t("hotspot.new"), href=look.url("/hotspots/new")) if view.editable else None
    return h(
        "div.sheet.hotspots",
        head(look, view.board, [(look.t("hotspot.title"), "")], [look.t("hotspot.title")], opened),
        h("p.measured", look.t("hotspot.rule", days=view.rule.days, fall=look.t.percent(view.rule.fall * 100, 0))),
        _tabs(view, look),
        _table(view, look) if view.lines else empty(look.t("hotspot.none"), look.t("hotspot.none_hint")),
    )


def _tabs(view: HotspotsView, look: Look) -> Node:
    links = []
    for name in TABS:
        on = name == view.status
        word = look.t(f"hotspot.tab.{name or 'current'}")
        text = f"{word} {look.t.number(_count(view, name))}"
        place = look.url("/hotspots", status=name)
        links.append(h("a" + (".is-on" if on else ""), text, href=place, aria_current="page" if on else None))
    return h("nav.tabs", many(links), aria_label=look.t("hotspot.tabs"))


def _count(view: HotspotsView, name: str) -> int:
    if name == "all":
        return sum(view.counts.values())
    if name == "":
        return sum(count for status, count in view.counts.items() if status not in ("closed", "withdrawn"))
    return view.counts.get(name, 0)


def _table(view: HotspotsView, look: Look) -> Node:
    heads = [h(f"th.c-{name}", look.t(f"hotspot.column.{name}"), scope="col") for name in _COLUMNS]
    rows = [_row(line, look) for line in view.lines]
    return h("div.scroll", h("table.rows.spots", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0)


def _row(line: HotspotLine, look: Look) -> Node:
    record, check, t = line.record, line.check, look.t
    due = record.plan.due_at if record.plan else None
    return h(
        "tr",
        h(
            "th",
            h("a", record.facts.name or record.hotspot_id, href=address(look, record.hotspot_id)),
            " ",
            kind_tag(record.facts.kind, look),
            scope="row",
        ),
        h("td", status_tag(record.status, look), badge(t("hotspot.broken"), "late") if line.broken else None),
        h("td", look.short_name(line.unit) if line.unit else "—"),
        h("td", record.leader or "—"),
        h("td", t.date(due.date()) if due else "—", badge(t("hotspot.overdue"), "late") if line.overdue else None),
        h("td.num", t.number(check.days) if check else "—"),
        h("td.num", t("hotspot.from_to", before=check.before, after=check.after) if check else "—"),
        h("td", moved(-check.fall if check.fall is not None else None, look) if check else "—"),
        h("td.num", t.number(line.measures)),
    )


def new_tree(view: NewHotspotView, look: Look, query: Mapping[str, str]) -> Node:
    """The form for a new record, filled in from an address: near=lng,lat,metres & kind & name & station.

    Raises:
        BadRequest: a parameter makes no sense.
    """
    title = look.t("hotspot.new_title")
    crumbs = [(look.t("hotspot.title"), look.url("/hotspots")), (title, "")]
    if not view.editable:
        return h("div.sheet", head(look, view.board, crumbs, [title]), empty(look.t("hotspot.error.off")))
    kept = [h("input", type="hidden", name=name, value=value) for name, value in _finding(query).items()]
    fields = [*facts_fields(look, asked_facts(query), view.units), *kept]
    return h(
        "div.sheet.hotspots",
        head(look, view.board, crumbs, [title]),
        h("p.measured", look.t("hotspot.new_note")),
        post_form(look, "/api/v1/hotspots", fields, look.t("hotspot.open_now")),
    )


def asked_facts(query: Mapping[str, str]) -> Facts:
    """What an address says of a new record.

    Raises:
        BadRequest: a parameter makes no sense.
    """
    kind, code = query.get("kind") or "junction", query.get("class", "accident")
    if kind not in KINDS or code not in ("", *CLASSES):
        raise BadRequest("error.bad_filter", name="kind" if kind not in KINDS else "class", value=(kind + code)[:40])
    name, station = str(query.get("name") or "")[:100], str(query.get("station") or "")[:64]
    if not query.get("near"):
        return Facts(kind, name, None, None, 100.0, station, code)
    place = circle("near", str(query["near"]))
    return Facts(kind, name, place.lng, place.lat, min(place.metres, MOST_RADIUS_M), station, code)


def _finding(query: Mapping[str, str]) -> dict[str, str]:
    """The finding behind a new record: where it comes from, and its window. What is not one is left out."""
    origin = str(query.get("origin") or "manual")
    found = {"origin": origin if origin in ORIGINS else "manual"}
    for name in ("window_days", "window_count"):
        text = str(query.get(name) or "")
        if text.isascii() and text.isdigit() and len(text) < 6:
            found[name] = text
    return found
