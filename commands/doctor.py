"""`manage.py doctor`: is everything there, does it fit together, and what is to be done?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from catalogue.assessment_loader import load_assessment
from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.maps_loader import load_map_rules
from commands.doctor_access import ACCESS
from commands.doctor_findings import Finding, fault, note, well
from commands.doctor_machine import MACHINE
from commands.tools import Tools
from data_access import migrate
from data_access.state import current_version, feeds, is_demo
from data_access.tables import dispatch_order, dispatch_pack, incident, incident_pack
from domain.colour import FeedState
from domain.errors import BoardError
from services.board import feed_states
from services.readiness import worker_check

Check = Callable[[Tools], Finding]


def findings(tools: Tools) -> Iterator[tuple[str, Finding]]:
    """Look at everything, the machine first; later checks may depend on earlier ones.

    A check that itself fails is a fault with the reason, and does not keep the others from running.
    """
    checks: tuple[tuple[str, Check], ...] = (
        *MACHINE,
        ("rules", _rules),
        ("database", _database),
        ("structure", _structure),
        ("demo", _demo),
        *ACCESS,
        ("feeds", _feeds),
        ("maps", _maps),
        ("comparisons", _comparisons),
        ("worker", _worker),
    )
    for name, check in checks:
        try:
            yield name, check(tools)
        except BoardError as error:
            yield name, fault(tools.sentence(error))
        except SQLAlchemyError as error:
            yield name, fault((str(error).splitlines() or [type(error).__name__])[0], tools.t("cli.doctor_do.database"))
        except OSError as error:
            yield name, fault(f"{error.filename}: {error.strerror}")


def _rules(tools: Tools) -> Finding:
    rules = tools.rules
    load_assessment(rules, tools.settings.catalogue_dir)
    return well(tools.t("cli.doctor_rules", version=rules.version, on=len(rules.active), all=len(rules.tasks)))


def _database(tools: Tools) -> Finding:
    with tools.engine.connect() as connection:
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return well(f"{tools.engine.dialect.name} {version}")


def _structure(tools: Tools) -> Finding:
    if not inspect(tools.engine).has_table("station"):
        raise BoardError("cli.db_empty")
    problems = list(migrate.check(tools.engine))
    if problems:
        raise BoardError("cli.db_differs_at", what="; ".join(problems)[:200])
    with tools.engine.connect() as connection:
        version = current_version(connection)
    return well(tools.t("cli.doctor_structure", revision=migrate.current(tools.engine), version=version))


def _demo(tools: Tools) -> Finding:
    with tools.engine.connect() as connection:
        loaded = is_demo(connection)
    if loaded and tools.settings.mode == "production":
        return fault(tools.t("cli.doctor_demo_loaded"), tools.t("cli.doctor_do.demo"))
    return well(tools.t("cli.doctor_demo_loaded" if loaded else "cli.doctor_no_demo"))


def _feeds(tools: Tools) -> Finding:
    with tools.engine.connect() as connection:
        states = feed_states(feeds(connection), tools.rules.active, tools.now())
    groups = {state: [code for code, feed in states.items() if feed.state is state] for state in FeedState}
    text = tools.t("cli.doctor_feeds", **{state.value: len(codes) for state, codes in groups.items()})
    late = ", ".join(groups[FeedState.LATE])
    return note(f"{text} {late}", tools.t("cli.doctor_do.feeds")) if late else well(text)


def _maps(tools: Tools) -> Finding:
    """The rules of maps can be read; how many incidents wait for the worker is told, but is no fault."""
    rules = load_map_rules(tools.settings.catalogue_dir)
    with tools.engine.connect() as connection:
        rows = int(connection.execute(select(func.count()).select_from(incident)).scalar() or 0)
        packed = int(connection.execute(select(func.sum(incident_pack.c.row_count))).scalar() or 0)
    if packed != rows:
        return note(tools.t("cli.doctor_unpacked", rows=rows, packed=packed))
    return well(tools.t("cli.doctor_maps", version=rules.version, rows=rows))


def _comparisons(tools: Tools) -> Finding:
    """The rules of comparisons and clocks can be read; how many orders wait for the worker is told, but is no fault."""
    rules = load_compare_rules(tools.settings.catalogue_dir)
    load_clock_rules(tools.rules, tools.settings.catalogue_dir)
    with tools.engine.connect() as connection:
        rows = int(connection.execute(select(func.count()).select_from(dispatch_order)).scalar() or 0)
        packed = int(connection.execute(select(func.sum(dispatch_pack.c.row_count))).scalar() or 0)
    if packed != rows:
        return note(tools.t("cli.doctor_orders_unpacked", version=rules.version, rows=rows, packed=packed))
    return well(tools.t("cli.doctor_comparisons", version=rules.version, rows=rows, packed=packed))


def _worker(tools: Tools) -> Finding:
    """When the worker last finished a round; a deployment that only imports needs none.

    In production one that stopped is a fault. A trial that was switched off over night is not.
    """
    found = worker_check(tools.engine, tools.now(), timedelta(seconds=tools.settings.worker_late_seconds))
    said = tools.t(f"ready.worker.{found.state}", **found.facts)
    if found.ok:
        return well(said)
    return (fault if tools.settings.mode == "production" else note)(said, tools.t("cli.doctor_do.worker"))
