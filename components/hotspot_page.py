"""One hot-spot record: the rule of one plan and one leader, its course, its effect, what was done and changed."""

from __future__ import annotations

from typing import Any

from components.hiccup import Node, h, many
from components.hotspot_forms import forms
from components.hotspot_judged import judged
from components.hotspot_parts import chart, course_table, kind_tag, rows_link, status_tag, when
from components.look import Look
from components.map_summary import loading_note
from components.page_head import empty, head
from components.small_map import Mark, small_payload
from domain.board import Board
from domain.hotspot_record import KINDS, ORIGINS, STATUSES, Event, MeasureEntry
from domain.hotspot_views import HotspotView
from domain.incident_filter import Filter
from domain.incident_filter import params as filter_params

_TIMES = ("opened_at", "treated_at", "closed_at", "planned_at", "due_at")


def tree(view: HotspotView, look: Look) -> Node:
    """The page of one record without its map."""
    return h("div", top(view, look), below(view, look))


def top(view: HotspotView, look: Look) -> Node:
    """What stands above the map: the record, its rule, its effect, its course."""
    record, t = view.record, look.t
    name = record.facts.name or record.hotspot_id
    title = [name, " ", kind_tag(record.facts.kind, look), " ", status_tag(record.status, look)]
    crumbs = [(t("hotspot.title"), look.url("/hotspots")), (name, "")]
    return h(
        "div.sheet.hotspot",
        head(look, view.board, crumbs, title),
        _broken(view, look),
        boxes(view, look),
        h("div.cell-grid", judged(view, look), _facts(view, look)),
        _course(view, look),
    )


def below(view: HotspotView, look: Look) -> Node:
    """What stands below the map: what can be done, was done, and was changed."""
    return h(
        "div.sheet.hotspot",
        forms(view, look),
        _measures(view.measures, look),
        _history(view.history, look),
    )


def loading(board: Board, done: float, look: Look) -> Node:
    """The page's top while incidents are being read."""
    title = look.t("hotspot.title")
    return h("div.sheet.hotspot", head(look, board, [(title, "")], [title]), loading_note(done, look))


def canvas(view: HotspotView, look: Look, from_zoom: int) -> dict[str, Any] | None:
    """What `IncidentMap` draws: the circle, and from street level the incidents; None without a place."""
    facts, record = view.record.facts, view.record
    if facts.lng is None or facts.lat is None:
        return None
    mark = Mark(facts.lng, facts.lat, "", facts.name, "", facts.radius_m, "record")
    asked = filter_params(Filter(classes=(facts.class_code,) if facts.class_code else ()))
    began = record.treated_at or record.opened_at
    if began is not None and began <= view.board.as_of:
        asked |= {"from": began.date().isoformat(), "to": view.board.as_of.date().isoformat(), "base": "none"}
    drawn = small_payload(look, marks=[mark], chosen=(facts.station,) if facts.station else ())
    return {**drawn, "points": {"url": look.url("/api/v1/map/points", **asked), "zoom": from_zoom}}


def _broken(view: HotspotView, look: Look) -> Node | None:
    if not view.broken:
        return None
    items = [h("li", look.t(f"hotspot.broken_rule.{rule}", raw=view.record.status)) for rule in view.broken]
    return h("div.banner.late", h("b", look.t("hotspot.broken")), h("ul", many(items)), role="status")


def boxes(view: HotspotView, look: Look) -> Node:
    """One hot spot, one plan, one responsible leader: each filled, or said to be missing."""
    record, t, plan = view.record, look.t, view.record.plan
    due = plan.due_at if plan else None
    leader = plan.leader if plan and plan.leader else record.leader
    late = h("span.tag.late", t("hotspot.overdue")) if record.overdue(view.board.as_of) else None
    return h(
        "section.ones",
        _box("spot", record.facts.name, h("p", _place(view, look)), look),
        _box("plan", plan.text if plan else "", h("p", t("hotspot.due", day=when(due, look)), " ", late), look),
        _box("leader", leader, None, look),
        aria_label=t("hotspot.ones"),
    )


def _box(name: str, text: str, more: Node | None, look: Look) -> Node:
    filled = bool(text)
    body = [h("p.said", text), more] if filled else [h("p.said", look.t(f"hotspot.missing.{name}"))]
    return h("div.one" + ("" if filled else ".missing"), h("h2", look.t(f"hotspot.one.{name}")), many(body))


def _place(view: HotspotView, look: Look) -> str:
    facts = view.record.facts
    kind = look.t(f"hotspot.kind.{facts.kind}") if facts.kind in KINDS else look.t("hotspot.kind_unknown")
    return look.t("hotspot.place", kind=kind, metres=look.t.plain(facts.radius_m))


def _facts(view: HotspotView, look: Look) -> Node:
    record, t = view.record, look.t
    facts, unit = record.facts, view.unit
    said: list[tuple[str, object]] = [
        ("id", record.hotspot_id),
        ("station", look.unit_name(unit) if unit else facts.station or t("hotspot.no_station")),
        ("squadron", t.pick(unit.district_name, unit.district_name_en) if unit else ""),
        ("class_code", t(f"value.class_code.{facts.class_code}") if facts.class_code else t("hotspot.any_class")),
        ("opened_at", when(record.opened_at, look)),
        ("treated_at", when(record.treated_at, look)),
        ("closed_at", when(record.closed_at, look)),
        ("origin", t(f"hotspot.origin.{record.origin}") if record.origin in ORIGINS else "—"),
        ("finding", _finding(view, look)),
        ("ended_reason", record.ended_reason),
    ]
    pairs = [(h("dt", t(f"hotspot.field.{name}")), h("dd", str(text))) for name, text in said if text and text != "—"]
    return h(
        "section.facts",
        h("h2", t("hotspot.facts")),
        h("dl", many([part for pair in pairs for part in pair])),
        h("p.outs", rows_link(look, record, None, t("hotspot.rows_link")), rows_link(look, record, None,
          t("hotspot.map_link"), "/map")),
    )  # fmt: skip


def _finding(view: HotspotView, look: Look) -> str:
    days, count = view.record.window_days, view.record.window_count
    return "" if not days or count is None else look.t("hotspot.finding", days=days, n=count)


def _course(view: HotspotView, look: Look) -> Node:
    t = look.t
    heading = h("h2", t("hotspot.course"))
    if not view.weeks:
        return h("section.history", heading, empty(t("hotspot.no_course"), t("hotspot.no_course_hint")))
    key = h(
        "p.key",
        h("span.before", t("hotspot.before")),
        h("span.after", t("hotspot.after")),
        h("span.mean", t("hotspot.mean", n=t.plain(view.expected))),
    )
    ends = [h("span", t.short_date(view.weeks[at].start.date())) for at in (0, -1)]
    drawn = chart(view.weeks, view.expected, look)
    return h("section.history", heading, key, drawn, h("p.ends", many(ends)), course_table(view.weeks, look))


def _measures(entries: tuple[MeasureEntry, ...], look: Look) -> Node:
    heading = h("h2", look.t("hotspot.measures"), h("small", look.t("hotspot.entries", n=len(entries))))
    if not entries:
        return h("section.done", heading, empty(look.t("hotspot.no_measures")))
    items = [
        h("li", h("time", when(one.at, look), datetime=one.at.isoformat()), h("p", one.text), h("small", one.author))
        for one in entries
    ]
    return h("section.done", heading, h("ol.timeline", many(items)))


def _history(events: tuple[Event, ...], look: Look) -> Node:
    t = look.t
    heading = h("h2", t("hotspot.history"), h("small", t("hotspot.entries", n=len(events))))
    if not events:
        return h("section.log", heading, empty(t("hotspot.no_history"), t("hotspot.no_history_hint")))
    heads = [h("th", t(f"hotspot.log.{name}"), scope="col") for name in ("at", "actor", "action", "changes")]
    rows = [_event(event, look) for event in events]
    table = h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows)))
    return h("section.log", heading, h("details.more", h("summary", t("hotspot.show_history")), h("div.scroll", table)))


def _event(event: Event, look: Look) -> Node:
    changes = [_change(name, pair, look) for name, pair in event.changes.items()]
    return h(
        "tr",
        h("th", look.t.moment(event.at, seconds=True), scope="row"),
        h("td", event.actor or "—"),
        h("td", look.t.maybe(f"hotspot.action.{event.action}", event.action)),
        h("td.changes", h("ul", many(changes))),
    )


def _change(name: str, pair: tuple[str, str], look: Look) -> Node:
    before, after = (_value(name, text, look) for text in pair)
    label = look.t.maybe(f"hotspot.field.{name}", name)
    return h("li", h("b", label), " ", h("s" if before else "span", before), " ", h("span", after))


def _value(name: str, text: str, look: Look) -> str:
    if name == "status" and text in STATUSES:
        return look.t(f"hotspot.status.{text}")
    if name == "kind" and text in KINDS:
        return look.t(f"hotspot.kind.{text}")
    if name in _TIMES and text.endswith(("00:00:00", "23:59:59")):
        return text[:10]
    return text
