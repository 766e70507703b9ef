"""Pictures of walls without a server, and a page that draws a screen's panels from them."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page, Route

from i18n import Translator
from tests.support.project import ROOT

HOST = "http://wall.test"
FOLDER = ROOT / "assets" / "lazy" / "wall"
SIZES = {"wide": (1888, 812), "ultra": (3808, 812), "tall": (1048, 1520)}
STATUS = 55  # px: what can be read from 6 m on a screen 0.68 m high
NOW = "2026-11-24T14:32:07"
HARD = "超期未办结溯源任务数"
LONG = "鄂尔多斯市康巴什区哈巴格希街道派出所"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@cache
def screens() -> dict[str, dict[str, Any]]:
    """The catalogue's screens by code."""
    table = tomllib.loads((ROOT / "catalogue" / "wall.toml").read_text(encoding="utf-8"))
    return {screen["code"]: screen for screen in table["screen"]}


def words(lang: str) -> dict[str, str]:
    """What the panels say."""
    code = "zh_CN" if lang == "zh" else "en"
    table = tomllib.loads((ROOT / "i18n" / f"{code}_wall.toml").read_text(encoding="utf-8"))
    return dict(table["wall"]["say"])


def _letters(at: int, n: int, pattern: str) -> str:
    return "".join(pattern[(at * 7 + k * 3) % len(pattern)] for k in range(n))


def _panel(data: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Panel", "at": NOW, "state": "ok", "why": "", "data": data}


def picture(
    lang: str = "zh",
    *,
    stations: int = 23,
    name: str = "",
    state: str = "",
    rows: int = 30,
    held: tuple[int, ...] = (),
) -> dict[str, Any]:
    """A whole picture.

    Args:
        name: every station's name; short ones by default.
        state: one letter for every station; mixed by default.
        rows: lines of the lists of red and overdue tasks.
        held: numbers of the stations that a hard task holds at yellow, and one of their themes.
    """
    t = Translator("zh_CN" if lang == "zh" else "en")
    names = [name or f"{'鹤汀' if lang == 'zh' else 'Heting'}{at + 1}" for at in range(stations)]
    board, places = _board(t, names, state, held), _map(names, state)
    panels = {"counters": _counters(lang), "board": board, "map": places, "curve": _curve(), **_lists(t, names, rows)}
    made = {code: _panel(data) for code, data in panels.items()}
    return {
        "now": NOW,
        "lang": lang,
        "rules": {"list_seconds": 60},
        "words": words(lang),
        "colours": {letter: t(f"colour.{known}") for letter, known in zip("byrg", COLOURS, strict=True)},
        "panels": made,
    }


COLOURS = ("blue", "yellow", "red", "grey")
MODES = ("basic", "deep", "full")


def _state(at: int, state: str) -> str:
    return state or "bbybbrbbb4bybbbbbbbbrbb"[at % 23]


def _board(t: Translator, names: list[str], state: str, held: tuple[int, ...] = ()) -> dict[str, Any]:
    themes = [{"c": f"T{n}", "s": t(f"theme.T{n}")} for n in range(1, 9)]
    third = max(1, len(names) // 3)
    rows: list[dict[str, Any]] = [
        {
            "c": f"s{at}", "name": name, "mode": MODES[min(2, at // third)], "o": _state(at, state), "held": at in held,
            "lids": "--h-----" if at in held else "-" * 8, "by": HARD if at in held else "",
            "cells": state * 8 or _letters(at, 8, "bbbybbbrbb4bb"), "score": None if at % 9 == 8 else 91.37 - at,
            "reds": at % 4, "days": _letters(at, 30, "bbbbybbbrbgb-"),
        }
        for at, name in enumerate(names)
    ]  # fmt: skip
    for row in rows:
        if row["held"]:
            row["o"] = "y"
            row["cells"] = row["cells"][:2] + "y" + row["cells"][3:]
    letters = [row["o"] if row["o"] in "byr" else "g" for row in rows]
    counts = {letter: letters.count(letter) for letter in "byrg"}
    modes = {mode: t(f"mode.{mode}") for mode in MODES}
    return {
        "themes": themes,
        "rows": rows,
        "counts": counts,
        "modes": modes,
        "reason": {"4": t("reason.no_data.short")},
    }


def _map(names: list[str], state: str) -> dict[str, Any]:
    places: list[dict[str, Any]] = [
        {"c": f"s{at}", "name": name, "lng": 124 + at % 6 * 0.05, "lat": 29 + at // 6 * 0.04, "o": _state(at, state)}
        for at, name in enumerate(names)
    ]
    tiles = [[p["lng"], p["lat"], at % 7 + 1, *_ring(p["lng"], p["lat"], 0.02, 6)] for at, p in enumerate(places)]
    spots = [{"lng": 124.03 + at * 0.03, "lat": 29.02, "rank": at + 1, "name": f"路口{at}"} for at in range(9)]
    heat = {"tiles": tiles, "title": "Heat", "labels": ["1–9", "10–28", "29–52", "53–86", "87–146", "147–258", "≥259"]}
    return {"ground": "d", "stations": places, "heat": heat, "spots": spots, "period": "2026-10-26 — 11-24"}


def _ring(lng: float, lat: float, size: float, corners: int) -> list[float]:
    turns = [(1, 0), (0.5, 0.87), (-0.5, 0.87), (-1, 0), (-0.5, -0.87), (0.5, -0.87)][:corners]
    return [value for x, y in turns for value in (lng + x * size, lat + y * size)]


def ground(stations: int = 23) -> dict[str, Any]:
    """Polygons around the stations of `picture`."""
    shapes = [
        {"k": "station", "c": f"s{at}", "sketch": 1, "closed": 1,
         "paths": [_ring(124 + at % 6 * 0.05, 29 + at // 6 * 0.04, 0.024, 6)]}
        for at in range(stations)
    ]  # fmt: skip
    return {"digest": "d", "box": [123.95, 28.95, 124.3, 29.2], "shapes": shapes}


def _counters(lang: str) -> dict[str, Any]:
    named = ("有效交通警情", "事故警情", "秩序警情", "死亡人数", "受伤人数", "重复率")
    if lang == "en":
        named = ("Valid traffic incidents", "Accidents", "Order incidents", "Deaths", "Injuries", "Repeat share")
    said = "↓ 下降 13.97 %" if lang == "zh" else "↓ down 13.97 %"
    change = {"text": said, "title": "", "verdict": "good"}
    unit = "起" if lang == "zh" else "cases"
    items = [{"code": f"n{at}", "name": n, "value": "1,366", "unit": unit} for at, n in enumerate(named)]
    return {
        "items": [{**item, "yoy": change, "mom": {**change, "verdict": "bad"}} for item in items],
        "period": "today",
    }


def _curve() -> dict[str, Any]:
    usual = [3 + 20 * (hour % 12) / 12 for hour in range(24)]
    hours = [None if hour > 13 or hour == 4 else round(usual[hour] * (1.8 if hour == 9 else 1)) for hour in range(24)]
    low, high = [value * 0.7 for value in usual], [value * 1.3 for value in usual]
    return {
        "now": 14,
        "begun": 3,
        "hours": hours,
        "usual": usual,
        "low": low,
        "high": high,
        "total": 212,
        "usual_total": 198.4,
    }


def _lists(t: Translator, names: list[str], rows: int) -> dict[str, Any]:
    def of(at: int) -> str:
        return names[at % len(names)] if names else "?"

    ack = {"by": "王值班", "note": "已电话督办，正在核实", "at": NOW}
    red = [
        {"c": f"s{at}", "station": of(at), "task": "超期未办结溯源任务数", "value": "78.6 %", "target": "≥95 %",
         "hard": at % 3 == 0, "since": NOW if at % 2 else None, "ack": ack if at % 5 == 0 else None}
        for at in range(rows)
    ]  # fmt: skip
    late = [
        {"c": f"s{at}", "station": of(at), "kind": "重点车辆企业整改单", "n": at + 1, "oldest": NOW,
         "late_by": "43 小时", "level": "red" if at % 2 else "yellow"}
        for at in range(rows)
    ]  # fmt: skip
    traced = [
        {"c": f"s{at}", "name": n, "sent": 573, "signed": 571, "done": 490, "late": at % 4}
        for at, n in enumerate(names)
    ]
    steps = [
        {"code": c, "name": t(f"wall.funnel.{c}"), "n": 7187 - 300 * k}
        for k, c in enumerate(("sent", "signed", "done", "verified"))
    ]
    ranked = [
        {"rank": at + 1, "move": (None, 0, 5, -8)[at % 4], "c": f"s{at}", "name": n, "score": "91.48",
         "colour": "byrg"[at % 4], "outcome": "27.93", "process": "69.06", "band": "1–5"}
        for at, n in enumerate(names)
    ]  # fmt: skip
    modes = [{"mode": mode, "name": t(f"mode.{mode}"), "rows": ranked[k::3]} for k, mode in enumerate(MODES)]
    return {
        "redlist": {"rows": red},
        "overdue": {"total": 3 * rows, "rows": late},
        "tracing": {"funnel": steps, "late": 20, "rows": traced, "period": "30"},
        "ranking": {"month": "2026-11", "running": True, "modes": modes, "note": "note " * 20},
        "station": _station(t, names),
    }


def _station(t: Translator, names: list[str]) -> dict[str, Any]:
    themes = [{"c": f"T{n}", "name": t(f"theme.T{n}"), "o": "bbyr4bbb"[n - 1]} for n in range(1, 9)]
    actions = [{"text": "交通警情90秒签收率：再按时签收 4 件", "until": NOW, "gain": 6.2 - n} for n in range(5)]
    kinds = [{"kind": f"隐患单{n}", "n": 8, "late": n, "oldest": NOW} for n in range(4)]
    return {
        "name": names[0] if names else "?", "o": "r", "word": t("colour.red"), "why": "2 项红色任务，1 项硬任务未达标",
        "rank": 3, "of": 9, "score": 82.4, "themes": themes, "actions": actions,
        "items": {"open": 14, "late": 3, "rows": kinds},
        "counters": _counters(t.lang), "days": "bbybbbbyrbbbbbbyybbb-bbbbbybyb",
    }  # fmt: skip


def blank(browser: Browser) -> Page:
    """A page with the panels' scripts and style sheets, to draw into."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.route("**/*", _serve)
    page.goto(HOST)
    page.add_script_tag(content=(ROOT / "tests" / "support" / "wall_panels.js").read_text(encoding="utf-8"))
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def draw(page: Page, drawn: dict[str, Any], code: str, *, shape: str = "wide", polygons: bool = True) -> Page:
    """One screen's panels, new and drawn twice.

    `window.redraw()` draws again, `window.failed` holds what was thrown.
    """
    ground_of = ground(len(drawn["panels"]["map"]["data"].get("stations", []))) if polygons else None
    given = {"picture": drawn, "ground": ground_of, "shape": shape, "size": SIZES[shape], "status": STATUS}
    page.evaluate("given => setUp(given)", {**given, "grid": screens()[code][shape]})
    page.evaluate("redraw(); redraw()")
    return page


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(HOST).split("?")[0]
    place = ROOT / path[1:]
    if path.startswith("/assets/"):
        route.fulfill(path=place, content_type=TYPES.get(place.suffix, "text/plain"))
    else:
        route.fulfill(body=_document(), content_type="text/html; charset=utf-8")


def _document() -> str:
    sheets = ["10-tokens.css", "lazy/wall/wall.css", "lazy/wall/panels.css"]
    found = [path.name for path in sorted(FOLDER.glob("*.js")) if path.name < "06" or path.name >= "39"]
    heads = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in sheets)
    body = "".join(f'<script src="/assets/lazy/wall/{name}"></script>' for name in found)
    return (
        f'<!doctype html><html lang="zh-CN" data-dcb-palette="wall"><head><meta charset="utf-8">{heads}</head>'
        f'<body><div class="canvas" id="canvas"></div>{body}<script>{json.dumps(HOST)};</script></body></html>'
    )
