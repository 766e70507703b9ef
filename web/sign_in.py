"""Signing in and out, one's own account, and who one is for the shell. Plain forms, no script needed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request

from components import account_page
from components.hiccup import Node
from components.plain_page import document
from data_access.accounts import sessions_of
from data_access.engine import reading
from data_access.state import is_demo
from domain.access import Role
from domain.errors import BoardError, NotFound
from services import account_office, accounts
from services.accounts import Browser, SignedIn
from services.demo_accounts import demo_session
from web import language, rates
from web.access_rules import AccessRules
from web.address import client_address
from web.answers import guarded
from web.as_json import as_json
from web.context import context
from web.identity import Identity, forget, identity, is_open, viewer
from web.metrics import sign_in_refused

sign_in = Blueprint("sign_in", __name__)
_BROWSER = re.compile(r"\b(Edg|OPR|Firefox|Chrome|Safari)/(\d{1,4})")
_SYSTEM = re.compile(r"\b(Windows|Android|iPhone|iPad|Mac OS X|Linux)\b")


@sign_in.get("/sign-in")
def form() -> Any:
    """The page to sign in on; who is signed in already is led on."""
    following = safe_next(request.args.get("next", ""))
    who = identity()
    if who is not None and who.account is not None:
        return redirect(following)
    return _form(following)


@sign_in.post("/sign-in")
def enter() -> Any:
    """Check login and password; a new session with a new token, whatever cookie came along."""
    rules, here = context().access, context()
    rates.spend("sign-in", client_address(), rules.sign_in_per_minute)
    given = (request.form.get("login", ""), request.form.get("password", ""))
    following = safe_next(request.form.get("next", ""))
    now = here.now()
    made = guarded(lambda: accounts.sign_in(here.writer, given, rules.sign_in, browser(), now=now))
    if made is None:
        sign_in_refused("password")
        return _form(following, language.translator()("access.refused.sign_in")), 401
    return enter_as(made, following)


@sign_in.post("/sign-in/demo")
def enter_demo() -> Any:
    """One click into the demo, as one of its roles; only where it is loaded and nobody has to sign in."""
    here, role = context(), request.form.get("role", "")
    if not demo_offered() or role not in account_page.DEMO_ROLES:
        raise NotFound("error.page_unknown")
    rates.spend("sign-in", client_address(), 60)
    name = language.translator()(f"access.role.{role}")
    made = guarded(
        lambda: demo_session(here.writer, Role(role), name, (here.access.sign_in, browser()), now=here.now())
    )
    return enter_as(made, safe_next(request.form.get("next", "")))


@sign_in.post("/sign-out")
def leave() -> Any:
    """End this session, or with `everywhere` all of the account's."""
    here, who = context(), viewer()
    if who.account is not None and who.session is not None:
        session, account, everywhere = who.session, who.account, request.form.get("everywhere") == "yes"
        guarded(lambda: accounts.sign_out(here.writer, session, account, now=here.now(), everywhere=everywhere))
    answer = redirect("/" if is_open() else "/sign-in")
    answer.delete_cookie(here.access.cookie, path="/", secure=here.access.tls, httponly=True, samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return _private(answer)


@sign_in.get("/account")
def own() -> Any:
    """One's own account."""
    return _own(viewer())


@sign_in.post("/account")
def change_password() -> Any:
    """Another password; the account's other sessions end."""
    here, who, t = context(), viewer(), language.translator()
    if who.account is None or who.session is None:
        raise NotFound("error.page_unknown")
    rates.spend("sign-in", client_address(), here.access.sign_in_per_minute)
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return _own(who, failed=t("access.weak.differs")), 400
    signed = (who.account, who.session)
    try:
        guarded(
            lambda: account_office.change_own_password(
                here.writer, signed, (old, new), here.access.sign_in, now=here.now()
            )
        )  # fmt: skip
    except BoardError as error:
        return _own(who, failed=t(error.key, **error.params)), 409
    forget()
    return _own(viewer(), said=t("access.changed"))


@sign_in.get("/api/v1/me")
def me() -> Response:
    """Who is signed in, for the top bar and the watermark. No secret, nothing of anybody else."""
    who, here, t = viewer(), context(), language.translator()
    role = who.scope.role.value
    units = (*(who.scope.stations or ()), *(who.scope.districts or ()))
    unmasked = who.session.unmasked_until if who.session and who.scope.unmasked else None
    return as_json(
        {
            "person": who.person,
            "name": who.account.name if who.account else "",
            "role": role,
            "role_name": t("access.open") if who.open else t(f"access.role.{role}"),
            "units": units,
            "open": who.open,
            "session": who.session is not None,
            "demo": who.account is not None and who.account.origin == "demo",
            "try": [[one, t(f"access.try.{one}")] for one in account_page.DEMO_ROLES] if demo_offered() else [],
            "now": here.now(),
            "unmasked_until": unmasked,
            "may_unmask": who.session is not None and who.scope.may_unmask,
            "watermark": here.access.watermark and not who.open,
        }
    )


def refuse(key: str) -> Any:
    """The sign-in page with the reason why another way to sign in did not work."""
    return _form("/", language.translator()(key)), 401


# shared ----------------------------------------------------------------------------------------


def safe_next(text: str) -> str:
    """The page to show after signing in: an address of this host, or the board.

    >>> [safe_next(x) for x in ("/station/S1?x=1", "//evil.example", "https://evil.example", "/\\\\evil.example", "")]
    ['/station/S1?x=1', '/', '/', '/', '/']
    """
    plain = text.isprintable() and "\\" not in text and len(text) <= 2000
    if not plain or not text.startswith("/") or text.startswith("//"):
        return "/"
    found = urlsplit(text)
    outside = found.scheme or found.netloc
    return "/" if outside or found.path.startswith(("/sign-", "/api/", "/_dash", "//")) else text


def browser() -> Browser:
    """Address and short name of the browser that asks: "Chrome 86, Windows"."""
    said = request.headers.get("User-Agent", "")[:400]
    name, system = _BROWSER.search(said), _SYSTEM.search(said)
    parts = [" ".join(name.groups()) if name else "", system.group(1) if system else ""]
    return Browser(client_address(), ", ".join(part for part in parts if part))


def enter_as(made: SignedIn, following: str) -> Response:
    """The cookie of a new session, and on to the page that was asked for."""
    ended = identity()
    if ended is not None and ended.session is not None and ended.account is not None:
        old, account = ended.session, ended.account
        guarded(lambda: accounts.sign_out(context().writer, old, account, now=context().now()))
    answer = redirect(following)
    _set_cookie(answer, made.token, context().access)
    return _private(answer)


def demo_offered() -> bool:
    """Whether the demo may be entered by one click: it is loaded, this is no production, nobody must sign in."""
    here = context()
    if here.access.production or here.access.open_access or not is_open():
        return False

    def look() -> bool:
        with reading(here.engine) as connection:
            return is_demo(connection)

    return guarded(look)


def _set_cookie(answer: Any, token: str, rules: AccessRules) -> None:
    """For this browser's session; the server decides when it ends."""
    answer.set_cookie(rules.cookie, token, path="/", secure=rules.tls, httponly=True, samesite="Lax")


def _form(following: str, failed: str = "") -> Response:
    here, t = context(), language.translator()
    oidc = here.access.oidc is not None
    return _page(account_page.sign_in(t, following, unit=here.unit_name, failed=failed, oidc=oidc), t("access.title"))


def _own(who: Identity, *, said: str = "", failed: str = "") -> Response:
    here, t = context(), language.translator()
    account = who.account
    if account is None:
        raise NotFound("error.page_unknown")

    def look() -> Any:
        with reading(here.engine) as connection:
            return sessions_of(connection, account.account_id, here.now())

    rules = here.access.sign_in
    rule = t("access.rule", length=rules.length, kinds=rules.kinds)
    body = account_page.own(
        t, account, who.session, guarded(look), said=said, failed=failed, must=who.must_change, rule=rule
    )
    return _page(body, t("access.own"))


def _page(body: Node, title: str) -> Response:
    text = document(language.translator(), title, body, language.theme())
    return _private(Response(text, mimetype="text/html"))


def _private(answer: Any) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[no-any-return]
