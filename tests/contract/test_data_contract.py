"""docs/data-contract.md says exactly what the tables are."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Table
from sqlalchemy import types as kinds

from data_access.tables import metadata
from tests.support import docs

DOCUMENT = "docs/data-contract.md"
TABLES = sorted(metadata.tables)


def documented() -> dict[str, str]:
    parts = docs.sections(docs.text(DOCUMENT))
    return {docs.plain(name): part for name, part in parts.items() if name.startswith("`")}


def kind(column: Column) -> str:
    """The word the document uses for a column's type."""
    sql = column.type
    if isinstance(sql, kinds.Text):
        return "long text"
    if isinstance(sql, kinds.String):
        return "code" if sql.length == 64 else f"text {sql.length}"
    names = (
        (kinds.DateTime, "time"),
        (kinds.Date, "date"),
        (kinds.Float, "float"),
        (kinds.Numeric, "number"),
        (kinds.SmallInteger, "small integer"),
        (kinds.BigInteger, "big integer"),
        (kinds.Integer, "integer"),
        (kinds.LargeBinary, "bytes"),
    )
    return next(name for one, name in names if isinstance(sql, one))


def needed(column: Column) -> str:
    """The word the document uses for key, not null and default."""
    if column.primary_key:
        return "key"
    default = f", default {column.server_default.arg}" if column.server_default is not None else ""
    return ("no" if column.nullable else "yes") + default


def test_every_table_is_described_and_no_other() -> None:
    assert sorted(documented()) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_as_it_is(name: str) -> None:
    table: Table = metadata.tables[name]
    found = [[docs.plain(row[0]), row[1], row[2]] for row in docs.rows(documented()[name])]
    assert found == [[column.name, kind(column), needed(column)] for column in table.columns]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_meaning_and_every_table_a_writer(name: str) -> None:
    part = documented()[name]
    assert "\nWritten by: " in part
    assert [row[0] for row in docs.rows(part) if len(row) != 5 or len(row[3]) < 2] == []


def test_names_fit_every_database() -> None:
    """DOMAIN 7: lower case, at most 30 characters, so that all the databases take them unquoted."""
    names = {*metadata.tables, *(c.name for t in metadata.tables.values() for c in t.columns)}
    names |= {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    assert sorted(name for name in names if len(name) > 30 or name != name.lower()) == []
