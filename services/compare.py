"""The comparison page: what changed, where, and whether it is more than chance -> `CompareView`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from data_access.engine import reading
from domain.access import Scope
from domain.board import Board, Unit
from domain.compare_rules import Figure, Share
from domain.compare_views import UNITS, CompareAsked, CompareBook, CompareView, FigureLine, Found, ShareLine
from domain.comparison import changed, changes, discoveries
from domain.share_change import share_changed
from services.board import standing
from services.compare_desk import PERIODS, SPARK_WEEKS, CompareGround, Desk, desk
from services.compare_table import table

MOST_FOUND = 12


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
        lines=tuple(_line(here, figure) for figure in ground.rules.figures if figure.headline),
        shares=tuple(_share(here, share) for share in ground.rules.shares),
        table=table(here, asked.unit),
        found=found,
        tested=tested,
        q=ground.rules.q,
        weeks=len(here.history),
    )


# figures ---------------------------------------------------------------------------------------


def _line(here: Desk, figure: Figure) -> FigureLine:
    at = here.ground.rules.column[figure.code]
    absent = _absent(here, figure)
    now, base, previous = (None if absent else _count(here, name, at) for name in PERIODS)
    factor = float(here.dispersion[at])
    residents = _residents(here.chosen)
    return FigureLine(
        code=figure.code,
        now=now,
        base=base,
        previous=previous,
        change=changed(now or 0, base or 0, here.length("now"), 0.0 if absent else here.length("base"), factor),
        previous_change=changed(
            now or 0, previous or 0, here.length("now"), 0.0 if absent else here.length("previous"), factor
        ),
        per_residents=now / residents if residents and now is not None else None,
        base_per_residents=base / residents if residents and base is not None else None,
        spark=() if absent else _spark(here, at),
        dispersion=factor,
        absent=absent,
    )


def _count(here: Desk, name: str, at: int) -> int | None:
    return int(here.total(name)[at]) if here.spans[name] else None


def _absent(here: Desk, figure: Figure) -> bool:
    """The data never carried what the figure is made of; without any data every figure is absent."""
    if here.begins is None:
        return True
    at = here.ground.rules.column[figure.code]
    seen = here.ledger.days.values[:, :, at].any() or here.counts["now"][:, at].any()
    return figure.optional and not seen


def _spark(here: Desk, at: int) -> tuple[int, ...]:
    last = here.asked.periods.span.end.date()
    weeks = here.ledger.weeks(last, SPARK_WEEKS)[..., at]
    mine = weeks[:, here.places] if here.asked.narrowed else weeks
    return tuple(mine.sum(axis=1).tolist())


def _residents(chosen: Sequence[Unit]) -> float | None:
    known = [unit.residents_10k for unit in chosen]
    return sum(float(one) for one in known if one) if known and all(known) else None


def _share(here: Desk, share: Share) -> ShareLine:
    rules = here.ground.rules
    part, whole = rules.figure(share.part), rules.figure(share.whole)
    assert part is not None and whole is not None
    absent = _absent(here, part) or _absent(here, whole)
    at = rules.column[share.part], rules.column[share.whole]
    now, base, previous = (None if absent else _pair(here, name, at) for name in PERIODS)
    factor = float(here.dispersion[at[0]])
    return ShareLine(
        code=share.code,
        now=now,
        base=base,
        previous=previous,
        change=share_changed(*(now or (0, 0)), *(base or (0, 0)), factor),
        previous_change=share_changed(*(now or (0, 0)), *(previous or (0, 0)), factor),
        absent=absent,
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
    factor = here.station_dispersion[columns]
    seen = discoveries(now, base, *lengths, factor, q=here.ground.rules.q)
    told = changes(now, base, *lengths, factor)
    places = zip(*np.nonzero(seen.sign), strict=True)
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
    return tuple(sorted(lines, key=lambda one: -abs(one.excess))[:MOST_FOUND]), seen.tested
