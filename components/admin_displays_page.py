"""Wall displays: list, a new one, change and revoke."""

from __future__ import annotations

from components.admin_parts import box, deed, field, hidden, select, sheet, table, text, units_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import DisplayLine, DisplaysView
from domain.display import LANGS, NAME_LENGTH, Display

PATH = "/admin/displays"
COLUMNS = ("name", "playlist", "units", "size", "lang", "state", "seen", "do")


def tree(view: DisplaysView, look: Look) -> Node:
    """The whole page."""
    t = look.t
    rows = [_row(line, view, look) for line in view.lines]
    return sheet(
        view.board,
        look,
        "displays",
        h("p.hint", t("admin.displays.about")),
        _chosen(view, look) if view.chosen else None,
        _new(view, look),
        table(look, "displays", COLUMNS, rows, t("admin.displays.none")),
    )


def _row(line: DisplayLine, view: DisplaysView, look: Look) -> Node:
    t, one = look.t, line.display
    state = "revoked" if not line.active else "active" if one else "unreadable"
    name = h("a", line.name, href=look.url(PATH, name=line.name)) if line.active else line.name
    units = [*one.districts, one.station] if one else []
    return h(
        f"tr.is-{state}",
        h("th", name, scope="row"),
        h("td", _playlist(view, one.playlist, look) if one else "—"),
        h("td", " ".join(units).strip() or t("admin.all")),
        h("td.num", f"{one.distance:g} m / {one.height:g} m" if one else "—"),
        h("td", t(f"admin.lang.{one.lang}") if one else "—"),
        h("td", t(f"admin.displays.state.{state}")),
        h("td.time", t.moment(line.last_seen_at) if line.last_seen_at else t("admin.never")),
        h("td", h("a", t("admin.open"), href=look.url(PATH, name=line.name)) if line.active else "—"),
        key=f"{line.name}-{line.created_at}",
    )


def _playlist(view: DisplaysView, code: str, look: Look) -> str:
    names = dict(view.playlists).get(code)
    return names.get(look.t.lang, code) if names else code


def _new(view: DisplaysView, look: Look) -> Node:
    name = field(look, "display", text("name", most=NAME_LENGTH, required=True))
    fields = [name, *_fields(view, Display("", lang=look.t.lang), look)]
    form = deed(look, "/displays", [*fields, h("p.hint.wide", look.t("admin.displays.new_hint"))], "add_display")
    return box(look, look.t("admin.displays.new"), form, "display-new")


def _fields(view: DisplaysView, one: Display, look: Look) -> list[Node]:
    t = look.t
    playlists = [(code, names.get(t.lang, code)) for code, names in view.playlists]
    sound = [("no", t("admin.no")), ("yes", t("admin.yes"))]
    langs = [(lang, t(f"admin.lang.{lang}")) for lang in LANGS]
    districts = ", ".join(sorted({unit.district_code or "" for unit in view.units} - {""}))
    return [
        field(look, "playlist", select("playlist", playlists, one.playlist, required=True)),
        field(look, "only_station", select("unit", units_of(look, view.units, t("admin.all")), one.station)),
        field(look, "only_districts", text("districts", ", ".join(one.districts), most=400)),
        field(look, "distance", text("distance", f"{one.distance:g}", most=8, required=True)),
        field(look, "height", text("height", f"{one.height:g}", most=8, required=True)),
        field(look, "lang", select("lang", langs, one.lang)),
        field(look, "sound", select("sound", sound, "yes" if one.sound else "no")),
        h("p.hint.wide", t("admin.displays.districts", known=districts or "—")),
    ]


def _chosen(view: DisplaysView, look: Look) -> Node:
    line, t = view.chosen, look.t
    assert line is not None
    kept = hidden(which=line.name)
    change = deed(look, "/displays/change", [*kept, *_fields(view, line.display, look)], "change_display") if (
        line.display
    ) else None  # fmt: skip
    revoke = deed(look, "/displays/revoke", [*kept, h("p.hint.wide", t("admin.displays.revoke_hint"))], "revoke")
    made = [box(look, t("admin.do.change_display"), change, f"change-{line.name}", open_=True)] if change else []
    made.append(box(look, t("admin.do.revoke"), revoke, f"revoke-{line.name}"))
    return h(
        "section.admin-one",
        h("h2", line.name),
        h("div.deeds", many(made)),
        h("p", h("a", t("admin.close"), href=PATH)),
        key=f"one-{line.name}",
    )
