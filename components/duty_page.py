"""Duty advice: where and when a station should patrol in the next seven days, as a list; and the stations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from components.duty_map import place
from components.duty_side import number
from components.hiccup import Node, h, many
from components.look import Look
from components.map_summary import loading_note
from components.marks import badge
from components.page_head import empty, head
from domain.board import Board, Unit
from domain.duty_view import Counts, DutyAsked, DutyIndex, DutyLine, DutyView
from domain.span import Span
from i18n import Translator
from i18n.map_words import kind as kind_word

DUTY = "/duty"
CONTROLS = ("point", "line", "area")
COLUMNS = ("rank", "place", "when", "expected", "control", "held", "source", "kinds")


def address(look: Look, code: str = "", asked: DutyAsked | None = None) -> str:
    """Address of a station's advice, or of the list of stations."""
    path = f"{DUTY}/{quote(code, safe='')}" if code else DUTY
    return look.url(path, **(asked or DutyAsked()).params())


def top(view: DutyView, look: Look) -> Node:
    """Above the list: whose advice, for which days, learnt from what."""
    t, name = look.t, look.short_name(view.unit)
    outs = h("span.outs", h("a", t("duty.station"), href=look.station(view.unit.code)))
    return h(
        "div.duty-top",
        head(look, view.board, [(t("duty.title"), address(look, "", view.asked)), (name, "")],
             [t("duty.of", station=look.unit_name(view.unit))], outs),
        h("p.measured", _lead(view, t)),
        _bar(view.asked, view.classes, look, view.unit.code),
        None if view.calendar_known else h("p.banner", t("duty.calendar_unknown")),
    )  # fmt: skip


def loading(board: Board, done: float, look: Look) -> Node:
    """What stands there while the half year is being read."""
    title = look.t("duty.title")
    return h("div.duty-top", head(look, board, [(title, "")], [title]), loading_note(done, look))


def _lead(view: DutyView, t: Translator) -> str:
    return t(
        "duty.lead",
        coming=_stretch(view.coming, t),
        learnt=_stretch(view.learnt, t),
        n=t.count(view.counts.used, "incidents"),
        source=_source(view.asked, t),
    )


def _source(asked: DutyAsked, t: Translator) -> str:
    return t(f"duty.source.{'both' if asked.officers else 'citizen'}")


def _stretch(span: Span, t: Translator) -> str:
    return t("cell.stretch", start=t.short_date(span.first_day), end=t.short_date(span.last_day))


def _bar(asked: DutyAsked, classes: tuple[str, ...], look: Look, code: str = "") -> Node:
    """Which incidents the advice is learnt from: class, and who reported them."""
    t = look.t
    shown = (*classes, *(name for name in asked.classes if name not in classes))
    kinds: list[tuple[tuple[str, ...], str]] = [((), t("duty.all_classes"))]
    kinds += [((name,), kind_word(name, "", t)) for name in shown]
    by_class = [
        _tab(text, address(look, code, DutyAsked(wanted, asked.officers)), on=wanted == asked.classes)
        for wanted, text in kinds
    ]
    by_source = [
        _tab(_source(choice, t), address(look, code, choice), on=choice == asked)
        for choice in (DutyAsked(asked.classes), DutyAsked(asked.classes, True))
    ]
    return h(
        "div.duty-bar",
        h("nav.tabs", many(by_class), aria_label=t("duty.classes")),
        h("nav.tabs", many(by_source), aria_label=t("duty.sources")),
    )


def _tab(text: str, href: str, *, on: bool) -> Node:
    return h("a" + (".is-on" if on else ""), text, href=href, aria_current="true" if on else None)


# the list ----------------------------------------------------------------------------------------


def listing(view: DutyView, look: Look) -> Node:
    """The list, or why there is none."""
    t = look.t
    if view.reason:
        told = t(f"duty.reason.{view.reason}", n=t.number(view.counts.used), least=t.number(view.least))
        return h("section.duty-list", empty(t("duty.no_advice"), told))
    heads = [h(f"th.c-{name}", t(f"duty.column.{name}"), scope="col") for name in COLUMNS]
    rows = [_row(rank, line, view, look) for rank, line in enumerate(view.lines, 1)]
    table = h("table.rows.duty", h("thead", h("tr", many(heads))), h("tbody", many(rows)))
    return h(
        "section.duty-list",
        h("h2", t("duty.list"), h("small", t("duty.list_note", n=len(view.lines)))),
        h("div.scroll", table, tabindex=0),
        _controls(view, t),
    )


def _row(rank: int, line: DutyLine, view: DutyView, look: Look) -> Node:
    t = look.t
    return h(
        "tr",
        h("td.num.c-rank", str(rank)),
        h("th.c-place", place(line, t), scope="row"),
        h("td.c-when", when(line, t), " ", h("small", t("duty.days", n=line.days))),
        h(
            "td.num.c-expected",
            h("b", t.number(line.expected / line.days, 2)),
            h("small", t("duty.expected_week", n=t.number(line.expected, 1))),
            data_l=t("duty.column.expected"),
        ),
        h("td.c-control", badge(t(f"duty.control.{line.control}"))),
        h("td.num.c-held", many(_held(line, view, look)), data_l=t("duty.column.held")),
        h("td.c-source", _who(line, t), data_l=t("duty.column.source")),
        h("td.c-kinds", _kinds(line, t)),
    )


def _held(line: DutyLine, view: DutyView, look: Look) -> list[object]:
    """Incidents of the learnt weeks in these hours of such days, and in the cell at any time."""

    def linked(count: int, **narrow: Any) -> Node:
        wanted = view.asked.filter(view.unit.code).with_(cell=line.cell, **narrow)
        return number(look, count, view.learnt, wanted)

    hours = tuple(range(line.first_hour, line.first_hour + line.hours))
    inside = linked(line.inside, hours=hours, day_kinds=(line.kind,))
    return [inside, " / ", linked(line.incidents)]


def when(line: DutyLine, t: Translator) -> str:
    """工作日 17—19 时."""
    return t("duty.when", days=t(f"duty.day.{line.kind}"), first=line.first_hour, last=line.first_hour + line.hours)


def _who(line: DutyLine, t: Translator) -> str:
    total = line.citizen + line.officer
    return t("duty.who", share=t.percent(100 * line.citizen / total, 0)) if total else "—"


def _kinds(line: DutyLine, t: Translator) -> str:
    return t("list.comma").join(f"{kind_word(*kind, t)} {t.number(count)}" for kind, count in line.kinds) or "—"


def _controls(view: DutyView, t: Translator) -> Node:
    """What the kinds of patrol mean and when each is named."""
    used = [name for name in CONTROLS if any(line.control == name for line in view.lines)]
    pairs = [many([h("dt", t(f"duty.control.{name}")), h("dd", t(f"duty.control_rule.{name}"))]) for name in used]
    return h("div.facts.duty-controls", h("dl", many(pairs)))


# the stations ------------------------------------------------------------------------------------


def index_tree(view: DutyIndex, asked: DutyAsked, look: Look) -> Node:
    """The list of stations."""
    t = look.t
    heads = [
        h(f"th.c-{name}", t(f"duty.index.{name}"), scope="col") for name in ("station", "used", "officer", "state")
    ]
    rows = [_station(unit, counts, (view.least, asked), look) for unit, counts in view.lines]
    table = h("table.rows.duty-index", h("thead", h("tr", many(heads))), h("tbody", many(rows)))
    return h(
        "div.sheet",
        head(look, view.board, [(t("duty.title"), "")], [t("duty.title")]),
        h("p.measured", t("duty.index.note", learnt=_stretch(view.learnt, t), source=_source(asked, t))),
        _bar(asked, view.classes, look),
        h("div.scroll", table) if view.lines else empty(t("page.no_stations")),
    )


def _station(unit: Unit, counts: Counts, rule: tuple[int, DutyAsked], look: Look) -> Node:
    t, (least, asked) = look.t, rule
    share = counts.officer_share
    enough = counts.used >= least
    return h(
        "tr",
        h("th", h("a", look.short_name(unit), href=address(look, unit.code, asked)), scope="row"),
        h("td.num", t.number(counts.used)),
        h("td.num", t.percent(100 * share) if share is not None else "—"),
        h("td", t("duty.index.enough") if enough else t("duty.index.few", least=least)),
    )
