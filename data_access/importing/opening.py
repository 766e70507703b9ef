"""Paths on the command line to single files: archives are unpacked one member at a time, safely.

A member is copied to a temporary file under a name of our own, so its path cannot lead anywhere.
"""

from __future__ import annotations

import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from data_access.importing.limits import MIB, Limits
from domain.errors import ImportRefused

_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to import, or the reason why it cannot be.

    Args:
        label: what messages call it. name: its own name, without folder.
        path: where its bytes are now; None when `refused`.
        begin, end: its share of all bytes given on the command line, for the progress bar.
    """

    label: str
    name: str
    path: Path | None
    begin: int
    end: int
    refused: ImportRefused | None = None


def total_size(paths: Sequence[Path]) -> int:
    """Bytes of all given files that can be looked at."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def entries(paths: Sequence[Path], limits: Limits) -> Iterator[Entry]:
    """Every file behind `paths`. A temporary file lives until the next entry is asked for."""
    begin = 0
    for path in paths:
        end = begin + (path.stat().st_size if path.is_file() else 0)
        try:
            kind = kind_of(path)
        except ImportRefused as refused:
            yield Entry(str(path), path.name, None, begin, end, refused)
        else:
            if kind in ("zip", "tar"):
                yield from _unpacked(path, kind, limits, begin)
            else:
                yield Entry(str(path), path.name, path, begin, end)
        begin = end


def kind_of(path: Path) -> str:
    """ "zip", "tar", "workbook", "geojson" or "text", by content; the extension only tells GeoJSON.

    Raises:
        ImportRefused: not there, a folder, empty, or of a kind that cannot be imported.
    """
    if path.is_dir():
        raise ImportRefused("error.import_folder", file=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise ImportRefused("error.import_missing", file=str(path), detail=error.strerror or str(error)) from error
    if not head.strip():
        raise ImportRefused("error.import_empty", file=str(path))
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _zip_kind(path)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "workbook"
    if head[:2] == b"\x1f\x8b" or head[257:262] == b"ustar":
        return "tar"
    if head[:5] == b"%PDF-" or head[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"Rar!", b"7z\xbc\xaf", b"SQLi"):
        raise ImportRefused("error.import_kind", file=str(path))
    return "geojson" if path.suffix.lower() in (".geojson", ".json") else "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except _DAMAGE as error:
        raise ImportRefused("error.import_damaged", file=str(path), detail=str(error)) from error
    if "[Content_Types].xml" not in names:
        return "zip"
    if any(name.startswith("xl/") for name in names):
        return "workbook"
    raise ImportRefused("error.import_kind", file=str(path))


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    plain: bool
    source: Any


def _unpacked(path: Path, kind: str, limits: Limits, begin: int) -> Iterator[Entry]:
    end = begin + path.stat().st_size
    walk = _zip_members(path) if kind == "zip" else _tar_members(path)
    spent, count = 0, 0
    try:
        for member, at in walk:
            spent += member.size
            count += 1
            if spent > limits.total or count > limits.members:
                raise ImportRefused("error.import_bomb", file=str(path), member=member.name)
            yield from _entry(path, member, limits, (begin + at, end))
    except ImportRefused as refused:
        yield Entry(str(path), path.name, None, begin, end, refused)
    except _DAMAGE as error:
        damaged = ImportRefused("error.import_damaged", file=str(path), detail=str(error))
        yield Entry(str(path), path.name, None, begin, end, damaged)


def _entry(path: Path, member: _Member, limits: Limits, span: tuple[int, int]) -> Iterator[Entry]:
    label, name = f"{path}/{member.name}", PurePosixPath(member.name).name
    if name.startswith("._") or name == ".DS_Store" or "__MACOSX/" in member.name:
        return  # what a Mac puts into archives beside the files
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        place = Path(folder) / ("member.geojson" if name.lower().endswith(("json",)) else "member")
        try:
            _check(member, label, limits)
            _copy(member, place, label, limits)
        except ImportRefused as refused:
            yield Entry(label, name, None, *span, refused)
        else:
            yield Entry(label, name, place, *span)


def _check(member: _Member, label: str, limits: Limits) -> None:
    parts = PurePosixPath(member.name.replace("\\", "/")).parts
    if ".." in parts or member.name.startswith(("/", "\\")) or member.name[1:2] == ":":
        raise ImportRefused("error.import_path", file=label)
    if not member.plain:
        raise ImportRefused("error.import_link", file=label)
    if member.size > limits.member:
        raise ImportRefused("error.import_bomb", file=label, member=member.name)


def _copy(member: _Member, place: Path, label: str, limits: Limits) -> None:
    try:
        with member.source() as source, place.open("wb") as target:
            _pour(source, target, label, limits.member)
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise ImportRefused("error.import_encrypted", file=label) from error
    except _DAMAGE as error:
        raise ImportRefused("error.import_damaged", file=label, detail=str(error)) from error
    try:
        nested = kind_of(place) in ("zip", "tar")
    except ImportRefused as refused:
        raise ImportRefused(refused.key, **{**refused.params, "file": label}) from refused
    if nested:
        raise ImportRefused("error.import_nested", file=label)


def _pour(source: IO[bytes], target: IO[bytes], label: str, limit: int) -> None:
    """Copy, counting what really comes out: the size an archive declares may be a lie."""
    poured = 0
    while block := source.read(MIB):
        poured += len(block)
        if poured > limit:
            raise ImportRefused("error.import_bomb", file=label, member=label)
        target.write(block)


def _zip_members(path: Path) -> Iterator[tuple[_Member, int]]:
    with zipfile.ZipFile(path) as archive:
        at = 0
        for info in archive.infolist():
            link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if not info.is_dir():
                yield _Member(info.filename, info.file_size, not link, lambda info=info: archive.open(info)), at
            at += info.compress_size


def _tar_members(path: Path) -> Iterator[tuple[_Member, int]]:
    with path.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|*") as archive:
        for info in archive:
            if not info.isdir():
                plain = info.isreg() and not info.issparse()
                yield _Member(info.name, info.size, plain, lambda info=info: archive.extractfile(info)), raw.tell()
