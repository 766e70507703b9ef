"""The arithmetic of the assessment, on whole columns: stations along the last axis, chance draws before it.

One code scores a month, a what-if, a projection and a thousand draws. NaN stands for "no data" throughout;
nothing is silently 0 or full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from domain.assessment_inputs import Amount, StationInputs
from domain.assessment_rules import BLOCKS, AssessmentRules, Curve, Form, Indicator, Part

Floats = npt.NDArray[np.float64]
_NOTHING = float("nan")


@dataclass(frozen=True)
class Pair:
    """Numerators, denominators and numbers of rows of one source, shape (..., stations)."""

    numerator: Floats
    denominator: Floats
    rows: Floats


@dataclass(frozen=True)
class Stack:
    """Stations' inputs as columns.

    Args:
        now, base: source code -> pair; every source of the rules is there.
        residents: 10 000 residents, NaN or 0 where unknown. district: number of each station's district.
        pace: see `MonthInputs`.
        rates: source code -> (district rate now, a year earlier) per station; given where they shall not follow
            the stack's own stations, as for a stack of one.
    """

    now: Mapping[str, Pair]
    base: Mapping[str, Pair]
    residents: Floats
    district: npt.NDArray[np.intp]
    pace: float = 1.0
    rates: Mapping[str, tuple[Floats, Floats]] | None = None


@dataclass(frozen=True)
class Marks:
    """What the arithmetic says; every array has the shape of the inputs.

    Args:
        x, got: (indicator, part) -> x, and the share of its points 0..1 before the sample rule.
        sample: (indicator, part) -> factor 0..1 for too small a sample.
        share: indicator -> share of its points, NaN without data. weight: its points after rescaling, NaN without.
        block: block -> points, NaN where none of its indicators has data. total: NaN where a block is NaN.
    """

    x: Mapping[tuple[str, str], Floats]
    got: Mapping[tuple[str, str], Floats]
    sample: Mapping[tuple[str, str], Floats]
    share: Mapping[str, Floats]
    weight: Mapping[str, Floats]
    block: Mapping[str, Floats]
    total: Floats


def curve(points: Curve, x: npt.ArrayLike) -> Floats:
    """The share of points at `x`: straight between the points of the curve, flat outside, NaN for NaN.

    >>> float(curve(((0.85, 1.0), (1.0, 0.6), (1.2, 0.0)), 0.91).round(9))
    0.84
    """
    xs, shares = zip(*points, strict=True)
    found: Floats = np.interp(np.asarray(x, dtype=float), xs, shares)
    return found if len(xs) > 1 else np.where(np.isnan(x), np.nan, found)  # a single point is given for NaN too


def stacked(stations: Sequence[StationInputs], rules: AssessmentRules, pace: float = 1.0) -> Stack:
    """Stations' inputs as columns, in their order."""
    names = sorted({one.district or "" for one in stations})
    place = {name: number for number, name in enumerate(names)}
    return Stack(
        now={one.code: pair_of([station.now.get(one.code) for station in stations]) for one in rules.sources},
        base={one.code: pair_of([station.base.get(one.code) for station in stations]) for one in rules.sources},
        residents=np.array([station.residents_10k or _NOTHING for station in stations], dtype=float),
        district=np.array([place[station.district or ""] for station in stations], dtype=np.intp),
        pace=pace,
    )


def pair_of(amounts: Sequence[Amount | None]) -> Pair:
    """One source's amounts, one per station, as columns."""
    if not any(amounts):
        nothing = np.full(len(amounts), _NOTHING)
        return Pair(nothing, nothing, np.zeros(len(amounts)))
    told = [(one.numerator, one.denominator, one.rows) if one else (_NOTHING, _NOTHING, 0) for one in amounts]
    columns = np.array(told, dtype=float).reshape(-1, 3)
    return Pair(columns[:, 0], columns[:, 1], columns[:, 2])


def marks(stack: Stack, rules: AssessmentRules, modes: Sequence[str | None]) -> Marks:
    """Score a stack of stations.

    Args:
        modes: fusion mode of each station.

    Weights of indicators without data go to the others of their block in proportion, so that a block keeps
    its points; an indicator's parts without data leave their share to its other parts.
    """
    x, got, sample, share, weight = {}, {}, {}, {}, {}
    for one in rules.indicators:
        for part in one.parts:
            key = one.code, part.code
            x[key] = part_x(part, stack)
            got[key] = curve(part.points, x[key])
            sample[key] = sample_factor(part, stack)
        share[one.code] = _share(one, got, sample)
        full = np.array([rules.weight(one, mode) for mode in modes], dtype=float)
        weight[one.code] = np.where(_lacking(share[one.code]), np.nan, full)
    block = {}
    for name in BLOCKS:
        mine = [one.code for one in rules.indicators if one.block == name]
        block[name] = _rescaled(mine, rules.block_weights[name], share, weight)
    return Marks(x, got, sample, share, weight, block, _sum([block[name] for name in BLOCKS]))


def _lacking(column: Floats) -> npt.NDArray[np.bool_]:
    """Where there is no data. Mostly the same in every draw; then one row stands for them all."""
    lost = np.isnan(column)
    return lost[0] if lost.ndim > 1 and bool((lost == lost[0]).all()) else lost


def _zeroed(column: Floats, lost: npt.NDArray[np.bool_]) -> Floats:
    return np.where(lost, 0.0, column) if lost.any() else column


def _share(one: Indicator, got: Mapping[tuple[str, str], Floats], sample: Mapping[tuple[str, str], Floats]) -> Floats:
    reached = [
        got[one.code, part.code] if part.full_sample is None else got[one.code, part.code] * sample[one.code, part.code]
        for part in one.parts
    ]
    if len(reached) == 1 and one.parts[0].share == 1.0:
        return reached[0]
    lost = [_lacking(found) for found in reached]
    points = [part.share * _zeroed(found, no) for part, found, no in zip(one.parts, reached, lost, strict=True)]
    there = [np.where(no, 0.0, part.share) for part, no in zip(one.parts, lost, strict=True)]
    return _over(_sum(points), _sum(there))


def _rescaled(codes: Sequence[str], full: float, share: Mapping[str, Floats], weight: dict[str, Floats]) -> Floats:
    """A block's points; the weights of its indicators with data grow until they sum to `full`."""
    known = _sum([_zeroed(weight[code], np.isnan(weight[code])) for code in codes])
    for code in codes:
        weight[code] = weight[code] * _over(np.full_like(known, full), known)
    points = _sum([_zeroed(weight[code] * share[code], np.isnan(weight[code])) for code in codes])
    return points if (known > 0).all() else np.where(known > 0, points, np.nan)


def part_x(part: Part, stack: Stack, *, base: bool = False) -> Floats:
    """A part's x (see `Form`); NaN without data.

    Args:
        base: of a year earlier instead; NaN for forms that are comparisons themselves.
    """
    found: Floats = _FORMS[part.form](part, stack, base)
    return found


def sample_factor(part: Part, stack: Stack) -> Floats:
    """1, or in proportion less where a part asks for a sample size that was not reached."""
    seen = stack.now[part.sources[0]].denominator
    if part.full_sample is None:
        return np.ones_like(seen)
    return np.minimum(1.0, _over(seen, np.full_like(seen, part.full_sample * stack.pace), empty=1.0))


def _of(stack: Stack, code: str, base: bool) -> Pair:
    return (stack.base if base else stack.now)[code]


def _over(upper: Floats, lower: Floats, empty: float = _NOTHING) -> Floats:
    """upper / lower, and `empty` where lower is 0."""
    none = lower == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = upper / lower
    return np.where(none, np.where(np.isnan(upper), np.nan, empty), found) if none.any() else found


def _sum(columns: Iterable[Floats]) -> Floats:
    """Columns of different shapes added up."""
    return reduce(np.add, columns)


def _rate(part: Part, stack: Stack, base: bool) -> Floats:
    found = _of(stack, part.sources[0], base)
    return _over(found.numerator, found.denominator)


def _mean(part: Part, stack: Stack, base: bool) -> Floats:
    found = [_of(stack, code, base) for code in part.sources]
    rates = [_over(one.numerator, one.denominator) for one in found]
    count = _sum([~np.isnan(rate) * 1.0 for rate in rates])
    return _over(_sum([np.nan_to_num(rate) for rate in rates]), count)


def _quota(part: Part, stack: Stack, base: bool) -> Floats:
    found = _of(stack, part.sources[0], base)
    return _over(found.numerator, found.denominator * stack.pace)


def _change(part: Part, stack: Stack, base: bool) -> Floats:
    """None a year earlier: none now is the best that can be, any are more than a change can say."""
    now, before = stack.now[part.sources[0]].numerator, stack.base[part.sources[0]].numerator
    if base:
        return np.full_like(now, np.nan)
    return _or_from_nothing(_over(now - before, before), now, before)


def _or_from_nothing(found: Floats, now: Floats, before: Floats) -> Floats:
    none = before == 0
    return np.where(none, _from_nothing(now), found) if none.any() else found


def _from_nothing(now: Floats) -> Floats:
    return np.where(np.isnan(now), np.nan, np.where(now > 0, np.inf, -np.inf))


def _shrunk(part: Part, stack: Stack, base: bool) -> Floats:
    now, before = shrunk_rates(part, stack)
    if base:
        return np.full_like(now, np.nan)
    return _or_from_nothing(_over(now, before), now, before)


def shrunk_rates(part: Part, stack: Stack) -> tuple[Floats, Floats]:
    """Accidents per 10 000 residents, now and a year earlier, pulled towards the district's rate.

    r = (a + kappa R) / (n + kappa): a station of few residents has few accidents, so that its own rate says
    little (DOMAIN 2.7; empirical Bayes in the sense of Marshall 1991, J. R. Stat. Soc. C 40, 283-294, with a
    fixed weight instead of an estimated one).
    """
    code = part.sources[0]
    district = stack.rates[code] if stack.rates else district_rates(stack, code)
    pairs = (stack.now[code].numerator, stack.base[code].numerator)
    now, before = (
        (count + part.kappa * rate) / (stack.residents + part.kappa)
        for count, rate in zip(pairs, district, strict=True)
    )
    return now, before


def district_rates(stack: Stack, code: str) -> tuple[Floats, Floats]:
    """The district's rate at each of its stations, now and a year earlier; of stations that have both counts."""
    now, before = stack.now[code].numerator, stack.base[code].numerator
    known = ~np.isnan(now) & ~np.isnan(before) & (stack.residents > 0)
    member = np.equal.outer(stack.district, np.arange(stack.district.max(initial=0) + 1)) * 1.0
    people = np.where(known, stack.residents, 0.0) @ member
    rates = (np.where(known, count, 0.0) @ member for count in (now, before))
    first, second = (_over(rate, people)[..., stack.district] for rate in rates)
    return first, second


def _net(part: Part, stack: Stack, base: bool) -> Floats:
    """No red or yellow subject at the start: nothing to lower, full points (DOMAIN 2.7)."""
    lower, higher = (_of(stack, code, base) for code in part.sources)
    return _over(lower.numerator - higher.numerator, lower.denominator, empty=np.inf)


_FORMS: dict[Form, Callable[[Part, Stack, bool], Floats]] = {
    Form.RATE: _rate,
    Form.MEAN: _mean,
    Form.QUOTA: _quota,
    Form.CHANGE: _change,
    Form.SHRUNK: _shrunk,
    Form.NET: _net,
}
