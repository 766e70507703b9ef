"""What the five comparison pages do alike: wait for what is being read, ask, draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components import compare_page, page
from components.hiccup import Node
from components.look import Look
from domain.board import Board
from domain.compare_rules import CompareRules
from web import answers, compare_answers, language
from web.compare_answers import Args

Draw = Callable[[CompareRules, Look], tuple[Node, Board]]


def answer(version: str | None, query: dict[str, str], ready: Callable[[Args], float], draw: Draw) -> Any:
    """What a page's callback returns.

    Args:
        ready: how much of what the page needs is in memory, 0..1. Below 1 the page says so and asks again.
        draw: the page and the board that says as of when it is.
    """
    look = Look(language.translator(), answers.catalogue(), page.past(query))
    waiting = False

    def make() -> tuple[Node, Board]:
        nonlocal waiting
        share = ready(query)
        if share < 1:
            waiting = True
            board = compare_answers.standing(query)
            return compare_page.loading(board, share, look), board
        return draw(compare_answers.rules(), look)

    tree, echo = page.shown(look.t, version, make)
    return tree, {**echo, "again": waiting}


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('compare.title')} · {t('app.title')}"
