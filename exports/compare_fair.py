"""The page of fair comparison as a table: stations with rates, limits, shrunk rates and possible ranks."""

from __future__ import annotations

from domain.compare_rules import CompareRules
from domain.fair_views import FairLine, FairView
from exports.compare_about import asked_lines, closing_lines, figure_lines, named, periods_line
from exports.compare_sheets import About, Column, Row, Sheet, sheet_csv, sheets_xlsx, unless
from i18n import Translator
from i18n.compare_words import figure_name, unit_name
from i18n.fair_words import nothing, verdict


def fair_xlsx(view: FairView, rules: CompareRules, t: Translator) -> bytes:
    """The table of the page, and what it means."""
    return sheets_xlsx(tables(view, rules, t), about(view, rules, t), t)


def fair_csv(view: FairView, rules: CompareRules, t: Translator) -> bytes:
    """The table of the page, then what it means."""
    (table,) = tables(view, rules, t)
    return sheet_csv(table, about(view, rules, t))


def tables(view: FairView, rules: CompareRules, t: Translator) -> list[Sheet]:
    """The stations."""
    why_not = nothing(view, rules, t)
    return unless([why_not] if why_not else [], [stations(view, t)])


def about(view: FairView, rules: CompareRules, t: Translator) -> About:
    """What the files say of themselves."""
    rate = [t("fair.rate", rate=t.number(view.rate, 2))] if view.rate is not None else []
    defined = [
        *asked_lines(view.asked, view.days, view.units, t),
        nothing(view, rules, t) or verdict(view, t),
        *rate,
        t("fair.note", dispersion=t.number(view.dispersion, 2)),
        t("fair.table.note"),
        *figure_lines({view.asked.figure}, rules, t),
        *closing_lines(t("compare.foot", version=view.rules_version), view.board, t),
    ]
    title = named(t("compare.tab.fair"), figure_name(view.asked.figure, rules, t), t)
    return About(title, periods_line(view.asked, t), view.board, tuple(defined))


def stations(view: FairView, t: Translator) -> Sheet:
    """One row a station, in the order of the page: those outside the limits first."""
    compared = any(line.base for line in view.lines)
    near, far, ranks = t("fair.limit95"), t("fair.limit998"), t("fair.table.ranks")
    columns = [
        Column(t("compare.export.code")),
        Column(t("fair.table.unit")),
        Column(t("fair.table.zone"), "word"),
        Column(t("fair.table.count"), "count"),
        *(Column(t(f"fair.table.{name}"), "number") for name in ("residents", "rate")),
        *(Column(t(f"fair.export.{end}"), "number", group) for group in (near, far) for end in ("low", "high")),
        Column(t("fair.table.shrunk"), "number"),
        *(Column(t(f"fair.export.{end}"), "count", ranks) for end in ("first", "last")),
    ]
    if compared:
        base = t("compare.when.base")
        columns += [Column(t("fair.export.count"), "count", base), Column(t("fair.table.rate"), "number", base)]
        columns += [Column(t("fair.table.zone"), "word", base)]
    rows = tuple(_row(line, t, compared=compared) for line in view.lines)
    return Sheet(t("fair.table.title"), tuple(columns), rows, lead=2, note=verdict(view, t))


def _row(line: FairLine, t: Translator, *, compared: bool) -> Row:
    point, base = line.point, line.base
    limits = point.low95, point.high95, point.low998, point.high998
    told = (line.unit.code, unit_name(line.unit, "station", t), t(f"fair.zone.{point.zone}"))
    numbers = (point.count, point.exposure, point.rate, *limits, point.shrunk, *(line.ranks or (None, None)))
    if not compared:
        return (*told, *numbers)
    then = (base.count, base.rate, t(f"fair.zone.{base.zone}")) if base else (None, None, t("fair.zone.unknown"))
    return (*told, *numbers, *then)
