"""Two stations side by side: totals, and the gap of every indicator."""

from __future__ import annotations

from collections.abc import Sequence

from components.assessment_charts import gap_bar
from components.assessment_parts import (
    COMPARE,
    band_text,
    marks_of,
    month_bar,
    moved,
    names_of,
    options_of,
    ranking_url,
    sheet_url,
    standing,
    total_chip,
)
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import badge
from components.page_head import empty, head
from domain.assessment_office import MonthChoice
from domain.assessment_score import between
from domain.assessment_views import ComparisonView, RankingView, RankLine, Versus
from i18n.assessment_words import points, signed


def tree(view: ComparisonView | None, ranking: RankingView, choices: Sequence[MonthChoice], look: Look) -> Node:
    """The whole page.

    Args:
        view: None when there are no two stations to compare.
    """
    t, about = look.t, ranking.about
    crumbs = [(t("assessmentview.title"), ranking_url(look, about)), (t("assessmentview.compare.title"), "")]
    bar = month_bar(look, about, choices, COMPARE, *_fields(view, ranking, look))
    body: list[Node | None] = [empty(t("assessmentview.compare.few"))]
    if view is not None:
        body = [
            None
            if view.same_mode
            else h("p.banner.late.as-banner", t("assessmentview.compare.other_mode"), role="status"),
            h("div.as-pair", _card(view.first, "a", view, look), _card(view.second, "b", view, look)),
            _table(view, look),
        ]
    return h(
        "div.sheet.as-page",
        head(look, ranking.board, crumbs, [t("assessmentview.compare.title")]),
        bar,
        standing(look, about),
        *body,
    )


def _fields(view: ComparisonView | None, ranking: RankingView, look: Look) -> list[Node]:
    """Two choices of a station, grouped by mode."""
    if view is None:
        return []
    found = []
    for name, line in (("a", view.first), ("b", view.second)):
        groups = []
        for group in ranking.groups:
            mode = look.t(f"mode.{group.mode}") if group.mode else look.t("mode.none")
            pairs = [(one.unit.code, look.short_name(one.unit)) for one in group.lines]
            groups.append(h("optgroup", many(options_of(pairs, line.unit.code)), label=mode))
        label = look.t(f"assessmentview.compare.{name}")
        found.append(
            h(
                "label.fld",
                h("span.fl", label),
                h("select", many(groups), name=name, value=line.unit.code, aria_label=label),
            )
        )
    return found


def _card(line: RankLine, side: str, view: ComparisonView, look: Look) -> Node:
    t, score = look.t, line.score
    mode = badge(t(f"mode.{score.mode}")) if score.mode else None
    rank = t("assessmentview.sheet.rank", n=score.rank, of=score.of) if score.rank else t("assessmentview.no_rank")
    band = t("assessmentview.sheet.band", band=band_text(line, t)) if line.band else ""
    address = sheet_url(look, view.about, score.code)
    return h(
        f"section.as-panel.as-card.side-{side}",
        h("h2", h("i.as-side", aria_hidden="true"), h("a", look.unit_name(line.unit), href=address),
          mode, many(marks_of(line, look))),
        h("p", total_chip(score, t)),
        h("p.as-place", h("b", rank), moved(line, t), h("small", band)),
    )  # fmt: skip


def _table(view: ComparisonView, look: Look) -> Node:
    t = look.t
    most = max(
        (abs(line.gap) for line in view.lines if line.gap is not None and line.code in view.about.rules.by_code),
        default=0.0,
    )
    first, second = (look.short_name(line.unit) for line in (view.first, view.second))
    heads = [
        h("th", t("assessmentview.points.indicator"), scope="col"),
        h("th.num", h("i.as-side.a", aria_hidden="true"), first, scope="col"),
        h("th.c-gap", t("assessmentview.compare.gap"), scope="col"),
        h("th.num", h("i.as-side.b", aria_hidden="true"), second, scope="col"),
    ]
    rows = [_row(line, most, view, look) for line in view.lines]
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.compare.lines"), h("small", _said(view, look))),
        h(
            "div.scroll",
            h("table.rows.as-versus", h("thead", h("tr", many(heads))), h("tbody", many(rows))),
            tabindex=0,
        ),
        h("p.hint", t("assessmentview.compare.hint"), " ", t("assessmentview.rounding")),
    )


def _said(view: ComparisonView, look: Look) -> str:
    """Where the largest gap lies."""
    t = look.t
    known = [line for line in view.lines if line.gap is not None and line.code in view.about.rules.by_code]
    if not known:
        return ""
    worst = max(known, key=lambda line: abs(line.gap or 0.0))
    name = names_of(view.about, look).indicator(worst.code)
    return t("assessmentview.compare.largest", name=name, n=signed(between(worst.first, worst.second), t))


def _row(line: Versus, most: float, view: ComparisonView, look: Look) -> Node:
    t, rules = look.t, view.about.rules
    whole = line.code not in rules.by_code
    if whole:
        block = t("assessmentview.head.total") if line.code == "total" else t(f"assessmentview.block.{line.code}")
        name: list[object] = [block]
    else:
        name = [h("b", line.code), " ", rules.by_code[line.code].name(t.lang)]
    gap = h(
        "span.gap", gap_bar(None if whole else line.gap, most), h("b.num", signed(between(line.first, line.second), t))
    )
    return h(
        "tr" + (f".is-sum.s-{line.code}" if whole else ""),
        h("th", many(name), scope="row"),
        h("td.num", _points(line.first, look)),
        h("td.c-gap", gap),
        h("td.num", _points(line.second, look)),
    )


def _points(value: float | None, look: Look) -> Node:
    return h("b", points(value, look.t)) if value is not None else h("span.void", look.t("assessmentview.no_data"))


def pair_of(ranking: RankingView, first: str, second: str) -> tuple[str, str] | None:
    """Which two are compared: those asked for; else a station and its neighbour, or the two best of the largest."""
    groups = [[line.unit.code for line in group.lines] for group in ranking.groups]
    everyone = [code for group in groups for code in group]
    if len(everyone) < 2 and not (first and second):
        return None
    if first and not second:
        return first, _beside(first, groups, everyone)
    if second and not first:
        return _beside(second, groups, everyone), second
    if first and second:
        return first, second
    largest = max(groups, key=len)
    found = largest if len(largest) > 1 else everyone
    return found[0], found[1]


def _beside(code: str, groups: Sequence[Sequence[str]], everyone: Sequence[str]) -> str:
    mine = next((group for group in groups if code in group), ())
    found = mine if len(mine) > 1 else everyone
    if code not in found:
        return found[0]
    at = list(found).index(code)
    return found[at - 1] if at else found[1]
