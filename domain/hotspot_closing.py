"""When a hot spot's treatment may end: 90 days with a fall of at least 50 % (DOMAIN 2.5), both from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.map_rules import ClosingRule
from domain.span import Span


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """Whether treatment may end.

    Args:
        days: whole days of treatment. spans: the two stretches that are compared (`stretches`).
        before, after: incidents in them.
    """

    rule: ClosingRule
    days: int
    spans: tuple[Span, Span]
    before: int
    after: int

    @property
    def fall(self) -> float | None:
        """Share by which incidents fell; negative when they rose, None when there were none before."""
        return 1 - self.after / self.before if self.before else None

    @property
    def long_enough(self) -> bool:
        """The rule's days are over."""
        return self.days >= self.rule.days

    @property
    def fell_enough(self) -> bool:
        """The rule's fall is reached."""
        return self.fall is not None and self.fall >= self.rule.fall - 1e-9


def stretches(treated_at: datetime, until: datetime, rule: ClosingRule) -> tuple[Span, Span]:
    """The two stretches of whole days that are compared: before treatment, and the last ones up to yesterday.

    The one ends with the day before treatment began, the other with the day before `until`. They are as
    long as the treatment, at most the rule's days: a place that fell and rose again does not close. Both
    are empty on the first day. Whole days, so that the rows behind each number can be listed.
    """
    first, last = midnight(treated_at), midnight(until)
    length = min(max(last - first, timedelta()), timedelta(days=rule.days))
    return Span(first - length, first), Span(max(first, last) - length, max(first, last))


def days_treated(treated_at: datetime, until: datetime) -> int:
    """Whole days of treatment that are over."""
    return max(0, (until.date() - treated_at.date()).days)


def midnight(moment: datetime) -> datetime:
    """The first second of a moment's day."""
    return datetime.combine(moment.date(), time.min)
