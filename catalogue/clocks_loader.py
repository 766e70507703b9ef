"""Reading `clocks.toml` into `ClockRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from catalogue.loader import checked, duration
from catalogue.overrides import Strict, read_over
from domain.clock_rules import CLOCKS, Clock, ClockRules
from domain.errors import CatalogueError
from domain.task import Catalogue

_FILE = "clocks.toml"
_LONGEST = 366 * 86_400
MOST_BINS = 200
"""Of one clock. With what is open and what is not usable a bin's number fits into a byte."""


def _seconds(value: Any) -> int:
    found = int(duration(value if isinstance(value, str) else "").total_seconds())
    if found > _LONGEST:
        raise ValueError("must be at most 366d")
    return found


def _seconds_or_none(value: Any) -> int | None:
    return None if value == "none" else _seconds(value)


_Seconds = Annotated[int, BeforeValidator(_seconds)]
_Limit = Annotated[int | None, BeforeValidator(_seconds_or_none)]


class _Names(Strict):
    zh: Annotated[str, Field(min_length=1, max_length=20)]
    en: Annotated[str, Field(min_length=1, max_length=40)]


class _Clock(Strict):
    names: _Names
    task: Annotated[str, Field(min_length=1)] | None = None
    limit: _Limit = None
    bands: Annotated[list[_Seconds], Field(min_length=1, max_length=12)]
    bins: Annotated[list[tuple[_Seconds, _Seconds]], Field(min_length=1, max_length=20)]
    regions: dict[Literal["urban", "fringe", "rural"], _Limit] = Field(default_factory=dict)

    @field_validator("bands", "bins")
    @classmethod
    def _rising(cls, values: list[Any]) -> list[Any]:
        ends = [value[0] if isinstance(value, tuple) else value for value in values]
        if sorted(set(ends)) != ends:
            raise ValueError("must rise from one entry to the next")
        return values


class _File(Strict):
    least_short: Annotated[int, Field(ge=1, le=1000)]
    least_long: Annotated[int, Field(ge=1, le=1000)]
    short_days: Annotated[float, Field(ge=1, le=366, allow_inf_nan=False)]
    q: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    clock: dict[Literal["sign", "set_out", "arrive", "feedback", "close"], _Clock]


def load_clock_rules(catalogue: Catalogue, overrides: Path | None = None) -> ClockRules:
    """The shipped rules with a deployment's own laid over them: keys one by one, clocks by their code.

    Args:
        catalogue: the tasks that the limits are taken from. A clock whose task is not in it, and that has no
            limit of its own, is timed but not judged.

    Raises:
        CatalogueError: wrong syntax, key, value or reference; names the file.
    """
    raw, path = read_over(_FILE, overrides, _laid_over)
    found = checked(_File, raw, path)
    clocks = tuple(_clock(code, found.clock[code], catalogue, path) for code in CLOCKS if code in found.clock)
    told = [found.model_dump_json(), *(repr(clock.limits) for clock in clocks)]
    return ClockRules(
        clocks=clocks,
        least_short=found.least_short,
        least_long=found.least_long,
        short_days=found.short_days,
        q=found.q,
        version=hashlib.sha256("\n".join(told).encode()).hexdigest()[:10],
    )


def _clock(code: str, entry: _Clock, catalogue: Catalogue, path: Path) -> Clock:
    limit = entry.limit if "limit" in entry.model_fields_set else _limit_of(entry.task, catalogue)
    limits = [one for one in (limit, *entry.regions.values()) if one is not None]
    regions: dict[str, int | None] = dict(entry.regions.items())
    edges = sorted({*_ends(entry.bins), *entry.bands, *limits})
    if len(edges) > MOST_BINS:
        detail = f"{len(edges)} bins; at most {MOST_BINS}"
        raise CatalogueError("error.catalogue", file=str(path), where=f"clock.{code}.bins", detail=detail)
    return Clock(code, entry.names.model_dump(), limit, tuple(entry.bands), tuple(edges), regions)


def _limit_of(code: str | None, catalogue: Catalogue) -> int | None:
    task = catalogue.task(code) if code else None
    limit = task.measure.limit if task else None
    return None if limit is None else int(limit.total_seconds())


def _ends(bins: Sequence[tuple[int, int]]) -> list[int]:
    found, at = list[int](), 0
    for until, step in bins:
        found += range(at + step, min(until, at + step * MOST_BINS) + 1, step)
        found.append(until)
        at = until
    return found


def _laid_over(ours: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` over `ours`; tables within tables too, but a table of limits or names as a whole."""
    merged = dict(ours)
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(ours.get(name), dict) and name not in ("regions", "names")
        merged[name] = _laid_over(ours[name], value) if both else value
    return merged
