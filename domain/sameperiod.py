"""The periods that an address of the comparison pages asks for: now, the same period (同比), the one before (环比)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.errors import BadRequest
from domain.span import UNITS, Festivals, Span, base_of, day_of_text, free_span, lunar_before, span_of, unit_at

DEFAULT_PRESET = "month"
BASES = ("year", "weekday", "lunar", "free", "none")
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Periods:
    """What is compared with what; every end lies in the past, and is not included.

    Args:
        preset: name of the span in `domain.span.PRESETS`, or of a unit in `domain.span.UNITS` together with `at`;
            "" for free days.
        base: the same period, None for none. base_name: what was asked, one of `BASES`.
        base_used: what `base` is; "lunar" becomes "year" where no Spring Festival is near.
        previous: the period before.
        whole_hours: the hour that is still running is left out of all three, unless the span holds nothing else.
        festival: the Spring Festival that the span is near when `base_used` is "lunar"; None otherwise.
        at: the day whose whole unit is meant; None when the preset counts from now.
    """

    span: Span
    preset: str
    base: Span | None
    base_name: str
    base_used: str
    previous: Span | None
    whole_hours: bool
    festival: date | None
    at: date | None = None


def periods(args: Mapping[str, str], now: datetime, festival_of: Festivals, until: datetime | None = None) -> Periods:
    """What an address asks for.

    Args:
        args: `preset` (with a unit: `at`, a day) or `from` and `to`; `base`, with "free" `base_from` and `base_to`;
            `hours`, "" or "whole". Without anything this month to date against the same dates of last year.
        now: the instant the page is about; no period reaches beyond it.
        festival_of: year -> day of the Spring Festival.
        until: where the data are complete; a period that would last longer ends there, unless nothing were
            left of it. None: as far as `now`.

    Raises:
        BadRequest: a parameter that makes no sense; names its value.
    """
    span, preset, at = _asked(args, now)
    whole = _whole_hours(args)
    if until is not None and span.start < until < span.end:
        span = Span(span.start, until)
    span = _cut(span) if whole else span
    name = _base_name(args)
    base, festival = _base(args, span, name, (festival_of, now))
    base = _cut(base) if whole and base else base
    return Periods(
        span=span,
        preset=preset,
        base=base,
        base_name=name,
        base_used="year" if name == "lunar" and not festival else name,
        previous=base_of(span, "prev", preset=preset),
        whole_hours=whole,
        festival=festival,
        at=at,
    )


def params(chosen: Periods) -> dict[str, str]:
    """The address that asks for these periods; `periods` of it at the same instant gives them back."""
    found = {"preset": chosen.preset} if chosen.preset else _days("", chosen.span)
    if chosen.at:
        found["at"] = chosen.at.isoformat()
    found["base"] = chosen.base_name
    if chosen.base_name == "free" and chosen.base:
        found |= _days("base_", chosen.base)
    if chosen.whole_hours:
        found["hours"] = WHOLE
    return found


def _days(prefix: str, span: Span) -> dict[str, str]:
    return {f"{prefix}from": span.first_day.isoformat(), f"{prefix}to": span.last_day.isoformat()}


def _asked(args: Mapping[str, str], now: datetime) -> tuple[Span, str, date | None]:
    first, last = _said(args, "from"), _said(args, "to")
    if first or last:
        return free_span(first or last, last or first, now), "", None
    preset, at = _said(args, "preset") or DEFAULT_PRESET, _said(args, "at")
    if not at:
        return span_of(preset, now), preset, None
    if preset not in UNITS:
        raise BadRequest("error.bad_view", name="at", value=f"{at} ({preset})"[:40])
    day = day_of_text(at)
    return unit_at(preset, day, now), preset, day


def _base_name(args: Mapping[str, str]) -> str:
    """Days given mean a free base; otherwise the same dates of last year."""
    usual = "free" if _said(args, "base_from") or _said(args, "base_to") else "year"
    name = _said(args, "base") or usual
    if name not in BASES:
        raise BadRequest("error.bad_base", value=name[:40])
    return name


def _base(
    args: Mapping[str, str], span: Span, name: str, known: tuple[Festivals, datetime]
) -> tuple[Span | None, date | None]:
    """The same period, and the Spring Festival by which it was found."""
    festival_of, now = known
    if name == "lunar":
        return lunar_before(span, festival_of)
    first, last = _said(args, "base_from"), _said(args, "base_to")
    if name != "free" or not (first or last):
        return base_of(span, "year" if name == "free" else name), None
    return _to_the_clock(free_span(first or last, last or first, now), span), None


def _to_the_clock(base: Span, span: Span) -> Span:
    """A free base whose last day ends at the time of day at which the span ends: part of a day against part."""
    if span.end.time() == time.min:
        return base
    return Span(base.start, min(base.end, datetime.combine(base.last_day, span.end.time())))


def _whole_hours(args: Mapping[str, str]) -> bool:
    hours = _said(args, "hours")
    if hours not in ("", WHOLE):
        raise BadRequest("error.bad_view", name="hours", value=hours[:40])
    return hours == WHOLE


def _cut(span: Span) -> Span:
    """Up to the last full hour. What is compared with it is found from this, and so ends at a full hour too."""
    end = span.end.replace(minute=0, second=0, microsecond=0)
    return Span(span.start, end) if end > span.start else span


def _said(args: Mapping[str, str], name: str) -> str:
    return str(args.get(name) or "").strip()
