"""The checks of `manage.py doctor` that ask who may come in: accounts, sign-in, network, the log, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from commands.doctor_findings import Finding, fault, note, well
from commands.tools import Tools
from data_access.accounts import all_accounts, any_account
from data_access.api_tokens import api_tokens
from data_access.audit import verify
from data_access.displays import displays
from data_access.engine import reading
from data_access.state import is_demo
from domain.access import Role
from domain.accounts import DEMO, Account
from domain.api_tokens import MOST_DAYS
from settings import listed

MOST_NAMED = 5
NEWEST = 20_000
"""Entries of the log that are looked at: their number, not the log's size, decides how long it takes."""
UNUSED, SILENT, ENDING = timedelta(days=14), timedelta(days=90), timedelta(days=14)
"""A token that was never used for so long; one that was not used any more; one that ends so soon."""
WIDE_V4, WIDE_V6 = 8, 32
"""Networks of proxies wider than these prefixes are nobody's list of proxies."""


def _production(tools: Tools) -> bool:
    return bool(tools.settings.mode == "production")


def _grave(tools: Tools) -> Callable[[str, str], Finding]:
    """A fault in production, worth knowing elsewhere."""
    return fault if _production(tools) else note


def _names(found: Iterable[str]) -> str:
    """The first few, and how many more."""
    names = list(found)
    more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _accounts(tools: Tools) -> Sequence[Account]:
    with reading(tools.engine) as connection:
        return all_accounts(connection)


def accounts(tools: Tools) -> Finding:
    """Somebody can administer; in production nobody came with the demo."""
    t, found, chosen = tools.t, _accounts(tools), tools.settings
    demo = [one.login for one in found if one.origin == DEMO and one.active]
    if demo and _production(tools):
        return fault(t("cli.doctor_demo_accounts", who=_names(demo)), t("cli.doctor_do.demo_accounts"))
    if not found and (not _production(tools) or chosen.open_access):
        return well(t("cli.doctor_no_accounts"))
    admins = [one for one in found if one.role is Role.ADMIN and one.active]
    if admins:
        active = sum(one.active for one in found)
        return well(t("cli.doctor_accounts", active=active, all=len(found), admins=len(admins)))
    named_elsewhere = chosen.proxy_role_header or (chosen.oidc_issuer and chosen.oidc_role_claim)
    grade = note if named_elsewhere else _grave(tools)
    return grade(t("cli.doctor_no_admin", all=len(found)), t("cli.doctor_do.admin"))


def locked(tools: Tools) -> Finding:
    """Nobody is locked out; more than a few at once look like somebody who guesses."""
    now = tools.now()
    shut = [one.login for one in _accounts(tools) if one.locked(now)]
    if shut:
        said = tools.t("cli.doctor_locked", n=len(shut), who=_names(shut))
        return note(said, tools.t("cli.doctor_do.locked"))
    return well(tools.t("cli.doctor_none_locked"))


def facing(tools: Tools) -> str:
    """By what the server faces a network, as a setting and its value; "" where only this machine reaches it."""
    chosen = tools.settings
    if not _only_here(chosen.host):
        return f"BOARD_HOST={chosen.host}"
    set_ones = (("BOARD_TLS", "true" if chosen.tls else ""), ("BOARD_TRUSTED_PROXIES", chosen.trusted_proxies))
    return next((f"{name}={value}" for name, value in set_ones if value), "")


def _only_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return bool(host.lower() == "localhost")


def sign_in(tools: Tools) -> Finding:
    """Whoever reaches the server over a network signs in."""
    t, chosen, by = tools.t, tools.settings, facing(tools)
    with reading(tools.engine) as connection:
        opened = chosen.open_access or (not _production(tools) and not any_account(connection))
        real = not is_demo(connection)
    if not opened:
        return well(t("cli.doctor_sign_in"))
    if not by:
        said = t("cli.doctor_open_here")
        return note(said, t("cli.doctor_do.sign_in")) if _production(tools) else well(said)
    grade = fault if _production(tools) or real else note
    return grade(t("cli.doctor_open_network", by=by), t("cli.doctor_do.sign_in"))


def hosts(tools: Tools) -> Finding:
    """The names the server answers to are listed, and can be names."""
    t, names, by = tools.t, listed(tools.settings.hosts), facing(tools)
    wrong = [name for name in names if not _can_be_host(name)]
    if wrong:
        return _grave(tools)(t("cli.doctor_hosts_wrong", what=_names(wrong)), t("cli.doctor_do.hosts_wrong"))
    if not names and by:
        return _grave(tools)(t("cli.doctor_no_hosts", by=by), t("cli.doctor_do.hosts"))
    return well(t("cli.doctor_hosts", names=", ".join(names)) if names else t("cli.doctor_hosts_here"))


def _can_be_host(name: str) -> bool:
    """A name or address as a request has it, without port; an IPv6 address stands without brackets."""
    try:
        ip_address(name)
    except ValueError:
        return all(sign.isalnum() or sign in "-._" for sign in name)
    return True


def proxy(tools: Tools) -> Finding:
    """Cookies are for TLS alone, and only those proxies are believed that are ours."""
    t, chosen, by = tools.t, tools.settings, facing(tools)
    wide = [text for text in listed(chosen.trusted_proxies) if _wide(ip_network(text, strict=False))]
    if wide:
        return _grave(tools)(t("cli.doctor_proxies_wide", what=_names(wide)), t("cli.doctor_do.proxies_wide"))
    if not chosen.tls:
        said = t("cli.doctor_no_tls", by=by)
        return _grave(tools)(said, t("cli.doctor_do.tls")) if by else well(t("cli.doctor_no_tls_here"))
    if not chosen.trusted_proxies:
        return note(t("cli.doctor_no_proxies"), t("cli.doctor_do.proxies"))
    return well(t("cli.doctor_tls", proxies=chosen.trusted_proxies))


def _wide(network: IPv4Network | IPv6Network) -> bool:
    return network.prefixlen < (WIDE_V4 if network.version == 4 else WIDE_V6)


def limits(tools: Tools) -> Finding:
    """What somebody may ask in a minute is what the settings say, though several processes answer."""
    t, chosen = tools.t, tools.settings
    given = {"sign_in": chosen.sign_in_per_minute, "api": chosen.api_per_minute}
    if not _production(tools):
        return well(t("cli.doctor_limits_off"))
    if not all(given.values()):
        return note(t("cli.doctor_unlimited", **given), t("cli.doctor_do.unlimited"))
    if chosen.workers > 1 and not chosen.redis_url:
        most = {f"true_{name}": limit * chosen.workers for name, limit in given.items()}
        said = t("cli.doctor_limits_apart", workers=chosen.workers, **given, **most)
        return note(said, t("cli.doctor_do.limits"))
    return well(t("cli.doctor_limits", **given))


def audit(tools: Tools) -> Finding:
    """The log's chain: its newest entries, so that the check takes no longer in old installations."""
    t = tools.t
    with reading(tools.engine) as connection:
        found = verify(connection, newest=NEWEST)
    if found.why:
        place = found.sequence if found.sequence is not None else "-"
        why = t(f"cli.audit_why_{found.why}")
        said = t("cli.audit_broken", sequence=place, entry=found.entry_id or "-", why=why)
        return fault(said, t("cli.doctor_do.audit"))
    if found.older:
        return well(t("cli.doctor_audit_newest", entries=found.entries, older=found.older))
    return well(t("cli.doctor_audit", entries=found.entries))


def wall_tokens(tools: Tools) -> Finding:
    """Tokens of displays have no end of their own, so one that nobody uses is to be revoked."""
    t, now = tools.t, tools.now()
    with reading(tools.engine) as connection:
        kept = [one for one in displays(connection) if one.active]
    never = [one.name for one in kept if one.last_seen_at is None and now - one.created_at > UNUSED]
    silent = [one.name for one in kept if one.last_seen_at and now - one.last_seen_at > SILENT]
    parts = [t("cli.doctor_displays", n=len(kept))]
    parts += [t("cli.doctor_never_used", who=_names(never), days=UNUSED.days)] if never else []
    parts += [t("cli.doctor_not_used", who=_names(silent), days=SILENT.days)] if silent else []
    said = t("cli.doctor_joint").join(parts)
    return note(said, t("cli.doctor_do.displays")) if never or silent else well(said)


def tokens(tools: Tools) -> Finding:
    """Tokens of programs end by themselves; told is which end soon, are used by nobody, or last too long."""
    t, now = tools.t, tools.now()
    with reading(tools.engine) as connection:
        kept = [one for one in api_tokens(connection) if not one.fault(now)]
    never = [one.name for one in kept if one.last_used_at is None and now - one.created_at > UNUSED]
    silent = [one.name for one in kept if one.last_used_at and now - one.last_used_at > SILENT]
    ending = [f"{one.name} ({t.moment(one.expires_at)})" for one in kept if one.expires_at - now < ENDING]
    lasting = [one.name for one in kept if one.expires_at - now > timedelta(days=MOST_DAYS)]
    parts = [t("cli.doctor_tokens", n=len(kept))]
    parts += [t("cli.doctor_never_used", who=_names(never), days=UNUSED.days)] if never else []
    parts += [t("cli.doctor_not_used", who=_names(silent), days=SILENT.days)] if silent else []
    parts += [t("cli.doctor_ending", who=_names(ending))] if ending else []
    parts += [t("cli.doctor_lasting", who=_names(lasting), days=MOST_DAYS)] if lasting else []
    said = t("cli.doctor_joint").join(parts)
    return note(said, t("cli.doctor_do.tokens")) if len(parts) > 1 else well(said)


ACCESS: tuple[tuple[str, Callable[[Tools], Finding]], ...] = (
    ("accounts", accounts),
    ("locked", locked),
    ("sign_in", sign_in),
    ("hosts", hosts),
    ("proxy", proxy),
    ("limits", limits),
    ("audit", audit),
    ("wall_tokens", wall_tokens),
    ("tokens", tokens),
)
