"""Small mechanisms that many use: rules laid over rules, kept tokens, rows as last seen, answers as JSON."""

from __future__ import annotations

import doctest
import json
from collections import namedtuple
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from catalogue import overrides
from domain import tokens
from domain.later import Later
from web.as_json import as_json
from web.held import LOOK_EVERY, LOOK_FOR_UNKNOWN, TRUSTED_FOR, Held


@pytest.mark.parametrize("module", [overrides, tokens])
def test_the_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module) == (0, doctest.testmod(module).attempted)
    assert doctest.testmod(module).attempted > 0


@pytest.mark.parametrize("odd", ["one", 7, ["text"], [{"no": "code"}]])
def test_entries_without_a_code_are_left_to_the_check(odd: object) -> None:
    merged = overrides.by_code("one")({"one": [{"code": "a"}]}, {"one": odd})
    assert merged["one"] == ([{"code": "a"}, *odd] if isinstance(odd, list) else odd)


@dataclass
class Kept:
    token_hash: str


def test_only_the_token_itself_opens() -> None:
    row = Kept(tokens.digest("a.b"))
    assert tokens.is_token_of(row, "a.b")
    assert not tokens.is_token_of(row, "a.c")
    assert not tokens.is_token_of(None, "a.b")
    assert not tokens.is_token_of(None, ""), "no row is no token, not even an empty one"


class Table:
    """What a process looks into, with a clock and a database that may be away."""

    def __init__(self) -> None:
        self.seconds, self.looks, self.rows, self.away = 100.0, 0, {"a": 1}, False
        self.held = Held(create_engine("sqlite://"), self._read, lambda: self.seconds)

    def _read(self, _connection: object) -> dict[str, int]:
        self.looks += 1
        if self.away:
            raise OperationalError("select", {}, Exception("away"))
        return dict(self.rows)

    def find(self, key: str) -> int | None:
        return self.held.find(key, lambda row: row is not None)


def test_a_row_that_is_known_costs_no_query_and_an_unknown_one_few() -> None:
    table = Table()
    assert [table.find("a") for _ in range(50)] == [1] * 50
    assert table.looks == 1
    table.seconds += LOOK_FOR_UNKNOWN
    table.rows["b"] = 2
    assert table.find("b") == 2, "what was added a moment ago is found sooner than the next look"
    assert [table.find("c") for _ in range(50)] == [None] * 50
    assert table.looks == 2


def test_what_was_taken_away_is_gone_after_the_next_look_but_holds_while_nobody_can_say() -> None:
    table = Table()
    table.find("a")
    table.rows.clear()
    table.seconds += LOOK_EVERY
    assert table.find("a") is None
    table.rows["a"] = 1
    table.seconds += LOOK_EVERY
    assert table.find("a") == 1
    table.away = True
    table.rows.clear()
    table.seconds += LOOK_EVERY
    assert table.find("a") == 1
    assert not table.held.healthy()
    table.away = False
    table.seconds += TRUSTED_FOR
    assert table.find("a") is None
    assert table.held.healthy()


def test_json_knows_what_answers_are_made_of() -> None:
    pair = namedtuple("pair", "x y")
    with Flask("x").app_context():
        answer = as_json(
            {"later": Later(lambda: (1, 2)), "pair": pair(1, "a"), "number": np.float64(1.5), 7: None}, 409
        )
        assert json.loads(answer.data) == {"later": [1, 2], "pair": {"x": 1, "y": "a"}, "number": 1.5, "7": None}
        assert (answer.status_code, answer.headers["Cache-Control"]) == (409, "no-store")
        assert as_json(b"{}", headers={"Cache-Control": "no-cache"}).headers["Cache-Control"] == "no-cache"
        with pytest.raises(TypeError):
            as_json(object())
