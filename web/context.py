"""What the web layer holds for the life of a process, put there by `create_app`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from flask_caching import Cache
from sqlalchemy import Engine

from domain.alerts import AlertRules
from domain.assessment_rules import RuleBook
from domain.clock_rules import ClockRules
from domain.compare_rules import CompareRules
from domain.map_rules import MapRules
from domain.task import Catalogue
from domain.wall_rules import NO_WALLS, WallRules
from web.access_rules import AccessRules

EXTENSION = "board"


@dataclass(frozen=True, slots=True)
class Context:
    """The process's engine, rules, clock, cache and the few settings the web layer needs.

    `engine` only reads; `writer` is for the few deeds a page may do (hot-spot records, the assessment, alerts). `now`
    gives the wall time of the deployment, without zone, to the second. `calendar`: whose public holidays ("CN"
    or "none"). `hotspot_editing`: hot-spot records may be changed here; `assessment_editing`: months locked, points
    and appeals written; `alert_editing`: alerts acknowledged. `recent`: large answers kept by this process
    (`web.cached`). `assessment`: the rules of the monthly assessment; `desks`: what they are asked with, by database
    (`web.assessment_answers`). `wall`: screens of wall displays. `open_access`: a wall may be looked at
    without a token. `access`: who may come in, and how.
    `shipped`: themes and tasks without the deployment's own; `catalogue_dir`: where those lie.
    """

    engine: Engine
    catalogue: Catalogue
    now: Callable[[], datetime]
    cache: Cache
    build: str
    default_lang: str
    unit_name: str
    poll_seconds: int
    tick_seconds: int
    map_rules: MapRules
    compare_rules: CompareRules
    clock_rules: ClockRules
    calendar: str
    writer: Engine
    alert_rules: AlertRules
    assessment: RuleBook = field(default_factory=lambda: RuleBook(()))
    hotspot_editing: bool = True
    assessment_editing: bool = True
    access: AccessRules = field(default_factory=AccessRules)
    alert_editing: bool = True
    wall: WallRules = NO_WALLS
    open_access: bool = False
    shipped: Catalogue | None = None
    catalogue_dir: str = ""
    recent: OrderedDict[str, Any] = field(default_factory=OrderedDict, repr=False)
    desks: dict[tuple[int, int], Any] = field(default_factory=dict, repr=False)


def context() -> Context:
    """The running application's context."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Context)
    return found
