"""What the workbook of a month holds beside its ranking: the four figures of harm (四项指数) with the same period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.assessment_views import RankingView
from domain.board import Unit
from domain.span import Span


@dataclass(frozen=True, slots=True)
class Harm:
    """Valid accidents of a stretch.

    Args:
        loss_yuan: property damage of those accidents that state it. stated: how many do.
    """

    accidents: int = 0
    deaths: int = 0
    injuries: int = 0
    loss_yuan: float = 0.0
    stated: int = 0

    @property
    def loss(self) -> float | None:
        """Property damage in yuan; None where there were accidents and none states it."""
        return None if self.accidents and not self.stated else self.loss_yuan


@dataclass(frozen=True, slots=True)
class HarmLine:
    """One station; `unit` None for accidents that belong to none shown. `base` None where rows began later."""

    unit: Unit | None
    now: Harm
    base: Harm | None


@dataclass(frozen=True)
class MonthBook:
    """A month's workbook.

    Args:
        span, base_span: the month, or what of it is gone, and the same a year earlier. harm: counted out of the
            rows as they stand, also when the scores are locked.
    """

    view: RankingView
    span: Span
    base_span: Span
    harm: tuple[HarmLine, ...]

    @property
    def total(self) -> HarmLine:
        """All lines added up."""
        bases = [line.base for line in self.harm if line.base is not None]
        known = len(bases) == len(self.harm)
        return HarmLine(None, added(line.now for line in self.harm), added(bases) if known else None)


def added(parts: Iterable[Harm]) -> Harm:
    """The sum of several stretches or stations."""
    told = list(parts)
    return Harm(
        accidents=sum(one.accidents for one in told),
        deaths=sum(one.deaths for one in told),
        injuries=sum(one.injuries for one in told),
        loss_yuan=sum(one.loss_yuan for one in told),
        stated=sum(one.stated for one in told),
    )
