"""JSON of the comparison pages: the same answers as the pages, and what their figures count."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import orjson
from flask import Blueprint, Response, request

from domain.clock_views import ClockLine, ClockPart, ClockRow, ClocksView
from domain.compare_asked import params
from domain.compare_rules import CompareRules, Figure, Share
from domain.compare_views import CompareAsked, CompareView, FigureLine, ShareLine
from domain.fair_views import FairView
from domain.incident_filter import params as filter_params
from domain.trend_views import TrendView
from web import compare_answers

compare_api = Blueprint("compare_api", __name__)


@compare_api.get("/api/v1/compare")
def compare() -> Response:
    """The comparison page (`CompareView`)."""
    return answered(shown(compare_answers.compare(request.args), compare_answers.rules()))


@compare_api.get("/api/v1/compare/clocks")
def clocks() -> Response:
    """The response clocks (`ClocksView`)."""
    asked = question(compare_answers.question(request.args), compare_answers.rules())
    return answered(clocks_shown(compare_answers.clocks(request.args), asked))


@compare_api.get("/api/v1/compare/trend")
def trend() -> Response:
    """The course of the figure in focus (`TrendView`)."""
    return answered(trend_shown(compare_answers.trend(request.args), compare_answers.rules()))


@compare_api.get("/api/v1/compare/fair")
def fair() -> Response:
    """Stations compared by rate (`FairView`)."""
    return answered(fair_shown(compare_answers.fair(request.args), compare_answers.rules()))


@compare_api.get("/api/v1/compare/figures")
def figures() -> Response:
    """What the figures and shares count (`CompareRules`)."""
    return answered(defined(compare_answers.rules()))


def answered(value: Any) -> Response:
    """JSON with an ETag: a client that still has it is told so with 304."""
    response = Response(
        orjson.dumps(value), mimetype="application/json", headers={"Cache-Control": "private, no-cache"}
    )
    response.add_etag()
    response.make_conditional(request)
    return response


def shown(view: CompareView, rules: CompareRules) -> dict[str, Any]:
    """The view as JSON gives it: without the units that only the form needs."""
    return {
        "as_of": view.board.as_of,
        "demo": view.board.demo,
        "rules": view.rules_version,
        "asked": question(view.asked, rules),
        "stations": view.chosen,
        "days": dict(view.days),
        "weeks": view.weeks,
        "figures": [_named(line, rules.figure(line.code)) for line in view.lines],
        "shares": [_named(line, rules.share(line.code)) for line in view.shares],
        "table": view.table,
        "found": view.found,
        "tested": view.tested,
        "q": view.q,
    }


def clocks_shown(view: ClocksView, asked: dict[str, Any]) -> dict[str, Any]:
    """The clocks with every table; times in seconds."""
    return {
        **_head(view),
        "asked": asked,
        "who": view.asked.who,
        "limits": view.asked.limits,
        "classes": view.asked.classes,
        "begins": view.begins,
        "base_short": view.base_short,
        "previous_short": view.previous_short,
        "clocks": [_clock(part) for part in view.clocks],
    }


def _clock(part: ClockPart) -> dict[str, Any]:
    clock = part.clock
    return {
        "code": clock.code,
        "names": dict(clock.names),
        "limit": clock.limit,
        "regions": dict(clock.regions),
        "band_ends": clock.bands,
        **{name: _line(getattr(part, name)) for name in ("now", "base", "previous")},
        "change": part.change,
        "change_previous": part.change_previous,
        **{name: [_row(row) for row in getattr(part, name)] for name in ("stations", "hours", "classes")},
    }


def _row(row: ClockRow) -> dict[str, Any]:
    return {
        "key": row.key, "now": _line(row.now), "base": _line(row.base), "change": row.change, "told": row.told
    }  # fmt: skip


def _line(line: ClockLine | None) -> dict[str, Any] | None:
    """A line with its shares."""
    return {**_fields(line), "percent": line.percent, "shares": line.shares} if line else None


def trend_shown(view: TrendView, rules: CompareRules) -> dict[str, Any]:
    """The course; signals by the position of their first and last point."""
    return {
        **_head(view),
        "asked": question(view.asked, rules),
        "stations": view.chosen,
        "figure": _figure(view.asked.figure, rules),
        "step": view.asked.step,
        "begins": view.begins,
        "months": {**_fields(view.months), "bands": [band._asdict() for band in view.months.bands]},
        "running": dict(zip(("now", "base"), view.running, strict=True)),
        "points": [{**_fields(point), "daily": point.daily} for point in view.points],
        "chart": view.chart,
        "years": [
            {**_fields(line), "months": view.by_year[line.year], "change": change}
            for line, change in zip(view.known_years, view.year_changes, strict=True)
        ],
        "falling": {"weeks": view.weeks_falling, "months": view.months_falling, "years": view.years_falling},
    }


def fair_shown(view: FairView, rules: CompareRules) -> dict[str, Any]:
    """The stations in the order of the page, and the limits as curves over residents (10 000)."""
    curves = [dict(zip(view.limits._fields, row, strict=True)) for row in np.stack(view.limits, axis=1).tolist()]
    return {
        **_head(view),
        "asked": question(view.asked, rules),
        "figure": _figure(view.asked.figure, rules),
        "days": dict(view.days),
        "rate": view.rate,
        "dispersion": view.dispersion,
        "curves": [{"residents_10k": at, **limits} for at, limits in zip(view.grid, curves, strict=True)],
        "lines": view.lines,
        "zones": dict(view.zones),
    }


def _head(view: ClocksView | TrendView | FairView) -> dict[str, Any]:
    return {"as_of": view.board.as_of, "demo": view.board.demo, "rules": view.rules_version}


def _figure(code: str, rules: CompareRules) -> dict[str, Any]:
    found = rules.figure(code)
    return {"code": code, "names": dict(found.names) if found else {}}


def question(asked: CompareAsked, rules: CompareRules) -> dict[str, Any]:
    """What was asked: the periods it means, and the parameters of the address that asks for it."""
    periods = asked.periods
    return {
        "span": periods.span,
        "base": periods.base,
        "previous": periods.previous,
        "preset": periods.preset,
        "at": periods.at,
        "base_name": periods.base_name,
        "base_used": periods.base_used,
        "festival": periods.festival,
        "whole_hours": periods.whole_hours,
        "filter": {
            "district": asked.districts,
            "station": asked.stations,
            "region": asked.regions,
            "mode": asked.modes,
        },
        "address": params(asked, rules),
    }


def defined(rules: CompareRules) -> dict[str, Any]:
    """The rules, each figure's filter as the parameters of `/incidents` that list what it counts."""
    return {
        "rules": rules.version,
        "q": rules.q,
        "history_weeks": rules.history_weeks,
        "main": rules.main,
        "feeds": rules.feeds,
        "trend": rules.trend,
        "figures": [{**_named(one, one), "filter": filter_params(one.filter)} for one in rules.figures],
        "shares": [_named(one, one) for one in rules.shares],
    }


def _named(line: FigureLine | ShareLine | Figure | Share, rule: Figure | Share | None) -> dict[str, Any]:
    """All fields, with the names in both languages."""
    return {**_fields(line), "names": dict(rule.names) if rule else {}}


def _fields(one: Any) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}
