"""Typed columns into one table: new rows are inserted, equal ones left alone, different ones updated."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam

from data_access.importing import bulk
from data_access.importing.account import LOADED, UPDATED, Account
from data_access.importing.convert import Columns
from data_access.importing.merge import VERSION, Group, Values, merged
from data_access.importing.pending import Key, KeySet, Pending, Waiting, hashes_of
from data_access.importing.plan import TargetPlan
from data_access.importing.rendering import fingerprint_of, fingerprints, lines_of, text_of, with_defaults
from domain.profile import Empty

_AT_ONCE = 500


class Store:
    """One table during one part of a file.

    `rows` everywhere are numbers of rows in the file's account.
    """

    def __init__(self, connection: Connection, target: TargetPlan, account: Account, now: datetime) -> None:
        self._connection, self._target, self._account, self._now = connection, target, account, now
        self._pending, self._seen = Pending(), KeySet()

    def close(self) -> None:
        """Let go of the scratch space."""
        self._pending.close()

    def put(self, columns: Columns, rows: list[int]) -> None:
        """Store one batch.

        Args:
            columns: columns of equal length, rows that are rejected or skipped left out.
            rows: the account number of each.
        """
        if not rows:
            return
        keys = self._keys(columns)
        groups: dict[int, Group] = {}
        if len(set(keys)) < len(keys):
            columns, rows, keys, groups = self._grouped(columns, rows, keys)
        full = with_defaults(self._target, columns, len(rows))
        lines = lines_of(full.values(), len(rows))
        digests = fingerprints(lines)
        hashes = hashes_of(keys)
        held = bulk.stored_hashes(self._connection, self._target.table, keys)
        waits = self._pending.holds(hashes)
        new = [at for at, key in enumerate(keys) if key not in held]
        changed = [at for at, key in enumerate(keys) if waits[at] or (key in held and held[key] != digests[at])]
        self._insert(full, lines, digests, new)
        self._account.mark_all((rows[at] for at in new), LOADED)
        for at in groups.keys() & set(new):
            self._account.mark_all(groups[at].changed, LOADED)
        self._wait(columns, rows, keys, (changed, hashes, groups))
        self._seen.add(hashes)

    def _keys(self, columns: Columns) -> list[Key]:
        return list(zip(*(columns[name] for name in self._target.keys), strict=True))

    def _values(self, columns: Columns, at: int) -> Values:
        return {name: columns[name][at] for name in self._target.provided if name in columns}

    def _grouped(
        self, columns: Columns, rows: list[int], keys: list[Key]
    ) -> tuple[Columns, list[int], list[Key], dict[int, Group]]:
        """Merge rows of one key; the result has every key once, at the place of its first row."""
        first: dict[Key, int] = {}
        kept: list[int] = []
        groups: dict[int, Group] = {}
        for at, key in enumerate(keys):
            if key not in first:
                first[key] = len(kept)
                kept.append(at)
                continue
            place = first[key]
            group = groups.setdefault(place, Group(self._values(columns, kept[place])))
            group.values, changed = merged(group.values, self._values(columns, at))
            (group.changed if changed else group.same).append(rows[at])
        small = {name: _picked(values, kept) for name, values in columns.items()}
        for place, group in groups.items():
            for name, value in group.values.items():
                small[name][place] = value
        return small, [rows[at] for at in kept], [keys[at] for at in kept], groups

    def _insert(self, full: dict[str, list[Any] | None], lines: list[str], digests: list[str], new: list[int]) -> None:
        if len(new) < len(lines):
            full = {name: values and _picked(values, new) for name, values in full.items()}
            lines, digests = [lines[at] for at in new], [digests[at] for at in new]
        bulk.insert_rows(self._connection, self._target.table, full, lines=lines, hashes=digests, now=self._now)

    def _wait(self, columns: Columns, rows: list[int], keys: list[Key], found: tuple[list[int], Any, Any]) -> None:
        changed, hashes, groups = found
        if not changed:
            return
        repeated = self._seen.holds(hashes[changed])
        self._pending.put(
            [
                Waiting(
                    keys[at],
                    self._values(columns, at),
                    [rows[at], *(groups[at].changed if at in groups else ())],
                    bool(again),
                )
                for at, again in zip(changed, repeated, strict=True)
            ]
        )

    def held(self, key: Key, name: str) -> Any:
        """One column of a row that the table holds already; None when there is no such row."""
        row = bulk.stored_rows(self._connection, self._target.table, self._target.names, [key]).get(key)
        return None if row is None else row[name]

    def finish(self) -> int:
        """Write what really differs. Returns how many rows of the file were older than the database."""
        older = 0
        for part in self._pending.take(_AT_ONCE):
            held = bulk.stored_rows(
                self._connection, self._target.table, self._target.names, [item.key for item in part]
            )
            updates: list[Values] = []
            for item in part:
                row = held[item.key]
                final = self._final(row, item)
                if final is None:
                    older += len(item.rows)
                elif any(text_of(value) != text_of(row[name]) for name, value in final.items()):
                    updates.append({**row, **final})
                    self._account.mark_all(item.rows, UPDATED)
            self._update(updates)
        return older

    def _final(self, held: Values, item: Waiting) -> Values | None:
        """What the provided columns should become; None when the database knows something newer."""
        current = {name: held[name] for name in item.values}
        if self._target.empty is Empty.KEEP or item.repeated:
            final = merged(current, item.values)[0]
        else:
            version, known = item.values.get(VERSION), held.get(VERSION)
            if version is not None and known is not None and version < known:
                return None
            final = item.values
        defaults = self._target.defaults
        return {name: defaults.get(name) if value is None else value for name, value in final.items()}

    def _update(self, rows: list[Values]) -> None:
        if not rows:
            return
        table, keys = self._target.table, self._target.keys
        names = [name for name in self._target.names if name in self._target.provided and name not in keys]
        statement = table.update().values(
            {name: bindparam(f"new_{name}") for name in names}
            | {"row_hash": bindparam("new_hash"), "updated_at": self._now}
        )
        for name in keys:
            statement = statement.where(table.c[name] == bindparam(f"key_{name}"))
        self._connection.execute(statement, [self._parameters(row, names) for row in rows])

    def _parameters(self, row: Values, names: list[str]) -> Values:
        digest = fingerprint_of([row[name] for name in self._target.names])
        typed = bulk.typed(self._target.table, row)
        wanted = {f"new_{name}": typed[name] for name in names}
        return wanted | {f"key_{name}": typed[name] for name in self._target.keys} | {"new_hash": digest}


def _picked(values: list[Any], places: list[int]) -> list[Any]:
    return list(itemgetter(*places)(values)) if len(places) > 1 else [values[at] for at in places]
