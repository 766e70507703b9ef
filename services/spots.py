"""Hot spots by rule and by statistic, ranked, and last period's hit rate -> `SpotsView`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from data_access.engine import reading
from domain.access import Scope
from domain.blackspots import counts_around, find, to_metres, trend
from domain.heat import Asked, Spot, SpotsView
from domain.incident_filter import Filter
from domain.span import Span
from services.board import standing
from services.ground import Ground, Looker, looker
from services.local_spots import MOST_SPOTS, local_spots, study
from services.located import Located, described, located

WINDOWS = 3
"""The rule's window and as many before it as make three: what a spot's trend is judged by."""


def spots_view(ground: Ground, scope: Scope, asked: Asked, as_of: datetime) -> SpotsView:
    """Hot spots for the question's span and filter; the rule looks at its own window, ending with the span."""
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        window = Span(asked.span.end - timedelta(days=ground.rules.black_spot.days), asked.span.end)
        area, bounded = study(look)
        local, hit, tested = local_spots(look, asked, area)
        return SpotsView(
            board=standing(connection, ground.catalogue, as_of),
            asked=asked,
            window=window,
            rule=rule_spots(look, asked.filter, window),
            local=local,
            hit=hit,
            tested=tested,
            bounded=bounded,
        )


def rule_spots(look: Looker, wanted: Filter, window: Span) -> tuple[Spot, ...]:
    """Black spots of the rule in `window`, most incidents first, then those that have just ceased to be."""
    rule = look.ground.rules.black_spot
    wanted = wanted if wanted.classes else wanted.with_(classes=(rule.class_code,))
    length = timedelta(days=rule.days)
    past = [located(look, Span(window.start - n * length, window.end - n * length), wanted) for n in range(WINDOWS)]
    if not len(past[0]) and not len(past[1]):
        return ()
    origin = _middle(past)
    metres = [to_metres(one.lng, one.lat, origin) for one in past]
    now = [(past[0], spot.members, _at(metres[0], spot.centre)) for spot in find(*metres[0], rule)]
    before = [(past[1], spot.members, _at(metres[1], spot.centre)) for spot in find(*metres[1], rule)]
    ceased = [one for one in before if not _near(one[2], [at for *_, at in now], rule.radius_m)]
    everything = [*now[:MOST_SPOTS], *ceased[: MOST_SPOTS // 2]]
    places = np.array([at for *_, at in everything]).reshape(-1, 2)
    around = [counts_around(places, x, y, rule.radius_m) for x, y in metres]
    found = []
    for number, (source, members, _) in enumerate(everything):
        counts = [int(one[number]) for one in around]
        if number < len(now[:MOST_SPOTS]):
            counts[0] = len(members)
        found.append(
            replace(
                described(look, source, members),
                origin="rule",
                metres=rule.radius_m,
                now=counts[0],
                before=tuple(counts[1:]),
                trend=trend(counts[0], tuple(counts[1:]), rule.incidents),
            )
        )
    return tuple(found)


def _at(metres: tuple[np.ndarray, np.ndarray], index: int) -> tuple[float, float]:
    return float(metres[0][index]), float(metres[1][index])


def _near(at: tuple[float, float], others: Sequence[tuple[float, float]], radius: float) -> bool:
    return any(np.hypot(at[0] - x, at[1] - y) <= radius for x, y in others)


def _middle(past: Sequence[Located]) -> tuple[float, float]:
    some = next(one for one in past if len(one))
    return float(some.lng.mean()), float(some.lat.mean())
