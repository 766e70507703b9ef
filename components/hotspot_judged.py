"""Whether a hot spot's treatment may end, and what it did, in plain words."""

from __future__ import annotations

from components.hiccup import Node, h, many
from components.hotspot_parts import moved, rows_link
from components.look import Look
from domain.effect import Comparison, Effect, Pair
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_views import HotspotView


def judged(view: HotspotView, look: Look) -> Node:
    """The closing rule against the record, then the effect against other places."""
    t = look.t
    parts = [_closing(view, view.check, look)] if view.check else [h("p", t("hotspot.not_yet"))]
    effect = _effect(view.effect, view.check, look) if view.effect and view.check else None
    if view.data_begin:
        effect = h("p.hint", t("hotspot.data_begin", day=t.date(view.data_begin.date())))
    return h("section.hero.judged", h("h2", t("hotspot.check")), many(parts), effect)


def _closing(view: HotspotView, check: ClosingCheck, look: Look) -> Node:
    t, rule = look.t, check.rule
    fall = t.percent(rule.fall * 100, 0)
    change = -check.fall if check.fall is not None else None
    begun = check.spans[0].days >= 1
    fell = _fell(change, fall, look) if begun else t("hotspot.check_too_soon", fall=fall)
    return h(
        "ul.checks",
        _point(check.long_enough, t("hotspot.check_days", done=t.number(check.days), days=rule.days), look),
        _point(check.fell_enough, fell, look),
        _sides(view, check, look) if begun else None,
    )


def _sides(view: HotspotView, check: ClosingCheck, look: Look) -> Node:
    t = look.t
    before, after = (
        rows_link(look, view.record, span, t("hotspot.count_of", n=n))
        for span, n in zip(check.spans, (check.before, check.after), strict=True)
    )
    first, last = (t.plain(span.days) for span in check.spans)
    said = (t("hotspot.check_before", days=first), " ", before, " → ", t("hotspot.check_after", days=last), " ", after)
    return h("li.sides", *said)


def _fell(change: float | None, fall: str, look: Look) -> str:
    if change is None:
        return look.t("hotspot.check_no_base", fall=fall)
    return look.t("hotspot.check_fall", change=moved(change, look), fall=fall)


def _point(done: bool, text: str, look: Look) -> Node:
    name = "yes" if done else "no"
    return h(f"li.{name}", h("b", look.t(f"hotspot.check_{name}")), " ", text)


def _effect(effect: Effect, check: ClosingCheck, look: Look) -> Node:
    t = look.t
    facts = [
        t("hotspot.effect_own", change=_moved(effect.change, look), **_counts(effect.own)),
        t("hotspot.effect_rest", change=_moved(effect.district.change, look), **_counts(effect.district.others)),
        _alike(effect, look),
    ]
    compared = [("rest", effect.district), ("alike", effect.alike)]
    tests = [_test(name, one, look) for name, one in compared if one and one.ratio is not None]
    return h(
        "div.effect",
        h("h3", t("hotspot.effect", days=t.plain(check.spans[1].days))),
        h("ul", many(h("li", fact) for fact in facts)),
        h("p.verdict-line", h("b", t(f"hotspot.verdict.{effect.verdict}", days=check.rule.days))),
        h("details.more", h("summary", t("hotspot.effect_how")), many(tests), h("p.hint", t("hotspot.effect_method"))),
    )


def _alike(effect: Effect, look: Look) -> str:
    if effect.alike is None:
        return look.t("hotspot.effect_none_alike")
    said = {"change": _moved(effect.alike.change, look), "places": effect.alike.others.places}
    return look.t("hotspot.effect_alike", **said, **_counts(effect.alike.others))


def _test(name: str, one: Comparison, look: Look) -> Node:
    t = look.t
    high = t.number(one.high, 2) if one.high is not None else "∞"
    params = {"ratio": t.number(one.ratio, 2), "low": t.number(one.low, 2), "high": high}
    p = t("hotspot.p_small") if one.p < 0.001 else f"{one.p:.3f}"
    return h("p.hint", t(f"hotspot.test_{name}", p=p, **params))


def _moved(change: float | None, look: Look) -> str:
    """After / before in words."""
    return moved(None if change is None else change - 1, look)


def _counts(pair: Pair) -> dict[str, int]:
    return {"before": pair.before, "after": pair.after}
