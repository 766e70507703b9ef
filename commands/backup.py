"""`manage.py backup` and `restore`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from commands.accounts import by
from commands.tools import Tools
from data_access.backup import Manifest, check_backup, remove_old, restore, write_backup
from domain.errors import Refused

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def program_version() -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keep", type=click.IntRange(1), default=None, help="remove all but the newest N in BOARD_BACKUP_DIR")
@click.pass_obj
def backup_command(tools: Tools, file: Path | None, keep: int | None) -> None:
    """Write the whole database to FILE (default: a new file in BOARD_BACKUP_DIR), while it runs."""
    folder: Path | None = tools.settings.backup_dir
    if file is None and folder is None:
        raise Refused("backup.refused.where")
    target = file or (folder or Path()) / f"board-{tools.now():%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise Refused("backup.refused.exists", file=str(target))
    with tools.bar("backup_running") as move:
        manifest = write_backup(
            tools.engine,
            target,
            now=tools.now(),
            timezone=tools.settings.timezone,
            program=program_version(),
            progress=move,
        )
    size = f"{target.stat().st_size / 1024 / 1024:.1f}"
    tools.say("backup_written", file=str(target), rows=manifest.rows, tables=len(manifest.tables), mib=size)
    for old in remove_old(folder, keep) if folder and keep else ():
        tools.say("backup_removed", file=str(old))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="the database holds rows: remove them first")
@click.option("--check", is_flag=True, help="only read FILE and compare it with its digests")
@click.pass_obj
def restore_command(tools: Tools, file: Path, replace: bool, check: bool) -> None:
    """Put the backup FILE into the database (SQLite or PostgreSQL, whichever wrote it): all of it or nothing."""
    if check:
        _tell(tools, check_backup(file))
        return
    with tools.bar("restore_running") as move:
        done = restore(
            tools.engine,
            file,
            now=tools.now(),
            timezone=tools.settings.timezone,
            by=by(),
            replace=replace,
            progress=move,
        )
    _tell(tools, done.manifest)
    tools.say("restored", rows=done.rows, version=done.version)


def _tell(tools: Tools, manifest: Manifest) -> None:
    tools.say(
        "backup_whole",
        at=manifest.made_at.replace("T", " "),
        database=manifest.database,
        program=manifest.program,
        revision=manifest.revision,
        rows=manifest.rows,
        tables=len(manifest.tables),
    )
