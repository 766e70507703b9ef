"""Small pieces that many trees share: colour chips, bars, strips, badges."""

from __future__ import annotations

from collections.abc import Sequence

from components.hiccup import Node, h, many
from domain.board import DayColour
from domain.colour import Cell, Colour, Reason
from domain.task import Kind, Task
from i18n import Translator
from i18n.words import is_change, is_share, status

DAY_WIDTH = 10
DAY_HEIGHT = {Colour.BLUE: 14, Colour.YELLOW: 24, Colour.RED: 36, Colour.GREY: 5}
STRIP_HEIGHT = 36


def mark(colour: Colour) -> Node:
    """The shape of a colour: ● ▲ ■ ○."""
    return h(f"i.mk.{colour.value}", aria_hidden="true")


def chip(colour: Colour, reason: Reason | None, t: Translator, extra: str = "") -> Node:
    """Shape and word on the colour's ground, with an optional number."""
    number = h("span.n", extra) if extra else None
    return h(f"span.chip.k-{colour.value}", mark(colour), h("b", status(colour, reason, t)), number)


def badge(text: str, kind: str = "") -> Node:
    """A small label; `kind` is a class such as "hard" or "demo"."""
    return h("span.tag" + (f".{kind}" if kind else ""), text)


def bar(cell: Cell, task: Task, t: Translator) -> Node | None:
    """The value on its scale, the target as a tick, and where pace asks it to be by now."""
    scale = _scale(cell, task)
    if scale is None or cell.reason in (Reason.DATA_LATE, Reason.NO_DATA, Reason.NO_TASK):
        return None
    have, goal, top = scale
    ticks = [_tick("goal", _x(goal, top), 0)]
    if cell.expected is not None and cell.pace is not None and 0 < cell.pace < 1:
        ticks.append(_tick("pace", _x(cell.expected, top), 1))
    return h(
        f"svg.bar.k-{cell.colour.value}",
        h("rect.track", x=0, y=3, width=100, height=6),
        h("rect.fill", x=0, y=3, width=_x(have, top), height=6),
        many(ticks),
        viewBox="0 0 100 12",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _tick(kind: str, x: float, inset: int) -> Node:
    return h(f"line.{kind}", x1=x, x2=x, y1=inset, y2=12 - inset)


def _scale(cell: Cell, task: Task) -> tuple[float, float, float] | None:
    if cell.blue is None or (cell.value is None and not is_change(task)):
        return None
    if is_share(task):
        return cell.value or 0.0, cell.blue, 100.0
    if is_change(task):
        goal = (cell.base or 0.0) * (1 + cell.blue / 100)
        return cell.numerator, goal, max(cell.numerator, goal, 1.0) * 1.15
    room = 1.25 if task.kind is Kind.CEILING else 1.0
    return cell.numerator, cell.blue, max(cell.numerator, cell.blue, cell.yellow or 0.0, 1.0) * room


def _x(amount: float, top: float) -> float:
    return round(min(100.0, max(0.0, 100.0 * amount / top)), 2)


def strip(days: Sequence[DayColour], t: Translator) -> Node:
    """One column a day, its height and colour the day's colour; oldest first."""
    columns = [_day(index, entry, t) for index, entry in enumerate(days)]
    width = max(1, len(days)) * DAY_WIDTH
    return h(
        "svg.days",
        many(columns),
        viewBox=f"0 0 {width} {STRIP_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=t("strip.label", n=len(days)),
    )


def _day(index: int, entry: DayColour, t: Translator) -> Node:
    tall = DAY_HEIGHT[entry.colour] if entry.colour else 2
    kind = entry.colour.value if entry.colour else "none"
    word = t(f"colour.{entry.colour.value}") if entry.colour else t("strip.none")
    score = f" {t.number(100 * entry.score, 1)}" if entry.score is not None else ""
    return h(
        f"rect.d-{kind}",
        h("title", f"{t.date(entry.day)} {word}{score}"),
        x=index * DAY_WIDTH,
        y=STRIP_HEIGHT - tall,
        width=DAY_WIDTH - 2,
        height=tall,
    )


def strip_legend(days: Sequence[DayColour], t: Translator) -> Node:
    """How many days of each colour, in words."""
    counts = [(colour, sum(entry.colour is colour for entry in days)) for colour in Colour]
    known = [
        h("li", mark(colour), t("strip.days", colour=t(f"colour.{colour.value}"), n=n)) for colour, n in counts if n
    ]
    unknown = sum(entry.colour is None for entry in days)
    if unknown:
        known.append(h("li", h("i.mk.none"), t("strip.days", colour=t("strip.none"), n=unknown)))
    return h("ul.legend", many(known))
