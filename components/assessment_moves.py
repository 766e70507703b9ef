"""What moves a station: the next actions by points gained, each with its next step on the way."""

from __future__ import annotations

from components.assessment_parts import names_of
from components.assessment_points import rows_url
from components.hiccup import Node, h, many
from components.look import Look
from domain.assessment_moves import FEWER, NEXT, Move
from domain.assessment_views import ScoreSheetView
from i18n.assessment_words import goal_text, move_text, signed

SHOWN = 5


def moves_panel(view: ScoreSheetView, look: Look) -> Node:
    """The panel beside the score: one line for each number that would bring points."""
    t = look.t
    every = grouped(view.moves)
    found = [pair for pair in every if pair[0].kind != FEWER]
    fixed = _fixed([move for move, _ in every if move.kind == FEWER], view, look)
    first, rest = found[:SHOWN], found[SHOWN:]
    title = h("h2", t("assessmentview.moves.title" if _live(view) else "assessmentview.moves.title_past"))
    if not found:
        return h("section.as-panel.as-moves", title, h("p.hint", t("assessmentview.moves.none")), fixed)
    more = h("details.more", h("summary", t("assessmentview.moves.more", n=len(rest))), _list(rest, view, look))
    return h(
        "section.as-panel.as-moves",
        title,
        _list(first, view, look),
        more if rest else None,
        fixed,
        h("p.hint", t("assessmentview.moves.hint"), " ", h("a", t("assessmentview.moves.try"), href="#try")),
    )


def _fixed(found: list[Move], view: ScoreSheetView, look: Look) -> Node | None:
    """What has happened and nobody can take back: said quietly and without a rank, because it is nothing to do."""
    if not found:
        return None
    t, names = look.t, names_of(view.about, look)
    items = [
        h("li", h("b.code", one.indicator), move_text(one, names), h("span.num", signed(one.gain, t))) for one in found
    ]
    return h("div.as-fixed", h("p", t("assessmentview.move.fewer_note")), h("ul", many(items)))


def _live(view: ScoreSheetView) -> bool:
    return view.about.pace < 1


def grouped(moves: tuple[Move, ...]) -> list[tuple[Move, Move | None]]:
    """For each number its largest gain, and the smaller step that lies on the way; the largest gain first.

    >>> grouped(())
    []
    """
    best: dict[tuple[str, str, str, str], list[Move]] = {}
    for move in moves:
        best.setdefault((move.indicator, move.part, move.source, move.kind), []).append(move)
    found = []
    for group in best.values():
        step = next((one for one in group[1:] if one.goal == NEXT and one.amount < group[0].amount), None)
        found.append((group[0], step))
    return sorted(found, key=lambda pair: -pair[0].gain)


def _list(found: list[tuple[Move, Move | None]], view: ScoreSheetView, look: Look) -> Node:
    return h("ol.as-todo", many([_item(move, step, view, look) for move, step in found]))


def _item(move: Move, step: Move | None, view: ScoreSheetView, look: Look) -> Node:
    t, names = look.t, names_of(view.about, look)
    said = h("span.what", move_text(move, names))
    address = rows_url(move.source, view, look)
    small = [goal_text(move, names)]
    if step is not None:
        small.append(t("assessmentview.move.first", n=t.number(step.amount), gain=signed(step.gain, t)))
    return h(
        f"li.m-{move.kind}",
        h("b.gain.num", signed(move.gain, t)),
        h("div", h("b.code", move.indicator), said, h("small", t("list.stop").join(small)),
          h("a.rows", t("assessmentview.rows"), href=address) if address else None),
    )  # fmt: skip
