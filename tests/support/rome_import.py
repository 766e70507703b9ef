"""The open data of Rome in a database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from catalogue.profiles_loader import load_profile
from data_access.importing import run_import
from tests.support.rome_counts import ARCHIVE, POLYGONS

FILES = (POLYGONS, "group_to_municipio.csv", ARCHIVE)


def import_rome(engine: Engine, folder: Path, rejects: Path, now: datetime) -> None:
    """Import all files of the folder; not a row may be rejected."""
    files = [folder / name for name in FILES]
    report = run_import(engine, load_profile("rome-open-data"), files, now=now, reject_dir=rejects)
    assert report.total("rejected") == 0
