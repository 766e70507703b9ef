"""An invented city for the map in a browser: boundaries, roads, water, hexagons and single incidents from a seed.

Also a tiny server that gives the component, without the program, under the same content policy.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dash
import h3.api.basic_int as h3
import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point

from components.incident_map import heat_payload, map_words, marks_payload
from components.look import Look
from domain import heat as m
from domain.board import Unit
from domain.hot import Spot, SpotsView
from i18n import translator
from tests.support import map_views, views
from tests.support.project import ROOT
from web.security import _policy

MIDDLE = (120.262, 30.168)
NAMES = (
    "城东", "城西", "城南", "城北", "河口", "桥头", "东塘", "西塘", "南村", "北村", "新街", "老街", "柳林", "石桥",
    "白马", "青山", "绿水", "三里", "五里", "高坡", "长堤", "江边", "田畈",
)  # fmt: skip
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@cache
def stations() -> list[dict[str, Any]]:
    """23 polygons that fill a round city."""
    draw = np.random.default_rng(4)
    outline = Point(*MIDDLE).buffer(0.21)
    outline = shapely.affinity.scale(outline, 1.15, 0.86)
    places = MIDDLE + draw.normal(0, (0.105, 0.075), (23, 2))
    parts = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(places), extend_to=outline.buffer(1)))
    cut = [part.intersection(outline) for part in parts]
    order = sorted(range(len(cut)), key=lambda i: cut[i].centroid.distance(Point(*MIDDLE)))
    return [shape("station", f"S{n}", f"{NAMES[n]}派出所", cut[at]) for n, at in enumerate(order)]


def shape(kind: str, code: str, name: str, drawn: Any, sketch: int = 0) -> dict[str, Any]:
    """One entry of the answer to a question for shapes."""
    return {
        "kind": kind,
        "code": code,
        "name": name,
        "sketch": sketch,
        "geojson": json.loads(shapely.to_geojson(drawn)),
    }


@cache
def background() -> list[dict[str, Any]]:
    """A river, a lake, parks, a net of roads, a railway."""
    draw = np.random.default_rng(6)
    found = []
    t = np.linspace(-0.3, 0.3, 60)
    river = shapely.LineString(np.c_[MIDDLE[0] + t, MIDDLE[1] + 0.1 + 0.03 * np.sin(t * 18)]).buffer(0.008)
    found.append(shape("background", "water", "", river))
    found.append(shape("background", "water", "", Point(MIDDLE[0] - 0.08, MIDDLE[1] - 0.06).buffer(0.016)))
    for x, y in MIDDLE + draw.normal(0, 0.08, (14, 2)):
        found.append(shape("background", "green", "", Point(x, y).buffer(float(draw.uniform(0.003, 0.011)), 3)))
    for n in range(-16, 17):
        bend = 0.008 * np.sin(t * (9 + n % 5) + n)
        found.append(
            shape("background", "road", "", shapely.LineString(np.c_[MIDDLE[0] + t, MIDDLE[1] + n * 0.012 + bend]))
        )
        found.append(
            shape("background", "road", "", shapely.LineString(np.c_[MIDDLE[0] + n * 0.016 + bend, MIDDLE[1] + t]))
        )
    rail = np.c_[MIDDLE[0] + t, MIDDLE[1] - 0.05 + t * 0.4]
    found.append(shape("background", "rail", "", shapely.LineString(rail)))
    return found


@cache
def places(count: int = 40_000, seed: int = 1) -> np.ndarray:
    """Longitude and latitude of incidents: a few dense spots, the rest around the middle; shape (count, 2)."""
    draw = np.random.default_rng(seed)
    hot = MIDDLE + np.random.default_rng(2).normal(0, (0.09, 0.06), (40, 2))
    weight = 1 / np.arange(1, 41) ** 0.9
    at = hot[draw.choice(40, count, p=weight / weight.sum())] + draw.normal(0, 0.006, (count, 2))
    wide = MIDDLE + draw.normal(0, (0.1, 0.07), (count, 2))
    mixed = np.where(draw.random(count)[:, None] < 0.55, at, wide)
    whole = shapely.affinity.scale(Point(*MIDDLE).buffer(0.21), 1.15, 0.86)
    return mixed[shapely.contains_xy(whole, mixed[:, 0], mixed[:, 1])]


def hexes(resolution: int, now: np.ndarray, base: np.ndarray | None) -> m.Hexes:
    """Hexagons of incidents."""
    sides = [side for side in (now, base) if side is not None]
    cells = [np.array([h3.latlng_to_cell(y, x, resolution) for x, y in side], np.uint64) for side in sides]
    ids = np.unique(np.concatenate(cells))
    counts = [np.bincount(np.searchsorted(ids, one), minlength=len(ids)) for one in cells]
    centres = np.array([h3.cell_to_latlng(int(one)) for one in ids])
    gap = counts[0] - counts[1] if base is not None else counts[0]
    clear = np.abs(gap) > 2.2 * np.sqrt(counts[0] + (counts[1] if base is not None else 0) + 1)
    change = np.where(clear, np.sign(gap), 0).astype(np.int8)
    return m.Hexes(
        resolution, ids, centres[:, 1], centres[:, 0], counts[0],
        counts[1] if base is not None else None, change if base is not None else None,
    )  # fmt: skip


@cache
def levels(count: int = 40_000) -> tuple[m.Hexes, ...]:
    """Three resolutions of two periods."""
    base = places(count, 3)
    draw = np.random.default_rng(5)
    keep = draw.random(len(base)) < np.where(base[:, 0] > MIDDLE[0] + 0.02, 0.65, 1.0)
    return tuple(hexes(resolution, places(count, 1), base[keep]) for resolution in (7, 8, 9))


def view(**asked: Any) -> m.HeatView:
    """The invented city as the map page answers it; November of two years."""
    question = map_views.asked("november", "year", **asked)
    made = map_views.heat_view(wanted=question)
    draw = np.random.default_rng(8)
    lines = []
    for number, one in enumerate(stations()):
        code, name, size = one["code"], one["name"], (float(draw.uniform(2, 12)), float(draw.uniform(10, 90)))
        unit = Unit(code, name, NAMES[number], f"Station {number}", "D1", "城区", "City", "basic", "urban", *size)
        now, old = int(draw.uniform(200, 2400)), int(draw.uniform(300, 2600))
        change = 0 if abs(now - old) < 250 else 1 if now > old else -1
        lines.append(m.AreaLine(unit, now, old, change, now / unit.residents_10k, now / unit.area_km2, True))
    options = m.Options((), (), (), (), tuple(line.unit for line in lines))
    fields = {"hexes": levels(), "areas": tuple(lines), "options": options}
    return m.HeatView(**{**{name: getattr(made, name) for name in made.__dataclass_fields__}, **fields})


def spots() -> SpotsView:
    """Hot spots at the densest places."""
    hot = MIDDLE + np.random.default_rng(2).normal(0, (0.09, 0.06), (40, 2))
    finest = levels()[-1]
    top = np.argsort(-finest.now)[:12]
    rule = [_spot(n, "rule", x, y, 100) for n, (x, y) in enumerate(hot[:8])]
    local = [
        _spot(n, "local", finest.lng[i], finest.lat[i], 170, record=None, cells=(f"{int(finest.ids[i]):x}",))
        for n, i in enumerate(top)
    ]
    made = map_views.spots_view()
    changed = {"rule": tuple(rule), "local": tuple(local)}
    return SpotsView(**{**{name: getattr(made, name) for name in made.__dataclass_fields__}, **changed})


def _spot(number: int, origin: str, lng: float, lat: float, metres: float, **more: Any) -> Spot:
    place = {"lng": float(lng), "lat": float(lat), "metres": float(metres), "key": f"{lng:.6f},{lat:.6f},{metres:g}"}
    return map_views.spot(number, origin, **place, **more)


def payload(lang: str = "zh", *, marked: bool = False, **asked: Any) -> dict[str, Any]:
    """The map page's payload of the invented city."""
    look = Look(translator(lang), views.CATALOGUE)
    return heat_payload(view(**asked), look) | (marks_payload(spots(), look) if marked else {})


def many_hexagons(count: int = 20_000) -> dict[str, Any]:
    """A payload with so many hexagons of resolution 9 in one block."""
    middle = h3.latlng_to_cell(MIDDLE[1], MIDDLE[0], 9)
    ids = h3.grid_disk(middle, 82)[:count]
    centres = np.array([h3.cell_to_latlng(one) for one in ids])
    draw = np.random.default_rng(9)
    now = np.minimum(400, draw.pareto(1.1, count) + 1).astype(int)
    level = m.Hexes(9, np.array(ids, np.uint64), centres[:, 1], centres[:, 0], now)
    made = view()
    changed = {"hexes": (level,), "base": None}
    fields = {**{name: getattr(made, name) for name in made.__dataclass_fields__}, **changed}
    return heat_payload(m.HeatView(**fields), Look(translator("zh"), views.CATALOGUE))


def points(count: int) -> dict[str, Any]:
    """The answer to a question for single incidents."""
    at = datetime(2026, 11, 6, 8, 10).strftime("%Y-%m-%d %H:%M")
    found = places(int(count * 1.2), 1)[:count]
    return {"total": count, "points": [[round(float(x), 6), round(float(y), 6), at, "事故", "轻伤"] for x, y in found]}


# the tiny server ---------------------------------------------------------------------------------

PAGE = """<!doctype html><html lang="zh-CN" data-bs-theme="{theme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">{sheets}</head><body><div id="app"></div>{scripts}</body></html>"""
START = """
dcb.went = []; dcb.go = href => dcb.went.push(href);
const words = JSON.parse(document.currentScript.dataset.words);
const root = ReactDOM.createRoot(document.getElementById("app"));
let payload = null, marks = null, shown = true;
window.mark = given => { marks = given; draw(); };
window.show = given => { payload = given; draw(); };
window.hide = () => { shown = false; draw(); };
window.unhide = () => { shown = true; draw(); };
const map = () => React.createElement(dcb.IncidentMap, {id: "map", words, payload, marks});
function draw() { root.render(shown ? map() : null); }
draw();
"""


class Serving:
    """What the tiny server gives; `points` may be exchanged by a test."""

    def __init__(self) -> None:
        self.url = ""
        self.theme = "light"
        self.points: Callable[[str], Any] = lambda _query: points(2000)
        self.shapes: Callable[[str], Any] = lambda kind: background() if kind == "background" else stations()
        self.asked: list[str] = []

    def answer(self, path: str, query: str) -> tuple[str, bytes]:
        """Type and bytes; KeyError when there is no such thing."""
        if path == "/":
            return "text/html", self._page().encode()
        if path == "/start.js":
            return "text/javascript", START.encode()
        if path == "/api/v1/map/points":
            return "application/json", json.dumps(self.points(query)).encode()
        if path == "/api/v1/map/shapes":
            kind = "background" if "background" in query else "station"
            return "application/json", json.dumps({"shapes": self.shapes(kind)}).encode()
        folder = Path(dash.__file__).parent / "deps" if path.startswith("/deps/") else ROOT / "assets"
        file = folder / path.split("/", 2)[2]
        if not file.is_file():
            raise KeyError(path)
        return TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()

    def _page(self) -> str:
        sheets = "".join(
            f'<link rel="stylesheet" href="/assets/{one.name}">' for one in sorted((ROOT / "assets").glob("*.css"))
        )
        words = json.dumps(map_words(translator("zh"))).replace("&", "&amp;").replace('"', "&quot;")
        names = (
            "deps/react@18.3.1.min.js",
            "deps/react-dom@18.3.1.min.js",
            "assets/js/10-tree.js",
            "assets/js/50-map.js",
        )
        scripts = "".join(f'<script src="/{name}"></script>' for name in names)
        start = f'<script src="/start.js" data-words="{words}"></script>'
        return PAGE.format(theme=self.theme, sheets=sheets, scripts=scripts + start)


@contextlib.contextmanager
def serving() -> Iterator[Serving]:
    """The component on a page of its own."""
    given = Serving()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            given.asked.append(self.path)
            try:
                kind, body = given.answer(path, query)
            except KeyError:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", _policy([]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    given.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield given
    finally:
        server.shutdown()
        server.server_close()
