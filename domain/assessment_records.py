"""What is written about an assessment: locked months, adjustments, appeals; and which of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.assessment_guards import Guard
from domain.assessment_inputs import Adjustment
from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore

LOCKED, CORRECTED = "locked", "corrected"
"""Status of a version: the first lock of a month, and a correction (更正) beside it."""


@dataclass(frozen=True, slots=True)
class LockHead:
    """One version of a locked month. `note`: a remark; of a correction its reason."""

    period: str
    version: int
    status: str
    rule_version: str
    input_digest: str
    locked_by: str
    locked_at: datetime
    note: str


@dataclass(frozen=True)
class LockedMonth:
    """A version with everything that was frozen. `rules`: the text of its rules; `guards`: station -> signs."""

    head: LockHead
    rules: str
    scores: tuple[StationScore, ...]
    guards: Mapping[str, tuple[Guard, ...]]


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One station's month in a history. `version`: of the lock, 0 while it is open; colour: a code of `Colour`."""

    period: str
    station: str
    total: float | None
    outcome: float | None
    process: float | None
    colour: str
    rank: int | None
    of: int
    district: str | None = None
    residents_10k: float | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """Points outside the hundred, as somebody enters them."""

    period: str
    station: str
    points: float
    matter: str
    document: str
    author: str


@dataclass(frozen=True, slots=True)
class AdjustmentRecord:
    """An adjustment as it is stored. A withdrawn one counts no more, and stays to be seen."""

    period: str
    line: Adjustment
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""

    def counts_at(self, moment: datetime) -> bool:
        """It was written by then, and not withdrawn."""
        return self.line.written_at <= moment and (self.withdrawn_at is None or self.withdrawn_at > moment)


@dataclass(frozen=True, slots=True)
class NewAppeal:
    """What a station says to its score. `indicator`: "" for the whole; `version`: of the lock, 0 for a live month."""

    period: str
    version: int
    station: str
    indicator: str
    body: str
    author: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal and its answer; `reply` is empty until there is one."""

    appeal_id: str
    period: str
    version: int
    station: str
    indicator: str
    body: str
    author: str
    written_at: datetime
    reply: str = ""
    replied_by: str = ""
    replied_at: datetime | None = None


def adjustment_reason(new: NewAdjustment, rules: AssessmentRules) -> str | None:
    """Why an adjustment cannot stand; None when it can. Keys: `assessment.refused.<reason>`."""
    if not new.author.strip():
        return "author"
    if not new.matter.strip() or not new.document.strip():
        return "document"
    most = rules.bonus_cap if new.points > 0 else rules.deduction_cap
    return "points" if not 0 < abs(new.points) <= most else None


def appeal_reason(new: NewAppeal, rules: AssessmentRules) -> str | None:
    """Why an appeal cannot stand; None when it can."""
    if not new.author.strip():
        return "author"
    if not new.body.strip():
        return "text"
    return "indicator" if new.indicator and new.indicator not in rules.by_code else None
