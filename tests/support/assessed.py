"""A month for tests of the assessment: the worked example of DOMAIN 2.7, and stations that vary around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from domain.assessment_inputs import Adjustment, Amount, MonthInputs, StationInputs
from domain.assessment_rules import AssessmentRules
from domain.month import Month

MAY = Month(2024, 5)
RULES: AssessmentRules = load_assessment(load_catalogue()).versions[0]

WORKED = {
    "accidents_year": Amount(182),
    "accidents": Amount(95),
    "built": Amount(9, 10),
    "running": Amount(86, 100),
    "helmets": Amount(880, 1000),
    "slots": Amount(85, 100),
    "lowered": Amount(6, 20),
    "raised": Amount(1, 20),
    "visits": Amount(95, 100),
    "files": Amount(95, 100),
    "training": Amount(95, 100),
    "rectified": Amount(95, 100),
    "hazards": Amount(8, 10),
    "hazards_timely": Amount(90, 100),
    "people": Amount(9, 10),
    "sessions": Amount(10, 10),
}
"""r = 182 / 10 = 18.2 and r_base = 20.0: alone in its district a station's rate is the district's."""
WORKED_BASE = {"accidents_year": Amount(200), "accidents": Amount(100)}
POINTS = {
    "O1": "12.60",
    "O2": "12.00",
    "P1": "7.80",
    "P2": "11.04",
    "P3": "9.60",
    "P4": "9.00",
    "P5": "7.20",
    "P6": "8.00",
    "P7": "7.40",
}
TOTAL = "84.64"


def worked(code: str = "S1", **given: Any) -> StationInputs:
    """The station of the worked example; `without` names sources that have no data."""
    without = given.pop("without", ())
    now = {**WORKED, **given.pop("now", {})}
    base = {**WORKED_BASE, **given.pop("base", {})}
    plain: dict[str, Any] = {"mode": "deep", "district": "D1", "residents_10k": 10.0}
    return StationInputs(
        code,
        now={name: amount for name, amount in now.items() if name not in without},
        base={name: amount for name, amount in base.items() if name not in without},
        **{**plain, **given},
    )


def month(*stations: StationInputs, pace: float = 1.0) -> MonthInputs:
    """May 2024 of these stations."""
    return MonthInputs(MAY, stations, None if pace == 1.0 else datetime(2024, 5, 16, 13), pace)


def rules_with(**given: Any) -> AssessmentRules:
    """The shipped rules with some fields changed."""
    return replace(RULES, **given)


def adjustment(points: float, station: str = "S1", number: int = 1, **given: Any) -> Adjustment:
    """One line of points outside the hundred."""
    plain: Mapping[str, Any] = {"matter": "award", "document": "2024-12", "author": "A"}
    written = datetime(2024, 5, 20, 9)
    return Adjustment(f"A{number}", station, points, **{**plain, "written_at": written, **given})
