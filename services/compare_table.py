"""The comparison as a table: by station, district, region, mode, or class and subclass; sums equal parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.board import Unit
from domain.compare_views import UnitCell, UnitRow, UnitTable
from domain.comparison import changes
from domain.dispersion import dispersion_of_series
from services.compare_desk import PERIODS, Desk

KIND = "kind"


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows to be.

    Args:
        counts: by period, shape (rows, columns). dispersion: of equal shape.
        residents: of each row, 10 000; empty where they make no sense.
    """

    codes: tuple[str, ...]
    units: tuple[Unit | None, ...]
    counts: dict[str, np.ndarray]
    dispersion: np.ndarray
    inside: tuple[bool, ...]
    residents: tuple[float | None, ...] = ()


def table(here: Desk, unit: str) -> UnitTable:
    """The rows of a kind of unit, one of `domain.compare_views.UNITS`, sorted as asked, and their sum."""
    kinds = unit == KIND
    rows = _kinds(here) if kinds else _places(here, unit)
    figures = (here.ground.rules.every,) if kinds else tuple(figure.code for figure in here.ground.rules.wide)
    outer = np.array([not one for one in rows.inside], dtype=bool)
    total = {name: counts[outer].sum(axis=0) for name, counts in rows.counts.items()}
    columns = [here.ground.rules.column[code] for code in figures]
    factor = here.dispersion[columns]
    whole = _Rows(
        ("",), (None,), {n: c[None] for n, c in total.items()}, factor[None], (False,), (residents_of(here.chosen),)
    )
    made = _made(here, rows, total)
    return UnitTable(unit, figures, _sorted(made, figures, here.asked.sort), _made(here, whole, total)[0])


def _places(here: Desk, kind: str) -> _Rows:
    """Stations, or groups of them; what belongs to no shown station is a row of its own, so that sums hold."""
    columns = [here.ground.rules.column[figure.code] for figure in here.ground.rules.wide]
    groups = _groups(here, kind)
    history = here.history[:, :, columns]
    shape = len(groups), len(columns)
    counts = {
        name: np.array([here.counts[name][at][:, columns].sum(axis=0) for _, _, at in groups]).reshape(shape)
        for name in PERIODS
    }
    if kind == "station":
        each = np.stack([here.station_dispersion(column) for column in columns], axis=1)
        factor = np.array([each[at].max(axis=0, initial=1.0) for _, _, at in groups]).reshape(len(groups), len(columns))
    else:
        series = np.stack([history[:, at].sum(axis=1) for _, _, at in groups]) if groups else np.zeros((0, 1, 1))
        factor = (
            dispersion_of_series(series.transpose(0, 2, 1).astype(np.int64), here.festive)
            if groups
            else np.ones((0, len(columns)))
        )
    return _Rows(
        tuple(code for code, _, _ in groups),
        tuple(unit for _, unit, _ in groups),
        counts,
        factor,
        (False,) * len(groups),
        tuple(float(unit.residents_10k) if unit and unit.residents_10k else None for _, unit, _ in groups),
    )


Group = tuple[str, "Unit | None", np.ndarray]


def _groups(here: Desk, kind: str) -> list[Group]:
    """Code, unit and positions of each row, in the organisation's order."""
    members: dict[str, list[Unit]] = {}
    for unit in here.chosen:
        members.setdefault(_code(unit, kind), []).append(unit)
    at = here.ledger.days.at
    found: list[Group] = [(code, _unit(mine, kind), at(u.code for u in mine)) for code, mine in members.items()]
    if not here.asked.narrowed:
        listed = {unit.code for unit in here.chosen}
        rest = [code for code in here.ledger.days.stations if code not in listed]
        if rest and any(here.counts[name][at(rest)].any() for name in PERIODS):
            found.append(("", None, at(rest)))
    return found


def _code(unit: Unit, kind: str) -> str:
    found = {
        "station": unit.code,
        "district": unit.district_code,
        "region": unit.region_type,
        "mode": unit.fusion_mode,
    }[kind]
    return found or "-"


def _unit(mine: Sequence[Unit], kind: str) -> Unit | None:
    """The station itself; of a district its names and the residents of its stations; of others those residents only."""
    first = mine[0]
    if kind == "station":
        return first
    residents = residents_of(mine)
    name = (first.district_name or first.district_code or "") if kind == "district" else ""
    english = first.district_name_en if kind == "district" else None
    return replace(
        first, code=_code(first, kind), name=name, short_name=name, name_en=english or name, residents_10k=residents
    )


def residents_of(mine: Sequence[Unit]) -> float | None:
    """Of all of these stations, 10 000; None where one's are unknown."""
    known = [unit.residents_10k for unit in mine]
    return sum(float(one) for one in known if one) if known and all(known) else None


def _kinds(here: Desk) -> _Rows:
    """Classes and, inside each, its subclasses."""
    days = here.ledger.days
    totals = {name: here.total(name)[days.figures :] for name in PERIODS}
    weeks = here.history[:, here.places] if here.asked.narrowed else here.history
    series = weeks.sum(axis=1)[:, days.figures :]
    groups = _kind_groups(here, totals)
    counts = {
        name: np.array([[found[at].sum()] for _, at, _ in groups]).reshape(-1, 1) for name, found in totals.items()
    }
    history = np.stack([series[:, at].sum(axis=1) for _, at, _ in groups]) if groups else np.zeros((0, 1))
    factor = dispersion_of_series(history.astype(np.int64), here.festive)[:, None] if groups else np.ones((0, 1))
    codes = tuple(code for code, _, _ in groups)
    return _Rows(codes, (None,) * len(codes), counts, factor, tuple(inside for _, _, inside in groups))


def _kind_groups(here: Desk, totals: dict[str, np.ndarray]) -> list[tuple[str, list[int], bool]]:
    """(class or class/subclass, positions, is a subclass), most incidents first."""
    shown = [n for n in range(len(here.ledger.days.kinds)) if any(found[n] for found in totals.values())]
    weight = totals["now"] + totals["base"]
    classes: dict[str, list[int]] = {}
    for number in shown:
        classes.setdefault(here.ledger.days.kinds[number][0], []).append(number)
    found: list[tuple[str, list[int], bool]] = []
    for name, at in sorted(classes.items(), key=lambda pair: -weight[pair[1]].sum()):
        found.append((name, at, False))
        if len(at) > 1:
            inner = sorted(at, key=lambda n: -weight[n])
            found += [(f"{name}/{here.ledger.days.kinds[n][1]}", [n], True) for n in inner]
    return found


# rows ------------------------------------------------------------------------------------------


def _made(here: Desk, rows: _Rows, total: dict[str, np.ndarray]) -> tuple[UnitRow, ...]:
    now, base, previous = (rows.counts[name] for name in PERIODS)
    lengths = here.length("now"), here.length("base")
    told = changes(now, base, *lengths, rows.dispersion)
    signs = np.where(np.sign(now - base) == told.sign, told.sign, 0).tolist()
    percent, before = _known(told.percent), _known(_percents(here, now, previous))
    sums = [[int(one) for one in total[name]] for name in ("now", "base")]
    made = []
    for row, (code, unit, inside) in enumerate(zip(rows.codes, rows.units, rows.inside, strict=True)):
        columns = zip(*(counts[row].tolist() for counts in (now, base, previous)), *sums, strict=True)
        cells = tuple(
            UnitCell(
                now=count,
                base=_counted(here, "base", then),
                previous=_counted(here, "previous", last),
                percent=percent[row][column],
                previous_percent=before[row][column],
                sign=signs[row][column],
                share=_percent(count, whole),
                base_share=_percent(then, old),
            )
            for column, (count, then, last, whole, old) in enumerate(columns)
        )
        residents = rows.residents[row] if rows.residents else None
        per = cells[0].now / residents if cells and residents else None
        made.append(UnitRow(code, unit, cells, _word(cells[0]) if cells else "", per, inside))
    return tuple(made)


def _percents(here: Desk, now: np.ndarray, previous: np.ndarray) -> np.ndarray:
    """The plain change against the period before; nan where there is nothing to compare with."""
    known = (previous > 0) & (here.length("previous") > 0)
    return np.where(known, 100.0 * (now - previous) / np.maximum(previous, 1), np.nan)


def _known(values: np.ndarray) -> list[list[float | None]]:
    return [[None if np.isnan(value) else value for value in row] for row in values.tolist()]


def _counted(here: Desk, name: str, count: int) -> int | None:
    """A period's count; None without the period, and for a zero that only says that the data begin later."""
    return count if here.spans[name] and (count or here.length(name)) else None


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _word(cell: UnitCell) -> str:
    """零发 nothing now, 新增 nothing then, 持平 as many, 下降 or 上升; "" where nothing can be compared."""
    if cell.base is None or (cell.base and cell.percent is None):
        return ""
    if not cell.now:
        return "none"
    if not cell.base:
        return "new"
    return "level" if cell.now == cell.base else "up" if cell.now > cell.base else "down"


def _sorted(rows: tuple[UnitRow, ...], figures: tuple[str, ...], sort: str) -> tuple[UnitRow, ...]:
    """By `figure`, `figure.base`, `figure.change`, `figure.previous`, `residents`; "-": falling. Kinds stay."""
    falling, name = sort.startswith("-"), sort.removeprefix("-")
    code, _, what = name.partition(".")
    if not name or any(row.inside for row in rows) or (code not in figures and code != "residents"):
        return rows

    def value(row: UnitRow) -> float | None:
        if code == "residents":
            return row.per_residents
        cell = row.cells[figures.index(code)]
        return {"base": cell.base, "change": cell.percent, "previous": cell.previous_percent}.get(what, cell.now)

    known = [row for row in rows if value(row) is not None]
    ordered = sorted(known, key=lambda row: value(row) or 0.0, reverse=falling)
    return (*ordered, *(row for row in rows if value(row) is None))
