"""Signs of gaming beside a score (DOMAIN 2.3): they take no points, they ask for a look at the rows."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from operator import add

from domain.assessment_rules import AssessmentRules, GuardRule
from domain.assessment_score import StationScore

RECLASSIFIED, LATE, LAST_DAY, SMALL = "reclassified", "late", "last_day", "small"
GUARDS = (RECLASSIFIED, LATE, LAST_DAY, SMALL)


@dataclass(frozen=True, slots=True)
class GuardCounts:
    """What the rows of one station's month say.

    Args:
        incidents: that were or are accidents or order calls. reclassified: of them moved away from traffic: an
            accident to another class, an order call to "other".
        entered: incidents whose moment of entry is known. late: of them entered too long after they happened.
        closings: work orders closed in the month. last_day: of them on its last day.
    """

    incidents: int = 0
    reclassified: int = 0
    entered: int = 0
    late: int = 0
    closings: int = 0
    last_day: int = 0

    def plus(self, other: GuardCounts) -> GuardCounts:
        """The counts of two stretches together."""
        return GuardCounts(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Guard:
    """One sign.

    Args:
        code: one of `GUARDS`. value: a share 0..1; of "last_day" how many times an even pace; of "small" the
            number of sources below their sample size. None without rows.
        limit: from where on it is raised. raised: it is.
        subjects: of "small", codes of the sources.
    """

    code: str
    numerator: float
    denominator: float
    value: float | None
    limit: float
    raised: bool
    subjects: tuple[str, ...] = ()


def guards(counts: GuardCounts, score: StationScore, rules: AssessmentRules, days: int) -> tuple[Guard, ...]:
    """The signs of one station, in the order of `GUARDS`.

    Args:
        days: of the month.
    """
    rule = rules.guards
    return (
        _share(RECLASSIFIED, counts.reclassified, counts.incidents, rule.reclassified),
        _share(LATE, counts.late, counts.entered, rule.late),
        _last_day(counts, rule, days),
        _small(score, rules),
    )


def _share(code: str, part: int, whole: int, limit: float) -> Guard:
    value = part / whole if whole else None
    return Guard(code, part, whole, value, limit, value is not None and value > limit)


def _last_day(counts: GuardCounts, rule: GuardRule, days: int) -> Guard:
    value = counts.last_day * days / counts.closings if counts.closings else None
    raised = value is not None and value > rule.last_day and counts.last_day >= rule.closings
    return Guard(LAST_DAY, counts.last_day, counts.closings, value, rule.last_day, raised)


def _small(score: StationScore, rules: AssessmentRules) -> Guard:
    notes = [note.subject for one in score.indicators for note in one.notes if note.code == "below_sample"]
    subjects = tuple(dict.fromkeys(notes))
    asked = sum(1 for source in rules.sources if source.least)
    return Guard(SMALL, len(subjects), asked, float(len(subjects)), 0.0, bool(subjects), subjects)
