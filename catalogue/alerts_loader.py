"""Reading `alerts.toml` into `AlertRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field

from catalogue.loader import checked
from catalogue.overrides import Strict, by_key, read_over
from domain.alerts import AlertRules

_FILE = "alerts.toml"
_People = Annotated[int, Field(ge=0, le=1000)]
_Hours = Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)]
_Word = Annotated[str, Field(min_length=1, max_length=64)]


class _Red(Strict):
    same_minutes: Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)]


class _Major(Strict):
    deaths: _People
    injuries: _People
    classes: Annotated[list[_Word], Field(max_length=50)]
    tags: Annotated[list[_Word], Field(max_length=50)]
    hours: _Hours
    acked_hours: Annotated[float, Field(ge=0, le=168, allow_inf_nan=False)]
    look_back_hours: _Hours


class _Listed(Strict):
    shown_days: Annotated[int, Field(ge=1, le=31)]


class _Alerts(Strict):
    red: _Red
    major: _Major
    listed: _Listed


def load_alert_rules(overrides: Path | None = None) -> AlertRules:
    """The shipped rules with a deployment's own laid over them, key by key.

    Raises:
        CatalogueError: wrong syntax, key or value; names the file.
    """
    raw, path = read_over(_FILE, overrides, by_key)
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
