"""Reading `compare.toml` into `CompareRules`. Wrong input is named by file, key and value."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from catalogue.loader import checked
from catalogue.overrides import Strict, by_code, read_over
from domain.compare_rules import CompareRules, Figure, Share, TrendRule
from domain.errors import BadRequest, CatalogueError
from domain.incident_filter import Filter, narrowed, parse

_FILE = "compare.toml"
ALLOWED = frozenset({"class", "sub", "channel", "found", "valid", "repeat", "severity", "tag", "placed"})
"""What a figure may be narrowed by: what stands in the incident's own record, neither time nor place."""
MOST_TAGS = 64
_Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class _Names(Strict):
    zh: Annotated[str, Field(min_length=1, max_length=40)]
    en: Annotated[str, Field(min_length=1, max_length=60)]


class _Figure(Strict):
    code: _Code
    names: _Names
    where: dict[str, str] = Field(default_factory=dict)
    sum: Literal["incidents", "deaths", "injuries"] = "incidents"
    unit: _Code = "incidents"
    good: Literal["down", "up", "none"] = "down"
    headline: bool = True
    wide: bool = False
    optional: bool = False


class _Share(Strict):
    code: _Code
    names: _Names
    part: _Code
    whole: _Code
    good: Literal["down", "up", "none"] = "down"
    goal: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    headline: bool = False


class _Trend(Strict):
    rule: Literal["control", "mean"]
    window: Annotated[int, Field(ge=4, le=104)]
    far: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
    years: Annotated[int, Field(ge=1, le=10)]


class _Compare(Strict):
    q: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
    history_weeks: Annotated[int, Field(ge=10, le=520)]
    main: _Code
    feeds: Annotated[list[_Code], Field(max_length=20)]
    trend: _Trend
    figure: Annotated[list[_Figure], Field(min_length=1, max_length=100)]
    share: Annotated[list[_Share], Field(max_length=60)]


def load_compare_rules(overrides: Path | None = None) -> CompareRules:
    """The shipped figures with a deployment's own laid over them: keys one by one, entries by their code.

    Raises:
        CatalogueError: wrong syntax, key, value or reference; names the file.
    """
    raw, path = read_over(_FILE, overrides, by_code("figure", "share"))
    found = checked(_Compare, raw, path)
    _unique(found, path)
    rules = CompareRules(
        figures=tuple(_figure(one, path) for one in found.figure),
        shares=tuple(Share(**{**one.model_dump(), "names": one.names.model_dump()}) for one in found.share),
        trend=TrendRule(**found.trend.model_dump()),
        q=found.q,
        history_weeks=found.history_weeks,
        main=found.main,
        feeds=tuple(found.feeds),
        version=hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:10],
    )
    _known(rules, path)
    return rules


def _unique(found: _Compare, path: Path) -> None:
    codes = [*(one.code for one in found.figure), *(one.code for one in found.share)]
    for code in codes:
        if codes.count(code) > 1:
            raise _wrong(path, code, f"the code {code!r} is used twice")


def _figure(one: _Figure, path: Path) -> Figure:
    given = {**one.model_dump(), "names": one.names.model_dump()}
    where = given.pop("where")
    for name in where:
        if name not in ALLOWED:
            raise _wrong(path, f"{one.code}.where", f"{name!r} is none of {', '.join(sorted(ALLOWED))}")
    try:
        wanted: Filter = parse(where)
    except BadRequest as error:
        raise _wrong(path, f"{one.code}.where", f"{error.params.get('value')!r} makes no sense here") from error
    if where and not narrowed(wanted) and where != {"valid": "yes"}:
        raise _wrong(path, f"{one.code}.where", "narrows nothing")
    return Figure(filter=wanted, **given)


def _known(rules: CompareRules, path: Path) -> None:
    for share in rules.shares:
        pair = rules.figure(share.part), rules.figure(share.whole)
        for key, code, figure in zip(("part", "whole"), (share.part, share.whole), pair, strict=True):
            if figure is None:
                raise _wrong(path, f"{share.code}.{key}", f"there is no figure {code!r}")
        if not _inside(*pair):  # type: ignore[arg-type]
            raise _wrong(path, f"{share.code}.part", f"{share.part!r} may count what {share.whole!r} does not")
    if rules.figure(rules.main) is None:
        raise _wrong(path, "main", f"there is no figure {rules.main!r}")
    if not any(one.sum == "incidents" and one.filter == Filter() for one in rules.figures):
        raise _wrong(path, "figure", "none counts every valid incident, which classes add up to")
    if not rules.wide:
        raise _wrong(path, "figure", "none is wide, but tables need a column")
    if len({tag for one in rules.figures for tag in one.filter.tags}) > MOST_TAGS:
        raise _wrong(path, "figure", f"more than {MOST_TAGS} different tags")


def _inside(part: Figure, whole: Figure) -> bool:
    """Whatever `part` counts, `whole` counts too, as both are written."""
    if part.sum != whole.sum:
        return False
    for one in fields(Filter):
        narrow, wide = getattr(part.filter, one.name), getattr(whole.filter, one.name)
        if wide in ("", "all", ()) or wide == narrow:
            continue
        if isinstance(wide, tuple) and narrow and set(narrow) <= set(wide):
            continue
        if (wide, narrow) not in (("others", "citizen"), ("others", "unknown")):
            return False
    return True


def _wrong(path: Path, where: str, detail: str) -> CatalogueError:
    return CatalogueError("error.catalogue", file=str(path), where=where, detail=detail)
