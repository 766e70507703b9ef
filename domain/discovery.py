"""False discoveries among many tests (Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57, 289-300)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def q_values(p: Floats) -> Floats:
    """The smallest share of false discoveries at which each test would count as a discovery.

    Args:
        p: p-values, shape (n,), 0..1.

    Returns:
        Shape (n,): for the i-th smallest p the least of p_(j) n / j over j >= i, at most 1. Taking those
        with a value <= q keeps the expected share of false ones among them at or below q, when the tests
        are independent or positively dependent (Benjamini & Yekutieli 2001), as those of neighbours are.

    >>> [round(q, 4) for q in q_values(np.array([0.01, 0.02, 0.03, 0.8])).tolist()]
    [0.04, 0.04, 0.04, 0.8]
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found
