"""What treating a hot spot did, against the rest of its district and against places that were as hot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from domain.blackspots import counts_around, find, to_metres
from domain.change import dispersion_of
from domain.effect import Effect, Pair, as_hot, effect
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_record import WITHDRAWN, Facts, Record
from domain.incident_filter import Filter
from domain.incidents import minute_at
from domain.map_rules import BlackSpotRule
from domain.span import Span
from services.ground import Looker
from services.hotspot_course import minutes, wanted
from services.located import located

Metres = np.ndarray
PATIENCE = timedelta(days=7)
"""A district without an incident for so long at the beginning of a stretch had no data then."""


def effect_of(look: Looker, record: Record, check: ClosingCheck | None, others: Sequence[Record]) -> Effect | None:
    """The effect over the stretches of the closing check; None before treatment and on its first day.

    Args:
        others: records whose places are no fair comparison, because something was done there.
    """
    near = wanted(record)
    if check is None or near is None or check.spans[0].days < 1:
        return None
    around = _around(look, record, near)
    inside = [len(minutes(look, span, around.with_(near=near.near))) for span in check.spans]
    whole = [len(minutes(look, span, around)) for span in check.spans]
    rest = Pair(whole[0] - inside[0], whole[1] - inside[1])
    days = (check.spans[0].days, check.spans[1].days)
    alike, dispersion = _alike(look, record, check, around, others)
    return effect(Pair(check.before, check.after), rest, alike, days, check.rule, dispersion=dispersion)


def data_begin(look: Looker, record: Record, check: ClosingCheck | None) -> datetime | None:
    """When the district's incidents begin, if that is inside the stretch before treatment: too late to compare."""
    near = wanted(record)
    if check is None or near is None or check.spans[0].days < 1:
        return None
    found = minutes(look, check.spans[0], _around(look, record, near))
    first = minute_at(int(found[0])) if len(found) else check.spans[0].end
    return first if first - check.spans[0].start > PATIENCE else None


def _around(look: Looker, record: Record, near: Filter) -> Filter:
    return replace(near, near=None, districts=_district(look, record.facts.station))


def _district(look: Looker, station: str) -> tuple[str, ...]:
    """The station's district; none means all that the viewer may see."""
    code = look.districts.get(station)
    return (code,) if code else ()


def _alike(
    look: Looker, record: Record, check: ClosingCheck, around: Filter, others: Sequence[Record]
) -> tuple[Pair | None, float]:
    """Untreated places of the district that were as hot before treatment by the black-spot rule.

    Returns:
        their sums, None without any place that met the rule; and how much more than by chance all untreated
        places of the rule differ in their change, at least 1, because incidents come in clusters.
    """
    facts = record.facts
    rule = _rule(look, facts, check.spans[0])
    points = [_points(look, span, around, facts) for span in check.spans]
    spots = find(*points[0], rule)
    if not spots:
        return None, 1.0
    centres = np.column_stack(points[0])[[spot.centre for spot in spots]]
    centres = centres[_apart(centres, facts, (record, *others))]
    before = counts_around(centres, points[0], facts.radius_m)
    after = counts_around(centres, points[1], facts.radius_m)
    kept = as_hot(check.before, before, rule.incidents)
    pair = Pair(int(before[kept].sum()), int(after[kept].sum()), int(kept.sum()))
    return pair, dispersion_of(after, before)


def _rule(look: Looker, facts: Facts, span: Span) -> BlackSpotRule:
    """The deployment's rule for a place of this size and a stretch of this length."""
    rule = look.ground.rules.black_spot
    least = max(2, ceil(rule.incidents * span.days / rule.days))
    return replace(rule, incidents=least, radius_m=facts.radius_m)


def _points(look: Looker, span: Span, around: Filter, facts: Facts) -> tuple[Metres, Metres]:
    found = located(look, span, around)
    return to_metres(found.lng, found.lat, (facts.lng or 0.0, facts.lat or 0.0))


def _apart(centres: Metres, facts: Facts, records: Sequence[Record]) -> np.ndarray:
    """Which centres lie clear of every record's circle; a withdrawn one is as good as none."""
    free = np.ones(len(centres), dtype=bool)
    for one in records:
        place = one.facts
        if place.lng is None or place.lat is None or one.status == WITHDRAWN:
            continue
        east, north = to_metres(place.lng, place.lat, (facts.lng or 0.0, facts.lat or 0.0))
        free &= np.hypot(centres[:, 0] - east, centres[:, 1] - north) > facts.radius_m + place.radius_m
    return free
