"""One real wall through many refreshes: what it held, asked, drew and said."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, Response

from data_access.displays import add_display
from data_access.engine import open_engine
from domain.display import Display
from tests.bench import data
from tests.soak.city import CYCLE, City
from tests.support.project import ROOT
from tests.support.server import manage
from tests.support.wall_served import Running, walled

SIZE = {"width": 1920, "height": 1080}
SETTLED = 1000
"""Growth is counted after so many refreshes: in the first ones the browser compiles the page's functions."""
GROWTH = {"heap": 0.10, "nodes": 0.25, "listeners": 0.10}
"""How much more a page may hold at the end, as a share; nodes come and go with the rows of lists.

A run too short to settle is judged by the heap without compiled code.
"""
SCREENS = 5
MIB = 1024 * 1024
Say = Callable[[str], None]


@dataclass(frozen=True)
class Held:
    """What a page holds after its garbage was collected.

    `heap`: the whole JS heap. `code`: what of it the browser compiled from the page's functions. It does so little by
    little, most of it in the first thousand refreshes, up to an amount that depends on the scripts' length alone.
    """

    refresh: int
    heap: int
    code: int
    nodes: int
    listeners: int
    documents: int

    @property
    def data(self) -> int:
        """What a page that never lets go would pile up."""
        return self.heap - self.code


@dataclass
class Report:
    """What was measured."""

    refreshes: int
    database: str
    seconds: float = 0.0
    held: list[Held] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    acknowledged: int = 0
    loads: int = 0
    troubles: list[str] = field(default_factory=list)

    def growth(self, name: str, first: int) -> float:
        """How much more the page holds at the end than at refresh `first`, as a share of it."""
        begin = next(one for one in self.held if one.refresh >= first)
        return float(getattr(self.held[-1], name)) / float(getattr(begin, name)) - 1

    def problems(self, first: int) -> list[str]:
        """What must not be, in words; empty when the wall did well. Growth is counted since refresh `first`."""
        found = list(self.troubles)
        for name, most in GROWTH.items():
            name = "data" if name == "heap" and first < SETTLED else name
            if self.growth(name, first) > most:
                found.append(f"{name} grew by {self.growth(name, first):.1%} since refresh {first}")
        taken, whole = self.page["taken"], self.answers.get(200, 0)
        if taken != whole:
            found.append(f"{whole} pictures were sent, {taken} taken over")
        if taken < self.refreshes:
            found.append(f"{taken} pictures for {self.refreshes} refreshes")
        found += [f"not drawn: {one}" for one in self.page["missed"]]
        if self.loads:
            found.append(f"the page loaded itself again {self.loads} times")
        if self.state["mostInFlight"] != 1:
            found.append(f"{self.state['mostInFlight']} requests at a time")
        if self.state["problems"]:
            found.append(f"the wall told of {self.state['problems']} problems")
        return found


def quick_catalogue(folder: Path) -> Path:
    """The catalogue's screens, each in view for five seconds."""
    text = (ROOT / "catalogue" / "wall.toml").read_text(encoding="utf-8")
    quick = re.sub(r"(?m)^((?:alert_)?dwell|pause_seconds) = \d+", r"\1 = 5", text)
    (folder / "wall.toml").write_text(quick, encoding="utf-8")
    return folder


@contextlib.contextmanager
def wall_server(url: str, stations: int, folder: Path) -> Iterator[tuple[Running, City, str]]:
    """A filled database at `url`, a server with a worker on it, and a display's token."""
    manage(url, "db", "upgrade")
    engine, now = open_engine(url), datetime.now().replace(microsecond=0)
    data.fill(engine, stations, now)
    city = City(engine)
    city.prepare(now)
    token = add_display(engine, Display("soak"), actor="soak", at=now)
    settings = {"TEST_WORKER": "1", "TEST_LOOK": "0", "BOARD_REFRESH_SECONDS": "3", "TIMEZONE": _zone()}
    with walled(url, BOARD_CATALOGUE_DIR=str(quick_catalogue(folder)), **settings) as running:
        yield running, city, token
    engine.dispose()


def _zone() -> str:
    return "UTC" if time.timezone == 0 else "Asia/Shanghai"


def compiled(cdp: CDPSession) -> int:
    """Bytes of compiled code in the heap, by a snapshot of it."""
    parts: list[str] = []

    def take(event: dict[str, str]) -> None:
        parts.append(event["chunk"])

    cdp.on("HeapProfiler.addHeapSnapshotChunk", take)
    cdp.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    cdp.remove_listener("HeapProfiler.addHeapSnapshotChunk", take)
    found = json.loads("".join(parts))
    fields, nodes = found["snapshot"]["meta"]["node_fields"], found["nodes"]
    kinds = found["snapshot"]["meta"]["node_types"][0]
    kind, size, code = fields.index("type"), fields.index("self_size"), kinds.index("code")
    every = range(0, len(nodes), len(fields))
    return int(sum(nodes[at + size] for at in every if nodes[at + kind] == code))


class Soak:
    """A browser's page on a wall, and what it does there."""

    def __init__(self, browser: Browser, running: Running, token: str, report: Report) -> None:
        self.report, self.host = report, urlsplit(running.url).netloc
        self.answers: Counter[int] = Counter()
        self.page = browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self._watch(self.page)
        self.page.goto(f"{running.url}/wall#{token}", wait_until="load")
        self._until("wall.picture !== null && wall.state.panels.board && wall.state.panels.board.drawn > 0")
        self.cdp: CDPSession = self.page.context.new_cdp_session(self.page)
        self.cdp.send("Performance.enable")
        for number in range(1, SCREENS + 1):
            self.page.keyboard.press(str(number))  # every screen has its nodes before anything is counted
            self.page.wait_for_timeout(300)
        self.page.keyboard.press("Escape")
        self._quiet()
        self.page.evaluate((Path(__file__).parent / "page.js").read_text(encoding="utf-8"))
        self.answers.clear()
        self.page.on("load", lambda _: self._loaded())

    def _watch(self, page: Page) -> None:
        told = self.report.troubles

        def asked(address: str) -> None:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
                told.append(f"asked another host: {address}")

        def answered(response: Response) -> None:
            if urlsplit(response.url).path == "/api/wall/picture":
                self.answers[response.status] += 1

        page.on("console", lambda m: told.append(f"console: {m.type}: {m.text}") if m.type != "log" else None)
        page.on("pageerror", lambda error: told.append(f"script: {error}"))
        page.on("request", lambda request: asked(request.url))
        page.on("response", answered)

    def _loaded(self) -> None:
        self.report.loads += 1

    def _until(self, condition: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s: {condition}")
            self.page.wait_for_timeout(50)

    def _quiet(self) -> None:
        self._until("!wall.state.inFlight")

    def held(self, refresh: int) -> Held:
        """What the page holds on its first screen, after collecting garbage."""
        self.page.keyboard.press("Home")
        self.page.wait_for_timeout(300)
        for _ in range(3):
            self.cdp.send("HeapProfiler.collectGarbage")
        heap = int(self.cdp.send("Runtime.getHeapUsage")["usedSize"])
        told = {one["name"]: int(one["value"]) for one in self.cdp.send("Performance.getMetrics")["metrics"]}
        code = compiled(self.cdp)
        self.page.keyboard.press("Escape")
        return Held(refresh, heap, code, told["Nodes"], told["JSEventListeners"], told["Documents"])

    def run(self, city: City, every: int, say: Say, most_seconds: float) -> None:
        """As many changes as the report says, each drawn before the next is made; fewer when the time is over."""
        report, begin, refreshes = self.report, time.monotonic(), self.report.refreshes
        for number in range(1, refreshes + 1):
            version = city.change(number, datetime.now().replace(microsecond=0))
            self.page.evaluate("([version, told]) => soak.next(version, told)", [version, str(number)])
            over = time.monotonic() - begin > most_seconds and number % CYCLE == 0
            if number % every == 0 or number == refreshes or over:
                report.held.append(self.held(number))
                report.seconds = time.monotonic() - begin
                say(_line(report, self.page))
            if over:
                report.refreshes = number
                break
        self._end(city)

    def _end(self, city: City) -> None:
        self._quiet()
        self.report.answers = dict(self.answers)
        self.report.page = self.page.evaluate("soak")
        self.report.state = self.page.evaluate("JSON.parse(JSON.stringify(wall.state))")
        self.report.acknowledged = city.acknowledged
        self.page.context.close()


def _line(report: Report, page: Page) -> str:
    held, taken = report.held[-1], page.evaluate("soak.taken")
    rate = held.refresh / report.seconds
    heap = f"heap {held.heap / MIB:6.2f} MiB, without code {held.data / MIB:6.2f}"
    rest = f"nodes {held.nodes:6d}  listeners {held.listeners:4d}  pictures {taken:6d}  troubles {len(report.troubles)}"
    return f"{held.refresh:6d} refreshes  {rate:5.2f}/s  {heap}  {rest}"


def saved(report: Report) -> Path:
    """Write the numbers as JSON; the file."""
    folder = ROOT / "var" / "soak"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(asdict(report), indent=1), encoding="utf-8")
    return path
