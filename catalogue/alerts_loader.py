"""Reading `alerts.toml` into `AlertRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from catalogue.loader import HERE, checked, read_toml
from domain.alerts import AlertRules

_FILE = "alerts.toml"
_People = Annotated[int, Field(ge=0, le=1000)]
_Hours = Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)]
_Word = Annotated[str, Field(min_length=1, max_length=64)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class _Red(_Strict):
    same_minutes: Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)]


class _Major(_Strict):
    deaths: _People
    injuries: _People
    classes: Annotated[list[_Word], Field(max_length=50)]
    tags: Annotated[list[_Word], Field(max_length=50)]
    hours: _Hours
    acked_hours: Annotated[float, Field(ge=0, le=168, allow_inf_nan=False)]
    look_back_hours: _Hours


class _Listed(_Strict):
    shown_days: Annotated[int, Field(ge=1, le=31)]


class _Alerts(_Strict):
    red: _Red
    major: _Major
    listed: _Listed


def load_alert_rules(overrides: Path | None = None) -> AlertRules:
    """The shipped rules with a deployment's own laid over them, key by key.

    Raises:
        CatalogueError: wrong syntax, key or value; names the file.
    """
    raw, path = read_toml(HERE / _FILE), HERE / _FILE
    if overrides is not None and (overrides / _FILE).exists():
        path = overrides / _FILE
        raw = _laid_over(raw, read_toml(path))
    found = checked(_Alerts, raw, path)
    major = found.major
    return AlertRules(
        deaths=major.deaths,
        injuries=major.injuries,
        classes=tuple(major.classes),
        tags=tuple(major.tags),
        hours=major.hours,
        acked_hours=major.acked_hours,
        look_back=major.look_back_hours,
        same_minutes=found.red.same_minutes,
        shown_days=found.listed.shown_days,
        version=hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:10],
    )


def _laid_over(ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(ours)
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(ours.get(name), dict)
        merged[name] = {**ours[name], **value} if both else value
    return merged
