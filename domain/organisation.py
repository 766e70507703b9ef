"""What an administrator may write of stations and districts: codes, places, and who belongs to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from domain.administration import DistrictRow
from domain.errors import BadRequest, Refused

LONGEST = 64
_CODE = re.compile(r"(?=.*[A-Z0-9])[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)


def check_code(code: str) -> None:
    """A code stands in addresses and files; a lower-case word alone could be one of our own addresses.

    Raises:
        BadRequest: names the code.

    >>> check_code("990109010000"), check_code("ROMA-I")
    (None, None)
    """
    if not _CODE.fullmatch(code):
        raise BadRequest("admin.bad.code", value=code[:LONGEST])


def check_place(lng: float | None, lat: float | None) -> None:
    """Longitude and latitude belong together; 0/0 is what devices send that know no place.

    Args:
        lng, lat: degrees of WGS-84, in their range; None where nothing is known.

    Raises:
        BadRequest: only one of them, or 0/0.
    """
    if (lng is None) != (lat is None) or (lng == 0 and lat == 0):
        raise BadRequest("admin.bad.place", lng=_told(lng), lat=_told(lat))


def _told(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:g}"


def check_district(values: Mapping[str, object], districts: Iterable[DistrictRow]) -> None:
    """A station that is in use belongs to a district that is in use.

    Args:
        values: `district` and `active` of the station as it will be.

    Raises:
        BadRequest: no such district, or it is closed.
    """
    code = str(values["district"])
    found = next((row for row in districts if row.code == code), None)
    if found is None or (values["active"] and not found.active):
        raise BadRequest("admin.bad.district", value=code[:LONGEST])


def check_closing(row: DistrictRow) -> None:
    """A district is closed when no station of it is in use any more.

    Raises:
        Refused: says how many are.
    """
    if row.stations:
        raise Refused("admin.refused.district_busy", district=row.code, n=row.stations)
