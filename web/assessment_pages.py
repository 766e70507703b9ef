"""What the pages of the assessment do alike: what else they ask for, and how a refusal is told in the page's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components import page
from components.assessment_parts import not_begun
from components.hiccup import Node
from components.look import Look
from data_access.engine import reading
from data_access.readers.organisation import units
from data_access.readers.rows import Wanted
from domain.assessment_office import MonthChoice, Outlook, SourceRows
from domain.assessment_views import RankLine, ScoreSheetView
from domain.board import Board, Unit
from domain.errors import BadRequest, BoardError, NotFound, Refused
from domain.month import Month
from services.assessment_office import months
from services.assessment_office import outlook as outlook_of
from services.assessment_rows import source_rows
from web import answers, assessment_answers, language
from web.assessment_answers import Args
from web.cached import once
from web.context import context
from web.identity import viewer
from web.looking import looked
from web.looks import look_of
from web.moment import asked as instant
from web.scope import current_scope


def choices(args: Args) -> tuple[MonthChoice, ...]:
    """The months to choose from."""
    desk, wanted = assessment_answers.desk(), assessment_answers.month(args)
    now = instant(args.get("as_of")) or context().now()
    return answers.guarded(lambda: months(desk, now, wanted))


def outlook(args: Args) -> Outlook:
    """What may be done with the month; nothing is written into the past, nor where this deployment forbids it."""
    desk, wanted = assessment_answers.desk(), assessment_answers.month(args)
    past, scope = instant(args.get("as_of")), current_scope()
    now = past or context().now()
    editing = past is None and context().assessment_editing and scope.sees_rows

    def make() -> Outlook:
        return outlook_of(desk, wanted, now, editing=editing)

    key = (wanted.period, editing, assessment_answers.version_now())
    found = answers.guarded(lambda: once("month_outlook", scope, past, make, extra=key))
    mine = tuple(deed for deed in found.deeds if viewer().may(deed))
    return replace(found, deeds=mine, lockable=found.lockable and "lock" in mine)


def answer(version: str | None, query: Args, draw: Callable[[Look], tuple[Node, Board]]) -> Any:
    """What a page's callback returns; that no rules are in force is told in the page's place."""
    look = look_of(query)
    ahead = _not_begun(query)
    if ahead is not None:
        return page.answer(not_begun(ahead, look), None, version)

    def make() -> tuple[Node, Board]:
        try:
            return draw(look)
        except Refused as error:
            raise NotFound(error.key, **error.params) from error

    return page.shown(look.t, version, make)


def _not_begun(query: Args) -> Month | None:
    """The month that is asked for, when it has not begun; what is no month is told with the answer."""
    try:
        wanted = assessment_answers.month(query)
    except BadRequest:
        return None
    now = instant(query.get("as_of")) or context().now()
    return wanted if wanted.first > now.date() else None


def station_name(code: str) -> str:
    """What the viewer calls a station; its code where it sees none of this code, or the database does not answer."""

    def make() -> tuple[Unit, ...]:
        with reading(context().engine) as connection:
            return units(connection, current_scope())

    try:
        found = next((one for one in answers.guarded(make) if one.code == code), None)
    except BoardError:
        return code
    return language.translator().pick(found.name, found.name_en) or code if found else code


def title(**_: str) -> str:
    """The title of the browser's tab."""
    t = language.translator()
    return f"{t('assessmentview.title')} · {t('app.title')}"


def rivals(view: ScoreSheetView, args: Args) -> tuple[RankLine, ...]:
    """The stations ranked in the same mode, the first first."""
    groups = assessment_answers.ranking(args).groups
    return next((group.lines for group in groups if group.mode == view.score.mode), ())


def rows(code: str, source: str, args: Args) -> SourceRows:
    """One page of the rows behind a number; what may be asked for is as for a cell of the board."""
    wanted, month, version = (
        Wanted(**answers.wanted_rows(args)),
        assessment_answers.month(args),
        assessment_answers.version(args),
    )
    now = instant(args.get("as_of")) or context().now()
    desk, scope = assessment_answers.desk(), current_scope()
    found = answers.guarded(
        lambda: source_rows(desk, scope, month, (code, source), now, wanted=wanted, version=version)
    )  # fmt: skip
    looked(f"/assessment/{code}/{source}?month={month.period}", len(found.page.rows))
    return found
