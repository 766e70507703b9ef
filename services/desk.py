"""What the assessment is done with: database, catalogue, rule book; and its tasks as they are asked for by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from domain.assessment_rules import AssessmentRules, RuleBook
from domain.errors import Refused
from domain.month import Month
from domain.task import Catalogue, Method, Period, Task
from services.kept import Kept

COUNTS = (Method.COUNT, Method.CHANGE)
"""Methods for which a stretch without rows means none were there, once there are rows at all."""


@dataclass(frozen=True)
class Memory:
    """What is kept of months that are over, because it can only change with what its stamp names.

    Args:
        sums, risks: one month of some tasks, and of risk codes; by the stamp of the month's rollups.
        days: the closed days of a part of a month, likewise; first days; signs of gaming.
        inputs: one month of all stations; by everything it was read from.
        answers: scores, totals and bands that follow from inputs. locked: whole versions of locked months.
    """

    sums: Kept[Any] = field(default_factory=lambda: Kept(80))
    risks: Kept[Any] = field(default_factory=lambda: Kept(40))
    days: Kept[Any] = field(default_factory=lambda: Kept(32))
    inputs: Kept[Any] = field(default_factory=lambda: Kept(40))
    answers: Kept[Any] = field(default_factory=lambda: Kept(80))
    locked: Kept[Any] = field(default_factory=lambda: Kept(4))


@dataclass(frozen=True)
class Desk:
    """What every answer about the assessment is made with."""

    engine: Engine
    catalogue: Catalogue
    book: RuleBook
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)

    def rules(self, month: Month) -> AssessmentRules:
        """The version in force on the month's last day.

        Raises:
            Refused: none is in force yet.
        """
        found = self.book.on(month.last)
        if found is None:
            raise Refused("assessment.refused.no_rules", period=month.period)
        return found

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The tasks that any version of the rules names, by code."""
        codes = {source.task for rules in self.book.versions for source in rules.sources if source.task}
        return {task.code: task for task in self.catalogue.tasks if task.code in codes}

    @cached_property
    def by_day(self) -> tuple[Task, ...]:
        """These tasks as counts, rates and observations of one day; made once, so that their statements are kept."""
        return tuple(_of_a_day(task) for task in self.tasks.values())

    def by_day_of(self, codes: Collection[str]) -> tuple[Task, ...]:
        """Some of `by_day`."""
        return tuple(task for task in self.by_day if task.code in codes)

    def is_count(self, code: str) -> bool:
        """The task counts something, so that no row means zero."""
        return code in self.tasks and self.tasks[code].measure.method in COUNTS


def _of_a_day(task: Task) -> Task:
    measure = task.measure
    if measure.method is Method.CHANGE:
        measure = replace(measure, method=Method.COUNT, base=None)
    return replace(task, period=Period.DAY, measure=measure)
