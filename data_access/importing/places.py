"""Coordinates of a whole batch: to WGS-84, judged, and given their H3 cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import h3
import numpy as np
from pyproj import Transformer

from data_access.importing.convert import Columns, Reading
from data_access.importing.geometry import centre, checked_geometry
from data_access.importing.plan import TargetPlan
from domain.coordinates import Box, Degrees, Issue, judge, wgs84_of_bd09, wgs84_of_gcj02
from domain.errors import CatalogueError
from domain.parsing import Unreadable, number
from domain.profile import Exchanged

RESOLUTION = 9
"""H3 resolution of `incident.cell`: hexagons of about 0.1 km²."""

_DIGITS = 7  # one centimetre: below that only noise of the transformation
_EARTH = Box(-180.0, -90.0, 180.0, 90.0)
_NUMERIC = set("0123456789.-+")
Transform = Callable[[Any, Any], tuple[Any, Any]]


@lru_cache(maxsize=16)
def transform_of(crs: str) -> Transform:
    """The function that takes x, y of a coordinate system to WGS-84 longitude, latitude.

    Raises:
        CatalogueError: an EPSG number that is not known.
    """
    if crs in ("wgs84", "cgcs2000"):
        return lambda x, y: (x, y)
    if crs in ("gcj02", "bd09"):
        return wgs84_of_gcj02 if crs == "gcj02" else wgs84_of_bd09
    try:
        transformer = Transformer.from_crs(crs.upper(), "EPSG:4326", always_xy=True)
    except Exception as error:
        raise CatalogueError("error.catalogue", file="profile", where="crs", detail=str(error)) from error
    return lambda x, y: transformer.transform(x, y)


def add_places(reading: Reading, target: TargetPlan, columns: Columns, skipped: set[int]) -> None:
    """Fill the place columns of one target; rows without a usable place are kept and counted."""
    if target.shape is not None:
        _from_shape(reading, target, columns)
    if not target.pairs:
        if "place_issue" in target.table.columns:
            columns["place_issue"] = [str(Issue.MISSING)] * len(reading.rows)
        return
    x, y = _numbers(reading, target)
    transform = transform_of(reading.plan.profile.crs)
    lng, lat, issues = _judged(x, y, transform, reading.plan.profile.box or _EARTH)
    _exchanged(reading, target, (x, y, issues, skipped))
    usable = issues == None  # noqa: E711 - elementwise
    _fill(reading, target, columns, (x, y, np.where(usable, lng, np.nan), np.where(usable, lat, np.nan), issues))


def _from_shape(reading: Reading, target: TargetPlan, columns: Columns) -> None:
    found = [_centre(text) for text in reading.cells[target.shape or 0]]
    for at, name in enumerate(("lng", "lat", "area_km2")):
        columns[name] = [values[at] for values in found]


def _centre(text: str) -> tuple[float | None, float | None, float | None]:
    try:
        return centre(checked_geometry(text))
    except Unreadable:  # the boundary's own column tells what is wrong with the geometry
        return None, None, None


def _numbers(reading: Reading, target: TargetPlan) -> tuple[Degrees, Degrees]:
    """The first pair of which something is filled, as numbers; NaN where empty, infinite where unreadable."""
    xs, ys = (list(reading.cells[index]) for index in target.pairs[0])
    for pair in target.pairs[1:]:
        for row, (x, y) in enumerate(zip(*(reading.cells[index] for index in pair), strict=True)):
            if not xs[row].strip() and not ys[row].strip():
                xs[row], ys[row] = x, y
    comma = reading.plan.profile.decimal_comma
    return _floats(xs, decimal_comma=comma), _floats(ys, decimal_comma=comma)


def _floats(texts: list[str], *, decimal_comma: bool) -> Degrees:
    if set("".join(texts)) <= _NUMERIC:
        try:
            return np.array([float(text) if text else math.nan for text in texts])
        except ValueError:
            pass
    return np.array([_float(text.strip(), decimal_comma) for text in texts])


def _float(text: str, decimal_comma: bool) -> float:
    if not text:
        return math.nan
    try:
        return number(text, decimal_comma=decimal_comma)
    except Unreadable:
        return math.inf


def _judged(x: Degrees, y: Degrees, transform: Transform, box: Box) -> tuple[Any, Any, Any]:
    finite = np.isfinite(x) & np.isfinite(y)
    with np.errstate(all="ignore"):
        lng, lat = (
            np.asarray(value, dtype=float) for value in transform(np.where(finite, x, 0), np.where(finite, y, 0))
        )
    lng = np.where(finite, lng, np.where(np.isnan(x), np.nan, np.inf))
    lat = np.where(finite, lat, np.where(np.isnan(y), np.nan, np.inf))
    zero = (x == 0) & (y == 0)
    issues = judge(np.where(zero, 0.0, lng), np.where(zero, 0.0, lat), box)
    return lng, lat, issues


def _exchanged(reading: Reading, target: TargetPlan, found: tuple[Any, Any, Any, set[int]]) -> None:
    """Longitude and latitude exchanged: the place is unusable, but would lie inside the box the other way round."""
    x, y, issues, skipped = found
    profile = reading.plan.profile
    if profile.box is None:
        return
    doubtful = (issues == Issue.OUTSIDE) | (issues == Issue.IMPOSSIBLE)
    if not doubtful.any():
        return
    rows = np.flatnonzero(doubtful)
    _, _, other = _judged(y[rows], x[rows], transform_of(profile.crs), profile.box)
    for row, issue in zip(rows.tolist(), other, strict=True):
        if issue is None and row not in skipped:
            issues[row] = Issue.IMPOSSIBLE
            if profile.exchanged is Exchanged.REJECT:
                reading.reject(row, target.pair_header, f"{x[row]:g} {y[row]:g}", "place_exchanged")
            else:
                reading.warn("place_exchanged", 1)


def _fill(reading: Reading, target: TargetPlan, columns: Columns, found: tuple[Any, ...]) -> None:
    x, y, lng, lat, issues = found
    columns["lng"], columns["lat"] = _plain(lng), _plain(lat)
    if "place_issue" not in target.table.columns:
        return
    columns["place_issue"] = [None if issue is None else str(issue) for issue in issues]
    columns["raw_x"], columns["raw_y"] = _plain(x, digits=None), _plain(y, digits=None)
    columns["crs"] = [reading.plan.profile.crs if raw is not None else None for raw in columns["raw_x"]]
    columns["cell"] = [
        None if x is None else h3.latlng_to_cell(y, x, RESOLUTION)
        for x, y in zip(columns["lng"], columns["lat"], strict=True)
    ]


def _plain(values: Degrees, digits: int | None = _DIGITS) -> list[float | None]:
    """Floats as Python numbers; None where there is none."""
    rounded = values if digits is None else np.round(values, digits)
    finite = np.isfinite(values)
    if finite.all():
        return list(rounded.tolist())
    plain = rounded.astype(object)
    plain[~finite] = None
    return list(plain.tolist())
