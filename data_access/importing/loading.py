"""One file inside its transaction: read, convert, store, account for."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from data_access.importing.account import LOADED, REJECTED, UNCHANGED, UPDATED, Account
from data_access.importing.ahead import ahead
from data_access.importing.assemble import assemble
from data_access.importing.collect import Collector
from data_access.importing.convert import Converted, Reading
from data_access.importing.feeds import FeedMarks
from data_access.importing.opening import Entry
from data_access.importing.plan import Plan, TargetPlan, make_plan
from data_access.importing.rejects import EXTRA, RejectFile
from data_access.importing.report import FileReport
from data_access.importing.rows import Batch, Part, Source
from data_access.importing.store import Store
from data_access.importing.targets import TABLES
from data_access.importing.units import Units
from data_access.tables import import_file
from domain.profile import Profile

Sink = Store | Collector
"""What takes the rows of one target."""


class Ticker:
    """Tells the progress of one entry as its share of all bytes."""

    def __init__(self, entry: Entry, total: int, tell: Callable[[int, int, str], None] | None) -> None:
        self._entry, self._total, self._tell = entry, total, tell

    def at(self, done: int, of: int) -> None:
        """`done` of `of` bytes of the entry have been read."""
        if self._tell is not None:
            share = (self._entry.end - self._entry.begin) * min(done, of) // max(1, of)
            self._tell(self._entry.begin + share, self._total, self._entry.label)


class FileLoad:
    """One file on its way into the database. Used once."""

    def __init__(
        self, profile: Profile, entry: Entry, source: Source, *, now: Callable[[], datetime], reject_dir: Path
    ) -> None:
        self._profile, self._label, self._source, self._clock = profile, entry.label, source, now
        self._now = now()
        self._account, self._feeds = Account(), FeedMarks()
        self._rejects = RejectFile(reject_dir, entry.label, entry.name, source.digest)
        self._warnings: dict[str, int] = {}
        self._tables: dict[str, None] = {}
        self._unused: dict[str, None] = {}
        self._units: Units | None = None

    @contextmanager
    def cleaning(self) -> Iterator[None]:
        """Leaves no half-written reject file behind when the import fails."""
        try:
            yield
        except BaseException:
            self._rejects.drop()
            raise

    def run(self, connection: Connection, ticker: Ticker) -> FileReport:
        """Load every part of the file; the caller's transaction decides whether it counts.

        Raises:
            ImportRefused: the file turned out to be unusable.
            RuntimeError: a row is not accounted for (a defect of this program).
        """
        self._now = self._clock()  # the lock may have been waited for
        for part in self._source.parts():
            plan = make_plan(self._profile, part.header, self._now)
            self._fix(connection, plan)
            self._tables |= dict.fromkeys(target.table.name for target in plan.targets)
            self._unused |= dict.fromkeys(plan.unused)
            self._units = Units(connection, create=self._profile.create_stations, now=self._now)
            stores = [self._place_for(connection, plan, target) for target in plan.targets]
            try:
                batches = self._converted(plan, part)
                for batch, reading, converted in batches if _in_process(connection) else ahead(batches):
                    self._batch(plan, batch, reading, zip(stores, converted, strict=True))
                    ticker.at(batch.position, self._source.size)
                self._warn("older", sum(store.finish() for store in stores))
            finally:
                for store in stores:
                    store.close()
            self._warn("stations_created", self._units.created)
        self._warn("sheets_skipped", self._source.skipped)
        return self._closed(connection)

    def _place_for(self, connection: Connection, plan: Plan, target: TargetPlan) -> Sink:
        store = Store(connection, target, self._account, self._now)
        if not target.drawn:
            return store
        return Collector(store, target, self._account, add=EXTRA[-1] in plan.header.names)

    def _fix(self, connection: Connection, plan: Plan) -> None:
        for fixed in plan.fixed:
            table = TABLES[fixed.table]
            keys = [column == fixed.values[column.name] for column in table.primary_key.columns]
            if connection.execute(select(*table.primary_key.columns).where(*keys)).first() is None:
                connection.execute(table.insert().values(**fixed.values, updated_at=self._now))

    def _converted(self, plan: Plan, part: Part) -> Iterator[tuple[Batch, Reading, list[Converted]]]:
        if self._units is None:
            raise RuntimeError("no part has been begun")
        for batch in part.batches():
            yield batch, *assemble(plan, batch, self._units)

    def _batch(self, plan: Plan, batch: Batch, reading: Reading, converted: Iterable[tuple[Sink, Converted]]) -> None:
        first = self._account.open(len(batch.rows))
        self._reject(plan, batch, reading, first)
        self._account.mark_all(range(first, first + len(batch.rows)), UNCHANGED)
        for store, done in converted:
            self._store(store, done, reading, first)
        for code, rows in reading.warnings.items():
            self._warn(code, rows)

    def _store(self, store: Sink, done: Converted, reading: Reading, first: int) -> None:
        out = done.skipped.union(reading.errors)
        size = len(reading.rows)
        kept = [row for row in range(size) if row not in out] if out else list(range(size))
        columns = done.columns
        if out:
            columns = {name: [values[row] for row in kept] for name, values in columns.items()}
        self._feeds.see(done.target, columns)
        for issue, rows in Counter(filter(None, columns.get("place_issue", ()))).items():
            self._warn(f"place_{issue}", rows)
        if self._units is not None and done.target.table.name == "station":
            for code in columns["code"]:
                self._units.add(code)
        elif self._units is not None:
            self._units.settle(set(columns.get("station_code", ())))
        store.put(columns, [first + row for row in kept])

    def _reject(self, plan: Plan, batch: Batch, reading: Reading, first: int) -> None:
        for row in sorted(reading.errors):
            self._rejects.write(plan.header, batch.lines[row], batch.rows[row], reading.errors[row])
            self._account.mark(first + row, REJECTED)
        begun = self._account.open(len(batch.bad))
        for at, bad in enumerate(batch.bad):
            self._rejects.write(plan.header, bad.line, bad.cells, ("", "", bad.reason))
            self._account.mark(begun + at, REJECTED)

    def _warn(self, code: str, rows: int) -> None:
        if rows:
            self._warnings[code] = self._warnings.get(code, 0) + rows

    def _closed(self, connection: Connection) -> FileReport:
        """Check the account, record the import, and give the reject file its name: last of all before the commit."""
        account = self._account
        account.check()
        updated = account.count(UPDATED)
        loaded, rejected = account.count(LOADED) + updated, account.count(REJECTED)
        self._feeds.store(connection, self._profile.name, self._now)
        path = self._rejects.path if rejected else None
        connection.execute(
            import_file.insert().values(
                import_id=uuid.uuid4().hex,
                profile=self._profile.name,
                file_name=self._label[-400:],
                digest=self._source.digest,
                started_at=self._now,
                finished_at=self._now,
                rows_read=account.read,
                rows_loaded=loaded,
                rows_unchanged=account.count(UNCHANGED),
                rows_rejected=rejected,
                reject_file=path and path.name[-400:],
            )
        )
        return FileReport(
            name=self._label,
            tables=tuple(self._tables),
            read=account.read,
            loaded=loaded,
            updated=updated,
            unchanged=account.count(UNCHANGED),
            rejected=rejected,
            reject_file=self._rejects.keep(),
            reasons=dict(self._rejects.reasons),
            warnings=dict(self._warnings),
            unused=tuple(self._unused),
        )


def _in_process(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
