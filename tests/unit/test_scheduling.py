"""Which tests run in one process."""

from __future__ import annotations

import pytest

from tests.support.scheduling import group_of


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/e2e/test_wall_panels.py::test_a", "walls"),
        ("tests/e2e/test_board.py::test_a[x::y]", "pages"),
        ("tests/integration/test_door.py::test_a[sqlite]", "tests/integration/test_door.py"),
        ("tests/unit/test_ranks.py::test_a[1]", "tests/unit/test_ranks.py::test_a[1]"),
    ],
)
def test_what_is_dear_to_prepare_is_shared(nodeid, group):
    assert group_of(nodeid) == group
