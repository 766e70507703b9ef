"""The assessment's answers: ranking, score sheet, what-if, comparison, districts, a year. One month at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from data_access.engine import reading
from data_access.readers.assessment_locked import appeals
from data_access.readers.organisation import units
from domain.access import Scope
from domain.assessment_inputs import Amount
from domain.assessment_lists import Difference, differences, district_scores, listed
from domain.assessment_moves import tried as changed_month
from domain.assessment_records import TotalRow
from domain.assessment_score import StationScore
from domain.assessment_totals import placed
from domain.assessment_views import (
    ComparisonView,
    DistrictLine,
    DistrictsView,
    ModeRanking,
    RankingView,
    RankLine,
    YearView,
    versus,
)
from domain.board import Unit
from domain.errors import NotFound
from domain.month import Month
from services.assessment_month import HISTORY, Evaluated, evaluate, months_back, months_of
from services.assessment_prepared import Prepared, prepare_on
from services.board import standing
from services.desk import Desk


def ranking_view(
    desk: Desk,
    scope: Scope,
    month: Month,
    as_of: datetime,
    *,
    version: int = 0,
    prepared: Prepared | None = None,
) -> RankingView:
    """The ranking of a month inside each fusion mode. Ranks are among all; only stations of the scope are shown.

    Args:
        as_of: instant, wall time; a running month is scored up to it. version: of the lock, 0 for the newest.
        prepared: what `prepare` gave for the same month, instant and version.

    Raises:
        NotFound: the month has not begun, or there is no such version.
        Refused: no rules are in force in it.
    """
    with reading(desk.engine) as connection:
        shared = prepared or prepare_on(connection, desk, month, as_of, version=version, back=1)
        found, lines = shared.found, rank_lines(connection, shared, scope)
        return RankingView(
            board=standing(connection, desk.catalogue, as_of),
            about=found.about,
            groups=_groups(lines, found),
            districts=_districts(found, [line.unit for line in lines]),
            changes=tuple(
                one for one in changes_of(connection, desk, found, as_of) if one.station in {x.unit.code for x in lines}
            ),
        )


def rank_lines(connection: Connection, prepared: Prepared, scope: Scope) -> list[RankLine]:
    """The lines of the stations that the scope sees, in the organisation's order; gone stations last."""
    found, bands = prepared.found, prepared.bands
    known = {unit.code: unit for unit in units(connection, scope)}
    seen = scores_in(found, scope, known)
    lists = listed(found.scores, found.about.rules)
    filed = Counter(one.station for one in appeals(connection, scope, found.about.month.period))
    order = {code: place for place, code in enumerate(known)}
    seen.sort(key=lambda score: (order.get(score.code, len(order)), score.code))
    return [
        RankLine(
            unit=known.get(score.code) or gone(score.code),
            score=score,
            change=_change(score, found.before),
            listed=lists.get(score.code, ""),
            band=bands.get(score.code),
            appeals=filed[score.code],
            raised=tuple(one.code for one in found.guards.get(score.code, ()) if one.raised),
        )
        for score in seen
    ]


def scores_in(found: Evaluated, scope: Scope, known: Mapping[str, Unit]) -> list[StationScore]:
    """The scores that the scope may see; who sees everything also sees stations that are gone."""
    return [score for score in found.scores if score.code in known or scope.everything]


def gone(code: str) -> Unit:
    """A station that was scored and is not active any more."""
    return Unit(code, code, code, code, None, None, None, None, None)


def _change(score: StationScore, before: Mapping[str, TotalRow]) -> int | None:
    old = before.get(score.code)
    return old.rank - score.rank if old and old.rank is not None and score.rank is not None else None


def _groups(lines: Sequence[RankLine], found: Evaluated) -> tuple[ModeRanking, ...]:
    sizes = Counter(score.mode for score in found.scores if score.complete)
    modes = dict.fromkeys(line.score.mode for line in lines)
    order = sorted(modes, key=lambda mode: (mode is None, *_mode_place(mode)))
    return tuple(
        ModeRanking(mode, tuple(sorted((x for x in lines if x.score.mode == mode), key=_by_rank)), sizes[mode])
        for mode in order
    )


def _mode_place(mode: str | None) -> tuple[int, str]:
    known = ("basic", "deep", "full")
    return (known.index(mode) if mode in known else len(known), mode or "")


def _by_rank(line: RankLine) -> tuple[bool, int]:
    return line.score.rank is None, line.score.rank or 0


def changes_of(connection: Connection, desk: Desk, found: Evaluated, as_of: datetime) -> tuple[Difference, ...]:
    """What the version shown changed against the one before it; none for a first lock or an open month."""
    about = found.about
    if about.lock is None or about.lock.version < 2:
        return ()
    older = evaluate(connection, desk, about.month, as_of, version=about.lock.version - 1)
    return differences(older.scores, found.scores)


def _districts(found: Evaluated, seen: Iterable[Unit]) -> tuple[DistrictLine, ...]:
    """Means of the districts that the viewer sees a station of; a mean tells no single station."""
    named = {unit.district_code: unit for unit in seen}
    return tuple(
        DistrictLine(one.district, named[one.district].district_name, named[one.district].district_name_en, one)
        for one in district_scores(found.scores)
        if one.district in named
    )


def districts_view(
    desk: Desk, scope: Scope, month: Month, as_of: datetime, *, prepared: Prepared | None = None
) -> DistrictsView:
    """The districts' means of a month and of the months before it.

    Args:
        prepared: see `ranking_view`.

    Raises:
        NotFound, Refused: see `ranking_view`.
    """
    with reading(desk.engine) as connection:
        found = prepared.found if prepared else evaluate(connection, desk, month, as_of, back=HISTORY - 1)
        *before, _ = months = months_back(month)
        lines = [
            replace(line, history=(*_past(line.code, found.past, before), (month.period, line.score.score)))
            for line in _districts(found, units(connection, scope))
        ]
        return DistrictsView(
            board=standing(connection, desk.catalogue, as_of),
            about=found.about,
            lines=tuple(lines),
            months=tuple(one.period for one in months),
        )


def _past(
    district: str | None, past: Mapping[str, Mapping[str, TotalRow]], months: Iterable[Month]
) -> tuple[tuple[str, float | None], ...]:
    return tuple((one.period, _mean(district, past.get(one.period, {}).values())) for one in months)


def _mean(district: str | None, rows: Iterable[TotalRow]) -> float | None:
    mine = [(row.residents_10k, row.total) for row in rows if row.district == district]
    counted = [(people, total) for people, total in mine if people and total is not None]
    weight = sum(people for people, _ in counted)
    return sum(people * total for people, total in counted) / weight if weight else None


def year_view(desk: Desk, scope: Scope, month: Month, as_of: datetime, *, prepared: Prepared | None = None) -> YearView:
    """Twelve months that end with `month`, of all stations of the scope.

    Args:
        prepared: see `ranking_view`; of the newest version.
    """
    with reading(desk.engine) as connection:
        months = months_back(month)
        found = prepared.year if prepared else months_of(connection, desk, months, as_of)
        states = {
            period: "locked" if any(row.version for row in rows.values()) else "open" for period, rows in found.items()
        }
        return YearView(
            board=standing(connection, desk.catalogue, as_of),
            months=tuple(one.period for one in months),
            lines=tuple(
                (unit, tuple(found.get(one.period, {}).get(unit.code) for one in months))
                for unit in units(connection, scope)
            ),
            states=states,
        )


def comparison_view(
    desk: Desk,
    scope: Scope,
    month: Month,
    codes: tuple[str, str],
    as_of: datetime,
    *,
    prepared: Prepared | None = None,
) -> ComparisonView:
    """Two stations of the scope side by side.

    Args:
        prepared: see `ranking_view`.

    Raises:
        NotFound: one of them is not in the scope; see also `ranking_view`.
    """
    with reading(desk.engine) as connection:
        shared = prepared or prepare_on(connection, desk, month, as_of, back=1)
        lines = {line.unit.code: line for line in rank_lines(connection, shared, scope)}
        for code in codes:
            if code not in lines:
                raise NotFound("error.station_unknown", code=code[:20])
        first, second = (lines[code] for code in codes)
        return ComparisonView(
            board=standing(connection, desk.catalogue, as_of),
            about=shared.found.about,
            first=first,
            second=second,
            lines=versus(first.score, second.score),
            same_mode=first.score.mode == second.score.mode,
        )


def tried(
    desk: Desk,
    scope: Scope,
    month: Month,
    code: str,
    changes: Mapping[str, Amount],
    *,
    as_of: datetime,
    prepared: Prepared | None = None,
) -> StationScore:
    """What-if: the station's score with other numbers, by the very same scoring, its rank among all.

    Args:
        prepared: see `ranking_view`.

    Raises:
        NotFound: the station is not in the scope, or a source is unknown; see also `ranking_view`.
    """
    with reading(desk.engine) as connection:
        found = prepared.found if prepared else evaluate(connection, desk, month, as_of)
        if code not in {unit.code for unit in units(connection, scope)}:
            raise NotFound("error.station_unknown", code=code[:20])
        lines = [line for score in found.scores for line in score.adjustments]
        rules = found.about.rules
        score = placed(changed_month(found.inputs, rules, code, changes), rules, code, lines)
        assert score is not None  # an unknown station was refused before
        return score
