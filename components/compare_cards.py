"""Counters: this period, the same period, the change with its interval, the period before, per residents, the weeks."""

from __future__ import annotations

from collections.abc import Sequence

from components.compare_links import figure_rows, number, spans_of
from components.hiccup import Node, h, many
from components.look import Look
from domain.compare_rules import CompareRules, Figure
from domain.compare_views import CompareView, FigureLine, ShareLine
from domain.comparison import Change
from domain.share_change import ShareChange
from i18n.compare_words import arrow, figure_name, judged, percent_text, points_text, quantity, size_text, toned

SPARK_WIDTH, SPARK_HEIGHT = 240, 26


def cards(view: CompareView, rules: CompareRules, look: Look) -> Node:
    """The headline counters, in the catalogue's order; a headline share stands behind the figure it is a share of."""
    shares = {rules_part(rules, line): line for line in view.shares if _headline(rules, line)}
    found: list[Node] = []
    for line in view.lines:
        figure = rules.figure(line.code)
        assert figure is not None
        found.append(_card(line, figure, view, look))
        if line.code in shares:
            found.append(_share_card(shares[line.code], rules, look))
    return h("section.cp-cards", many(found), aria_label=look.t("compare.tab.overview"))


def _headline(rules: CompareRules, line: ShareLine) -> bool:
    share = rules.share(line.code)
    return share is not None and share.headline


def rules_part(rules: CompareRules, line: ShareLine) -> str:
    """The figure that a share is made of."""
    share = rules.share(line.code)
    return share.part if share else ""


def _card(line: FigureLine, figure: Figure, view: CompareView, look: Look) -> Node:
    t, change = look.t, line.change
    if line.absent:
        return _absent(figure.name(t.lang), look)
    rows = figure_rows(look, view.asked, figure, view.units, spans_of(view.asked))
    base = number(quantity(line.base, figure, t), line.base, rows["base"]) if line.base is not None else None
    kind = toned(change, figure.good)
    return h(
        f"article.cp-card.t-{kind}",
        h("h3", figure.name(t.lang)),
        h("p.big", number(quantity(line.now, figure, t), line.now, rows["now"]), title=t.count(line.now, figure.unit)),
        _yoy(change, base, kind, look),
        h("p.real", judged(change, t)) if view.asked.periods.base else None,
        _pop(line.previous_change, percent_text(line.previous_change, t), figure.good, look)
        if view.asked.periods.previous
        else None,
        _per(line, look),
        _spark(line.spark, look),
        data_figure=line.code,
    )


def _difference(change: Change | ShareChange) -> float | None:
    if isinstance(change, ShareChange):
        return change.points
    return float(change.now - change.base)


def _yoy(change: Change | ShareChange, base: Node | None, kind: str, look: Look) -> Node:
    """同比: arrow, word and percentage; coloured only when real."""
    t = look.t
    told = change.verdict in ("none", "unknown")
    word = t(f"compare.verdict.{change.verdict}") if told else _direction(change, look)
    text = "" if told else size_text(change, t)
    return h(
        "p.yoy",
        h("span.l", t("compare.card.yoy")),
        h(
            f"b.delta.t-{kind}",
            h("i", arrow(change.verdict, _difference(change)), aria_hidden="true"),
            " ",
            word,
            " ",
            text,
        ),
        h("small", _plain(change, look)) if base and not told else None,
        h("small", t("compare.when.base"), " ", base) if base else None,
    )


def _plain(change: Change | ShareChange, look: Look) -> str | None:
    """The plain difference of counts, as circulars add it: 少 10."""
    if isinstance(change, ShareChange) or change.now == change.base:
        return None
    key = "compare.found.more" if change.now > change.base else "compare.found.fewer"
    return look.t(key, n=look.t.number(abs(change.now - change.base)))


def _direction(change: Change | ShareChange, look: Look) -> str:
    difference = _difference(change)
    if not difference:
        return look.t("compare.word.level")
    return look.t("compare.word.up" if difference > 0 else "compare.word.down")


def _pop(change: Change | ShareChange, text: str, good: str, look: Look) -> Node:
    kind = toned(change, good)
    shown = look.t(f"compare.verdict.{change.verdict}") if change.verdict in ("unknown", "none") else text
    return h(
        "p.pop",
        h("span.l", look.t("compare.card.pop")),
        h(f"b.delta.t-{kind}", h("i", arrow(change.verdict, _difference(change)), aria_hidden="true"), " ", shown),
    )


def _per(line: FigureLine, look: Look) -> Node | None:
    t = look.t
    if line.per_residents is None:
        return None
    now = t.number(line.per_residents, 2)
    if line.base_per_residents is None:
        return h("p.per", t("compare.card.per_now", now=now))
    return h("p.per", t("compare.card.per", now=now, base=t.number(line.base_per_residents, 2)))


def _absent(name: str, look: Look) -> Node:
    t = look.t
    return h(
        "article.cp-card.is-absent", h("h3", name), h("p.big", "—"), h("p.real", t("compare.card.absent")),
        h("p.per", t("compare.card.absent_hint")),
    )  # fmt: skip


def _share_card(line: ShareLine, rules: CompareRules, look: Look) -> Node:
    t, change = look.t, line.change
    name = figure_name(line.code, rules, t)
    if line.absent:
        return _absent(name, look)
    share = rules.share(line.code)
    good = share.good if share else "none"
    kind = toned(change, good)
    base = h("span", t.percent(change.base, 2)) if change.base is not None else None
    return h(
        f"article.cp-card.t-{kind}",
        h("h3", name),
        h("p.big", t.percent(change.now, 2)),
        _yoy(change, base, kind, look),
        h("p.real", judged(change, t)),
        _pop(line.previous_change, points_text(line.previous_change, t), good, look),
        h("p.per", t("compare.card.of", part=t.number(line.now[0]), whole=t.number(line.now[1]))) if line.now else None,
        data_figure=line.code,
    )


def _spark(weeks: Sequence[int], look: Look) -> Node | None:
    """The last weeks as a line over their own range, the newest as a dot; said in words, with that range."""
    if len(weeks) < 2:
        return None
    t, ends = look.t, (min(weeks), max(weeks))
    step = SPARK_WIDTH / (len(weeks) - 1)
    points = [f"{round(n * step, 1)},{_y(value, ends)}" for n, value in enumerate(weeks)]
    low, high = (t.number(one) for one in ends)
    said = t("compare.card.spark", n=len(weeks), low=low, high=high, last=t.number(weeks[-1]))
    return h(
        "svg.cp-spark",
        h("title", said),
        h("polyline", points=" ".join(points)),
        h("circle", cx=SPARK_WIDTH, cy=_y(weeks[-1], ends), r=2.4),
        viewBox=f"-2 -3 {SPARK_WIDTH + 6} {SPARK_HEIGHT + 6}",
        preserveAspectRatio="none",
        role="img",
        aria_label=said,
    )


def _y(value: int, ends: tuple[int, int]) -> float:
    low, high = ends
    return round(SPARK_HEIGHT * (high - value) / (high - low), 1) if high > low else SPARK_HEIGHT / 2
