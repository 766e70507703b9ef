"""Beside duty advice: how it is reckoned, how well it worked in past weeks, and whom it is learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from components.hiccup import Node, h, many
from components.look import Look
from components.map_links import ROWS, days
from domain.duty_backtest import PastWeek, Verdict
from domain.duty_view import DutyView
from domain.incident_filter import Filter, params
from domain.incidents import day_at
from domain.span import Span
from i18n import Translator

HIGH, WIDE, BAR = 60, 16, 10


def side(view: DutyView, look: Look) -> Node:
    """The three explanations."""
    return h("aside.duty-side", _model(view, look.t), _test(view, look), _sources(view, look))


def number(look: Look, count: int, span: Span, wanted: Filter) -> Node:
    """A number of incidents that opens the rows it counts; plain text when there are none."""
    if not count:
        return h("span.n", look.t.number(0))
    return h("a.n", look.t.number(count), href=rows_address(look, span, wanted))


def rows_address(look: Look, span: Span, wanted: Filter) -> str:
    """Address of the incidents of whole days that a filter holds."""
    return look.url(ROWS, **days(span.first_day, span.last_day), **params(wanted))


def _model(view: DutyView, t: Translator) -> Node:
    weeks = round(view.learnt.days / 7)
    sentences = [
        t("duty.model.cell", weeks=weeks),
        t("duty.model.hour"),
        t("duty.model.slot", cells=t.number(view.cells)),
    ]
    items = [h("li", text) for text in sentences]
    return h("section.facts", h("h2", t("duty.model.title")), h("ol", many(items)))


# how well it worked ------------------------------------------------------------------------------


def _test(view: DutyView, look: Look) -> Node:
    t, found = look.t, view.verdict
    shown = [week for week in view.weeks if week.incidents]
    if found is None:
        return h("section.facts", h("h2", t("duty.test.title")), h("p", t("duty.test.none", least=view.least)))
    return h(
        "section.facts",
        h("h2", t("duty.test.title")),
        chart(shown, t),
        h("p.ends", h("span", t.short_date(day_at(shown[0].first))), h("span", t.short_date(day_at(shown[-1].first)))),
        h("p", _verdict(found, t)),
        h("p.note", t("duty.test.range", low=_times(found.worst, t), high=_times(found.best, t))),
        h("details.more", h("summary", t("duty.test.weekly")), _weekly(shown, view, look)),
    )


def _verdict(found: Verdict, t: Translator) -> str:
    said = t(
        "duty.test.sentence",
        weeks=found.weeks,
        caught=t.percent(100 * found.caught),
        low=t.percent(100 * found.low),
        high=t.percent(100 * found.high),
        used=t.percent(100 * found.used, 2),
        times=_times(found.efficiency, t),
    )
    again = t("duty.test.naive", times=_times(found.naive, t)) if found.naive is not None else ""
    return said + again + t("duty.test.by_chance" if found.low <= found.used else "duty.test.end")


def _times(value: float, t: Translator) -> str:
    return t.number(value, 1)


def chart(weeks: Sequence[PastWeek], t: Translator) -> Node:
    """One column a week: the share of its incidents inside the slots; the line across it is the share of time used."""
    top = max(max(_shares(week)) for week in weeks) or 1.0
    return h(
        "svg.duty-chart",
        many([_column(place, week, top, t) for place, week in enumerate(weeks)]),
        viewBox=f"0 0 {len(weeks) * WIDE} {HIGH}",
        preserveAspectRatio="none",
        role="img",
        aria_label=t("duty.test.chart"),
    )


def _shares(week: PastWeek) -> tuple[float, float]:
    """Of incidents caught, of time used; 0..1."""
    return week.caught / week.incidents, week.used / week.hours


def _column(place: int, week: PastWeek, top: float, t: Translator) -> Node:
    caught, used = _shares(week)
    tall, line = round(HIGH * caught / top, 2), round(HIGH - HIGH * used / top, 2)
    day = t.short_date(day_at(week.first))
    told = t("duty.test.week", day=day, caught=t.percent(100 * caught), used=t.percent(100 * used, 2))
    return h(
        "g",
        h("title", told),
        h("rect.caught", x=place * WIDE + (WIDE - BAR) / 2, y=round(HIGH - tall, 2), width=BAR, height=tall),
        h("line.used", x1=place * WIDE, x2=(place + 1) * WIDE, y1=line, y2=line),
    )


def _weekly(weeks: Sequence[PastWeek], view: DutyView, look: Look) -> Node:
    names = ("week", "incidents", "caught", "times", "naive")
    heads = [h("th", look.t(f"duty.test.column.{name}"), scope="col") for name in names]
    rows = [_week(week, view, look) for week in weeks]
    return h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0)


def _week(week: PastWeek, view: DutyView, look: Look) -> Node:
    t, first = look.t, datetime.combine(day_at(week.first), time.min)
    wanted = view.asked.filter(view.unit.code).with_(placed="yes")
    return h(
        "tr",
        h("th", t.short_date(first.date()), scope="row"),
        h("td.num", number(look, week.incidents, Span(first, first + timedelta(weeks=1)), wanted)),
        h("td.num", t.number(week.caught)),
        h("td.num", _ratio(week.caught, week.used, week, t)),
        h("td.num", _ratio(week.naive_caught, week.naive_used, week, t)),
    )


def _ratio(caught: int, used: int, week: PastWeek, t: Translator) -> str:
    return _times(caught / week.incidents / (used / week.hours), t) if used else "—"


# who reported ------------------------------------------------------------------------------------


def _sources(view: DutyView, look: Look) -> Node:
    """Who reported the incidents, and why that matters to advice."""
    t, counts = look.t, view.counts
    every = Filter(classes=view.asked.classes, stations=(view.unit.code,))
    facts = [
        ("citizen", counts.citizen, every.with_(found="others")),
        ("officer", counts.officer, every.with_(found="officer")),
        ("unplaced", counts.unplaced, every.with_(placed="no")),
    ]
    pairs = [
        many([h("dt", t(f"duty.reported.{name}")), h("dd", number(look, count, view.learnt, wanted))])
        for name, count, wanted in facts
    ]
    share = counts.officer_share
    said = h("small", t("duty.reported.share", share=t.percent(100 * share))) if share is not None else None
    return h(
        "section.facts",
        h("h2", t("duty.reported.title"), said),
        h("dl", many(pairs)),
        h("p.note", t(f"duty.loop.{'both' if view.asked.officers else 'citizen'}")),
    )
