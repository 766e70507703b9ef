"""Naming a place after the roads in the addresses of what happened there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

MAJORITY = 0.5
Address = tuple[str | None, str | None, str | None]
"""(road, crossing road, address as written)."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """`kind`: "junction" of `name` and `cross`, "road" `name`, "address" as written, or "" for none."""

    kind: str = ""
    name: str = ""
    cross: str = ""


def place_name(addresses: Iterable[Address]) -> PlaceName:
    """The name that at least half of the addresses agree on: a junction, else a road; else the commonest address.

    The order of the two roads of a junction does not matter; the one named first more often comes first.

    >>> place_name([("A", "B", None), ("B", "A", None), ("A", "B", None), ("A", None, None)])
    PlaceName(kind='junction', name='A', cross='B')
    """
    rows = [(_clean(road), _clean(cross), _clean(text)) for road, cross, text in addresses]
    rows = [row for row in rows if any(row)]
    if not rows:
        return PlaceName()
    needed = MAJORITY * len(rows)
    if found := _junction(rows, needed):
        return PlaceName("junction", *found)
    roads = Counter(name for road, cross, _ in rows for name in {road, cross} if name)
    if roads and (best := _commonest(roads))[1] >= needed:
        return PlaceName("road", best[0])
    texts = Counter(text for _, _, text in rows if text)
    return PlaceName("address", _commonest(texts)[0]) if texts else PlaceName()


def _junction(rows: list[tuple[str, str, str]], needed: float) -> tuple[str, str] | None:
    crossings = [(road, cross) for road, cross, _ in rows if road and cross and road != cross]
    pairs = Counter(tuple(sorted(pair)) for pair in crossings)
    if not pairs or (best := _commonest(pairs))[1] < needed:
        return None
    one, other = best[0]
    first = Counter(road for road, cross in crossings if {road, cross} == {one, other})
    return (other, one) if first[other] > first[one] else (one, other)


def _commonest(counted: Counter) -> tuple:
    """(value, count), the first in the alphabet among equals."""
    return min(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
