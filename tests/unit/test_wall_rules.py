"""`wall.toml`: what is shipped, what a deployment may lay over it, and mistakes that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.wall_loader import load_wall_rules
from domain.errors import CatalogueError
from domain.wall_rules import ALWAYS, SHAPES, WallRules

CATALOGUE, FIGURES = load_catalogue(), load_compare_rules()
RULES = load_wall_rules(CATALOGUE, FIGURES)
NAMES = 'names = { zh = "我的", en = "Mine" }\n'
GRID = 'columns = "1fr 2fr"\nrows = "1fr"\nareas = ["map board"]\n'
SCREEN = f'[[screen]]\ncode = "mine"\n{NAMES}dwell = 30\n' + "".join(f"[screen.{one}]\n{GRID}" for one in SHAPES)
PLAYLIST = f'[[playlist]]\ncode = "mine"\n{NAMES}screens = ["mine"]\n'


def own(folder: Path, text: str) -> WallRules:
    """The rules with a deployment's own file laid over them."""
    (folder / "wall.toml").write_text(text, encoding="utf-8")
    return load_wall_rules(CATALOGUE, FIGURES, folder)


def test_the_command_room_and_the_hall_are_shipped() -> None:
    command, hall = RULES.playlist("command"), RULES.playlist("hall")
    assert command is not None
    assert hall is not None
    assert [one.code for one in RULES.played(command)] == ["overview", "board", "map", "tasks", "assessment"]
    assert [one.code for one in RULES.played(hall)] == ["hall"]
    assert "station" in RULES.needed(hall)
    assert "ranking" not in RULES.needed(hall)


def test_every_screen_has_a_grid_for_every_shape_and_the_ultra_overview_five_columns() -> None:
    for screen in RULES.screens:
        assert set(screen.shapes) == set(SHAPES)
        for layout in screen.shapes.values():
            assert len(layout.columns.split()) == len(layout.areas[0].split())
            assert len(layout.rows.split()) == len(layout.areas)
    overview = RULES.screen("overview")
    assert overview is not None
    assert len(overview.shapes["ultra"].columns.split()) == 5


def test_the_frame_always_has_its_panels() -> None:
    for playlist in RULES.playlists:
        assert set(ALWAYS) <= set(RULES.needed(playlist))


def test_an_alert_brings_the_screen_forward_that_shows_its_panel_largest() -> None:
    command, hall = RULES.playlist("command"), RULES.playlist("hall")
    assert command is not None
    assert hall is not None
    assert RULES.screen_of(command, "map") == "map"
    assert RULES.screen_of(command, "redlist") in {"board", "tasks"}
    assert RULES.screen_of(hall, "map") == "hall"


def test_a_deployment_replaces_single_keys_and_adds_screens(tmp_path: Path) -> None:
    found = own(tmp_path, f"list_seconds = 90\n[map]\ndays = 7\n{SCREEN}{PLAYLIST}")
    mine = found.playlist("mine")
    assert (found.list_seconds, found.panels.map_days, found.panels.map_tiles) == (90, 7, RULES.panels.map_tiles)
    assert mine is not None
    assert found.needed(mine) == ("board", "map", "redlist", "ticker")
    assert len(found.screens) == len(RULES.screens) + 1
    assert found.version != RULES.version


def test_a_screen_of_the_same_code_is_replaced_where_it_stands(tmp_path: Path) -> None:
    found = own(tmp_path, SCREEN.replace('"mine"', '"map"'))
    assert [one.code for one in found.screens] == [one.code for one in RULES.screens]
    assert found.screen("map") != RULES.screen("map")


MISTAKES = {
    "a panel that does not exist": (SCREEN.replace("map board", "map x", 1), "'x' is no panel", "mine.wide.areas"),
    "a place too many": (SCREEN.replace("map board", "map map board", 1), "row 1 of areas has 3 places", "mine.wide"),
    "a row too few": (SCREEN.replace('rows = "1fr"', 'rows = "1fr 1fr"', 1), "1 rows of areas", "mine.wide"),
    "a panel torn apart": (
        SCREEN.replace('columns = "1fr 2fr"', 'columns = "1fr 1fr 1fr"', 1).replace("map board", "map board map", 1),
        "'map' are no rectangle", "mine.wide",
    ),
    "a track that is none": (SCREEN.replace("1fr 2fr", "1fr wide", 1), "track sizes", "mine.wide.columns"),
    "a shape too few": (SCREEN.rsplit("[screen.tall]", 1)[0], "missing", "mine.tall"),
    "a dwell too short": (SCREEN.replace("dwell = 30", "dwell = 1"), "the value is 1", "mine.dwell"),
    "a screen that does not exist": (PLAYLIST.replace('["mine"]', '["gone"]'), "no screen 'gone'", "mine.screens"),
    "a code used twice": (SCREEN + SCREEN, "used twice", "mine"),
    "a figure that does not exist": ('[counters]\nfigures = ["weather"]\n', "no figure 'weather'", "counters.figures"),
    "a period that does not exist": ('[counters]\npreset = "soon"\n', "today", "counters.preset"),
    "a base that needs days": ('[counters]\nbase = "free"\n', "must be one of", "counters.base"),
    "a source that does not exist": ('[feeds]\nmap = ["weather"]\n', "no source 'weather'", "feeds.map"),
    "a panel of sources that does not exist": ('[feeds]\nclock = ["tracing"]\n', "must be one of", "feeds.clock"),
    "a key that does not exist": ("list_second = 5\n", "did you mean list_seconds", "list_second"),
    "a share above all": ("alert_share = 1.5\n", "the value is 1.5", "alert_share"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, name: str) -> None:
    text, detail, where = MISTAKES[name]
    with pytest.raises(CatalogueError) as found:
        own(tmp_path, text)
    assert detail in str(found.value.params["detail"])
    assert where in str(found.value.params["where"])
    assert str(found.value.params["file"]).endswith("wall.toml")
