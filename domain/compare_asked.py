"""Reading an address of the comparison pages into `CompareAsked`, and writing it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from domain import sameperiod
from domain.compare_rules import CompareRules
from domain.compare_views import LIMITS, STEPS, UNITS, WHO, CompareAsked
from domain.errors import BadRequest
from domain.incident_filter import MOST_VALUES
from domain.span import Festivals

REGIONS = ("urban", "fringe", "rural")
MODES = ("basic", "deep", "full")
CLASSES = ("accident", "order", "other")
RESIDENTS = "residents"
SORTED = ("", ".base", ".change", ".previous")
"""Columns of a figure by which a table is sorted; "" is the period itself."""
_LISTS = {"district": "districts", "station": "stations", "region": "regions", "mode": "modes", "class": "classes"}
_ALLOWED = {"region": REGIONS, "mode": MODES, "class": CLASSES}
_CHOICES = {"unit": UNITS, "step": STEPS, "who": WHO, "limits": LIMITS}
_WORD = re.compile(r"^[\w.:-]{1,64}$")


def compare_asked(
    args: Mapping[str, str],
    now: datetime,
    rules: CompareRules,
    festival_of: Festivals,
    until: datetime | None = None,
) -> CompareAsked:
    """What an address asks of the comparison pages.

    Args:
        now, festival_of, until: see `domain.sameperiod.periods`.

    Raises:
        BadRequest: a parameter that makes no sense; names it and its value.
    """
    given: dict[str, Any] = {field: _several(args, name) for name, field in _LISTS.items()}
    given |= {name: _choice(args, name) for name in _CHOICES}
    chosen = sameperiod.periods(args, now, festival_of, until)
    return CompareAsked(periods=chosen, figure=_figure(args, rules), sort=_sort(args, rules), **given)


def params(asked: CompareAsked, rules: CompareRules) -> dict[str, str]:
    """The address that asks for it; what is as by default is left out, but for the periods."""
    found = sameperiod.params(asked.periods)
    for name, field in _LISTS.items():
        if getattr(asked, field):
            found[name] = ",".join(getattr(asked, field))
    plain = {one.name: one.default for one in fields(CompareAsked)} | {"figure": rules.main}
    for name in (*_CHOICES, "figure", "sort"):
        if getattr(asked, name) != plain[name]:
            found[name] = getattr(asked, name)
    return found


def _several(args: Mapping[str, str], name: str) -> tuple[str, ...]:
    text = _said(args, name)
    values = tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
    allowed = _ALLOWED.get(name)
    wrong = [value for value in values if (value not in allowed if allowed else not _WORD.match(value))]
    if wrong or len(values) > MOST_VALUES:
        raise _bad(name, wrong[0] if wrong else text)
    return values


def _choice(args: Mapping[str, str], name: str) -> str:
    value = _said(args, name) or _CHOICES[name][0]
    if value not in _CHOICES[name]:
        raise _bad(name, value)
    return value


def _figure(args: Mapping[str, str], rules: CompareRules) -> str:
    code = _said(args, "figure") or rules.main
    if rules.figure(code) is None:
        raise _bad("figure", code)
    return code


def _sort(args: Mapping[str, str], rules: CompareRules) -> str:
    text = _said(args, "sort")
    known = (RESIDENTS, *(f"{one.code}{column}" for one in rules.figures for column in SORTED))
    if text and text.removeprefix("-") not in known:
        raise _bad("sort", text)
    return text


def _said(args: Mapping[str, str], name: str) -> str:
    return str(args.get(name) or "").strip()


def _bad(name: str, value: str) -> BadRequest:
    return BadRequest("error.bad_filter", name=name, value=value[:60])
