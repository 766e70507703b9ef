"""The one place that reads the clock: wall time of the deployment's zone, without zone, to the second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo


def wall_clock(zone: ZoneInfo) -> Callable[[], datetime]:
    """A function that gives the wall time in `zone` now."""

    def now() -> datetime:
        return datetime.now(zone).replace(tzinfo=None, microsecond=0)

    return now
