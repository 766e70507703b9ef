"""The auditor's page: the audit log, searched by person, action, subject and days."""

from __future__ import annotations

from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.audit import AuditEntry, AuditView

PATH = "/audit"
COLUMNS = ("sequence", "at", "actor", "action", "subject", "detail")


def tree(view: AuditView, look: Look) -> Node:
    """The whole page."""
    t = look.t
    title = t("audit.title")
    out = h("span.outs", h("a", t("export.csv"), href=_url(view, "/download/audit.csv"), download=True))
    return h(
        "div.sheet",
        head(look, view.board, [(title, "")], [title], out),
        h("p.hint", t("audit.about")),
        _form(view, look),
        _table(view, look) if view.entries else empty(t("audit.none")),
        _pager(view, look),
    )


def _url(view: AuditView, path: str = PATH, page: int = 0) -> str:
    asked = {
        "actor": view.actor,
        "action": view.action,
        "subject": view.subject,
        "from": view.first.isoformat() if view.first else "",
        "to": view.last.isoformat() if view.last else "",
        "page": str(page) if page > 1 else "",
    }
    return Look(None, None).url(path, "", **asked)  # type: ignore[arg-type]


def _form(view: AuditView, look: Look) -> Node:
    t = look.t
    actions = [h("option", t("audit.any"), value="", selected=not view.action)]
    actions += [h("option", action_name(code, look), value=code, selected=code == view.action) for code in view.actions]
    days = {"from": view.first, "to": view.last}
    fields = [
        _field(t("audit.column.actor"), h("input", type="search", name="actor", value=view.actor, maxlength=200)),
        _field(t("audit.column.action"), h("select", many(actions), name="action")),
        _field(t("audit.column.subject"), h("input", type="search", name="subject", value=view.subject, maxlength=200)),
        *(
            _field(t(f"audit.{name}"), h("input", type="date", name=name, value=day.isoformat() if day else ""))
            for name, day in days.items()
        ),
    ]
    button = h("p.go-line", h("button.go", t("audit.search"), type="submit"))
    return h("form.deed", h("div.fields", many(fields)), button, data_go=PATH)


def _field(label: str, control: Node) -> Node:
    return h("label.field", h("span", label), control)


def action_name(code: str, look: Look) -> str:
    """An action in words; its code where there are none."""
    return look.t.maybe(f"audit.action.{code}", code)


def _table(view: AuditView, look: Look) -> Node:
    heads = [h("th", look.t(f"audit.column.{name}"), scope="col") for name in COLUMNS]
    rows = [_row(entry, look) for entry in view.entries]
    return h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0)


def _row(entry: AuditEntry, look: Look) -> Node:
    return h(
        "tr",
        h("th.num", str(entry.sequence) or "—", scope="row"),
        h("td.time", f"{entry.at:%Y-%m-%d %H:%M:%S}"),
        h("td", entry.actor or "—"),
        h("td", action_name(entry.action, look)),
        h("td", entry.subject or "—"),
        h("td", entry.detail or "—"),
        key=entry.entry_id,
    )


def _pager(view: AuditView, look: Look) -> Node:
    t, last = look.t, max(1, -(-view.total // view.size))

    def step(word: str, to: int, alive: bool) -> Node:
        return h("a", t(word), href=_url(view, page=to)) if alive else h("span.off", t(word), aria_disabled="true")

    return h(
        "nav.pager",
        h("span.total", t("rows.total", n=t.number(view.total))),
        step("rows.previous", view.page - 1, view.page > 1),
        h("span.here", t("rows.page", page=view.page, pages=last)),
        step("rows.next", view.page + 1, view.page < last),
        aria_label=t("rows.pages"),
    )
