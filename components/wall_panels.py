"""Panels of the wall that show incidents, colours and ranks, as JSON."""

from __future__ import annotations

from components.assessment_parts import band_text
from components.board_payload import LETTER, MODES, REASON, letter
from components.look import Look
from components.map_scale import class_of, count_bounds, count_labels
from components.wall_held import held_by, held_themes
from domain.assessment_score import BlockScore
from domain.assessment_views import RUNNING, ModeRanking, RankingView, RankLine
from domain.board import DayColour, Line
from domain.compare_rules import CompareRules
from domain.compare_views import FigureLine, ShareLine
from domain.comparison import Change
from domain.rounding import half_up
from domain.share_change import ShareChange
from domain.views import BoardView
from domain.wall import CountersView, CurveView, HeatTiles, MapView
from domain.wall_rules import PanelRules
from i18n import MONTHS, Translator
from i18n.assessment_words import points
from i18n.compare_words import arrow, figure_name, judged, period_text, size_text, toned
from i18n.map_words import span as span_text

PLACES = 5
"""Decimals of a degree that are sent: about a metre."""


def counters(view: CountersView, rules: CompareRules, t: Translator) -> dict[str, object]:
    """The headline figures, each with its two changes."""
    items = [_figure(line, rules, t) if isinstance(line, FigureLine) else _share(line, rules, t) for line in view.lines]
    now, base, previous = (period_text(one, t) for one in (view.periods.span, view.periods.base, view.periods.previous))
    compared = view.periods.base and view.periods.previous
    key = "wall.period" if compared else "wall.period_plain"
    return {"items": items, "period": t(key, now=now, base=base, previous=previous)}


def _figure(line: FigureLine, rules: CompareRules, t: Translator) -> dict[str, object]:
    figure = rules.figure(line.code)
    good, unit = (figure.good, figure.unit) if figure else ("none", "incidents")
    return {
        "code": line.code,
        "name": figure_name(line.code, rules, t),
        "value": t.short(line.now) if line.now is not None else "—",
        "unit": t(f"unit.{unit}.many") if line.now is not None else "",
        "yoy": _delta(line.change, good, t, known=not line.absent),
        "mom": _delta(line.previous_change, good, t, known=not line.absent),
    }


def _share(line: ShareLine, rules: CompareRules, t: Translator) -> dict[str, object]:
    share, now = rules.share(line.code), line.change.now
    good = share.good if share else "none"
    return {
        "code": line.code,
        "name": figure_name(line.code, rules, t),
        "value": t.number(now, 1) if now is not None else "—",
        "unit": "%" if now is not None else "",
        "yoy": _delta(line.change, good, t, known=not line.absent),
        "mom": _delta(line.previous_change, good, t, known=not line.absent),
    }


def _delta(change: Change | ShareChange, good: str, t: Translator, *, known: bool) -> dict[str, str]:
    """Arrow, word and size; coloured only where chance does not explain it."""
    if not known or change.verdict == "unknown":
        return {"text": "—", "title": t("compare.verdict.unknown"), "verdict": "none"}
    difference = change.points if isinstance(change, ShareChange) else float(change.now - change.base)
    word = t("compare.word.level" if not difference else f"compare.word.{'up' if difference > 0 else 'down'}")
    tone = toned(change, good)
    said = [arrow(change.verdict, difference), word, size_text(change, t)]
    verdict = tone if tone in ("good", "bad") else "none"
    return {"text": " ".join(part for part in said if part), "title": judged(change, t), "verdict": verdict}


def board(view: BoardView, look: Look) -> dict[str, object]:
    """Stations by themes, a letter each."""
    t, days = look.t, {strip.station: strip.days for strip in view.strips}
    rows = [_row(line, days.get(line.unit.code, ()), look) for line in view.board.lines]
    shown = [str(row["o"]) for row in rows]
    counts = {colour: shown.count(colour) for colour in "byr"}
    return {
        "themes": [
            {"c": theme.code, "s": t.maybe(f"theme.{theme.code}", theme.name(t.lang))}
            for theme in look.catalogue.themes
        ],
        "rows": rows,
        "counts": {**counts, "g": len(rows) - sum(counts.values())},
        "modes": {mode: t(f"mode_short.{mode}") for mode in MODES},
        "reason": {digit: t(f"reason.{reason.value}.short") for reason, digit in REASON.items()},
    }


def _row(line: Line, days: tuple[DayColour, ...], look: Look) -> dict[str, object]:
    overall = line.overall
    return {
        "c": line.unit.code,
        "name": look.short_name(line.unit),
        "mode": line.unit.fusion_mode or "",
        "o": letter(overall.colour, overall.reason),
        "cells": "".join(letter(theme.colour, theme.reason) for theme in line.themes),
        "score": float(half_up(100 * overall.score, 1)) if overall.score is not None else None,
        "held": overall.held,
        "lids": held_themes(line),
        "by": held_by(line, look),
        "reds": overall.red,
        "days": letters(days),
    }


def letters(days: tuple[DayColour, ...]) -> str:
    """One letter a day, oldest first; "-" where nothing was frozen."""
    return "".join("-" if day.colour is None else LETTER.get(day.colour, "g") for day in days)


def map_(view: MapView, look: Look) -> dict[str, object]:
    """Stations, heat, hot spots."""
    return {
        "ground": view.ground,
        "stations": [
            {"c": unit.code, "name": look.short_name(unit), "lng": _degree(lng), "lat": _degree(lat),
             "o": letter(colour, reason)}
            for unit, lng, lat, colour, reason in view.stations
        ],
        "heat": _heat(view.heat, look.t) if view.heat else None,
        "spots": [
            {"lng": _degree(spot.lng), "lat": _degree(spot.lat), "rank": rank, "name": spot.name}
            for rank, spot in enumerate(view.spots, 1)
        ],
        "period": span_text(view.heat.span, look.t) if view.heat else "",
    }  # fmt: skip


def _heat(heat: HeatTiles, t: Translator) -> dict[str, object]:
    bounds = count_bounds([count for _, _, count, _ in heat.tiles])
    tiles = [
        [_degree(lng), _degree(lat), 1 + class_of(count, bounds), *map(_degree, corners)]
        for lng, lat, count, corners in heat.tiles
    ]
    days = (heat.span.last_day - heat.span.first_day).days + 1
    at = heat.at.isoformat(timespec="seconds")
    return {"tiles": tiles, "title": t("wall.heat", n=days), "labels": count_labels(bounds, t), "at": at}


def _degree(value: float) -> float:
    return round(value, PLACES)


def curve(view: CurveView, rules: PanelRules, compare: CompareRules, t: Translator) -> dict[str, object]:
    """Today by hours and the usual day; `usual` and the band are empty where there is nothing to compare with.

    Both totals go up to the same minute, the begun hour included, as the headline figure does.
    """
    usual = view.usual
    whole = [count for count in view.hours if count is not None]
    rounded = {name: [round(one, 1) for one in getattr(usual, name)] for name in ("middle", "low", "high")}
    return {
        "now": len(whole),
        "hours": list(view.hours),
        "begun": view.begun,
        "usual": rounded["middle"],
        "low": rounded["low"],
        "high": rounded["high"],
        "total": sum(whole) + (view.begun or 0),
        "usual_total": _usual_by_now(view, len(whole)),
        "title": _curve_title(view, rules, figure_name(compare.main, compare, t), t),
    }


def _usual_by_now(view: CurveView, whole: int) -> float | None:
    middle = view.usual.middle
    begun = view.share * middle[whole] if middle and view.share else 0.0
    return round(sum(middle[:whole]) + begun, 1) if middle else None


def _curve_title(view: CurveView, rules: PanelRules, figure: str, t: Translator) -> str:
    usual = view.usual
    if not usual.days:
        return t("wall.curve_none", figure=figure)
    told = {"figure": figure, "n": usual.days, "share": t.percent(100 * rules.curve_share, 0)}
    if not usual.kind:
        return t("wall.curve_all", **told)
    return t("wall.curve_kind", kind=t(f"value.day_kind.{usual.kind}"), **told)


def ranking(view: RankingView, look: Look) -> dict[str, object]:
    """The month's ranking inside each fusion mode."""
    t, about = look.t, view.about
    month = MONTHS[about.month.number - 1] if t.lang == "en" else about.month.number
    share = t("wall.band_note", share=t.percent(100 * about.rules.chance.interval, 0))
    running = about.state == RUNNING
    return {
        "month": t("wall.month", year=about.month.year, month=month),
        "running": running,
        "modes": [_mode(group, look) for group in view.groups],
        "note": t("list.stop").join([t("wall.running"), share] if running else [share]),
    }


def _mode(group: ModeRanking, look: Look) -> dict[str, object]:
    name = look.t(f"mode.{group.mode or 'none'}")
    return {"mode": group.mode or "", "name": name, "of": group.of, "rows": [_ranked(x, look) for x in group.lines]}


def _ranked(line: RankLine, look: Look) -> dict[str, object]:
    score, t = line.score, look.t
    blocks: dict[str, BlockScore] = {block.code: block for block in score.blocks}
    outcome, process = (blocks.get(name) for name in ("outcome", "process"))
    return {
        "rank": score.rank,
        "move": line.change,
        "c": line.unit.code,
        "name": look.short_name(line.unit),
        "score": points(score.shown, t),
        "colour": LETTER.get(score.colour, "g"),
        "outcome": points(outcome.points, t) if outcome else "—",
        "process": points(process.points, t) if process else "—",
        "band": band_text(line, t),
    }
