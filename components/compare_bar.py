"""What stands above every comparison page: tabs, the form, and the periods it compares, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from components.compare_links import TABS, href, path_of
from components.hiccup import Node, h, many
from components.look import Look
from components.map_fields import Choice, day, hidden, segments, select
from components.page_head import late_note
from domain.board import Board, Unit
from domain.compare_asked import MODES, REGIONS, params
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, Days
from domain.sameperiod import BASES
from domain.span import PRESETS, UNITS, Span, year_before
from i18n.compare_words import base_name, made_of, notes, period_text, preset_name, unit_name

OWN = ("unit", "figure", "sort", "step", "who", "limits", "class")
"""Parameters of single pages, which the form carries along."""
BASE = ("base", "base_from", "base_to")
WITHOUT_BASE = ("trend",)
"""Pages that a choice of the same period changes nothing on: always held against earlier years."""


def bar(tab: str, asked: CompareAsked, board: Board, units: Sequence[Unit], look: Look, *, rules: CompareRules) -> Node:
    """Tabs and form; every change is a new address."""
    today = board.as_of.date()
    return h(
        "div.cp-bar",
        _tabs(tab, asked, rules, look),
        late(board, rules, look),
        h(
            "form.mp-form.cp-form",
            h(
                "div.mp-bar",
                _period(asked, look, today),
                _base(asked, look) if tab not in WITHOUT_BASE else None,
                _hours(asked, look),
                *_where(asked, units, look),
            ),
            hidden("as_of", look.past),
            *_carried(tab, asked, rules, look),
            h("button.visually-hidden", look.t("compare.apply"), type="submit"),
            data_go=path_of(tab),
            data_auto=True,
            aria_label=look.t("compare.form"),
        ),
    )


def _tabs(tab: str, asked: CompareAsked, rules: CompareRules, look: Look) -> Node:
    links = [
        h(
            "a" + (".is-on" if one == tab else ""),
            look.t(f"compare.tab.{one}"),
            href=href(look, one, asked, rules),
            aria_current="page" if one == tab else None,
        )
        for one in TABS
    ]
    return h("nav.cp-tabs", many(links), aria_label=look.t("compare.tabs"))


def _period(asked: CompareAsked, look: Look, today: date) -> Node:
    t, periods = look.t, asked.periods
    choices: list[Choice] = [(name, t(f"map.preset.{name}")) for name in PRESETS]
    if periods.at:
        choices = [*choices, *((unit, t(f"compare.preset.{unit}")) for unit in UNITS)]
    at = periods.at or periods.span.first_day
    return h(
        "div.mp-span",
        select("preset", t("compare.period"), [*choices, ("", t("map.preset.free"))], periods.preset),
        day("at", t("compare.at_unit"), at.isoformat(), most=today.isoformat(), when=f"preset={periods.preset}")
        if periods.at
        else None,
        _days(("from", "to"), periods.span, look, most=today, when="preset=", sets="preset="),
    )


def _days(names: tuple[str, str], stretch: Span, look: Look, *, most: date, when: str, sets: str = "") -> Node:
    values, labels = (stretch.first_day, stretch.last_day), ("map.first_day", "map.last_day")
    fields = [
        day(name, look.t(label), value.isoformat(), most=most.isoformat(), when=when, sets=sets)
        for name, value, label in zip(names, values, labels, strict=True)
    ]
    return h("span.mp-days", fields[0], h("span", "—", aria_hidden="true"), fields[1])


def _base(asked: CompareAsked, look: Look) -> Node:
    t, periods = look.t, asked.periods
    stretch = periods.base or year_before(periods.span)
    free = periods.base_name == "free"
    return h(
        "div.mp-span",
        select(
            "base", t("compare.base_title"), [(name, t(f"compare.base.{name}")) for name in BASES], periods.base_name
        ),
        h(
            "span.mp-free" + ("" if free else ".is-off"),
            _days(("base_from", "base_to"), stretch, look, most=periods.span.last_day, when="base=free"),
        ),
    )


def _hours(asked: CompareAsked, look: Look) -> Node | None:
    """Only asked where a period ends now."""
    whole = asked.periods.whole_hours
    if asked.periods.span.whole_days and not whole:
        return None
    t = look.t
    choices = [("", t("compare.hours_all")), ("whole", t("compare.hours_whole"))]
    return segments("hours", t("compare.hours"), choices, "whole" if whole else "")


def _where(asked: CompareAsked, units: Sequence[Unit], look: Look) -> list[Node | None]:
    t = look.t
    districts = {u.district_code: t.pick(u.district_name, u.district_name_en) for u in units if u.district_code}
    known = {
        "district": (districts, asked.districts),
        "region": ({one: t(f"compare.region_name.{one}") for one in REGIONS}, asked.regions),
        "mode": ({one: t(f"compare.mode_name.{one}") for one in MODES}, asked.modes),
        "station": ({u.code: unit_name(u, "station", t) for u in _near(asked, units)}, asked.stations),
    }
    return [_one_of(name, names, chosen, look) for name, (names, chosen) in known.items()]


def _near(asked: CompareAsked, units: Sequence[Unit]) -> list[Unit]:
    """Stations of the chosen districts, and those that are chosen."""
    return [u for u in units if not asked.districts or u.district_code in asked.districts or u.code in asked.stations]


def _one_of(name: str, names: Mapping[str, str], chosen: tuple[str, ...], look: Look) -> Node | None:
    if len(names) < 2 and not chosen:
        return None
    value = ",".join(chosen)
    choices = [("", look.t("compare.all_units")), *names.items()]
    if value and value not in names:
        shown = look.t("list.comma").join(names.get(one, one) for one in chosen)
        choices.append((value, shown))
    return select(name, look.t(f"compare.{name}"), choices, value, plain="")


def _carried(tab: str, asked: CompareAsked, rules: CompareRules, look: Look) -> list[Node | None]:
    """The pages' own parameters have fields of their own on the page; the form must not lose them."""
    kept = params(asked, rules)
    names = (*OWN, *BASE) if tab in WITHOUT_BASE else OWN
    return [hidden(name, kept.get(name, "")) for name in names]


def late(board: Board, rules: CompareRules, look: Look) -> Node | None:
    """A line about the first source of incidents that is late; about an absent one only where none is there."""
    mine = [feed for feed in board.feeds if feed.code in rules.feeds]
    known = [feed for feed in mine if feed.last_at] or mine
    return next((note for feed in known if (note := late_note(look, board, feed))), None)


# what is compared ------------------------------------------------------------------------------


def periods_line(asked: CompareAsked, days: Mapping[str, Days], look: Look) -> Node:
    """The two (three) periods, their days and kinds of days, and what to know before comparing."""
    t, periods = look.t, asked.periods
    spans = {"now": periods.span, "base": periods.base, "previous": periods.previous}
    names = {"now": preset_name(periods, t), "base": base_name(periods, t), "previous": ""}
    parts = [
        h(
            f"div.cp-period.p-{name}",
            h("dt", t(f"compare.when.{name}"), h("small", names[name]) if names[name] else None),
            h("dd", h("b", period_text(spans[name], t)), h("small", made_of(days[name], t)) if name in days else None),
        )
        for name in spans
        if spans[name]
    ]
    warned = [h("li", text) for text in notes(asked, days, t)]
    return h("div.cp-periods", h("dl", many(parts)), h("ul.cp-notes", many(warned)) if warned else None)
