"""Which encoding a file is in, decided on all of its bytes, and its fingerprint in the same pass.

The first encoding that decodes every byte wins. A file that is plainly UTF-8 but for a few damaged
bytes must not fall through to an encoding in which anything decodes: then it stays UTF-8 and only
the rows with damaged bytes are rejected.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data_access.importing.limits import MIB
from domain.errors import ImportRefused

_EVIDENCE = 20  # valid multi-byte characters in a row: other encodings do not look like UTF-8 that long
_DAMAGE_SHARE = 0.1
_WINDOW = 256 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file's size, fingerprint (64 hex digits of SHA-256) and encoding; `damaged`: some bytes do not decode."""

    size: int
    digest: str
    encoding: str
    damaged: bool


def examine(path: Path, label: str, encodings: Sequence[str]) -> Examined:
    """Read the whole file once per encoding tried.

    Raises:
        ImportRefused: none of the encodings fits; the byte where each one fails is told.
    """
    digest = fingerprint(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        candidates = ("utf-16",) if file.read(2) in _UTF16 else tuple(encodings)
    failures: dict[str, int] = {}
    for encoding in candidates:
        at = first_error(path, encoding)
        utf8 = codecs.lookup(encoding).name.startswith("utf-8")
        if at is None:
            return Examined(size, digest, "utf-8-sig" if utf8 else encoding, False)
        failures[encoding] = at
        if utf8 and _only_damaged(path, at):
            return Examined(size, digest, "utf-8-sig", True)
    told = ", ".join(f"{encoding}: byte {at}" for encoding, at in failures.items())
    raise ImportRefused("error.import_encoding", file=label, detail=told)


def fingerprint(path: Path) -> str:
    """SHA-256 of the file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def first_error(path: Path, encoding: str) -> int | None:
    """The position of the first byte that `encoding` cannot decode, or None."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    at = 0
    with path.open("rb") as file:
        while True:
            block = file.read(MIB)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeError as error:
                return max(0, at - waiting + getattr(error, "start", 0))
            at += len(block)
            if not block:
                return None


def _only_damaged(path: Path, at: int) -> bool:
    start = max(0, at - _WINDOW)
    with path.open("rb") as file:
        file.seek(start)
        window = file.read(at - start + _WINDOW)
    before = window[: at - start].decode("utf-8", "ignore")
    if sum(character > "\x7f" for character in before) >= _EVIDENCE:
        return True
    around = window.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in around)
    return around.count("\ufffd") <= _DAMAGE_SHARE * foreign
