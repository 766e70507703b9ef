"""How hot places come and go: some emerge, some fade, some calm down under treatment, November is not November.

Days are counted back from the day of loading. A place is its station's number (from 0) and its rank there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_access.demo.places import PER_STATION

Spot = tuple[int, int]
EMERGING: dict[Spot, int] = {(3, 2): 70, (8, 0): 60, (9, 1): 80, (18, 2): 50}
"""Place -> days ago at which it began to be hot."""
FADING: dict[Spot, int] = {(2, 0): 75, (5, 1): 60}
"""Place -> days ago at which it ceased to be hot, without anybody's doing."""
MORE_IN_NOVEMBER: tuple[Spot, ...] = ((0, 1), (1, 0), (6, 2), (12, 1), (18, 1))
LESS_IN_NOVEMBER: tuple[Spot, ...] = ((3, 1), (4, 1), (7, 0), (9, 0), (19, 0))
"""Places that had more or fewer incidents than usual in the last whole November."""
_BEFORE_EMERGING, _AFTER_FADING, _MORE, _LESS = 0.10, 0.30, 3.2, 0.06


@dataclass(frozen=True)
class Treatment:
    """A hot-spot record and what really happened at its place; times in days before the day of loading.

    Args:
        status: of the record. opened, treated, ended: None where it has not come to that.
        after: share of incidents left by the treatment. lucky: incidents of the 60 days before opening,
            1 is usual: more shows how a place calms down by itself. back: days ago at which it rose again.
        due: days of the plan, from its treatment (or opening). None: there is no plan yet.
    """

    place: Spot
    status: str
    opened: int
    treated: int | None = None
    ended: int | None = None
    after: float = 1.0
    lucky: float = 1.0
    back: int = 0
    due: int | None = 120
    origin: str = "rule"
    class_code: str = "accident"


TREATMENTS = (
    Treatment((0, 0), "treated", 122, 118, after=0.38),
    Treatment((1, 1), "treated", 108, 104, after=0.45),
    Treatment((3, 0), "treated", 69, 66, after=0.50),
    Treatment((4, 0), "treated", 99, 95, due=60),
    Treatment((6, 4), "treated", 38, 35, after=0.60, origin="manual", class_code="order"),
    Treatment((7, 2), "treated", 96, 92, lucky=1.8),
    Treatment((18, 0), "closed", 243, 240, 130, after=0.40),
    Treatment((12, 0), "closed", 204, 200, 105, after=0.35, back=40),
    Treatment((11, 0), "open", 9, origin="local"),
    Treatment((21, 0), "open", 2, due=None),
    Treatment((3, 2), "open", 5, due=None),
    Treatment((0, 3), "withdrawn", 80, None, 76, due=None, origin="manual"),
)


def place_number(place: Spot) -> int:
    """Position of a place in the arrays of `Places`."""
    return place[0] * PER_STATION + place[1]


def factors(count: int, anchor: date, day: date) -> np.ndarray:
    """How hot each of `count` places is on `day`, 1 as usual.

    Args:
        anchor: the day of loading.
    """
    found, ago = np.ones(count), (anchor - day).days
    for place, since in EMERGING.items():
        found[place_number(place)] = 1.0 if ago <= since else _BEFORE_EMERGING
    for place, since in FADING.items():
        found[place_number(place)] = _AFTER_FADING if ago <= since else 1.0
    for one in TREATMENTS:
        found[place_number(one.place)] *= _treated(one, ago)
    if day.month == 11 and day.year == last_november(anchor):
        found[[place_number(place) for place in MORE_IN_NOVEMBER]] *= _MORE
        found[[place_number(place) for place in LESS_IN_NOVEMBER]] *= _LESS
    return found


def _treated(one: Treatment, ago: int) -> float:
    if one.treated is not None and one.back < ago <= one.treated:
        return one.after
    return one.lucky if one.opened < ago <= one.opened + 60 else 1.0


def last_november(today: date) -> int:
    """The year of the last whole November."""
    return today.year if today.month == 12 else today.year - 1
