"""Choosing, adding up and paging without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from domain.incident_filter import Circle, Filter
from domain.incidents import CITIZEN, EMPTY, MICRO, OFFICER, REPEAT, VALID, Codes, Frame, Frames, Groups, minute_number
from domain.span import Span
from domain.tally import chosen, pick, tally

SPAN = Span(datetime(2024, 5, 6), datetime(2024, 5, 8))
CELL = 0x8928308280FFFFF
CODES = Codes(
    stations=("S1", "S2"), kinds=(("accident", "minor"), ("order", "")), channels=("phone",), grids=("",),
    tags=("night", "works"), cells=np.array([CELL], dtype=np.uint64),
)  # fmt: skip
TIMES = [datetime(2024, 5, 6, 8, 59), datetime(2024, 5, 6, 9), datetime(2024, 5, 7, 9)]


def frame(**given: Any) -> Frame:
    """Three incidents: valid accident of S1, invalid order of S1, repeated order of S2 found by an officer."""
    minute = np.array([minute_number(at) for at in TIMES], dtype=np.int32)
    columns = {
        "minute": minute,
        "day": (minute // 1440).astype(np.uint16),
        "hour": (minute // 60 % 24).astype(np.uint8),
        "station": np.array([0, 0, 1], dtype=np.uint16),
        "kind": np.array([0, 1, 1], dtype=np.uint16),
        "channel": np.zeros(3, dtype=np.uint8),
        "grid": np.zeros(3, dtype=np.uint16),
        "flags": np.array([VALID | CITIZEN, CITIZEN, VALID | REPEAT | OFFICER], dtype=np.uint8),
        "severity": np.array([2, 0, 0], dtype=np.uint8),
        "deaths": np.zeros(3, dtype=np.uint8),
        "injuries": np.array([3, 0, 0], dtype=np.uint8),
        "tags": np.array([3, 0, 2], dtype=np.uint8),
        "cell": np.array([0, -1, 0], dtype=np.int32),
        "row": np.array([0, 1, 0], dtype=np.uint16),
        "lng": np.array([120, 0, 120.001]) * MICRO,
        "lat": np.array([30, 0, 30]) * MICRO,
    }
    columns |= {name: columns[name].astype(np.int32) for name in ("lng", "lat")}
    return Frame(**{**columns, **given})


def positions(wanted: Filter, codes: Codes = CODES, **given: Any) -> list[int]:
    return chosen(frame(**given), codes, wanted, {"S1": "D1", "S2": "D2"}, {8892: "workday", 8893: "holiday"}).tolist()


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Filter(), [0, 2]),
        (Filter(valid="all"), [0, 1, 2]),
        (Filter(valid="no"), [1]),
        (Filter(repeat="first"), [0]),
        (Filter(found="officer"), [2]),
        (Filter(classes=("order",)), [2]),
        (Filter(classes=("accident",), subclasses=("absent",)), []),
        (Filter(tags=("night",)), [0]),
        (Filter(tags=("night", "works")), [0, 2]),
        (Filter(tags=("absent",)), []),
        (Filter(districts=("D2",)), [2]),
        (Filter(hours=(9,), valid="all"), [1, 2]),
        (Filter(weekdays=(0,), valid="all"), [0, 1]),
        (Filter(day_kinds=("holiday",)), [2]),
        (Filter(placed="no", valid="all"), []),
        (Filter(cell="85283083fffffff", valid="all"), [0, 2]),
        (Filter(cell="8928308280fffff"), [0, 2]),
        (Filter(cell="8528308bfffffff"), []),
        (Filter(near=Circle(120, 30, 96)), [0]),
        (Filter(near=Circle(120, 30, 97)), [0, 2]),
    ],
)
def test_each_field_narrows(wanted: Filter, passes: list[int]) -> None:
    assert positions(wanted) == passes


def grouped() -> tuple[Codes, Frame]:
    """The same incidents with groups worked out, in another order than the incidents'."""
    plain, order = frame(), np.array([2, 0, 1])
    names = ("kind", "channel", "flags", "severity", "deaths", "injuries", "tags")
    groups = Groups(**{name: getattr(plain, name)[order] for name in names})
    return replace(CODES, groups=groups), frame(group=np.argsort(order).astype(np.uint16))


@pytest.mark.parametrize("wanted", [Filter(), Filter(valid="all"), Filter(tags=("works",)), Filter(found="citizen")])
def test_groups_change_nothing(wanted: Filter) -> None:
    codes, part = grouped()
    with_groups = tally(Frames(codes, (part,)), SPAN, wanted, {}, {})
    without = tally(Frames(CODES, (frame(),)), SPAN, wanted, {}, {})
    for name in ("total", "placed", "injuries", "by_kind", "by_found", "by_tag", "by_severity", "by_station"):
        assert getattr(with_groups, name) == getattr(without, name)
    assert with_groups.by_day_hour.tolist() == without.by_day_hour.tolist()


def test_a_tally_adds_up() -> None:
    found = tally(Frames(CODES, (frame(),)), SPAN, Filter(valid="all"), {}, {})
    assert (found.total, found.placed, found.injuries, found.by_cell.tolist()) == (3, 2, 3, [2])
    assert found.by_day_hour.shape == (2, 24)
    assert [tuple(map(int, at)) for at in zip(*found.by_day_hour.nonzero(), strict=True)] == [(0, 8), (0, 9), (1, 9)]
    assert found.by_class == {"order": 2, "accident": 1}
    assert found.by_tag == {"night": 1, "works": 2}
    assert found.by_found == {"citizen": 2, "officer": 1}


def test_nothing_is_a_tally_of_zeros() -> None:
    found = tally(EMPTY, SPAN, Filter(), {}, {})
    assert (found.total, found.placed, found.by_day_hour.sum(), len(found.by_cell)) == (0, 0, 0, 0)
    assert found.by_kind == found.by_found == {}


def test_pages_run_from_the_newest_to_the_oldest() -> None:
    both = Frames(CODES, (frame(), frame(row=np.array([5, 6, 7], dtype=np.uint16))))
    pages = [pick(both, Filter(valid="all"), {}, {}, page=page, size=4) for page in (1, 2, 3)]
    assert [total for _, total in pages] == [6, 6, 6]
    assert [[row for _, row in refs] for refs, _ in pages] == [[7, 6, 5, 0], [1, 0], []]
