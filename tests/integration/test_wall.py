"""Pictures of walls on both databases: each panel against the rows, scopes, late and broken parts, roll-over."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import OperationalError

from data_access import tables as t
from data_access.engine import open_engine, reading, writing
from data_access.readers import wall as reader
from data_access.readers.items import open_items
from data_access.refresh import refresh
from domain.access import Role, Scope, command
from domain.display import Display
from domain.errors import BadRequest
from domain.wall_rules import ALWAYS, PANELS
from services import wall_figures, wall_map
from services.board import board as board_of
from tests import factories as make
from tests.integration.conftest import Demo
from tests.support import wall_city as city
from tests.support.wall_city import NOW, AtOnce, Never, fill, seen, told

COMMAND, EAST = Display("room"), Display("east", districts=("D1",))
HALL = Display("hall", playlist="hall", station="S11")


@pytest.fixture(scope="module")
def two(fresh: Engine) -> Engine:
    """Both districts, filled. Do not write to it."""
    fill(fresh)
    return fresh


@pytest.fixture
def own(engine: Engine) -> Engine:
    """Both districts, to be changed."""
    fill(engine, days=2)
    return engine


def data(found: dict[str, Any], panel: str) -> dict[str, Any]:
    """A panel's data, which is in order."""
    one = found["panels"][panel]
    assert (one["state"], one["why"]) == ("ok", ""), panel
    answer: dict[str, Any] = one["data"]
    return answer


# panels against the rows -------------------------------------------------------------------------


def test_every_panel_of_the_command_room_is_in_order(two: Engine) -> None:
    found = told(seen(two, COMMAND))
    assert set(found["panels"]) == set(PANELS) - {"station"}
    assert {code: one["state"] for code, one in found["panels"].items()} == dict.fromkeys(found["panels"], "ok")
    assert {one["at"] for one in found["panels"].values()} == {NOW.isoformat()}
    assert [one["code"] for one in found["screens"]] == ["overview", "board", "map", "tasks", "assessment"]


def test_the_board_is_the_boards(two: Engine) -> None:
    found, own = data(told(seen(two, COMMAND)), "board"), board_of(two, city.CATALOGUE, command(), NOW)
    letters = {"blue": "b", "yellow": "y", "red": "r"}
    for row, line in zip(found["rows"], own.lines, strict=True):
        assert (row["c"], row["reds"], row["held"]) == (line.unit.code, line.overall.red, line.overall.held)
        assert len(row["cells"]) == len(found["themes"]) == 8
        assert row["o"] == letters.get(line.overall.colour.value, row["o"])
        assert len(row["days"]) == 30
        assert row["days"][-1] in (row["o"], "g")
    assert sum(found["counts"].values()) == 4


def test_the_red_list_holds_the_red_cells_by_station_the_gravest_first(two: Engine) -> None:
    rows = data(told(seen(two, COMMAND)), "redlist")["rows"]
    own = board_of(two, city.CATALOGUE, command(), NOW)
    reds = {(line.unit.code, cell.task) for line in own.lines for cell in line.cells if cell.colour.value == "red"}
    assert {(row["c"], row["t"]) for row in rows} == reds
    assert len(rows) == len(reds) > 0
    letters = {row["c"]: row["o"] for row in data(told(seen(two, COMMAND)), "board")["rows"]}
    assert {row["c"]: row["o"] for row in rows} == {row["c"]: letters[row["c"]] for row in rows}
    stations = list(dict.fromkeys(row["c"] for row in rows))
    grave = [[row["hard"] for row in rows if row["c"] == code] for code in stations]
    ranks = [(letters[code] != "r", -sum(hard), -len(hard)) for code, hard in zip(stations, grave, strict=True)]
    assert ranks == sorted(ranks)
    assert all(hard == sorted(hard, reverse=True) for hard in grave), "a station's hard ones come first"
    signed = next(row for row in rows if (row["c"], row["t"]) == ("S11", "T1-01"))
    assert signed["since"] == (NOW - timedelta(hours=1)).isoformat()
    assert signed["ack"] == {"by": "周知悉", "note": "已电话督办", "at": NOW.isoformat()}


def test_overdue_orders_are_those_of_the_stations_pages(two: Engine) -> None:
    found = data(told(seen(two, COMMAND)), "overdue")
    with reading(two) as connection:
        items = [one for code in city.STATIONS for one in open_items(connection, code, NOW, scope=command())[0]]
    assert found["total"] == sum(item.late for item in items) == sum(row["n"] for row in found["rows"]) > 0
    assert {row["level"] for row in found["rows"] if row["kind"] == "隐患单"} == {"red"}
    assert [row["oldest"] for row in found["rows"]] == sorted(row["oldest"] for row in found["rows"])


def test_the_tracing_funnel_counts_the_orders_of_thirty_days(own: Engine) -> None:
    make.make_work_order(own, "S11", NOW - timedelta(days=31))
    make.make_work_order(own, "S11", NOW - timedelta(days=1), status="withdrawn")
    make.make_work_order(own, "S11", NOW + timedelta(days=1))
    found = data(told(seen(own, COMMAND)), "tracing")
    assert {one["code"]: one["n"] for one in found["funnel"]} == {"sent": 8, "signed": 4, "done": 4, "verified": 4}
    assert found["late"] == 4
    assert [(row["c"], row["sent"], row["signed"], row["done"], row["late"]) for row in found["rows"]] == [
        (code, 2, 1, 1, 1) for code in city.STATIONS
    ]


def test_the_curve_counts_whole_hours_and_says_nothing_of_the_others(two: Engine) -> None:
    found = data(told(seen(two, COMMAND)), "curve")
    assert found["hours"] == [4 if hour in (8, 11) else 0 for hour in range(13)] + [None] * 11
    assert (found["now"], found["begun"], found["total"], found["usual_total"]) == (13, 0, 8, 8)
    assert found["usual"] == [4 if hour in (8, 11, 17) else 0 for hour in range(24)]
    assert found["low"] == found["high"] == found["usual"]
    assert re.fullmatch("有效交通警情；往常为近 [0-9]+ 个工作日中位数，带为 80\\s% 区间", found["title"])


def test_the_curve_of_today_counts_as_the_headline_figure_does(own: Engine) -> None:
    make.make_incident(own, "S11", NOW - timedelta(minutes=3), updated_at=NOW)
    refresh(own, city.CATALOGUE, NOW)
    found = told(seen(own, COMMAND))
    curve = data(found, "curve")
    traffic = next(one for one in data(found, "counters")["items"] if one["code"] == "traffic")
    assert (curve["begun"], curve["total"], traffic["value"]) == (1, 9, "9")


def test_the_usual_by_now_holds_its_share_of_the_begun_hour(two: Engine) -> None:
    at = NOW.replace(hour=11, minute=30)
    assert data(told(seen(two, COMMAND, at)), "curve")["usual_total"] == 4 + 2


def test_hours_that_a_source_does_not_vouch_for_are_unknown(own: Engine) -> None:
    with writing(own) as connection:
        connection.execute(
            update(t.feed).where(t.feed.c.code == "incident_order").values(complete_to=NOW.replace(hour=9))
        )
    found = told(seen(own, COMMAND))["panels"]["curve"]["data"]
    assert found["hours"][8] == 4
    assert found["hours"][9:] == [None] * 15


def test_the_heat_holds_every_incident_on_the_map(two: Engine) -> None:
    heat = wall_map.heat(_map_ground(two), city.RULES.panels, command(), NOW)
    first = datetime.combine(NOW.date() - timedelta(days=29), time.min)
    with reading(two) as connection:
        own = connection.execute(select(t.incident.c.incident_id).where(t.incident.c.occurred_at >= first)).all()
    assert sum(count for _, _, count, _ in heat.tiles) == len(own) > 300
    assert len(heat.tiles) == 4
    assert all(len(corners) in (10, 12, 14) for _, _, _, corners in heat.tiles)


def _map_ground(engine: Engine) -> Any:
    from services.ground import Ground

    here = city.ground(engine)
    return Ground(engine, city.CATALOGUE, here.map_rules, "CN")


@pytest.mark.parametrize(("most", "level"), [(600, 9), (3, 7), (1, 5)])
def test_the_finest_hexagons_that_are_few_enough_are_taken(two: Engine, most: int, level: int) -> None:
    from dataclasses import replace

    heat = wall_map.heat(_map_ground(two), replace(city.RULES.panels, map_tiles=most), command(), NOW)
    assert len(heat.tiles) <= most
    assert heat.resolution <= level


def test_the_map_shows_stations_colours_and_open_hot_spots(own: Engine) -> None:
    with writing(own) as connection:
        connection.execute(update(t.hotspot).where(t.hotspot.c.hotspot_id == "HS22").values(status="closed"))
    picture = told(seen(own, COMMAND))
    found, rows = data(picture, "map"), data(picture, "board")["rows"]
    assert {one["c"]: one["o"] for one in found["stations"]} == {row["c"]: row["o"] for row in rows}
    assert [(one["rank"], one["name"]) for one in found["spots"]] == [
        (1, "东湖一路口"), (2, "东湖二路口"), (3, "西岭一路口"),
    ]  # fmt: skip
    levels = Counter(tile[2] for tile in found["heat"]["tiles"])
    assert set(levels) <= set(range(1, 8))
    assert len(found["heat"]["labels"]) <= 7


def test_counters_are_the_comparisons(two: Engine) -> None:
    found = data(told(seen(two, COMMAND)), "counters")
    items = {one["code"]: one for one in found["items"]}
    assert list(items) == list(city.RULES.panels.figures)
    assert (items["traffic"]["value"], items["traffic"]["unit"]) == ("8", "起")
    assert items["traffic"]["yoy"]["verdict"] == "none"
    assert items["deaths"]["value"] == "0"


def test_the_ranking_is_the_assessments(two: Engine) -> None:
    found = data(told(seen(two, COMMAND)), "ranking")
    assert (found["month"], found["running"]) == ("2024年5月", True)
    assert [mode["mode"] for mode in found["modes"]] == ["deep"]
    assert {row["c"] for row in found["modes"][0]["rows"]} == set(city.STATIONS)


def test_a_hall_shows_its_station(two: Engine) -> None:
    found = data(told(seen(two, HALL)), "station")
    assert (found["c"], found["name"]) == ("S11", "东湖一派出所")
    assert found["of"] == 4
    assert (found["items"]["late"], len(found["themes"]), len(found["days"])) == (2, 8, 30)
    assert found["counters"]["items"][0]["value"] == "2"
    steps = [action["until"] is not None for action in found["actions"]]
    assert steps == sorted(steps, reverse=True), "what cannot be reached any more stands last"
    assert [action["gain"] > 0 for action in found["actions"]] == steps
    assert [("无法转蓝" in action["text"]) for action in found["actions"]] == [not step for step in steps]
    assert True in steps


def test_the_rows_of_a_hall_make_its_sum(own: Engine) -> None:
    for kind, count in (("supervision", 3), ("assignment", 2), ("enterprise", 2), ("callback", 2), ("other", 1)):
        for _ in range(count):
            make.make_work_order(own, "S11", NOW - timedelta(days=1), kind=kind, due_at=NOW + timedelta(days=1))
    items = data(told(seen(own, HALL)), "station")["items"]
    assert len(items["rows"]) == 5
    assert items["rows"][-1]["kind"] == "其他"
    assert sum(row["n"] for row in items["rows"]) == items["open"]
    assert sum(row["late"] for row in items["rows"]) == items["late"]


def test_the_same_overdue_orders_carry_one_sign_everywhere(own: Engine) -> None:
    for _ in range(5):  # three hours late only, but the station's hard task of overdue orders is red
        make.make_work_order(own, "S22", NOW - timedelta(days=1), due_at=NOW - timedelta(hours=3))
    make.make_work_order(own, "S12", NOW - timedelta(days=1), kind="supervision", due_at=NOW - timedelta(hours=3))
    with writing(own) as connection:
        connection.execute(update(t.work_order).values(due_at=NOW - timedelta(hours=3)))
    found = told(seen(own, COMMAND))
    levels = {(row["c"], row["kind"]): row["level"] for row in data(found, "overdue")["rows"]}
    assert levels["S22", "溯源任务单"] == "red"
    assert levels["S12", "督办单"] == "yellow"
    texts = [(one["level"], one["text"]) for one in data(found, "ticker")["items"] if "超期" in one["text"]]
    said = {(row["station"], row["kind"]): row["level"] for row in data(found, "overdue")["rows"]}
    for (station, kind), level in said.items():
        assert any(one == level and text.startswith(f"{station} {kind}") for one, text in texts), (station, kind)
    traced = {row["c"]: row["level"] for row in data(found, "tracing")["rows"]}
    assert traced == {code: levels[code, "溯源任务单"] for code in city.STATIONS}
    hall = data(told(seen(own, Display("hall", playlist="hall", station="S22"))), "station")
    assert {row["kind"]: row["level"] for row in hall["items"]["rows"] if row["late"]}["溯源任务单"] == "red"


def test_a_hall_without_a_station_says_so(two: Engine) -> None:
    one = told(seen(two, Display("hall", playlist="hall")))["panels"]["station"]
    assert (one["state"], one["data"]) == ("late", None)
    assert one["why"] == "此屏未指定派出所，请在终端设置中选定"


@pytest.mark.parametrize(
    ("display", "said"),
    [
        (Display("gone", districts=("D9",)), "没有代码为“D9”的辖区"),
        (Display("half", districts=("D1", "D9")), "没有代码为“D9”的辖区"),
        (Display("one", station="S99"), "没有代码为 S99 的派出所"),
        (Display("hall", playlist="hall", station="S99"), "没有代码为 S99 的派出所"),
        (Display("both", districts=("D2",), station="S11"), "没有代码为 S11 的派出所"),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_a_display_whose_unit_vanished_says_so_in_every_panel_and_nothing_else(
    two: Engine, display: Display, said: str
) -> None:
    panels = told(seen(two, display))["panels"]
    assert {(one["state"], one["data"]) for one in panels.values()} == {("broken", None)}
    assert all(one["why"].startswith(said) for one in panels.values())


def test_a_playlist_that_is_not_in_the_catalogue_is_refused(two: Engine) -> None:
    with pytest.raises(BadRequest):
        seen(two, Display("room", playlist="nothing"))


def test_only_the_panels_of_the_playlist_and_of_the_frame_are_made(two: Engine) -> None:
    ask = AtOnce()
    assert set(seen(two, HALL, ask=ask).panels) == {"station", "curve", *ALWAYS}
    assert "prepared" not in ask.made
    assert "heat" not in ask.made


# who may see what --------------------------------------------------------------------------------


@pytest.mark.parametrize("display", [EAST, Display("one", station="S11"), HALL], ids=["district", "station", "hall"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_display_sees_nothing_of_the_other_district(two: Engine, display: Display, lang: str) -> None:
    from dataclasses import replace

    text = json.dumps(told(seen(two, replace(display, lang=lang))), ensure_ascii=False)
    foreign = ["S21", "S22", "D2", "西岭", "District D2", LEADER_OF_D2]
    assert [word for word in foreign if f'"{word}' in text or f"{word}" in text] == []
    assert "S11" in text


LEADER_OF_D2 = city.LEADERS["D2"]


def test_numbers_of_a_district_are_its_own(two: Engine) -> None:
    found = told(seen(two, EAST))
    assert [row["c"] for row in data(found, "board")["rows"]] == ["S11", "S12"]
    assert data(found, "counters")["items"][0]["value"] == "4"
    assert data(found, "curve")["total"] == 4
    assert data(found, "tracing")["funnel"][0]["n"] == 4
    assert len(data(found, "map")["heat"]["tiles"]) == 2
    assert {row["c"] for row in data(found, "ranking")["modes"][0]["rows"]} == {"S11", "S12"}
    assert len(found["alerts"]) == 2
    assert found["title"]["leader"] == city.LEADERS["D1"]


def test_no_name_plate_or_address_is_in_any_picture(two: Engine) -> None:
    for display in (COMMAND, EAST, HALL):
        text = json.dumps(told(seen(two, display)), ensure_ascii=False)
        assert [word for word in (city.OWNER, city.PLATE, "秘密路") if word in text] == []


@pytest.mark.parametrize("scope", [Scope(Role.DISPLAY, districts=("D1",)), Scope(Role.DISPLAY, stations=("S11",))])
def test_readers_of_the_wall_keep_to_the_scope(two: Engine, scope: Scope) -> None:
    with reading(two) as connection:
        mine = {"S11", "S12"} if scope.districts else {"S11"}
        assert set(reader.places(connection, scope)) == mine
        assert {one.station for one in reader.open_orders(connection, NOW, scope)} == mine
        assert sum(reader.hour_counts(connection, NOW.date(), NOW.date(), scope)[NOW.date()]) == 2 * len(mine)


def test_what_closes_later_is_open_now(own: Engine) -> None:
    make.make_work_order(own, "S11", NOW - timedelta(days=1), kind="callback", closed_at=NOW + timedelta(hours=1))
    make.make_work_order(own, "S11", NOW - timedelta(days=1), kind="assignment", closed_at=NOW)
    make.make_work_order(own, "S11", NOW + timedelta(minutes=1), kind="supervision")
    with reading(own) as connection:
        kinds = {one.kind for one in reader.open_orders(connection, NOW, command()) if one.station == "S11"}
    assert kinds >= {"callback", "tracing", "hazard"}
    assert not kinds & {"assignment", "supervision"}


# late, broken, not yet ---------------------------------------------------------------------------


def test_a_late_source_marks_its_panels_with_the_absolute_time(own: Engine) -> None:
    silent = NOW - timedelta(hours=5)
    with writing(own) as connection:
        late = update(t.feed).where(t.feed.c.code == "tracing")
        connection.execute(late.values(complete_to=silent, last_row_at=silent))
    found = told(seen(own, COMMAND))["panels"]
    late_ones = {code for code, one in found.items() if one["state"] == "late"}
    assert late_ones == {"tracing", "overdue"}
    assert found["tracing"]["why"].endswith("迟到，最近更新 2024年5月7日 08:05:00")
    assert found["tracing"]["data"]["funnel"][0]["n"] == 8
    assert any("08:05" in item["text"] for item in found["ticker"]["data"]["items"])


def test_when_all_sources_are_silent_the_board_says_so(two: Engine) -> None:
    found = told(seen(two, COMMAND, NOW + timedelta(days=3)))["panels"]
    assert (found["board"]["state"], found["board"]["why"]) == ("late", "全部数据源均迟到")
    assert found["redlist"]["state"] == "late"


def test_sources_that_never_came_are_named(own: Engine) -> None:
    with writing(own) as connection:
        connection.execute(delete(t.feed).where(t.feed.c.code == "tracing"))
    found = told(seen(own, COMMAND))["panels"]["tracing"]
    assert found["state"] == "late"
    assert found["why"].endswith("无数据")


BREAKS = {
    "heat": (wall_map, "heat", {"map"}),
    "counters": (wall_figures, "counters", {"counters"}),
    "usual": (wall_figures, "usual", {"curve"}),
    "orders": ("services.wall_ground", "open_orders", {"overdue"}),
    "traced": ("services.wall_ground", "traced", {"tracing"}),
    "board": ("services.wall_ground", "board_of", {"board", "map", "redlist"}),
    "ranking": ("services.wall_ground", "prepare", {"ranking"}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_one_broken_panel_leaves_the_others_alone(two: Engine, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    where, attribute, panels = BREAKS[name]
    module = importlib.import_module(where) if isinstance(where, str) else where

    def breaks(*_: Any, **__: Any) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(module, attribute, breaks)
    found = told(seen(two, COMMAND))["panels"]
    assert {code for code, one in found.items() if one["state"] == "broken"} == panels
    for code, one in found.items():
        assert (one["data"] is None) == (code in panels), code
    assert {found[code]["why"] for code in panels} == {"本版块出错，其他版块不受影响"}


def test_a_query_that_fails_breaks_its_panel_only(two: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: Any, *_: Any, **__: Any) -> Any:
        from sqlalchemy import text

        return connection.execute(text("SELECT * FROM there_is_no_such_table")).all()

    monkeypatch.setattr("services.wall_figures.hour_counts", fails)
    found = told(seen(two, COMMAND))["panels"]
    assert {code for code, one in found.items() if one["state"] == "broken"} == {"curve"}


def test_a_panel_that_cannot_be_drawn_leaves_the_others_alone(two: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> Any:
        raise KeyError("broken")

    monkeypatch.setattr("components.wall_panels.ranking", breaks)
    found = told(seen(two, COMMAND))["panels"]
    assert {code for code, one in found.items() if one["state"] == "broken"} == {"ranking"}
    assert found["ranking"]["data"] is None


@pytest.mark.parametrize(("minutes", "acked", "new"), [(29, False, True), (30, False, False), (5, True, False)])
def test_an_alert_is_new_for_a_while_unless_somebody_took_note(
    own: Engine, minutes: int, acked: bool, new: bool
) -> None:
    assert city.RULES.alert_minutes == 30
    with writing(own) as connection:
        began = NOW - timedelta(minutes=minutes)
        connection.execute(update(t.alert).values(began_at=began, acked_at=began if acked else None))
    assert {one["new"] for one in told(seen(own, EAST))["alerts"]} == {new}


def test_an_alert_whose_beginning_nobody_saw_is_shown_but_not_new(own: Engine) -> None:
    with writing(own) as connection:
        known = {"began_at": NOW - timedelta(minutes=1), "acked_at": None, "acked_by": None, "ack_note": None}
        key = "found-20240507130400-x"
        connection.execute(update(t.alert).where(t.alert.c.alert_id == "AS11").values(alert_id=key, **known))
    found = told(seen(own, Display("one", station="S11")))
    (alert,) = found["alerts"]
    assert (alert["key"], alert["new"], alert["found"]) == (key, False, "5月7日 13:04 发现为红")
    assert "转红" not in alert["text"]
    row = next(row for row in found["panels"]["redlist"]["data"]["rows"] if row["t"] == "T1-01")
    assert (row["since"], row["found"]) == (None, "5月7日 13:04 发现为红")


def test_alerts_that_cannot_be_read_are_left_out(two: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("services.wall.open_alerts", fails)
    found = told(seen(two, COMMAND))
    assert found["alerts"] == []
    assert len(data(found, "redlist")["rows"]) > 0


def test_a_database_that_is_gone_is_no_broken_panel(tmp_path: Any) -> None:
    gone = open_engine(f"sqlite:///{tmp_path / 'nothing.db'}", read_only=True)
    with pytest.raises(OperationalError):
        seen(gone, COMMAND)


def test_what_is_being_read_for_the_first_time_is_told(two: Engine) -> None:
    found = told(seen(two, COMMAND, ask=Never()))["panels"]
    assert {(one["state"], one["why"]) for code, one in found.items() if code != "ticker"} == {("late", "正在读取数据")}


def test_slow_answers_are_made_again_at_their_own_pace(two: Engine) -> None:
    ask = AtOnce()
    seen(two, COMMAND, ask=ask)
    ask.made.clear()
    seen(two, COMMAND, NOW + timedelta(seconds=60), ask)
    assert ask.made == []
    seen(two, COMMAND, NOW + timedelta(seconds=300), ask)
    assert set(ask.made) == {"heat", "outlines", "prepared"}


# roll-over ---------------------------------------------------------------------------------------


MOMENTS = {
    "midnight": datetime(2024, 5, 8),
    "a second after midnight": datetime(2024, 5, 8, 0, 0, 1),
    "month end": datetime(2024, 6, 1),
    "new year": datetime(2025, 1, 1),
    "a year without calendar": datetime(2031, 1, 1),
    "new year's eve of it": datetime(2030, 12, 31, 23, 59, 59),
    "leap day": datetime(2028, 2, 29, 12),
    "spring festival": datetime(2025, 1, 29, 9),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_the_picture_rolls_over(engine: Engine, name: str) -> None:
    now = MOMENTS[name]
    fill(engine, now, days=20)
    found = told(seen(engine, COMMAND, now))
    broken = {code: one["why"] for code, one in found["panels"].items() if one["state"] == "broken"}
    assert broken == {}
    assert found["title"]["date"] == f"{now.year}年{now.month}月{now.day}日"
    assert found["panels"]["ranking"]["data"]["month"] == f"{now.year}年{now.month}月"
    assert found["panels"]["curve"]["data"]["now"] == now.hour
    assert told(seen(engine, HALL, now))["panels"]["station"]["data"]["c"] == "S11"


def test_a_new_day_begins_at_midnight_sharp(engine: Engine) -> None:
    fill(engine, datetime(2024, 5, 8), days=20)
    found = told(seen(engine, COMMAND, datetime(2024, 5, 8)))
    assert data(found, "counters")["items"][0]["value"] == "0"
    assert data(found, "curve")["hours"] == [None] * 24


@pytest.mark.parametrize(("day", "said"), [(date(2024, 5, 7), ""), (date(2031, 1, 1), "2031年节假日安排未公布")])
def test_a_year_without_published_calendar_is_told(engine: Engine, day: date, said: str) -> None:
    now = datetime.combine(day, time(9))
    fill(engine, now, days=3)
    note = told(seen(engine, COMMAND, now))["title"]["note"]
    assert note.startswith(said)
    assert bool(note) == bool(said)


def test_an_empty_database_gives_a_picture(engine: Engine) -> None:
    found = told(seen(engine, COMMAND))
    assert {code for code, one in found["panels"].items() if one["state"] == "broken"} == set()
    assert found["panels"]["curve"]["data"]["hours"] == [None] * 24
    assert found["title"]["data_at"] is None


# size --------------------------------------------------------------------------------------------


def test_the_picture_of_a_hundred_stations_is_small(demo: Demo) -> None:
    """The demo district's rows, repeated to a hundred stations; compressed as for a plain connection."""
    found = told(seen(demo.engine, COMMAND, demo.now))
    times = 100 // len(found["panels"]["board"]["data"]["rows"]) + 1
    for panel, lists in {
        "board": ["rows"], "map": ["stations"], "tracing": ["rows"], "overdue": ["rows"], "redlist": ["rows"],
        "ticker": ["items"],
    }.items():  # fmt: skip
        for name in lists:
            rows = found["panels"][panel]["data"][name]
            found["panels"][panel]["data"][name] = [_changed(row, n) for n in range(times) for row in rows]
    assert len(found["panels"]["board"]["data"]["rows"]) >= 100
    assert len(found["panels"]["map"]["data"]["heat"]["tiles"]) <= 600
    assert len(gzip.compress(json.dumps(found, ensure_ascii=False).encode(), 6)) <= 60_000


def _changed(row: dict[str, Any], number: int) -> dict[str, Any]:
    return {name: f"{value}{number}" if isinstance(value, str) and name in ("c", "name") else value
            for name, value in row.items()}  # fmt: skip


def test_every_panel_of_the_demo_district_has_data(demo: Demo) -> None:
    found = told(seen(demo.engine, COMMAND, demo.now))
    assert {code for code, one in found["panels"].items() if one["data"] is None} == set()
    assert len(data(found, "map")["heat"]["tiles"]) > 100
    assert len(data(found, "ranking")["modes"]) == 3


def test_the_units_in_the_wall_documents_examples_are_in_the_demo(demo: Demo) -> None:
    text = (Path(__file__).parents[2] / "docs" / "wall.md").read_text(encoding="utf-8")
    with reading(demo.engine) as connection:
        known = set(connection.execute(select(t.station.c.code)).scalars())
        known |= set(connection.execute(select(t.district.c.code)).scalars())
    named = set(re.findall(r"\b9901[0-9]{2,8}\b", text))
    assert named
    assert named <= known
