"""Where each point of a score sheet was lost: the table with numerator, denominator, value, curve and reason."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from components.assessment_charts import curve
from components.assessment_parts import RANKING, asked, names_of
from components.hiccup import Child, Node, h, many
from components.look import Look
from domain.assessment_inputs import Amount
from domain.assessment_rules import BLOCKS, Form, Indicator, Part
from domain.assessment_score import IndicatorScore, PartScore, SourceLine, State
from domain.assessment_views import RowsLink, ScoreSheetView
from domain.incident_filter import params as filter_params
from i18n.assessment_words import amount_text, base_text, change_text, points, rescaled_text, value_text
from i18n.assessmentbook_words import goal_text, reason

COLUMNS = ("indicator", "sources", "value", "base", "curve", "full", "points", "lost", "why")
NUMBERS = frozenset({"value", "base", "full", "points", "lost"})


def table(view: ScoreSheetView, look: Look) -> Node:
    """Every indicator, part by part, with the rows behind each number."""
    t, rules = look.t, view.about.rules
    heads = [h("th" + (".num" if name in NUMBERS else ""), t(f"assessmentview.points.{name}"), scope="col")
             for name in COLUMNS]  # fmt: skip
    bodies = []
    for block in BLOCKS:
        scored = [one for one in view.score.indicators if one.block == block]
        bodies.append(_block(view, block, look))
        bodies += [_indicator(rules.by_code[one.code], one, view, look) for one in scored if one.code in rules.by_code]
    return h(
        "section.as-panel.as-points#points",
        h("h2", t("assessmentview.points.title"), h("small", t("assessmentview.points.hint"))),
        h("table.rows.as-sheet", h("thead", h("tr", many(heads))), many(bodies), h("tfoot", many(_sums(view, look)))),
        h("p.hint", t("assessmentview.rounding")),
    )


def _block(view: ScoreSheetView, block: str, look: Look) -> Node:
    t = look.t
    found = next(one for one in view.score.blocks if one.code == block)
    reached = t("assessmentview.of_full", n=points(found.points, t), full=t.plain(found.full))
    said = reached if found.points is not None else t("assessmentview.block_void")
    name = h("th", t(f"assessmentview.block.{block}"), h("b.num", said), scope="rowgroup", colspan=len(COLUMNS))
    return h("tbody.as-block", h("tr", name))


def _indicator(one: Indicator, score: IndicatorScore, view: ScoreSheetView, look: Look) -> Node:
    """One indicator: the first row carries its name, points and reasons for all its parts."""
    pairs = list(zip(one.parts, score.parts, strict=True))
    rows = [_row(one, part, shown, score, view=view, look=look, first=n == 0) for n, (part, shown) in enumerate(pairs)]
    void = ".is-void" if score.state is State.NO_DATA else ""
    return h(f"tbody.as-one{void}#{one.code}", many(rows))


def _row(
    one: Indicator,
    part: Part,
    shown: PartScore,
    score: IndicatorScore,
    *,
    view: ScoreSheetView,
    look: Look,
    first: bool,
) -> Node:
    t = look.t
    cells = [
        h("td.c-sources", _part_head(one, part, look), many(_sources(part, score, view, look)),
          data_l=t("assessmentview.points.sources")),
        h("td.c-value.num", value_text(part, shown, score, t), data_l=t("assessmentview.points.value")),
        h("td.c-base.num", base_text(part, shown, score, t), _moved(part, shown, score, look),
          data_l=t("assessmentview.points.base")),
        h("td.c-curve", _curve(part, shown, look)),
    ]  # fmt: skip
    span = len(one.parts)
    if not first:
        return h("tr", many(cells))
    return h("tr", _name(one, score, span, look), many(cells), many(_points(score, span, look)),
             _why(score, view, span, look))  # fmt: skip


def _name(one: Indicator, score: IndicatorScore, span: int, look: Look) -> Node:
    t = look.t
    tags = []
    if score.state is State.NO_DATA:
        tags.append(h("span.tag.as-void-tag", t("assessmentview.no_data")))
    elif abs(score.weight - score.full) > 1e-9:
        tags.append(h("span.tag.as-re-tag", rescaled_text(score, t)))
    if score.state is State.SMALL_SAMPLE:
        tags.append(h("span.tag.as-small-tag", t("assessmentview.small_sample")))
    return h("th.c-indicator", h("b", one.code), " ", one.name(t.lang), many(tags), scope="rowgroup", rowspan=span)


def _points(score: IndicatorScore, span: int, look: Look) -> list[Node]:
    t = look.t
    full = t.plain(score.weight, 2) if score.points is not None else t.plain(score.full)
    lost = score.lost_shown
    kind = ".is-lost" if lost else ""
    said = "—" if lost is None else f"−{points(lost, t)}" if kind else points(0.0, t)
    return [
        h("td.c-full.num", full, rowspan=span, data_l=t("assessmentview.points.full")),
        h("td.c-points.num", h("b", points(score.points, t)), rowspan=span, data_l=t("assessmentview.points.points")),
        h(f"td.c-lost.num{kind}", said, rowspan=span, data_l=t("assessmentview.points.lost")),
    ]


def _why(score: IndicatorScore, view: ScoreSheetView, span: int, look: Look) -> Node:
    """Why points were lost, in the words of the workbook."""
    void = any(block.points is None for block in view.score.blocks if block.code == score.block)
    said = reason(score, names_of(view.about, look), void)
    full = score.lost_shown == 0
    if not said and full:
        said = look.t("assessmentview.points.nothing_lost")
    items = [h("li", text) for text in said.split(look.t("list.stop")) if text]
    return h("td.c-why", h("ul", many(items)), rowspan=span, data_l=look.t("assessmentview.points.why"))


def _curve(part: Part, shown: PartScore, look: Look) -> list[Child]:
    """The drawing and, below it, what it reads."""
    t = look.t
    got = t.percent(100 * shown.got, 0) if shown.got is not None else "—"
    label = t("assessmentview.points.curve_reads", goal=goal_text(part, t), got=got)
    return many([curve(part.points, shown.x, shown.got, label), h("small", label)])


def _part_head(one: Indicator, part: Part, look: Look) -> Node | None:
    name = part.names.get(look.t.lang, "")
    if not name:
        return None
    return h(
        "p.as-part", name, h("small", look.t("assessmentview.points.share", share=look.t.percent(100 * part.share, 0)))
    )


def _moved(part: Part, shown: PartScore, score: IndicatorScore, look: Look) -> Node | None:
    text = change_text(part, shown, score, look.t)
    return h("small", text) if text else None


# rows ------------------------------------------------------------------------------------------


def _sources(part: Part, score: IndicatorScore, view: ScoreSheetView, look: Look) -> list[Node]:
    """Each source with its numbers, as a link to its rows."""
    lines = {line.code: line for line in score.sources}
    return [_source(part, lines[code], view, look) for code in part.sources if code in lines]


def _source(part: Part, line: SourceLine, view: ScoreSheetView, look: Look) -> Node:
    t = look.t
    name = names_of(view.about, look).source(line.code)
    if line.now is None:
        return h("p.as-source", h("span", name), h("span.void", t("assessmentview.no_data")))
    address = rows_url(line.code, view, look)
    text = numbers(part, line.now, view, look)
    return h("p.as-source", h("span", name), h("a.n", text, href=address) if address else h("span.n", text))


def numbers(part: Part, amount: Amount, view: ScoreSheetView, look: Look) -> str:
    """A source's numbers: of a quota in a running month the target of the days gone."""
    t = look.t
    if part.form is Form.QUOTA and view.about.pace < 1:
        due = t.plain(amount.denominator * view.about.pace)
        return t(
            "assessmentview.points.of_due", n=t.plain(amount.numerator), due=due, whole=t.plain(amount.denominator)
        )
    if part.form is Form.SHRUNK:
        people = view.score.residents_10k
        return t("assessmentview.points.among", n=t.plain(amount.numerator), people=t.plain(people, 2))
    return amount_text(amount, t)


def rows_url(source: str, view: ScoreSheetView, look: Look) -> str:
    """The address of the rows behind a source; "" where there are none to show."""
    links: Mapping[str, RowsLink] = view.links
    link = links.get(source)
    if link is None:
        return ""
    if link.kind == "incidents" and link.filter is not None:
        days = {"from": link.first.isoformat(), "to": link.last.isoformat(), "base": "none"}
        return look.url("/incidents", **{**filter_params(link.filter), **days})
    station = quote(view.unit.code, safe="")
    return look.url(f"{RANKING}/{station}/{quote(source, safe='')}", **asked(view.about))


def _sums(view: ScoreSheetView, look: Look) -> list[Node]:
    """Bonus, deduction, total."""
    t, score = look.t, view.score
    rows = [
        (t("assessmentview.head.bonus"), f"+{points(score.bonus, t)}" if score.bonus else "—", ""),
        (t("assessmentview.head.deduction"), f"−{points(score.deduction, t)}" if score.deduction else "—", ""),
        (t("assessmentview.head.total"), points(score.shown, t) if score.complete else t("assessmentview.no_total"),
         ".total"),
    ]  # fmt: skip
    return [
        h(f"tr{kind}", h("th", name, scope="row", colspan=6), h("td.num", h("b", text)), h("td", "", colspan=2))
        for name, text, kind in rows
    ]
