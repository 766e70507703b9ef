"""View-models of the assessment for tests of its pages: every state an indicator, a month or a station can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from catalogue.loader import load_catalogue
from components.look import Look
from domain.assessment import score_month
from domain.assessment_chance import RankBand
from domain.assessment_guards import GuardCounts, guards
from domain.assessment_inputs import Amount, MonthInputs
from domain.assessment_lists import Difference
from domain.assessment_moves import moves
from domain.assessment_office import MonthChoice, Outlook, SourceRows
from domain.assessment_records import AdjustmentRecord, Appeal, LockHead, TotalRow
from domain.assessment_views import (
    LOCKED,
    OPEN,
    RUNNING,
    About,
    ComparisonView,
    RankingView,
    RankLine,
    RowsLink,
    ScoreSheetView,
    Slider,
    versus,
    waterfall,
)
from domain.board import Unit
from domain.fusion import Profile, suggest
from domain.fusion_views import FusionLine, FusionView
from domain.incident_filter import Filter
from domain.month import Month
from domain.span import Span
from domain.views import RowPage
from i18n import translator
from tests.support import assessed, assessed_book
from tests.support.assessed import MAY, RULES, adjustment, worked

NOW = datetime(2024, 6, 2, 9)
CATALOGUE = load_catalogue()
FIRST = LockHead("2024-05", 1, "locked", RULES.version, "0a1b2c3d4e5f60718293", "王某", datetime(2024, 6, 5, 10), "")
SECOND = replace(FIRST, version=2, status="corrected", note="补录劝导", locked_at=datetime(2024, 6, 15, 10))
OFFICE = Outlook(editing=True, lockable=True)
NAMES = {code: f"{name}派出所" for code, name in zip(("S1", "S2", "S3", "S4", "S5", "S6"), "甲乙丙丁戊己", strict=True)}


def look(lang: str) -> Look:
    """Words that fail on a missing key."""
    return Look(translator(lang, strict=True), CATALOGUE)


def town(pace: float = 1.0) -> MonthInputs:
    """Six stations: good, red, without O1, small sample, without outcome, without data at all."""
    good = {"helmets": Amount(950, 1000), "accidents": Amount(80), "slots": Amount(98, 100), "lowered": Amount(9, 20)}
    bad = {"accidents": Amount(140), "helmets": Amount(600, 1000), "slots": Amount(50, 100), "hazards": Amount(1, 10)}
    few = {"helmets": Amount(300, 400), "running": Amount(9, 10)}
    return assessed.month(
        worked("S1", now=good),
        worked("S2", now=bad),
        worked("S3", residents_10k=None),
        worked("S4", mode="basic", now=few),
        worked("S5", mode="full", without=("accidents", "accidents_year")),
        worked("S6", mode=None, without=tuple(assessed.WORKED)),
        pace=pace,
    )


def about(state: str = OPEN, versions: tuple[LockHead, ...] = (), shown: int = -1, **given: Any) -> About:
    """May 2024, however it stands. `shown`: which of the versions."""
    running = state == RUNNING
    made = About(
        month=MAY,
        state=state,
        as_of=datetime(2024, 5, 16, 13) if running else None,
        pace=0.5 if running else 1.0,
        rules=RULES,
        lock=versions[shown] if versions else None,
        versions=versions,
    )
    return replace(made, **given)


def ranking(of: About | None = None, **given: Any) -> RankingView:
    """The ranking of the town; `given` are fields of `RankingView`."""
    of = of or about()
    lines = [adjustment(1.0), adjustment(-1.5, "S2", 2)]
    made = assessed_book.ranking(town(of.pace), lines, names=NAMES)
    groups = tuple(
        replace(group, lines=tuple(_told(line) for line in group.lines), of=sum(x.score.complete for x in group.lines))
        for group in made.groups
    )
    return replace(made, about=of, groups=groups, **given)


def _told(line: RankLine) -> RankLine:
    """With a change of rank, a band that is loose for S1, an appeal and raised signs for S2."""
    code = line.unit.code
    band = RankBand(1, 3, 0.55 if code == "S1" else 0.97, 500) if line.score.complete else None
    more: dict[str, Any] = {"S1": {"change": 2}, "S2": {"change": -1, "appeals": 1, "raised": ("late",)}}.get(code, {})
    return replace(line, band=band, **more)


def line_of(view: RankingView, code: str) -> RankLine:
    """One station's line."""
    return next(line for group in view.groups for line in group.lines if line.unit.code == code)


def rows_of(code: str, *totals: float | None) -> tuple[TotalRow, ...]:
    """Months that end with May 2024; None for a month without a total."""
    colours = ["grey" if one is None else "blue" if one >= 90 else "yellow" if one >= 75 else "red" for one in totals]
    return tuple(
        TotalRow(MAY.back(len(totals) - 1 - n).period, code, one, 20.0, 60.0, colour, None if one is None else 2, 3)
        for n, (one, colour) in enumerate(zip(totals, colours, strict=True))
    )


def sheet(code: str = "S2", of: About | None = None, **given: Any) -> ScoreSheetView:
    """The score sheet of one of the town's stations."""
    of = of or about()
    inputs, view = town(of.pace), ranking(of)
    line = line_of(view, code)
    mine = inputs.of(code)
    assert mine is not None
    whole = score_month(replace(inputs, pace=1.0), RULES)
    sliders = tuple(
        Slider(source.code, mine.now[source.code], 0.0, max(mine.now[source.code].denominator, 200.0))
        for source in RULES.sources
        if source.code in mine.now
    )
    made = ScoreSheetView(
        board=view.board,
        about=of,
        unit=line.unit,
        line=line,
        in_hand=next(one for one in whole if one.code == code) if of.state == RUNNING else None,
        steps=waterfall(line.score),
        moves=moves(inputs, RULES, code),
        links={source.code: link(source.code) for source in RULES.sources},
        sliders=sliders,
        history=rows_of(code, 70.0, None, 80.0, 92.0, line.score.shown),
        guards=guards(GuardCounts(100, 5, 100, 0, 40, 30), line.score, RULES, 31),
        appeals=(
            APPEAL,
            replace(APPEAL, appeal_id="P2", indicator="", replied_at=NOW, reply="已核对", replied_by="赵某"),
        ),
        adjustments=tuple(AdjustmentRecord("2024-05", one) for one in line.score.adjustments),
    )
    return replace(made, **given)


APPEAL = Appeal("P1/ ?", "2024-05", 1, "S2", "P4", "一名红码人员户籍已迁出", "周某", NOW)


def link(source: str) -> RowsLink:
    """Accidents lead to incidents, the rest to the page of rows."""
    kind = "incidents" if source.startswith("accidents") else "task"
    asked = Filter(classes=("accident",), stations=("S2",)) if kind == "incidents" else None
    return RowsLink(source, kind, "T1-06", date(2024, 5, 1), date(2024, 5, 31), asked)


def choices(of: About) -> tuple[MonthChoice, ...]:
    """June running, May as told, April locked."""
    return (
        MonthChoice(Month(2024, 6), RUNNING),
        MonthChoice(MAY, of.state, of.versions[-1] if of.versions else None),
        MonthChoice(Month(2024, 4), LOCKED, replace(FIRST, period="2024-04")),
    )


def comparison(first: str = "S1", second: str = "S2") -> ComparisonView:
    """Two of the town's stations."""
    view = ranking()
    a, b = line_of(view, first), line_of(view, second)
    same = a.score.mode == b.score.mode
    return ComparisonView(view.board, view.about, a, b, versus(a.score, b.score), same)


CHANGES = (
    Difference("S2", "P3", 6.0, 4.5),
    Difference("S2", "total", 50.0, 48.5),
    Difference("S2", "rank", 2.0, 3.0),
    Difference("S1", "adjustments", None, -1.0),
)


def fusion(stations: int = 9) -> FusionView:
    """Three kinds of stations, each other one with a foreign official mode; one without residents."""
    profiles = [
        Profile(
            f"S{n}",
            ("basic", "deep", "full")[n % 3],
            None if n == stations - 1 else 5.0 + n,
            50.0,
            tuple(float(10 + 40 * (n % 3) + n + 7 * k) for k in range(6)),
            congestion=50.0 if n % 3 == 0 else 5.0,
            petitions=40.0 if n % 3 == 2 else 1.0,
            rural_deaths=4.0 if n % 3 == 1 else 0.0,
        )
        for n in range(stations)
    ]
    found = suggest(profiles, np.random.default_rng(1))
    by_code = {one.code: one for one in found.suggestions} if found else {}
    units = [_unit(one.code, "deep" if n == 0 else one.mode or "") for n, one in enumerate(profiles)]
    lines = tuple(FusionLine(unit, by_code.get(unit.code)) for unit in units)
    span = Span(datetime(2023, 6, 1), datetime(2024, 6, 1))
    return FusionView(assessed_book.board(), span, lines, found, len(by_code))


def _unit(code: str, mode: str) -> Unit:
    return Unit(code, code, code, code, "D1", None, None, mode, None)


def source_rows(of: About | None = None, **page: Any) -> SourceRows:
    """Three observations of helmets."""
    rows = tuple((f"H{n}", NOW, 300.0, 400.0, None, None) for n in range(3))
    plain: dict[str, Any] = {"total": 120, "page": 2, "size": 50, "sort": "-at", "part": "all", "parts": {"all": 120}}
    made = RowPage(("sample_id", "at", "numerator", "denominator", "place", "note"), rows, **{**plain, **page})
    unit = line_of(ranking(), "S2").unit
    first, last = datetime(2024, 5, 1), datetime(2024, 5, 31, 23, 59, 59)
    return SourceRows(
        assessed_book.board(), of or about(), unit, "helmets", ("P2",), Amount(900, 1200), None, first, last, made
    )
