"""The map's numbers in one glance: how many, against what, of which class, how bad, how many not on the map."""

from __future__ import annotations

from components.hiccup import Node, h, many
from components.look import Look
from components.map_links import number
from components.map_scale import hex_width
from domain.heat import ChangeNote, HeatView, Tally
from i18n.map_words import against, base_name, change, code, issues, share, span

OF_BASE = {"of": "base"}
"""Parameter of the rows' page: the rows of the second period."""
HURT = ("minor", "serious")


def summary(view: HeatView, look: Look) -> Node:
    """The whole block; every number opens its rows."""
    return h(
        "section.mp-sum",
        _total(view, look),
        _classes(view, look),
        _harm(view, look),
        _found(view, look),
        _unplaced(view, look),
        aria_label=look.t("map.summary"),
    )


def _card(name: str, look: Look, *body: object) -> Node:
    return h(f"div.mp-card.c-{name}", h("h3", look.t(f"map.card.{name}")), *body)


def _total(view: HeatView, look: Look) -> Node:
    t, asked, now = look.t, view.asked, view.now.tally
    total = number(look, asked, now.total, text=t.count(now.total, "incidents"))
    return _card(
        "total",
        look,
        h("p.big", total),
        h("p.stretch", span(asked.span, t)),
        _against(view, look),
    )


def _against(view: HeatView, look: Look) -> Node | None:
    if view.base is None:
        return None
    t, now, base = look.t, view.now.tally.total, view.base.tally.total
    shown = t.count(base, "incidents")
    return h(
        "p.against",
        t("map.against", base=base_name(view.asked, t)),
        " ",
        h("b", change(now, base, t)),
        " ",
        h(
            "span.of",
            t("map.base_had"),
            number(look, view.asked, base, OF_BASE, text=shown),
            title=span(view.base.span, t),
        ),
        h("small.short", t("map.base_short", day=t.date(view.base_short))) if view.base_short else None,
    )


def _classes(view: HeatView, look: Look) -> Node:
    now = view.now.tally
    base = view.base.tally.by_class if view.base else {}
    lines = []
    for name, count in now.by_class.items():
        beside = change(count, base.get(name, 0), look.t) if view.base else share(count, now.total, look.t)
        title = against(view.asked, look.t) if view.base else None
        lines.append(_line(name, number(look, view.asked, count, classes=(name,)), beside, look, title))
    return _card("class", look, h("ul.mp-lines", many(lines)) if lines else h("p.none", "—"))


def _line(name: str, count: Node, beside: str, look: Look, title: str | None) -> Node:
    return h("li", h("span.l", code("class_code", name, look.t)), count, h("span.beside", beside, title=title))


def _harm(view: HeatView, look: Look) -> Node:
    """Persons are counted, incidents are opened: both are said."""
    now, t = view.now.tally, look.t
    hurt = sum(now.by_severity.get(name, 0) for name in HURT)
    severe = view.asked.filter.severities
    narrowed = tuple(name for name in HURT if not severe or name in severe)
    return _card(
        "harm",
        look,
        h("ul.mp-lines",
          _persons("deaths", now.deaths, number(look, view.asked, now.by_severity.get("fatal", 0), text=t.count(
              now.by_severity.get("fatal", 0), "incidents"), severities=("fatal",)), look),
          _persons("injuries", now.injuries, number(look, view.asked, hurt, text=t.count(
              hurt, "incidents"), severities=narrowed), look)),
    )  # fmt: skip


def _persons(name: str, persons: int, incidents: Node, look: Look) -> Node:
    said = look.t(f"map.{name}", n=look.t.number(persons))
    return h("li", h("span.l", said), h("span.beside", look.t("map.in_incidents"), incidents))


def _found(view: HeatView, look: Look) -> Node:
    """警力跟着警情走: what citizens report, and what patrols find themselves."""
    now, t = view.now.tally, look.t
    lines = []
    for name in ("citizen", "officer", "unknown"):
        count = now.by_found.get(name, 0)
        if name == "unknown" and not count:
            continue
        lines.append(
            h(
                "li",
                h("span.l", code("found_by", name, t)),
                number(look, view.asked, count, found=name),
                h("span.beside", share(count, now.total, t)),
            )
        )
    return _card("found", look, h("ul.mp-lines", many(lines)))


def _unplaced(view: HeatView, look: Look) -> Node:
    now, t = view.now.tally, look.t
    missing = now.total - now.placed
    if not missing:
        return _card("unplaced", look, h("p.big", "0"), h("p.stretch", t("map.all_placed")))
    return _card(
        "unplaced",
        look,
        h("p.big", number(look, view.asked, missing, placed="no"), h("small", t("map.of", n=t.number(now.total)))),
        h("p.stretch", t("map.unplaced", n=t.number(missing), total=t.number(now.total), why=issues(now.by_issue, t))),
    )


def change_note(view: HeatView, look: Look) -> Node | None:
    """What a coloured hexagon of the difference map means, and what an uncoloured one does not mean."""
    if not view.changes or view.base is None:
        return None
    t = look.t
    heads = [h("th.num", t(f"map.change_head.{name}"), scope="col") for name in ("cells", "tested", "more", "fewer")]
    head = h("tr", h("th", t("map.change_head.width"), scope="col"), many(heads))
    return h(
        "div.mp-note",
        h("p", t("map.change_cells", base=base_name(view.asked, t))),
        h("table.mp-changes", h("thead", head), h("tbody", many(_compared(note, look) for note in view.changes))),
        h("p", t("map.change_rule", share=t.percent(100 * view.changes[0].q, 0))),
    )


def _compared(note: ChangeNote, look: Look) -> Node:
    counts = (note.cells, note.tested, note.more, note.fewer)
    numbers = [h("td.num", look.t.number(count)) for count in counts]
    return h("tr", h("th", hex_width(note.resolution, look.t), scope="row"), many(numbers))


def loading_note(done: float, look: Look) -> Node:
    """A long stretch is being read; `done` is the share read so far, 0..1."""
    percent = round(100 * min(1.0, max(0.0, done)))
    said = look.t("map.loading", share=look.t.percent(percent, 0))
    return h(
        "div.mp-loading",
        h("p", said),
        h("progress", value=percent, max=100, aria_label=said),
        h("p.hint", look.t("map.loading_hint")),
        role="status",
    )


def nothing(tally: Tally) -> bool:
    """True when not one incident was found."""
    return tally.total == 0
