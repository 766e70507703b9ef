"""What a file of the comparison pages says of itself: periods, range, figures, rules, cut and origin of the data."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from domain.board import Board, Unit
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked, CompareView, Days
from exports.compare_sheets import About
from i18n import Translator
from i18n.compare_words import base_name, figure_name, made_of, notes, period_text, preset_name, unit_name
from i18n.map_words import filter_words


def about(view: CompareView, rules: CompareRules, t: Translator) -> About:
    """What the files of the overview and the tables say."""
    defined = [
        *asked_lines(view.asked, view.days, view.units, t),
        t("compare.how.text", weeks=view.weeks),
        t("list.stop").join(_dispersions(view, rules, t)),
        t("compare.how.holidays"),
        t("compare.export.tones"),
        t("compare.export.sums"),
        *figure_lines(_shown(view, rules), rules, t),
        *_shares(rules, t),
        *closing_lines(t("compare.foot", version=view.rules_version), view.board, t),
    ]
    return About(t("compare.title"), periods_line(view.asked, t), view.board, tuple(line for line in defined if line))


def periods_line(asked: CompareAsked, t: Translator) -> str:
    """This period against the same one, in one line."""
    periods, said = asked.periods, [now_line(asked, t)]
    if periods.base:
        said.append(" ".join((t("compare.when.base"), base_name(periods, t), period_text(periods.base, t))))
    return t("list.stop").join(said)


def now_line(asked: CompareAsked, t: Translator) -> str:
    """This period."""
    return " ".join((t("compare.when.now"), preset_name(asked.periods, t), period_text(asked.periods.span, t)))


def asked_lines(asked: CompareAsked, days: Mapping[str, Days], units: Sequence[Unit], t: Translator) -> list[str]:
    """The periods with their days, the range, and what to know before comparing.

    Args:
        days: "now", "base", "previous" -> what the period is made of. units: those whose names may be needed.
    """
    periods = asked.periods
    spans = {"now": periods.span, "base": periods.base, "previous": periods.previous}
    names = {"now": preset_name(periods, t), "base": base_name(periods, t), "previous": ""}
    lines = []
    for name, span in spans.items():
        if span:
            parts = (names[name], period_text(span, t), made_of(days[name], t) if name in days else "")
            lines.append(named(t(f"compare.when.{name}"), " ".join(part for part in parts if part), t))
    return [*lines, where_line(asked, units, t), *notes(asked, days, t)]


def where_line(asked: CompareAsked, units: Sequence[Unit], t: Translator) -> str:
    """Which stations are meant."""
    where = t("list.stop").join(_narrowed(asked, units, t)) or t("compare.all_units")
    return t("map.defined_filter", filter=where)


def closing_lines(foot: str, board: Board, t: Translator) -> list[str]:
    """Version of the rules, cut of the data, and whether they are invented."""
    lines = [foot, t("export.until", at=t.moment(board.as_of, seconds=True))]
    return [*lines, t("export.demo")] if board.demo else lines


def named(field: str, values: str, t: Translator) -> str:
    return t("map.narrowed", field=field, values=values)


def _narrowed(asked: CompareAsked, units: Sequence[Unit], t: Translator) -> Iterable[str]:
    """What narrows the stations, in words."""
    districts = {u.district_code or "": t.pick(u.district_name, u.district_name_en) for u in units}
    stations = {u.code: unit_name(u, "station", t) for u in units}
    known = {
        "district": [districts.get(one, one) for one in asked.districts],
        "station": [stations.get(one, one) for one in asked.stations],
        "region": [t(f"compare.region_name.{one}") for one in asked.regions],
        "mode": [t(f"compare.mode_name.{one}") for one in asked.modes],
    }
    for name, values in known.items():
        if values:
            yield named(t(f"compare.{name}"), t("list.comma").join(values), t)


def _dispersions(view: CompareView, rules: CompareRules, t: Translator) -> Iterable[str]:
    for line in view.lines:
        if not line.absent:
            name, factor = figure_name(line.code, rules, t), t.number(line.dispersion, 2)
            yield t("compare.how.dispersion", name=name, factor=factor)


def _shown(view: CompareView, rules: CompareRules) -> set[str]:
    """Codes of the figures that the file has numbers of, or shares made of them."""
    shown = {*(line.code for line in view.lines), *view.table.figures}
    return shown | {part for share in rules.shares for part in (share.part, share.whole)}


def figure_lines(codes: Container[str], rules: CompareRules, t: Translator) -> Iterable[str]:
    """Which incidents these figures count."""
    for figure in rules.figures:
        if figure.code in codes:
            words = [] if figure.sum == "incidents" else [t(f"compare.export.{figure.sum}")]
            words += filter_words(figure.filter, t).values()
            yield named(figure.name(t.lang), t("list.stop").join(words) or t("map.defined_none"), t)


def _shares(rules: CompareRules, t: Translator) -> Iterable[str]:
    for share in rules.shares:
        part, whole = (figure_name(name, rules, t) for name in (share.part, share.whole))
        yield t("compare.export.made", name=share.name(t.lang), part=part, whole=whole)
