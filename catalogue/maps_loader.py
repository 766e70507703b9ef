"""Reading `maps.toml` into `MapRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from catalogue.loader import checked
from catalogue.overrides import Strict, by_key, read_over
from domain.map_rules import BlackSpotRule, ClosingRule, DutyRule, LocalRule, MapRules

_FILE = "maps.toml"
_Metres = Annotated[float, Field(gt=0, le=50_000, allow_inf_nan=False)]
_Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
_Resolution = Annotated[int, Field(ge=5, le=9)]


class _BlackSpot(Strict):
    incidents: Annotated[int, Field(ge=2, le=1000)]
    radius_m: _Metres
    days: Annotated[int, Field(ge=1, le=1100)]
    class_code: Annotated[str, Field(min_length=1)]


class _Closing(Strict):
    days: Annotated[int, Field(ge=1, le=1100)]
    fall: _Share


class _Local(Strict):
    resolution: _Resolution
    permutations: Annotated[int, Field(ge=99, le=9999)]
    seed: int
    false_discovery: _Share
    least: Annotated[int, Field(ge=1, le=1000)]


class _Duty(Strict):
    weeks: Annotated[int, Field(ge=2, le=52)]
    tested_weeks: Annotated[int, Field(ge=1, le=26)]
    slots: Annotated[int, Field(ge=1, le=200)]
    resolution: _Resolution
    least: Annotated[int, Field(ge=1, le=100_000)]


class _Maps(Strict):
    black_spot: _BlackSpot
    closing: _Closing
    local: _Local
    duty: _Duty
    rings_m: Annotated[list[_Metres], Field(min_length=1, max_length=8)]
    resolutions: Annotated[list[_Resolution], Field(min_length=1, max_length=4)]
    most_cells: Annotated[int, Field(ge=100, le=200_000)]
    most_points: Annotated[int, Field(ge=100, le=1_000_000)]
    points_from_zoom: Annotated[int, Field(ge=10, le=19)]
    density_m: _Metres
    change_q: _Share

    @field_validator("rings_m", "resolutions")
    @classmethod
    def _rising(cls, values: list[Any]) -> list[Any]:
        if sorted(set(values)) != values:
            raise ValueError("must rise from one entry to the next")
        return values


def load_map_rules(overrides: Path | None = None) -> MapRules:
    """The shipped rules with a deployment's own laid over them, key by key.

    Raises:
        CatalogueError: wrong syntax, key or value; names the file.
    """
    raw, path = read_over(_FILE, overrides, by_key)
    found = checked(_Maps, raw, path)
    return MapRules(
        black_spot=BlackSpotRule(**found.black_spot.model_dump()),
        closing=ClosingRule(**found.closing.model_dump()),
        local=LocalRule(**found.local.model_dump()),
        duty=DutyRule(**found.duty.model_dump()),
        rings_m=tuple(found.rings_m),
        resolutions=tuple(found.resolutions),
        most_cells=found.most_cells,
        most_points=found.most_points,
        points_from_zoom=found.points_from_zoom,
        density_m=found.density_m,
        change_q=found.change_q,
        version=hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:10],
    )
