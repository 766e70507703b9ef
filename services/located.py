"""The incidents of a window that are on the map, and what some of them have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from data_access.readers.incidents import Ref, rows_of
from domain.hot import Spot
from domain.incident_filter import Circle, Filter
from domain.incidents import MICRO, Codes
from domain.metres import distances_m, metres_a_degree
from domain.placename import PlaceName, place_name
from domain.span import Span
from domain.tally import chosen
from services.ground import Looker

NAMED_BY = 15
"""Addresses looked at to name one spot."""


@dataclass(frozen=True)
class Located:
    """The chosen incidents of a window that are on the map; arrays of equal length, in order of time."""

    codes: Codes
    lng: np.ndarray
    lat: np.ndarray
    minute: np.ndarray
    hour: np.ndarray
    kind: np.ndarray
    station: np.ndarray
    deaths: np.ndarray
    injuries: np.ndarray
    cell: np.ndarray
    day: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.lng)

    def around(self, lng: float, lat: float, metres: float) -> np.ndarray:
        """Indices, rising, of those within so many metres of a point, edge included."""
        order, lats = self._by_lat
        reach = 1.001 * metres / metres_a_degree(lat)[1]
        low, high = np.searchsorted(lats, (lat - reach, lat + reach))
        near = np.sort(order[low:high])
        return near[distances_m(self.lng[near], self.lat[near], (lng, lat)) <= metres]

    @cached_property
    def _by_lat(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.lat)
        return order, self.lat[order]

    def refs(self, members: np.ndarray) -> list[Ref]:
        """(day number, row) of some of them."""
        return list(zip(self.day[members].tolist(), self.row[members].tolist(), strict=True))


_COLUMNS = ("minute", "hour", "kind", "station", "deaths", "injuries", "cell", "day", "row")


def located(look: Looker, span: Span, wanted: Filter) -> Located:
    """The chosen incidents of a span that are on the map."""
    found, kinds = look.frames(span, places=True), look.kind_numbers(span)
    pieces: dict[str, list[np.ndarray]] = {name: [] for name in ("lng", "lat", *_COLUMNS)}
    for part in found.parts:
        mine = chosen(part, found.codes, wanted, look.districts, kinds)
        mine = mine[part.cell[mine] >= 0]
        for name, into in pieces.items():
            into.append(getattr(part, name)[mine])
    columns = {name: np.concatenate(into) if into else np.zeros(0, dtype=np.int64) for name, into in pieces.items()}
    lng, lat = columns.pop("lng") / MICRO, columns.pop("lat") / MICRO
    return Located(found.codes, lng, lat, **columns)


def described(source: Located, members: np.ndarray) -> Spot:
    """What the members of a spot have in common: place, kinds, hours, harm, the station most of them are of."""
    lng, lat = float(np.median(source.lng[members])), float(np.median(source.lat[members]))
    kinds = Counter(source.codes.kinds[kind][1] for kind in source.kind[members].tolist())
    stations = Counter(source.codes.stations[one] for one in source.station[members].tolist())
    return Spot(
        key=Circle(lng, lat, 0).text(),
        origin="",
        lng=lng,
        lat=lat,
        metres=0.0,
        now=len(members),
        before=(),
        trend="",
        deaths=int(source.deaths[members].sum()),
        injuries=int(source.injuries[members].sum()),
        by_subclass=tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
        by_hour=tuple(np.bincount(source.hour[members], minlength=24).tolist()),
        station=min(stations, key=lambda code: (-stations[code], code)),
    )


def named(look: Looker, spots: Sequence[tuple[Spot, list[Ref]]]) -> tuple[Spot, ...]:
    """The spots with the names that their newest addresses agree on; one read for all of them.

    A single address as a name is for those only who may see rows.
    """
    asked = [refs[-NAMED_BY:] for _, refs in spots]
    columns, rows = rows_of(look.connection, [ref for refs in asked for ref in refs], look.scope)
    if len(rows) != sum(map(len, asked)):  # a row vanished since it was packed: names may wait
        return tuple(spot for spot, _ in spots)
    told = iter(rows)
    parts = [columns.index(name) for name in ("road", "cross_road", "address")]
    found = []
    for (spot, _), refs in zip(spots, asked, strict=True):
        name = place_name(tuple(row[part] for part in parts) for row in islice(told, len(refs)))
        if name.kind == "address" and not look.scope.sees_rows:
            name = PlaceName()
        found.append(replace(spot, name=name.name, cross=name.cross, name_kind=name.kind))
    return tuple(found)
