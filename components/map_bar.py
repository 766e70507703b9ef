"""The map's form: period, base, layer, side, and behind a fold everything that can be filtered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from components.hiccup import Node, h
from components.look import Look
from components.map_fields import Choice, day, hidden, segments, select
from components.map_filter import filter_fold
from components.map_links import MAP, days, free_days, href
from domain.heat import LAYERS, PER, SIDES, UNITS, Asked, HeatView
from domain.incident_filter import params as filter_params
from domain.span import PRESETS, year_before
from i18n.map_words import base_name, span

NOVEMBER = {"preset": "november", "base": "year", "side": "both"}
"""November of two years side by side: the figure of the Shaoxing article in one click."""


def filter_bar(view: HeatView, look: Look) -> Node:
    """The whole form; every change is a new address."""
    asked = view.asked
    return h(
        "form.mp-form",
        h(
            "div.mp-bar",
            _period(asked, look, view.board.as_of.date()),
            _base(asked, look),
            _layers(asked, look),
            h("a.go.mp-november", look.t("map.november"), href=href(look, MAP, asked, NOVEMBER)),
        ),
        filter_fold(view, look),
        hidden("as_of", look.past),
        *_carried(asked),
        h("button.visually-hidden", look.t("map.apply"), type="submit"),
        data_go=MAP,
        data_auto=True,
        data_keep="view",
        aria_label=look.t("map.form"),
    )


def _carried(asked: Asked) -> list[Node | None]:
    """What has no field of its own but must not be lost."""
    ring = f"{asked.ring[0]:.6f},{asked.ring[1]:.6f}" if asked.ring else ""
    kept = filter_params(asked.filter)
    return [hidden("ring", ring), hidden("cell", kept.get("cell", "")), hidden("near", kept.get("near", ""))]


def _period(asked: Asked, look: Look, today: date) -> Node:
    t = look.t
    choices: list[Choice] = [(name, t(f"map.preset.{name}")) for name in PRESETS]
    return h(
        "div.mp-span",
        select("preset", t("map.period"), [*choices, ("", t("map.preset.free"))], asked.preset),
        _days(("from", "to"), free_days(asked).values(), look, most=today, when="preset=", sets="preset="),
        title=span(asked.span, t),
    )


def _base(asked: Asked, look: Look) -> Node:
    t = look.t
    choices = [(name, t(f"map.base.{name}")) for name in ("none", "year", "prev", "free")]
    stretch = asked.base or year_before(asked.span)
    values, free = days(stretch.first_day, stretch.last_day).values(), asked.base_name == "free"
    return h(
        "div.mp-span",
        select("base", t("map.base_title"), choices, asked.base_name),
        h(
            "span.mp-free" + ("" if free else ".is-off"),
            _days(("base_from", "base_to"), values, look, most=asked.span.last_day, when="base=free"),
        ),
        h("span.mp-base-days", span(asked.base, t), title=base_name(asked, t)) if asked.base and not free else None,
    )


def _days(names: tuple[str, str], values: Iterable[str], look: Look, *, most: date, when: str, sets: str = "") -> Node:
    """First and last day of a stretch, none later than `most`."""
    fields = [
        day(name, look.t(label), value, most=most.isoformat(), when=when, sets=sets)
        for name, value, label in zip(names, values, ("map.first_day", "map.last_day"), strict=True)
    ]
    return h("span.mp-days", fields[0], h("span", "—", aria_hidden="true"), fields[1])


def _layers(asked: Asked, look: Look) -> Node:
    t = look.t

    def said(name: str, values: tuple[str, ...]) -> list[Choice]:
        return [(value, t(f"map.{name}.{value}")) for value in values]

    area = asked.layer == "area"
    return h(
        "div.mp-layers",
        segments("layer", t("map.layer_title"), said("layer", LAYERS), asked.layer),
        segments("side", t("map.side_title"), said("side", SIDES), asked.side, off=() if asked.base else SIDES[1:]),
        segments("unit", t("map.unit_title"), said("unit", UNITS), asked.unit) if area else None,
        segments("per", t("map.per_title"), said("per", PER), asked.per) if area else None,
    )
