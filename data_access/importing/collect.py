"""A target whose rows are drawn together: all features of one layer become one row."""

from __future__ import annotations

from typing import Any

from data_access.importing.account import Account
from data_access.importing.convert import Columns
from data_access.importing.drawing import combined
from data_access.importing.pending import Key
from data_access.importing.plan import TargetPlan
from data_access.importing.store import Store

GEOJSON = "geojson"


class Collector:
    """Takes rows like a `Store` and stores them at the end, those of one key as one row.

    Args:
        store: where the drawn rows go; they replace what the table holds under their key.
        add: keep what is there and add to it (corrected features that come in a file of their own).
    """

    def __init__(self, store: Store, target: TargetPlan, account: Account, *, add: bool) -> None:
        self._store, self._target, self._account, self._add = store, target, account, add
        self._values: dict[Key, dict[str, Any]] = {}
        self._drawings: dict[Key, list[str]] = {}
        self._rows: dict[Key, list[int]] = {}

    def close(self) -> None:
        """Let go of the store's scratch space."""
        self._store.close()

    def put(self, columns: Columns, rows: list[int]) -> None:
        """Keep one batch; parameters as of `Store.put`."""
        names = list(columns)
        keys = zip(*(columns[name] for name in self._target.keys), strict=True)
        for key, row, *values in zip(keys, rows, *(columns[name] for name in names), strict=True):
            found = dict(zip(names, values, strict=True))
            self._drawings.setdefault(key, []).append(found[GEOJSON])
            self._rows.setdefault(key, []).append(row)
            known = self._values.setdefault(key, found)
            known.update({name: value for name, value in found.items() if known[name] is None})

    def finish(self) -> int:
        """Store one row for each key; every feature shares its row's fate. Returns how many were older: none."""
        for key, values in self._values.items():
            held = self._store.held(key, GEOJSON) if self._add else None
            values[GEOJSON] = combined([*([held] if held else []), *self._drawings[key]])
            self._store.put({name: [value] for name, value in values.items()}, self._rows[key][:1])
        older = self._store.finish()
        for rows in self._rows.values():
            self._account.mark_all(rows, self._account.outcome(rows[0]))
        return older
