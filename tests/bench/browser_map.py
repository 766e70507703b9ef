"""What the map costs in a real browser: from the answer to the drawn picture, and while it moves.

python -m tests.bench.browser_map
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.support import map_city
from tests.support.browser import FLAGS, INSTALL, find_chromium

HEXAGONS, POINTS = 20_000, 100_000
SIZE = {"width": 1920, "height": 1080}
ROUNDS = 5
SCREEN = "document.getElementById('map').dcbMap"

# From giving the payload to the frame after the one that painted it.
DRAWN = f"""given => new Promise(done => {{
  const screen = {SCREEN}, pane = screen.panes[0], count = pane ? pane.times.count || 0 : 0, from = performance.now();
  show(given);
  (function look() {{
    const at = screen.panes[0];
    if (!at || (at.times.count || 0) === count) requestAnimationFrame(look);
    else requestAnimationFrame(() => done([performance.now() - from, at.times.paint]));
  }})();
}})"""
# The time between frames while a mouse drags the map, and the picture drawn at the end.
PAN = f"""() => new Promise(done => {{
  const map = {SCREEN}.panes[0].map, frames = []; let last = performance.now(), n = 0;
  (function step(now) {{
    frames.push(performance.now() - last); last = performance.now();
    if (n++ >= 40) return done(frames.slice(1));
    map._rawPanBy(L.point(n % 2 ? 9 : 7, 3));
    map.fire("move");
    requestAnimationFrame(step);
  }})();
}})"""
ZOOM = f"""by => new Promise(done => {{
  const map = {SCREEN}.panes[0].map, frames = []; let last = performance.now(), going = true;
  map.once("zoomend", () => requestAnimationFrame(() => requestAnimationFrame(() => {{ going = false; }})));
  map.setZoom(map.getZoom() + by, {{animate: true}});
  (function step() {{
    frames.push(performance.now() - last); last = performance.now();
    if (going) requestAnimationFrame(step); else done(frames);
  }})();
}})"""
REDRAW = f"() => {{ const p = {SCREEN}.panes[0]; p.canvas.draw(); return p.times.paint; }}"


def measure(chromium: Path) -> dict[str, float]:
    """Milliseconds by name, the median of a few rounds; software drawing, 1920 x 1080.

    `..._drawn`: from the answer to the frame after the painting. `..._paint`: the painting alone.
    `pan_frame`, `zoom_frame`: the middle and `..._worst` the longest time between two frames.
    """
    with map_city.serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        page = browser.new_page(viewport=SIZE)
        page.goto(server.url)
        page.wait_for_selector("#map .imap-panes")
        found = _hexagons(page) | _points(page, server)
        browser.close()
    return found


def _hexagons(page: Page) -> dict[str, float]:
    given = map_city.many_hexagons(HEXAGONS)
    page.evaluate(DRAWN, given)
    page.wait_for_timeout(300)
    rounds = [page.evaluate(DRAWN, given) for _ in range(ROUNDS)]
    pan, zoom = page.evaluate(PAN), page.evaluate(ZOOM, 1) + page.evaluate(ZOOM, -1)
    return {
        "hexagons_drawn": _middle([one[0] for one in rounds]),
        "hexagons_paint": _middle([one[1] for one in rounds]),
        "pan_frame": _middle(pan),
        "pan_frame_worst": max(pan),
        "zoom_frame": _middle(zoom),
        "zoom_frame_worst": max(zoom),
    }


def _points(page: Page, server: map_city.Serving) -> dict[str, float]:
    answer = map_city.points(POINTS)
    server.points = lambda _query: answer
    given = map_city.many_hexagons(100)
    given["points"] = {"url": "/api/v1/map/points?x=1", "zoom": 6}
    page.evaluate("given => show(given)", given)
    page.evaluate(f"() => {SCREEN}.panes[0].map.setZoom(11, {{animate: false}})")
    page.wait_for_timeout(1500)
    page.evaluate("async () => { window.held = await (await fetch('/api/v1/map/points')).json(); }")
    take = f"() => {{ const p = {SCREEN}.panes[0], from = performance.now(); p.take(held, p.map.getBounds());"
    taken = [page.evaluate(f"{take} p.canvas.draw(); return performance.now() - from; }}") for _ in range(ROUNDS)]
    return {"points_drawn": _middle(taken), "points_paint": _middle([page.evaluate(REDRAW) for _ in range(ROUNDS)])}


def _middle(values: list[Any]) -> float:
    return round(float(sorted(values)[len(values) // 2]), 1)


def main() -> int:
    """Measure and print."""
    chromium = find_chromium()
    if chromium is None:
        print(INSTALL, file=sys.stderr)
        return 1
    for name, value in measure(chromium).items():
        print(f"{name:18}{value:8.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
