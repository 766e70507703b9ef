"""Hiding who somebody is (DOMAIN 5.1): 王小明 becomes 王**."""

from __future__ import annotations


def name(text: str | None) -> str | None:
    """The first character and two stars; None and empty stay as they are.

    >>> name("王小明")
    '王**'
    """
    return f"{text[0]}**" if text else text
