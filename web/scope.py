"""What the current viewer may read."""

from __future__ import annotations

from domain.access import Scope
from web.identity import viewer


def current_scope() -> Scope:
    """The scope of the current request; of whoever has not passed the door: nothing."""
    return viewer().scope
