"""An address of the comparison pages is read as what it says, written back the same, and refused when nonsense."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.compare_loader import load_compare_rules
from catalogue.days import spring_festival
from domain.compare_asked import CLASSES, MODES, REGIONS, RESIDENTS, SORTED, compare_asked, params
from domain.compare_views import LIMITS, STEPS, UNITS, WHO, CompareAsked
from domain.errors import BadRequest
from domain.incident_filter import MOST_VALUES
from domain.sameperiod import periods
from domain.span import PRESETS
from domain.span import UNITS as SPANS
from tests.support import views

RULES = load_compare_rules()
NOW = datetime(2024, 5, 7, 13, 5, 20)


def ask(now: datetime = NOW, **args: str) -> CompareAsked:
    return compare_asked(args, now, RULES, spring_festival)


def test_without_a_word_it_is_this_month_by_station_with_the_main_figure() -> None:
    assert ask() == CompareAsked(periods({}, NOW, spring_festival), figure=RULES.main)
    assert params(ask(), RULES) == {"preset": "month", "base": "year"}
    assert not ask().narrowed


def test_everything_an_address_says_is_read() -> None:
    found = ask(
        district="D2,D1", station=" S1 , S2,S1,", region="rural", mode="deep,full", unit="kind", figure="order",
        sort="-order.change", step="week", who="squadron", limits="region", **{"class": "order"},
    )  # fmt: skip
    assert found == CompareAsked(
        periods({}, NOW, spring_festival), ("D1", "D2"), ("S1", "S2"), ("rural",), ("deep", "full"), "kind", "order",
        "-order.change", "week", "squadron", "region", ("order",),
    )  # fmt: skip
    assert found.narrowed


def test_names_that_belong_to_somebody_else_are_left_alone() -> None:
    assert ask(as_of="2024-05-01", lang="en", hex="1,2,3", page="7") == ask()


@pytest.mark.parametrize("name", ["district", "station", "region", "mode", "class", "unit", "figure", "sort", "step"])
def test_an_empty_parameter_is_none(name: str) -> None:
    assert ask(**{name: "  "}) == ask()


# nonsense ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("district", "D1,<b>", "<b>"),
        ("station", "S1;DROP", "S1;DROP"),
        ("station", "a b", "a b"),
        ("station", "x" * 65, "x" * 60),
        ("station", ",".join(f"S{n}" for n in range(MOST_VALUES + 1)), "S0,S1,S2,"),
        ("region", "moon", "moon"),
        ("region", "urban,suburban", "suburban"),
        ("mode", "none", "none"),
        ("class", "all", "all"),
        ("unit", "planet", "planet"),
        ("unit", "station,district", "station,district"),
        ("figure", "ufo", "ufo"),
        ("figure", "repeat_share", "repeat_share"),
        ("figure", "order,other", "order,other"),
        ("step", "year", "year"),
        ("who", "me", "me"),
        ("limits", "none", "none"),
        ("sort", "ufo", "ufo"),
        ("sort", "order.now", "order.now"),
        ("sort", "order.", "order."),
        ("sort", "--order", "--order"),
        ("sort", "residents.base", "residents.base"),
        ("sort", "<script>", "<script>"),
        ("hours", "3", "3"),
        ("at", "2024-05-01", "2024-05-01 (7d)"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name_and_value(name: str, value: str, said: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ask(preset="7d", **{name: value})
    assert caught.value.params["name"] == name
    assert str(caught.value.params["value"]).startswith(said)
    assert len(str(caught.value.params["value"])) <= 60


def test_so_many_values_and_no_more() -> None:
    assert len(ask(station=",".join(f"S{n}" for n in range(MOST_VALUES))).stations) == MOST_VALUES


@pytest.mark.parametrize(
    "args", [{"preset": "forever"}, {"base": "prev"}, {"from": "2024-05-02", "to": "2024-05-01"}, {"from": "x"}]
)
def test_periods_that_make_no_sense_are_refused_by_their_value(args: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as caught:
        ask(**args)
    assert all(value in str(caught.value.params["value"]) for value in args.values())


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2024-02-30", "2024-05-07T13:05"])
@pytest.mark.parametrize("name", ["at", "from", "to", "base_from", "base_to"])
def test_days_that_no_calendar_of_ours_has_are_refused(name: str, day: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ask(preset="month", **{name: day})
    assert day[:10] in str(caught.value.params["value"])


def test_a_broken_address_is_a_sentence_and_never_a_fault() -> None:
    def check(args: dict[str, str]) -> None:
        try:
            compare_asked(args, NOW, RULES, spring_festival)
        except BadRequest as error:
            assert "value" in error.params

    names = ["preset", "at", "from", "to", "base", "base_from", "base_to", "hours", "district", "station", "region",
             "mode", "class", "unit", "figure", "sort", "step", "who", "limits"]  # fmt: skip
    values = st.text(max_size=12) | st.sampled_from(
        [
            "month",
            "free",
            "2024-02-30",
            "2024-05-07T13:05",
            "0001-01-01",
            "9999-12-31",
            "20240501",
            "2024-W05",
            "-",
            ",",
        ]
    )
    given(st.dictionaries(st.sampled_from(names), values, max_size=4))(
        settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])(check)
    )()


# there and back ----------------------------------------------------------------------------------

codes = st.lists(st.from_regex(r"\A[\w.:-]{1,64}\Z"), max_size=4)
some = st.lists
sorts = st.sampled_from([RESIDENTS, *(f"{one.code}{column}" for one in RULES.figures for column in SORTED)])


@st.composite
def addresses(draw: st.DrawFn) -> tuple[dict[str, str], datetime]:
    now = datetime(1998, 1, 1) + timedelta(seconds=draw(st.integers(0, 60 * 365 * 86_400)))
    args = {"base": draw(st.sampled_from(["", "year", "weekday", "lunar", "none"]))}
    if draw(st.booleans()):
        args["preset"] = draw(st.sampled_from(["", *PRESETS]))
    else:
        day = (now - timedelta(days=draw(st.integers(1, 500)))).date().isoformat()
        args |= draw(st.sampled_from([{"from": day}, {"preset": draw(st.sampled_from(SPANS)), "at": day}]))
    for name, values in (
        ("district", codes), ("station", codes), ("region", some(st.sampled_from(REGIONS))),
        ("mode", some(st.sampled_from(MODES))), ("class", some(st.sampled_from(CLASSES))),
    ):  # fmt: skip
        args[name] = ",".join(draw(values))
    for name, choices in (("unit", UNITS), ("step", STEPS), ("who", WHO), ("limits", LIMITS)):
        args[name] = draw(st.sampled_from(["", *choices]))
    args["figure"] = draw(st.sampled_from(["", *(one.code for one in RULES.figures)]))
    args["sort"] = draw(st.just("") | sorts | sorts.map(lambda text: f"-{text}"))
    args["hours"] = draw(st.sampled_from(["", "whole"]))
    return args, now


@settings(deadline=None)
@given(addresses())
def test_an_address_written_back_asks_the_same(asked: tuple[dict[str, str], datetime]) -> None:
    args, now = asked
    found = ask(now, **args)
    written = params(found, RULES)
    assert ask(now, **written) == found
    assert params(ask(now, **written), RULES) == written
    assert all(written.values()), "what is empty is left out"
    plain = {"unit": UNITS[0], "step": STEPS[0], "who": WHO[0], "limits": LIMITS[0], "figure": RULES.main}
    assert not [name for name, value in plain.items() if written.get(name) == value]


# which stations ----------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(["D1", "D2"]), unique=True), st.lists(st.sampled_from(REGIONS), unique=True),
    st.lists(st.sampled_from(MODES), unique=True), st.integers(0, 5),
)  # fmt: skip
def test_a_station_is_meant_when_every_word_about_it_fits(
    districts: list[str], regions: list[str], modes: list[str], number: int
) -> None:
    unit = views.unit(number, 6)
    found = ask(district=",".join(districts), region=",".join(regions), mode=",".join(modes))
    fits = (
        (not districts or unit.district_code in districts)
        and (not regions or unit.region_type in regions)
        and (not modes or unit.fusion_mode in modes)
    )
    assert found.holds(unit) == fits
    assert found.narrowed == bool(districts or regions or modes)
    assert ask(station=unit.code).holds(unit) and not ask(station=f"{unit.code}0").holds(unit)
