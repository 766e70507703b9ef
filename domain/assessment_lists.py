"""What follows from the ranks: red and black list, district scores, what changed between two scorings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.assessment_rules import AssessmentRules
from domain.assessment_score import StationScore

RED, BLACK = "red", "black"
_CLOSE = 5e-10


@dataclass(frozen=True, slots=True)
class DistrictScore:
    """A district's mean, weighted by residents; ranks are never averaged (DOMAIN 2.7).

    Args:
        score: None when no station counts. outcome, process: the same means of the blocks.
        counted: stations in it. left_out: codes of those without a total or without known residents.
    """

    district: str | None
    score: float | None
    outcome: float | None
    process: float | None
    residents_10k: float
    counted: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that a correction changed. `subject`: an indicator, or "total", "adjustments", "rank"."""

    station: str
    subject: str
    before: float | None
    after: float | None


def listed(scores: Sequence[StationScore], rules: AssessmentRules) -> dict[str, str]:
    """Station code -> "red" or "black"; the others are on no list.

    Red: the first of each mode. Black: the last of each mode, and below the rules' limit. In a small group a
    station may be both; then it is on the black list only.
    """
    found = {}
    for one in scores:
        if one.rank is None or one.shown is None:
            continue
        if one.rank > one.of - rules.black_list and one.shown < rules.black_below:
            found[one.code] = BLACK
        elif one.rank <= rules.red_list:
            found[one.code] = RED
    return found


def district_scores(scores: Iterable[StationScore]) -> tuple[DistrictScore, ...]:
    """One mean for each district that occurs, sorted by code."""
    groups: dict[str | None, list[StationScore]] = {}
    for one in scores:
        groups.setdefault(one.district, []).append(one)
    return tuple(_district(code, groups[code]) for code in sorted(groups, key=lambda code: code or ""))


def _district(code: str | None, scores: Sequence[StationScore]) -> DistrictScore:
    counted = [(one.residents_10k, one) for one in scores if one.complete and one.residents_10k]
    people = sum(residents for residents, _ in counted)

    def mean(values: Iterable[float]) -> float | None:
        weighted = sum(residents * value for (residents, _), value in zip(counted, values, strict=True))
        return weighted / people if people else None

    inside = {one.code for _, one in counted}
    return DistrictScore(
        district=code,
        score=mean([one.total or 0.0 for _, one in counted]),
        outcome=mean([one.blocks[0].points or 0.0 for _, one in counted]),
        process=mean([one.blocks[1].points or 0.0 for _, one in counted]),
        residents_10k=people,
        counted=len(counted),
        left_out=tuple(one.code for one in scores if one.code not in inside),
    )


def differences(before: Iterable[StationScore], after: Iterable[StationScore]) -> tuple[Difference, ...]:
    """What a correction changed, station by station; empty when every number is the same."""
    old, new = ({one.code: one for one in scores} for scores in (before, after))
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        first, second = _numbers(old.get(code)), _numbers(new.get(code))
        for subject in dict.fromkeys((*first, *second)):
            if _differ(first.get(subject), second.get(subject)):
                found.append(Difference(code, subject, first.get(subject), second.get(subject)))
    return tuple(found)


def _numbers(score: StationScore | None) -> dict[str, float | None]:
    if score is None:
        return {}
    points = {one.code: one.points for one in score.indicators}
    return {**points, "adjustments": score.bonus - score.deduction, "total": score.total, "rank": score.rank}


def _differ(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is not second
    return abs(first - second) > _CLOSE
