"""Stations: what is kept of them, their fusion mode, and winding one up."""

from __future__ import annotations

from urllib.parse import quote

from components.admin_parts import box, deed, field, reason, select, sheet, table, text
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import StationRow, StationsView
from domain.assessment_rules import MODES

PATH = "/admin/stations"
COLUMNS = ("name", "code", "district", "mode", "residents", "officers", "area", "state", "changed", "do")


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
        table(look, "stations", COLUMNS, rows, t("admin.stations.none")),
    )


def _district(code: str, view: StationsView, look: Look) -> str:
    zh, en = view.districts.get(code, (code, code))
    return look.t.pick(zh, en) or "—"


def _row(row: StationRow, view: StationsView, look: Look) -> Node:
    t = look.t
    state = "active" if row.active else "ended"
    return h(
        f"tr.is-{state}",
        h("th", h("a", t.pick(row.name, row.name_en) or row.code, href=look.url(PATH, code=row.code)), scope="row"),
        h("td", row.code),
        h("td", _district(row.district, view, look)),
        h("td", t(f"mode.{row.fusion_mode}") if row.fusion_mode in MODES else "—"),
        h("td.num", t.plain(row.residents_10k) if row.residents_10k is not None else "—"),
        h("td.num", t.number(row.officers) if row.officers is not None else "—"),
        h("td.num", t.plain(row.area_km2) if row.area_km2 is not None else "—"),
        h("td", t(f"admin.stations.state.{state}")),
        h("td.time", t.moment(row.updated_at)),
        h("td", h("a", t("admin.open"), href=look.url(PATH, code=row.code))),
        key=row.code,
    )


def _chosen(row: StationRow, view: StationsView, look: Look) -> Node:
    t, path = look.t, f"/stations/{quote(row.code, safe='')}"
    districts = [(code, look.t.pick(*names)) for code, names in view.districts.items()]
    fields = [
        field(look, "station_name", text("name", row.name, required=True)),
        field(look, "short_name", text("short_name", row.short_name)),
        field(look, "name_en", text("name_en", row.name_en)),
        field(look, "own_district", select("district", districts, row.district)),
        field(look, "residents", text("residents_10k", _shown(row.residents_10k), most=12)),
        field(look, "officers", text("officers", _shown(row.officers), most=12)),
        field(look, "active", select("active", [("yes", t("admin.yes")), ("no", t("admin.no"))],
                                     "yes" if row.active else "no")),
        reason(look),
        h("p.hint.wide", t("admin.stations.active_hint")),
    ]  # fmt: skip
    modes = [(mode, t(f"mode.{mode}")) for mode in MODES if mode != row.fusion_mode]
    mode = [field(look, "mode", select("mode", modes, "")), reason(look)]
    change = box(look, t("admin.do.change_station"), deed(look, path, fields, "change_station"), f"s-{row.updated_at}",
                 open_=True)  # fmt: skip
    other = box(look, t("admin.do.change_mode"), deed(look, f"{path}/mode", mode, "change_mode"),
                f"m-{row.code}-{row.fusion_mode}")  # fmt: skip
    title = h("h2", t.pick(row.name, row.name_en) or row.code)
    close = h("p", h("a", t("admin.close"), href=PATH))
    return h("section.admin-one", title, h("div.deeds", many([change, other])), close, key=f"one-{row.code}")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
