"""Reading `themes.toml` and `tasks.toml` into a `Catalogue`. Wrong input is named by file, key and value."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from domain.errors import CatalogueError
from domain.task import Base, Catalogue, Kind, Measure, Method, Period, Task, Theme, Thresholds

HERE = Path(__file__).parent
T = TypeVar("T", bound=BaseModel)
_DURATION = re.compile(r"^(\d+)\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SOURCES = Literal["incident", "dispatch_order", "work_order", "work_record", "sample", "risk_code"]
_NEEDS: dict[Method, tuple[str, ...]] = {
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


def duration(text: str) -> timedelta:
    """`"90s"`, `"5m"`, `"22h"`, `"3d"` as a time span.

    Raises:
        ValueError: anything else.

    >>> duration("90s").total_seconds()
    90.0
    """
    found = _DURATION.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a duration such as 90s, 5m, 22h or 3d")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Measure(_Strict):
    source: _SOURCES
    method: Method
    where: dict[str, str | int | list[str | int]] = {}
    where_not: dict[str, str | int | list[str | int]] = {}
    at: str | None = None
    start: str | None = None
    stop: str | None = None
    limit: timedelta | None = None
    due: str | None = None
    total: str | None = None
    hit: dict[str, str | int] = {}
    base: Base | None = None

    @field_validator("limit", mode="before")
    @classmethod
    def _duration(cls, value: Any) -> Any:
        return duration(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> _Measure:
        missing = [name for name in _NEEDS[self.method] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"method {self.method.value} needs {', '.join(missing)}")
        if self.method is Method.CLOCK and (self.limit is None) == (self.due is None):
            raise ValueError("method clock needs either limit or due")
        if self.method in (Method.STANDING, Method.DOWNGRADE) and self.source != "risk_code":
            raise ValueError(f"method {self.method.value} reads source risk_code only")
        if self.method in (Method.RATIO, Method.LATEST) and self.source != "sample":
            raise ValueError(f"method {self.method.value} reads source sample only")
        return self


class _Thresholds(_Strict):
    blue: float
    yellow: float
    relative: bool = False
    new_yellow: float = 1.0


class _Names(_Strict):
    zh: str
    en: str


class _Guide(_Strict):
    zh_what: str = ""
    zh_how: str = ""
    en_what: str = ""
    en_how: str = ""


class _Task(_Strict):
    code: str
    theme: str
    kind: Kind
    period: Period
    unit: str
    feed: str
    on: bool = True
    hard: bool = False
    weight: float = 1.0
    min_sample: float = 0.0
    evidence: str = ""
    names: _Names
    guide: _Guide = _Guide()
    measure: _Measure
    thresholds: _Thresholds | None = None

    @model_validator(mode="after")
    def _judged(self) -> _Task:
        if self.kind is Kind.INFO:
            return self
        if self.thresholds is None:
            raise ValueError(f"kind {self.kind.value} needs thresholds")
        worse = self.thresholds.yellow - self.thresholds.blue
        if (worse < 0) if self.kind is Kind.CEILING else (worse > 0):
            raise ValueError("thresholds: yellow must not be stricter than blue")
        return self


class _Theme(_Strict):
    code: str
    names: _Names
    evidence: str = ""


class _ThemesFile(_Strict):
    version: str
    theme: list[_Theme]


class _TasksFile(_Strict):
    task: list[_Task]


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content; a syntax error becomes a `CatalogueError` that names file and line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError("error.catalogue", file=path.name, where="file", detail=str(error)) from error


def checked(model: type[T], raw: dict[str, Any], path: Path) -> T:
    """`raw` as `model`; the first wrong place becomes a `CatalogueError` that names file, key and value."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = _place(first["loc"], raw)
        detail = f"{first['msg']} (value: {_shown(first.get('input'))})"
        raise CatalogueError("error.catalogue", file=path.name, where=where, detail=detail) from error


def _place(location: tuple[int | str, ...], raw: Any) -> str:
    parts: list[str] = []
    for step in location:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        named = isinstance(step, int) and isinstance(raw, dict) and "code" in raw
        parts.append(str(raw["code"]) if named and isinstance(raw, dict) else str(step))
    return ".".join(parts)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


def load_catalogue(folder: Path = HERE) -> Catalogue:
    """The themes and tasks of `folder`.

    Raises:
        CatalogueError: wrong syntax, key, value, reference or a code used twice.
    """
    themes = checked(_ThemesFile, read_toml(folder / "themes.toml"), folder / "themes.toml")
    tasks = checked(_TasksFile, read_toml(folder / "tasks.toml"), folder / "tasks.toml")
    _no_twins("themes.toml", [theme.code for theme in themes.theme])
    _no_twins("tasks.toml", [task.code for task in tasks.task])
    known = {theme.code for theme in themes.theme}
    for task in tasks.task:
        if task.theme not in known:
            raise CatalogueError(
                "error.catalogue", file="tasks.toml", where=f"{task.code}.theme", detail=f"no theme {task.theme!r}"
            )
    return Catalogue(
        version=themes.version,
        themes=tuple(Theme(t.code, t.names.model_dump()) for t in themes.theme),
        tasks=tuple(_task(t) for t in tasks.task),
    )


def _no_twins(file: str, codes: list[str]) -> None:
    twins = sorted({code for code in codes if codes.count(code) > 1})
    if twins:
        raise CatalogueError("error.catalogue", file=file, where=twins[0], detail="the code is used twice")


def _values(raw: dict[str, Any]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def _task(raw: _Task) -> Task:
    measure = raw.measure.model_dump()
    for name in ("where", "where_not", "hit"):
        measure[name] = _values(measure[name])
    plain = raw.model_dump(exclude={"measure", "thresholds", "names", "guide"})
    return Task(
        **plain,
        names=raw.names.model_dump(),
        guide=raw.guide.model_dump(),
        measure=Measure(**measure),
        thresholds=Thresholds(**raw.thresholds.model_dump()) if raw.thresholds else None,
    )
