"""k-means against scikit-learn, and what the fusion modes' suggestion makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import rand_score, silhouette_samples

from domain.assessment_rules import MODES
from domain.fusion import FEATURES, SEED, Profile, standard, suggest, weights
from domain.kmeans import inertia, kmeans, silhouettes


def blobs(seed: int, size: int = 60, spread: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = rng.normal(0, 4, (3, 5))
    return middles[rng.integers(0, 3, size)] + rng.normal(0, spread, (size, 5))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", [23, 60])
def test_k_means_is_as_good_as_scikit_learns(seed: int, size: int) -> None:
    points = blobs(seed, size, spread=1.0 + seed / 24)
    mine = kmeans(points, 3, 50, np.random.default_rng(SEED))
    theirs = KMeans(3, n_init=50, random_state=1).fit(points)
    assert inertia(points, mine) == pytest.approx(theirs.inertia_, rel=1e-6)
    assert rand_score(mine, theirs.labels_) == 1.0


def test_without_clear_groups_it_is_as_good_as_scikit_learn_on_the_whole() -> None:
    """There neither is sure to find the best in fifty starts; over many sets of points they come out alike."""
    ratios = []
    for seed in range(20):
        points = np.random.default_rng(seed).normal(size=(23, 5))
        mine = kmeans(points, 3, 50, np.random.default_rng(SEED))
        ratios.append(inertia(points, mine) / KMeans(3, n_init=50, random_state=1).fit(points).inertia_)
    assert np.mean(ratios) == pytest.approx(1, abs=0.004)
    assert max(ratios) < 1.04


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 40))
def test_silhouettes_are_those_of_scikit_learn(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(size, 3)), rng.integers(0, 3, size)
    labels[:3] = [0, 1, 2]
    assert silhouettes(points, labels) == pytest.approx(silhouette_samples(points, labels), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 30))
def test_no_cluster_is_ever_empty_and_no_point_could_move_for_the_better(seed: int, size: int) -> None:
    """Points that coincide are the hard case: there may be fewer places than clusters."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 3, (size, 2)).astype(float)
    labels = kmeans(points, 3, 5, rng)
    assert set(labels.tolist()) == {0, 1, 2}
    if len(np.unique(points, axis=0)) >= 3:
        centres = np.array([points[labels == one].mean(axis=0) for one in range(3)])
        squares = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        assert squares[np.arange(size), labels] == pytest.approx(squares.min(axis=1))


def test_the_same_seed_gives_the_same_clusters() -> None:
    points = blobs(3)
    first, second = (kmeans(points, 3, 5, np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()


# the suggestion ---------------------------------------------------------------------------------

TOWN = {"cases": 50, "accidents": 300, "deaths": 0.2, "violations": 400, "hazards": 200, "people": 9000}
FRINGE = {"cases": 40, "accidents": 330, "deaths": 0.8, "violations": 300, "hazards": 120, "people": 12_000}
COUNTRY = {"cases": 20, "accidents": 320, "deaths": 2.0, "violations": 200, "hazards": 50, "people": 20_000}
KINDS = {  # mode -> rates, congestion share, petitions per 10 000, rural share of deaths
    "basic": (TOWN, 0.20, 2.0, 0.0),
    "deep": (COUNTRY, 0.02, 2.0, 1.0),
    "full": (FRINGE, 0.05, 30.0, 0.1),
}


def profile(code: str, kind: str, rng: np.random.Generator, **given: object) -> Profile:
    rates, congestion, petitions, rural = KINDS[kind]
    people, area = float(rng.uniform(3, 20)), float(rng.uniform(20, 80))
    size = {"10k": people, "100k": people / 10, "10km2": area / 10}
    counts = [rates[one.code] * size[one.per] * rng.normal(1, 0.08) for one in FEATURES]
    deaths = float(counts[2] or 0)
    one = Profile(
        code,
        kind,
        people,
        area,
        tuple(counts),
        congestion=700 * people * congestion,
        petitions=petitions * people,
        rural_deaths=deaths * rural,
    )
    return replace(one, **given)  # type: ignore[arg-type]


def district(seed: int = 1) -> list[Profile]:
    rng = np.random.default_rng(seed)
    kinds = ["basic"] * 6 + ["deep"] * 15 + ["full"] * 5
    return [profile(f"S{number:02d}", kind, rng) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clear_groups_are_found_and_named_by_rule_and_not_by_number(seed: int) -> None:
    clustering = suggest(district(seed), np.random.default_rng(SEED))
    assert clustering is not None
    assert {one.code: one.mode for one in clustering.suggestions} == {one.code: one.mode for one in district(seed)}
    assert clustering.silhouette > 0.5
    assert clustering.stability > 0.9
    assert clustering.features == tuple(one.code for one in FEATURES)
    for one in clustering.suggestions:
        assert MODES[int(np.argmin(one.distances))] == one.mode
        assert 0 <= one.stability <= 1


def test_the_order_of_stations_does_not_matter_for_clear_groups() -> None:
    profiles = district()
    first = suggest(profiles, np.random.default_rng(SEED))
    second = suggest(profiles[::-1], np.random.default_rng(SEED))
    assert first and second
    assert {one.code: one.mode for one in first.suggestions} == {one.code: one.mode for one in second.suggestions}


def test_stations_without_groups_are_told_by_silhouette_and_stability() -> None:
    rng = np.random.default_rng(5)
    alike = [profile(f"S{number}", "deep", rng) for number in range(23)]
    clustering = suggest(alike, np.random.default_rng(SEED))
    assert clustering is not None
    assert clustering.silhouette < 0.4
    assert clustering.stability < 0.8


def test_a_feature_without_rows_and_a_station_without_residents_are_left_out_and_named() -> None:
    profiles = [replace(one, counts=(None, *one.counts[1:])) for one in district()]
    profiles[0] = replace(profiles[0], residents_10k=None)
    clustering = suggest(profiles, np.random.default_rng(SEED))
    assert clustering is not None
    assert (clustering.absent, clustering.left_out) == (("cases",), ("S00",))
    assert len(clustering.suggestions) == len(profiles) - 1
    assert {len(row) for row in clustering.centres} == {5}


def test_too_few_stations_or_nothing_to_tell_them_apart_suggest_nothing() -> None:
    assert suggest(district()[:3], np.random.default_rng(SEED)) is None
    same = [replace(one, counts=(1.0,) * 6, residents_10k=1.0, area_km2=1.0) for one in district()]
    assert suggest(same, np.random.default_rng(SEED)) is None
    assert suggest([], np.random.default_rng(SEED)) is None


def test_rates_are_logged_and_standardised_and_groups_weigh_alike() -> None:
    spread = standard(np.array([[0.0, 3.0], [1.0, 3.0], [9.0, 3.0]]))
    assert spread[:, 0].mean() == pytest.approx(0)
    assert spread[:, 0].std() == pytest.approx(1)
    assert (spread[:, 1] == 0).all()
    squares = dict(zip(FEATURES, weights(FEATURES) ** 2, strict=True))
    for group in {one.group for one in FEATURES}:
        assert sum(square for one, square in squares.items() if one.group == group) == pytest.approx(1)
