"""Spreadsheets and text tables of the comparison pages, through the same door as the screen."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from domain.compare_views import CompareBook
from exports import compare_table
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


def _book() -> CompareBook:
    """Every kind of unit, for the periods that the page shows, from one read."""
    asked, ground = compare_answers.compare(request.args).asked, compare_answers.ground()
    return compare_answers.kept(
        "compare-book", request.args, lambda scope, now, _: compare_book(ground, scope, asked, now)
    )


def _file(body: bytes, name: str, as_of: datetime, form: str) -> Response:
    """A file named after what it holds and when."""
    return as_file(body, f"{name}-{as_of:%Y%m%d%H%M}.{form}", form)
