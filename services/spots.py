"""Hot spots by rule and by statistic, ranked, and last period's hit rate -> `SpotsView`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np

from data_access.engine import reading
from data_access.readers.hotspots import records
from data_access.readers.incidents import Ref
from domain.access import Scope
from domain.blackspots import BlackSpot, counts_around, find, to_metres, trend
from domain.heat import Asked
from domain.hot import Spot, SpotsView
from domain.hotspot_record import Record
from domain.incident_filter import Circle, Filter
from domain.map_rules import BlackSpotRule
from domain.metres import distances_m
from domain.span import Span
from services.board import standing
from services.ground import Ground, Looker, looker
from services.local_spots import MOST_SPOTS, local_spots, study
from services.located import Located, described, located, named

RUNNING = ("open", "treated")
WINDOWS = 3
"""The rule's window and as many before it as make three: what a spot's trend is judged by."""


def spots_view(ground: Ground, scope: Scope, asked: Asked, as_of: datetime) -> SpotsView:
    """Hot spots for the question's span and filter; the rule looks at its own window, ending with the span."""
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        window = _window(asked.span, ground.rules.black_spot.days)
        area, bounded = study(look)
        local, hit, tested = local_spots(look, asked, area)
        rule, rule_total = rule_spots(look, asked.filter, window)
        known = tuple(record for record, _ in records(connection, scope) if record.status in RUNNING)
        return SpotsView(
            board=standing(connection, ground.catalogue, as_of),
            asked=asked,
            window=window,
            rule=on_record(rule, known),
            rule_total=rule_total,
            local=on_record(local, known),
            hit=hit,
            tested=tested,
            bounded=bounded,
        )


def _window(span: Span, days: int) -> Span:
    """The rule's window: so many calendar days, the one on which the span ends being the last."""
    first = span.last_day - timedelta(days=days - 1)
    return Span(datetime.combine(first, time.min), span.end)


def rule_spots(look: Looker, wanted: Filter, window: Span) -> tuple[tuple[Spot, ...], int]:
    """Black spots of the rule in `window`, most incidents first, then those that have just ceased to be.

    Returns:
        at most `MOST_SPOTS` and half as many that ceased; and how many there are now in all.
    """
    rule = look.ground.rules.black_spot
    wanted = wanted if wanted.classes else wanted.with_(classes=(rule.class_code,))
    length = timedelta(days=rule.days)
    past = [located(look, Span(window.start - n * length, window.end - n * length), wanted) for n in range(WINDOWS)]
    if not len(past[0]) and not len(past[1]):
        return (), 0
    origin = _middle(past)
    metres = [to_metres(one.lng, one.lat, origin) for one in past]
    now = find(*metres[0], rule)
    shown = [_shown(past[0], spot, rule.radius_m) for spot in now[:MOST_SPOTS]]
    shown += [_shown(past[1], spot, rule.radius_m) for spot in _ceased(_centres(now, metres[0]), metres[1], rule)]
    judged = [(_judged(spot, rule, past), refs) for spot, refs in shown]
    ceased = [pair for pair in judged[len(now[:MOST_SPOTS]) :] if pair[0].now < rule.incidents]
    return named(look, [*judged[: len(now[:MOST_SPOTS])], *ceased]), len(now)


def _ceased(centres: np.ndarray, before: tuple[np.ndarray, np.ndarray], rule: BlackSpotRule) -> list[BlackSpot]:
    """Spots of the window before, made of incidents that lie in none of today's spots; the largest ones.

    Args:
        centres: of today's spots, shape (spots, 2). before: x and y of the earlier incidents.
    """
    x, y = before
    away = np.flatnonzero(counts_around(np.column_stack(before), (centres[:, 0], centres[:, 1]), rule.radius_m) == 0)
    found = find(x[away], y[away], rule)[: MOST_SPOTS // 2]
    return [BlackSpot(int(away[spot.centre]), away[spot.members]) for spot in found]


def _judged(spot: Spot, rule: BlackSpotRule, past: Sequence[Located]) -> Spot:
    """With the counts of all windows around its centre, as a list of rows around it would count them."""
    counts = [len(one.around(spot.lng, spot.lat, rule.radius_m)) for one in past]
    before = tuple(counts[1:])
    course = trend(counts[0], before, rule.incidents)
    return replace(spot, origin="rule", metres=rule.radius_m, now=counts[0], before=before, trend=course)


def _shown(source: Located, spot: BlackSpot, radius: float) -> tuple[Spot, list[Ref]]:
    """A spot around the incident in its middle, with everything that lies within the radius."""
    lng, lat = float(source.lng[spot.centre]), float(source.lat[spot.centre])
    members = source.around(lng, lat, radius)
    found = replace(described(source, members), key=Circle(lng, lat, radius).text(), lng=lng, lat=lat)
    return found, source.refs(members)


def _centres(spots: Sequence[BlackSpot], metres: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """x and y of the spots, shape (spots, 2)."""
    chosen = np.array([spot.centre for spot in spots], dtype=np.int64)
    return np.column_stack([metres[0][chosen], metres[1][chosen]])


def _middle(past: Sequence[Located]) -> tuple[float, float]:
    some = next(one for one in past if len(one))
    return float(some.lng.mean()), float(some.lat.mean())


def on_record(spots: tuple[Spot, ...], known: Sequence[Record]) -> tuple[Spot, ...]:
    """The spots with the record, not ended, whose circle holds their middle or whose middle lies in theirs."""
    return tuple(replace(spot, record=_record_of(spot, known)) for spot in spots)


def _record_of(spot: Spot, known: Sequence[Record]) -> str | None:
    for record in known:
        place = record.facts
        if place.lng is None or place.lat is None:
            continue
        apart = float(distances_m(spot.lng, spot.lat, (place.lng, place.lat)))
        if apart <= max(spot.metres, place.radius_m):
            return record.hotspot_id
    return None
