"""Sources: freshness, how often they should give a sign of life, and the last imported files."""

from __future__ import annotations

from urllib.parse import quote

from components.admin_parts import deed, field, number, select, sheet, table
from components.hiccup import Node, h
from components.look import Look
from components.marks import mark
from domain.administration import FeedsView, ImportRow
from domain.board import Feed
from domain.colour import Colour, FeedState
from i18n.words import feed_name

COLUMNS = ("name", "state", "last", "expected", "tasks", "do")
FILES = ("file", "profile", "started", "seconds", "read", "loaded", "unchanged", "rejected", "rejects")
UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))
COLOURS = {FeedState.FRESH: Colour.BLUE, FeedState.LATE: Colour.YELLOW, FeedState.ABSENT: Colour.GREY}


def tree(view: FeedsView, look: Look) -> Node:
    """The whole page, troubled sources first."""
    t, order = look.t, list(FeedState)[::-1]
    feeds = sorted(view.board.feeds, key=lambda feed: (order.index(feed.state), feed.code))
    return sheet(
        view.board,
        look,
        "feeds",
        h("p.hint", t("admin.feeds.about")),
        table(look, "feeds", COLUMNS, [_row(feed, look) for feed in feeds], t("feeds.none")),
        h("h2", t("admin.feeds.imports")),
        table(look, "imports", FILES, [_file(one, look) for one in view.imports], t("admin.feeds.no_import")),
    )


def _row(feed: Feed, look: Look) -> Node:
    t, colour = look.t, COLOURS[feed.state]
    state = h(f"span.chip.k-{colour.value}", mark(colour), h("b", t(f"feed.state.{feed.state.value}")))
    return h(
        f"tr.f-{feed.state.value}",
        h("th", feed_name(feed.code, t), h("small", feed.code), scope="row"),
        h("td", state),
        h("td.time", t.moment(feed.last_at) if feed.last_at else t("feed.never")),
        h("td.num", t.duration(feed.expected_seconds) if feed.expected_seconds else "—"),
        h("td.num", str(len(feed.tasks))),
        h("td", _period(feed, look) if feed.expected_seconds else t("feed.never")),
        key=feed.code,
    )


def _period(feed: Feed, look: Look) -> Node:
    t = look.t
    name, seconds = next(
        ((name, size) for name, size in UNITS if feed.expected_seconds % size == 0), ("minutes", 60)
    )  # fmt: skip
    fields = [
        field(look, "every", number("every", feed.expected_seconds / seconds, required=True)),
        field(look, "unit", select("unit", [(one, t(f"admin.unit.{one}")) for one, _ in UNITS], name)),
    ]
    form = deed(look, f"/feeds/{quote(feed.code, safe='')}", fields, "set_period")
    return h("details.deed-box", h("summary", t("admin.do.change")), form, key=f"{feed.code}-{feed.expected_seconds}")


def _file(one: ImportRow, look: Look) -> Node:
    t = look.t
    took = (one.finished_at - one.started_at).total_seconds() if one.finished_at and one.started_at else None
    counts = (one.rows_read, one.rows_loaded, one.rows_unchanged, one.rows_rejected)
    cells = [h("td.num", "—" if count is None else t.number(count)) for count in counts]
    return h(
        "tr" + (".is-rejected" if one.rows_rejected else ""),
        h("th", one.file_name or "—", scope="row"),
        h("td", one.profile or "—"),
        h("td.time", t.moment(one.started_at) if one.started_at else "—"),
        h("td.num", t.duration(took) if took is not None else t("admin.feeds.unfinished")),
        *cells,
        h("td", one.reject_file or "—"),
        key=one.import_id,
    )
