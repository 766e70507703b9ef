"""Drawings of the assessment as SVG trees: curves, the waterfall's bars, histories, gaps (`58-assessment.css`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.hiccup import Node, h, many
from components.look import Look
from domain.assessment_records import TotalRow
from domain.assessment_rules import AssessmentRules, Curve
from domain.assessment_views import Step
from domain.month import Month, read_month
from i18n.assessment_words import month_short, points
from i18n.assessmentbook_words import month_name

CURVE_WIDTH, CURVE_HEIGHT, PAD = 100, 34, 5
SPARK_WIDTH, SPARK_HEIGHT = 110, 24
SPARK_LOW = 40.0
"""Where the axis of the small courses begins; a total below it is drawn at the edge."""

__all__ = ["curve", "fall_bar", "fall_scale", "gap_bar", "history", "spark", "split_bar"]


# a curve ---------------------------------------------------------------------------------------


def curve(points_: Curve, x: float | None, got: float | None, label: str) -> Node:
    """The piecewise-linear curve of a part with the station's point on it; flat outside its ends.

    Args:
        x: None without data, or where the value lies beyond every curve; then no point is drawn unless `got`
            says which end it is.
    """
    low, high = points_[0][0], points_[-1][0]
    room = 0.18 * (high - low)
    left, right = low - room, high + room

    def at(place: float, share: float) -> str:
        across = PAD + (CURVE_WIDTH - 2 * PAD) * (place - left) / (right - left)
        return f"{round(across, 1)},{round(_height(share), 1)}"

    line = [at(left, points_[0][1]), *(at(*one) for one in points_), at(right, points_[-1][1])]
    return h(
        "svg.as-curve",
        h("line.base", x1=PAD, x2=CURVE_WIDTH - PAD, y1=_height(0), y2=_height(0)),
        h("polyline", points=" ".join(line)),
        _spot(x, got, (left, right)),
        viewBox=f"0 0 {CURVE_WIDTH} {CURVE_HEIGHT}",
        role="img",
        aria_label=label,
    )


def _height(share: float) -> float:
    return CURVE_HEIGHT - PAD - (CURVE_HEIGHT - 2 * PAD) * share


def _spot(x: float | None, got: float | None, ends: tuple[float, float]) -> Node | None:
    if x is None or got is None:
        return None
    left, right = ends
    place = min(max(x, left), right)
    across = round(PAD + (CURVE_WIDTH - 2 * PAD) * (place - left) / (right - left), 1)
    kind = "full" if got >= 1 - 1e-9 else "none" if got <= 1e-9 else "part"
    drop = h("line.drop", x1=across, x2=across, y1=round(_height(got), 1), y2=_height(0))
    return h("g", drop, h(f"circle.{kind}", cx=across, cy=round(_height(got), 1), r=3.6))


# the waterfall ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FallScale:
    """From where to where the waterfall's axis goes, in points."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """A place on the axis, 0..100."""
        return round(100 * (value - self.low) / (self.high - self.low), 2)


def fall_scale(steps: Sequence[Step]) -> FallScale:
    """An axis that holds every step; it begins at 0 only where losses reach so far."""
    lowest = min(step.after for step in steps)
    low = max(0.0, 10.0 * (lowest // 10) - 10.0)
    return FallScale(low, max(max(step.after for step in steps), low + 10.0))


def fall_bar(step: Step, before: float, scale: FallScale) -> Node:
    """One step of the waterfall: what was lost or added, beside a thin line where the step began."""
    first, last = sorted((scale.at(before), scale.at(step.after)))
    if step.code in ("full", "total"):
        first, last = 0.0, scale.at(step.after)
    kind = "whole" if step.code in ("full", "total") else "more" if step.delta > 0 else "less"
    return h(
        "svg.as-fall-bar",
        h("line.from", x1=scale.at(before), x2=scale.at(before), y1=0, y2=10),
        h(f"rect.{kind}", x=first, y=1.5, width=max(round(last - first, 2), 0.0), height=7),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


# courses ---------------------------------------------------------------------------------------


def spark(rows: Sequence[TotalRow | None], label: str) -> Node:
    """Months as a small line, the last one a dot in its colour; all of them on one scale."""
    step = (SPARK_WIDTH - 8) / max(1, len(rows) - 1)
    known = [(round(4 + n * step, 1), _spark_y(row.total), row) for n, row in enumerate(rows)
             if row is not None and row.total is not None]  # fmt: skip
    runs: list[list[str]] = []
    for n, row in enumerate(rows):
        if row is None or row.total is None:
            continue
        if n and rows[n - 1] is not None and rows[n - 1].total is not None and runs:  # type: ignore[union-attr]
            runs[-1].append(f"{round(4 + n * step, 1)},{_spark_y(row.total)}")
        else:
            runs.append([f"{round(4 + n * step, 1)},{_spark_y(row.total)}"])
    last = known[-1] if known else None
    dot = h(f"circle.d-{last[2].colour}", cx=last[0], cy=last[1], r=3) if last else None
    lines = [h("polyline", points=" ".join(run)) for run in runs if len(run) > 1]
    return h("svg.as-spark", many(lines), dot, viewBox=f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}", role="img",
             aria_label=label)  # fmt: skip


def _spark_y(total: float) -> float:
    share = (max(total, SPARK_LOW) - SPARK_LOW) / (100 - SPARK_LOW)
    return round(SPARK_HEIGHT - 4 - (SPARK_HEIGHT - 8) * min(share, 1.05), 1)


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 210, 34, 10, 22, 24


def history(rows: Sequence[TotalRow], months: Sequence[Month], rules: AssessmentRules, look: Look) -> Node:
    """A station's months: total as a line, each month's colour as shape, the lines of blue and yellow across."""
    by_month = {row.period: row for row in rows}
    found = [by_month.get(month.period) for month in months]
    low = min([row.total for row in rows if row.total is not None] + [rules.yellow]) - 5
    scale = _Scale(max(0.0, 10 * (low // 10)), 103.0, len(months))
    told = look.t("list.stop").join(
        f"{month_name(read_month(row.period), look.t)} {points(row.total, look.t)}" for row in rows
    )
    drawn = h(
        "svg.as-history",
        many([*_edge(scale, rules.blue, "blue", look), *_edge(scale, rules.yellow, "yellow", look)]),
        many(_course(scale, found)),
        many(_dots(scale, found, look)),
        many(_names(scale, months, look)),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=told,
    )  # fmt: skip
    return h("div.as-x", drawn, tabindex=0)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    count: int

    def x(self, place: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / max(1, self.count), 1)

    def y(self, value: float) -> float:
        room = HEIGHT - TOP - BOTTOM
        return round(HEIGHT - BOTTOM - room * (value - self.low) / (self.high - self.low), 1)


def _edge(scale: _Scale, edge: float, kind: str, look: Look) -> list[Node]:
    y = scale.y(edge)
    return [
        h(f"line.edge.{kind}", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y),
        h("text.axis", look.t.plain(edge), x=LEFT - 5, y=y + 4, text_anchor="end"),
    ]


def _course(scale: _Scale, rows: Sequence[TotalRow | None]) -> list[Node]:
    found: list[Node] = []
    run: list[str] = []
    for n, row in enumerate([*rows, None]):
        if row is not None and row.total is not None:
            run.append(f"{scale.x(n)},{scale.y(row.total)}")
            continue
        if len(run) > 1:
            found.append(h("polyline", points=" ".join(run)))
        run = []
    return found


def _dots(scale: _Scale, rows: Sequence[TotalRow | None], look: Look) -> list[Node]:
    """● blue, ▲ yellow, ■ red, each with its number above; months without a total say so."""
    found: list[Node] = []
    for n, row in enumerate(rows):
        x = scale.x(n)
        if row is None or row.total is None:
            found.append(h("text.axis", "—", x=x, y=HEIGHT - BOTTOM - 8, text_anchor="middle"))
            continue
        y = scale.y(row.total)
        found += [
            _shape(row.colour, x, y),
            h("text.value", look.t.number(row.total, 1), x=x, y=y - 9, text_anchor="middle"),
        ]
    return found


def _shape(colour: str, x: float, y: float) -> Node:
    if colour == "yellow":
        return h("polygon.d-yellow", points=f"{x},{y - 6} {x + 6},{y + 5} {x - 6},{y + 5}")
    if colour == "red":
        return h("rect.d-red", x=x - 5, y=y - 5, width=10, height=10)
    return h(f"circle.d-{colour}", cx=x, cy=y, r=5.2)


def _names(scale: _Scale, months: Sequence[Month], look: Look) -> list[Node]:
    found = []
    for n, month in enumerate(months):
        first = n == 0 or month.number == 1
        text = month_name(month, look.t) if first and look.t.lang == "en" and n else month_short(month, look.t)
        found.append(
            h("text.axis" + (".year" if first else ""), text, x=scale.x(n), y=HEIGHT - 6, text_anchor="middle")
        )
    return found


# bars ------------------------------------------------------------------------------------------


def split_bar(reached: float | None, full: float, label: str) -> Node:
    """Points of a block out of its full points."""
    share = 0.0 if reached is None or not full else min(100.0, max(0.0, 100 * reached / full))
    return h(
        "svg.as-bar" + (".is-empty" if reached is None else ""),
        h("rect.track", x=0, y=0, width=100, height=8),
        h("rect.fill", x=0, y=0, width=round(share, 2), height=8),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        role="img",
        aria_label=label,
    )


def gap_bar(gap: float | None, most: float) -> Node:
    """A gap from the middle: to the left the second station has more, to the right the first."""
    width = 0.0 if gap is None or not most else min(50.0, 50 * abs(gap) / most)
    ahead = gap is not None and gap > 0
    return h(
        "svg.as-gap",
        h("line", x1=50, x2=50, y1=0, y2=10),
        h(
            "rect.a" if ahead else "rect.b",
            x=round(50 if ahead else 50 - width, 2),
            y=2,
            width=round(width, 2),
            height=6,
        ),
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
