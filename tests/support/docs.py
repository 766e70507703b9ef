"""Reading the project's Markdown: tables and code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.project import ROOT

Row = list[str]


def text(name: str) -> str:
    """A document by its path in the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def sections(document: str, mark: str = "### ") -> dict[str, str]:
    """Heading -> text up to the next heading of the same or a higher rank."""
    higher = "|".join(re.escape("#" * n + " ") for n in range(1, len(mark)))
    parts = re.split(rf"(?m)^(?={higher})", document)
    found = [part.split("\n", 1) for part in parts if part.startswith(mark)]
    return {head.removeprefix(mark).strip(): (rest[0] if rest else "") for head, *rest in found}


def rows(part: str) -> Iterator[Row]:
    """Cells of the table rows, without header and rule."""
    lines = [line for line in part.splitlines() if line.startswith("|")]
    for line in lines:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not set("".join(cells)) <= set("-: ") and cells != header(part):
            yield cells


def header(part: str) -> Row:
    """Cells of the first table's header."""
    line = next((line for line in part.splitlines() if line.startswith("|")), "||")
    return [cell.strip() for cell in line.split("|")[1:-1]]


def plain(cell: str) -> str:
    """A cell without its code marks."""
    return cell.strip("`")


def blocks(document: str, language: str) -> list[str]:
    """The fenced code blocks of a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", document)
