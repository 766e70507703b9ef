"""OpenID Connect against a small provider of our own: the good way, and everything that must not work."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, select

from catalogue.loader import load_catalogue
from data_access import tables as t
from data_access.engine import reading
from domain.access import Role
from domain.accounts import Account, SignInRules
from services import account_office as office
from tests.integration.conftest import use
from tests.support import walk
from web.access_rules import AccessRules, OidcRules
from web.context import EXTENSION

PASSWORD = "Sommer-2024-Regen"
CLIENT, SECRET = "board", "provider-secret"


@dataclass
class Provider:
    """A provider that gives a code for whoever asks and checks the code verifier. `spoil` changes its claims."""

    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "wang"})
    spoil: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    issuer: str = ""

    def authorize(self, query: dict[str, str]) -> str:
        """What the browser is sent back with."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"code={code}&state={query['state']}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked.get("code_challenge"):
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                  **self.claims, **self.spoil}  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.sign_with or self.key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                base = provider.issuer
                self._json({"issuer": base, "authorization_endpoint": f"{base}/authorize", "jwks_uri": f"{base}/jwks",
                            "token_endpoint": f"{base}/token", "response_types_supported": ["code"],
                            "id_token_signing_alg_values_supported": ["RS256"]})  # fmt: skip
            else:
                self._json({"keys": [provider.key.as_dict(private=False)]})

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            made = provider.token({name: values[0] for name, values in form.items()})
            self._json(made or {"error": "invalid_grant"}, 200 if made else 400)

        def _json(self, value: object, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Board:
    """The board in production, with this provider."""

    server: Any
    engine: Engine
    provider: Provider

    def begin(self, client: Any, following: str = "/feeds") -> dict[str, str]:
        """To the provider; what the browser is told to ask there."""
        answer = client.get(f"/sign-in/oidc?next={following}")
        assert answer.headers["Location"].startswith(f"{self.provider.issuer}/authorize?"), answer.text[:300]
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def enter(self, client: Any = None, following: str = "/feeds") -> Any:
        client = client or self.server.test_client()
        return client.get(f"/sign-in/oidc/callback?{self.provider.authorize(self.begin(client, following))}")

    def actions(self) -> list[str]:
        with reading(self.engine) as connection:
            query = select(t.audit_entry.c.action).order_by(t.audit_entry.c.sequence)
            return [one for one in connection.execute(query).scalars() if one != "account_add"]


def rules(provider: Provider, **more: str) -> AccessRules:
    return AccessRules(production=True, sign_in_per_minute=0, oidc=OidcRules(provider.issuer, CLIENT, SECRET, **more))


@pytest.fixture
def board(application: Any, engine: Engine, provider: Provider) -> Iterator[Board]:
    server = application.server
    original, secret = server.extensions[EXTENSION], server.secret_key
    server.secret_key = "0123456789abcdef" * 2
    server.extensions.pop("board_told", None)
    use(server, original, engine=engine, writer=engine, catalogue=load_catalogue(), now=lambda: walk.NOW,
        access=rules(provider))  # fmt: skip
    account = Account("", "wang", "王某", Role.STATION, "S1", "", "", True, False, walk.NOW)
    office.add(engine, account, PASSWORD, SignInRules(), by="console", now=walk.NOW)
    yield Board(server, engine, provider)
    use(server, original)
    server.secret_key = secret


def signed_in(answer: Any) -> bool:
    return any(one.startswith("board_session=") and len(one) > 40 for one in answer.headers.getlist("Set-Cookie"))


def test_the_provider_signs_in_whoever_has_an_account(board: Board) -> None:
    client = board.server.test_client()
    asked = board.begin(client)
    assert asked["code_challenge_method"] == "S256" and asked["nonce"] and asked["state"]
    assert asked["redirect_uri"] == "http://localhost/sign-in/oidc/callback" and asked["response_type"] == "code"
    answer = client.get(f"/sign-in/oidc/callback?{board.provider.authorize(asked)}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/feeds") and signed_in(answer)
    assert client.get("/api/v1/me").json["person"] == "王某 (wang)"
    assert board.actions() == ["sign_in"]
    assert 'href="/sign-in/oidc"' in board.server.test_client().get("/sign-in").text


def test_it_never_leads_away(board: Board) -> None:
    assert board.enter(following="https://evil.example").headers["Location"] == "/"


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"iss": "http://evil.example"},
        {"exp": 1_000_000_000},
        {"preferred_username": "nobody"},
        {"preferred_username": "<script>"},
        {"preferred_username": None},
    ],
)
def test_a_token_that_is_not_for_us_opens_nothing(board: Board, spoil: dict[str, Any]) -> None:
    board.provider.spoil = spoil
    answer = board.enter()
    assert answer.status_code == 401 and not signed_in(answer)
    assert "Traceback" not in answer.text
    assert board.actions() == ["sign_in_refused"]


def test_a_token_signed_by_somebody_else_opens_nothing(board: Board) -> None:
    board.provider.sign_with = RSAKey.generate_key(2048, {"kid": "k1"})
    answer = board.enter()
    assert answer.status_code == 401 and not signed_in(answer)


def test_another_browsers_answer_opens_nothing(board: Board) -> None:
    """Login forgery: the attacker's own code, put into the victim's browser."""
    mine, victim = board.server.test_client(), board.server.test_client()
    back = board.provider.authorize(board.begin(mine))
    assert not signed_in(victim.get(f"/sign-in/oidc/callback?{back}"))
    board.begin(victim)
    assert not signed_in(victim.get(f"/sign-in/oidc/callback?{back}"))


def test_an_answer_counts_once(board: Board) -> None:
    client = board.server.test_client()
    back = board.provider.authorize(board.begin(client))
    assert signed_in(client.get(f"/sign-in/oidc/callback?{back}"))
    again = board.server.test_client().get(f"/sign-in/oidc/callback?{back}")
    assert again.status_code == 401 and not signed_in(again)


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "error=access_denied&state=x", "code=x&state=x"])
def test_an_answer_without_a_question_opens_nothing(board: Board, query: str) -> None:
    answer = board.server.test_client().get(f"/sign-in/oidc/callback?{query}")
    assert answer.status_code == 401 and not signed_in(answer)


def test_roles_come_from_the_provider_where_the_settings_say_so(board: Board) -> None:
    original = board.server.extensions[EXTENSION]
    use(board.server, original, access=rules(board.provider, role_claim="groups", unit_claim="unit"))
    board.provider.claims = {"preferred_username": "zhao", "groups": ["staff", "station"], "unit": "S1"}
    client = board.server.test_client()
    assert signed_in(board.enter(client))
    assert client.get("/api/v1/me").json["units"] == ["S1"]
    board.provider.claims = {"preferred_username": "zhao", "groups": ["staff"]}
    answer = board.enter()
    assert not signed_in(answer) or answer.status_code == 302
    board.provider.claims = {"preferred_username": "qian", "groups": ["staff"]}
    assert board.enter().status_code == 401


def test_a_provider_that_is_gone_is_said(board: Board) -> None:
    original = board.server.extensions[EXTENSION]
    use(
        board.server,
        original,
        access=AccessRules(production=True, oidc=OidcRules("http://127.0.0.1:1", CLIENT, SECRET)),
    )
    answer = board.server.test_client().get("/sign-in/oidc")
    assert answer.status_code == 401 and "Traceback" not in answer.text
