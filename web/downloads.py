"""Spreadsheets and text tables of what is on screen, through the same door as the screen."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, request

from domain.errors import BadRequest, NotFound
from exports import board_table, row_table
from services.cell import MOST_ROWS
from web import answers, language

downloads = Blueprint("downloads", __name__)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(body: bytes, name: str, kind: str) -> Response:
    """A file to be saved under `name`; `kind` is csv or xlsx."""
    plain = name.encode("ascii", "ignore").decode().lstrip("-. ") or f"export.{kind}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(body, mimetype=_TYPES[kind], headers=headers)


def known(kind: str) -> str:
    """`kind`, when it is one that can be written.

    Raises:
        NotFound: it is not.
    """
    if kind not in _TYPES:
        raise NotFound("error.page_unknown")
    return kind


@downloads.get("/download/board.<kind>")
def board(kind: str) -> Response:
    """The board as the viewer sees it."""
    view = answers.board(request.args.get("as_of"))
    write = {"csv": board_table.board_csv, "xlsx": board_table.board_xlsx}[known(kind)]
    t = language.translator()
    return as_file(
        write(view, answers.catalogue(), t), f"{t('export.board_file', date=view.board.as_of.date())}.{kind}", kind
    )


@downloads.get("/download/rows.<kind>")
def rows(kind: str) -> Response:
    """All rows behind one cell, up to 100 000."""
    station, task = request.args.get("station", ""), request.args.get("task", "")
    if not station or not task:
        raise BadRequest("error.bad_part", value="")
    wanted = {**answers.wanted_rows(request.args), "page": 1, "size": MOST_ROWS}
    view = answers.cell(station, task, request.args.get("as_of"), **wanted)
    write = {"csv": row_table.rows_csv, "xlsx": row_table.rows_xlsx}[known(kind)]
    t = language.translator()
    return as_file(
        write(view, answers.catalogue(), t), f"{task}-{view.unit.short_name}-{view.board.as_of:%Y%m%d%H%M}.{kind}", kind
    )
