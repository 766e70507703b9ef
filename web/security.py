"""Headers every answer carries, and how large a request may be. Who may ask is `web.door`.

The content policy allows scripts of this host only, plus the hashes of the inline scripts that Dash
writes itself; no `unsafe-eval`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus

from flask import Flask, Response, request

from web.context import context

ICON = "/assets/favicon.ico"
MAX_BODY = 2 * 1024 * 1024
MAX_FORM_PARTS = 100
HSTS = "max-age=31536000"
_PAGE = {
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
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
    server.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Cross-Origin-Resource-Policy", resource_policy(request.path))
        if context().access.tls:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if response.mimetype == "text/html" and response.status_code != HTTPStatus.NOT_MODIFIED:
            for name, value in {**_PAGE, "Content-Security-Policy": policy()}.items():
                response.headers.setdefault(name, value)
        return response


def resource_policy(path: str) -> str:
    """Who may show what stands at an address: pages of this host alone, but for the icon.

    By the icon a waiting wall PC sees that the server is back: `tools/kiosk/waiting.html` is a file, of no host.
    """
    return "cross-origin" if path == ICON else "same-origin"


def _policy(script_hashes: Sequence[str]) -> str:
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self'"
    )
