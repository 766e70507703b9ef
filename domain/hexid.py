"""H3 numbers as arrays: resolution, parent and text by bit arithmetic, without asking a library.

An H3 cell is an unsigned 64-bit number (h3geo.org, "H3 index"): bits 52 to 55 hold the resolution, 45 to
51 the base cell, and below them fifteen digits of three bits, digit r at bit 3 x (15 - r); digits finer
than the cell's own resolution are 7. A parent therefore differs in the resolution and in sevens only.
All functions expect cells; whether a number is a cell at all is not checked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.uint64]

FINEST = 15
"""Finest resolution of H3."""
_SHIFT = np.uint64(52)
_LEVEL = np.uint64(0xF)


def resolution(cells: Cells) -> npt.NDArray[np.uint8]:
    """Resolution of each cell, 0..15; the shape of `cells`.

    >>> resolution(from_text(["8928308280fffff", "85283473fffffff"])).tolist()
    [9, 5]
    """
    return ((cells >> _SHIFT) & _LEVEL).astype(np.uint8)


def parent(cells: Cells, level: int) -> Cells:
    """The cell of the coarser resolution `level` that holds each cell; the shape of `cells`.

    A cell of that resolution is its own parent.

    Raises:
        ValueError: `level` is not 0..15, or a cell is coarser than it.

    >>> to_text(parent(from_text(["8928308280fffff"]), 5))
    ['85283083fffffff']
    """
    if not 0 <= level <= FINEST:
        raise ValueError(f"no such resolution: {level}")
    if cells.size and int(resolution(cells).min()) < level:
        raise ValueError(f"a cell is coarser than resolution {level}")
    sevens = np.uint64((1 << 3 * (FINEST - level)) - 1)
    return (cells & ~(_LEVEL << _SHIFT)) | np.uint64(level << 52) | sevens


def to_text(cells: Cells) -> list[str]:
    """The usual spelling, fifteen hexadecimal digits.

    >>> to_text(np.array([0x8928308280FFFFF], dtype=np.uint64))
    ['8928308280fffff']
    """
    return [f"{cell:x}" for cell in cells.tolist()]


def from_text(texts: Sequence[str]) -> Cells:
    """The numbers of spellings; the opposite of `to_text`.

    Raises:
        ValueError: a text is not hexadecimal, or too long for 64 bits.

    >>> hex(from_text(["8928308280fffff"])[0])
    '0x8928308280fffff'
    """
    try:
        return np.array([int(text, 16) for text in texts], dtype=np.uint64)
    except OverflowError as error:
        raise ValueError("longer than an H3 number") from error
