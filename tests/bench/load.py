"""Many clients that keep their connection, in one process: a request is bytes, an answer is read to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit

from tests.bench.database import Times


@dataclass(frozen=True)
class Request:
    """What a client sends, again and again."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def bytes_for(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Connection: keep-alive"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Answers:
    """What came back."""

    seconds: float
    times: Times
    sizes: tuple[int, ...]
    statuses: frozenset[int]

    @property
    def a_second(self) -> float:
        return len(self.times.values) / self.seconds


def send(url: str, request: Request, *, clients: int = 1, seconds: float = 5.0) -> Answers:
    """`clients` connections that send `request` one after the other for so many seconds."""
    return asyncio.run(_send(url, request, clients, seconds))


async def _send(url: str, request: Request, clients: int, seconds: float) -> Answers:
    parts = urlsplit(url)
    sent = request.bytes_for(parts.netloc)
    times: list[float] = []
    sizes: list[int] = []
    statuses: set[int] = set()
    begin = perf_counter()
    until = begin + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while perf_counter() < until:
            start = perf_counter()
            writer.write(sent)
            status, size = await _answer(reader)
            times.append(1000 * (perf_counter() - start))
            sizes.append(size)
            statuses.add(status)
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return Answers(perf_counter() - begin, Times(tuple(times)), tuple(sizes), frozenset(statuses))


async def _answer(reader: asyncio.StreamReader, told: dict[bytes, bytes] | None = None) -> tuple[int, int]:
    """Status and bytes of one answer, head included; its headers are written into `told`."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    fields = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:] if line)
    }
    if told is not None:
        told.update(fields)
    if status == 304:
        return status, len(head)
    if b"content-length" in fields:
        size = int(fields[b"content-length"])
        await reader.readexactly(size)
        return status, len(head) + size
    size = 0
    while True:  # chunked
        line = await reader.readline()
        length = int(line, 16)
        await reader.readexactly(length + 2)
        size += len(line) + length + 2
        if length == 0:
            return status, len(head) + size
