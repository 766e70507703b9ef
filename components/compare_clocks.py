"""Response clocks: a card for each clock with its bands, and the shares in time by station, hour and class."""

from __future__ import annotations

from collections.abc import Sequence

from components.compare_bar import bar
from components.compare_links import href, outs
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty, head
from domain.clock_rules import CLASSES, LIMITS, WHO
from domain.clock_views import ClockLine, ClockPart, ClockRow, ClocksView
from domain.compare_rules import CompareRules
from domain.compare_views import CompareAsked
from i18n.clock_words import bands, clock_notes, counted, length, limit, nothing, row_name, share
from i18n.compare_words import arrow, base_name, judged, period_text, points_text, preset_name, tone
from i18n.map_words import code

GOOD = "up"


def clocks(view: ClocksView, asked: CompareAsked, rules: CompareRules, look: Look) -> Node:
    """The whole page."""
    t = look.t
    crumbs = [(t("compare.title"), href(look, "overview", asked, rules)), (t("compare.tab.clocks"), "")]
    return h(
        "div.sheet.cp-page",
        h("div.cp-top", head(look, view.board, crumbs, [t("compare.title")], outs(look, "clocks", asked, rules)),
          bar("clocks", asked, view.board, view.units, look, rules=rules), _periods(asked, look)),
        _choices(asked, rules, look),
        *_body(view, look),
        h("footer.sheet-foot", h("span", t("clocks.foot", version=view.rules_version))),
    )  # fmt: skip


def _body(view: ClocksView, look: Look) -> list[Node | None]:
    if why_not := nothing(view, look.t):
        return [empty(*why_not)]
    return [
        cards(view, look),
        *(h("p.hint", note) for note in clock_notes(view, look.t)),
        _table("stations", view, look),
        h("div.cp-two", _table("hours", view, look), _table("classes", view, look)),
    ]


def _periods(asked: CompareAsked, look: Look) -> Node:
    t, periods = look.t, asked.periods
    spans = {"now": periods.span, "base": periods.base, "previous": periods.previous}
    names = {"now": preset_name(periods, t), "base": base_name(periods, t), "previous": ""}
    parts = [
        h(f"div.cp-period.p-{name}", h("dt", t(f"compare.when.{name}"), h("small", names[name])),
          h("dd", h("b", period_text(span, t))))
        for name, span in spans.items()
        if span
    ]  # fmt: skip
    return h("div.cp-periods", h("dl", many(parts)))


def _choices(asked: CompareAsked, rules: CompareRules, look: Look) -> Node:
    t = look.t
    groups = [
        ("who", [(one, t(f"clocks.who_name.{one}")) for one in WHO], asked.who),
        ("limits", [(one, t(f"clocks.limits_name.{one}")) for one in LIMITS], asked.limits),
        ("class", [("", t("clocks.class_all")), *((one, code("class_code", one, t)) for one in CLASSES)],
         ",".join(asked.classes)),
    ]  # fmt: skip
    heads = {"who": "clocks.who", "limits": "clocks.limits", "class": "clocks.classes"}
    parts: list[Node] = []
    for name, values, chosen in groups:
        parts.append(h("span.l.gap", t(heads[name])))
        plain = values[0][0]
        parts += [
            h("a" + (".is-on" if value == chosen else ""), text,
              href=href(look, "clocks", asked, rules, **{name: "" if value == plain else value}))
            for value, text in values
        ]  # fmt: skip
    return h("nav.cp-units", many(parts))


# cards -----------------------------------------------------------------------------------------


def cards(view: ClocksView, look: Look, address: str = "") -> Node:
    """One card a clock; `address`: where a card leads, "" for nowhere."""
    shown = [_card(part, view, look, address) for part in view.clocks]
    return h(f"section.cp-cards.of-{len(shown)}", many(shown), aria_label=look.t("compare.tab.clocks"))


def strip(view: ClocksView, address: str, look: Look) -> Node | None:
    """The judged clocks in one panel of the overview; None without any order."""
    t = look.t
    shown = [part for part in view.clocks if part.now.due]
    if not shown:
        return None
    items = [
        h("div", h("dt", part.clock.name(t.lang), h("small", limit(part.clock, view.asked.limits, t))),
          h("dd", h("b", share(part.now, t)), h("small", counted(part.now, t))), _change(part, look))
        for part in shown
    ]  # fmt: skip
    more = h("a", t("compare.tab.clocks"), href=address)
    return h("section.cp-panel", h("h2", t("clocks.title"), more), h("dl.cp-strip", many(items)))


def _card(part: ClockPart, view: ClocksView, look: Look, address: str) -> Node:
    t, now = look.t, part.now
    verdict = part.change.verdict if part.change else "unknown"
    kind = "grey" if now.few else tone(verdict, GOOD)
    name = part.clock.name(t.lang)
    judged_here = part.clock.limit is not None or bool(part.clock.regions)
    return h(
        f"article.cp-card.t-{kind}",
        h("h3", h("a", name, href=address) if address else name, h("small", limit(part.clock, view.asked.limits, t))),
        h("p.big", share(now, t) if judged_here else length(now.p50, t),
          h("small", t("clocks.few")) if now.few and judged_here else None),
        h("p.per", counted(now, t) if judged_here else t("clocks.p50")),
        _change(part, look) if judged_here else None,
        _times(now, look),
        _open(now, look),
        _bands(part, look),
    )  # fmt: skip


def _change(part: ClockPart, look: Look) -> Node:
    t, change, before = look.t, part.change, part.change_previous
    lines = []
    for name, one, line in (("yoy", change, part.base), ("pop", before, part.previous)):
        if one is None or line is None:
            continue
        kind, sign = tone(one.verdict, GOOD), arrow(one.verdict, one.points)
        lines.append(
            h(f"p.{name}", h("span.l", t(f"compare.card.{name}")),
              h(f"b.delta.t-{kind}", h("i", sign, aria_hidden="true"), " ", points_text(one, t)),
              h("small", t("compare.when.base" if name == "yoy" else "compare.when.previous"), " ", share(line, t)),
              title=judged(one, t))
        )  # fmt: skip
    return h("div", many(lines))


def _times(line: ClockLine, look: Look) -> Node:
    t = look.t
    pairs = (("mean", line.mean), ("p50", line.p50), ("p90", line.p90))
    return h(
        "dl.cp-times", many(h("div", h("dt", t(f"clocks.{name}")), h("dd", length(value, t))) for name, value in pairs)
    )


def _open(line: ClockLine, look: Look) -> Node | None:
    t = look.t
    parts = [
        (line.waiting, "waiting", ""),
        (line.overdue, "overdue", ""),
        (line.unusable, "unusable", "clocks.unusable_hint"),
    ]
    said = [
        h(f"span.o-{name}", t(f"clocks.{name}", n=t.number(count)), title=t(hint) if hint else None)
        for count, name, hint in parts
        if count
    ]
    return h("p.cp-open", many(said)) if said else None


def _bands(part: ClockPart, look: Look) -> Node | None:
    """How long it took, as one bar cut into the bands circulars print; the numbers as a list."""
    t, line = look.t, part.now
    if not line.done:
        return None
    names, cuts, at = bands(part.clock, t), [], 0.0
    for number, part_share in enumerate(line.shares):
        wide = part_share or 0.0
        cuts.append(h(f"rect.b{number}", h("title", f"{names[number]} {t.percent(wide)}"), x=round(at, 2), y=0,
                      width=round(wide, 2), height=10))  # fmt: skip
        at += wide
    items = [
        h("li", h(f"i.cp-band.b{number}", aria_hidden="true"), h("span", names[number]), h("b", t.percent(part_share)),
          title=t("clocks.share", n=t.number(line.bands[number]), share=t.percent(part_share)))
        for number, part_share in enumerate(line.shares)
    ]  # fmt: skip
    return h(
        "div.cp-bands",
        h(
            "svg",
            many(cuts),
            viewBox="0 0 100 10",
            preserveAspectRatio="none",
            role="img",
            aria_label=t("clocks.bands"),
        ),
        h("ul", many(items)),
    )


# tables ----------------------------------------------------------------------------------------

_HEADS = {"stations": "unit", "hours": "hour", "classes": "class"}


def _table(name: str, view: ClocksView, look: Look) -> Node:
    """Rows by station, hour or class; a column for each clock that is judged, with its median where it is not."""
    t = look.t
    parts = [part for part in view.clocks if getattr(part, name)]
    compared = name != "hours" and any(row.change for part in parts for row in getattr(part, name))
    wide = 2 if compared else 1
    heads = [h("th", part.clock.name(t.lang), colspan=wide, scope="colgroup") for part in parts]
    count = len(getattr(parts[0], name)) if parts else 0
    rows = [_row(name, number, parts, view, look, compared=compared) for number in range(count)]
    total = h("tr", h("th", t("clocks.table.total"), scope="row"),
              many(cell for part in parts for cell in _cells(ClockRow("", part.now, part.base, part.change, True), look,
                                                             compared=compared)))  # fmt: skip
    note = h("p.hint", t("clocks.table.note")) if name == "stations" else None
    return h(
        "section.cp-panel",
        h("h2", t(f"clocks.table.{name}")),
        h("div.scroll.cp-scroll", h(f"table.rows.cp-table.k-{name}",
          h("thead", h("tr", h("th", t(f"clocks.table.{_HEADS[name]}"), scope="col"), many(heads))),
          h("tbody", many(rows)), h("tfoot", total)), tabindex=0),
        note,
    )  # fmt: skip


def _row(name: str, number: int, parts: Sequence[ClockPart], view: ClocksView, look: Look, *, compared: bool) -> Node:
    rows = [getattr(part, name)[number] for part in parts]
    cells = [cell for row in rows for cell in _cells(row, look, compared=compared)]
    return h("tr", h("th", row_name(name, rows[0].key, view.units, look.t), scope="row"), many(cells))


def _cells(row: ClockRow, look: Look, *, compared: bool) -> list[Node]:
    t, line = look.t, row.now
    if line.due:
        shown = h("td.num.first", h("b", share(line, t)), h("small", counted(line, t)))
    else:
        shown = h("td.num.first.was", length(line.p50, t) if line.done else "—")
    if not compared:
        return [shown]
    change = row.change
    kind = tone(change.verdict, GOOD) if change and row.told and not line.few else "grey"
    text = points_text(change, t) if change and not line.few else t("clocks.few") if line.few and line.due else "—"
    return [shown, h(f"td.num.delta.t-{kind}", text, title=judged(change, t) if change else None)]
