"""Displays whose district or station does not exist: they are told so, and nothing else."""

from __future__ import annotations

from sqlalchemy import Connection

from data_access.engine import reading
from data_access.readers.organisation import units
from domain.access import Role, Scope
from domain.display import Display, scope_of
from domain.errors import BadRequest
from domain.wall_rules import STATION
from services.wall_ground import WallGround

Refusal = tuple[str, dict[str, str]]
"""Key and parameters of the sentence that says what is wrong."""


def unknown_units(connection: Connection, display: Display) -> Refusal | None:
    """The sentence about the first of a display's units that does not exist, or None.

    Nothing is said of a unit that does not exist, least of all that it has no red task.
    """
    seen = units(connection, scope_of(display))
    if display.station and all(unit.code != display.station for unit in seen):
        return "error.station_unknown", {"code": display.station}
    if display.districts and display.station:
        seen = units(connection, Scope(Role.DISPLAY, districts=display.districts))
    there = {unit.district_code for unit in seen}
    gone = next((code for code in display.districts if code not in there), None)
    return ("error.display_district", {"value": gone}) if gone else None


def check_preview(ground: WallGround, display: Display) -> None:
    """Refuse a display that nobody added and that cannot show anything.

    Raises:
        BadRequest: it has no station and its playlist needs one, or a unit does not exist.
    """
    playlist = ground.rules.playlist(display.playlist)
    if playlist and not display.station and STATION in ground.rules.needed(playlist):
        raise BadRequest("wall.no_station")
    if display.station or display.districts:
        with reading(ground.desk.engine) as connection:
            refused = unknown_units(connection, display)
        if refused:
            raise BadRequest(refused[0], **refused[1])
