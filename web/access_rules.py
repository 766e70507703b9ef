"""What the settings say about who may come in, and how; put into the context by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from domain.accounts import SignInRules

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ProxyRules:
    """Sign-in by a gateway in front: the header that carries the login, and optionally role and unit.

    `networks`: the addresses such a gateway may have; a header from anywhere else is refused.
    """

    networks: tuple[Network, ...] = ()
    user_header: str = ""
    role_header: str = ""
    unit_header: str = ""


@dataclass(frozen=True, slots=True)
class OidcRules:
    """Sign-in by an OpenID Connect provider. `role_claim` "": only accounts that exist here may sign in."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False, default="")
    login_claim: str = "preferred_username"
    role_claim: str = ""
    unit_claim: str = ""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may come in.

    Args:
        production: nobody without an account, and no demo account, unless `open_access`.
        tls: reached by TLS: Secure cookies and HSTS.
        hosts: names the server answers to, in small letters without port; empty: any.
        sign_in_per_minute, api_per_minute: attempts of one address, and requests of one viewer; 0: not limited.
        watermark: user and time over every page.
    """

    production: bool = False
    open_access: bool = False
    tls: bool = False
    hosts: tuple[str, ...] = ()
    sign_in: SignInRules = field(default_factory=SignInRules)
    proxy: ProxyRules = field(default_factory=ProxyRules)
    oidc: OidcRules | None = None
    sign_in_per_minute: int = 10
    api_per_minute: int = 0
    watermark: bool = False

    @property
    def cookie(self) -> str:
        """Name of the session's cookie; with TLS the prefix binds it to this host."""
        return "__Host-board" if self.tls else "board_session"
