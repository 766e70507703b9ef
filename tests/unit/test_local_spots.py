"""Hexagons of the local statistic: of the resolution that the rules name, whatever the incidents are kept in."""

from types import SimpleNamespace
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import pytest

from domain.incidents import Codes
from services.local_spots import _cells, _counts
from services.located import Located


@pytest.mark.parametrize("level", [7, 8, 9])
def test_incidents_are_counted_in_hexagons_of_the_rules_resolution(level: int) -> None:
    known = np.array(sorted(h3.grid_disk(h3.latlng_to_cell(30.0, 120.58, 9), 3)), dtype=np.uint64)
    cell = np.array([0, 5, 5, 30], dtype=np.int32)
    nothing = np.zeros(len(cell))
    source = Located(Codes(cells=known), nothing, nothing, *([nothing] * 6), cell, nothing, nothing)
    look: Any = SimpleNamespace(ground=SimpleNamespace(rules=SimpleNamespace(local=SimpleNamespace(resolution=level))))
    held = _cells(look, source)
    assert held.tolist() == [h3.cell_to_parent(int(known[one]), level) for one in cell]
    assert _counts(held, np.unique(held)).sum() == len(cell)
