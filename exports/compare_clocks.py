"""The page of response clocks as tables: every clock with its bands, then stations, hours and classes."""

from __future__ import annotations

from collections.abc import Sequence

from domain.clock_views import ClockLine, ClockPart, ClockRow, ClocksView
from domain.compare_views import CompareAsked
from domain.share_change import ShareChange
from exports.compare_about import asked_lines, closing_lines, named, periods_line
from exports.compare_sheets import About, Column, Row, Sheet, Toned, Value, sheets_csv, sheets_xlsx, unless
from exports.compare_table import judgement
from i18n import Translator
from i18n.clock_words import bands, clock_notes, limit, nothing, row_name
from i18n.compare_words import REAL, tone
from i18n.map_words import code

GOOD = "up"
TABLES = {"stations": "unit", "hours": "hour", "classes": "class"}
"""Tables of the page -> what their rows are."""


def clocks_xlsx(view: ClocksView, asked: CompareAsked, t: Translator) -> bytes:
    """Every table of the page."""
    return sheets_xlsx(tables(view, t), about(view, asked, t), t)


def clocks_csv(view: ClocksView, asked: CompareAsked, t: Translator) -> bytes:
    """Every table of the page, one below the other."""
    return sheets_csv(tables(view, t), about(view, asked, t))


def tables(view: ClocksView, t: Translator) -> list[Sheet]:
    """The clocks, their bands, stations, hours, classes."""
    made = [clocks(view, t), distribution(view, t), *(by(name, view, t) for name in TABLES)]
    return unless(nothing(view, t), made)


def about(view: ClocksView, asked: CompareAsked, t: Translator) -> About:
    """What the files say of themselves."""
    classes = t("list.comma").join(code("class_code", one, t) for one in asked.classes) or t("clocks.class_all")
    defined = [
        *asked_lines(asked, {}, view.units, t),
        named(t("clocks.who"), t(f"clocks.who_name.{view.asked.who}"), t),
        named(t("clocks.limits"), t(f"clocks.limits_name.{view.asked.limits}"), t),
        named(t("clocks.classes"), classes, t),
        *nothing(view, t),
        *clock_notes(view, t),
        t("clocks.table.note"),
        t("clocks.export.unusable", hint=t("clocks.unusable_hint")),
        t("clocks.export.untold"),
        *closing_lines(t("clocks.foot", version=view.rules_version), view.board, t),
    ]
    return About(t("clocks.title"), periods_line(asked, t), view.board, tuple(defined))


def judged(part: ClockPart) -> bool:
    """The clock has a limit somewhere."""
    return part.clock.limit is not None or bool(part.clock.regions)


# clocks ----------------------------------------------------------------------------------------


def clocks(view: ClocksView, t: Translator) -> Sheet:
    """One row a clock: in time, its change, how long it took, what is still open."""
    columns = [Column(t("clocks.export.clock")), Column(t("clocks.export.limit")), *_share_heads("now", t)]
    for name in _against(view):
        columns += [
            *_share_heads(name, t),
            *_change_heads(name, t),
            Column(t("compare.export.judged"), "word", _of(name, t)),
        ]
    seconds = t("clocks.export.seconds")
    columns += [Column(t("clocks.export.done"), "count")]
    columns += [Column(t(f"clocks.{name}"), "count", seconds) for name in ("mean", "p50", "p90")]
    columns += [Column(t(f"clocks.export.{name}"), "count") for name in ("waiting", "overdue", "wrong")]
    rows = tuple(_clock(part, view, t) for part in view.clocks)
    return Sheet(t("compare.tab.clocks"), tuple(columns), rows)


def _against(view: ClocksView) -> list[str]:
    """The periods that this one is held against."""
    spans = {"base": view.asked.base, "previous": view.asked.previous}
    return [name for name, span in spans.items() if span]


def _of(name: str, t: Translator) -> str:
    return t(f"compare.card.{'yoy' if name == 'base' else 'pop'}")


def _share_heads(name: str, t: Translator) -> list[Column]:
    group = t(f"compare.when.{name}")
    return [
        Column(t("clocks.export.rate"), "share", group),
        Column(t("clocks.export.hit"), "count", group),
        Column(t("clocks.export.due"), "count", group),
    ]


def _change_heads(name: str, t: Translator) -> list[Column]:
    group = _of(name, t)
    return [
        Column(t("compare.export.points"), "points", group),
        Column(t("compare.export.low"), "points_bound", group),
        Column(t("compare.export.high"), "points_bound", group),
    ]


def _clock(part: ClockPart, view: ClocksView, t: Translator) -> Row:
    now, known = part.now, judged(part)
    row: list[Value | Toned] = [part.clock.name(t.lang), limit(part.clock, view.asked.limits, t)]
    row += _share(now if known else None)
    others = {"base": (part.base, part.change), "previous": (part.previous, part.change_previous)}
    for name in _against(view):
        line, change = others[name]
        row += _share(line if known else None)
        row += _change(change if known else None, told=not now.few)
        row.append(_word(now, change, t) if known else None)
    return (*row, now.done, now.mean, now.p50, now.p90, now.waiting, now.overdue, now.unusable)


def _share(line: ClockLine | None) -> list[Value | Toned]:
    return [line.percent, line.hit, line.due] if line else [None] * 3


def _change(change: ShareChange | None, *, told: bool) -> list[Value | Toned]:
    """Points with their interval; coloured when `told`."""
    if change is None:
        return [None] * 3
    points = Toned(change.points, tone(change.verdict, GOOD)) if told else change.points
    return [points, change.low, change.high]


def _word(line: ClockLine, change: ShareChange | None, t: Translator, *, told: bool = True) -> str:
    """Why nothing is told, or whether the change is beyond chance."""
    if line.few:
        return t("clocks.few")
    if change is None:
        return judgement("unknown", t)
    return judgement("chance" if change.verdict in REAL and not told else change.verdict, t)


def distribution(view: ClocksView, t: Translator) -> Sheet:
    """How long it took: rows of each clock's bands."""
    columns = (
        Column(t("clocks.export.clock")),
        Column(t("clocks.export.band")),
        Column(t("clocks.export.done"), "count"),
        Column(t("compare.table.share"), "share"),
    )
    rows = tuple(
        (part.clock.name(t.lang), name, count, share)
        for part in view.clocks
        for name, count, share in zip(bands(part.clock, t), part.now.bands, part.now.shares, strict=True)
    )
    return Sheet(t("clocks.bands"), columns, rows, lead=2)


# stations, hours, classes ----------------------------------------------------------------------


def by(name: str, view: ClocksView, t: Translator) -> Sheet:
    """One table of the page: in time, and the median; the changes where the table is compared."""
    parts = [part for part in view.clocks if getattr(part, name)]
    compared = any(row.change for part in parts for row in getattr(part, name))
    lead = [Column(t("compare.export.code"))] if name == "stations" else []
    lead.append(Column(t(f"clocks.table.{TABLES[name]}")))
    columns = [*lead, *(column for part in parts for column in _heads(name, part, t, compared=compared))]
    count = len(getattr(parts[0], name)) if parts else 0
    lines = tuple(
        _row(name, [getattr(part, name)[at] for part in parts], parts, view, t, compared=compared)
        for at in range(count)
    )
    whole = [ClockRow("", part.now, part.base, part.change, True) for part in parts]
    sums = _cells(name, whole, parts, t, compared=compared)
    total = (*([""] * (len(lead) - 1)), t("clocks.table.total"), *sums)
    return Sheet(t(f"clocks.table.{name}"), tuple(columns), lines, total if parts else None, len(lead))


def _heads(name: str, part: ClockPart, t: Translator, *, compared: bool) -> list[Column]:
    group = part.clock.name(t.lang)
    heads = [Column(t("clocks.export.done"), "count", group), Column(t("clocks.export.median"), "count", group)]
    if not judged(part):
        return heads
    heads[:0] = [
        Column(t("clocks.export.rate"), "share", group),
        Column(t("clocks.export.hit"), "count", group),
        Column(t("clocks.export.due"), "count", group),
    ]
    if compared:
        heads.append(Column(t("clocks.export.rate_base"), "share", group))
        heads += [Column(one.name, one.form, group) for one in _change_heads("base", t)]
        heads += [Column(t("compare.export.judged"), "word", group)] if name == "stations" else []
    return heads


def _row(
    name: str, rows: Sequence[ClockRow], parts: Sequence[ClockPart], view: ClocksView, t: Translator, *, compared: bool
) -> Row:
    key = rows[0].key
    named_ = [key] if name == "stations" else []
    return (*named_, row_name(name, key, view.units, t), *_cells(name, rows, parts, t, compared=compared))


def _cells(
    name: str, rows: Sequence[ClockRow], parts: Sequence[ClockPart], t: Translator, *, compared: bool
) -> list[Value | Toned]:
    found: list[Value | Toned] = []
    for row, part in zip(rows, parts, strict=True):
        line, change = row.now, row.change
        if judged(part):
            found += _share(line)
        found += [line.done, line.p50]
        if judged(part) and compared:
            found.append(row.base.percent if row.base else None)
            few = line.few and line.due
            found += [t("clocks.few"), None, None] if few else _change(change, told=row.told)
            found += [_word(line, change, t, told=row.told)] if name == "stations" else []
    return found
