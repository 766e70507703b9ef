"""Themes and tasks in force, where each comes from, and how it differs from what ships. Read only."""

from __future__ import annotations

from components.admin_parts import sheet, table
from components.hiccup import Node, h, many
from components.look import Look
from domain.administration import CatalogueView, Laid
from i18n.words import limit

COLUMNS = ("code", "name", "blue", "yellow", "origin", "on", "differences")


def tree(view: CatalogueView, look: Look) -> Node:
    """The whole page: what the deployment changed first."""
    t = look.t
    rows = sorted(view.lines, key=lambda line: line.origin == "ours")
    facts = [
        (t("admin.catalogue.version"), view.version),
        (t("admin.catalogue.shipped"), view.shipped_version),
        (t("admin.catalogue.folder"), view.folder or t("admin.catalogue.no_folder")),
        (t("admin.catalogue.changed"), t.number(sum(line.origin != "ours" for line in rows))),
    ]
    return sheet(
        view.board,
        look,
        "catalogue",
        h("p.hint", t("admin.catalogue.about")),
        h("dl.admin-facts", many([many([h("dt", name), h("dd", text)]) for name, text in facts])),
        table(look, "catalogue", COLUMNS, [_row(line, look) for line in rows], t("admin.catalogue.none")),
    )


def _row(line: Laid, look: Look) -> Node:
    t = look.t
    found = look.catalogue.task(line.code) or look.catalogue.theme(line.code)
    address = look.task(line.code) if line.kind == "task" else look.theme(line.code)
    name = found.name(t.lang) if found else line.code
    return h(
        f"tr.is-{line.origin}",
        h("th", line.code, scope="row"),
        h("td", h("a", name, href=address) if line.on else name),
        *_edges(line, look),
        h("td", t(f"admin.catalogue.origin.{line.origin}")),
        h("td", t("admin.yes") if line.on else t("admin.no")),
        h("td", _differences(line)),
        key=f"{line.kind}-{line.code}",
    )


def _edges(line: Laid, look: Look) -> list[Node]:
    """What blue and yellow ask for."""
    task = look.catalogue.task(line.code)
    if task is None or task.thresholds is None:
        return [h("td.num", "—"), h("td.num", "—")]
    return [h("td.num", limit(edge, task, look.t)) for edge in (task.thresholds.blue, task.thresholds.yellow)]


def _differences(line: Laid) -> Node | str:
    told = [
        h("li", h("b", name), " ", h("del", ours or "—"), " → ", h("ins", here or "—"))
        for name, ours, here in line.differences
    ]
    return h("ul.admin-lines", many(told)) if told else "—"
