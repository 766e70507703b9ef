"""The rules of wall displays: what `catalogue/wall.toml` says, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHAPES = ("wide", "ultra", "tall")
"""16:9 (1920 x 1080), 32:9 (3840 x 1080) and upright (1080 x 1920)."""

COUNTERS, BOARD, MAP, CURVE, TRACING = "counters", "board", "map", "curve", "tracing"
OVERDUE, RANKING, REDLIST, TICKER, STATION = "overdue", "ranking", "redlist", "ticker", "station"
PANELS = (COUNTERS, BOARD, MAP, CURVE, TRACING, OVERDUE, RANKING, REDLIST, TICKER, STATION)
ALWAYS = (REDLIST, TICKER)
"""Panels that every picture carries: the frame around the screens shows them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid, in the words of CSS: track sizes, and one text of panel codes per row (`.` for an empty place)."""

    columns: str
    rows: str
    areas: tuple[str, ...]

    @property
    def panels(self) -> tuple[str, ...]:
        """The panels of the grid, each once, in reading order."""
        return tuple(dict.fromkeys(code for row in self.areas for code in row.split() if code != "."))


@dataclass(frozen=True, slots=True)
class WallScreen:
    """One screen of a playlist. `dwell`: seconds it stands. `shapes`: one of `SHAPES` -> its grid, all three."""

    code: str
    names: Mapping[str, str]
    dwell: int
    shapes: Mapping[str, Layout]

    @property
    def panels(self) -> frozenset[str]:
        """The panels of any of its grids."""
        return frozenset(code for layout in self.shapes.values() for code in layout.panels)


@dataclass(frozen=True, slots=True)
class Playlist:
    """Screens in the order they are shown."""

    code: str
    names: Mapping[str, str]
    screens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelRules:
    """What the panels count.

    Args:
        preset, base: period of the counters and what it is compared with (`domain.sameperiod`); figures: codes.
        curve_weeks: weeks the usual day is learnt from; curve_least: fewer days of the same kind, and all days are
            taken; curve_share: share of the days inside the band, 0..1.
        map_days: days of the heat, today included; map_tiles: most hexagons; map_seconds: how often it is made anew;
            map_spots: most open hot spots.
        tracing_kind: kind of work order; tracing_days: orders of so many days, today included.
        red_hours: so long past its deadline an order is red, before yellow.
        ranking_seconds: how often a running month is scored anew.
        feeds: panel -> sources it is made of.
    """

    preset: str
    base: str
    figures: tuple[str, ...]
    curve_weeks: int
    curve_least: int
    curve_share: float
    map_days: int
    map_tiles: int
    map_seconds: int
    map_spots: int
    tracing_kind: str
    tracing_days: int
    red_hours: int
    ranking_seconds: int
    feeds: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WallRules:
    """Everything a deployment may change about wall displays.

    Args:
        alert_dwell: seconds that a new alert holds its screen. alert_minutes: how long it is new.
        alert_share: largest share of the time that alerts may take from the other screens, 0..1.
        list_seconds: a long list passes completely within these seconds. pause_seconds: a touch or key stops the
            rotation for so long.
        version: digest of the file's content.
    """

    screens: tuple[WallScreen, ...]
    playlists: tuple[Playlist, ...]
    alert_dwell: int
    alert_minutes: int
    alert_share: float
    list_seconds: int
    pause_seconds: int
    panels: PanelRules
    version: str

    def screen(self, code: str) -> WallScreen | None:
        """The screen with this code, or None."""
        return next((one for one in self.screens if one.code == code), None)

    def playlist(self, code: str) -> Playlist | None:
        """The playlist with this code, or None."""
        return next((one for one in self.playlists if one.code == code), None)

    def played(self, playlist: Playlist) -> tuple[WallScreen, ...]:
        """The playlist's screens, in order."""
        found = (self.screen(code) for code in playlist.screens)
        return tuple(one for one in found if one is not None)

    def needed(self, playlist: Playlist) -> tuple[str, ...]:
        """The panels that a playlist shows, in the order of `PANELS`."""
        shown = {code for screen in self.played(playlist) for code in screen.panels} | set(ALWAYS)
        return tuple(code for code in PANELS if code in shown)

    def screen_of(self, playlist: Playlist, panel: str) -> str:
        """The screen that shows a panel largest, that is beside the fewest others; the first one where none does."""
        screens = self.played(playlist)
        showing = [one for one in screens if panel in one.panels]
        best = min(showing or screens[:1], key=lambda one: len(one.panels), default=None)
        return best.code if best else ""


NO_WALLS = WallRules(
    (), (), 20, 30, 0.5, 60, 60, PanelRules("today", "year", (), 8, 4, 0.8, 30, 600, 300, 10, "", 30, 24, 300, {}), ""
)
"""Rules without any screen, for programs that show none."""
