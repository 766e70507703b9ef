"""The rules of response clocks: what `catalogue/clocks.toml` says, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

CLOCKS = ("sign", "set_out", "arrive", "feedback", "close")
"""All clocks, in the order of an order's life; each starts when the order is given (DOMAIN 2.4)."""

CLASSES = ("accident", "order", "other")
"""Classes of incidents; any other code counts as "other"."""

WHO = ("station", "squadron", "incident")
"""What a row is: the station's order, the squadron's order, or an incident by its earliest arrival."""

LIMITS = ("uniform", "region")
"""One limit for all stations, or by the region a station lies in."""


@dataclass(frozen=True)
class Clock:
    """One clock.

    Args:
        code: one of `CLOCKS`. names: by language.
        limit: seconds; a row that took exactly as long is in time. None: the clock is timed, never judged.
        bands: rising ends of the bands that circulars print, seconds; what took exactly as long belongs to the
            lower band, and one more band lies above the last.
        edges: rising ends of the bins that times are counted in, seconds; every limit and band is one of them.
        regions: region type of a station -> its limit under `limits="region"`, None: not judged there. A
            region that is not named here has `limit`.
    """

    code: str
    names: Mapping[str, str]
    limit: int | None
    bands: tuple[int, ...]
    edges: tuple[int, ...]
    regions: Mapping[str, int | None] = field(default_factory=dict)

    def name(self, lang: str) -> str:
        """Its name in `lang`, else its code."""
        return self.names.get(lang, self.code)

    def limit_in(self, region: str | None, limits: str) -> int | None:
        """The limit of a station in this region; see `LIMITS`."""
        return self.regions.get(region or "", self.limit) if limits == "region" else self.limit

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """All limits that some station may have, rising."""
        return tuple(sorted({limit for limit in (self.limit, *self.regions.values()) if limit is not None}))


@dataclass(frozen=True)
class ClockRules:
    """Everything a deployment may change about response clocks.

    Args:
        clocks: in the order of `CLOCKS`.
        least_short, least_long: fewest rows that a share or a percentile is judged by, for periods of up to
            `short_days` days and for longer ones (样本不足, DOMAIN 2.3).
        q: share of false discoveries allowed among the stations and clocks whose change is named.
        version: digest of the rules.
    """

    clocks: tuple[Clock, ...]
    least_short: int = 5
    least_long: int = 20
    short_days: float = 7
    q: float = 0.05
    version: str = ""

    def clock(self, code: str) -> Clock:
        """The clock with this code.

        Raises:
            KeyError: there is none.
        """
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> Mapping[str, Clock]:
        return {clock.code: clock for clock in self.clocks}

    def least(self, days: float) -> int:
        """The fewest rows of a period of so many days."""
        return self.least_short if days <= self.short_days else self.least_long

    def clocks_of(self, who: str) -> tuple[Clock, ...]:
        """The clocks that are told of `who` (see `WHO`): an incident has its arrival only."""
        return tuple(clock for clock in self.clocks if who != "incident" or clock.code == "arrive")
