"""Fusion modes: the official one, and the one a station's figures resemble; weak evidence, and said to be."""

from __future__ import annotations

from components.assessment_forms import mode_form
from components.assessment_parts import RANKING
from components.hiccup import Node, h, many
from components.look import Look
from components.page import bones
from components.page_head import empty, head
from domain.assessment_rules import MODES
from domain.board import Unit
from domain.fusion import Clustering, Suggestion
from domain.fusion_views import FusionLine, FusionView
from i18n import Translator

GOOD_SILHOUETTE, GOOD_STABILITY = 0.5, 0.85
"""Below these a group is told as not clear, or not stable (Kaufman & Rousseeuw 1990: 0.5 is a reasonable structure)."""


def tree(view: FusionView, look: Look, *, editing: bool) -> Node:
    """The whole page.

    Args:
        editing: modes may be changed here.
    """
    t = look.t
    crumbs = [(t("assessmentview.title"), look.url(RANKING)), (t("assessmentview.modes.title"), "")]
    top = head(look, view.board, crumbs, [t("assessmentview.modes.title")])
    if view.clustering is None:
        said = empty(t("assessmentview.modes.nothing"), t("assessmentview.modes.nothing_hint"))
        return h("div.sheet.as-page", top, said, _stations(view, look, editing=editing))
    return h(
        "div.sheet.as-page",
        top,
        _warning(view, view.clustering, look),
        h("div.as-lead", h("p", _lead(view, look)), role="status"),
        _stations(view, look, editing=editing),
        _centres(view.clustering, look),
        _how(view, view.clustering, look),
    )


def waiting(t: Translator) -> Node:
    """Before the first answer: what is being computed, because the first one takes seconds."""
    said = h("p.banner.as-banner", t("assessmentview.modes.waiting"), role="status")
    return h("div.sheet.as-page", said, bones(t))


def _lead(view: FusionView, look: Look) -> str:
    t = look.t
    others = [line for line in view.lines if line.agrees is False]
    judged = [line for line in view.lines if line.agrees is not None]
    names = t("list.comma").join(look.short_name(line.unit) for line in others)
    key = "differ" if others else "agree"
    return t(f"assessmentview.modes.{key}", n=len(others), all=len(judged), list=names)


def _warning(view: FusionView, found: Clustering, look: Look) -> Node:
    t = look.t
    clear = t("assessmentview.modes.clear" if found.silhouette >= GOOD_SILHOUETTE else "assessmentview.modes.unclear",
              value=t.number(found.silhouette, 2))  # fmt: skip
    stable = t("assessmentview.modes.stable" if found.stability >= GOOD_STABILITY else "assessmentview.modes.unstable",
               value=t.percent(100 * found.stability, 0))  # fmt: skip
    few = t("assessmentview.modes.few", n=view.points, features=len(found.features))
    return h("p.banner.as-banner.as-warning", h("b", few), h("span", clear), h("span", stable), role="note")


def _stations(view: FusionView, look: Look, *, editing: bool) -> Node:
    t = look.t
    columns = ("station", "official", "suggested", *MODES, "silhouette", "stability")
    heads = []
    for name in columns:
        to = t("assessmentview.modes.to", mode=t(f"mode_short.{name}")) if name in MODES else ""
        text = to or t(f"assessmentview.modes.{name}")
        heads.append(h("th" + (".num" if name in (*MODES, "silhouette", "stability") else ""), text, scope="col",
                       title=t("assessmentview.modes.distance") if name in MODES else None))  # fmt: skip
    if editing:
        heads.append(h("th", t("assessmentview.modes.act"), scope="col"))
    rows = [_row(line, look, editing=editing) for line in sorted(view.lines, key=_order)]
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.modes.stations"), h("small", t("assessmentview.modes.span",
          first=t.date(view.span.first_day), last=t.date(view.span.last_day)))),
        h("div.scroll", h("table.rows.as-modes", h("thead", h("tr", many(heads))), h("tbody", many(rows))), tabindex=0),
        h("p.hint", t("assessmentview.modes.distance")),
    )  # fmt: skip


def _order(line: FusionLine) -> tuple[bool, int, str]:
    """Where suggestion and official mode differ first, then by mode."""
    mode = line.unit.fusion_mode
    return line.agrees is not False, MODES.index(mode) if mode in MODES else len(MODES), line.unit.code


def _row(line: FusionLine, look: Look, *, editing: bool) -> Node:
    t, unit, one = look.t, line.unit, line.suggestion
    kind = {True: "same", False: "other", None: "none"}[line.agrees]
    suggested = t(f"mode.{one.mode}") if one else t("assessmentview.modes.not_placed")
    verdict = h("span.tag" + (".as-other" if kind == "other" else ""), t(f"assessmentview.modes.is_{kind}"))
    act = h("td.c-act", mode_form(unit, one.mode if one else "", look)) if editing else None
    return h(
        f"tr.is-{kind}",
        h("th", h("a", look.short_name(unit), href=look.station(unit.code)), scope="row"),
        h("td", _official(unit, look), data_l=t("assessmentview.modes.official")),
        h("td", suggested, " ", verdict, data_l=t("assessmentview.modes.suggested")),
        many(_numbers(one, look)),
        act,
    )


def _official(unit: Unit, look: Look) -> str:
    return look.t(f"mode.{unit.fusion_mode}") if unit.fusion_mode else look.t("mode.none")


def _numbers(one: Suggestion | None, look: Look) -> list[Node]:
    """The distances, the nearest one marked; silhouette; stability."""
    t = look.t
    if one is None:
        return [h("td.num", "—") for _ in range(len(MODES) + 2)]
    nearest = min(one.distances)
    found = []
    for mode, distance in zip(MODES, one.distances, strict=True):
        near = ".is-near" if distance == nearest else ""
        to = t("assessmentview.modes.to", mode=t(f"mode_short.{mode}"))
        found.append(h(f"td.num{near}", t.number(distance, 2), data_l=to))
    weak = ".is-weak" if one.silhouette < GOOD_SILHOUETTE / 2 else ""
    loose = ".is-weak" if one.stability < GOOD_STABILITY else ""
    return [
        *found,
        h(f"td.num{weak}", t.number(one.silhouette, 2), data_l=t("assessmentview.modes.silhouette")),
        h(f"td.num{loose}", t.percent(100 * one.stability, 0), data_l=t("assessmentview.modes.stability")),
    ]


def _centres(found: Clustering, look: Look) -> Node:
    """What the three groups look like, in standard deviations from the mean."""
    t = look.t
    heads = [h("th", t("assessmentview.modes.feature"), scope="col"),
             *(h("th.num", t(f"mode.{mode}"), scope="col") for mode in MODES)]  # fmt: skip
    rows = []
    for place, feature in enumerate(found.features):
        cells = [h("td.num." + _depth(centre[place]), _sd(centre[place], look)) for centre in found.centres]
        rows.append(h("tr", h("th", t(f"assessmentview.feature.{feature}"), scope="row"), many(cells)))
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.modes.centres"), h("small", t("assessmentview.modes.centres_hint"))),
        h("div.scroll", h("table.rows.as-centres", h("thead", h("tr", many(heads))), h("tbody", many(rows)))),
    )


def _depth(value: float) -> str:
    return "z-high" if value >= 0.5 else "z-low" if value <= -0.5 else "z-mid"


def _sd(value: float, look: Look) -> str:
    shown = look.t.number(value, 2)
    return f"+{shown}" if value >= 0.005 else shown


def _how(view: FusionView, found: Clustering, look: Look) -> Node:
    t = look.t
    absent = t("list.comma").join(t(f"assessmentview.feature.{code}") for code in found.absent)
    names = {line.unit.code: look.short_name(line.unit) for line in view.lines}
    left = t("list.comma").join(names[code] for code in found.left_out if code in names)
    said = [
        t("assessmentview.modes.how"),
        t("assessmentview.modes.how_order"),
        t("assessmentview.modes.how_stability"),
        t("assessmentview.modes.absent", list=absent) if absent else "",
        t("assessmentview.modes.left_out", list=left) if left else "",
    ]
    return h("details.as-how", h("summary", t("assessmentview.modes.how_title")),
             h("ul", many([h("li", text) for text in said if text])))  # fmt: skip
