"""What would help a station most, and what is to be done for a task."""

from __future__ import annotations

from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, chip
from components.page_head import empty
from domain.task import Task
from domain.views import Action, StationView
from i18n.words import formula, lacking


def actions(view: StationView, look: Look) -> Node:
    """The list of what to do first, most helpful first."""
    if not view.actions:
        return h("section.actions", h("h2", look.t("actions.title")), empty(look.t("actions.none")))
    items = [_action(number, action, view, look) for number, action in enumerate(view.actions, 1)]
    return h(
        "section.actions",
        h("h2", look.t("actions.title"), h("small", _enough(view, look))),
        h("ol", many(items)),
    )


def _enough(view: StationView, look: Look) -> str:
    if view.enough is None:
        return look.t("actions.not_enough")
    return look.t("actions.enough", n=view.enough) if view.enough else look.t("actions.blue")


def _action(number: int, action: Action, view: StationView, look: Look) -> Node | None:
    task, cell = look.catalogue.task(action.task), view.line.cell(action.task)
    if task is None or cell is None:
        return None
    last = view.enough == number
    facts = [
        h("b.lack", lacking(action.missing, task, look.t) or formula(cell, task, look.t)),
        h("span.gain", look.t("actions.gain", points=look.t.number(action.gain, 1))),
        h("span", look.t("actions.until", when=look.t.until(action.until, view.board.as_of))),
        h("span", look.t("actions.owner", owner=owner_name(action.owner, look))) if action.owner else None,
    ]
    return h(
        "li.action" + (".last" if last else ""),
        h(
            "div.a-head",
            h("span.no", number),
            chip(cell.colour, cell.reason, look.t),
            h("a.a-name", look.task_name(task), href=look.cell(view.line.unit.code, task.code)),
            badge(look.t("task.hard"), "hard") if action.hard else None,
        ),
        h("p.a-line", formula(cell, task, look.t)),
        h("p.a-facts", many(facts)),
        guide(task, look),
    )


def owner_name(owner: str, look: Look) -> str:
    """A masked name as it is, a role in words."""
    return look.t.maybe(f"owner.{owner}", owner)


def guide(task: Task, look: Look, *, opened: bool = False) -> Node | None:
    """做什么 / 怎么做, folded; None when the catalogue has no words for it."""
    what, how = look.guide(task, "what"), look.guide(task, "how")
    if not what and not how:
        return None
    steps = [h("li", line.lstrip("0123456789. ")) for line in how.splitlines() if line.strip()]
    return h(
        "details.guide",
        h("summary", look.t("guide.title")),
        h("p", h("b", look.t("guide.what")), what) if what else None,
        h("b", look.t("guide.how")) if steps else None,
        h("ol", many(steps)) if steps else None,
        open=opened or None,
    )
