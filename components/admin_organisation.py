"""What the forms of stations and districts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from components.admin_parts import cell, field, select, text
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import DistrictRow, StationRow, StationsView
from domain.compare_asked import REGIONS

PATH = "/admin/stations"
MOST_FIGURE = 24


@dataclass(frozen=True, slots=True)
class Heads:
    """A table of the page: `page` names its words, `query` the parameter that opens a row's form.

    Args:
        less: columns that a phone leaves out; the form of a row has them.
    """

    page: str
    query: str
    columns: tuple[str, ...]
    less: frozenset[str]


def district_name(code: str, view: StationsView, look: Look) -> str:
    """The name of a district; its code where it has none, a dash where there is no code."""
    named = {row.code: look.t.pick(row.name, row.name_en) for row in view.districts}
    return named.get(code) or code or "—"


def station_fields(row: StationRow | None, view: StationsView, look: Look) -> list[Node]:
    """Names, district, kind of region, figures and place of a station; None: a new one."""
    t, mine = look.t, row.district if row else ""
    kinds = [("", "—"), *((kind, t(f"region.{kind}")) for kind in REGIONS)]
    return [
        *_names(row, look),
        field(look, "short_name", text("short_name", row.short_name if row else "")),
        field(look, "own_district", select("district", _districts(mine, view, look), mine, required=True)),
        field(look, "region", select("region_type", kinds, row.region_type if row else "")),
        *figures(row, look),
        figure(look, "officers", "officers", row.officers if row else None),
        figure(look, "lng", "lng", row.lng if row else None),
        figure(look, "lat", "lat", row.lat if row else None),
    ]


def _names(row: StationRow | DistrictRow | None, look: Look) -> list[Node]:
    return [
        field(look, "station_name", text("name", row.name if row else "", required=True)),
        field(look, "name_en", text("name_en", row.name_en if row else "")),
    ]


def figures(row: StationRow | DistrictRow | None, look: Look) -> list[Node]:
    """Order, residents and area."""
    return [
        figure(look, "order", "sort_no", row.sort_no if row else 0),
        figure(look, "residents", "residents_10k", row.residents_10k if row else None),
        figure(look, "area", "area_km2", row.area_km2 if row else None),
    ]


def district_fields(row: DistrictRow | None, look: Look) -> list[Node]:
    """Names and figures of a district; None: a new one."""
    return [*_names(row, look), *figures(row, look)]


def _districts(mine: str, view: StationsView, look: Look) -> list[tuple[str, str]]:
    """Those in use, and the one that the station has, whatever it is."""
    codes = [row.code for row in view.districts if row.active or row.code == mine]
    kept = [] if mine in codes else [mine]
    named = [(code, district_name(code, view, look)) for code in codes]
    return [*((code, code or look.t("admin.choose")) for code in kept), *named]


def active_field(active: bool, look: Look) -> Node:
    """In use or not."""
    t = look.t
    options = [("yes", t("admin.yes")), ("no", t("admin.no"))]
    return field(look, "active", select("active", options, "yes" if active else "no"))


def figure(look: Look, label: str, name: str, value: float | None) -> Node:
    """A number to be typed, with every digit that is kept."""
    return field(look, label, text(name, plain(value), most=MOST_FIGURE))


def plain(value: float | None) -> str:
    """Every digit of a number, never with an exponent: what a form shows is written back as it is.

    >>> plain(0.00001), plain(22.0), plain(None)
    ('0.00001', '22', '')
    """
    if value is None:
        return ""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def line(row: StationRow | DistrictRow, shown: Mapping[str, str], heads: Heads, look: Look) -> Node:
    """A row of a table: its name leads to its form.

    Args:
        shown: what only this kind of row has, by column.
    """
    t, state, here = look.t, "active" if row.active else "ended", look.url(PATH, **{heads.query: row.code})
    every: dict[str, Node | str] = {
        "code": row.code,
        "order": t.number(row.sort_no),
        "residents": t.plain(row.residents_10k) if row.residents_10k is not None else "—",
        "area": t.plain(row.area_km2) if row.area_km2 is not None else "—",
        "state": t(f"admin.{heads.page}.state.{state}"),
        "changed": t.moment(row.updated_at),
        "do": h("a", t("admin.open"), href=here),
        **shown,
    }
    name = h("th", h("a", t.pick(row.name, row.name_en) or row.code, href=here), scope="row")
    cells = [h(cell("td", column, heads.less), every[column]) for column in heads.columns[1:]]
    return h(f"tr.is-{state}", name, many(cells), key=row.code)
