"""Targets per station and task: list, a draft with its effect on the colours of now, and the end of one."""

from __future__ import annotations

from datetime import date, timedelta

from components.admin_parts import deed, field, hidden, reason, select, sheet, table, text, units_of
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import chip
from components.notice import sentence
from domain.administration import TargetsView
from domain.board import Line
from domain.targets import Effect, Moved, TargetRow
from i18n.words import limit, value

PATH = "/admin/targets"
EVERY = "*"
COLUMNS = ("station", "task", "blue", "yellow", "from", "to", "state", "reason", "by", "do")
MOST_ROWS = 500


def tree(view: TargetsView, look: Look) -> Node:
    """The whole page: the draft or the end that is looked at, the form, the list."""
    problem = h("p.banner.late", sentence(view.problem, look.t), role="alert") if view.problem else None
    return sheet(
        view.board,
        look,
        "targets",
        h("p.hint", look.t("admin.targets.about")),
        problem,
        _preview(view, look),
        None if view.ending else _form(view, look),
        _filter(view, look),
        _list(view, look),
    )


# the form and what it would change -------------------------------------------------------------


def _form(view: TargetsView, look: Look) -> Node:
    t, form = look.t, view.asked
    stations = [*units_of(look, view.units, t("admin.choose")), (EVERY, t("admin.every_station"))]
    tasks = [("", t("admin.choose")), *((task.code, f"{task.code} {look.task_name(task)}") for task in view.tasks)]
    fields = [
        field(look, "for", select("for", stations, form["for"] or view.station, required=True)),
        field(look, "what", select("what", tasks, form["what"] or view.task, required=True)),
        field(look, "blue", text("blue", form["blue"], most=12, required=True)),
        field(look, "yellow", text("yellow", form["yellow"], most=12, required=True)),
        field(look, "first", text("first", form["first"] or view.today.isoformat(), kind="date", required=True)),
        field(look, "last", text("last", form["last"], kind="date")),
    ]
    button = h("p.go-line", h("button.go", t("admin.do.preview"), type="submit"), h("small", t("admin.preview_note")))
    return h(
        "section",
        h("h2", t("admin.targets.new")),
        h("form.deed", h("div.fields", many(fields)), button, data_go=PATH, data_keep="station task"),
    )


def _preview(view: TargetsView, look: Look) -> Node | None:
    if view.effect is None:
        return None
    t = look.t
    return h(
        "section.admin-effect",
        h("h2", t("admin.effect.title")),
        _what(view, look),
        _when(view.effect, look),
        _moved(view, view.effect, look),
        _write(view, look),
        h("p", h("a", look.t("admin.cancel"), href=look.url(PATH, station=view.station, task=view.task))),
    )


def _what(view: TargetsView, look: Look) -> Node:
    t = look.t
    if view.ending:
        row, last = view.ending
        return h("p", t("admin.effect.ends", station=_station(view, row.station, look), task=_task(row.task, look),
                        day=t.date(last)))  # fmt: skip
    first = view.draft[0]
    where = t("admin.every_station") if len(view.draft) > 1 else _station(view, first.station, look)
    edges = {"blue": _edge(first, first.blue, look), "yellow": _edge(first, first.yellow, look)}
    return h("p", t("admin.effect.draft", station=where, task=_task(first.task, look), **edges))


def _when(effect: Effect, look: Look) -> Node:
    key = "admin.effect.now" if effect.now else "admin.effect.later"
    return h("p.hint", look.t(key, day=look.t.date(effect.day)))


def _moved(view: TargetsView, effect: Effect, look: Look) -> Node:
    t = look.t
    recoloured = [one for one in effect.moved if one.recoloured]
    told = h("p.measured", t("admin.effect.count", cells=len(recoloured), stations=len(effect.stations),
                             targets=len(effect.moved)))  # fmt: skip
    shown = sorted(effect.moved, key=lambda one: not one.recoloured)[:MOST_ROWS]
    rows = [_cell(one, look) for one in shown]
    cells = table(look, "effect", ("station", "task", "value", "target", "before", "after"), rows,
                  t("admin.effect.none"))  # fmt: skip
    lines = [_line(old, new, look) for old, new in effect.stations]
    return h("div", told, cells, h("ul.admin-lines", many(lines)) if lines else None)


def _cell(one: Moved, look: Look) -> Node:
    t, task = look.t, look.catalogue.task(one.after.task)
    assert task is not None
    edges = f"{limit(one.before.blue, task, t)} → {limit(one.after.blue, task, t)}"
    return h(
        "tr" + (".changed" if one.recoloured else ""),
        h("th", h("a", look.unit_name(one.unit), href=look.station(one.unit.code)), scope="row"),
        h("td", look.task_name(task)),
        h("td.num", value(one.after, task, t)),
        h("td.num", edges),
        h("td", chip(one.before.colour, one.before.reason, t)),
        h("td", chip(one.after.colour, one.after.reason, t)),
    )


def _line(old: Line, new: Line, look: Look) -> Node:
    t = look.t
    return h(
        "li",
        h("b", t("admin.effect.overall", station=look.unit_name(old.unit))),
        chip(old.overall.colour, old.overall.reason, t),
        " → ",
        chip(new.overall.colour, new.overall.reason, t),
    )


def _write(view: TargetsView, look: Look) -> Node:
    form = view.asked
    if view.ending:
        row, last = view.ending
        kept = hidden(end=_key(row), last=last.isoformat())
        return deed(look, "/targets/end", [*kept, reason(look)], "end_target")
    kept = hidden(for_=form["for"], what=form["what"], blue=form["blue"], yellow=form["yellow"], first=form["first"],
                  last=form["last"], seen=str(view.seen))  # fmt: skip
    return deed(look, "/targets", [*kept, reason(look)], "set_target")


# the list --------------------------------------------------------------------------------------


def _filter(view: TargetsView, look: Look) -> Node:
    t = look.t
    tasks = [("", t("admin.all")), *((task.code, f"{task.code} {look.task_name(task)}") for task in view.tasks)]
    fields = [
        field(look, "station", select("station", units_of(look, view.units, t("admin.all")), view.station)),
        field(look, "task", select("task", tasks, view.task)),
    ]
    return h(
        "section",
        h("h2", t("admin.targets.list")),
        h("form.deed", h("div.fields", many(fields)), data_go=PATH, data_auto=True),
    )


def _list(view: TargetsView, look: Look) -> Node:
    newest = _newest(view)
    told = [(row, _state(row, view, newest)) for row in view.rows]
    told.sort(key=lambda one: (one[1] not in ("now", "ahead"), one[0].station, one[0].task, one[0].first))
    more = h("p.hint", look.t("admin.more", n=MOST_ROWS)) if len(told) > MOST_ROWS else None
    made = [_row(row, state, view, look) for row, state in told[:MOST_ROWS]]
    return h("div", table(look, "targets", COLUMNS, made, look.t("admin.targets.none")), more)


def _newest(view: TargetsView) -> dict[tuple[str, str], date]:
    """The first day of the target in force, by station and task."""
    held = [row for row in view.rows if row.holds(view.today)]
    return {(row.station, row.task): row.first for row in sorted(held, key=lambda row: row.first)}


def _state(row: TargetRow, view: TargetsView, newest: dict[tuple[str, str], date]) -> str:
    """ "now", "ahead", "past", "void" or "covered" (another that began later is in force)."""
    if row.void:
        return "void"
    if row.first > view.today:
        return "ahead"
    if not row.holds(view.today):
        return "past"
    return "now" if newest[row.station, row.task] == row.first else "covered"


def _row(row: TargetRow, state: str, view: TargetsView, look: Look) -> Node:
    t = look.t
    return h(
        f"tr.is-{state}",
        h("th", _station(view, row.station, look), scope="row"),
        h("td", h("a", _task(row.task, look), href=look.task(row.task))),
        h("td.num", _edge(row, row.blue, look)),
        h("td.num", _edge(row, row.yellow, look)),
        h("td.time", row.first.isoformat()),
        h("td.time", row.last.isoformat() if row.last else "—"),
        h("td", t(f"admin.targets.state.{state}")),
        h("td", row.reason or "—"),
        h("td", row.by or "—"),
        h("td", _end(row, state, view, look)),
        key=_key(row),
    )


def _end(row: TargetRow, state: str, view: TargetsView, look: Look) -> Node | str:
    if state in ("past", "void"):
        return "—"
    least = max(row.first, view.today) - timedelta(days=1)
    day = text("last", least.isoformat(), kind="date", required=True)
    button = h("button.go.quiet", look.t("admin.do.end"), type="submit")
    form = h("form.deed.admin-inline", *hidden(end=_key(row)), day, button, data_go=PATH, data_keep="station task")
    return h("details.deed-box", h("summary", look.t("admin.do.end")), form)


def _key(row: TargetRow) -> str:
    return f"{row.station}/{row.task}/{row.first.isoformat()}"


def _station(view: TargetsView, code: str, look: Look) -> str:
    unit = next((unit for unit in view.units if unit.code == code), None)
    return look.unit_name(unit) if unit else code


def _task(code: str, look: Look) -> str:
    return f"{code} {look.named(code)}"


def _edge(row: TargetRow, edge: float, look: Look) -> str:
    task = look.catalogue.task(row.task)
    return limit(edge, task, look.t) if task else f"{edge:g}"
