"""Fields of forms as trees. `assets/js/10-tree.js` draws them, `assets/js/45-form.js` follows the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from components.hiccup import Node, h, many

Choice = tuple[str, str]
"""(value, text)."""


def select(name: str, label: str, choices: Iterable[Choice], value: str, *, plain: str | None = None) -> Node:
    """A drop-down with its label; `plain` is the value that the address need not say."""
    options = [h("option", text, value=one, selected=one == value) for one, text in choices]
    return h("label.fld", h("span.fl", label), h("select", many(options), name=name, data_default=plain))


def segments(name: str, legend: str, choices: Iterable[Choice], value: str, *, off: Sequence[str] = ()) -> Node:
    """One of a few as buttons side by side; the first is the default; `off` cannot be chosen."""
    pairs = list(choices)
    buttons = [
        h(
            "label",
            h("input", type="radio", name=name, value=one, checked=one == value, disabled=one in off,
              data_default=pairs[0][0]),
            h("span", text),
            key=one,
        )
        for one, text in pairs
    ]  # fmt: skip
    return h("fieldset.seg", h("legend", legend, class_="visually-hidden"), many(buttons))


def ticks(name: str, legend: str, choices: Iterable[Choice], chosen: Sequence[str], kind: str = "") -> Node | None:
    """Any of several; None when there is nothing to choose."""
    boxes = [
        h(
            "label.tick",
            h("input", type="checkbox", name=name, value=one, checked=one in chosen),
            h("span", text),
            key=one,
        )
        for one, text in choices
    ]
    if not boxes:
        return None
    return h(f"fieldset.ticks{kind}", h("legend", legend), h("div.tick-list", many(boxes)))


def day(name: str, label: str, value: str, *, most: str, when: str, sets: str = "") -> Node:
    """A day, asked only while another field has a value; see `data-when` and `data-sets`.

    Args:
        value: a day, or a day with its clock, which then can be seen and changed too. most: the last day.
    """
    clock = "T" in value
    field = h(
        "input", type="datetime-local" if clock else "date", name=name, value=value,
        min="1990-01-01T00:00" if clock else "1990-01-01", max=f"{most}T23:59:59" if clock else most,
        step=1 if clock else None, required=True, data_when=when, data_sets=sets or None, aria_label=label,
    )  # fmt: skip
    return h("span.fld", field)


def hidden(name: str, value: str) -> Node | None:
    """What goes along without being seen; None when it is empty."""
    return h("input", type="hidden", name=name, value=value, key=name) if value else None
