"""Lists of the wall as JSON: red tasks, orders, what runs along the foot, a station's hall. No names but the ack's."""

from __future__ import annotations

from datetime import datetime, timedelta

from components.board_payload import letter
from components.echo import iso
from components.look import Look
from domain.alert_views import AlertLine
from domain.board import Unit
from domain.task import Task
from domain.wall import OpenOrders, OverdueView, RedList, RedRow, TickerView, Traced, TracingView
from i18n import Translator
from i18n.alert_words import alert_text, found
from i18n.map_words import span as span_text
from i18n.words import feed_said, target, value


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
    """Red tasks by station; `o` is the station's own colour."""
    return {"rows": [_red(row, task, look) for row in view.rows if (task := look.catalogue.task(row.cell.task))]}


def _red(row: RedRow, task: Task, look: Look) -> dict[str, object]:
    t = look.t
    return {
        "c": row.unit.code,
        "o": letter(row.colour, row.reason),
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
    rows = [_late(unit, orders, (at, view.level(orders, at)), look) for unit, orders in view.rows]
    return {"total": view.total, "rows": rows}


def _late(unit: Unit, orders: OpenOrders, judged: tuple[datetime, str], look: Look) -> dict[str, object]:
    at, level = judged
    late_by = at - orders.due if orders.due else timedelta()
    return {
        "c": unit.code,
        "station": look.short_name(unit),
        "kind": kind_name(orders.kind, look.t),
        "n": orders.late,
        "oldest": iso(orders.due),
        "late_by": look.t.duration(late_by),
        "level": level,
    }


def kind_name(code: str, t: Translator) -> str:
    """The kind of an order in words."""
    return t.maybe(f"order.{code}", code)


def tracing(view: TracingView, at: datetime, look: Look) -> dict[str, object]:
    """How far the orders have come, in all and by station; `level`: "red" or "yellow" where some are overdue."""
    levels = {unit.code: _traced_level(view, unit.code, one, at) for unit, one in view.rows}
    sums = {name: sum(getattr(one, name) for _, one in view.rows) for name in ("sent", "signed", "done", "verified")}
    return {
        "funnel": [{"code": name, "name": look.t(f"wall.funnel.{name}"), "n": count} for name, count in sums.items()],
        "late": sum(one.late for _, one in view.rows),
        "level": next((level for level in ("red", "yellow") if level in levels.values()), ""),
        "rows": [{**_traced(unit, one, look), "level": levels[unit.code]} for unit, one in view.rows],
        "period": span_text(view.span, look.t),
    }


def _traced_level(view: TracingView, code: str, one: Traced, at: datetime) -> str:
    known = view.late.level_of(code, view.kind, at) if view.late else ""
    return (known or "yellow") if one.late else ""


def _traced(unit: Unit, one: Traced, look: Look) -> dict[str, object]:
    counts = {name: getattr(one, name) for name in ("sent", "signed", "done", "late")}
    return {"c": unit.code, "name": look.short_name(unit), **counts}


def ticker(view: TickerView, at: datetime, look: Look) -> dict[str, object]:
    """What runs along the foot, the gravest first."""
    t = look.t
    majors = [{"level": "major", "text": alert_said(line, look)} for line in view.alerts]
    reds = [{"level": "red", "text": _red_said(row, look)} for row in view.reds]
    late = _late_items(view.overdue, at, look) if view.overdue else []
    feeds = [{"level": "info", "text": feed_said(one, t)} for one in view.feeds]
    return {"items": [*majors, *reds, *late, *feeds]}


def _late_items(late: OverdueView, at: datetime, look: Look) -> list[dict[str, str]]:
    """Overdue orders, the red ones first."""
    said = [{"level": late.level(one, at), "text": _late_said(unit, one, at, look)} for unit, one in late.rows]
    return sorted(said, key=lambda item: item["level"] != "red")


def _red_said(row: RedRow, look: Look) -> str:
    task, t = look.catalogue.task(row.cell.task), look.t
    if task is None:
        return look.short_name(row.unit)
    told = {"value": value(row.cell, task, t), "target": target(row.cell, task, t)}
    return t("wall.tick.red", station=look.short_name(row.unit), task=look.task_name(task), **told)


def _late_said(unit: Unit, orders: OpenOrders, at: datetime, look: Look) -> str:
    t, long = look.t, at - orders.due if orders.due else None
    told = {"kind": kind_name(orders.kind, t), "n": t.number(orders.late), "long": t.duration(long)}
    return t("wall.tick.overdue", station=look.short_name(unit), **told)
