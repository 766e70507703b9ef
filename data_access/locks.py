"""Named leases: at most one holder at a time, taken over when the holder stops renewing.

A lease keeps two workers from doing the same work twice. It is no proof: a holder that is suspended
longer than its lease does not know that it lost it. So everything done under a lease must also be
right when two do it (transactions and keys see to that).
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select
from sqlalchemy.exc import IntegrityError

from data_access.engine import writing
from data_access.tables import worker_lock


def new_holder() -> str:
    """A name that no other process or thread has: host, process, random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def acquire(engine: Engine, name: str, holder: str, now: datetime, *, lease: timedelta) -> bool:
    """Take or renew the lease `name` until `now + lease`.

    Returns:
        False when another holder's lease has not expired.
    """
    try:
        with writing(engine) as connection:
            return _take(connection, name, holder, now, now + lease)
    except IntegrityError:  # another made the row at the same moment
        return False


def _take(connection: Connection, name: str, holder: str, now: datetime, until: datetime) -> bool:
    free = or_(worker_lock.c.holder.is_(None), worker_lock.c.holder == holder, worker_lock.c.until < now)
    taken = worker_lock.update().where(worker_lock.c.name == name, free).values(holder=holder, until=until)
    if connection.execute(taken).rowcount:
        return True
    if connection.execute(select(worker_lock.c.name).where(worker_lock.c.name == name)).first():
        return False
    connection.execute(worker_lock.insert().values(name=name, holder=holder, until=until))
    return True


def release(engine: Engine, name: str, holder: str) -> None:
    """Give the lease back, if `holder` has it."""
    mine = worker_lock.update().where(worker_lock.c.name == name, worker_lock.c.holder == holder)
    with writing(engine) as connection:
        connection.execute(mine.values(holder=None, until=None))


def holder_of(connection: Connection, name: str, now: datetime) -> str | None:
    """Who holds the lease at `now`; None when nobody does."""
    query = select(worker_lock.c.holder).where(worker_lock.c.name == name, worker_lock.c.until >= now)
    found = connection.execute(query).scalar()
    return str(found) if found else None
