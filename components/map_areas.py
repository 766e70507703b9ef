"""Stations or districts as the map colours them."""

from __future__ import annotations

from typing import Any

from components.look import Look
from components.map_links import rows_href
from components.map_scale import change_bounds, count_bounds, count_labels, value_bounds, value_labels
from domain.heat import AreaLine, Asked, HeatView


def areas(view: HeatView, look: Look) -> dict[str, Any]:
    """Rows by code with the value that is coloured for each period, and the classes of both."""
    asked, t = view.asked, look.t
    rows = [_row(line, asked, look) for line in view.areas]
    values = [row[name] for row in rows for name in ("value", "base_value")]
    clear = [row["now"] - row["base"] for row in rows if row["change"]]
    found: dict[str, Any] = {"rows": rows, "change_bounds": change_bounds(clear)}
    if asked.per == "count":
        whole = count_bounds([int(value) for value in values if value])
        return {**found, "bounds": whole, "labels": count_labels(whole, t)}
    steps = value_bounds(values)
    return {**found, "bounds": steps, "labels": value_labels(steps, t)}


def _row(line: AreaLine, asked: Asked, look: Look) -> dict[str, Any]:
    code = (line.unit.code,)
    address = (
        rows_href(look, asked, stations=code) if asked.unit == "station" else rows_href(look, asked, districts=code)
    )
    return {
        "code": line.unit.code,
        "name": look.unit_name(line.unit),
        "now": line.now,
        "base": line.base,
        "change": line.change,
        "value": per(line, asked.per, line.now),
        "base_value": None if line.base is None else per(line, asked.per, line.base),
        "per": _said(line, asked.per, look),
        "href": address,
    }


def per(line: AreaLine, what: str, count: int) -> float | None:
    """`count` as the colour says it: itself, per 10 000 residents, per km2; None where those are unknown.

    What residents or area are follows from the line's own figure where the unit does not say it.
    """
    if what == "count":
        return count
    whole = line.unit.residents_10k if what == "residents" else line.unit.area_km2
    if whole:
        return round(count / whole, 4)
    known = line.per_residents if what == "residents" else line.per_area
    return round(known * count / line.now, 4) if known and line.now else None


def _said(line: AreaLine, what: str, look: Look) -> str:
    if what == "count":
        return ""
    value = per(line, what, line.now)
    return (
        look.t(f"mapview.per_{what}", n=look.t.plain(value, 2)) if value is not None else look.t("mapview.per_unknown")
    )
