"""What a leader reads in ten seconds: the main figure, real or not, and what else went beyond chance."""

from __future__ import annotations

from components.hiccup import Node, h
from components.look import Look
from domain.compare_rules import CompareRules
from domain.compare_views import CompareView, FigureLine
from i18n.compare_words import REAL, figure_name, percent_text, quantity, size_text

MOST_NAMED = 3
GRAVEST = "deaths"
"""Named first when it changed."""


def lead(view: CompareView, rules: CompareRules, look: Look) -> Node:
    """What a leader reads in ten seconds: the main figure, real or not, and what else really changed."""
    t = look.t
    main = next((line for line in view.lines if line.code == rules.main), None)
    if main is None or main.absent:
        return h("p.cp-lead", t("compare.card.absent"))
    others = [line for line in view.lines if line is not main and _real(line, view)]
    ordered = sorted(others, key=lambda line: (line.code != GRAVEST, -abs(line.change.now - line.change.base)))
    listed = t("list.comma").join(_item(line, rules, look) for line in ordered[:MOST_NAMED])
    if len(ordered) > MOST_NAMED:
        listed = t("compare.lead.and_more", list=listed, n=len(ordered))
    said = t("compare.lead.others_real", list=listed) if ordered else t("compare.lead.others_none")
    unknown = main.change.verdict == "unknown"
    return h("p.cp-lead", h("b", _said(main, rules, look)), None if unknown else h("span", said), role="status")


def _real(line: FigureLine, view: CompareView) -> bool:
    """Beyond chance also among all the counters, and counts and daily rate go the same way."""
    return line.change.verdict in REAL and line.q <= view.q and not line.change.contrary


def _said(line: FigureLine, rules: CompareRules, look: Look) -> str:
    change, t = line.change, look.t
    key = change.verdict if change.verdict in ("chance", "none", "unknown") else "real"
    if change.contrary:
        return t(
            "compare.lead.contrary",
            name=figure_name(line.code, rules, t),
            now=quantity(line.now, rules.figure(line.code), t),
            percent=percent_text(change, t),
            daily=t.change(change.daily),
        )
    return t(
        f"compare.lead.{key}",
        name=figure_name(line.code, rules, t),
        now=quantity(line.now, rules.figure(line.code), t),
        word=t(f"compare.verdict.{change.verdict}"),
        percent=percent_text(change, t) if key == "chance" else size_text(change, t),
    )


def _item(line: FigureLine, rules: CompareRules, look: Look) -> str:
    t = look.t
    return t(
        "compare.lead.item",
        name=figure_name(line.code, rules, t),
        word=t(f"compare.verdict.{line.change.verdict}"),
        percent=size_text(line.change, t),
    )
