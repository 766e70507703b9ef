"""The filter: from an address and back, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadRequest
from domain.incident_filter import DAY_KINDS, SEVERITIES, Circle, Filter, narrowed, params, parse, ranges

words = st.lists(st.from_regex(r"[a-zA-Z0-9_]{1,12}", fullmatch=True), max_size=4).map(lambda x: tuple(sorted(set(x))))


def some(values: tuple) -> st.SearchStrategy:
    return st.sets(st.sampled_from(values)).map(lambda x: tuple(sorted(x)))


filters = st.builds(
    Filter,
    classes=words, subclasses=words, channels=words, tags=words, districts=words, stations=words, grids=words,
    found=st.sampled_from(("", "citizen", "officer", "unknown", "others")),
    valid=st.sampled_from(("yes", "no", "all")),
    repeat=st.sampled_from(("all", "first", "repeat")),
    placed=st.sampled_from(("all", "yes", "no")),
    severities=some(SEVERITIES), day_kinds=some(DAY_KINDS),
    hours=some(tuple(range(24))), weekdays=some(tuple(range(7))),
    cell=st.sampled_from(("", "8830e1ca2bfffff", "8930e1ca2b7ffff")),
    near=st.none() | st.builds(Circle, st.floats(-180, 180).map(lambda v: round(v, 6)),
                               st.floats(-89, 89).map(lambda v: round(v, 6)), st.integers(1, 50_000).map(float)),
)  # fmt: skip


@given(filters)
def test_an_address_gives_the_same_filter_back(wanted: Filter) -> None:
    assert parse(params(wanted)) == wanted
    assert set(narrowed(wanted)) == {
        name for name in Filter.__slots__ if getattr(wanted, name) != getattr(Filter(), name)
    }


def test_the_plain_filter_leaves_no_parameter() -> None:
    assert params(Filter()) == {}
    assert parse({"preset": "30d", "layer": "hex"}) == Filter()


def test_hours_may_run_over_midnight() -> None:
    assert parse({"hours": "22-2"}).hours == (0, 1, 2, 22, 23)
    assert ranges((0, 1, 2, 22, 23)) == "0-2,22-23"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", "24"), ("hours", "x"), ("hours", "1-2-3"), ("hours", "７"), ("weekdays", "7"), ("valid", "maybe"),
        ("days", "feastday"), ("severity", "awful"), ("cell", "x"), ("cell", "8f30e1ca2bfffff"), ("near", "1,2"),
        ("near", "1,2,nan"), ("near", "500,2,100"), ("near", "1,2,0"), ("near", "1,2,1e9"), ("class", "a b"),
        ("station", "'; drop table"), ("station", ",".join(map(str, range(80)))), ("tag", "<b>"), ("grid", "x" * 65),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse({name: value})
    assert caught.value.key == "error.bad_filter"
    assert caught.value.params["name"] == name
