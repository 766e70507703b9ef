"""Addresses of the comparison pages, and of the rows behind their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from components.hiccup import Node, h, many
from components.look import Look
from domain.board import Unit
from domain.compare_asked import params
from domain.compare_rules import CompareRules, Figure
from domain.compare_views import CompareAsked
from domain.incident_filter import MOST_VALUES, Filter
from domain.incident_filter import params as filter_params
from domain.span import Span

HOME, ROWS = "/compare", "/incidents"
TABS = ("overview", "tables", "clocks", "trend", "fair")
OWN_FILES = ("clocks", "trend", "fair")
"""Pages that have files of their own."""
_KEPT_BY_PERIOD = ("preset", "at", "from", "to")


def path_of(tab: str) -> str:
    """The address of one of the pages without its question."""
    return HOME if tab == "overview" else f"{HOME}/{tab}"


def href(look: Look, tab: str, asked: CompareAsked, rules: CompareRules, **changes: str) -> str:
    """The address of a page with the same question, some parameters changed; "" leaves one out."""
    kept = params(asked, rules)
    if any(name in changes for name in _KEPT_BY_PERIOD):
        kept = {name: value for name, value in kept.items() if name not in _KEPT_BY_PERIOD}
    return look.url(path_of(tab), **{**kept, **changes})


def outs(look: Look, tab: str, asked: CompareAsked, rules: CompareRules) -> Node:
    """Links to the files of a page: its tables as workbook and as text. The tables' page has those of the overview."""
    path = f"{HOME}-{tab}" if tab in OWN_FILES else HOME
    links = [
        h(
            "a",
            look.t(f"export.{form}"),
            href=look.url(f"/download{path}.{form}", **params(asked, rules)),
            download=True,
        )
        for form in ("xlsx", "csv")
    ]
    return h("span.outs", many(links))


def rows_href(look: Look, asked: CompareAsked, span: Span | None, wanted: Filter, units: Sequence[Unit]) -> str:
    """The address of the incidents of one period that a filter leaves, of the chosen stations.

    Args:
        units: all stations the viewer may see; needed where region or mode narrow them.

    Returns:
        "" when there is no such period, or more stations are meant than an address can name.
    """
    if span is None:
        return ""
    where = wanted
    if asked.regions or asked.modes:
        mine = tuple(sorted(unit.code for unit in units if asked.holds(unit)))
        if not mine or len(mine) > MOST_VALUES:
            return ""
        where = where.with_(stations=where.stations or mine)
    else:
        where = where.with_(stations=where.stations or asked.stations, districts=where.districts or asked.districts)
    return look.url(ROWS, **span_params(span), base="none", **filter_params(where))


def span_params(span: Span) -> dict[str, str]:
    """A period as `from` and `to` of an address; with the clock where it ends within a day."""
    return {"from": span.first_day.isoformat(), "to": _last(span.end)}


def _last(end: datetime) -> str:
    if end.time() == time.min:
        return Span(end, end).last_day.isoformat()
    return end.isoformat(timespec="minutes" if not end.second else "seconds")


def number(shown: str, count: int | None, address: str) -> Node:
    """A count that opens the rows it counts; plain text when there are none or no address says it."""
    return h("a.n", shown, href=address, data_n=count) if address and count else h("span.n", shown)


def figure_rows(
    look: Look, asked: CompareAsked, figure: Figure, units: Sequence[Unit], spans: Mapping[str, Span | None]
) -> dict[str, str]:
    """Period -> address of the rows behind a figure."""
    wanted = behind(figure, figure.filter)
    return {name: rows_href(look, asked, span, wanted, units) for name, span in spans.items()}


def behind(figure: Figure, wanted: Filter) -> Filter:
    """`wanted` without incidents that add nothing to the figure: deaths and injuries open those that did harm.

    Where somebody died, others may have been injured.
    """
    harmed = {"deaths": ("fatal",), "injuries": ("fatal", "minor", "serious")}.get(figure.sum, ())
    return wanted.with_(severities=harmed) if harmed and not wanted.severities else wanted


def spans_of(asked: CompareAsked) -> dict[str, Span | None]:
    """The three periods by name."""
    periods = asked.periods
    return {"now": periods.span, "base": periods.base, "previous": periods.previous}
