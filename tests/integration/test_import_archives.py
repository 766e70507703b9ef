"""Archives: every member is a file of its own; paths, links, nesting and size cannot do harm."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.tables import import_file, incident
from tests.factories import make_station
from tests.support.importing import checked, content, csv_text, importing, row_110, small


@pytest.fixture(autouse=True)
def organisation(engine: Engine) -> None:
    """One station."""
    make_station(engine, "S1")


def data(number: int) -> bytes:
    """A CSV with one row."""
    return csv_text([row_110(number)]).encode()


def pack(path: Path, members: dict[str, bytes]) -> Path:
    """An archive of the kind its name says."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content_ in members.items():
                archive.writestr(name, content_)
        return path
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        for name, content_ in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content_)
            tar.addfile(info, io.BytesIO(content_))
    return path


def problems(engine: Engine, path: Path, **sizes: int) -> dict[str, str | None]:
    """Member (or archive) -> why it was left out, or None."""
    report = importing(engine, path, limits=small(**sizes))
    checked(report)
    return {file.name.removeprefix(f"{path}/"): file.problem and file.problem.key for file in report.files}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_every_member_is_imported_as_a_file_of_its_own(engine: Engine, tmp_path: Path, name: str) -> None:
    members = {
        "2024/01.csv": data(1),
        "2024/02.csv": b"rubbish\n1\n",
        "2024/03.csv": data(3),
        "__MACOSX/._03.csv": b"x",
    }
    path = pack(tmp_path / name, members)
    assert problems(engine, path) == {"2024/01.csv": None, "2024/02.csv": "error.import_header", "2024/03.csv": None}
    assert [row["incident_id"] for row in content(engine, incident)] == ["J000001", "J000003"]
    assert sorted(row["file_name"] for row in content(engine, import_file)) == [f"{path}/2024/0{n}.csv" for n in (1, 3)]


@pytest.mark.parametrize("suffix", ["zip", "tar"])
@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_paths_that_lead_out_are_refused(engine: Engine, tmp_path: Path, suffix: str, name: str) -> None:
    path = pack(tmp_path / f"a.{suffix}", {name: data(1), "good.csv": data(2)})
    found = problems(engine, path)
    assert sorted(str(value) for value in found.values()) == ["None", "error.import_path"]
    assert [row["incident_id"] for row in content(engine, incident)] == ["J000002"]
    assert not (tmp_path.parent / "evil.csv").exists()


def test_links_are_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"link{kind!r}.csv")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert set(problems(engine, path).values()) == {"error.import_link"}


@pytest.mark.parametrize("outer", ["a.zip", "a.tar.gz"])
def test_archives_inside_archives_are_refused(engine: Engine, tmp_path: Path, outer: str) -> None:
    inner = pack(tmp_path / "inner.zip", {"a.csv": data(1)}).read_bytes()
    packed = gzip.compress(data(2))
    path = pack(tmp_path / outer, {"inner.zip": inner, "disguised.csv": inner, "b.csv.gz": packed, "c.csv": data(3)})
    nested = dict.fromkeys(("inner.zip", "disguised.csv", "b.csv.gz"), "error.import_nested")
    assert problems(engine, path) == {**nested, "c.csv": None}


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_bomb_is_refused_before_it_goes_off(engine: Engine, tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / name, {"bomb.csv": b"0" * 3_000_000, "good.csv": data(1)})
    assert path.stat().st_size < 10_000
    assert problems(engine, path, member=1_000_000) == {"bomb.csv": "error.import_bomb", "good.csv": None}


def test_a_bomb_that_lies_about_its_size_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"bomb.csv": b"0" * 3_000_000})
    lie = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    path.write_bytes(lie)
    assert problems(engine, path, member=1_000_000)["bomb.csv"] in ("error.import_damaged", "error.import_bomb")


def test_the_whole_archive_is_bounded_too(engine: Engine, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.tar.gz", {f"{number}.csv": data(number) for number in range(6)})
    found = problems(engine, path, total=3 * len(data(1)))
    assert list(found.values()) == [None, None, None, "error.import_bomb"]
    assert list(problems(engine, path, members=2).values()) == [None, None, "error.import_bomb"]


def test_a_workbook_that_is_a_bomb_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b" " * 5_000_000})
    assert list(problems(engine, path, workbook=1_000_000).values()) == ["error.import_bomb"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_a_truncated_archive_is_told_and_what_came_before_is_kept(engine: Engine, tmp_path: Path, name: str) -> None:
    members = {
        f"{number}.csv": csv_text([row_110(n * 100 + number) for n in range(400)]).encode() for number in range(3)
    }
    path = pack(tmp_path / name, members)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.6)])
    found = problems(engine, path)
    assert "error.import_damaged" in found.values()
    assert len(content(engine, incident)) % 400 == 0


def test_an_encrypted_archive_is_told(engine: Engine, tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": data(1)})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the flag of the local header
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # and of the directory
    path.write_bytes(raw)
    assert problems(engine, path) == {"a.csv": "error.import_encrypted"}


def test_nothing_is_left_in_the_temporary_folder(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    problems(engine, pack(tmp_path / "a.tar.gz", {"1.csv": data(1), "2.csv": b"?"}))
    assert list(temporary.iterdir()) == []
