"""Lists of the wall as JSON: red tasks, orders, what runs along the foot, a station's hall. No names but the ack's."""

from __future__ import annotations

from datetime import datetime, timedelta

from components import wall_panels
from components.board_payload import letter
from components.echo import iso
from components.look import Look
from domain.alert_views import AlertLine
from domain.board import Line, Unit
from domain.compare_rules import CompareRules
from domain.rounding import half_up
from domain.task import Task
from domain.views import Action
from domain.wall import HallView, OpenOrders, OverdueView, RedList, RedRow, TickerView, Traced, TracingView
from i18n import Translator
from i18n.alert_words import alert_text, found
from i18n.map_words import span as span_text
from i18n.words import feed_name, formula, lacking, status, target, value, why

MOST_ACTIONS = 6


def alert_said(line: AlertLine, look: Look) -> str:
    """An alert in one sentence."""
    unit, task = line.unit, line.alert.task
    name = look.unit_name(unit) if unit else line.alert.station or ""
    return alert_text(look.t, line, name, look.named(task) if task else "")


def alert_found(line: AlertLine, look: Look) -> str:
    """When it was found red, where nobody saw it turn red; else ""."""
    return found(look.t, line, look.catalogue.task(line.alert.task or ""))


def ack(line: AlertLine | None) -> dict[str, object] | None:
    """Who took note of an alert, and what is being done."""
    if line is None or not line.alert.is_acked:
        return None
    return {"by": line.alert.acked_by, "note": line.alert.ack_note, "at": iso(line.alert.acked_at)}


def red_list(view: RedList, look: Look) -> dict[str, object]:
    """Red tasks, hard ones first."""
    return {"rows": [_red(row, task, look) for row in view.rows if (task := look.catalogue.task(row.cell.task))]}


def _red(row: RedRow, task: Task, look: Look) -> dict[str, object]:
    t = look.t
    return {
        "c": row.unit.code,
        "t": task.code,
        "station": look.short_name(row.unit),
        "task": look.task_name(task),
        "theme": t.maybe(f"theme.{row.theme}", look.named(row.theme)),
        "value": value(row.cell, task, t),
        "target": target(row.cell, task, t),
        "hard": row.hard,
        "since": iso(row.alert.since) if row.alert and row.alert.alert.began_known else None,
        "found": found(t, row.alert, task) if row.alert else "",
        "ack": ack(row.alert),
    }


def overdue(view: OverdueView, at: datetime, look: Look) -> dict[str, object]:
    """Orders past their deadline, sums by station and kind."""
    rows = [_late(unit, orders, (at, view.red_hours), look) for unit, orders in view.rows]
    return {"total": view.total, "rows": rows}


def _late(unit: Unit, orders: OpenOrders, when: tuple[datetime, int], look: Look) -> dict[str, object]:
    at, red_hours = when
    late_by = at - orders.due if orders.due else timedelta()
    return {
        "c": unit.code,
        "station": look.short_name(unit),
        "kind": _kind(orders.kind, look.t),
        "n": orders.late,
        "oldest": iso(orders.due),
        "late_by": look.t.duration(late_by),
        "level": "red" if late_by >= timedelta(hours=red_hours) else "yellow",
    }


def _kind(code: str, t: Translator) -> str:
    return t.maybe(f"order.{code}", code)


def tracing(view: TracingView, look: Look) -> dict[str, object]:
    """How far the orders have come, in all and by station."""
    sums = {name: sum(getattr(one, name) for _, one in view.rows) for name in ("sent", "signed", "done", "verified")}
    return {
        "funnel": [{"code": name, "name": look.t(f"wall.funnel.{name}"), "n": count} for name, count in sums.items()],
        "late": sum(one.late for _, one in view.rows),
        "rows": [_traced(unit, one, look) for unit, one in view.rows],
        "period": span_text(view.span, look.t),
    }


def _traced(unit: Unit, one: Traced, look: Look) -> dict[str, object]:
    counts = {name: getattr(one, name) for name in ("sent", "signed", "done", "late")}
    return {"c": unit.code, "name": look.short_name(unit), **counts}


def ticker(view: TickerView, at: datetime, look: Look) -> dict[str, object]:
    """What runs along the foot, the gravest first."""
    t = look.t
    majors = [{"level": "major", "text": alert_said(line, look)} for line in view.alerts]
    reds = [{"level": "red", "text": _red_said(row, look)} for row in view.reds]
    late = [{"level": "yellow", "text": _late_said(unit, orders, at, look)} for unit, orders in view.overdue]
    feeds = [
        {"level": "info", "text": t("wall.tick.feed", name=feed_name(one.code, t), at=t.moment(one.last_at))}
        for one in view.feeds
    ]
    return {"items": [*majors, *reds, *late, *feeds]}


def _red_said(row: RedRow, look: Look) -> str:
    task, t = look.catalogue.task(row.cell.task), look.t
    if task is None:
        return look.short_name(row.unit)
    told = {"value": value(row.cell, task, t), "target": target(row.cell, task, t)}
    return t("wall.tick.red", station=look.short_name(row.unit), task=look.task_name(task), **told)


def _late_said(unit: Unit, orders: OpenOrders, at: datetime, look: Look) -> str:
    t, long = look.t, at - orders.due if orders.due else None
    told = {"kind": _kind(orders.kind, t), "n": t.number(orders.late), "long": t.duration(long)}
    return t("wall.tick.overdue", station=look.short_name(unit), **told)


def hall(view: HallView, rules: CompareRules, look: Look) -> dict[str, object]:
    """One station: its colour and why, its themes, what helps most, what is open, its figures, its days."""
    line, rank, t = view.line, view.rank, look.t
    overall = line.overall
    return {
        "c": line.unit.code,
        "name": look.unit_name(line.unit),
        "o": letter(overall.colour, overall.reason),
        "word": status(overall.colour, overall.reason, t),
        "why": why(line, look.catalogue, t),
        "rank": rank.place if rank else None,
        "of": rank.of if rank else None,
        "score": float(half_up(100 * overall.score, 1)) if overall.score is not None else None,
        "themes": [
            {"c": one.subject, "name": t.maybe(f"theme.{one.subject}", look.named(one.subject)),
             "o": letter(one.colour, one.reason)}
            for one in line.themes
        ],
        "actions": [found for one in view.actions[:MOST_ACTIONS] if (found := _action(one, line, look))],
        "items": _items(view.orders, look),
        "counters": wall_panels.counters(view.counters, rules, t) if view.counters else None,
        "days": wall_panels.letters(view.days),
    }  # fmt: skip


def _action(action: Action, line: Line, look: Look) -> dict[str, object] | None:
    task, cell = look.catalogue.task(action.task), line.cell(action.task)
    if task is None or cell is None:
        return None
    lack = lacking(action.missing, task, look.t) or formula(cell, task, look.t)
    return {
        "text": look.t("wall.action", task=look.task_name(task), lack=lack),
        "until": iso(action.until),
        "gain": round(action.gain, 1),
        "hard": action.hard,
    }


def _items(orders: tuple[OpenOrders, ...], look: Look) -> dict[str, object]:
    rows = [
        {"kind": _kind(one.kind, look.t), "n": one.count, "late": one.late, "oldest": iso(one.since)}
        for one in sorted(orders, key=lambda one: (-one.late, -one.count))
    ]
    return {"open": sum(one.count for one in orders), "late": sum(one.late for one in orders), "rows": rows}
