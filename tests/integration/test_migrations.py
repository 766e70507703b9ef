"""Migrations: the same tables as the program's, up and down, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, inspect, text

from data_access import migrate
from data_access.engine import open_engine, writing
from data_access.tables import metadata


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_an_empty_database_says_what_is_pending(blank: Engine) -> None:
    assert migrate.current(blank) is None
    found = migrate.check(blank)
    assert found[0] == "migration pending: at nothing, newest is 0007"
    assert any("add_table: incident" in line for line in found)


def test_upgraded_tables_are_those_of_the_program(blank: Engine) -> None:
    migrate.upgrade(blank)
    assert migrate.current(blank) == "0007"
    assert migrate.check(blank) == []
    assert tables(blank) == {*metadata.tables, "alembic_version"}


def test_every_column_keeps_its_order_null_and_default(blank: Engine) -> None:
    migrate.upgrade(blank)
    found = inspect(blank)
    for table in metadata.tables.values():
        columns = found.get_columns(table.name)
        assert [column["name"] for column in columns] == list(table.c.keys())
        for column in columns:
            mine = table.c[column["name"]]
            assert column["nullable"] == mine.nullable, mine
            assert (column["default"] is None) == (mine.server_default is None), mine
        key = found.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key]


def test_drift_is_named(blank: Engine) -> None:
    migrate.upgrade(blank)
    with writing(blank) as connection:
        connection.execute(text("ALTER TABLE station ADD COLUMN nickname VARCHAR(20)"))
        connection.execute(text("DROP INDEX ix_sample_at"))
    found = migrate.check(blank)
    assert any("remove_column" in line and "nickname" in line for line in found)
    assert any("add_index" in line and "ix_sample_at" in line for line in found)


def test_upgrading_again_changes_nothing(blank: Engine) -> None:
    migrate.upgrade(blank)
    with writing(blank) as connection:
        connection.execute(metadata.tables["data_version"].insert().values(name="board", version=7))
    migrate.upgrade(blank)
    with blank.connect() as connection:
        assert connection.execute(text("SELECT version FROM data_version WHERE name = 'board'")).scalar() == 7


def test_down_to_base_leaves_nothing_and_up_works_again(blank: Engine) -> None:
    migrate.upgrade(blank)
    migrate.downgrade(blank, "base")
    assert tables(blank) <= {"alembic_version"}
    assert migrate.current(blank) is None
    migrate.upgrade(blank)
    assert migrate.check(blank) == []


def test_two_upgrades_at_once(blank_url: str) -> None:
    engines = [open_engine(blank_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, engines))
    assert migrate.check(engines[0]) == []
    for engine in engines:
        engine.dispose()
