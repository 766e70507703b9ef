"""How well the hexagons drawn hot at the end of one period caught the incidents of the next.

PAI, the prediction accuracy index (Chainey, Tompson & Uhlig 2008, Security Journal 21, 4-28): share of the
incidents over share of the area; 1 is what a map drawn by lot reaches. It grows as the area shrinks, so maps of
different size do not compare by it. PEI, the prediction efficiency index (Hunt 2016, "Do Crime Hot Spots Move?",
American University): PAI over that of the best map of the same size, 0..1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Rate(NamedTuple):
    """Hit rate of a map.

    Args:
        hits: incidents in its hot hexagons. total: in all hexagons. area_share: hot hexagons over all; 0 when
            there are none. pai, pei: see above; None when no hexagon was hot or nothing happened.
    """

    hits: int
    total: int
    area_share: float
    pai: float | None
    pei: float | None


def hit_rate(hot: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64]) -> Rate:
    """The hit rate of the hot hexagons.

    Args:
        hot: drawn from the period before, shape (n,); all hexagons of the area studied, of one resolution.
        counts: incidents of the period judged, whole numbers, not negative, shape (n,).

    Raises:
        ValueError: the shapes differ.

    >>> hit_rate(np.array([True, True, False, False]), np.array([6, 1, 3, 0]))
    Rate(hits=7, total=10, area_share=0.5, pai=1.4, pei=0.7777777777777778)
    """
    if hot.shape != counts.shape:
        raise ValueError("one count for each hexagon")
    cells, hits, total = int(np.count_nonzero(hot)), int(counts[hot].sum()), int(counts.sum())
    share = cells / len(hot) if len(hot) else 0.0
    if not cells or not total:
        return Rate(hits, total, share, None, None)
    best = int(np.sort(counts)[-cells:].sum())
    return Rate(hits, total, share, hits * len(hot) / (total * cells), hits / best)
