"""What watches the server: health, readiness with reasons, metrics; on both databases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis.exceptions import RedisError
from sqlalchemy import Engine, text

from data_access import migrate
from data_access.engine import open_engine
from data_access.tables import data_version, display_token
from services.worker import HEARTBEAT
from tests import factories as make
from tests.factories import NOW
from tests.integration.conftest import use
from web.context import EXTENSION, Context
from web.metrics import Metrics
from web.operations import EXTENSION as OPERATIONS
from web.operations import Watched

LATE = timedelta(seconds=300)


@dataclasses.dataclass
class Here:
    """The application on an empty database of the test's own, at the newest structure."""

    server: Any
    client: FlaskClient
    engine: Engine

    def beat(self, at: object, name: str = HEARTBEAT) -> None:
        with self.engine.begin() as connection:
            connection.execute(data_version.insert().values(name=name, version=5, changed_at=at))

    def ready(self) -> tuple[int, dict[str, Any]]:
        self.server.extensions[OPERATIONS] = Watched("127.0.0.1/32", LATE)
        answer = self.client.get("/-/ready")
        return answer.status_code, answer.get_json()

    def metrics(self, **headers: str) -> str:
        answer = self.client.get(
            "/-/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        assert answer.status_code == 200, answer.data
        return answer.get_data(as_text=True)


@pytest.fixture
def here(application: Any, blank: Engine) -> Iterator[Here]:
    migrate.upgrade(blank)
    server = application.server
    original: Context = server.extensions[EXTENSION]
    watched = server.extensions[OPERATIONS]
    use(server, original, engine=blank, now=lambda: NOW, default_lang="en")
    yield Here(server, server.test_client(), blank)
    use(server, original)
    server.extensions[OPERATIONS] = watched


def test_health_asks_no_database(here: Here) -> None:
    gone = open_engine("postgresql://nobody@127.0.0.1:1/none")
    use(here.server, here.server.extensions[EXTENSION], engine=gone)
    assert here.client.get("/-/health").get_json()["ok"] is True
    assert here.client.get("/healthz").status_code == 200
    status, told = here.ready()
    assert (status, told["ok"], told["checks"]["database"]["state"]) == (503, False, "silent")
    assert here.client.get("/readyz").status_code == 503
    assert "127.0.0.1:1" not in here.client.get("/-/ready").get_data(as_text=True)
    assert "board_database_up 0.0" in here.metrics()


def test_it_is_ready_with_all_at_hand_and_says_so_once_a_second(here: Here) -> None:
    here.beat(NOW - timedelta(seconds=12))
    status, told = here.ready()
    assert (status, told["reasons"]) == (200, [])
    assert told["checks"]["worker"]["seconds"] == 12
    with here.engine.begin() as connection:
        connection.execute(data_version.delete())
    assert here.client.get("/-/ready").get_json() == told


def test_a_worker_that_never_ran_is_no_fault_and_one_that_stopped_is(here: Here) -> None:
    assert here.ready()[1]["checks"]["worker"]["state"] == "never"
    here.beat(NOW - LATE)
    assert here.ready()[0] == 200
    with here.engine.begin() as connection:
        connection.execute(data_version.update().values(changed_at=NOW - LATE - timedelta(seconds=1)))
    status, told = here.ready()
    assert (status, told["checks"]["worker"]["state"]) == (503, "still")
    assert "manage.py worker" in told["reasons"][0]


def test_tables_behind_the_program_are_not_ready(here: Here) -> None:
    with here.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    status, told = here.ready()
    assert (status, told["checks"]["structure"]["state"]) == (503, "behind")
    assert "db upgrade" in told["reasons"][0]


def test_a_silent_shared_cache_is_told_but_keeps_the_board(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise RedisError("no route")

    monkeypatch.setattr(here.server.extensions[EXTENSION].cache, "set", silent)
    status, told = here.ready()
    assert (status, told["ok"], told["checks"]["cache"]["ok"]) == (200, True, False)
    assert len(told["reasons"]) == 1


def test_the_metrics_count_requests_by_route_and_name_no_station(here: Here) -> None:
    make.make_station(here.engine, "990109010000")
    make.make_feed(here.engine, "dispatch", NOW - timedelta(hours=9))
    here.beat(NOW - timedelta(seconds=40), "board")
    with here.engine.begin() as connection:
        for token, seen in (("a", NOW - timedelta(minutes=1)), ("b", NOW - timedelta(hours=2)), ("c", None)):
            connection.execute(
                display_token.insert().values(token_id=token, is_active=1, created_at=NOW, last_seen_at=seen)
            )
    for _ in range(3):
        here.client.get("/api/v1/stations/990109010000?as_of=2024-05-06")
    here.client.get("/api/v1/stations/nowhere")
    told = here.metrics()
    ours = [line for line in told.splitlines() if 'route="/api/v1/stations/<code>"' in line]
    assert any("_count" in line and 'status="404"' in line for line in ours)
    assert any("_bucket" in line and 'le="0.25"' in line for line in ours)
    assert "990109010000" not in told
    assert "nowhere" not in told
    for line in (
        "board_data_age_seconds 40.0",
        "board_displays 3.0",
        "board_displays_seen 1.0",
        "board_data_version 5.0",
    ):
        assert line in told
    assert 'board_feed_late{feed="dispatch"} 1.0' in told
    assert 'board_feed_age_seconds{feed="dispatch"}' in told
    assert "board_worker_age_seconds -1.0" in told


def test_refused_sign_ins_and_database_errors_are_counted(here: Here) -> None:
    metrics = Metrics()
    metrics.count_errors(here.engine)
    for reason in ("password", "password", "13812345678"):
        metrics.sign_in_refused(reason)
    with pytest.raises(Exception, match="nowhere"), here.engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    told = metrics.text(iter(())).decode()
    assert 'board_sign_ins_refused_total{reason="password"} 2.0' in told
    assert 'board_sign_ins_refused_total{reason="other"} 1.0' in told
    assert "board_database_errors_total 1.0" in told


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 403),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "nonsense"}, 403),
        ("10.0.0.7", {"X-Forwarded-For": "127.0.0.1"}, 403),
    ],
)
def test_only_the_networks_of_the_setting_read_the_metrics(
    here: Here, address: str, headers: dict[str, str], status: int
) -> None:
    answer = here.client.get("/-/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_an_empty_setting_gives_the_metrics_to_nobody(here: Here) -> None:
    here.server.extensions[OPERATIONS] = Watched("", LATE)
    assert here.client.get("/-/metrics").status_code == 403


def test_unknown_addresses_below_are_json_404(here: Here) -> None:
    answer = here.client.get("/-/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0123456789abcdef0123456789abcdef", True),
        ("01234567-89ab-cdef-0123-456789abcdef", True),
        ("13812345678", False),
        ("330102199003074515", False),
        ("x" * 32, False),
        ("", False),
        ("0123456789abcdef0123456789abcdef ; drop", False),
    ],
)
def test_a_request_number_is_taken_over_only_when_it_is_one(here: Here, given: str, kept: bool) -> None:
    answer = here.client.get("/-/health", headers={"X-Request-Id": given})
    number = answer.headers["X-Request-Id"]
    assert (number == given) is kept
    assert len(number) >= 32
