"""GET /wall: the same for everybody, without a database, under the program's policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from data_access.engine import open_engine
from tests.integration.conftest import use
from web.context import EXTENSION


@pytest.fixture
def without_database(application: object, tmp_path: Path) -> Iterator[FlaskClient]:
    server = application.server  # type: ignore[attr-defined]
    original = server.extensions[EXTENSION]
    use(server, original, engine=open_engine(f"sqlite:///{tmp_path / 'gone' / 'none.db'}", read_only=True))
    yield server.test_client()
    use(server, original)


def test_the_document_comes_without_a_database(without_database: FlaskClient) -> None:
    assert without_database.get("/readyz").status_code == 503
    answer = without_database.get("/wall")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "Set-Cookie" not in answer.headers


def test_every_file_of_the_document_is_served(without_database: FlaskClient) -> None:
    page = without_database.get("/wall").get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(addresses) > 8
    for address in addresses:
        answer = without_database.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(("query", "lang"), [("", "zh-CN"), ("?lang=en", "en"), ("?lang=xx", "zh-CN")])
def test_the_language_of_the_first_sentences_can_be_chosen(without_database: FlaskClient, query, lang) -> None:
    assert f'<html lang="{lang}"' in without_database.get(f"/wall{query}").get_data(as_text=True)


def test_cookies_do_not_change_the_document(without_database: FlaskClient) -> None:
    plain = without_database.get("/wall").data
    without_database.set_cookie("lang", "en")
    assert without_database.get("/wall").data == plain
