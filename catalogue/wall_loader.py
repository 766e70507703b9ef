"""Reading `wall.toml` into `WallRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from catalogue.loader import HERE, checked
from catalogue.overrides import Strict, by_code, read_over
from domain.compare_rules import CompareRules
from domain.errors import CatalogueError
from domain.sameperiod import BASES
from domain.span import PRESETS
from domain.task import Catalogue
from domain.wall_rules import PANELS, SHAPES, Layout, PanelRules, Playlist, WallRules, WallScreen

_FILE = "wall.toml"
_TRACK = re.compile(r"\d+(\.\d+)?(fr|px|%)|auto")
_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
_Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
_Seconds = Annotated[int, Field(ge=5, le=3600)]


class _Names(Strict):
    zh: Annotated[str, Field(min_length=1, max_length=40)]
    en: Annotated[str, Field(min_length=1, max_length=60)]


class _Layout(Strict):
    columns: str
    rows: str
    areas: Annotated[list[str], Field(min_length=1, max_length=12)]

    @field_validator("columns", "rows")
    @classmethod
    def _tracks(cls, text: str) -> str:
        wrong = [track for track in text.split() if not _TRACK.fullmatch(track)]
        if wrong or not text.split():
            raise ValueError("must be track sizes such as '1fr 2fr'")
        return text

    @field_validator("areas")
    @classmethod
    def _known(cls, rows: list[str]) -> list[str]:
        for code in (code for row in rows for code in row.split()):
            if code != "." and code not in PANELS:
                raise ValueError(f"{code!r} is no panel; panels: {', '.join(PANELS)}")
        return rows

    @model_validator(mode="after")
    def _grid(self) -> _Layout:
        wide, high = len(self.columns.split()), len(self.rows.split())
        places = [row.split() for row in self.areas]
        if len(places) != high:
            raise ValueError(f"{len(places)} rows of areas, but {high} row sizes")
        for number, row in enumerate(places, 1):
            if len(row) != wide:
                raise ValueError(f"row {number} of areas has {len(row)} places, but there are {wide} column sizes")
        for code in {code for row in places for code in row} - {"."}:
            if not _rectangle(places, code):
                raise ValueError(f"the places of {code!r} are no rectangle")
        return self


def _rectangle(places: list[list[str]], code: str) -> bool:
    found = [(y, x) for y, row in enumerate(places) for x, one in enumerate(row) if one == code]
    ys, xs = {y for y, _ in found}, {x for _, x in found}
    return len(found) == (max(ys) - min(ys) + 1) * (max(xs) - min(xs) + 1)


class _Screen(Strict):
    code: _Code
    names: _Names
    dwell: _Seconds
    wide: _Layout
    ultra: _Layout
    tall: _Layout


class _Playlist(Strict):
    code: _Code
    names: _Names
    screens: Annotated[list[_Code], Field(min_length=1, max_length=20)]


class _Counters(Strict):
    preset: str
    base: str
    figures: Annotated[list[_Code], Field(min_length=1, max_length=8)]

    @field_validator("preset")
    @classmethod
    def _preset(cls, value: str) -> str:
        if value not in PRESETS:
            raise ValueError(f"must be one of {', '.join(PRESETS)}")
        return value

    @field_validator("base")
    @classmethod
    def _base(cls, value: str) -> str:
        allowed = [one for one in BASES if one != "free"]
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value


class _Curve(Strict):
    weeks: Annotated[int, Field(ge=2, le=52)]
    least: Annotated[int, Field(ge=1, le=60)]
    share: _Share


class _Map(Strict):
    days: Annotated[int, Field(ge=1, le=366)]
    tiles: Annotated[int, Field(ge=20, le=2000)]
    seconds: _Seconds
    spots: Annotated[int, Field(ge=0, le=50)]


class _Tracing(Strict):
    kind: _Code
    days: Annotated[int, Field(ge=1, le=366)]


class _Overdue(Strict):
    red_hours: Annotated[int, Field(ge=0, le=2400)]


class _Ranking(Strict):
    seconds: _Seconds


class _Wall(Strict):
    alert_dwell: _Seconds
    alert_minutes: Annotated[int, Field(ge=1, le=1440)]
    alert_share: Annotated[float, Field(gt=0, le=0.9, allow_inf_nan=False)]
    list_seconds: Annotated[int, Field(ge=10, le=3600)]
    pause_seconds: _Seconds
    counters: _Counters
    curve: _Curve
    map: _Map
    tracing: _Tracing
    overdue: _Overdue
    ranking: _Ranking
    feeds: dict[Literal[PANELS], list[_Code]]  # type: ignore[valid-type]
    screen: Annotated[list[_Screen], Field(min_length=1, max_length=40)]
    playlist: Annotated[list[_Playlist], Field(min_length=1, max_length=40)]


def load_wall_rules(tasks: Catalogue, figures: CompareRules, overrides: Path | None = None) -> WallRules:
    """The shipped screens with a deployment's own laid over them: keys one by one, entries by their code.

    Args:
        tasks: whose sources panels may name. figures: whose figures and shares the counters may show.

    Raises:
        CatalogueError: wrong syntax, key, value or reference; names the file.
    """
    raw, path = read_over(_FILE, overrides, by_code("screen", "playlist"))
    found = checked(_Wall, raw, path)
    _references(found, tasks, figures, path)
    return WallRules(
        screens=tuple(_screen(one) for one in found.screen),
        playlists=tuple(Playlist(one.code, one.names.model_dump(), tuple(one.screens)) for one in found.playlist),
        alert_dwell=found.alert_dwell,
        alert_minutes=found.alert_minutes,
        alert_share=found.alert_share,
        list_seconds=found.list_seconds,
        pause_seconds=found.pause_seconds,
        panels=_panels(found),
        version=hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:10],
    )


def _screen(one: _Screen) -> WallScreen:
    shapes = {name: getattr(one, name) for name in SHAPES}
    layouts = {name: Layout(grid.columns, grid.rows, tuple(grid.areas)) for name, grid in shapes.items()}
    return WallScreen(one.code, one.names.model_dump(), one.dwell, layouts)


def _panels(found: _Wall) -> PanelRules:
    return PanelRules(
        preset=found.counters.preset,
        base=found.counters.base,
        figures=tuple(found.counters.figures),
        curve_weeks=found.curve.weeks,
        curve_least=found.curve.least,
        curve_share=found.curve.share,
        map_days=found.map.days,
        map_tiles=found.map.tiles,
        map_seconds=found.map.seconds,
        map_spots=found.map.spots,
        tracing_kind=found.tracing.kind,
        tracing_days=found.tracing.days,
        red_hours=found.overdue.red_hours,
        ranking_seconds=found.ranking.seconds,
        feeds={panel: tuple(codes) for panel, codes in found.feeds.items()},
    )


def _references(found: _Wall, tasks: Catalogue, figures: CompareRules, path: Path) -> None:
    _unique([one.code for one in found.screen], path)
    _unique([one.code for one in found.playlist], path)
    screens = [one.code for one in found.screen]
    for playlist in found.playlist:
        _among(playlist.screens, screens, "screen", f"{playlist.code}.screens", path)
    counted = [*(one.code for one in figures.figures), *(one.code for one in figures.shares)]
    _among(found.counters.figures, counted, "figure", "counters.figures", path)
    sources = sorted({task.feed for task in tasks.tasks})
    for panel, codes in found.feeds.items():
        _among(codes, sources, "source", f"feeds.{panel}", path)


def _unique(codes: list[str], path: Path) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise _wrong(path, code, f"the code {code!r} is used twice")


def _among(codes: Iterable[str], known: list[str], what: str, where: str, path: Path) -> None:
    for code in codes:
        if code not in known:
            raise _wrong(path, where, f"there is no {what} {code!r}; known: {', '.join(known)}")


def _wrong(path: Path, where: str, detail: str) -> CatalogueError:
    shown = path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else str(path)
    return CatalogueError("error.catalogue", file=shown, where=where, detail=detail)
