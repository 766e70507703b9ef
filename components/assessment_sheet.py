"""A station's score sheet: its score, where points were lost, what to do now, every number, history, notes."""

from __future__ import annotations

from collections.abc import Sequence

from components.assessment_charts import fall_bar, fall_scale, history, split_bar
from components.assessment_moves import moves_panel
from components.assessment_notes import adjustments, appeals, guards
from components.assessment_parts import (
    asked,
    band_text,
    changes_table,
    compare_url,
    marks_of,
    month_bar,
    moved,
    names_of,
    outs,
    ranking_url,
    row_chip,
    sheet_path,
    standing,
)
from components.assessment_points import table
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge, mark
from components.page_head import head
from domain.assessment_office import MonthChoice, Outlook
from domain.assessment_score import StationScore, between
from domain.assessment_views import LOCKED, RUNNING, RankLine, ScoreSheetView
from domain.month import read_month
from i18n.assessment_words import points
from i18n.assessmentbook_words import month_name
from i18n.words import colour_word

WORST = 3


def top(view: ScoreSheetView, choices: Sequence[MonthChoice], rivals: Sequence[RankLine], look: Look) -> Node:
    """Score, losses and next actions; then every number.

    Args:
        choices: the months to choose from. rivals: the stations of its mode by rank, itself among them.
    """
    t = look.t
    crumbs = [(t("assessmentview.title"), ranking_url(look, view.about)), (look.short_name(view.unit), "")]
    return h(
        "div.sheet.as-page",
        head(look, view.board, crumbs, _title(view, look), outs(look, view.about)),
        month_bar(look, view.about, choices, sheet_path(view.unit.code), _ways(view, rivals, look)),
        standing(look, view.about),
        _lead(view, look),
        h("div.as-hero", _score(view, look), _fall(view, look), moves_panel(view, look)),
        table(view, look),
    )


def below(view: ScoreSheetView, office: Outlook, look: Look) -> Node:
    """History, signs of gaming, points outside the hundred, appeals, corrections."""
    return h(
        "div.sheet.as-page",
        h("div.as-two", _history(view, look), guards(view, look)),
        h("div.as-two", adjustments(view, office, look), appeals(view, office, look)),
        _changes(view, look),
    )


def _title(view: ScoreSheetView, look: Look) -> list[object]:
    score = view.score
    mode = badge(look.t(f"mode.{score.mode}")) if score.mode else None
    return [look.unit_name(view.unit), " ", mode, " ", *marks_of(view.line, look)]


def _ways(view: ScoreSheetView, rivals: Sequence[RankLine], look: Look) -> Node:
    """To the station's board, and to the station ranked next to it."""
    codes = [line.unit.code for line in rivals if line.score.rank]
    at = codes.index(view.unit.code) if view.unit.code in codes else 0
    other = codes[at - 1] if at else codes[1] if len(codes) > 1 else ""
    beside = h("a", look.t("assessmentview.compare.link"), href=compare_url(look, view.about, view.unit.code, other))
    board = h("a", look.t("assessmentview.to_station"), href=look.station(view.unit.code))
    return h("span.as-ways", beside, board)


# ten seconds -----------------------------------------------------------------------------------


def _lead(view: ScoreSheetView, look: Look) -> Node:
    """One sentence: the score, where most of what is missing went."""
    t, score, names = look.t, view.score, names_of(view.about, look)
    losses = sorted(((one.lost_shown or 0.0, one.code) for one in score.indicators if one.lost_shown), reverse=True)
    worst = [(lost, code) for lost, code in losses[:WORST] if lost >= 0.005]
    reached, full = score.known
    whole = between(full, reached) or 0.0
    void = [one.code for one in score.indicators if one.points is None]
    named = t("list.comma").join(
        t("assessmentview.sheet.lost_item", name=names.indicator(code), n=points(lost, t)) for lost, code in worst
    )
    share = t.percent(100 * sum(lost for lost, _ in worst) / whole, 0) if whole else ""
    said = (
        t("assessmentview.sheet.lost", all=points(whole, t), list=named, share=share)
        if worst
        else t("assessmentview.sheet.nothing_lost")
    )
    empty = t("assessmentview.sheet.void", list=t("list.comma").join(void)) if void else ""
    return h("div.as-lead", h("p", said), h("p.void", empty) if empty else None, role="status")


def _score(view: ScoreSheetView, look: Look) -> Node:
    """The big number with colour, word and shape; rank; blocks; month's end."""
    t, score = look.t, view.score
    kind = score.colour.value
    if score.complete:
        big = [h("b.as-big", points(score.shown, t)), h("span.unit", t("assessmentview.unit"))]
    else:
        reached, full = score.known
        known = t("assessmentview.of_full", n=points(reached, t), full=t.plain(full))
        big = [h("b.as-big", t("assessmentview.no_total")), h("span.unit", t("assessmentview.known", n=known))]
    word = h("span.as-word", mark(score.colour), colour_word(score.colour, t))
    return h(
        f"section.as-panel.as-score.k-{kind}",
        h("h2.visually-hidden", t("assessmentview.head.total")),
        h("p.as-total", many(big), word),
        _rank(view, look),
        h("div.as-blocks", many([_block(score, n, look) for n in range(len(score.blocks))])),
        _outside(score, look),
        _month_end(view, look),
    )


def _rank(view: ScoreSheetView, look: Look) -> Node:
    t, line, score = look.t, view.line, view.score
    if score.rank is None:
        return h("p.as-place", t("assessmentview.sheet.no_rank"))
    mode = t(f"mode.{score.mode}") if score.mode else t("mode.none")
    place = h("b", t("assessmentview.sheet.rank", n=score.rank, of=score.of))
    band = h("small", t("assessmentview.sheet.band", band=band_text(line, t))) if line.band else None
    return h("p.as-place", h("span", mode), place, moved(line, t), band)


def _block(score: StationScore, at: int, look: Look) -> Node:
    t, block = look.t, score.blocks[at]
    said = t("assessmentview.of_full", n=points(block.points, t), full=t.plain(block.full))
    text = said if block.points is not None else t("assessmentview.no_data")
    name = t(f"assessmentview.block.{block.code}")
    return h("div.as-split", h("span", name), h("b.num", text), split_bar(block.points, block.full, f"{name} {text}"))


def _outside(score: StationScore, look: Look) -> Node | None:
    if not score.bonus and not score.deduction:
        return None
    t = look.t
    return h("p.as-out", t("assessmentview.sheet.outside", bonus=points(score.bonus, t),
                           deduction=points(score.deduction, t)))  # fmt: skip


def _month_end(view: ScoreSheetView, look: Look) -> Node | None:
    """Of a running month: what it comes to at this pace, and what is in hand already."""
    if view.about.state != RUNNING or view.in_hand is None:
        return None
    t, hand = look.t, view.in_hand
    pace = t.percent(100 * view.about.pace, 0)
    rows = [
        ("projected", h("b.num", points(view.score.shown, t)), t("assessmentview.sheet.projected_hint")),
        ("in_hand", h("b.num", points(hand.shown, t)), t("assessmentview.sheet.in_hand_hint", pace=pace)),
    ]
    return h(
        "dl.as-end",
        many([h("div", h("dt", t(f"assessmentview.sheet.{name}")), h("dd", number, h("small", hint)))
              for name, number, hint in rows]),
    )  # fmt: skip


# the waterfall ---------------------------------------------------------------------------------


def _fall(view: ScoreSheetView, look: Look) -> Node:
    """From full points to the total, one bar for each indicator; each leads to its numbers."""
    scale = fall_scale(view.steps)
    items, before = [], view.steps[0].after
    for step in view.steps:
        items.append(_step(view, step.code, fall_bar(step, before, scale), look))
        before = step.after
    ends = h("p.ends", h("span", look.t.plain(scale.low)), h("span", look.t.plain(scale.high)))
    return h(
        "section.as-panel.as-fall",
        h("h2", look.t("assessmentview.fall.title")),
        h("ol", many([one for one in items if one is not None])),
        ends,
        h("p.hint", look.t("assessmentview.fall.cut", low=look.t.plain(scale.low))) if scale.low else None,
    )


def _step(view: ScoreSheetView, code: str, bar: Node, look: Look) -> Node | None:
    t, step = look.t, next(step for step in view.steps if step.code == code)
    if code in ("bonus", "deduction") and not step.delta:
        return None
    if code in ("full", "total"):
        key = "known" if code == "total" and not view.score.complete else code
        return h("li.is-end", h("span.name", t(f"assessmentview.fall.{key}")), bar, h("b.num", points(step.after, t)))
    if code in ("bonus", "deduction"):
        return h("li", h("span.name", t(f"assessmentview.head.{code}")), bar, h("b.num", _signed(step.delta, look)))
    name = h("a.name", h("b", code), " ", view.about.rules.by_code[code].name(t.lang), href=f"#{code}")
    if step.no_data:
        return h("li.is-void", name, h("span.as-void", t("assessmentview.no_data")), h("b.num", "—"))
    scored = view.score.indicator(code)
    lost = scored.lost_shown if scored else None
    return h("li" + ("" if lost else ".is-full"), name, bar, h("b.num", _signed(-(lost or 0.0), look)))


def _signed(delta: float, look: Look) -> str:
    shown = points(abs(delta), look.t)
    return f"+{shown}" if delta > 0 else f"−{shown}" if abs(delta) >= 0.005 else look.t("assessmentview.fall.none")


# below -----------------------------------------------------------------------------------------


def _history(view: ScoreSheetView, look: Look) -> Node:
    t = look.t
    months = [view.about.month.back(back) for back in range(11, -1, -1)]
    hint = t(
        "assessmentview.history.hint", blue=t.plain(view.about.rules.blue), yellow=t.plain(view.about.rules.yellow)
    )
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.history.title")),
        history(view.history, months, view.about.rules, look)
        if view.history
        else h("p.hint", t("assessmentview.history.none")),
        h("p.hint", hint),
        _history_table(view, look),
    )


def _history_table(view: ScoreSheetView, look: Look) -> Node | None:
    """The same as a table; a month of it leads to its own sheet."""
    if not view.history:
        return None
    t = look.t
    names = ("month", "total", "outcome", "process", "rank", "state")
    heads = [h("th" + ("" if n in ("month", "state") else ".num"), t(f"assessmentview.history.{n}"), scope="col")
             for n in names]  # fmt: skip
    rows = [_history_row(view, place, look) for place in range(len(view.history) - 1, -1, -1)]
    body = h("div.scroll", h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows))))
    return h("details.more", h("summary", t("assessmentview.history.as_table")), body)


def _history_row(view: ScoreSheetView, place: int, look: Look) -> Node:
    t, row = look.t, view.history[place]
    month = read_month(row.period)
    here = sheet_path(view.unit.code)
    same = month == view.about.month
    address = look.url(here, **(asked(view.about) if same else {"month": row.period}))
    rank = t("assessmentview.sheet.rank", n=row.rank, of=row.of) if row.rank else "—"
    state = t("assessmentview.version_no", n=row.version) if row.version else t("assessmentview.state.open")
    if same and view.about.state != LOCKED:
        state = t(f"assessmentview.state.{view.about.state}")
    return h(
        "tr",
        h("th", h("a", month_name(month, t), href=address), scope="row"),
        h("td.num", row_chip(row, t)),
        h("td.num", points(row.outcome, t)),
        h("td.num", points(row.process, t)),
        h("td.num", rank),
        h("td", state),
    )


def _changes(view: ScoreSheetView, look: Look) -> Node | None:
    if not view.changes:
        return None
    names = {view.unit.code: look.short_name(view.unit)}
    return h(
        "section.as-panel",
        h("h2", look.t("assessmentview.corrected.title")),
        changes_table(view.changes, names, view.about, look),
    )
