"""What the assessment is done with: database, catalogue, rule book; and its tasks as they are asked for by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Engine

from domain.assessment_rules import AssessmentRules, RuleBook
from domain.errors import Refused
from domain.month import Month
from domain.task import Catalogue, Method, Period, Task

COUNTS = (Method.COUNT, Method.CHANGE)
"""Methods for which a stretch without rows means none were there, once there are rows at all."""


@dataclass(frozen=True)
class Desk:
    """What every answer about the assessment is made with."""

    engine: Engine
    catalogue: Catalogue
    book: RuleBook

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

    def is_count(self, code: str) -> bool:
        """The task counts something, so that no row means zero."""
        return code in self.tasks and self.tasks[code].measure.method in COUNTS


def _of_a_day(task: Task) -> Task:
    measure = task.measure
    if measure.method is Method.CHANGE:
        measure = replace(measure, method=Method.COUNT, base=None)
    return replace(task, period=Period.DAY, measure=measure)
