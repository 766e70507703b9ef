"""Fair comparison in words."""

from __future__ import annotations

from domain.compare_rules import CompareRules
from domain.fair_views import FairView
from i18n import Translator
from i18n.compare_words import figure_name

FEWEST = 4
"""Fewer stations than this are compared with little but themselves."""


def verdict(view: FairView, t: Translator) -> str:
    """How many stand out; the others are not to be ranked."""
    zones = view.zones
    far, near = zones["high998"] + zones["low998"], zones["high95"] + zones["low95"]
    every = far + near + zones["inside"]
    return t("fair.verdict", all=every, far=far, near=near, inside=zones["inside"])


def nothing(view: FairView, rules: CompareRules, t: Translator) -> str:
    """Why no rates are compared; "" when they are."""
    if view.rate is None:
        return t("fair.verdict_none")
    if not view.rate:
        return t("fair.none", name=figure_name(view.asked.figure, rules, t))
    known = sum(line.point.rate is not None for line in view.lines)
    return t("fair.few", n=known) if known < FEWEST else ""
