"""Rows for two years of the assessment: three stations of two districts, everything the nine indicators read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from catalogue.assessment_loader import load_assessment
from catalogue.loader import load_catalogue
from data_access.engine import writing
from data_access.refresh import refresh
from domain.month import Month
from services.desk import Desk
from tests import factories as make

NOW = datetime(2024, 5, 16, 13)
APRIL, MAY = Month(2024, 4), Month(2024, 5)
CATALOGUE = load_catalogue()
BOOK = load_assessment(CATALOGUE)
KINDS = {  # sample kind -> numerator, denominator of one observation
    "post_built": (9, 10), "post_running": (8, 10), "helmet": (440, 500), "key_slot": (17, 20),
    "enterprise_visit": (19, 20), "enterprise_file": (95, 100), "enterprise_training": (9, 10),
}  # fmt: skip
DAYS = (3, 17)
"""Days of each month that have observations and records."""


def desk(engine: Engine) -> Desk:
    """The assessment's desk on this database, with the shipped rules."""
    return Desk(engine, CATALOGUE, BOOK)


def fill(engine: Engine, now: datetime = NOW, months: int = 25) -> None:
    """S1 and S2 of D1, S3 of D2: so many months of accidents, three months of work; rolled up.

    Every month S1 has 4 accidents, S2 6, S3 8; a year ago one more each.
    """
    for code, district, residents in (("S1", "D1", 10), ("S2", "D1", 2.35), ("S3", "D2", 20)):
        if code != "S2":
            make.make_district(engine, district)
        make.make_station(engine, code, district_code=district, residents_10k=residents)
    with writing(engine) as connection:
        last = Month(now.year, now.month)
        for back in range(months, -1, -1):
            _accidents(connection, last.back(back), more=back > 11, now=now)
            if back < 3 or 12 <= back < 15:
                _work(connection, last.back(back), now)
        for number, code in enumerate(("S1", "S2", "S3")):
            _codes(connection, code, number)
    refresh(engine, CATALOGUE, now)


def _accidents(connection: Connection, month: Month, *, more: bool, now: datetime) -> None:
    for code, count in (("S1", 4), ("S2", 6), ("S3", 8)):
        for number in range(count + more):
            at = datetime(month.year, month.number, 1 + 3 * number, 8, 30)
            if at <= now:
                make.make_incident(connection, code, at, entered_at=at + timedelta(minutes=5))
    make.make_incident(connection, "S1", datetime(month.year, month.number, 1, 9), is_valid=0)


def _work(connection: Connection, month: Month, now: datetime) -> None:
    for code in ("S1", "S2", "S3"):
        for day in DAYS:
            at = datetime(month.year, month.number, day, 9)
            if at > now:
                continue
            for kind, (upper, lower) in KINDS.items():
                make.make_sample(connection, code, at, kind=kind, numerator=upper, denominator=lower)
            make.make_record(connection, code, at, quantity=4000)
            make.make_record(connection, code, at, quantity=9000, has_evidence=0)
            for hour in range(9, 14):
                timely = at + timedelta(hours=hour)
                due = at + timedelta(days=1)
                make.make_work_order(connection, code, at, kind="hazard", due_at=due, closed_at=timely, status="closed")
            make.make_work_order(connection, code, at, kind="hazard", status="withdrawn")
            make.make_work_order(
                connection, code, at, kind="enterprise", due_at=at + timedelta(days=2), closed_at=at, status="closed"
            )


def _codes(connection: Connection, code: str, number: int) -> None:
    """Four people red since long: one falls in April, one in May; a green one rises in April for S1."""
    for person in range(4):
        subject, since = f"{code}-{person}", datetime(2022, 1, 1)
        ends = {0: datetime(2024, 4, 20), 1: datetime(2024, 5, 10)}.get(person)
        make.make_risk_code(connection, code, since=since, subject_id=subject, valid_to=ends)
        if ends:
            make.make_risk_code(connection, code, since=ends, subject_id=subject, colour="yellow")
    rises = datetime(2024, 4, 10) if number == 0 else None
    make.make_risk_code(
        connection, code, since=datetime(2022, 1, 1), subject_id=f"{code}-g", colour="green", valid_to=rises
    )
    if rises:
        make.make_risk_code(connection, code, since=rises, subject_id=f"{code}-g", colour="yellow")
