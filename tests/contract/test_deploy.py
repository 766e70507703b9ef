"""The examples of deploy/ speak of settings that exist, and agree with each other and with the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from settings import PREFIX, Settings
from tests.support.code import shown
from tests.support.project import ROOT
from web.security import HSTS, MAX_BODY

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc")
NAME = re.compile(rf"\b{PREFIX}[A-Z0-9_]+\b")


def settings() -> set[str]:
    """Every name under which a setting can be given."""
    plain = {name for field in Settings.model_fields.values() for name in _aliases(field.validation_alias)}
    return plain | {
        PREFIX + name.upper() for name, field in Settings.model_fields.items() if not field.validation_alias
    }


def _aliases(alias: object) -> set[str]:
    return {str(choice) for choice in getattr(alias, "choices", ())}


def unknown(text: str) -> set[str]:
    return set(NAME.findall(text)) - settings()


def environment() -> dict[str, str]:
    """What board.env sets."""
    lines = text("board.env").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_every_setting_that_an_example_names_exists(path: Path) -> None:
    assert unknown(path.read_text(encoding="utf-8")) == set()


def test_the_comparison_sees_a_wrong_name() -> None:
    assert unknown("BOARD_PORT=1 BOARD_PORTS=2 BOARD_SECRET=3") == {"BOARD_PORTS", "BOARD_SECRET"}
    assert {"BOARD_WORKERS", "SECRET_KEY", "BOARD_SECRET_KEY", "REDIS_URL"} <= settings()
    assert len(FILES) >= 10


def test_the_documents_name_no_setting_that_does_not_exist() -> None:
    others = {"BOARD_WALL_CONF"}  # of the script that starts a display, no setting of the server
    found = {
        (shown(path), name)
        for path in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md")
        for name in unknown(path.read_text(encoding="utf-8")) - others
    }
    assert found == set()


def test_the_proxy_reaches_the_server_where_it_listens() -> None:
    given, nginx = environment(), text("nginx/board.conf")
    assert f"server {given['BOARD_HOST']}:{given['BOARD_PORT']} " in nginx
    assert given["BOARD_TRUSTED_PROXIES"] == given["BOARD_HOST"], "nginx on the same machine asks from there"


def test_the_proxy_passes_on_the_names_that_the_server_answers_to() -> None:
    names = set(re.findall(r"(?m)^\s*server_name (.+);", text("nginx/board.conf")))
    assert {name for line in names for name in line.split()} == set(environment()["BOARD_HOSTS"].split(","))
    assert re.search(r"(?m)^proxy_set_header Host \$host;", text("nginx/proxy.inc"))


def test_the_proxy_speaks_tls_as_the_server_is_told_and_takes_bodies_as_large() -> None:
    given, nginx = environment(), text("nginx/board.conf")
    assert given["BOARD_TLS"] == "true"
    assert "listen 443 ssl" in nginx and HSTS in nginx
    (size,) = re.findall(r"client_max_body_size (\d+)m;", nginx)
    assert int(size) * 1024 * 1024 == MAX_BODY


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_every_service_reads_that_environment_and_may_write_its_folders(unit: Path) -> None:
    given, said = environment(), unit.read_text(encoding="utf-8")
    assert "\nEnvironmentFile=/etc/board.env\n" in said
    assert "\nStateDirectory=board\n" in said and given["BOARD_REJECT_DIR"].startswith("/var/lib/board/")
    assert "manage.py backup" not in said or f"\nReadWritePaths={given['BOARD_BACKUP_DIR']}\n" in said
