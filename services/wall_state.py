"""Whether a panel's sources are alive: a panel of late data says so, and keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.board import Feed
from domain.colour import FeedState
from domain.wall import ABSENT, LATE, OK, SILENT, Panel
from domain.wall_rules import BOARD, REDLIST, PanelRules


def judged(code: str, panel: Panel, rules: PanelRules, feeds: Sequence[Feed]) -> Panel:
    """The panel, late when one of its sources is, or when none of them ever gave anything.

    The board shows in itself which of its sources are late; it and the red list are late when no source is alive.
    """
    if panel.data is None or panel.state != OK:
        return panel
    named = rules.feeds.get(code)
    if named is None:
        return _of_all(panel, feeds) if code in (BOARD, REDLIST) else panel
    mine = tuple(feed for feed in feeds if feed.code in named)
    late = tuple(feed for feed in mine if feed.state is FeedState.LATE)
    if late:
        return replace(panel, state=LATE, why=SILENT, feeds=late)
    gone = bool(mine) and all(feed.state is FeedState.ABSENT for feed in mine)
    return replace(panel, state=LATE, why=ABSENT, feeds=mine) if gone else panel


def _of_all(panel: Panel, feeds: Sequence[Feed]) -> Panel:
    states = {feed.state for feed in feeds}
    if not states or FeedState.FRESH in states:
        return panel
    return replace(panel, state=LATE, why=SILENT if FeedState.LATE in states else ABSENT)
