"""Spreadsheets and text tables of the map pages, through the same door as the screen."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from components.look import Look
from components.map_filter import unit_names
from domain.incident_views import RowsView
from exports import incident_table, map_table
from services.cell import MOST_ROWS
from web import answers, language, map_answers
from web.downloads import as_file, known

map_downloads = Blueprint("map_downloads", __name__)


@map_downloads.get("/download/map.xlsx")
def heat() -> Response:
    """The map as tables: units, hexagons, hours, days, definitions."""
    view, t = map_answers.heat(request.args), language.translator()
    return as_file(map_table.map_xlsx(view, t), f"{t('map.title')}-{view.board.as_of:%Y%m%d%H%M}.xlsx", "xlsx")


@map_downloads.get("/download/incidents.<kind>")
def incidents(kind: str) -> Response:
    """All incidents behind a number, up to 100 000."""
    write = {"csv": incident_table.incidents_csv, "xlsx": incident_table.incidents_xlsx}[known(kind)]
    view, t = _told(map_answers.rows({**request.args, "page": "1"}, MOST_ROWS)), language.translator()
    names = unit_names(map_answers.options(), Look(t, answers.catalogue()))
    return as_file(write(view, t, names), f"{t('incidents.title')}-{view.board.as_of:%Y%m%d%H%M}.{kind}", kind)


def _told(view: RowsView) -> RowsView:
    """With the second period as the one that its file is about, when its rows were asked for."""
    if request.args.get("of") != "base" or view.asked.base is None:
        return view
    return replace(view, asked=replace(view.asked, span=view.asked.base, preset="", base=None, base_name="none"))
