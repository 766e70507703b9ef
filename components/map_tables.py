"""The maps as tables, for whoever cannot see them or wants the numbers: areas, hexagons, rings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.hiccup import Node, h, many
from components.look import Look
from components.map_links import MAP, href, number, rows_href
from components.map_summary import OF_BASE
from domain.heat import AreaLine, Asked, HeatView, Hexes, Ring
from domain.incident_filter import Circle
from i18n.map_words import against, base_name, change, place_text, tested

CELLS_SHOWN = 50
SIGNS = {1: ".is-more", -1: ".is-fewer", 0: ".is-same"}


def _heads(names: list[str]) -> Node:
    """The first column names, the others count."""
    cells = [h("th" if place == 0 else "th.num", name, scope="col") for place, name in enumerate(names)]
    return h("thead", h("tr", many(cells)))


def _change(now: int, base: int | None, sign: int | None, look: Look) -> list[Node]:
    """The base's count and the change in words; coloured only where the test says it is no chance."""
    if base is None:
        return []
    t = look.t
    said = tested(sign, t)
    return [
        h(
            "td.num.mp-change" + SIGNS.get(sign or 0, ""),
            h("b", change(now, base, t)),
            h("small", said) if said else None,
        )
    ]


# areas -------------------------------------------------------------------------------------------


def area_table(view: HeatView, look: Look) -> Node:
    """Stations or districts, the one with most incidents (by what the map colours) first."""
    t, asked = look.t, view.asked
    lines = sorted(view.areas, key=lambda line: (-_measure(line, asked.per), line.unit.code))
    heads = [t(f"map.unit.{asked.unit}"), t("map.now")]
    heads += [base_name(asked, t), against(asked, t)] if view.base else []
    heads += [t("map.per.residents"), t("map.per.area")]
    rows = [_area(line, view, look) for line in lines]
    free = view.now.tally.total - sum(line.now for line in view.areas)
    return h(
        "section.mp-areas#areas",
        h("h2", t("map.areas"), h("small", t("map.areas_note"))),
        h("div.scroll", h("table.rows", _heads(heads), h("tbody", many(rows))), tabindex=0),
        h("p.mp-hint", t("map.no_unit", n=t.number(free))) if free else None,
    )


def _measure(line: AreaLine, per: str) -> float:
    found = {"count": line.now, "residents": line.per_residents, "area": line.per_area}[per]
    return -1.0 if found is None else float(found)


def _area(line: AreaLine, view: HeatView, look: Look) -> Node:
    t, asked, code = look.t, view.asked, line.unit.code
    narrow: dict[str, Any] = {"districts" if asked.unit == "district" else "stations": (code,)}
    name = t.pick(line.unit.name, line.unit.name_en) if asked.unit == "district" else look.short_name(line.unit)
    only = href(look, MAP, replace(asked, filter=asked.filter.with_(**narrow)))
    base = None
    if line.base is not None:
        base = h("td.num", number(look, asked, line.base, OF_BASE, **narrow), data_l=base_name(asked, t))
    return h(
        "tr",
        h(
            "th",
            h("a", name or code, href=only),
            None if line.has_shape else h("small", t("map.no_shape")),
            scope="row",
        ),
        h("td.num", number(look, asked, line.now, **narrow), data_l=t("map.now")),
        base,
        many(_change(line.now, line.base, line.change, look)),
        h("td.num", t.number(line.per_residents, 2), data_l=t("map.per.residents")),
        h("td.num", t.number(line.per_area, 2), data_l=t("map.per.area")),
    )


# hexagons ----------------------------------------------------------------------------------------


def cell_table(view: HeatView, look: Look) -> Node | None:
    """The densest hexagons of the finest resolution; None when there are none."""
    if not view.hexes or not len(view.hexes[-1].ids):
        return None
    t, finest = look.t, max(view.hexes, key=lambda one: one.resolution)
    order = sorted(range(len(finest.ids)), key=lambda n: (-int(finest.now[n]), int(finest.ids[n])))[:CELLS_SHOWN]
    heads = [t("map.cell_place"), t("map.now")]
    heads += [base_name(view.asked, t), against(view.asked, t)] if finest.base is not None else []
    rows = [_cell(finest, index, view.asked, look) for index in order]
    return h(
        "details.mp-cells#cells",
        h("summary", t("map.cells", n=len(rows), all=t.number(len(finest.ids)))),
        h("div.scroll", h("table.rows", _heads(heads), h("tbody", many(rows))), tabindex=0),
    )


def _cell(found: Hexes, index: int, asked: Asked, look: Look) -> Node:
    cell, t = f"{int(found.ids[index]):x}", look.t
    now = int(found.now[index])
    old = int(found.base[index]) if found.base is not None else None
    sign = int(found.change[index]) if found.change is not None else None
    base = None
    if old is not None:
        base = h("td.num", number(look, asked, old, OF_BASE, cell=cell), data_l=base_name(asked, t))
    return h(
        "tr",
        h("th", place_text(float(found.lng[index]), float(found.lat[index])), h("small", cell), scope="row"),
        h("td.num", number(look, asked, now, cell=cell), data_l=t("map.now")),
        base,
        many(_change(now, old, sign, look)),
    )


# rings -------------------------------------------------------------------------------------------


def rings_panel(view: HeatView, look: Look) -> Node | None:
    """警情圈层: how many between each two distances from the chosen point; None without a point."""
    if not view.asked.ring:
        return None
    t, (lng, lat) = look.t, view.asked.ring
    heads = [t("map.ring"), t("map.now"), *([base_name(view.asked, t)] if view.base else []), t("map.per_km2")]
    heads.append(t("map.ring_within"))
    inside, rows = 0, []
    for ring in view.rings:
        inside += ring.now
        rows.append(_ring(ring, inside, (lng, lat), view, look))
    return h(
        "section.mp-rings#rings",
        h("h2", t("map.rings"), h("small", place_text(lng, lat)), h("a", t("map.rings_off"), href=href(
            look, MAP, view.asked, ring=""))),
        h("div.scroll", h("table.rows", _heads(heads), h("tbody", many(rows))), tabindex=0),
    )  # fmt: skip


def _ring(ring: Ring, inside: int, point: tuple[float, float], view: HeatView, look: Look) -> Node:
    t = look.t
    narrow = Circle(round(point[0], 6), round(point[1], 6), ring.outer)
    disc = rows_href(look, view.asked, near=narrow) if inside and view.asked.filter.near is None else ""
    shown = t.count(inside, "incidents")
    return h(
        "tr",
        h("th", t("map.ring_from", inner=t.plain(ring.inner), outer=t.plain(ring.outer)), scope="row"),
        h("td.num", t.number(ring.now), data_l=t("map.now")),
        h("td.num", t.number(ring.base), data_l=base_name(view.asked, t)) if view.base else None,
        h("td.num", t.number(ring.per_km2, 1), data_l=t("map.per_km2")),
        h("td.num", h("a", shown, href=disc) if disc else shown, data_l=t("map.ring_within")),
    )
