"""Stations and districts: what is kept of them, new ones, fusion modes, and winding one up."""

from __future__ import annotations

from urllib.parse import quote

from components.admin_districts import chosen_district, district_table, new_district
from components.admin_organisation import PATH, Heads, active_field, district_name, line, station_fields
from components.admin_parts import box, deed, field, reason, select, sheet, table, text
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import StationRow, StationsView
from domain.assessment_rules import MODES
from domain.compare_asked import REGIONS
from domain.organisation import LONGEST

COLUMNS = ("name", "code", "district", "region", "mode", "residents", "officers", "area", "order", "state",
           "changed", "do")  # fmt: skip
HEADS = Heads("stations", "code", COLUMNS, frozenset(COLUMNS) - {"name", "mode", "state"})


def tree(view: StationsView, look: Look) -> Node:
    """The whole page."""
    t = look.t
    rows = [_row(row, view, look) for row in view.rows]
    return sheet(
        view.board,
        look,
        "stations",
        h("p.hint", t("admin.stations.about")),
        _chosen(view.chosen, view, look) if view.chosen else None,
        chosen_district(view.district, look) if view.district else None,
        h("div.deeds", many([_new(view, look), new_district(look)])),
        table(look, "stations", COLUMNS, rows, t("admin.stations.none"), less=HEADS.less),
        h("h2", t("admin.districts.title")),
        district_table(view.districts, look),
    )


def _row(row: StationRow, view: StationsView, look: Look) -> Node:
    t = look.t
    shown = {
        "district": district_name(row.district, view, look),
        "region": t(f"region.{row.region_type}") if row.region_type in REGIONS else "—",
        "mode": t(f"mode.{row.fusion_mode}") if row.fusion_mode in MODES else "—",
        "officers": t.number(row.officers) if row.officers is not None else "—",
    }
    return line(row, shown, HEADS, look)


def _new(view: StationsView, look: Look) -> Node:
    t = look.t
    modes = [("", t("mode.none")), *((mode, t(f"mode.{mode}")) for mode in MODES)]
    fields = [
        field(look, "station_code", text("code", most=LONGEST, required=True)),
        *station_fields(None, view, look),
        field(look, "mode", select("mode", modes, "")),
        reason(look),
        h("p.hint.wide", t("admin.stations.new_hint")),
    ]
    return box(look, t("admin.do.add_station"), deed(look, "/stations", fields, "add_station"), "station-new")


def _chosen(row: StationRow, view: StationsView, look: Look) -> Node:
    t, path = look.t, f"/stations/{quote(row.code, safe='')}"
    fields = [
        *station_fields(row, view, look),
        active_field(row.active, look),
        reason(look),
        h("p.hint.wide", t("admin.stations.active_hint")),
    ]
    modes = [(mode, t(f"mode.{mode}")) for mode in MODES if mode != row.fusion_mode]
    mode = [field(look, "mode", select("mode", modes, "")), reason(look)]
    seen = row.updated_at.isoformat()
    change = box(look, t("admin.do.change_station"), deed(look, path, fields, "change_station", seen), f"s-{seen}",
                 open_=True)  # fmt: skip
    other = box(look, t("admin.do.change_mode"), deed(look, f"{path}/mode", mode, "change_mode"),
                f"m-{row.code}-{row.fusion_mode}")  # fmt: skip
    title = h("h2", t.pick(row.name, row.name_en) or row.code, h("small", row.code))
    close = h("p", h("a", t("admin.close"), href=PATH))
    return h("section.admin-one", title, h("div.deeds", many([change, other])), close, key=f"one-{row.code}")
