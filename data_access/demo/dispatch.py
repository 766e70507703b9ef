"""Dispatch orders: one for the station, a second one for the squadron on dual dispatch."""

from __future__ import annotations

import numpy as np

from data_access.demo.incidents import ACCIDENT, CLASSES, Day
from data_access.demo.rows import Rows, joined

_TIMES = {
    "assigned_at": "assigned",
    "signed_at": "signed",
    "set_out_at": "set_out",
    "arrived_at": "arrived",
    "first_feedback_at": "feedback",
    "handled_at": "handled",
    "closed_at": "closed",
}


def dispatch_rows(day: Day) -> Rows:
    """Rows of table dispatch_order."""
    own = _orders(day, np.arange(len(day)), "station", np.zeros(len(day), dtype=np.int64))
    rng = day.world.rng("dual", day.day.toordinal())
    complicated = rng.random(len(day)) < 0.03
    dual = np.flatnonzero((day.kind == ACCIDENT) & ((day.severity >= 1) | complicated))
    return joined([own, _orders(day, dual, "squadron", rng.integers(20, 240, len(dual)))])


def _orders(day: Day, chosen: np.ndarray, unit_kind: str, later: np.ndarray) -> Rows:
    """`later`: seconds by which the unit is behind the station's own order after assignment."""
    stations = day.world.stations
    squadrons = np.array([station.squadron or station.code for station in stations], dtype=object)
    codes = day.world.codes[day.station[chosen]]
    times = {name: day.clocks[clock][chosen] for name, clock in _TIMES.items()}
    for name in ("set_out_at", "arrived_at", "handled_at"):
        times[name] = times[name] + later
    times["first_feedback_at"] = np.maximum(times["first_feedback_at"], times["handled_at"] + 60)
    times["closed_at"] = np.maximum(times["closed_at"], times["first_feedback_at"] + 30)
    ids = [day.ids[i] for i in chosen.tolist()]
    suffix = "1" if unit_kind == "station" else "2"
    return Rows(
        table="dispatch_order",
        born=times["assigned_at"],
        times=times,
        cells={
            "order_id": [f"{one}-{suffix}" for one in ids],
            "source": "demo",
            "incident_id": ids,
            "station_code": codes,
            "unit_kind": unit_kind,
            "unit_code": codes if unit_kind == "station" else squadrons[day.station[chosen]],
            "class_code": np.array(CLASSES, dtype=object)[day.kind[chosen]],
            "is_valid": day.valid[chosen],
        },
    )
