"""The page to sign in on, and one's own account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from components.hiccup import Node, h, many
from domain.accounts import LOCAL, MOST_LOGIN, MOST_PASSWORD, OIDC, PROXY, Account, Session
from i18n import Translator

MANY_PARTS = 5
DEMO_ROLES = ("station", "district", "command", "admin", "auditor")


def sign_in(t: Translator, following: str, *, unit: str = "", failed: str = "", oidc: bool = False) -> Node:
    """Login and password.

    Args:
        following: the page to show afterwards, an address of this host. failed: what is said of an attempt.
    """
    fields = [
        h("input", type="hidden", name="next", value=following),
        _field(t("access.login"), "text", "login", "username", most=MOST_LOGIN, focus=True),
        _field(t("access.password"), "password", "password", "current-password", most=MOST_PASSWORD),
        h("p.alert", failed, role="alert") if failed else None,
        h("button.go", t("access.sign_in"), type="submit"),
    ]
    other = h("p", h("a.go.quiet", t("access.by_oidc"), href="/sign-in/oidc")) if oidc else None
    return _sheet(
        t,
        t("access.title"),
        h("p.unit", unit) if unit else None,
        h("form.access-form", many(fields), method="post", action="/sign-in"),
        other,
        h("p.hint", t("access.no_account")),
    )


def own(
    t: Translator, account: Account, session: Session | None, sessions: Sequence[Session], *, said: str = "",
    failed: str = "", must: bool = False, rule: str = "",
) -> Node:  # fmt: skip
    """One's own account: who one is, where one is signed in, and another password.

    Args:
        said, failed: what is told of the last deed. must: the password has to be changed first.
    """
    elsewhere, mine = account.origin in (PROXY, OIDC), account.origin == LOCAL
    return _sheet(
        t,
        t("access.own"),
        h("p.banner.late", t("access.must_change")) if must else None,
        h("p.banner", said, role="status") if said else None,
        _about(t, account),
        h("p.hint", t("access.elsewhere")) if elsewhere else _change(t, failed, rule) if mine else None,
        None if must else _sessions(t, session, sessions),
        None if must else h("p", h("a.go.quiet", t("error.home"), href="/")),
    )


def _sheet(t: Translator, title: str, *parts: Node | None) -> Node:
    brand = h("p.brand", h("span.emblem", aria_hidden="true"), h("span.name", t("app.title")))
    wide = ".wide" if len(parts) > MANY_PARTS else ""
    return h(f"main.sheet.access{wide}", brand, h("h1", title), *parts)


def _field(label: str, kind: str, name: str, fill: str, *, most: int, focus: bool = False) -> Node:
    control = h("input", type=kind, name=name, required=True, maxlength=most, autocomplete=fill, autofocus=focus)
    return h("label.field", h("span", label), control)


def _about(t: Translator, account: Account) -> Node:
    said = [
        (t("access.person"), account.person),
        (t("access.role_word"), t(f"access.role.{account.role.value}")),
        (t("access.unit"), account.station or account.district or "—"),
    ]
    return h("dl.facts", many([many([h("dt", name), h("dd", text)]) for name, text in said]))


def _change(t: Translator, failed: str, rule: str) -> Node:
    fields = [
        _field(t("access.old"), "password", "old", "current-password", most=MOST_PASSWORD),
        _field(t("access.new"), "password", "new", "new-password", most=MOST_PASSWORD),
        _field(t("access.again"), "password", "again", "new-password", most=MOST_PASSWORD),
        h("p.hint", rule),
        h("p.alert", failed, role="alert") if failed else None,
        h("button.go", t("access.change"), type="submit"),
    ]
    return h("section", h("h2", t("access.change")), h("form.access-form", many(fields), method="post"))


def _sessions(t: Translator, here: Session | None, sessions: Sequence[Session]) -> Node:
    rows = [_session(t, one, here) for one in sessions]
    heads = [h("th", t(f"access.session.{name}"), scope="col") for name in ("agent", "address", "since", "seen")]
    table = h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows)))
    out = h("form", h("button.go.quiet", t("access.sign_out"), type="submit"), method="post", action="/sign-out")
    everywhere = h(
        "form",
        h("input", type="hidden", name="everywhere", value="yes"),
        h("button.go.quiet", t("access.sign_out_everywhere"), type="submit"),
        method="post",
        action="/sign-out",
    )
    return h("section", h("h2", t("access.sessions")), h("div.scroll", table), h("div.access-line", out, everywhere))


def _session(t: Translator, one: Session, here: Session | None) -> Node:
    mine = here is not None and one.session_id == here.session_id
    name = f"{one.agent or '—'} · {t('access.session.this')}" if mine else one.agent or "—"
    return h(
        "tr",
        h("th", name, scope="row"),
        h("td", one.address or "—"),
        h("td.time", _moment(t, one.created_at)),
        h("td.time", _moment(t, one.last_seen_at)),
    )


def _moment(t: Translator, at: datetime) -> str:
    return t.moment(at)
