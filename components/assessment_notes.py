"""What stands beside a score: signs of gaming, points outside the hundred line by line, appeals with their replies."""

from __future__ import annotations

from components.assessment_forms import adjust_form, appeal_form, reply_form, withdraw_form
from components.assessment_parts import names_of
from components.hiccup import Node, h, many
from components.look import Look
from components.page_head import empty
from domain.assessment_guards import SMALL, Guard
from domain.assessment_inputs import Adjustment
from domain.assessment_office import Outlook
from domain.assessment_records import AdjustmentRecord, Appeal
from domain.assessment_views import ScoreSheetView
from i18n.assessment_words import guard_limit, guard_value, signed


def guards(view: ScoreSheetView, look: Look) -> Node:
    """The signs with their numbers and limits; raised ones say so in a word."""
    t = look.t
    raised = sum(guard.raised for guard in view.guards)
    said = t("assessmentview.guards.raised_n", n=raised) if raised else t("assessmentview.guards.quiet")
    items = [_guard(guard, view, look) for guard in view.guards]
    return h(
        "section.as-panel.as-guards",
        h("h2", t("assessmentview.guards.title"), h("small", said)),
        h("ul", many(items)),
        h("p.hint", t("assessmentview.guards.hint")),
    )


def _guard(guard: Guard, view: ScoreSheetView, look: Look) -> Node:
    t = look.t
    value = h("b.num", guard_value(guard, t))
    limit = t("assessmentview.guards.limit", limit=guard_limit(guard, t))
    text = t(f"assessmentview.guard.{guard.code}", n=t.plain(guard.numerator), of=t.plain(guard.denominator))
    told = names_of(view.about, look)
    names = t("list.comma").join(told.source(code) for code in guard.subjects) if guard.code == SMALL else ""
    word = h("span.tag" + (".as-sign" if guard.raised else ""),
             t("assessmentview.guards.raised" if guard.raised else "assessmentview.guards.calm"))  # fmt: skip
    return h(
        "li" + (".is-raised" if guard.raised else ""),
        h("span.name", t(f"assessmentbook.guard.{guard.code}"), word),
        value,
        h("small", text, h("span", limit) if guard.code != SMALL else None, h("span", names) if names else None),
    )


# points outside the hundred --------------------------------------------------------------------


def adjustments(view: ScoreSheetView, office: Outlook, look: Look) -> Node:
    """Every line with its document and author; what counts in the version shown, and what was written since."""
    t, rules = look.t, view.about.rules
    counted = {line.adjustment_id for line in view.score.adjustments}
    known = {record.line.adjustment_id for record in view.adjustments}
    rows = [
        _record(record, record.line.adjustment_id in counted, view, office, look=look) for record in view.adjustments
    ]
    rows += [_line(line, look) for line in view.score.adjustments if line.adjustment_id not in known]
    title = h("h2", t("assessmentview.adjust.title"), h("small", t("assessmentview.adjust.caps",
              bonus=t.plain(rules.bonus_cap), deduction=t.plain(rules.deduction_cap))))  # fmt: skip
    body = h("ul.as-lines", many(rows)) if rows else empty(t("assessmentview.adjust.none"))
    newest = view.about.lock is None or view.about.lock == view.about.versions[-1]
    writes = office.editing and "adjust" in office.deeds
    form = adjust_form(view.about, view.unit.code, look) if writes and newest else None
    return h("section.as-panel#adjustments", title, body, form)


def _record(record: AdjustmentRecord, counts: bool, view: ScoreSheetView, office: Outlook, *, look: Look) -> Node:
    t = look.t
    if record.withdrawn_at is not None:
        state = t("assessmentview.adjust.withdrawn", by=record.withdrawn_by, reason=record.withdrawn_reason,
                  at=t.moment(record.withdrawn_at))  # fmt: skip
        kind = ".is-out"
    else:
        state, kind = t("assessmentview.adjust.counts" if counts else "assessmentview.adjust.pending"), ""
    open_ = record.withdrawn_at is None and office.editing and "adjust" in office.deeds
    return _line(record.line, look, state, kind, withdraw_form(record, view.about, look) if open_ else None)


def _line(line: Adjustment, look: Look, state: str = "", kind: str = "", form: Node | None = None) -> Node:
    t = look.t
    sign = "plus" if line.points > 0 else "minus"
    written = t("assessmentview.adjust.written", document=line.document, by=line.author, at=t.moment(line.written_at))
    return h(
        f"li{kind}",
        h(f"b.num.{sign}", signed(line.points, t)),
        h("div", h("p", line.matter), h("small", written), h("small.state", state) if state else None, form),
        key=line.adjustment_id,
    )


# appeals ---------------------------------------------------------------------------------------


def appeals(view: ScoreSheetView, office: Outlook, look: Look) -> Node:
    """What the station said to its score, what was answered, and a form for more."""
    t = look.t
    items = [_appeal(one, view, office, look) for one in view.appeals]
    waiting = sum(one.replied_at is None for one in view.appeals)
    title = h("h2", t("assessmentview.appeal.title"),
              h("small", t("assessmentview.appeal.waiting", n=waiting)) if waiting else None)  # fmt: skip
    body = h("ul.as-lines.as-appeals", many(items)) if items else empty(t("assessmentview.appeal.none"))
    files = office.editing and "appeal" in office.deeds
    form = appeal_form(view.about, view.unit.code, look) if files else None
    return h("section.as-panel#appeals", title, body, form)


def _appeal(one: Appeal, view: ScoreSheetView, office: Outlook, look: Look) -> Node:
    t = look.t
    whole = t("assessmentview.appeal.whole")
    about = names_of(view.about, look).indicator(one.indicator) if one.indicator in view.about.rules.by_code else whole
    version = t("assessmentview.version_no", n=one.version) if one.version else t("assessmentview.appeal.live")
    if one.replied_at is not None:
        said = t("assessmentview.appeal.replied", by=one.replied_by, at=t.moment(one.replied_at))
        answer: Node | None = h("div.as-reply", h("p", one.reply), h("small", said))
    else:
        replies = office.editing and "reply" in office.deeds
        answer = reply_form(one, look) if replies else h("p.hint", t("assessmentview.appeal.open_state"))
    written = t("assessmentview.appeal.written", by=one.author, at=t.moment(one.written_at), version=version)
    return h(
        "li", h("div", h("p", h("b", about)), h("p.said", one.body), h("small", written), answer), key=one.appeal_id
    )
