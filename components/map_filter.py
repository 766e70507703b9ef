"""What can be filtered, what is filtered (chips), and what an empty result may be due to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from components.hiccup import Node, h, many
from components.look import Look
from components.map_fields import Choice, select, ticks
from components.map_links import MAP, href, narrower
from components.page_head import empty
from domain.heat import Asked, HeatView, Options
from domain.incident_filter import DAY_KINDS, SEVERITIES, Filter, narrowed, ranges
from i18n.map_words import code, filter_words, hours, tag

CLASSES = ("accident", "order", "other")
QUICK_HOURS = {"morning": (7, 8), "evening": (16, 17, 18), "night": (22, 23, 0, 1, 2, 3, 4, 5)}
"""Rush hours 7-9 and 16:30-19 in whole hours, and the night 22-6 (DOMAIN 2.9)."""
MOST_GRIDS = 300


def unit_names(options: Options, look: Look) -> dict[str, str]:
    """Code of each station, district and duty grid -> its name."""
    names = {one[0]: one[1] or one[0] for one in options.grids}
    for unit in options.units:
        if unit.district_code:
            names[unit.district_code] = look.t.pick(unit.district_name, unit.district_name_en) or unit.district_code
        names[unit.code] = look.short_name(unit)
    return names


# chips -------------------------------------------------------------------------------------------


def chips(
    asked: Asked, look: Look, path: str = MAP, names: Mapping[str, str] | None = None, **along: str
) -> Node | None:
    """Each active filter as a link to the same page without it; None when nothing is filtered.

    Args:
        names: codes of stations, districts and grids -> names. along: further parameters of the page.
    """
    words = filter_words(asked.filter, look.t, names)
    if not words:
        return None
    links = [
        h(
            "a.mp-chip",
            text,
            h("span.x", "×", aria_hidden="true"),
            href=href(look, path, asked, {param: "", **along}),
            aria_label=look.t("map.remove", what=text),
            data_param=param,
        )
        for param, text in words.items()
    ]
    every = h("a.mp-clear", look.t("map.clear"), href=href(look, path, narrower_to_all(asked), along))
    return h("nav.mp-chips", many(links), every, aria_label=look.t("map.active"))


def narrower_to_all(asked: Asked) -> Asked:
    """The same question without any filter."""
    plain = Filter()
    return narrower(asked, **{name: getattr(plain, name) for name in narrowed(asked.filter)})


def empty_note(asked: Asked, look: Look, path: str = MAP, names: Mapping[str, str] | None = None, **along: str) -> Node:
    """Nothing happened: says so, and which filter may be dropped or whether a longer period helps."""
    t = look.t
    chosen = chips(asked, look, path, names, **along)
    longer = h("a.go", t("map.empty_longer"), href=href(look, path, asked, {"preset": "365d", **along}))
    return h(
        "div.mp-empty",
        empty(t("map.empty"), t("map.empty_filtered") if chosen else t("map.empty_plain")),
        chosen,
        h("p.mp-outs", longer),
    )


# fields ------------------------------------------------------------------------------------------


def filter_fold(view: HeatView, look: Look) -> Node:
    """All filters behind one word that says how many are on."""
    t, wanted, options = look.t, view.asked.filter, view.options
    on = len(narrowed(wanted))
    return h(
        "details.mp-fold",
        h("summary", t("map.filters"), h("span.n", t.number(on)) if on else None),
        h(
            "div.mp-filters",
            _what(wanted, options, look),
            _marks(wanted, options, look),
            _where(wanted, options, look),
            _times(view.asked, look),
        ),
    )


def _coded(column: str, values: Iterable[str], look: Look, chosen: Iterable[str] = ()) -> list[Choice]:
    return [(value, code(column, value, look.t)) for value in _and(values, chosen)]


def _and(values: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What is offered, and what is chosen without being offered: else the form would drop it unseen."""
    offered = [value for value in values if value]
    return [*offered, *(value for value in chosen if value not in offered)]


def _what(wanted: Filter, options: Options, look: Look) -> Node:
    t = look.t
    subclasses = sorted({sub for name, sub in options.kinds if sub and name in (wanted.classes or CLASSES)})
    return h(
        "div.mp-group",
        ticks("class", t("map.field.class"), _coded("class_code", CLASSES, look, wanted.classes), wanted.classes),
        ticks("sub", t("map.field.sub"), _coded("subclass", subclasses, look, wanted.subclasses), wanted.subclasses),
        ticks("severity", t("map.field.severity"), _coded("severity", SEVERITIES, look), wanted.severities),
    )


def _marks(wanted: Filter, options: Options, look: Look) -> Node:
    t = look.t
    tags = [(one, tag(one, t)) for one in _and(options.tags, wanted.tags)]
    return h(
        "div.mp-group",
        ticks(
            "channel",
            t("map.field.channel"),
            _coded("channel", options.channels, look, wanted.channels),
            wanted.channels,
        ),
        ticks("tag", t("map.field.tag"), tags, wanted.tags, ".tall"),
        h("div.mp-selects", many(_choices(wanted, look))),
    )


def _choices(wanted: Filter, look: Look) -> list[Node]:
    plain = Filter()
    known = {
        "found": ("", "citizen", "officer", "unknown"),
        "valid": ("yes", "no", "all"),
        "repeat": ("all", "first", "repeat"),
        "placed": ("all", "yes", "no"),
    }
    return [
        select(
            name,
            look.t(f"map.field.{name}"),
            [(value, look.t(f"map.choice.{name}.{value or 'all'}")) for value in values],
            getattr(wanted, name),
            plain=getattr(plain, name),
        )
        for name, values in known.items()
    ]


def _where(wanted: Filter, options: Options, look: Look) -> Node:
    t, names = look.t, unit_names(options, look)
    districts = sorted({unit.district_code for unit in options.units if unit.district_code})
    near = [u.code for u in options.units if not wanted.districts or u.district_code in wanted.districts]

    def named(codes: list[str], chosen: tuple[str, ...]) -> list[Choice]:
        return [(one, names.get(one, one)) for one in _and(codes, chosen)]

    return h(
        "div.mp-group",
        ticks("district", t("map.field.district"), named(districts, wanted.districts), wanted.districts),
        ticks("station", t("map.field.station"), named(near, wanted.stations), wanted.stations, ".tall"),
        _grids(wanted, options, look),
    )


def _grids(wanted: Filter, options: Options, look: Look) -> Node | None:
    """Duty grids are many: a field that completes, of the chosen stations where some are chosen."""
    near = [one for one in options.grids if not wanted.stations or one[2] in wanted.stations][:MOST_GRIDS]
    if not options.grids and not wanted.grids:
        return None
    return h(
        "label.fld",
        h("span.fl", look.t("map.field.grid")),
        h("input", type="search", name="grid", value=",".join(wanted.grids), list="mp-grids", autocomplete="off",
          maxlength=400),
        h("datalist#mp-grids", many([h("option", one[1], value=one[0]) for one in near])),
    )  # fmt: skip


def _times(asked: Asked, look: Look) -> Node:
    t, wanted = look.t, asked.filter
    quick = [
        h(
            "a" + (".is-on" if set(wanted.hours) == set(values) else ""),
            t(f"map.quick.{name}"),
            href=href(look, MAP, asked, hours=ranges(values)),
            title=hours(values, t),
        )
        for name, values in QUICK_HOURS.items()
    ]
    clock = [(str(hour), f"{hour:02d}") for hour in range(24)]
    week = [(str(number), t(f"weekday.{number}")) for number in range(7)]
    return h(
        "div.mp-group",
        ticks("hours", t("map.field.hours"), clock, [str(hour) for hour in wanted.hours], ".dense"),
        h("p.mp-quick", many(quick)),
        ticks("weekdays", t("map.field.weekdays"), week, [str(number) for number in wanted.weekdays]),
        ticks("days", t("map.field.days"), _coded("day_kind", DAY_KINDS, look), wanted.day_kinds),
    )
