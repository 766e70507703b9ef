"""The comparison page: what changed, where, and whether it is more than chance -> `CompareView`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from data_access.engine import reading
from domain.access import Scope
from domain.board import Board
from domain.compare_rules import Figure
from domain.compare_views import UNITS, CompareAsked, CompareBook, CompareView, FigureLine, Found, ShareLine
from domain.comparison import Change, changes, discoveries
from domain.discovery import q_values
from domain.share_change import share_changes
from services.board import standing
from services.compare_desk import PERIODS, CompareGround, Desk, desk
from services.compare_table import residents_of, table


def compare_view(ground: CompareGround, scope: Scope, asked: CompareAsked, as_of: datetime) -> CompareView:
    """Everything the comparison page and its tables show.

    Args:
        as_of: the instant the page is about.
    """
    with reading(ground.engine) as connection:
        here = desk(connection, ground, scope, asked)
        board = standing(connection, ground.catalogue, as_of)
    return _view(here, board)


def compare_book(ground: CompareGround, scope: Scope, asked: CompareAsked, as_of: datetime) -> CompareBook:
    """The page with the table of every kind of unit, all from one read."""
    with reading(ground.engine) as connection:
        here = desk(connection, ground, scope, asked)
        board = standing(connection, ground.catalogue, as_of)
    view = _view(here, board)
    return CompareBook(view, tuple(view.table if unit == asked.unit else table(here, unit) for unit in UNITS))


def _view(here: Desk, board: Board) -> CompareView:
    asked, ground = here.asked, here.ground
    found, tested = _found(here)
    return CompareView(
        board=board,
        asked=asked,
        rules_version=ground.rules.version,
        units=here.units,
        chosen=len(here.chosen),
        days=here.days,
        lines=figure_lines(here),
        shares=share_lines(here),
        table=table(here, asked.unit),
        found=found,
        tested=tested,
        q=ground.rules.q,
        weeks=len(here.history),
    )


# figures ---------------------------------------------------------------------------------------


def figure_lines(here: Desk) -> tuple[FigureLine, ...]:
    """The headline figures, all judged at once."""
    figures = [figure for figure in here.ground.rules.figures if figure.headline]
    at = [here.ground.rules.column[figure.code] for figure in figures]
    absent = np.array([_absent(here, figure) for figure in figures], dtype=bool)
    counts = {name: np.where(absent, 0, here.total(name)[at]) for name in PERIODS}
    told, before = (
        changes(
            counts["now"],
            counts[name],
            here.length("now"),
            np.where(absent, 0.0, here.length(name)),
            here.dispersion[at],
        )
        for name in ("base", "previous")
    )
    q = np.ones(len(figures))
    judged = ~absent & told.known & (told.now + told.base > 0)
    q[judged] = q_values(told.p[judged])
    return tuple(
        replace(_line(here, figure, (told.at(n), before.at(n)), absent=bool(absent[n])), q=float(q[n]))
        for n, figure in enumerate(figures)
    )


def _line(here: Desk, figure: Figure, told: tuple[Change, Change], *, absent: bool) -> FigureLine:
    at, residents = here.ground.rules.column[figure.code], residents_of(here.chosen)
    now, base, previous = (None if absent else _count(here, name, at) for name in PERIODS)
    return FigureLine(
        code=figure.code,
        now=now,
        base=base,
        previous=previous,
        change=told[0],
        previous_change=told[1],
        per_residents=now / residents if residents and now is not None else None,
        base_per_residents=base / residents if residents and base is not None and here.length("base") else None,
        spark=() if absent else tuple(here.sparks[:, at].tolist()),
        dispersion=float(here.dispersion[at]),
        absent=absent,
    )


def _count(here: Desk, name: str, at: int) -> int | None:
    """A period's count; None without the period, and for a zero that only says that the data begin later."""
    count = int(here.total(name)[at])
    return count if here.spans[name] and (count or here.length(name)) else None


def _absent(here: Desk, figure: Figure) -> bool:
    """The data never carried what the figure is made of; without any data every figure is absent."""
    if here.begins is None:
        return True
    at = here.ground.rules.column[figure.code]
    return figure.optional and not bool(here.seen[at])


def share_lines(here: Desk) -> tuple[ShareLine, ...]:
    """Figures as shares of others, all judged at once."""
    rules = here.ground.rules
    parts = [(rules.figure(one.part), rules.figure(one.whole)) for one in rules.shares]
    absent = [any(one is None or _absent(here, one) for one in pair) for pair in parts]
    at = [(rules.column[one.part], rules.column[one.whole]) for one in rules.shares]
    pairs = {
        name: [None if gone else _pair(here, name, where) for gone, where in zip(absent, at, strict=True)]
        for name in PERIODS
    }
    (now, of_now), *others = (
        np.array([one or (0, 0) for one in pairs[name]], dtype=np.int64).reshape(-1, 2).T for name in PERIODS
    )
    factor = here.dispersion[[part for part, _ in at]]
    told, before = (share_changes(now, of_now, hits, of_hits, factor) for hits, of_hits in others)
    return tuple(
        ShareLine(
            code=share.code,
            now=pairs["now"][n],
            base=pairs["base"][n],
            previous=pairs["previous"][n],
            change=told.at(n),
            previous_change=before.at(n),
            absent=absent[n],
        )
        for n, share in enumerate(rules.shares)
    )


def _pair(here: Desk, name: str, at: tuple[int, int]) -> tuple[int, int] | None:
    if not here.length(name):
        return None
    found = here.total(name)
    return int(found[at[0]]), int(found[at[1]])


# discoveries -----------------------------------------------------------------------------------


def _found(here: Desk) -> tuple[tuple[Found, ...], int]:
    """The stations x figures that changed, after control of false discoveries over all of them."""
    wide = here.ground.rules.wide
    columns = np.array([here.ground.rules.column[figure.code] for figure in wide], dtype=np.int64)
    known = [unit for unit in here.chosen if unit.code in set(here.ledger.days.stations)]
    now, base = (here.counts[name][np.ix_(here.places, columns)] for name in ("now", "base"))
    lengths = here.length("now"), here.length("base")
    factor = np.stack([here.station_dispersion(column)[here.places] for column in columns.tolist()], axis=1)
    seen = discoveries(now, base, *lengths, factor, q=here.ground.rules.q)
    told = changes(now, base, *lengths, factor)
    # Where all incidents are of one class, the total says nothing that the class does not.
    main = next((n for n, figure in enumerate(wide) if figure.code == here.ground.rules.main), None)
    double = _same_as_another(now, base, main)
    sign = np.where(np.sign(now - base) == seen.sign, seen.sign, 0)  # counts and daily rates go the same way
    places = ((row, column) for row, column in zip(*np.nonzero(sign), strict=True) if (row, column) not in double)
    rate = lengths[0] / lengths[1] if lengths[1] else 0.0
    lines = [
        Found(
            unit=known[row],
            figure=wide[column].code,
            change=told.at((row, column)),
            q=float(seen.q_values[row, column]),
            excess=float(now[row, column] - base[row, column] * rate),
        )
        for row, column in ((int(a), int(b)) for a, b in places)
    ]
    return tuple(sorted(lines, key=lambda one: -abs(one.excess))), seen.tested


def _same_as_another(now: np.ndarray, base: np.ndarray, main: int | None) -> set[tuple[int, int]]:
    """Places (row, `main`) whose counts are those of another column too."""
    if main is None:
        return set()
    same = (now == now[:, [main]]) & (base == base[:, [main]])
    same[:, main] = False
    return {(row, main) for row in np.flatnonzero(same.any(axis=1)).tolist()}
