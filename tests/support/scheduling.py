"""Which tests one process runs, so that what is dear to prepare is prepared once.

pytest-xdist's own groups are not recognised by pytest 9.2 (it writes them into a name that is no longer read), so the
groups are told here, by the file a test lies in.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

WALLS = ("test_wall", "test_kiosk", "test_map_component")
"""Browser tests that do without the demo district."""


def group_of(nodeid: str) -> str:
    """The group of a test; itself where it needs no company.

    Browser tests share a server and a browser: those of the walls in one process, those of the pages in another.
    Integration tests share the databases of their file.
    """
    path = nodeid.split("::", 1)[0]
    folder, _, name = path.rpartition("/")
    if folder.endswith("e2e"):
        return "walls" if name.startswith(WALLS) else "pages"
    return path if folder.endswith("integration") else nodeid


class ByGroup(LoadScopeScheduling):
    """The largest groups first, single tests last."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
