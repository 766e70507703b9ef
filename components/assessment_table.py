"""The ranking as a table: one group of rows for each fusion mode, every point of every station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.assessment_charts import spark
from components.assessment_parts import band_text, marks_of, moved, names_of, rank_text, sheet_url, total_chip
from components.hiccup import Node, h, many
from components.look import Look
from domain.assessment_records import TotalRow
from domain.assessment_rules import BLOCKS, AssessmentRules
from domain.assessment_score import BlockScore, IndicatorScore, State
from domain.assessment_views import About, ModeRanking, RankingView, RankLine
from i18n import Translator
from i18n.assessment_words import points, rescaled_text

Years = Mapping[str, Sequence[TotalRow | None]]
TIERS = ((0.8, 3), (0.5, 2), (0.25, 1))
"""Share of an indicator's points that is lost, and how deep its cell is tinted."""


def table(view: RankingView, years: Years, look: Look) -> Node:
    """All groups in one table, so that columns of all modes stand below each other.

    Args:
        years: station -> its last twelve months, oldest first.
    """
    rules = view.about.rules
    groups = [_group(group, view.about, years, look) for group in view.groups]
    body = h("table.rows.as-rank", _head(rules, look), many(groups))
    return h("div.scroll.as-scroll", body, tabindex=0)


def _head(rules: AssessmentRules, look: Look) -> Node:
    """Two rows: blocks above their indicators."""
    t = look.t
    spans = {block: sum(one.block == block for one in rules.indicators) + 1 for block in BLOCKS}
    first = [
        h("th.c-rank", t("assessmentview.head.rank"), scope="col", rowspan=2),
        h("th.c-name", t("assessmentview.head.station"), scope="col", rowspan=2),
        h("th.c-total", t("assessmentview.head.total"), scope="col", rowspan=2),
        many([h("th.c-block", t(f"assessmentview.block.{block}"), scope="colgroup", colspan=spans[block])
              for block in BLOCKS]),
        h("th.c-block", t("assessmentview.head.outside"), scope="colgroup", colspan=2),
        h("th.c-band", t("assessmentview.head.band"), scope="col", rowspan=2,
          title=t("assessmentview.head.band_title")),
        h("th.c-year", t("assessmentview.head.year"), scope="col", rowspan=2),
        h("th.c-marks", t("assessmentview.head.marks"), scope="col", rowspan=2),
    ]  # fmt: skip
    second: list[Node] = []
    for block in BLOCKS:
        second.append(h("th.num.first", t("assessmentview.head.sum"), scope="col"))
        second += [
            h("th.num", h("abbr", one.code, title=one.name(t.lang)), scope="col")
            for one in rules.indicators
            if one.block == block
        ]
    second += [h("th.num.first", t("assessmentview.head.bonus"), scope="col"),
               h("th.num", t("assessmentview.head.deduction"), scope="col")]  # fmt: skip
    return h("thead", h("tr", many(first)), h("tr", many(second)))


def _group(group: ModeRanking, about: About, years: Years, look: Look) -> Node:
    """The rows of one mode below their name and full points."""
    t, rules = look.t, about.rules
    name = t(f"mode.{group.mode}") if group.mode else t("mode.none")
    cells: list[Node] = []
    for block in BLOCKS:
        cells.append(h("td.num.first", t.plain(rules.block_weights[block])))
        cells += [h("td.num", t.plain(rules.weight(one, group.mode))) for one in rules.indicators if one.block == block]
    cells += [h("td.num.first", f"+{t.plain(rules.bonus_cap)}"), h("td.num", f"−{t.plain(rules.deduction_cap)}")]
    head = h(
        "tr.as-mode",
        h("th", name, h("small", t("assessmentview.stations_n", n=group.of)), scope="rowgroup", colspan=2),
        h("td.l", t("assessmentview.head.full")),
        many(cells),
        h("td", "", colspan=3),
    )
    return h("tbody", head, many([_row(line, about, years.get(line.unit.code, ()), look) for line in group.lines]))


def _row(line: RankLine, about: About, year: Sequence[TotalRow | None], look: Look) -> Node:
    score, t = line.score, look.t
    cells: list[Node] = []
    for block in score.blocks:
        cells.append(_block(block, t))
        cells += [cell(one, line, about, look) for one in score.indicators if one.block == block.code]
    course = spark(year, t("assessmentview.head.year")) if year else "—"
    return h(
        f"tr.as-line.k-{score.colour.value}",
        h("td.c-rank", h("b", str(score.rank) if score.rank else "—", title=rank_text(line, t)), moved(line, t)),
        h("th.c-name", h("a", look.short_name(line.unit), href=sheet_url(look, about, score.code)), scope="row"),
        h("td.c-total", total_chip(score, t)),
        many(cells),
        _outside(score.bonus, "+", "bonus", t),
        _outside(score.deduction, "−", "deduction", t),
        _band(line, t),
        h("td.c-year", course, data_l=t("assessmentview.head.year")),
        h("td.c-marks", many(marks_of(line, look))),
    )


def _block(block: BlockScore, t: Translator) -> Node:
    label = t(f"assessmentview.block.{block.code}")
    if block.points is None:
        return h("td.num.first.c-sum.is-void", h("span", t("assessmentview.no_data")), data_l=label)
    return h("td.num.first.c-sum", h("b", points(block.points, t)), data_l=label)


def cell(one: IndicatorScore, line: RankLine, about: About, look: Look) -> Node:
    """Points of one indicator; no data, a raised weight and a small sample are said in words."""
    t = look.t
    names = names_of(about, look)
    name, notes = names.indicator(one.code), [names.note(note) for note in one.notes]
    address = sheet_url(look, about, line.unit.code, one.code)
    if one.state is State.NO_DATA or one.points is None:
        said = t("list.stop").join([name, *notes])
        return h("td.num.as-cell.is-void", h("a", t("assessmentview.no_data"), href=address, title=said),
                 data_l=one.code)  # fmt: skip
    signs, kinds = [], ""
    if abs(one.weight - one.full) > 1e-9:
        signs.append(h("sup.as-re", t("assessmentview.sign.rescaled")))
        notes.insert(0, rescaled_text(one, t))
    if one.state is State.SMALL_SAMPLE:
        signs.append(h("sup.as-small", t("assessmentview.sign.small")))
        kinds = ".is-small"
    share = 1.0 if one.share is None else one.share
    tier = next((depth for least, depth in TIERS if 1 - share >= least), 0)
    said = t("list.stop").join([t("assessmentview.cell_title", name=name, n=points(one.points, t),
                                  full=t.plain(one.weight, 2)), *notes])  # fmt: skip
    link = h("a", points(one.points, t), many(signs), href=address, title=said)
    return h(f"td.num.as-cell.l{tier}{kinds}", link, data_l=one.code)


def _outside(value: float, sign: str, which: str, t: Translator) -> Node:
    first = ".first" if which == "bonus" else ""
    text = f"{sign}{points(value, t)}" if value else "—"
    return h(f"td.num.c-out{first}" + (f".{which}" if value else ".none"), text,
             data_l=t(f"assessmentview.head.{which}"))  # fmt: skip


def _band(line: RankLine, t: Translator) -> Node:
    label = t("assessmentview.head.band")
    if line.band is None:
        return h("td.c-band.none", "—", data_l=label)
    holds = line.band.holds
    said = h("small", t("assessmentview.holds", share=t.percent(100 * holds, 0))) if holds is not None else None
    return h("td.c-band", h("span", band_text(line, t), said), data_l=label,
             title=t("assessmentview.head.band_title"))  # fmt: skip
