"""Classes of colour for a map: where they begin and what the legend says of them.

The same bounds serve both periods, so that the same colour means the same number on both maps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from i18n import Translator

STEPS = 7
CHANGE_STEPS = 3
_SHARES = (0.35, 0.6, 0.78, 0.89, 0.95, 0.985)
"""Shares below the bounds of seven classes: places are many where little happens and few where much does."""


def count_bounds(values: Iterable[int] | np.ndarray, steps: int = STEPS) -> list[int]:
    """Lowest number of each class, rising; the first is 1.

    Few different numbers get a class each. Zeros have no class.

    Args:
        values: counts of all places of both periods. steps: most classes, 2 to 7.

    Returns:
        At most `steps` numbers; `[1]` when there is nothing.

    >>> count_bounds([0, 1, 1, 2, 5])
    [1, 2, 5]
    """
    present = np.asarray(list(values) if not isinstance(values, np.ndarray) else values).ravel()
    present = present[present > 0]
    different = np.unique(present)
    if different.size == 0:
        return [1]
    if different.size <= steps:
        return [1, *(int(one) for one in different[1:])]
    found = [1]
    for share in _shares(steps):
        found.append(max(found[-1] + 1, int(np.quantile(present, share))))
    return [one for one in found if one <= int(different[-1])]


def value_bounds(values: Iterable[float | None], steps: int = STEPS) -> list[float]:
    """Lowest value of each class for shares and densities, rounded to two figures, rising.

    >>> value_bounds([0.5, None, 12.34, 3.0])
    [0.5, 3.0, 12.0]
    """
    present = np.array([value for value in values if value is not None and value > 0], float)
    if present.size == 0:
        return [0.0]
    asked = np.unique(present) if np.unique(present).size <= steps else np.quantile(present, (0.0, *_even(steps)))
    return sorted({_rounded(float(value)) for value in asked})


def change_bounds(differences: Iterable[int] | np.ndarray) -> list[int]:
    """Lowest difference (without its sign) of the three strengths of a change."""
    return count_bounds(np.abs(np.asarray(differences)), CHANGE_STEPS)


def class_of(value: float, bounds: list[int] | list[float]) -> int:
    """Index of the class, from 0; what lies below the first bound belongs to the first class.

    >>> class_of(4, [1, 2, 5])
    1
    """
    return max(0, bisect_right(bounds, value) - 1)


def count_labels(bounds: list[int], t: Translator) -> list[str]:
    """`1`, `2–4`, `≥ 5`.

    >>> from i18n import translator
    >>> count_labels([1, 2, 5], translator("en"))[:2]
    ['1', '2–4']
    """
    pairs = pairwise(bounds)
    inner = [t.number(low) if high == low + 1 else f"{t.number(low)}–{t.number(high - 1)}" for low, high in pairs]
    return [*inner, t("mapview.at_least", n=t.number(bounds[-1]))]


def value_labels(bounds: list[float], t: Translator) -> list[str]:
    """Ranges of values; a class ends where the next begins."""
    inner = [f"{t.plain(low, 2)}–{t.plain(high, 2)}" for low, high in pairwise(bounds)]
    return [*inner, t("mapview.at_least", n=t.plain(bounds[-1], 2))]


def hex_width(resolution: int, t: Translator) -> str:
    """How wide a hexagon of a resolution is, in words."""
    import h3.api.basic_int as h3

    metres = 2 * h3.average_hexagon_edge_length(resolution, unit="m")
    if metres < 1000:
        return t("mapview.metres", n=t.number(round(metres, -1)))
    return t("mapview.kilometres", n=t.number(metres / 1000, 1))


def _shares(steps: int) -> tuple[float, ...]:
    if steps == STEPS:
        return _SHARES
    return tuple(float(np.interp(n / steps, np.arange(STEPS) / STEPS, (0.0, *_SHARES))) for n in range(1, steps))


def _even(steps: int) -> tuple[float, ...]:
    return tuple(n / steps for n in range(1, steps))


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
