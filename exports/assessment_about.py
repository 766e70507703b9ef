"""统计口径: which month, how it stands, by which rules it was scored, what has no data, how fresh the rows are."""

from __future__ import annotations

from collections.abc import Iterator

from domain.assessment_book import MonthBook
from domain.assessment_records import CORRECTED, LockHead
from domain.assessment_score import State
from domain.assessment_views import LOCKED, RUNNING, About, ModeRanking, RankingView
from domain.board import Unit
from exports.assessment_sheets import Cell, Column, Row, Sheet, text
from i18n import Translator
from i18n.assessmentbook_words import Names, made_of, month_name, points_text
from i18n.map_words import span


def titled(sheet: str, view: RankingView, t: Translator) -> str:
    """What stands over a table: the notice's title and the table's name."""
    title = t("assessmentbook.title", month=month_name(view.about.month, t))
    return t("assessmentbook.titled", title=title, sheet=sheet)


def above(view: RankingView, t: Translator) -> str:
    """The line under a table's title: the state of the month."""
    return state_text(view.about, t)


def closing(view: RankingView, t: Translator) -> list[str]:
    """What every table ends with: rules, cut of the data, whether they are invented."""
    about = view.about
    rules = t("assessmentbook.said.rules", version=about.rules.version, day=t.date(about.rules.valid_from))
    lines = [
        _said(t("assessmentbook.definitions"), rules, t),
        t("export.until", at=t.moment(view.board.as_of, seconds=True)),
    ]
    return [*lines, t("export.demo")] if view.board.demo else lines


def _said(topic: str, what: str, t: Translator) -> str:
    return t("assessmentbook.said_of", topic=topic, what=what)


def state_text(about: About, t: Translator) -> str:
    """Running, over, or locked by whom and when."""
    if about.state == RUNNING:
        at, pace = t.moment(about.as_of, seconds=True), t.percent(100 * about.pace)
        return t("assessmentbook.state.running", at=at, pace=pace)
    if about.lock is not None:
        return _lock(about.lock, t)
    return t("assessmentbook.state.open")


def _lock(head: LockHead, t: Translator) -> str:
    kind = "corrected" if head.status == CORRECTED else "locked"
    return t(
        "assessmentbook.state.locked",
        version=t("assessmentbook.about.version", version=head.version),
        kind=t(f"assessmentbook.state.kind_{kind}"),
        by=head.locked_by,
        at=t.moment(head.locked_at),
        note=head.note,
    ).rstrip()


def gaps(view: RankingView, names: Names, group: ModeRanking | None = None) -> list[str]:
    """Which indicators have no data at which stations and why; their points went elsewhere."""
    t, found = names.t, []
    groups = [group] if group else view.groups
    seen = [line for one in groups for line in one.lines]
    for one in names.rules.indicators:
        lacking = [
            (line.unit, score)
            for line in seen
            if (score := line.score.indicator(one.code)) is not None and score.state is State.NO_DATA
        ]
        if lacking:
            why = dict.fromkeys(names.note(note) for _, score in lacking for note in score.notes)
            stations = [_name(unit, t) for unit, _ in lacking]
            found.append(
                t(
                    "assessmentbook.said.rescaled",
                    indicator=names.indicator(one.code),
                    n=len(stations),
                    stations=t("list.comma").join(stations),
                    why=t("list.stop").join(why),
                )
            )
    return found


def _name(unit: Unit, t: Translator) -> str:
    return t.pick(unit.short_name or unit.name, unit.name_en) or unit.code


def harm_text(book: MonthBook, t: Translator) -> str:
    """Which accidents the four figures count."""
    now = book.total.now
    loss = t("assessmentbook.said.loss", n=now.accidents, stated=now.stated)
    return t("assessmentbook.said.harm", span=span(book.span, t), base=span(book.base_span, t), loss=loss)


def definitions(book: MonthBook, names: Names) -> Sheet:
    """The sheet of definitions: a topic and what it is on each line."""
    t, view = names.t, book.view
    name = t("assessmentbook.definitions")
    heads = (("topic", 28), ("said", 120))
    rows: list[Row] = [(text(topic), Cell(said, "wrap")) for topic, said in _lines(book, names)]
    return Sheet(
        name=name,
        title=titled(name, view, t),
        above=above(view, t),
        columns=tuple(Column(t(f"assessmentbook.head.{head}"), width=width) for head, width in heads),
        rows=tuple(rows),
        lead=1,
        notes=tuple(closing(view, t)),
    )


def _lines(book: MonthBook, names: Names) -> Iterator[tuple[str, str]]:
    t, view = names.t, book.view
    yield t("assessmentbook.about.month"), month_name(view.about.month, t)
    yield from _standing(view.about, t)
    yield from _rules(view.about, t)
    for one in names.rules.indicators:
        yield names.indicator(one.code), made_of(one, names)
    yield t("assessmentbook.about.change"), t("assessmentbook.said.change")
    lacking = gaps(view, names) or [t("assessmentbook.said.whole")]
    yield t("assessmentbook.about.rescaled"), t("list.stop").join([t("assessmentbook.said.rule"), *lacking])
    yield t("assessmentbook.about.harm"), harm_text(book, t)
    yield t("assessmentbook.about.cut"), t.moment(view.board.as_of, seconds=True)
    if view.board.demo:
        yield t("assessmentbook.about.origin"), t("assessmentbook.said.demo")


def _standing(about: About, t: Translator) -> Iterator[tuple[str, str]]:
    yield t("assessmentbook.about.state"), state_text(about, t)
    if about.state == LOCKED and about.stale is not None:
        yield t("assessmentbook.about.state"), t(f"assessmentbook.state.{'stale' if about.stale else 'same'}")
    if len(about.versions) > 1:
        said = t("list.stop").join(_lock(head, t) for head in about.versions)
        yield t("assessmentbook.about.versions"), said
    if about.lock is not None:
        yield t("assessmentbook.about.digest"), about.lock.input_digest


def _rules(about: About, t: Translator) -> Iterator[tuple[str, str]]:
    rules = about.rules

    def said(topic: str, **values: float) -> tuple[str, str]:
        told = {name: points_text(value, t) for name, value in values.items()}
        return t(f"assessmentbook.about.{topic}"), t(f"assessmentbook.said.{topic}", **told)

    day = t.date(rules.valid_from)
    yield t("assessmentbook.about.rules"), t("assessmentbook.said.rules", version=rules.version, day=day)
    caps = {"bonus": rules.bonus_cap, "deduction": rules.deduction_cap}
    yield said("sum", **rules.block_weights, **caps, blue=rules.blue, yellow=rules.yellow)
    yield t("assessmentbook.about.rounding"), t("assessmentbook.said.rounding")
    ties = t("list.comma").join(rules.ties)
    yield t("assessmentbook.about.places"), t("assessmentbook.said.places", ties=ties)
    yield said("lists", red=rules.red_list, black=rules.black_list, below=rules.black_below)
    chance = t(
        "assessmentbook.said.chance", interval=t.percent(100 * rules.chance.interval, 0), draws=rules.chance.draws
    )
    yield t("assessmentbook.about.chance"), chance
