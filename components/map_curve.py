"""A day's hours as a curve, and the kinds of days as lines with their own small curves."""

from __future__ import annotations

from collections.abc import Sequence

from components.hiccup import Node, h, many
from components.look import Look
from domain.heat import DayKindLine, HourCurve
from i18n.map_words import code

WIDTH, HEIGHT = 480, 150
LEFT, BOTTOM, TOP = 26, 18, 8
SPARK_WIDTH, SPARK_HEIGHT = 120, 22
TICKS = (0, 6, 12, 18, 24)


def hour_curve(curve: HourCurve, look: Look, running: int | None = None) -> Node:
    """The last day's hours over the band in which the same weekday usually lies; hours to come stay open.

    Args:
        running: the hour that is not over yet; it is a hollow dot and enters no comparison.
    """
    t = look.t
    weekday = t.weekday(curve.day)
    said = [h("li", h("i.mp-key.today", aria_hidden="true"), t("map.curve_today", day=t.short_date(curve.day)))]
    if curve.weeks:
        said += [
            h("li", h("i.mp-key.mean", aria_hidden="true"), t("map.curve_mean", weeks=curve.weeks, weekday=weekday)),
            h("li", h("i.mp-key.band", aria_hidden="true"), t("map.curve_band")),
        ]
    known = [count for count in curve.today[:running] if count is not None]
    if running is not None:
        said.append(h("li", h("i.mp-key.running", aria_hidden="true"), t("map.curve_running")))
    reads = t("map.curve_reads", day=t.date(curve.day), n=t.count(sum(known), "incidents"), hours=len(known),
              usual=t.plain(sum(curve.mean[: len(known)]), 1))  # fmt: skip
    return h(
        "figure.mp-fig",
        h("figcaption", t("map.curve", day=t.short_date(curve.day), weekday=weekday)),
        _drawn(curve, look, reads if curve.weeks else t("map.curve_new"), running),
        h("ul.legend", many(said)),
        h("p.mp-scale", reads if curve.weeks else t("map.curve_new")),
    )


def _drawn(curve: HourCurve, look: Look, label: str, running: int | None) -> Node:
    counted = [count for count in curve.today if count is not None]
    known = counted[:running]
    top = nice_top(max([*counted, *(curve.high if curve.weeks else ()), 1]))
    return h(
        "svg.mp-curve",
        many(_grid(top, look)),
        many(_usual(curve, top) if curve.weeks else []),
        _line("polyline.today", known, top),
        h("circle.today", cx=_x(len(known) - 0.5), cy=_y(known[-1], top), r=3) if known else None,
        h("circle.running", cx=_x(running + 0.5), cy=_y(counted[running], top), r=3)
        if running is not None and running < len(counted)
        else None,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=label,
    )


def nice_top(most: float) -> int:
    """The end of an axis: 1, 2, 5, 10, 20 ... just above the largest value.

    >>> [nice_top(n) for n in (0.3, 1, 3, 11, 60)]
    [1, 1, 5, 20, 100]
    """
    step = 1
    while step < most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def _x(hour: float) -> float:
    return round(LEFT + (WIDTH - LEFT) * hour / 24, 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)


def _grid(top: int, look: Look) -> list[Node]:
    marks = [0, top // 2, top] if top % 2 == 0 else [0, top]
    rows = [h("line.grid", x1=LEFT, x2=WIDTH, y1=_y(value, top), y2=_y(value, top)) for value in marks]
    names = [h("text.axis", str(value), x=LEFT - 4, y=_y(value, top) + 4, text_anchor="end") for value in marks]
    hours = [
        h("text.axis", look.t("map.clock", hour=hour), x=_x(hour), y=HEIGHT - 3, text_anchor=_anchor(hour))
        for hour in TICKS
    ]
    return [*rows, *names, *hours]


def _anchor(hour: int) -> str:
    return "start" if hour == 0 else "end" if hour == TICKS[-1] else "middle"


def _usual(curve: HourCurve, top: float) -> list[Node]:
    upper = [f"{_x(n + 0.5)},{_y(value, top)}" for n, value in enumerate(curve.high)]
    lower = [f"{_x(n + 0.5)},{_y(value, top)}" for n, value in enumerate(curve.low)]
    return [h("polygon.band", points=" ".join([*upper, *reversed(lower)])), _line("polyline.mean", curve.mean, top)]


def _line(tag: str, values: Sequence[float], top: float) -> Node:
    return h(tag, points=" ".join(f"{_x(n + 0.5)},{_y(value, top)}" for n, value in enumerate(values)))


def day_kinds(kinds: Sequence[DayKindLine], look: Look) -> Node:
    """Workday, weekend, holiday: incidents a day, on how many days, and a day's course on one scale."""
    t = look.t
    most = max((max(line.by_hour) for line in kinds if line.days), default=0) or 1
    heads = [h("th", t(f"map.kinds.{name}"), scope="col") for name in ("kind", "days", "a_day", "hours")]
    rows = [
        h(
            "tr",
            h("th", code("day_kind", line.kind, t), scope="row"),
            h("td.num", t.number(line.days), data_l=t("map.kinds.days")),
            h("td.num", t.plain(line.a_day, 1), data_l=t("map.kinds.a_day")),
            h("td.spark", spark(line.by_hour, most) if line.days else "—"),
        )
        for line in kinds
    ]
    return h(
        "figure.mp-fig",
        h("figcaption", t("map.kinds.title")),
        h("table.rows.mp-kinds", h("thead", h("tr", many(heads))), h("tbody", many(rows))),
    )


def spark(values: Sequence[float], most: float) -> Node:
    """24 hours as small bars; `most` is the top of the scale."""
    width = SPARK_WIDTH / len(values)
    bars = []
    for number, value in enumerate(values):
        tall = round(SPARK_HEIGHT * value / most, 1) if most else 0
        bars.append(h("rect", x=round(number * width, 1), y=round(SPARK_HEIGHT - tall, 1), width=round(width - 1, 1),
                      height=tall))  # fmt: skip
    return h("svg.mp-spark", many(bars), viewBox=f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}", preserveAspectRatio="none",
             aria_hidden="true")  # fmt: skip
