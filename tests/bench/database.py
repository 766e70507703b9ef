"""The board from the database: as the program computes it, and the bare SQL it runs, through the driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

from catalogue.loader import load_catalogue
from domain.access import command
from services.board import board
from services.overview import board_view

WARM, RUNS = 5, 60
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Times:
    """Milliseconds of repeated runs."""

    values: tuple[float, ...]

    def at(self, share: float) -> float:
        """The smallest value that is not exceeded by this share of the runs."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def p50(self) -> float:
        return self.at(0.50)

    @property
    def p95(self) -> float:
        return self.at(0.95)


def recorded(engine: Engine, ask: Callable[[], Any]) -> list[Statement]:
    """The statements and parameters that reach the driver while `ask` runs."""
    seen: list[Statement] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip("( \n").upper().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def raw(connection: Any, statements: list[Statement]) -> int:
    """Run the statements on a connection of the driver, fetch every row; how many rows."""
    rows = 0
    cursor = connection.cursor()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        rows += len(cursor.fetchall())
    cursor.close()
    return rows


def timed(*asks: Callable[[], Any], runs: int = RUNS) -> list[Times]:
    """Milliseconds of each question, asked in turns so that the machine treats them alike."""
    found: list[list[float]] = [[] for _ in asks]
    for number in range(WARM + runs):
        for index, ask in enumerate(asks):
            start = perf_counter()
            ask()
            if number >= WARM:
                found[index].append(1000 * (perf_counter() - start))
    return [Times(tuple(values)) for values in found]


def measure(engine: Engine, as_of: datetime) -> dict[str, Any]:
    """The board's times, its SQL's times, what the page asks for in all, and how much there is."""
    rules, everyone = load_catalogue(), command()

    def ask() -> Any:
        return board(engine, rules, everyone, as_of)

    ask()
    statements = recorded(engine, ask)
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    try:
        whole, bare, view = timed(
            ask, lambda: raw(driver, statements), lambda: board_view(engine, rules, everyone, as_of)
        )
    finally:
        driver.rollback() if engine.dialect.name == "postgresql" else None
        pooled.close()
    answer = ask()
    return {
        "stations": len(answer.lines),
        "tasks": len(rules.active),
        "coloured": sum(cell.is_coloured for line in answer.lines for cell in line.cells),
        "statements": len(statements),
        "board": whole,
        "raw": bare,
        "view": view,
    }
