"""The audit log as a chain: who did what to what, in the order of writing; each entry seals the one before.

One counter (`data_version`, name "audit") numbers the entries and makes writers wait for each other. An entry's
hash covers its number, the hash before it and everything it says, so that nothing can be changed, left out or
put between without `verify` naming the place. Nothing here changes an entry; `prune` is the only one that
removes, from the old end, and the chain is anchored to an entry that says so.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from data_access.tables import audit_entry, data_version

COUNTER = "audit"
PRUNED = "audit_prune"
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done. `actor`: a name or account; `action`: a code; `subject`: the thing; `detail`: old and new."""

    actor: str
    action: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found: entries in order, the last hash, and the first fault (`why` "" when there is none).

    Args:
        older: entries before those that were looked at, where only the newest were asked for.
    """

    entries: int
    last_hash: str
    why: str = ""
    sequence: int | None = None
    entry_id: str = ""
    older: int = 0


def append(connection: Connection, deed: Deed, at: datetime) -> str:
    """Write one entry; returns its identifier. The transaction holds the log until it ends.

    Args:
        at: wall time of the deed.
    """
    number = _next(connection, at)
    before = select(audit_entry.c.entry_hash).where(audit_entry.c.sequence == number - 1)
    previous = str(connection.execute(before).scalar() or "")
    entry_id = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
    told = (deed.actor[:200], deed.action[:64], deed.subject[:400], deed.detail[:2000])
    connection.execute(
        audit_entry.insert().values(
            entry_id=entry_id,
            at=at.replace(microsecond=0),
            actor=told[0],
            action=told[1],
            subject=told[2],
            detail=told[3],
            previous_hash=previous,
            entry_hash=seal(number, previous, at, told),
            sequence=number,
        )
    )
    return entry_id


def seal(number: int, previous: str, at: datetime, told: tuple[str, str, str, str]) -> str:
    """The hash of an entry. `told`: actor, action, subject, detail, as they are stored."""
    parts = [number, previous, f"{at:%Y-%m-%d %H:%M:%S}", *told]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _next(connection: Connection, at: datetime) -> int:
    """The next number. Updating first: the row makes the writers of the log wait for each other."""
    counter = data_version.c
    raised = data_version.update().where(counter.name == COUNTER).values(version=counter.version + 1, changed_at=at)
    if not connection.execute(raised).rowcount:
        newest = int(connection.execute(select(func.max(audit_entry.c.sequence))).scalar() or 0)
        connection.execute(data_version.insert().values(name=COUNTER, version=newest + 1, changed_at=at))
    return int(connection.execute(select(counter.version).where(counter.name == COUNTER)).scalar_one())


def verify(connection: Connection, *, newest: int | None = None) -> Verified:
    """Walk the chain from its oldest entry and name the first that does not fit.

    Faults: "unnumbered" (an entry that the program did not write), "gap" (entries are missing before it),
    "previous" (it does not follow the one before), "content" (it was changed), "anchor" (the oldest entries are
    gone and no pruning says so), "tail" (the newest entries are gone).

    Args:
        newest: look at so many of the newest entries only, which bounds the time it takes; None: at all.
    """
    loose = select(audit_entry.c.entry_id).where(audit_entry.c.sequence.is_(None)).order_by(audit_entry.c.entry_id)
    if (found := connection.execute(loose.limit(1)).scalar()) is not None:
        return Verified(0, "", "unnumbered", None, str(found))
    counted = select(data_version.c.version).where(data_version.c.name == COUNTER)
    written = int(connection.execute(counted).scalar() or 0)
    last, hash_before, older = _start(connection, 0 if newest is None else written - newest)
    count = 0
    for row in _rows(connection, last):
        why = _fault(connection, row, (last, hash_before))
        if why:
            return Verified(count, hash_before, why, row.sequence, row.entry_id, older)
        count, last, hash_before = count + 1, int(row.sequence), str(row.entry_hash)
    if written != last:
        return Verified(count, hash_before, "tail", last + 1, older=older)
    return Verified(count, hash_before, older=older)


def _start(connection: Connection, at: int) -> tuple[int, str, int]:
    """Number and hash of the entry after which to begin, and how many there are up to it; 0 from the oldest on."""
    entry = audit_entry.c
    if at <= 0:
        return 0, "", 0
    kept = select(func.max(entry.sequence), func.count()).where(entry.sequence <= at)
    number, older = connection.execute(kept).one()
    if not older:
        return 0, "", 0
    sealed = select(entry.entry_hash).where(entry.sequence == number)
    return int(number), str(connection.execute(sealed).scalar() or ""), int(older)


def _fault(connection: Connection, row: Row[Any], before: tuple[int, str]) -> str:
    entry = row._mapping
    last, hash_before = before
    if last == 0:
        if not _anchored(connection, int(entry["sequence"]), entry["previous_hash"] or ""):
            return "anchor"
        hash_before = entry["previous_hash"] or ""
    elif entry["sequence"] != last + 1:
        return "gap"
    if (entry["previous_hash"] or "") != hash_before:
        return "previous"
    told = tuple(entry[name] or "" for name in ("actor", "action", "subject", "detail"))
    own = seal(int(entry["sequence"]), hash_before, entry["at"], told)  # type: ignore[arg-type]
    return "" if own == entry["entry_hash"] else "content"


def _anchored(connection: Connection, first: int, previous: str) -> bool:
    """The chain begins at its beginning, or where an entry of it says that it was cut."""
    if first == 1:
        return previous == ""
    cuts = select(audit_entry.c.detail).where(audit_entry.c.action == PRUNED)
    return any(_cut(text) == (first - 1, previous) for (text,) in connection.execute(cuts))


def _cut(text: str | None) -> tuple[int, str] | None:
    try:
        read = json.loads(text or "")
        return int(read["up_to"]), str(read["hash"])
    except (ValueError, TypeError, KeyError):
        return None


def _rows(connection: Connection, after: int) -> Iterator[Row[Any]]:
    query = select(audit_entry).where(audit_entry.c.sequence > after).order_by(audit_entry.c.sequence)
    yield from connection.execute(query.execution_options(yield_per=BATCH))


def prune(connection: Connection, before: datetime, actor: str, at: datetime) -> int:
    """Remove the oldest entries, all of them from before `before`; returns how many. The newest always stays.

    The entry that is written about it holds number and hash of the last one removed: the chain's new anchor.
    """
    entry = audit_entry.c
    keeps = select(func.min(entry.sequence)).where(entry.at >= before)
    newest = select(func.max(entry.sequence))
    first_kept = connection.execute(keeps).scalar() or connection.execute(newest).scalar()
    last = select(entry.sequence, entry.entry_hash).where(entry.sequence < (first_kept or 0))
    gone = connection.execute(last.order_by(entry.sequence.desc()).limit(1)).first()
    if gone is None:
        return 0
    removed = int(connection.execute(delete(audit_entry).where(entry.sequence <= gone.sequence)).rowcount)
    told = json.dumps({"up_to": int(gone.sequence), "hash": gone.entry_hash, "entries": removed})
    append(connection, Deed(actor, PRUNED, "audit", told), at)
    return removed


def holds_hash(connection: Connection, wanted: str) -> bool:
    """Whether an entry with this hash is in the log: a hash noted elsewhere proves that nothing before it changed."""
    query = select(audit_entry.c.sequence).where(audit_entry.c.entry_hash == wanted).limit(1)
    return connection.execute(query).first() is not None
