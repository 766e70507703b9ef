"""What would move a station: what-if by the very same scoring, and the next actions by points gained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from domain.assessment_core import Stack, district_rates, marks, pair_of, part_x, stacked
from domain.assessment_inputs import Amount, MonthInputs, StationInputs, changed
from domain.assessment_rules import AssessmentRules, Form, Indicator, Part
from domain.errors import NotFound

MORE, FEWER, OBSERVE = "more", "fewer", "observe"
NEXT, FULL, MOST = "next", "full", "most"
_CLOSE = 1e-9
_LEAST_GAIN = 0.005
_FALLING = (Form.CHANGE, Form.SHRUNK)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that would bring points.

    Args:
        kind: "more" of the numerator, "fewer" incidents, or "observe" so many more at the same rate.
        amount: how many, a whole number above 0. of: the denominator it is taken of, None for counts.
        goal: "next" point of the curve, "full" points of the part, or the "most" that this number alone can give
            where it does not reach the next point. x: what the part's x becomes.
        gain: points of the station's total, by scoring the changed month anew.
    """

    indicator: str
    part: str
    source: str
    kind: str
    amount: int
    of: float | None
    goal: str
    x: float | None
    gain: float


def tried(inputs: MonthInputs, rules: AssessmentRules, code: str, changes: Mapping[str, Amount]) -> MonthInputs:
    """What-if: the month with one station's numbers changed, to be scored like any other.

    Args:
        changes: source code -> the amount instead (see `assessment_inputs.changed`).

    Raises:
        NotFound: no such station in the inputs, or no such source in the rules.
    """
    _known(inputs, code)
    for name in changes:
        if name not in rules.by_source:
            raise NotFound("assessment.unknown.source", code=name[:20])
    stations = tuple(changed(one, changes, rules) if one.code == code else one for one in inputs.stations)
    return replace(inputs, stations=stations)


def moves(inputs: MonthInputs, rules: AssessmentRules, code: str) -> tuple[Move, ...]:
    """The actions that bring points, the largest gain first, then the least to do.

    For each number that work can raise (incidents: lower): what is missing to the next point of its curve and
    to full points, all else equal. In a running month targets are those of the days gone.

    Raises:
        NotFound: no such station in the inputs.
    """
    desk = _Desk(inputs, rules, _known(inputs, code))
    found = [move for one in rules.indicators for part in one.parts for move in desk.of_part(one, part)]
    return tuple(sorted(found, key=lambda move: (-round(move.gain, 6), move.amount, move.indicator, move.source)))


def _known(inputs: MonthInputs, code: str) -> StationInputs:
    found = inputs.of(code)
    if found is None:
        raise NotFound("error.station_unknown", code=code[:20])
    return found


class _Desk:
    """One station, scored again and again with one number changed."""

    def __init__(self, inputs: MonthInputs, rules: AssessmentRules, station: StationInputs) -> None:
        self.rules, self.station, self.pace = rules, station, inputs.pace
        whole, at = stacked(inputs.stations, rules, inputs.pace), inputs.stations.index(station)
        years = [part.sources[0] for one in rules.indicators for part in one.parts if part.form is Form.SHRUNK]
        rates = {code: district_rates(whole, code) for code in years}
        self.people = {code: _people(whole, code, at) for code in years}
        self.rates = {code: (now[at : at + 1], before[at : at + 1]) for code, (now, before) in rates.items()}
        self.stack = replace(stacked((station,), rules, inputs.pace), rates=self.rates)
        self.total = self._points({})

    def of_part(self, one: Indicator, part: Part) -> Iterator[Move]:
        """The moves of one part."""
        for code in part.sources:
            amount = self.station.now.get(code)
            if amount is None or (part.form is Form.NET and code != part.sources[0]):
                continue
            before = 0.0
            for goal, target in self._goals(part):
                steps, reached = self._steps(part, code, amount, target)
                aim = goal if reached else MOST
                move = self._move(one, part, code, amount, goal=aim, steps=steps) if steps else None
                if move and move.gain > before + _LEAST_GAIN:
                    before = move.gain
                    yield move
        yield from self._observations(one, part)

    def _goals(self, part: Part) -> Iterator[tuple[str, float]]:
        """The x of the next point with a larger share, and of the first with full points."""
        x = float(part_x(part, self._stack({}))[0])
        if np.isnan(x):
            return
        falling = part.form in _FALLING
        better = [(at, share) for at, share in part.points if (at < x - _CLOSE if falling else at > x + _CLOSE)]
        if falling:
            better.reverse()
        rising = [(at, share) for at, share in better if share > 0]
        if not rising:
            return
        full = max(share for _, share in part.points)
        if rising[0][1] < full:
            yield NEXT, rising[0][0]
        yield FULL, next(at for at, share in rising if share == full)

    def _steps(self, part: Part, code: str, amount: Amount, target: float) -> tuple[int, bool]:
        """The smallest whole number of steps after which x has reached the target, and that it does.

        Where the target cannot be reached by this number alone: all that is left of it, and False.
        """
        most = amount.numerator if part.form in _FALLING else amount.denominator - amount.numerator
        low, high = 0, ceil(most - _CLOSE)
        if high <= 0:
            return 0, False
        if not self._reaches(part, code, amount, high, target=target):
            return high, False
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._reaches(part, code, amount, middle, target=target) else (middle, high)
        return high, True

    def _reaches(self, part: Part, code: str, amount: Amount, steps: int, *, target: float) -> bool:
        falling = part.form in _FALLING
        x = float(part_x(part, self._stack({code: _stepped(amount, steps, falling)}))[0])
        return x <= target + _CLOSE if falling else x >= target - _CLOSE

    def _move(self, one: Indicator, part: Part, code: str, amount: Amount, *, goal: str, steps: int) -> Move:
        falling = part.form in _FALLING
        changes = {code: _stepped(amount, steps, falling)}
        x = float(part_x(part, self._stack(changes))[0])
        return Move(
            indicator=one.code,
            part=part.code,
            source=code,
            kind=FEWER if falling else MORE,
            amount=steps,
            of=None if falling or part.form is Form.QUOTA else amount.denominator,
            goal=goal,
            x=x if np.isfinite(x) else None,
            gain=self._points(changes) - self.total,
        )

    def _observations(self, one: Indicator, part: Part) -> Iterator[Move]:
        """Too small a sample: so many more observations, worn or met at the same rate."""
        code = part.sources[0]
        amount = self.station.now.get(code)
        if part.full_sample is None or amount is None or not amount.denominator:
            return
        lacking = ceil(part.full_sample * self.pace - amount.denominator - _CLOSE)
        if lacking <= 0:
            return
        size = amount.denominator + lacking
        changes = {code: replace(amount, numerator=amount.numerator * size / amount.denominator, denominator=size)}
        gain = self._points(changes) - self.total
        if gain > _LEAST_GAIN:
            x = amount.numerator / amount.denominator
            yield Move(one.code, part.code, code, OBSERVE, lacking, amount.denominator, FULL, x, gain)

    def _stack(self, changes: Mapping[str, Amount]) -> Stack:
        if not changes:
            return self.stack
        after = changed(self.station, changes, self.rules).now
        other = {code: amount for code, amount in after.items() if amount is not self.station.now.get(code)}
        rates = dict(self.rates)
        for code in self.rates.keys() & other.keys():
            now, before = self.rates[code]
            moved = other[code].numerator - self.station.now[code].numerator
            rates[code] = now + moved / self.people[code], before
        now_too = {code: pair_of([one]) for code, one in other.items()}
        return replace(self.stack, now={**self.stack.now, **now_too}, rates=rates)

    def _points(self, changes: Mapping[str, Amount]) -> float:
        """Points of the blocks that have data."""
        found = marks(self._stack(changes), self.rules, [self.station.mode]).block
        return float(sum(np.nan_to_num(points)[0] for points in found.values()))


def _people(stack: Stack, code: str, at: int) -> float:
    """Residents that the district's rate is made of."""
    known = ~np.isnan(stack.now[code].numerator) & ~np.isnan(stack.base[code].numerator) & (stack.residents > 0)
    return float(stack.residents[known & (stack.district == stack.district[at])].sum()) or np.inf


def _stepped(amount: Amount, steps: int, falling: bool) -> Amount:
    moved = amount.numerator - steps if falling else amount.numerator + steps
    return replace(amount, numerator=max(0.0, moved))
