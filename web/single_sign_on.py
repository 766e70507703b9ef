"""Sign-in by somebody else's word: a trusted proxy's header, or an OpenID Connect provider.

A proxy's header counts only from the addresses that the settings name; from anywhere else the request is refused
and written to the audit log. The day's first request of a proxy's user opens a session of that day, so that
looks and deeds have one to belong to. Of a provider the code flow is used, with PKCE, state and nonce.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Any

from flask import Blueprint, current_app, request, session
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from data_access import accounts as store
from data_access.audit import Deed
from data_access.engine import reading, writing
from domain.access import Role
from domain.accounts import OIDC, PROXY, Account, Session, login_of
from domain.errors import BadRequest, DataUnavailable, Forbidden, NotFound
from services import account_office, accounts
from web import rates
from web.access_rules import OidcRules, ProxyRules
from web.address import client_address, from_proxy
from web.answers import guarded
from web.context import context
from web.identity import POLL, WAYS, Identity, recall, remember, signed_in
from web.sign_in import browser, enter_as, refuse, safe_next

single_sign_on = Blueprint("single_sign_on", __name__)
log = logging.getLogger(__name__)
_TOLD_EVERY = 60.0
_NEXT = "next"


# a trusted proxy -------------------------------------------------------------------------------


def by_proxy() -> Identity | None:
    """Whom the gateway in front vouches for.

    Raises:
        Forbidden: the header comes from elsewhere, or the gateway names nobody who may come in.
    """
    rules = context().access.proxy
    if not rules.user_header or request.headers.get(rules.user_header) is None:
        return None
    if not from_proxy():
        _tell("proxy_refused", f"header from {client_address()}")
        raise Forbidden("access.refused.proxy")
    said = tuple(request.headers.get(name, "") if name else "" for name in _headers(rules))
    key = "proxy:" + hashlib.sha256(repr(said).encode()).hexdigest()[:50]
    if request.path == POLL and (found := recall(key)) is not None:
        return found
    made = _vouched(said, rules)
    remember(key, made)
    return made


def _headers(rules: ProxyRules) -> tuple[str, str, str]:
    return rules.user_header, rules.role_header, rules.unit_header


def _vouched(said: tuple[str, ...], rules: ProxyRules) -> Identity:
    wanted = _wanted(said, PROXY, mapping=bool(rules.role_header))
    try:
        account, day = _today(wanted)
    except SQLAlchemyError as error:
        raise DataUnavailable("error.database") from error
    if account is None or not account.active:
        _tell("sign_in_refused", f"proxy, from {client_address()}")
        raise Forbidden("access.refused.no_account")
    return signed_in(account, day)


def _wanted(said: tuple[str, ...], origin: str, *, mapping: bool) -> Account:
    """The account that the words of another system describe; DISPLAY stands for no role.

    Raises:
        Forbidden: the login cannot be one.
    """
    login, role_text, unit = said
    if not login_of(login):
        raise Forbidden("access.refused.no_account")
    named = [one for one in role_text.replace(",", " ").split() if one in set(Role) and one != Role.DISPLAY]
    role = Role(named[0]) if mapping and named else Role.DISPLAY
    unit = unit.strip()[:64]
    return Account("", login_of(login), "", role, unit, unit, origin, True, False, context().now())


def _today(wanted: Account) -> tuple[Account | None, Session]:
    """The account and its session of the day; written only where something is new."""
    here = context()
    now, rules = here.now(), here.access.sign_in
    key = "proxy:" + hashlib.sha256(f"{wanted.login}:{now.date()}".encode()).hexdigest()[:50]
    with reading(here.engine) as connection:
        found = store.session_of(connection, key)
    if found is not None and found[0].ended_at is None and _as_wanted(found[1], wanted):
        return found[1], found[0]
    with writing(here.writer) as connection:
        account = _account(connection, wanted)
        day = Session(key, account.account_id if account else "", PROXY, now, now, now + rules.limit)
        if account is not None and account.active:
            store.reopen_session(connection, day)
            accounts.tell_sign_in(connection, account, PROXY, browser(), now=now)
    return account, day


def _as_wanted(account: Account, wanted: Account) -> bool:
    if not account.active or wanted.role is Role.DISPLAY or account.origin != wanted.origin:
        return account.active
    unit = account.station or account.district
    return account.role is wanted.role and unit == (wanted.station if unit or _needs_unit(wanted) else "")


def _needs_unit(wanted: Account) -> bool:
    return wanted.role in (Role.STATION, Role.DISTRICT)


def _account(connection: Connection, wanted: Account) -> Account | None:
    """The account that exists; with a role told by the other system also one that is made now."""
    if wanted.role is Role.DISPLAY:
        return store.by_login(connection, wanted.login)
    try:
        return account_office.mapped(connection, wanted, now=context().now())
    except BadRequest as error:
        raise Forbidden("access.refused.no_account") from error


def _tell(action: str, detail: str) -> None:
    """One entry of the log; of a flood from one address one a minute."""
    kept: dict[str, float] = current_app.extensions.setdefault("board_told", {})
    key, now = f"{action}:{client_address()}", time.monotonic()
    if now - kept.get(key, -_TOLD_EVERY) < _TOLD_EVERY:
        return
    if len(kept) > 1000:
        kept.clear()
    kept[key] = now
    guarded(lambda: accounts.note(context().writer, Deed("?", action, "account:?", detail), context().now()))


# OpenID Connect --------------------------------------------------------------------------------


@single_sign_on.get("/sign-in/oidc")
def to_provider() -> Any:
    """To the provider; what comes back must carry this browser's state, nonce and code verifier."""
    rules = _oidc()
    rates.spend("sign-in", client_address(), context().access.sign_in_per_minute)
    session[_NEXT] = safe_next(request.args.get("next", ""))
    try:
        return _client(rules).authorize_redirect(_callback_address())
    except _provider_errors() as error:
        log.warning("the provider does not answer: %s", type(error).__name__)
        return refuse("access.refused.oidc")


@single_sign_on.get("/sign-in/oidc/callback")
def from_provider() -> Any:
    """Back from the provider: the code for tokens, the identity token checked, then a session of ours."""
    rules = _oidc()
    try:
        claims = _client(rules).authorize_access_token().get("userinfo") or {}
    except _provider_errors() as error:
        log.warning("the provider's answer is refused: %s", type(error).__name__)
        _tell("sign_in_refused", f"oidc {type(error).__name__}, from {client_address()}")
        return refuse("access.refused.oidc")
    following = safe_next(str(session.pop(_NEXT, "")))
    session.clear()
    return _enter(claims, rules, following)


def _enter(claims: Any, rules: OidcRules, following: str) -> Any:
    said = tuple(_words(claims.get(name)) if name else "" for name in _claims(rules))
    here, now = context(), context().now()
    try:
        wanted = _wanted(said, OIDC, mapping=bool(rules.role_claim))
        with writing(here.writer) as connection:
            account = _account(connection, wanted)
            if account is None or not account.active:
                raise Forbidden("access.refused.no_account")
            made = accounts.open_session(connection, account, OIDC, (here.access.sign_in, browser()), now=now)
    except Forbidden:
        _tell("sign_in_refused", f"oidc, from {client_address()}")
        return refuse("access.refused.no_account")
    except SQLAlchemyError as error:
        raise DataUnavailable("error.database") from error
    return enter_as(made, following)


def _claims(rules: OidcRules) -> tuple[str, str, str]:
    return rules.login_claim, rules.role_claim, rules.unit_claim


def _words(value: object) -> str:
    """A claim as text; a list by its texts."""
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return str(value) if value is not None else ""


def _oidc() -> OidcRules:
    rules = context().access.oidc
    if rules is None:
        raise NotFound("error.page_unknown")
    return rules


def _provider_errors() -> tuple[type[Exception], ...]:
    """What goes wrong between a provider and us; imported only where one is used (it touches the network)."""
    from authlib.integrations.base_client.errors import OAuthError
    from joserfc.errors import JoseError
    from requests.exceptions import RequestException

    return OAuthError, JoseError, RequestException, ValueError, KeyError


def _client(rules: OidcRules) -> Any:
    from authlib.integrations.flask_client import OAuth  # only here: see _provider_errors

    kept: dict[OidcRules, Any] = current_app.extensions.setdefault("board_oidc", {})
    if rules not in kept:
        kept[rules] = OAuth(current_app._get_current_object()).register(  # type: ignore[attr-defined]
            f"board{len(kept)}",
            client_id=rules.client_id,
            client_secret=rules.client_secret,
            server_metadata_url=f"{rules.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
        )
    return kept[rules]


def _callback_address() -> str:
    scheme = "https" if context().access.tls else request.scheme
    return f"{scheme}://{request.host}/sign-in/oidc/callback"


WAYS.insert(0, by_proxy)
