"""What every chart's `config` must say: nothing reaches out, and the words follow the language."""

from __future__ import annotations

from typing import Any

from i18n import Translator, translator

TOPOJSON = "/assets/topojson/"
BUTTONS = (
    "autoscale",
    "compare",
    "zoom_back",
    "download_png",
    "download",
    "pan",
    "reset",
    "reset_axes",
    "closest",
    "spikes",
    "zoom",
    "zoom_in",
    "zoom_out",
)


def graph_config(t: Translator, **more: Any) -> dict[str, Any]:
    """The `config` of a `dcc.Graph`.

    Args:
        more: further entries; they win.
    """
    config: dict[str, Any] = {
        "locale": t.html_lang,
        "locales": {"zh-CN": locale(translator("zh"))},
        "displaylogo": False,
        "responsive": True,
        "showSendToCloud": False,
        "showEditInChartStudio": False,
        "plotlyServerURL": "",
        "topojsonURL": TOPOJSON,
        "modeBarButtonsToRemove": ["sendDataToCloud", "lasso2d", "select2d", "autoScale2d"],
    }
    return {**config, **more}


def locale(t: Translator) -> dict[str, Any]:
    """A Plotly locale: the tool bar's words, names of days and months, formats.

    Plotly looks words up by their English text; its own file of a locale is not loaded.
    """
    english = translator("en")
    days = [t(f"plotly_weekday.{day}") for day in range(7)]
    months = [t("plotly_month.name", n=month) for month in range(1, 13)]
    return {
        "dictionary": {english(f"plotly.{name}"): t(f"plotly.{name}") for name in BUTTONS},
        "format": {
            "days": days,
            "shortDays": days,
            "months": months,
            "shortMonths": months,
            "date": "%Y-%m-%d",
            "dateTime": "%Y-%m-%d %H:%M:%S",
            "decimal": ".",
            "thousands": ",",
        },
    }
