"""The assessment as a workbook and as a text table, through the same door as the screen."""

from __future__ import annotations

from flask import Blueprint, Response, request

from exports.assessment_book import assessment_csv, assessment_xlsx, file_name
from web import answers, assessment_answers, language
from web.downloads import as_file

assessment_downloads = Blueprint("assessment_downloads", __name__)


@assessment_downloads.get("/download/assessment.xlsx")
def book() -> Response:
    """The month's workbook: ?month= &version= &as_of=."""
    found, t = assessment_answers.book(request.args), language.translator()
    body = assessment_xlsx(found, answers.catalogue(), t)
    return as_file(body, f"{file_name(found.view.about.month, t)}.xlsx", "xlsx")


@assessment_downloads.get("/download/assessment.csv")
def table() -> Response:
    """The scores of all modes: ?month= &version= &as_of=."""
    view, t = assessment_answers.ranking(request.args), language.translator()
    body = assessment_csv(view, answers.catalogue(), t)
    return as_file(body, f"{file_name(view.about.month, t)}.csv", "csv")
