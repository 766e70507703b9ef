"""Small files to import, and what is in the tables afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from catalogue.profiles_loader import load_profile
from data_access.importing import FileReport, ImportReport, run_import
from data_access.importing.limits import Limits

NOW = datetime(2024, 5, 7, 13)
INCIDENT = (
    "JJDBH",
    "PJDBH",
    "GXDWDM",
    "JQLBDM",
    "JQFSSJ",
    "JJSJ",
    "PJSJ",
    "QSSJ",
    "DDXCSJ",
    "JASJ",
    "XZB",
    "YZB",
    "AFDZ",
    "BJNR",
    "SWRS",
    "SSRS",
)


def row_110(number: int = 1, **given: str) -> dict[str, str]:
    """One valid row of a 110 export for station S1, given by header."""
    row = {
        "JJDBH": f"J{number:06d}",
        "PJDBH": f"P{number:06d}",
        "GXDWDM": "S1",
        "JQLBDM": "交通事故",
        "JQFSSJ": "2024-05-06 08:00:00",
        "JJSJ": "2024-05-06 08:01:00",
        "PJSJ": "2024-05-06 08:02:00",
        "QSSJ": "2024-05-06 08:02:40",
        "DDXCSJ": "2024-05-06 08:06:00",
        "JASJ": "2024-05-06 12:00:00",
        "XZB": "120.25",
        "YZB": "30.18",
        "AFDZ": "示范路1号",
        "BJNR": "两车相撞",
        "SWRS": "0",
        "SSRS": "1",
    }
    return row | given


def csv_text(rows: Sequence[Mapping[str, str]], header: Sequence[str] | None = None, separator: str = ",") -> str:
    """Rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header or list(rows[0]), delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """Rows as a CSV file."""
    path.write_text(csv_text(rows), encoding=encoding)
    return path


def importing(
    engine: Engine,
    paths: Path | Sequence[Path],
    profile: str = "110",
    *,
    now: datetime = NOW,
    rejects: Path | None = None,
    **options: Any,
) -> ImportReport:
    """`run_import` by the profile's name; rejects go beside the first file."""
    files = [paths] if isinstance(paths, Path) else list(paths)
    folder = rejects or files[0].parent / "rejects"
    return run_import(engine, load_profile(profile), files, now=now, reject_dir=folder, **options)


def one(engine: Engine, path: Path, profile: str = "110", **options: Any) -> FileReport:
    """Import one file and return its report."""
    report = importing(engine, path, profile, **options)
    assert len(report.files) == 1
    checked(report)
    return report.files[0]


def checked(report: ImportReport) -> None:
    """Every row of every file is accounted for."""
    for file in report.files:
        assert file.loaded + file.unchanged + file.rejected == file.read
        assert sum(file.reasons.values()) == file.rejected
        assert (file.reject_file is not None) == (file.rejected > 0)


def content(engine: Engine, table: Table, *, without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """All rows of a table, by key."""
    columns = [column for column in table.columns if column.name not in without]
    with engine.connect() as connection:
        return [
            dict(row) for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
        ]


def rejected(report: FileReport) -> list[dict[str, str]]:
    """The reject file's rows."""
    assert report.reject_file is not None
    assert report.reject_file.read_bytes().startswith(b"\xef\xbb\xbf")
    with report.reject_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def small(**sizes: int) -> Limits:
    """Limits so low that a test reaches them."""
    return Limits(**sizes)
