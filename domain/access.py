"""Who may see what: `Role` and `Scope`. A scope is a required argument of every read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The kinds of viewers."""

    DISPLAY = "display"
    STATION = "station"
    DISTRICT = "district"
    COMMAND = "command"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one viewer may read.

    Args:
        role: kind of viewer.
        stations: station codes that are visible, sorted; None means not limited by station.
        districts: district codes that are visible, sorted; None means not limited by district.

    Both None means everything. Both given means both must hold. An empty tuple means nothing.
    Hashable and of stable `repr`, so it can be part of a cache key.
    """

    role: Role
    stations: tuple[str, ...] | None = None
    districts: tuple[str, ...] | None = None

    @property
    def everything(self) -> bool:
        """True when no row is hidden from this viewer."""
        return self.stations is None and self.districts is None

    @property
    def sees_rows(self) -> bool:
        """True when single rows may be shown, not only sums (a wall display may not)."""
        return self.role not in (Role.DISPLAY, Role.AUDITOR)

    @property
    def sees_personal_data(self) -> bool:
        """True when names, phones, plates may be shown unmasked."""
        return self.role in (Role.COMMAND, Role.ADMIN)


def command() -> Scope:
    """The command room: everything."""
    return Scope(Role.COMMAND)


def station(code: str) -> Scope:
    """A station's own people: its own rows."""
    return Scope(Role.STATION, stations=(code,))


def district(code: str) -> Scope:
    """A district's leader: its stations."""
    return Scope(Role.DISTRICT, districts=(code,))


def nobody() -> Scope:
    """A viewer who may see no station at all."""
    return Scope(Role.DISPLAY, stations=())
