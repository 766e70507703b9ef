"""Reading the next batch while the database works on this one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made in a thread of its own one step before it is asked for.

    For databases whose client only waits: SQLite works in this process and lets go of the interpreter
    at every row, so that two threads would do nothing but wait for each other.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
        following = pool.submit(next, items, end)
        while (item := following.result()) is not end:
            following = pool.submit(next, items, end)
            yield item  # type: ignore[misc]
