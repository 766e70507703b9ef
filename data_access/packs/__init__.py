"""Packs: each day's incidents as columns of small numbers, made by the refresh and kept in memory for maps.

docs/adr/0008-packs-of-incidents.md says why.
"""

from __future__ import annotations

from data_access.packs.build import rebuild_packs
from data_access.packs.store import configure

__all__ = ["configure", "rebuild_packs"]
