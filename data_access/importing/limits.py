"""How much of anything an import accepts. Tests lower them; a deployment has no reason to."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless said otherwise.

    Args:
        chunk: rows converted and stored together.
        block: characters read at once.
        line: characters of one line or one cell.
        record_lines: lines one quoted record may span.
        columns: columns of one file.
        member, total: unpacked size of one archive member, and of one archive.
        members: members of one archive.
        workbook, geojson: unpacked size of files that are read as a whole.
    """

    chunk: int = 20_000
    block: int = 4 * MIB
    line: int = 16 * MIB
    record_lines: int = 1_000
    columns: int = 2_000
    member: int = 4096 * MIB
    total: int = 16384 * MIB
    members: int = 10_000
    workbook: int = 1024 * MIB
    geojson: int = 256 * MIB
