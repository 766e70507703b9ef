"""The instant a screen asks for."""

from __future__ import annotations

from datetime import date, datetime, time

from domain.errors import BadRequest
from domain.periods import end_of_day
from web.context import context

EARLIEST = datetime(1990, 1, 1)


def asked(text: str | None) -> datetime | None:
    """The instant in `?as_of=`, None for now.

    A day alone means its last second. An instant later than now means now.

    Raises:
        BadRequest: not a day or an instant, or before 1990.
    """
    if not text:
        return None
    found = _parsed(text.strip())
    if found < EARLIEST:
        raise BadRequest("error.bad_as_of", value=text[:40])
    return None if found >= context().now() else found


def _parsed(text: str) -> datetime:
    try:
        if len(text) == len("2024-05-06"):
            return end_of_day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("error.bad_as_of", value=text[:40]) from error
    if moment.tzinfo is not None:
        raise BadRequest("error.bad_as_of", value=text[:40])
    return moment.replace(microsecond=0)


def midnight(day: date) -> datetime:
    """The first second of a day."""
    return datetime.combine(day, time.min)
