"""JSON of the assessment: the same answers as its pages, numbers not rounded."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from domain.assessment_score import BlockScore, IndicatorScore, StationScore
from domain.assessment_views import About, RankingView, RankLine, ScoreSheetView
from domain.board import Board
from web import assessment_answers
from web.as_json import as_json

assessment_api = Blueprint("assessment_api", __name__)


@assessment_api.get("/api/v1/assessment")
def ranking() -> Response:
    """A month's ranking (`RankingView`): ?month=2024-05 &version= &as_of=."""
    return as_json(ranking_shown(assessment_answers.ranking(request.args)))


@assessment_api.get("/api/v1/assessment/year")
def year() -> Response:
    """Twelve months of all stations (`YearView`): ?month= the last of them."""
    view = assessment_answers.year(request.args)
    lines = [{"unit": unit, "months": rows} for unit, rows in view.lines]
    return as_json({**_standing(view.board), "months": view.months, "states": dict(view.states), "lines": lines})


@assessment_api.get("/api/v1/assessment/districts")
def districts() -> Response:
    """The districts' means and their past (`DistrictsView`): ?month=."""
    view = assessment_answers.districts(request.args)
    about = {**_standing(view.board), **about_shown(view.about)}
    return as_json({**about, "months": view.months, "lines": view.lines})


@assessment_api.get("/api/v1/assessment/versus")
def versus() -> Response:
    """Two stations side by side (`ComparisonView`): ?first= &second= &month=."""
    view = assessment_answers.versus(request.args)
    about = {**_standing(view.board), **about_shown(view.about), "same_mode": view.same_mode}
    return as_json({**about, "first": line_shown(view.first), "second": line_shown(view.second), "lines": view.lines})


@assessment_api.get("/api/v1/assessment/modes")
def modes() -> Response:
    """The suggestion of fusion modes beside the official ones (`FusionView`)."""
    view = assessment_answers.modes(request.args)
    found = view.clustering
    whole = None if found is None else {name: getattr(found, name) for name in _CLUSTERING}
    lines = [{"unit": one.unit, "agrees": one.agrees, "suggestion": one.suggestion} for one in view.lines]
    return as_json({**_standing(view.board), "span": view.span, "points": view.points, "groups": whole, "lines": lines})


_CLUSTERING = ("features", "absent", "left_out", "centres", "silhouette", "stability")


@assessment_api.get("/api/v1/assessment/<station>")
def sheet(station: str) -> Response:
    """One station's score sheet (`ScoreSheetView`): ?month= &version= &as_of=."""
    return as_json(sheet_shown(assessment_answers.sheet(station, request.args)))


@assessment_api.get("/api/v1/assessment/<station>/what-if")
def what_if(station: str) -> Response:
    """The station's score with other numerators: ?try.helmets=900 &month=. Nothing is written."""
    tries = assessment_answers.changes(request.args)
    score = assessment_answers.what_if(station, request.args, tries)
    return as_json({"tried": tries, "score": score_shown(score)})


# what is shown ---------------------------------------------------------------------------------


def ranking_shown(view: RankingView) -> dict[str, Any]:
    """The ranking as JSON gives it."""
    groups = [
        {"mode": group.mode, "of": group.of, "lines": [line_shown(line) for line in group.lines]}
        for group in view.groups
    ]
    about = {**_standing(view.board), **about_shown(view.about)}
    return {**about, "groups": groups, "districts": view.districts, "changes": view.changes}


def sheet_shown(view: ScoreSheetView) -> dict[str, Any]:
    """The score sheet as JSON gives it."""
    plain = ("steps", "moves", "sliders", "history", "guards", "appeals", "adjustments", "changes")
    return {
        **_standing(view.board),
        **about_shown(view.about),
        "line": line_shown(view.line),
        "in_hand": None if view.in_hand is None else score_shown(view.in_hand),
        "links": dict(view.links),
        **{name: getattr(view, name) for name in plain},
    }


def about_shown(about: About) -> dict[str, Any]:
    """Which month, how it stands, by which rules."""
    rules = about.rules
    return {
        "month": about.month.period,
        "state": about.state,
        "scored_to": about.as_of,
        "pace": about.pace,
        "rules": {
            "version": rules.version,
            "valid_from": rules.valid_from,
            "blocks": dict(rules.block_weights),
            "indicators": [
                {"code": one.code, "block": one.block, "names": dict(one.names), "weights": dict(one.weights)}
                for one in rules.indicators
            ],
        },
        "lock": about.lock,
        "versions": about.versions,
        "stale": about.stale,
    }


def line_shown(line: RankLine) -> dict[str, Any]:
    """One station of a ranking."""
    return {
        "unit": line.unit,
        "change": line.change,
        "listed": line.listed,
        "band": line.band,
        "appeals": line.appeals,
        "raised": line.raised,
        **score_shown(line.score),
    }


def score_shown(score: StationScore) -> dict[str, Any]:
    """A score, `shown` as it is printed and ranked by; `blocks` by name, `indicators` in the rules' order."""
    plain = ("mode", "rank", "of", "total", "shown", "colour", "bonus", "deduction", "adjustments")
    return {
        **{name: getattr(score, name) for name in plain},
        "blocks": {block.code: _block(block) for block in score.blocks},
        "indicators": [_indicator(one) for one in score.indicators],
    }


def _block(block: BlockScore) -> dict[str, Any]:
    return {"full": block.full, "points": block.points, "missing": block.missing}


def _indicator(one: IndicatorScore) -> dict[str, Any]:
    plain = ("code", "block", "state", "full", "weight", "share", "points", "lost", "numerator", "denominator")
    rest = ("value", "base", "parts", "sources", "notes")
    return {name: getattr(one, name) for name in (*plain, *rest)}


def _standing(board: Board) -> dict[str, Any]:
    return {"as_of": board.as_of, "demo": board.demo}
