"""k-means and silhouettes of a few dozen points, with many starts carried on together.

Lloyd's algorithm (Lloyd 1982, IEEE Trans. Inf. Theory 28, 129-137) from starts chosen by k-means++ (Arthur &
Vassilvitskii 2007, SODA '07, 1027-1035); the best of the starts is kept. Silhouettes: Rousseeuw 1987, J. Comput.
Appl. Math. 20, 53-65. The tests compare both with scikit-learn, which is too large for a web process.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]

STEPS = 100
_CLOSE = 1e-12


def kmeans(points: Floats, clusters: int, starts: int, rng: np.random.Generator) -> Labels:
    """The best of many starts: for each point the number of its cluster.

    Args:
        points: (n, features), n > clusters.

    All starts are carried on together. A cluster that runs empty takes the point farthest from its centre.
    """
    centres = _seeds(points, clusters, starts, rng)
    labels = np.full((starts, len(points)), -1, dtype=np.intp)
    for _ in range(STEPS):
        squares = ((points[None, :, None, :] - centres[:, None, :, :]) ** 2).sum(axis=3)
        found = squares.argmin(axis=2)
        _fill_empty(found, squares, clusters)
        if (found == labels).all():
            break
        labels = found
        member = (labels[:, :, None] == np.arange(clusters)) * 1.0
        centres = np.einsum("snk,nf->skf", member, points) / member.sum(axis=1)[:, :, None]
    inertia = np.take_along_axis(squares, labels[:, :, None], axis=2).sum(axis=(1, 2))
    best: Labels = labels[int(inertia.argmin())]
    return best


def _seeds(points: Floats, clusters: int, starts: int, rng: np.random.Generator) -> Floats:
    """First centres by k-means++: each further one drawn with probability in proportion to its squared distance."""
    first = points[rng.integers(0, len(points), starts)]
    centres = [first]
    nearest = ((points[None] - first[:, None]) ** 2).sum(axis=2)
    for _ in range(clusters - 1):
        edges = np.cumsum(nearest + _CLOSE, axis=1)
        draws = rng.uniform(0, edges[:, -1])
        chosen = points[(edges < draws[:, None]).sum(axis=1)]
        centres.append(chosen)
        nearest = np.minimum(nearest, ((points[None] - chosen[:, None]) ** 2).sum(axis=2))
    return np.stack(centres, axis=1)


def _fill_empty(labels: Labels, squares: Floats, clusters: int) -> None:
    counts = (labels[:, :, None] == np.arange(clusters)).sum(axis=1)
    for start, cluster in zip(*np.nonzero(counts == 0), strict=True):
        own = np.take_along_axis(squares[start], labels[start][:, None], axis=1)[:, 0]
        crowded = np.bincount(labels[start], minlength=clusters)[labels[start]] > 1
        labels[start, int(np.where(crowded, own, -1.0).argmax())] = cluster


def centres_of(points: Floats, labels: Labels, clusters: int) -> Floats:
    """The mean of each cluster's points."""
    return np.array([points[labels == cluster].mean(axis=0) for cluster in range(clusters)])


def inertia(points: Floats, labels: Labels) -> float:
    """The sum of squared distances of the points to their cluster's mean; what k-means makes small."""
    return float(sum(((points[labels == one] - points[labels == one].mean(axis=0)) ** 2).sum() for one in set(labels)))


def silhouettes(points: Floats, labels: Labels) -> Floats:
    """For each point (b - a) / max(a, b): a its mean distance to its own cluster, b to the nearest other; 0 alone."""
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    clusters = np.unique(labels)
    member = labels[:, None] == clusters[None]
    sizes = member.sum(axis=0)
    sums = apart @ member
    own = np.searchsorted(clusters, labels)
    rows = np.arange(len(points))
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    between = np.where(member, np.inf, sums / sizes).min(axis=1)
    largest = np.maximum(within, between)
    found: Floats = np.where(
        (sizes[own] > 1) & (largest > 0), (between - within) / np.where(largest > 0, largest, 1), 0.0
    )
    return found
