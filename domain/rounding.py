"""Decimal half-up rounding, as the sources print (DOMAIN 2.3)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float, digits: int) -> Decimal:
    """`value` rounded half-up to `digits` decimals.

    The shortest decimal that stands for the float is rounded, so 0.125 becomes 0.13.

    >>> half_up(0.125, 2)
    Decimal('0.13')
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
