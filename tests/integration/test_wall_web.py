"""Pictures of walls over HTTP: kept bytes, 304, codings, the lost database, the outlines below the map."""

from __future__ import annotations

import gzip
import json
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from domain.errors import DataUnavailable
from tests.integration.conftest import Demo
from tests.integration.conftest import use as _use
from web import wall_answers
from web.context import EXTENSION

PICTURE = "/api/wall/picture"


@pytest.fixture
def wall(client: FlaskClient, application: Any) -> FlaskClient:
    """The application in open access: an address without a token is a preview."""
    server = application.server
    _use(server, server.extensions[EXTENSION], open_access=True)
    return client


def whole(wall: FlaskClient, address: str = PICTURE) -> dict[str, Any]:
    """A picture whose slow answers are all there."""
    for _ in range(20):
        found: dict[str, Any] = wall.get(address).json
        if all("正在读取" not in one["why"] for one in found["panels"].values()):
            return found
    raise AssertionError("the slow answers never came")


def test_the_picture_names_build_version_and_time(wall: FlaskClient, demo: Demo) -> None:
    found, answer = whole(wall), wall.get(PICTURE)
    assert answer.headers["X-Board-Now"] == found["now"] == demo.now.isoformat(timespec="seconds")
    assert answer.headers["Cache-Control"] == "no-cache"
    poll = wall.get("/api/poll").json
    assert (found["build"], found["version"], found["poll"]) == (poll["b"], poll["v"], poll["s"])
    assert {one["state"] for one in found["panels"].values()} == {"ok"}
    assert "p_calm_red" in found["words"]
    assert "connecting" in found["words"]


def test_an_unchanged_picture_is_304_and_is_not_made_again(wall: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole(wall)
    first = wall.get(PICTURE)
    monkeypatch.setattr(wall_answers, "picture", None)
    again = wall.get(PICTURE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-Board-Now"]
    assert wall.get(PICTURE).data == first.data


def test_the_bytes_are_the_same_in_every_coding(wall: FlaskClient) -> None:
    plain = json.dumps(whole(wall))
    packed = wall.get(PICTURE, headers={"Accept-Encoding": "gzip, deflate"})
    tight = wall.get(PICTURE, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert tight.headers["Content-Encoding"] == "br"
    assert json.dumps(json.loads(gzip.decompress(packed.data))) == plain
    assert json.dumps(json.loads(brotli.decompress(tight.data))) == plain
    assert len(packed.data) < 60_000
    assert packed.headers["ETag"] == tight.headers["ETag"]


def test_displays_of_other_settings_get_other_pictures(wall: FlaskClient) -> None:
    tags = {
        wall.get(PICTURE + more).headers["ETag"] for more in ("", "?lang=en", "?station=990109510000", "?distance=3")
    }
    assert len(tags) == 4


def test_a_lost_database_is_503_in_the_one_shape(wall: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise DataUnavailable("error.database")

    monkeypatch.setattr(wall_answers, "token", gone)
    answer = wall.get(PICTURE)
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "database"


def test_a_playlist_that_does_not_exist_is_400(wall: FlaskClient) -> None:
    answer = wall.get(f"{PICTURE}?playlist=nothing")
    assert answer.status_code == 400
    assert "nothing" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?districts=990199", "990199"),
        ("?districts=990109000000,990199", "990199"),
        ("?station=990199010000", "990199010000"),
        ("?playlist=hall&station=990199010000", "990199010000"),
        ("?playlist=hall", "未指定派出所"),
        ("?playlist=hall&districts=990109000000", "未指定派出所"),
    ],
)
def test_a_preview_of_what_does_not_exist_is_400_and_says_which(wall: FlaskClient, query: str, code: str) -> None:
    answer = wall.get(PICTURE + query)
    assert answer.status_code == 400
    assert code in answer.json["error"]["message"]


def test_a_broken_picture_is_made_again_soon(wall: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from services import wall_map

    whole(wall)

    def breaks(*_: Any) -> Any:
        raise ValueError("broken")

    walls = wall.application.extensions[wall_answers.EXTENSION]
    walls.pictures.clear()
    with monkeypatch.context() as patched:
        patched.setattr(wall_map, "map_view", breaks)
        bad = wall.get(PICTURE)
        assert bad.json["panels"]["map"]["state"] == "broken"
    walls.clock = lambda: 10.0**9
    good = wall.get(PICTURE, headers={"If-None-Match": bad.headers["ETag"]})
    assert good.status_code == 200
    assert good.json["panels"]["map"]["state"] == "ok"


class Making:
    """The lock of a picture that another request is making."""

    def __init__(self) -> None:
        self.waited = False

    def acquire(self, *, blocking: bool) -> bool:
        """Whoever waits gets it."""
        self.waited = self.waited or blocking
        return blocking

    def release(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("made", "right", "waits"),
    [(19, 19, False), (3600, 1, False), (3600, 19, False), (21, 21, True), (3600, 21, True)],
)
def test_the_last_right_picture_stands_in_while_the_next_is_made(
    wall: FlaskClient, made: float, right: float, waits: bool
) -> None:
    assert wall_answers.STAND_IN == 20
    whole(wall)
    walls, now = wall.application.extensions[wall_answers.EXTENSION], 10.0**6
    display, known = next(reversed(walls.pictures.items()))
    walls.clock = lambda: now
    known.stamp, known.at, known.right_at = "older data", now - made, now - right
    making = walls.locks[display] = Making()
    answer = wall.get(PICTURE)
    assert (answer.status_code, making.waited) == (200, waits)
    assert (walls.pictures[display] is known) != waits


def test_a_picture_that_is_still_right_is_remembered_as_right(wall: FlaskClient) -> None:
    whole(wall)
    walls, now = wall.application.extensions[wall_answers.EXTENSION], 10.0**6
    known = next(reversed(walls.pictures.values()))
    walls.clock = lambda: now
    wall.get(PICTURE)
    assert known.right_at == now


def test_the_outlines_below_the_map_never_change(wall: FlaskClient) -> None:
    digest = whole(wall)["panels"]["map"]["data"]["ground"]
    answer = wall.get(f"/api/wall/ground?d={digest}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json["digest"] == digest
    assert {"district", "station", "road"} <= {one["k"] for one in answer.json["shapes"]}
    west, south, east, north = answer.json["box"]
    assert west < east
    assert south < north
    assert all(len(path) % 2 == 0 for one in answer.json["shapes"] for path in one["paths"])


def test_outlines_of_another_digest_are_not_kept(wall: FlaskClient) -> None:
    answer = wall.get("/api/wall/ground?d=another")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["digest"] != "another"


def test_without_token_and_open_access_nothing_is_shown(client: FlaskClient, application: Any) -> None:
    server = application.server
    _use(server, server.extensions[EXTENSION], open_access=False)
    for address in (PICTURE, "/api/wall/ground?d=x"):
        assert client.get(address).status_code == 401
