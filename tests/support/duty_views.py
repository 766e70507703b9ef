"""View-models of duty advice for tests of screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.duty_backtest import PastWeek, verdict
from domain.duty_view import Counts, DutyAsked, DutyIndex, DutyLine, DutyView
from domain.incidents import day_number
from domain.placename import PlaceName
from domain.span import Span
from tests.support import views

TODAY = datetime(views.NOW.year, views.NOW.month, views.NOW.day)
LEARNT = Span(TODAY - timedelta(weeks=8), TODAY)
PLACES = (PlaceName("junction", "临河路", "东塘路"), PlaceName("road", "古运路"), PlaceName())
CONTROLS = ("point", "line", "area")


def line(number: int) -> DutyLine:
    """A line of the list."""
    return DutyLine(
        cell=f"89309b{number:02x}003ffff",
        lng=120.5 + number / 100,
        lat=30.0,
        kind=("workday", "weekend", "holiday")[number % 3],
        first_hour=(17, 22, 7)[number % 3],
        hours=2,
        days=(5, 2, 1)[number % 3],
        expected=3.25 - number / 2,
        incidents=14 - number,
        inside=5 if number else 0,
        citizen=12,
        officer=2,
        kinds=((("accident", "property"), 9), (("order", "parking"), 3)),
        place=PLACES[number % 3],
        control=CONTROLS[number % 3],
    )


def weeks() -> tuple[PastWeek, ...]:
    """Four tested weeks, one of them without an incident."""
    first = day_number(TODAY.date()) - 28
    numbers = ((10, 3, 1), (0, 0, 0), (14, 4, 0), (9, 5, 2))
    return tuple(
        PastWeek(first + 7 * n, incidents, 168 * 60, caught, 152, naive, 80 if naive else 0)
        for n, (incidents, caught, naive) in enumerate(numbers)
    )


def view(**given: object) -> DutyView:
    """A station with advice."""
    tested = weeks()
    made = DutyView(
        board=views.board(0),
        unit=views.unit(6, 23),
        asked=DutyAsked(),
        learnt=LEARNT,
        coming=Span(TODAY, TODAY + timedelta(weeks=1)),
        lines=tuple(line(n) for n in range(3)),
        counts=Counts(84, 12, 3, 81),
        cells=60,
        reason="",
        least=30,
        slots=20,
        calendar_known=True,
        weeks=tested,
        verdict=verdict(tested),
        classes=("accident", "order"),
    )
    return replace(made, **given)  # type: ignore[arg-type]


def few(reason: str = "few") -> DutyView:
    """A station that cannot be advised."""
    return view(lines=(), reason=reason, counts=Counts(7, 0, 1, 6), weeks=(), verdict=None)


def index() -> DutyIndex:
    """Three stations: enough, too few, none at all."""
    counts = (Counts(84, 12, 3, 81), Counts(7, 0, 1, 6), Counts(0, 0, 0, 0))
    lines = tuple((views.unit(n, 23), held) for n, held in enumerate(counts))
    return DutyIndex(views.board(0), LEARNT, lines, 30, ("accident", "order"))
