"""`incident_pack`: the days' packs, computed from the rows in the refresh's own transaction."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import h3
import numpy as np
from sqlalchemy import Connection, delete, select

from data_access.facts.flows import day_stretch
from data_access.packs import layout
from data_access.packs.layout import DayPack, narrow
from data_access.tables import incident, incident_pack
from domain.incident_filter import SEVERITIES
from domain.incidents import CITIZEN, ISSUE_SHIFT, ISSUES, MICRO, OFFICER, REPEAT, VALID

RESOLUTION = 9
_NEEDED = (
    "occurred_at", "incident_id", "station_code", "class_code", "subclass", "channel", "grid_code", "tags",
    "is_valid", "repeat_of", "found_by", "severity", "deaths", "injuries", "serious_injuries",
    "lng", "lat", "cell", "place_issue",
)  # fmt: skip
_MISSING, _IMPOSSIBLE = ISSUES.index("missing"), ISSUES.index("impossible")
_ONE = timedelta(days=1)
Columns = dict[str, Sequence[Any]]


def rebuild_packs(connection: Connection, first: date, last: date) -> int:
    """Pack the days from `first` to `last` anew; returns how many packs changed.

    A pack whose content is the same stays as it is, with its stamp; days without rows have none.
    """
    kept = _stamps(connection, first, last)
    changed = 0
    for day, columns in _days(connection, first, last):
        row = pack_row(day, columns)
        if kept.pop(day, None) == row["stamp"]:
            continue
        connection.execute(delete(incident_pack).where(incident_pack.c.day == day))
        connection.execute(incident_pack.insert().values(**row))
        changed += 1
    for day in kept:
        changed += connection.execute(delete(incident_pack).where(incident_pack.c.day == day)).rowcount
    return changed


def pack_row(day: date, columns: Columns) -> dict[str, Any]:
    """The row of `incident_pack` for one day's incidents, given by column in order of time and identifier."""
    lng, lat, cells, issues = _places(columns)
    facts = layout.write_facts(_pack(columns, cells, issues))
    places = layout.write_places(lng, lat)
    names = layout.write_names(columns["incident_id"])
    return {
        "day": day,
        "row_count": len(columns["incident_id"]),
        "stamp": layout.stamp_of(facts, places, names),
        "facts": facts,
        "places": places,
        "names": names,
    }


def _stamps(connection: Connection, first: date, last: date) -> dict[date, str]:
    table = incident_pack.c
    query = select(table.day, table.stamp).where(table.day >= first, table.day <= last)
    return {row.day: row.stamp for row in connection.execute(query)}


def _days(connection: Connection, first: date, last: date) -> Iterator[tuple[date, Columns]]:
    """Each day that has rows, by column. A day at a time: a year at once would not fit in memory."""
    wanted = [incident.c[name] for name in _NEEDED]
    for step in range((last - first).days + 1):
        day = first + step * _ONE
        stretch = day_stretch(day, day)
        moment = incident.c.occurred_at
        query = select(*wanted).where(moment >= stretch.start, moment <= stretch.as_of)
        rows = sorted(connection.execute(query), key=lambda row: row[:2])
        if rows:
            yield day, dict(zip(_NEEDED, zip(*rows, strict=True), strict=True))


def _pack(columns: Columns, cells: np.ndarray, issues: list[int]) -> DayPack:
    def text(name: str) -> list[str]:
        return [value or "" for value in columns[name]]

    stations, station = _numbered(text("station_code"))
    grids, grid = _numbered(text("grid_code"))
    kinds, kind = _numbered(zip(text("class_code"), text("subclass"), strict=True))
    channels, channel = _numbered(text("channel"))
    marks, tagset = _numbered(text("tags"))
    tags, tagsets = _tagsets(marks)
    flags = _flags(columns, issues)
    harm = ([min(255, max(0, number or 0)) for number in columns[name]] for name in ("deaths", "injuries"))
    groups, group = _numbered(zip(kind, channel, flags, _severities(columns), *harm, tagset, strict=True))
    known = np.unique(cells[cells > 0])
    place = np.where(cells > 0, np.searchsorted(known, cells) + 1, 0)
    arrays = {
        "minute": np.array([at.hour * 60 + at.minute for at in columns["occurred_at"]], dtype=np.uint16),
        "station": narrow(station, len(stations)),
        "grid": narrow(grid, len(grids)),
        "group": narrow(group, len(groups)),
        "cell": narrow(place, len(known)),
        "cells": known,
    }
    for name, values in zip(layout.GROUP_COLUMNS, zip(*groups, strict=True), strict=True):
        arrays[name] = narrow(values, max(values))
    return DayPack(len(cells), stations, kinds, channels, grids, tags, tagsets, arrays)


def _numbered(values: Iterable[Any]) -> tuple[list[Any], list[int]]:
    """The different values in order of appearance, and each value's number."""
    found: dict[Hashable, int] = {}
    numbers = [found.setdefault(value, len(found)) for value in values]
    return list(found), numbers


def _tagsets(marks: Sequence[str]) -> tuple[list[str], list[list[int]]]:
    """The different tags, and each text as indices of its tags."""
    split = [words_of(text) for text in marks]
    tags = sorted({word for words in split for word in words})
    number = {tag: index for index, tag in enumerate(tags)}
    return tags, [[number[word] for word in words] for words in split]


def words_of(text: str) -> list[str]:
    """The tags of a text like `,night,works,` or `works;site_gate`, each once, in order of the alphabet."""
    return sorted({word.strip() for word in text.replace(";", ",").split(",")} - {""})


def _flags(columns: Columns, issues: list[int]) -> list[int]:
    return [
        (VALID if valid == 1 else 0)
        | (REPEAT if repeat else 0)
        | {"officer": OFFICER, "citizen": CITIZEN}.get(found, 0)
        | issue << ISSUE_SHIFT
        for valid, repeat, found, issue in zip(
            columns["is_valid"], columns["repeat_of"], columns["found_by"], issues, strict=True
        )
    ]


def _severities(columns: Columns) -> list[int]:
    names = ("severity", "deaths", "serious_injuries", "injuries", "class_code")
    return [severity_of(*row) for row in zip(*(columns[name] for name in names), strict=True)]


@lru_cache(maxsize=4096)
def severity_of(
    severity: str | None, deaths: int | None, serious: int | None, injuries: int | None, class_code: str | None
) -> int:
    """Index into `SEVERITIES`: as the source says, else by the harm done; an accident does damage at least."""
    if severity in SEVERITIES:
        return SEVERITIES.index(severity)
    for harm, name in ((deaths, "fatal"), (serious, "serious"), (injuries, "minor")):
        if harm and harm > 0:
            return SEVERITIES.index(name)
    return SEVERITIES.index("property" if class_code == "accident" else "none")


def _places(columns: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[int]]:
    """Longitude and latitude (millionths), H3 cell (0: none) and issue of each row."""
    lng, lat = (np.array(columns[name], dtype=np.float64) for name in ("lng", "lat"))
    missing = np.isnan(lng) | np.isnan(lat) | ((lng == 0) & (lat == 0))
    impossible = ~missing & ~((np.abs(lng) <= 180) & (np.abs(lat) <= 90))
    given = [_issue(text) for text in columns["place_issue"]]
    issue = np.where(missing, _MISSING, np.where(impossible, _IMPOSSIBLE, given))
    issue = np.where(np.array(given) > 0, given, issue)
    usable = issue == 0
    micro = [np.where(usable, np.rint(np.where(usable, degrees, 0) * MICRO), 0) for degrees in (lng, lat)]
    cells = np.zeros(len(lng), dtype=np.uint64)
    told = columns["cell"]
    for row in np.flatnonzero(usable).tolist():
        cells[row] = _cell(told[row]) or h3.str_to_int(h3.latlng_to_cell(lat[row], lng[row], RESOLUTION))
    return micro[0], micro[1], cells, issue.tolist()


def _issue(text: str | None) -> int:
    """A reason that nobody knows says at least that the place cannot be used."""
    if not text:
        return 0
    return ISSUES.index(text) if text in ISSUES else _IMPOSSIBLE


@lru_cache(maxsize=200_000)
def _cell(text: str | None) -> int:
    """A cell's number; 0 when the text is not a cell of resolution 9."""
    good = text is not None and h3.is_valid_cell(text) and h3.get_resolution(text) == RESOLUTION
    return h3.str_to_int(text) if good else 0
