"""JSON of the duty advice: the same answers as its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from domain.duty_view import DutyIndex, DutyView
from web import duty_answers
from web.as_json import as_json

duty_api = Blueprint("duty_api", __name__)


@duty_api.get("/api/v1/duty")
def stations() -> Response:
    """The stations that can be advised (`DutyIndex`)."""
    return as_json(index_shown(duty_answers.stations(request.args)))


@duty_api.get("/api/v1/duty/<code>")
def station(code: str) -> Response:
    """Advice for one station (`DutyView`)."""
    return as_json(shown(duty_answers.station(code, request.args)))


def index_shown(view: DutyIndex) -> dict[str, Any]:
    """The list as JSON gives it."""
    lines = [{"unit": unit, "counts": counts} for unit, counts in view.lines]
    about = {"as_of": view.board.as_of, "demo": view.board.demo}
    return {**about, "learnt": view.learnt, "least": view.least, "classes": view.classes, "lines": lines}


def shown(view: DutyView) -> dict[str, Any]:
    """The advice as JSON gives it."""
    fields = {name: getattr(view, name) for name in view.__dataclass_fields__ if name not in ("board", "asked")}
    about = {"as_of": view.board.as_of, "demo": view.board.demo}
    return {**about, **fields, "officer_share": view.counts.officer_share}
