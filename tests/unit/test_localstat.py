"""Gi* against esda, its permutation p-values against plain counting, and its false alarms on random maps."""

from __future__ import annotations

import doctest
import tracemalloc
import warnings
from itertools import combinations
from time import process_time

import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import localstat
from domain.localstat import gi_star, hot
from services.hexes import neighbours


def hexagons(n: int) -> np.ndarray:
    """Neighbours of n hexagons that lie together."""
    radius = int((n / 3) ** 0.5) + 1
    disk = h3.grid_disk(h3.latlng_to_cell(30.0, 120.58, 9), radius)
    return neighbours(np.sort(np.array(disk[:n], dtype=np.uint64)))


def busy(rng: np.random.Generator, n: int, mean: float = 3.0) -> np.ndarray:
    """Counts without any pattern: many zeros, a few large ones."""
    return rng.negative_binomial(0.4, 0.4 / (0.4 + mean), n)


def chance(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_z_and_p_agree_with_esda() -> None:
    esda = pytest.importorskip("esda.getisord", reason="esda is a development package; it is not installed")
    libpysal = pytest.importorskip("libpysal", reason="libpysal is a development package; it is not installed")
    table, counts = hexagons(400), busy(chance(2), 400)
    counts[table[5][table[5] >= 0]] += 8
    ours = gi_star(counts, table, 4999, chance(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = libpysal.weights.W({row: [i for i in near[1:].tolist() if i >= 0] for row, near in enumerate(table)})
        theirs = esda.G_Local(counts.astype(float), weights, "B", 4999, star=True, n_jobs=1, seed=5)
    assert ours.z == pytest.approx(theirs.Zs, abs=1e-9)
    above = ours.z > 0
    folded = np.minimum(ours.p, 1 - ours.p + 1 / 5000)  # esda names the nearer tail
    noise = 5 * np.sqrt(2 * ours.p * (1 - ours.p) / 4999) + 1e-3
    assert above.sum() > 100
    untied = above & (ours.p < 0.4)
    assert (np.abs(folded - theirs.p_sim) <= noise)[untied].all()
    assert (ours.p[~above] == 1).all()


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=8, max_size=12), st.integers(1, 6), st.data())
def test_the_tail_counts_every_way_to_draw(counts: list[int], ties: int, data: st.DataObject) -> None:
    own = data.draw(st.integers(0, len(counts) - 1))
    others = counts[:own] + counts[own + 1 :]
    sums = np.array([sum(some) for some in combinations(others, ties)])
    around = data.draw(st.sampled_from(sums.tolist()))
    found = localstat._counted(np.array(counts), np.array([around]), np.array([counts[own]]), ties)
    assert found[0] == pytest.approx((sums >= around).mean(), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=30), st.integers(1, 6), st.integers(0, 99))
def test_reached_is_what_a_loop_over_the_others_finds(counts: list[int], ties: int, seed: int) -> None:
    values, n = np.array(counts), len(counts)
    drawn = localstat._drawn(n, 40, chance(seed))[:, :ties]
    around = chance(seed).integers(0, 9 * ties, n)
    expected = []
    for cell in range(n):
        others = values[:-1].copy()
        if cell < n - 1:
            others[cell] = values[-1]
        assert sorted(others) == sorted(np.delete(values, cell))
        expected.append(sum(int(others[draw].sum()) >= around[cell] for draw in drawn))
    assert localstat._reached(values, around, np.arange(n), drawn).tolist() == expected


@pytest.mark.parametrize("n", [3, 7, 150, 201, 5000])
def test_draws_never_repeat_one_and_reach_every_place(n: int) -> None:
    drawn = localstat._drawn(n, 999, chance(4))
    assert drawn.shape == (999, min(6, n - 1))
    assert drawn.min() >= 0
    assert drawn.max() <= n - 2
    assert all(len(set(row)) == len(row) for row in drawn.tolist())
    assert abs(drawn.mean() / ((n - 2) / 2) - 1) < 0.06 if n > 7 else set(drawn.ravel().tolist()) == set(range(n - 1))


def test_sampled_and_counted_p_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    table, counts = hexagons(500), busy(chance(5), 500)
    counts[table[8][table[8] >= 0]] += 15
    sampled = gi_star(counts, table, 20_000, chance(1))
    monkeypatch.setattr(localstat, "FEWEST", 10**9)
    counted = gi_star(counts, table, 99, chance(1))
    assert (counted.p < 0.001).any()
    assert (np.abs(sampled.p - counted.p) <= 5 * np.sqrt(counted.p * (1 - counted.p) / 20_000) + 1e-4).all()


def test_larger_numbers_do_not_change_p_downwards() -> None:
    table, counts = hexagons(300), busy(chance(6), 300)
    small, large = gi_star(counts, table, 999, chance(1)), gi_star(counts * 5000 + 1, table, 999, chance(1))
    inner = (table >= 0).all(axis=1) & (small.p < 0.008)
    assert inner.any()
    assert (large.p[inner] >= small.p[inner] * (1 - 1e-6)).all()
    assert large.p[inner] == pytest.approx(small.p[inner], rel=0.1)


@pytest.mark.parametrize(("shape", "mean"), [(0.4, 3.0), (0.1, 0.3), (5.0, 0.3)])
def test_on_random_maps_next_to_nothing_is_hot(shape: float, mean: float) -> None:
    """Even counts and very uneven ones, many and few."""
    table, alarms = hexagons(2000), 0
    for seed in range(100):
        counts = chance(seed).negative_binomial(shape, shape / (shape + mean), 2000)
        alarms += bool(hot(gi_star(counts, table, 999, chance(1)), 0.05).any())
    assert alarms / 100 <= 0.05 + 3 * (0.05 * 0.95 / 100) ** 0.5


def test_on_random_maps_p_is_what_it_says() -> None:
    table = hexagons(3000)
    found = [gi_star(busy(chance(seed), 3000), table, 999, chance(1)) for seed in range(60)]
    below = [[(one.p <= level).mean() for level in (0.05, 0.01, 0.001)] for one in found]
    assert np.mean(below, axis=0) == pytest.approx([0.05, 0.01, 0.001], rel=0.2)
    tested = [[(one.p[one.tested] <= level).mean() for level in (0.05, 0.01, 0.001)] for one in found]
    assert np.mean(tested, axis=0) == pytest.approx([0.05, 0.01, 0.001], rel=0.3)


def test_a_quiet_hexagon_among_busy_ones_is_not_hot() -> None:
    table, counts = hexagons(2000), chance(3).poisson(1.0, 2000)
    centre = int(np.flatnonzero((table >= 0).all(axis=1))[900])
    counts[np.unique(table[table[centre]])] += 9
    counts[centre] = 0
    found = gi_star(counts, table, 999, chance(1))
    flagged = hot(found, 0.05)
    assert found.p[centre] < 1e-4
    assert not found.tested[centre]
    assert not flagged[centre]
    assert flagged[table[centre, 1:]].all()


def test_a_busy_middle_of_an_empty_land_is_hot() -> None:
    """A city as cities are: nearly all incidents in a tenth of the hexagons, a few of them very busy."""
    table = hexagons(10_000)
    rate = np.zeros(10_000)
    core = np.array([5000])
    for _ in range(12):
        core = np.unique(table[core][table[core] >= 0])
    rate[core] = chance(1).gamma(1.0, 4.0, len(core))
    rate[core[::60]] = 100
    flagged = hot(gi_star(chance(2).poisson(rate), table, 999, chance(1)), 0.05)
    assert flagged[core].mean() > 0.1
    assert not flagged[rate == 0].any()


def test_a_busy_neighbourhood_is_found_among_fifteen_thousand_hexagons() -> None:
    table, counts = hexagons(15_000), chance(3).poisson(1.0, 15_000)
    centre = int(np.flatnonzero((table >= 0).all(axis=1))[7000])
    counts[table[centre]] += 7
    found = gi_star(counts, table, 999, chance(1))
    flagged = hot(found, 0.05)
    assert flagged[centre]
    assert flagged[table[centre]].sum() >= 4
    assert set(np.flatnonzero(flagged)) <= set(table[table[centre]].ravel()), "only those that touch a busy one"
    assert found.p[centre] < 1e-6, "no sample of 999 can say this"


def test_a_single_busy_hexagon_is_no_neighbourhood() -> None:
    table, counts = hexagons(2000), chance(3).poisson(1.0, 2000)
    counts[900] = 500
    assert not hot(gi_star(counts, table, 999, chance(1)), 0.05).any()


def test_the_same_seed_gives_the_same_answer() -> None:
    table, counts = hexagons(800), busy(chance(9), 800)
    one, same, other = (gi_star(counts, table, 99, chance(seed)) for seed in (1, 1, 2))
    assert one.p.tolist() == same.p.tolist()
    assert one.p.tolist() != other.p.tolist()
    assert one.z.tolist() == other.z.tolist()


@pytest.mark.parametrize("mean", [2.0, 700.0])
def test_fifteen_thousand_hexagons_take_less_than_a_second_and_200_mb(mean: float) -> None:
    table, counts = hexagons(15_000), busy(chance(1), 15_000, mean)
    tracemalloc.start()
    gi_star(counts, table, 999, chance(1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    start = process_time()
    gi_star(counts, table, 999, chance(1))
    assert process_time() - start < 1
    assert peak < 200e6


@pytest.mark.parametrize("counts", [[], [5], [0, 0, 0], [4, 4, 4], [1, 2]])
def test_what_cannot_differ_is_not_hot(counts: list[int]) -> None:
    n = len(counts)
    table = np.full((n, 7), -1)
    table[:, :n] = [[(row + step) % n for step in range(n)] for row in range(n)]
    found = gi_star(np.array(counts, dtype=np.int64), table, 99, chance(1))
    assert found.z.tolist() == [0.0] * n
    assert found.p.tolist() == [1.0] * n
    assert hot(found, 0.05).tolist() == [False] * n


def test_a_hexagon_without_neighbours_cannot_be_hot() -> None:
    table = np.full((50, 7), -1)
    table[:, 0] = np.arange(50)
    counts = np.ones(50, dtype=np.int64)
    counts[0] = 100
    found = gi_star(counts, table, 99, chance(1))
    assert found.z[0] > 6
    assert found.p.tolist() == [1.0] * 50


def test_the_examples_are_true() -> None:
    found = doctest.testmod(localstat)
    assert found.attempted
    assert not found.failed
