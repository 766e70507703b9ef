"""The picture of a wall display as JSON for `assets/lazy/wall`: letters and ready sentences instead of objects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from components import wall_hall, wall_lists, wall_panels
from components.echo import iso
from components.look import Look
from components.wall_document import frame_words
from domain.alert_views import AlertLine
from domain.alerts import AlertKind
from domain.board import Feed
from domain.compare_rules import CompareRules
from domain.wall import BROKEN, FAILED, SILENT, Panel, Picture
from domain.wall_rules import (
    BOARD,
    COUNTERS,
    CURVE,
    MAP,
    OVERDUE,
    RANKING,
    REDLIST,
    SHAPES,
    STATION,
    TICKER,
    TRACING,
    Layout,
    WallRules,
    WallScreen,
)
from i18n import Translator, catalogue
from i18n.words import feed_name, feed_said

log = logging.getLogger(__name__)
SAY = "wall.say."
PANEL_OF = {AlertKind.RED: REDLIST, AlertKind.MAJOR: MAP}
"""The panel that an alert is about; its screen comes forward."""


@dataclass(frozen=True, slots=True)
class WallLook:
    """What a picture is drawn with.

    Args:
        about: build, version and unit of the program. poll: seconds between two questions.
    """

    look: Look
    rules: WallRules
    compare: CompareRules
    about: Mapping[str, str]
    poll: int


def payload(picture: Picture, with_: WallLook) -> dict[str, Any]:
    """Everything a display draws from, but for `now`, which is the instant it is sent at."""
    look, rules, display = with_.look, with_.rules, picture.display
    return {
        "build": with_.about["build"],
        "version": with_.about["version"],
        "poll": with_.poll,
        "lang": look.t.lang,
        "demo": picture.title.demo,
        "display": {
            "playlist": picture.playlist.code,
            "distance": display.distance,
            "height": display.height,
            "sound": display.sound,
        },
        "screens": [_screen(one, look.t) for one in rules.played(picture.playlist)],
        "rules": {
            "alert_dwell": rules.alert_dwell,
            "alert_share": rules.alert_share,
            "list_seconds": rules.list_seconds,
            "pause_seconds": rules.pause_seconds,
            "version": look.catalogue.version,
        },
        "title": _title(picture, with_),
        "words": words(look.t),
        "feeds": [_feed(feed, look.t) for feed in picture.feeds],
        "panels": {code: _panel(code, panel, picture, with_) for code, panel in picture.panels.items()},
        "alerts": [_alert(line, picture, with_) for line in picture.alerts],
    }


def words(t: Translator) -> dict[str, str]:
    """What the scripts say, by short key."""
    own = {key.removeprefix(SAY): t.raw(key) for key in catalogue(t.lang) if key.startswith(SAY)}
    return {**frame_words(t), **own}


def _screen(screen: WallScreen, t: Translator) -> dict[str, object]:
    shapes = {name: _layout(screen.shapes[name]) for name in SHAPES}
    name = screen.names.get(t.lang, screen.code)
    return {"code": screen.code, "name": name, "dwell": screen.dwell, "shapes": shapes}


def _layout(layout: Layout) -> dict[str, object]:
    return {"columns": layout.columns, "rows": layout.rows, "areas": list(layout.areas)}


def _title(picture: Picture, with_: WallLook) -> dict[str, object]:
    title, t = picture.title, with_.look.t
    return {
        "unit": with_.about["unit"],
        "system": t("app.title"),
        "date": t.date(title.day),
        "weekday": t.weekday(title.day),
        "data_at": iso(title.data_at),
        "leader": title.leader,
        "note": "" if title.calendar_known else t("wall.no_calendar", year=title.day.year),
    }


def _feed(feed: Feed, t: Translator) -> dict[str, object]:
    return {
        "code": feed.code,
        "name": feed_name(feed.code, t),
        "state": feed.state.value,
        "last_at": iso(feed.last_at),
        "said": feed_said(feed, t),
    }


def _alert(line: AlertLine, picture: Picture, with_: WallLook) -> dict[str, object]:
    alert, rules = line.alert, with_.rules
    waits = alert.began_known and not alert.is_acked
    return {
        "key": alert.alert_id,
        "kind": alert.kind.value,
        "level": alert.kind.value,
        "text": wall_lists.alert_said(line, with_.look),
        "since": iso(line.since),
        "found": wall_lists.alert_found(line, with_.look),
        "screen": rules.screen_of(picture.playlist, PANEL_OF[alert.kind]),
        "new": waits and picture.at - line.since < timedelta(minutes=rules.alert_minutes),
        "ack": wall_lists.ack(line),
    }


def _panel(code: str, panel: Panel, picture: Picture, with_: WallLook) -> dict[str, object]:
    """One panel; one that cannot be drawn is broken and leaves the others alone."""
    data = None
    if panel.data is not None and panel.state != BROKEN:
        try:
            data = _DRAWN[code](panel.data, picture, with_)
        except Exception:
            log.exception("the wall's panel %s could not be drawn", code)
            panel = Panel(panel.at, BROKEN, why=FAILED)
    return {
        "title": _named(code, panel, with_.look),
        "at": iso(panel.at),
        "state": panel.state,
        "why": _why(panel, with_.look.t),
        "data": data,
    }


def _named(code: str, panel: Panel, look: Look) -> str:
    if code == STATION and panel.data is not None:
        return look.unit_name(panel.data.line.unit)
    return look.t(f"wall.panel.{code}")


def _why(panel: Panel, t: Translator) -> str:
    """Why a panel is not as it should be, with the absolute time where sources are late."""
    if panel.said is not None:
        return t(panel.said[0], **dict(panel.said[1]))
    if not panel.why or panel.why not in ("silent", "absent"):
        return t(f"wall.why.{panel.why}") if panel.why else ""
    if not panel.feeds:
        return t(f"wall.why.{panel.why}_all")
    names = t("list.comma").join(feed_name(feed.code, t) for feed in panel.feeds)
    since: list[datetime] = [feed.last_at for feed in panel.feeds if feed.last_at]
    at = t.moment(min(since), seconds=True) if since and panel.why == SILENT else ""
    return t(f"wall.why.{panel.why}", names=names, at=at)


Drawn = Callable[[Any, Picture, WallLook], dict[str, object]]
_DRAWN: dict[str, Drawn] = {
    COUNTERS: lambda view, _, with_: wall_panels.counters(view, with_.compare, with_.look.t),
    BOARD: lambda view, _, with_: wall_panels.board(view, with_.look),
    MAP: lambda view, _, with_: wall_panels.map_(view, with_.look),
    CURVE: lambda view, _, with_: wall_panels.curve(view, with_.rules.panels, with_.compare, with_.look.t),
    TRACING: lambda view, picture, with_: wall_lists.tracing(view, picture.at, with_.look),
    OVERDUE: lambda view, picture, with_: wall_lists.overdue(view, picture.at, with_.look),
    RANKING: lambda view, _, with_: wall_panels.ranking(view, with_.look),
    REDLIST: lambda view, _, with_: wall_lists.red_list(view, with_.look),
    TICKER: lambda view, picture, with_: wall_lists.ticker(view, picture.at, with_.look),
    STATION: lambda view, picture, with_: wall_hall.hall(view, picture.at, with_.compare, with_.look),
}
