"""Formula lines, targets and reasons in words. Pure: a judged cell, its task and a language in, text out.

Percent shares have one decimal, changes two, both half-up (DOMAIN 2.3).
"""

from __future__ import annotations

from domain.board import Board, Feed, Line, Summary
from domain.colour import Cell, Colour, FeedState, Reason
from domain.task import Base, Catalogue, Kind, Task
from domain.views import Projection
from i18n import Translator


def colour_word(colour: Colour, t: Translator) -> str:
    """One word: 蓝, 黄, 红, 灰."""
    return t(f"colour.{colour.value}")


def status(colour: Colour, reason: Reason | None, t: Translator) -> str:
    """The colour's word, or for grey the short reason."""
    return t(f"reason.{reason.value}.short") if colour is Colour.GREY and reason else colour_word(colour, t)


def is_change(task: Task) -> bool:
    """True for ceilings that are compared with an earlier stretch."""
    return bool(task.thresholds and task.thresholds.relative)


def is_share(task: Task) -> bool:
    """True when the value is a percentage of a numerator and a denominator."""
    return task.kind in (Kind.RATE, Kind.SLA)


def period_now(task: Task, t: Translator) -> str:
    """今日, 本周, 本月."""
    return t(f"period.{task.period.value}.now")


def base_word(task: Task, t: Translator) -> str:
    """去年同期 or 上周同期."""
    return t("base.week" if task.measure.base is Base.WEEK else "base.year")


def value(cell: Cell, task: Task, t: Translator) -> str:
    """The value alone, with its unit; a change with its sign; base 0 reads — 新增 n."""
    if is_share(task):
        return t.percent(cell.value)
    if is_change(task):
        return new_cases(cell, task, t) if not cell.base else t.change(cell.value)
    return t.count(cell.value, task.unit)


def new_cases(cell: Cell, task: Task, t: Translator) -> str:
    """What stands for a change whose base is 0."""
    if not cell.numerator:
        return t.count(0, task.unit)
    return t("formula.new", n=t.count(cell.numerator, task.unit))


def parts(cell: Cell, task: Task, t: Translator) -> str:
    """Numerator over denominator, done over target, or this stretch against the earlier one."""
    if is_share(task):
        return f"{t.plain(cell.numerator)} / {t.plain(cell.denominator)}"
    if is_change(task):
        return f"{t.plain(cell.numerator)} ∶ {t.plain(cell.base)}"
    if task.kind is Kind.COUNT:
        return f"{t.plain(cell.numerator)} / {t.plain(cell.blue)}"
    return t.plain(cell.numerator)


def limit(edge: float | None, task: Task, t: Translator) -> str:
    """One threshold with its direction: ≥95 %, ≤0 件, 2 场, ≤+10 %."""
    if edge is None:
        return t("formula.no_target")
    if is_share(task):
        return f"≥{t.plain(edge)}\N{NO-BREAK SPACE}%"
    if is_change(task):
        sign = "+" if edge > 0 else ""
        return f"≤{sign}{t.plain(edge)}\N{NO-BREAK SPACE}%"
    if task.kind is Kind.CEILING:
        return f"≤{t.count(edge, task.unit)}"
    return t.count(edge, task.unit)


def target(cell: Cell, task: Task, t: Translator) -> str:
    """What blue asks for."""
    return limit(cell.blue, task, t)


def formula(cell: Cell, task: Task, t: Translator) -> str:
    """The line that explains the colour by its numbers."""
    if cell.reason in (Reason.DATA_LATE, Reason.NO_DATA):
        return t(f"reason.{cell.reason.value}.long")
    if task.kind is Kind.INFO or cell.blue is None:
        return t("formula.info", n=t.count(cell.numerator, task.unit))
    if is_share(task):
        return _share(cell, task, t)
    if is_change(task):
        return _change(cell, task, t)
    if task.kind is Kind.CEILING:
        key = "formula.level" if task.measure.is_level else "formula.ceiling"
        return t(key, when=period_now(task, t), n=t.count(cell.numerator, task.unit), target=target(cell, task, t))
    return _count(cell, task, t)


def _share(cell: Cell, task: Task, t: Translator) -> str:
    if not cell.denominator:
        return t("formula.nothing_due", target=target(cell, task, t))
    line = t(
        "formula.share",
        num=t.plain(cell.numerator),
        den=t.plain(cell.denominator),
        value=t.percent(cell.value),
        target=target(cell, task, t),
    )
    if cell.reason is Reason.SMALL_SAMPLE:
        return line + t("formula.small", n=t.plain(task.min_sample))
    return line


def _count(cell: Cell, task: Task, t: Translator) -> str:
    done, goal = t.count(cell.numerator, task.unit), t.count(cell.blue, task.unit)
    inside = (
        cell.pace is not None and cell.pace < 1.0 and cell.expected is not None and cell.numerator < (cell.blue or 0)
    )
    if not inside:
        return t("formula.count", done=done, target=goal, when=period_now(task, t))
    return t(
        "formula.pace",
        when=period_now(task, t),
        done=done,
        expected=t.count(round(cell.expected or 0, 6), task.unit),
        target=goal,
        pace=t.percent(100 * (cell.pace or 0)),
    )


def _change(cell: Cell, task: Task, t: Translator) -> str:
    return t(
        "formula.change",
        when=t(f"period.{task.period.value}.to_date"),
        n=t.count(cell.numerator, task.unit),
        base=base_word(task, t),
        old=t.count(cell.base or 0, task.unit),
        change=value(cell, task, t) if cell.numerator or cell.base else t("formula.both_zero"),
        target=target(cell, task, t),
    )


def missing(cell: Cell, task: Task, t: Translator) -> str:
    """What is missing to reach blue; "" when it is blue or nothing can be said."""
    if cell.colour is Colour.BLUE and not (task.kind is Kind.COUNT and cell.missing):
        return ""
    if not cell.is_coloured and not (task.kind is Kind.COUNT and cell.reason is Reason.IN_PROGRESS):
        return ""
    return lacking(cell.missing, task, t)


def lacking(amount: float | None, task: Task, t: Translator) -> str:
    """`Cell.missing` or `Action.missing` in words."""
    if amount is None:
        return t("missing.never")
    if not amount:
        return ""
    if task.kind is Kind.COUNT:
        return t("missing.count", n=t.count(amount, task.unit))
    if task.kind is Kind.CEILING:
        return t("missing.ceiling", n=t.count(amount, task.unit))
    return t("missing.share", n=t.plain(amount))


def waiting(cell: Cell, t: Translator) -> str:
    """在办 n, or "" when there is nothing inside its limit."""
    return t("formula.waiting", n=cell.waiting) if cell.waiting else ""


def projection(expected: Projection, task: Task, t: Translator) -> str:
    """Where the task will probably stand at its period's end, with the 80 % range."""
    return t(
        "projection.line",
        middle=quantity(expected.middle, task, t),
        low=quantity(expected.low, task, t),
        high=quantity(expected.high, task, t),
        days=expected.days,
    )


def quantity(amount: float, task: Task, t: Translator) -> str:
    """A number in the task's own terms."""
    if is_share(task):
        return t.percent(amount)
    return t.change(amount, 1) if is_change(task) else t.count(amount, task.unit)


def reason_sentence(cell: Cell, task: Task, feed: Feed | None, t: Translator) -> str:
    """Why a cell is grey, with the source's last sign of life where that is the reason; "" when it is not grey."""
    if cell.reason is None:
        return ""
    if cell.reason in (Reason.DATA_LATE, Reason.NO_DATA) and feed is not None:
        when = t.moment(feed.last_at) if feed.last_at else t("feed.never")
        return t(
            f"reason.{cell.reason.value}.feed",
            feed=feed_name(feed.code, t),
            when=when,
            every=t.duration(feed.expected_seconds),
        )
    return t(f"reason.{cell.reason.value}.long", n=t.plain(task.min_sample))


def feed_name(code: str, t: Translator) -> str:
    """A source's name; its code where the words do not know it."""
    return t.maybe(f"feed.name.{code}", code)


def feed_said(feed: Feed, t: Translator) -> str:
    """A source that is not alive, in one short line: late with its last news, or without data; "" while it is alive."""
    if feed.state is FeedState.FRESH:
        return ""
    return t(f"feed.{feed.state.value}_said", feed=feed_name(feed.code, t), when=t.brief(feed.last_at))


def feed_of(board: Board, task: Task) -> Feed | None:
    """The source a task needs, as it stands at the board's instant."""
    return next((feed for feed in board.feeds if feed.code == task.feed), None)


def tally(summary: Summary, t: Translator) -> str:
    """Done over judged: 4/5."""
    return f"{summary.done}/{summary.total}" if summary.total else ""


def score(summary: Summary, t: Translator) -> str:
    """A score of 100, one decimal."""
    return "—" if summary.score is None else t.number(100 * summary.score, 1)


def why(line: Line, catalogue: Catalogue, t: Translator) -> str:
    """A station's colour and why, in one sentence."""
    overall = line.overall
    if overall.colour is Colour.GREY:
        return t("why.grey", reason=status(overall.colour, overall.reason, t))
    sentence = t(
        "why.main",
        colour=t(f"colour_full.{overall.colour.value}"),
        score=score(overall, t),
        total=overall.total,
        blue=overall.done,
        yellow=overall.yellow,
        red=overall.red,
    )
    grey = t("why.and_grey", n=overall.grey) if overall.grey else ""
    return sentence + grey + t("why.stop") + _hard(line, catalogue, t)


def _hard(line: Line, catalogue: Catalogue, t: Translator) -> str:
    tasks = [catalogue.task(cell.task) for cell in line.cells if cell.colour is Colour.RED]
    names = [task.name(t.lang) for task in tasks if task and task.hard]
    if not names:
        return ""
    key = "why.held" if line.overall.held else "why.hard"
    return t(key, names=t("list.comma").join(t("list.quoted", name=name) for name in names))


def how_measured(task: Task, t: Translator) -> str:
    """统计口径: kind, period and what counts, in one line."""
    method = t(f"method.{task.measure.method.value}")
    clock = t("method.limit", limit=t.duration(task.measure.limit)) if task.measure.limit else ""
    return t(
        "method.line",
        kind=t(f"kind.{task.kind.value}"),
        period=t(f"period.{task.period.value}.name"),
        method=method + clock,
    )
