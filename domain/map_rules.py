"""The rules of maps and hot spots: what `catalogue/maps.toml` says, checked and frozen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlackSpotRule:
    """A black spot: at least `incidents` of `class_code` within `radius_m` metres in `days` days (DOMAIN 2.5)."""

    incidents: int
    radius_m: float
    days: int
    class_code: str


@dataclass(frozen=True, slots=True)
class ClosingRule:
    """A hot spot closes after `days` days of treatment with a fall of at least `fall` (share, 0..1)."""

    days: int
    fall: float


@dataclass(frozen=True, slots=True)
class LocalRule:
    """Gi* on the hexagons of `resolution`: number of random permutations, their seed, false-discovery share.

    `least`: a spot of fewer incidents is not listed, however unlikely.
    """

    resolution: int
    permutations: int
    seed: int
    false_discovery: float
    least: int


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Duty advice: weeks the model learns from, weeks it is tested on, how many places × hours it names.

    With fewer than `least` incidents in the learnt weeks it names none.
    """

    weeks: int
    tested_weeks: int
    slots: int
    resolution: int
    least: int = 30


@dataclass(frozen=True, slots=True)
class MapRules:
    """Everything a deployment may change about maps.

    Args:
        rings_m: radii of the distance rings, metres, rising.
        resolutions: H3 resolutions of the hexagons, coarse first.
        most_cells: most hexagons of one resolution that are sent to a browser at once.
        most_points: most single incidents that are sent to a browser at once.
        points_from_zoom: map zoom from which single incidents are drawn.
        density_m: bandwidth of the display-only kernel density, metres; the same for every period.
        change_q: share of false discoveries allowed among the coloured cells of a difference map.
        version: digest of the file's content.
    """

    black_spot: BlackSpotRule
    closing: ClosingRule
    local: LocalRule
    duty: DutyRule
    rings_m: tuple[float, ...]
    resolutions: tuple[int, ...]
    most_cells: int
    most_points: int
    points_from_zoom: int
    density_m: float
    change_q: float
    version: str
