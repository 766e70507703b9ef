"""The comparison pages drawn of the small city (`compare_city`), for the questions that addresses ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from components import compare_clocks, compare_fair, compare_page, compare_trend
from components.look import Look
from domain.compare_views import CompareAsked
from i18n import translator
from tests.support.compare_city import ABSENT, CATALOGUE, City, city
from tests.support.trees import given_of, links, query

LANGS = ("zh", "en")
WORDY = re.compile(
    r"None|[{}]|\bnan\b|\binf\b|E[−+-]\d|−0\.0+(?!\d)|\b(?:compare|trend|fair|clocks|map|unit)\.[a-z_]+\b"
)
"""What no reader may see: gaps, raw keys, numbers that are none, minus nothing."""
QUESTIONS: dict[str, dict[str, str]] = {
    "as it opens": {},
    "a year": {"preset": "year"},
    "whole hours by weekday": {"preset": "week", "base": "weekday", "hours": "whole"},
    "the Spring Festival": {"preset": "jan_feb", "base": "lunar", "unit": "region"},
    "lunar far from it": {"preset": "quarter", "base": "lunar", "unit": "mode"},
    "a month of its own": {"preset": "month", "at": "2023-11-05", "unit": "kind"},
    "free days": {"from": "2023-03-03", "to": "2023-09-20", "base": "free", "base_from": "2022-03-03",
                  "base_to": "2022-09-20", "unit": "district"},
    "against nothing": {"preset": "90d", "base": "none", "unit": "kind"},
    "of rural stations": {"preset": "year", "region": "rural", "unit": "station"},
    "of some of a mode": {"preset": "quarter", "mode": "deep,full", "district": "D1", "unit": "district"},
    "of a district by class": {"preset": "365d", "district": "D2", "unit": "kind"},
    "of two stations": {"preset": "last_year", "station": "S1,S4", "unit": "region", "figure": "accident"},
    "one figure by week": {"figure": "deaths", "step": "week", "preset": "yesterday"},
    "incidents' clocks": {"preset": "month", "who": "incident", "limits": "region", "class": "accident,order"},
    "a figure without a mark": {"figure": ABSENT, "preset": "year"},
    "before the data": {"preset": "month", "at": "2020-05-05"},
    "where the data begin": {"preset": "month", "at": "2021-06-20", "unit": "station"},
}  # fmt: skip


def look(lang: str = "zh", past: str = "") -> Look:
    """Words that a missing key breaks."""
    return Look(translator(lang, strict=True), CATALOGUE, past)


PAGES: dict[str, Callable[..., Any]] = {
    "overview": lambda here, look, **args: compare_page.overview(
        here.compare(**args), here.trend(**args), here.clocks(**args), here.rules, look
    ),
    "tables": lambda here, look, **args: compare_page.tables(here.compare(**args), here.rules, look),
    "clocks": lambda here, look, **args: compare_clocks.clocks(
        here.clocks(**args), here.asked(**args), here.rules, look
    ),
    "trend": lambda here, look, **args: compare_trend.trend(here.trend(**args), here.rules, look),
    "fair": lambda here, look, **args: compare_fair.fair(here.fair(**args), here.rules, look),
}


def drawn(name: str, look: Look, here: City | None = None, /, **args: str) -> Any:
    """One page's tree, of the city as it stands."""
    return PAGES[name](here or city(), look, **args)


@cache
def seen(name: str, question: str) -> Any:
    """One page's tree in Chinese; not to be changed."""
    return drawn(name, look(), **QUESTIONS[question])


def read(address: str | dict[str, str]) -> CompareAsked:
    """What the address of a comparison page, or its parameters, ask of the city."""
    return city().asked(**(query(address) if isinstance(address, str) else address))


def addresses(tree: Any) -> list[str]:
    """Where a tree's links lead."""
    return [given_of(node)["href"] for node in links(tree)]


def ours(tree: Any) -> list[str]:
    """The addresses of comparison pages and files in a tree."""
    return [at for at in addresses(tree) if "/compare" in urlsplit(at).path]
