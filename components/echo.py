"""What every answer says about itself, for the poller and the shell's clock."""

from __future__ import annotations

from datetime import datetime

from domain.board import Board


def echo(board: Board | None, version: str | None) -> dict[str, object]:
    """`v` data version shown, `at` instant it was judged at, `data` newest sign of life, `demo`, `past`.

    Times are ISO wall time to the second or None.
    """
    if board is None:
        return {"v": version}
    return {
        "v": version,
        "at": iso(board.as_of),
        "data": iso(board.data_at),
        "demo": board.demo,
        "frozen": board.frozen,
    }


def iso(moment: datetime | None) -> str | None:
    """ISO wall time to the second."""
    return moment.isoformat(timespec="seconds") if moment else None
