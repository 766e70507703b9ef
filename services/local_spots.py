"""Hot spots by local statistic (Gi*), and how well those of the span before caught this one's incidents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from data_access.readers.incidents import Ref, shapes
from domain.heat import Asked
from domain.hexid import parent, to_text
from domain.hitrate import hit_rate
from domain.hot import HitRate, Spot
from domain.incident_filter import Circle
from domain.localstat import Local, gi_star, hot
from domain.span import Span, base_of
from services.ground import Looker
from services.hexes import area_km2, centres, neighbours, study_area
from services.located import Located, described, located, named

MOST_SPOTS = 40


def study(look: Looker) -> tuple[np.ndarray, bool]:
    """The hexagons inside the boundaries that the viewer sees, finest kind of boundary first."""
    for kind in ("station", "district", "city"):
        known = shapes(look.connection, kind, look.scope)
        cells = study_area((one.geojson for one in known), look.ground.rules.local.resolution).cells
        if len(cells):
            return cells, True
    return np.zeros(0, dtype=np.uint64), False


def local_spots(look: Looker, asked: Asked, area: np.ndarray) -> tuple[tuple[Spot, ...], HitRate | None, int]:
    """Significant hexagons of the span, joined to spots; and how the span before would have foretold them."""
    earlier = base_of(asked.span, "prev")
    assert earlier is not None
    now, before = located(look, asked.span, asked.filter), located(look, earlier, asked.filter)
    held, held_before = _cells(look, now), _cells(look, before)
    cells = np.union1d(area, np.union1d(held, held_before))
    if not len(cells) or not len(now):
        return (), None, len(cells)
    around = neighbours(cells)
    counts, counts_before = _counts(held, cells), _counts(held_before, cells)
    local, found = _hot(counts, around, look)
    _, found_before = _hot(counts_before, around, look)
    drawn_before = _with_surroundings(found_before, counts_before, around)
    hit = _hit(drawn_before, counts, earlier, asked.span)
    groups = [_with_surroundings(group, counts, around) for group in _groups(found, around)]
    spots = [
        _local_spot(look, now, cells, np.flatnonzero(group), local, was_hot=drawn_before)
        for group in groups
        if counts[group].sum() >= look.ground.rules.local.least
    ]
    spots.sort(key=lambda pair: (-pair[0].now, pair[0].key))
    return named(look, spots[:MOST_SPOTS]), hit, len(cells)


def _hot(counts: np.ndarray, around: np.ndarray, look: Looker) -> tuple[Local, np.ndarray]:
    rule = look.ground.rules.local
    local = gi_star(counts, around, rule.permutations, np.random.default_rng(rule.seed))
    return local, hot(local, rule.false_discovery)


def _with_surroundings(found: np.ndarray, counts: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Hot hexagons and those of their neighbours that are busier than the mean.

    The statistic speaks of a hexagon together with its neighbours. A quiet one beside a very busy one may be
    what is found; what is drawn has to hold the incidents it was found by.
    """
    near = np.zeros(len(counts), dtype=bool)
    beside = around[found]
    near[beside[beside >= 0]] = True
    drawn: np.ndarray = found | (near & (counts > counts.mean()))
    return drawn


def _cells(look: Looker, source: Located) -> np.ndarray:
    """The hexagon of the rule's resolution that each incident lies in."""
    if not len(source):
        return np.zeros(0, dtype=np.uint64)
    found: np.ndarray = parent(source.codes.cells, look.ground.rules.local.resolution)[source.cell]
    return found


def _counts(held: np.ndarray, cells: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(cells, held), minlength=len(cells)).astype(np.int64)


def _hit(drawn: np.ndarray, counts: np.ndarray, earlier: Span, span: Span) -> HitRate:
    rate = hit_rate(drawn, counts)
    return HitRate(
        drawn=earlier,
        span=span,
        cells=int(drawn.sum()),
        area_share=rate.area_share,
        hits=rate.hits,
        total=rate.total,
        pai=rate.pai,
        pei=rate.pei,
    )


def _groups(hot_cells: np.ndarray, around: np.ndarray) -> Iterable[np.ndarray]:
    """Hot hexagons that touch, group by group, as masks over all hexagons."""
    left = set(np.flatnonzero(hot_cells).tolist())
    while left:
        group, edge = [], [min(left)]
        left.discard(edge[0])
        while edge:
            cell = edge.pop()
            group.append(cell)
            fresh = [one for one in around[cell].tolist() if one in left]
            left.difference_update(fresh)
            edge.extend(fresh)
        found = np.zeros(len(hot_cells), dtype=bool)
        found[group] = True
        yield found


def _local_spot(
    look: Looker, now: Located, cells: np.ndarray, group: np.ndarray, local: Local, *, was_hot: np.ndarray
) -> tuple[Spot, list[Ref]]:
    members = np.flatnonzero(np.isin(_cells(look, now), cells[group]))
    lng, lat = centres(cells[group])
    ground = area_km2(look.ground.rules.local.resolution, (float(lng.mean()), float(lat.mean()))) * len(group)
    reach = float(np.sqrt(ground / np.pi)) * 1000
    spot = replace(
        described(now, members),
        key=Circle(float(lng.mean()), float(lat.mean()), round(reach)).text(),
        origin="local",
        lng=float(lng.mean()),
        lat=float(lat.mean()),
        metres=round(reach),
        trend="persistent" if was_hot[group].any() else "emerging",
        z=float(local.z[group].max()),
        p=float(local.p[group].min()),
        cells=tuple(to_text(cells[group])),
    )
    return spot, now.refs(members)
