"""A station's hall on a wall, as JSON."""

from __future__ import annotations

from datetime import datetime

from components import wall_panels
from components.board_payload import letter
from components.echo import iso
from components.look import Look
from components.wall_held import held_by, theme_held_by
from components.wall_lists import kind_name
from domain.board import Line
from domain.compare_rules import CompareRules
from domain.rounding import half_up
from domain.views import Action
from domain.wall import HallView, OpenOrders
from i18n.words import formula, lacking, status, why

MOST_ACTIONS, MOST_KINDS = 6, 5


def hall(view: HallView, at: datetime, rules: CompareRules, look: Look) -> dict[str, object]:
    """One station: its colour and why, its themes, what helps most, what is open, its figures, its days."""
    line, rank, t = view.line, view.rank, look.t
    overall = line.overall
    return {
        "c": line.unit.code,
        "name": look.unit_name(line.unit),
        "o": letter(overall.colour, overall.reason),
        "word": status(overall.colour, overall.reason, t),
        "held": overall.held,
        "by": held_by(line, look),
        "why": why(line, look.catalogue, t),
        "rank": rank.place if rank else None,
        "of": rank.of if rank else None,
        "score": float(half_up(100 * overall.score, 1)) if overall.score is not None else None,
        "themes": [
            {"c": one.subject, "name": t.maybe(f"theme.{one.subject}", look.named(one.subject)),
             "o": letter(one.colour, one.reason), "by": theme_held_by(line, one, look)}
            for one in line.themes
        ],
        "actions": _actions(view, look),
        "items": _items(view, at, look),
        "counters": wall_panels.counters(view.counters, rules, t) if view.counters else None,
        "days": wall_panels.letters(view.days),
    }  # fmt: skip


def _actions(view: HallView, look: Look) -> list[dict[str, object]]:
    """What can still be done; what cannot turn blue in its period any more stands last, as a note without a gain."""
    ordered = sorted(view.actions, key=lambda one: one.missing is None)[:MOST_ACTIONS]
    return [found for one in ordered if (found := _action(one, view.line, look))]


def _action(action: Action, line: Line, look: Look) -> dict[str, object] | None:
    task, cell = look.catalogue.task(action.task), line.cell(action.task)
    if task is None or cell is None:
        return None
    lack = lacking(action.missing, task, look.t) or formula(cell, task, look.t)
    return {
        "text": look.t("wall.action", task=look.task_name(task), lack=lack),
        "until": iso(action.until) if action.missing is not None else None,
        "gain": round(action.gain, 1) if action.missing is not None else 0,
        "hard": action.hard,
    }


def _items(view: HallView, at: datetime, look: Look) -> dict[str, object]:
    """Open orders by kind; the last row holds the kinds that have no row, so that the rows make the sum."""
    orders = sorted(view.orders, key=lambda one: (-one.late, -one.count))
    shown = orders if len(orders) <= MOST_KINDS else orders[: MOST_KINDS - 1]
    rows = [_item((one,), kind_name(one.kind, look.t), view, at) for one in shown]
    rest = tuple(orders[len(shown) :])
    rows += [_item(rest, look.t("wall.other_kinds"), view, at)] if rest else []
    return {"open": sum(one.count for one in orders), "late": sum(one.late for one in orders), "rows": rows}


def _item(orders: tuple[OpenOrders, ...], name: str, view: HallView, at: datetime) -> dict[str, object]:
    levels = {view.late.level(one, at) for one in orders if one.late} if view.late else set()
    return {
        "kind": name,
        "n": sum(one.count for one in orders),
        "late": sum(one.late for one in orders),
        "oldest": iso(min(one.since for one in orders)),
        "level": next((level for level in ("red", "yellow") if level in levels), ""),
    }
