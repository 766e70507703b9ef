"""Pieces that the pages of the assessment share: addresses, the month bar, banners, totals, ranks, marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, mark
from domain.assessment_lists import BLACK, RED, Difference
from domain.assessment_office import MonthChoice
from domain.assessment_records import TotalRow
from domain.assessment_score import StationScore
from domain.assessment_views import LOCKED, RUNNING, About, RankLine
from domain.colour import Colour
from domain.month import Month
from i18n import Translator
from i18n.assessment_words import difference_value, points, state_name, version_name
from i18n.assessmentbook_words import Names, month_name
from i18n.words import colour_word

RANKING, COMPARE, MODES = "/assessment", "/assessment/compare", "/assessment/modes"
CLOSE = 0.9
"""A rank that holds in fewer of the draws is told as not settled."""


# addresses -------------------------------------------------------------------------------------


def asked(about: About) -> dict[str, str]:
    """The month as parameters of an address; the running month and the newest version need not be said."""
    found = {} if about.state == RUNNING else {"month": about.month.period}
    if about.lock and about.lock != about.versions[-1]:
        found["version"] = str(about.lock.version)
    return found


def sheet_path(code: str) -> str:
    """The path of a station's score sheet."""
    return f"{RANKING}/{quote(code, safe='')}"


def sheet_url(look: Look, about: About, code: str, anchor: str = "") -> str:
    """A station's score sheet of the month that is shown."""
    return look.url(sheet_path(code), anchor, **asked(about))


def ranking_url(look: Look, about: About) -> str:
    """The ranking of the month that is shown."""
    return look.url(RANKING, **asked(about))


def compare_url(look: Look, about: About, first: str, second: str = "") -> str:
    """Two stations side by side."""
    return look.url(COMPARE, **{**asked(about), "a": first, "b": second})


def outs(look: Look, about: About) -> Node:
    """Downloads of the month."""
    link = h("a", look.t("export.xlsx"), href=look.url("/download/assessment.xlsx", **asked(about)), download=True)
    return h("span.outs", link)


# the month -------------------------------------------------------------------------------------


def month_bar(look: Look, about: About, choices: Sequence[MonthChoice], path: str, *more: Node | None) -> Node:
    """The month with its state, the ones before and after, its versions.

    Args:
        path: of this page. more: further controls of the same form.
    """
    t = look.t
    options = [
        h("option", _choice(one, t), value=one.month.period, selected=one.month == about.month) for one in choices
    ]
    label = t("assessmentview.choose_month")
    return h(
        "form.as-months",
        _step(look, about.month.back(1), choices, path, "previous"),
        h("select", many(options), name="month", aria_label=label, data_default=_running(choices)),
        _step(look, about.month.back(-1), choices, path, "next"),
        h(f"span.as-state.s-{about.state}", state_name(about, t)),
        _versions(look, about, path),
        h("input", type="hidden", name="as_of", value=look.past) if look.past else None,
        many(more),
        data_go=path,
        data_auto=True,
    )


def not_begun(month: Month, look: Look) -> Node:
    """In a page's place: the month that is asked for lies ahead; from here to the running one."""
    t = look.t
    return h(
        "div.sheet.lost",
        h(
            "div.notice.missing",
            h("b", t("assessmentview.not_begun", month=month_name(month, t))),
            h("p.hint", t("assessmentview.not_begun_hint")),
            h("a", t("assessmentview.to_running"), href=look.url(RANKING)),
            role="alert",
        ),
    )


def _running(choices: Sequence[MonthChoice]) -> str:
    return next((one.month.period for one in choices if one.state == RUNNING), "")


def _choice(one: MonthChoice, t: Translator) -> str:
    state = t(f"assessmentview.state.{one.state}")
    told = version_name(one.lock, t) if one.lock and one.lock.version > 1 else ""
    return t("assessmentview.month_choice", month=month_name(one.month, t), state=f"{state} {told}".strip())


def _step(look: Look, month: Month, choices: Sequence[MonthChoice], path: str, which: str) -> Node:
    sign, label = {"previous": "‹", "next": "›"}[which], look.t(f"assessmentview.{which}_month")
    found = next((one for one in choices if one.month == month), None)
    if found is None:
        return h("span.as-step.off", sign, aria_hidden="true")
    period = {} if found.state == RUNNING else {"month": month.period}
    return h("a.as-step", sign, href=look.url(path, **period), title=label, aria_label=label)


def _versions(look: Look, about: About, path: str) -> Node | None:
    if len(about.versions) < 2:
        return None
    links = []
    for head in about.versions:
        newest = head == about.versions[-1]
        address = look.url(path, month=about.month.period, version="" if newest else head.version)
        on = head == about.lock
        links.append(h("a" + (".is-on" if on else ""), version_name(head, look.t), href=address,
                       aria_current="true" if on else None))  # fmt: skip
    return h("span.as-versions", h("span.l", look.t("assessmentview.versions")), many(links))


def standing(look: Look, about: About, *, older: bool = True, more: Node | None = None) -> Node:
    """How the month stands, in one sentence: how far it is gone, that it is not locked, or who locked it.

    Args:
        more: said beside a month that is over and not locked, as the way to the form that locks it.
    """
    t = look.t
    if about.state == RUNNING:
        said = t("assessmentview.running", at=t.moment(about.as_of), pace=t.percent(100 * about.pace, 1))
        return h("p.banner.as-banner", said)
    if about.state != LOCKED or about.lock is None:
        return h("p.banner.as-banner", t("assessmentview.open"), more)
    head = about.lock
    said = t("assessmentview.locked", version=version_name(head, t), by=head.locked_by, at=t.moment(head.locked_at),
             rules=head.rule_version)  # fmt: skip
    note = h("span", t("assessmentview.lock_note", note=head.note)) if head.note else None
    old = h("b", t("assessmentview.older_version")) if older and head != about.versions[-1] else None
    digest = h("small", t("assessmentview.digest", digest=head.input_digest[:12]), title=head.input_digest)
    return h("p.banner.as-banner.ended", old, h("span", said), note, digest)


# one station -----------------------------------------------------------------------------------


def total_chip(score: StationScore, t: Translator, extra: str = "") -> Node:
    """Shape, word and total on the colour's ground; without a total what is known of it."""
    if score.total is None:
        reached, full = score.known
        some = t("assessmentview.of_full", n=points(reached, t), full=t.plain(full)) if full else ""
        return h("span.chip.k-grey", mark(Colour.GREY), h("b", t("assessmentview.no_total")), h("span.n", some))
    return h(f"span.chip.k-{score.colour.value}{extra}", mark(score.colour), h("b", colour_word(score.colour, t)),
             h("span.n", points(score.shown, t)))  # fmt: skip


def row_chip(row: TotalRow | None, t: Translator) -> Node:
    """A month of a history."""
    if row is None or row.total is None:
        return h("span.chip.k-grey", mark(Colour.GREY), h("b", t("assessmentview.no_total")))
    colour = Colour(row.colour)
    return h(f"span.chip.k-{colour.value}", mark(colour), h("b", colour_word(colour, t)),
             h("span.n", points(row.total, t)))  # fmt: skip


def rank_text(line: RankLine, t: Translator) -> str:
    """第 3 名, or that there is none."""
    return t("assessmentview.rank_no", n=line.score.rank) if line.score.rank else t("assessmentview.no_rank")


def moved(line: RankLine, t: Translator) -> Node:
    """Places gained since the month before: sign, number and word."""
    change = line.change
    if change is None:
        return h("span.as-move.none", "—", title=t("assessmentview.moved.none"))
    kind = "up" if change > 0 else "down" if change < 0 else "same"
    sign = {"up": "↑", "down": "↓", "same": "="}[kind]
    text = t(f"assessmentview.moved.{kind}", n=abs(change))
    return h(f"span.as-move.{kind}", h("i", sign, aria_hidden="true"), str(abs(change)) if change else "",
             h("span.visually-hidden", text), title=text)  # fmt: skip


def band_text(line: RankLine, t: Translator) -> str:
    """Ranks that chance alone may give: "1–4"; "" without a total."""
    if line.band is None:
        return ""
    low, high = line.band.low, line.band.high
    return t("assessmentview.band_one", low=low) if low == high else t("assessmentview.band", low=low, high=high)


def marks_of(line: RankLine, look: Look) -> list[Node]:
    """Red or black list, appeals, signs of gaming, small samples: each as a word."""
    t, found = look.t, []
    if line.listed in (RED, BLACK):
        found.append(badge(t(f"assessmentbook.list.{line.listed}"), f"as-{line.listed}"))
    if line.appeals:
        found.append(badge(t("assessmentview.appeals_n", n=line.appeals)))
    if line.raised:
        names = t("list.comma").join(t(f"assessmentbook.guard.{code}") for code in line.raised)
        found.append(h("span.tag.as-sign", t("assessmentview.signs_n", n=len(line.raised)), title=names))
    return found


def names_of(about: About, look: Look) -> Names:
    """What the month's numbers are called."""
    return Names(about.rules, look.catalogue, look.t)


# corrections -----------------------------------------------------------------------------------


def changes_table(changes: Iterable[Difference], names: dict[str, str], about: About, look: Look) -> Node:
    """What a correction changed, or would change, number by number."""
    t, told = look.t, names_of(about, look)
    heads = [h("th" + ("" if n in ("station", "subject") else ".num"), t(f"assessmentview.change.{n}"), scope="col")
             for n in ("station", "subject", "before", "after")]  # fmt: skip
    rows = [
        h(
            "tr",
            h("th", h("a", names[one.station], href=sheet_url(look, about, one.station)), scope="row"),
            h("td", told.indicator(one.subject)),
            h("td.num.was", difference_value(one, one.before, t)),
            h("td.num", h("b", difference_value(one, one.after, t))),
        )
        for one in changes
        if one.station in names
    ]
    return h("div.scroll", h("table.rows.as-changes", h("thead", h("tr", many(heads))), h("tbody", many(rows))))


def field_label(name: str, control: Node, look: Look, wide: str = "") -> Node:
    """A control of a form with its label."""
    return h(f"label.field{wide}", h("span", look.t(f"assessmentview.field.{name}")), control)


def options_of(pairs: Iterable[tuple[str, str]], chosen: str) -> list[Any]:
    """Options of a select: (value, text)."""
    return [h("option", text, value=value, selected=value == chosen) for value, text in pairs]
