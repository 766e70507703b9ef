"""`manage.py lock-month` and `adjust`: the deeds of the assessment from the command line."""

from __future__ import annotations

from datetime import date

from catalogue.assessment_loader import load_assessment
from commands.tools import Tools
from data_access.demo.assessment import CORRECTED, CORRECTION_DAY, LOCK_DAY, lock_words, moment_after, months_held
from domain.access import command
from domain.assessment_records import NewAdjustment
from domain.month import month_of, read_month
from services.assessment_deeds import adjust, lock_month
from services.desk import Desk
from services.fusion import set_mode


def desk(tools: Tools) -> Desk:
    """What the assessment is done with.

    Raises:
        CatalogueError: a catalogue file is wrong.
    """
    rules = tools.rules
    return Desk(tools.engine, rules, load_assessment(rules, tools.settings.catalogue_dir))


def lock(tools: Tools, period: str, by: str, note: str) -> None:
    """Lock a month, or correct it, and say what changed."""
    result = lock_month(desk(tools), tools.engine, read_month(period), by, at=tools.now(), note=note)
    head = result.head
    tools.say(
        "month_locked", period=head.period, version=head.version, stations=result.stations, rules=head.rule_version
    )
    for one in result.differences:
        before, after = (tools.t.plain(value, 2) for value in (one.before, one.after))
        tools.say("month_changed", station=one.station, subject=one.subject, before=before, after=after)


def write_points(tools: Tools, new: NewAdjustment, *, correcting: bool) -> None:
    """Add or take points outside the hundred."""
    key = adjust(desk(tools), tools.engine, new, tools.now(), scope=command(), correcting=correcting)
    tools.say("adjusted", period=new.period, station=new.station, points=f"{new.points:+g}", line=key)


def write_mode(tools: Tools, station: str, mode: str, *, by: str, reason: str) -> None:
    """Change a station's fusion mode."""
    before = set_mode(tools.engine, station, mode, by=by, reason=reason, at=tools.now(), scope=command())
    tools.say("mode_set", station=station, before=before or "-", after=mode)


def lock_demo(tools: Tools, first: date) -> None:
    """Lock the demo's past months as they would have been, in the first days of the month after; correct one.

    Args:
        first: the first day of the demo's history.
    """
    held, now, (by, note) = desk(tools), tools.now(), lock_words()
    months = [month for month in months_held(first, now) if moment_after(month, LOCK_DAY) <= now]
    for month in months:
        lock_month(held, tools.engine, month, by, at=moment_after(month, LOCK_DAY))
    corrected = month_of(now.date()).back(CORRECTED)
    if corrected in months:
        lock_month(held, tools.engine, corrected, by, at=moment_after(corrected, CORRECTION_DAY), note=note)
    tools.say("months_locked", months=len(months))
