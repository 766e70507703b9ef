"""Breadcrumb, title and the notes every page below the board carries."""

from __future__ import annotations

from collections.abc import Sequence

from components.hiccup import Node, h, many
from components.look import Look
from domain.board import Board, Feed
from domain.colour import FeedState
from i18n.words import feed_name

Crumb = tuple[str, str]


def head(look: Look, board: Board, crumbs: Sequence[Crumb], title: Sequence[object], side: Node | None = None) -> Node:
    """The top of a page.

    Args:
        crumbs: (text, address) of the levels above, without the board, and (text, "") of this page.
        title: children of the heading.
        side: what stands at the right, such as downloads.
    """
    return h(
        "header.page-head",
        breadcrumb(look, crumbs),
        h("div.title-row", h("h1", many(title)), h("p.at", at_text(look, board)), side),
        past_banner(look, board),
    )


def breadcrumb(look: Look, crumbs: Sequence[Crumb]) -> Node:
    """The way back up to the board."""
    levels = [(look.t("board.title"), look.board()), *crumbs]
    items = [
        h("li", h("a", text, href=address) if address else h("span", text, aria_current="page"))
        for text, address in levels
    ]
    return h("nav.crumbs", h("ol", many(items)), aria_label=look.t("page.crumbs"))


def at_text(look: Look, board: Board) -> str:
    """数据截至 with date and time; for a frozen day also that it is final."""
    shown = look.t("page.data_at", at=look.t.moment(board.data_at or board.as_of))
    if look.past:
        shown = look.t("page.as_of", at=look.t.moment(board.as_of))
    return shown + (look.t("page.frozen") if board.frozen else "")


def past_banner(look: Look, board: Board) -> Node | None:
    """The banner of a board that is not now; the way back drops `as_of`."""
    if not look.past:
        return None
    return h(
        "p.banner.past",
        h("b", look.t("past.on")),
        h("span", look.t.moment(board.as_of)),
        h("a", look.t("past.back"), href="?"),
        role="status",
    )


def late_note(look: Look, board: Board, feed: Feed | None) -> Node | None:
    """A line about a source that is late or absent; None while it is alive."""
    if feed is None or feed.state is FeedState.FRESH:
        return None
    when = look.t.moment(feed.last_at) if feed.last_at else look.t("feed.never")
    text = look.t(f"feed.{feed.state.value}_note", feed=feed_name(feed.code, look.t), when=when)
    return h(
        "p.banner.late",
        h("i.mk.grey", aria_hidden="true"),
        h("span", text),
        h("a", look.t("feed.open"), href=look.url("/feeds")),
    )


def empty(title: str, text: str = "") -> Node:
    """A designed nothing: what is missing and why."""
    return h("div.empty-box", h("p.big", title), h("p", text) if text else None)
