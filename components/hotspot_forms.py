"""What may be done with a record now, each as a form that folds open."""

from __future__ import annotations

from urllib.parse import quote

from components.hiccup import Node, h, many
from components.hotspot_parts import area_field, choice, day_field, facts_fields, field, post_form, text_field
from components.look import Look
from domain.hotspot_record import CONTROLS, TREATED, Plan
from domain.hotspot_views import HotspotView


def forms(view: HotspotView, look: Look) -> Node | None:
    """All forms that make sense now; None where the viewer may write nothing."""
    if not view.offered:
        return None
    shown = [_one(action, view, look) for action in view.offered]
    return h("section.deeds", h("h2", look.t("hotspot.deeds")), many(shown))


def _one(action: str, view: HotspotView, look: Look) -> Node:
    path = f"/api/v1/hotspots/{quote(view.record.hotspot_id, safe='')}/{action}"
    form = post_form(look, path, _fields(action, view, look), look.t(f"hotspot.button.{action}"), view.record.stamp)
    hint = h("p.hint", look.t(f"hotspot.hint.{action}"))
    return h("details.deed-box", h("summary", look.t(f"hotspot.action.{action}")), hint, form, key=action)


def _fields(action: str, view: HotspotView, look: Look) -> list[Node]:
    record = view.record
    if action == "edit":
        return facts_fields(look, record.facts, view.units, fixed=record.status == TREATED)
    if action == "plan":
        plan = record.plan or Plan(leader=record.leader)
        leader = text_field(look, "leader", "" if view.masked else plan.leader, 60)
        return [area_field(look, "plan", plan.text), leader, day_field(look, "due", plan.due_at)]
    if action == "measure":
        return _measure(view, look)
    return [area_field(look, "reason", "", 400)] if action in ("withdraw", "reopen") else []


def _measure(view: HotspotView, look: Look) -> list[Node]:
    controls = [("", "—"), *((name, look.t(f"hotspot.control_name.{name}")) for name in CONTROLS)]
    clock = h("input", type="text", name="clock", value="", maxlength=5, placeholder=look.t("hotspot.clock_hint"))
    return [
        area_field(look, "measure", "", 900),
        day_field(look, "on", view.board.as_of),
        field(look, "clock", clock),
        choice(look, "control", controls, ""),
    ]
