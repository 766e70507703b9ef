"""`manage.py import`: run the importer and tell what became of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from catalogue.profiles_loader import load_profile
from commands.tools import Tools
from data_access.importing import FileReport, ImportReport, run_import
from domain.profile import Profile


def import_files(tools: Tools, profile: str, table: str | None, files: Sequence[Path]) -> bool:
    """Import `files`; True when no file was refused and no row rejected."""
    chosen = _profile(profile, tools.settings.profiles_dir)
    with tools.bar("import_running") as move:
        report = run_import(
            tools.engine,
            chosen,
            files,
            now=tools.now(),
            clock=tools.now,
            reject_dir=tools.settings.reject_dir,
            progress=move,
            table=table,
        )
    for one in report.files:
        _tell_file(tools, one)
    _tell_total(tools, report)
    return not any(one.problem or one.rejected for one in report.files)


def _profile(name: str, own: Path | None) -> Profile:
    """The deployment's own profile of that name, else ours."""
    if own is not None and (own / f"{name}.toml").is_file():
        return load_profile(name, own)
    return load_profile(name)


def _tell_file(tools: Tools, one: FileReport) -> None:
    if one.problem:
        click.echo(
            tools.t("cli.import_refused", file=one.name, why=tools.t(one.problem.key, **one.problem.params)), err=True
        )
        return
    counts = {name: getattr(one, name) for name in ("read", "loaded", "updated", "unchanged", "rejected")}
    tools.say("import_file", file=one.name, **counts)
    _tell_codes(tools, "warning", one.warnings)
    _tell_codes(tools, "reason", one.reasons)
    if one.reject_file:
        tools.say("import_rejects", file=one.reject_file)


def _tell_codes(tools: Tools, kind: str, found: Mapping[str, int]) -> None:
    for code, count in sorted(found.items()):
        click.echo(f"    {count:>8} {tools.t(f'import.{kind}.{code}')}")


def _tell_total(tools: Tools, report: ImportReport) -> None:
    total = {
        name: sum(getattr(one, name) for one in report.files) for name in ("read", "loaded", "unchanged", "rejected")
    }
    tools.say("import_total", files=len(report.files), **total)
