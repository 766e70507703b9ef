"""Reading an address of the map pages into `Asked`; the other direction is `components.map_links`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from domain.errors import BadRequest
from domain.heat import LAYERS, PER, SIDES, UNITS, Asked
from domain.incident_filter import circle, parse
from domain.span import DEFAULT_PRESET, Span, base_of, free_span, span_of

BASES = ("none", "year", "prev", "free")
"""What a map can be compared with."""

_CHOICES = {"layer": LAYERS, "side": SIDES, "per": PER, "unit": UNITS}


def asked(args: Mapping[str, str], now: datetime) -> Asked:
    """What an address asks of the map.

    Args:
        now: the instant the page is about; a span never reaches beyond it.

    Raises:
        BadRequest: a parameter that makes no sense; names it and its value.
    """
    span, preset, clocked = _span(args, now)
    side = _choice(args, "side")
    base_name = _base_name(args)
    base = base_of(span, base_name, str(args.get("base_from") or ""), str(args.get("base_to") or ""), preset=preset)
    return Asked(
        span=span,
        preset=preset,
        base=base,
        base_name=base_name,
        filter=parse(args),
        layer=_choice(args, "layer"),
        side=side if base else SIDES[0],
        per=_choice(args, "per"),
        unit=_choice(args, "unit"),
        ring=_point(args),
        clocked=clocked,
    )


def _span(args: Mapping[str, str], now: datetime) -> tuple[Span, str, bool]:
    """The stretch, the preset's name, and whether the address says to the minute where it ends."""
    first, last = str(args.get("from") or "").strip(), str(args.get("to") or "").strip()
    if "T" in last:
        return _to_the_minute(first, last, now)
    if first or last:
        return free_span(first or last, last or first, now), "", False
    preset = str(args.get("preset") or "").strip() or DEFAULT_PRESET
    return span_of(preset, now), preset, False


def _to_the_minute(first: str, last: str, now: datetime) -> tuple[Span, str, bool]:
    """From a day to an instant, which is not included: what another page counted up to then.

    Midnight, and what is still to come, need no clock: they are where days end.
    """
    end = _instant(last)
    whole = free_span(first or str(end.date()), str(end.date()), now)
    if end <= whole.start:
        raise BadRequest("error.bad_period", value=f"{first}..{last}"[:40])
    return Span(whole.start, min(whole.end, end)), "", end <= whole.end and end.time() != time.min


def _instant(text: str) -> datetime:
    """A wall time to the second."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("error.bad_day", value=text[:40]) from error
    if found.tzinfo is not None:
        raise BadRequest("error.bad_day", value=text[:40])
    return found.replace(microsecond=0)


def _base_name(args: Mapping[str, str]) -> str:
    """Days given mean a free span; otherwise the same dates of last year (同比)."""
    usual = "free" if args.get("base_from") or args.get("base_to") else "year"
    name = str(args.get("base") or "").strip() or usual
    if name not in BASES:
        raise BadRequest("error.bad_base", value=name[:40])
    return name


def _choice(args: Mapping[str, str], name: str) -> str:
    allowed = _CHOICES[name]
    value = str(args.get(name) or "").strip() or allowed[0]
    if value not in allowed:
        raise BadRequest("error.bad_view", name=name, value=value[:40])
    return value


def _point(args: Mapping[str, str]) -> tuple[float, float] | None:
    text = str(args.get("ring") or "").strip()
    if not text:
        return None
    place = circle("ring", f"{text},1")
    return place.lng, place.lat
