"""The OpenAPI document of the JSON interface, and the check of every request against the same table."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request

from domain.errors import NotFound
from i18n import Translator, translator
from web import language
from web.api_deeds import DEEDS, Deed
from web.api_params import Param, check
from web.api_schema import schemas
from web.api_shapes import ProblemAnswer
from web.api_table import BY_RULE, HEAD, ROUTES, Route

openapi = Blueprint("openapi", __name__)
VERSION = "1.0.0"
MOST_CODE = 64
FAULTS = ("400", "401", "404", "429", "500", "503")
DEED_FAULTS = ("400", "401", "403", "404", "405", "409", "413", "429", "500", "503")
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_EXAMPLES = {"code": "990109010000", "station": "990109010000", "task": "T1-06", "hotspot_id": "H1"}
_CODES = {"task": "T1-06", "theme": "T1"}


def install(server: Flask) -> None:
    """Check every request for an address of the table before it is answered; after the door."""
    server.before_request(_check)


def _check() -> None:
    route = BY_RULE.get(str(request.url_rule)) if request.url_rule is not None else None
    if route is None or request.method not in ("GET", "HEAD"):
        return
    for value in (request.view_args or {}).values():
        if len(value) > MOST_CODE or not value.isprintable():
            raise NotFound("error.page_unknown")
    repeated = frozenset(name for name, values in request.args.lists() if len(values) > 1)
    check(request.args, route.params, repeated)


@openapi.get(f"{HEAD}/openapi.json")
def document() -> Response:
    """The document, in the language of whoever asks."""
    answer = Response(_document(language.current()), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache
def _document(lang: str) -> bytes:
    return orjson.dumps(described(translator(lang)))


def described(t: Translator) -> dict[str, Any]:
    """The document as an object."""
    answers, definitions = schemas(
        [*(one.answer for one in ROUTES), *(one.answer for one in DEEDS.values()), ProblemAnswer]
    )
    paths: dict[str, Any] = {}
    for route, answer in zip(ROUTES, answers, strict=False):
        paths.setdefault(_path(route.rule), {})["get"] = _read(route, answer, t)
    for (rule, deed), answer in zip(DEEDS.items(), answers[len(ROUTES) :], strict=False):
        paths.setdefault(_path(rule), {})["post"] = _deed(rule, deed, answer, t)
    return {
        "openapi": "3.1.0",
        "info": {"title": t("app.title"), "version": VERSION, "description": t("api.about")},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": {code: _fault(code, t) for code in sorted({*FAULTS, *DEED_FAULTS})},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": t("api.token")},
                "session": {"type": "apiKey", "in": "cookie", "name": "board_session"},
            },
        },
    }


def _path(rule: str) -> str:
    return HEAD + _ARGUMENT.sub(r"{\1}", rule)


def _read(route: Route, answer: Any, t: Translator) -> dict[str, Any]:
    found: dict[str, Any] = {"200": _content(t("api.ok"), answer)}
    if route.kept:
        found["304"] = {"description": t("api.same")}
    return {
        "operationId": route.name,
        "summary": t(f"api.route.{route.name}"),
        "parameters": [*_arguments(route.rule, t), *(_parameter(one, t) for one in route.params)],
        "responses": found | {code: {"$ref": f"#/components/responses/{code}"} for code in _faults(route)},
    }


def _faults(route: Route) -> tuple[str, ...]:
    """A month for which no rules were in force is 409."""
    return (*FAULTS, "409") if route.rule.startswith("/assessment") else FAULTS


def _arguments(rule: str, t: Translator) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": t(f"api.argument.{name}"),
            "schema": {"type": "string", "minLength": 1, "maxLength": MOST_CODE},
            "example": _example(rule, name),
        }
        for name in _ARGUMENT.findall(rule)
    ]


def _example(rule: str, name: str) -> str:
    head = rule.split("/")[1].removesuffix("s")
    return _CODES.get(head if name == "code" else name) or _EXAMPLES.get(name, "1")


def _parameter(one: Param, t: Translator) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "description": t(f"api.param.{one.text or one.name}"),
        "schema": one.schema(),
    }
    if one.several:
        made |= {"style": "form", "explode": False}
    elif one.kind == "free":
        made |= {"style": "form", "explode": True}
    if one.example:
        made["example"] = [one.example] if one.several else int(one.example) if one.kind == "whole" else one.example
    return made


def _deed(rule: str, deed: Deed, answer: Any, t: Translator) -> dict[str, Any]:
    body = {
        "type": "object",
        "properties": {field.name: field.schema() for field in deed.fields},
        "required": [field.name for field in deed.fields if field.needed],
        "additionalProperties": False,
    }
    return {
        "operationId": operation_of(rule),
        "summary": t("api.deed"),
        "security": [{"session": []}],
        "parameters": _arguments(rule, t),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {str(deed.status): _content(t("api.done"), answer)}
        | {code: {"$ref": f"#/components/responses/{code}"} for code in DEED_FAULTS},
    }


def operation_of(rule: str) -> str:
    """The operation of a deed.

    >>> operation_of("/admin/stations/<code>/mode")
    'post_admin_stations_code_mode'
    """
    return "post_" + re.sub(r"\W+", "_", rule).strip("_")


def _content(text: str, schema: Any) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _fault(code: str, t: Translator) -> dict[str, Any]:
    return _content(t(f"advice.{code}"), {"$ref": "#/components/schemas/ProblemAnswer"})
