"""Hot-spot records as pages show them: the list, one record with its course, and the deeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from data_access.engine import reading
from data_access.readers import hotspots as stored
from domain import masking
from domain.access import Scope
from domain.board import Unit
from domain.errors import BadRequest
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_record import CLOSED, STATUSES, TREATED, WITHDRAWN, Event, Record, broken, offered
from domain.hotspot_views import HotspotLine, HotspotsView, HotspotView, NewHotspotView
from domain.span import Span
from services.board import standing
from services.ground import Ground, Looker, looker
from services.hotspot_course import check_of, course, minutes_near, span_of
from services.hotspot_effect import data_begin, effect_of

PEOPLE = frozenset({"leader_name", "plan_leader"})
"""Fields of the history that name people."""


def hotspots_view(ground: Ground, scope: Scope, as_of: datetime, status: str = "", *, editable: bool) -> HotspotsView:
    """The list.

    Args:
        status: only these; "" for all that are not ended. editable: records may be written here at all.

    Raises:
        BadRequest: no such status.
    """
    if status not in ("", "all", *STATUSES):
        raise BadRequest("hotspot.error.status", value=status[:20])
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        found = stored.records(connection, scope)
        shown = [(record, measures) for record, measures in found if _wanted(record, status)]
        checks = checks_of(look, [record for record, _ in shown], as_of)
        units = {unit.code: unit for unit in look.units}
        lines = (
            replace(
                _line(record, checks.get(record.hotspot_id), units.get(record.facts.station), as_of),
                record=_masked(record, scope),
                measures=measures,
            )
            for record, measures in shown
        )
        return HotspotsView(
            board=standing(connection, ground.catalogue, as_of),
            status=status,
            lines=tuple(lines),
            counts=Counter(record.status if record.status in STATUSES else "other" for record, _ in found),
            rule=ground.rules.closing,
            editable=editable and scope.sees_rows,
        )


def hotspot_view(ground: Ground, scope: Scope, hotspot_id: str, as_of: datetime, *, editable: bool) -> HotspotView:
    """One record.

    Raises:
        NotFound: no such record in the scope.
    """
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        found = stored.record(connection, hotspot_id, scope)
        record = found.record
        near = minutes_near(look, record, as_of)
        weeks, expected = course(record, near, as_of)
        check = check_of(record, near, as_of, ground.rules.closing)
        begin = data_begin(look, record, check)
        others = [one for one, _ in stored.records(connection, scope) if one.hotspot_id != record.hotspot_id]
        writes = editable and scope.sees_rows
        return HotspotView(
            board=standing(connection, ground.catalogue, as_of),
            record=_masked(record, scope),
            unit=next((unit for unit in look.units if unit.code == record.facts.station), None),
            broken=broken(record),
            measures=tuple(replace(one, author=_name(one.author, scope)) for one in found.measures),
            history=tuple(_event(event, scope) for event in found.history),
            weeks=weeks,
            expected=expected,
            check=check,
            effect=None if begin else effect_of(look, record, check, others),
            data_begin=begin,
            rule=ground.rules.closing,
            offered=offered(record) if writes else (),
            units=look.units if writes else (),
            masked=not scope.sees_colleagues,
        )


def hotspot_stamp(ground: Ground, scope: Scope, hotspot_id: str) -> tuple[str, int, int]:
    """Changes whenever anything of the record was written; cheap to ask.

    Raises:
        NotFound: no such record in the scope.
    """
    with reading(ground.engine) as connection:
        found = stored.record(connection, hotspot_id, scope)
        return found.record.stamp, len(found.measures), len(found.history)


def spans_needed(ground: Ground, scope: Scope, as_of: datetime, hotspot_id: str = "") -> list[Span]:
    """The stretches of incidents that one record needs; without an identifier, those of all under treatment.

    Raises:
        NotFound: no such record in the scope.
    """
    with reading(ground.engine) as connection:
        if hotspot_id:
            found = [stored.one(connection, hotspot_id, scope)]
        else:
            found = [record for record, _ in stored.records(connection, scope) if record.status == TREATED]
    spans = [span_of(record, as_of, ground.rules.closing) for record in found]
    known = [span for span in spans if span is not None]
    return [Span(min(one.start for one in known), max(one.end for one in known))] if known else []


def new_view(ground: Ground, scope: Scope, as_of: datetime, *, editable: bool) -> NewHotspotView:
    """The form for a new record."""
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        board = standing(connection, ground.catalogue, as_of)
        return NewHotspotView(board, look.units, editable and scope.sees_rows)


def closing_check(ground: Ground, scope: Scope, hotspot_id: str, as_of: datetime) -> tuple[ClosingCheck | None, str]:
    """What the closing rule says of a record now, and the stamp of the record it was counted for.

    Raises:
        NotFound: no such record in the scope.
    """
    with reading(ground.engine) as connection:
        look = looker(connection, ground, scope)
        record = stored.one(connection, hotspot_id, scope)
        return check_of(record, minutes_near(look, record, as_of), as_of, ground.rules.closing), record.stamp


def checks_of(look: Looker, records: Sequence[Record], as_of: datetime) -> dict[str, ClosingCheck]:
    """The closing rule's numbers of those that are or were under treatment."""
    found = {}
    for record in records:
        if record.status in (TREATED, CLOSED):
            check = check_of(record, minutes_near(look, record, as_of), as_of, look.ground.rules.closing)
            if check is not None:
                found[record.hotspot_id] = check
    return found


def _wanted(record: Record, status: str) -> bool:
    if status in ("", "all"):
        return status == "all" or record.status not in (CLOSED, WITHDRAWN)
    return record.status == status


def _line(record: Record, check: ClosingCheck | None, unit: Unit | None, as_of: datetime) -> HotspotLine:
    return HotspotLine(record, unit, check, broken(record), record.overdue(as_of), 0)


def _masked(record: Record, scope: Scope) -> Record:
    plan = replace(record.plan, leader=_name(record.plan.leader, scope)) if record.plan else None
    return replace(record, leader=_name(record.leader, scope), plan=plan)


def _event(event: Event, scope: Scope) -> Event:
    changes = {
        name: (_name(before, scope), _name(after, scope)) if name in PEOPLE else (before, after)
        for name, (before, after) in event.changes.items()
    }
    return replace(event, actor=_name(event.actor, scope), changes=changes)


def _name(text: str, scope: Scope) -> str:
    return text if scope.sees_colleagues else masking.name(text) or ""
