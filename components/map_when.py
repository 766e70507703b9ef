"""When incidents happen: hour x weekday, day by day, the last day against its kind, workday against weekend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from components.hiccup import Node, h, many
from components.look import Look
from components.map_curve import day_kinds, hour_curve
from components.map_links import days as day_params
from components.map_links import rows_href
from domain.heat import Asked, HeatView
from i18n import map_words
from i18n.map_words import code

LEVELS = 6
MOST_DAYS = 366
BIG_WEEKS = 7
"""Up to so many weeks the calendar's cells carry their number."""


def when_panel(view: HeatView, look: Look) -> Node:
    """The four pictures of time, each of them a table or said in words too."""
    when = view.when
    return h(
        "section.mp-when",
        h("h2", look.t("map.when"), h("small", look.t("map.when_note"))),
        None
        if when.calendar_known
        else h("p.banner.late", h("i.mk.grey", aria_hidden="true"), look.t("map.no_calendar")),
        matrix(view, look),
        hour_curve(when.curve, look, _running(view)),
        calendar(view, look),
        day_kinds(when.kinds, look),
    )


def _running(view: HeatView) -> int | None:
    """The hour of the last day that is not over yet; None when all that is shown are whole hours."""
    end = view.asked.span.end
    within = end.minute or end.second
    return end.hour if within and view.when.curve.day == end.date() else None


def _whole(view: HeatView) -> list[int]:
    """The counts of the days that are over."""
    counts = [count for _, count, _ in view.when.days]
    return counts if view.asked.span.whole_days else counts[:-1] or counts


def level(count: int, most: int, least: int = 0) -> int:
    """0 for nothing, else 1..6 in equal steps from `least` (not included unless it is the only one) to `most`.

    >>> [level(n, 12) for n in (0, 1, 2, 3, 12)]
    [0, 1, 1, 2, 6]
    >>> [level(n, 28, 13) for n in (14, 21, 28)]
    [1, 4, 6]
    """
    return min(LEVELS, max(1, -(-LEVELS * (count - least) // max(1, most - least)))) if count else 0


# hour x weekday ----------------------------------------------------------------------------------


def matrix(view: HeatView, look: Look) -> Node:
    """Seven rows of 24 hours with sums at the edges; every cell opens its rows."""
    t, table = look.t, view.when.matrix
    most = max((max(row) for row in table), default=0)
    heads = [h("th", f"{hour:02d}" if hour % 3 == 0 else "", scope="col") for hour in range(24)]
    by_hour = [sum(row[hour] for row in table) for hour in range(24)]
    foot = [
        _cell(count, 0, _of(view.asked, look, hour=hour), _said(count, None, hour, look), shown=t.short(count))
        for hour, count in enumerate(by_hour)
    ]
    return h(
        "figure.mp-fig",
        h("figcaption", t("map.matrix")),
        h(
            "div.mp-x",
            h(
                "table.mp-matrix",
                h("thead", h("tr", h("th"), many(heads), h("th.sum", t("map.sum"), scope="col"))),
                h("tbody", many([_weekday(number, row, most, view, look) for number, row in enumerate(table)])),
                h(
                    "tfoot",
                    h("tr", h("th", t("map.sum"), scope="row"), many(foot), h("td.sum", t.number(sum(by_hour)))),
                ),
            ),
            tabindex=0,
        ),
        scale(most, look),
    )


def _weekday(number: int, row: Sequence[int], most: int, view: HeatView, look: Look) -> Node:
    t = look.t
    cells = [
        _cell(
            count,
            level(count, most),
            _of(view.asked, look, hour=hour, weekday=number),
            _said(count, number, hour, look),
        )
        for hour, count in enumerate(row)
    ]
    held = t("map.days_held", n=view.when.weekday_days[number])
    whole, said = sum(row), _said(sum(row), number, None, look)
    total = _cell(whole, 0, _of(view.asked, look, weekday=number), said, kind=".sum", shown=t.number(whole))
    return h("tr", h("th", t(f"map.weekday.{number}"), title=f"{t(f'weekday.{number}')} {held}", scope="row"),
             many(cells), total)  # fmt: skip


def _of(asked: Asked, look: Look, *, hour: int | None = None, weekday: int | None = None) -> str:
    narrow: dict[str, Any] = {}
    if hour is not None:
        narrow["hours"] = (hour,)
    if weekday is not None:
        narrow["weekdays"] = (weekday,)
    return rows_href(look, asked, **narrow)


def _said(count: int, weekday: int | None, hour: int | None, look: Look) -> str:
    t = look.t
    day = t(f"weekday.{weekday}") if weekday is not None else t("map.every_day")
    clock = t("map.hours", first=hour, last=hour + 1) if hour is not None else t("map.all_hours")
    return t("map.at_time", day=day, clock=clock, n=t.count(count, "incidents"))


def _cell(count: int, shade: int, address: str, said: str, *, kind: str = "", shown: str = "") -> Node:
    """A counted square; the number is read out, and shown where there is room."""
    if not count or not address:
        return h(f"td.q{shade}{kind}", h("span", shown or "0"), title=said)
    return h(f"td.q{shade}{kind}", h("a", shown or str(count), href=address, title=said, data_n=count))


def scale(most: int, look: Look, least: int = 0, said: str = "") -> Node:
    """The legend of the shades, in words."""
    steps = [h(f"i.q{shade}", aria_hidden="true") for shade in range(1 if least else 0, LEVELS + 1)]
    ends = (h("span", look.t.number(least)), h("span", look.t.count(most, "incidents")))
    return h("p.mp-scale", ends[0], many(steps), ends[1], h("span.said", said) if said else None)


def _ends(counts: Sequence[int]) -> tuple[int, int]:
    """Least and most of the days or months that had any; (0, 0) when none had."""
    some = [count for count in counts if count]
    return (min(some), max(some)) if some else (0, 0)


# day by day --------------------------------------------------------------------------------------


def calendar(view: HeatView, look: Look) -> Node:
    """The span's days as weeks; longer than a year, its months."""
    days = view.when.days
    draw = _months if len(days) > MOST_DAYS else _weeks
    busiest = max(days, key=lambda one: one[1], default=None)
    said = look.t("map.busiest", day=_day_said(busiest, look)) if busiest and busiest[1] else ""
    return h("figure.mp-fig", h("figcaption", look.t("map.calendar")), *draw(view, look, said))


def _weeks(view: HeatView, look: Look, said: str) -> tuple[Node, Node]:
    days = view.when.days
    ends = _ends(_whole(view))
    lead = days[0][0].weekday() if days else 0
    slots: list[tuple[date, int, str] | None] = [None] * lead + list(days)
    slots += [None] * (-len(slots) % 7)
    weeks = [slots[n : n + 7] for n in range(0, len(slots), 7)]
    big = len(weeks) <= BIG_WEEKS
    rows = []
    for number in range(7):
        cells = [_day_cell(week[number], ends, view.asked, look, big=big) for week in weeks]
        rows.append(h("tr", h("th", look.t(f"map.weekday.{number}"), scope="row"), many(cells)))
    table = h("table.mp-cal" + (".big" if big else ""), h("thead", _month_heads(weeks, look)), h("tbody", many(rows)))
    return h("div.mp-x", table, tabindex=0), scale(ends[1], look, ends[0], said)


def _month_heads(weeks: Sequence[Sequence[tuple[date, int, str] | None]], look: Look) -> Node:
    """Month names over the weeks that begin in them."""
    firsts = [next(one[0] for one in week if one) for week in weeks]
    heads = []
    for (year, month), group in groupby(firsts, key=lambda day: (day.year, day.month)):
        width = len(list(group))
        heads.append(h("th", look.t(f"map.month.{month}"), colspan=width, title=f"{year}-{month:02d}", scope="col"))
    return h("tr", h("th"), many(heads))


def _day_cell(one: tuple[date, int, str] | None, ends: tuple[int, int], asked: Asked, look: Look, *, big: bool) -> Node:
    if one is None:
        return h("td.off")
    day, count, kind = one
    address = rows_href(look, asked, day_params(day, day))
    shown = f"{day.day}" if big else ""
    mark = ".is-holiday" if kind == "holiday" else ""
    body = [h("small", shown), h("b", look.t.number(count))] if big else [h("span", str(count))]
    inner = h("a", many(body), href=address, data_n=count) if count else h("span.zero", many(body))
    return h(f"td.q{level(count, ends[1], ends[0])}{mark}", inner, title=_day_said(one, look))


def _day_said(one: tuple[date, int, str], look: Look) -> str:
    day, count, kind = one
    t = look.t
    return t("map.on_day", day=t.date(day), weekday=t.weekday(day), kind=code("day_kind", kind, t),
             n=t.count(count, "incidents"))  # fmt: skip


def _months(view: HeatView, look: Look, said: str) -> tuple[Node, Node]:
    """Years x months."""
    months: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for day, count, _ in view.when.days:
        months.setdefault((day.year, day.month), []).append((day, count))
    ends = _ends([sum(count for _, count in month) for month in months.values()])
    heads = [h("th", look.t(f"map.month.{month}"), scope="col") for month in range(1, 13)]
    rows = []
    for year in sorted({year for year, _ in months}):
        cells = [_month_cell(months.get((year, month), []), ends, view.asked, look) for month in range(1, 13)]
        rows.append(h("tr", h("th", str(year), scope="row"), many(cells)))
    table = h("table.mp-cal.months", h("thead", h("tr", h("th"), many(heads))), h("tbody", many(rows)))
    return h("div.mp-x", table, tabindex=0), scale(ends[1], look, ends[0], said)


def _month_cell(month: list[tuple[date, int]], ends: tuple[int, int], asked: Asked, look: Look) -> Node:
    if not month:
        return h("td.off")
    count = sum(one for _, one in month)
    address = rows_href(look, asked, day_params(month[0][0], month[-1][0]))
    said = look.t("map.at_time", day=map_words.days(month[0][0], month[-1][0]), clock=look.t("map.all_hours"),
                  n=look.t.count(count, "incidents"))  # fmt: skip
    return _cell(count, level(count, ends[1], ends[0]), address, said, shown=look.t.number(count))
