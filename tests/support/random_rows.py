"""Random rows of every source, on few days and with many coincidences: equal times, edges, empty columns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from data_access import tables as t

SOURCES = (t.incident, t.dispatch_order, t.work_order, t.work_record, t.sample, t.risk_code)
moments = st.builds(
    lambda day, clock: datetime.combine(date(2024, 4, 29) + timedelta(days=day), clock),
    st.integers(-5, 9),
    st.sampled_from([time(0), time(0, 0, 1), time(8, 59, 59), time(12), time(23, 59, 58), time(23, 59, 59)]),
)
maybe = st.none() | moments
stations = st.sampled_from(["S1", "S1", "S2", None])
bits = st.sampled_from([1, 1, 0])


def after(start: datetime, *seconds: int) -> st.SearchStrategy[datetime | None]:
    """None, or a moment at one of several distances from `start`."""
    return st.none() | st.sampled_from([start + timedelta(seconds=one) for one in seconds]) | moments


@st.composite
def incidents(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "station_code": draw(stations),
        "class_code": draw(st.sampled_from(["accident", "order", None])),
        "subclass": draw(st.sampled_from([None, "congestion"])),
        "is_valid": draw(bits),
        "repeat_of": draw(st.none() | st.just("I0")),
        "occurred_at": draw(moments),
        "closed_at": draw(maybe),
        "traced_at": draw(maybe),
        "cell": draw(st.sampled_from([None, "8931", "8932"])),
        "deaths": draw(st.integers(0, 2)),
        "injuries": draw(st.integers(0, 2)),
    }


@st.composite
def dispatches(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(moments)
    return {
        "station_code": draw(stations),
        "unit_kind": draw(st.sampled_from(["station", "station", "squadron"])),
        "class_code": draw(st.sampled_from(["accident", "order"])),
        "is_valid": draw(bits),
        "assigned_at": start,
        "signed_at": draw(after(start, 90, 91, 0, -60)),
        "closed_at": draw(after(start, 79200, 79201)),
    }


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(moments)
    return {
        "kind": draw(st.sampled_from(["tracing", "hazard", "supervision"])),
        "station_code": draw(stations),
        "created_at": start,
        "due_at": draw(after(start, 0, 86400, -86400)),
        "signed_at": draw(maybe),
        "surveyed_at": draw(after(start, 86400, 86401)),
        "closed_at": draw(maybe),
        "verified_at": draw(maybe),
        "review_result": draw(st.sampled_from([None, "pass", "return"])),
        "status": draw(st.sampled_from([None, "open", "closed", "withdrawn"])),
        "is_listed": draw(bits),
    }


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "kind": draw(st.sampled_from(["publicity", "other"])),
        "station_code": draw(stations),
        "at": draw(moments),
        "quantity": draw(st.sampled_from([1, 2.5, 30])),
        "has_evidence": draw(bits),
    }


@st.composite
def samples(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "kind": draw(st.sampled_from(["helmet", "post_running"])),
        "station_code": draw(stations),
        "at": draw(moments),
        "numerator": draw(st.integers(0, 9)),
        "denominator": draw(st.integers(0, 9)),
    }


@st.composite
def codes(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "subject_kind": draw(st.sampled_from(["person", "village"])),
        "subject_id": draw(st.sampled_from(["a", "b"])),
        "station_code": draw(stations),
        "colour": draw(st.sampled_from(["green", "yellow", "red"])),
        "valid_from": draw(moments),
        "valid_to": draw(maybe | st.just(datetime(9999, 12, 31))),
    }


MAKERS = dict(zip(SOURCES, (incidents(), dispatches(), orders(), records(), samples(), codes()), strict=True))
