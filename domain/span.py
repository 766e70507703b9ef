"""Stretches of wall time that are compared: presets, to date, the same stretch of another time."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.errors import BadRequest

LONGEST_DAYS = 3660
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of wall time, `end` not included."""

    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The day it begins on."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day that it touches."""
        return (self.end - timedelta(seconds=1)).date()

    @property
    def days(self) -> float:
        """Its length in days; part of a day counts as part."""
        return (self.end - self.start) / _DAY

    @property
    def whole_days(self) -> bool:
        """True when it begins and ends at midnight."""
        return self.start.time() == time.min and self.end.time() == time.min


PRESETS = (
    "today", "yesterday", "7d", "week", "last_week", "30d", "month", "last_month", "90d", "quarter", "last_quarter",
    "november", "jan_feb", "year", "last_year", "365d",
)  # fmt: skip
"""Names of the ready-made stretches, in the order they are offered."""

DEFAULT_PRESET = "30d"
BASES = ("none", "year", "weekday", "lunar", "prev")
UNITS = ("day", "week", "month", "quarter", "year")
"""Whole units of the calendar; a week begins on Monday."""

WEEKDAY_SHIFT = timedelta(days=364)
FESTIVAL_DAYS = 45
"""So many days on either side of the Spring Festival are its time."""

LUNAR_LONGEST = 120
"""What is longer, in days, holds more than the time of the Spring Festival, and keeps its dates."""

Festivals = Callable[[int], "date | None"]
"""Year -> day of the Spring Festival; None when it is not known."""

_TO_DATE = {"today": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}
_LAST = {"yesterday": "day", "last_week": "week", "last_month": "month", "last_quarter": "quarter", "last_year": "year"}
_UNIT_OF = {**_TO_DATE, **_LAST, **{unit: unit for unit in UNITS}, "november": "month", "jan_feb": "two months"}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "two months": 2, "quarter": 3, "year": 12}


def span_of(preset: str, now: datetime) -> Span:
    """A preset's stretch; one that holds today ends now ("to date").

    Args:
        preset: one of `PRESETS`. "30d" is today and the 29 days before it, "november" the last whole one,
            "jan_feb" January and February of this year, in which a moving Spring Festival always lies.
        now: where the stretch ends; midnight ends the day before, which then is "today" as a whole.

    Raises:
        BadRequest: no such preset.

    >>> span_of("month", datetime(2024, 5, 7, 13)).start
    datetime.datetime(2024, 5, 1, 0, 0)
    """
    today = (now - timedelta(microseconds=1)).date()
    if preset in _TO_DATE:
        return Span(_at(unit_start(_TO_DATE[preset], today)), now)
    if preset in _LAST:
        end = unit_start(_LAST[preset], today)
        return Span(_at(unit_start(_LAST[preset], end - _DAY)), _at(end))
    if preset in ("7d", "30d", "90d", "365d"):
        return Span(_at(today - timedelta(days=int(preset[:-1]) - 1)), now)
    if preset == "november":
        year = now.year if now.month == 12 else today.year - (today.month < 12)
        return Span(datetime(year, 11, 1), datetime(year, 12, 1))
    if preset == "jan_feb":
        return Span(datetime(today.year, 1, 1), min(datetime(today.year, 3, 1), now))
    raise BadRequest("error.bad_period", value=preset[:40])


def unit_start(unit: str, day: date) -> date:
    """The first day of the unit, one of `UNITS`, that holds `day`.

    >>> unit_start("quarter", date(2024, 6, 30))
    datetime.date(2024, 4, 1)
    """
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def unit_at(unit: str, day: date, now: datetime) -> Span:
    """The whole unit that holds `day`; never later than now.

    Raises:
        BadRequest: no such unit, or one that has not begun, or a day before 1990.

    >>> unit_at("month", date(2022, 11, 5), datetime(2024, 5, 7)).end
    datetime.datetime(2022, 12, 1, 0, 0)
    """
    if unit not in UNITS or day.year < 1990 or _at(unit_start(unit, day)) >= now:
        raise BadRequest("error.bad_period", value=f"{unit} {day}"[:40])
    whole = _whole(unit, day)
    return Span(whole.start, min(whole.end, now))


def _whole(unit: str, day: date) -> Span:
    first = unit_start(unit, day)
    after = first + timedelta(days=_DAYS[unit]) if unit in _DAYS else _months_on(first, _MONTHS[unit])
    return Span(_at(first), _at(after))


def free_span(first: str, last: str, now: datetime) -> Span:
    """The stretch from one day to another, both included, as an address gives it; never later than now.

    Raises:
        BadRequest: not days, the wrong way round, longer than ten years, or wholly in the future.
    """
    start, end = day_of_text(first), day_of_text(last)
    if end < start or (end - start).days >= LONGEST_DAYS or _at(start) >= now or start.year < 1990:
        raise BadRequest("error.bad_period", value=f"{first}..{last}"[:40])
    return Span(_at(start), min(_at(end + _DAY), now))


def base_of(
    span: Span, base: str, first: str = "", last: str = "", *, preset: str = "", festival_of: Festivals | None = None
) -> Span | None:
    """The stretch that `span` is compared with; None for none.

    Args:
        base: "year" the same dates a year earlier (同比), "weekday" 52 weeks earlier, "lunar" as far from the
            Spring Festival, "prev" the period before (环比), "none", or "free" from `first` to `last`.
        preset: the name that gave the span, one of `PRESETS` or `UNITS`; it says which period came before.
            Without one, only a whole month, quarter or year has its like before it.
        festival_of: needed for "lunar" only.

    Raises:
        BadRequest: no such base, "lunar" without `festival_of`, or wrong days.

    A stretch that ends within a day (to date) is compared with one that ends at the same time of day.
    """
    if base == "none":
        return None
    if base == "prev":
        return _before(span, preset)
    if base == "year":
        return year_before(span)
    if base == "weekday":
        return Span(span.start - WEEKDAY_SHIFT, span.end - WEEKDAY_SHIFT)
    if base == "lunar" and festival_of is not None:
        return lunar_before(span, festival_of)[0]
    if base == "free":
        return free_span(first, last, span.end)
    raise BadRequest("error.bad_base", value=base[:40])


def _before(span: Span, preset: str) -> Span:
    """What is part of a month, quarter or year is compared with the same part of the one before.

    Other stretches are compared with as many days just before.
    """
    unit = _UNIT_OF.get(preset, "") if preset else _whole_unit(span)
    if unit == "year":
        return year_before(span)
    if unit in _MONTHS:
        return Span(_months_back(span.start, _MONTHS[unit]), _months_back(span.end, _MONTHS[unit]))
    days = timedelta(days=_DAYS.get(unit, (span.last_day - span.first_day).days + 1))
    return Span(span.start - days, span.end - days)


def _whole_unit(span: Span) -> str:
    """ "month", "quarter" or "year" when the span is exactly one; "" otherwise."""
    return next((unit for unit in ("month", "quarter", "year") if _whole(unit, span.first_day) == span), "")


def year_before(span: Span) -> Span:
    """The same dates a year earlier; whole months are compared with whole months.

    Where only one of the two years has a 29 February: whole months keep or gain it, what ends with any 28 February
    ends with the 28th again, and 29 February itself is compared with 28 February.

    >>> year_before(Span(datetime(2024, 2, 1), datetime(2024, 2, 29))).last_day
    datetime.date(2023, 2, 28)
    >>> year_before(Span(datetime(2025, 2, 1), datetime(2025, 3, 1))).last_day
    datetime.date(2024, 2, 29)
    >>> year_before(Span(datetime(2025, 2, 28), datetime(2025, 3, 1))).last_day
    datetime.date(2024, 2, 28)
    """
    end = year_back(span.end)
    if span.end.time() == time.min and (span.end.month, span.end.day) == (2, 29):
        end += _DAY
    elif span.whole_days and (end.month, end.day) == (3, 1) and isleap(end.year) and span.start.day > 1:
        end -= _DAY
    return Span(year_back(span.start), end)


def year_back(moment: datetime) -> datetime:
    """The same date and time one year earlier.

    >>> year_back(datetime(2024, 2, 29, 8))
    datetime.datetime(2023, 2, 28, 8, 0)
    """
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)


def lunar_before(span: Span, festival_of: Festivals) -> tuple[Span, date | None]:
    """The stretch that lies to the Spring Festival of the year before as `span` lies to the one it is near.

    Returns:
        The stretch and the Spring Festival that `span` is near. The same dates of the year before and None when
        the span does not touch the time of a Spring Festival (`FESTIVAL_DAYS`), is longer than `LUNAR_LONGEST`
        days, or either Spring Festival is not known.
    """
    near = (span.first_day.year, (span.last_day + timedelta(days=FESTIVAL_DAYS)).year)
    for year in near if span.days <= LUNAR_LONGEST else ():
        this, last = festival_of(year), festival_of(year - 1)
        if this and last and _touches(span, this):
            return Span(span.start - (this - last), span.end - (this - last)), this
    return year_before(span), None


def _touches(span: Span, festival: date) -> bool:
    around = timedelta(days=FESTIVAL_DAYS)
    return span.first_day <= festival + around and span.last_day >= festival - around


def _months_on(first: date, months: int) -> date:
    """The first of a month so many months after another's first; negative: before."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _months_back(moment: datetime, months: int) -> datetime:
    """The same day of the month and time, months earlier; the month's end when it has no such day.

    >>> _months_back(datetime(2023, 3, 31, 13), 1)
    datetime.datetime(2023, 3, 1, 0, 0)
    """
    first = _months_on(moment.date().replace(day=1), -months)
    found = datetime.combine(first + (moment.day - 1) * _DAY, moment.time())
    return min(found, _at(_months_on(first, 1)))


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min)


def day_of_text(text: str) -> date:
    """The day that an address names.

    Raises:
        BadRequest: not a day.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadRequest("error.bad_day", value=text[:40]) from error
