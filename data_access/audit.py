"""Appending to the audit log: who did what to what; each entry carries the digest of the one before."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data_access.tables import audit_entry


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done. `actor`: a name or account; `action`: a code; `subject`: the thing; `detail`: old and new."""

    actor: str
    action: str
    subject: str
    detail: str = ""


def append(connection: Connection, deed: Deed, at: datetime) -> str:
    """Write one entry; returns its identifier.

    Args:
        at: wall time of the deed.
    """
    newest = select(audit_entry.c.entry_hash).order_by(audit_entry.c.at.desc(), audit_entry.c.entry_id.desc())
    previous = connection.execute(newest.limit(1)).scalar() or ""
    entry_id = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"  # sorts in the order of writing
    told = "|".join((previous, at.isoformat(), deed.actor, deed.action, deed.subject, deed.detail))
    connection.execute(
        audit_entry.insert().values(
            entry_id=entry_id,
            at=at,
            actor=deed.actor,
            action=deed.action,
            subject=deed.subject,
            detail=deed.detail[:2000],
            previous_hash=previous,
            entry_hash=hashlib.sha256(told.encode()).hexdigest(),
        )
    )
    return entry_id
