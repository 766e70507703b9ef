"""The auditor's view of the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from data_access.engine import reading
from data_access.readers.audit import AuditQuery, audit_actions, audit_entries
from domain.access import Scope
from domain.audit import AuditView
from domain.task import Catalogue
from services.board import standing


def audit_view(engine: Engine, catalogue: Catalogue, scope: Scope, asked: AuditQuery, as_of: datetime) -> AuditView:
    """One page of the log.

    Raises:
        NotFound: the viewer is not the auditor.
    """
    with reading(engine) as connection:
        entries, total = audit_entries(connection, scope, asked)
        return AuditView(
            board=standing(connection, catalogue, as_of),
            entries=entries,
            actions=audit_actions(connection, scope),
            actor=asked.actor,
            action=asked.action,
            subject=asked.subject,
            first=asked.first,
            last=asked.last,
            page=asked.page,
            size=asked.size,
            total=total,
        )
