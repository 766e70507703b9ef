"""Showing names on the pages of rows: a reason first, and a way to hide them again."""

from __future__ import annotations

from collections.abc import Sequence

from components.hiccup import Node, h
from components.look import Look
from domain import masking

PATH = "/api/v1/unmask"
MOST_REASON = 300


def names_bar(look: Look, subject: str, columns: Sequence[str] | None = None) -> Node | None:
    """The form to show names, or the note that they are shown; None for whoever cannot.

    Args:
        subject: the address of the rows, for the audit log. columns: of the rows; None where some are masked surely.
    """
    if columns is not None and not (masking.NAMES | masking.NUMBERED) & set(columns):
        return None
    if look.names == "may":
        return _ask(look, subject)
    return _shown(look) if look.names == "shown" else None


def _ask(look: Look, subject: str) -> Node:
    t = look.t
    reason = h("input", type="text", name="reason", required=True, maxlength=MOST_REASON, autocomplete="off")
    form = h(
        "form.deed",
        h("input", type="hidden", name="subject", value=subject[:MOST_REASON]),
        h("div.fields", h("label.field.wide", h("span", t("access.unmask.reason")), reason)),
        h("p.alert", role="alert"),
        h("p.go-line", h("button.go", t("access.unmask.show"), type="submit"), h("small", t("access.unmask.note"))),
        data_post=PATH,
        data_failed=t("hotspot.error.failed"),
    )
    return h("details.deed-box.names", h("summary", t("access.unmask.open")), form, key="names-ask")


def _shown(look: Look) -> Node:
    t = look.t
    form = h(
        "form.deed",
        h("input", type="hidden", name="hide", value="yes"),
        h("p.alert", role="alert"),
        h("p.go-line", h("span", t("access.unmask.shown")), h("button.go", t("access.unmask.hide"), type="submit")),
        data_post=PATH,
        data_failed=t("hotspot.error.failed"),
    )
    return h("div.banner.names", form, role="status", key="names-shown")
