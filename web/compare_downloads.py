"""Spreadsheets and text tables of the comparison pages, through the same door as the screen."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from domain.compare_views import CompareBook
from exports import compare_clocks, compare_fair, compare_table, compare_trend
from i18n import Translator
from services.compare import compare_book
from web import compare_answers, language
from web.downloads import as_file, known

compare_downloads = Blueprint("compare_downloads", __name__)


@compare_downloads.get("/download/compare.<form>")
def compare(form: str) -> Response:
    """The comparison page: as a workbook with every table of it, as text the table of the unit asked for."""
    rules, t = compare_answers.rules(), language.translator()
    if known(form) == "csv":
        view = compare_answers.compare(request.args)
        return _file(compare_table.compare_csv(view, rules, t), t("compare.title"), view.board.as_of, form)
    book = _book()
    return _file(compare_table.compare_xlsx(book, rules, t), t("compare.title"), book.view.board.as_of, form)


@compare_downloads.get("/download/compare-clocks.<form>")
def clocks(form: str) -> Response:
    """The response clocks, by station, hour and class too."""
    write = {"csv": compare_clocks.clocks_csv, "xlsx": compare_clocks.clocks_xlsx}[known(form)]
    view, asked, t = compare_answers.clocks(request.args), compare_answers.question(request.args), language.translator()
    return _file(write(view, asked, t), _name("clocks", t), view.board.as_of, form)


@compare_downloads.get("/download/compare-trend.<form>")
def trend(form: str) -> Response:
    """The course of the figure in focus."""
    write = {"csv": compare_trend.trend_csv, "xlsx": compare_trend.trend_xlsx}[known(form)]
    view, t = compare_answers.trend(request.args), language.translator()
    return _file(write(view, compare_answers.rules(), t), _name("trend", t), view.board.as_of, form)


@compare_downloads.get("/download/compare-fair.<form>")
def fair(form: str) -> Response:
    """Stations compared by rate."""
    write = {"csv": compare_fair.fair_csv, "xlsx": compare_fair.fair_xlsx}[known(form)]
    view, t = compare_answers.fair(request.args), language.translator()
    return _file(write(view, compare_answers.rules(), t), _name("fair", t), view.board.as_of, form)


def _name(tab: str, t: Translator) -> str:
    return f"{t('compare.title')}-{t(f'compare.tab.{tab}')}"


def _book() -> CompareBook:
    """Every kind of unit, for the periods that the page shows, from one read."""
    asked, ground = compare_answers.compare(request.args).asked, compare_answers.ground()
    return compare_answers.kept(
        "compare-book", request.args, lambda scope, now, _: compare_book(ground, scope, asked, now)
    )


def _file(body: bytes, name: str, as_of: datetime, form: str) -> Response:
    """A file named after what it holds and when."""
    return as_file(body, f"{name}-{as_of:%Y%m%d%H%M}.{form}", form)
