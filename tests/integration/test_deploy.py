"""The examples in deploy/ are accepted by the programs they are for, and agree with our settings and commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import PREFIX, Settings
from tests.support.project import ROOT
from tests.support.server import environment

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def program(name: str) -> str:
    """The path of a program; skips with the reason. It is the operator's, so it is never required."""
    found = os.environ.get(f"{name.upper()}_PATH") or shutil.which(
        name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    )
    return found or pytest.skip(f"{name} is not installed here, so the example was not checked by it")


def run(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = tmp_path / "board.key", tmp_path / "board.crt"
    made = run(
        *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=board"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    assert made.returncode == 0, made.stderr
    text = (DEPLOY / "nginx" / "board.conf").read_text(encoding="utf-8")
    for old, new in (
        ("/etc/nginx/tls", str(tmp_path)),
        ("/opt/board/current", str(ROOT)),
        ("/var/log/nginx", str(tmp_path)),
        (":80;", ":18980;"),
        ("listen 80;", "listen 18980;"),
        ("443", "18943"),
    ):
        text = text.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    http = f"http {{\naccess_log off;\n{temporary}{text}}}\n"
    whole = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error;\nevents {{}}\n{http}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    told = run(nginx, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr, told.stderr


@pytest.mark.parametrize("unit", UNITS, ids=[path.name for path in UNITS])
def test_systemd_accepts_the_units(unit: Path, tmp_path: Path) -> None:
    verify = program("systemd-analyze")
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/board/current/.venv/bin/python", sys.executable)
        text = text.replace("/opt/board/current", str(ROOT)).replace("/etc/board.env", str(DEPLOY / "board.env"))
        (tmp_path / path.name).write_text(re.sub(r"(?m)^(User|Group)=board$", r"\1=root", text), encoding="utf-8")
    told = run(verify, "verify", "--man=no", str(tmp_path / unit.name))
    said = [line for line in told.stderr.splitlines() if str(tmp_path) in line or unit.name in line]
    assert (told.returncode, said) == (0, []), told.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=[path.name for path in SERVICES])
def test_every_service_gives_up_what_it_does_not_need(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("NoNewPrivileges=true", "ProtectSystem=strict", "ProtectHome=true", "PrivateTmp=true", "UMask=0077"):
        assert f"\n{line}\n" in text
    assert "\nCapabilityBoundingSet=\n" in text
    assert "\nUser=board\n" in text


@pytest.mark.parametrize("unit", SERVICES, ids=[path.name for path in SERVICES])
def test_every_service_starts_a_command_that_exists(unit: Path) -> None:
    from manage import main

    for words in re.findall(r"(?m)^ExecStart(?:Pre)?=\S+ manage\.py (.+)$", unit.read_text(encoding="utf-8")):
        first, *options = words.split()
        command = main.commands[first]
        known = {opt for param in command.params for opt in param.opts}
        assert [one for one in options if one.startswith("--") and one not in known] == []


def test_logrotate_accepts_the_example(tmp_path: Path) -> None:
    logrotate = program("logrotate")
    text = (DEPLOY / "logrotate" / "board").read_text(encoding="utf-8")
    file = tmp_path / "board"
    file.write_text(text.replace("/var/log/board", str(tmp_path)).replace("su root board", "su root root"))
    file.chmod(0o644)
    (tmp_path / "web.log").write_text("a line\n")
    told = run(logrotate, "--debug", "--state", str(tmp_path / "state"), str(file))
    assert told.returncode == 0, told.stderr
    assert "error" not in told.stderr.lower(), told.stderr


def test_every_setting_of_the_example_exists_and_it_starts_once_the_secret_is_filled_in(tmp_path: Path) -> None:
    lines = [line for line in (DEPLOY / "board.env").read_text(encoding="utf-8").splitlines() if "=" in line]
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    plain = {field.validation_alias.choices[0] for field in Settings.model_fields.values() if field.validation_alias}
    assert set(given) - known - plain == set()
    script = "from settings import load_settings; print(load_settings().mode)"
    env = {**environment(""), **given, "PYTHONPATH": str(ROOT)}
    refused = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert "SECRET_KEY" in refused.stderr
    env["SECRET_KEY"] = "9f1c6b2e7d3a4085b6e1f0c2d9a7583e"
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert told.stdout.strip() == "production", told.stderr


def test_the_waiting_page_tries_again_and_needs_nothing_from_elsewhere() -> None:
    page = (DEPLOY / "nginx" / "502.html").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' in page
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=", page) == []


def test_the_proxy_replaces_what_a_visitor_may_have_forged() -> None:
    text = (DEPLOY / "nginx" / "proxy.inc").read_text(encoding="utf-8")
    for header in (
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Real-IP",
        "X-Request-Id",
        "Forwarded",
    ):
        assert re.search(rf"(?m)^proxy_set_header {header} ", text)
    assert "proxy_add_x_forwarded_for" not in text


def test_the_gunicorn_example_has_the_settings_of_the_server(tmp_path: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--check-config",
            "-c",
            str(DEPLOY / "gunicorn_conf.py"),
            "app:create_server()",
        ],
        cwd=ROOT,
        env=environment(f"sqlite:///{tmp_path / 'board.sqlite3'}", BOARD_PORT="18952", TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
