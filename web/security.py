"""Headers and checks every answer and request passes.

The content policy allows scripts of this host only, plus the hashes of the inline scripts that Dash
writes itself; no `unsafe-eval`. A request that would change or compute something must come from a
page of this host.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

MAX_BODY = 2 * 1024 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PAGE = {
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def protect(server: Flask, script_hashes: Callable[[], Sequence[str]]) -> None:
    """Install the checks and headers on `server`.

    Args:
        script_hashes: gives `'sha256-…'` of the inline scripts the page carries; asked once, after
            the first request, because Dash writes its pages' own script only then.
    """

    @cache
    def policy() -> str:
        return _policy(script_hashes())

    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    server.before_request(_same_origin)

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.mimetype == "text/html" and response.status_code != HTTPStatus.NOT_MODIFIED:
            for name, value in {**_PAGE, "Content-Security-Policy": policy()}.items():
                response.headers.setdefault(name, value)
        return response


def _policy(script_hashes: Sequence[str]) -> str:
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self'"
    )


def _same_origin() -> None:
    """Refuse a POST that another site's page sends; tools without a browser send no Origin."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or site not in ("same-origin", "none"):
        abort(403)
