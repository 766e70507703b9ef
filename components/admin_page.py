"""The entry of the administration pages."""

from __future__ import annotations

from components.admin_parts import PAGES, sheet
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import AdminView

COUNTED = {"targets": "targets", "stations": "stations", "catalogue": "tasks", "feeds": "feeds",
           "accounts": "accounts", "displays": "displays"}  # fmt: skip


def tree(view: AdminView, look: Look) -> Node:
    """A card for each page."""
    return sheet(view.board, look, "", h("div.admin-cards", many([_card(name, view, look) for name in PAGES])))


def _card(name: str, view: AdminView, look: Look) -> Node:
    number = look.t.number(view.counts[COUNTED[name]])
    return h(
        "a.admin-card",
        h("b", look.t(f"admin.{name}.title"), h("span.n", number)),
        h("span", look.t(f"admin.{name}.about")),
        href=f"/admin/{name}",
    )
