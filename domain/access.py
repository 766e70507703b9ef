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
        unmasked: names, phones and free text of single rows are shown as they are, because the viewer
            said why (`may_unmask`); every such look is written to the audit log.

    Both None means everything. Both given means both must hold. An empty tuple means nothing.
    Hashable and of stable `repr`, so it can be part of a cache key.
    """

    role: Role
    stations: tuple[str, ...] | None = None
    districts: tuple[str, ...] | None = None
    unmasked: bool = False

    @property
    def everything(self) -> bool:
        """True when no row is hidden from this viewer."""
        return self.stations is None and self.districts is None

    @property
    def sees_rows(self) -> bool:
        """True when single rows may be shown, not only sums (a wall display may not)."""
        return self.role not in (Role.DISPLAY, Role.AUDITOR)

    @property
    def may_unmask(self) -> bool:
        """True when names, phones and plates of the rows in scope may be shown after saying why."""
        return self.role in (Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN)

    @property
    def sees_personal_data(self) -> bool:
        """True when names, phones, plates and free text of single rows are shown unmasked."""
        return self.unmasked and self.may_unmask

    @property
    def sees_colleagues(self) -> bool:
        """True when the names of officers who answer for a record are shown in full."""
        return self.role in (Role.COMMAND, Role.ADMIN)

    @property
    def reads_audit(self) -> bool:
        """True for the one role that reads the audit log, and reads nothing else."""
        return self.role is Role.AUDITOR


DEEDS: dict[str, frozenset[Role]] = {
    "hotspot": frozenset({Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN}),
    "acknowledge": frozenset({Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN}),
    "appeal": frozenset({Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN}),
    "reply": frozenset({Role.DISTRICT, Role.COMMAND, Role.ADMIN}),
    "lock": frozenset({Role.COMMAND, Role.ADMIN}),
    "adjust": frozenset({Role.COMMAND, Role.ADMIN}),
    "mode": frozenset({Role.ADMIN}),
    "administer": frozenset({Role.ADMIN}),
}
"""Which roles may do what to the rows in their scope."""


def may(role: Role, deed: str) -> bool:
    """Whether a role may do a deed of `DEEDS`; one that is not listed nobody may do.

    >>> may(Role.STATION, "appeal"), may(Role.STATION, "lock"), may(Role.ADMIN, "anything")
    (True, False, False)
    """
    return role in DEEDS.get(deed, frozenset())


def command() -> Scope:
    """The command room: everything."""
    return Scope(Role.COMMAND)


def station(code: str) -> Scope:
    """A station's own people: its own rows."""
    return Scope(Role.STATION, stations=(code,))


def district(code: str) -> Scope:
    """A district's leader: its stations."""
    return Scope(Role.DISTRICT, districts=(code,))


def auditor() -> Scope:
    """Who reads the audit log: no row of any station."""
    return Scope(Role.AUDITOR, stations=())


def nobody() -> Scope:
    """A viewer who may see no station at all."""
    return Scope(Role.DISPLAY, stations=())


def scope_of(role: Role, station_code: str = "", district_code: str = "") -> Scope:
    """The scope of an account. A station or district role without its unit sees nothing.

    >>> scope_of(Role.STATION, "S1").stations, scope_of(Role.DISTRICT).districts
    (('S1',), ())
    """
    if role is Role.STATION:
        return Scope(role, stations=(station_code,) if station_code else ())
    if role is Role.DISTRICT:
        return Scope(role, districts=(district_code,) if district_code else ())
    return Scope(role) if role in (Role.COMMAND, Role.ADMIN) else Scope(role, stations=())
