"""`make shots`: pictures of every page, three sizes, two languages, two themes, into ./shots.

python -m tests.e2e.shots                 the demo district in a database of its own
python -m tests.e2e.shots --url http://…  a board that is running
python -m tests.e2e.shots --readme        the README's one picture, docs/img/board.png
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from itertools import product

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import FLAGS, INSTALL, find_chromium
from tests.support.project import ROOT
from tests.support.server import manage, serving

FOLDER = ROOT / "shots"
PICTURE = ROOT / "docs" / "img" / "board.png"
SIZES = {"desk": (1920, 1080), "wall": (3840, 2160), "phone": (390, 844)}
LANGS = ("zh", "en")
THEMES = ("light", "dark")
SETTLE_MS = 700


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """The address of a server with the demo district."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.db"
        manage(url, "db", "upgrade")
        manage(url, "demo")
        with serving(url) as server:
            yield server.url


def addresses(server: str) -> dict[str, str]:
    """Name -> path of every registered page, with a real station, task and theme where it needs one."""
    import dash

    from app import create_app
    from settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        create_app(load_settings(DATABASE_URL=f"sqlite:///{folder}/none.db"))
        pages = [dict(page) for page in dash.page_registry.values()]
    if not pages:
        sys.exit("no page is registered: Dash runs only files in pages/ that contain the word register_page")
    values = examples(server)
    return {page["module"].rsplit(".", 1)[-1]: _path(page, values) for page in pages}


def _path(page: dict, values: dict[str, str]) -> str:
    template = page.get("path_template")
    if not template:
        return str(page["path"])
    for name, value in values.items():
        template = template.replace(name, value)
    if "<" in template:
        sys.exit(f"{page['module']}: no example for {template}; add one to examples() in tests/e2e/shots.py")
    return str(template)


def examples(server: str) -> dict[str, str]:
    """Parts of addresses with real codes: the most troubled station of the board, its first red task."""
    with urllib.request.urlopen(f"{server}/api/v1/board") as answer:
        lines = json.load(answer)["board"]["lines"]
    worst = min(lines, key=lambda line: (line["overall"]["score"] is None, line["overall"]["score"] or 0.0))
    cell = next((cell for cell in worst["cells"] if cell["colour"] == "red"), worst["cells"][0])
    station, task = worst["unit"]["code"], cell["task"]
    with urllib.request.urlopen(f"{server}/api/v1/hotspots?status=treated") as answer:
        record = json.load(answer)["lines"][-1]["record"]["hotspot_id"]
    return {
        "/station/<code>": f"/station/{station}",
        "/task/<code>": f"/task/{task}",
        "/theme/<code>": f"/theme/{task.split('-')[0]}",
        "/duty/<code>": f"/duty/{station}",
        "/hotspot/<hotspot_id>": f"/hotspot/{record}",
        "/assessment/<code>": f"/assessment/{station}",
        "/<source>": "/helmets",
        "/<task>": f"/{task}",
    }


def opened(browser: Browser, address: str, size: tuple[int, int], lang: str, theme: str) -> Page:
    """A page that has drawn itself."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    origin = "/".join(address.split("/")[:3])
    context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in (("lang", lang), ("theme", theme))])
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(SETTLE_MS)
    return page


def take_all(browser: Browser, server: str) -> int:
    """All pictures; how many there are."""
    FOLDER.mkdir(exist_ok=True)
    taken = 0
    for (name, path), (size, pixels), lang, theme in product(addresses(server).items(), SIZES.items(), LANGS, THEMES):
        page = opened(browser, server + path, pixels, lang, theme)
        page.screenshot(path=FOLDER / f"{name}-{size}-{lang}-{theme}.png", full_page=size == "phone")
        page.context.close()
        taken += 1
    return taken


def take_readme(browser: Browser, server: str) -> int:
    """The board at 1440 × 900, in Chinese and light."""
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page = opened(browser, f"{server}/", (1440, 900), "zh", "light")
    page.screenshot(path=PICTURE)
    page.context.close()
    return 1


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a board that is running")
    parser.add_argument("--readme", action="store_true", help="only the picture of the README")
    given = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print(INSTALL, file=sys.stderr)
        return 1
    with contextlib.ExitStack() as stack:
        server = (given.url or stack.enter_context(demo())).rstrip("/")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        taken = (take_readme if given.readme else take_all)(browser, server)
        browser.close()
    print(f"{taken} pictures in {(PICTURE.parent if given.readme else FOLDER).relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
