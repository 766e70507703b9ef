"""`make audit` is loud where nobody was asked, and never calls that clean when it must be asked."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

import pytest

from tools import audit

CLEAN = {"name": "click", "version": "8.5.1", "vulns": []}
WEAK = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-2020-1"}]}
UNKNOWN = {"name": "dash", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def test_a_clean_answer_is_clean_and_a_weakness_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.judged([CLEAN]) == 0
    assert audit.judged([CLEAN, WEAK]) == 1
    assert "old 1.0: PYSEC-2020-1" in capsys.readouterr().out


@pytest.mark.parametrize(("required", "status"), [("", 0), ("required", 1)])
def test_a_service_that_knows_nothing_is_a_loud_skip(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], required: str, status: int
) -> None:
    monkeypatch.setenv("AUDIT", required)
    assert audit.judged([UNKNOWN, CLEAN]) == status
    assert "*** pip-audit was SKIPPED" in capsys.readouterr().err
    assert audit.judged([UNKNOWN, WEAK]) == 1


def test_no_answer_is_a_loud_skip(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AUDIT", raising=False)
    silent = SimpleNamespace(stdout="", stderr="requests.exceptions.ConnectionError: no route", returncode=1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: silent)
    assert audit.pip_audit() == 0
    assert "no route" in capsys.readouterr().err
