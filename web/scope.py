"""Who is asking. Until there are accounts, everyone is the command room (setting BOARD_OPEN_ACCESS)."""

from __future__ import annotations

from domain.access import Scope, command


def current_scope() -> Scope:
    """The scope of the current request."""
    return command()
