"""Totals of whole months without their explanation: what a history needs, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from domain.assessment import capped, colour_of, score_one
from domain.assessment_core import Marks, marks, stacked
from domain.assessment_inputs import Adjustment, MonthInputs
from domain.assessment_records import TotalRow
from domain.assessment_rules import OUTCOME, PROCESS, AssessmentRules
from domain.assessment_score import StationScore, printed


def totals_of(
    inputs: MonthInputs, rules: AssessmentRules, adjustments: Iterable[Adjustment] = ()
) -> tuple[TotalRow, ...]:
    """The same totals, colours and ranks as `score_month`, in the order of the inputs."""
    lines: dict[str, list[Adjustment]] = {}
    for line in adjustments:
        lines.setdefault(line.station, []).append(line)
    modes = [one.mode for one in inputs.stations]
    found = marks(stacked(inputs.stations, rules, inputs.pace), rules, modes)
    blocks = [_known(found.block[name].tolist()) for name in (OUTCOME, PROCESS)]
    totals = []
    for one, base in zip(inputs.stations, _known(found.total.tolist()), strict=True):
        bonus, deduction = capped(lines.get(one.code, ()), rules)
        totals.append(None if base is None else base + bonus - deduction)
    ranks = _ranks(inputs, rules, found, totals)
    return tuple(
        TotalRow(
            period=inputs.month.period,
            station=one.code,
            total=totals[at],
            outcome=blocks[0][at],
            process=blocks[1][at],
            colour=colour_of(printed(totals[at]), rules).value,
            rank=ranks.get(at, (None, 0))[0],
            of=ranks.get(at, (None, 0))[1],
            district=one.district,
            residents_10k=one.residents_10k,
        )
        for at, one in enumerate(inputs.stations)
    )


def placed(
    inputs: MonthInputs, rules: AssessmentRules, code: str, adjustments: Sequence[Adjustment] = ()
) -> StationScore | None:
    """One station's score with its rank among all, as `score_month` gives it; None when the inputs do not hold it.

    Args:
        adjustments: of any station of the month.
    """
    score = score_one(inputs, rules, code, [line for line in adjustments if line.station == code])
    row = next((one for one in totals_of(inputs, rules, adjustments) if one.station == code), None)
    return replace(score, rank=row.rank, of=row.of) if score and row else None


def _known(values: list[float]) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values]


def _ranks(
    inputs: MonthInputs, rules: AssessmentRules, found: Marks, totals: list[float | None]
) -> dict[int, tuple[int, int]]:
    """Position -> rank inside its mode, and of how many."""
    ties = [np.nan_to_num(found.weight[code] * found.share[code], nan=-1.0).tolist() for code in rules.ties]
    groups: dict[str | None, list[int]] = {}
    for at, one in enumerate(inputs.stations):
        if totals[at] is not None:
            groups.setdefault(one.mode, []).append(at)
    ranks: dict[int, tuple[int, int]] = {}
    for group in groups.values():
        group.sort(
            key=lambda at: (-(printed(totals[at]) or 0.0), *(-tie[at] for tie in ties), inputs.stations[at].code)
        )
        ranks |= {at: (place, len(group)) for place, at in enumerate(group, 1)}
    return ranks
