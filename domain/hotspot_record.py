"""The course of a hot spot's treatment (一个热点、一套方案、一名责任领导; DOMAIN 2.5), as one state machine.

    open --treat--> treated --close--> closed
      any of the first two --withdraw--> withdrawn;  closed, withdrawn or broken --reopen--> open

`may` says whether a step is allowed, `apply` gives the record after it. Rows that other systems wrote
may break the rules; `broken` names how, and nothing here raises because of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.errors import Refused
from domain.hotspot_closing import ClosingCheck

OPEN, TREATED, CLOSED, WITHDRAWN = STATUSES = ("open", "treated", "closed", "withdrawn")
KINDS = ("district", "section", "junction")
CLASSES = ("accident", "order", "other")
ORIGINS = ("rule", "local", "manual")
CONTROLS = ("point", "line", "area")
"""How a place is watched: a post, a patrol along a line, video over an area (定人守点、铁骑管线、视频巡面)."""
ACTIONS = ("edit", "plan", "treat", "measure", "close", "withdraw", "reopen")
MOST_RADIUS_M = 5000
_SEVERAL = re.compile(r"[,;/+&|\n\t\u3001\uff0c\uff1b\uff0f\uff0b\uff06]|\s(?:and|und|e)\s")
"""What stands between two names; one record has one leader."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a hot spot is. Degrees WGS-84, metres; `class_code` "" means incidents of any class.

    Args:
        kind: of `KINDS`. station: code, "" for none (only viewers of everything see such a record).
    """

    kind: str
    name: str
    lng: float | None
    lat: float | None
    radius_m: float
    station: str
    class_code: str = "accident"

    @property
    def place(self) -> tuple[float | None, float | None, float, str]:
        """What its incidents are counted by; fixed while it is treated."""
        return self.lng, self.lat, self.radius_m, self.class_code


@dataclass(frozen=True, slots=True)
class Plan:
    """The one plan. `text` and `leader` may be "", the times None, while it is not complete."""

    text: str = ""
    leader: str = ""
    planned_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """It says what is done, who answers for it, and until when."""
        return bool(self.text and self.leader and self.due_at)


@dataclass(frozen=True, slots=True)
class Record:
    """One hot-spot record.

    Args:
        status: of `STATUSES`; anything else was written by another system. leader: of the record itself,
            "" for none; the plan names its own, and both must be the same person.
        origin: of `ORIGINS` or "". window_days, window_count: the finding it was opened for.
        stamp: changes whenever anything of record or plan was written.
    """

    hotspot_id: str
    facts: Facts
    status: str
    opened_at: datetime | None = None
    treated_at: datetime | None = None
    closed_at: datetime | None = None
    leader: str = ""
    plan: Plan | None = None
    origin: str = ""
    window_days: int | None = None
    window_count: int | None = None
    ended_reason: str = ""
    updated_at: datetime | None = None
    stamp: str = ""

    def overdue(self, now: datetime) -> bool:
        """Under treatment past the plan's day."""
        due = self.plan.due_at if self.plan else None
        return self.status == TREATED and due is not None and due < now


@dataclass(frozen=True, slots=True)
class MeasureEntry:
    """Something that was done at the place, as it was written down."""

    measure_id: str
    at: datetime
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the audit log. `changes`: field -> (before, after) as text."""

    at: datetime
    actor: str
    action: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody wants to do.

    Args:
        action: of `ACTIONS`. at: now. facts: for "edit". plan: for "plan". reason: for "withdraw" and
            "reopen". entry: for "measure". check: for "close", from counts of the record as it is.
    """

    action: str
    at: datetime
    actor: str
    facts: Facts | None = None
    plan: Plan | None = None
    reason: str = ""
    entry: MeasureEntry | None = None
    check: ClosingCheck | None = None


def broken(record: Record) -> tuple[str, ...]:
    """How the record breaks the rules; () for a sound one."""
    if record.status not in STATUSES:
        return ("status",)
    plan = record.plan or Plan()
    rules = {"leaders": bool(record.leader and plan.leader and record.leader != plan.leader)}
    if record.status == TREATED:
        rules |= {
            "plan": not plan.text,
            "leader": not plan.leader and not record.leader,
            "due": plan.due_at is None,
            "treated_at": record.treated_at is None,
        }
    rules["closed_at"] = record.status == CLOSED and record.closed_at is None
    return tuple(name for name, wrong in rules.items() if wrong)


def may(record: Record, step: Step) -> str | None:
    """None when the step is allowed, else the code of the reason why not."""
    if not step.actor.strip():
        return "actor"
    rule = _RULES.get(step.action)
    return rule(record, step) if rule else "action"


def offered(record: Record) -> tuple[str, ...]:
    """The actions that make sense now; whether one succeeds depends on what is given with it."""
    if record.status in (CLOSED, WITHDRAWN):
        return ("reopen",)
    if record.status not in STATUSES:
        return ("reopen", "withdraw")
    more = ("treat",) if record.status == OPEN else ("close",)
    return ("edit", "plan", *more, "measure", "withdraw", *(("reopen",) if _mendable(record) else ()))


def apply(record: Record, step: Step) -> Record:
    """The record after the step; a measure leaves the record itself alone.

    Raises:
        Refused: the step is not allowed; its key is `hotspot.refused.<reason>`.
    """
    reason = may(record, step)
    if reason:
        raise Refused(f"hotspot.refused.{reason}")
    return replace(record, **_changes(record, step))


def _changes(record: Record, step: Step) -> dict[str, Any]:
    match step.action:
        case "edit":
            return {"facts": step.facts}
        case "plan":
            assert step.plan is not None
            return {"plan": step.plan, "leader": step.plan.leader}
        case "treat":
            return {"status": TREATED, "treated_at": step.at, "ended_reason": "", "leader": _leader(record)}
        case "close":
            return {"status": CLOSED, "closed_at": step.at}
        case "withdraw":
            return {"status": WITHDRAWN, "closed_at": step.at, "ended_reason": step.reason}
        case "reopen":
            return {"status": OPEN, "treated_at": None, "closed_at": None, "ended_reason": step.reason}
    return {}


def _leader(record: Record) -> str:
    return record.plan.leader if record.plan else ""


def facts_reason(facts: Facts) -> str | None:
    """Why these facts cannot stand; None when they can."""
    if facts.kind not in KINDS or facts.class_code not in ("", *CLASSES):
        return "kind"
    if not facts.name.strip():
        return "name"
    if facts.lng is None or facts.lat is None or not (-180 <= facts.lng <= 180 and -89 <= facts.lat <= 89):
        return "place"
    return None if 1 <= facts.radius_m <= MOST_RADIUS_M else "radius"


def _edit(record: Record, step: Step) -> str | None:
    if record.status not in (OPEN, TREATED):
        return "ended"
    if step.facts is None:
        return "action"
    moved = record.status == TREATED and step.facts.place != record.facts.place
    return "place_fixed" if moved else facts_reason(step.facts)


def _plan(record: Record, step: Step) -> str | None:
    if record.status not in (OPEN, TREATED):
        return "ended"
    plan = step.plan or Plan()
    if not plan.text.strip():
        return "plan_text"
    if _SEVERAL.search(plan.leader.strip()):
        return "one_leader"
    return "plan_incomplete" if record.status == TREATED and not plan.complete else None


def _treat(record: Record, step: Step) -> str | None:
    if record.status != OPEN:
        return "not_open"
    plan = record.plan or Plan()
    lacking = {"no_plan": not plan.text, "no_leader": not plan.leader, "no_due": not plan.due_at}
    lacking["due_past"] = plan.due_at is not None and plan.due_at < step.at
    found = next((name for name, wrong in lacking.items() if wrong), None)
    return found or ("one_leader" if _SEVERAL.search(plan.leader) else facts_reason(record.facts))


def _measure(record: Record, step: Step) -> str | None:
    if record.status not in (OPEN, TREATED):
        return "ended"
    if step.entry is None or not step.entry.text.strip():
        return "measure_text"
    return "future" if step.entry.at > step.at else None


def _close(record: Record, step: Step) -> str | None:
    if record.status != TREATED:
        return "not_treated"
    if broken(record):
        return "broken"
    if step.check is None:
        return "no_count"
    if not step.check.long_enough:
        return "too_early"
    return None if step.check.fell_enough else "no_fall"


def _withdraw(record: Record, step: Step) -> str | None:
    if record.status in (CLOSED, WITHDRAWN):
        return "ended"
    return None if step.reason.strip() else "reason"


def _mendable(record: Record) -> bool:
    return record.status == TREATED and bool(broken(record))


def _reopen(record: Record, step: Step) -> str | None:
    if record.status == OPEN or (record.status == TREATED and not _mendable(record)):
        return "not_ended"
    return None if step.reason.strip() else "reason"


_RULES = {"edit": _edit, "plan": _plan, "treat": _treat, "measure": _measure, "close": _close,
          "withdraw": _withdraw, "reopen": _reopen}  # fmt: skip
