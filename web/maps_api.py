"""JSON behind the map: the same answers as the page, boundaries, and single incidents of a part of the map."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Blueprint, Response, request

from domain.errors import NotFound
from domain.heat import Asked, HeatView, Hexes, Side
from domain.hexid import to_text
from domain.incident_filter import params
from domain.incident_views import Shape
from i18n.map_words import code
from web import language, map_answers
from web.as_json import as_json

maps_api = Blueprint("maps_api", __name__)
KINDS = ("city", "district", "station", "duty_grid", "background")


@maps_api.get("/api/v1/map")
def heat() -> Response:
    """The map page (`HeatView`): question, sums, hexagons, units, times, rings."""
    return as_json(shown(map_answers.heat(request.args)))


@maps_api.get("/api/v1/map/hotspots")
def hotspots() -> Response:
    """Hot spots by rule and by statistic, and last period's hit rate (`SpotsView`)."""
    view = map_answers.spots(request.args)
    return as_json(
        {
            "as_of": view.board.as_of,
            "demo": view.board.demo,
            "asked": question(view.asked),
            "window": view.window,
            "rule": view.rule,
            "rule_total": view.rule_total,
            "local": view.local,
            "hit": view.hit,
            "tested": view.tested,
            "bounded": view.bounded,
        }
    )


@maps_api.get("/api/v1/map/incidents")
def incidents() -> Response:
    """One page of the incidents behind a number (`RowsView`): any filter, ?page=."""
    view = map_answers.rows(request.args)
    about = {"as_of": view.board.as_of, "demo": view.board.demo, "asked": question(view.asked)}
    return as_json({**about, "columns": view.columns, "rows": view.rows, "total": view.total, "page": view.page})


@maps_api.get("/api/v1/map/points")
def points() -> Response:
    """Single incidents inside ?bbox=west,south,east,north: [lng, lat, time, class, severity in words]."""
    view, t = map_answers.points(request.args), language.translator()
    found = [
        [
            round(one.lng, 6),
            round(one.lat, 6),
            one.at.strftime("%Y-%m-%d %H:%M"),
            code("class_code", one.class_code, t),
            "" if one.severity == "none" else code("severity", one.severity, t),
        ]
        for one in view.points
    ]
    return as_json({"total": view.total, "points": found})


@maps_api.get("/api/v1/map/shapes")
def shapes() -> Response:
    """Boundaries of ?kind= station, district, city, duty_grid or background, as GeoJSON; with an ETag."""
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        raise NotFound("error.page_unknown")
    body = orjson.dumps({"shapes": [_shape(one) for one in map_answers.shapes(kind)]})
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304, headers={"ETag": etag})
    return as_json(body, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def _shape(one: Shape) -> dict[str, Any]:
    try:
        drawn = orjson.loads(one.geojson)
    except orjson.JSONDecodeError:
        drawn = None
    return {"kind": one.kind, "code": one.code, "name": one.name, "sketch": int(one.sketch), "geojson": drawn}


def shown(view: HeatView) -> dict[str, Any]:
    """The view as JSON gives it: without the arrays that only make sense beside this process's codes."""
    return {
        "as_of": view.board.as_of,
        "demo": view.board.demo,
        "rules": view.rules_version,
        "asked": question(view.asked),
        "now": _side(view.now),
        "base": _side(view.base) if view.base else None,
        "base_short": view.base_short,
        "hexagons": [_hexes(one) for one in view.hexes],
        "units": view.areas,
        "changes": view.changes,
        "when": view.when,
        "rings": view.rings,
    }


def question(asked: Asked) -> dict[str, Any]:
    """What was asked, in the words of an address."""
    return {
        "span": asked.span,
        "base": asked.base,
        "preset": asked.preset,
        "base_name": asked.base_name,
        "filter": params(asked.filter),
        "unit": asked.unit,
    }


def _side(side: Side) -> dict[str, Any]:
    sums = side.tally
    named = ("by_station", "by_channel", "by_found", "by_severity", "by_issue", "by_tag", "by_class")
    kinds = [{"class": name, "subclass": sub, "incidents": count} for (name, sub), count in sums.by_kind.items()]
    plain = {name: dict(getattr(sums, name)) for name in named}
    counts = {name: getattr(sums, name) for name in ("total", "placed", "deaths", "injuries")}
    return {"span": side.span, **counts, **plain, "by_kind": kinds}


def _hexes(one: Hexes) -> dict[str, Any]:
    columns = {"now": one.now, "base": one.base, "change": one.change, "lng": one.lng.round(6), "lat": one.lat.round(6)}
    return {"resolution": one.resolution, "cells": to_text(one.ids), **columns}
