"""The kiosk script with a browser and a server of straw: starts, starts again, backs off, waits, tidies up."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.project import ROOT

KIOSK = ROOT / "tools" / "kiosk"
SCRIPT = KIOSK / "board-wall"
TOKEN = "5c1e09a7b2d4.secret-of-the-wall_0"
NEEDED = (
    "--kiosk",
    "--noerrdialogs",
    "--disable-infobars",
    "--disable-session-crashed-bubble",
    "--autoplay-policy=no-user-gesture-required",
    "--check-for-update-interval=31536000",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--password-store=basic",
)
LIVES, DIES = "exec sleep.real 300", "exit 3"
PATIENCE = 20.0


@dataclass
class Answering:
    """A server of straw. `says`: status and body of `/api/wall/seen`."""

    says: tuple[int, str] = (200, '{"seconds":1,"poll":5}')
    asked: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        me = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                me.asked.append(self.path)
                me.tokens.add(self.headers.get("Authorization"))
                status, body = me.says
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass
class Wall:
    """A machine of straw: a folder with the programs the script finds, and what they noted."""

    home: Path
    process: subprocess.Popen[str] | None = None

    def program(self, name: str, text: str) -> Path:
        path = self.home / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def browser(self, then: str) -> None:
        note = f'{{ for one in "$@"; do echo "$one"; done; echo "--pid $$"; echo; }} >>{self.home}/starts'
        self.program("chromium", f'[ "$1" = --version ] && {{ echo "Chromium 120.0.1"; exit 0; }}\n{note}\n{then}')

    def configure(self, url: str, **settings: object) -> None:
        chosen = {
            "GRAPHICS": "none",
            "STATE_DIR": self.home / "state",
            "BACKOFF_FIRST": 1,
            "BACKOFF_MOST": 8,
            **settings,
        }
        lines = [f"WALL_URL='{url}'", *(f"{name}='{value}'" for name, value in chosen.items())]
        (self.home / "wall.conf").write_text("\n".join(lines), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.home), "BOARD_WALL_CONF": str(self.home / "wall.conf")}

    def start(self) -> None:
        output = (self.home / "said").open("w", encoding="utf-8")
        command = ["sh", str(SCRIPT)]
        self.process = subprocess.Popen(command, env=self.environment(), stdout=output, stderr=output, text=True)

    def run(self) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(SCRIPT)]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=20, check=False)

    @property
    def starts(self) -> list[list[str]]:
        path = self.home / "starts"
        return [part.splitlines() for part in path.read_text().split("\n\n") if part] if path.exists() else []

    @property
    def said(self) -> str:
        return (self.home / "said").read_text(encoding="utf-8")

    @property
    def pauses(self) -> list[int]:
        path = self.home / "sleeps"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for what another process does; fail when it does not."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def pid_of(start: list[str]) -> int:
    return int(start[-1].removeprefix("--pid "))


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    """`sleep` takes a fiftieth of a second and notes what it was asked for, so that nothing is waited for."""
    found = Wall(tmp_path)
    real = shutil.which("sleep")
    found.program("sleep.real", f'exec {real} "$@"')
    found.program("sleep", f'echo "$1" >>{tmp_path}/sleeps; exec {real} 0.02')
    yield found
    if found.process is not None:
        found.stop()


@pytest.fixture
def answering() -> Iterator[Answering]:
    found = Answering()
    yield found
    found.stop()


def test_the_script_is_posix_shell_and_executable() -> None:
    assert subprocess.run(["sh", "-n", str(SCRIPT)], check=False).returncode == 0
    assert SCRIPT.stat().st_mode & stat.S_IXUSR
    if checker := shutil.which("shellcheck"):
        told = subprocess.run([checker, "-s", "sh", str(SCRIPT)], capture_output=True, text=True, check=False)
        assert told.stdout == ""


def test_the_browser_is_started_with_the_flags_and_a_profile_of_its_own(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall?lang=zh#{TOKEN}", OUTPUT="3840x1080+1920+0", GPU="off", EXTRA_FLAGS="--a --b")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    flags = wall.starts[0]
    assert [flag for flag in NEEDED if flag not in flags] == []
    assert f"--user-data-dir={wall.home}/state/profile" in flags
    assert {"--window-size=3840,1080", "--window-position=1920,0", "--disable-gpu", "--a", "--b"} <= set(flags)
    assert flags[-2] == f"file://{wall.home}/state/waiting.html"


def test_the_token_is_in_no_list_of_processes_and_only_the_user_may_read_it(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    assert TOKEN not in "".join(wall.starts[0]) + wall.said
    holders = [p for p in (wall.home / "state").rglob("*") if p.is_file() and TOKEN in p.read_text(errors="replace")]
    assert {path.name for path in holders} == {"target.js", "curlrc", "wgetrc"}
    assert {path.stat().st_mode & 0o077 for path in holders} == {0}
    assert f'wallAddress = "{answering.url}/wall#{TOKEN}"' in (wall.home / "state" / "target.js").read_text()


def test_a_browser_that_dies_is_started_again_with_growing_pauses(wall: Wall, answering: Answering) -> None:
    wall.browser(DIES)
    wall.configure(f"{answering.url}/wall", PROBE_SECONDS=77)
    wall.start()
    until(lambda: len(wall.starts) >= 7, f"the browser was not started again: {wall.said}")
    assert [pause for pause in wall.pauses if pause != 77][:6] == [1, 2, 4, 8, 8, 8]
    assert "status 3" in wall.said


def test_a_browser_that_ran_for_a_while_is_started_again_at_once(wall: Wall, answering: Answering) -> None:
    wall.browser(DIES)
    wall.configure(f"{answering.url}/wall", STEADY_SECONDS=0)
    wall.start()
    until(lambda: len(wall.starts) >= 4, "the browser was not started again")
    assert set(wall.pauses[:3]) == {1}


def test_a_killed_browser_comes_back(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    os.kill(pid_of(wall.starts[0]), signal.SIGKILL)
    until(lambda: len(wall.starts) == 2, "the browser did not come back")


def test_a_page_that_no_longer_asks_is_started_anew(wall: Wall, answering: Answering) -> None:
    answering.says = (200, '{"seconds":900,"poll":5}')
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}", WATCH_SECONDS=1, PROBE_SECONDS=1)
    wall.start()
    until(lambda: len(wall.starts) >= 2, f"the browser was not started anew: {wall.said}")
    assert not alive(pid_of(wall.starts[0]))
    assert "has not asked" in wall.said
    assert answering.tokens == {f"Bearer {TOKEN}"}
    assert set(answering.asked) == {"/api/wall/seen"}


def test_a_page_that_never_asked_is_started_anew_too(wall: Wall, answering: Answering) -> None:
    answering.says = (200, '{"seconds":null,"poll":5}')
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}", WATCH_SECONDS=1, PROBE_SECONDS=1)
    wall.start()
    until(lambda: len(wall.starts) >= 2, f"the browser was not started anew: {wall.said}")


@pytest.mark.parametrize(
    "says",
    [
        (200, '{"seconds":0,"poll":5}'),
        (503, '{"error":{"code":"database","message":"-"}}'),
        (401, '{"error":"revoked","text":"-"}'),
        (502, "<html>"),
        (200, "<html>a sign-in page</html>"),
    ],
)
def test_a_page_that_is_not_to_blame_is_left_alone(wall: Wall, answering: Answering, says: tuple[int, str]) -> None:
    """It asks; or the server cannot say, refuses the token, or is not there: starting anew would help nobody."""
    answering.says = says
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}", WATCH_SECONDS=1, PROBE_SECONDS=1)
    wall.start()
    began = time.monotonic()
    until(lambda: len(answering.asked) >= 20 and time.monotonic() - began > 2.5, "the script does not ask")
    assert len(wall.starts) == 1
    assert alive(pid_of(wall.starts[0]))


def test_a_server_that_is_away_costs_the_page_nothing_until_it_is_back(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}", WATCH_SECONDS=1, PROBE_SECONDS=1)
    answering.stop()
    wall.start()
    until(lambda: len(wall.pauses) >= 60, "the script does not go on asking")
    assert len(wall.starts) == 1


def test_the_youngest_answer_of_several_web_processes_counts(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall#{TOKEN}", WATCH_SECONDS=3, PROBE_SECONDS=1)
    wall.start()
    began = time.monotonic()
    while time.monotonic() - began < 4.5:
        answering.says = (200, '{"seconds":900,"poll":5}' if len(answering.asked) % 3 else '{"seconds":1,"poll":5}')
        time.sleep(0.02)
    assert len(wall.starts) == 1


def test_after_a_power_cut_no_bubble_and_no_lock_is_left(wall: Wall, answering: Answering) -> None:
    profile = wall.home / "state" / "profile"
    (profile / "Default").mkdir(parents=True)
    preferences = profile / "Default" / "Preferences"
    preferences.write_text('{"a":1,"profile":{"exit_type":"Crashed","exited_cleanly":false},"b":2}', encoding="utf-8")
    (profile / "SingletonLock").symlink_to("gone-4711")
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    assert preferences.read_text() == '{"a":1,"profile":{"exit_type":"Normal","exited_cleanly":true},"b":2}'
    assert not (profile / "SingletonLock").is_symlink()


def test_the_end_of_the_service_is_the_end_of_the_browser(wall: Wall, answering: Answering) -> None:
    wall.browser(f"sh -c 'echo $$ >{wall.home}/child; exec sleep.real 300' &\nwait")
    wall.configure(f"{answering.url}/wall#{TOKEN}")
    wall.start()
    until((wall.home / "child").exists, "the browser was not started")
    until(lambda: (wall.home / "child").read_text().strip().isdigit(), "no child")
    assert wall.stop() == 0
    until(lambda: not alive(pid_of(wall.starts[0])), "the browser lives on")
    until(lambda: not alive(int((wall.home / "child").read_text())), "the browser's child lives on")


def test_two_of_them_do_not_share_a_profile(wall: Wall, answering: Answering) -> None:
    if shutil.which("flock") is None:
        pytest.skip("flock is not installed")
    wall.browser(LIVES)
    wall.configure(f"{answering.url}/wall")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    second = wall.run()
    assert second.returncode == 2
    assert "STATE_DIR of its own" in second.stderr


@pytest.mark.parametrize("graphics", ["cage", "xinit"])
def test_on_a_bare_terminal_a_screen_is_brought_up_first(wall: Wall, graphics: str) -> None:
    wall.browser(LIVES)
    wall.program(graphics, f'echo "{graphics} $* nested=$BOARD_WALL_NESTED" >{wall.home}/graphics')
    wall.configure("http://127.0.0.1:9/wall", GRAPHICS={"cage": "cage", "xinit": "x"}[graphics])
    assert wall.run().returncode == 0
    told = (wall.home / "graphics").read_text()
    assert str(SCRIPT) in told
    assert "nested=1" in told
    assert graphics == "cage" or "-nocursor" in told


@pytest.mark.parametrize(
    ("url", "settings", "word"),
    [
        ("", {}, "WALL_URL"),
        ("http://board:8050/", {}, "WALL_URL"),
        ("ftp://board/wall", {}, "WALL_URL"),
        ('http://board/wall#";x="', {}, "character"),
        ("http://board/wall#$(x)", {}, "character"),
        ("http://board/wall", {"BROWSER": "/no/such/browser"}, "BROWSER"),
        ("http://board/wall", {"WATCH_SECONDS": "5m"}, "seconds"),
        ("http://board/wall", {"OUTPUT": "big"}, "OUTPUT"),
    ],
)
def test_a_wrong_setting_is_named(wall: Wall, url: str, settings: dict[str, str], word: str) -> None:
    wall.browser(LIVES)
    wall.configure(url, **settings)
    told = wall.run()
    assert told.returncode == 2
    assert word in told.stderr
    assert wall.starts == []


def test_without_settings_it_says_where_they_belong(wall: Wall) -> None:
    told = wall.run()
    assert told.returncode == 2
    assert "wall.conf.example" in told.stderr


def test_an_old_browser_is_named(wall: Wall, answering: Answering) -> None:
    wall.browser(LIVES)
    text = (wall.home / "bin" / "chromium").read_text().replace("Chromium 120.0.1", "Chromium 78.0.3904.108")
    (wall.home / "bin" / "chromium").write_text(text)
    wall.configure(f"{answering.url}/wall")
    wall.start()
    until(lambda: len(wall.starts) == 1, "the browser was not started")
    assert "version 78" in wall.said


def test_the_example_holds_every_setting_of_the_script() -> None:
    script, example = SCRIPT.read_text(encoding="utf-8"), (KIOSK / "wall.conf.example").read_text(encoding="utf-8")
    for name in (
        "WALL_URL",
        "BROWSER",
        "OUTPUT",
        "SPAN",
        "GPU",
        "GRAPHICS",
        "WATCH_SECONDS",
        "STATE_DIR",
        "EXTRA_FLAGS",
    ):
        assert f"${name}" in script
        assert f"{name}=" in example


def test_the_pages_of_the_kiosk_ask_only_their_own_server() -> None:
    for name in ("waiting.html", "wall-away.html"):
        text = (KIOSK / name).read_text(encoding="utf-8")
        assert "http:" not in text
        assert "https:" not in text
