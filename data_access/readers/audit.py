"""Searching the audit log. Only the auditor reads it; for everybody else it does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from data_access.tables import audit_entry
from domain.access import Scope
from domain.audit import AuditEntry
from domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is searched: parts of person and subject, an action's code, days; "" and None: not limited."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1
    size: int = 100


def audit_entries(connection: Connection, scope: Scope, asked: AuditQuery) -> tuple[tuple[AuditEntry, ...], int]:
    """One page of entries, the newest first, and how many there are.

    Raises:
        NotFound: the viewer is not the auditor.
    """
    _auditor(scope)
    entry = audit_entry.c
    query = _where(select(entry.entry_id, entry.sequence, entry.at, entry.actor, entry.action, entry.subject,
                          entry.detail), asked)  # fmt: skip
    shown = query.order_by(entry.sequence.desc(), entry.entry_id.desc())
    rows = connection.execute(shown.limit(asked.size).offset((asked.page - 1) * asked.size))
    total = int(connection.execute(_where(select(func.count()).select_from(audit_entry), asked)).scalar() or 0)
    return tuple(_entry(row) for row in rows), total


def audit_actions(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """The actions that occur, by code.

    Raises:
        NotFound: the viewer is not the auditor.
    """
    _auditor(scope)
    query = select(audit_entry.c.action).distinct().where(audit_entry.c.action.is_not(None))
    return tuple(sorted(str(code) for code in connection.execute(query).scalars()))


def _entry(row: Row[Any]) -> AuditEntry:
    key, sequence, at, *told = tuple(row)
    actor, action, subject, detail = (text or "" for text in told)
    return AuditEntry(key, "" if sequence is None else int(sequence), at, actor, action, subject, detail)


def _auditor(scope: Scope) -> None:
    if not scope.reads_audit:
        raise NotFound("error.page_unknown")


def _where(query: Select[Any], asked: AuditQuery) -> Select[Any]:
    entry = audit_entry.c
    if asked.actor:
        query = query.where(func.lower(entry.actor).contains(asked.actor.lower(), autoescape=True))
    if asked.subject:
        query = query.where(func.lower(entry.subject).contains(asked.subject.lower(), autoescape=True))
    if asked.action:
        query = query.where(entry.action == asked.action)
    if asked.first:
        query = query.where(entry.at >= datetime.combine(asked.first, time.min))
    if asked.last:
        query = query.where(entry.at < datetime.combine(asked.last + timedelta(days=1), time.min))
    return query
