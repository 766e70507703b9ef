"""Alerts: what is open with its acknowledgement, and what ended in the last days."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from components.hiccup import Node, h, many
from components.look import Look
from components.map_fields import hidden, segments, select
from components.marks import badge, chip, mark
from components.page_head import empty, head
from domain.alert_views import AlertLine, AlertsView
from domain.alerts import LONGEST_NAME, LONGEST_NOTE, Alert, AlertKind
from domain.board import Unit
from domain.colour import Cell, Colour, Reason
from domain.incident_filter import Filter
from domain.incident_filter import params as filter_params
from domain.task import Task
from i18n.alert_words import found, harm, major_rule, place, what
from i18n.words import formula

MOST_PAST = 200
_COLUMNS = ("ended", "kind", "station", "what", "began", "lasted", "acked")


def tree(view: AlertsView, look: Look) -> Node:
    """The whole page."""
    title = look.t("alert.title")
    return h(
        "div.sheet.alerts",
        head(look, view.board, [(title, "")], [title], _tally(view, look)),
        _worker(view, look),
        h("p.measured", look.t("alert.rule_red", minutes=f"{view.rules.same_minutes:g}"), " ", _major(view, look)),
        _filter(view, look),
        _open(view, look),
        _past(view, look),
    )


def _major(view: AlertsView, look: Look) -> str:
    return major_rule(view.rules, look.t)


def _tally(view: AlertsView, look: Look) -> Node | None:
    counts = (("waiting", view.waiting), ("acked_count", view.acked))
    words = [h(f"span.al-count.al-{name}", look.t(f"alert.{name}", n=count)) for name, count in counts if count]
    return h("p.tally", many(words)) if words else None


def _worker(view: AlertsView, look: Look) -> Node | None:
    """A sentence when the program that opens and ends alerts does not run."""
    if look.past or not view.worker_late:
        return None
    at = view.worker_at
    text = look.t("alert.worker_late", at=look.t.moment(at)) if at else look.t("alert.worker_never")
    return h("p.banner.late", h("i.mk.grey", aria_hidden="true"), h("span", text), role="status")


def _filter(view: AlertsView, look: Look) -> Node:
    t = look.t
    kinds = [("", t("alert.all_kinds")), *((kind.value, t(f"alert.{kind.value}")) for kind in AlertKind)]
    stations = [("", t("alert.all_stations")), *((unit.code, look.unit_name(unit)) for unit in view.units)]
    return h(
        "form.al-form",
        segments("kind", t("alert.kind"), kinds, view.kind),
        select("station", t("alert.station"), stations, view.station, plain=""),
        hidden("as_of", look.past),
        h("button.visually-hidden", t("alert.apply"), type="submit"),
        data_go="/alerts",
        data_auto=True,
        aria_label=t("alert.filter"),
    )


# open ones -------------------------------------------------------------------------------------


def _open(view: AlertsView, look: Look) -> Node:
    if not view.lines:
        key = "filtered_none" if view.kind or view.station else "open_none"
        shown = empty(look.t(f"alert.{key}"), look.t(f"alert.{key}_hint"))
    else:
        shown = h("ul.al-list", many([_card(line, view, look) for line in view.lines]))
    return h("section.al-open", h("h2", look.t("alert.open")), shown)


def _card(line: AlertLine, view: AlertsView, look: Look) -> Node:
    alert = line.alert
    told = _red(line, view, look) if alert.kind is AlertKind.RED else _incident(line, look)
    state = "is-acked" if alert.is_acked else "is-new"
    return h(
        f"li.al-card.al-{alert.kind.value}.{state}",
        h("div.al-told", _kind(line, view.at, look), many(told)),
        _answer(line, view, look),
        key=alert.alert_id,
    )


def _kind(line: AlertLine, at: datetime, look: Look) -> Node:
    """What kind of alert, since when, for how long."""
    kind = line.alert.kind.value
    since = found(look.t, line, look.catalogue.task(line.alert.task or ""))
    since = since or look.t(f"alert.since_{kind}", at=look.t.moment(line.since))
    lasting = look.t("alert.lasting", span=_lasted(line, at, look))
    word = h("b", look.t(f"alert.{kind}"))
    return h("p.al-kind", mark(Colour.RED), word, h("span", since), h("span", lasting))


def _lasted(line: AlertLine, until: datetime, look: Look) -> str:
    """How long it lasts or lasted; at least, where nobody saw it begin."""
    span = _span(until - line.since, look)
    return span if line.alert.began_known else look.t("alert.at_least", span=span)


def _span(length: timedelta, look: Look) -> str:
    """A length in whole minutes, one at least."""
    return look.t.duration(timedelta(minutes=max(1, length // timedelta(minutes=1))))


def _red(line: AlertLine, view: AlertsView, look: Look) -> list[Node | None]:
    station, code = line.alert.station or "", line.alert.task or ""
    task, cell = look.catalogue.task(code), view.cells.get((station, code))
    name = h("a", look.named(code), href=look.cell(station, code)) if line.unit else h("span", look.named(code))
    return [
        h("h3", _station(line.unit, station, look), " · ", name),
        h("p.al-formula", _now(cell, task, look)) if cell and task else None,
    ]


def _now(cell: Cell, task: Task, look: Look) -> Node:
    """The present numbers; the colour where it is no longer red; why nobody can tell where the source is silent."""
    shown = None if cell.colour is Colour.RED else chip(cell.colour, cell.reason, look.t)
    silent = cell.reason in (Reason.DATA_LATE, Reason.NO_DATA)
    return h("span", shown, look.t("alert.unknown_now") if silent else formula(cell, task, look.t))


def _incident(line: AlertLine, look: Look) -> list[Node | None]:
    where = place(line, look.t)
    told = what(line, look.t)
    rows = h("a", look.t("alert.open_rows"), href=_rows_address(line, look)) if line.occurred_at else None
    return [
        h("h3", _station(line.unit, line.alert.station or "", look), " · ", told),
        h("p.al-harm", h("b", harm(line, look.t)), h("span", where) if where else None, rows),
        None if rows else h("p.al-unknown", look.t("alert.gone")),
    ]


def _rows_address(line: AlertLine, look: Look) -> str:
    """The station's incidents of that class on that day."""
    day = line.since.date().isoformat()
    stations = (line.alert.station,) if line.alert.station else ()
    classes = (line.class_code,) if line.class_code else ()
    asked = filter_params(Filter(stations=stations, classes=classes))
    return look.url("/incidents", **asked, **{"from": day, "to": day, "base": "none"})


def _station(unit: Unit | None, code: str, look: Look) -> Node:
    if unit is None:
        return h("span", code or look.t("alert.no_station"))
    return h("a", look.unit_name(unit), href=look.station(unit.code))


def _answer(line: AlertLine, view: AlertsView, look: Look) -> Node | None:
    if line.alert.is_acked:
        return h("div.al-ack", *_acked(line.alert, look))
    return _form(line.alert, look) if view.editable else None


def _acked(alert: Alert, look: Look) -> list[Node | None]:
    return [
        h("p.al-by", h("b", look.t("alert.acked", by=alert.acked_by))),
        h("p.al-note", alert.ack_note) if alert.ack_note else None,
        h("p.al-when", _when(alert, look)),
    ]


def _when(alert: Alert, look: Look) -> str:
    """When it was acknowledged, and how long after it began."""
    at = alert.acked_at or alert.began_at
    return look.t("alert.acked_after", at=look.t.moment(at), span=_span(at - alert.began_at, look))


def _form(alert: Alert, look: Look) -> Node:
    t = look.t
    name = h("input", type="text", name="actor", required=True, maxlength=LONGEST_NAME, autocomplete="name")
    note = h(
        "input", type="text", name="note", required=True, maxlength=LONGEST_NOTE, autocomplete="off",
        placeholder=t("alert.note_hint"),
    )  # fmt: skip
    signed = t("access.signed", person=look.person) if look.person else t("alert.sent_note")
    form = h(
        "form.deed",
        h(
            "div.fields",
            None if look.person else h("label.field", h("span", t("alert.actor_label")), name),
            h("label.field.al-wide", h("span", t("alert.note_label")), note),
        ),
        h("p.alert", role="alert"),
        h(
            "p.go-line",
            h("button.go", t("alert.send"), type="submit"),
            h("small", signed),
        ),
        data_post=f"/api/v1/alerts/{quote(alert.alert_id, safe='')}/acknowledge",
        data_failed=t("alert.failed"),
    )
    return h("details.deed-box.al-do", h("summary", t("alert.acknowledge")), form, key=f"do-{alert.alert_id}")


# ended ones ------------------------------------------------------------------------------------


def _past(view: AlertsView, look: Look) -> Node:
    days, t = view.rules.shown_days, look.t
    if not view.past:
        return h("section.al-past", empty(t("alert.past_none", days=days)))
    heads = [h(f"th.c-{name}", t(f"alert.column_{name}"), scope="col") for name in _COLUMNS]
    rows = [_row(line, look) for line in view.past[:MOST_PAST]]
    cut = len(view.past) > MOST_PAST
    return h(
        "section.al-past",
        h("h2", t("alert.past", days=days)),
        h("p.measured", t("alert.past_cut", n=len(view.past), shown=MOST_PAST)) if cut else None,
        h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0),
    )


def _row(line: AlertLine, look: Look) -> Node:
    alert = line.alert
    ended = alert.ended_at or alert.began_at
    return h(
        "tr",
        h("td.time", look.t.moment(ended)),
        h("td", badge(look.t(f"alert.{alert.kind.value}"))),
        h("td", look.short_name(line.unit) if line.unit else alert.station or look.t("alert.no_station")),
        h("td.al-what", _what(line, look)),
        h("td.time", _began(line, look)),
        h("td.num", _lasted(line, ended, look)),
        h("td.al-answer", _told(alert, look)),
        key=alert.alert_id,
    )


def _began(line: AlertLine, look: Look) -> str:
    at = look.t.moment(line.since)
    return at if line.alert.began_known else look.t("alert.found_at", at=at)


def _what(line: AlertLine, look: Look) -> Node:
    if line.alert.kind is AlertKind.RED:
        return h("span", look.named(line.alert.task or ""))
    where = place(line, look.t)
    return h("span", what(line, look.t), " ", harm(line, look.t), h("small", where) if where else None)


def _told(alert: Alert, look: Look) -> Node:
    if not alert.is_acked:
        return h("span.al-never", look.t("alert.never_acked"))
    by, when = h("b", look.t("alert.acked", by=alert.acked_by)), h("small", _when(alert, look))
    return h("span", by, " ", h("span", alert.ack_note), when)
