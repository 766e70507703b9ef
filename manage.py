"""The command line. Every command is described in docs/operations.md."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import Engine

from app import create_server
from catalogue.alerts_loader import load_alert_rules
from commands.accounts import audit, user
from commands.assessment import lock, lock_demo, write_mode, write_points
from commands.backup import backup_command, restore_command
from commands.display import display
from commands.doctor import findings
from commands.doctor_findings import Grade
from commands.importing import import_files
from commands.tools import Commands, Tools
from data_access import migrate
from data_access.demo import SEED, clear_demo, continue_demo, load_demo
from data_access.refresh import refresh as run_refresh
from data_access.state import feeds, is_demo
from domain.assessment_records import NewAdjustment
from domain.errors import BoardError
from services.closing import backfill
from services.closing import close_day as freeze
from services.worker import run_worker
from settings import load_settings
from web import logs
from web.serving import serve as serve_until_stopped

BACKFILL_DAYS = 30


@click.group(cls=Commands)
@click.pass_context
def main(ctx: click.Context) -> None:
    """The daily clear board's command line."""
    settings = load_settings()
    logs.configure(settings.log_level, settings.log_format)
    ctx.obj = Tools(settings)


main.add_command(user)
main.add_command(audit)
main.add_command(backup_command)
main.add_command(restore_command)
main.add_command(display)


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
@click.option("--seed", default=SEED, show_default=True, help="another seed gives another district")
@click.option("--months", default=26, show_default=True, help="months of past")
@click.option("--if-empty", is_flag=True, help="do nothing when the database already holds rows")
@click.option("--clear", is_flag=True, help="remove the demo district instead")
@click.pass_obj
def demo(tools: Tools, seed: int, months: int, if_empty: bool, clear: bool) -> None:
    """Load the invented demo district (or remove it)."""
    if clear:
        clear_demo(tools.engine)
        _refresh(tools, full=True)
        tools.say("demo_cleared")
        return
    if tools.settings.mode == "production":
        raise BoardError("cli.demo_in_production")
    if if_empty and _holds_rows(tools.engine):
        tools.say("demo_kept")
        return
    with tools.bar("demo_loading") as move:
        report = load_demo(tools.engine, now=tools.now(), seed=seed, months=months, progress=move)
    tools.say("demo_loaded", rows=report.total, seconds=f"{report.seconds:.1f}")
    _refresh(tools, full=False)
    _backfill(tools)
    lock_demo(tools, report.first_day)


def _holds_rows(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(feeds(connection))


def _refresh(tools: Tools, *, full: bool, since: datetime | None = None) -> None:
    """`since`: rows written from then on are looked at again, however long their transaction took."""
    with tools.bar("refreshing") as move:
        report = run_refresh(tools.engine, tools.rules, tools.now(), full=full, since=since, progress=move)
    tools.say("refreshed", rows=report.changed_rows, days=report.days, seconds=f"{report.seconds:.1f}")


def _backfill(tools: Tools) -> None:
    today = tools.now().date()
    backfill(tools.engine, tools.rules, today - timedelta(days=BACKFILL_DAYS), today - timedelta(days=1), tools.now())
    tools.say("backfilled", days=BACKFILL_DAYS)


@main.command("import")
@click.option("--profile", required=True, help="110, generic, rome-open-data, or one of BOARD_PROFILES_DIR")
@click.option("--table", default=None, help="target table, where the profile does not tell it from the file name")
@click.option("--no-refresh", is_flag=True, help="leave the rollups to the worker")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def import_(tools: Tools, profile: str, table: str | None, no_refresh: bool, files: tuple[Path, ...]) -> None:
    """Load FILES (CSV, XLSX, GeoJSON, or archives of them); rejected rows go to a file of their own.

    Exit status 1 when a file was refused or a row rejected; the other rows are loaded all the same.
    """
    began = tools.now()
    good = import_files(tools, profile, table, files)
    if not no_refresh:
        _refresh(tools, full=False, since=began)
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
    count = freeze(tools.engine, tools.rules, day.date(), tools.now(), again=again, actor=actor)
    tools.say("day_closed", day=day.date(), cells=count)


@main.command("lock-month")
@click.argument("month")
@click.option("--by", required=True, help="who locks it")
@click.option("--note", default="", help="a remark; of a correction the reason")
@click.pass_obj
def lock_month(tools: Tools, month: str, by: str, note: str) -> None:
    """Lock the assessment of MONTH (YYYY-MM); a month that is locked already is corrected beside the first lock."""
    lock(tools, month, by, note)


@main.command()
@click.argument("month")
@click.argument("station")
@click.argument("points", type=float)
@click.option("--matter", required=True, help="what for")
@click.option("--document", required=True, help="the document that proves it")
@click.option("--by", required=True, help="who enters it")
@click.option("--correct", is_flag=True, help="the month is locked; the line counts from its correction on")
@click.pass_obj
def adjust(
    tools: Tools, month: str, station: str, points: float, *, matter: str, document: str, by: str, correct: bool
) -> None:
    """Add POINTS (or take them, when negative) for STATION in MONTH. Negative: manage.py adjust … -- 2024-05 S1 -1."""
    write_points(tools, NewAdjustment(month, station, points, matter, document, by), correcting=correct)


@main.command("set-mode")
@click.argument("station")
@click.argument("mode", type=click.Choice(["basic", "deep", "full"]))
@click.option("--by", required=True, help="who decides it")
@click.option("--reason", required=True, help="why")
@click.pass_obj
def set_mode(tools: Tools, station: str, mode: str, by: str, reason: str) -> None:
    """Give STATION the fusion mode MODE; months that are locked keep the mode they were scored by."""
    write_mode(tools, station, mode, by=by, reason=reason)


@main.command()
@click.pass_obj
def worker(tools: Tools) -> None:
    """Keep the rollups up to date and freeze closed days, until stopped. Two of them do no harm."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_worker(
        tools.engine,
        tools.rules,
        tools.now,
        stop,
        refresh_seconds=tools.settings.refresh_seconds,
        freeze_at=tools.settings.freeze_at,
        live=_live if tools.settings.mode != "production" else None,
        alerts=load_alert_rules(tools.settings.catalogue_dir),
        tick_seconds=tools.settings.tick_seconds,
    )


def _live(engine: Engine, since: datetime, now: datetime) -> int:
    """Continue the demo while it is loaded."""
    with engine.connect() as connection:
        if not is_demo(connection):
            return 0
    return continue_demo(engine, since=since, now=now)


@main.command()
@click.option("--with-worker", is_flag=True, help="run the worker beside the server (small installations, demo)")
@click.pass_obj
def serve(tools: Tools, with_worker: bool) -> None:
    """Serve the board with gunicorn until stopped."""
    settings = tools.settings
    if settings.mode == "production":
        with tools.engine.connect() as connection:
            if is_demo(connection):
                raise BoardError("cli.demo_in_production")
    tools.say("serving", url=f"http://{settings.host}:{settings.port}/")
    address = (settings.host, settings.port)
    serve_until_stopped(
        create_server, address, workers=settings.workers, threads=settings.threads, with_worker=with_worker
    )


@main.command()
@click.pass_obj
def doctor(tools: Tools) -> None:
    """Look at machine, settings, database, data and worker; exit status 1 when something is wrong."""
    grades = []
    for name, one in findings(tools):
        grades.append(one.grade)
        click.echo(f"[{one.grade.value}] {tools.t(f'cli.doctor_name.{name}')}: {one.found}")
        if one.advice:
            click.echo(f"     -> {one.advice}")
    faults, notes = grades.count(Grade.FAULT), grades.count(Grade.NOTE)
    tools.say("doctor_total", checks=len(grades), faults=faults, notes=notes)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(prog_name="manage.py")
