"""The month's ranking: one sentence, the table, districts, the lock, corrections, how it is read."""

from __future__ import annotations

from collections.abc import Sequence

from components.assessment_forms import lock_form
from components.assessment_parts import (
    CLOSE,
    MODES,
    RANKING,
    changes_table,
    month_bar,
    outs,
    sheet_url,
    standing,
)
from components.assessment_table import Years, table
from components.hiccup import Node, h, many
from components.look import Look
from components.marks import mark
from components.page_head import empty, head
from domain.assessment_office import MonthChoice, Outlook
from domain.assessment_views import DistrictLine, ModeRanking, RankingView, RankLine
from domain.colour import Colour
from i18n.assessment_words import points
from i18n.assessmentbook_words import month_name

NAMED = 6
"""So many stations are named in a sentence; the others are counted."""


def tree(view: RankingView, years: Years, choices: Sequence[MonthChoice], office: Outlook, look: Look) -> Node:
    """The whole page.

    Args:
        years: station -> its last twelve months. choices: the months to choose from. office: what may be done.
    """
    t = look.t
    return h(
        "div.sheet.as-page",
        head(look, view.board, [(t("assessmentview.title"), "")], [t("assessmentview.title")], outs(look, view.about)),
        month_bar(look, view.about, choices, RANKING, _ways(look)),
        standing(look, view.about, more=_to_lock(view, office, look)),
        _stale(view, office, look),
        *_body(view, years, office, look),
        _foot(view, look),
    )


def _ways(look: Look) -> Node:
    return h("span.as-ways", h("a", look.t("assessmentview.modes.title"), href=look.url(MODES)))


def _to_lock(view: RankingView, office: Outlook, look: Look) -> Node | None:
    """From the top of the page to the form that locks the month, for who may."""
    if not office.lockable:
        return None
    return h("a", look.t("assessmentview.lock.open_lock", month=month_name(view.about.month, look.t)), href="#lock")


def _body(view: RankingView, years: Years, office: Outlook, look: Look) -> list[Node | None]:
    if not view.groups:
        return [empty(look.t("assessmentview.nobody"), look.t("assessmentview.nobody_hint"))]
    return [
        _lead(view, look),
        table(view, years, look),
        _legend(view, look),
        h("div.as-two", _districts(view, look), lock_panel(view, office, look)),
        _changes(view, look),
        _how(view, look),
    ]


# one sentence ----------------------------------------------------------------------------------


def _lead(view: RankingView, look: Look) -> Node:
    """Who leads, who is red, and what cannot be ranked apart."""
    return h("div.as-lead", _leaders(view, look), _troubled(view, look), _unsettled(view, look), role="status")


def _leaders(view: RankingView, look: Look) -> Node:
    t, found = look.t, []
    for group in view.groups:
        first = next((line for line in group.lines if line.score.rank == 1), None)
        if first is None:
            continue
        mode = t(f"mode_short.{group.mode}") if group.mode else t("mode.none")
        found.append(h("span.as-it", h("i", mode), _named(first, view, look), h("b.num", points(first.score.shown, t))))
    text = many(found) if found else t("assessmentview.lead.nobody")
    return h("p", h("span.l", t("assessmentview.lead.leads")), text)


def _named(line: RankLine, view: RankingView, look: Look) -> Node:
    return h("a", look.short_name(line.unit), href=sheet_url(look, view.about, line.unit.code))


def _troubled(view: RankingView, look: Look) -> Node:
    """The red stations, or that there is none; stations without a total are told apart."""
    t = look.t
    lines = [line for group in view.groups for line in group.lines]
    red = sorted((line for line in lines if line.score.colour is Colour.RED), key=lambda line: line.score.shown or 0.0)
    grey = sum(line.score.colour is Colour.GREY for line in lines)
    shown = [h("span.as-it", mark(Colour.RED), _named(line, view, look), h("b.num", points(line.score.shown, t)))
             for line in red[:NAMED]]  # fmt: skip
    more = h("span", t("assessmentview.lead.more", n=len(red) - NAMED)) if len(red) > NAMED else None
    label = t("assessmentview.lead.red", n=len(red), limit=t.plain(view.about.rules.yellow))
    none = t("assessmentview.lead.no_red", limit=t.plain(view.about.rules.yellow))
    without = h("span.void", t("assessmentview.lead.grey", n=grey)) if grey else None
    return h("p", h("span.l", label if red else none), many(shown), more, without)


def _unsettled(view: RankingView, look: Look) -> Node | None:
    """Neighbours whose order chance alone would often turn round."""
    t = look.t
    pairs = [
        (group, line) for group in view.groups for line in group.lines if line.band and line.band.holds is not None
    ]
    loose = [line for _, line in pairs if line.band and (line.band.holds or 0.0) < CLOSE]
    if not pairs:
        return None
    if not loose:
        return h("p", h("span.l", t("assessmentview.lead.order")), t("assessmentview.lead.settled"))
    heads = [text for group in view.groups if (text := _top_pair(group, look))]
    said = t("assessmentview.lead.loose", n=len(loose), all=len(pairs), share=t.percent(100 * CLOSE, 0))
    return h("p", h("span.l", t("assessmentview.lead.order")), said, many([h("span.as-it", text) for text in heads]))


def _top_pair(group: ModeRanking, look: Look) -> str:
    """That the first two of a group cannot be told apart; "" when they can."""
    ranked = [line for line in group.lines if line.score.rank]
    if len(ranked) < 2 or ranked[0].band is None or (ranked[0].band.holds or 0.0) >= CLOSE:
        return ""
    first, second = (look.short_name(line.unit) for line in ranked[:2])
    share = look.t.percent(100 * (ranked[0].band.holds or 0.0), 0)
    return look.t("assessmentview.lead.pair", first=first, second=second, share=share)


# below the table -------------------------------------------------------------------------------


def _legend(view: RankingView, look: Look) -> Node:
    """What the codes and the tints stand for."""
    t = look.t
    codes = [h("li", h("b", one.code), " ", one.name(t.lang)) for one in view.about.rules.indicators]
    items = [h("li", h(f"i.as-tint.l{tier}", aria_hidden="true"), t(f"assessmentview.legend.lost_{tier}"))
             for tier in (1, 2, 3)]  # fmt: skip
    items += [
        h("li", h("i.as-tint.is-void", aria_hidden="true"), t("assessmentview.legend.void")),
        h("li", h("sup.as-re", t("assessmentview.sign.rescaled")), t("assessmentview.legend.rescaled")),
        h("li", h("sup.as-small", t("assessmentview.sign.small")), t("assessmentview.legend.small")),
    ]
    return h("div.as-legends", h("ul.legend.as-codes", many(codes)), h("ul.legend.as-legend", many(items)))


def _districts(view: RankingView, look: Look) -> Node:
    t = look.t
    names = ("name", "score", "outcome", "process", "residents", "counted")
    heads = [h("th" + ("" if n == "name" else ".num"), t(f"assessmentview.district.{n}"), scope="col") for n in names]
    rows = [_district(line, view, look) for line in view.districts]
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.district.title")),
        h("p.hint", t("assessmentview.district.hint")),
        h("div.scroll", h("table.rows.as-districts", h("thead", h("tr", many(heads))), h("tbody", many(rows)))),
    )


def _district(line: DistrictLine, view: RankingView, look: Look) -> Node:
    t, score = look.t, line.score
    name = t.pick(line.name, line.name_en) or line.code or t("assessmentview.district.none")
    left = t("assessmentview.district.left_out", n=len(score.left_out)) if score.left_out else ""
    return h(
        "tr",
        h("th", name, scope="row"),
        h("td.num", h("b", points(score.score, t)) if score.score is not None else t("assessmentview.no_total")),
        h("td.num", points(score.outcome, t)),
        h("td.num", points(score.process, t)),
        h("td.num", t.plain(score.residents_10k, 2)),
        h("td.num", t.number(score.counted), h("small", left) if left else None),
    )


def lock_panel(view: RankingView, office: Outlook, look: Look) -> Node:
    """Lock the month, correct it, or why neither can be done."""
    t, about = look.t, view.about
    month = month_name(about.month, t)
    newest = about.lock is None or about.lock == about.versions[-1]
    title = h("h2", t("assessmentview.lock.title"))
    if not newest:
        return h("section.as-panel#lock", title, h("p.hint", t("assessmentview.lock.older")))
    if office.lockable:
        return h("section.as-panel#lock", title, lock_form(about, office, look))
    if "lock" not in office.deeds and office.editing:
        return h("section.as-panel#lock", title, h("p.hint", t("access.refused.role")))
    key = "off" if not office.editing else "same" if office.stale is False else "running"
    said = t(office.refused, **office.params) if office.refused else t(f"assessmentview.lock.{key}", month=month)
    return h("section.as-panel#lock", title, h("p.hint", said))


def _stale(view: RankingView, office: Outlook, look: Look) -> Node | None:
    """Data changed since the month was locked: what a correction would change."""
    about, t = view.about, look.t
    if not office.stale or about.lock is None or about.lock != about.versions[-1]:
        return None
    names = _names(view, look)
    listed = [one for one in office.differences if one.station in names]
    said = t("assessmentview.stale", n=len(listed)) if listed else t("assessmentview.stale_none")
    fold = h("details.more", h("summary", t("assessmentview.stale_show")), changes_table(listed, names, about, look))
    return h("div.banner.as-banner.as-stale", h("p", h("b", said)), fold if listed else None, role="status")


def _changes(view: RankingView, look: Look) -> Node | None:
    """What the correction that is shown changed against the version before it."""
    if not view.changes:
        return None
    t = look.t
    return h(
        "section.as-panel",
        h("h2", t("assessmentview.corrected.title"), h("small", t("assessmentview.corrected.n", n=len(view.changes)))),
        changes_table(view.changes, _names(view, look), view.about, look),
    )


def _names(view: RankingView, look: Look) -> dict[str, str]:
    return {line.unit.code: look.short_name(line.unit) for group in view.groups for line in group.lines}


def _how(view: RankingView, look: Look) -> Node:
    """The rules in words."""
    t, rules = look.t, view.about.rules
    said = [
        t("assessmentview.how.sum", outcome=t.plain(rules.block_weights["outcome"]),
          process=t.plain(rules.block_weights["process"]), bonus=t.plain(rules.bonus_cap),
          deduction=t.plain(rules.deduction_cap)),
        t("assessmentview.how.colour", blue=t.plain(rules.blue), yellow=t.plain(rules.yellow)),
        t("assessmentview.how.rank", ties=t("list.comma").join(rules.ties)),
        t("assessmentview.how.lists", red=rules.red_list, black=rules.black_list, below=t.plain(rules.black_below)),
        t("assessmentview.how.void"),
        t("assessmentview.how.chance", draws=t.number(rules.chance.draws),
          interval=t.percent(100 * rules.chance.interval, 0)),
        t("assessmentview.how.district"),
    ]  # fmt: skip
    return h(
        "details.as-how",
        h("summary", t("assessmentview.how.title")),
        h("ul", many([h("li", text) for text in said])),
    )


def _foot(view: RankingView, look: Look) -> Node:
    return h("footer.sheet-foot", h("span", look.t("assessmentview.foot", version=view.about.rules.version)))
