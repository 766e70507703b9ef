"""Settings refuse to start with one sentence that names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import SettingsError
from settings import Settings, load_settings

GOOD_SECRET = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BOARD_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_defaults_start() -> None:
    found = load_settings()
    assert found.database_url.startswith("sqlite:///")
    assert found.mode == "development"
    assert str(found.zone) == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOARD_PORT", "eighty", "BOARD_PORT"),
        ("BOARD_PORT", "0", "BOARD_PORT"),
        ("BOARD_LANG", "it", "BOARD_LANG"),
        ("BOARD_MODE", "prod", "BOARD_MODE"),
        ("BOARD_POLL_SECONDS", "0", "BOARD_POLL_SECONDS"),
        ("BOARD_FREEZE_AT", "late", "BOARD_FREEZE_AT"),
        ("TIMEZONE", "Asia/Atlantis", "Asia/Atlantis"),
        ("DATABASE_URL", "mysql://root@db/board", "sqlite:///"),
        ("BOARD_PROT", "8050", "BOARD_PROT"),
    ],
)
def test_a_wrong_or_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_in_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOARD_COLOR=blue\n")
    with pytest.raises(SettingsError, match=r"(?i)board_color"):
        load_settings()


@pytest.mark.parametrize("secret", ["", "short", "x" * 40, "change-me" * 5])
def test_production_needs_a_secret(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("BOARD_MODE", "production")
    monkeypatch.setenv("BOARD_OPEN_ACCESS", "true")
    monkeypatch.setenv("SECRET_KEY", secret)
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        load_settings()


def test_production_asks_everybody_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOARD_MODE", "production")
    monkeypatch.setenv("SECRET_KEY", GOOD_SECRET)
    found = load_settings()
    assert found.mode == "production" and not found.open_access


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "DASH_DEBUG"])
def test_production_does_not_start_with_debug_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("BOARD_MODE", "production")
    monkeypatch.setenv("SECRET_KEY", GOOD_SECRET)
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=name):
        load_settings()
    monkeypatch.setenv(name, "0")
    assert load_settings().mode == "production"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"BOARD_TRUSTED_PROXIES": "gateway"}, "BOARD_TRUSTED_PROXIES"),
        ({"BOARD_PROXY_USER_HEADER": "X-User"}, "BOARD_TRUSTED_PROXIES"),
        ({"BOARD_OIDC_ISSUER": "https://id.example"}, "BOARD_OIDC_CLIENT_ID"),
        ({"BOARD_OIDC_ISSUER": "https://id.example", "BOARD_OIDC_CLIENT_ID": "b"}, "SECRET_KEY"),
        ({"BOARD_OIDC_ISSUER": "http://id.example", "BOARD_OIDC_CLIENT_ID": "b", "SECRET_KEY": GOOD_SECRET}, "https"),
    ],
)
def test_half_a_single_sign_on_does_not_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said):
        load_settings()


def test_a_secret_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOARD_MODE", "production")
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)
