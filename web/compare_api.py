"""JSON of the comparison pages: the same answers as the pages, and what their figures count."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from domain.compare_asked import params
from domain.compare_rules import CompareRules, Figure, Share
from domain.compare_views import CompareAsked, CompareView, FigureLine, ShareLine
from domain.incident_filter import params as filter_params
from web import compare_answers

compare_api = Blueprint("compare_api", __name__)


@compare_api.get("/api/v1/compare")
def compare() -> Response:
    """The comparison page (`CompareView`)."""
    return answered(shown(compare_answers.compare(request.args), compare_answers.rules()))


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
    found = {name: getattr(line, name) for name in line.__dataclass_fields__}
    return {**found, "names": dict(rule.names) if rule else {}}
