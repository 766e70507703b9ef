"""What every request leaves behind: a number, a line in the log, a count in the metrics.

The line and the count know the route's template, never the address itself: no code of a station, no
value of a query, nothing that somebody typed.
"""

from __future__ import annotations

import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

from web.logs import REQUEST_LOG
from web.metrics import EXTENSION, Metrics

HEADER = "X-Request-Id"
UNMATCHED = "(none)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SANE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_QUIET = ("/api/poll", "/api/wall/", "/_dash-component-suites/", "/assets/", "/-/", "/healthz", "/readyz")
_log = logging.getLogger(REQUEST_LOG)


def watch(server: Flask, metrics: Metrics) -> None:
    """Install it on `server`; before everything else, so that refused requests are seen too."""
    server.extensions[EXTENSION] = metrics
    server.before_request(_begin)

    @server.after_request
    def _end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        metrics.request(method(), route(), response.status_code, seconds)
        response.headers[HEADER] = g.get("request_id", "")
        _tell(response, seconds)
        return response


def _begin() -> None:
    g.began = time.perf_counter()
    given = request.headers.get(HEADER, "").lower()
    g.request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex


def method() -> str:
    """The request's method; OTHER for one that HTTP does not know."""
    return request.method if request.method in METHODS else "OTHER"


def route() -> str:
    """The template of the request's route, such as /api/v1/stations/<code>."""
    return request.url_rule.rule if request.url_rule is not None else UNMATCHED


def _tell(response: Response, seconds: float) -> None:
    """Polls, static files and probes are told only when they fail: they come by the thousand."""
    quiet = request.path.startswith(_QUIET) and response.status_code < 400
    level = logging.DEBUG if quiet else logging.INFO
    if not _log.isEnabledFor(level):
        return
    ms, size = round(seconds * 1000), response.calculate_content_length()
    fields = {"method": method(), "route": route(), "status": response.status_code, "ms": ms, "size": size}
    _log.log(level, "%s %s %d %d ms", method(), route(), response.status_code, ms, extra=fields)
