"""Which fusion mode a station's figures suggest (DOMAIN 2.9): k-means of its rates, and how little that proves.

How clearly a station belongs to its group is told by its silhouette, how stable the groups are by clustering again
with the feature groups drawn with replacement. Two dozen points in five dimensions are weak evidence: everything
here is a suggestion beside the official mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from domain.assessment_rules import MODES
from domain.kmeans import Floats, Labels, centres_of, kmeans, silhouettes

CLUSTERS, STARTS = 3, 50
RESAMPLES, RESAMPLE_STARTS = 100, 10
SEED = 20221130
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Feature:
    """One rate. `group`: of DOMAIN's five; groups weigh alike. `per`: people or area it is counted by."""

    code: str
    group: str
    per: str


FEATURES = (
    Feature("cases", "security", "10k"),
    Feature("accidents", "harm", "10k"),
    Feature("deaths", "harm", "100k"),
    Feature("violations", "enforcement", "10k"),
    Feature("hazards", "hazards", "10km2"),
    Feature("people", "publicity", "10k"),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One station's twelve months.

    Args:
        counts: in the order of `FEATURES`; None where no station has any rows of it.
        congestion, petitions, rural_deaths: counts that decide which group is which mode.
    """

    code: str
    mode: str | None
    residents_10k: float | None
    area_km2: float | None
    counts: tuple[float | None, ...]
    congestion: float = 0.0
    petitions: float = 0.0
    rural_deaths: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the figures suggest for one station.

    Args:
        mode: suggested. distances: to the centre of each of `MODES`, in standard deviations.
        silhouette: -1..1, how much nearer its own group is than the next. stability: share of pairs with other
            stations that stay together or apart when feature groups are drawn anew, 0..1.
    """

    code: str
    mode: str
    distances: tuple[float, ...]
    silhouette: float
    stability: float
    rates: tuple[float, ...]


@dataclass(frozen=True)
class Clustering:
    """The suggestion as a whole.

    Args:
        features: those used, in the order of rates and centres. absent: features no station has rows of, or that are
            the same everywhere. left_out: stations without residents or area.
        centres: for each of `MODES` the centre in standard deviations of log(1 + rate).
        silhouette: mean over the stations. stability: mean over all pairs (Rand's index).
    """

    suggestions: tuple[Suggestion, ...]
    features: tuple[str, ...]
    absent: tuple[str, ...]
    left_out: tuple[str, ...]
    centres: tuple[tuple[float, ...], ...]
    silhouette: float
    stability: float


def suggest(profiles: Sequence[Profile], rng: np.random.Generator) -> Clustering | None:
    """The groups of these stations and which mode each resembles; None with too few stations or features.

    Args:
        rng: seeded by `SEED`, so that the same figures give the same suggestion.
    """
    known = [one for one in profiles if one.residents_10k and one.area_km2]
    rates, used = _rates(known)
    if len(known) <= CLUSTERS or not used:
        return None
    spread = standard(rates)
    kept = [at for at in range(len(used)) if np.ptp(spread[:, at]) > _CLOSE]
    if not kept:
        return None
    features, spread, rates = [used[at] for at in kept], spread[:, kept], rates[:, kept]
    weighted = spread * weights(features)
    labels = kmeans(weighted, CLUSTERS, STARTS, rng)
    order = _order(labels, known)
    labels = order[labels]
    near = _distances(weighted, labels)
    own, together = silhouettes(weighted, labels), _stability(spread, features, labels, rng)
    names = tuple(one.code for one in features)
    return Clustering(
        suggestions=tuple(
            Suggestion(one.code, MODES[labels[at]], tuple(near[at].tolist()), float(own[at]), float(together[at]),
                       tuple(rates[at].tolist()))
            for at, one in enumerate(known)
        ),
        features=names,
        absent=tuple(one.code for one in FEATURES if one.code not in names),
        left_out=tuple(one.code for one in profiles if one not in known),
        centres=tuple(tuple(row) for row in centres_of(spread, labels, CLUSTERS).tolist()),
        silhouette=float(own.mean()),
        stability=float(together.mean()),
    )  # fmt: skip


def _rates(known: Sequence[Profile]) -> tuple[Floats, list[Feature]]:
    used = [at for at in range(len(FEATURES)) if known and all(one.counts[at] is not None for one in known)]
    people = np.array([one.residents_10k or 1.0 for one in known])
    size = {"10k": people, "100k": people / 10, "10km2": np.array([one.area_km2 or 1.0 for one in known]) / 10}
    columns = [np.array([one.counts[at] for one in known], dtype=float) / size[FEATURES[at].per] for at in used]
    return np.array(columns).T.reshape(len(known), len(used)), [FEATURES[at] for at in used]


def standard(rates: Floats) -> Floats:
    """log(1 + rate), then in standard deviations from the mean; a column that never varies becomes 0."""
    logs = np.log1p(rates)
    deviation = logs.std(axis=0)
    found: Floats = (logs - logs.mean(axis=0)) / np.where(deviation > _CLOSE, deviation, 1.0)
    return found


def weights(features: Sequence[Feature]) -> Floats:
    """So that each group of features weighs alike, however many of them it has."""
    groups = [one.group for one in features]
    return np.array([groups.count(group) ** -0.5 for group in groups])


def _distances(points: Floats, labels: Labels) -> Floats:
    centres = centres_of(points, labels, CLUSTERS)
    found: Floats = np.sqrt(((points[:, None, :] - centres[None]) ** 2).sum(axis=2))
    return found


def _order(labels: Labels, known: Sequence[Profile]) -> Labels:
    """Cluster number -> position in `MODES`.

    Most of the congestion calls is basic, most of the deaths in rural stations deep, most of the petitions full, as
    the figures behind the three modes are told (61 % urban, 74 % rural, 60 % fringe). When one group has most of
    two of them, the assignment with the largest sum of shares wins.
    """
    marks = np.zeros((CLUSTERS, CLUSTERS))
    for one, cluster in zip(known, labels, strict=True):
        marks[cluster] += (one.congestion, one.rural_deaths, one.petitions)
    totals = marks.sum(axis=0)
    shares = marks / np.where(totals > 0, totals, 1.0)
    every = np.array(list(permutations(range(CLUSTERS))))
    gains = shares[np.arange(CLUSTERS), every].sum(axis=1)
    best: Labels = every[int(gains.argmax())]
    return best


def _stability(spread: Floats, features: Sequence[Feature], labels: Labels, rng: np.random.Generator) -> Floats:
    """For each station the share of pairs that stay as they are when feature groups are drawn with replacement."""
    groups = list(dict.fromkeys(one.group for one in features))
    together, weight = labels[:, None] == labels[None], weights(features)
    agreed = np.zeros(len(labels))
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, len(groups), len(groups))
        columns = [at for group in drawn for at, one in enumerate(features) if one.group == groups[group]]
        points = spread[:, columns] * weight[columns]
        other = kmeans(points, CLUSTERS, RESAMPLE_STARTS, rng)
        agreed += ((other[:, None] == other[None]) == together).sum(axis=1) - 1
    return agreed / (RESAMPLES * (len(labels) - 1))
