"""Bringing a database's tables to a revision, and saying where they differ from the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from data_access.engine import writing
from data_access.tables import metadata

_LOCK = 7_240_110  # any number, the same in every process


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction.

    Two processes may call it at once; the second finds nothing left to do.
    """
    with writing(engine) as connection:
        _one_at_a_time(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision`; "base" removes all of them with their rows."""
    with writing(engine) as connection:
        _one_at_a_time(connection)
        command.downgrade(_config(connection), revision)


def rebuild(connection: Connection) -> None:
    """Remove all tables with their rows and make them anew, inside the caller's writing transaction."""
    _one_at_a_time(connection)
    if MigrationContext.configure(connection).get_current_revision() is None:
        metadata.drop_all(connection)
    else:
        command.downgrade(_config(connection), "base")
    command.upgrade(_config(connection), "head")


def newest() -> str:
    """The revision this program's tables are at after every migration."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def current(engine: Engine) -> str | None:
    """The revision the tables are at; None when no migration ever ran."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(engine: Engine) -> Sequence[str]:
    """What separates the database from the program, one line each; empty when they agree.

    Names a pending migration, and every table, column or index that differs.
    """
    at, head = current(engine), newest()
    pending = [] if at == head else [f"migration pending: at {at or 'nothing'}, newest is {head}"]
    return [*pending, *_differences(engine)]


def _differences(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: Any = compare_metadata(context, metadata)
    return [_told(entry) for entry in found]


def _told(entry: Any) -> str:
    if isinstance(entry, list):  # changes of one column come as a list
        return "; ".join(_told(one) for one in entry)
    action, *what = entry
    names = [str(getattr(part, "name", part)) for part in what if part is not None]
    return f"{action}: {' '.join(names)}"


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _one_at_a_time(connection: Connection) -> None:
    # SQLite's writing transaction is alone already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
