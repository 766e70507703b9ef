"""Response clocks in words: lengths of time, bands, limits, shares."""

from __future__ import annotations

from itertools import pairwise

from domain.clock_rules import Clock
from domain.clock_views import ClockLine
from domain.rounding import half_up
from i18n import Translator

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
