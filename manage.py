"""The command line. Every command is described in docs/operations.md."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from catalogue.loader import load_catalogue
from data_access import migrate
from data_access.clock import wall_clock
from data_access.demo import clear_demo, continue_demo, load_demo
from data_access.engine import open_engine
from data_access.refresh import refresh as run_refresh
from data_access.state import current_version, feeds, is_demo
from domain.errors import BoardError
from domain.task import Catalogue
from i18n import translator
from settings import Settings, load_settings

DEMO_SEED = 20240506
BACKFILL_DAYS = 45


class Tools:
    """What the commands share: settings, rules, engine, clock and words. Opened on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine: Engine = open_engine(settings.database_url)
        self.now: Callable[[], datetime] = wall_clock(settings.zone)
        self.t = translator(settings.lang)

    @property
    def rules(self) -> Catalogue:
        return load_catalogue(overrides=self.settings.catalogue_dir)

    def say(self, key: str, **params: object) -> None:
        """Print a translated sentence."""
        click.echo(self.t(f"cli.{key}", **params))

    def bar(self, label: str) -> Callable[[float], None]:
        """A function that moves a progress bar to a share 0..1."""
        shown = click.progressbar(length=1000, label=self.t(f"cli.{label}"), width=32)

        def move(share: float) -> None:
            shown.update(max(0, int(share * 1000) - shown.pos))
            if share >= 1:
                shown.render_finish()

        return move


class Commands(click.Group):
    """A group whose known errors end with one sentence and exit status 1, not with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BoardError as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            raise click.ClickException(f"{type(error).__name__}: {str(error).splitlines()[0]}") from error


@click.group(cls=Commands)
@click.pass_context
def main(ctx: click.Context) -> None:
    """The daily clear board's command line."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ctx.obj = Tools(settings)


@main.group()
def db() -> None:
    """The database's structure."""


@db.command("upgrade")
@click.argument("revision", default="head")
@click.pass_obj
def db_upgrade(tools: Tools, revision: str) -> None:
    """Bring the tables to REVISION (default: the newest)."""
    migrate.upgrade(tools.engine, revision)
    tools.say("db_at", revision=migrate.current(tools.engine) or "-")


@db.command("downgrade")
@click.argument("revision")
@click.pass_obj
def db_downgrade(tools: Tools, revision: str) -> None:
    """Take the tables back to REVISION ("base" removes them all, with their rows)."""
    migrate.downgrade(tools.engine, revision)
    tools.say("db_at", revision=migrate.current(tools.engine) or "-")


@db.command("check")
@click.pass_obj
def db_check(tools: Tools) -> None:
    """Say whether tables and program agree; exit status 1 when they do not."""
    problems = list(migrate.check(tools.engine))
    for problem in problems:
        click.echo(problem)
    tools.say("db_differs" if problems else "db_agrees")
    sys.exit(1 if problems else 0)


@main.command()
@click.option("--seed", default=DEMO_SEED, show_default=True, help="another seed gives another district")
@click.option("--months", default=26, show_default=True, help="months of past")
@click.option("--if-empty", is_flag=True, help="do nothing when the database already holds rows")
@click.option("--clear", is_flag=True, help="remove the demo district instead")
@click.pass_obj
def demo(tools: Tools, seed: int, months: int, if_empty: bool, clear: bool) -> None:
    """Load the invented demo district (or remove it)."""
    if tools.settings.mode == "production" and not clear:
        raise click.ClickException(tools.t("cli.demo_in_production"))
    if clear:
        clear_demo(tools.engine)
        _refresh(tools, full=True)
        return tools.say("demo_cleared")
    if if_empty and _holds_rows(tools.engine):
        return tools.say("demo_kept")
    report = load_demo(tools.engine, now=tools.now(), seed=seed, months=months, progress=tools.bar("demo_loading"))
    tools.say("demo_loaded", rows=sum(report.rows.values()), seconds=f"{report.seconds:.1f}")
    _refresh(tools, full=False)
    _backfill(tools, BACKFILL_DAYS)
    return None


def _holds_rows(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(feeds(connection))


def _refresh(tools: Tools, *, full: bool) -> None:
    report = run_refresh(tools.engine, tools.rules, tools.now(), full=full, progress=tools.bar("refreshing"))
    tools.say("refreshed", changed=report.changed_rows, days=report.days, seconds=f"{report.seconds:.1f}")


def _backfill(tools: Tools, days: int) -> None:
    from services.closing import backfill

    today = tools.now().date()
    backfill(tools.engine, tools.rules, today - timedelta(days=days), today - timedelta(days=1), tools.now())
    tools.say("backfilled", days=days)


@main.command("import")
@click.option("--profile", required=True, help="110, generic, rome-open-data, or one of BOARD_PROFILES_DIR")
@click.option("--table", default=None, help="target table, where the profile does not tell it from the file name")
@click.option("--no-refresh", is_flag=True, help="leave the rollups to the worker")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def import_(tools: Tools, profile: str, table: str | None, no_refresh: bool, files: tuple[Path, ...]) -> None:
    """Load FILES (CSV, XLSX, GeoJSON, or archives of them); rejected rows go to a file of their own."""
    from cli_import import import_files

    good = import_files(tools, profile, table, files)
    if not no_refresh:
        _refresh(tools, full=False)
    sys.exit(0 if good else 1)


@main.command()
@click.option("--full", is_flag=True, help="compare with every row, find deleted ones")
@click.pass_obj
def refresh(tools: Tools, full: bool) -> None:
    """Bring the rollups up to date with the rows."""
    _refresh(tools, full=full)


@main.command("close-day")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--again", is_flag=True, help="freeze a day that is frozen already; written to the audit log")
@click.option("--actor", default=lambda: os.environ.get("USER", "console"), help="who orders it")
@click.pass_obj
def close_day(tools: Tools, day: datetime, again: bool, actor: str) -> None:
    """Freeze the board of DAY (YYYY-MM-DD) as it stands."""
    from services.closing import close_day as close

    count = close(tools.engine, tools.rules, day.date(), tools.now(), again=again, actor=actor)
    tools.say("day_closed", day=day.date(), cells=count)


@main.command()
@click.pass_obj
def worker(tools: Tools) -> None:
    """Keep the rollups up to date and freeze closed days, until stopped. Two of them do no harm."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(tools, stop)


def run(tools: Tools, stop: threading.Event) -> None:
    """The worker's loop until `stop` is set; continues the demo while it is loaded."""
    from services.worker import run_worker

    run_worker(
        tools.engine,
        tools.rules,
        tools.now,
        stop,
        refresh_seconds=tools.settings.refresh_seconds,
        freeze_at=tools.settings.freeze_at,
        live=_live if tools.settings.mode != "production" else None,
    )


def _live(engine: Engine, since: datetime, now: datetime) -> int:
    with engine.connect() as connection:
        if not is_demo(connection):
            return 0
    return continue_demo(engine, since=since, now=now, seed=DEMO_SEED)


@main.command()
@click.option("--with-worker", is_flag=True, help="run the worker beside the server (small installations, demo)")
@click.pass_obj
def serve(tools: Tools, with_worker: bool) -> None:
    """Serve the board with gunicorn until stopped."""
    from app import create_server
    from web.serving import serve as start

    settings = tools.settings
    if settings.mode == "production":
        _ready_for_production(tools)
    tools.say("serving", url=f"http://{settings.host}:{settings.port}/")
    address = (settings.host, settings.port)
    start(create_server, address, workers=settings.workers, threads=settings.threads, with_worker=with_worker)


def _ready_for_production(tools: Tools) -> None:
    with tools.engine.connect() as connection:
        if is_demo(connection):
            raise click.ClickException(tools.t("cli.demo_in_production"))


@main.command()
@click.pass_obj
def doctor(tools: Tools) -> None:
    """Check settings, rules, database, structure, feeds; exit status 1 when something is wrong."""
    good = True
    for name, check in (("rules", _rules_say), ("database", _database_says), ("structure", _structure_says)):
        try:
            click.echo(f"[ok]   {name}: {check(tools)}")
        except (BoardError, SQLAlchemyError, RuntimeError) as error:
            good = False
            click.echo(f"[FAIL] {name}: {str(error).splitlines()[0]}")
    sys.exit(0 if good else 1)


def _rules_say(tools: Tools) -> str:
    rules = tools.rules
    return f"{rules.version}, {len(rules.active)}/{len(rules.tasks)}"


def _database_says(tools: Tools) -> str:
    with tools.engine.connect() as connection:
        name = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return f"{tools.engine.dialect.name} {name}"


def _structure_says(tools: Tools) -> str:
    if not inspect(tools.engine).has_table("station"):
        raise RuntimeError(tools.t("cli.db_empty"))
    problems = list(migrate.check(tools.engine))
    if problems:
        raise RuntimeError("; ".join(problems)[:200])
    with tools.engine.connect() as connection:
        return f"{migrate.current(tools.engine)}, data version {current_version(connection)}"


if __name__ == "__main__":
    main(prog_name="manage.py")
