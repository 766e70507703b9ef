"""Alerts: what opens, stays and ends. A pure function of what was known, what is seen now, rules and instant.

A red alert is one stretch in which a hard cell is red. A cell that leaves red and comes back within the hysteresis
takes its old alert up again, with its acknowledgement; after that, or in a new period of its task, it is a new one.
A major incident has one alert, which lasts until its time is over or the incident is no longer major.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refused

LONGEST_NAME, LONGEST_NOTE = 60, 400
FOUND = "found"
"""What the key of a red alert begins with whose beginning nobody saw: it was red already when it was looked at."""
Subject = tuple[str, str] | str
"""(station code, task code) of a red alert, the incident's identifier of a major one."""


class AlertKind(StrEnum):
    """What an alert is about."""

    RED = "red"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class AlertRules:
    """When an incident is major, how long it stays on, and what is still the same red (catalogue/alerts.toml).

    Args:
        deaths, injuries: major from so many persons on; 0 switches the condition off.
        classes: major by class, or class and subclass ("accident", "order.fire"). tags: any of them.
        hours: how long a major incident stays on; acked_hours: how long after it was acknowledged.
        look_back: hours; an incident that happened earlier does not open an alert any more.
        same_minutes: a cell that is red again after at most so many minutes has not really ended.
        shown_days: how long ended ones are listed.
    """

    deaths: int
    injuries: int
    classes: tuple[str, ...]
    tags: tuple[str, ...]
    hours: float
    acked_hours: float
    look_back: float
    same_minutes: float
    shown_days: int
    version: str = ""

    def is_major(self, facts: IncidentFacts) -> bool:
        """Whether an incident is major."""
        harmed = (0 < self.deaths <= facts.deaths) or (0 < self.injuries <= facts.injuries)
        named = not {facts.class_code, f"{facts.class_code}.{facts.subclass}"}.isdisjoint(self.classes)
        return harmed or named or not set(self.tags).isdisjoint(facts.tags)


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What decides whether an incident is major, and what is told of it; no names, phones or plates."""

    incident_id: str
    station: str | None
    occurred_at: datetime
    class_code: str = ""
    subclass: str = ""
    deaths: int = 0
    injuries: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RedCell:
    """A hard cell that is red now.

    Args:
        since: when the task's period began; None for a level, which goes on from one period to the next.
        turned: it was looked at a moment ago and was not red; otherwise nobody knows since when it is red.
    """

    station: str
    task: str
    value: float | None = None
    target: float | None = None
    since: datetime | None = None
    turned: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there now. `unknown`: hard cells whose source is late or absent; no news is not good news."""

    reds: tuple[RedCell, ...] = ()
    unknown: frozenset[tuple[str, str]] = frozenset()
    majors: tuple[IncidentFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `began_at`: when it was first seen; `value`, `target`: of a task, when it opened, in its unit."""

    alert_id: str
    kind: AlertKind
    station: str | None
    began_at: datetime
    task: str | None = None
    incident_id: str | None = None
    ended_at: datetime | None = None
    value: float | None = None
    target: float | None = None
    deaths: int = 0
    injuries: int = 0
    acked_at: datetime | None = None
    acked_by: str = ""
    ack_note: str = ""

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.incident_id or "" if self.kind is AlertKind.MAJOR else (self.station or "", self.task or "")

    @property
    def began_known(self) -> bool:
        """Its beginning was seen; otherwise `began_at` is when it was found, and it may be much older."""
        return not self.alert_id.startswith(f"{FOUND}-")

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.ended_at is None

    @property
    def is_acked(self) -> bool:
        """Somebody has acknowledged it."""
        return self.acked_at is not None


@dataclass(frozen=True, slots=True)
class Step:
    """What one look changes. `opened`: new ones; `changed`: known ones that ended, came back or tell other numbers."""

    opened: tuple[Alert, ...] = ()
    changed: tuple[Alert, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.changed)


def alert_id(kind: AlertKind, subject: Subject, began_at: datetime | None, *, found: bool = False) -> str:
    """The key: the same alert always has the same.

    Args:
        found: nobody saw it begin; its key tells so (`Alert.began_known`).

    >>> alert_id(AlertKind.RED, ("S1", "T1-01"), datetime(2024, 5, 7, 13))
    'red-20240507130000-e5b387e84245f652'
    """
    told = subject if isinstance(subject, str) else "\x1f".join(subject)
    digest = hashlib.sha256(f"{kind.value}\x1f{told}".encode()).hexdigest()[:16]
    first = FOUND if found else kind.value
    return f"{first}-{began_at:%Y%m%d%H%M%S}-{digest}" if began_at else f"{first}-{digest}"


def step(known: Iterable[Alert], seen: Seen, rules: AlertRules, now: datetime) -> Step:
    """What opens, stays, comes back and ends.

    Args:
        known: open alerts, those that ended within the hysteresis, and every one of an incident in `seen`.
    """
    reds, majors = _by_subject(known)
    before = {alert.alert_id: alert for alerts in (*reds.values(), *majors.values()) for alert in alerts}
    after: list[Alert] = []
    cells = {(cell.station, cell.task): cell for cell in seen.reds}
    for pair in sorted({*cells, *reds}):
        after += _red(reds.get(pair, []), cells.get(pair), pair in seen.unknown, rules, now)
    facts = {one.incident_id: one for one in seen.majors if rules.is_major(one)}
    for key in sorted({*facts, *majors}):
        after += _major(majors.get(key, []), facts.get(key), rules, now)
    return Step(
        tuple(alert for alert in after if alert.alert_id not in before),
        tuple(alert for alert in after if before.get(alert.alert_id, alert) != alert),
    )


def _by_subject(known: Iterable[Alert]) -> tuple[dict[tuple[str, str], list[Alert]], dict[str, list[Alert]]]:
    """Red and major alerts by what they are about, the oldest first."""
    reds: dict[tuple[str, str], list[Alert]] = {}
    majors: dict[str, list[Alert]] = {}
    for alert in sorted(known, key=lambda one: (one.began_at, one.alert_id)):
        if alert.kind is AlertKind.MAJOR:
            majors.setdefault(alert.incident_id or "", []).append(alert)
        else:
            reds.setdefault((alert.station or "", alert.task or ""), []).append(alert)
    return reds, majors


def _red(alerts: list[Alert], cell: RedCell | None, unknown: bool, rules: AlertRules, now: datetime) -> list[Alert]:
    kept = _kept(alerts, cell, unknown, rules, now)
    after = [_ended(alert, now) for alert in alerts if kept is None or alert.alert_id != kept.alert_id]
    if kept is not None:
        return [*after, replace(kept, ended_at=None)]
    return [*after, _new_red(cell, now)] if cell is not None else after


def _kept(alerts: list[Alert], cell: RedCell | None, unknown: bool, rules: AlertRules, now: datetime) -> Alert | None:
    """The alert that goes on: the oldest that is open, else the one that ended last."""
    lasting = [alert for alert in alerts if alert.is_open]
    if cell is None:
        return lasting[0] if unknown and lasting else None
    patience = timedelta(minutes=rules.same_minutes)
    resting = [alert for alert in alerts if alert.ended_at is not None and now - alert.ended_at <= patience]
    fits = [a for a in (*lasting, *reversed(resting)) if cell.since is None or a.began_at >= cell.since]
    return fits[0] if fits else None


def _new_red(cell: RedCell, now: datetime) -> Alert:
    key = alert_id(AlertKind.RED, (cell.station, cell.task), now, found=not cell.turned)
    return Alert(key, AlertKind.RED, cell.station, now, task=cell.task, value=cell.value, target=cell.target)


def _ended(alert: Alert, now: datetime) -> Alert:
    return replace(alert, ended_at=now) if alert.is_open else alert


def _major(alerts: list[Alert], facts: IncidentFacts | None, rules: AlertRules, now: datetime) -> list[Alert]:
    """One alert an incident: the oldest; others that somebody wrote end."""
    spare = [_ended(alert, now) for alert in alerts[1:]]
    if facts is None:
        return [*spare, *(_ended(alert, now) for alert in alerts[:1])]
    if not alerts:
        key = alert_id(AlertKind.MAJOR, facts.incident_id, None)
        return [_told(Alert(key, AlertKind.MAJOR, None, now, incident_id=facts.incident_id), facts)]
    own = _told(alerts[0], facts)
    return [*spare, _ended(own, now) if now >= stays_until(own, rules) else replace(own, ended_at=None)]


def _told(alert: Alert, facts: IncidentFacts) -> Alert:
    return replace(alert, station=facts.station, deaths=facts.deaths, injuries=facts.injuries)


def stays_until(alert: Alert, rules: AlertRules) -> datetime:
    """When a major incident leaves the wall by itself; an acknowledgement may bring that forward, never put it off."""
    ends = alert.began_at + timedelta(hours=rules.hours)
    if alert.acked_at is None:
        return ends
    return min(ends, alert.acked_at + timedelta(hours=rules.acked_hours))


def acknowledged(alert: Alert, by: str, note: str, at: datetime) -> Alert:
    """The alert with its acknowledgement; one that ended meanwhile is acknowledged all the same.

    Raises:
        Refused: nobody's name, no note, one too long, or somebody was quicker.
    """
    by, note = by.strip(), note.strip()
    if not by or not note:
        raise Refused("alert.refused.name" if not by else "alert.refused.note")
    if len(by) > LONGEST_NAME or len(note) > LONGEST_NOTE:
        raise Refused("alert.refused.long")
    if alert.is_acked:
        raise Refused("alert.refused.acked", by=alert.acked_by)
    return replace(alert, acked_at=max(at, alert.began_at), acked_by=by, ack_note=note)
