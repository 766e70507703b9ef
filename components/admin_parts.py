"""What all administration pages share: the list of them, forms, tables, and what is told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from components.hiccup import Node, h, many
from components.hotspot_parts import post_form
from components.look import Look
from components.page_head import empty, head
from domain.board import Board, Unit

API = "/api/v1/admin"
PAGES = ("targets", "stations", "catalogue", "feeds", "accounts", "displays")
Option = tuple[str, str]
_COUNTS = ("read", "loaded", "unchanged", "rejected", "residents", "officers", "area", "order", "stations")
NUMERIC = frozenset(("blue", "yellow", "value", "target", "expected", "tasks", "seconds", "size", *_COUNTS))
"""Columns of numbers, which stand at the right."""


def sheet(board: Board, look: Look, name: str, *parts: Node | None) -> Node:
    """One page with its head and the way to the others. `name` "": the entry."""
    t = look.t
    crumbs = [(t("admin.title"), "/admin"), (t(f"admin.{name}.title"), "")] if name else [(t("admin.title"), "")]
    title = t(f"admin.{name}.title") if name else t("admin.title")
    return h("div.sheet.admin", head(look, board, crumbs, [title]), tabs(look, name), *parts)


def tabs(look: Look, here: str) -> Node:
    """The way to the other pages."""
    links = [
        h("a", look.t(f"admin.{name}.title"), href=f"/admin/{name}", aria_current="page" if name == here else None)
        for name in PAGES
    ]
    return h("nav.admin-tabs", many(links), aria_label=look.t("admin.title"))


def table(
    look: Look, page: str, columns: Sequence[str], rows: Sequence[Node], nothing: str, *, less: Collection[str] = ()
) -> Node:
    """Rows under their heads; a sentence where there are none. A phone scrolls them sideways below the names.

    Args:
        less: columns that a phone leaves out; their cells have the class `less` too (see `cell`).
    """
    if not rows:
        return empty(nothing)
    heads = [h(cell("th", name, less), look.t(f"admin.{page}.column.{name}"), scope="col") for name in columns]
    return h(
        "div.scroll",
        h("table.rows.admin-table", h("thead", h("tr", many(heads))), h("tbody", many(rows))),
        tabindex=0,
    )


def cell(tag: str, column: str, less: Collection[str]) -> str:
    """The element of a cell with the classes of its column.

    >>> cell("td", "officers", {"officers"}), cell("th", "name", ())
    ('td.num.less', 'th')
    """
    return tag + (".num" if column in NUMERIC else "") + (".less" if column in less else "")


def field(look: Look, label: str, control: Node, wide: bool = False) -> Node:
    """A control with its label; `label` is a key below `admin.field`."""
    return h("label.field" + (".wide" if wide else ""), h("span", look.t(f"admin.field.{label}")), control)


def text(name: str, value: str = "", *, most: int = 60, required: bool = False, kind: str = "text") -> Node:
    """One line of text, a number or a day."""
    return h("input", type=kind, name=name, value=value, maxlength=most, required=required, autocomplete="off")


def number(name: str, value: float | None, *, required: bool = False, step: str = "any") -> Node:
    """A number."""
    shown = "" if value is None else f"{value:g}"
    return h("input", type="number", name=name, value=shown, step=step, required=required, inputmode="decimal")


def select(name: str, options: Iterable[Option], chosen: str, *, required: bool = False) -> Node:
    """A choice of (value, text)."""
    made = [h("option", shown, value=value, selected=value == chosen) for value, shown in options]
    return h("select", many(made), name=name, required=required)


def hidden(**values: str) -> list[Node]:
    """Values that go along; `for_` loses its underscore."""
    return [h("input", type="hidden", name=name.rstrip("_"), value=value) for name, value in values.items()]


def reason(look: Look) -> Node:
    """Why it is done."""
    return field(look, "reason", text("reason", most=400, required=True), wide=True)


def deed(look: Look, path: str, fields: Sequence[Node | None], button: str, seen: str = "") -> Node:
    """A form that does something; `button` is a key below `admin.do`, `seen` the state that it was filled in for."""
    return post_form(look, f"{API}{path}", fields, look.t(f"admin.do.{button}"), seen)


def box(look: Look, title: str, form: Node, key: str, *, open_: bool = False) -> Node:
    """A form behind its title."""
    return h("details.deed-box", h("summary", title), form, key=key, open=open_ or None)


def units_of(look: Look, units: Sequence[Unit], first: str) -> list[Option]:
    """Stations to choose from. `first`: what stands for none or all of them."""
    return [("", first), *((unit.code, look.unit_name(unit)) for unit in units)]


def districts_of(look: Look, units: Sequence[Unit]) -> list[Option]:
    """Districts of the stations to choose from."""
    found = {unit.district_code: look.t.pick(unit.district_name or unit.district_code, unit.district_name_en or "")
             for unit in units if unit.district_code}  # fmt: skip
    return [(code or "", name) for code, name in found.items()]


def told_once(kind: str, name: str, secret: str, look: Look) -> Node:
    """A password or an address over the page, until it is closed; it is kept nowhere.

    Args:
        kind: "account", "password" or "display".
    """
    t = look.t
    close = h("span.close", "×", role="button", tabindex=0, data_close_notice="1", aria_label=t("error.close"))
    return h(
        "div.notice-over",
        h(
            "div.notice.once",
            h("b", t(f"admin.once.{kind}", name=name)),
            h("p", h("code.secret", secret)),
            h("p.hint", t(f"admin.once.{kind}_hint")),
            role="alert",
        ),
        close,
    )
