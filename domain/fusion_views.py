"""The frozen answer of the fusion modes' page."""

from __future__ import annotations

from dataclasses import dataclass

from domain.board import Board, Unit
from domain.fusion import Clustering, Suggestion
from domain.span import Span


@dataclass(frozen=True, slots=True)
class FusionLine:
    """A station: its official mode, and what its figures suggest; None where it could not be placed."""

    unit: Unit
    suggestion: Suggestion | None

    @property
    def agrees(self) -> bool | None:
        """The suggestion is the official mode; None without one of them."""
        if self.suggestion is None or self.unit.fusion_mode is None:
            return None
        return self.suggestion.mode == self.unit.fusion_mode


@dataclass(frozen=True)
class FusionView:
    """The suggestion beside the official modes.

    Args:
        span: the twelve whole months it rests on. clustering: of all stations; None where nothing can be suggested.
        points: how many stations were grouped: few of them are weak evidence, which the page says.
    """

    board: Board
    span: Span
    lines: tuple[FusionLine, ...]
    clustering: Clustering | None
    points: int
