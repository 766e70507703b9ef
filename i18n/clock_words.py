"""Response clocks in words: lengths of time, bands, limits, shares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from domain.board import Unit
from domain.clock_rules import Clock
from domain.clock_views import ClockLine, ClocksView
from domain.rounding import half_up
from i18n import Translator
from i18n.compare_words import unit_name
from i18n.map_words import code

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def length(seconds: float | None, t: Translator) -> str:
    """A length of time to two units: 41 秒, 4 分 38 秒, 2 小时 5 分, 1 天 3 小时.

    >>> length(278, Translator("en"))
    '4 min 38 s'
    """
    if seconds is None:
        return "—"
    whole = int(half_up(seconds, 0))
    if whole < 2 * _MINUTE:
        return t("clocks.seconds", n=whole)
    if whole < _HOUR:
        return t("clocks.minutes", m=whole // _MINUTE, s=whole % _MINUTE)
    if whole < _DAY:
        return t("clocks.hours", h=whole // _HOUR, m=whole % _HOUR // _MINUTE)
    return t("clocks.days", d=whole // _DAY, h=whole % _DAY // _HOUR)


def bands(clock: Clock, t: Translator) -> list[str]:
    """The bands' names, shortest first."""
    ends = [t.duration(one) for one in clock.bands]
    middle = [t("clocks.band", low=low, high=high) for low, high in pairwise(ends)]
    return [t("clocks.band_first", high=ends[0]), *middle, t("clocks.band_last", low=ends[-1])]


def limit(clock: Clock, limits: str, t: Translator) -> str:
    """The clock's limit; of a clock by region each of them."""
    if limits == "region" and clock.regions:
        parts = [
            f"{t(f'compare.region_name.{name}')} {t.duration(value) if value else t('clocks.no_limit')}"
            for name, value in clock.regions.items()
        ]
        return t("list.comma").join(parts)
    return t("clocks.limit", limit=t.duration(clock.limit)) if clock.limit else t("clocks.no_limit")


def share(line: ClockLine | None, t: Translator) -> str:
    """The share in time; 样本不足 where too few are due, — where none is."""
    if line is None or line.percent is None:
        return "—"
    return t.percent(line.percent)


def counted(line: ClockLine, t: Translator) -> str:
    """In time / due."""
    return t("clocks.percent", hit=t.number(line.hit), due=t.number(line.due))


def row_name(table: str, key: str, units: Sequence[Unit], t: Translator) -> str:
    """What a row of a table ("stations", "hours", "classes") is called."""
    if table == "hours":
        return t("clocks.table.clock", n=int(key))
    if table == "classes":
        return code("class_code", key, t)
    unit = next((one for one in units if one.code == key), None)
    return unit_name(unit, "station", t) if unit else key or t("compare.table.rest")


def nothing(view: ClocksView, t: Translator) -> tuple[str, ...]:
    """Why no clocks are shown: no orders at all, or none in the period; empty when they are."""
    if view.empty:
        return t("clocks.none"), t("clocks.none_hint")
    return () if any(part.now.rows for part in view.clocks) else (t("clocks.none_span"),)


def clock_notes(view: ClocksView, t: Translator) -> list[str]:
    """How the shares are to be read."""
    found = [t("clocks.note"), t("clocks.note_incident")]
    found += [t("clocks.note_region")] if view.asked.limits == "region" else []
    return [*found, t("clocks.no_base")] if view.base_short else found
