"""Text of a file to a value, or a reason why not. Pure; every function takes text that is already trimmed.

Reasons are codes, translated where they are shown: see `REASONS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

import numpy as np

REASONS = frozenset(
    {
        "field_count",
        "quote_open",
        "quote_bad",
        "encoding_bad",
        "control_character",
        "key_missing",
        "value_missing",
        "value_unknown",
        "text_long",
        "time_unparsable",
        "time_future",
        "time_early",
        "number_bad",
        "number_negative",
        "number_big",
        "flag_bad",
        "place_exchanged",
        "station_unknown",
        "geometry_bad",
        "geometry_kind",
    }
)
"""Every reason a row can be rejected for."""

EARLIEST = datetime(1980, 1, 1)
"""Older times are stand-ins for "unknown" (1900-01-01, 1970-01-01), never an incident."""

_ISO = "yyyy-MM-dd HH:mm:ss"
_ISO_MARKS = ((4, "-"), (7, "-"), (10, " "), (13, ":"), (16, ":"))
_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
    "f": r"\d{1,9}",
}
_TOKEN = re.compile("|".join(_PARTS))
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


class Unreadable(ValueError):
    """The text is not a value of the wanted kind; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def time_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a time form written with yyyy MM dd HH mm ss (M d H: one digit allowed, f: dropped fraction).

    Raises:
        ValueError: the form lacks year, month or day.

    >>> bool(time_pattern("yyyyMMddHHmmss").fullmatch("20240506080000"))
    True
    """
    found = "".join(_PARTS[part] if part in _PARTS else re.escape(part) for part in _split(form))
    if not all(f"<{name}>" in found for name in ("year", "month", "day")):
        raise ValueError(f"{form!r} lacks year (yyyy), month (MM or M) or day (dd or d)")
    return re.compile(found, re.ASCII)


def _split(form: str) -> list[str]:
    parts: list[str] = []
    at = 0
    for token in _TOKEN.finditer(form):
        parts += [form[at : token.start()], token.group()]
        at = token.end()
    return [*parts, form[at:]]


def time_reader(forms: Sequence[str]) -> Callable[[str], datetime]:
    """A function from text to wall time that tries `forms` in order; it raises `Unreadable("time_unparsable")`."""
    patterns = [time_pattern(form) for form in forms]

    def read(text: str) -> datetime:
        for pattern in patterns:
            found = pattern.fullmatch(text)
            if found:
                return _moment(found)
        raise Unreadable("time_unparsable")

    return read


def _moment(found: re.Match[str]) -> datetime:
    digits = {name: int(text) for name, text in found.groupdict().items() if text}
    hour, minute, second = (digits.get(name, 0) for name in ("hour", "minute", "second"))
    try:
        return datetime(digits["year"], digits["month"], digits["day"], hour, minute, second)
    except ValueError as error:
        raise Unreadable("time_unparsable") from error


def iso_span(texts: Sequence[str]) -> tuple[datetime, datetime] | None:
    """Check many times of the commonest form at once, ten times quicker than one by one.

    Returns the first and the last of them; None when all are empty.

    Raises:
        ValueError: at least one is neither empty nor of the form yyyy-MM-dd HH:mm:ss.
    """
    joined = "".join(texts)
    if not set(map(len, texts)) <= {0, 19} or any(set(joined[at::19]) - {mark} for at, mark in _ISO_MARKS):
        raise ValueError(_ISO)
    times = np.array(texts, dtype="datetime64[s]")
    known = times[~np.isnat(times)]
    if not known.size:
        return None
    first, last = known.min().item(), known.max().item()
    return first, last


def plausible(moment: datetime, now: datetime, *, future: bool) -> datetime:
    """`moment`, if it can be true at `now`.

    Args:
        future: the column may name a time to come (a deadline, the end of a validity).

    Raises:
        Unreadable: "time_future" more than a day after `now`, "time_early" before 1980.
    """
    if moment < EARLIEST:
        raise Unreadable("time_early")
    if not future and moment > now + timedelta(days=1):
        raise Unreadable("time_future")
    return moment


def number(text: str, *, decimal_comma: bool = False) -> float:
    """A finite number. Thousands separators (1,234,567) are understood; "1,5" only with `decimal_comma`.

    Raises:
        Unreadable: "number_bad".

    >>> number("1,234.5"), number("12,5", decimal_comma=True)
    (1234.5, 12.5)
    """
    if decimal_comma and "," in text:
        text = text.replace(".", "").replace(",", ".", 1)
    elif _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        raise Unreadable("number_bad")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("number_bad")
    return value


def quantity(text: str, *, scale: int = 4, limit: float = 1e10) -> float:
    """A number of at least 0 as a NUMERIC column of `scale` digits keeps it.

    Raises:
        Unreadable: "number_bad", "number_negative" or "number_big".
    """
    value = number(text)
    if value < 0:
        raise Unreadable("number_negative")
    if value >= limit:
        raise Unreadable("number_big")
    return round(value, scale)


def count(text: str, *, limit: int = 2**31 - 1) -> int:
    """A whole number of at least 0; "3.0" and "1,200" are whole numbers.

    Raises:
        Unreadable: "number_bad", "number_negative" or "number_big".
    """
    number(text)
    try:
        exact = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise Unreadable("number_bad") from error
    if exact < 0:
        raise Unreadable("number_negative")
    if exact > limit:
        raise Unreadable("number_big")
    if exact != int(exact):
        raise Unreadable("number_bad")
    return int(exact)
