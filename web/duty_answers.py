"""The door to duty advice: an address in, a view-model out, for the current viewer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.duty_view import DutyAsked, DutyIndex, DutyView, duty_asked
from services.duty import duty_index, duty_view, spans
from services.ground import ready
from web import answers
from web.context import context
from web.map_answers import PATIENCE, ground
from web.moment import asked as instant
from web.scope import current_scope

Args = Mapping[str, str]


def asked(args: Args) -> DutyAsked:
    """What the advice is to be learnt from.

    Raises:
        BadRequest: a parameter that makes no sense.
    """
    return duty_asked(args)


def share_ready(args: Args) -> float:
    """How much of what advice is learnt from is in memory, 0..1, after waiting a moment for it."""
    read, _, _ = spans(_now(args.get("as_of")), ground().rules.duty)
    return answers.guarded(lambda: ready(ground(), current_scope(), [read], PATIENCE))


def station(code: str, args: Args) -> DutyView:
    """Advice for one station.

    Raises:
        NotFound: no such station for this viewer.
    """
    wanted, as_of = asked(args), args.get("as_of")
    scope = current_scope()

    def make() -> DutyView:
        return duty_view(ground(), scope, code, asked=wanted, as_of=_now(as_of))

    return answers.kept("duty", as_of, make, code, wanted.classes, wanted.officers)


def stations(args: Args) -> DutyIndex:
    """The stations that can be advised."""
    wanted, as_of = asked(args), args.get("as_of")
    scope = current_scope()

    def make() -> DutyIndex:
        return duty_index(ground(), scope, asked=wanted, as_of=_now(as_of))

    return answers.kept("duties", as_of, make, wanted.classes, wanted.officers)


def _now(text: str | None) -> datetime:
    return instant(text) or context().now()
