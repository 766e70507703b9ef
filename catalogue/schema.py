"""What `themes.toml` and `tasks.toml` may contain. Each key is described in `docs/catalogue.md`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from domain.task import Base, Kind, Method, Period

_DURATION = re.compile(r"^([1-9]\d{0,5})\s*(s|m|h|d)$", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Source = Literal["incident", "dispatch_order", "work_order", "work_record", "sample", "risk_code"]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Filled = Annotated[str, Field(min_length=1)]
Real = Annotated[float, Field(allow_inf_nan=False)]
AtLeastZero = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _plain(value: Any) -> Any:
    several = value if isinstance(value, list) else [value]
    if not several or not all(isinstance(one, str | int) for one in several):
        raise ValueError("must be a text, a whole number, or a list of them that is not empty")
    return value


Wanted = Annotated[str | int | list[str | int], BeforeValidator(_plain)]

NEEDED: dict[Method, tuple[str, ...]] = {
    Method.COUNT: ("at",),
    Method.RATIO: ("at",),
    Method.LATEST: ("at",),
    Method.HIT: ("at", "stop"),
    Method.CLOCK: ("start", "stop"),
    Method.OVERDUE: ("start", "stop", "due"),
    Method.CHANGE: ("at", "base"),
    Method.STANDING: (),
    Method.DOWNGRADE: (),
}
"""Keys a method cannot do without."""

OPTIONAL: dict[Method, tuple[str, ...]] = {
    Method.COUNT: ("total",),
    Method.HIT: ("hit",),
    Method.CLOCK: ("limit", "due"),
}
"""Keys a method may have besides; every other key of a measure would be ignored and is refused."""

METHODS: dict[Kind, tuple[Method, ...]] = {
    Kind.COUNT: (Method.COUNT,),
    Kind.RATE: (Method.RATIO, Method.LATEST, Method.HIT, Method.CLOCK, Method.DOWNGRADE),
    Kind.SLA: (Method.CLOCK,),
    Kind.CEILING: (Method.COUNT, Method.OVERDUE, Method.CHANGE, Method.STANDING),
    Kind.INFO: tuple(Method),
}
"""Methods whose numbers a kind can judge."""

_ONLY_SOURCE: dict[Method, str] = {
    Method.RATIO: "sample",
    Method.LATEST: "sample",
    Method.STANDING: "risk_code",
    Method.DOWNGRADE: "risk_code",
}
_METHOD_KEYS = ("at", "start", "stop", "limit", "due", "total", "hit", "base")


def duration(text: str) -> timedelta:
    """`"90s"`, `"5m"`, `"22h"`, `"3d"` as a time span.

    Raises:
        ValueError: anything else, zero included.

    >>> duration("90s").total_seconds()
    90.0
    """
    found = _DURATION.match(text)
    if not found:
        raise ValueError("must be a duration in quotes: a whole number above 0 and s, m, h or d, such as 90s, 5m, 22h")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


class Entry(BaseModel):
    """A table of a catalogue file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureEntry(Entry):
    """`[task.measure]`: how the numbers are taken from one table."""

    source: Source
    method: Method
    where: dict[str, Wanted] = {}
    where_not: dict[str, Wanted] = {}
    at: Filled | None = None
    start: Filled | None = None
    stop: Filled | None = None
    limit: timedelta | None = None
    due: Filled | None = None
    total: Filled | None = None
    hit: dict[str, str | int] = {}
    base: Base | None = None

    @field_validator("limit", mode="before")
    @classmethod
    def _duration(cls, value: Any) -> Any:
        return value if isinstance(value, timedelta) else duration(value if isinstance(value, str) else "")

    @model_validator(mode="after")
    def _fits_method(self) -> MeasureEntry:
        self._only_source()
        self._no_missing_key()
        self._no_idle_key()
        return self

    def _only_source(self) -> None:
        only = _ONLY_SOURCE.get(self.method)
        if only and self.source != only:
            raise ValueError(f"method {self.method.value} reads source {only} only, not {self.source}")

    def _no_missing_key(self) -> None:
        missing = [key for key in NEEDED[self.method] if getattr(self, key) is None]
        if missing:
            raise ValueError(f"method {self.method.value} needs {', '.join(missing)}")
        if self.method is Method.CLOCK and (self.limit is None) == (self.due is None):
            raise ValueError("method clock needs either limit or due, and not both")

    def _no_idle_key(self) -> None:
        used = NEEDED[self.method] + OPTIONAL.get(self.method, ())
        idle = [key for key in _METHOD_KEYS if getattr(self, key) and key not in used]
        if idle:
            raise ValueError(f"method {self.method.value} does not use {', '.join(idle)}")


class ThresholdsEntry(Entry):
    """`thresholds`: the worst values that are still blue and still yellow."""

    blue: Real
    yellow: Real
    relative: bool = False
    new_yellow: AtLeastZero = 1.0


class NamesEntry(Entry):
    """`names`: in Chinese and in English."""

    zh: Filled
    en: Filled


class GuideEntry(Entry):
    """`[task.guide]`: what is to be done and how, in Chinese and in English."""

    zh_what: str = ""
    zh_how: str = ""
    en_what: str = ""
    en_how: str = ""


class TaskEntry(Entry):
    """`[[task]]`: one task."""

    code: Code
    theme: str
    kind: Kind
    period: Period
    unit: Word
    feed: Word
    on: bool = True
    hard: bool = False
    weight: Positive = 1.0
    min_sample: AtLeastZero = 0.0
    evidence: str = ""
    names: NamesEntry
    guide: GuideEntry = GuideEntry()
    measure: MeasureEntry
    thresholds: ThresholdsEntry | None = None

    @model_validator(mode="after")
    def _fits_kind(self) -> TaskEntry:
        able = METHODS[self.kind]
        if self.measure.method not in able:
            allowed = ", ".join(method.value for method in able)
            raise ValueError(
                f"kind {self.kind.value} cannot judge method {self.measure.method.value}; methods: {allowed}"
            )
        if self.kind in (Kind.RATE, Kind.SLA) and self.unit != "percent":
            raise ValueError(f'kind {self.kind.value} is a percentage: unit must be "percent", not {self.unit!r}')
        if self.kind is not Kind.INFO:
            self._judged_by(self.thresholds)
        return self

    def _judged_by(self, limits: ThresholdsEntry | None) -> None:
        if limits is None:
            raise ValueError(f"kind {self.kind.value} needs thresholds")
        if limits.relative != (self.measure.method is Method.CHANGE):
            raise ValueError("thresholds.relative must be true for method change and for no other method")
        if self.unit == "percent" and not (0 <= limits.blue <= 100 and 0 <= limits.yellow <= 100):
            raise ValueError(
                f"thresholds of a percentage lie in 0..100: blue {limits.blue:g}, yellow {limits.yellow:g}"
            )
        stricter = limits.yellow < limits.blue if self.kind is Kind.CEILING else limits.yellow > limits.blue
        if stricter:
            order = "at least" if self.kind is Kind.CEILING else "at most"
            raise ValueError(
                f"thresholds: yellow {limits.yellow:g} is stricter than blue {limits.blue:g}; "
                f"for kind {self.kind.value} yellow must be {order} blue"
            )


class ThemeEntry(Entry):
    """`[[theme]]`: one theme."""

    code: Code
    names: NamesEntry
    evidence: str = ""


class ThemesFile(Entry):
    """`themes.toml`."""

    version: Filled
    theme: list[ThemeEntry]


class TasksFile(Entry):
    """`tasks.toml`."""

    task: list[TaskEntry]


class OwnThemesFile(Entry):
    """A deployment's own `themes.toml`."""

    version: Filled | None = None
    theme: list[ThemeEntry] = []


class OwnTasksFile(Entry):
    """A deployment's own `tasks.toml`."""

    task: list[TaskEntry] = []
