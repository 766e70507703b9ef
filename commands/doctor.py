"""`manage.py doctor`: is everything there, and does it fit together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.maps_loader import load_map_rules
from commands.tools import Tools
from data_access import migrate
from data_access.state import current_version, feeds
from data_access.tables import data_version, dispatch_order, dispatch_pack, incident, incident_pack
from domain.colour import FeedState
from domain.errors import BoardError
from services.board import feed_states
from services.worker import HEARTBEAT

Finding = tuple[str, bool, str]
"""What was looked at, whether it is well, and what was found."""


def findings(tools: Tools) -> Iterator[Finding]:
    """Look at rules, database, structure and sources, in this order; later ones may depend on earlier ones."""
    checks: tuple[tuple[str, Callable[[Tools], str]], ...] = (
        ("rules", _rules),
        ("database", _database),
        ("structure", _structure),
        ("feeds", _feeds),
        ("maps", _maps),
        ("comparisons", _comparisons),
        ("worker", _worker),
    )
    for name, check in checks:
        try:
            yield name, True, check(tools)
        except BoardError as error:
            yield name, False, tools.sentence(error)
        except SQLAlchemyError as error:
            yield name, False, (str(error).splitlines() or [type(error).__name__])[0]


def _rules(tools: Tools) -> str:
    rules = tools.rules
    return tools.t("cli.doctor_rules", version=rules.version, on=len(rules.active), all=len(rules.tasks))


def _database(tools: Tools) -> str:
    with tools.engine.connect() as connection:
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return f"{tools.engine.dialect.name} {version}"


def _structure(tools: Tools) -> str:
    if not inspect(tools.engine).has_table("station"):
        raise BoardError("cli.db_empty")
    problems = list(migrate.check(tools.engine))
    if problems:
        raise BoardError("cli.db_differs_at", what="; ".join(problems)[:200])
    with tools.engine.connect() as connection:
        return tools.t(
            "cli.doctor_structure", revision=migrate.current(tools.engine), version=current_version(connection)
        )


def _feeds(tools: Tools) -> str:
    with tools.engine.connect() as connection:
        states = feed_states(feeds(connection), tools.rules.active, tools.now())
    groups = {state: [code for code, feed in states.items() if feed.state is state] for state in FeedState}
    text = tools.t("cli.doctor_feeds", **{state.value: len(codes) for state, codes in groups.items()})
    late = ", ".join(groups[FeedState.LATE])
    return f"{text} {late}".strip()


def _maps(tools: Tools) -> str:
    """The rules of maps can be read; how many incidents wait for the worker is told, but is no fault."""
    rules = load_map_rules(tools.settings.catalogue_dir)
    with tools.engine.connect() as connection:
        rows = int(connection.execute(select(func.count()).select_from(incident)).scalar() or 0)
        packed = int(connection.execute(select(func.sum(incident_pack.c.row_count))).scalar() or 0)
    if packed != rows:
        return tools.t("cli.doctor_unpacked", rows=rows, packed=packed)
    return tools.t("cli.doctor_maps", version=rules.version, rows=rows)


def _comparisons(tools: Tools) -> str:
    """The rules of comparisons and clocks can be read; how many orders wait for the worker is told, but is no fault."""
    rules = load_compare_rules(tools.settings.catalogue_dir)
    load_clock_rules(tools.rules, tools.settings.catalogue_dir)
    with tools.engine.connect() as connection:
        rows = int(connection.execute(select(func.count()).select_from(dispatch_order)).scalar() or 0)
        packed = int(connection.execute(select(func.sum(dispatch_pack.c.row_count))).scalar() or 0)
    key = "cli.doctor_orders_unpacked" if packed != rows else "cli.doctor_comparisons"
    return tools.t(key, version=rules.version, rows=rows, packed=packed)


def _worker(tools: Tools) -> str:
    """When the worker last finished a round; a deployment that only imports needs none."""
    with tools.engine.connect() as connection:
        beat = connection.execute(select(data_version.c.changed_at).where(data_version.c.name == HEARTBEAT)).scalar()
    return tools.t("cli.doctor_worker", at=tools.t.moment(beat, seconds=True)) if beat else tools.t("cli.doctor_idle")
