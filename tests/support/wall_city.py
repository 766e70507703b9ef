"""Two districts for walls, with names of their own, and a way to make their pictures without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine

from catalogue.assessment_loader import load_assessment
from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from catalogue.wall_loader import load_wall_rules
from components.look import Look
from components.wall_payload import WallLook, payload
from data_access import tables as t
from data_access.engine import writing
from data_access.refresh import refresh
from domain.display import Display
from domain.wall import Picture
from domain.wall_rules import WallRules
from i18n import translator
from services.desk import Desk
from services.wall import picture
from services.wall_ground import Kept, WallGround
from tests import factories as make

NOW = datetime(2024, 5, 7, 13, 5)
CATALOGUE, FIGURES = load_catalogue(), load_compare_rules()
RULES: WallRules = load_wall_rules(CATALOGUE, FIGURES)
BOOK = load_assessment(CATALOGUE)
DISTRICTS = {"D1": "东湖区", "D2": "西岭区"}
STATIONS = {"S11": ("D1", "东湖一"), "S12": ("D1", "东湖二"), "S21": ("D2", "西岭一"), "S22": ("D2", "西岭二")}
PLACES = {"S11": (120.10, 30.10), "S12": (120.12, 30.12), "S21": (120.40, 30.30), "S22": (120.42, 30.32)}
OWNER, PLATE, LEADERS = "赵铁柱", "浙A12345", {"D1": "钱带班", "D2": "孙带班"}


class AtOnce:
    """Answers slow questions at once; counts them."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.kept: dict[Any, tuple[object, Kept]] = {}
        self.made: list[str] = []

    def begin(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> None:
        """Nothing: the question is answered when it is asked."""

    def __call__(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> Kept:
        """The answer."""
        if key not in self.kept or self.kept[key][0] != slot:
            self.made.append(str(key[0]))
            try:
                found = Kept(self.now, make())
            except Exception as error:
                found = Kept(self.now, error=error)
            self.kept[key] = (slot, found)
        return self.kept[key][1]


class Never:
    """Slow questions that are not answered yet."""

    def begin(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> None:
        """Nothing."""

    def __call__(self, key: tuple[object, ...], slot: object, make: Callable[[], Any]) -> None:
        """None: not yet."""


@cache
def ground(engine: Engine) -> WallGround:
    """Rules and database."""
    return WallGround(RULES, Desk(engine, CATALOGUE, BOOK), load_map_rules(), FIGURES, "CN")


def seen(engine: Engine, display: Display, now: datetime = NOW, ask: Any = None) -> Picture:
    """A display's picture."""
    return picture(ground(engine), display, now, "v1", ask or AtOnce(now))


def told(found: Picture) -> dict[str, Any]:
    """The picture as JSON."""
    about = {"build": "b", "version": "v1", "unit": "模拟分局"}
    look = Look(translator(found.display.lang, strict=True), CATALOGUE)
    return payload(found, WallLook(look, RULES, FIGURES, about, 5))


def fill(engine: Engine, now: datetime = NOW, days: int = 70) -> None:
    """Both districts with work of every kind, and rollups up to `now`."""
    with writing(engine) as connection:
        _rows(connection, now, days)
    refresh(engine, CATALOGUE, now)


def _rows(engine: Connection, now: datetime, days: int) -> None:
    for number, (code, name) in enumerate(DISTRICTS.items()):
        make.make_district(engine, code, name=name, name_en=f"District {code}", sort_no=number)
        make.add(
            engine, t.duty_roster, district_code=code, leader_name=LEADERS[code],
            starts_at=now - timedelta(hours=6), ends_at=now + timedelta(hours=6), updated_at=now,
        )  # fmt: skip
    for number, (code, (district, name)) in enumerate(STATIONS.items()):
        lng, lat = PLACES[code]
        about = {"name": f"{name}派出所", "short_name": name, "name_en": f"Station {code}", "lng": lng, "lat": lat}
        make.make_station(engine, code, district_code=district, sort_no=number, fusion_mode="deep", **about)
        _outline(engine, code, lng, lat, now)
        _work(engine, code, now, days)
    for feed in {task.feed for task in CATALOGUE.tasks}:
        make.make_feed(
            engine, feed, at=now, complete_to=now, expected_seconds=3600, first_row_at=now - timedelta(days=900)
        )


def _outline(engine: Connection, code: str, lng: float, lat: float, now: datetime) -> None:
    ring = [[lng - 0.01, lat - 0.01], [lng + 0.01, lat - 0.01], [lng, lat + 0.01], [lng - 0.01, lat - 0.01]]
    make.add(
        engine, t.boundary, code=f"B{code}", subject_kind="station", subject_code=code, name=code, is_sketch=0,
        geojson=f'{{"type": "Polygon", "coordinates": [{ring}]}}', updated_at=now,
    )  # fmt: skip


def _work(engine: Connection, code: str, now: datetime, days: int) -> None:
    """A few incidents a day at fixed hours, orders signed too late, overdue work orders, a hot spot, an alert."""
    lng, lat = PLACES[code]
    for day, hour in _hours(now, days):
        at = day.replace(hour=hour, minute=30, second=0)
        if at <= now:
            make.make_incident(
                engine, code, at, lng=lng, lat=lat, cell=cell_at(lng, lat), address="秘密路1号", content=f"车牌{PLATE}",
                caller_name=OWNER, closed_at=at + timedelta(hours=1), updated_at=now,
            )  # fmt: skip
            make.make_order(engine, code, at, signed_at=at + timedelta(hours=2), updated_at=now)
    for minute in range(25 if code == "S11" else 0):  # enough of them to be judged: T1-01 is a hard task
        at = now.replace(hour=0, minute=0, second=0) + timedelta(minutes=minute)
        make.make_order(engine, code, at, signed_at=at + timedelta(hours=1), updated_at=now)
    for kind in ("tracing", "hazard"):
        make.make_work_order(
            engine, code, now - timedelta(days=5), kind=kind, due_at=now - timedelta(hours=30), owner_name=OWNER,
            title=f"{PLATE}整改", place="秘密路1号", updated_at=now,
        )  # fmt: skip
    make.make_work_order(
        engine, code, now - timedelta(days=4), signed_at=now - timedelta(days=3), closed_at=now - timedelta(days=2),
        verified_at=now - timedelta(days=1), status="closed", updated_at=now,
    )  # fmt: skip
    make.add(
        engine, t.hotspot, hotspot_id=f"H{code}", station_code=code, name=f"{STATIONS[code][1]}路口", lng=lng, lat=lat,
        status="open", opened_at=now, window_count=7, leader_name=OWNER, updated_at=now,
    )  # fmt: skip
    make.add(
        engine, t.alert, alert_id=f"A{code}", kind="red", station_code=code, task_code="T1-01", value=0.0, target=95.0,
        began_at=now - timedelta(hours=1), acked_at=now, acked_by="周知悉", ack_note="已电话督办", updated_at=now,
    )  # fmt: skip


def _hours(now: datetime, days: int) -> Iterator[tuple[datetime, int]]:
    for back in range(days, -1, -1):
        for hour in (8, 11, 17):
            yield now - timedelta(days=back), hour


@cache
def cell_at(lng: float, lat: float) -> str:
    """The hexagon that incidents are kept with."""
    import h3

    return str(h3.latlng_to_cell(lat, lng, 9))
