"""How sure a rank is: would this order hold if the counts had come out a little differently by chance?

Parametric resampling: every count is drawn anew from the law it plausibly follows, with what was observed as its
mean, the whole month is scored by the same arithmetic, and the ranks of the draws are counted (Goldstein &
Spiegelhalter 1996, J. R. Stat. Soc. A 159, 385-443: ranks without their uncertainty mislead). Laws: counts of
incidents and of work Poisson, a quantity summed over sessions in proportion to a Poisson number of sessions,
shares of observations binomial; states that are counted, not observed (posts built), stay as they are. A month's
accidents are part of its twelve months', so both move together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from domain.assessment_core import Floats, Pair, Stack, marks, stacked
from domain.assessment_inputs import MonthInputs
from domain.assessment_rules import AssessmentRules, Chance, Form, Source, Take
from domain.assessment_score import StationScore


@dataclass(frozen=True, slots=True)
class RankBand:
    """A rank and how far it would move.

    Args:
        low, high: ranks that hold the rules' interval (90 %) of the draws, `low` the better.
        holds: share of the draws in which the station stays above the next in its group, 0..1; None for the last.
        draws: how many.
    """

    low: int
    high: int
    holds: float | None
    draws: int


def rank_bands(
    inputs: MonthInputs, rules: AssessmentRules, scores: Sequence[StationScore], rng: np.random.Generator
) -> dict[str, RankBand]:
    """Station code -> the band of its rank; stations without a total are absent.

    Args:
        scores: of these inputs, in their order, with ranks; their adjustments are kept as they are.
        rng: seeded by the rules (`rules.chance.seed`), so that the same month gives the same bands.
    """
    modes = [one.mode for one in inputs.stations]
    drawn = drawn_stack(stacked(inputs.stations, rules, inputs.pace), rules, rng)
    extra = np.array([one.bonus - one.deduction for one in scores])
    totals = np.broadcast_to(marks(drawn, rules, modes).total, (rules.chance.draws, len(modes))) + extra
    found: dict[str, RankBand] = {}
    for mode in dict.fromkeys(modes):
        members = [at for at, one in enumerate(scores) if one.mode == mode and one.complete]
        members.sort(key=lambda at: scores[at].rank or 0)
        found |= _bands(totals[:, members], [scores[at].code for at in members], rules.chance.interval)
    return found


def _bands(totals: Floats, codes: Sequence[str], interval: float) -> dict[str, RankBand]:
    """Bands of one group; its columns are in the order of rank. A total that a draw leaves undefined ranks last."""
    draws, count = totals.shape
    if not count:
        return {}
    filled = np.where(np.isnan(totals), -np.inf, totals)
    order = np.argsort(-filled, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, count + 1), order.shape), axis=1)
    tail = (1 - interval) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="inverted_cdf").astype(int)
    holds = np.mean(filled[:, :-1] >= filled[:, 1:], axis=0).tolist()
    return {
        code: RankBand(int(low[at]), int(high[at]), holds[at] if at < count - 1 else None, draws)
        for at, code in enumerate(codes)
    }


def drawn_stack(stack: Stack, rules: AssessmentRules, rng: np.random.Generator) -> Stack:
    """The stack with every number that is scored drawn anew, (draws, stations); what has no data keeps none."""
    parts = [part for one in rules.indicators for part in one.parts if part.form in (Form.CHANGE, Form.SHRUNK)]
    compared = {rules.by_source[code].task for part in parts for code in part.sources}
    earlier = [one for one in rules.sources if one.task in compared]
    return replace(
        stack,
        now=_side(stack.now, rules.sources, rules, rng),
        base={**stack.base, **_side(stack.base, earlier, rules, rng)},
    )


def _side(
    side: Mapping[str, Pair], sources: Sequence[Source], rules: AssessmentRules, rng: np.random.Generator
) -> dict[str, Pair]:
    drawn = {one.code: _drawn(one, side[one.code], rules, rng) for one in sources if one.take is not Take.YEAR}
    for year in (one for one in sources if one.take is Take.YEAR):
        months = [one.code for one in sources if one.task == year.task and one.take is Take.SUM]
        drawn[year.code] = _year(year, side, drawn, months, rules=rules, rng=rng)
    return drawn


def _year(
    source: Source,
    side: Mapping[str, Pair],
    drawn: Mapping[str, Pair],
    months: Sequence[str],
    *,
    rules: AssessmentRules,
    rng: np.random.Generator,
) -> Pair:
    """Twelve months: the month as it was drawn, and the other eleven drawn by themselves."""
    whole = side[source.code]
    if not months or source.chance is Chance.NONE:
        return _drawn(source, whole, rules, rng)
    month = side[months[0]].numerator
    rest = Pair(np.maximum(whole.numerator - np.nan_to_num(month), 0.0), whole.denominator, np.zeros_like(whole.rows))
    others = _drawn(source, rest, rules, rng).numerator
    return Pair(others + np.nan_to_num(drawn[months[0]].numerator), whole.denominator, whole.rows)


def _drawn(source: Source, pair: Pair, rules: AssessmentRules, rng: np.random.Generator) -> Pair:
    known = ~np.isnan(pair.numerator)
    if source.chance is Chance.NONE or (not known.any() and rules.chance.dispersion <= 1):
        return pair  # nothing to draw; of a mean of 0 no random number is taken
    shape = rules.chance.draws, len(pair.numerator)
    mean = np.where(known, np.maximum(pair.numerator, 0.0), 0.0)
    if source.chance is Chance.BINOMIAL:
        tries = np.where(known, pair.denominator, 0.0)
        share = np.divide(mean, tries, out=np.zeros_like(mean), where=tries > 0)
        found: Floats = rng.binomial(np.round(tries).astype(np.int64), np.clip(share, 0, 1), shape).astype(float)
    else:
        rows = np.where(pair.rows > 0, pair.rows, mean)
        a_row = np.divide(mean, rows, out=np.zeros_like(mean), where=rows > 0)
        found = _counts(rows, rules.chance.dispersion, shape, rng) * a_row
    return Pair(np.where(known, found, np.nan), pair.denominator, pair.rows)


def _counts(mean: Floats, dispersion: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Counts of this mean and of `dispersion` times Poisson's variance (a gamma mixture above 1)."""
    rates: npt.NDArray[np.float64] = np.broadcast_to(mean, shape)
    if dispersion > 1:
        rates = rng.gamma(np.maximum(mean, 1e-12) / (dispersion - 1), dispersion - 1, shape)
    return rng.poisson(rates).astype(float)
