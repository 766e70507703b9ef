"""Forms of the assessment that write: locking, points outside the hundred, appeals, replies, fusion modes.

Sent by `assets/js/46-post.js` to `web.assessment_deeds`; who does it is the name typed in, until there are accounts.
"""

from __future__ import annotations

from urllib.parse import quote

from components.assessment_parts import field_label, options_of
from components.hiccup import Node, h, many
from components.hotspot_parts import post_form
from components.look import Look
from domain.assessment_office import Outlook
from domain.assessment_records import AdjustmentRecord, Appeal
from domain.assessment_rules import MODES
from domain.assessment_views import LOCKED, About
from domain.board import Unit
from i18n.assessmentbook_words import month_name

API = "/api/v1/assessment"
MATTER, TEXT = 200, 1000


def lock_form(about: About, office: Outlook, look: Look) -> Node:
    """Lock a month, or lock it again as a correction; confirmed by a tick and a name."""
    t, month = look.t, month_name(about.month, look.t)
    again = bool(office.seen)
    key = "correct" if again else "lock"
    note = h("textarea", name="note", rows=2, maxlength=TEXT, required=again)
    fields = [
        h("input", type="hidden", name="seen", value=str(office.seen)),
        field_label("reason" if again else "note", note, look, ".wide"),
        _tick("confirm", t(f"assessmentview.lock.confirm_{key}", month=month)),
    ]
    form = post_form(look, f"{API}/{about.month.period}/lock", fields, t(f"assessmentview.lock.do_{key}"))
    hint = h("p.hint", t(f"assessmentview.lock.hint_{key}", month=month))
    summary = h("summary", t(f"assessmentview.lock.open_{key}", month=month))
    return h("div", hint, h("details.deed-box", summary, form, key=f"lock-{about.month.period}-{office.seen}"))


def _tick(name: str, text: str) -> Node:
    return h("label.as-tick.wide", h("input", type="checkbox", name=name, value="yes", required=True), h("span", text))


def _box(title: str, form: Node, key: str) -> Node:
    return h("details.deed-box", h("summary", title), form, key=key)


def _text(name: str, look: Look, most: int, *, area: bool = False) -> Node:
    if area:
        return field_label(name, h("textarea", name=name, rows=3, maxlength=most, required=True), look, ".wide")
    return field_label(name, h("input", type="text", name=name, maxlength=most, required=True), look)


def adjust_form(about: About, code: str, look: Look) -> Node:
    """A line of points: how many, what for, which document; of a locked month for its correction."""
    t, rules = look.t, about.rules
    number = h("input", type="number", name="points", step="0.1", min=f"{-rules.deduction_cap:g}",
               max=f"{rules.bonus_cap:g}", required=True)  # fmt: skip
    locked = about.state == LOCKED
    fields = [
        h("input", type="hidden", name="station", value=code),
        field_label("points", number, look),
        _text("matter", look, MATTER),
        _text("document", look, MATTER),
        h("input", type="hidden", name="correct", value="yes" if locked else ""),
        h("p.hint.wide", t("assessmentview.adjust.locked")) if locked else None,
    ]
    form = post_form(look, f"{API}/{about.month.period}/adjustments", fields, t("assessmentview.adjust.do"))
    return _box(t("assessmentview.adjust.open"), form, f"adjust-{about.month.period}-{code}")


def withdraw_form(record: AdjustmentRecord, about: About, look: Look) -> Node:
    """Let a line count no more."""
    key = record.line.adjustment_id
    fields = [
        _text("reason", look, TEXT),
        h("input", type="hidden", name="correct", value="yes" if about.state == LOCKED else ""),
    ]
    path = f"{API}/adjustments/{quote(key, safe='')}/withdraw"
    form = post_form(look, path, fields, look.t("assessmentview.withdraw.do"))
    return _box(look.t("assessmentview.withdraw.open"), form, f"withdraw-{key}")


def appeal_form(about: About, code: str, look: Look) -> Node:
    """What a station says to its score."""
    t = look.t
    names = [("", t("assessmentview.appeal.whole"))]
    names += [(one.code, f"{one.code} {one.name(t.lang)}") for one in about.rules.indicators]
    version = about.lock.version if about.lock else 0
    fields = [
        h("input", type="hidden", name="station", value=code),
        h("input", type="hidden", name="of", value=str(version)),
        field_label("indicator", h("select", many(options_of(names, "")), name="indicator"), look),
        _text("text", look, TEXT, area=True),
    ]
    form = post_form(look, f"{API}/{about.month.period}/appeals", fields, t("assessmentview.appeal.do"))
    return _box(t("assessmentview.appeal.open"), form, f"appeal-{about.month.period}-{code}")


def reply_form(appeal: Appeal, look: Look) -> Node:
    """The one answer to an appeal."""
    path = f"{API}/appeals/{quote(appeal.appeal_id, safe='')}/reply"
    form = post_form(look, path, [_text("text", look, TEXT, area=True)], look.t("assessmentview.reply.do"))
    return _box(look.t("assessmentview.reply.open"), form, f"reply-{appeal.appeal_id}")


def mode_form(unit: Unit, suggested: str, look: Look) -> Node:
    """Give a station another fusion mode, with a reason."""
    t = look.t
    others = [(mode, t(f"mode.{mode}")) for mode in MODES if mode != unit.fusion_mode]
    chosen = suggested if suggested != unit.fusion_mode else others[0][0]
    fields = [
        field_label("mode", h("select", many(options_of(others, chosen)), name="mode"), look),
        _text("reason", look, TEXT),
        _tick("confirm", t("assessmentview.modes.confirm", station=look.unit_name(unit))),
    ]
    path = f"{API}/modes/{quote(unit.code, safe='')}"
    form = post_form(look, path, fields, t("assessmentview.modes.do"))
    return _box(t("assessmentview.modes.change"), form, f"mode-{unit.code}-{unit.fusion_mode}")
