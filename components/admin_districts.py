"""Districts on the page of stations: list, a new one, and one that is changed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from components.admin_organisation import active_field, district_fields
from components.admin_parts import box, cell, deed, field, reason, table, text
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import DistrictRow
from domain.organisation import LONGEST

PATH = "/admin/stations"
COLUMNS = ("name", "code", "order", "stations", "residents", "area", "state", "changed", "do")
LESS = frozenset(COLUMNS) - {"name", "code", "order", "state"}
"""What a phone leaves out; the form of a district has it."""


def district_table(rows: Sequence[DistrictRow], look: Look) -> Node:
    """All districts in their order."""
    made = [_row(row, look) for row in rows]
    return table(look, "districts", COLUMNS, made, look.t("admin.districts.none"), less=LESS)


def _row(row: DistrictRow, look: Look) -> Node:
    t, here = look.t, look.url(PATH, district=row.code)
    state = "active" if row.active else "ended"
    shown = {
        "code": row.code,
        "order": t.number(row.sort_no),
        "stations": t.number(row.stations),
        "residents": t.plain(row.residents_10k) if row.residents_10k is not None else "—",
        "area": t.plain(row.area_km2) if row.area_km2 is not None else "—",
        "state": t(f"admin.districts.state.{state}"),
        "changed": t.moment(row.updated_at),
        "do": h("a", t("admin.open"), href=here),
    }
    name = h("th", h("a", t.pick(row.name, row.name_en) or row.code, href=here), scope="row")
    cells = [h(cell("td", column, LESS), shown[column]) for column in COLUMNS[1:]]
    return h(f"tr.is-{state}", name, many(cells), key=row.code)


def new_district(look: Look) -> Node:
    """The form for a new one."""
    fields = [
        field(look, "district_code", text("code", most=LONGEST, required=True)),
        *district_fields(None, look),
        reason(look),
        h("p.hint.wide", look.t("admin.districts.new_hint")),
    ]
    form = deed(look, "/districts", fields, "add_district")
    return box(look, look.t("admin.do.add_district"), form, "district-new")


def chosen_district(row: DistrictRow, look: Look) -> Node:
    """The form for one that is there."""
    t, seen = look.t, row.updated_at.isoformat()
    fields = [
        *district_fields(row, look),
        active_field(row.active, look),
        reason(look),
        h("p.hint.wide", t("admin.districts.active_hint")),
    ]
    form = deed(look, f"/districts/{quote(row.code, safe='')}", fields, "change_district", seen)
    return h(
        "section.admin-one",
        h("h2", t.pick(row.name, row.name_en) or row.code, h("small", row.code)),
        h("div.deeds", box(look, t("admin.do.change_district"), form, f"d-{seen}", open_=True)),
        h("p", h("a", t("admin.close"), href=PATH)),
        key=f"one-{row.code}",
    )
