"""Accounts: list, a new one, and what can be done with one."""

from __future__ import annotations

from urllib.parse import quote

from components.admin_parts import box, deed, districts_of, field, select, sheet, table, text, units_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.access import Role
from domain.accounts import DEMO, LOCAL, MOST_LOGIN, MOST_NAME, Account, Session
from domain.administration import AccountsView

PATH = "/admin/accounts"
COLUMNS = ("login", "name", "role", "unit", "state", "origin", "seen", "do")
ROLES = (Role.STATION, Role.DISTRICT, Role.COMMAND, Role.ADMIN, Role.AUDITOR)


def tree(view: AccountsView, look: Look) -> Node:
    """The whole page."""
    t = look.t
    rows = [_row(one, view, look) for one in view.accounts]
    return sheet(
        view.board,
        look,
        "accounts",
        h("p.hint", t("admin.accounts.about")),
        None if view.may_write else h("p.banner.late", t("admin.refused.open")),
        _chosen(view, look) if view.chosen else None,
        _new(view, look) if view.may_write else None,
        table(look, "accounts", COLUMNS, rows, t("admin.accounts.none")),
    )


def _row(one: Account, view: AccountsView, look: Look) -> Node:
    t = look.t
    state = state_of(one, view)
    here = view.chosen is not None and view.chosen.account_id == one.account_id
    return h(
        f"tr.is-{state}",
        h("th", h("a", one.login, href=look.url(PATH, login=one.login)), scope="row"),
        h("td", one.name or "—"),
        h("td", t(f"access.role.{one.role.value}")),
        h("td", one.station or one.district or "—"),
        h("td", t(f"admin.accounts.state.{state}")),
        h("td", t(f"admin.accounts.origin.{one.origin or 'local'}")),
        h("td.time", t.moment(one.last_seen_at) if one.last_seen_at else t("admin.never")),
        h("td", h("a", t("admin.open"), href=look.url(PATH, login=one.login)) if not here else "—"),
        key=one.account_id,
    )


def state_of(one: Account, view: AccountsView) -> str:
    """ "disabled", "locked", "waiting" (the one-time password is not changed yet) or "active"."""
    if not one.active:
        return "disabled"
    if one.locked(view.now):
        return "locked"
    return "waiting" if one.must_change else "active"


def _new(view: AccountsView, look: Look) -> Node:
    fields = [
        field(look, "login", text("login", most=MOST_LOGIN, required=True)),
        field(look, "person", text("name", most=MOST_NAME)),
        *_role_fields(view, look, Role.STATION, "", ""),
        h("p.hint.wide", look.t("admin.accounts.new_hint")),
    ]
    return box(look, look.t("admin.accounts.new"), deed(look, "/accounts", fields, "add_account"), "account-new")


def _role_fields(view: AccountsView, look: Look, role: Role, station: str, district: str) -> list[Node]:
    t = look.t
    roles = [(one.value, t(f"access.role.{one.value}")) for one in ROLES]
    districts = [("", t("admin.none")), *districts_of(look, view.units)]
    return [
        field(look, "role", select("role", roles, role.value, required=True)),
        field(look, "own_station", select("station", units_of(look, view.units, t("admin.none")), station)),
        field(look, "own_district", select("district", districts, district)),
    ]


def _chosen(view: AccountsView, look: Look) -> Node:
    one = view.chosen
    assert one is not None
    t = look.t
    sessions = [_session(each, look) for each in view.sessions]
    return h(
        "section.admin-one",
        h("h2", t("admin.accounts.one", person=one.person)),
        h("p", t(f"admin.accounts.state.{state_of(one, view)}"), _until(one, view, look)),
        h("h3", t("admin.accounts.sessions")),
        table(look, "session", ("agent", "address", "since", "last"), sessions, t("admin.accounts.no_session")),
        _deeds(one, view, look),
        h("p", h("a", t("admin.close"), href=PATH)),
        key=f"one-{one.account_id}",
    )


def _until(one: Account, view: AccountsView, look: Look) -> str:
    return " · " + look.t("admin.accounts.until", at=look.t.moment(one.locked_until)) if one.locked(view.now) else ""


def _session(one: Session, look: Look) -> Node:
    return h(
        "tr",
        h("th", one.agent or "—", scope="row"),
        h("td", one.address or "—"),
        h("td.time", look.t.moment(one.created_at)),
        h("td.time", look.t.moment(one.last_seen_at)),
    )


def _deeds(one: Account, view: AccountsView, look: Look) -> Node:
    if not view.may_write:
        return h("p.hint", look.t("admin.refused.open"))
    if one.origin == DEMO:
        return h("p.hint", look.t("admin.refused.demo", login=one.login))
    role = _role_fields(view, look, one.role, one.station, one.district)
    made = [_deed(one, "role", look, role)]
    made += [_deed(one, "password", look)] if one.origin == LOCAL else []
    made += [_deed(one, "unlock", look)] if one.locked(view.now) or one.failed_count else []
    made += [_deed(one, "sessions", look)] if view.sessions else []
    made += [_deed(one, "disable" if one.active else "enable", look)]
    return h("div.deeds", many(made))


def _deed(one: Account, name: str, look: Look, fields: list[Node] | None = None) -> Node:
    hint = h("p.hint.wide", look.t(f"admin.accounts.hint.{name}"))
    form = deed(look, f"/accounts/{quote(one.login, safe='')}/{name}", [*(fields or []), hint], f"account_{name}")
    return box(look, look.t(f"admin.do.account_{name}"), form, f"{one.account_id}-{name}-{one.role.value}")
