"""A wall's server that a test holds in its hand: the picture it answers with, and how it answers."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route

PICTURE = "**/api/wall/picture*"
NOW = "2026-11-24T14:32:07"
DRAWING = """
window.wall = { panels: {}, drawn: {} };
["alpha", "beta", "gamma"].forEach(function (code) {
  wall.panels[code] = { draw: function (node, panel) {
    wall.drawn[code] = (wall.drawn[code] || 0) + 1;
    if (panel.data.bad) throw new Error("cannot draw " + code);
    wall.keyed(node, panel.data.rows, "c", function () { return wall.h("p", "row"); }, function (row, item) {
      row.setAttribute("data-station", item.c);
      wall.text(row, item.name + " " + panel.data.n);
    });
  } };
});
"""
"""Panels that tests can read; put in place before the wall's own scripts."""
ROWS = [{"c": "s1", "name": "North"}, {"c": "s2", "name": "South"}]
SCREENS = (("one", "alpha beta"), ("two", "gamma"), ("three", "alpha gamma"))


def panel(data: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """One panel of a picture."""
    return {"title": "Panel", "at": NOW, "state": "ok", "why": "", "data": data, **more}


def red(station: str, name: str, **more: Any) -> dict[str, Any]:
    """One line of the red list."""
    row = {"c": station, "station": name, "task": "Signed", "theme": "T1", "value": "78%", "target": "95%"}
    return {**row, "hard": True, "since": NOW, "ack": None, **more}


def alert(key: str, screen: str, **more: Any) -> dict[str, Any]:
    """One open alert."""
    found = {"key": key, "kind": "red", "level": "red", "text": f"alert {key}", "since": NOW, "screen": screen}
    return {**found, "new": True, "ack": None, **more}


def picture(*, screens: int = 1, dwell: float = 600, **more: Any) -> dict[str, Any]:
    """A whole picture: `screens` of the three screens, polled five times a second."""
    shape = {"columns": "1fr 1fr", "rows": "1fr"}
    chosen = [
        {"code": code, "name": code, "dwell": dwell, "shapes": {"wide": {**shape, "areas": [areas]}}}
        for code, areas in SCREENS[:screens]
    ]
    return {
        "build": "", "version": "1", "now": NOW, "poll": 0.2, "lang": "zh", "demo": True,
        "display": {"playlist": "command", "distance": 6, "height": 0.68, "sound": False},
        "screens": chosen,
        "rules": {"alert_dwell": 1, "alert_share": 0.5, "list_seconds": 6, "pause_seconds": 60},
        "title": {"unit": "Unit", "system": "Board", "data_at": NOW, "leader": "W", "note": ""},
        "words": {}, "feeds": [], "alerts": [],
        "panels": {
            **{code: panel({"n": 1, "rows": ROWS}) for code in ("alpha", "beta", "gamma")},
            "redlist": panel({"rows": [red("s1", "North")]}),
            "ticker": panel({"items": [{"level": "red", "text": "news"}]}),
        },
        **more,
    }  # fmt: skip


@dataclass
class FakeWall:
    """What the wall is answered; every attribute may be changed while it runs.

    `status`: 200, 304-able by `etag`; other numbers answer that; 0 drops the connection. `text`: a body in place
    of the picture. `wait_ms`: how long an answer takes.
    """

    picture: dict[str, Any]
    status: int = 200
    text: str | None = None
    etag: str = ""
    wait_ms: int = 0
    asked: int = 0
    tokens: list[str] = field(default_factory=list)
    build: str = ""

    def install(self, page: Page) -> None:
        """Answer the page's questions from now on."""
        page.add_init_script(DRAWING)
        page.route(PICTURE, self._answer)

    def change(self, code: str, **data: Any) -> None:
        """Give a panel other data."""
        self.picture["panels"][code] = panel({"n": 1, "rows": ROWS, **data})

    def _answer(self, route: Route) -> None:
        self.asked += 1
        self.tokens = [*self.tokens[-9:], route.request.headers.get("authorization", "")]
        if self.wait_ms:
            route.request.frame.page.wait_for_timeout(self.wait_ms)
        if not self.status:
            route.abort()
            return
        headers = {"Content-Type": "application/json", "ETag": self.etag, "X-Board-Now": str(self.picture["now"])}
        if self.etag and route.request.headers.get("if-none-match") == self.etag:
            route.fulfill(status=304, headers=headers)
            return
        body = self.text if self.text is not None else json.dumps({**deepcopy(self.picture), "build": self.build})
        route.fulfill(status=self.status, headers=headers, body=body)
