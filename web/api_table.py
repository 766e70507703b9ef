"""The one table of the JSON interface: what is read, with parameters and answers; the deeds are in `web.api_deeds`.

The check of requests and the OpenAPI document are made of it; a test compares it with the server's own list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.views import BoardView
from web import api_params as p
from web import api_shapes as a
from web import api_shapes_assessment as scores
from web import api_shapes_compare as figures

HEAD = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """An address that is read.

    Args:
        rule: as Flask writes it, below `HEAD`. name: its operation; `api.route.<name>` describes it.
        answer: the type of what it answers. kept: answers 304 to whoever still has it.
    """

    rule: str
    name: str
    answer: Any
    params: tuple[p.Param, ...] = (p.AS_OF,)
    kept: bool = False


ROUTES = (
    Route("/board", "board", BoardView),
    Route("/stations/<code>", "station", a.StationAnswer),
    Route("/stations/<code>/tasks/<task>", "cell", a.CellAnswer, p.ROWS),
    Route("/tasks/<code>", "task", a.TaskAnswer),
    Route("/themes/<code>", "theme", a.ThemeAnswer),
    Route("/feeds", "feeds", a.FeedsAnswer),
    Route("/alerts", "alerts", a.AlertsAnswer, p.ALERTS),
    Route("/map", "map", a.MapAnswer, p.MAP),
    Route("/map/hotspots", "spots", a.SpotsAnswer, p.MAP),
    Route("/map/incidents", "incidents", a.IncidentsAnswer, (*p.MAP, p.PAGE, p.OF)),
    Route("/map/points", "points", a.PointsAnswer, (*p.MAP, p.BBOX, p.OF)),
    Route("/map/shapes", "shapes", a.ShapesAnswer, p.SHAPES, kept=True),
    Route("/hotspots", "hotspots", a.HotspotsAnswer, p.HOTSPOTS),
    Route("/hotspots/<hotspot_id>", "hotspot", a.HotspotAnswer),
    Route("/duty", "duties", a.DutiesAnswer, p.DUTY),
    Route("/duty/<code>", "duty", a.DutyAnswer, p.DUTY),
    Route("/compare", "compare", figures.CompareAnswer, p.COMPARE, kept=True),
    Route("/compare/clocks", "clocks", figures.ClocksAnswer, p.COMPARE, kept=True),
    Route("/compare/trend", "trend", figures.TrendAnswer, p.COMPARE, kept=True),
    Route("/compare/fair", "fair", figures.FairAnswer, p.COMPARE, kept=True),
    Route("/compare/figures", "figures", figures.FiguresAnswer, (), kept=True),
    Route("/assessment", "ranking", scores.RankingAnswer, (*p.MONTH, p.VERSION)),
    Route("/assessment/year", "year", scores.YearAnswer, p.MONTH),
    Route("/assessment/districts", "districts", scores.DistrictsAnswer, p.MONTH),
    Route("/assessment/versus", "versus", scores.VersusAnswer, p.VERSUS),
    Route("/assessment/modes", "modes", scores.ModesAnswer),
    Route("/assessment/<station>", "sheet", scores.SheetAnswer, (*p.MONTH, p.VERSION)),
    Route("/assessment/<station>/what-if", "what_if", scores.WhatIfAnswer, (*p.MONTH, p.TRY)),
    Route("/me", "me", a.MeAnswer, ()),
    Route("/openapi.json", "openapi", dict[str, Any], (), kept=True),
)
BY_RULE = {f"{HEAD}{route.rule}": route for route in ROUTES}
