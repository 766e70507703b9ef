"""Scales, axes and lines of the comparison charts: SVG as trees, looks in `assets/55-compare.css`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from components.hiccup import Node, h
from components.look import Look

Value = float | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing area: `low` and `high` are the ends of the value axis, `steps` places lie along the other."""

    low: float
    high: float
    steps: int
    width: float = 960
    height: float = 250
    left: float = 52
    right: float = 14
    top: float = 12
    bottom: float = 24

    def x(self, step: float) -> float:
        """The middle of a place, from 0."""
        return round(self.left + (self.width - self.left - self.right) * (step + 0.5) / max(1, self.steps), 1)

    def y(self, value: float) -> float:
        """A value's height."""
        room = self.height - self.top - self.bottom
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.height - self.bottom - room * share, 1)

    @property
    def box(self) -> str:
        """The `viewBox`."""
        return f"0 0 {self.width:g} {self.height:g}"


def plot_of(values: Iterable[Value], steps: int, *, zero: bool = True, **size: float) -> Plot:
    """An area that holds all values, its ends at round numbers.

    Args:
        zero: the axis begins at 0; otherwise where the values do.
    """
    known = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = (0.0 if zero else min(known)), max(known)
    high = high if high > low else low + 1
    step = tick_step(low, high)
    first = step * floor(low / step)
    last = step * -floor(-high / step)
    return Plot(first, last if last > first else first + step, steps, **size)


def drawing(kind: str, *parts: object, plot: Plot, label: str) -> Node:
    """A drawing that scrolls sideways where the screen is too narrow for its words.

    Args:
        kind: further classes, such as ".cp-funnel". label: what it shows, for those who cannot see it.
    """
    drawn = h(f"svg.cp-chart{kind}", *parts, viewBox=plot.box, role="img", aria_label=label)
    return h("div.cp-x", drawn, tabindex=0)


def tick_step(low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten, so that four or five steps reach from low to high.

    >>> [tick_step(0, n) for n in (0.3, 4, 60, 9000)]
    [0.1, 1.0, 20.0, 2000.0]
    """
    rough = max(high - low, 1e-9) / 5
    power = 10.0 ** floor(log10(rough))
    return next((m * power for m in (1, 2, 5) if m * power >= rough), 10 * power)


def ticks(plot: Plot) -> list[float]:
    """The values that have a line."""
    step = tick_step(plot.low, plot.high)
    count = round((plot.high - plot.low) / step)
    return [plot.low + step * n for n in range(count + 1)]


def grid(plot: Plot, look: Look) -> list[Node]:
    """Lines across, each with its value."""
    step = tick_step(plot.low, plot.high)
    digits = max(0, -floor(log10(step))) if step < 1 else 0
    found = []
    for value in ticks(plot):
        y = plot.y(value)
        found.append(h("line.grid", x1=plot.left, x2=plot.width - plot.right, y1=y, y2=y))
        found.append(h("text.axis", look.t.number(value, digits), x=plot.left - 6, y=y + 4, text_anchor="end"))
    return found


def names(plot: Plot, labels: Sequence[str], every: int = 1) -> list[Node]:
    """Names under the places, every so many of them, the last one always."""
    last = len(labels) - 1
    shown = [n for n in range(len(labels)) if (last - n) % every == 0]
    return [h("text.axis", labels[n], x=plot.x(n), y=plot.height - 6, text_anchor="middle") for n in shown]


def lines(tag: str, plot: Plot, values: Sequence[Value]) -> list[Node]:
    """A line through the known values; a missing one breaks it, a lonely one is a dot."""
    found: list[Node] = []
    for run in _runs(values):
        if len(run) == 1:
            found.append(
                h(tag.replace("polyline", "circle", 1), cx=plot.x(run[0]), cy=_at(plot, values, run[0]), r=2.5)
            )
        else:
            found.append(h(tag, points=" ".join(f"{plot.x(n)},{_at(plot, values, n)}" for n in run)))
    return found


def band(tag: str, plot: Plot, low: Sequence[Value], high: Sequence[Value]) -> list[Node]:
    """The area between two lines, in as many parts as they are broken into."""
    both = [None if a is None or b is None else a for a, b in zip(low, high, strict=True)]
    found = []
    for run in _runs(both):
        upper = [f"{plot.x(n)},{_at(plot, high, n)}" for n in run]
        lower = [f"{plot.x(n)},{_at(plot, low, n)}" for n in reversed(run)]
        found.append(h(tag, points=" ".join([*upper, *lower])))
    return found


def level(tag: str, plot: Plot, value: float) -> Node:
    """A line across at one value."""
    return h(tag, x1=plot.left, x2=plot.width - plot.right, y1=plot.y(value), y2=plot.y(value))


def _at(plot: Plot, values: Sequence[Value], n: int) -> float:
    value = values[n]
    assert value is not None
    return plot.y(value)


def _runs(values: Sequence[Value]) -> list[list[int]]:
    runs: list[list[int]] = []
    for n, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs
