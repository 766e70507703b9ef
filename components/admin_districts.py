"""Districts on the page of stations: list, a new one, and one that is changed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from components.admin_organisation import PATH, Heads, active_field, district_fields, line
from components.admin_parts import box, deed, field, reason, table, text
from components.hiccup import Node, h
from components.look import Look
from domain.administration import DistrictRow
from domain.organisation import LONGEST

COLUMNS = ("name", "code", "order", "stations", "residents", "area", "state", "changed", "do")
HEADS = Heads("districts", "district", COLUMNS, frozenset(COLUMNS) - {"name", "code", "order", "state"})


def district_table(rows: Sequence[DistrictRow], look: Look) -> Node:
    """All districts in their order."""
    made = [line(row, {"stations": look.t.number(row.stations)}, HEADS, look) for row in rows]
    return table(look, "districts", COLUMNS, made, look.t("admin.districts.none"), less=HEADS.less)


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
