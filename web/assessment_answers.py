"""The door to the monthly assessment: an address in, a view-model out, for the current viewer.

Of an address: `month` (2024-05; without it the month of the instant asked for), `version` of its lock, `as_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any, TypeVar

from data_access.engine import reading
from data_access.state import current_version
from domain.access import Scope, command
from domain.assessment_book import MonthBook
from domain.assessment_inputs import Amount
from domain.assessment_score import StationScore
from domain.assessment_views import ComparisonView, DistrictsView, RankingView, ScoreSheetView, YearView
from domain.errors import BadRequest, NotFound
from domain.fusion_views import FusionView
from domain.month import Month, month_of, read_month
from services.assessment import comparison_view, districts_view, ranking_view, tried, year_view
from services.assessment_book import month_book
from services.assessment_prepared import Prepared, prepare
from services.assessment_sheet import sheet_view
from services.desk import Desk
from services.fusion import fusion_view
from web import answers
from web.cached import once, recent
from web.context import context
from web.moment import asked as instant
from web.scope import current_scope

T = TypeVar("T")
Args = Mapping[str, str]
TRIED = "try."
"""What-if in an address: `try.helmets=900`."""


def desk() -> Desk:
    """Database, catalogue and rule book of this process; one for each database, so that its statements are kept."""
    here = context()
    key = id(here.engine), id(here.catalogue)
    if key not in here.desks:
        here.desks[key] = Desk(here.engine, here.catalogue, here.assessment)
    found: Desk = here.desks[key]
    return found


def month(args: Args) -> Month:
    """The month that is asked for.

    Raises:
        BadRequest: it is none.
    """
    text = str(args.get("month") or "")
    return read_month(text) if text else month_of(_now(args).date())


def version(args: Args) -> int:
    """The version of the lock that is asked for, 0 for the newest.

    Raises:
        BadRequest: it is no whole number.
    """
    text = str(args.get("version") or "")
    return answers.whole(text) if text else 0


def ranking(args: Args) -> RankingView:
    """The month's ranking."""
    wanted = month(args), version(args)

    def make(scope: Scope, now: datetime) -> RankingView:
        return ranking_view(desk(), scope, wanted[0], now, version=wanted[1], prepared=_prepared(args))

    return _kept("month_ranking", args, make, wanted)


def book(args: Args) -> MonthBook:
    """The month's workbook: the ranking as the page shows it, and the four figures of harm."""
    view = ranking(args)
    return answers.guarded(lambda: month_book(desk(), current_scope(), view))


def sheet(code: str, args: Args) -> ScoreSheetView:
    """One station's score sheet."""
    wanted = month(args), version(args)

    def make(scope: Scope, now: datetime) -> ScoreSheetView:
        return sheet_view(desk(), scope, wanted[0], code, now, version=wanted[1], prepared=_prepared(args))

    return _kept("month_sheet", args, make, (*wanted, code), keep=once)


def year(args: Args) -> YearView:
    """Twelve months that end with the month."""
    wanted = month(args)

    def make(scope: Scope, now: datetime) -> YearView:
        return year_view(desk(), scope, wanted, now, prepared=_prepared(_newest(args)))

    return _kept("month_year", args, make, (wanted,))


def districts(args: Args) -> DistrictsView:
    """The districts' means."""
    wanted = month(args)

    def make(scope: Scope, now: datetime) -> DistrictsView:
        return districts_view(desk(), scope, wanted, now, prepared=_prepared(_newest(args)))

    return _kept("month_districts", args, make, (wanted,))


def versus(args: Args) -> ComparisonView:
    """Two stations side by side: `first` and `second` of the address.

    Raises:
        BadRequest: one of them is not said.
    """
    wanted, codes = month(args), (str(args.get("first") or ""), str(args.get("second") or ""))
    if not all(codes):
        raise BadRequest("error.bad_part", value="")

    def make(scope: Scope, now: datetime) -> ComparisonView:
        return comparison_view(desk(), scope, wanted, codes, now, prepared=_prepared(_newest(args)))

    return _kept("month_versus", args, make, (wanted, *codes), keep=once)


def modes(args: Args) -> FusionView:
    """The suggestion of fusion modes; it rests on the twelve whole months before the instant asked for."""
    return _kept("month_modes", args, lambda scope, now: fusion_view(desk(), scope, now), ())


def changes(args: Mapping[str, Any]) -> dict[str, float]:
    """What an address tries: source -> number.

    Raises:
        BadRequest: something is no number.
    """
    given = {name.removeprefix(TRIED): value for name, value in args.items() if name.startswith(TRIED)}
    return {name: _number(value) for name, value in given.items()}


def what_if(code: str, args: Args, tries: Mapping[str, float]) -> StationScore:
    """The station's score with other numerators; denominators stay as they are.

    Args:
        tries: source -> numerator, between the ends of its slider. Empty: the score as it is.

    Raises:
        NotFound: the station, or a source that it has no number of. BadRequest: beyond the slider's ends.
    """
    newest = _newest(args)
    view, now, scope = sheet(code, newest), _now(args), current_scope()
    if not tries:
        return view.score
    amounts, wanted = _amounts(view, tries), month(args)
    shared = _prepared(newest)
    return answers.guarded(lambda: tried(desk(), scope, wanted, code, amounts, as_of=now, prepared=shared))


def _amounts(view: ScoreSheetView, tries: Mapping[str, float]) -> dict[str, Amount]:
    sliders, found = {one.source: one for one in view.sliders}, {}
    for source, value in tries.items():
        slider = sliders.get(source)
        if slider is None:
            raise NotFound("assessment.unknown.source", code=source[:20])
        if not slider.low <= value <= slider.high:
            raise BadRequest("error.bad_number", value=f"{value:g}")
        found[source] = replace(slider.now, numerator=value)
    return found


def _number(value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError) as error:
        raise BadRequest("error.bad_number", value=str(value)[:20]) from error
    if isinstance(value, bool) or not isfinite(found):
        raise BadRequest("error.bad_number", value=str(value)[:20])
    return found


def _newest(args: Args) -> Args:
    """The same question about the newest version."""
    return {**args, "version": ""}


def _prepared(args: Args) -> Prepared:
    """What the answers about a month share, whoever asks for them; a hundred sheets score the month once."""
    wanted, now = (month(args), version(args)), _now(args)

    def make() -> Prepared:
        return prepare(desk(), wanted[0], now, version=wanted[1])

    return recent("month_prepared", command(), instant(args.get("as_of")), make, extra=(*wanted, version_now()))


def _kept(
    name: str, args: Args, make: Callable[[Scope, datetime], T], key: tuple[object, ...], *, keep: Any = recent
) -> T:
    """The answer as long as the data, and of a live month the minute, do not change.

    Whether anything was written is asked anew each time, so that whoever locked a month or wrote a line sees it.

    Args:
        keep: `recent` for the few large answers, `once` for those of single stations, of which there are many.
    """
    scope, now = current_scope(), _now(args)
    past = instant(args.get("as_of"))
    written = version_now()
    found: T = answers.guarded(lambda: keep(name, scope, past, lambda: make(scope, now), extra=(*key, written)))
    return found


def version_now() -> int:
    """The data version as it is in the database, not as the process saw it last."""

    def make() -> int:
        with reading(context().engine) as connection:
            return current_version(connection)

    return answers.guarded(make)


def _now(args: Args) -> datetime:
    return instant(args.get("as_of")) or context().now()
