"""The board's compact answer: small, complete, and the same numbers as the view-model."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest

from components.board_payload import REASON, payload
from components.look import Look
from components.own import BoardMatrix, Tree
from domain.board import Board
from domain.colour import Colour, FeedState
from i18n import translator
from tests.support import views


def look(lang: str = "zh", past: str = "") -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE, past)


def test_a_hundred_stations_fit_into_the_budget():
    raw = json.dumps(payload(views.board_view(100), look()), ensure_ascii=False).encode()
    assert len(brotli.compress(raw, quality=5)) <= 40_000
    assert len(raw) <= 40_000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_letters_are_the_colours_of_the_view_model(lang):
    view = views.board_view()
    made = payload(view, look(lang))
    letters = {"b": Colour.BLUE, "y": Colour.YELLOW, "r": Colour.RED}
    for line, row in zip(view.board.lines, made["rows"], strict=True):
        assert row[0] == line.unit.code
        summaries = [line.overall, *line.themes]
        assert [letters.get(letter, Colour.GREY) for letter in row[5]] == [s.colour for s in summaries]
        for summary, letter in zip(summaries, row[5], strict=True):
            assert summary.colour is not Colour.GREY or letter == REASON[summary.reason]
        assert len(row[7]) == len(made["tasks"]) == len(view.board.lines[0].cells)
        assert row[7].count("b") == line.overall.done
        assert row[7].count("r") == line.overall.red
        assert len(row[8]) == 30


def test_tasks_of_a_theme_stand_together_and_count_as_the_summary_says():
    view = views.board_view()
    made = payload(view, look())
    for line, row in zip(view.board.lines, made["rows"], strict=True):
        start = 0
        for theme, summary in zip(made["themes"], line.themes, strict=True):
            part = row[7][start : start + theme["n"]]
            start += theme["n"]
            assert part.count("b") == summary.done
            assert sum(letter in "byr" for letter in part) == summary.total


def test_late_sources_are_named():
    made = payload(views.board_view(), look())
    assert sorted(made["late"]) == ["post", "terminal"]
    assert "交治站" in made["late_text"]
    assert made["ended"] is None


def test_a_board_whose_sources_all_ended_points_to_its_last_instant():
    view = views.board_view()
    old = view.board.as_of - timedelta(days=400)
    ended = replace(
        view.board,
        data_at=old,
        feeds=tuple(replace(feed, state=FeedState.LATE, last_at=old) for feed in view.board.feeds),
    )
    made = payload(replace(view, board=ended), look())
    assert made["ended"]["as_of"] == old.isoformat()


def test_an_empty_database_has_no_rows_and_points_nowhere():
    view = replace(views.board_view(1), strips=())
    empty = Board(view.board.as_of, None, "1", False, (), ())
    made = payload(replace(view, board=empty), look())
    assert (made["rows"], made["modes"], made["ended"]) == ([], [], None)


def test_the_instant_asked_for_travels_with_the_answer():
    assert payload(views.board_view(2), look(past="2026-11-20T10:00"))["past"] == "2026-11-20T10:00"


def test_own_components_serialise_as_dash_expects():
    assert Tree(id="a", tree=["p", "x"]).to_plotly_json() == {
        "props": {"id": "a", "tree": ["p", "x"]},
        "type": "Tree",
        "namespace": "dcb",
    }
    assert BoardMatrix(id="b").to_plotly_json()["namespace"] == "dcb"
