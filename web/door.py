"""The one door that every request passes, before anything else sees it.

In this order: is the host one of ours, who is asking (nobody: to the sign-in page, or 401), does the request come
from our own page where its proof of identity travels by itself, may this role be here at all, and not too often.
What is open to everybody is listed here and nowhere else.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request

from domain.access import Role
from domain.errors import BadRequest, Forbidden, NotFound
from web import callbacks, rates
from web.address import client_address
from web.context import context
from web.identity import POLL, WARM, Identity, identity
from web.problems import told

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = ("/assets/", "/_dash-component-suites/", "/-/health", "/-/ready", "/-/metrics")
"""Addresses that begin so hold no data: scripts, fonts, whether the process lives; the metrics ask who reads them."""
PUBLIC_EXACT = frozenset(
    {
        "/sign-in",
        "/sign-in/demo",
        "/sign-in/oidc",
        "/sign-in/oidc/callback",
        "/_favicon.ico",
        "/wall",
        "/healthz",
        "/readyz",
    }
)
OWN_TOKENS = ("/api/wall/",)
"""Addresses that ask for a token of their own in a header and answer nobody without one."""
PROBES = frozenset({"/healthz", "/readyz", "/-/health", "/-/ready"})
PROGRAMS = ("/api/", "/_dash", "/_reload", "/download/")
"""What programs ask; they are told 401 where a person is led to the sign-in page."""
UNLIMITED = frozenset({POLL, "/api/v1/me"})
_OWN = ("/account", "/sign-out", "/api/v1/me", POLL)
_AUDITORS = (*_OWN, "/audit", "/download/audit.", "/_dash-layout", "/_dash-dependencies", "/_reload-hash")
_CALLBACK = "/_dash-update-component"
_AUDITORS_OUTPUTS = ("audit-", "_pages_", ".._pages_", "..audit-")


def install(server: Flask) -> None:
    """Put the door before everything else of `server`."""
    server.before_request(_pass)


def _pass() -> Any:
    if request.environ.get(WARM):
        return None
    _our_host()
    if _is_public(request.path):
        _own_page(strict=False)
        return None
    who = identity()
    if who is None:
        return _turn_away()
    _own_page(strict=who.ambient)
    if who.must_change and not request.path.startswith(_OWN):
        return _to_password()
    _not_too_often(who)
    if request.path == _CALLBACK:
        callbacks.asked()
    return _role_fits(who)


def _is_public(path: str) -> bool:
    return path in PUBLIC_EXACT or path.startswith((*PUBLIC, *OWN_TOKENS))


def for_programs() -> bool:
    """Whether the request expects JSON or a file, not a page."""
    return request.path.startswith(PROGRAMS) or request.method not in SAFE


def _our_host() -> None:
    hosts = context().access.hosts
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    if hosts and name not in hosts and request.path not in PROBES:
        raise BadRequest("access.refused.host")


def _turn_away() -> Response:
    if for_programs():
        return told(401, "access.refused.nobody")
    wanted = request.full_path.rstrip("?")
    address = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
    found = redirect(address)
    found.headers["Cache-Control"] = "no-store"
    return found  # type: ignore[return-value]


def _to_password() -> Any:
    if for_programs():
        return told(403, "access.refused.must_change")
    return redirect("/account")


def _own_page(*, strict: bool) -> None:
    """Refuse a request that changes or computes something unless it comes from a page of this host.

    A browser says where a request comes from, and a page cannot change what it says. Chromium of the floor sends
    Origin with every POST, over plain HTTP too, and Sec-Fetch-Site where the connection is trustworthy. Whoever
    sends neither is no browser: refused when its proof of identity travels by itself, let pass when it does not.

    Args:
        strict: the request must say where it comes from.
    """
    if request.method in SAFE:
        return
    if not _from_here(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), strict):
        raise Forbidden("access.refused.origin")
    if request.path == _CALLBACK and request.mimetype != "application/json":
        raise Forbidden("access.refused.origin")


def _from_here(origin: str | None, site: str | None, strict: bool) -> bool:
    if origin is not None:
        return _is_ours(origin) and site in (None, "same-origin", "none")
    if site is None:
        return not strict
    return site == "same-origin" or (site == "none" and not strict)


def _is_ours(origin: str) -> bool:
    found = urlsplit(origin)
    scheme = "https" if context().access.tls else found.scheme
    return found.scheme == scheme and found.scheme in ("http", "https") and found.netloc == request.host


def _role_fits(who: Identity) -> Any:
    """The auditor reads the log and nothing else. That nobody else reads it is decided in the read."""
    path = request.path
    if who.scope.role is not Role.AUDITOR:
        return None
    if path == _CALLBACK:
        if not callbacks.asked().startswith(_AUDITORS_OUTPUTS):
            raise NotFound("error.page_unknown")
    elif not path.startswith(_AUDITORS):
        if for_programs():
            raise NotFound("error.page_unknown")
        return redirect("/audit")
    return None


def _not_too_often(who: Identity) -> None:
    path = request.path
    if path.startswith(PROGRAMS) and path not in UNLIMITED:
        mine = who.token.token_id if who.token else who.account.account_id if who.account else ""
        key = mine or client_address()
        rates.spend("data", key, context().access.api_per_minute)
