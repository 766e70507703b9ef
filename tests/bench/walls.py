"""Hundreds of wall displays on a real server: everyone asks every few seconds, data change every minute."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from urllib.parse import urlsplit

from sqlalchemy import Engine, select

from data_access import tables as t
from data_access.displays import add_display
from data_access.engine import open_engine, writing
from data_access.state import raise_version
from domain.display import Display
from tests.bench.database import Times
from tests.bench.load import Request, _answer
from tests.support.server import serving

DISPLAYS, POLL, CHANGE_EVERY, WARM = 500, 5.0, 60.0, 20.0
KINDS = 5
"""Kinds of displays: all districts, and so many that see one district each."""
KB = 1000
Found = tuple[str, str, float, float | None]


@dataclass
class Asked:
    """What the displays were answered from `since` on: milliseconds and bytes by status."""

    since: float = 0.0
    times: dict[int, list[float]] = field(default_factory=dict)
    sizes: dict[int, list[int]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    most_late: float = 0.0

    def add(self, status: int, milliseconds: float, size: int) -> None:
        """One answer."""
        if status not in (200, 304):
            self.errors[f"status {status}"] += 1
        if perf_counter() < self.since:
            return
        self.times.setdefault(status, []).append(milliseconds)
        self.sizes.setdefault(status, []).append(size)


def measure(url: str, seconds: float = 120.0, displays: int = DISPLAYS, *, promised: bool = True) -> list[Found]:
    """What it takes, as (what, unit, value, most).

    Args:
        url: a filled database. seconds: how long answers count, after twenty seconds in which every process
            makes the first picture of each kind.
    """
    engine = open_engine(url)
    tokens = _tokens(engine, displays)
    with serving(url, BOARD_OPEN_ACCESS="true") as server:
        asked, load = asyncio.run(_all(server.url, engine, tokens, seconds))
    engine.dispose()
    return _lines(asked, seconds, load, promised=promised)


def _tokens(engine: Engine, displays: int) -> list[str]:
    """Tokens of displays of a few kinds; walls of one kind share a picture, names differ."""
    now = datetime.now().replace(microsecond=0)
    with engine.connect() as connection:
        districts = list(connection.execute(select(t.district.c.code).order_by(t.district.c.code)).scalars())
    kinds: list[tuple[str, ...]] = [(), *((code,) for code in districts[:KINDS])]
    made = [add_display(engine, Display(f"bench {n}", districts=kinds[n % len(kinds)]), actor="bench", at=now)
            for n in range(min(displays, 10 * len(kinds)))]  # fmt: skip
    return [made[n % len(made)] for n in range(displays)]


async def _all(url: str, engine: Engine, tokens: list[str], seconds: float) -> tuple[Asked, float]:
    asked = Asked(perf_counter() + WARM)
    seconds += WARM
    begin = perf_counter()
    rng = random.Random(7)
    walls = [_display(url, token, asked, (rng.random() * POLL, seconds)) for token in tokens]
    loads: list[float] = []
    changing = asyncio.create_task(_changes(engine, begin + seconds, loads))
    await asyncio.gather(*walls)
    changing.cancel()
    return asked, sum(loads) / max(1, len(loads))


async def _display(url: str, token: str, asked: Asked, when: tuple[float, float]) -> None:
    """One wall: asks, waits five seconds after its last question, asks again; one connection that stays open."""
    first, seconds = when
    parts = urlsplit(url)
    await asyncio.sleep(first)
    until, etag = perf_counter() + seconds - first, ""
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=4_000_000)
    while True:
        start = perf_counter()
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip, deflate, br"}
        if etag:
            headers["If-None-Match"] = etag
        try:
            writer.write(Request("GET", "/api/wall/picture", headers).bytes_for(parts.netloc))
            status, size, fields = await _answer_with(reader)
            etag = fields.get(b"etag", b"").decode() or etag
            asked.add(status, 1000 * (perf_counter() - start), size)
        except (OSError, asyncio.IncompleteReadError) as error:
            asked.errors[type(error).__name__] += 1
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=4_000_000)
        late = perf_counter() - start - POLL
        asked.most_late = max(asked.most_late, late)
        if perf_counter() >= until:
            break
        await asyncio.sleep(max(0.0, start + POLL - perf_counter()))
    writer.close()


async def _answer_with(reader: asyncio.StreamReader) -> tuple[int, int, dict[bytes, bytes]]:
    """Status, bytes and headers of one answer."""
    fields: dict[bytes, bytes] = {}
    status, size = await _answer(reader, fields)
    return status, size, fields


async def _changes(engine: Engine, until: float, loads: list[float]) -> None:
    """New data once a minute, the first after a sixth of it; the machine's load beside it."""
    await asyncio.sleep(CHANGE_EVERY / 6)
    while perf_counter() < until:
        await asyncio.to_thread(_change, engine)
        loads.append(os.getloadavg()[0])
        await asyncio.sleep(CHANGE_EVERY)


def _change(engine: Engine) -> None:
    now = datetime.now().replace(microsecond=0)
    with writing(engine) as connection:
        open_ = connection.execute(
            select(t.work_order.c.order_id).where(t.work_order.c.status == "open").limit(20)
        ).scalars()
        chosen = list(open_)
        connection.execute(
            t.work_order.update().where(t.work_order.c.order_id.in_(chosen)).values(due_at=now, updated_at=now)
        )
        raise_version(connection, now)


def _lines(asked: Asked, seconds: float, load: float, *, promised: bool) -> list[Found]:
    every = Times(tuple(ms for times in asked.times.values() for ms in times))
    lines: list[Found] = [
        ("answers", "", float(len(every.values)), None),
        ("answers a second", "", len(every.values) / seconds, None),
        ("p50", "ms", every.p50, None),
        ("p95", "ms", every.p95, 300.0 if promised else None),
        ("slowest", "ms", max(every.values), None),
        ("errors", "", float(sum(asked.errors.values())), 0.0),
    ]
    for status in sorted(asked.times):
        times, sizes = Times(tuple(asked.times[status])), asked.sizes[status]
        lines += [
            (f"answers {status}", "", float(len(sizes)), None),
            (f"answers {status} p50", "ms", times.p50, None),
            (f"answers {status} p95", "ms", times.p95, None),
            (f"answers {status} largest", "kB", max(sizes) / KB, None),
        ]
    return [*lines, ("load of the machine", "", load, None)]
