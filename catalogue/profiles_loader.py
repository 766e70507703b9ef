"""Reading `profiles/*.toml` into a `Profile`. Wrong input is named by file, key and value."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from catalogue.loader import checked, duration, read_toml
from domain.coordinates import Box
from domain.errors import CatalogueError
from domain.parsing import time_pattern
from domain.profile import (
    ColumnRule,
    Empty,
    Exchanged,
    FeedRule,
    FileRule,
    FixedRow,
    Profile,
    Target,
    Unknown,
    folded,
)

FOLDER = Path(__file__).parent / "profiles"
_FORM = re.compile(r"[^{}]*\{0(:[^{}]*)?\}[^{}]*")
_CRS = re.compile(r"wgs84|cgcs2000|gcj02|bd09|epsg:\d{4,6}")
_ORIGINS = ("aliases", "const", "same", "parts", "join", "labels", "digest")

Tables = Literal[
    "incident",
    "incident_party",
    "dispatch_order",
    "work_order",
    "work_record",
    "sample",
    "risk_code",
    "district",
    "squadron",
    "station",
    "duty_grid",
    "duty_roster",
    "boundary",
]


def _time_form(value: str) -> str:
    time_pattern(value)
    return value


def _encoding(value: str) -> str:
    try:
        codecs.lookup(value)
    except LookupError as error:
        raise ValueError(str(error)) from error
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(str(error)) from error
    return value


def _crs(value: str) -> str:
    if not _CRS.fullmatch(value.lower()):
        raise ValueError("use wgs84, cgcs2000, gcj02, bd09 or epsg:NNNN")
    return value.lower()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Column(_Strict):
    aliases: list[str] = Field([], alias="from")
    const: str | None = None
    same: Annotated[str, Field(pattern=r"^\w+\.\w+$")] | None = None
    parts: list[str] = []
    join: list[str] = []
    labels: dict[str, list[str]] = {}
    digest: list[str] = []
    glue: str = " "
    prefix: str = ""
    form: str | None = None
    pattern: Annotated[str, AfterValidator(_pattern)] | None = None
    values: str | None = None
    unknown: Unknown = Unknown.REJECT
    otherwise: str | None = None
    default: str | None = None
    part: Annotated[int, Field(ge=0)] | None = None
    unit: bool = False
    future: bool = False
    required: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> _Column:
        given = [name for name in _ORIGINS if getattr(self, name) not in (None, [], {})]
        if len(given) != 1:
            raise ValueError("give exactly one of from, const, same, parts, join, labels, digest")
        if self.form is not None and not _FORM.fullmatch(self.form):
            raise ValueError("form must contain {0} once")
        return self


class _Feed(_Strict):
    code: str
    at: str
    expected: str = "1d"
    where: dict[str, str] = {}

    @field_validator("expected")
    @classmethod
    def _duration(cls, value: str) -> str:
        duration(value)
        return value


class _Target(_Strict):
    table: Tables
    own: bool = False
    columns: dict[str, _Column] = {}
    pairs: list[tuple[str, str]] = []
    shape: str = ""
    when: list[str] = []
    optional: bool = False
    drawn: bool = False
    empty: Empty = Empty.CLEAR
    feeds: list[_Feed] = []

    @field_validator("columns", mode="before")
    @classmethod
    def _aliases(cls, value: Any) -> Any:
        """`x = "A"` and `x = ["A", "B"]` are short for `x = { from = … }`."""
        if not isinstance(value, dict):
            return value
        short = {name: [item] if isinstance(item, str) else item for name, item in value.items()}
        return {name: {"from": item} if isinstance(item, list) else item for name, item in short.items()}


class _Fixed(_Strict):
    table: Tables
    values: dict[str, str]


class _File(_Strict):
    names: list[str] = []
    target: Annotated[list[_Target], Field(min_length=1)]
    fixed: list[_Fixed] = []


class _Box(_Strict):
    west: Annotated[float, Field(ge=-180, le=180)]
    south: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]

    @model_validator(mode="after")
    def _not_empty(self) -> _Box:
        if self.west >= self.east or self.south >= self.north:
            raise ValueError("west must be less than east, south less than north")
        return self


class _Flags(_Strict):
    yes: list[str] = ["1", "true", "yes", "y"]
    no: list[str] = ["0", "false", "no", "n"]


class _Profile(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    encodings: Annotated[list[Annotated[str, AfterValidator(_encoding)]], Field(min_length=1)]
    separators: Annotated[list[Annotated[str, Field(min_length=1, max_length=1)]], Field(min_length=1)]
    times: Annotated[list[Annotated[str, AfterValidator(_time_form)]], Field(min_length=1)]
    crs: Annotated[str, AfterValidator(_crs)] = "wgs84"
    box: _Box | None = None
    exchanged: Exchanged = Exchanged.REJECT
    decimal_comma: bool = False
    create_stations: bool = False
    flags: _Flags = _Flags()
    ignored: list[str] = []
    values: dict[str, dict[str, str]] = {}
    file: Annotated[list[_File], Field(min_length=1)]


def profile_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of the profiles that ship, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def load_profile(name: str, folder: Path = FOLDER) -> Profile:
    """The profile of this name, or of this file when `name` ends in ".toml".

    Raises:
        CatalogueError: no such profile, or wrong syntax, key, value or reference.
    """
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(profile_names(folder))
        raise CatalogueError("error.catalogue", file=path.name, where="profile", detail=f"no such file; known: {known}")
    raw = checked(_Profile, read_toml(path), path)
    return Profile(
        name=raw.name,
        file=path.name,
        encodings=tuple(raw.encodings),
        separators=tuple(raw.separators),
        times=tuple(raw.times),
        crs=raw.crs,
        box=Box(**raw.box.model_dump()) if raw.box else None,
        exchanged=raw.exchanged,
        decimal_comma=raw.decimal_comma,
        create_stations=raw.create_stations,
        yes=frozenset(map(folded, raw.flags.yes)),
        no=frozenset(map(folded, raw.flags.no)),
        ignored=frozenset(map(folded, raw.ignored)),
        files=tuple(_file(item, raw.values, path) for item in raw.file),
    )


def _file(raw: _File, values: dict[str, dict[str, str]], path: Path) -> FileRule:
    return FileRule(
        names=tuple(raw.names),
        targets=tuple(_target(item, values, path) for item in raw.target),
        fixed=tuple(FixedRow(item.table, item.values) for item in raw.fixed),
    )


def _target(raw: _Target, values: dict[str, dict[str, str]], path: Path) -> Target:
    where = f"{raw.table}.columns"
    return Target(
        table=raw.table,
        own=raw.own,
        columns={name: _column(item, values, path, f"{where}.{name}") for name, item in raw.columns.items()},
        pairs=tuple(raw.pairs),
        shape=raw.shape,
        when=tuple(raw.when),
        optional=raw.optional,
        drawn=raw.drawn,
        empty=raw.empty,
        feeds=tuple(
            FeedRule(item.code, item.at, int(duration(item.expected).total_seconds()), item.where) for item in raw.feeds
        ),
    )


def _column(raw: _Column, tables: dict[str, dict[str, str]], path: Path, where: str) -> ColumnRule:
    plain: dict[str, Any] = raw.model_dump()
    plain["labels"] = {name: tuple(headers) for name, headers in raw.labels.items()}
    for name in ("aliases", "parts", "join", "digest"):
        plain[name] = tuple(plain[name])
    if raw.values is not None:
        if raw.values not in tables:
            raise CatalogueError(
                "error.catalogue", file=path.name, where=f"{where}.values", detail=f"no table values.{raw.values}"
            )
        plain["values"] = {folded(key): value for key, value in tables[raw.values].items()}
    return ColumnRule(**plain)
