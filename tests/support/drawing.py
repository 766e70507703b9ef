"""Trees drawn by the real scripts in a real browser, without a server: for tests of what the scripts do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dash
from playwright.sync_api import Browser, Page, Route

from tests.support.project import ROOT

HOST = "http://drawing.test"
DEPS = Path(dash.__file__).parent / "deps"
SCRIPTS = ("10-tree.js", "45-form.js")
STYLES = ("10-tokens.css", "20-base.css", "40-pages.css", "45-map-page.css")
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


def drawn(browser: Browser, tree: Any, path: str = "/map", **context: Any) -> Page:
    """A page with one tree; `window.went` collects the addresses it would have gone to.

    `page.evaluate("draw(tree)")` draws another answer in the same place, as a callback does.
    """
    page = browser.new_context(**context).new_page()
    page.route("**/*", lambda route: _serve(route, tree))
    page.goto(HOST + path)
    page.wait_for_function("window.ready === true")
    return page


def _serve(route: Route, tree: Any) -> None:
    path = route.request.url.removeprefix(HOST).split("?")[0]
    place = DEPS / path[6:] if path.startswith("/deps/") else ROOT / path[1:]
    if path.startswith(("/deps/", "/assets/")):
        route.fulfill(path=place, content_type=TYPES.get(place.suffix, "text/plain"))
    else:
        route.fulfill(body=_page(tree), content_type="text/html; charset=utf-8")


def _page(tree: Any) -> str:
    react = [sorted(DEPS.glob(f"{name}@18*.min.js"))[-1].name for name in ("react", "react-dom")]
    scripts = [*(f"/deps/{name}" for name in react), *(f"/assets/js/{name}" for name in SCRIPTS)]
    heads = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in STYLES)
    body = "".join(f'<script src="{name}"></script>' for name in scripts)
    return (
        f'<!doctype html><html lang="zh-CN" data-bs-theme="light"><head><meta charset="utf-8">{heads}</head>'
        f'<body><main id="here"></main>{body}<script>window.went = []; dcb.go = function (to) {{ went.push(to); }};'
        "var root = ReactDOM.createRoot(document.getElementById('here'));"
        "function draw(tree) { ReactDOM.flushSync(function () {"
        " root.render(React.createElement(dcb.Tree, { id: 'tree', tree: tree })); }); }"
        f"draw({json.dumps(tree)}); window.ready = true;</script></body></html>"
    )
