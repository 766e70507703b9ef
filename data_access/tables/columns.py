"""The few kinds of columns all tables are made of, and the metadata they belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData, SmallInteger, String

from data_access.types import WallTime

metadata = MetaData()


def code(name: str, *, key: bool = False, null: bool = True) -> Column[str]:
    """A code or identifier of up to 64 characters."""
    return Column(name, String(64), primary_key=key, nullable=null and not key)


def text(name: str, size: int = 200) -> Column[str]:
    """Text of up to `size` characters."""
    return Column(name, String(size))


def moment(name: str, *, null: bool = True) -> Column[Any]:
    """A time to the second, wall time of the deployment."""
    return Column(name, WallTime, nullable=null)


def flag(name: str, default: int | None = None) -> Column[int]:
    """Yes or no as 1 or 0; without a default it may be unknown (null)."""
    return Column(
        name, SmallInteger, nullable=default is None, server_default=None if default is None else str(default)
    )


def written() -> list[Column[Any]]:
    """Columns every source row has: fingerprint of its content, and when it was last written here."""
    return [Column("row_hash", String(32)), moment("updated_at", null=False)]
