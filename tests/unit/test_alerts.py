"""Alerts as a pure step: what opens, stays, ends and comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalogue.alerts_loader import load_alert_rules
from domain.alerts import (
    Alert,
    AlertKind,
    IncidentFacts,
    RedCell,
    Seen,
    Step,
    acknowledged,
    alert_id,
    stays_until,
    step,
)
from domain.errors import CatalogueError, Refused

RULES = load_alert_rules()
NOW = datetime(2024, 5, 7, 13)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MIDNIGHT = datetime(2024, 5, 7)
CELL = RedCell("S1", "T1-01", 72.5, 95.0, MIDNIGHT)
LEVEL = RedCell("S1", "T2-03", 4.0, 0.0)
DEADLY = IncidentFacts("I1", "S1", NOW - HOUR, "accident", "injury", deaths=1)
PAIR = ("S1", "T1-01")


def after(known: Iterable[Alert], found: Step) -> list[Alert]:
    """What is known once a step was written."""
    kept = {alert.alert_id: alert for alert in known}
    kept |= {alert.alert_id: alert for alert in (*found.opened, *found.changed)}
    return list(kept.values())


def walk(*looks: tuple[int, Seen]) -> list[Alert]:
    """All alerts after looks at minutes from NOW on."""
    known: list[Alert] = []
    for minutes, seen in looks:
        known = after(known, step(known, seen, RULES, NOW + minutes * MINUTE))
    return sorted(known, key=lambda alert: (alert.began_at, alert.alert_id))


def one(*looks: tuple[int, Seen]) -> Alert:
    (alert,) = walk(*looks)
    return alert


RED, NOTHING = Seen(reds=(CELL,)), Seen()


def test_a_red_hard_cell_opens_an_alert_with_its_numbers() -> None:
    alert = one((0, RED))
    assert (alert.kind, alert.subject, alert.began_at, alert.ended_at) == (AlertKind.RED, PAIR, NOW, None)
    assert (alert.value, alert.target) == (72.5, 95.0)


@pytest.mark.parametrize(
    ("looks", "spans"),
    [
        pytest.param([(0, RED), (9, RED)], [(0, None)], id="it stays"),
        pytest.param([(0, RED), (9, NOTHING)], [(0, 9)], id="it ends"),
        pytest.param([(0, RED), (9, NOTHING), (19, RED)], [(0, None)], id="ten minutes later it is the same"),
        pytest.param([(0, RED), (9, NOTHING), (20, RED)], [(0, 9), (20, None)], id="later it is a new one"),
        pytest.param([(0, RED), (9, NOTHING), (12, NOTHING), (15, RED), (30, NOTHING)], [(0, 30)], id="it flickers"),
        pytest.param([(0, RED), (5, Seen(unknown=frozenset({PAIR})))], [(0, None)], id="no news is not good news"),
        pytest.param([(0, Seen(unknown=frozenset({PAIR})))], [], id="no news is no bad news either"),
    ],
)  # fmt: skip
def test_how_long_a_red_alert_lasts(looks: list[tuple[int, Seen]], spans: list[tuple[int, int | None]]) -> None:
    found = [(a.began_at, a.ended_at) for a in walk(*looks)]
    assert found == [(NOW + b * MINUTE, None if e is None else NOW + e * MINUTE) for b, e in spans]


def test_a_new_period_is_a_new_alert_even_within_the_hysteresis() -> None:
    tomorrow = replace(CELL, since=MIDNIGHT + timedelta(days=1))
    old, new = walk((0, RED), (11 * 60 + 2, Seen(reds=(tomorrow,))))
    assert (old.ended_at, new.began_at, new.is_open) == (new.began_at, NOW + (11 * 60 + 2) * MINUTE, True)


def test_a_level_goes_on_over_midnight() -> None:
    assert one((0, Seen(reds=(LEVEL,))), (24 * 60, Seen(reds=(LEVEL,)))).began_at == NOW


def test_what_was_acknowledged_and_comes_back_late_waits_again() -> None:
    first = acknowledged(one((0, RED)), "A", "done", NOW + MINUTE)
    ended = after([first], step([first], NOTHING, RULES, NOW + 5 * MINUTE))
    soon = after(ended, step(ended, RED, RULES, NOW + 9 * MINUTE))
    late = step(ended, RED, RULES, NOW + HOUR)
    assert [alert.is_acked for alert in soon] == [True]
    assert [alert.is_acked for alert in late.opened] == [False]


def test_of_two_open_alerts_about_one_cell_the_younger_ends() -> None:
    older = one((0, RED))
    younger = replace(older, alert_id="x", began_at=NOW + MINUTE)
    found = step([younger, older], RED, RULES, NOW + 2 * MINUTE)
    assert [(alert.alert_id, alert.is_open) for alert in found.changed] == [("x", False)]
    assert found.opened == ()


@pytest.mark.parametrize(
    ("facts", "major"),
    [
        ({"deaths": 1}, True),
        ({"injuries": 2}, False),
        ({"injuries": 3}, True),
        ({"class_code": "order", "subclass": "fire"}, True),
        ({"class_code": "order", "subclass": "noise"}, False),
        ({"class_code": "event"}, True),
        ({"tags": ("works", "school_bus")}, True),
        ({"tags": ("works",)}, False),
    ],
)
def test_what_is_major(facts: dict[str, object], major: bool) -> None:
    rules = replace(RULES, classes=("event", "order.fire"), tags=("school_bus",))
    assert rules.is_major(replace(DEADLY, **{"deaths": 0, **facts})) is major


def test_conditions_that_are_off_make_nothing_major() -> None:
    off = replace(RULES, deaths=0, injuries=0)
    assert not off.is_major(replace(DEADLY, deaths=9, injuries=9))
    assert step([], Seen(majors=(DEADLY,)), off, NOW) == Step()


MAJOR = Seen(majors=(DEADLY,))


def test_a_major_incident_stays_twelve_hours_and_does_not_come_back() -> None:
    looks = [(0, MAJOR), (12 * 60 - 1, MAJOR), (12 * 60, MAJOR), (13 * 60, MAJOR)]
    assert one(*looks[:2]).is_open
    assert one(*looks).ended_at == NOW + 12 * HOUR


def test_two_hours_after_the_acknowledgement_it_leaves() -> None:
    alert = acknowledged(one((0, MAJOR)), "A", "on the way", NOW + HOUR)
    assert stays_until(alert, RULES) == NOW + 3 * HOUR
    assert step([alert], MAJOR, RULES, NOW + 3 * HOUR - MINUTE) == Step()
    (ended,) = step([alert], MAJOR, RULES, NOW + 3 * HOUR).changed
    assert ended.ended_at == NOW + 3 * HOUR


def test_an_acknowledgement_never_puts_the_end_off() -> None:
    alert = acknowledged(one((0, MAJOR)), "A", "late", NOW + 11 * HOUR + 30 * MINUTE)
    assert stays_until(alert, RULES) == NOW + 12 * HOUR


def test_a_corrected_incident_ends_and_is_taken_up_again() -> None:
    alert = one((0, MAJOR), (5, NOTHING))
    assert alert.ended_at == NOW + 5 * MINUTE
    assert one((0, MAJOR), (5, NOTHING), (60, MAJOR)).is_open


def test_harm_that_becomes_known_later_is_followed() -> None:
    worse = Seen(majors=(replace(DEADLY, deaths=2, injuries=5, station="S2"),))
    alert = one((0, MAJOR), (30, worse))
    assert (alert.deaths, alert.injuries, alert.station) == (2, 5, "S2")


def test_the_key_tells_subjects_and_moments_apart() -> None:
    keys = {
        alert_id(AlertKind.RED, PAIR, NOW),
        alert_id(AlertKind.RED, PAIR, NOW + MINUTE),
        alert_id(AlertKind.RED, ("S1T", "1-01"), NOW),
        alert_id(AlertKind.MAJOR, "I1", None),
    }
    assert len(keys) == 4
    assert max(map(len, keys)) <= 64


@pytest.mark.parametrize(
    ("by", "note", "key"),
    [
        ("", "note", "name"),
        ("  ", "note", "name"),
        ("A", " ", "note"),
        ("A" * 61, "note", "long"),
        ("A", "n" * 401, "long"),
    ],
)
def test_an_acknowledgement_needs_name_and_note(by: str, note: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        acknowledged(one((0, RED)), by, note, NOW)
    assert refused.value.key == f"alert.refused.{key}"


def test_the_second_is_told_who_was_quicker() -> None:
    alert = acknowledged(one((0, RED)), "A", "note", NOW)
    with pytest.raises(Refused) as refused:
        acknowledged(alert, "B", "note", NOW)
    assert refused.value.params == {"by": "A"}


# properties ------------------------------------------------------------------------------------

cells = some.builds(
    RedCell,
    some.sampled_from(["S1", "S2"]),
    some.sampled_from(["T1-01", "T2-03"]),
    since=some.sampled_from([None, MIDNIGHT]),
)
incidents = some.builds(
    IncidentFacts,
    some.sampled_from(["I1", "I2"]),
    some.sampled_from([None, "S1"]),
    some.just(NOW),
    deaths=some.integers(0, 2),
    injuries=some.integers(0, 4),
)


def _unlike(found: Sequence[object], name: str) -> bool:
    keys = [getattr(one, name) if name == "incident_id" else (one.station, one.task) for one in found]  # type: ignore[attr-defined]
    return len(set(keys)) == len(keys)


sights = some.builds(
    Seen,
    reds=some.lists(cells, max_size=4).filter(lambda found: _unlike(found, "task")).map(tuple),
    unknown=some.frozensets(some.sampled_from([("S1", "T1-01"), ("S2", "T2-03")])),
    majors=some.lists(incidents, max_size=2).filter(lambda found: _unlike(found, "incident_id")).map(tuple),
)
courses = some.lists(some.tuples(some.integers(0, 40), sights, some.booleans()), max_size=6)


def _course(looks: Sequence[tuple[int, Seen, bool]]) -> tuple[list[Alert], datetime]:
    """Alerts after a course of looks, some of them with everything acknowledged behind it."""
    known: list[Alert] = []
    now = NOW
    for minutes, seen, acked in looks:
        now += minutes * MINUTE
        known = after(known, step(known, seen, RULES, now))
        if acked:
            known = [a if a.is_acked or not a.is_open else acknowledged(a, "A", "note", now) for a in known]
    return known, now


@given(courses, sights)
def test_every_red_hard_cell_has_exactly_one_open_alert(looks: list[tuple[int, Seen, bool]], seen: Seen) -> None:
    known, now = _course(looks)
    later = after(known, step(known, seen, RULES, now + MINUTE))
    opened = [alert.subject for alert in later if alert.is_open and alert.kind is AlertKind.RED]
    assert len(opened) == len(set(opened))
    red = {(cell.station, cell.task) for cell in seen.reds}
    assert red <= set(opened) <= red | seen.unknown


@given(courses, sights)
def test_looking_twice_changes_nothing(looks: list[tuple[int, Seen, bool]], seen: Seen) -> None:
    known, now = _course(looks)
    later = after(known, step(known, seen, RULES, now))
    assert step(later, seen, RULES, now) == Step()


@given(courses, sights)
def test_what_is_acknowledged_stays_so_and_nothing_else_becomes_so(
    looks: list[tuple[int, Seen, bool]], seen: Seen
) -> None:
    known, now = _course(looks)
    before = {alert.alert_id: (alert.acked_at, alert.acked_by, alert.ack_note) for alert in known}
    for alert in after(known, step(known, seen, RULES, now + MINUTE)):
        assert (alert.acked_at, alert.acked_by, alert.ack_note) == before.get(alert.alert_id, (None, "", ""))


@given(courses, sights, some.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(looks: list[tuple[int, Seen, bool]], seen: Seen, draw) -> None:
    known, now = _course(looks)
    mixed = list(known)
    reds, majors = list(seen.reds), list(seen.majors)
    for part in (mixed, reds, majors):
        draw.shuffle(part)
    other = replace(seen, reds=tuple(reds), majors=tuple(majors))
    assert step(mixed, other, RULES, now) == step(known, seen, RULES, now)


# rules -----------------------------------------------------------------------------------------


def test_a_deployment_replaces_single_keys(tmp_path: Path) -> None:
    (tmp_path / "alerts.toml").write_text('[major]\ninjuries = 5\ntags = ["school_bus"]\n', encoding="utf-8")
    own = load_alert_rules(tmp_path)
    assert (own.injuries, own.tags, own.deaths, own.same_minutes) == (5, ("school_bus",), 1, 10)
    assert own.version != RULES.version


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[major]\ninjuries = -1\n", "injuries"),
        ("[major]\nhours = 0\n", "hours"),
        ("[major]\nhours = nan\n", "hours"),
        ('[major]\ndeath = "one"\n', "death"),
        ("[red]\nsame_minutes = true\nmore = 1\n", "more"),
        ("[listed]\nshown_days = 400\n", "shown_days"),
        ("[major\n", "syntax"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "alerts.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as wrong:
        load_alert_rules(tmp_path)
    assert "alerts.toml" in str(wrong.value)
    assert named in str(wrong.value)
