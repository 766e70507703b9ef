"""What if: a slider for each number, and what the very same scoring would give."""

from __future__ import annotations

from collections.abc import Mapping

from components.assessment_parts import names_of, total_chip
from components.hiccup import Node, h, many
from components.look import Look
from domain.assessment_rules import Indicator
from domain.assessment_score import IndicatorScore, StationScore, between
from domain.assessment_views import About, ScoreSheetView, Slider
from i18n.assessment_words import points, signed

PREFIX = "try."
"""Of the parameters of an address that say what is tried: `try.helmets=900`."""


def plain(value: float) -> str:
    """A number as an address and a field carry it.

    >>> plain(1234567.0), plain(0.5)
    ('1234567', '0.5')
    """
    return str(int(value)) if value == int(value) else repr(value)


def token(view: ScoreSheetView) -> str:
    """What the sliders are about; a try of another month or station is not this one's."""
    lock = view.about.lock
    return f"{view.unit.code}@{view.about.month.period}.{lock.version if lock else 0}"


def newest(about: About) -> bool:
    """The month as it counts is shown, not an older version."""
    return about.lock is None or about.lock == about.versions[-1]


def form(view: ScoreSheetView, tries: Mapping[str, float], look: Look) -> Node:
    """The sliders, by indicator.

    Args:
        tries: source -> number tried; the sliders stand there.
    """
    t, rules = look.t, view.about.rules
    title = h("h2", t("assessmentview.try.title"), h("small", t("assessmentview.try.hint")))
    if not newest(view.about):
        return h("section.as-panel#try", title, h("p.hint", t("assessmentview.try.older")))
    if not view.sliders:
        return h("section.as-panel#try", title, h("p.hint", t("assessmentview.try.none")))
    known = {slider.source: slider for slider in view.sliders}
    groups = [_group(one, known, tries, view, look) for one in rules.indicators]
    return h(
        "section.as-panel#try",
        title,
        h(
            "form.as-try",
            many([group for group in groups if group is not None]),
            h("p.go-line", h("button.plain", t("assessmentview.try.reset"), type="button", data_try_reset=True)),
            data_try=token(view),
            key=token(view),
        ),
    )


def _group(
    one: Indicator, known: Mapping[str, Slider], tries: Mapping[str, float], view: ScoreSheetView, look: Look
) -> Node | None:
    codes = [code for part in one.parts for code in part.sources if code in known]
    if not codes:
        return None
    lines = [_slider(known[code], tries.get(code), view, look) for code in codes]
    return h("fieldset", h("legend", h("b", one.code), " ", one.name(look.t.lang)), many(lines))


def _slider(slider: Slider, tried: float | None, view: ScoreSheetView, look: Look) -> Node:
    t, now = look.t, slider.now.numerator
    value = now if tried is None else tried
    whole = now == int(now) and value == int(value)
    of = slider.now.denominator
    name = names_of(view.about, look).source(slider.source)
    moved = ".is-moved" if tried is not None and tried != now else ""
    ends = {"min": plain(slider.low), "max": plain(slider.high), "step": "1" if whole else "any", "aria_label": name}
    return h(
        f"div.as-slide{moved}",
        h("span.name", name),
        h("small.now", t("assessmentview.try.now", n=t.plain(now))),
        h("input", type="range", name=f"{PREFIX}{slider.source}", value=plain(value), data_now=plain(now),
          data_of=plain(of) if of else None, **ends),
        h("span.n", h("input", type="number", inputmode="decimal", value=plain(value), **ends),
          h("small", f" / {t.plain(of)}") if of else None),
    )  # fmt: skip


# the answer ------------------------------------------------------------------------------------


def result(view: ScoreSheetView, after: StationScore | None, look: Look) -> Node:
    """Total, rank and points before and after.

    Args:
        after: the score of what is tried; None while nothing is.
    """
    t, before = look.t, view.score
    title = h("h2", t("assessmentview.try.result"))
    if not newest(view.about) or not view.sliders:
        return h("div")
    if after is None:
        return h(
            "section.as-panel.as-result",
            title,
            _totals(before, before, look),
            h("p.hint", t("assessmentview.try.move")),
        )
    changed = _changed(before, after)
    rows = [_row(first, second, view, look) for first, second in changed]
    heads = [h("th" + ("" if n == "indicator" else ".num"), t(f"assessmentview.try.{n}"), scope="col")
             for n in ("indicator", "before", "after", "gain")]  # fmt: skip
    body = h("table.rows", h("thead", h("tr", many(heads))), h("tbody", many(rows)))
    return h(
        "section.as-panel.as-result.is-tried",
        title,
        _totals(before, after, look),
        body if rows else h("p.hint", t("assessmentview.try.same")),
        h("p.hint", t("assessmentview.try.how")),
        aria_live="polite",
    )


def _changed(before: StationScore, after: StationScore) -> list[tuple[IndicatorScore, IndicatorScore]]:
    pairs = zip(before.indicators, after.indicators, strict=True)
    return [(first, second) for first, second in pairs if between(second.points or 0.0, first.points or 0.0)]


def _totals(before: StationScore, after: StationScore, look: Look) -> Node:
    t = look.t
    same = after is before
    gain = between(after.total, before.total)
    kind = "same" if not gain else "up" if gain > 0 else "down"
    arrow = h("span.to", "→", aria_hidden="true")
    parts = [h("div.as-it", h("small", t("assessmentview.try.before")), total_chip(before, t), _place(before, look))]
    if not same:
        parts += [arrow, h("div.as-it.new", h("small", t("assessmentview.try.after")), total_chip(after, t, ".as-new"),
                           _place(after, look))]  # fmt: skip
        parts.append(h(f"b.as-gain.{kind}.num", signed(gain, t)))
    return h("div.as-from-to", many(parts))


def _place(score: StationScore, look: Look) -> Node:
    t = look.t
    text = t("assessmentview.sheet.rank", n=score.rank, of=score.of) if score.rank else t("assessmentview.no_rank")
    return h("span.place", text)


def _row(first: IndicatorScore, second: IndicatorScore, view: ScoreSheetView, look: Look) -> Node:
    t = look.t
    gain = between(second.points or 0.0, first.points or 0.0) or 0.0
    name = view.about.rules.by_code[first.code].name(t.lang)
    return h(
        "tr",
        h("th", h("b", first.code), " ", name, scope="row"),
        h("td.num.was", points(first.points, t)),
        h("td.num", h("b", points(second.points, t))),
        h("td.num." + ("up" if gain > 0 else "down"), signed(gain, t)),
    )
