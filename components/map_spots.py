"""Hot spots by rule and by statistic, and how well last period's caught what happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from components.hiccup import Node, h, many
from components.look import Look
from components.map_curve import spark
from components.map_links import NEW_RECORD, days, rows_href
from components.marks import badge
from domain.hot import HitRate, Spot, SpotsView
from domain.hotspot_record import CLASSES
from domain.incident_filter import MOST_CELLS, circle
from domain.map_rules import BlackSpotRule
from domain.span import Span
from i18n.map_words import code, place_text, span

SHOWN = 10
RECORD_KINDS = {"junction": "junction", "road": "section"}
"""How the place was named -> kind of hot-spot record; of an address nothing follows."""


def spots_panel(view: SpotsView, look: Look, rule: BlackSpotRule | None = None) -> Node:
    """Both lists, the hit rate, and in plain words how they were made.

    Args:
        rule: the black-spot rule in force, for its wording and for the class its rows have.
    """
    t = look.t
    return h(
        "section.mp-spots#spots",
        h("h2", t("map.spots"), h("small", t("map.spots_n", rule=_rule_total(view), local=len(view.local)))),
        hit_card(view.hit, look),
        _list("rule", view.rule, view, look, rule),
        _list("local", view.local, view, look, rule),
        h("p.mp-hint", t("map.made_local", tested=t.number(view.tested))),
        h("p.mp-hint", t("map.made_bounded") if view.bounded else t("map.made_unbounded")),
    )


def _rule_total(view: SpotsView) -> int:
    return view.rule_total or len(view.rule)


def hit_card(hit: HitRate | None, look: Look) -> Node:
    """PAI and PEI with the sentence they stand for."""
    t = look.t
    if hit is None or hit.pai is None:
        return h("div.mp-hit.is-none", h("h3", t("map.hit")), h("p", t("map.hit_none")))
    best = h("p", t("map.hit_best", share=t.percent(100 * hit.pei))) if hit.pei is not None else None
    return h(
        "div.mp-hit",
        h("h3", t("map.hit")),
        h(
            "dl",
            h("div", h("dt", "PAI"), h("dd", t.number(hit.pai, 1))),
            h("div", h("dt", "PEI"), h("dd", t.number(hit.pei, 2) if hit.pei is not None else "—")),
        ),
        h("p", _hit_said(hit, look)),
        best,
        h("p.mp-hint", t("map.hit_spans", drawn=span(hit.drawn, t), judged=span(hit.span, t))),
    )


def _hit_said(hit: HitRate, look: Look) -> str:
    t = look.t
    return t(
        "map.hit_said",
        cells=t.number(hit.cells),
        area=t.percent(100 * hit.area_share, 1 if hit.area_share >= 0.01 else 3),
        hits=t.number(hit.hits),
        total=t.number(hit.total),
        caught=t.percent(100 * hit.hits / hit.total if hit.total else None),
        times=t.number(hit.pai, 1),
    )


def _list(origin: str, spots: tuple[Spot, ...], view: SpotsView, look: Look, rule: BlackSpotRule | None) -> Node:
    t = look.t
    what = ""
    if origin == "rule" and rule:
        said = t("list.comma").join(code("class_code", name, t) for name in _counted("rule", view, rule))
        what = t("map.rule_said", n=rule.incidents, metres=t.plain(rule.radius_m), days=rule.days, what=said)
    items = [_spot(place, one, view, look, rule) for place, one in enumerate(spots, 1)]
    first, rest = items[:SHOWN], items[SHOWN:]
    more = (
        h("details.more", h("summary", t("map.spots_more", n=len(rest))), h("ol.mp-list", many(rest))) if rest else None
    )
    window = span(view.window if origin == "rule" else view.asked.span, t)
    return h(
        f"div.mp-origin.o-{origin}",
        h("h3", badge(t(f"map.origin.{origin}"), "code"), " ", what, h("small", window)),
        h("ol.mp-list", many(first)) if first else h("p.mp-none", t(f"map.no_spots.{origin}")),
        more,
        h("p.mp-hint", t("map.spots_listed", n=len(spots), all=t.number(view.rule_total)))
        if origin == "rule" and view.rule_total > len(spots)
        else None,
    )


def _spot(place: int, spot: Spot, view: SpotsView, look: Look, rule: BlackSpotRule | None) -> Node:
    t = look.t
    address = spot_rows(spot, view, look, rule)
    harm = [
        t(f"map.{name}", n=count) for name, count in (("deaths", spot.deaths), ("injuries", spot.injuries)) if count
    ]
    return h(
        "li.mp-spot",
        h("span.no", str(place)),
        h(
            "div.body",
            h(
                "p.top",
                h("b", spot_name(spot, look)),
                badge(t(f"map.trend.{spot.trend}"), spot.trend),
                _chance(spot, look),
            ),
            h("p.mix", _mix(spot, look), h("span.harm", t("list.comma").join(harm)) if harm else None),
        ),
        h("div.hours", spark(spot.by_hour, max(spot.by_hour, default=0)), title=_peak(spot, look)),
        h(
            "p.do",
            h("a.n", t.count(spot.now, "incidents"), href=address),
            _before(spot, look),
            record_link(spot, view, look, rule),
        ),
    )


def spot_name(spot: Spot, look: Look) -> str:
    """Junction, road or address; coordinates where addresses allow no name."""
    if spot.name_kind == "junction" and spot.cross:
        return look.t("map.junction", a=spot.name, b=spot.cross)
    return spot.name or place_text(spot.lng, spot.lat)


def spot_rows(spot: Spot, view: SpotsView, look: Look, rule: BlackSpotRule | None) -> str:
    """Address of the incidents of a spot, "" when none can say it; a rule's spot is counted over the rule's window."""
    if view.asked.filter.near and (spot.origin == "rule" or len(spot.cells) > MOST_CELLS):
        return ""  # an address holds one circle, and the count is of two
    if spot.origin != "rule":
        if len(spot.cells) <= MOST_CELLS:
            return rows_href(look, view.asked, cell=",".join(spot.cells))
        return rows_href(look, view.asked, near=circle("near", spot.key))
    free = replace(view.asked, span=view.window, preset="")
    counted = _counted(spot.origin, view, rule)
    return rows_href(look, free, window_days(view.window), near=circle("near", spot.key), classes=counted)


def _counted(origin: str, view: SpotsView, rule: BlackSpotRule | None) -> tuple[str, ...]:
    """The classes that a spot counts: those of the filter; without any the rule's own, by statistic all of them."""
    return view.asked.filter.classes or ((rule.class_code,) if origin == "rule" and rule else ())


def window_days(window: Span) -> dict[str, str]:
    """The whole days of a window; one that begins within a day begins with the next."""
    starts_at_midnight = window.start.date() if window.start.hour == window.start.minute == 0 else None
    return days(starts_at_midnight or window.first_day + timedelta(days=1), window.last_day)


def record_link(spot: Spot, view: SpotsView, look: Look, rule: BlackSpotRule | None = None) -> Node:
    """To the spot's record, or to opening one."""
    if spot.record:
        return h("a", look.t("map.record"), href=look.url(f"/hotspot/{spot.record}"))
    return h("a", look.t("map.open_record"), href=look.url(NEW_RECORD, **_finding(spot, view, look, rule)))


def _finding(spot: Spot, view: SpotsView, look: Look, rule: BlackSpotRule | None) -> dict[str, Any]:
    """What the form that opens a record is filled in with."""
    window = rule.days if spot.origin == "rule" and rule else round(view.asked.span.days)
    counted = _counted(spot.origin, view, rule)
    return {
        "near": spot.key,
        "name": spot_name(spot, look),
        "kind": RECORD_KINDS.get(spot.name_kind, ""),
        "station": spot.station,
        "class": counted[0] if len(counted) == 1 and counted[0] in CLASSES else "",
        "origin": spot.origin,
        "window_days": max(1, window),
        "window_count": spot.now,
    }


def _mix(spot: Spot, look: Look) -> str:
    said = [look.t("map.mix", what=code("subclass", name, look.t), n=count) for name, count in spot.by_subclass[:3]]
    return look.t("list.comma").join(said)


def _before(spot: Spot, look: Look) -> Node | None:
    if not spot.before:
        return None
    counts = look.t("list.comma").join(look.t.number(count) for count in spot.before)
    return h("span.before", look.t("map.before", counts=counts), title=look.t("map.before_title"))


def _peak(spot: Spot, look: Look) -> str:
    most = max(spot.by_hour, default=0)
    hour = spot.by_hour.index(most) if most else 0
    return look.t("map.peak", first=hour, last=hour + 1, n=most)


def _chance(spot: Spot, look: Look) -> Node | None:
    if spot.z is None:
        return None
    t = look.t
    p = t("map.p", p=t.p_value(spot.p)) if spot.p is not None else ""
    return h("small", t("map.z", z=t.number(spot.z, 1), p=p))
