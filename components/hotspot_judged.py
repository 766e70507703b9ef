"""Whether a hot spot's treatment may end, and what it did, in plain words."""

from __future__ import annotations

from components.hiccup import Node, h, many
from components.hotspot_parts import moved, rows_link
from components.look import Look
from domain.hotspot_closing import ClosingCheck
from domain.hotspot_views import Compared, Effect, HotspotView


def judged(view: HotspotView, look: Look) -> Node:
    """The closing rule against the record, then the effect against other places."""
    t = look.t
    parts = [_closing(view, view.check, look)] if view.check else [h("p", t("hotspot.not_yet"))]
    effect = _effect(view.effect, look) if view.effect else None
    return h("section.hero.judged", h("h2", t("hotspot.check")), many(parts), effect)


def _closing(view: HotspotView, check: ClosingCheck, look: Look) -> Node:
    t, rule = look.t, check.rule
    fall = t.percent(rule.fall * 100, 0)
    change = -check.fall if check.fall is not None else None
    counts = (check.before, check.after)
    links = [
        rows_link(look, view.record, span, t("hotspot.count_of", n=n))
        for span, n in zip(check.spans, counts, strict=True)
    ]
    return h(
        "ul.checks",
        _point(check.long_enough, t("hotspot.check_days", done=t.number(check.days), days=rule.days), look),
        _point(check.fell_enough, t("hotspot.check_fall", change=moved(change, look), fall=fall), look),
        h(
            "li.counts",
            t("hotspot.check_before", days=t.plain(check.spans[0].days)),
            " ",
            links[0],
            " → ",
            t("hotspot.check_after", days=t.plain(check.spans[1].days)),
            " ",
            links[1],
        ),
    )


def _point(done: bool, text: str, look: Look) -> Node:
    name = "yes" if done else "no"
    return h(f"li.{name}", h("b", look.t(f"hotspot.check_{name}")), " ", text)


def _effect(effect: Effect, look: Look) -> Node:
    t = look.t
    facts = [t("hotspot.effect_own", change=moved(effect.own.change, look), **_counts(effect.own))]
    if effect.rest:
        facts.append(t("hotspot.effect_rest", change=moved(effect.rest.change, look), **_counts(effect.rest)))
    if effect.alike:
        said = {"change": moved(effect.alike.change, look), "places": effect.alike.places}
        facts.append(t("hotspot.effect_alike", **said, **_counts(effect.alike)))
    verdict = t(f"hotspot.verdict.{effect.verdict}")
    chance = t("hotspot.effect_chance", p=t.percent(effect.chance * 100, 1)) if effect.chance is not None else None
    return h(
        "div.effect",
        h("h3", t("hotspot.effect", days=t.plain(effect.days))),
        h("ul", many(h("li", fact) for fact in facts)),
        h("p.verdict-line", h("b", verdict)),
        h("p.hint", chance) if chance else None,
    )


def _counts(compared: Compared) -> dict[str, int]:
    return {"before": compared.before, "after": compared.after}
