"""The map beside duty advice: the hexagons of the list, numbered by their best line."""

from __future__ import annotations

from typing import Any

from components.duty_side import rows_address
from components.look import Look
from components.small_map import Mark, Tile, small_payload
from domain.duty_view import DutyLine, DutyView
from i18n import Translator


def canvas(view: DutyView, look: Look) -> dict[str, Any]:
    """What `IncidentMap` draws; a hexagon's colour is what to expect in all its hours of the list together."""
    cells: dict[str, list[tuple[int, DutyLine]]] = {}
    for rank, line in enumerate(view.lines, 1):
        cells.setdefault(line.cell, []).append((rank, line))
    tiles, marks = [], []
    for held in cells.values():
        rank, line = held[0]
        expected = sum(one.expected for _, one in held)
        rows = rows_address(look, view.learnt, view.asked.filter(view.unit.code).with_(cell=line.cell))
        said = look.t("duty.map.tip", rank=rank, place=place(line, look.t), n=look.t.number(expected, 1))
        tiles.append(Tile(line.lng, line.lat, expected, said, rows))
        marks.append(Mark(line.lng, line.lat, str(rank), said, rows))
    return small_payload(
        look,
        marks=marks,
        tiles=tiles,
        resolution=resolution(view),
        tile_title=look.t("duty.map.title") if tiles else "",
        chosen=(view.unit.code,),
    )


def resolution(view: DutyView) -> int:
    """That of the list's hexagons; the second digit of an H3 cell's text."""
    return int(view.lines[0].cell[1], 16) if view.lines else 9


def place(line: DutyLine, t: Translator) -> str:
    """The name of a line's place, or its position."""
    name = line.place
    if name.kind == "junction":
        return t("duty.junction", road=name.name, cross=name.cross)
    return name.name or t("duty.unnamed", lng=f"{line.lng:.4f}", lat=f"{line.lat:.4f}")
