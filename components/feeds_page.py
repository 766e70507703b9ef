"""The sources and how fresh they are."""

from __future__ import annotations

from datetime import timedelta

from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.board import Board, Feed
from domain.colour import FeedState
from i18n.words import feed_name

ORDER = {FeedState.LATE: 0, FeedState.ABSENT: 1, FeedState.FRESH: 2}
CLASS = {FeedState.FRESH: "blue", FeedState.LATE: "yellow", FeedState.ABSENT: "grey"}


def tree(board: Board, look: Look) -> Node:
    """The whole page, troubled sources first."""
    feeds = sorted(board.feeds, key=lambda feed: (ORDER[feed.state], feed.code))
    names = ("name", "state", "last", "age", "expected", "tasks")
    heads = [h(f"th.c-{name}", look.t(f"feeds.{name}"), scope="col") for name in names]
    table = h(
        "table.rows.feeds",
        h("thead", h("tr", many(heads))),
        h("tbody", many([_row(feed, board, look) for feed in feeds])),
    )
    return h(
        "div.sheet",
        head(look, board, [(look.t("feeds.title"), "")], [look.t("feeds.title")], _tally(board, look)),
        h("p.measured", look.t("feeds.note")),
        h("div.scroll", table) if feeds else empty(look.t("feeds.none")),
    )


def _tally(board: Board, look: Look) -> Node:
    words = []
    for state in ORDER:
        n = sum(feed.state is state for feed in board.feeds)
        if n:
            words.append(_state(state, look, str(n)))
    return h("p.tally", many(words))


def _state(state: FeedState, look: Look, extra: str = "") -> Node:
    name = CLASS[state]
    number = h("span.n", extra) if extra else None
    return h(
        f"span.chip.k-{name}",
        h(f"i.mk.{name}", aria_hidden="true"),
        h("b", look.t(f"feed.state.{state.value}")),
        number,
    )


def _row(feed: Feed, board: Board, look: Look) -> Node:
    age = board.as_of - feed.last_at if feed.last_at else None
    return h(
        f"tr.f-{feed.state.value}",
        h("th", feed_name(feed.code, look.t), h("small", feed.code), scope="row"),
        h("td", _state(feed.state, look)),
        h("td.time", feed.last_at.strftime("%Y-%m-%d %H:%M:%S") if feed.last_at else look.t("feed.never")),
        h("td.num", _age(age, look)),
        h("td.num", look.t.duration(feed.expected_seconds) if feed.expected_seconds else "—"),
        h("td.links", many(_tasks(feed, look))),
    )


def _age(age: timedelta | None, look: Look) -> str:
    return "—" if age is None else look.t.duration(max(age, timedelta()))


def _tasks(feed: Feed, look: Look) -> list[Node]:
    return [h("a", look.named(code), href=look.task(code)) for code in feed.tasks]
